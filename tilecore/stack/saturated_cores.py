"""Clipped cores of stars in several channels of one scene: their positions, and estimates of the values that were clipped.

Where one channel is clipped and another is not, their ratio is not a colour. There the clipped channels are replaced by the
values of the others, in the ratio of the light of the star just outside its core; where all are clipped, the core gets the
colour of that light.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

__all__ = ["Restored", "ceiling", "limit_to_one", "restore"]

Plane = NDArray[np.float32]
FloatArray = NDArray[np.float64]

# A ceiling shows by stars with nearly equal peaks, at least half of all stars that are as bright. Their least number, ...
LEAST_EQUAL = 4
# ... the largest relative difference of their peaks, ...
PEAK_TOLERANCE = 0.1
# ... the least ratio of their number to that of stars with peaks just below theirs, ...
CROWDED = 1.5
# ... down to the lowest of theirs divided by this.
BELOW = 1.2
# Their peaks over their fluxes are at most this share of those of fainter stars, ...
SHORT = 0.8
# ... whose peaks are between these shares of theirs.
FAINTER = (0.15, 0.7)
# Largest peak of any star over the lowest of theirs.
OVERFLOW = 1.8
# A ceiling shows also by a flat core of the brightest star. Its least number of pixels, ...
FLAT_PIXELS = 4
# ... its least area as a share of FWHM^2, ...
FLAT_AREA = 0.15
# ... the relative range of its values, ...
FLAT = 0.03
# ... and the largest area above half of the peak over that of the core (of a Gaussian: 23).
STEEP = 8
# Share of the ceiling from which a pixel may lose light.
LOSS_BEGINS = 0.85
# Share of the ceiling from which the value of a pixel is not used.
LOST = 0.95
# Distances (px) from a core between which the light of the star is measured.
NEAR = (1.5, 4.0)
# Distances (px) from a core between which the level behind the star is measured.
BEHIND = (7.0, 11.0)
# Distance (px) from clipped pixels to which an interpolation kernel rings.
RINGING = 4.0
# Weight of the clipped channel that lost least beside those that are not clipped; where all are clipped it decides.
LEAST_WEIGHT = 0.02


@dataclass(frozen=True)
class Restored:
    """``where`` (h, w) marks the clipped cores of stars and their rims, ``pixels`` (C, n) float32 are the values of the channels
    there, in the order of ``where``; ``cores`` is the number of cores."""

    where: NDArray[np.bool_]
    pixels: Plane
    cores: int = 0


def ceiling(plane: Plane, stars: NDArray[np.void]) -> float | None:
    """The level of a plane (h, w) at which the sensor clips stars; None where no star shows it.

    ``stars`` are those of the plane (:data:`tilecore.detect.stars.STAR_DTYPE`). A ceiling shows by stars of different brightness
    with the same peak, or by a flat core. Light above it (ghosts, the overflow of a few very bright stars) does not matter.
    """
    sky = float(np.median(plane[plane != 0])) if plane.any() else 0.0
    peaks, flux = _peaks(plane, stars, sky)
    if not len(peaks):
        return None
    above = peaks - sky
    best, level = 0, None
    for n in range(LEAST_EQUAL, len(above) + 1):
        lowest = above[n - 1]
        if above[0] > OVERFLOW * lowest:
            break
        equal = above[:n][above[:n] <= (1 + PEAK_TOLERANCE) * lowest]
        below = np.count_nonzero((above < lowest) & (above >= lowest / BELOW))
        if len(equal) > best and len(equal) >= max(LEAST_EQUAL, n / 2, CROWDED * below) and _short(above, flux, n, len(equal)):
            best, level = len(equal), sky + float(np.median(equal))
    return level if level is not None else _flat_top(plane, float(peaks[0]), sky, float(np.median(stars["fwhm"])))


def _short(above: FloatArray, flux: FloatArray, n: int, equal: int) -> bool:
    """Whether the peaks ``above`` the sky of the last ``equal`` of the first ``n`` stars are too low for their fluxes.

    Stars may also have nearly equal peaks because they have equal fluxes.
    """
    ratio = above / np.maximum(flux, 1e-12)
    fainter = (above < FAINTER[1] * above[n - 1]) & (above > FAINTER[0] * above[n - 1])
    return bool(fainter.sum() >= LEAST_EQUAL and np.median(ratio[n - equal: n]) < SHORT * np.median(ratio[fainter]))


def _peaks(plane: Plane, stars: NDArray[np.void], sky: float) -> tuple[FloatArray, FloatArray]:
    """Largest of 3 x 3 pixels of each star and its flux, highest peak first; without stars on a nebula as bright as they are."""
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
    """The peak of the brightest star, where it is flat and its sides are steeper than those of a PSF or a nebula; else None."""
    peak = highest - sky
    tops, count = ndimage.label(plane >= sky + (1 - FLAT) * peak)
    index = np.arange(1, count + 1)
    # Areas with brighter pixels are not tops at this level.
    areas = np.where(ndimage.maximum(plane, tops, index) <= sky + (1 + FLAT) * peak, np.bincount(tops.ravel())[1:], 0)
    if not areas.max(initial=0) >= max(FLAT_PIXELS, FLAT_AREA * fwhm**2):
        return None
    halves, _ = ndimage.label(plane >= sky + 0.5 * peak)
    half = np.count_nonzero(halves == halves[tops == 1 + int(areas.argmax())][0])
    return highest if half <= STEEP * areas.max() else None


def restore(planes: Sequence[Plane], ceilings: Sequence[float | None], covered: NDArray[np.bool_]) -> Restored:
    """Estimates for C channels (h, w) where any is clipped: the light of those that are not, in the colour of the surroundings.

    ``ceilings`` are those of the channels, None where unknown; ``covered`` (h, w) marks where all channels have data. Within the
    ringing of the kernel around a core the light fades into that colour, and nothing is darker than the level behind the star.
    """
    core = np.zeros(covered.shape, bool)
    for plane, level in zip(planes, ceilings, strict=True):
        if level is not None:
            core |= covered & (plane > np.float32(LOSS_BEGINS * level))
    if not core.any():
        return Restored(core, np.zeros((len(planes), 0), np.float32))
    distance, label = cv2.distanceTransformWithLabels((~core).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_CCOMP)
    around = _surroundings(planes, covered, distance, label)
    where = covered & (distance < RINGING)
    places = label[where]
    pixels = np.fmax([p[where] for p in planes], around.darkest[:, places])
    if around.usable:
        lost = np.stack([_lost(p, c)[where] for p, c in zip(planes, ceilings, strict=True)])
        colour, behind = around.colour[:, places], around.behind[:, places]
        pixels = _toned(_relit(pixels, lost, colour, behind), 1 - (distance[where] / RINGING) ** 2, colour, behind)
    return Restored(where, pixels.astype(np.float32), len(np.unique(label[core])))


def _relit(pixels: FloatArray, lost: Plane, colour: FloatArray, behind: FloatArray) -> FloatArray:
    """Pixels (C, n) of cores, the share ``lost`` of which is replaced by the ``colour`` of the star at its brightness."""
    light, clear = pixels - behind, 1 - lost
    # A clipped channel gives a lower limit of the brightness of the star: the largest of them is nearest.
    brightness = (clear * light).sum(axis=0) + LEAST_WEIGHT * (light / colour).max(axis=0)
    brightness /= (clear * colour).sum(axis=0) + LEAST_WEIGHT
    return np.asarray(np.where(lost > 0, clear * pixels + lost * (behind + colour * brightness), pixels))


def _toned(pixels: FloatArray, share: Plane, colour: FloatArray, behind: FloatArray) -> FloatArray:
    """Pixels (C, n) of rims with a ``share`` (n,) of their light in the ``colour`` of the star; the sum over channels is kept."""
    light = (pixels - behind).sum(axis=0)
    return np.asarray((1 - share) * pixels + share * (behind + colour * light))


def _lost(plane: Plane, level: float | None) -> Plane:
    """Share (h, w) 0..1 of each pixel that is not used; its neighbours get the same share, for the frames were interpolated."""
    if level is None:
        return np.zeros(plane.shape, np.float32)
    share = (plane / np.float32(level) - np.float32(LOSS_BEGINS)) / np.float32(LOST - LOSS_BEGINS)
    return np.asarray(cv2.dilate(np.clip(share, 0, 1), np.ones((3, 3), np.uint8)))


@dataclass(frozen=True)
class _Surroundings:
    """Of each core (its label), (C, n): the shares of the channels in the light of the star around it, the level behind the star
    and the darkest pixel there. ``usable``: whether the colour of any star is known."""

    colour: FloatArray
    behind: FloatArray
    darkest: FloatArray
    usable: bool


def _surroundings(planes: Sequence[Plane], covered: NDArray[np.bool_], distance: Plane,
                  label: NDArray[np.int32]) -> _Surroundings:
    """Light around and behind the cores, by the ``distance`` (h, w) from them and the ``label`` of the nearest."""
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
        # Cores without measured light around them, for example at a border, get the colour of the usual star.
        usual = np.median(colour[:, known], axis=1)
        colour[:, ~known] = (usual / usual.sum())[:, None]
        behind[:, ~has_far] = np.median(behind[:, has_far], axis=1)[:, None]
    return _Surroundings(colour, behind, darkest, bool(known.any()))


def limit_to_one(image: Plane) -> Plane:
    """An image (3, h, w) with pixels above 1 scaled to 1 in all channels, so that they keep their colour."""
    highest = image.max(axis=0)
    return image if highest.max(initial=0) <= 1 else np.asarray(image / np.maximum(highest, np.float32(1)), np.float32)
