"""Kernels that name their vectors: the medians of the frames at each pixel, and narrow frames."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.numerics.compiled import njit
from tilecore.numerics.median_network import STRIP, median_network
from tilecore.numerics.vectors import LANES, choose, multiply_add, splat, store, vector
from tilecore.resample.warp import FrameRows, Window, warp_block
from tilecore.stack.pixel_medians import Middle, find_medians, pixel_stacks


@njit()
def _limited(values: np.ndarray, out: np.ndarray) -> None:
    limit = splat(np.float32(1))
    for row in range(len(values)):
        value = vector(values, (row, 1))
        store(out, (row, 0), choose(value, limit, multiply_add(value, value, limit), limit))


def test_a_vector_is_read_and_written_where_its_place_says_and_nan_is_below_nothing() -> None:
    values = np.linspace(-1, 2, 3 * (LANES + 1), dtype=np.float32).reshape(3, LANES + 1)
    values[1, 2], out = np.nan, np.full((3, LANES + 2), 7, np.float32)
    _limited(values, out)
    inside = values[:, 1:]
    np.testing.assert_allclose(out[:, :LANES], np.where(inside < 1, inside * inside + 1, 1), rtol=1e-6)
    assert (out[:, LANES:] == 7).all()


@pytest.mark.parametrize("width", [5, STRIP + 3])
@pytest.mark.parametrize("n", [3, 4, 17, 18])
def test_medians_leave_out_missing_values(n: int, width: int) -> None:
    random = np.random.default_rng(n)
    cube = random.normal(0, 1, (n, 3, width)).astype(np.float32)
    valid = (random.random(cube.shape) < 0.7).astype(np.float32)
    cube[0, 0, ::2], cube[1, 0, 1::3], cube[2, 1, ::5] = np.nan, np.inf, -np.inf
    valid[:, 2, 1] = 0
    found = Middle(*(np.full(cube.shape[1:], 9, np.float32) for _ in Middle._fields))
    find_medians(0, 3, pixel_stacks(cube, valid, np.ones(n, np.float32)), median_network(n + n % 2), 2.0, 2.5, found)
    known = (valid > 0) & np.isfinite(cube)
    for y, x in np.ndindex(3, width):
        values = cube[known[:, y, x], y, x]
        assert found.covered[y, x] == len(values)
        median = np.median(values) if len(values) else 0
        assert found.median[y, x] == np.float32(median)
        if ((values - median > 2.5) | (values - median < -2)).any() and n >= 16:
            assert found.suspect[y, x]


@pytest.mark.parametrize("width", [20, 24, 40])
def test_a_narrow_frame_is_warped_as_a_part_of_a_wide_one(width: int) -> None:
    wide = np.random.default_rng(1).random((1, 30, 90)).astype(np.float32)
    matrix = np.array([[1.02, 0.01, 0.3], [-0.01, 0.99, 0.4], [0, 0, 1]])
    narrow = np.ascontiguousarray(wide[:, :, :width])
    window = Window(8, 6, 10, width - 12)
    part, valid = warp_block(FrameRows(narrow, (30, width)), matrix, window)
    whole, _ = warp_block(FrameRows(wide, (30, 90)), matrix, window)
    inner = slice(2, width - 17)  # there both are sampled in two passes
    assert (valid[:, inner] == 1).all()
    np.testing.assert_allclose(part[:, inner], whole[:, inner], atol=1e-6)
