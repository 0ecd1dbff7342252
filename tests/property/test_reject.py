"""What holds for the rejection of any values."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tilecore.stack.reject import METHODS, RejectionRule, grow, reject

NOISE = 0.001


@st.composite
def cubes(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Frames with outliers, holes and NaN: cube, validity, noise."""
    n = draw(st.integers(1, 14))
    r = np.random.default_rng(draw(st.integers(0, 10**6)))
    cube = r.normal(0.01, NOISE, (n, 6, 7)).astype(np.float32)
    cube += np.where(r.random(cube.shape) < 0.15, r.normal(0, 0.05, cube.shape), 0).astype(np.float32)
    cube[r.random(cube.shape) < 0.05] = np.nan
    return cube, (r.random(cube.shape) < 0.9).astype(np.float32), r.uniform(0.5, 2, n).astype(np.float32) * np.float32(NOISE)


methods = st.sampled_from(METHODS)


@settings(max_examples=60, deadline=None)
@given(cubes(), methods, st.integers(1, 6))
def test_enough_frames_survive_and_only_data_are_rejected(
    case: tuple[np.ndarray, np.ndarray, np.ndarray], method: str, least: int,
) -> None:
    cube, valid, sigma = case
    mask = reject(cube, valid, sigma, RejectionRule(method=method, min_survivors=least))
    data = (valid > 0) & np.isfinite(cube)
    assert mask.dtype == np.uint8 and set(np.unique(mask)) <= {0, 1}
    assert not mask[~data].any()
    touched = mask.any(axis=0)
    assert ((data & (mask == 0)).sum(axis=0)[touched] >= least).all()


@settings(max_examples=60, deadline=None)
@given(cubes(), methods)
def test_the_order_of_the_frames_does_not_matter(case: tuple[np.ndarray, np.ndarray, np.ndarray], method: str) -> None:
    cube, valid, sigma = case
    order = np.random.default_rng(len(cube)).permutation(len(cube))
    mask = reject(cube, valid, sigma, RejectionRule(method=method))
    again = reject(cube[order], valid[order], sigma[order], RejectionRule(method=method))
    # Sums of floats in another order may move a value across a threshold that it touches.
    assert (mask[order] != again).sum() <= 1


@settings(max_examples=60, deadline=None)
@given(cubes(), methods, st.floats(-1e6, 1e6))
def test_what_lies_under_invalid_pixels_has_no_influence(
    case: tuple[np.ndarray, np.ndarray, np.ndarray], method: str, garbage: float,
) -> None:
    cube, valid, sigma = case
    changed = np.where(valid > 0, cube, np.float32(garbage))
    rule = RejectionRule(method=method)
    assert np.array_equal(reject(cube, valid, sigma, rule), reject(changed, valid, sigma, rule))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["sigma", "winsorized", "mad", "linear_fit", "gesd"]), st.integers(4, 20), st.integers(0, 10**6),
       st.floats(60, 1e5), st.booleans())
def test_one_gross_outlier_is_rejected_in_any_number_of_frames(
    method: str, n: int, seed: int, height: float, positive: bool,
) -> None:
    if method == "gesd":
        n += 4  # its scale comes from the values: of four, no outlier stands out surely enough
    cube = np.random.default_rng(seed).normal(0.01, NOISE, (n, 5, 5)).astype(np.float32)
    cube[seed % n, 2, 3] += np.float32(height * NOISE * (1 if positive else -1))
    mask = reject(cube, np.ones_like(cube), np.full(n, NOISE, np.float32), RejectionRule(method=method))
    assert mask[seed % n, 2, 3] == 1
    assert mask[:, 2, 3].sum() <= 2  # a value of the noise may be beyond the threshold, too


@settings(max_examples=40, deadline=None)
@given(st.integers(6, 12), st.integers(0, 10**6), st.floats(0, np.pi), st.floats(15, 1000))
def test_a_trail_in_one_of_a_few_frames_is_rejected_whatever_its_direction(
    n: int, seed: int, angle: float, height: float,
) -> None:
    cube = np.random.default_rng(seed).normal(0.01, NOISE, (n, 40, 40)).astype(np.float32)
    y, x = np.mgrid[:40, :40] - 19.5
    streak = height * NOISE * np.exp(-0.5 * ((x * np.sin(angle) - y * np.cos(angle)) / 1.3) ** 2)
    cube[seed % n] += streak.astype(np.float32)
    mask = reject(cube, np.ones_like(cube), np.full(n, NOISE, np.float32))
    assert mask[seed % n][streak > 12 * NOISE].mean() > 0.95


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 4), st.integers(1, 4))
def test_growth_only_adds_and_leaves_survivors(seed: int, pixels: int, least: int) -> None:
    r = np.random.default_rng(seed)
    mask = (r.random((5, 12, 13)) < 0.15).astype(np.uint8)
    grown = grow(mask, pixels, min_survivors=least)
    assert (grown >= mask).all()
    added = (grown > mask).any(axis=0)
    assert ((grown == 0).sum(axis=0)[added] >= least).all()
