"""Medians of many pixels at once, by sorting networks: each exchange is one instruction for a whole vector of pixels."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import larger, njit, smaller

__all__ = ["STRIP", "exchange", "median_network", "median_of_strip"]

# Pixels that are sorted side by side: the strips of all frames stay in the first-level cache.
STRIP = 128


@lru_cache(maxsize=16)
def median_network(n: int) -> NDArray[np.int32]:
    """Exchanges (k, 2) of positions, in order, that bring the median of n values to its place.

    They are those exchanges of Batcher's odd-even merge sort (Knuth, TAOCP 3, 5.2.2 M) on which the middle depends.
    """
    pairs: list[tuple[int, int]] = []
    p = 1
    while p < n:
        k = p
        while k >= 1:
            pairs += [(i + j, i + j + k) for j in range(k % p, n - k, 2 * k) for i in range(min(k, n - j - k))
                      if (i + j) // (2 * p) == (i + j + k) // (2 * p)]
            k //= 2
        p *= 2
    needed, kept = {(n - 1) // 2, n // 2}, []
    for pair in reversed(pairs):
        if needed.intersection(pair):
            needed.update(pair)
            kept.append(pair)
    return np.array(kept[::-1], np.int32).reshape(-1, 2)


@njit(cache=True, nogil=True)
def exchange(values: NDArray[np.float32], network: NDArray[np.int32]) -> None:
    """Bring the medians over the first axis of ``values`` (n, STRIP) to the rows (n - 1) // 2 and n // 2; ``network`` is that
    for n."""
    for k in range(network.shape[0]):
        upper, lower = values[network[k, 0]], values[network[k, 1]]
        for x in range(STRIP):
            a, b = upper[x], lower[x]
            upper[x] = smaller(a, b)
            lower[x] = larger(a, b)


@njit(cache=True, nogil=True)
def median_of_strip(values: NDArray[np.float32], network: NDArray[np.int32], out: NDArray[np.float64]) -> None:
    """Medians (STRIP,) over the first axis of ``values`` (n, STRIP), which are reordered; ``network`` is that for n."""
    exchange(values, network)
    n = values.shape[0]
    one, other = values[(n - 1) // 2], values[n // 2]
    for x in range(STRIP):
        out[x] = 0.5 * (np.float64(one[x]) + np.float64(other[x]))
