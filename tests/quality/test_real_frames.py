"""Real frames: one command, both engines, against Siril's own stack of the same frames. The frames are not committed."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from scipy.spatial import cKDTree

from fixtures.judge import star_photometry
from orchestrator import RunConfig, run
from tilecore.detect.stars import STAR_DTYPE, detect
from tilecore.register import align

pytestmark = pytest.mark.slow
CATALOGS = Path(__file__).parents[1] / "data"
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


def stars_of_m27(file: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Stars of a catalog around M 27: places (n, 2) in pixels of the camera, north up; V; B-V."""
    with (CATALOGS / file).open() as stream:
        ra, dec, v, bv = np.array([[float(value) for value in row.values()] for row in csv.DictReader(stream)]).T
    wcs = WCS(naxis=2)
    wcs.wcs.ctype, wcs.wcs.crval, wcs.wcs.cdelt = ["RA---TAN", "DEC--TAN"], [299.929, 22.710], [1.48 / 3600] * 2
    near = np.hypot((ra - 299.929) * np.cos(np.radians(dec)), dec - 22.71) < 0.33
    return wcs.wcs_world2pix(np.stack([ra, dec], 1)[near], 0), v[near], bv[near]


def catalog_residuals(green: np.ndarray) -> np.ndarray:
    """Magnitudes (mmag) of a picture of M 27 less those of Gaia, after a zero point and a colour term."""
    seen = np.sort(detect(green), order="flux")[::-1]
    known, v, _ = stars_of_m27("stars_m27.csv")
    pattern = np.zeros(len(known), STAR_DTYPE)
    pattern["x"], pattern["y"], pattern["flux"], pattern["snr"] = *known.T, 10 ** (-0.4 * v), 100.0
    brightest_first = np.sort(pattern, order="flux")[::-1]
    to_picture = align.match(brightest_first, seen, "affine", align.Limits(max_residual=2.0, max_scale_change=0.05))
    places, v, bv = stars_of_m27("stars_m27_gaia.csv")
    distance, index = cKDTree(align.positions(seen)).query(align.apply(to_picture.matrix, places))
    good = (distance < 2) & ~seen["saturated"][index]
    x, y = align.positions(seen[index[good]]).T
    residual = -2.5 * np.log10(star_photometry(green, x, y, 6.0)) - v[good]
    # The 10.04 mag star at B-V = 0.11 is 0.2 mag too bright in every stack: biweights leave it out.
    design, weight = np.stack([np.ones(len(x)), bv[good] - 0.6], 1), np.ones(len(x))
    for _ in range(20):
        root = np.sqrt(weight)
        rest = residual - design @ np.linalg.lstsq(design * root[:, None], residual * root, rcond=None)[0]
        weight = np.clip(1 - (rest / max(7 * np.median(np.abs(rest)), 0.02)) ** 2, 0, None) ** 2
    return np.asarray(1000 * rest[weight > 0])


def test_fluxes_agree_with_a_catalog(real_data: Path, siril: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frames = sorted((real_data / "osc_asi224_m27").glob("*.fit*"))
    result = run(frames[0].parent, RunConfig.model_validate({"engine": {"name": "native"}}), runs_dir=tmp_path, run_id="native")
    stacks = {"native": fits.getdata(result.products["stacked_rgb"]),
              "Siril's own": siril_stack(siril, frames, "RGGB", tmp_path / "own")}
    scatter = {}
    for stack, picture in stacks.items():
        rest = catalog_residuals(picture[1].astype(np.float32))
        assert len(rest) >= 5
        scatter[stack] = float(np.sqrt((rest ** 2).sum() / (len(rest) - 2)))
        with capsys.disabled():
            print(f"\n  {stack:<12} {len(rest)} stars, scatter against Gaia {scatter[stack]:.1f} mmag")
    assert scatter["native"] < min(15.0, 1.5 * scatter["Siril's own"])


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
        assert result.statistics.frames_used == used and result.statistics.frames_left_out == refused
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
