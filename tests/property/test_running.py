"""The running mean and variance against their closed form, and its rejection."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tilecore.running import RunningStack, add

SHAPE = (9, 11)


def frames(seed: int, n: int, level: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    weights = rng.uniform(0.2, 3, n)
    pixels = (level + rng.normal(size=(n, *SHAPE)) / np.sqrt(weights)[:, None, None]).astype(np.float32)
    valid = rng.choice([0.0, 0.5, 1.0], (n, *SHAPE), p=[0.2, 0.1, 0.7]).astype(np.float32)
    return pixels, valid, weights


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.sampled_from([0.0, 1.0, 1000.0]))
def test_mean_and_variance_are_those_of_all_frames_at_once(seed: int, n: int, level: float) -> None:
    pixels, valid, weights = frames(seed, n, level)
    stack = RunningStack.empty((1, *SHAPE))
    for p, v, w in zip(pixels, valid, weights, strict=True):
        add(stack, 0, p, v, weight=w, noise=1 / np.sqrt(w), high=np.inf, low=np.inf)
    share = weights[:, None, None] * valid
    total = share.sum(axis=0)
    seen = total > 0
    mean = (share * pixels.astype(np.float64)).sum(axis=0)[seen] / total[seen]
    moment = (share[:, seen] * (pixels[:, seen] - mean) ** 2).sum(axis=0)
    np.testing.assert_allclose(stack.mean[0][seen], mean, atol=2e-6 * max(level, 1))
    np.testing.assert_allclose(stack.moment[0][seen], moment, rtol=1e-3, atol=1e-3 * max(level / 100, 1))
    np.testing.assert_allclose(stack.weight[0], total, rtol=1e-5)
    np.testing.assert_array_equal(stack.count[0], (valid > 0).sum(axis=0))
    assert not stack.rejected.any() and (stack.mean[0][~seen] == 0).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.permutations(range(12)))
def test_the_order_of_frames_does_not_matter_without_rejection(seed: int, order: list[int]) -> None:
    pixels, valid, weights = frames(seed, 12, 1.0)
    results = []
    for sequence in (range(12), order):
        stack = RunningStack.empty((1, *SHAPE))
        for i in sequence:
            add(stack, 0, pixels[i], valid[i], weight=weights[i], noise=1.0, high=np.inf, low=np.inf)
        results.append(stack)
    np.testing.assert_allclose(results[0].mean, results[1].mean, atol=1e-5)
    np.testing.assert_allclose(results[0].moment, results[1].moment, rtol=1e-3, atol=1e-4)


def test_a_satellite_is_rejected_and_noise_is_not() -> None:
    rng = np.random.default_rng(3)
    stack = RunningStack.empty((1, 60, 60))
    lost = 0
    for i in range(60):
        pixels = rng.normal(100, 1, (60, 60)).astype(np.float32)
        if i == 30:
            pixels[20] += 12
        lost += add(stack, 0, pixels, np.ones((60, 60), np.float32), weight=1.0, noise=1.0)
    assert (stack.rejected[0, 20] >= 1).all()
    assert lost - 60 < 0.001 * 60 * 3600
    assert abs(stack.mean[0, 20].mean() - 100) < 0.1
    ratio = np.median(stack.variance()[0]) * 60
    assert 0.9 < ratio < 1.1


def test_the_variance_is_that_of_the_mean_for_frames_of_unlike_noise() -> None:
    rng = np.random.default_rng(4)
    stack = RunningStack.empty((1, 80, 80))
    for noise in (1.0, 3.0, 0.5) * 20:
        add(stack, 0, rng.normal(0, noise, (80, 80)).astype(np.float32), np.ones((80, 80), np.float32), weight=noise**-2,
            noise=noise)
    assert abs(stack.mean.std() / np.sqrt(np.median(stack.variance())) - 1) < 0.05
