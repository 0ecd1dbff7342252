"""Sky levels under stars."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.simulation.psf import add_stars
from tilecore.detect.stars import STAR_DTYPE, detect
from tilecore.numerics.clipped_median import cell_edges, clipped_median, hide_stars


def test_the_sky_level_is_that_below_the_stars() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(0.02, 0.001, 4096).astype(np.float32)
    values[:400] += rng.exponential(0.05, 400).astype(np.float32)
    assert clipped_median(values.copy()) == pytest.approx(0.02, abs=1.5e-4)
    assert clipped_median(np.full(50, 0.5, np.float32)) == 0.5


def test_masked_stars_leave_the_true_level() -> None:
    rng = np.random.default_rng(1)
    image = np.zeros((192, 256))
    x, y = rng.uniform(10, 246, 40), rng.uniform(10, 182, 40)
    add_stars(image, x, y, np.full(40, 0.5), np.full(40, 3.0))
    plane = (image + 0.03 + rng.normal(0, 0.0005, image.shape)).astype(np.float32)
    free = plane[hide_stars(np.zeros((192, 256), np.uint8), detect(plane)) == 0]
    assert len(free) > 0.7 * plane.size and clipped_median(free.copy()) == pytest.approx(0.03, abs=5e-5)


def test_the_mask_covers_stars_and_little_else() -> None:
    stars = np.zeros(2, STAR_DTYPE)
    stars["x"], stars["y"], stars["fwhm"], stars["snr"] = [30, 99.5], [40, -0.4], 3.0, [20, 1e6]
    mask = hide_stars(np.zeros((80, 100), np.uint8), stars)
    yy, xx = np.mgrid[0:80, 0:100]
    slow = (np.hypot(xx - 30, yy - 40) <= 6.3) | (np.hypot(xx - 99.5, yy + 0.4) <= 15.75)
    assert (mask == slow).all()


def test_cells_cover_the_plane() -> None:
    assert cell_edges(100, 64).tolist() == [0, 50, 100] and cell_edges(10, 64).tolist() == [0, 10]


@pytest.mark.parametrize("slope", [0.0, 0.05, 3.0])
def test_the_level_of_many_values_is_that_of_a_slow_and_exact_clipping(slope: float) -> None:
    r = np.random.default_rng(0)
    for _ in range(20):
        cell = (r.normal(0, 1, (64, 64)) + slope * np.arange(64)).astype(np.float32)
        cell[r.random(cell.shape) < 0.05] += 40
        values, median = cell.ravel().astype(np.float64), 0.0
        for _ in range(4):
            median = np.median(values)
            spread = 1.4826 * np.median(np.abs(values - median))
            kept = values[(values >= median - 4 * spread) & (values <= median + 2.5 * spread)]
            if len(kept) == len(values):
                break
            values = kept
        assert clipped_median(cell.ravel()) == pytest.approx(np.median(values), abs=0.02 * max(values.std(), 1))
