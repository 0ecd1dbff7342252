"""Transparency from star fluxes, and robust polynomial surfaces for the sky (METHODS 1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

__all__ = ["PolynomialSurface", "evaluate_surface", "fit_surface", "match_fluxes", "robust_weights", "surface_matrix",
           "surface_terms", "transparency"]

FloatArray = NDArray[np.float64]


def surface_terms(order: int) -> list[tuple[int, int]]:
    """Exponents (of x, of y) of the polynomial's terms, lower orders first."""
    return [(total - j, j) for total in range(order + 1) for j in range(total + 1)]


def transparency(flux: FloatArray, reference: FloatArray, snr: FloatArray | None = None) -> tuple[float, int, float]:
    """How bright the stars of a frame are, times those of the reference.

    ``flux`` and ``reference`` are (n,) fluxes of the same stars, NaN where not measured; ``snr`` (n,) that of their
    ratio (default: of shot noise). Returns the clipped, weighted median of the ratios refined by the mean of its
    core, the number of stars used and the relative scatter; (1, 0, nan) without stars.
    """
    good = np.isfinite(flux) & np.isfinite(reference) & (reference > 0) & (flux > 0)
    if not good.any():
        return 1.0, 0, float("nan")
    ratio = flux[good] / reference[good]
    # A ratio that is good to 1 % is as good as it gets (flat field, pixel phase): no star may outweigh all others.
    weight = np.sqrt(reference[good]) if snr is None else 1 / (0.01**2 + 1 / np.maximum(snr[good], 1) ** 2)
    for _ in range(5):
        center = _weighted_median(ratio, weight)
        scatter = 1.4826 * float(np.median(np.abs(ratio - center)))
        keep = np.abs(ratio - center) <= max(3 * scatter, 1e-9)
        if keep.all() or keep.sum() < 3:
            break
        ratio, weight = ratio[keep], weight[keep]
    center = _weighted_median(ratio, weight)
    # The weighted mean of what is left is more exact than its median.
    inner = np.abs(ratio - center) <= 2 * max(1.4826 * float(np.median(np.abs(ratio - center))), 1e-9)
    value = float(np.average(ratio[inner], weights=weight[inner]))
    return value, len(ratio), scatter / value if value else float("nan")


def _weighted_median(values: FloatArray, weights: FloatArray) -> float:
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
        scale = max(1.4826 * float(np.median(np.abs(rest))), 1e-12)
        weights = robust_weights(rest / scale, loss)
        done = np.allclose(updated, found, rtol=1e-6, atol=1e-9)
        found = updated
        if done or weights.sum() < design.shape[1]:
            break
    return found


def evaluate_surface(coefficients: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """The polynomial at x, y (any shape)."""
    order = next(o for o in range(20) if len(surface_terms(o)) >= len(coefficients))
    result = np.zeros(np.broadcast(x, y).shape)
    for (i, j), c in zip(surface_terms(order), coefficients, strict=False):
        result += c * x**i * y**j
    return result


def surface_matrix(coefficients: FloatArray) -> FloatArray:
    """(m, m) coefficients of y^j x^i, for a polynomial in the order of :func:`surface_terms`."""
    order = next(o for o in range(20) if len(surface_terms(o)) >= len(coefficients))
    matrix = np.zeros((order + 1, order + 1))
    for (i, j), c in zip(surface_terms(order), coefficients, strict=False):
        matrix[j, i] = c
    return matrix


@dataclass(frozen=True)
class PolynomialSurface:
    """A robust polynomial over an image (h, w) = ``shape``: coordinates go from -1 to 1 across it. Picklable."""

    coefficients: FloatArray
    shape: tuple[int, int]

    @classmethod
    def fit(cls, x: FloatArray, y: FloatArray, values: FloatArray, order: int, shape: tuple[int, int]) -> PolynomialSurface:
        """Fitted to ``values`` at pixels ``x``, ``y`` (n,); see :func:`fit_surface`."""
        return cls(fit_surface(_normalised(x, shape[1]), _normalised(y, shape[0]), values, order), shape)

    def evaluate(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Values at pixels x, y (any shape)."""
        return evaluate_surface(self.coefficients, _normalised(x, self.shape[1]), _normalised(y, self.shape[0]))

    def evaluate_block(self, y0: int, y1: int, x0: int, x1: int) -> NDArray[np.float32]:
        """Values of the pixels [y0:y1, x0:x1] as float32; the same whichever blocks an image is cut into."""
        y, x = np.arange(y0, y1, dtype=np.float64)[:, None], np.arange(x0, x1, dtype=np.float64)[None, :]
        return self.evaluate(x, y).astype(np.float32)


def _normalised(pixels: FloatArray, length: int) -> FloatArray:
    return np.asarray(2 * np.asarray(pixels, np.float64) / max(length - 1, 1) - 1)


def match_fluxes(stars: NDArray[np.void], matrix: FloatArray, reference: NDArray[np.void],
                 radius: float = 1.5) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Fluxes of the stars both tables have, and the SNR of the fainter measurement: three arrays (n,).

    ``matrix`` (3x3) maps the frame's pixels to those of the reference; pairs are mutual nearest neighbours within
    ``radius`` px, saturated stars left out.
    """
    stars, reference = stars[~stars["saturated"]], reference[~reference["saturated"]]
    if not len(stars) or not len(reference):
        return np.zeros(0), np.zeros(0), np.zeros(0)
    mapped = matrix @ np.stack([stars["x"], stars["y"], np.ones(len(stars))])
    here = (mapped[:2] / mapped[2]).T
    there = np.stack([reference["x"], reference["y"]], 1)
    distance, j = cKDTree(there).query(here, distance_upper_bound=radius)
    _, back = cKDTree(here).query(there, distance_upper_bound=radius)
    i = np.flatnonzero(np.isfinite(distance))
    i = i[back[j[i]] == i]
    return stars["flux"][i], reference["flux"][j[i]], np.minimum(stars["snr"][i], reference["snr"][j[i]])
