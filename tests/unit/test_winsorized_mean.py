"""Masters: pixels without outliers are recognized in strips, and have the bits of the search for outliers at each pixel."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.calibrate.masters import combine_masters
from tilecore.calibrate.winsorized_mean import _mean_of_kept


@pytest.mark.parametrize("count", [1, 4, 5, 6, 10, 21])
@pytest.mark.parametrize("quantum", [0.0, 1 / 65535])
def test_every_pixel_has_the_mean_of_the_search_for_its_outliers(count: int, quantum: float) -> None:
    rng = np.random.default_rng(count)
    adu = rng.normal(900, 4, (count, 9, 300))
    adu[rng.random(adu.shape) < 0.02] += 60
    adu[:, 0] = 7  # a constant row
    adu[:, 1] = rng.choice([500.0, 501.0], adu[:, 1].shape)  # noise of a single step
    adu = np.rint(adu) if quantum else adu
    stack = (adu / 65535).astype(np.float32)
    space = np.empty(count), np.zeros(count + 1), np.zeros(count + 1)
    expected = [[_mean_of_kept(stack[:, y, x], 3.0, quantum, *space) for x in range(300)] for y in range(9)]
    np.testing.assert_array_equal(combine_masters(stack, 3.0, quantum), np.array(expected, np.float32))


def test_a_value_that_is_not_a_number_stays_one() -> None:
    stack = np.ones((6, 1, 3), np.float32)
    stack[2, 0, 1] = np.nan
    assert np.isnan(combine_masters(stack)[0]).tolist() == [False, True, False]
