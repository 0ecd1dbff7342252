"""Clipped cores of stars in several channels: found, given the colour of the light around, and nothing else touched."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tilecore.detect.stars import STAR_DTYPE, detect
from tilecore.stack.saturated_cores import RINGING, ceiling, limit_to_one, restore

SHAPE = (200, 220)
SKY = (0.05, 0.02, 0.03)
NOISE = 2e-4
# Flux of each star in the three channels: those of the first row are clipped in one, two, all channels.
PLACES = [(30, 30), (30, 90), (30, 150), (90, 40), (90, 110), (150, 60), (150, 130), (90, 180), (150, 190), (30, 200)]
COLOURS = np.array([(1, 0.5, 0.4), (0.5, 0.9, 1), (0.7, 0.6, 1)] + [(0.8, 0.7, 0.5), (0.5, 0.7, 0.9)] * 3 + [(0.6, 0.6, 0.6)])
PEAKS = np.array([1.4, 1.7, 4.0, 0.45, 0.3, 0.2, 0.1, 0.35, 0.15, 0.25])


def field(level: float | None = None, fwhm: float = 3.0) -> NDArray[np.float32]:
    """Three channels (3, h, w), clipped at ``level``."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    planes = np.empty((3, *SHAPE))
    for c in range(3):
        planes[c] = SKY[c]
        for (sy, sx), colour, peak in zip(PLACES, COLOURS, PEAKS, strict=True):
            r2 = (y - sy - 0.3) ** 2 + (x - sx + 0.2) ** 2
            planes[c] += peak * colour[c] / (1 + r2 * 4 * (2 ** (1 / 3) - 1) / fwhm**2) ** 3
    if level is not None:
        planes = np.minimum(planes, level)
    return (planes + rng.normal(0, NOISE, planes.shape)).astype(np.float32)


def off_colour(planes: NDArray[np.float32], star: int) -> NDArray[np.float64]:
    """How far the channels' shares in the light within 6 px of a star are from the star's own."""
    (sy, sx), own = PLACES[star], COLOURS[star] / COLOURS[star].sum()
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    light = planes[:, (y - sy) ** 2 + (x - sx) ** 2 < 36] - np.array(SKY)[:, None]
    light = light[:, light.sum(axis=0) > 100 * NOISE]
    return np.asarray(np.abs(light / light.sum(axis=0) / own[:, None] - 1).max(axis=0))


def test_clipped_cores_get_the_stars_own_colour_and_nothing_else_is_touched() -> None:
    planes = field(0.9)
    before = [off_colour(planes, s).max() for s in range(3)]
    assert min(before) > 0.2, "or there is nothing to mend"
    found = restore(list(planes), [0.9] * 3, np.ones(SHAPE, bool))
    assert found.cores == 3
    mended = planes.copy()
    mended[:, found.where] = found.pixels
    assert max(off_colour(mended, s).max() for s in range(3)) < 0.08
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    far = np.min([(y - sy) ** 2 + (x - sx) ** 2 for sy, sx in PLACES[:3]], axis=0) > (RINGING + 8) ** 2
    assert not found.where[far].any() and found.where.mean() < 0.02
    whole = field(None)
    one = mended[1, 30, 30] / whole[1, 30, 30], mended[0, 30, 30] / whole[0, 30, 30]
    assert abs(one[0] - 1) < 0.02 and abs(one[1] - 1) < 0.06, "what is clipped in one channel is known from the others"


def test_a_core_without_light_of_its_own_becomes_as_the_usual_star() -> None:
    planes = field(0.9)
    covered = np.ones(SHAPE, bool)
    covered[20:42, 78:104] = False
    covered[29:32, 89:92] = True
    found = restore(list(planes), [0.9, None, 0.9], covered)
    assert not found.where[~covered].any() and np.isfinite(found.pixels).all()
    mended = planes.copy()
    mended[:, found.where] = found.pixels
    light = mended[:, 30, 90] - np.array(SKY)
    assert abs(light[2] / light[0] / (0.55 / 0.85) - 1) < 0.35, "between those of the two others"
    assert not restore(list(planes), [None] * 3, covered).where.any()


def test_the_darkest_around_a_core_is_what_lies_behind_it() -> None:
    planes = field(0.9)
    planes[0, 30, 26:28] = 0.01  # the kernel's undershoot
    found = restore(list(planes), [0.9] * 3, np.ones(SHAPE, bool))
    mended = planes.copy()
    mended[:, found.where] = found.pixels
    assert mended[0, 30, 26] >= SKY[0] - 5 * NOISE and np.array_equal(mended[0, 60:], planes[0, 60:])


@pytest.mark.parametrize("level", [None, 0.9, 0.35])
def test_the_ceiling_is_found_where_there_is_one(level: float | None) -> None:
    plane = np.ascontiguousarray(field(level)[2])
    found = ceiling(plane, detect(plane))
    assert found is None if level is None else found is not None and abs(found / level - 1) < 0.02
    assert ceiling(plane, detect(plane)[:0]) is None


def test_a_soft_ceiling_is_found_from_stars_with_the_same_peak() -> None:
    """A full well that still rises a little: the cores of bright stars differ by some per cent, and none is flat."""
    whole = field(None, fwhm=1.6)[2] * np.float32(4)
    rng = np.random.default_rng(1)
    soft = np.where(whole > 0.55, 0.55 + 0.03 * np.tanh(whole - 0.55) + rng.normal(0, 0.012, SHAPE), whole).astype(np.float32)
    assert ceiling(np.ascontiguousarray(whole), detect(np.ascontiguousarray(whole))) is None
    found = ceiling(soft, detect(soft))
    assert found is not None and 0.5 < found < 0.62


def test_a_bright_nebula_with_stars_is_no_ceiling() -> None:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    hump = 0.5 * np.exp(-((x - 110) ** 2 + (y - 100) ** 2) / 2 / 35**2)
    places = [(110 + 7 * a, 100 + 7 * b) for a in (-1, 0, 1) for b in (-1, 0, 1)]
    faint = [0.05 * np.exp(-((x - u) ** 2 + (y - v) ** 2) / 3) for u, v in places]
    plane = (field()[1] / 8 + hump + np.sum(faint, axis=0)).astype(np.float32)
    stars = np.zeros(len(places), STAR_DTYPE)
    stars["x"], stars["y"], stars["fwhm"] = *np.transpose(places), 2.9
    assert ceiling(plane, stars) is None and ceiling(plane, detect(plane)) is None


@pytest.mark.parametrize("seed", range(6))
def test_many_stars_as_bright_as_one_another_are_no_ceiling(seed: int) -> None:
    """Most stars of a field have nearly the flux of the faintest: their peaks agree because their fluxes do."""
    rng = np.random.default_rng(seed)
    stars = np.zeros(90, STAR_DTYPE)
    stars["x"], stars["y"], stars["fwhm"] = rng.uniform(10, 210, 90), rng.uniform(10, 190, 90), 2.5
    stars["flux"] = 0.5 * rng.uniform(0, 1, 90) ** (-0.3 if seed % 2 else -1.0)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    plane = rng.normal(0.03, NOISE, SHAPE)
    for star in stars:
        near = (np.abs(y - star["y"]) < 12) & (np.abs(x - star["x"]) < 12)
        plane[near] += star["flux"] / 7 * np.exp(-((x - star["x"]) ** 2 + (y - star["y"]) ** 2)[near] / 2.25)
    plane = plane.astype(np.float32)
    assert ceiling(plane, stars) is None and ceiling(plane, detect(plane)) is None


def test_what_passes_one_keeps_its_colour() -> None:
    image = np.array([[0.5, 2.0], [0.25, 1.0], [0.1, 0.5]], np.float32)[:, None]
    assert np.allclose(limit_to_one(image)[:, 0].T, [[0.5, 0.25, 0.1], [1, 0.5, 0.25]])
    assert limit_to_one(image[..., :1]) is not None and np.array_equal(limit_to_one(image[..., :1]), image[..., :1])
