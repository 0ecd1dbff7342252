"""Colours come out right for every CFA pattern, row order and moment of debayering, on rotated sessions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from fixtures.judge import good_stars, star_photometry
from orchestrator import RunConfig, run

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
    image = fits.getdata(result.products["stacked_rgb"]).astype(np.float32)
    scale = 2 if when == "superpixel" else 1
    reference = reference_of(result.directory, folder)
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
