"""The running mean and variance against their closed form, and its rejection."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tilecore.stack.grid import TileGrid, axis_windows, interpolate_tiles, make_grid
from tilecore.stack.running_mean import RunningStack, TileValues, add, outliers

SHAPE = (37, 41)
GRID = make_grid(SHAPE, 1.0, size_factor=1.0, min_size=16, max_divisor=1, overlap=0.5)


def everywhere(shape: tuple[int, int], weight: float, noise: float) -> TileValues:
    one = TileGrid(shape, max(shape), 0, (0,), (0,))
    return TileValues(np.full((1, 1), weight), np.full((1, 1), noise), axis_windows(one))


def frames(seed: int, n: int, level: float) -> tuple[np.ndarray, np.ndarray, list[TileValues]]:
    """Frames whose noise and weights vary over tiles, independently of each other; some pixels have no data."""
    rng = np.random.default_rng(seed)
    tiles = [TileValues(rng.uniform(0.2, 3, (GRID.n_y, GRID.n_x)), rng.uniform(0.3, 2, (GRID.n_y, GRID.n_x)), axis_windows(GRID))
             for _ in range(n)]
    sigma = np.stack([np.sqrt(interpolate_tiles(t.noise**2, GRID)) for t in tiles])
    pixels = (level + rng.normal(size=(n, *SHAPE)) * sigma).astype(np.float32)
    return pixels, rng.choice([0.0, 0.5, 1.0], (n, *SHAPE), p=[0.2, 0.1, 0.7]).astype(np.float32), tiles


def at_once(pixels: np.ndarray, valid: np.ndarray, tiles: list[TileValues]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, sum of weights and its variance from the frames' noise, all in float64."""
    share = np.stack([interpolate_tiles(t.weight, GRID) for t in tiles]).astype(np.float64) * valid
    variance = np.stack([interpolate_tiles(t.noise**2, GRID) for t in tiles])
    total = share.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (share * pixels).sum(axis=0) / total, total, (share**2 * variance).sum(axis=0) / total**2


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.sampled_from([0.0, 1.0, 1000.0]))
def test_mean_and_noise_are_those_of_all_frames_at_once(seed: int, n: int, level: float) -> None:
    pixels, valid, tiles = frames(seed, n, level)
    stack = RunningStack.empty((1, *SHAPE))
    for p, v, t in zip(pixels, valid, tiles, strict=True):
        add(stack, 0, p, v, t)
    mean, total, variance = at_once(pixels, valid, tiles)
    seen = total > 0
    np.testing.assert_allclose(stack.mean[0][seen], mean[seen], atol=4e-6 * max(level, 1))
    np.testing.assert_allclose(stack.weight[0], total, rtol=1e-5)
    np.testing.assert_allclose(stack.variance()[0], np.where(seen, variance, np.nan), rtol=1e-4)
    np.testing.assert_array_equal(stack.count[0], (valid > 0).sum(axis=0))
    assert not stack.rejected.any() and (stack.mean[0][~seen] == 0).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.permutations(range(12)))
def test_with_inverse_variances_the_scatter_is_the_weighted_second_moment_in_any_order(seed: int, order: list[int]) -> None:
    pixels, valid, _ = frames(seed, 12, 1.0)
    noise = np.random.default_rng(seed).uniform(0.3, 2, 12)
    stack = RunningStack.empty((1, *SHAPE))
    for i in order:
        add(stack, 0, pixels[i], (valid[i] > 0).astype(np.float32), everywhere(SHAPE, noise[i] ** -2, noise[i]))
    share = noise[:, None, None] ** -2 * (valid > 0)
    seen = share.sum(axis=0) > 0
    mean = (share * pixels).sum(axis=0)[seen] / share.sum(axis=0)[seen]
    moment = (share[:, seen] * (pixels[:, seen].astype(np.float64) - mean) ** 2).sum(axis=0)
    np.testing.assert_allclose(stack.scatter[0][seen], moment, rtol=1e-3, atol=1e-4)


def test_the_variance_is_that_of_the_mean_and_the_scatter_tells_of_noise_that_was_not_told() -> None:
    means, ratios = [], []
    variance = np.zeros(SHAPE)
    for seed in range(60):
        pixels, _, tiles = frames(seed, 8, 0.0)
        rng = np.random.default_rng(1000)  # weights and noise of all sessions alike
        stacks = RunningStack.empty((2, *SHAPE))
        for p, t in zip(pixels, tiles, strict=True):
            weight, noise = rng.uniform(0.2, 3, t.weight.shape), rng.uniform(0.3, 2, t.noise.shape)
            shown = p * np.sqrt(interpolate_tiles(noise**2, GRID) / interpolate_tiles(t.noise**2, GRID))
            for channel, told in enumerate((1.0, 0.5)):
                add(stacks, channel, shown, np.ones(SHAPE, np.float32), TileValues(weight, told * noise, t.windows))
        means.append(stacks.mean[0].copy())
        variance = stacks.variance()[0]
        ratios.append(stacks.scatter.mean(axis=(1, 2)) / 7)
    assert abs(np.median(np.var(means, axis=0) / variance) - 1) < 0.05
    np.testing.assert_allclose(np.mean(ratios, axis=0), [1, 4], rtol=0.02)


def test_weights_change_smoothly_from_tile_to_tile() -> None:
    stack = RunningStack.empty((1, *SHAPE))
    tiles = frames(5, 1, 0.0)[2][0]
    add(stack, 0, np.zeros(SHAPE, np.float32), np.ones(SHAPE, np.float32), tiles)
    np.testing.assert_allclose(stack.weight[0], interpolate_tiles(tiles.weight, GRID), rtol=1e-5)


def test_a_satellite_is_rejected_and_noise_is_not() -> None:
    rng = np.random.default_rng(3)
    stack, lost = RunningStack.empty((1, 60, 60)), 0
    good, unit = np.ones((60, 60), np.float32), everywhere((60, 60), 1.0, 1.0)
    for i in range(60):
        pixels = rng.normal(100, 1, (60, 60)).astype(np.float32)
        if i == 30:
            pixels[20] += 12
        lost += add(stack, 0, pixels, good, unit, outliers(stack, 0, pixels, good, unit))
    assert (stack.rejected[0, 20] >= 1).all()
    assert lost - 60 < 0.001 * 60 * 3600
    assert abs(stack.mean[0, 20].mean() - 100) < 0.1
    ratio = np.median(stack.variance()[0]) * 60
    assert 0.9 < ratio < 1.1
