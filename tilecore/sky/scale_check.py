"""Error of the scale of groups of frames, measured on stars that were not used to determine it (METHODS 1).

The scale comes from fits that assume a width of the stars, or from apertures that are corrected for it. The check uses
apertures so wide that the width does not matter, and only stars that the scale was determined without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.robust_surface import robust_weights
from tilecore.numerics.statistics import mad_sigma

__all__ = ["FOLDS", "WIDE_FWHM", "HeldOut", "WideFluxes", "held_out", "with_check"]

FloatArray = NDArray[np.float64]

# Radius of the aperture in units of the FWHM of the widest frames: a width that is 15 % wrong changes its flux by 0.5 %.
WIDE_FWHM = 2.5
# Parts of the stars that are left out in turn.
FOLDS = 3
# Signal-to-noise of the mean flux of a star in a group.
LEAST_SNR = 10.0
# Relative error of a flux without noise: pixel phase on a plane of a mosaic, flat field, neighbours in the aperture.
FLUX_ERROR = 0.03
# Stars needed in two groups for a result.
LEAST_STARS = 5
# Deviation (standard errors) from which the residual counts as an error of the scale.
CLEAR_SIGMA = 4.0


@dataclass(frozen=True)
class WideFluxes:
    """M fluxes in wide apertures: numbers of the ``frame`` and of the ``star`` (M,), the ``flux`` (M,), NaN where it could not be
    measured; ``stars`` is the number of stars."""

    frame: NDArray[np.int64]
    star: NDArray[np.int64]
    flux: FloatArray
    stars: int

    @classmethod
    def of(cls, flux: FloatArray) -> WideFluxes:
        """The fluxes (N, S) of all stars in all frames, NaN where not measured."""
        frame, star = np.nonzero(np.isfinite(flux))
        return cls(frame, star, flux[frame, star], flux.shape[1])


@dataclass(frozen=True)
class HeldOut:
    """For K groups of frames: ``residual`` (K,), the logarithm of the brightness of stars in a group relative to the others after
    scaling, its standard ``error`` (K,), and the number of ``stars`` (K,). NaN with fewer than 5 stars."""

    residual: FloatArray
    error: FloatArray
    stars: NDArray[np.int64]


def held_out(wide: WideFluxes, noise: FloatArray, group: NDArray[np.int64],
             scale_without: Callable[[NDArray[np.bool_]], FloatArray]) -> HeldOut:
    """Compare groups of frames, ``group`` (N,), by stars that the scale was determined without; ``noise`` (N,) of one flux.

    ``scale_without`` returns the scale (N,) of the frames from the stars that are False in its argument (S,).
    """
    known = np.isfinite(wide.flux)
    frame, star, flux = wide.frame[known], wide.star[known], wide.flux[known]
    # Most stars are in few groups: the means are those of the pairs of group and star that occur.
    pairs, pair = np.unique(group[frame] * wide.stars + star, return_inverse=True)
    mean, weight = np.zeros(len(pairs)), np.zeros(len(pairs))
    for fold in range(FOLDS):
        out = np.arange(wide.stars) % FOLDS == fold
        scale = scale_without(out)
        own = np.flatnonzero(out[star] & (scale[frame] > 0))
        precision = (scale[frame[own]] / np.maximum(noise[frame[own]], 1e-30)) ** 2
        total = np.bincount(pair[own], precision, len(pairs))
        mean += np.bincount(pair[own], precision * flux[own] / scale[frame[own]], len(pairs)) / np.maximum(total, 1e-300)
        weight += total
    # Means that are not clear of the noise do not count.
    weight[~(mean > LEAST_SNR / np.sqrt(np.maximum(weight, 1e-300)))] = 0
    means = _GroupMeans(pairs // wide.stars, pairs % wide.stars, mean, weight)
    found = [_against_others(means, wide.stars, k) for k in range(int(group.max()) + 1)]
    residual, error, count = (np.array([f[j] for f in found]) for j in range(3))
    return HeldOut(residual, error, count.astype(np.int64))


@dataclass(frozen=True)
class _GroupMeans:
    """The ``mean`` flux of a ``star`` in a ``group`` after scaling, and its ``weight``, 0 if it does not count; all (P,), ordered
    by group."""

    group: NDArray[np.int64]
    star: NDArray[np.int64]
    mean: FloatArray
    weight: FloatArray


def _against_others(means: _GroupMeans, stars: int, k: int) -> tuple[float, float, int]:
    """Mean difference of the logarithms of the fluxes in group ``k`` and the others, its error, and the number of stars."""
    first, last = np.searchsorted(means.group, (k, k + 1))
    own, weight = means.mean[first:last], means.weight[first:last]
    star = means.star[first:last]
    inside = np.full(stars, -1)
    inside[star] = np.arange(last - first)
    other = np.concatenate([np.arange(first), np.arange(last, len(means.star))])
    other = other[inside[means.star[other]] >= 0]
    at = inside[means.star[other]]
    total = np.bincount(at, means.weight[other], last - first)
    rest = np.bincount(at, means.weight[other] * means.mean[other], last - first) / np.maximum(total, 1e-300)
    both = (weight > 0) & (total > 0)
    count = int(both.sum())
    if count < LEAST_STARS:
        return np.nan, np.nan, count
    own, weight, rest, total = own[both], weight[both], rest[both], total[both]
    difference = np.log(own / rest)
    prior = 1 / (FLUX_ERROR**2 + 1 / (weight * own**2) + 1 / (total * rest**2))
    robust, centre = prior, 0.0
    for _ in range(10):
        centre = float(np.average(difference, weights=robust))
        scaled = (difference - centre) * np.sqrt(prior)
        robust = prior * np.maximum(robust_weights(scaled / max(mad_sigma(scaled, 0.0), 1.0), "tukey"), 1e-6)
    spread = max(float(np.average((difference - centre) ** 2 * prior, weights=robust)), 1.0)
    # Few stars determine their own spread badly.
    return centre, float(np.sqrt(spread / robust.sum() * (count - 1) / (count - 3))), count


def with_check(error: FloatArray, check: HeldOut) -> FloatArray:
    """Errors (K,) of the scale by its own account, raised to the residuals (K,) where these clearly differ from 0."""
    clear = np.abs(np.nan_to_num(check.residual)) > CLEAR_SIGMA * np.nan_to_num(check.error, nan=np.inf)
    return np.where(clear, np.fmax(error, np.abs(check.residual)), error)
