"""Polynomial surfaces fitted robustly by iteratively reweighted least squares (METHODS 1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.selection import median_in_place
from tilecore.numerics.statistics import MAD_TO_SIGMA

__all__ = ["evaluate_surface", "fit_surface", "robust_weights", "surface_matrix", "surface_order", "surface_terms",
           "weighted_median"]

FloatArray = NDArray[np.float64]

# Tuning constants of the weight functions, in units of the scale: 95 % efficiency for normal errors (Holland & Welsch 1977,
# Communications in Statistics A6:813).
TUKEY_C = 4.685
HUBER_K = 1.345
# Most rounds of reweighting.
ROUNDS = 20


def surface_terms(order: int) -> list[tuple[int, int]]:
    """Exponents (of x, of y) of the terms of a polynomial, lower orders first."""
    return [(total - j, j) for total in range(order + 1) for j in range(total + 1)]


def surface_order(terms: int) -> int:
    """Order of the polynomial that has ``terms`` terms."""
    return next(order for order in range(terms + 1) if len(surface_terms(order)) >= terms)


def weighted_median(values: FloatArray, weights: FloatArray) -> float:
    """The value (n,) below and above which there is half of the weight (n,) each."""
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(cumulated, 0.5 * cumulated[-1])])


def robust_weights(scaled: FloatArray, loss: str) -> FloatArray:
    """Weights of residuals in units of their scale: ``tukey`` (biweight) or ``huber``."""
    if loss == "huber":
        return np.asarray(HUBER_K / np.maximum(np.abs(scaled), HUBER_K))
    return np.asarray(np.clip(1 - (scaled / TUKEY_C) ** 2, 0, None) ** 2)


def fit_surface(x: FloatArray, y: FloatArray, values: FloatArray, order: int, loss: str = "tukey") -> FloatArray:
    """Polynomial through samples (n,) at x, y, fitted by iteratively reweighted least squares.

    Returns the coefficients in the order of :func:`surface_terms`. ``loss``: see :func:`robust_weights`. The order is lowered
    until there are at least three samples a term.
    """
    while order > 0 and len(values) < 3 * len(surface_terms(order)):
        order -= 1
    design = np.stack([x**i * y**j for i, j in surface_terms(order)], 1)
    weights: FloatArray = np.ones(len(values))
    found: FloatArray = np.zeros(design.shape[1])
    found[0] = np.median(values)
    for _ in range(ROUNDS):
        root = np.sqrt(weights)
        updated: FloatArray = np.asarray(np.linalg.lstsq(design * root[:, None], values * root, rcond=None)[0], np.float64)
        rest = values - design @ updated
        # The functions of numpy take longer to call than to work on a few hundred samples.
        scale = max(MAD_TO_SIGMA * median_in_place(np.abs(rest)), 1e-12)
        weights = robust_weights(rest / scale, loss)
        done = bool((np.abs(updated - found) <= 1e-9 + 1e-6 * np.abs(found)).all())
        found = updated
        if done or weights.sum() < design.shape[1]:
            break
    return found


def evaluate_surface(coefficients: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """The polynomial at x, y (any shape that broadcasts)."""
    order = surface_order(len(coefficients))
    result = np.zeros(np.broadcast(x, y).shape)
    for (i, j), c in zip(surface_terms(order), coefficients, strict=False):
        result += c * x**i * y**j
    return result


def surface_matrix(coefficients: FloatArray) -> FloatArray:
    """(m, m) coefficients of y^j x^i, for a polynomial in the order of :func:`surface_terms`."""
    order = surface_order(len(coefficients))
    matrix = np.zeros((order + 1, order + 1))
    for (i, j), c in zip(surface_terms(order), coefficients, strict=False):
        matrix[j, i] = c
    return matrix
