"""A roof over a corner of some lights: the stars there keep their fluxes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from fixtures.judge import star_photometry
from orchestrator.simulation import PRESETS, simulate
from orchestrator.simulation.truth import SimulationTruth
from tests.quality.stacks import stack_onto

pytestmark = pytest.mark.slow
SESSION = replace(PRESETS["mono_seeing"], width=400, height=320, n_frames=12, transparency_min=0.95, hot_pixels=0, cold_pixels=0,
                  vignetting=0.0, dust=0, amp_glow=0.0, n_bias=0, n_dark=0, n_flat=0, n_darkflat=0, nebula=0.0, trails=0,
                  bias_structure=0.0)
REFERENCE = 2
COVERED = (5, 7, 8, 10)


def cover(path: Path, light: int) -> None:
    """A dark roof over the lower right corner of a light."""
    with fits.open(path, mode="update") as file:
        data = file[0].data.astype(np.float64)
        y, x = np.mgrid[: data.shape[0], : data.shape[1]]
        roof = SESSION.bias + 0.4 * (np.median(data) - SESSION.bias)
        noise = np.random.default_rng(light).normal(0, 0.6 * 1.4826 * np.median(np.abs(np.diff(data) - np.median(np.diff(data)))),
                                                    data.shape)
        share = 1 / (1 + np.exp(-(x / 400 + y / 320 - 1.35) / 0.02))
        file[0].data = np.round(data * (1 - share) + (roof + noise) * share).astype(file[0].data.dtype)


def in_corner(image: np.ndarray, truth: SimulationTruth, reference: int) -> tuple[np.ndarray, np.ndarray]:
    """Flux over the truth of bright stars in the corner, and elsewhere."""
    x, y = truth.stars_in(reference)
    inside = (x > 25) & (y > 25) & (x < image.shape[1] - 26) & (y < image.shape[0] - 26) & ~truth.saturated()
    flux = truth.star_flux[:, 0]
    chosen = np.flatnonzero(inside & (flux > np.quantile(flux, 0.85)))
    ratio = star_photometry(image, x[chosen], y[chosen], 2 * float(truth.fwhm.mean())) / flux[chosen]
    corner = x[chosen] / 400 + y[chosen] / 320 > 1.4
    return ratio[corner], ratio[~corner]


def test_stars_behind_a_roof_in_some_lights_keep_their_fluxes(tmp_path: Path) -> None:
    session = tmp_path / "session"
    truth = simulate(SESSION, session)
    lights = sorted((session / "lights").iterdir())
    for light in COVERED:
        cover(lights[light], light)
    result = stack_onto(REFERENCE, session, tmp_path / "runs", calibration={"cosmetic": False, "fixed_pattern": "none"})
    assert result.statistics.blocked_frames == len(COVERED)
    report = json.loads((result.directory / "artifacts" / "star_evidence.json").read_text())
    assert sorted(row["file"] for row in report["blocked"]) == sorted(lights[k].name for k in COVERED)
    corner, rest = in_corner(fits.getdata(result.products["stacked"]).astype(np.float32), truth, REFERENCE)
    assert len(corner) >= 3
    assert np.median(corner) == pytest.approx(np.median(rest), rel=0.03)  # 0.6 with the usual weights
