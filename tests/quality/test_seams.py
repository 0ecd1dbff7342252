"""No tile can be seen, however much the weights differ from tile to tile."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.stack.grid import axis_windows, make_grid
from tilecore.stack.weighted_mean import combine

SIDE = 512


@pytest.mark.parametrize("offsets", [0.0, 0.02])  # levels of the frames that were not quite matched, in sigma
def test_jumps_across_the_borders_of_tiles_are_below_a_tenth_of_the_noise(offsets: float) -> None:
    r = np.random.default_rng(0)
    n = 12
    grid = make_grid((SIDE, SIDE), 2.7, size_factor=24, min_size=64, max_divisor=4, overlap=0.5)
    cube = r.normal(0, 1, (n, SIDE, SIDE)) + offsets * r.normal(0, 1, n)[:, None, None]
    weights = np.exp(r.normal(0, 1.5, (n, grid.n_y, grid.n_x)))  # hundreds to one, without any smoothness
    ones = np.ones_like(weights)
    found = combine(cube.astype(np.float32), np.ones_like(cube), np.zeros(cube.shape, np.uint8), weights, ones,
                    axis_windows(grid))
    noise = float(np.sqrt(np.median(found.variance)))
    borders = sorted({s for start in grid.starts_y for s in (start, start + grid.size) if 4 < s < SIDE - 4})
    # The mean of many columns, so that a step along the whole border would show.
    def jump(row: int) -> float:
        return float(abs(found.mean[row: row + 2].mean() - found.mean[row - 2: row].mean()) / noise)

    jumps, elsewhere = [jump(b) for b in borders], [jump(b + 9) for b in borders if b < SIDE - 16]
    assert np.median(jumps) < 0.1
    assert np.median(jumps) < 2 * np.median(elsewhere) + 0.02
