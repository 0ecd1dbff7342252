"""Colours come out right for every CFA pattern, row order and moment of debayering, on rotated sessions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from fixtures.judge import good_stars, star_photometry
from orchestrator import RunConfig, run
from orchestrator.pipeline.result import RunResult
from orchestrator.simulation.truth import SimulationTruth

CASES = [(p, r, w) for p in ("RGGB", "GRBG", "BGGR", "GBRG") for r, w in (("TOP-DOWN", "last"), ("BOTTOM-UP", "first"))]
CASES += [("GRBG", "BOTTOM-UP", "last"), ("RGGB", None, "last"), ("BGGR", "BOTTOM-UP", "superpixel")]
# Every pattern, both orders of the rows and every moment once; all combinations in `make test-all`.
FAST = [("RGGB", "TOP-DOWN", "last"), ("GRBG", "BOTTOM-UP", "first"), ("BGGR", "BOTTOM-UP", "superpixel"),
        ("GBRG", "TOP-DOWN", "last")]


@pytest.mark.parametrize(("pattern", "row_order", "when"), [
    *FAST, *(pytest.param(*case, marks=pytest.mark.slow) for case in CASES if case not in FAST)])
def test_stars_have_the_colours_of_the_truth(simulated, tmp_path: Path, pattern: str, row_order: str | None, when: str) -> None:
    folder, truth = simulated("tiny_osc", pattern=pattern, row_order=row_order, rotation=3.0)
    config = RunConfig.model_validate({"engine": {"name": "native"}, "debayer": {"stage": when}})
    result = run(folder, config, runs_dir=tmp_path)
    assert result.error is None, result.error
    accept_colours(result, truth, reference_of(result.directory, folder), 2 if when == "superpixel" else 1)


@pytest.mark.parametrize("engine", ["native", pytest.param("siril", marks=pytest.mark.slow)])
def test_two_cameras_with_different_patterns_are_one_picture(simulated, tmp_path: Path, engine: str) -> None:
    """Each frame is demosaiced with its own pattern: with that of the other camera red and blue of its frames change places."""
    folder = tmp_path / "session"
    for name, pattern in (("One", "RGGB"), ("Two", "BGGR")):
        source, truth = simulated("tiny_osc", pattern=pattern, n_frames=6, n_dark=2, n_flat=2, n_bias=2)
        for path in sorted(source.glob("*/*.fit")):
            target = folder / path.parent.name / f"{name}_{path.name}"
            target.parent.mkdir(parents=True, exist_ok=True)
            with fits.open(path) as file:
                file[0].header["INSTRUME"] = name
                file.writeto(target)
    config = RunConfig.model_validate({"engine": {"name": engine}, "registration": {"reference": f"One_{truth.lights[2]}"},
                                       "astrometry": {"solver": "none"}})
    result = run(folder, config, runs_dir=tmp_path)
    assert result.error is None, result.error
    assert result.statistics.frames_used == 12 and not result.statistics.frames_left_out
    accept_colours(result, truth, 2, 1)


def accept_colours(result: RunResult, truth: SimulationTruth, reference: int, scale: int) -> None:
    """Colours of stars in the picture, whose pixels are ``scale`` pixels of the reference, against the truth."""
    image = fits.getdata(result.products["stacked_rgb"]).astype(np.float32)
    index, x, y = good_stars(truth, reference, channel=1, count=6)
    x, y = ((x, y) if scale == 1 else ((x - 0.5) / 2, (y - 0.5) / 2))
    flux = np.array([star_photometry(plane, x, y, 6.0 / scale) for plane in image])
    true = truth.star_flux[index].T
    ours, wanted = np.log(flux), np.log(true)
    for numerator, denominator in ((0, 1), (2, 1), (0, 2)):
        residual = (ours[numerator] - ours[denominator]) - (wanted[numerator] - wanted[denominator])
        assert np.median(np.abs(residual)) < 0.12, "the colours are not those of the truth"
    right = np.median(np.abs((ours[0] - ours[2]) - (wanted[0] - wanted[2])))
    exchanged = np.median(np.abs((ours[2] - ours[0]) - (wanted[0] - wanted[2])))
    assert right < 0.6 * exchanged, "red and blue are exchanged"


def reference_of(directory: Path, folder: Path) -> int:
    import json

    name = json.loads((directory / "artifacts" / "registration.json").read_text())["reference"]
    return sorted(p.name for p in (folder / "lights").iterdir()).index(name)
