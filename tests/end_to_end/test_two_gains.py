"""Lights of two gains, two exposures and two binnings in one session: one stack on one scale and grid."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator import RunConfig, run
from orchestrator.io.fits import FULL_SCALE

SHAPE = (200, 280)
BIAS, SKY, FWHM = 500.0, 400.0, 3.0
# Radius (px) of the aperture, and of the ring of sky around it.
APERTURE, RING = 8.0, (11.0, 15.0)
ROWS, COLUMNS = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float64)
VIGNETTING = 1 - 0.3 * (((ROWS / SHAPE[0] - 0.5) ** 2 + (COLUMNS / SHAPE[1] - 0.5) ** 2) * 2)
Pixels = NDArray[np.float64]


def stars() -> list[tuple[float, float, float]]:
    """(x, y, flux) on a disturbed grid: the apertures are apart."""
    random = np.random.default_rng(3)
    return [(x + random.uniform(-6, 6), y + random.uniform(-6, 6), float(np.exp(random.uniform(9.2, 11))))
            for x in range(30, SHAPE[1] - 20, 38) for y in range(28, SHAPE[0] - 20, 36)]


def scene(dx: float, dy: float) -> Pixels:
    image, sigma = np.full(SHAPE, SKY), FWHM / 2.3548
    for x, y, flux in stars():
        image += flux / (2 * np.pi * sigma**2) * np.exp(-((COLUMNS - x - dx) ** 2 + (ROWS - y - dy) ** 2) / (2 * sigma**2))
    return image


def write(path: Path, photons: Pixels, seed: int, seconds: float, gain: int = 100, binning: int = 1) -> None:
    """A frame of ``photons`` (ADU at gain 100), with shot and read noise."""
    random = np.random.default_rng(seed)
    pixels = (random.poisson(photons) + random.normal(0, 3, SHAPE)) * gain / 100 + BIAS + (gain - 100)
    if binning > 1:
        pixels = pixels.reshape(SHAPE[0] // 2, 2, SHAPE[1] // 2, 2).sum(axis=(1, 3))
    time = datetime(2026, 10, 1, 20) + timedelta(seconds=100 * seed)
    cards = fits.Header([("EXPTIME", seconds), ("GAIN", gain), ("XBINNING", binning), ("YBINNING", binning),
                         ("XPIXSZ", 3.76 * binning), ("FOCALLEN", 400.0), ("DATE-OBS", time.isoformat()), ("CCD-TEMP", -10.0)])
    path.parent.mkdir(parents=True, exist_ok=True)
    fits.writeto(path, np.clip(np.round(pixels), 0, FULL_SCALE).astype(np.uint16), cards)


def flux(image: Pixels, x: float, y: float) -> float:
    away = np.hypot(COLUMNS - x, ROWS - y)
    return float((image - np.median(image[(away > RING[0]) & (away < RING[1])]))[away < APERTURE].sum())


@pytest.mark.slow
def test_two_gains_exposures_and_binnings_are_stacked_on_one_scale(tmp_path: Path) -> None:
    folder, shifts = tmp_path / "s", np.random.default_rng(1).uniform(-6, 6, (12, 2))
    shifts[0] = 0
    kinds = [(120.0, 100, 1)] * 5 + [(120.0, 200, 1)] * 3 + [(60.0, 100, 1)] * 2 + [(120.0, 100, 2)] * 2
    for i, (seconds, gain, binning) in enumerate(kinds):
        photons = scene(*shifts[i]) * VIGNETTING * seconds / 120 + 2 * seconds / 60
        write(folder / f"lights/l_{i:02d}.fit", photons, i, seconds, gain, binning)
    for number, (seconds, gain, binning) in enumerate(sorted(set(kinds))):
        for i in range(4):
            dark = np.full(SHAPE, 2 * seconds / 60)
            write(folder / f"darks/d_{number}_{i}.fit", dark, 100 + 10 * number + i, seconds, gain, binning)
    for binning in (1, 2):
        for i in range(4):
            write(folder / f"flats/f_{binning}_{i}.fit", 12000 * VIGNETTING, 200 + 10 * binning + i, 1.0, 100, binning)
            write(folder / f"biases/b_{binning}_{i}.fit", np.zeros(SHAPE), 300 + 10 * binning + i, 0.0, 100, binning)
    config = RunConfig.model_validate({
        "engine": {"name": "native"}, "bge": {"enabled": False}, "pcc": {"enabled": False}, "astrometry": {"budget": 1},
        "registration": {"reference": "l_00.fit"}, "canvas": {"crop": "none"}, "calibration": {"cosmetic": False}})
    result = run([folder], config, runs_dir=tmp_path / "runs")
    assert result.error is None and result.statistics.frames_stacked == 12
    image = fits.getdata(result.products["stacked"]).astype(np.float64) * FULL_SCALE
    header = fits.getheader(result.products["stacked"])
    assert (header["EXPTIME"], header["LIVETIME"]) == (120.0, 10 * 120.0 + 2 * 60.0)
    ratios = np.array([flux(image, x, y) / f for x, y, f in stars()])
    assert abs(np.median(ratios) - 1) < 0.02 and ratios.std() < 0.02
    assert abs(np.median(image[20:-20, 20:-20]) / SKY - 1) < 0.02
    assert not any("clouds" in w for w in result.warnings)
