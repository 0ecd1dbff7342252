"""Robust statistics that several steps share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["median_of_known"]

FloatArray = NDArray[np.floating]


def median_of_known(values: FloatArray, known: NDArray[np.bool_]) -> FloatArray:
    """Median over the frames of what is known; 0 where nothing is."""
    return np.asarray(np.nanmedian(np.where(known, values, np.where(known.any(axis=0), np.nan, 0.0)), axis=0))
