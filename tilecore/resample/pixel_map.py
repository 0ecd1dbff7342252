"""Where the pixels of the canvas are in a frame, if a 3x3 matrix is not enough: because of the distortion of a lens, or because
the canvas is a projection of the sky.

The exact map is evaluated at nodes and interpolated between them by cubic polynomials along both axes. Nodes are at multiples of
:data:`SPACING` on the canvas, so that a pixel does not depend on the block in which it is computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit
from tilecore.resample.separable_lanczos import nearly_upright

__all__ = ["FAR", "SPACING", "NodeGrid", "Orientation", "PixelMap", "along_row", "crossings", "on_row", "orientation_of",
           "pixel_map"]

FloatArray = NDArray[np.float64]
# (x, y) -> (x, y), arrays of one shape; NaN where there is no place. Each place must not depend on the others.
Mapping = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]

# Distance (px) of the nodes; a power of two, so that positions between them are exact. For lenses up to 2 % and fields up to 40
# degrees the error of the interpolation is below 0.001 px.
SPACING = 32
PER_SPACING = 1 / SPACING
# Coordinate (px) of pixels that are nowhere in the frame.
FAR = -1e6
# Rows of the canvas beyond a block for which the columns of the canvas must be known: the taps of the kernel, and the nodes of a
# sheared column beside the block.
BEYOND = 16
# Places along each axis of the frame at which its orientation is examined, and the step (px) of the slopes.
EXAMINED = 5
STEP = 1.0


class NodeGrid(NamedTuple):
    """``x``, ``y`` (ny, nx) in the frame of the nodes; the first is at row ``row * SPACING`` and column ``column * SPACING`` of
    the canvas."""

    x: FloatArray
    y: FloatArray
    row: int
    column: int


class Orientation(NamedTuple):
    """``turned``: the frame is upside down, and the map leads to the frame after half a turn; ``two_passes``: it is resampled in
    two passes."""

    turned: bool
    two_passes: bool


@dataclass(frozen=True)
class PixelMap:
    """The map for a block of the canvas."""

    nodes: NodeGrid
    orientation: Orientation

    def at(self, y: Any, x: Any, xp: ModuleType = np) -> tuple[Any, Any]:
        """Places x, y (h, w) in the frame of the rows ``y`` (h,) and columns ``x`` (w,) of the canvas; NaN where there is none.
        ``xp`` is the array module that does the work."""
        nodes = self.nodes
        down, across = (_weights(xp, p, first, n) for p, first, n in zip((y, x), (nodes.row, nodes.column), nodes.x.shape,
                                                                         strict=True))
        # A sum with a NaN would be one everywhere.
        unknown = np.isnan(nodes.x) | np.isnan(nodes.y)
        found = [down @ xp.asarray(np.where(unknown, 0, n)) @ across.T for n in (nodes.x, nodes.y)]
        if unknown.any():
            lost = (xp.abs(down) > 0).astype(xp.float64) @ xp.asarray(unknown.astype(np.float64)) @ (xp.abs(across) > 0).T > 0
            found = [xp.where(lost, np.nan, f) for f in found]
        return found[0], found[1]

    def crossings(self, first: int, count: int, x: Any, xp: ModuleType = np) -> Any:
        """(count, w) places where the columns ``x`` (w,) of the canvas cross the rows of the frame from ``first`` on; 0 where
        they do not."""
        found = np.empty((count, self.nodes.x.shape[1]))
        cells = np.ones(found.shape[1], np.int64)
        for row in range(count):
            crossings(self.nodes, float(first + row), cells, found[row])
        return xp.asarray(np.nan_to_num(found)) @ _weights(xp, x, self.nodes.column, found.shape[1]).T

    def rows(self, y0: int, y1: int, x0: int, x1: int, shape: tuple[int, ...], margin: int) -> tuple[int, int] | None:
        """:func:`tilecore.resample.warp.source_rows` for the block y0:y1, x0:x1 of the canvas; counted in the frame as it is
        stored."""
        y, x = ((np.unique(np.clip(np.arange(first - first % SPACING, stop + SPACING, SPACING), first, stop - 1)).astype(float))
                for first, stop in ((y0, y1), (x0, x1)))
        u, v = self.at(y, x)
        height, width = shape[-2:]
        # Between these places the map is nearly linear.
        reach = SPACING * 2.0
        near = (u > -reach) & (u < width - 1 + reach) & (v > -reach) & (v < height - 1 + reach)
        if not near.any() or v[near].max() < 0 or v[near].min() > height - 1:
            return None
        low, high = v[near].min(), v[near].max()
        if not near.all():  # rows between a place that is near and one that is not
            low, high = low - reach, high + reach
        first, stop = max(int(np.floor(low)) - margin, 0), min(int(np.ceil(high)) + margin + 1, height)
        if first >= stop:
            return None
        return (height - stop, height - first) if self.orientation.turned else (first, stop)


def orientation_of(to_canvas: Mapping, shape: tuple[int, int]) -> Orientation:
    """How a frame of ``shape`` (rows, columns) is resampled, given the map from the frame to the canvas."""
    y, x = (a.ravel() for a in np.meshgrid(*(np.linspace(0, n - 1.0, EXAMINED) for n in shape), indexing="ij"))
    middle, right, below = (np.stack(to_canvas(x + dx, y + dy)) for dx, dy in ((0.0, 0.0), (STEP, 0.0), (0.0, STEP)))
    slopes = np.moveaxis(np.stack([(right - middle) / STEP, (below - middle) / STEP], axis=1), -1, 0)
    if not np.isfinite(slopes).all() or not (np.abs(np.linalg.det(slopes)) > 0).all():
        return Orientation(False, False)
    back = np.linalg.inv(slopes)
    turned = bool((back[:, 0, 0] < 0).all() and (back[:, 1, 1] < 0).all())
    two_passes = all(nearly_upright(-s if turned else s) for s in back)
    return Orientation(turned and two_passes, two_passes)


def pixel_map(to_frame: Mapping, orientation: Orientation, shape: tuple[int, int], y0: int, y1: int, x0: int,
              x1: int) -> PixelMap:
    """The map for the block y0:y1, x0:x1 of the canvas to a frame of ``shape`` (rows, columns), from the exact one."""
    (row, rows), (column, columns) = ((first // SPACING - 1, (stop - 1) // SPACING + 3)
                                      for first, stop in ((y0 - BEYOND, y1 + BEYOND), (x0, x1)))
    x, y = np.meshgrid(np.arange(column, columns) * float(SPACING), np.arange(row, rows) * float(SPACING))
    u, v = to_frame(x, y)
    if orientation.turned:
        u, v = shape[1] - 1 - u, shape[0] - 1 - v
    return PixelMap(NodeGrid(np.ascontiguousarray(u), np.ascontiguousarray(v), row, column), orientation)


def _weights(xp: ModuleType, positions: Any, first: int, count: int) -> Any:
    """(n, count) weights of the nodes, the first of which is number ``first``, at positions (n,) on an axis of the canvas."""
    at = xp.asarray(positions, dtype=xp.float64) / SPACING
    cell = xp.floor(at)
    t = at - cell
    taps = (-t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2, -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6)
    node = xp.arange(count)[None, :] + first - cell[:, None]
    return sum((node == k) * tap[:, None] for k, tap in zip(range(-1, 3), taps, strict=True))


@njit(cache=True, nogil=True)
def on_row(values: FloatArray, first: int, cy: float, out: FloatArray) -> None:
    """Values (nx,) at the columns of the nodes on row ``cy`` of the canvas; ``first`` is the number of the first row of nodes."""
    at = cy / SPACING
    cell = int(np.floor(at))
    t = at - cell
    k = cell - 1 - first
    a, b = -t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2
    c, d = -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6
    for i in range(values.shape[1]):
        out[i] = a * values[k, i] + b * values[k + 1, i] + c * values[k + 2, i] + d * values[k + 3, i]


@njit(cache=True, nogil=True)
def along_row(nodes: FloatArray, first: int, x0: int, places: FloatArray) -> None:
    """Places (w,) of the columns from ``x0`` on from those of the ``nodes`` (nx,) of a row, whose first is node number
    ``first``; FAR where there is none."""
    breadth = len(places)
    q = 0
    while q < breadth:
        cell = (x0 + q) // SPACING
        k = cell - 1 - first
        end = min((cell + 1) * SPACING - x0, breadth)
        p, r, s, t = nodes[k], nodes[k + 1], nodes[k + 2], nodes[k + 3]
        linear, square, cube = s - r / 2 - p / 3 - t / 6, (p + s) / 2 - r, (t - p) / 6 + (r - s) / 2
        if np.isnan(p + r + s + t):
            places[q:end] = FAR
        else:
            for n in range(q, end):
                u = float(x0 + n) * PER_SPACING - cell
                places[n] = ((cube * u + square) * u + linear) * u + r
        q = end


@njit(cache=True, nogil=True)
def crossings(nodes: NodeGrid, row: float, cells: NDArray[np.int64], out: FloatArray) -> None:
    """Where the columns of the canvas with nodes cross a ``row`` of the frame: x (nx,), NaN where they do not. ``cells`` (nx,)
    are the cells of the crossings of a row above, 1 at first."""
    count = nodes.y.shape[0]
    for i in range(nodes.y.shape[1]):
        j = cells[i]
        while j < count - 3 and not nodes.y[j + 1, i] > row:  # also over nodes that are nowhere
            j += 1
        cells[i] = j
        a, b, c, d = nodes.y[j - 1, i], nodes.y[j, i], nodes.y[j + 1, i], nodes.y[j + 2, i]
        out[i] = np.nan
        if not (b <= row <= c and c > b):
            continue
        linear, square, cube = c - b / 2 - a / 3 - d / 6, (a + c) / 2 - b, (d - a) / 6 + (b - c) / 2
        t = (row - b) / (c - b)
        for _ in range(3):
            slope = (3 * cube * t + 2 * square) * t + linear
            if slope > 0:
                t -= (((cube * t + square) * t + linear) * t + b - row) / slope
        p, r, s, u = nodes.x[j - 1, i], nodes.x[j, i], nodes.x[j + 1, i], nodes.x[j + 2, i]
        linear, square, cube = s - r / 2 - p / 3 - u / 6, (p + s) / 2 - r, (u - p) / 6 + (r - s) / 2
        out[i] = ((cube * t + square) * t + linear) * t + r
