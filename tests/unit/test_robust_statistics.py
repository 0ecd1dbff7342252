"""Statistics that several steps share, against samples of a normal distribution."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.numerics.statistics import median, median_and_error, medians_of_rows


def test_the_error_of_a_median_is_its_scatter_over_samples() -> None:
    samples = np.random.default_rng(0).normal(5, 2, (4000, 41))
    found = np.array([median_and_error(s) for s in samples])
    assert np.mean(found[:, 0]) == pytest.approx(5, abs=0.02)
    assert np.median(found[:, 1]) == pytest.approx(float(np.std(found[:, 0])), rel=0.05)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 51, 1000, 4097])
def test_medians_are_those_of_numpy_to_the_last_bit(dtype: type, size: int) -> None:
    values = (np.random.default_rng(size).normal(size=(3, size)) * 1000).astype(dtype)
    assert median(values) == float(np.median(values))
    np.testing.assert_array_equal(medians_of_rows(values), np.median(values, axis=1))


@pytest.mark.parametrize("size", [2, 3, 100])
def test_the_median_is_nan_if_a_value_is_and_without_values(size: int) -> None:
    values = np.arange(2.0 * size).reshape(2, size)
    values[1, 0] = np.nan
    assert np.isnan(median(values)) and np.isnan(median(values[:0]))
    assert np.isnan(medians_of_rows(values)).tolist() == [False, True]
