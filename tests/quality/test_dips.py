"""Bright stars of undersampled frames have no dark dips around them, and keep their light, their width and their shape."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from astropy.io import fits

from fixtures.judge import fit_stars, good_stars, star_photometry
from orchestrator.simulation import SimulationConfig, simulate
from tests.quality.stacks import stack_onto

# FWHM on the pixels: 1.6 to 2.2 px.
SHARP = SimulationConfig(width=480, height=360, n_frames=8, n_stars=60, flux_min=30_000.0, flux_max=250_000.0, flux_slope=0.3,
                         psf="gaussian", seeing_min=1.2, seeing_max=1.9, transparency_min=0.95, sky_gradient=0.0, dither=4.0,
                         rotation=0.6, seed=11)
REFERENCE = 3


def dips(image: np.ndarray, x: np.ndarray, y: np.ndarray, noise: float) -> np.ndarray:
    """The darkest pixel at 1.5 to 6 px from each star below the sky around it, in sigma of a pixel."""
    v, u = np.mgrid[-16:17, -16:17]
    found = []
    for a, b in zip(x, y, strict=True):
        column, row = round(a), round(b)
        box = image[row - 16: row + 17, column - 16: column + 17]
        distance = np.hypot(u - (a - column), v - (b - row))
        sky = np.median(box[(distance > 9) & (distance < 15)])
        found.append((box[(distance >= 1.5) & (distance <= 6)].min() - sky) / noise)
    return np.array(found)


def test_bright_stars_of_undersampled_frames_have_no_dips(tmp_path: Path) -> None:
    truth = simulate(SHARP, tmp_path / "session")
    images = {}
    for kernel in ("lanczos4", "bicubic"):
        result = stack_onto(REFERENCE, tmp_path / "session", tmp_path / kernel,
                            registration={"interpolation": kernel, "reference": f"light_{REFERENCE + 1:05d}.fit"})
        images[kernel] = fits.getdata(result.products["stacked"]).astype(np.float64)
    _, x, y = good_stars(truth, REFERENCE, count=30)
    inside = (x > 18) & (y > 18) & (x < SHARP.width - 19) & (y < SHARP.height - 19)
    x, y = x[inside], y[inside]
    assert len(x) >= 15
    image = images["lanczos4"]
    noise = float(1.4826 * np.median(np.abs(image[:60] - np.median(image[:60]))))
    found = dips(image, x, y, noise)
    # The darkest of a hundred pixels of sky is at -2.5 on average. Interpolation of the cores alone: -11.8, the worst -37.
    assert np.median(found) > -3.6 and found.min() > -6
    ratio = star_photometry(image, x, y, 7.0) / star_photometry(images["bicubic"], x, y, 7.0)
    assert abs(np.median(ratio) - 1) < 1e-3 and np.abs(ratio - 1).max() < 1e-2
    sharp, soft = (np.median(fit_stars(images[k], x, y)["fwhm"]) for k in ("lanczos4", "bicubic"))
    assert sharp < 0.98 * soft
