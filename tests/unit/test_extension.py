"""Adding frames to a stack: the sums, the units, and rejection by a mean that is known."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from orchestrator.stacking.blocks import Block
from orchestrator.stacking.extension import combined, in_earlier_units, kept_frames
from orchestrator.stacking.state import KeptFrames, Stack
from tilecore.stack.grid import axis_windows, make_grid
from tilecore.stack.reject import RejectionRule, ShotNoise
from tilecore.stack.reject_from_mean import KnownMean, outliers_from_mean
from tilecore.stack.weighted_mean import TileMean

SHAPE = (48, 64)
NOISE = 0.01
EVERYWHERE = Block(0, SHAPE[0], 0, SHAPE[1])


def stack_of(cube: np.ndarray, weights: np.ndarray, mask: np.ndarray) -> tuple[Stack, np.ndarray]:
    """The weighted mean of frames (N, h, w) with one weight each, and the plain mean."""
    grid = make_grid(SHAPE, 3.0, size_factor=8, min_size=16, max_divisor=2, overlap=0.5)
    window, _ = axis_windows(grid).part(slice(0, SHAPE[0]), slice(0, SHAPE[1]))
    mean, tiles = TileMean(window), (len(cube), grid.n_y, grid.n_x)
    mean.add(cube, np.ones_like(cube), mask, np.broadcast_to(weights[:, None, None], tiles), np.full(tiles, NOISE),
             np.arange(len(cube)) % 2 == 1)
    found = mean.result()
    return Stack(*(getattr(found, f.name)[None] for f in fields(Stack))), found.uniform[None]


def test_the_sum_of_two_stacks_is_the_stack_of_all_frames() -> None:
    rng = np.random.default_rng(3)
    cube = rng.normal(0.1, NOISE, (14, *SHAPE)).astype(np.float32)
    weights, mask = rng.uniform(0.5, 1, 14), (rng.random(cube.shape) < 0.02).astype(np.uint8)
    whole, plain = stack_of(cube, weights, mask)
    first, first_plain = stack_of(cube[:10], weights[:10], mask[:10])
    combined(first, first_plain, *stack_of(cube[10:], weights[10:], mask[10:]), EVERYWHERE)
    for name in ("mean", "variance", "weight", "count", "rejected"):
        np.testing.assert_allclose(getattr(first, name), getattr(whole, name), rtol=2e-5, err_msg=name)
    np.testing.assert_allclose(first_plain, plain, rtol=2e-5)
    assert np.std(first.noise) == pytest.approx(np.std(whole.noise), rel=0.05)


def test_a_single_frame_keeps_the_noise_image_at_the_noise_of_the_mean() -> None:
    cube = np.random.default_rng(4).normal(0.1, NOISE, (11, *SHAPE)).astype(np.float32)
    mask = np.zeros(cube.shape, np.uint8)
    mask[10, 5, 5] = 1  # its only value is rejected: nothing is added there
    first, plain = stack_of(cube[:10], np.ones(10), mask[:10])
    before = first.mean.copy(), first.noise.copy(), plain.copy()
    added, added_plain = stack_of(cube[10:], np.ones(1), np.zeros_like(mask[10:]))
    added.rejected[:, 5, 5], added.weight[:, 5, 5] = 1, 0
    combined(first, plain, added, added_plain, EVERYWHERE)
    assert [a[0, 5, 5] for a in (first.mean, first.noise, plain)] == [a[0, 5, 5] for a in before]
    assert first.count[0, 5, 5] == 11 and first.rejected[0, 5, 5] == 1
    assert np.std(first.noise) == pytest.approx(np.sqrt(10 / 11) * np.std(before[1]), rel=0.01)


def test_frames_that_stay_keep_their_values_and_others_get_their_unit() -> None:
    kept = KeptFrames(np.array([0, 2, 3]), np.array([1, 0, 2]), np.array([1]))
    now = np.array([[2.0, 5.0, 4.0, 6.0]])
    np.testing.assert_allclose(in_earlier_units(kept, now, np.array([[2.0, 1.0, 3.0]]), factor=True), [[1, 2.5, 2, 3]])
    np.testing.assert_allclose(in_earlier_units(kept, now, now[:, [2, 0, 3]] - 1, factor=False), [[1, 4, 3, 5]])


def test_frames_are_known_by_their_ids_wherever_they_are_in_the_session() -> None:
    kept = kept_frames(("a", "b", "c"), ("x", "c", "a", "y", "b"))
    assert (kept.now.tolist(), kept.before.tolist(), kept.new.tolist()) == ([1, 2, 4], [2, 0, 1], [0, 3])


def test_what_deviates_from_the_known_mean_is_rejected_and_stars_are_not() -> None:
    rng = np.random.default_rng(5)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    scene = (0.1 + 0.5 * np.exp(-((x - 30) ** 2 + (y - 20) ** 2) / 8)).astype(np.float32)
    cube = rng.normal(scene, NOISE, (2, *SHAPE)).astype(np.float32)
    cube[1] += 0.2 * (scene - 0.1)  # a sharper frame
    cube[0, 40, 10:20] += 10 * NOISE
    cube[1, 8, 8] = np.nan
    known = KnownMean(scene, np.full(SHAPE, NOISE**2 / 20, np.float32), np.full(SHAPE, 20, np.float32))
    args = cube, np.ones_like(cube), np.full(2, NOISE, np.float32), known
    mask = outliers_from_mean(*args, RejectionRule(low=5, high=5), ShotNoise(1e-4, 0.1))
    assert mask[0, 40, 10:20].all() and mask.sum() == 10
    assert not outliers_from_mean(*args, RejectionRule("none")).any()
    few = KnownMean(known.mean, known.variance, np.full(SHAPE, 2, np.float32))
    assert not outliers_from_mean(*args[:3], few).any()
    with pytest.raises(ValueError, match="are not"):
        outliers_from_mean(cube, cube[0], np.ones(2, np.float32), known)
