"""Light that thin clouds take from parts of a frame: a smooth field through the fluxes of its stars.

With the transparency a_f of frame f, the deviations of its stars s from what the frames have in the median,

    d_fs = ln(F_fs / a_f) - median_f ln(F_fs / a_f)

are those of a smooth field and errors e_s: Gaussian processes of covariance v exp(-r^2 / 2 l^2) + e^2, whose v and l are most
likely (Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, ch. 2 and 5). Where no star is near, or stars do not
tell, the field is 0, that of the frame's own transparency.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from scipy.spatial import cKDTree

from tilecore.numerics.statistics import MAD_TO_SIGMA, median_of_known

__all__ = ["lost_light"]

FloatArray = NDArray[np.float64]

# Frames that must show a star, and stars that a frame must show.
LEAST_FRAMES, LEAST_STARS = 5, 12
# No flux is known better; what does not deviate from the other frames by more than this (rms over the field) is no haze.
LEAST_ERROR, LEAST_HAZE = 0.01, 0.03
# Squares of deviations in units of their errors, in the mean: below it nothing is looked for.
STARTLING = 1.3
# Lengths l in units of the field's longer side, roots of v, and the likelihood gained (ln) that makes a field sure.
REACHES, SPREADS, SURE = (0.08, 0.16, 0.32), (0.02, 0.04, 0.08, 0.16, 0.32), 8.0
# Stars of like brightness that tell one another's errors.
LIKE_STARS = 15
# A star that deviates from its neighbours so many times more than usual is no measure of haze: variable, or crossed by a trail.
NEIGHBOURS, STRANGE = 6, 5.0
# No more than half of the light is made up for, and no frame is made fainter than by a third.
MOST_LOST = (-0.3, 0.7)


def lost_light(flux: FloatArray, stars: FloatArray, places: FloatArray, length: float, first: int = 0) -> FloatArray:
    """ln of the light that is lost besides the transparency, positive where more is lost, of the frames from ``first`` on (F, P).

    ``flux`` (N, n) of the stars over the transparency of the frame, NaN where it is not known; ``stars`` (n, 2) and ``places``
    (P, 2) in pixels, ``length`` the longer side of the field in pixels. All 0 in frames without haze.
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
        if known.sum() >= LEAST_STARS and np.mean(np.minimum((own[known] / error[known]) ** 2, STRANGE**2)) > STARTLING:
            found[:] = _field(own[known], error[known], stars[known] / length, places / length)
    return np.clip(-result, *MOST_LOST)


def _errors(deviation: FloatArray, brightness: FloatArray) -> FloatArray:
    """(n,) errors of the deviations (N, n): those that stars of like ``brightness`` (n,) have in the median."""
    own = MAD_TO_SIGMA * median_of_known(np.abs(deviation), np.isfinite(deviation))
    order, alike = np.argsort(brightness, kind="stable"), np.empty_like(own)
    alike[order] = median_filter(own[order], LIKE_STARS, mode="nearest")
    return np.maximum(alike, LEAST_ERROR)


def _field(values: FloatArray, error: FloatArray, at: FloatArray, places: FloatArray) -> FloatArray:
    """The most likely smooth field (P,) through ``values`` (n,) at ``at`` (n, 2); zeros where none is sure."""
    near = cKDTree(at).query(at, NEIGHBOURS + 1)[1][:, 1:]
    strange = np.abs(values - np.median(values[near], axis=1))
    usual = strange <= STRANGE * np.maximum(error, MAD_TO_SIGMA * np.median(strange))
    values, error, at = values[usual], error[usual], at[usual]
    apart, scaled = _squares(at, at), values / error
    # A level that all stars share is an error of the transparency, no haze.
    level = float(np.sum(scaled / error) / np.sum(1 / error**2)) / error
    best, likely = np.zeros(len(places)), SURE + 0.5 * float(np.sum(level**2))
    for reach in REACHES:
        roots, vectors = np.linalg.eigh(np.exp(-apart / (2 * reach**2)) / np.outer(error, error))
        seen = vectors.T @ scaled
        for spread in SPREADS:
            whole = 1 + spread**2 * np.maximum(roots, 0)
            gain = 0.5 * float(np.sum(seen**2 * (1 - 1 / whole) - np.log(whole)))
            if gain > likely and _told_by_others(scaled, level, vectors / whole @ vectors.T):
                kernel = spread**2 * np.exp(-_squares(places, at) / (2 * reach**2)) / error
                best, likely = kernel @ (vectors @ (seen / whole)), gain
    return best if np.sqrt(np.mean(best**2)) > LEAST_HAZE else np.zeros(len(places))


def _told_by_others(scaled: FloatArray, level: FloatArray, inverse: FloatArray) -> bool:
    """Whether the field through all other stars tells what each of them shows, so that no single one makes it.

    ``scaled`` (n,) deviations and the ``level`` of all, in units of their errors; ``inverse`` (n, n) of their covariance.
    """
    left = (inverse @ scaled) / np.diag(inverse)  # Rasmussen & Williams, eq. 5.12
    gained = np.minimum((scaled - level) ** 2, STRANGE**2) - np.minimum(left**2, STRANGE**2)
    return bool(0.5 * gained.sum() > SURE)


def _squares(one: FloatArray, other: FloatArray) -> FloatArray:
    """Squared distances (n, m) of places (n, 2) and (m, 2)."""
    return np.asarray(((one[:, None] - other[None]) ** 2).sum(axis=2))
