"""Drizzle of undersampled, dithered sessions against their truth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from fixtures.judge import fit_stars, good_stars, star_photometry
from orchestrator import RunConfig, run
from orchestrator.errors import ConfigError

MONO = {"width": 400, "height": 300, "n_frames": 20, "n_stars": 300, "seeing_min": 1.3, "seeing_max": 1.7, "hot_pixels": 0,
        "cold_pixels": 0, "vignetting": 0.0, "n_bias": 0, "n_dark": 0, "n_flat": 0}
COLOUR = {"width": 400, "height": 300, "n_frames": 40, "n_stars": 80, "nebula": 0.0, "seeing_min": 1.5, "seeing_max": 2.2,
          "dither": 6.0}

pytestmark = pytest.mark.usefixtures("one_cache")


def stacked(folder: Path, runs: Path, **reconstruction: Any) -> tuple[Any, np.ndarray, int]:
    config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "bge": {"enabled": False},
                                       "output": {"report": False, "preview": False}, "reconstruction": reconstruction})
    result = run(folder, config, runs_dir=runs)
    assert result.error is None, result.error
    name = json.loads((result.directory / "artifacts" / "registration.json").read_text())["reference"]
    reference = sorted(p.name for p in (folder / "lights").iterdir()).index(name)
    data = fits.getdata(result.products.get("stacked_rgb", result.products.get("stacked"))).astype(np.float64)
    return result, data, reference


@pytest.mark.parametrize(("preset", "changes"), [("mono_seeing", MONO), pytest.param("demo", COLOUR, marks=pytest.mark.slow)])
def test_a_finer_grid_keeps_places_fluxes_and_sharpness(
    simulated: Any, tmp_path: Path, preset: str, changes: dict[str, Any],
) -> None:
    folder, truth = simulated(preset, **changes)
    channel = 0 if preset == "mono_seeing" else 1
    _, plain, reference = stacked(folder, tmp_path, method="mean")
    result, fine, _ = stacked(folder, tmp_path, method="drizzle", scale=2, pixfrac=0.7)
    plain, fine = (a if a.ndim == 2 else a[channel] for a in (plain, fine))
    assert fine.shape == tuple(2 * n for n in plain.shape)
    index, x, y = good_stars(truth, reference, channel=channel)
    fx, fy = 2 * x + 0.5, 2 * y + 0.5
    stars = fit_stars(fine, fx, fy, 3.6)
    assert np.median(np.hypot(stars["x"] - fx, stars["y"] - fy)) / 2 < 0.07
    # The mean moves bright cores as fitted profiles, which pixfrac and the finer pixels cannot match.
    assert np.median(stars["fwhm"]) / 2 < 1.25 * np.median(fit_stars(plain, x, y, 1.8)["fwhm"])
    true = truth.star_flux[index, channel]

    def scatter(image: np.ndarray, u: np.ndarray, v: np.ndarray, radius: float) -> float:
        ratio = star_photometry(image, u, v, radius) / true
        residual = 1086 * np.log(ratio / np.median(ratio))
        return float(1.4826 * np.median(np.abs(residual)))

    # Brightness, not flux, is kept: twice as many pixels along each side hold four times the sum.
    ratio = star_photometry(fine, fx, fy, 10.0) / star_photometry(plain, x, y, 5.0)
    assert np.median(ratio) == pytest.approx(4, rel=0.02)
    # Noise and sampling of stars of this sharpness leave 5 to 7 mmag, whichever frame is the reference.
    assert scatter(fine, fx, fy, 10.0) < max(10.0, 1.2 * scatter(plain, x, y, 5.0))
    assert np.median(fine) == pytest.approx(np.median(plain), rel=0.01)
    variance = fits.getdata(result.products["variance"])
    assert variance.shape[-2:] == fine.shape and np.isfinite(fine).all()


@pytest.mark.slow
def test_a_mosaic_on_its_own_grid_has_no_holes_and_its_header_says_the_pixel_size(simulated: Any, tmp_path: Path) -> None:
    folder, _ = simulated("demo", **COLOUR)
    result, data, _ = stacked(folder, tmp_path, method="drizzle", scale=1.5)
    covered = fits.getdata(result.products["coverage"]).max(axis=0) > 0
    assert covered.mean() > 0.95 and (data[:, covered] > 0).all()
    assert fits.getheader(result.products["stacked_rgb"])["XPIXSZ"] == pytest.approx(3.76 / 1.5, rel=0.01)


def test_what_drizzle_cannot_take_is_said(simulated: Any, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_osc")
    config = RunConfig.model_validate({"engine": {"name": "native"}, "reconstruction": {"method": "drizzle"},
                                       "debayer": {"stage": "last"}})
    result = run(folder, config, runs_dir=tmp_path)
    assert isinstance(result.error, ConfigError) and "debayer.stage" in str(result.error)
