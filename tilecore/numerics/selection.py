"""Order statistics within compiled kernels.

They are those of :func:`numpy.median` and :func:`numpy.sort` for values without NaN. Numba's own versions cost seconds of
compilation for each type of array.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit

__all__ = ["median_in_place", "select"]


@njit(cache=True, nogil=True)
def select(values: NDArray[np.floating], k: int) -> Any:
    """The value (of the type of ``values``) that is at place ``k`` when ``values`` (n,) are sorted. Reorders them: smaller ones
    come before place ``k``. Hoare's FIND, CACM 4, 321 (1961)."""
    left, right = 0, values.size - 1
    while left < right:
        pivot = values[k]
        i, j = left, right
        while i <= j:
            while values[i] < pivot:
                i += 1
            while pivot < values[j]:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if j < k:
            left = i
        if k < i:
            right = j
    return values[k]


@njit(cache=True, nogil=True)
def median_in_place(values: NDArray[np.floating]) -> float:
    """Median of ``values`` (n,), n > 0, which are reordered."""
    half = values.size // 2
    upper = select(values, half)
    if values.size % 2:
        return float(upper)
    lower = values[0]
    for i in range(1, half):
        lower = max(lower, values[i])
    return float((lower + upper) / 2)
