"""Clipped cores of stars in several channels of one scene: where they are, and what the channels would show there.

Where one channel is clipped and another is not, their ratio is no colour. There the clipped ones are given what the others
show, in the ratio of the star's own light just outside its core; where all are clipped, the core has the colour of that light.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

__all__ = ["Restored", "ceiling", "limited", "restore"]

Plane = NDArray[np.float32]
FloatArray = NDArray[np.float64]

# So many stars whose peaks agree to this share show that no star is brighter, if they are at least half of all that are as
# bright, and crowded: so many times more than there are below, down to the lowest peak of them over the last number.
LEAST_ALIKE, ALIKE, CROWDED, BELOW = 4, 0.1, 1.5, 1.2
# Their peaks are at most this share of what stars of these shares of their peak promise for their flux, and no star's peak is so
# many times higher.
SHORT, FAINTER, OVERFLOW = 0.8, (0.15, 0.7), 1.8
# ... as does a core of so many pixels, or of this part of the FWHM squared, within so much of the brightest star's peak, when
# half as bright is at most so many times that area (of a Gaussian: 23 times).
FLAT_PIXELS, FLAT_AREA, FLAT, STEEP = 4, 0.15, 0.03, 8
# From so much of the ceiling on a pixel is thought to lose light, from the second share on to tell nothing.
FIRST, SURELY = 0.85, 0.95
# Between these distances (px) from a core a star's own light is looked at, and what is behind it.
NEAR, BEHIND = (1.5, 4.0), (7.0, 11.0)
# So far from clipped pixels a kernel rings.
RINGING = 4.0
# Where all channels are clipped the one that lost least counts; elsewhere it has this weight beside those that are not.
LEAST_WEIGHT = 0.02


@dataclass(frozen=True)
class Restored:
    """``where`` (h, w) the clipped cores of stars and as far as they reach, ``pixels`` (C, n) float32 what the channels have
    there, in the order of ``where``; ``cores`` how many they are."""

    where: NDArray[np.bool_]
    pixels: Plane
    cores: int = 0


def ceiling(plane: Plane, stars: NDArray[np.void]) -> float | None:
    """The level of (h, w) that no star passes for want of room on the sensor; None where no star shows one.

    ``stars`` are those of the plane (:data:`tilecore.detect.stars.STAR_DTYPE`). A ceiling shows by stars of different brightness with
    the same peak, or by a flat core. What lies above it (ghosts, the overflow of a few very bright stars) does not matter.
    """
    sky = float(np.median(plane[plane != 0])) if plane.any() else 0.0
    peaks, flux = _peaks(plane, stars, sky)
    if not len(peaks):
        return None
    above = peaks - sky
    best, level = 0, None
    for n in range(LEAST_ALIKE, len(above) + 1):
        lowest = above[n - 1]
        if above[0] > OVERFLOW * lowest:
            break
        alike = above[:n][above[:n] <= (1 + ALIKE) * lowest]
        below = np.count_nonzero((above < lowest) & (above >= lowest / BELOW))
        if len(alike) > best and len(alike) >= max(LEAST_ALIKE, n / 2, CROWDED * below) and _short(above, flux, n, len(alike)):
            best, level = len(alike), sky + float(np.median(alike))
    return level if level is not None else _flat_top(plane, float(peaks[0]), sky, float(np.median(stars["fwhm"])))


def _short(above: FloatArray, flux: FloatArray, n: int, alike: int) -> bool:
    """Whether the last ``alike`` of the first ``n`` stars, whose peaks are ``above`` the sky, have less of one than their flux
    promises: that many stars have nearly the same peak may be because they have the same flux."""
    ratio = above / np.maximum(flux, 1e-12)
    fainter = (above < FAINTER[1] * above[n - 1]) & (above > FAINTER[0] * above[n - 1])
    return bool(fainter.sum() >= LEAST_ALIKE and np.median(ratio[n - alike: n]) < SHORT * np.median(ratio[fainter]))


def _peaks(plane: Plane, stars: NDArray[np.void], sky: float) -> tuple[FloatArray, FloatArray]:
    """The brightest of 3 x 3 pixels of each star and its flux, brightest peak first; without stars that stand on a nebula as
    bright as they are."""
    if not len(stars):
        return np.zeros(0), np.zeros(0)
    h, w = plane.shape
    y, x = np.rint(stars["y"]).astype(int)[:, None], np.rint(stars["x"]).astype(int)[:, None]

    def at(dy: NDArray[np.int64], dx: NDArray[np.int64]) -> Plane:
        return np.asarray(plane[np.clip(y + dy, 0, h - 1), np.clip(x + dx, 0, w - 1)])

    peaks = at(*(np.indices((3, 3)).reshape(2, -1) - 1)).max(axis=1).astype(np.float64)
    turn, radius = np.arange(16) * np.pi / 8, max(3.0 * float(np.median(stars["fwhm"])), 6.0)
    around = np.median(at(np.rint(radius * np.sin(turn)).astype(int), np.rint(radius * np.cos(turn)).astype(int)), axis=1)
    own = (peaks > sky) & (peaks - around > 0.5 * (peaks - sky))
    order = np.flatnonzero(own)[np.argsort(-peaks[own], kind="stable")]
    return peaks[order], np.asarray(stars["flux"][order], np.float64)


def _flat_top(plane: Plane, highest: float, sky: float, fwhm: float) -> float | None:
    """The peak of the brightest star, where it is flat and its sides are steep as those of no PSF and no nebula."""
    peak = highest - sky
    tops, count = ndimage.label(plane >= sky + (1 - FLAT) * peak)
    index = np.arange(1, count + 1)
    # What is brighter still has no top here.
    areas = np.where(ndimage.maximum(plane, tops, index) <= sky + (1 + FLAT) * peak, np.bincount(tops.ravel())[1:], 0)
    if not areas.max(initial=0) >= max(FLAT_PIXELS, FLAT_AREA * fwhm**2):
        return None
    halves, _ = ndimage.label(plane >= sky + 0.5 * peak)
    half = np.count_nonzero(halves == halves[tops == 1 + int(areas.argmax())][0])
    return highest if half <= STEEP * areas.max() else None


def restore(planes: Sequence[Plane], ceilings: Sequence[float | None], covered: NDArray[np.bool_]) -> Restored:
    """What C channels (h, w) would have where any is clipped: what those show that are not, in the colour of the light around.

    ``ceilings`` are those of the channels, None where none is known; ``covered`` (h, w) where all channels have data. As far as a
    kernel rings around a core, its light fades into that colour, and nothing is darker than what lies behind the star.
    """
    core = np.zeros(covered.shape, bool)
    for plane, level in zip(planes, ceilings, strict=True):
        if level is not None:
            core |= covered & (plane > np.float32(FIRST * level))
    if not core.any():
        return Restored(core, np.zeros((len(planes), 0), np.float32))
    distance, label = cv2.distanceTransformWithLabels((~core).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_CCOMP)
    around = _surroundings(planes, covered, distance, label)
    where = covered & (distance < RINGING)
    places = label[where]
    pixels = np.fmax([p[where] for p in planes], around.darkest[:, places])
    if around.tells:
        lost = np.stack([_lost(p, c)[where] for p, c in zip(planes, ceilings, strict=True)])
        colour, behind = around.colour[:, places], around.behind[:, places]
        pixels = _toned(_relit(pixels, lost, colour, behind), 1 - (distance[where] / RINGING) ** 2, colour, behind)
    return Restored(where, pixels.astype(np.float32), len(np.unique(label[core])))


def _relit(pixels: FloatArray, lost: Plane, colour: FloatArray, behind: FloatArray) -> FloatArray:
    """(C, n) pixels of cores, of which the share ``lost`` is replaced by the star's colour at the brightness that all tell."""
    light, clear = pixels - behind, 1 - lost
    # Of what is clipped each channel tells the least brightness that the star has: the largest of them is nearest.
    brightness = (clear * light).sum(axis=0) + LEAST_WEIGHT * (light / colour).max(axis=0)
    brightness /= (clear * colour).sum(axis=0) + LEAST_WEIGHT
    return np.asarray(np.where(lost > 0, clear * pixels + lost * (behind + colour * brightness), pixels))


def _toned(pixels: FloatArray, share: Plane, colour: FloatArray, behind: FloatArray) -> FloatArray:
    """(C, n) pixels of rims with a ``share`` (n,) of their light in the star's colour; their sum over the channels stays."""
    light = (pixels - behind).sum(axis=0)
    return np.asarray((1 - share) * pixels + share * (behind + colour * light))


def _lost(plane: Plane, level: float | None) -> Plane:
    """(h, w) 0..1: how little a pixel can be trusted; its neighbours no more, for the frames were interpolated."""
    if level is None:
        return np.zeros(plane.shape, np.float32)
    share = (plane / np.float32(level) - np.float32(FIRST)) / np.float32(SURELY - FIRST)
    return np.asarray(cv2.dilate(np.clip(share, 0, 1), np.ones((3, 3), np.uint8)))


@dataclass(frozen=True)
class _Surroundings:
    """Of each core (its label), (C, n): the shares of the channels in the star's light around it, the level behind the star and
    the darkest pixel there. ``tells``: whether any star tells a colour."""

    colour: FloatArray
    behind: FloatArray
    darkest: FloatArray
    tells: bool


def _surroundings(planes: Sequence[Plane], covered: NDArray[np.bool_], distance: Plane,
                  label: NDArray[np.int32]) -> _Surroundings:
    near = covered & (distance >= NEAR[0]) & (distance <= NEAR[1])
    far = covered & (distance >= BEHIND[0]) & (distance <= BEHIND[1])
    index = np.arange(int(label.max()) + 1)
    behind, darkest, own = (np.full((len(planes), len(index)), np.nan) for _ in range(3))
    has_near, has_far = (np.isin(index, label[place]) for place in (near, far))
    for c, plane in enumerate(planes):
        if has_far.any():
            behind[c, has_far] = ndimage.median(plane[far], label[far], index[has_far])
            darkest[c, has_far] = ndimage.minimum(plane[far], label[far], index[has_far])
        if has_near.any():
            own[c, has_near] = ndimage.mean(plane[near], label[near], index[has_near])
    own -= behind
    known = (own > 0).all(axis=0)
    colour = np.where(known, own, 1.0) / np.where(known, own, 1.0).sum(axis=0)
    if known.any():
        # What has no light of its own around it, as at a border, becomes as the usual star.
        usual = np.median(colour[:, known], axis=1)
        colour[:, ~known] = (usual / usual.sum())[:, None]
        behind[:, ~has_far] = np.median(behind[:, has_far], axis=1)[:, None]
    return _Surroundings(colour, behind, darkest, bool(known.any()))


def limited(image: Plane) -> Plane:
    """(3, h, w) with pixels that pass 1 scaled as a whole, so that they keep their colour; 1 is the largest value."""
    highest = image.max(axis=0)
    return image if highest.max(initial=0) <= 1 else np.asarray(image / np.maximum(highest, np.float32(1)), np.float32)
