"""What holds for the weighted mean of any frames."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tilecore.stack.grid import TileGrid, axis_windows, make_grid
from tilecore.stack.weighted_mean import Combined, combine

seeds = st.integers(0, 10**6)


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, ...]:
    """Cube, validity, mask, weights over many orders of magnitude, noise, grid."""
    n = draw(st.integers(1, 9))
    shape = (draw(st.integers(1, 45)), draw(st.integers(1, 45)))
    r = np.random.default_rng(draw(seeds))
    grid = make_grid(shape, 2.0, size_factor=10, min_size=16, max_divisor=2, overlap=draw(st.floats(0, 0.5)))
    cube = r.normal(0.01, 0.001, (n, *shape)).astype(np.float32)
    valid = np.clip(r.uniform(-0.5, 2, cube.shape), 0, 1).astype(np.float32)
    mask = (r.random(cube.shape) < 0.2).astype(np.uint8)
    weights = np.exp(r.normal(0, draw(st.floats(0, 10)), (n, grid.n_y, grid.n_x)))
    weights[r.random(weights.shape) < 0.1] = 0
    return cube, valid, mask, weights, r.uniform(0.5, 2, weights.shape) * 0.001, grid


def stack(cube: np.ndarray, valid: np.ndarray, mask: np.ndarray, weights: np.ndarray, noise: np.ndarray,
          grid: TileGrid) -> Combined:
    return combine(cube, valid, mask, weights, noise, axis_windows(grid))


@settings(max_examples=60, deadline=None)
@given(cases(), st.floats(1e-4, 1.0))
def test_a_constant_comes_out_as_that_constant_whatever_the_weights(case: tuple[np.ndarray, ...], value: float) -> None:
    cube, valid, *rest = case
    found = stack(np.full_like(cube, value), valid, *rest)
    covered = (valid > 0).any(axis=0)
    assert np.allclose(found.mean[covered], value, rtol=1e-6, atol=0)
    assert (found.mean[~covered] == 0).all() and (found.count[~covered] == 0).all()


@settings(max_examples=60, deadline=None)
@given(cases(), seeds)
def test_the_order_of_the_frames_does_not_matter(case: tuple[np.ndarray, ...], seed: int) -> None:
    *frames, grid = case
    order = np.random.default_rng(seed).permutation(len(frames[0]))
    a, b = stack(*frames, grid), stack(*(x[order] for x in frames), grid)
    for name in ("mean", "variance", "weight", "count", "rejected"):
        assert np.allclose(getattr(a, name), getattr(b, name), rtol=1e-6, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(cases(), st.floats(-1e30, 1e30))
def test_masked_and_invalid_pixels_never_influence_the_result(case: tuple[np.ndarray, ...], garbage: float) -> None:
    cube, valid, mask, *rest = case
    mask[:, (valid * (mask == 0)).max(axis=0) == 0] = 0  # where nothing survives rejection is undone
    changed = np.where((mask > 0) | (valid == 0), np.float32(garbage), cube)
    assert stack(cube, valid, mask, *rest).mean.tobytes() == stack(changed, valid, mask, *rest).mean.tobytes()


@settings(max_examples=60, deadline=None)
@given(cases())
def test_the_mean_lies_between_the_least_and_the_largest_value(case: tuple[np.ndarray, ...]) -> None:
    cube, valid, *rest = case
    found = stack(cube, valid, *rest)
    good = valid > 0
    covered = good.any(axis=0)
    least, largest = np.where(good, cube, np.inf).min(axis=0), np.where(good, cube, -np.inf).max(axis=0)
    assert (found.mean[covered] >= least[covered] - 1e-7).all() and (found.mean[covered] <= largest[covered] + 1e-7).all()


@settings(max_examples=60, deadline=None)
@given(cases(), seeds)
def test_nothing_that_comes_in_makes_a_nan_or_an_infinity(case: tuple[np.ndarray, ...], seed: int) -> None:
    cube, valid, mask, weights, noise, grid = case
    r = np.random.default_rng(seed)
    for array in (cube, valid, weights, noise):
        for value in (np.nan, np.inf, -np.inf, 0.0, 1e-300 if array.dtype == np.float64 else 1e-38):
            array[r.random(array.shape) < 0.1] = value
    valid[valid == np.inf] = 1
    found = stack(cube, valid, mask, weights, noise, grid)
    assert all(np.isfinite(getattr(found, k)).all() for k in ("mean", "variance", "weight", "count", "rejected"))


@settings(max_examples=40, deadline=None)
@given(cases(), st.floats(0.1, 10), st.floats(-1, 1))
def test_the_mean_is_linear_in_the_pixels(case: tuple[np.ndarray, ...], gain: float, offset: float) -> None:
    cube, valid, *rest = case
    a, b = stack(cube, valid, *rest), stack((gain * cube + offset).astype(np.float32), valid, *rest)
    covered = (valid > 0).any(axis=0)
    assert np.allclose(b.mean[covered], (gain * a.mean + offset)[covered], rtol=1e-5, atol=1e-6)
