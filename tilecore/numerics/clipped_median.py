"""Sky background of planes: borders of cells, masks of stars, levels below them (METHODS 1, 2, 11)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit
from tilecore.numerics.statistics import MAD_TO_SIGMA

__all__ = [
    "cell_edges",
    "clipped_median",
    "clipped_median_with",
    "histogram_space",
    "star_mask",
]

FloatArray = NDArray[np.float64]

# Stars are masked out to so many FWHM, brighter ones farther.
MASK_FWHM = 2.1
# Fewer values are sorted; of more, so many give the range of a histogram with so many bins.
FEW, SAMPLE, BINS = 256, 64, 256
# The histogram must hold all but so large a share of the values.
MOST_MISSED = 0.2


@njit(cache=True, nogil=True)
def histogram_space() -> FloatArray:
    """Space for :func:`clipped_median_with`, to be used again and again: many small allocations cost more than the medians."""
    return np.empty(BINS + 3)


@njit(cache=True, nogil=True)
def clipped_median(values: NDArray[np.float32]) -> float:
    """:func:`clipped_median_with` a histogram of its own."""
    return clipped_median_with(values, histogram_space())


@njit(cache=True, nogil=True)
def clipped_median_with(values: NDArray[np.float32], below: FloatArray) -> float:
    """Median of values (n,) after clipping what is above the sky: stars are only ever positive. Reorders ``values``.

    Of many values the medians are read off a histogram, ``below`` (BINS + 3,), whose bins are 1/32 of the spread.
    """
    n = values.size
    if n > FEW:
        # An odd step does not keep to the same columns of a cell.
        sample = values[:: n // SAMPLE | 1][:SAMPLE].copy()
        center = float(np.median(sample))
        spread = MAD_TO_SIGMA * float(np.median(np.abs(sample - np.float32(center))))
        if spread > 0:
            found = _clipped_by_histogram(values, center, spread, below)
            if not np.isnan(found):
                return found
    for _ in range(4):
        median = np.median(values[:n])
        spread = MAD_TO_SIGMA * np.median(np.abs(values[:n] - median))
        kept = 0
        for i in range(n):
            if median - 4 * spread <= values[i] <= median + 2.5 * spread:
                values[kept] = values[i]
                kept += 1
        if kept == n or kept < 16:
            break
        n = kept
    return float(np.median(values[:n]))


@njit(cache=True, nogil=True)
def _clipped_by_histogram(values: NDArray[np.float32], center: float, spread: float, below: FloatArray) -> float:
    """:func:`clipped_median` for a guess of centre and spread; NaN when the guess misses many of the values."""
    below[:] = 0.0  # values below each edge of the bins; the first and last bins take all beyond
    start, scale = center - 8 * spread, BINS / (16 * spread)
    origin, slope = np.float32(start), np.float32(scale)
    for value in values:
        below[int(min(max((value - origin) * slope + np.float32(2), np.float32(1)), np.float32(BINS + 2)))] += 1
    for k in range(1, BINS + 3):
        below[k] += below[k - 1]
    if below[1] + values.size - below[BINS + 1] > MOST_MISSED * values.size:
        return np.nan
    low, high = 0.0, float(BINS + 2)
    median = 0.0
    for _ in range(4):
        first, last = _count(below, low), _count(below, high)
        median = _position(below, 0.5 * (first + last))
        # Half of the values lie within so much of the median.
        near, far = 0.0, max(high - median, median - low)
        for _ in range(24):
            middle = 0.5 * (near + far)
            if _count(below, min(median + middle, high)) - _count(below, max(median - middle, low)) < 0.5 * (last - first):
                near = middle
            else:
                far = middle
        deviation = MAD_TO_SIGMA * far
        lower, upper = max(low, median - 4 * deviation), min(high, median + 2.5 * deviation)
        if lower == low and upper == high:
            break
        low, high = lower, upper
    median = _position(below, 0.5 * (_count(below, low) + _count(below, high)))
    return start + (median - 1) / scale


@njit(cache=True, nogil=True)
def _count(below: FloatArray, position: float) -> float:
    """Values below a position, in bins from the first edge."""
    k = min(int(position), below.size - 2)
    count: float = below[k] + (position - k) * (below[k + 1] - below[k])
    return count


@njit(cache=True, nogil=True)
def _position(below: FloatArray, count: float) -> float:
    """Where so many values lie below."""
    k = max(int(np.searchsorted(below, count)) - 1, 0)
    step = below[k + 1] - below[k]
    return k + ((count - below[k]) / step if step > 0 else 0.5)


def star_mask(shape: tuple[int, int], stars: NDArray[np.void]) -> NDArray[np.uint8]:
    """(h, w) 1 within 2.1 FWHM of each star (:data:`tilecore.detect.stars.STAR_DTYPE`), up to 5.25 FWHM for bright ones."""
    h, w = shape
    mask = np.zeros(shape, np.uint8)
    for star in stars:
        # The wings of a profile reach the noise later the brighter the star: about with the cube root of its SNR.
        radius = star["fwhm"] * min(MASK_FWHM * max((star["snr"] / 50) ** (1 / 3), 1.0), 2.5 * MASK_FWHM)
        y0, y1 = max(int(star["y"] - radius), 0), min(int(star["y"] + radius) + 2, h)
        x0, x1 = max(int(star["x"] - radius), 0), min(int(star["x"] + radius) + 2, w)
        if y0 >= y1 or x0 >= x1:
            continue
        dy, dx = np.arange(y0, y1)[:, None] - star["y"], np.arange(x0, x1)[None, :] - star["x"]
        mask[y0:y1, x0:x1] |= dy * dy + dx * dx <= radius * radius
    return mask


def cell_edges(length: int, cell: int) -> NDArray[np.int64]:
    """Borders of cells of about ``cell`` pixels that divide ``length`` evenly."""
    return np.linspace(0, length, max(round(length / cell), 1) + 1).astype(np.int64)
