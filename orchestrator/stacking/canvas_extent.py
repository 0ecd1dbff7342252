"""The area of the sky that a canvas covers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from orchestrator.engines.base import Frame, FrameSet
from orchestrator.stacking.canvas import CanvasPlan, Mode, canvas_of
from orchestrator.stacking.field_geometry import Box, covered_box, outline, seen_box, union_box
from orchestrator.stacking.sky_grid import SkyGrid

__all__ = ["CanvasArea", "plan_canvas"]

# Smallest side (px) of an intersection or of a cropped canvas; below it the frames hardly overlap.
MIN_SIDE = 32


@dataclass(frozen=True)
class CanvasArea:
    """The area of the sky that a canvas is to cover.

    ``extent`` is reference, union, intersection or mosaic (all places that several frames see), limited to ``max_growth`` times
    the area of a frame. A ``share`` above 0 crops it to the largest rectangle that this share of the frames covers, weighted
    with their ``information``; ``margin`` px are cut off of all sides. ``box`` (x0, y0, x1, y1) in pixels of the reference
    frame, or of ``sky``, overrides all of these.
    """

    extent: str
    max_growth: float
    share: float = 0.0
    box: tuple[int, int, int, int] | None = None
    information: tuple[float, ...] = ()
    sky: SkyGrid | None = None
    margin: int = 0


def plan_canvas(frames: FrameSet, mode: Mode, area: CanvasArea, feather: float, interpolation: str, reason: str) -> CanvasPlan:
    """The canvas of the usable frames that covers ``area``. ``reason`` records why ``mode`` was chosen."""
    extent, max_growth, share, box = area.extent, area.max_growth, area.share, area.box
    sky, reference = area.sky, frames.usable[frames.reference_position]
    home = (0, 0, frames.shape[1], frames.shape[0]) if sky is None else union_box((reference,), sky)
    x0, y0, x1, y1 = home
    if box is not None:
        x0, y0, x1, y1 = box
    elif extent == "mosaic":
        x0, y0, x1, y1 = _bounded(seen_box(frames.usable, sky=sky) or home, home, max_growth)
    elif extent != "reference" and not frames.registered_pixels:
        boxes = np.array([_bounds(f, extent, sky) for f in frames.usable])
        if extent == "union":
            x0, y0 = (int(np.floor(v)) for v in boxes[:, :2].min(axis=0))
            x1, y1 = (int(np.ceil(v)) for v in boxes[:, 2:].max(axis=0))
            if not share:
                x0, y0, x1, y1 = _bounded((x0, y0, x1, y1), home, max_growth)
        else:
            x0, y0 = (int(np.ceil(v)) for v in boxes[:, :2].max(axis=0))
            x1, y1 = (int(np.floor(v)) for v in boxes[:, 2:].min(axis=0))
            if x1 - x0 < MIN_SIDE or y1 - y0 < MIN_SIDE:  # the frames hardly overlap: use the reference frame
                x0, y0, x1, y1 = home
    if share and box is None and not frames.registered_pixels:
        x0, y0, x1, y1 = covered_box(frames.usable, (x0, y0, x1, y1), share, area.information, sky) or (x0, y0, x1, y1)
        x0, y0, x1, y1 = _bounded((x0, y0, x1, y1), home, max_growth)
    if box is None and min(x1 - x0, y1 - y0) - 2 * area.margin >= MIN_SIDE:
        x0, y0, x1, y1 = x0 + area.margin, y0 + area.margin, x1 - area.margin, y1 - area.margin
    step = 2 if mode in ("last", "superpixel") else 1
    x0, y0 = x0 - x0 % 2, y0 - y0 % 2  # even offsets keep the phase of the CFA pattern
    plan = canvas_of(frames, mode, (x0, y0), ((y1 - y0) // step * step, (x1 - x0) // step * step), feather, interpolation,
                     reason)
    return replace(plan, sky=sky)


def _bounds(frame: Frame, extent: str, sky: SkyGrid | None) -> tuple[float, float, float, float]:
    """Box (x0, y0, x1, y1) around the frame on the plane of the reference or on ``sky`` (union), or a box inside it
    (intersection)."""
    border = outline(frame, sky)
    x, y = border.T
    if extent == "union":
        return x.min(), y.min(), x.max(), y.max()
    side = len(border) // 4
    corners = border[::side]
    xs, ys = np.sort(corners[:, 0]), np.sort(corners[:, 1])
    straight = corners[:, None] + (np.roll(corners, -1, axis=0) - corners)[:, None] * (np.arange(side) / side)[:, None]
    bent = float(np.hypot(*(border - straight.reshape(-1, 2)).T).max()) if side > 1 else 0.0
    return xs[1] + bent, ys[1] + bent, xs[2] - bent, ys[2] - bent


def _bounded(box: Box, home: Box, max_growth: float) -> Box:
    """Shrink a union towards the reference frame, ``home``, until its area is at most ``max_growth`` times that of it."""
    (left, top, right, bottom), (x0, y0, x1, y1) = home, (n - home[k % 2] for k, n in enumerate(box))
    width, height = right - left, bottom - top
    while (x1 - x0) * (y1 - y0) > max_growth * width * height:
        x0, y0 = x0 * 9 // 10 if x0 < -1 else 0, y0 * 9 // 10 if y0 < -1 else 0
        x1, y1 = width + (x1 - width) * 9 // 10, height + (y1 - height) * 9 // 10
    return x0 + left, y0 + top, x1 + left, y1 + top
