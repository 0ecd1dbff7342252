"""Clipped samples: lower limits of the light, of no use where another frame is not clipped.

A long exposure clips the core of a bright object; a short one records it, and after normalisation its value is above the level
at which the long one clips. There the clipped sample is known to be wrong. It is left out before outliers are searched for, since
the clipped frames may be the majority. Where no frame is above the clipped value, as for the cores of stars in frames of one
exposure, it stays.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["REACH", "wrong_samples"]

FloatCube = NDArray[np.float32]
BoolCube = NDArray[np.bool_]

# Share by which the samples that are not clipped exceed a clipped one that is wrong: errors of scale and noise are smaller.
EXCESS = 1.03
# Ratio of the levels at which frames clip from which their exposures differ.
OTHER_LEVEL = 1.5
# Distance (px) from a wrong sample within which the interpolation spreads the missing light.
REACH = 4


def wrong_samples(cube: FloatCube, valid: FloatCube, near_clipping: BoolCube, sky: float,
                  levels: NDArray[np.float64] | None = None) -> BoolCube | None:
    """Samples (N, h, w) that are too low because they are clipped, or because a clipped one is near; None if there are none.

    Parameters
    ----------
    cube, valid : (N, h, w) normalised frames and their validity, 0 = no data.
    near_clipping : (N, h, w) samples at or near the level at which their frame clips.
    sky : level of the sky in the unit of ``cube``.
    levels : (N,) at which the frames clip. Among frames of one exposure those that are not clipped are the blurred ones. So
        where frames that clip at a much higher level exist, they alone show what the light is, and all frames of an exposure
        some of which are clipped are left out: a core from the blurred ones would lack light.
    """
    places = near_clipping.any(axis=0)
    if not places.any():
        return None
    # Interpolation spreads clipping to the neighbours, which therefore cannot show what the light is.
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * REACH + 1, 2 * REACH + 1))
    around = np.array([cv2.dilate(one.view(np.uint8), kernel) for one in near_clipping]).astype(bool)
    y, x = np.nonzero(places)
    values = np.where((valid[:, y, x] > 0) & ~around[:, y, x], cube[:, y, x], np.nan)
    short = np.zeros(len(cube), np.bool_) if levels is None else levels > OTHER_LEVEL * levels.min()
    if short.any():
        values[~short] = np.where(np.isfinite(values[short]).any(axis=0), np.nan, values[~short])
    seen = np.isfinite(values).any(axis=0)
    if not seen.any():
        return None
    light = np.full(y.size, -np.inf)
    light[seen] = np.nanmedian(values[:, seen], axis=0)
    core = np.zeros_like(near_clipping)
    core[:, y, x] = near_clipping[:, y, x] & (light - sky > EXCESS * (cube[:, y, x] - sky))
    if not core.any():
        return None
    if short.any():
        core[~short] |= core[~short].any(axis=0)
    wrong = np.array([cv2.dilate(one.view(np.uint8), kernel) for one in core]).astype(bool)
    # Only where a frame is left that has no such sample near.
    left = ((valid > 0) & ~wrong).any(axis=0)
    return np.asarray(wrong & left)
