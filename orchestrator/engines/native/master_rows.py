"""Rows of calibration frames for a master, without their pixels that hold no data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import ImageLayout
from tilecore.calibrate.no_data import no_data_mask

__all__ = ["mark_no_data"]


def mark_no_data(stack: NDArray[np.float32], layouts: Sequence[ImageLayout], start: int,
                 masks: dict[int, NDArray[np.bool_]]) -> None:
    """Set pixels without data in the rows from ``start`` on of frames (N, rows, w) or (N, 3, rows, w) to NaN.

    ``masks`` keeps those of frames that have zeros: only these are examined as a whole.
    """
    for index in np.flatnonzero((stack == 0).any(axis=tuple(range(1, stack.ndim)))):
        k = int(index)
        if k not in masks:
            masks[k] = no_data_mask(layouts[k].read(keep_nan=True))
        if not masks[k].all():
            stack[k][..., masks[k][start: start + stack.shape[-2]]] = np.nan
