"""Rejection of outliers among the frames at a pixel (METHODS 7).

The scale of a deviation is not the spread of the few values at a pixel, which the outlier itself inflates, but the expected
deviation: the noise measured in each frame, the shot noise of the signal, and a share of the local contrast, so that the cores
of stars in sharp frames survive. Only where the values demonstrably scatter more is their robust spread the scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtrit

from tilecore.numerics.compiled import by_rows, njit
from tilecore.numerics.median_network import median_network
from tilecore.numerics.statistics import MAD_TO_SIGMA, MEDIAN_ERROR
from tilecore.stack.pixel_medians import (
    MANY,
    ROUNDING,
    Middle,
    PixelStacks,
    find_medians,
    gather_values,
    pixel_stacks,
    sort_values,
)

__all__ = ["METHODS", "RejectionRule", "ShotNoise", "grow", "local_contrast", "reject", "reject_from_median"]

FloatCube = NDArray[np.float32]
FloatImage = NDArray[np.float32]
Mask = NDArray[np.uint8]

METHODS = ("none", "sigma", "winsorized", "mad", "linear_fit", "gesd", "percentile")
# Positions in METHODS, for the kernels.
SIGMA = 1
WINSORIZED = 2
MAD = 3
LINEAR_FIT = 4
GESD = 5
PERCENTILE = 6

# With fewer values it cannot be decided which of them is the outlier.
FEWEST = 3
# Rounds of centre and clip; they settle in two or three.
MAX_ITERATIONS = 6
# Deviation (sigma) to which the winsorized mean pulls values in (Huber 1981).
WINSOR = 1.5
# Largest share of the values that GESD removes by default.
GESD_SHARE = 0.3
# With MANY values or more the centre is within this many sigma of the median.
SURELY_NEAR = 0.3
# Standard error of 1.4826 MAD of n normal values, times sqrt(n), as a share of it.
MAD_ERROR = 1.17
# Rejected pixels, itself included, that a pixel must have among its 3 x 3 neighbours to be grown.
GROWN_NEIGHBOURS = 3
# Mark of a pixel that a region grows to, beside 1 for rejected.
GROWN = np.uint8(2)


@dataclass(frozen=True)
class RejectionRule:
    """How outliers are found.

    Parameters
    ----------
    method : ``sigma``, ``winsorized``, ``mad``: deviation from the running mean, winsorized mean, median.
        ``linear_fit``: deviation from a line through the sorted values. ``gesd``: generalised extreme Studentized
        deviate test (Rosner 1983, Technometrics 25:165), for 15 frames and more: its scale comes from the values.
        ``percentile``: the ``low`` and ``high`` per cent at the ends. ``none``.
    low, high : thresholds below and above, in sigma. ``gesd`` also takes a share of outliers and a significance,
        both below 1.
    contrast_tolerance : eta; the threshold is ``k sqrt(sigma^2 + (eta * local contrast)^2)``.
    min_survivors : where fewer values would be left nothing is rejected.
    max_iterations : most rounds of centre and clip of the iterative methods.
    """

    method: str = "winsorized"
    low: float = 4.0
    high: float = 3.5
    contrast_tolerance: float = 1.0
    min_survivors: int = 3
    max_iterations: int = MAX_ITERATIONS


@dataclass(frozen=True)
class ShotNoise:
    """``variance`` per unit of signal above ``sky``, both in units of the frames; by default above the median of the block."""

    variance: float = 0.0
    sky: float | None = None


def reject(cube: FloatCube, valid: FloatCube, sigma: NDArray[np.float32], rule: RejectionRule | None = None,
           shot: ShotNoise | None = None) -> Mask:
    """Which values are outliers: (N, h, w) uint8, 1 = rejected.

    Parameters
    ----------
    cube : (N, h, w) normalised frames; NaN and Inf count as no data.
    valid : (N, h, w), 0 = no data.
    sigma : (N,) noise of each frame in the units of ``cube``.
    rule : winsorized sigma clipping by default.
    shot : shot noise of the signal, by default none.

    With fewer than three values at a pixel none is rejected. Raises ValueError for an unknown method, and for shapes that do not
    fit.
    """
    return reject_from_median(cube, valid, sigma, rule, shot)[0]


def reject_from_median(cube: FloatCube, valid: FloatCube, sigma: NDArray[np.float32], rule: RejectionRule | None = None,
                       shot: ShotNoise | None = None, room: Mask | None = None) -> tuple[Mask, FloatImage]:
    """:func:`reject`, and the median (h, w) of the values at each pixel, 0 where none has data or nothing is rejected at all.
    The mask is in ``room`` (N, h, w) if it is given."""
    rule, shot = rule or RejectionRule(), shot or ShotNoise()
    method, low, high = rule.method, rule.low, rule.high
    if method not in METHODS:
        raise ValueError(f"unknown rejection {method!r}, known are {', '.join(METHODS)}")
    n = len(cube)
    if cube.ndim != 3 or np.shape(valid) != cube.shape or np.shape(sigma) != (n,):
        raise ValueError(f"cube {cube.shape}, valid {np.shape(valid)} and sigma {np.shape(sigma)} are not (N, h, w), (N, h, w) "
                         "and (N,)")
    mask = np.empty(cube.shape, np.uint8) if room is None else room
    mask.fill(0)
    if method == "none" or n < FEWEST or mask.size == 0:
        return mask, np.zeros(cube.shape[1:], np.float32)
    frames = pixel_stacks(cube, valid, sigma)
    found = Middle(*(np.empty(cube.shape[1:], np.float32) for _ in Middle._fields))
    median, covered, suspect = found
    # The centre of values is near their median: only where a value is far from it can any be rejected.
    by_centre = method in ("sigma", "winsorized", "mad")
    near = SURELY_NEAR if n >= MANY and not frames.uneven else ROUNDING
    by_rows(find_medians, len(median), frames, median_network(n + n % 2), max(low - near, -1.0), max(high - near, -1.0), found)
    if not covered.any():
        return mask, median
    # The median image is noisy too: the range of nine such values is about 3 sigma, and is not contrast.
    level_noise = np.sum(1 / frames.sigma**2.0) ** -0.5 if frames.uneven else float(np.median(frames.sigma)) / np.sqrt(n)
    noise = np.float32(3 * MEDIAN_ERROR * level_noise)
    extra = (np.float32(rule.contrast_tolerance) * np.maximum(local_contrast(median, covered > 0) - noise, 0)) ** 2
    if shot.variance > 0:
        level = float(np.median(median[covered > 0])) if shot.sky is None else shot.sky
        extra += np.float32(shot.variance) * np.maximum(median - np.float32(level), 0)
    share, critical = _gesd_critical(n, low, high) if method == "gesd" else (0.0, np.zeros((1, 2)))
    if not by_centre:
        suspect[:] = 1
    limits = _Limits(METHODS.index(method), float(low), float(high), share, int(rule.min_survivors), int(rule.max_iterations))
    by_rows(_reject, len(median), frames, extra, median, suspect, limits, critical, mask)
    return mask, median


class _Limits(NamedTuple):
    """A :class:`RejectionRule`, as the loops take it: ``code`` is the position of the method in METHODS, ``share`` the largest
    share of outliers of GESD."""

    code: int
    low: float
    high: float
    share: float
    min_survivors: int
    max_iterations: int


def local_contrast(image: FloatImage, covered: NDArray[np.bool_] | None = None) -> FloatImage:
    """Largest minus smallest value among the 3x3 pixels around each (h, w), of those with data (``covered``) only."""
    kernel = np.ones((3, 3), np.uint8)
    if covered is None:
        return np.asarray(cv2.dilate(image, kernel) - cv2.erode(image, kernel), np.float32)
    largest = cv2.dilate(np.where(covered, image, np.float32(-np.inf)), kernel)
    smallest = cv2.erode(np.where(covered, image, np.float32(np.inf)), kernel)
    return np.asarray(np.subtract(largest, smallest, out=np.zeros_like(image), where=covered), np.float32)


def grow(mask: Mask, pixels: int, *, valid: FloatCube | None = None, min_survivors: int = 1, in_place: bool = False) -> Mask:
    """Each rejected region grown by ``pixels`` in every direction, frame by frame; in a copy, if not ``in_place``.

    Single rejected pixels are not grown: a cosmic ray or a noise peak has no wings. Where growth would leave fewer than
    ``min_survivors`` frames (of those with data, ``valid`` > 0) the mask is unchanged. The result at a pixel depends on the
    mask up to ``pixels + 1`` away.
    """
    if pixels <= 0:
        return mask
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1, 2 * pixels + 1))
    out, grown = mask if in_place else mask.copy(), np.zeros(mask.shape[1:], np.uint8)
    by_rows(_grow, len(out), out, kernel, grown)
    by_rows(_settle, len(grown), out, np.ones(mask.shape, np.float32) if valid is None else valid, min_survivors, grown)
    return out


@njit(cache=True, nogil=True)
def _grow(first: int, stop: int, mask: Mask, kernel: Mask, grown: Mask) -> None:
    """Mark the neighbourhood ``kernel`` of rejected pixels (1) that are not alone by adding GROWN to the ``mask``, and in
    ``grown`` (h, w), for the frames ``first`` to ``stop``."""
    _, h, w = mask.shape
    reach = kernel.shape[0] // 2
    for f in range(first, stop):
        for y in range(h):
            row = mask[f, y]
            found = np.uint8(0)
            for x in range(w):
                found |= row[x]
            if found & 1 == 0:
                continue
            for x in range(w):
                if row[x] & 1 == 0:
                    continue
                near = 0
                for j in range(max(y - 1, 0), min(y + 2, h)):
                    for i in range(max(x - 1, 0), min(x + 2, w)):
                        near += mask[f, j, i] & 1
                if near < GROWN_NEIGHBOURS:
                    continue
                for j in range(max(y - reach, 0), min(y + reach + 1, h)):
                    for i in range(max(x - reach, 0), min(x + reach + 1, w)):
                        if kernel[j - y + reach, i - x + reach]:
                            mask[f, j, i] |= GROWN
                            grown[j, i] = 1


@njit(cache=True, nogil=True)
def _settle(first: int, stop: int, mask: Mask, valid: FloatCube, least: int, grown: Mask) -> None:
    """Reject what has grown, but not at pixels of which fewer than ``least`` frames with data would be left."""
    n, _, w = mask.shape
    for y in range(first, stop):
        for x in range(w):
            if grown[y, x] == 0:
                continue
            left = 0
            for f in range(n):
                left += 1 if mask[f, y, x] == 0 and valid[f, y, x] > 0 else 0
            for f in range(n):
                mask[f, y, x] = mask[f, y, x] & 1 if left < least else mask[f, y, x] > 0


def _gesd_critical(n: int, low: float, high: float) -> tuple[float, NDArray[np.float64]]:
    """Largest share of outliers, and the critical deviation (n + 1, 2), below and above, of the most extreme of m values.

    Rosner's eq. 2.5 with m values left: ``(m - 1) t / sqrt((m - 2 + t^2) m)``, t the quantile of m - 2 degrees of freedom
    for the significance, or for the probability that one normal value is beyond k sigma.
    """
    left = np.arange(n + 1, dtype=np.float64)
    critical = np.full((n + 1, 2), np.inf)
    known = left >= FEWEST
    m = left[known]
    significance = low < 1 and high < 1
    for side, k in enumerate((low, high)):
        p = 1 - high / (2 * m) if significance else np.full(len(m), ndtr(k))
        t = stdtrit(m - 2, p)
        critical[known, side] = (m - 1) * t / np.sqrt((m - 2 + t * t) * m)
    return (float(low) if significance else GESD_SHARE), critical


@njit(cache=True)
def _excess(values: NDArray[np.float64], which: NDArray[np.int64], n: int, median: float, sigma: NDArray[np.float32],
            room: NDArray[np.float64], order: NDArray[np.int64]) -> float:
    """1.4826 times the median of the deviations from ``median`` in units of the noise of their frames."""
    for i in range(n):
        room[i] = abs(values[i] - median) / np.float64(sigma[which[i]])
    sort_values(room, order, n)
    return MAD_TO_SIGMA * 0.5 * float(room[(n - 1) // 2] + room[n // 2])


@njit(cache=True)
def _mad(values: NDArray[np.float64], n: int, median: float) -> float:
    """Median absolute deviation of n sorted values: the nearest ones are adjacent, in a range that grows from the middle."""
    below, above = (n - 1) // 2, (n - 1) // 2 + 1
    before = distance = 0.0
    for _ in range(n // 2 + 1):
        before = distance
        if above >= n or (below >= 0 and median - values[below] <= values[above] - median):
            distance = median - values[below]
            below -= 1
        else:
            distance = values[above] - median
            above += 1
    return distance if n % 2 else 0.5 * (before + distance)


@njit(cache=True)
def _center(v: NDArray[np.float64], n: int, alive: NDArray[np.uint8], code: int, scale: NDArray[np.float64],
            weight: NDArray[np.float64], median: float) -> float:
    """Running centre of the values alive: weighted mean (sigma), winsorized mean, or median (mad)."""
    total, weights = 0.0, 0.0
    if code in (SIGMA, WINSORIZED):
        for i in range(n):
            if alive[i]:
                reach = WINSOR * scale[i]
                total += weight[i] * (v[i] if code == SIGMA else min(max(v[i], median - reach), median + reach))
                weights += weight[i]
    return total / weights if weights > 0 else median


@njit(cache=True)
def _linear_fit(v: NDArray[np.float64], n: int, alive: NDArray[np.uint8], predicted: NDArray[np.float64]) -> None:
    """Fill ``predicted`` with a line through the sorted values alive against their rank, also for the others."""
    count = 0
    sx = sy = sxx = sxy = 0.0
    for i in range(n):
        if alive[i]:
            sx += count
            sy += v[i]
            sxx += count * count
            sxy += count * v[i]
            count += 1
    d = count * sxx - sx * sx
    slope = (count * sxy - sx * sy) / d if d > 0 else 0.0
    intercept = (sy - slope * sx) / max(count, 1)
    rank = 0
    for i in range(n):
        predicted[i] = intercept + slope * rank
        if alive[i]:
            rank += 1


@njit(cache=True)
def _clip(v: NDArray[np.float64], n: int, scale: NDArray[np.float64], weight: NDArray[np.float64], median: float,
          limits: _Limits, predicted: NDArray[np.float64], alive: NDArray[np.uint8]) -> None:
    """Clip about the median first, then about the centre of the method until nothing changes."""
    code, low, high, _, _, max_iterations = limits
    for step in range(max_iterations):
        changed = False
        if step > 0 and code == LINEAR_FIT:
            _linear_fit(v, n, alive, predicted)
        else:
            predicted[:n] = _center(v, n, alive, code, scale, weight, median) if step > 0 else median
        for i in range(n):
            deviation = v[i] - predicted[i]
            keep = 0 if deviation > high * scale[i] or deviation < -low * scale[i] else 1
            if keep != alive[i]:
                alive[i] = keep
                changed = True
        if step > 0 and not changed:
            break


@njit(cache=True)
def _gesd(v: NDArray[np.float64], n: int, scale: NDArray[np.float64], most: int, critical: NDArray[np.float64],
          removed: NDArray[np.int64], alive: NDArray[np.uint8]) -> None:
    """Remove the most extreme value repeatedly; the last one beyond its critical deviation determines the number of outliers."""
    outliers = 0
    for step in range(min(most, n - FEWEST)):
        total, count, floor = 0.0, 0, 0.0
        for i in range(n):
            if alive[i]:
                total += v[i]
                floor += scale[i] * scale[i]
                count += 1
        mean = total / count
        spread = 0.0
        for i in range(n):
            if alive[i]:
                spread += (v[i] - mean) ** 2
        # Values that agree better than their noise predicts must not make outliers of one another.
        unit = np.sqrt(max(spread / (count - 1), floor / count))
        worst, at = -1.0, 0
        for i in range(n):
            if alive[i]:
                deviation = (v[i] - mean) / critical[count, 1] if v[i] > mean else (mean - v[i]) / critical[count, 0]
                if deviation > worst:
                    worst, at = deviation, i
        removed[step] = at
        alive[at] = 0
        if worst > unit:
            outliers = step + 1
    for step in range(outliers, min(most, n - FEWEST)):
        alive[removed[step]] = 1


@njit(cache=True, nogil=True)
def _may_be_outliers(frames: PixelStacks, y: int, x: int, median: float, extra: float, limits: _Limits) -> bool:
    """Whether a value of a pixel can be beyond its limit, about any centre that is possible.

    The winsorized mean pulls values in to WINSOR times their scale, and at most half of them are on one side of the median: it is
    within half of that of the largest scale. The spread of the values, which is not known here, only widens the limits.
    """
    cube, valid, sigma, _, _ = frames
    largest = 0.0
    for i in range(sigma.size):
        largest = max(largest, np.float64(sigma[i]))
    near = (0.5 * WINSOR + ROUNDING) * np.sqrt(largest * largest + extra)
    for i in range(sigma.size):
        deviation = cube[i, y, x] - median
        if valid[i, y, x] > 0 and abs(deviation) < np.inf:
            scale = np.sqrt(np.float64(sigma[i]) * sigma[i] + extra)
            if deviation > limits.high * scale - near or deviation < near - limits.low * scale:
                return True
    return False


@njit(cache=True, nogil=True)
def _reject(first: int, stop: int, frames: PixelStacks, extra: FloatImage, median: FloatImage, suspect: FloatImage,
            limits: _Limits, critical: NDArray[np.float64], mask: Mask) -> None:
    """Set the outliers of suspect pixels in ``mask`` (N, h, w)."""
    for y in range(first, stop):
        _reject_in_row(y, frames, extra[y], (median[y], suspect[y]), limits, critical, mask)


@njit(cache=True, nogil=True)
def _reject_in_row(y: int, frames: PixelStacks, extra: NDArray[np.float32],
                   known: tuple[NDArray[np.float32], NDArray[np.float32]], limits: _Limits, critical: NDArray[np.float64],
                   mask: Mask) -> None:
    cube, valid, sigma, weight, uneven = frames
    median, suspect = known
    code, low, high, share, min_survivors, _ = limits
    count, _, w = cube.shape
    v, scale, predicted, weights = np.empty(count), np.empty(count), np.empty(count), np.empty(count)
    which, removed = np.empty(count, np.int64), np.empty(count, np.int64)
    examined = code in (WINSORIZED, MAD) and not uneven
    alive = np.empty(count, np.uint8)
    for x in range(w):
        if suspect[x] == 0 or (examined and not _may_be_outliers(frames, y, x, median[x], extra[x], limits)):
            continue
        n = gather_values(cube, valid, y, x, v, which)
        if n < FEWEST:
            continue
        sort_values(v, which, n)
        # The spread that the values demonstrate: 1.4826 MAD less its standard error; of uneven ones in units of their noise.
        sure = max(1 - MAD_ERROR / np.sqrt(n), 0.0)
        spread = 0.0 if uneven else MAD_TO_SIGMA * _mad(v, n, median[x]) * sure
        excess = max(_excess(v, which, n, median[x], sigma, predicted, removed) * sure, 1.0) if uneven else 1.0
        for i in range(n):
            noise = max(np.float64(sigma[which[i]]) * excess, spread)
            scale[i] = np.sqrt(noise * noise + extra[x])
            weights[i] = weight[which[i]]
            alive[i] = 1
        if code == PERCENTILE:
            alive[: int(n * low / 100 + 0.5)] = 0
            alive[max(n - int(n * high / 100 + 0.5), 0): n] = 0
        elif code == GESD:
            _gesd(v, n, scale, int(share * n), critical, removed, alive)
        else:
            _clip(v, n, scale, weights, median[x], limits, predicted, alive)
        left = 0
        for i in range(n):
            left += alive[i]
        if left >= min_survivors:
            for i in range(n):
                if alive[i] == 0:
                    mask[which[i], y, x] = 1
