"""The mean of calibration frames with winsorized sigma clipping, at each pixel (see :func:`combine_masters`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import larger, njit, smaller
from tilecore.numerics.median_network import STRIP, median_of_strip

__all__ = ["winsorized_mean"]

# Deviation (sigma) beyond which values are pulled in by the winsorized deviation (Huber 1981).
WINSOR = 1.5
# Standard deviation of normal values over that of values pulled in to 1.5 sigma (Huber 1981).
WINSOR_SIGMA = 1.134
# Relative change of that deviation below which it has settled.
WINSOR_TOLERANCE = 5e-4
# Margin for the rounding of sums with which a deviation is surely large enough.
SURELY = 1 + 1e-9
# Values that are always kept at a pixel.
LEAST_KEPT = 4


@njit(cache=True, nogil=True)
def winsorized_mean(stack: NDArray[np.float32], k: float, quantum: float, network: NDArray[np.int32],
                     out: NDArray[np.float32]) -> None:
    """Most pixels have no value that can be rejected: this is found for strips of them, as vectors of the machine."""
    frames, h, w = stack.shape
    values, sums, squares = np.empty(frames), np.zeros(frames + 1), np.zeros(frames + 1)
    work, total, doubt = np.zeros((frames, STRIP), np.float32), np.empty(STRIP), np.empty(STRIP, np.uint8)
    for y in range(h):
        for x0 in range(0, w, STRIP):
            m = min(STRIP, w - x0)
            total[:] = 0.0
            for i in range(frames):
                row, source = work[i], stack[i, y, x0: x0 + m]
                for x in range(m):
                    row[x] = source[x]
                    total[x] += source[x]
            _doubtful(work, network, k, quantum, doubt)
            for x in range(m):
                out[y, x0 + x] = total[x] / frames
                if doubt[x]:
                    out[y, x0 + x] = _mean_of_kept(stack[:, y, x0 + x], k, quantum, values, sums, squares)


@njit(cache=True, nogil=True)
def _doubtful(work: NDArray[np.float32], network: NDArray[np.int32], k: float, quantum: float,
              doubt: NDArray[np.uint8]) -> None:
    """Mark the pixels of a strip (N, STRIP), which is reordered, of which a value may be beyond ``k`` winsorized deviations.

    Let t be the largest deviation from the median over k. Pulling values in to a narrower range lowers their deviation: if
    that of the values, and that after they are pulled in to 1.5 t, are at least t, the winsorized deviation never falls below t.
    """
    n = work.shape[0]
    middle, low, high, least = np.empty(STRIP), np.empty(STRIP), np.empty(STRIP), np.empty(STRIP)
    first, first2, pulled, pulled2 = np.zeros(STRIP), np.zeros(STRIP), np.zeros(STRIP), np.zeros(STRIP)
    least[:], high[:] = work[0], work[0]
    for i in range(1, n):
        row = work[i]
        for x in range(STRIP):
            value = np.float64(row[x])
            least[x] = smaller(least[x], value)
            high[x] = larger(high[x], value)
    median_of_strip(work, network, middle)
    for x in range(STRIP):
        t = larger(high[x] - middle[x], middle[x] - least[x]) / k
        least[x] = t
        below, above = middle[x] - WINSOR * t, middle[x] + WINSOR * t
        if quantum > 0:
            below, above = quantum * np.floor(below / quantum + 0.5), quantum * np.floor(above / quantum + 0.5)
        low[x], high[x] = below - middle[x], above - middle[x]
    for i in range(n):
        row = work[i]
        for x in range(STRIP):
            deviation = np.float64(row[x]) - middle[x]
            first[x] += deviation
            first2[x] += deviation * deviation
            deviation = smaller(larger(deviation, low[x]), high[x])
            pulled[x] += deviation
            pulled2[x] += deviation * deviation
    for x in range(STRIP):
        bound = least[x] * least[x] * (n - 1) * SURELY
        before, after = first2[x] - first[x] * first[x] / n, pulled2[x] - pulled[x] * pulled[x] / n
        doubt[x] = 0 if before >= bound and WINSOR_SIGMA * WINSOR_SIGMA * after >= bound else 1


@njit(cache=True, nogil=True)
def _mean_of_kept(pixels: NDArray[np.float32], k: float, quantum: float, values: NDArray[np.float64], sums: NDArray[np.float64],
                  squares: NDArray[np.float64]) -> float:
    """:func:`combine_masters` at one pixel (N,); ``values`` (N,), ``sums`` and ``squares`` (N + 1,) are working space."""
    total = 0.0
    for i in range(pixels.size):
        value = np.float64(pixels[i])
        total += value
        j = i
        while j > 0 and values[j - 1] > value:
            values[j] = values[j - 1]
            j -= 1
        values[j] = value
    first, last = 0, pixels.size
    while last - first > LEAST_KEPT:
        n = last - first
        median = 0.5 * (values[first + (n - 1) // 2] + values[first + n // 2])
        # Sums of the first i sorted values about their median, and of their squares.
        for i in range(first, last):
            deviation = values[i] - median
            sums[i + 1] = (sums[i] if i > first else 0.0) + deviation
            squares[i + 1] = (squares[i] if i > first else 0.0) + deviation * deviation
        limit = k * _winsorized_deviation(values, first, last, median, sums, squares, quantum)
        left, right = first, last
        while values[left] - median < -limit:
            left += 1
        while values[right - 1] - median > limit:
            right -= 1
        if right - left == n or right - left < LEAST_KEPT:
            break
        for i in range(first, left):
            total -= values[i]
        for i in range(right, last):
            total -= values[i]
        first, last = left, right
    return total / (last - first)


@njit(cache=True, nogil=True)
def _winsorized_deviation(values: NDArray[np.float64], first: int, last: int, median: float, sums: NDArray[np.float64],
                          squares: NDArray[np.float64], quantum: float) -> float:
    """Standard deviation of sorted values[first:last] that are pulled in to 1.5 sigma, repeated until it settles.

    Values that were pulled in stay so; only the ends of the sorted values change, the sums of the others are known.
    """
    n = last - first
    sigma: float = np.sqrt(max(squares[last] - sums[last] ** 2 / n, 0.0) / (n - 1))
    low, high = -np.inf, np.inf
    left, right = first, last
    for _ in range(100):
        before = sigma
        below, above = median - WINSOR * sigma, median + WINSOR * sigma
        if quantum > 0:
            below, above = quantum * np.floor(below / quantum + 0.5), quantum * np.floor(above / quantum + 0.5)
        low, high = max(low, below - median), min(high, above - median)
        while left < last and values[left] - median < low:
            left += 1
        while right > left and values[right - 1] - median > high:
            right -= 1
        inner = sums[right] - (sums[left] if left > first else 0.0)
        inner2 = squares[right] - (squares[left] if left > first else 0.0)
        pulled_low, pulled_high = left - first, last - right
        total = inner + (pulled_low * low if pulled_low else 0.0) + (pulled_high * high if pulled_high else 0.0)
        total2 = inner2 + (pulled_low * low * low if pulled_low else 0.0) + (pulled_high * high * high if pulled_high else 0.0)
        sigma = WINSOR_SIGMA * np.sqrt(max(total2 - total**2 / n, 0.0) / (n - 1))
        if abs(sigma - before) <= WINSOR_TOLERANCE * before:
            break
    return sigma
