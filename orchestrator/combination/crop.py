"""Crop of the combined image: ``canvas.crop`` applied to the area that all filters cover."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.config.settings import Canvas
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.field_geometry import largest_rectangle

__all__ = ["crop_block", "crop_header", "shared_coverage"]

# With "auto" the image is cropped to a rectangle without gaps if that keeps at least this fraction of the area that all filters
# cover; otherwise (a mosaic with a stepped outline) to the bounding box.
MIN_KEPT = 0.8
# The rectangle is first found on square cells: their number along the longer side of the image.
CELLS = 400
# Shortest side of a crop, in pixels.
MIN_SIDE = 32


def shared_coverage(planes: Iterable[NDArray[np.float32]], counts: Iterable[NDArray[np.float32] | None], share: float
                    ) -> NDArray[np.bool_]:
    """Mask (h, w) of the pixels where every filter has data from at least ``share`` of the frames of its best pixel.

    ``planes`` are the stacks (h, w), 0 without data; ``counts`` their numbers of frames (h, w), None if unknown.
    """
    seen: NDArray[np.bool_] = np.logical_and.reduce([p != 0 for p in planes])
    for count in counts:
        if count is not None and count.shape == seen.shape and share > 0:
            seen &= count >= share * count.max(initial=0)
    return seen


def crop_block(seen: NDArray[np.bool_], canvas: Canvas) -> Block:
    """The part of the stacks that the combined image shows, from the mask ``seen`` (h, w); the whole area if ``canvas.crop`` is
    none or if no part is large enough."""
    height, width = seen.shape
    whole = Block(0, height, 0, width)
    if canvas.crop == "none" or not seen.any():
        return whole
    filled = _without_holes(seen)
    found = _rectangle(filled)
    if canvas.crop == "auto" and (found is None or found.shape[0] * found.shape[1] < MIN_KEPT * filled.sum()):
        rows, columns = np.flatnonzero(filled.any(axis=1)), np.flatnonzero(filled.any(axis=0))
        found = Block(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)
    return found if found is not None and min(found.shape) >= MIN_SIDE else whole


def _without_holes(seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask with its holes filled: areas without data that do not touch the border, such as single pixels rejected in all
    frames."""
    _, label = cv2.connectedComponents((~seen).astype(np.uint8), connectivity=4)
    outside = np.unique(np.concatenate([label[0], label[-1], label[:, 0], label[:, -1]]))
    return np.asarray(~np.isin(label, outside[outside > 0]))


def _rectangle(seen: NDArray[np.bool_]) -> Block | None:
    """The largest rectangle inside the mask: found on whole cells, then each side is moved outwards as far as possible."""
    height, width = seen.shape
    cell = max(max(height, width) // CELLS, 1)
    rows, columns = height // cell, width // cell
    cells = seen[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell)
    found = largest_rectangle(np.asarray(cells.all(axis=(1, 3))))
    if found is None:
        return None
    y0, y1, x0, x1 = (cell * v for v in found)
    moved = True
    while moved:
        before = (y0, y1, x0, x1)
        y0 -= y0 > 0 and bool(seen[y0 - 1, x0:x1].all())
        y1 += y1 < height and bool(seen[y1, x0:x1].all())
        x0 -= x0 > 0 and bool(seen[y0:y1, x0 - 1].all())
        x1 += x1 < width and bool(seen[y0:y1, x1].all())
        moved = before != (y0, y1, x0, x1)
    return Block(y0, y1, x0, x1)


def crop_header(header: fits.Header, part: Block) -> None:
    """Adapt the positions in a header (CRPIX, LTV) to a part of the image."""
    for axis, start in ((1, part.x0), (2, part.y0)):
        if f"CRPIX{axis}" in header:
            header[f"CRPIX{axis}"] -= start
        header[f"LTV{axis}"] = (float(header.get(f"LTV{axis}", 0.0)) - start, "pixel of the stack + this = pixel here")
