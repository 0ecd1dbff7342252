"""Real frames: one command, both engines, against Siril's own stack of the same frames. The frames are not committed."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import RunConfig, run
from tilecore.stars import detect

SETS = {"seestar_s50_m94": (12, 0, "GRBG"), "osc_asi224_m27": (6, 0, "RGGB"), "mono_lrgb_m8": (8, 1, None)}
SCRIPT = """requires 1.4.0
link light -out=process
cd process
calibrate light {cfa}
register pp_light -2pass -transf=similarity
seqapplyreg pp_light
stack r_pp_light rej w 3 3 -norm=addscale -weight=wfwhm -32b -out=../siril_stack
"""


def siril_stack(siril: Path, frames: list[Path], pattern: str | None, folder: Path) -> np.ndarray:
    folder.mkdir()
    for number, frame in enumerate(frames):
        (folder / f"frame_{number:03}.fit").symlink_to(frame)
    (folder / "siril.ini").write_text("")
    (folder / "stack.ssf").write_text(SCRIPT.format(cfa="-cfa -debayer" if pattern else ""))
    done = subprocess.run([str(siril), "-i", str(folder / "siril.ini"), "-d", str(folder), "-s", str(folder / "stack.ssf")],
                          capture_output=True, text=True, timeout=600,
                          env={"HOME": str(folder), "LANG": "C.UTF-8", "PATH": "/nonexistent"})
    assert done.returncode == 0, done.stdout[-2000:]
    return fits.getdata(folder / "siril_stack.fit").astype(np.float32)


def figures(image: np.ndarray) -> tuple[int, float, float]:
    """Stars found, their median FWHM (px), and signal to noise of the 20th brightest star, of the green channel."""
    green = image[1] if image.ndim == 3 else image
    stars = detect(green)
    good = stars[~stars["saturated"] & (stars["snr"] > 20)]
    return len(stars), float(np.median(good["fwhm"])), float(np.sort(stars["snr"])[::-1][min(19, len(stars) - 1)])


@pytest.mark.parametrize("name", SETS)
def test_real_frames_stack_with_one_command_and_no_options(
    real_data: Path, siril: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str],
) -> None:
    used, refused, pattern = SETS[name]
    rows: dict[str, tuple[int, float, float]] = {}
    for engine in ("native", "siril"):
        settings: dict[str, Any] = {"engine": {"name": engine, "siril": {"executable": str(siril), "fallback": False}}}
        if name == "mono_lrgb_m8":
            settings["input"] = {"filter": "L"}
        result = run(real_data / name, RunConfig.model_validate(settings), runs_dir=tmp_path, run_id=engine)
        assert result.status == "ok", (result.error, result.warnings)
        assert result.statistics["frames used"] == used and result.statistics["frames left out"] == refused
        if refused:
            assert any("L_12.fit is left out" in w for w in result.warnings)
        product = result.products.get("stacked_rgb") or result.products["stacked"]
        rows[engine] = figures(fits.getdata(product).astype(np.float32))
    frames = sorted(p for p in (real_data / name).glob("*.fit*") if pattern or p.name.startswith("light_L"))
    rows["Siril's own"] = figures(siril_stack(siril, frames, pattern, tmp_path / "own"))
    with capsys.disabled():
        print(f"\n  {name}\n  stack         stars  FWHM (px)  S/N of the 20th star")
        for stack, row in rows.items():
            print(f"  {stack:<12} {row[0]:6d} {row[1]:10.3f} {row[2]:21.1f}")
    assert rows["native"][1] < 1.02 * rows["Siril's own"][1]
    assert rows["siril"][1] < 1.02 * rows["Siril's own"][1]
