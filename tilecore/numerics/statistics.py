"""Robust statistics that several steps share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAD_TO_SIGMA", "MEDIAN_ERROR", "mad_sigma", "median", "median_and_error", "median_of_known", "medians_of_rows"]

FloatArray = NDArray[np.floating]

# Standard deviation of a normal distribution over its median absolute deviation: 1 / Phi^-1(3/4) = 1.48260, dimensionless.
MAD_TO_SIGMA = 1.4826
# Standard error of the median of many normal values over that of their mean: sqrt(pi / 2) = 1.25331, dimensionless.
MEDIAN_ERROR = 1.2533


def median(values: NDArray[Any]) -> float:
    """:func:`numpy.median` of values of any shape, and as exact; NaN without values, or if one is NaN.

    It searches for one place of the sorted values where numpy's searches for three: only for one do the vector instructions of
    :func:`numpy.partition` serve, which are ten times as fast.
    """
    return float(medians_of_rows(np.reshape(values, (1, -1)))[0])


def medians_of_rows(values: NDArray[Any]) -> NDArray[Any]:
    """:func:`median` of each row of (n, m), in the type of the values, at least float64 for integers: (n,)."""
    rows, columns = values.shape
    if not np.issubdtype(values.dtype, np.floating):
        values = values.astype(np.float64)
    if not columns:
        return np.full(rows, np.nan, values.dtype)
    half = columns // 2
    parted = np.partition(values, half, axis=1)
    found = parted[:, half] if columns % 2 else (parted[:, :half].max(axis=1) + parted[:, half]) / values.dtype.type(2)
    return np.where(np.isnan(parted[:, half:].max(axis=1)), np.nan, found).astype(values.dtype)  # NaN is sorted to the end


def mad_sigma(values: FloatArray, center: float | np.floating | None = None) -> float:
    """Robust standard deviation of values of any shape, in their unit: 1.4826 times the median absolute deviation.

    The deviations are those from ``center``, by default from the median of the values. The result is NaN without values.
    """
    deviation = values - (median(values) if center is None else center)
    return MAD_TO_SIGMA * median(np.abs(deviation))


def median_and_error(values: FloatArray) -> tuple[float, float]:
    """Median of values of any shape, and its standard error from their robust standard deviation; NaN without values."""
    middle = median(values)
    return middle, MEDIAN_ERROR * mad_sigma(values, middle) / float(np.sqrt(max(values.size, 1)))


def median_of_known(values: FloatArray, known: NDArray[np.bool_]) -> FloatArray:
    """Median over the first axis (frames) of the values that are ``known``, both (N, ...); 0 where none is."""
    return np.asarray(np.nanmedian(np.where(known, values, np.where(known.any(axis=0), np.nan, 0.0)), axis=0))
