"""Light curves of stars in images of one grid and one flux scale: the same weights in each image and in their deep stack, so that
the PSF cancels; the light of all stars together is the zero point (ensemble photometry, Honeycutt 1992, PASP 104:435)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Changes", "LightCurves", "StarWeights", "changes_of", "light_curves", "star_weights"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Radius (FWHM) of the weights of a star, and inner and outer radius of the ring in which the change of the sky is measured.
REACH = 1.3
RING = (2.5, 5.0)
# Error of a star in an image (magnitudes) up to which it counts for the zero point.
COMPARISON = 0.2
# Least error of the zero point by a star, so that a few bright ones do not decide it.
FLOOR = 0.003
# Images that a light curve must have for its variation to count.
LEAST_IMAGES = 5
# Stars of similar brightness whose scatter is compared, and the rounds in which variables are left out.
NEIGHBOURS = 15
ROUNDS = 3
# Significance of the scatter of a star from which it is a variable, and the least ratio to the scatter of its neighbours.
SIGNIFICANT = 6.0
LEAST_RATIO = 1.3


class StarWeights(NamedTuple):
    """Of a star: ``core`` (p,) of its pixels and ``weight`` (p,), ``ring`` (q,) pixels of sky, and its ``light`` in the deep
    stack with these weights."""

    core: NDArray[np.int64]
    weight: FloatArray
    ring: NDArray[np.int64]
    light: float


class Changes(NamedTuple):
    """Of n stars in an image: ``ratio`` of their light to that in the deep stack, and its ``error``; NaN without data."""

    ratio: FloatArray
    error: FloatArray


@dataclass(frozen=True)
class LightCurves:
    """Of n stars in m images, magnitudes relative to the deep stack; NaN without data.

    ``magnitude`` and ``error`` (n, m); ``zero`` (m,) ratio of the light of all stars; ``scatter`` (n,) robust, of each star;
    ``expected`` (n,) that of stars of similar brightness; ``significance`` (n,) by which the scatter exceeds it, in sigma;
    ``variable`` (n,).
    """

    magnitude: FloatArray
    error: FloatArray
    zero: FloatArray
    scatter: FloatArray
    expected: FloatArray
    significance: FloatArray
    variable: NDArray[np.bool_]


def star_weights(deep: FloatImage, x: FloatArray, y: FloatArray, fwhm: float, beta: float) -> list[StarWeights | None]:
    """Weights of stars in ``deep`` (h, w), light above the sky; None for stars that are not completely in it."""
    h, w = deep.shape
    outer = int(np.ceil(RING[1] * fwhm)) + 1
    offset = np.arange(-outer, outer + 1)
    alpha = fwhm / (2 * np.sqrt(2 ** (1 / beta) - 1))
    found: list[StarWeights | None] = []
    for px, py in zip(x, y, strict=True):
        column, row = round(float(px)), round(float(py))
        if not (outer <= column < w - outer and outer <= row < h - outer):
            found.append(None)
            continue
        distance = np.hypot(offset[None] + column - px, offset[:, None] + row - py)
        index = ((row + offset)[:, None] * w + (column + offset)[None])
        core, ring = distance <= REACH * fwhm, (distance > RING[0] * fwhm) & (distance <= RING[1] * fwhm)
        weight = (1 + (distance[core] / alpha) ** 2) ** -beta
        sky = float(np.median(deep.ravel()[index[ring]]))
        light = float(weight @ (deep.ravel()[index[core]] - sky))
        found.append(StarWeights(index[core], weight, index[ring], light) if light > 0 else None)
    return found


def changes_of(image: FloatImage, deep: FloatImage, variance: FloatImage, stars: list[StarWeights | None]) -> Changes:
    """The light of stars in an image relative to the deep stack.

    Parameters
    ----------
    image, deep : (h, w) on one scale.
    variance : (h, w) of a pixel of the image, with the photon noise of the stars; 0 without data.
    """
    rest, noise = (image - deep).ravel().astype(np.float64), variance.ravel().astype(np.float64)
    ratio, error = np.full(len(stars), np.nan), np.full(len(stars), np.nan)
    for k, star in enumerate(stars):
        if star is None or (noise[star.core] <= 0).any():
            continue
        ring = star.ring[noise[star.ring] > 0]
        if len(ring) < len(star.ring) // 2:
            continue
        sky = float(np.median(rest[ring]))
        ratio[k] = 1 + star.weight @ (rest[star.core] - sky) / star.light
        # The median of the ring has pi / 2 of the variance of its mean.
        ring_variance = np.pi / 2 * float(np.median(noise[ring])) / len(ring)
        error[k] = np.sqrt(star.weight**2 @ noise[star.core] + star.weight.sum() ** 2 * ring_variance) / star.light
    return Changes(ratio, error)


def light_curves(ratio: FloatArray, error: FloatArray, light: FloatArray, width: FloatArray) -> LightCurves:
    """Light curves from changes (n, m) of n stars in m images; ``light`` (n,) orders the stars by brightness, ``width`` (m,) is
    the FWHM of the images.

    The light of a blend depends on the width of its stars: what follows it is not taken for a variation of a star.
    """
    variable = np.zeros(len(ratio), np.bool_)
    for _ in range(ROUNDS):
        zero = _zero_points(ratio, error, ~variable)
        scaled = ratio / zero
        magnitude = np.where(scaled > 0, -2.5 * np.log10(np.where(scaled > 0, scaled, 1)), np.nan)
        sigma = 2.5 / np.log(10) * error / np.abs(ratio)
        magnitude -= np.nan_to_num(_row_median(magnitude))[:, None]
        scatter, chi = _row_scatter(magnitude), _row_scatter(magnitude / sigma)
        usual = _usual(chi, light, variable)
        count = np.isfinite(magnitude).sum(axis=1)
        power = np.array([_power(m, s, u, width) for m, s, u in zip(magnitude, sigma, usual, strict=True)])
        significance = (power - 1) / np.sqrt(2 / np.maximum(count, 1))
        variable = (significance > SIGNIFICANT) & (np.sqrt(power) > LEAST_RATIO)
    typical = np.array([np.nanmedian(s) if np.isfinite(s).any() else np.nan for s in sigma])
    return LightCurves(magnitude, sigma, zero, scatter, usual * typical, significance, variable)


def _power(magnitude: FloatArray, sigma: FloatArray, usual: float, width: FloatArray) -> float:
    """Mean square of a light curve (m,) in units of the usual scatter, without what follows the width of the images."""
    good = np.isfinite(magnitude) & np.isfinite(sigma)
    if good.sum() < LEAST_IMAGES:
        return float("nan")
    weight, values = 1 / sigma[good], magnitude[good]
    terms = np.vander(width[good] - np.median(width), 3)[:, 0 if good.sum() > 4 * LEAST_IMAGES else 1:]
    terms = terms if np.ptp(width[good]) > 0 else np.ones((int(good.sum()), 1))
    fit = np.linalg.lstsq(terms * weight[:, None], values * weight, rcond=None)[0]
    rest = (values - terms @ fit) * weight / usual
    return float((np.clip(rest, -4, 4) ** 2).sum() / max(len(rest) - terms.shape[1], 1))


def _zero_points(ratio: FloatArray, error: FloatArray, constant: NDArray[np.bool_]) -> FloatArray:
    """(m,) weighted medians of the ratios of constant stars; 1 without any."""
    result = np.ones(ratio.shape[1])
    for k in range(ratio.shape[1]):
        good = constant & np.isfinite(ratio[:, k]) & (error[:, k] < COMPARISON)
        if good.any():
            value, weight = ratio[good, k], 1 / (error[good, k] ** 2 + FLOOR**2)
            result[k] = _clipped_mean(value, weight)
    return result


def _clipped_mean(value: FloatArray, weight: FloatArray) -> float:
    """Weighted mean, repeated without what deviates by more than 4 sigma."""
    middle = float(np.median(value))
    for _ in range(3):
        keep = np.abs(value - middle) * np.sqrt(weight) < 4
        if not keep.any():
            break
        middle = float(np.average(value[keep], weights=weight[keep]))
    return middle


def _row_median(values: FloatArray) -> FloatArray:
    return np.array([np.nanmedian(v) if np.isfinite(v).any() else np.nan for v in values])


def _row_scatter(values: FloatArray) -> FloatArray:
    """Robust scatter of each row about its median; NaN for fewer than 3 values."""
    found = np.full(len(values), np.nan)
    for k, row in enumerate(values):
        good = row[np.isfinite(row)]
        if len(good) >= 3:
            found[k] = 1.4826 * np.median(np.abs(good - np.median(good)))
    return found


def _usual(chi: FloatArray, light: FloatArray, variable: NDArray[np.bool_]) -> FloatArray:
    """Median scatter, in units of the error, of the constant stars of similar brightness; at least 1 where there are few."""
    order = np.argsort(light, kind="stable")
    known = order[np.isfinite(chi[order]) & ~variable[order]]
    result = np.ones(len(chi))
    if len(known):
        for k in range(len(chi)):
            place = int(np.searchsorted(light[known], light[k]))
            first = int(np.clip(place - NEIGHBOURS // 2, 0, max(len(known) - NEIGHBOURS, 0)))
            result[k] = float(np.median(chi[known[first: first + NEIGHBOURS]]))
    return np.maximum(result, 0.5)
