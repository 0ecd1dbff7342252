"""Tone curves against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.report.tone_curves import GhsCurve, asinh_gain, ghs, levels, midtones, solve

X = np.linspace(0, 1, 1001, dtype=np.float32)
# Strength, focus, symmetry, shadows, highlights: every branch of T, with and without protected ends.
CURVES = [GhsCurve(4, b, *ends) for b in (-3, -1, -0.5, 0, 1, 6) for ends in ((0, 0, 1), (0.1, 0.02, 0.7), (0.5, 0.5, 0.5))]


@pytest.mark.parametrize("curve", CURVES, ids=str)
def test_the_hyperbolic_stretch_rises_from_0_to_1(curve: GhsCurve) -> None:
    found = ghs(X, curve)
    assert found.dtype == np.float32 and found[0] == 0 and found[-1] == 1
    assert (np.diff(found) > -1e-6).all() and np.ptp(np.diff(found)) < 0.6  # without steps


@pytest.mark.parametrize(("focus", "closed"), [
    (0.0, lambda d, x: (1 - np.exp(-d * x)) / (1 - np.exp(-d))),
    (1.0, lambda d, x: x * (1 + d) / (1 + d * x)),
    (-1.0, lambda d, x: np.log1p(d * x) / np.log1p(d)),
    (-2.0, lambda d, x: (np.sqrt(1 + 2 * d * x) - 1) / (np.sqrt(1 + 2 * d) - 1))])
def test_the_hyperbolic_stretch_at_symmetry_0_has_its_closed_form(focus: float, closed) -> None:  # type: ignore[no-untyped-def]
    np.testing.assert_allclose(ghs(X, GhsCurve(3.0, focus)), closed(np.expm1(3.0), X.astype(float)), atol=3e-6)


def test_the_hyperbolic_stretch_is_symmetric_straight_at_its_ends_and_without_strength_the_identity() -> None:
    for focus in (-1.5, 0, 2):
        found = ghs(X, GhsCurve(4, focus, 0.5))
        np.testing.assert_allclose(found + found[::-1], 1, atol=2e-6)
        ends = ghs(X, GhsCurve(4, focus, 0.3, 0.1, 0.6))
        assert np.abs(np.diff(ends[:100], 2)).max() < 1e-6 and np.abs(np.diff(ends[601:], 2)).max() < 1e-6
        np.testing.assert_array_equal(ghs(X, GhsCurve(0, focus, 0.3)), X)
        # The slope does not change where the straight parts begin.
        assert abs(np.diff(ends)[99] - np.diff(ends)[100]) < 0.05 * np.diff(ends)[100] + 1e-5


def test_midtones_and_levels_map_their_points() -> None:
    np.testing.assert_allclose(midtones(X, 0.5), X, atol=1e-6)
    assert midtones(np.float32([0, 0.2, 1]), 0.2) == pytest.approx([0, 0.5, 1], abs=1e-6)
    np.testing.assert_allclose(midtones(midtones(X, 0.2), 0.8), X, atol=1e-5)  # the inverse
    assert levels(np.float32([0.05, 0.1, 0.25, 0.7, 0.9]), 0.1, 0.25, 0.7) == pytest.approx([0, 0, 0.5, 1, 1], abs=1e-6)


def test_the_asinh_gain_preserves_ratios_and_ends_at_1() -> None:
    assert np.float32(1) * asinh_gain(np.float32([1]), 6)[0] == pytest.approx(1)
    assert (asinh_gain(X, 0) == 1).all() and (np.diff(X * asinh_gain(X, 6)) > 0).all()
    faint = asinh_gain(np.float32([1e-6]), 6)[0]
    assert faint == pytest.approx(np.expm1(6) / np.arcsinh(np.expm1(6)), rel=1e-4)  # the slope at 0
    strength = solve(lambda s: float(0.01 * asinh_gain(np.float32([0.01]), s)[0]), 0.15)
    assert 0.01 * asinh_gain(np.float32([0.01]), strength)[0] == pytest.approx(0.15, abs=1e-5)
