"""The picture against Siril's own stack of the same frames, judged with the known truth, in one run."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from fixtures import PRESETS, simulate, twin
from fixtures.judge import flux_scatter_mmag, information_kept, positions_rms
from orchestrator import RunConfig, run

SCRIPT = """requires 1.4.0
cd lights
link light -out=../process
cd ../process
register light -2pass -transf=similarity
seqapplyreg light
stack r_light rej w 3 3 -norm=addscale -weight=wfwhm -out=../siril_stack
"""
MODES = ("psf_snr", "uniform", "quality")


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Any]:
    """The 40-frame mono session with wild seeing, twice: the same scene, other noise. Perfect pixels: no masters needed."""
    base = tmp_path_factory.mktemp("mono_seeing")
    config = replace(PRESETS["mono_seeing"], hot_pixels=0, cold_pixels=0, vignetting=0.0, dust=0)
    truth = simulate(config, base / "a")
    simulate(twin(config), base / "b")
    return base / "a", base / "b", truth


def stacked(folder: Path, runs: Path, mode: str, reference: str, rejection: str = "winsorized") -> tuple[np.ndarray, str]:
    config = RunConfig.model_validate({"engine": {"name": "native"}, "weights": {"mode": mode},
                                       "registration": {"reference": reference}, "stacking": {"rejection": rejection}})
    result = run(folder, config, runs_dir=runs)
    assert result.error is None, result.error
    found = json.loads((result.directory / "artifacts" / "registration.json").read_text())
    return fits.getdata(result.products["stacked"]).astype(np.float32), found["reference"]


def index_of(name: str, folder: Path) -> int:
    return sorted(p.name for p in (folder / "lights").iterdir()).index(name)


def by_siril(siril: Path, folder: Path) -> np.ndarray:
    script, settings = folder / "stack.ssf", folder / "siril.ini"
    script.write_text(SCRIPT)
    settings.write_text("")
    done = subprocess.run([str(siril), "-i", str(settings), "-d", str(folder), "-s", str(script)], capture_output=True,
                          text=True, timeout=300, env={"HOME": str(folder), "LANG": "C.UTF-8", "PATH": "/nonexistent"})
    assert done.returncode == 0 and (folder / "siril_stack.fit").exists(), done.stdout[-2000:]
    return fits.getdata(folder / "siril_stack.fit").astype(np.float32)


def siril_reference(folder: Path) -> int:
    line = next(x for x in (folder / "process" / "light_.seq").read_text().splitlines() if x.startswith("S "))
    return int(line.split("'")[2].split()[4])


def test_local_weights_keep_more_information_than_sirils_own_stack(
    twins: tuple[Path, Path, Any], siril: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    a, b, truth = twins
    rows = {}
    for mode in MODES:
        first, reference = stacked(a, tmp_path / mode, mode, "auto")
        second, _ = stacked(b, tmp_path / mode, mode, reference)
        i = index_of(reference, a)
        rows[mode] = (information_kept(first, second, truth, i).eta, flux_scatter_mmag(first, truth, i),
                      positions_rms(first, truth, i))
    first, second = by_siril(siril, a), by_siril(siril, b)
    i, j = siril_reference(a), siril_reference(b)
    eta = information_kept(first, second, truth, i).eta if i == j else float("nan")
    rows["siril"] = (eta, flux_scatter_mmag(first, truth, i), positions_rms(first, truth, i))
    with capsys.disabled():
        print("\n  stack     information  flux scatter (mmag)  positions (px)")
        for name, row in rows.items():
            print(f"  {name:<9} {row[0]:11.3f}  {row[1]:19.1f}  {row[2]:14.4f}")
    assert rows["psf_snr"][0] >= 0.76
    assert i == j, "Siril chose two references: the noise cannot be taken from the difference"
    assert rows["psf_snr"][0] > 1.1 * rows["siril"][0]
    assert rows["psf_snr"][1] <= 1.2 * rows["siril"][1]
    assert rows["psf_snr"][1] <= 1.2 * max(rows["uniform"][1], 5.0)


def test_rejection_leaves_star_fluxes_alone(twins: tuple[Path, Path, Any], tmp_path: Path) -> None:
    from fixtures.judge import good_stars, star_photometry

    a, _, truth = twins
    with_rejection, reference = stacked(a, tmp_path / "on", "psf_snr", "auto")
    without, _ = stacked(a, tmp_path / "off", "psf_snr", reference, "none")
    _, x, y = good_stars(truth, index_of(reference, a))
    on, off = star_photometry(with_rejection, x, y, 7.0), star_photometry(without, x, y, 7.0)
    difference = 2.5 * np.log10(on / off) * 1000
    assert abs(np.median(difference)) < 2
    assert np.percentile(np.abs(difference), 68) < 2
