"""The weighted mean against its formula, and groups of frames against all at once."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from tilecore.stack.grid import AxisWindows, TileGrid, axis_windows, interpolate_tiles, make_grid
from tilecore.stack.reject import reject
from tilecore.stack.weighted_mean import Combined, TileMean, combine

NOISE = 0.001


def small_grid(shape: tuple[int, int]) -> TileGrid:
    return make_grid(shape, 2.0, size_factor=10, min_size=16, max_divisor=2, overlap=0.5)


def stack(cube: np.ndarray, valid: np.ndarray, mask: np.ndarray, weights: np.ndarray, noise: np.ndarray, grid: TileGrid,
          rows: slice = slice(None), columns: slice = slice(None)) -> Combined:
    w = axis_windows(grid)
    return combine(cube[:, rows, columns], valid[:, rows, columns], mask[:, rows, columns], weights, noise,
                   AxisWindows(w.index_y[rows], w.weight_y[rows], w.index_x[columns], w.weight_x[columns]))


def case(n: int = 9, shape: tuple[int, int] = (50, 70), seed: int = 0) -> tuple[np.ndarray, ...]:
    r = np.random.default_rng(seed)
    grid = small_grid(shape)
    cube = r.normal(0.01, NOISE, (n, *shape)).astype(np.float32)
    valid = np.clip(r.uniform(-0.2, 2, cube.shape), 0, 1).astype(np.float32)
    mask = (r.random(cube.shape) < 0.1).astype(np.uint8)
    weights = r.uniform(0, 1, (n, grid.n_y, grid.n_x))
    noise = r.uniform(0.5, 2, weights.shape) * NOISE
    return cube, valid, mask, weights, noise, grid


def twin(cube: np.ndarray, valid: np.ndarray, mask: np.ndarray, weights: np.ndarray, noise: np.ndarray,
         grid: TileGrid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, variance and weight as METHODS 7 writes them, with cubes of weights and variances."""
    w = np.array([interpolate_tiles(t, grid) for t in weights], np.float64) * valid * (mask == 0) * np.isfinite(cube)
    variance = np.array([interpolate_tiles(t, grid) for t in noise**2], np.float64)
    total = w.sum(axis=0)
    return (w * np.nan_to_num(cube)).sum(axis=0) / total, (w**2 * variance).sum(axis=0) / total**2, total


def test_mean_variance_and_weight_follow_their_formulas() -> None:
    arguments = case()
    found = stack(*arguments)
    mean, variance, weight = twin(*arguments)
    assert np.allclose(found.mean, mean, rtol=1e-5)
    assert np.allclose(found.variance, variance, rtol=1e-4)
    assert np.allclose(found.weight, weight, rtol=1e-5)


def test_frames_with_data_and_frames_rejected_are_counted() -> None:
    cube, valid, mask, *rest = case()
    found = stack(cube, valid, mask, *rest)
    assert np.array_equal(found.count, (valid > 0).sum(axis=0))
    assert np.array_equal(found.rejected, ((valid > 0) & (mask > 0)).sum(axis=0))


def test_a_block_of_rows_and_columns_gives_the_same_bytes_as_the_whole() -> None:
    arguments = case()
    whole, part = stack(*arguments), stack(*arguments, rows=slice(11, 37), columns=slice(20, 64))
    for name in ("mean", "variance", "weight", "count", "rejected"):
        assert np.array_equal(getattr(whole, name)[11:37, 20:64], getattr(part, name))


def test_the_bytes_do_not_depend_on_the_number_of_threads() -> None:
    most = numba.get_num_threads()
    results = []
    for threads in {1, most}:
        numba.set_num_threads(threads)
        results.append(stack(*case()).mean.tobytes())
    numba.set_num_threads(most)
    assert len(set(results)) == 1


def test_the_variance_is_that_of_many_stacks() -> None:
    n, shape = 6, (30, 40)
    grid = small_grid(shape)
    r = np.random.default_rng(1)
    weights = r.uniform(0.1, 1, (n, grid.n_y, grid.n_x))
    noise = np.broadcast_to(r.uniform(0.5, 2, (n, 1, 1)), weights.shape)
    one, zero = np.ones((n, *shape), np.float32), np.zeros((n, *shape), np.uint8)
    stacks = [stack(r.normal(0, noise[:, :1, :1], (n, *shape)).astype(np.float32), one, zero, weights, noise, grid)
              for _ in range(200)]
    measured = np.var([s.mean for s in stacks], axis=0).mean()
    assert measured == pytest.approx(stacks[0].variance.mean(), rel=0.03)


def test_noise_free_star_fluxes_keep_their_ratios_to_1_mmag_whatever_the_weights() -> None:
    shape, n = (192, 192), 7
    grid = make_grid(shape, 3.0, size_factor=24, min_size=64, max_divisor=2, overlap=0.5)  # 72 px, as by default
    r = np.random.default_rng(2)
    yy, xx = np.mgrid[:192, :192]
    positions, fluxes = [(40, 40), (40, 150), (150, 40), (150, 150), (93, 99)], np.array([0.01, 0.1, 1, 10, 0.5])
    cube = np.zeros((n, *shape))
    for f in range(n):
        s = r.uniform(0.9, 1.9)
        for (y, x), flux in zip(positions, fluxes, strict=True):
            cube[f] += flux / (2 * np.pi * s**2) * np.exp(-((yy - y) ** 2 + (xx - x) ** 2) / (2 * s**2))
    # Weights as they are made: each frame its own, varying over the field by a third.
    weights = np.exp(r.normal(0, 1, (n, 1, 1))) * r.uniform(0.85, 1.15, (n, grid.n_y, grid.n_x))
    mean = stack(cube.astype(np.float32), np.ones_like(cube, np.float32), np.zeros(cube.shape, np.uint8), weights,
                 np.ones(weights.shape), grid).mean
    measured = np.array([mean[y - 11: y + 12, x - 11: x + 12].sum(dtype=np.float64) for y, x in positions])
    assert np.abs(2500 * np.log10(measured / fluxes)).max() < 1


def test_pixels_without_data_are_zero_with_coverage_zero() -> None:
    cube, valid, mask, weights, noise, grid = case()
    valid[:, 3, 4] = 0
    cube[:, 5, 6] = np.nan
    found = stack(cube, valid, mask, weights, noise, grid)
    for y, x in ((3, 4), (5, 6)):
        assert all(getattr(found, k)[y, x] == 0 for k in ("mean", "variance", "weight", "count", "rejected"))


def test_where_all_weights_vanish_the_plain_mean_is_taken() -> None:
    cube, valid, mask, weights, noise, grid = case()
    found = stack(cube, valid, mask, np.zeros_like(weights), noise, grid)
    good = (valid > 0) & (mask == 0)
    assert np.allclose(found.mean, np.where(good, cube, 0).sum(axis=0) / good.sum(axis=0), rtol=1e-5)
    assert (found.variance > 0).all() and (found.weight == 0).all()


def test_where_every_frame_is_rejected_the_unclipped_mean_is_taken() -> None:
    cube, valid, mask, weights, noise, grid = case()
    mask[:, 10, 10] = 1
    found, unclipped = (stack(cube, valid, m, weights, noise, grid) for m in (mask, np.zeros_like(mask)))
    assert found.mean[10, 10] == unclipped.mean[10, 10] and found.rejected[10, 10] == 0


def test_weights_that_are_no_numbers_count_as_zero() -> None:
    cube, valid, mask, weights, noise, grid = case()
    broken, without = weights.copy(), weights.copy()
    broken[2], broken[3], broken[4], without[2:5] = np.nan, np.inf, -1.0, 0
    a, b = (stack(cube, valid, mask, w, noise, grid) for w in (broken, without))
    assert a.mean.tobytes() == b.mean.tobytes()


def test_frames_in_groups_give_what_they_give_at_once() -> None:
    cube, valid, mask, weights, noise, grid = case(60)
    mask[:] &= (np.arange(60) % 3 == 0)[:, None, None]  # so that no group loses all
    cube[7, 20:30] = np.nan
    mean = TileMean(axis_windows(grid))
    for first in range(4):
        part = slice(first, None, 4)
        mean.add(cube[part], valid[part], mask[part], weights[part], noise[part])
    at_once, in_groups = stack(cube, valid, mask, weights, noise, grid), mean.result()
    for name in ("mean", "variance", "weight", "count", "rejected", "uniform"):
        assert np.allclose(getattr(at_once, name), getattr(in_groups, name), rtol=1e-6, atol=1e-12), name


def test_groups_reject_what_all_frames_at_once_reject() -> None:
    n, shape = 240, (40, 40)
    grid = small_grid(shape)
    r = np.random.default_rng(3)
    yy, xx = np.mgrid[:40, :40]
    cube = r.normal(0.01, NOISE, (n, *shape)).astype(np.float32)
    cube += (2 * np.exp(-((yy - 20) ** 2 + (xx - 21) ** 2) / 5)).astype(np.float32)
    outliers = r.random(cube.shape) < 0.003
    cube[outliers] += 0.05
    valid, weights = np.ones_like(cube), r.uniform(0.5, 1, (n, grid.n_y, grid.n_x))
    noise, sigma = np.full(weights.shape, NOISE), np.full(n, NOISE, np.float32)
    mask = reject(cube, valid, sigma)
    exact = stack(cube, valid, mask, weights, noise, grid)
    mean = TileMean(axis_windows(grid))
    for first in range(4):
        part = slice(first, None, 4)
        mean.add(cube[part], valid[part], reject(cube[part], valid[part], sigma[part]), weights[part], noise[part])
    flat = np.hypot(yy - 20, xx - 21) > 8  # elsewhere outliers may hide in the contrast of the star
    assert mask[:, flat][outliers[:, flat]].mean() > 0.99
    error = NOISE / np.sqrt(n)
    difference = mean.result().mean - exact.mean
    assert difference[flat].std() < 0.15 * error and np.abs(difference[flat]).max() < 3 * error
    assert np.abs(difference[~flat]).max() < 3 * 0.05 / n


def test_the_block_may_be_a_part_of_the_cube() -> None:
    cube, valid, mask, weights, noise, grid = case()
    windows, tiles = axis_windows(grid).part(slice(7, 29), slice(11, 38))
    inner = np.s_[:, 7:29, 11:38]
    own = tuple(np.ascontiguousarray(w[:, tiles[0][:, None], tiles[1]]) for w in (weights, noise))
    one, other = TileMean(windows), TileMean(windows)
    one.add(*(np.ascontiguousarray(a[inner]) for a in (cube, valid, mask)), *own)
    other.add(cube, valid, mask, *own, corner=(7, 11))
    for name, found in vars(one.result()).items():
        assert np.array_equal(found, getattr(other.result(), name), equal_nan=True), name
    for corner in ((-1, 0), (0, cube.shape[2] - 26)):
        with pytest.raises(ValueError, match="does not hold the block"):
            other.add(cube, valid, mask, *own, corner=corner)


def test_no_frames_give_zeros() -> None:
    assert not any(np.any(a) for a in vars(TileMean(axis_windows(small_grid((30, 40)))).result()).values())


def test_the_noise_image_is_the_scaled_difference_of_the_two_halves() -> None:
    cube, valid, mask, weights, noise, grid = case()
    second = np.arange(len(cube)) % 2 == 1
    mean = TileMean(axis_windows(grid))
    mean.add(cube, valid, mask, weights, noise, second)
    whole = mean.result()
    one, other = (stack(cube[h], valid[h], mask[h], weights[h], noise[h], grid) for h in (~second, second))
    both = (one.weight > 0) & (other.weight > 0) & (one.rejected < one.count) & (other.rejected < other.count)
    share = one.weight / np.maximum(whole.weight, 1e-30)
    expected = np.sqrt(np.clip(share * (1 - share), 0, None)) * (one.mean - other.mean)
    known = both & (np.minimum(share, 1 - share) > 0.05)
    assert known.mean() > 0.3
    assert np.allclose(whole.noise[known], expected[known], rtol=2e-3, atol=1e-6)


def test_the_noise_image_has_the_noise_of_the_mean_and_no_stars() -> None:
    r = np.random.default_rng(5)
    n, shape = 13, (80, 90)
    grid = small_grid(shape)
    sky = 0.01 + r.uniform(0, 0.5, shape) ** 4
    sigma = np.repeat(r.uniform(0.5, 2, n) * NOISE, grid.n_y * grid.n_x).reshape(n, grid.n_y, grid.n_x)
    cube = (sky + sigma[:, :1, :1] * r.standard_normal((n, *shape))).astype(np.float32)
    mean = TileMean(axis_windows(grid))
    mean.add(cube, np.ones_like(cube), np.zeros(cube.shape, np.uint8), sigma**-2.0, sigma, np.arange(n) % 2 == 1)
    found = mean.result()
    for image in (found.noise, found.mean - sky):
        assert np.std(image) == pytest.approx(float(np.sqrt(np.median(found.variance))), rel=0.04)


def test_without_a_second_half_the_noise_is_not_known() -> None:
    cube, valid, mask, weights, noise, grid = case()
    found = stack(cube, valid, mask, weights, noise, grid)
    assert np.isnan(found.noise[found.weight > 0]).all()
