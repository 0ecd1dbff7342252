"""Tone curves: functions from 0..1 to 0..1 that rise, map 0 to 0 and 1 to 1, and work on arrays of any shape (float32)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["GhsCurve", "asinh_gain", "ghs", "levels", "midtones", "solve"]

Array = NDArray[np.float32]
# Range in which the strength of a curve is searched, and rounds of the bisection: 40 halve it to 1e-11.
STRENGTHS = (0.0, 20.0)
ROUNDS = 40


def midtones(values: Array, balance: float) -> Array:
    """Midtones transfer function: 0 -> 0, balance -> 1/2, 1 -> 1; the identity for a balance of 1/2.

    Source: PixInsight, HistogramTransformation; Siril, command ``mtf``.
    """
    return np.asarray((balance - 1) * values / ((2 * balance - 1) * values - balance), np.float32)


def levels(values: Array, black: float, middle: float, white: float) -> Array:
    """``black`` -> 0, ``white`` -> 1, ``middle`` of the way between them -> 1/2; values outside are clipped."""
    return midtones(np.clip((values - np.float32(black)) / np.float32(white - black), 0, 1), middle)


def asinh_gain(intensity: Array, strength: float) -> Array:
    """Factor of all channels of a pixel with this mean: asinh(D i) / (i asinh(D)) with D = exp(strength) - 1.

    One factor for all channels preserves their ratios, so the colours. Source: Lupton et al. 2004, PASP 116, 133.
    """
    amount = np.float32(np.expm1(strength))
    if amount <= 0:
        return np.ones_like(intensity)
    small = np.maximum(intensity, np.float32(1e-9))
    return np.asarray(np.arcsinh(amount * small) / (np.arcsinh(amount) * small), np.float32)


@dataclass(frozen=True)
class GhsCurve:
    """Parameters of the generalised hyperbolic stretch.

    ``strength``: ln(D + 1), 0 is the identity. ``focus``: b, how much of the contrast is given to values near ``symmetry`` (SP);
    0 exponential, 1 harmonic, -1 logarithmic. Below ``shadows`` (LP) and above ``highlights`` (HP) the curve is straight:
    0 <= LP <= SP <= HP <= 1.
    """

    strength: float
    focus: float = 0.0
    symmetry: float = 0.0
    shadows: float = 0.0
    highlights: float = 1.0


def ghs(values: Array, curve: GhsCurve) -> Array:
    """The generalised hyperbolic stretch of values in 0..1.

    Source: Payne & Cranfield 2021, https://ghsastro.co.uk (equations of the base transformation T and its symmetric extension);
    Siril, command ``ght``, gives the same values.
    """
    amount = float(np.expm1(curve.strength))
    if amount <= 0:
        return np.asarray(values, np.float32)
    ends = _symmetric(np.array([0.0, 1.0]), curve, amount)
    found = _symmetric(np.asarray(values, np.float32), curve, amount)
    return np.asarray(np.clip((found - np.float32(ends[0])) / np.float32(ends[1] - ends[0]), 0, 1), np.float32)


def _symmetric(x: NDArray[np.floating], curve: GhsCurve, amount: float) -> NDArray[np.floating]:
    """T mirrored at the symmetry point, straight beyond the protected ends."""
    away = x - x.dtype.type(curve.symmetry)
    limit = np.where(away < 0, curve.symmetry - curve.shadows, curve.highlights - curve.symmetry).astype(x.dtype)
    size = np.abs(away)
    inner, slope = _base(np.minimum(size, limit), curve.focus, amount)
    return np.asarray(np.sign(away) * (inner + slope * np.maximum(size - limit, 0)))


def _base(x: NDArray[np.floating], focus: float, amount: float) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """T(x) for x >= 0 and its derivative; its scale, which depends on the branch, cancels in the normalisation."""
    if focus == -1:
        return np.log1p(amount * x), amount / (1 + amount * x)
    if focus < 0:
        inside = 1 - focus * amount * x
        return (1 - inside ** ((focus + 1) / focus)) / (amount * (focus + 1)), inside ** (1 / focus)
    if focus == 0:
        return 1 - np.exp(-amount * x), amount * np.exp(-amount * x)
    inside = 1 + focus * amount * x
    return 1 - inside ** (-1 / focus), amount * inside ** (-(1 + focus) / focus)


def solve(curve: Callable[[float], float], target: float) -> float:
    """The strength at which a curve that rises with it reaches ``target``; the nearer end of the range if none does."""
    low, high = STRENGTHS
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if curve(middle) < target else (low, middle)
    return (low + high) / 2
