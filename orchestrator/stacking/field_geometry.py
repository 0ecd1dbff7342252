"""The geometry of a session from its transforms: field rotation, mosaics and their panels, and the area that enough frames
cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame, FrameSet
from orchestrator.engines.native.chained_registration import MOSAIC_SPREAD, pointing_spread
from orchestrator.report.wording import mosaic_text, mount_text
from orchestrator.rundir.statistics import MountReason
from tilecore.numerics.statistics import mad_sigma
from tilecore.register import align

__all__ = ["LARGE_ROTATION", "FieldRotation", "Mosaic", "covered_box", "field_rotation", "largest_rectangle", "mosaic_of",
           "panels_of", "seen_box", "union_box"]

Mount = Literal["auto", "alt_az", "equatorial"]

# Smallest rotation rate (degrees per hour) of an alt-az mount. An equatorial mount one degree off the pole rotates the field by
# 0.3 degrees per hour (1.5 at declination 80).
MIN_ALT_AZ_RATE = 1.5
# Span (degrees) above which the mount is alt-az if the rate is unknown.
MIN_ALT_AZ_SPAN = 5.0
# A mount rotates the field smoothly: largest spread of the residuals of a parabola in time, as a fraction of the span.
MAX_ROUGHNESS = 0.1
# Largest single residual of that parabola, as a fraction of the span.
MAX_OUTLIER = 0.5
# Fewest frames that can show a trend.
MIN_FRAMES = 4
# Hours without a frame that separate two nights.
NIGHT_GAP = 6.0
# Span (degrees) above which the corners of frames leave the reference, and the rows of a CFA mosaic are no longer parallel.
LARGE_ROTATION = 10.0
# Nodes along the longer side of the area in which coverage is counted.
NODES = 160
# Median number of frames per position from which frames form a mosaic rather than being misaligned; its canvas ends where
# fewer frames cover the sky.
MOSAIC_DEPTH = 3
# Distance between the centres of frames of one panel, as a fraction of the frame size along either axis.
PANEL_REACH = 0.25
# Smallest side (px) of a cropped area.
MIN_SIDE = 32

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class FieldRotation:
    """``span``: largest rotation between two frames in degrees, not counting a meridian flip; ``rate`` in degrees per hour, None
    without times; ``why``: how ``mode`` was determined."""

    mode: Literal["alt_az", "equatorial"]
    span: float
    rate: float | None
    why: MountReason

    @property
    def is_large(self) -> bool:
        """Whether the rotation is that of an alt-az mount and larger than LARGE_ROTATION."""
        return self.mode == "alt_az" and self.span > LARGE_ROTATION

    @property
    def text(self) -> str:
        return mount_text(self.mode, self.span, self.rate, self.why)


def field_rotation(frames: FrameSet, mount: Mount = "auto") -> FieldRotation:
    """The rotation of the usable frames relative to each other, and the kind of mount that causes it."""
    usable = frames.usable
    if frames.registered_pixels or len(usable) < 2:
        return FieldRotation("equatorial" if mount == "auto" else mount, 0.0, None, "no_transforms")
    angles = np.array([np.degrees(np.arctan2(f.transform[1, 0], f.transform[0, 0])) for f in usable])
    # A meridian flip rotates the field by 180 degrees at once.
    angles = np.degrees(np.unwrap(np.radians(2 * angles))) / 2
    span = float(np.ptp(angles))
    times = [f.info.time for f in usable]
    first = min((t for t in times if t is not None), default=None)
    hours = np.array([(t - first).total_seconds() / 3600 for t in times if t is not None and first is not None])
    known = len(hours) == len(usable) >= MIN_FRAMES and np.ptp(hours) > 0
    if known:
        night = _longest_night(hours)
        hours, angles = hours[night], angles[night]
        known = len(hours) >= MIN_FRAMES and np.ptp(hours) > 0
    turned = float(np.ptp(angles))
    rate = turned / float(np.ptp(hours)) if known else None
    if mount != "auto":
        return FieldRotation(mount, span, rate, "setting")
    if rate is None:
        mode: Literal["alt_az", "equatorial"] = "alt_az" if span > MIN_ALT_AZ_SPAN else "equatorial"
        return FieldRotation(mode, span, None, "span")
    position = hours / np.ptp(hours)
    left = angles - np.polyval(np.polyfit(position, angles, 2), position)
    smooth = mad_sigma(left) <= MAX_ROUGHNESS * turned
    smooth = smooth and np.abs(left).max() < MAX_OUTLIER * turned
    if rate < MIN_ALT_AZ_RATE:
        return FieldRotation("equatorial", span, rate, "slow")
    if not smooth:
        return FieldRotation("equatorial", span, rate, "unsteady")
    return FieldRotation("alt_az", span, rate, "steady")


def _longest_night(hours: NDArray[np.float64]) -> NDArray[np.intp]:
    """Positions of the frames of the night with the most frames, in order of time: across a day the rate is not meaningful."""
    order = np.argsort(hours, kind="stable")
    return max(np.split(order, np.flatnonzero(np.diff(hours[order]) > NIGHT_GAP) + 1), key=len)


@dataclass(frozen=True)
class Mosaic:
    """``fields`` (x, y): size of its area in frames; ``depth``: median number of frames per position."""

    fields: tuple[float, float]
    depth: float

    @property
    def text(self) -> str:
        return mosaic_text(*self.fields, self.depth)


def mosaic_of(frames: FrameSet) -> Mosaic | None:
    """The mosaic formed by the frames; None if their pointings differ only by dithers and drifts, or only a few frames stray."""
    usable = frames.usable
    if frames.registered_pixels or not usable:
        return None
    spread = pointing_spread([f.transform for f in usable], [f.shape for f in usable], frames.shape)
    if max(spread) <= MOSAIC_SPREAD:
        return None
    _, _, count = _seen(usable, union_box(usable))
    depth = float(np.median(count[count > 0])) if count.any() else 0.0
    if depth < MOSAIC_DEPTH:
        return None
    x0, y0, x1, y1 = seen_box(frames.usable) or (0, 0, frames.shape[1], frames.shape[0])
    return Mosaic(((x1 - x0) / frames.shape[1], (y1 - y0) / frames.shape[0]), depth)


def panels_of(frames: FrameSet) -> NDArray[np.int64]:
    """(N,) the panel number of each usable frame, in order of the first frame of each panel. Frames of a panel share most of
    their field; without a mosaic all frames are one panel."""
    usable = frames.usable
    if mosaic_of(frames) is None:
        return np.zeros(len(usable), np.int64)
    size = np.array(frames.shape[::-1], float)
    places = np.array([align.apply(f.transform, (np.array([f.shape[::-1]]) - 1) / 2)[0] / size for f in usable])
    near = (np.abs(places[:, None] - places) < PANEL_REACH).all(axis=2)
    middle = np.full(len(usable), -1, np.int64)
    while (free := middle < 0).any():
        # The position with the most unassigned frames around it.
        leader = int(np.argmax(np.where(free, (near & free).sum(axis=1), 0)))
        middle[free & near[leader]] = leader
    # Assign each frame to the nearest: dithers may reach from one panel to the next.
    leaders = np.unique(middle)
    nearest = np.abs(places[:, None] - places[leaders]).max(axis=2).argmin(axis=1)
    _, first, number = np.unique(nearest, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[number], np.int64)


def union_box(frames: tuple[Frame, ...]) -> Box:
    """The box (pixels of the reference frame, x1 and y1 exclusive) around all frames."""
    corners = []
    for frame in frames:
        h, w = frame.shape
        x, y, z = frame.transform @ np.array([[0, w, w, 0], [0, 0, h, h], [1, 1, 1, 1]], np.float64)
        corners.append(np.stack([x / z, y / z]))
    places = np.concatenate(corners, axis=1)
    (x0, y0), (x1, y1) = np.floor(places.min(axis=1)), np.ceil(places.max(axis=1))
    return int(x0), int(y0), int(x1), int(y1)


def seen_box(frames: tuple[Frame, ...], least: int = MOSAIC_DEPTH) -> Box | None:
    """The box around all positions that at least ``least`` frames cover; None if there are none."""
    x, y, count = _seen(frames, union_box(frames))
    rows, columns = np.flatnonzero((count >= least).any(axis=1)), np.flatnonzero((count >= least).any(axis=0))
    if not len(rows):
        return None
    return (int(np.ceil(x[columns[0]])), int(np.ceil(y[rows[0]])), int(np.floor(x[columns[-1]])) + 1,
            int(np.floor(y[rows[-1]])) + 1)


def _seen(frames: tuple[Frame, ...], box: Box) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32]]:
    """Nodes x, y in a box, and the number of frames (y, x) that cover each."""
    x0, y0, x1, y1 = box
    step = max((max(x1 - x0, y1 - y0) - 1) / (NODES - 1), 1.0)
    x, y = np.arange(x0, x1 - 0.5, step), np.arange(y0, y1 - 0.5, step)
    xx, yy = np.meshgrid(x, y)
    count = np.zeros(xx.shape, np.int32)
    for frame in frames:
        height, width = frame.shape
        m = np.linalg.inv(frame.transform)
        w = m[2, 0] * xx + m[2, 1] * yy + m[2, 2]
        u, v = (m[0, 0] * xx + m[0, 1] * yy + m[0, 2]) / w, (m[1, 0] * xx + m[1, 1] * yy + m[1, 2]) / w
        count += (u >= 0) & (v >= 0) & (u <= width - 1) & (v <= height - 1)
    return x, y, count


def covered_box(frames: tuple[Frame, ...], box: Box, share: float) -> Box | None:
    """The largest rectangle (x0, y0, x1, y1) inside ``box`` (pixels of the reference frame, x1 and y1 exclusive) in which each
    pixel is covered by at least ``share`` of the largest number of frames on a pixel; None if its sides are below MIN_SIDE.
    """
    x, y, count = _seen(frames, box)
    found = largest_rectangle(count >= share * count.max())
    if found is None:
        return None
    r0, r1, c0, c1 = found
    # The last pixel is the one of the last covered node: what follows is not certainly covered.
    left, top, right, bottom = (int(np.ceil(x[c0])), int(np.ceil(y[r0])), int(np.floor(x[c1 - 1])) + 1,
                                int(np.floor(y[r1 - 1])) + 1)
    return (left, top, right, bottom) if right - left >= MIN_SIDE and bottom - top >= MIN_SIDE else None


def largest_rectangle(mask: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    """(first row, row after the last, first column, column after the last) of the largest rectangle of True; None if there is
    none.

    For each row, the heights of the runs of True above each column, and the widest rectangle at each height with a stack: one
    pass per row.
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
