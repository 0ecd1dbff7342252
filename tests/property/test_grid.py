"""What holds for the tile grid of any image."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tilecore.stack.grid import TileGrid, axis_windows, interpolate_tiles, make_grid


@st.composite
def grids(draw: st.DrawFn) -> TileGrid:
    shape = (draw(st.integers(1, 260)), draw(st.integers(1, 260)))
    return make_grid(shape, draw(st.floats(0.3, 20)), size_factor=draw(st.floats(1, 40)), min_size=draw(st.integers(1, 200)),
                     max_divisor=draw(st.integers(1, 8)), overlap=draw(st.floats(0, 1)))


@settings(max_examples=80, deadline=None)
@given(grids())
def test_windows_sum_to_one_at_every_pixel(grid: TileGrid) -> None:
    windows = axis_windows(grid)
    for weight, index, count in ((windows.weight_y, windows.index_y, grid.n_y), (windows.weight_x, windows.index_x, grid.n_x)):
        assert np.abs(weight.sum(axis=1, dtype=np.float64) - 1).max() < 1e-6
        assert weight.min() >= 0
        assert index.min() >= 0 and index.max() < count


@settings(max_examples=80, deadline=None)
@given(grids())
def test_no_tile_is_lost_and_every_pixel_lies_in_one(grid: TileGrid) -> None:
    for starts, length in ((grid.starts_y, grid.shape[0]), (grid.starts_x, grid.shape[1])):
        assert starts[0] == 0 and starts[-1] + grid.size == length
        assert all(b > a for a, b in itertools.pairwise(starts))
        assert all(b - a <= grid.size for a, b in itertools.pairwise(starts))


@settings(max_examples=40, deadline=None)
@given(grids(), st.floats(-1e4, 1e4))
def test_equal_values_come_out_as_they_are(grid: TileGrid, value: float) -> None:
    result = interpolate_tiles(np.full((grid.n_y, grid.n_x), value), grid)
    assert result.shape == grid.shape and result.dtype == np.float32
    assert np.allclose(result, value, rtol=1e-6, atol=1e-6)
