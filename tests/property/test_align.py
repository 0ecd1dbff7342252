"""Properties of alignment that hold for any field and any rigid motion."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tilecore.detect.stars import STAR_DTYPE
from tilecore.register.align import Alignment, apply, fit, match

SIZE = np.array([800.0, 600.0])


@given(degrees=st.floats(-180, 180), x=st.floats(-80, 80), y=st.floats(-80, 80), seed=st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_any_rigid_motion_is_recovered_and_inverted(degrees: float, x: float, y: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    matrix[:2, 2] = SIZE / 2 - matrix[:2, :2] @ SIZE / 2 + [x, y]
    stars = np.zeros(60, STAR_DTYPE)
    stars["x"], stars["y"] = (rng.uniform(0, 1, (60, 2)) * SIZE).T
    stars["flux"] = np.sort(rng.pareto(1, 60) + 1)[::-1]
    stars["snr"], stars["roundness"] = 100, 1
    moved = stars.copy()
    moved["x"], moved["y"] = apply(matrix, np.stack([stars["x"], stars["y"]], 1)).T
    there, back = match(stars, moved), match(moved, stars)
    assert isinstance(there, Alignment)
    corners = SIZE * np.array([[0, 0], [1, 1]])
    assert np.abs(apply(there.matrix, corners) - apply(matrix, corners)).max() < 1e-3
    assert np.allclose(there.matrix @ back.matrix, np.eye(3), atol=1e-3)
    again = match(stars, moved)
    assert again.matrix.tobytes() == there.matrix.tobytes()


@given(model=st.sampled_from(["shift", "similarity", "affine", "homography"]), seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_scaling_all_weights_changes_nothing(model: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    source = rng.uniform(0, 600, (20, 2))
    target = source + rng.normal(0, 0.2, (20, 2)) + [5, -3]
    weights = rng.uniform(0.1, 1, 20)
    once, seven = (apply(fit(source, target, factor * weights, model), source) for factor in (1, 7))
    assert np.allclose(once, seven, atol=1e-6)
