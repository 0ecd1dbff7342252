"""Star detection against fields of known stars."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.simulation.psf import GAUSSIAN, MOFFAT, StarProfile, add_stars
from tilecore.detect.stars import (
    STAR_DTYPE,
    DetectionSettings,
    aperture_flux,
    channel_flux,
    detect,
    detect_with_hits,
    detection_image,
)

SKY, NOISE, SHAPE = 0.01, 0.0003, (320, 400)
COLOURS = {"R": 0, "G": 1, "B": 2}


def field(fwhm: float = 3.0, *, profile: int = MOFFAT, beta: float = 3.5, count: int = 60, ellipticity: float = 0.0,
          pattern: str | None = None, seed: int = 1) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float64]]:
    """A noisy image, positions (n, 2) and fluxes of its stars, on a jittered lattice so that none overlap."""
    rng = np.random.default_rng(seed)
    lattice = np.stack(np.meshgrid(np.arange(25, SHAPE[1] - 24, 38.0), np.arange(25, SHAPE[0] - 24, 38.0)), -1).reshape(-1, 2)
    xy = rng.permutation(lattice)[:count] + rng.uniform(-6, 6, (count, 2))
    flux = np.exp(rng.uniform(np.log(0.05), np.log(1.5), count))
    image = np.zeros(SHAPE)
    colours = None if pattern is None else np.array([COLOURS[c] for c in pattern]).reshape(2, 2)
    fluxes = flux if pattern is None else flux[:, None] * np.array([0.6, 1.0, 0.8])
    add_stars(image, xy[:, 0], xy[:, 1], fluxes, np.full(count, fwhm), colours=colours,
              profile=StarProfile(profile, beta, ellipticity, angle=0.5))
    return (image + SKY + rng.normal(0, NOISE, SHAPE)).astype(np.float32), xy, flux


def distances(stars: NDArray[np.void], xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance of each detection to the nearest true star."""
    return np.asarray(cKDTree(xy).query(np.stack([stars["x"], stars["y"]], 1))[0])


def test_all_stars_are_found_where_they_are_and_nothing_else() -> None:
    image, xy, _ = field()
    stars = detect(image)
    assert stars.dtype == STAR_DTYPE
    assert len(stars) == len(xy)
    assert np.sqrt(np.mean(distances(stars, xy) ** 2)) < 0.05
    assert (np.diff(stars["flux"]) <= 0).all()


@pytest.mark.parametrize("fwhm", [2.0, 3.0, 5.0])
@pytest.mark.parametrize(("profile", "beta"), [(GAUSSIAN, 3.5), (MOFFAT, 2.5), (MOFFAT, 3.5)])
def test_the_fwhm_is_that_of_the_light_within_three_percent(fwhm: float, profile: int, beta: float) -> None:
    image, _, _ = field(fwhm, profile=profile, beta=beta)
    assert np.median(detect(image)["fwhm"]) == pytest.approx(fwhm, rel=0.03)


@pytest.mark.parametrize("pattern", ["RGGB", "GRBG"])
def test_a_mosaic_gives_unbiased_positions_and_fwhm(pattern: str) -> None:
    mosaic, xy, _ = field(2.6, pattern=pattern)
    stars = detect(detection_image(mosaic, pattern), mosaic=mosaic, cfa=pattern)
    assert len(stars) >= 0.9 * len(xy)
    assert np.median(stars["fwhm"]) == pytest.approx(2.6, rel=0.03)
    nearest = cKDTree(xy).query(np.stack([stars["x"], stars["y"]], 1))[1]
    offset = np.median(np.stack([stars["x"], stars["y"]], 1) - xy[nearest], axis=0)
    assert np.abs(offset).max() < 0.03


def test_roundness_and_angle_are_those_of_elongated_stars() -> None:
    image, _, _ = field(3.5, ellipticity=0.3)
    stars = detect(image)
    assert np.median(stars["roundness"]) == pytest.approx(0.7, abs=0.05)
    assert np.median(stars["theta"]) == pytest.approx(0.5, abs=0.05)


def test_hot_pixels_cosmic_rays_and_trails_are_no_stars() -> None:
    image, xy, _ = field()
    rng = np.random.default_rng(3)
    for x, y in rng.integers(10, [SHAPE[1] - 10, SHAPE[0] - 10], (80, 2)):
        image[y, x] += 0.2
    for x, y in rng.integers(10, [SHAPE[1] - 10, SHAPE[0] - 10], (20, 2)):
        image[y, x: x + 3] += 0.1
    column = np.arange(SHAPE[1])
    for offset in range(3):
        image[(40 + 0.5 * column).astype(int) + offset, column] += 0.01
    stars = detect(image)
    assert (distances(stars, xy) > 2).sum() <= 1
    assert len(stars) >= 0.8 * len(xy)


@pytest.mark.parametrize("pattern", [None, "RGGB"])
def test_many_bright_cosmic_rays_do_not_change_the_stars(pattern: str | None) -> None:
    """Ten hits to a star, as bright as the stars."""
    image, xy, _ = field(2.6, count=40, pattern=pattern)
    rng = np.random.default_rng(3)
    places = rng.integers(10, [SHAPE[1] - 10, SHAPE[0] - 10], (400, 2))
    apart = cKDTree(xy).query(places)[0] > 12
    for (x, y), level in zip(places[apart], np.exp(rng.uniform(np.log(0.012), np.log(0.45), apart.sum())), strict=True):
        image[y, x: x + rng.integers(1, 4)] += level
    mosaic = None if pattern is None else image
    stars, hits = detect_with_hits(detection_image(image, pattern), mosaic=mosaic, cfa=pattern)
    assert np.median(stars["fwhm"]) == pytest.approx(2.6, rel=0.05)
    assert (distances(stars, xy) > 2).sum() <= 4 and len(stars) >= 0.9 * len(xy)
    assert hits > (100 if pattern else 200)


@pytest.mark.parametrize(("pattern", "fwhm"), [(None, 1.0), ("RGGB", 1.5)])
def test_undersampled_stars_are_not_cosmic_rays(pattern: str | None, fwhm: float) -> None:
    image, xy, _ = field(fwhm, pattern=pattern)
    mosaic = None if pattern is None else image
    stars, hits = detect_with_hits(detection_image(image, pattern), mosaic=mosaic, cfa=pattern)
    assert hits == 0 and len(stars) >= 0.9 * len(xy)


def test_saturated_stars_are_marked_and_others_are_not() -> None:
    image, xy, flux = field()
    brightest = int(np.argmax(flux))
    limit = float(image[np.rint(xy[brightest, 1]).astype(int), np.rint(xy[brightest, 0]).astype(int)]) * 0.98
    stars = detect(np.minimum(image, limit), DetectionSettings(saturation=0.999 * limit))
    assert stars["saturated"].sum() == 1
    found = stars[stars["saturated"]]
    assert np.hypot(found["x"] - xy[brightest, 0], found["y"] - xy[brightest, 1]).max() < 0.3


def test_masked_pixels_and_empty_frames_give_no_stars() -> None:
    image, _, _ = field()
    mask = np.zeros(SHAPE, np.uint8)
    mask[:, :200] = 1
    assert (detect(image, mask=mask)["x"] > 195).all()
    assert len(detect(np.full(SHAPE, 0.01, np.float32))) == 0
    noise = np.random.default_rng(0).normal(0.01, NOISE, SHAPE).astype(np.float32)
    assert len(detect(noise)) <= 1


def test_aperture_fluxes_keep_their_ratios_on_a_slope_and_are_nan_at_the_border() -> None:
    image, xy, flux = field(2.5)
    slope = (np.arange(SHAPE[1]) * 2e-5).astype(np.float32)
    measured = aperture_flux(image + slope, xy[:, 0], xy[:, 1], 7.0)
    bright = flux > 0.3
    assert np.std(measured[bright] / flux[bright]) / np.mean(measured[bright] / flux[bright]) < 0.02
    assert np.isnan(aperture_flux(image, np.array([2.0]), np.array([100.0]), 7.0)).all()


@pytest.mark.parametrize("pattern", ["RGGB", "GBRG"])
def test_channel_fluxes_show_the_colour_of_the_stars(pattern: str) -> None:
    mosaic, xy, flux = field(3.0, pattern=pattern)
    bright = flux > 0.3
    planes = [np.median(channel_flux(mosaic, pattern, k, *xy[bright].T, 8.0) / flux[bright]) for k in range(4)]
    scale = np.mean([planes[k] for k in range(4) if pattern[k] == "G"])
    for k, name in enumerate(pattern):
        assert planes[k] / scale == pytest.approx({"R": 0.6, "G": 1.0, "B": 0.8}[name], rel=0.02)
