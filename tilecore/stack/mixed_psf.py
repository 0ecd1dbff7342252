"""Rejection among frames of different PSFs: stars that a frame records sharper or wider than the others are kept.

The median of frames most of which are trailed or have poor seeing is the profile of those: the core of a star in a sharp frame
is far above it, and would be rejected, as would the ends of trailed stars among sharp ones. Either loses light of the star. In
frames whose PSF differs from that of the others a deviation near a star is kept that the profile of the star there can cause: up
to its expected peak above the median, and less farther from it, down to the level behind it. Sharper than any star is a cosmic
ray; a rejected region that continues outside the star is a trail: both stay rejected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import by_rows, njit
from tilecore.numerics.selection import select
from tilecore.numerics.statistics import MEDIAN_ERROR

__all__ = ["MixedPsf", "mixed_psf", "pardon"]

FloatCube = NDArray[np.float32]
FloatImage = NDArray[np.float32]
Mask = NDArray[np.uint8]

# Ratio of the area of a frame's PSF to the median from which, in either direction, it differs.
DIFFERENT_AREA = 1.3
# Ratio of its roundness to that of round stars below which it differs.
ELONGATED = 0.75
# Share of the frames with the usual PSF from which these are rejected as ever.
MOSTLY_USUAL = 0.7
# Range (px) of the reach of a star.
REACH_RANGE = (4, 20)
# Reach of a star in units of the longest FWHM of its profile along any direction.
REACH_FWHM = 1.0
# Factor by which the peak of a star may exceed the expected one.
PEAK_MARGIN = 2.0
# Factor by which the light of a star falls over one FWHM of the frame, beyond the half of it: wings of a Moffat profile.
FALL_PER_FWHM = 0.1
# Light of a star (sigma of the median of the frames) that is distinguished from noise.
STAR_SIGMA = 5.0
# Share of the light of a pixel that exceeds the median of its 3 x 3 neighbours, from which it is sharper than a star.
TOO_SHARP = 0.75
# Distance (px) from rejected pixels outside stars within which a rejected pixel belongs to them.
TRAIL_REACH = 4
# Deviation (sigma of a frame) below the level behind a star that is not due to its PSF.
BELOW = 4.0


@dataclass(frozen=True)
class MixedPsf:
    """``differs`` (N,) the frames whose PSF is not that of the others, ``peak`` (N,) the height of a star in a frame over that in
    the median frame, ``longest`` (N,) its largest FWHM (px) along any direction, ``reach`` (px) of the light of a star from its
    centre; 0 if the PSFs do not differ."""

    differs: NDArray[np.bool_]
    peak: NDArray[np.float64]
    longest: NDArray[np.float64]
    reach: int

    def of(self, group: NDArray[np.int64]) -> MixedPsf:
        """That of some of the frames."""
        return MixedPsf(self.differs[group], self.peak[group], self.longest[group], self.reach)


def mixed_psf(area: NDArray[np.floating], roundness: NDArray[np.floating]) -> MixedPsf:
    """Compare the PSFs of N frames, of effective ``area`` (px^2) and ``roundness`` (minor over major axis), each (N,)."""
    known = np.isfinite(area) & (area > 0)
    usual = float(np.median(area[known])) if known.any() else 1.0
    peak = np.where(known, usual / np.where(known, area, 1), 1.0)
    shape = np.where(np.isfinite(roundness), roundness, 1.0)
    differs = (peak > DIFFERENT_AREA) | (peak < 1 / DIFFERENT_AREA) | (shape < ELONGATED * max(float(shape.max(initial=0)), 1e-3))
    # FWHM of a Gaussian of the same area: A = pi FWHM^2 / (2 ln 2).
    longest = np.sqrt(np.where(known, area, usual) * 2 * np.log(2) / np.pi / np.clip(shape, 0.1, 1))
    if not differs.any():
        return MixedPsf(differs, peak, longest, 0)
    if np.mean(~differs) < MOSTLY_USUAL:
        differs = np.ones_like(differs)
    reach = int(np.clip(np.ceil(REACH_FWHM * float(longest.max())) + 1, *REACH_RANGE))
    return MixedPsf(differs, peak, longest, reach)


def pardon(mask: Mask, cube: FloatCube, valid: FloatCube, median: FloatImage, sigma: NDArray[np.float32], psf: MixedPsf) -> None:
    """Keep rejected values that the profiles of stars explain: set ``mask`` (N, h, w) to 0 there, in place.

    Parameters
    ----------
    cube, valid : (N, h, w) normalised frames and their validity.
    median : (h, w) of the frames, 0 where none has data.
    sigma : (N,) noise of the frames.

    The result at a pixel depends on those up to ``3 * psf.reach + 5`` px away.
    """
    if not psf.reach or not (mask.any(axis=(1, 2)) & psf.differs).any():
        return
    covered = (valid > 0).any(axis=0)
    level = np.where(covered, median, np.median(median[covered]) if covered.any() else 0).astype(np.float32)
    kernel = np.ones((2 * psf.reach + 1, 2 * psf.reach + 1), np.uint8)
    light = cv2.morphologyEx(level, cv2.MORPH_TOPHAT, kernel)
    noise = np.float32(STAR_SIGMA * MEDIAN_ERROR * float(np.median(sigma)) / np.sqrt(len(cube)))
    light_of_stars = np.maximum(light - noise, 0)
    concerned = np.flatnonzero(psf.differs & mask.any(axis=(1, 2))).tolist()

    def keep_explained(first: int, stop: int) -> None:
        for f in concerned[first:stop]:
            profile = _Profile(np.float32(sigma[f]), np.float32(PEAK_MARGIN) * np.float32(max(psf.peak[f], 1.0)),
                               np.float32(FALL_PER_FWHM ** (1 / max(float(psf.longest[f]), 1.0))), int(psf.longest[f] / 2),
                               psf.reach)
            _keep_explained(mask[f], np.asarray(cube[f], np.float32), median, light, light_of_stars, profile)

    by_rows(keep_explained, len(concerned))


class _Profile(NamedTuple):
    """The noise ``sigma`` of a frame; the light of a star in it: at most ``height`` times that in the median, which falls by the
    factor ``fall`` with each px from ``flat`` to ``reach`` px from it."""

    sigma: np.float32
    height: np.float32
    fall: np.float32
    flat: int
    reach: int


@njit(cache=True, nogil=True)
def _keep_explained(mask: Mask, values: FloatImage, median: FloatImage, light: FloatImage, stars: FloatImage,
                    profile: _Profile) -> None:
    """:func:`pardon` in one frame (h, w); ``light`` is that of the median, ``stars`` the part of it above the noise."""
    sigma, height, _, _, _ = profile
    h, w = mask.shape
    places, n = np.empty((np.count_nonzero(mask), 2), np.int64), 0
    for y in range(h):
        for x in range(w):
            if mask[y, x]:
                places[n, 0], places[n, 1] = y, x
                n += 1
    peaks = np.empty(n, np.float32)
    outside = np.zeros((h, w), np.bool_)
    for k in range(n):
        y, x = places[k, 0], places[k, 1]
        peaks[k] = height * _bound(stars, y, x, profile)
        outside[y, x] = not peaks[k] > np.float32(STAR_SIGMA) * sigma
    for k in range(n):
        y, x = places[k, 0], places[k, 1]
        if outside[max(y - TRAIL_REACH, 0): y + TRAIL_REACH + 1, max(x - TRAIL_REACH, 0): x + TRAIL_REACH + 1].any():
            continue
        value = values[y, x]
        deviation, behind = value - median[y, x], median[y, x] - light[y, x]
        sharp = value - _median_around(values, y, x) > np.float32(TOO_SHARP) * (value - behind) + sigma
        if deviation < peaks[k] and value > behind - np.float32(BELOW) * sigma and not (sharp and deviation > 0):
            mask[y, x] = 0


@njit(cache=True, nogil=True)
def _bound(stars: FloatImage, y: int, x: int, profile: _Profile) -> np.float32:
    """Largest light that stars up to ``reach`` px away can have at a pixel."""
    _, _, fall, flat, reach = profile
    h, w = stars.shape
    most = np.float32(0)
    for j in range(max(y - reach, 0), min(y + reach + 1, h)):
        for i in range(max(x - reach, 0), min(x + reach + 1, w)):
            found = stars[j, i]
            if found > most:
                for _ in range(max(abs(j - y), abs(i - x)) - flat):
                    found *= fall
                most = max(most, found)
    return most


@njit(cache=True, nogil=True)
def _median_around(values: FloatImage, y: int, x: int) -> np.float32:
    """Median of the 3 x 3 pixels around a pixel; those at the border are repeated."""
    h, w = values.shape
    found = np.empty(9, np.float32)
    for j in range(3):
        for i in range(3):
            found[3 * j + i] = values[min(max(y + j - 1, 0), h - 1), min(max(x + i - 1, 0), w - 1)]
    return np.float32(select(found, 4))
