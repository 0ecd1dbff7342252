"""Transparency from star fluxes, robust polynomial surfaces for the sky (METHODS 1), and the clouds that they do not follow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, maximum_filter, minimum_filter

from tilecore.weights import median_of_known

__all__ = ["clear_sky", "clouds_left", "evaluate_surface", "filled", "fit_surface", "robust_weights", "surface_matrix",
           "surface_order", "surface_terms", "transparency"]

FloatArray = NDArray[np.float64]

# Sky beyond a surface, in units of the noise of a pixel or half the contrast of the scene: nothing is done below the first, all
# of it is taken off from the second on, and only in frames where so large a share of the samples is above that.
FAINT_CLOUD, CLOUD, CLOUDED_SHARE = 0.3, 0.6, 0.05
# Of so many frames the median is the sky without clouds.
FRAMES_OF_CLEAR_SKY = 3


def surface_terms(order: int) -> list[tuple[int, int]]:
    """Exponents (of x, of y) of the polynomial's terms, lower orders first."""
    return [(total - j, j) for total in range(order + 1) for j in range(total + 1)]


def surface_order(terms: int) -> int:
    """Order of the polynomial that has so many terms."""
    return next(order for order in range(terms + 1) if len(surface_terms(order)) >= terms)


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


def clear_sky(rest: FloatArray) -> FloatArray:
    """What the sky of N frames over their surfaces (N, ...) is without clouds; NaN where fewer than three see it, and 0 of fewer
    than three frames."""
    if len(rest) < FRAMES_OF_CLEAR_SKY:
        return np.zeros(rest.shape[1:])
    seen = np.isfinite(rest)
    return np.where(seen.sum(axis=0) >= FRAMES_OF_CLEAR_SKY, median_of_known(rest, seen), np.nan)


def clouds_left(rest: FloatArray, noise: FloatArray, scene: FloatArray) -> FloatArray:
    """What is to be taken off frames besides their surfaces: ``rest`` (N, gy, gx), the sky over them, where it is a cloud.

    NaN where it is not known, which becomes what is nearest. ``noise`` (N,) is that of a pixel, ``scene`` (gy, gx) the light that
    all frames share: where it differs from sample to sample, so do the samples of frames that see it at other places. Of
    three frames or more that see a place the median is the clear sky, whichever is the reference. All 0 in frames without
    clouds: what bright stars do to samples of the sky, and their errors, are none.
    """
    result, rest = np.zeros(rest.shape), rest - clear_sky(rest)
    scene = filled(scene)
    contrast = maximum_filter(scene, 3) - minimum_filter(scene, 3)
    for sky, sigma, out in zip(rest, noise, result, strict=True):
        known, unit = np.isfinite(sky), np.maximum(sigma, contrast / 2)
        if (np.abs(sky) > CLOUD * unit).sum() > CLOUDED_SHARE * known.sum():
            cloud = filled(sky)
            out[:] = cloud * np.clip((np.abs(cloud) / unit - FAINT_CLOUD) / (CLOUD - FAINT_CLOUD), 0, 1)
    return result


def filled(samples: FloatArray) -> FloatArray:
    """NaN replaced by what is nearest; zeros when nothing is known."""
    known = np.isfinite(samples)
    if not known.any():
        return np.zeros(samples.shape)
    return np.asarray(samples[tuple(distance_transform_edt(~known, return_distances=False, return_indices=True))])
