"""How the field turned over a session, whether it is a mosaic, and which part of the sky enough frames show: all from the
transforms alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame, FrameSet
from orchestrator.engines.native.chained_registration import MOSAIC_SPREAD, pointing_spread
from tilecore.numerics.statistics import mad_sigma
from tilecore.register import align

__all__ = ["LARGE_ROTATION", "FieldRotation", "Mosaic", "covered_box", "field_rotation", "largest_rectangle", "mosaic_of",
           "panels_of", "seen_box", "union_box"]

Mount = Literal["auto", "alt_az", "equatorial"]

# Rates in degrees an hour: an equatorial mount a degree off the pole turns the field by 0.3 (1.5 at declination 80).
SLOWEST_ALT_AZ = 1.5
# Without times, or over few minutes, so many degrees tell an alt-az mount.
LEAST_SPAN = 5.0
# A mount turns the field smoothly; what is left of a parabola in time is at most so large a part of the span.
SMOOTH = 0.1
# Fewer frames show no trend; a span below the noise of the angles shows no rotation.
LEAST_FRAMES = 4
# Hours without a frame that part two nights.
NIGHT_GAP = 6.0
# From here (degrees) the corners of frames leave the reference, and the rows of a mosaic no longer lie along one another.
LARGE_ROTATION = 10.0
# Nodes along the longer side of the area in which coverage is counted.
NODES = 160
# So many frames at most places of a mosaic tell it from frames that went astray; its canvas ends where fewer see the sky.
MOSAIC_DEPTH = 3
# Frames of a panel have their centres within so large a part of a frame, along either side, of that of one of them.
PANEL_REACH = 0.25

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class FieldRotation:
    """``span`` in degrees between the two frames that are turned most, a meridian flip not counted; ``rate`` in degrees an
    hour, None without times; ``why`` tells in words how the mode was found."""

    mode: Literal["alt_az", "equatorial"]
    span: float
    rate: float | None
    why: str

    @property
    def is_large(self) -> bool:
        return self.mode == "alt_az" and self.span > LARGE_ROTATION

    @property
    def text(self) -> str:
        rate = "" if self.rate is None else f", {self.rate:.1f} deg/h"
        article = "an alt-az" if self.mode == "alt_az" else "an equatorial"
        return f"the field turns by {self.span:.2f} deg{rate}, as on {article} mount: {self.why}"


def field_rotation(frames: FrameSet, mount: Mount = "auto") -> FieldRotation:
    """The rotation of the usable frames against one another, and which kind of mount makes such a one."""
    usable = [f for f in frames.usable if f.matrix is not None]
    if frames.registered_pixels or len(usable) < 2:
        return FieldRotation("equatorial" if mount == "auto" else mount, 0.0, None, "the transforms are not known")
    angles = np.array([np.degrees(np.arctan2(f.matrix[1, 0], f.matrix[0, 0])) for f in usable if f.matrix is not None])
    # A meridian flip turns the field by half a circle at once.
    angles = np.degrees(np.unwrap(np.radians(2 * angles))) / 2
    span = float(np.ptp(angles))
    times = [f.info.time for f in usable]
    first = min((t for t in times if t is not None), default=None)
    hours = np.array([(t - first).total_seconds() / 3600 for t in times if t is not None and first is not None])
    known = len(hours) == len(usable) >= LEAST_FRAMES and np.ptp(hours) > 0
    if known:
        night = _longest_night(hours)
        hours, angles = hours[night], angles[night]
        known = len(hours) >= LEAST_FRAMES and np.ptp(hours) > 0
    turned = float(np.ptp(angles))
    rate = turned / float(np.ptp(hours)) if known else None
    if mount != "auto":
        return FieldRotation(mount, span, rate, "registration.mount says so")
    if rate is None:
        mode: Literal["alt_az", "equatorial"] = "alt_az" if span > LEAST_SPAN else "equatorial"
        return FieldRotation(mode, span, None, "told by the span alone, for want of times")
    position = hours / np.ptp(hours)
    left = angles - np.polyval(np.polyfit(position, angles, 2), position)
    smooth = mad_sigma(left) <= SMOOTH * turned and np.abs(left).max() < 0.5 * turned
    if rate < SLOWEST_ALT_AZ:
        return FieldRotation("equatorial", span, rate, "hardly at all")
    if not smooth:
        return FieldRotation("equatorial", span, rate, "not steadily, so by noise or by hand")
    return FieldRotation("alt_az", span, rate, "steadily")


def _longest_night(hours: NDArray[np.float64]) -> NDArray[np.intp]:
    """Positions of the frames of the night with most of them, in order of time: over a day the mount's rate cannot be told."""
    order = np.argsort(hours, kind="stable")
    return max(np.split(order, np.flatnonzero(np.diff(hours[order]) > NIGHT_GAP) + 1), key=len)


@dataclass(frozen=True)
class Mosaic:
    """``fields`` (x, y): how many frames beside one another its area is; ``depth``: how many frames see most of its places."""

    fields: tuple[float, float]
    depth: float

    @property
    def text(self) -> str:
        return f"mosaic of about {self.fields[0]:.2g} x {self.fields[1]:.2g} fields, {self.depth:.0f} frames deep"


def mosaic_of(frames: FrameSet) -> Mosaic | None:
    """What mosaic the frames make; None where they point alike but for dithers and drifts, or only a few point elsewhere."""
    usable = [f for f in frames.usable if f.matrix is not None]
    if frames.registered_pixels or not usable:
        return None
    spread = pointing_spread([f.matrix for f in usable if f.matrix is not None], [f.shape for f in usable], frames.shape)
    if max(spread) <= MOSAIC_SPREAD:
        return None
    _, _, count = _seen(frames.usable, union_box(frames.usable))
    depth = float(np.median(count[count > 0])) if count.any() else 0.0
    if depth < MOSAIC_DEPTH:
        return None
    x0, y0, x1, y1 = seen_box(frames.usable) or (0, 0, frames.shape[1], frames.shape[0])
    return Mosaic(((x1 - x0) / frames.shape[1], (y1 - y0) / frames.shape[0]), depth)


def panels_of(frames: FrameSet) -> NDArray[np.int64]:
    """For each usable frame the number of its panel, in order of their first frames: frames that share most of their field.
    All are one panel where they are no mosaic."""
    usable = frames.usable
    if mosaic_of(frames) is None:
        return np.zeros(len(usable), np.int64)
    size = np.array(frames.shape[::-1], float)
    places = np.array([align.apply(f.matrix, (np.array([f.shape[::-1]]) - 1) / 2)[0] / size
                       for f in usable if f.matrix is not None])
    near = (np.abs(places[:, None] - places) < PANEL_REACH).all(axis=2)
    middle = np.full(len(usable), -1, np.int64)
    while (free := middle < 0).any():
        # The place about which most of the frames lie that have no panel yet.
        leader = int(np.argmax(np.where(free, (near & free).sum(axis=1), 0)))
        middle[free & near[leader]] = leader
    # Each to the nearest: dithers may reach from one panel to the next.
    leaders = np.unique(middle)
    nearest = np.abs(places[:, None] - places[leaders]).max(axis=2).argmin(axis=1)
    _, first, number = np.unique(nearest, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[number], np.int64)


def union_box(frames: tuple[Frame, ...]) -> Box:
    """The box (pixels of the reference frame, x1 and y1 outside) around all frames."""
    corners = []
    for frame in frames:
        assert frame.matrix is not None
        h, w = frame.shape
        x, y, z = frame.matrix @ np.array([[0, w, w, 0], [0, 0, h, h], [1, 1, 1, 1]], np.float64)
        corners.append(np.stack([x / z, y / z]))
    places = np.concatenate(corners, axis=1)
    (x0, y0), (x1, y1) = np.floor(places.min(axis=1)), np.ceil(places.max(axis=1))
    return int(x0), int(y0), int(x1), int(y1)


def seen_box(frames: tuple[Frame, ...], least: int = MOSAIC_DEPTH) -> Box | None:
    """The box around all places that at least so many of the frames see; None where there are none."""
    x, y, count = _seen(frames, union_box(frames))
    rows, columns = np.flatnonzero((count >= least).any(axis=1)), np.flatnonzero((count >= least).any(axis=0))
    if not len(rows):
        return None
    return (int(np.ceil(x[columns[0]])), int(np.ceil(y[rows[0]])), int(np.floor(x[columns[-1]])) + 1,
            int(np.floor(y[rows[-1]])) + 1)


def _seen(frames: tuple[Frame, ...], box: Box) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32]]:
    """Nodes x, y in a box, and (y, x) how many frames see each."""
    x0, y0, x1, y1 = box
    step = max((max(x1 - x0, y1 - y0) - 1) / (NODES - 1), 1.0)
    x, y = np.arange(x0, x1 - 0.5, step), np.arange(y0, y1 - 0.5, step)
    xx, yy = np.meshgrid(x, y)
    count = np.zeros(xx.shape, np.int32)
    for frame in frames:
        assert frame.matrix is not None
        height, width = frame.shape
        m = np.linalg.inv(frame.matrix)
        w = m[2, 0] * xx + m[2, 1] * yy + m[2, 2]
        u, v = (m[0, 0] * xx + m[0, 1] * yy + m[0, 2]) / w, (m[1, 0] * xx + m[1, 1] * yy + m[1, 2]) / w
        count += (u >= 0) & (v >= 0) & (u <= width - 1) & (v <= height - 1)
    return x, y, count


def covered_box(frames: tuple[Frame, ...], box: Box, share: float) -> Box | None:
    """The largest rectangle (x0, y0, x1, y1) inside ``box`` (pixels of the reference frame, x1 and y1 outside) in which each
    pixel is seen by at least ``share`` of the frames that the best pixel has; None where there is none of 32 px.
    """
    x, y, count = _seen(frames, box)
    found = largest_rectangle(count >= share * count.max())
    if found is None:
        return None
    r0, r1, c0, c1 = found
    # The last pixel lies one step, less what is not surely covered, before the next node.
    left, top, right, bottom = (int(np.ceil(x[c0])), int(np.ceil(y[r0])), int(np.floor(x[c1 - 1])) + 1,
                                int(np.floor(y[r1 - 1])) + 1)
    return (left, top, right, bottom) if right - left >= 32 and bottom - top >= 32 else None


def largest_rectangle(mask: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    """(first row, row after the last, first column, column after the last) of the largest rectangle of True; None: there is
    none.

    For each row the columns' heights of True above it, and the widest run at each height, by a stack: one pass a row.
    """
    heights = np.zeros(mask.shape[1] + 1, int)
    best, area = None, 0
    for row, line in enumerate(mask):
        heights[:-1] = np.where(line, heights[:-1] + 1, 0)
        stack: list[tuple[int, int]] = []  # (first column, height), heights rising
        for column, height in enumerate(heights.tolist()):
            start = column
            while stack and stack[-1][1] >= height:
                start, tall = stack.pop()
                if tall * (column - start) > area:
                    area, best = tall * (column - start), (row - tall + 1, row + 1, start, column)
            stack.append((start, height))
    return best
