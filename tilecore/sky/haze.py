"""Light that thin clouds absorb in parts of a frame: a smooth field through the fluxes of its stars.

With the transparency a_f of frame f, the deviations of its stars s from the median over the frames,

    d_fs = ln(F_fs / a_f) - median_f ln(F_fs / a_f)

are the sum of a smooth field and of errors e_s: Gaussian processes of covariance v exp(-r^2 / 2 l^2) + e^2, with the most likely
v and l (Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, ch. 2 and 5). Where no star is near, or stars do not
determine it, the field is 0: the frame has its mean transparency there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from scipy.spatial import cKDTree

from tilecore.numerics.statistics import MAD_TO_SIGMA, median_of_known

__all__ = ["lost_light"]

FloatArray = NDArray[np.float64]

# Frames in which a star must be measured.
LEAST_FRAMES = 5
# Stars that must be measured in a frame.
LEAST_STARS = 12
# Least error of the logarithm of a flux.
LEAST_ERROR = 0.01
# Rms of the field (ln) below which it is not haze.
LEAST_HAZE = 0.03
# Mean square of the deviations in units of their errors, below which a frame is not searched; errors alone give 1.
LEAST_CHI2 = 1.3
# Lengths l that are tried, in units of the longer side of the field.
REACHES = (0.08, 0.16, 0.32)
# Square roots of v that are tried (ln).
SPREADS = (0.02, 0.04, 0.08, 0.16, 0.32)
# Gain in log-likelihood from which a field is certain.
CERTAIN = 8.0
# Stars of similar brightness whose errors are combined.
SIMILAR_STARS = 15
# Neighbours with which a star is compared.
NEIGHBOURS = 6
# Deviation from them, in units of the usual one, from which a star does not count: it is variable, or crossed by a trail.
OUTLIER = 5.0
# Range of the correction (ln): at most half of the light is restored, and a frame is dimmed by a quarter at most.
CORRECTION_RANGE = (-0.3, 0.7)


def lost_light(flux: FloatArray, stars: FloatArray, places: FloatArray, length: float, first: int = 0) -> FloatArray:
    """Light lost besides the transparency (ln, positive where more is lost), of the frames from ``first`` on, (F, P).

    Parameters
    ----------
    flux : (N, n) fluxes of the stars over the transparency of the frame, NaN where unknown.
    stars, places : (n, 2) positions of the stars and (P, 2) positions of the result, in pixels.
    length : longer side of the field in pixels.

    All 0 in frames without haze.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        brightness = np.where(flux > 0, np.log(flux), np.nan)
    common = np.isfinite(brightness).sum(axis=0) >= LEAST_FRAMES
    brightness, stars = brightness[:, common], stars[common]
    usual: FloatArray = np.asarray(median_of_known(brightness, np.isfinite(brightness)), np.float64)
    deviation: FloatArray = brightness - usual
    error = _errors(deviation, usual)
    result = np.zeros((len(flux) - first, len(places)))
    for found, own in zip(result, deviation[first:], strict=True):
        known = np.isfinite(own)
        if known.sum() >= LEAST_STARS and np.mean(np.minimum((own[known] / error[known]) ** 2, OUTLIER**2)) > LEAST_CHI2:
            found[:] = _field(own[known], error[known], stars[known] / length, places / length)
    return np.clip(-result, *CORRECTION_RANGE)


def _errors(deviation: FloatArray, brightness: FloatArray) -> FloatArray:
    """(n,) errors of the deviations (N, n): the median of those of stars of similar ``brightness`` (n,)."""
    own = MAD_TO_SIGMA * median_of_known(np.abs(deviation), np.isfinite(deviation))
    order, similar = np.argsort(brightness, kind="stable"), np.empty_like(own)
    similar[order] = median_filter(own[order], SIMILAR_STARS, mode="nearest")
    return np.maximum(similar, LEAST_ERROR)


def _field(values: FloatArray, error: FloatArray, at: FloatArray, places: FloatArray) -> FloatArray:
    """The most likely smooth field (P,) through ``values`` (n,) at ``at`` (n, 2); zeros where none is certain."""
    near = cKDTree(at).query(at, NEIGHBOURS + 1)[1][:, 1:]
    strange = np.abs(values - np.median(values[near], axis=1))
    usual = strange <= OUTLIER * np.maximum(error, MAD_TO_SIGMA * np.median(strange))
    values, error, at = values[usual], error[usual], at[usual]
    apart, scaled = _squares(at, at), values / error
    # A level that all stars share is an error of the transparency, not haze.
    level = float(np.sum(scaled / error) / np.sum(1 / error**2)) / error
    best, likely = np.zeros(len(places)), CERTAIN + 0.5 * float(np.sum(level**2))
    for reach in REACHES:
        roots, vectors = np.linalg.eigh(np.exp(-apart / (2 * reach**2)) / np.outer(error, error))
        seen = vectors.T @ scaled
        for spread in SPREADS:
            whole = 1 + spread**2 * np.maximum(roots, 0)
            gain = 0.5 * float(np.sum(seen**2 * (1 - 1 / whole) - np.log(whole)))
            if gain > likely and _confirmed_by_others(scaled, level, vectors / whole @ vectors.T):
                kernel = spread**2 * np.exp(-_squares(places, at) / (2 * reach**2)) / error
                best, likely = kernel @ (vectors @ (seen / whole)), gain
    return best if np.sqrt(np.mean(best**2)) > LEAST_HAZE else np.zeros(len(places))


def _confirmed_by_others(scaled: FloatArray, level: FloatArray, inverse: FloatArray) -> bool:
    """Whether the field through all other stars predicts each star, so that no single star determines the field.

    ``scaled`` (n,) deviations and the ``level`` of all, in units of their errors; ``inverse`` (n, n) of their covariance.
    """
    left = (inverse @ scaled) / np.diag(inverse)  # Rasmussen & Williams, eq. 5.12
    gained = np.minimum((scaled - level) ** 2, OUTLIER**2) - np.minimum(left**2, OUTLIER**2)
    return bool(0.5 * gained.sum() > CERTAIN)


def _squares(one: FloatArray, other: FloatArray) -> FloatArray:
    """Squared distances (n, m) of places (n, 2) and (m, 2)."""
    return np.asarray(((one[:, None] - other[None]) ** 2).sum(axis=2))
