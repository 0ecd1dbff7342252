"""Laws of colours that hold for any image and any stars."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tilecore.cfa import mosaic as cfa
from tilecore.colour import SYSTEMS, balance, fit_ratio, saturate, scnr, star_temperature

PICTURE = arrays(np.float32, (3, 6, 7), elements=st.floats(0, 1, width=32))
MOSAIC = arrays(np.uint16, (24, 26)).map(lambda adu: adu.astype(np.float32) / 65536)  # no value near the least float
GAIN = st.floats(0.2, 5)


@settings(max_examples=60, deadline=None)
@given(PICTURE, st.floats(0, 1))
def test_scnr_only_takes_green_and_once(picture: np.ndarray, amount: float) -> None:
    out = scnr(picture, amount)
    assert np.array_equal(out[[0, 2]], picture[[0, 2]]) and (out[1] <= picture[1] + 1e-6).all()
    whole = scnr(picture)
    np.testing.assert_allclose(scnr(whole), whole, atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(PICTURE, st.floats(0, 5))
def test_saturation_keeps_brightness_range_and_the_order_of_channels(picture: np.ndarray, factor: float) -> None:
    out = saturate(picture, factor)
    np.testing.assert_allclose(out.mean(axis=0), picture.mean(axis=0), atol=1e-5)
    assert out.min() >= -1e-5 and out.max() <= 1 + 1e-5
    for a, b in ((0, 1), (1, 2), (0, 2)):
        assert ((out[a] - out[b]) * (picture[a] - picture[b]) >= -1e-6).all()


@settings(max_examples=40, deadline=None)
@given(PICTURE, GAIN, GAIN)
def test_a_white_balance_is_undone_by_its_inverse(picture: np.ndarray, red: float, blue: float) -> None:
    covered = (picture != 0).any(axis=0)
    sky = (0.01, 0.02, 0.03)
    there = balance(picture, (red, 1.0, blue), sky, covered)
    back = balance(there, (1 / red, 1.0, 1 / blue), (0.02, 0.02, 0.02), covered)
    shifted = np.where(covered, picture - np.array(sky, np.float32)[:, None, None] + np.float32(0.02), 0)
    np.testing.assert_allclose(back, shifted, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), GAIN, st.integers(8, 80))
def test_gains_follow_the_camera(seed: int, gain: float, count: int) -> None:
    rng = np.random.default_rng(seed)
    expected, error = rng.normal(0, 0.3, count), rng.uniform(0.005, 0.05, count)
    measured = 0.9 * expected + rng.normal(0, error)
    plain, other = fit_ratio(measured, expected, error), fit_ratio(measured - 2.5 * np.log10(gain), expected, error)
    np.testing.assert_allclose(other.gain * gain, plain.gain, rtol=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(SYSTEMS)), arrays(np.float64, 8, elements=st.floats(-0.3, 2.5), unique=True))
def test_redder_stars_are_never_hotter(system: str, colour: np.ndarray) -> None:
    assert (np.diff(star_temperature(np.sort(colour), system)) <= 0).all()


@settings(max_examples=30, deadline=None)
@given(MOSAIC, MOSAIC, st.sampled_from(cfa.PATTERNS), st.sampled_from(["malvar", "bilinear"]), st.floats(-2, 2))
def test_linear_demosaicing_is_linear(a: np.ndarray, b: np.ndarray, pattern: str, method: str, k: float) -> None:
    together = cfa.demosaic(a + np.float32(k) * b, pattern, method)
    np.testing.assert_allclose(together, cfa.demosaic(a, pattern, method) + k * cfa.demosaic(b, pattern, method), atol=2e-5)


@settings(max_examples=30, deadline=None)
@given(MOSAIC, st.sampled_from(cfa.PATTERNS), st.sampled_from(["menon", "vng"]), st.floats(0.1, 10))
def test_demosaicing_along_edges_follows_the_scale(mosaic: np.ndarray, pattern: str, method: str, scale: float) -> None:
    # A power of two scales floats exactly, so that ties between directions stay ties.
    factor = np.float32(2.0 ** round(np.log2(scale)))
    np.testing.assert_array_equal(cfa.demosaic(factor * mosaic, pattern, method), factor * cfa.demosaic(mosaic, pattern, method))
