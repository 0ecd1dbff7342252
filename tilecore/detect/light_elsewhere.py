"""Whether the light along a line of one frame is also in other frames, as that of a nebula, a spike, a bright column, a ghost.

Each frame has a *map*: the frame binned to about 256 px, without its smooth structure, in units of its scatter, as int8 in
steps of 1 / STEPS; UNKNOWN is under stars. Light that is in other frames at the same place of the sky belongs to the scene; light
at the same place of the sensor, or at the same distance from a star, to the optics.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["UNKNOWN", "binning_of", "coded_signal", "light_around", "light_on", "moved_part", "patches", "share_elsewhere"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]
Map = NDArray[np.int8]

# Largest side (px) of the binned frame: lines are found to about one of its pixels.
BINNED_SIDE = 256
# Steps of a map to a sigma, and the value of what is not known.
STEPS = 31
UNKNOWN = -128
# Distance (binned px) from a thin line within which its light may be in another frame.
TOLERANCE = 1
# Share of a line that must be known in another frame.
LEAST_KNOWN = 0.4
# Fewest points of it.
LEAST_POINTS = 6
# Least side (binned px) of a patch of light, its mean light (sigma of a binned pixel), and the most patches of a frame.
PATCH = 5
PATCH_LIGHT = 1.0
MOST_PATCHES = 8


def binning_of(shape: Sequence[int]) -> int:
    """Pixels of a frame of ``shape`` (rows, columns) to one of its map."""
    return int(-(-max(shape[-2:]) // BINNED_SIDE))


def coded_signal(signal: FloatImage, usable: FloatImage) -> Map:
    """The map (rows, columns) of a signal in units of its scatter, up to 4."""
    return np.where(usable > 0, np.rint(signal * STEPS), UNKNOWN).astype(np.int8)


def patches(signal: Map, factor: int) -> FloatArray:
    """Patches of light in a map, strongest first: (k, 5) squares (x0, y0, x1, y1 of the middle row, half width in px of the
    frame)."""
    known = (signal > UNKNOWN).astype(np.float32)
    light = np.where(known > 0, signal, 0).astype(np.float32) / np.float32(STEPS)
    size = (PATCH, PATCH)
    smooth = cv2.blur(light, size) / np.maximum(cv2.blur(known, size), np.float32(0.5))
    count, _, boxes, _ = cv2.connectedComponentsWithStats((smooth > PATCH_LIGHT).astype(np.uint8))
    order = [k for k in np.argsort(-boxes[1:, cv2.CC_STAT_AREA], kind="stable") + 1 if boxes[k, cv2.CC_STAT_AREA] >= PATCH**2]
    found = []
    for x, y, width, height, _ in boxes[order[:MOST_PATCHES]].astype(float) if count > 1 else ():
        half = 0.5 * max(width, height) * factor
        middle_x, middle_y = (x + 0.5 * width) * factor - 0.5, (y + 0.5 * height) * factor - 0.5
        found.append([middle_x - half, middle_y, middle_x + half, middle_y, half])
    return np.array(found).reshape(-1, 5)


def light_on(signal: Map, factor: int, part: FloatArray) -> float:
    """Mean light (sigma of a binned pixel) of a map along a part of a line (x0, y0, x1, y1, half width in px of the frame), in
    the brightest row if it is thin; NaN if too little of it is known."""
    x0, y0, x1, y1, half = part
    length = math.hypot(x1 - x0, y1 - y0)
    if not length > 0 or not signal.size:
        return math.nan
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    thin = half < 0.25 * length
    across = np.arange(-TOLERANCE, TOLERANCE + 1) if thin else np.arange(-int(half / factor), int(half / factor) + 1)
    along = np.arange(0.0, length + 1, factor)
    x = (x0 + along * ux)[None, :] - (across * factor * uy)[:, None]
    y = (y0 + along * uy)[None, :] + (across * factor * ux)[:, None]
    column, row = (np.rint((a + 0.5) / factor - 0.5).astype(np.int64) for a in (x, y))
    inside = (row >= 0) & (row < signal.shape[0]) & (column >= 0) & (column < signal.shape[1])
    values = np.full(x.shape, float(UNKNOWN))
    values[inside] = signal[row[inside], column[inside]]
    known = values > UNKNOWN
    if known.sum() < max(LEAST_POINTS * len(across), LEAST_KNOWN * known.size):
        return math.nan
    if not thin:
        return float(values[known].mean()) / STEPS
    means = [float(line[good].mean()) for line, good in zip(values, known, strict=True) if good.sum() >= LEAST_POINTS]
    return max(means) / STEPS if means else math.nan


def light_around(signal: Map, factor: int, middle: FloatArray, reach: int) -> FloatArray:
    """The light (sigma of a binned pixel) around a place (x, y) of the frame, to a distance of ``reach`` binned pixels; NaN where
    it is not known."""
    column, row = (int(np.rint((v + 0.5) / factor - 0.5)) for v in middle)
    steps = np.arange(-reach, reach + 1)
    rows, columns = (row + steps)[:, None], (column + steps)[None, :]
    inside = (rows >= 0) & (rows < signal.shape[0]) & (columns >= 0) & (columns < signal.shape[1])
    values = signal[np.clip(rows, 0, signal.shape[0] - 1), np.clip(columns, 0, signal.shape[1] - 1)].astype(np.float64)
    return np.where(inside & (values > UNKNOWN), values / STEPS, np.nan)


def moved_part(part: FloatArray, ends: FloatArray) -> FloatArray:
    """A part of a line in another frame, where its ``ends`` (2, 2) are."""
    (x0, y0), (x1, y1) = ends
    before = math.hypot(part[2] - part[0], part[3] - part[1])
    scale = math.hypot(x1 - x0, y1 - y0) / max(before, 1e-9)
    return np.array([x0, y0, x1, y1, part[4] * scale])


def share_elsewhere(light: float, others: Sequence[float], least: int = 2) -> float:
    """Median light in other frames, as a share of that in the frame itself; NaN if it is known in fewer than ``least``."""
    known = [v for v in others if math.isfinite(v)]
    return float(np.median(known)) / light if len(known) >= least and light > 0 else math.nan
