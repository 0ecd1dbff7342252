"""Parts of frames that do not show the stars that other frames show there: behind a roof, a tree or an opaque cloud, or where
rows of the file are displaced or empty.

Sky and noise do not show it: the sky of a roof is subtracted as that of a cloud is, and its noise is lower than that of the
sky. The flux of a star in a frame over its flux in the other frames does: it is about the transparency of the frame where the sky
is free, 0 where it is not. Light that haze absorbs is treated apart (:mod:`tilecore.sky.haze`), up to the share LOST.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tilecore.numerics.statistics import median_of_known

__all__ = ["LOST", "blocked", "lost_stars"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# Share of the light of a star, relative to the other stars of its frame, below which the star is lost.
LOST = 0.5
# Frames that must show a star with consistent flux, if there are MANY_FRAMES frames or more, else one less.
CONFIRMED = 3
MANY_FRAMES = 6
# Frames in which a star must be measured.
LEAST_FRAMES = 3
# Signal-to-noise of stars that count.
LEAST_SNR = 8.0
# Stars that must be measured in a frame.
LEAST_STARS = 4
# Error of the flux ratio of a bright star: PSF, neighbours, flat field.
RATIO_ERROR = 0.08
# Range of the ratios of stars behind the same sky, largest over smallest: errors, and haze over parts of the frame.
SAME_LEVEL = 1.8
# Largest evidence (sigma) of one star for or against a loss, ...
MOST_EVIDENCE = 4.0
# ... and if at least half of the frames show the star, so that it is not an artefact of a few.
MOST_EVIDENCE_OF_USUAL = 6.0
# Neighbours whose evidence is added to that of a star, with this weight.
NEIGHBOURS = 2
NEIGHBOUR_WEIGHT = 0.35
# Neighbours most of which the frame must not show either, where only a few frames show the star.
RARE_NEIGHBOURS = 3
# Evidence (sigma) from which a star is lost.
CERTAIN = 3.0
# A place is blocked if the nearest lost star is at most this much farther than the nearest star that is seen.
REACH = 1.25


@dataclass(frozen=True)
class _Ratios:
    """``ratio`` (N, n) of the flux of stars to that in other frames, relative to the frame, NaN where unknown, its ``error``, and
    whether most frames show the star, ``usual`` (n,)."""

    ratio: FloatArray
    error: FloatArray
    usual: BoolArray


def lost_stars(flux: FloatArray, error: FloatArray, places: FloatArray) -> NDArray[np.int8]:
    """(N, n): 1 = the frame does not show the star that others show, 0 = it does, -1 = unknown.

    Parameters
    ----------
    flux : (N, n) fluxes of the stars in N frames, in any unit of the frame, NaN outside the frame.
    error : (N,) or (N, n) errors of the fluxes due to the noise of the sky.
    places : (n, 2) positions of the stars.
    """
    result = np.full(flux.shape, -1, np.int8)
    if flux.shape[0] < LEAST_FRAMES or flux.shape[1] < LEAST_STARS:
        return result
    error = np.broadcast_to(np.asarray(error, np.float64).reshape(len(flux), -1), flux.shape)
    found = _ratios(flux, error)
    usual = np.broadcast_to(found.usual, flux.shape)
    result[usual] = _judged(found, places, usual)[usual]
    # What only a few frames show may be light at a wrong place, if they do not show what the others do.
    flux = np.where([blocked(own, places, places) for own in result], np.nan, flux)
    found = _ratios(flux, error)
    rare = ~usual & ~np.broadcast_to(found.usual, flux.shape)
    result[~usual] = _judged(found, places, np.ones_like(usual))[~usual]
    result[rare & (result == 1) & _seen_beside(result, places)] = -1
    return result


def _judged(found: _Ratios, places: FloatArray, chosen: BoolArray) -> NDArray[np.int8]:
    """(N, n) as :func:`lost_stars`, with the evidence of the ``chosen`` (N, n) stars only."""
    result = np.full(chosen.shape, -1, np.int8)
    for i, (ratio, spread) in enumerate(zip(found.ratio, found.error, strict=True)):
        known = np.flatnonzero(np.isfinite(ratio) & chosen[i])
        if len(known) >= LEAST_STARS:
            most = np.where(found.usual[known], MOST_EVIDENCE_OF_USUAL, MOST_EVIDENCE)
            own = np.clip((LOST - ratio[known]) / spread[known], -MOST_EVIDENCE, most)
            result[i, known] = _with_neighbours(own, places[known]) > CERTAIN
    return result


def _seen_beside(lost: NDArray[np.int8], places: FloatArray) -> BoolArray:
    """(N, n) stars of which a frame shows most of the nearest neighbours."""
    result = np.zeros(lost.shape, np.bool_)
    for own, out in zip(lost, result, strict=True):
        known = np.flatnonzero(own >= 0)
        count = min(RARE_NEIGHBOURS, len(known) - 1)
        if count > 0:
            near = cKDTree(places[known]).query(places[known], count + 1)[1]
            out[known] = (own[known][near] == 0).sum(axis=1) > 0.5 * count
    return result


def _ratios(flux: FloatArray, error: FloatArray) -> _Ratios:
    known = np.isfinite(flux)
    clear = known & (flux > LEAST_SNR * error)
    # Frames of other exposure or transparency: each in units of its own stars, those that it shows.
    brightest = np.max(np.where(clear, flux, 0), axis=0)
    seen = clear & (brightest > 0)
    level = np.array([_usual(f[k] / brightest[k]) for f, k in zip(flux, seen, strict=True)])
    flux, error = flux / level[:, None], error / level[:, None]
    expected, count = _expected(flux, known), known.sum(axis=0)
    good = known & (expected > LEAST_SNR * error) & (count >= LEAST_FRAMES)
    safe = np.where(expected > 0, expected, 1.0)
    ratio = np.where(good, flux / safe, np.nan)
    again = np.array([_usual(r[k]) for r, k in zip(ratio, good & clear, strict=True)])[:, None]
    ratio, error = ratio / again, error / safe / again
    usual = (np.nan_to_num(ratio) > LOST).sum(axis=0) >= 0.5 * np.maximum(good.sum(axis=0), 1)
    return _Ratios(ratio, np.hypot(error, RATIO_ERROR), usual)


def _usual(ratio: FloatArray) -> float:
    """The ratio of most of the stars that a frame shows, given all (n,): a trail makes some brighter, a thick cloud fainter."""
    ordered = np.sort(ratio[ratio > 0])
    if not len(ordered):
        return 1.0
    ends = np.searchsorted(ordered, ordered * SAME_LEVEL, side="right")
    first = int(np.argmax(ends - np.arange(len(ordered))))
    return float(np.median(ordered[first: ends[first]]))


def _expected(flux: FloatArray, known: BoolArray) -> FloatArray:
    """(n,) flux of each star where it is seen: the median of the values above LOST of one that several frames confirm."""
    count = known.sum(axis=0)
    ordered = -np.sort(-np.where(known, flux, -np.inf), axis=0)
    place = np.clip(np.where(count >= MANY_FRAMES, CONFIRMED, CONFIRMED - 1) - 1, 0, len(flux) - 1)
    confirmed = np.take_along_axis(ordered, place[None], axis=0)[0]
    confirmed = np.where(np.isfinite(confirmed), confirmed, 0)
    seen = known & (flux >= LOST * confirmed) & (confirmed > 0)
    return np.where(seen.any(axis=0), np.nan_to_num(median_of_known(flux, seen)), 0)


def _with_neighbours(own: FloatArray, places: FloatArray) -> FloatArray:
    """The evidence (n,) of stars with that of their nearest neighbours."""
    count = min(NEIGHBOURS, len(own) - 1)
    near = cKDTree(places).query(places, count + 1)[1].reshape(len(own), -1)
    total = np.zeros(len(own))
    for k in range(count + 1):  # of stars at the same place any may come first
        total += np.where(near[:, k] == np.arange(len(own)), 0, own[near[:, k]])
    return np.asarray(own + NEIGHBOUR_WEIGHT * total)


def blocked(lost: NDArray[np.int8], stars: FloatArray, places: FloatArray) -> BoolArray:
    """(P,) ``places`` (P, 2) that a frame does not show, given which of its ``stars`` (n, 2) are lost (n,)."""
    gone = lost == 1
    if not gone.any():
        return np.zeros(len(places), np.bool_)
    away = cKDTree(stars[gone]).query(places)[0]
    seen = lost == 0
    if not seen.any():
        return np.ones(len(places), np.bool_)
    return np.asarray(away <= REACH * cKDTree(stars[seen]).query(places)[0])
