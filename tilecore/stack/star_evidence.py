"""Parts of frames that do not show the stars that other frames show there: behind a roof, a tree or an opaque cloud, or where
rows of the file are displaced or empty.

Sky and noise do not show it: the sky of a roof is subtracted as that of a cloud is, and its noise is lower than that of the
sky. The flux of a star in a frame over its flux in the other frames does: it is about the transparency of the frame where the sky
is free, 0 where it is not. Light that haze absorbs is treated apart (:mod:`tilecore.sky.haze`), up to the share LOST.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tilecore.numerics.statistics import median

__all__ = ["LOST", "StarFluxes", "blocked", "lost_fluxes", "lost_stars"]

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
class StarFluxes:
    """M fluxes of n stars in N ``frames``: numbers of the ``frame`` and of the ``star`` (M,), ordered by frame, ``flux`` (M,) in
    any unit of the frame, and its ``error`` (M,) due to the noise of the sky; ``places`` (n, 2) of the stars."""

    frame: NDArray[np.int64]
    star: NDArray[np.int64]
    flux: FloatArray
    error: FloatArray
    places: FloatArray
    frames: int

    @classmethod
    def of(cls, flux: FloatArray, error: FloatArray, places: FloatArray) -> StarFluxes:
        """Fluxes (N, n), NaN outside the frame, with errors (N,) or (N, n)."""
        frame, star = np.nonzero(np.isfinite(flux))
        error = np.broadcast_to(np.asarray(error, np.float64).reshape(len(flux), -1), flux.shape)
        return cls(frame, star, flux[frame, star], error[frame, star], places, len(flux))

    @property
    def parts(self) -> list[slice]:
        """Where the fluxes of each frame are."""
        first, last = (np.searchsorted(self.frame, np.arange(self.frames), side).tolist() for side in ("left", "right"))
        return [slice(a, b) for a, b in zip(first, last, strict=True)]

    def by_star(self, values: NDArray[np.generic]) -> FloatArray:
        """(n,) sums of values (M,)."""
        return np.asarray(np.bincount(self.star, values, len(self.places)), np.float64)


@dataclass(frozen=True)
class _Ratios:
    """``ratio`` (M,) of the flux of stars to that in other frames, relative to the frame, NaN where unknown, its ``error``, and
    whether most frames show the star, ``usual`` (M,)."""

    ratio: FloatArray
    error: FloatArray
    usual: BoolArray


def lost_stars(flux: FloatArray, error: FloatArray, places: FloatArray) -> NDArray[np.int8]:
    """:func:`lost_fluxes` as an array (N, n) of all stars in all frames; ``flux`` (N, n) is NaN outside the frame, ``error`` is
    (N,) or (N, n), ``places`` (n, 2)."""
    fluxes = StarFluxes.of(flux, error, places)
    result = np.full(flux.shape, -1, np.int8)
    result[fluxes.frame, fluxes.star] = lost_fluxes(fluxes)
    return result


def lost_fluxes(fluxes: StarFluxes) -> NDArray[np.int8]:
    """(M,): 1 = the frame does not show the star that others show, 0 = it does, -1 = unknown. Memory and time follow the number
    of fluxes, not that of frames times stars."""
    result = np.full(len(fluxes.flux), -1, np.int8)
    if fluxes.frames < LEAST_FRAMES or len(fluxes.places) < LEAST_STARS:
        return result
    found = _ratios(fluxes, np.ones(len(result), np.bool_))
    usual = found.usual
    result[usual] = _judged(found, fluxes, usual)[usual]
    # What only a few frames show may be light at a wrong place, if they do not show what the others do.
    open_sky = np.ones(len(result), np.bool_)
    for part in fluxes.parts:
        at = fluxes.places[fluxes.star[part]]
        open_sky[part] = ~blocked(result[part], at, at)
    found = _ratios(fluxes, open_sky)
    rare = ~usual & ~found.usual
    result[~usual] = _judged(found, fluxes, np.ones_like(usual))[~usual]
    result[rare & (result == 1) & _seen_beside(result, fluxes)] = -1
    return result


def _judged(found: _Ratios, fluxes: StarFluxes, chosen: BoolArray) -> NDArray[np.int8]:
    """(M,) as :func:`lost_fluxes`, with the evidence of the ``chosen`` (M,) fluxes only."""
    result = np.full(len(chosen), -1, np.int8)
    for part in fluxes.parts:
        known = part.start + np.flatnonzero(np.isfinite(found.ratio[part]) & chosen[part])
        if len(known) >= LEAST_STARS:
            most = np.where(found.usual[known], MOST_EVIDENCE_OF_USUAL, MOST_EVIDENCE)
            own = np.clip((LOST - found.ratio[known]) / found.error[known], -MOST_EVIDENCE, most)
            result[known] = _with_neighbours(own, fluxes.places[fluxes.star[known]]) > CERTAIN
    return result


def _seen_beside(lost: NDArray[np.int8], fluxes: StarFluxes) -> BoolArray:
    """(M,) stars of which a frame shows most of the nearest neighbours."""
    result = np.zeros(lost.shape, np.bool_)
    for part in fluxes.parts:
        known = part.start + np.flatnonzero(lost[part] >= 0)
        count = min(RARE_NEIGHBOURS, len(known) - 1)
        if count > 0:
            at = fluxes.places[fluxes.star[known]]
            near = cKDTree(at).query(at, count + 1)[1]
            result[known] = (lost[known][near] == 0).sum(axis=1) > 0.5 * count
    return result


def _ratios(fluxes: StarFluxes, known: BoolArray) -> _Ratios:
    """The ratios from the ``known`` (M,) fluxes."""
    frame, star = fluxes.frame, fluxes.star
    clear = known & (fluxes.flux > LEAST_SNR * fluxes.error)
    # Frames of other exposure or transparency: each in units of its own stars, those that it shows.
    brightest = np.zeros(len(fluxes.places))
    np.maximum.at(brightest, star[clear], fluxes.flux[clear])
    level = _levels(fluxes, fluxes.flux / np.where(brightest > 0, brightest, 1)[star], clear & (brightest[star] > 0))
    flux, error = fluxes.flux / level[frame], fluxes.error / level[frame]
    expected, count = _expected(replace(fluxes, flux=flux), known)[star], fluxes.by_star(known)[star]
    good = known & (expected > LEAST_SNR * error) & (count >= LEAST_FRAMES)
    safe = np.where(expected > 0, expected, 1.0)
    ratio = np.where(good, flux / safe, np.nan)
    again = _levels(fluxes, ratio, good & clear)[frame]
    ratio, error = ratio / again, error / safe / again
    usual = fluxes.by_star(np.nan_to_num(ratio) > LOST) >= 0.5 * np.maximum(fluxes.by_star(good), 1)
    return _Ratios(ratio, np.hypot(error, RATIO_ERROR), usual[star])


def _levels(fluxes: StarFluxes, ratio: FloatArray, chosen: BoolArray) -> FloatArray:
    """(N,) :func:`_usual` of the ``chosen`` ratios (M,) of each frame."""
    return np.array([_usual(ratio[part][chosen[part]]) for part in fluxes.parts])


def _usual(ratio: FloatArray) -> float:
    """The ratio of most of the stars that a frame shows, given all (n,): a trail makes some brighter, a thick cloud fainter."""
    ordered = np.sort(ratio[ratio > 0])
    if not len(ordered):
        return 1.0
    ends = np.searchsorted(ordered, ordered * SAME_LEVEL, side="right")
    first = int(np.argmax(ends - np.arange(len(ordered))))
    return median(ordered[first: ends[first]])


def _expected(fluxes: StarFluxes, known: BoolArray) -> FloatArray:
    """(n,) flux of each star where it is seen: the median of the ``known`` (M,) values above LOST of one that several frames
    confirm."""
    star, flux = fluxes.star[known], fluxes.flux[known]
    order = np.lexsort((-flux, star))  # of each star, brightest first
    star, flux = star[order], flux[order]
    count = np.bincount(star, minlength=len(fluxes.places))
    first = np.cumsum(count) - count
    place = np.where(count >= MANY_FRAMES, CONFIRMED, CONFIRMED - 1) - 1
    confirmed = np.zeros(len(fluxes.places))
    enough = count > place
    confirmed[enough] = flux[(first + place)[enough]]
    # The values above are the first ones of each star.
    above = np.bincount(star, (flux >= LOST * confirmed[star]) & (confirmed[star] > 0), len(count)).astype(np.int64)
    result, some = np.zeros(len(count)), above > 0
    low, high = ((first + (above - k) // 2)[some] for k in (1, 0))
    result[some] = 0.5 * (flux[low] + flux[high])
    return result


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
