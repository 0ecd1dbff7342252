"""Rejection of outliers among the frames at a pixel (METHODS 7).

The scale of a deviation is not the spread of the few values at hand, which the outlier itself inflates, but what the
pixel may do: the noise measured in each frame, the shot noise of the signal, and a share of the local contrast, so
that the cores of stars in sharp frames survive.
"""

from __future__ import annotations

import cv2
import numpy as np
from numba import njit, prange
from numpy.typing import NDArray
from scipy.stats import t as student

__all__ = ["METHODS", "grow", "local_contrast", "reject"]

FloatCube = NDArray[np.float32]
Mask = NDArray[np.uint8]

METHODS = ("none", "sigma", "winsorized", "mad", "linear_fit", "gesd", "percentile")


def reject(cube: FloatCube, valid: FloatCube, sigma: NDArray[np.float32], *, method: str = "winsorized",
           low: float = 4.0, high: float = 3.5, contrast: float = 1.0, min_survivors: int = 3,
           shot: float = 0.0) -> Mask:
    """Which values are outliers: (N, h, w) uint8, 1 = rejected.

    Parameters
    ----------
    cube : (N, h, w) normalised frames; NaN counts as no data.
    valid : (N, h, w), 0 = no data.
    sigma : (N,) noise of each frame in the units of ``cube``.
    method : ``sigma``, ``winsorized``, ``mad``: deviation from the running mean, winsorized mean, median.
        ``linear_fit``: deviation from a line through the sorted values. ``gesd``: generalised extreme Studentized
        deviate test (Rosner 1983), ``low`` the largest share of outliers, ``high`` the significance.
        ``percentile``: the ``low`` and ``high`` per cent at the ends.
    low, high : thresholds below and above.
    contrast : eta; the threshold is ``k sqrt(sigma^2 + (eta * local contrast)^2)``.
    min_survivors : where fewer would be left nothing is rejected.
    shot : variance per unit of signal above the pixel's sky.
    """
    if method not in METHODS:
        raise ValueError(f"unknown rejection {method!r}, known are {', '.join(METHODS)}")
    n = len(cube)
    mask = np.zeros(cube.shape, np.uint8)
    if method == "none" or n < 3:
        return mask
    median = np.empty(cube.shape[1:], np.float32)
    _median(cube, valid, median)
    # The median image has noise of its own: the range of nine such values is about 3 sigma, and is no contrast.
    noise = 3 * 1.2533 * float(np.median(sigma)) / np.sqrt(n)
    extra = (np.float32(contrast) * np.maximum(local_contrast(median) - np.float32(noise), 0)) ** 2
    if shot > 0:
        extra += np.float32(shot) * np.maximum(median - np.float32(np.median(median)), 0)
    code = METHODS.index(method)
    critical = _gesd_critical(n, high) if method == "gesd" else np.zeros(1)
    _reject(cube, valid, sigma.astype(np.float32), extra.astype(np.float32), median, code, float(low), float(high),
            critical, min_survivors, mask)
    return mask


def local_contrast(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Largest minus smallest value among the 3x3 pixels around each."""
    kernel = np.ones((3, 3), np.uint8)
    return np.asarray(cv2.dilate(image, kernel) - cv2.erode(image, kernel), np.float32)


def grow(mask: Mask, pixels: int) -> Mask:
    """Each rejected region grown by ``pixels`` in every direction, frame by frame.

    Single rejected pixels are left as they are: a cosmic ray or a noise peak has no wings.
    """
    if pixels <= 0:
        return mask
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1, 2 * pixels + 1))
    out = np.empty_like(mask)
    ones = np.ones((3, 3), np.float32)
    for i in range(len(mask)):
        neighbours = cv2.filter2D(mask[i], cv2.CV_32F, ones, borderType=cv2.BORDER_CONSTANT)
        extended = ((mask[i] > 0) & (neighbours >= 3)).astype(np.uint8)
        out[i] = np.maximum(mask[i], cv2.dilate(extended, kernel))
    return out


def _gesd_critical(n: int, significance: float) -> NDArray[np.float64]:
    """Critical deviations for the 1st, 2nd, ... outlier among n values (Rosner 1983, eq. 2.5)."""
    values = []
    for i in range(1, max(n - 2, 2)):
        p = 1 - significance / (2 * (n - i + 1))
        t = student.ppf(p, max(n - i - 1, 1))
        values.append((n - i) * t / np.sqrt((n - i - 1 + t * t) * (n - i + 1)))
    return np.asarray(values, np.float64)


@njit(cache=True, parallel=True)
def _median(cube: FloatCube, valid: FloatCube, out: NDArray[np.float32]) -> None:
    n, h, w = cube.shape
    for y in prange(h):
        values = np.empty(n, np.float32)
        for x in range(w):
            count = 0
            for i in range(n):
                if valid[i, y, x] > 0 and np.isfinite(cube[i, y, x]):
                    values[count] = cube[i, y, x]
                    count += 1
            out[y, x] = np.median(values[:count]) if count else np.float32(0)


@njit(cache=True)
def _center(v: NDArray[np.float64], alive: NDArray[np.uint8], code: int, scale: NDArray[np.float64],
            median: float) -> float:
    """Running centre of the values alive: mean (sigma), winsorized mean, or median (mad)."""
    if code == 3:
        return median
    total, weight = 0.0, 0.0
    for i in range(v.size):
        if alive[i]:
            value = v[i]
            if code == 2:
                value = min(max(value, median - 1.5 * scale[i]), median + 1.5 * scale[i])
            total += value
            weight += 1.0
    return total / weight if weight > 0 else median


@njit(cache=True)
def _linear_fit(v: NDArray[np.float64], order: NDArray[np.int64], alive: NDArray[np.uint8],
                predicted: NDArray[np.float64]) -> None:
    """Line through the sorted values alive against their rank."""
    n = 0
    sx = sy = sxx = sxy = 0.0
    for i in order:
        if alive[i]:
            sx += n
            sy += v[i]
            sxx += n * n
            sxy += n * v[i]
            n += 1
    d = n * sxx - sx * sx
    slope = (n * sxy - sx * sy) / d if d > 0 else 0.0
    intercept = (sy - slope * sx) / max(n, 1)
    rank = 0
    for i in order:
        predicted[i] = intercept + slope * rank
        if alive[i]:
            rank += 1


@njit(cache=True, parallel=True)
def _reject(cube: FloatCube, valid: FloatCube, sigma: NDArray[np.float32], extra: NDArray[np.float32],
            median: NDArray[np.float32], code: int, low: float, high: float, critical: NDArray[np.float64],
            min_survivors: int, mask: Mask) -> None:
    frames, h, w = cube.shape
    for y in prange(h):
        v = np.empty(frames, np.float64)
        scale = np.empty(frames, np.float64)
        which = np.empty(frames, np.int64)
        predicted = np.empty(frames, np.float64)
        for x in range(w):
            n = 0
            for i in range(frames):
                if valid[i, y, x] > 0 and np.isfinite(cube[i, y, x]):
                    v[n] = cube[i, y, x]
                    scale[n] = np.sqrt(sigma[i] * sigma[i] + extra[y, x])
                    which[n] = i
                    n += 1
            if n < 3:
                continue
            alive = np.ones(n, np.uint8)
            values = v[:n]
            if code == 6:
                order = np.argsort(values)
                for k in range(int(n * low / 100 + 0.5)):
                    alive[order[k]] = 0
                for k in range(int(n * high / 100 + 0.5)):
                    alive[order[n - 1 - k]] = 0
            elif code == 5:
                _gesd(values, scale[:n], int(low * n), critical, alive)
            else:
                if code == 4:
                    order = np.argsort(values)
                for _ in range(6):
                    changed = False
                    if code == 4:
                        _linear_fit(values, order, alive, predicted)
                    else:
                        center = _center(values, alive, code, scale, median[y, x])
                    for i in range(n):
                        if code == 4:
                            center = predicted[i]
                        deviation = values[i] - center
                        bad = deviation > high * scale[i] or deviation < -low * scale[i]
                        if bad == (alive[i] == 1):
                            alive[i] = 0 if bad else 1
                            changed = True
                    if not changed:
                        break
            left = 0
            for i in range(n):
                left += alive[i]
            if left >= min(min_survivors, n):
                for i in range(n):
                    if not alive[i]:
                        mask[which[i], y, x] = 1


@njit(cache=True)
def _gesd(v: NDArray[np.float64], scale: NDArray[np.float64], most: int, critical: NDArray[np.float64],
          alive: NDArray[np.uint8]) -> None:
    """Take out the most extreme value again and again; the last one beyond its critical deviation settles how many."""
    n = v.size
    removed = np.empty(n, np.int64)
    outliers = 0
    work = np.ones(n, np.uint8)
    for step in range(min(most, critical.size, n - 3)):
        total, count, floor = 0.0, 0, 0.0
        for i in range(n):
            if work[i]:
                total += v[i]
                floor += scale[i] * scale[i]
                count += 1
        mean = total / count
        spread = 0.0
        for i in range(n):
            if work[i]:
                spread += (v[i] - mean) ** 2
        # Values that agree better than their noise allows must not make outliers of one another.
        deviation = np.sqrt(max(spread / (count - 1), floor / count))
        worst, at = -1.0, -1
        for i in range(n):
            if work[i] and abs(v[i] - mean) > worst:
                worst, at = abs(v[i] - mean), i
        removed[step] = at
        work[at] = 0
        if deviation > 0 and worst / deviation > critical[step]:
            outliers = step + 1
    for k in range(outliers):
        alive[removed[k]] = 0
