"""Sky background of an image: borders of cells, masks of stars, sky levels of cells (METHODS 1, 2, 11)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit
from tilecore.numerics.selection import median_in_place
from tilecore.numerics.statistics import MAD_TO_SIGMA

__all__ = [
    "cell_edges",
    "clipped_median",
    "clipped_median_with",
    "hide_stars",
    "histogram_space",
    "largest_cell",
]

FloatArray = NDArray[np.float64]

# Radius of the mask of a star in FWHM; bright stars get up to 2.5 times as much.
MASK_FWHM = 2.1
# Up to this many values are sorted; medians of more values are read off a histogram.
MAX_SORTED = 256
# Values from which the range of the histogram is estimated.
SAMPLE = 64
# Bins of the histogram, which reaches HISTOGRAM_REACH spreads (sigma) to both sides of the centre.
BINS = 256
HISTOGRAM_REACH = 8
# Largest share of the values outside the histogram; with more, the estimate of its range was wrong.
MAX_MISSED = 0.2
# Limits of the clipping in sigma about the median: stars only add light, so the upper limit is tighter.
CLIP_BELOW = 4
CLIP_ABOVE = 2.5
# Rounds of clipping; most cells settle in two.
ROUNDS = 4
# Fewer values are not clipped any further.
FEWEST = 16


@njit(cache=True, nogil=True)
def histogram_space() -> FloatArray:
    """Memory for :func:`clipped_median_with`, for reuse: many small allocations cost more than the medians."""
    return np.empty(BINS + 3)


@njit(cache=True, nogil=True)
def clipped_median(values: NDArray[np.float32]) -> float:
    """:func:`clipped_median_with` that allocates its own histogram."""
    return clipped_median_with(values, histogram_space())


@njit(cache=True, nogil=True)
def clipped_median_with(values: NDArray[np.float32], below: FloatArray) -> float:
    """Median of values (n,) after asymmetric sigma clipping, so that stars do not count. Reorders ``values``.

    Medians of many values are read off a histogram, ``below`` (BINS + 3,), whose bins are 1/16 of the spread.
    """
    n = values.size
    if n > MAX_SORTED:
        # An odd step does not stay in the same columns of a cell.
        sample = values[:: n // SAMPLE | 1][:SAMPLE].copy()
        center = median_in_place(sample)
        for i in range(sample.size):
            sample[i] = abs(sample[i] - np.float32(center))
        spread = MAD_TO_SIGMA * median_in_place(sample)
        if spread > 0:
            found = _clipped_by_histogram(values, center, spread, below)
            if not np.isnan(found):
                return found
    deviations = np.empty(n)
    for _ in range(ROUNDS):
        median = median_in_place(values[:n])
        for i in range(n):
            deviations[i] = abs(values[i] - median)
        spread = MAD_TO_SIGMA * median_in_place(deviations[:n])
        kept = 0
        for i in range(n):
            if median - CLIP_BELOW * spread <= values[i] <= median + CLIP_ABOVE * spread:
                values[kept] = values[i]
                kept += 1
        if kept == n or kept < FEWEST:
            break
        n = kept
    return median_in_place(values[:n])


@njit(cache=True, nogil=True)
def _clipped_by_histogram(values: NDArray[np.float32], center: float, spread: float, below: FloatArray) -> float:
    """:func:`clipped_median` for an estimate of centre and spread; NaN when many values are outside the histogram."""
    below[:] = 0.0  # values below each edge of the bins; the first and last bins take all values beyond
    start, scale = center - HISTOGRAM_REACH * spread, BINS / (2 * HISTOGRAM_REACH * spread)
    origin, slope = np.float32(start), np.float32(scale)
    for value in values:
        below[int(min(max((value - origin) * slope + np.float32(2), np.float32(1)), np.float32(BINS + 2)))] += 1
    for k in range(1, BINS + 3):
        below[k] += below[k - 1]
    if below[1] + values.size - below[BINS + 1] > MAX_MISSED * values.size:
        return np.nan
    low, high = 0.0, float(BINS + 2)
    median = 0.0
    for _ in range(ROUNDS):
        first, last = _count(below, low), _count(below, high)
        median = _position(below, 0.5 * (first + last))
        # Bisection for the distance from the median within which half of the values are.
        near, far = 0.0, max(high - median, median - low)
        for _ in range(24):
            middle = 0.5 * (near + far)
            if _count(below, min(median + middle, high)) - _count(below, max(median - middle, low)) < 0.5 * (last - first):
                near = middle
            else:
                far = middle
        deviation = MAD_TO_SIGMA * far
        lower, upper = max(low, median - CLIP_BELOW * deviation), min(high, median + CLIP_ABOVE * deviation)
        if lower == low and upper == high:
            break
        low, high = lower, upper
    median = _position(below, 0.5 * (_count(below, low) + _count(below, high)))
    return start + (median - 1) / scale


@njit(cache=True, nogil=True)
def _count(below: FloatArray, position: float) -> float:
    """Number of values below a position, in bins from the first edge."""
    k = min(int(position), below.size - 2)
    count: float = below[k] + (position - k) * (below[k + 1] - below[k])
    return count


@njit(cache=True, nogil=True)
def _position(below: FloatArray, count: float) -> float:
    """Position, in bins from the first edge, below which there are ``count`` values."""
    first, last = 0, below.size  # bisection for the first edge with at least as many values below it
    while first < last:
        middle = (first + last) // 2
        if below[middle] < count:
            first = middle + 1
        else:
            last = middle
    k = max(first - 1, 0)
    step = below[k + 1] - below[k]
    return k + ((count - below[k]) / step if step > 0 else 0.5)


def hide_stars(mask: NDArray[np.uint8], stars: NDArray[np.void]) -> NDArray[np.uint8]:
    """Set a mask (h, w) to 1 within 2.1 FWHM of each star (:data:`tilecore.detect.stars.STAR_DTYPE`), up to 5.25 FWHM for bright
    ones; returns it."""
    h, w = mask.shape
    for star in stars:
        # The radius at which the wings of a profile disappear in the noise grows about with the cube root of the SNR.
        radius = star["fwhm"] * min(MASK_FWHM * max((star["snr"] / 50) ** (1 / 3), 1.0), 2.5 * MASK_FWHM)
        y0, y1 = max(int(star["y"] - radius), 0), min(int(star["y"] + radius) + 2, h)
        x0, x1 = max(int(star["x"] - radius), 0), min(int(star["x"] + radius) + 2, w)
        if y0 >= y1 or x0 >= x1:
            continue
        dy, dx = np.arange(y0, y1)[:, None] - star["y"], np.arange(x0, x1)[None, :] - star["x"]
        mask[y0:y1, x0:x1] |= dy * dy + dx * dx <= radius * radius
    return mask


def cell_edges(length: int, cell: int) -> NDArray[np.int64]:
    """Borders (n + 1,) of n cells of about ``cell`` pixels that divide ``length`` pixels evenly."""
    return np.linspace(0, length, max(round(length / cell), 1) + 1).astype(np.int64)


def largest_cell(edges_y: NDArray[np.int64], edges_x: NDArray[np.int64]) -> int:
    """Most pixels that a cell between the borders along y and x has."""
    return int(np.diff(edges_y).max() * np.diff(edges_x).max())
