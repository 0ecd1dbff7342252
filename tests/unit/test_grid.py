"""The tile grid and its windows."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.stack.checks import seam_score
from tilecore.stack.grid import TileGrid, axis_windows, interpolate_tiles, make_grid

DEFAULTS = {"size_factor": 24.0, "min_size": 64, "max_divisor": 4, "overlap": 0.5}


def brute_force(values: np.ndarray, grid: TileGrid) -> np.ndarray:
    """Every tile's Hann window laid on the canvas, divided by the sum of all."""
    total, weight = np.zeros(grid.shape), np.zeros(grid.shape)
    phase = (np.arange(grid.size) + 0.5) / grid.size
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * phase)
    for j, y in enumerate(grid.starts_y):
        for i, x in enumerate(grid.starts_x):
            part = (slice(y, y + grid.size), slice(x, x + grid.size))
            total[part] += np.outer(hann, hann) * values[j, i]
            weight[part] += np.outer(hann, hann)
    return total / weight


def test_the_tile_is_so_many_fwhm_wide() -> None:
    grid = make_grid((1000, 1200), 4.1, **DEFAULTS)
    assert grid.size == 98 and grid.overlap == 49


@pytest.mark.parametrize(("fwhm", "size"), [(0.5, 64), (100.0, 250), (float("nan"), 72), (-1.0, 72)])
def test_the_tile_stays_within_its_limits_and_unknown_seeing_counts_as_3_px(fwhm: float, size: int) -> None:
    assert make_grid((1000, 1200), fwhm, **DEFAULTS).size == size


def test_a_tile_is_never_smaller_than_16_px() -> None:
    assert make_grid((500, 500), 0.1, **DEFAULTS | {"min_size": 1}).size == 16


def test_an_image_smaller_than_a_tile_is_one_tile_without_overlap() -> None:
    grid = make_grid((10, 12), 3.0, **DEFAULTS)
    assert (grid.size, grid.overlap, grid.n_y, grid.n_x) == (10, 0, 1, 2)
    assert grid.starts_x == (0, 2)


def test_an_empty_image_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        make_grid((0, 100), 3.0, **DEFAULTS)


def test_more_than_half_overlap_counts_as_half() -> None:
    assert make_grid((500, 500), 3.0, **DEFAULTS | {"overlap": 0.9}).overlap == 36


def test_the_last_tiles_end_at_the_far_edges() -> None:
    grid = make_grid((301, 407), 3.0, **DEFAULTS)
    assert grid.starts_y[-1] + grid.size == 301 and grid.starts_x[-1] + grid.size == 407
    assert grid.starts_y[-1] - grid.starts_y[-2] <= grid.size - grid.overlap


def test_centers_are_those_of_the_pixels_covered() -> None:
    grid = make_grid((300, 400), 3.0, **DEFAULTS)
    centers = grid.centers()
    assert centers.shape == (grid.n_y, grid.n_x, 2)
    covered = np.arange(grid.starts_y[1], grid.starts_y[1] + grid.size)
    assert centers[1, 0, 0] == covered.mean()
    assert centers[0, 1, 1] == grid.starts_x[1] + (grid.size - 1) / 2


@pytest.mark.parametrize("overlap", [0.0, 0.25, 0.5])
def test_interpolation_is_the_sum_of_normalised_hann_windows(overlap: float) -> None:
    grid = make_grid((150, 203), 3.0, **DEFAULTS | {"min_size": 30, "size_factor": 10, "overlap": overlap})
    values = np.random.default_rng(1).normal(size=(grid.n_y, grid.n_x))
    assert np.allclose(interpolate_tiles(values, grid), brute_force(values, grid), atol=1e-5)


def test_a_pixel_sees_three_tiles_along_an_axis_at_most() -> None:
    windows = axis_windows(make_grid((301, 407), 3.0, **DEFAULTS))
    assert windows.index_y.shape[1] <= 3 and windows.index_x.shape[1] <= 3


def test_the_seam_score_sees_a_step_at_a_tile_border_and_no_step_elsewhere() -> None:
    grid = make_grid((240, 240), 3.0, **DEFAULTS | {"overlap": 0.0})
    noise = np.random.default_rng(2).normal(0, 1, (240, 240)).astype(np.float32)
    gradient = (0.05 * np.arange(240)[:, None] + noise).astype(np.float32)
    assert seam_score(gradient, grid, 1.0) < 0.1
    stepped, elsewhere = gradient.copy(), gradient.copy()
    stepped[grid.starts_y[1]:] += 2
    elsewhere[grid.starts_y[1] + 7:] += 2
    assert 1.4 < seam_score(stepped, grid, 1.0) < 2.2
    assert seam_score(elsewhere, grid, 1.0) < 0.1
    noisier = 20 * noise  # a plain mean of long and short exposures
    assert seam_score(noisier, grid, 1.0) > 0.5 and seam_score(noisier, grid, 1.0, 20.0) < 0.1
    assert seam_score(noisier + 20 * (stepped - gradient), grid, 1.0, 20.0) > 20


def test_the_seam_score_sees_a_step_where_most_of_a_line_is_not_covered() -> None:
    grid = make_grid((240, 240), 3.0, **DEFAULTS | {"overlap": 0.0})
    covered = np.zeros((240, 240), np.float32)
    covered[:, 20:90], covered[:, 80:90] = 9, 1
    even = np.random.default_rng(3).normal(0, np.where(covered == 1, 3, 1)).astype(np.float32) * (covered > 0)
    stepped = even.copy()
    stepped[grid.starts_y[1]:, 20:90] += 3
    assert seam_score(stepped, grid, 1.0) < 0.1  # as if the pixels without data were sky
    assert 1.5 < seam_score(stepped, grid, 1.0, covered=covered) < 3.2
    assert seam_score(even, grid, 1.0, covered=covered) < 0.2


def test_the_seam_score_of_nothing_is_zero() -> None:
    grid = make_grid((40, 40), 3.0, **DEFAULTS)
    assert seam_score(np.zeros((40, 40), np.float32), grid, 0.0) == 0.0
