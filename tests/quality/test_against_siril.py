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
from scipy.ndimage import gaussian_filter

from fixtures.judge import (
    field_drift_mmag,
    flux_scatter_mmag,
    fwhm,
    good_stars,
    information_kept,
    positions_rms,
    star_photometry,
)
from orchestrator import RunConfig, run
from orchestrator.simulation import PRESETS, simulate, twin

pytestmark = pytest.mark.slow
SCRIPT = """requires 1.4.0
cd lights
{convert}
cd ../process
{debayer}
register {sequence} -2pass -transf=similarity
seqapplyreg {sequence}
stack r_{sequence} rej w 3 3 -norm=addscale -weight=wfwhm -out=../siril_stack
"""
COMMON_FWHM = 3.6
# A plane through fewer stars swings by itself; fainter ones add more noise than they take.
DRIFT_STARS = 45
PERFECT = {"hot_pixels": 0, "cold_pixels": 0, "vignetting": 0.0, "dust": 0, "amp_glow": 0.0}


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Any]:
    """The 40-frame mono session with wild seeing, twice: the same scene, other noise. Perfect pixels: no masters needed."""
    base = tmp_path_factory.mktemp("mono_seeing")
    config = replace(PRESETS["mono_seeing"], **PERFECT)
    truth = simulate(config, base / "a")
    simulate(twin(config), base / "b")
    return base / "a", base / "b", truth


@pytest.fixture(scope="module")
def colour_twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Any]:
    """An OSC session of 40 frames under wild seeing, twice."""
    base = tmp_path_factory.mktemp("osc")
    config = replace(PRESETS["demo"], n_frames=40, n_stars=200, nebula=0.0, seeing_max=4.6, seeing_field_variation=0.25,
                     transparency_min=0.6, n_bias=0, n_dark=0, n_flat=0, n_darkflat=0, **PERFECT)
    truth = simulate(config, base / "a")
    simulate(twin(config), base / "b")
    return base / "a", base / "b", truth


def stacked(folder: Path, runs: Path, mode: str, reference: str, rejection: str = "winsorized") -> tuple[np.ndarray, str]:
    """By a weight mode, or by proper co-addition."""
    config = RunConfig.model_validate({
        "engine": {"name": "native"}, "astrometry": {"solver": "none"}, "bge": {"enabled": False},
        "output": {"report": False, "preview": False}, "weights": {"mode": "best" if mode == "proper" else mode},
        "reconstruction": {"method": "proper" if mode == "proper" else "mean"}, "calibration": {"cosmetic": False},
        "registration": {"reference": reference}, "stacking": {"rejection": rejection}})
    result = run(folder, config, runs_dir=runs)
    assert result.error is None, result.error
    found = json.loads((result.directory / "artifacts" / "registration.json").read_text())
    product = result.products.get("stacked_rgb", result.products.get("stacked"))
    return fits.getdata(product).astype(np.float32), found["reference"]


def index_of(name: str, folder: Path) -> int:
    return sorted(p.name for p in (folder / "lights").iterdir()).index(name)


def by_siril(siril: Path, folder: Path, colour: bool = False) -> np.ndarray:
    script, settings = folder / "stack.ssf", folder / "siril.ini"
    script.write_text(SCRIPT.format(convert="link light -out=../process", sequence="pp_light" if colour else "light",
                                    debayer="calibrate light -debayer" if colour else ""))
    settings.write_text("")
    done = subprocess.run([str(siril), "-i", str(settings), "-d", str(folder), "-s", str(script)], capture_output=True,
                          text=True, timeout=300, env={"HOME": str(folder), "LANG": "C.UTF-8", "PATH": "/nonexistent"})
    assert done.returncode == 0 and (folder / "siril_stack.fit").exists(), done.stdout[-2000:]
    return fits.getdata(folder / "siril_stack.fit").astype(np.float32)


def siril_reference(folder: Path) -> int:
    names = ("pp_light_.seq", "light_.seq")
    sequence = next(folder / "process" / n for n in names if (folder / "process" / n).exists())
    line = next(x for x in sequence.read_text().splitlines() if x.startswith("S "))
    return int(line.split("'")[2].split()[4])


def judged(first: np.ndarray, second: np.ndarray, truth: Any, i: int) -> dict[str, float]:
    """Information, flux scatter and drift, places, FWHM, and the noise that is left at a common resolution of 3.6 px."""
    channel = 0 if first.ndim == 2 else 1
    a, b = (first, second) if first.ndim == 2 else (first[1], second[1])
    index, x, y = good_stars(truth, i, channel=channel)
    width = fwhm(a, x, y)
    # Sharper stacks are blurred to one resolution, and fluxes brought to one scale, before noise is compared.
    blur = np.sqrt(max(COMMON_FWHM**2 - width**2, 0.0)) / 2.3548
    scale = float(np.median(star_photometry(a, x, y, 8.0) / truth.star_flux[index, channel]))
    noise = np.std(gaussian_filter((a - b).astype(np.float64), blur)[40:-40, 40:-40]) / np.sqrt(2) / scale
    return {"information": information_kept(a, b, truth, i, channel=channel).eta,
            "scatter": flux_scatter_mmag(a, truth, i, channel=channel),
            "drift": field_drift_mmag(a, truth, i, channel=channel, count=DRIFT_STARS),
            "place": positions_rms(a, truth, i, channel=channel), "fwhm": width, "noise": float(noise)}


def compared(twins: tuple[Path, Path, Any], siril: Path, runs: Path, modes: tuple[str, ...], colour: bool,
             capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, float]]:
    a, b, truth = twins
    rows = {}
    reference = "auto"
    for mode in modes:
        first, reference = stacked(a, runs / mode, mode, reference)
        second, _ = stacked(b, runs / mode, mode, reference)
        rows[mode] = judged(first, second, truth, index_of(reference, a))
    first, second = by_siril(siril, a, colour), by_siril(siril, b, colour)
    i, j = siril_reference(a), siril_reference(b)
    assert i == j, "Siril chose two references: the noise cannot be taken from the difference"
    rows["siril"] = judged(first, second, truth, i)
    with capsys.disabled():
        print("\n  stack    information  scatter (mmag)  drift (mmag)  places (px)  FWHM (px)  noise at 3.6 px")
        for name, row in rows.items():
            print(f"  {name:<9}{row['information']:11.3f}{row['scatter']:16.1f}{row['drift']:14.1f}{row['place']:13.4f}"
                  f"{row['fwhm']:11.3f}{row['noise'] / rows['siril']['noise']:17.3f}")
    return rows


def test_more_information_sharper_and_cleaner_than_sirils_own_stack(
    twins: tuple[Path, Path, Any], siril: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    rows = compared(twins, siril, tmp_path, ("psf_snr", "best", "proper"), False, capsys)
    proper, mean, theirs = rows["proper"], rows["best"], rows["siril"]
    assert proper["information"] >= 0.85 and mean["information"] >= 0.78 and rows["psf_snr"]["information"] >= 0.78
    assert mean["information"] > 1.25 * theirs["information"]
    assert proper["information"] > mean["information"]
    assert proper["fwhm"] <= theirs["fwhm"] and proper["noise"] < theirs["noise"]
    assert mean["noise"] < theirs["noise"]
    for row in (proper, mean):
        assert row["scatter"] <= min(12, theirs["scatter"]) and row["drift"] <= min(10, theirs["drift"])
    assert proper["place"] < 0.03 and mean["place"] < 0.03


def test_of_a_colour_camera_the_green_channel_is_ahead_of_sirils(
    colour_twins: tuple[Path, Path, Any], siril: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    rows = compared(colour_twins, siril, tmp_path, ("best", "proper"), True, capsys)
    for mode in ("best", "proper"):
        assert rows[mode]["information"] >= 1.25 * rows["siril"]["information"]
        assert rows[mode]["noise"] < rows["siril"]["noise"]


def test_rejection_leaves_star_fluxes_alone(twins: tuple[Path, Path, Any], tmp_path: Path) -> None:
    a, _, truth = twins
    with_rejection, reference = stacked(a, tmp_path / "on", "psf_snr", "auto")
    without, _ = stacked(a, tmp_path / "off", "psf_snr", reference, "none")
    _, x, y = good_stars(truth, index_of(reference, a))
    on, off = star_photometry(with_rejection, x, y, 7.0), star_photometry(without, x, y, 7.0)
    difference = 2.5 * np.log10(on / off) * 1000
    assert abs(np.median(difference)) < 2
    assert np.percentile(np.abs(difference), 68) < 2
