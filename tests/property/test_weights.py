"""What holds for the weights of any frames."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tilecore.stack.weights import TileMeasurements, information_kept, tile_weights

MODES = ("uniform", "snr", "psf_snr", "best", "quality")


def measured(seed: int, n: int) -> dict[str, np.ndarray]:
    """Frames as measured, wild ones too: some tiles without data, noise or PSF."""
    r = np.random.default_rng(seed)
    shape = (n, 2, 2)
    noise, area = np.exp(r.normal(-7, 1, shape)), np.exp(r.normal(3, 0.5, shape))
    for array in (noise, area):
        array[r.random(shape) < 0.1] = np.nan
    return {"transparency": r.uniform(0.1, 2, n), "noise": noise, "area": area,
            "global_weight": np.exp(r.uniform(-3, 3, n)), "local_quality": r.normal(0, 2, shape),
            "valid": r.random(shape) < 0.8}


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(MODES), st.integers(0, 10**6), st.integers(1, 20))
def test_weights_are_finite_never_negative_and_never_all_zero(mode: str, seed: int, n: int) -> None:
    f = measured(seed, n)
    found = tile_weights(mode, TileMeasurements(**f), min_information=0.7)
    assert np.isfinite(found.weights).all() and (found.weights >= 0).all()
    assert (found.weights.sum(axis=0) > 0).all()
    outside = ~f["valid"] & ~found.fallback
    assert (found.weights[outside] == 0).all()


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(MODES), st.integers(0, 10**6), st.integers(2, 20))
def test_the_order_of_the_frames_does_not_matter(mode: str, seed: int, n: int) -> None:
    f = measured(seed, n)
    order = np.random.default_rng(seed).permutation(n)
    a = tile_weights(mode, TileMeasurements(**f), min_information=0.7)
    b = tile_weights(mode, TileMeasurements(**{k: v[order] for k, v in f.items()}), min_information=0.7)
    assert np.allclose(a.weights[order], b.weights, rtol=1e-5, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 20))
def test_no_weighted_mean_keeps_more_than_there_is(seed: int, n: int) -> None:
    r = np.random.default_rng(seed)
    kept = information_kept(r.random((n, 2, 2)) + 1e-3, r.uniform(0.1, 2, n), np.exp(r.normal(0, 1, (n, 2, 2))),
                            r.uniform(1.5, 8, (n, 2, 2)))
    assert (kept > 0).all() and (kept <= 1 + 1e-9).all()


@settings(max_examples=20, deadline=None)
@given(st.floats(1e-6, 1e6), st.integers(0, 10**6))
def test_weights_do_not_depend_on_the_units(scale: float, seed: int) -> None:
    f = measured(seed, 6)
    for mode in MODES:
        a = tile_weights(mode, TileMeasurements(**f), min_information=0.7).weights
        b = tile_weights(mode, TileMeasurements(**f | {"noise": f["noise"] * scale}), min_information=0.7).weights
        assert b == pytest.approx(a, rel=1e-5, abs=1e-9)
