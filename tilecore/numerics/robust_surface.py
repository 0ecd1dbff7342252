"""Polynomial surfaces fitted robustly by iteratively reweighted least squares (METHODS 1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import mad_sigma

__all__ = ["evaluate_surface", "fit_surface", "robust_weights", "surface_matrix", "surface_order", "surface_terms",
           "weighted_median"]

FloatArray = NDArray[np.float64]


def surface_terms(order: int) -> list[tuple[int, int]]:
    """Exponents (of x, of y) of the polynomial's terms, lower orders first."""
    return [(total - j, j) for total in range(order + 1) for j in range(total + 1)]


def surface_order(terms: int) -> int:
    """Order of the polynomial that has so many terms."""
    return next(order for order in range(terms + 1) if len(surface_terms(order)) >= terms)


def weighted_median(values: FloatArray, weights: FloatArray) -> float:
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(cumulated, 0.5 * cumulated[-1])])


def robust_weights(scaled: FloatArray, loss: str) -> FloatArray:
    """Weights of residuals in units of their scale: ``tukey`` (biweight, c = 4.685) or ``huber`` (k = 1.345)."""
    if loss == "huber":
        return np.asarray(1.345 / np.maximum(np.abs(scaled), 1.345))
    return np.asarray(np.clip(1 - (scaled / 4.685) ** 2, 0, None) ** 2)


def fit_surface(x: FloatArray, y: FloatArray, values: FloatArray, order: int, loss: str = "tukey") -> FloatArray:
    """Coefficients, in the order of :func:`surface_terms`, of a polynomial fitted by IRLS; see :func:`robust_weights`.

    The order is lowered until there are at least three samples a term.
    """
    while order > 0 and len(values) < 3 * len(surface_terms(order)):
        order -= 1
    design = np.stack([x**i * y**j for i, j in surface_terms(order)], 1)
    weights: FloatArray = np.ones(len(values))
    found: FloatArray = np.zeros(design.shape[1])
    found[0] = np.median(values)
    for _ in range(20):
        root = np.sqrt(weights)
        updated: FloatArray = np.asarray(np.linalg.lstsq(design * root[:, None], values * root, rcond=None)[0], np.float64)
        rest = values - design @ updated
        scale = max(mad_sigma(rest, 0.0), 1e-12)
        weights = robust_weights(rest / scale, loss)
        done = np.allclose(updated, found, rtol=1e-6, atol=1e-9)
        found = updated
        if done or weights.sum() < design.shape[1]:
            break
    return found


def evaluate_surface(coefficients: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """The polynomial at x, y (any shape)."""
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
