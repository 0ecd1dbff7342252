"""Laws of the background extraction that hold for any sky."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tilecore.sky import background_extraction as bge
from tilecore.sky.sky_model import ModelSpec, Samples, fit_model, render

METHODS = st.sampled_from(["polynomial", "spline", "rbf", "mesh"])
SPECS = st.builds(ModelSpec, METHODS, st.integers(0, 4), st.sampled_from(["tukey", "huber"]),
                  st.sampled_from(["thin_plate", "multiquadric", "gaussian"]), st.sampled_from([0.05, 1.0, 3.0]))


def samples(seed: int, noise: float) -> Samples:
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(300, 900)), int(rng.integers(300, 900)))
    n = int(rng.integers(30, 120))
    x, y = rng.uniform(0, shape[1], n), rng.uniform(0, shape[0], n)
    c = rng.normal(0, 1, 6)
    u, v = x / shape[1], y / shape[0]
    return Samples(x, y, 5 + c[0] * u + c[1] * v + c[2] * u * v + c[3] * u**2 + rng.normal(0, noise, n), shape)


@settings(max_examples=20, deadline=None)
@given(SPECS, st.integers(0, 10**6), st.sampled_from([1e-4, 0.05, 1.0]), st.booleans())
@pytest.mark.slow
def test_the_autotune_is_never_worse_than_its_start_and_deterministic(
        spec: ModelSpec, seed: int, noise: float, every: bool) -> None:
    data = samples(seed, noise)
    chosen, trials = bge.autotune(data, spec, every=every, max_evals=12)
    assert trials[0].spec == spec
    assert bge.score(data, chosen).total <= trials[0].total
    assert bge.autotune(data, spec, every=every, max_evals=12)[0] == chosen


@settings(max_examples=40, deadline=None)
@given(SPECS, st.integers(0, 10**6), st.floats(0.01, 100), st.floats(-10, 10))
def test_models_follow_scale_and_pedestal_of_the_samples(spec: ModelSpec, seed: int, scale: float, level: float) -> None:
    data = samples(seed, 0.01)
    moved = Samples(data.x, data.y, level + scale * data.value, data.shape)
    a, b = fit_model(data, spec)(data.x, data.y), fit_model(moved, spec)(data.x, data.y)
    np.testing.assert_allclose(b, level + scale * a, atol=2e-4 * scale * np.ptp(data.value))


@settings(max_examples=30, deadline=None)
@given(SPECS, st.integers(0, 10**6))
def test_every_model_reproduces_a_plane(spec: ModelSpec, seed: int) -> None:
    data = samples(seed, 0.0)
    plane = Samples(data.x, data.y, 1 + 0.001 * data.x - 0.002 * data.y, data.shape)
    if spec.method == "polynomial" and spec.order == 0:
        return
    found = render(fit_model(plane, spec), data.shape)
    y, x = np.mgrid[: data.shape[0], : data.shape[1]]
    np.testing.assert_allclose(found, 1 + 0.001 * x - 0.002 * y, atol=0.01 * np.ptp(plane.value))
