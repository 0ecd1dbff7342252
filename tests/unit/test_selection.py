"""Order statistics of kernels against numpy."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.numerics.selection import median_in_place, select


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_selection_and_median_are_those_of_numpy(dtype: type[np.floating]) -> None:
    rng = np.random.default_rng(7)
    for n in (1, 2, 3, 8, 25, 64, 257):
        for values in (rng.normal(size=n), rng.integers(0, 3, n), np.arange(n), np.arange(n)[::-1], np.zeros(n)):
            given = np.ascontiguousarray(values, dtype)
            ordered = np.sort(given)
            assert [select(given.copy(), k) for k in range(n)] == ordered.tolist()
            # The mean of the two middle values is rounded once, in the type of the values.
            assert median_in_place(given.copy()) == float((ordered[(n - 1) // 2] + ordered[n // 2]) / dtype(2))
            held = given.copy()
            select(held, n // 2)
            assert sorted(held) == ordered.tolist() and (held[: n // 2] <= held[n // 2]).all()
