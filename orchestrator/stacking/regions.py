"""Regions of a sparse canvas: each is stacked from the frames that reach it, and what no frame reaches costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.field_geometry import union_box

__all__ = ["Region", "are_dense", "footprints", "plan_regions"]

# Reach (px of the channel grid) of the interpolation beyond the border of a frame, with some margin.
MARGIN = 8
# Cells in which the frames are counted: this share of the shorter side of a frame, and their range (px).
CELL_SHARE, CELL_RANGE = 0.25, (128, 512)
# Share of the canvas that the frames cover on average from which it is one region.
DENSE = 0.4


@dataclass(frozen=True)
class Region:
    """A rectangle of the channel grid, and the indices (n,) of the frames that reach it, ascending."""

    block: Block
    frames: NDArray[np.int64]


def footprints(plan: CanvasPlan, frames: Sequence[Frame]) -> NDArray[np.int64]:
    """(N, 4) the boxes y0, y1, x0, x1 of the channel grid, within it, outside of which a frame has no data; empty ones are 0."""
    rows, columns = plan.channel_shape
    if plan.registered_pixels:
        return np.tile(np.array([0, rows, 0, columns], np.int64), (len(frames), 1))
    found = np.zeros((len(frames), 4), np.int64)
    for k, frame in enumerate(frames):
        x0, y0, x1, y1 = union_box((frame,), plan.sky)
        (ox, oy), step = plan.origin, plan.step
        box = (max((y0 - oy) // step - MARGIN, 0), min(-((oy - y1) // step) + MARGIN, rows),
               max((x0 - ox) // step - MARGIN, 0), min(-((ox - x1) // step) + MARGIN, columns))
        if box[0] < box[1] and box[2] < box[3]:
            found[k] = box
    return found


def are_dense(boxes: NDArray[np.int64], shape: tuple[int, int]) -> bool:
    """Whether frames with the footprints ``boxes`` (N, 4) cover most of a channel grid of ``shape``."""
    areas = (boxes[:, 1] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 2])
    return not len(boxes) or bool(areas.mean() >= DENSE * shape[0] * shape[1])


def plan_regions(boxes: NDArray[np.int64], shape: tuple[int, int], halo: int) -> tuple[Region, ...]:
    """The regions of a channel grid of ``shape`` that frames with the footprints ``boxes`` (N, 4) reach, ``halo`` px around them
    included.

    They depend on the frames alone, not on the memory or the workers. Frames that cover most of the canvas are all compared with
    one another in one region.
    """
    if are_dense(boxes, shape):
        return (Region(Block(0, shape[0], 0, shape[1]), np.arange(len(boxes))),)
    sides = boxes[:, 1::2] - boxes[:, ::2]
    seen = sides.all(axis=1)
    cell = int(np.clip(CELL_SHARE * float(np.median(sides[seen].min(axis=1))), *CELL_RANGE)) if seen.any() else CELL_RANGE[0]
    down, across = (-(-n // cell) for n in shape)
    members: dict[tuple[int, int], list[int]] = {}
    for k in np.flatnonzero(seen).tolist():
        y0, y1, x0, x1 = boxes[k].tolist()
        for j in range(max((y0 - halo) // cell, 0), min((y1 + halo - 1) // cell + 1, down)):
            for i in range(max((x0 - halo) // cell, 0), min((x1 + halo - 1) // cell + 1, across)):
                members.setdefault((j, i), []).append(k)
    return tuple(Region(Block(j0 * cell, min(j1 * cell, shape[0]), i0 * cell, min(i1 * cell, shape[1])), np.array(frames))
                 for (j0, j1, i0, i1), frames in _joined({place: tuple(found) for place, found in members.items()}))


def _joined(cells: dict[tuple[int, int], tuple[int, ...]]) -> list[tuple[tuple[int, int, int, int], tuple[int, ...]]]:
    """Rectangles (first row, row after the last, first column, column after the last) of neighbouring cells with the same
    frames."""
    runs: list[tuple[int, int, int, tuple[int, ...]]] = []  # row, first column, column after the last, frames
    for (j, i), frames in sorted(cells.items()):
        if runs and runs[-1][0] == j and runs[-1][2] == i and runs[-1][3] == frames:
            runs[-1] = (j, runs[-1][1], i + 1, frames)
        else:
            runs.append((j, i, i + 1, frames))
    found: list[tuple[tuple[int, int, int, int], tuple[int, ...]]] = []
    last: dict[tuple[int, int, tuple[int, ...]], int] = {}
    for j, i0, i1, frames in runs:
        at = last.get((i0, i1, frames))
        if at is not None and found[at][0][1] == j:
            found[at] = ((found[at][0][0], j + 1, i0, i1), frames)
        else:
            last[i0, i1, frames] = len(found)
            found.append(((j, j + 1, i0, i1), frames))
    return found
