"""The geometry of a session from its transforms: field rotation, mosaics and their panels, and the area that enough frames
cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.engines.base import Frame, FrameSet
from orchestrator.engines.native.overlap import MOSAIC_SPREAD, pointing_spread
from orchestrator.report.wording import mosaic_text, mount_text
from orchestrator.rundir.statistics import MountReason
from orchestrator.stacking.sittings import axis_angles, hours_of, sittings, time_order, turned_apart
from orchestrator.stacking.sky_grid import SkyGrid
from tilecore.numerics.statistics import mad_sigma

__all__ = ["LARGE_ROTATION", "Box", "FieldRotation", "Mosaic", "covered_box", "field_rotation", "largest_rectangle",
           "mosaic_of", "outline", "panels_of", "reference_share", "seen_box", "thin_panels", "union_box"]

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
# Span (degrees) above which the corners of frames leave the reference, and the rows of a CFA mosaic are no longer parallel.
LARGE_ROTATION = 10.0
# Nodes along the longer side of the area in which coverage is counted.
NODES = 160
# Median number of frames per position from which frames form a mosaic rather than being misaligned.
MOSAIC_DEPTH = 2
# The rim of a panel ends where this share of its frames cover it (2.6 times its noise), or fewer than two: nothing can be
# rejected there.
RIM, RIM_FRAMES = 0.15, 2
# Panels below this share of the mosaic's depth are named.
THIN = 0.5
# Distance between the centres of frames of one panel, as a fraction of the frame size along either axis.
PANEL_REACH = 0.25
# Relative error of the information of a frame (:mod:`orchestrator.stacking.frame_information`).
INFORMATION_ERROR = 0.05
# Smallest side (px) of a cropped area.
MIN_SIDE = 32
# Where :func:`mosaic_of` keeps its result.
MOSAIC_KEY = "_mosaic"
# Points along each side of a frame that a lens bends.
BORDER_POINTS = 16

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class FieldRotation:
    """``span``: largest rotation between two frames of a sitting (:mod:`orchestrator.stacking.sittings`) in degrees, not counting
    a meridian flip; ``rate`` in degrees per hour in the sitting with most frames, None without times; ``why``: how ``mode`` was
    determined; ``apart``: largest angle between frames of several sittings (0 to 90 degrees), as of two telescopes."""

    mode: Literal["alt_az", "equatorial"]
    span: float
    rate: float | None
    why: MountReason
    apart: float = 0.0

    @property
    def is_large(self) -> bool:
        """Whether frames are turned against each other by more than LARGE_ROTATION: by an alt-az mount, or in other sittings."""
        return self.turns_steadily or self.apart > LARGE_ROTATION

    @property
    def turns_steadily(self) -> bool:
        """Whether an alt-az mount turns the frames against each other by more than LARGE_ROTATION."""
        return self.mode == "alt_az" and self.span > LARGE_ROTATION

    @property
    def largest(self) -> float:
        """The largest rotation in degrees, in a sitting or between two."""
        return max(self.span, self.apart)

    @property
    def text(self) -> str:
        return mount_text(self.mode, self.span, self.rate, self.why, self.apart)


def field_rotation(frames: FrameSet, mount: Mount = "auto", nights: Sequence[int] | None = None) -> FieldRotation:
    """The rotation of the usable frames in each sitting, and the kind of mount that causes it; ``nights`` as for
    :func:`orchestrator.stacking.sittings.sittings`."""
    usable = frames.usable
    if frames.registered_pixels or len(usable) < 2:
        return FieldRotation("equatorial" if mount == "auto" else mount, 0.0, None, "no_transforms")
    sitting = sittings(usable, nights)
    parts = [_turning([usable[i] for i in np.flatnonzero(sitting == k)]) for k in np.unique(sitting)]
    span = max(float(np.ptp(angles)) for _, angles in parts)
    apart = turned_apart(axis_angles(usable)) if len(parts) > 1 else 0.0
    hours, angles = max(parts, key=lambda part: len(part[1]))
    known = len(hours) == len(angles) >= MIN_FRAMES and np.ptp(hours) > 0
    turned = float(np.ptp(angles))
    rate = turned / float(np.ptp(hours)) if known else None
    if mount != "auto":
        return FieldRotation(mount, span, rate, "setting", apart)
    if rate is None:
        mode: Literal["alt_az", "equatorial"] = "alt_az" if span > MIN_ALT_AZ_SPAN else "equatorial"
        return FieldRotation(mode, span, None, "span", apart)
    position = hours / np.ptp(hours)
    left = angles - np.polyval(np.polyfit(position, angles, 2), position)
    smooth = mad_sigma(left) <= MAX_ROUGHNESS * turned
    smooth = smooth and np.abs(left).max() < MAX_OUTLIER * turned
    if rate < MIN_ALT_AZ_RATE:
        return FieldRotation("equatorial", span, rate, "slow", apart)
    if not smooth:
        return FieldRotation("equatorial", span, rate, "unsteady", apart)
    return FieldRotation("alt_az", span, rate, "steady", apart)


def _turning(frames: list[Frame]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Hours, as far as they are known, and angles (degrees) of the frames of a sitting in order of time. A meridian flip rotates
    the field by 180 degrees at once, which is not counted."""
    order, _ = time_order(frames)
    hours = hours_of(frames)[order]
    angles = axis_angles(frames)[order]
    return hours[np.isfinite(hours)], np.degrees(np.unwrap(np.radians(2 * angles))) / 2


@dataclass(frozen=True)
class Mosaic:
    """``fields`` (x, y): size of its area in frames; ``depth``: median number of frames per position."""

    fields: tuple[float, float]
    depth: float

    @property
    def text(self) -> str:
        return mosaic_text(*self.fields, self.depth)


def mosaic_of(frames: FrameSet) -> Mosaic | None:
    """The mosaic formed by the frames; None if their pointings differ only by dithers and drifts, or only a few frames stray.
    The workflow may decide it."""
    # Kept with the frames, as a cached_property is: most steps ask, and with a lens the answer takes a second.
    known: dict[str, Mosaic | None] = frames.__dict__
    if MOSAIC_KEY not in known:
        known[MOSAIC_KEY] = _mosaic_of(frames)
    return known[MOSAIC_KEY]


def _mosaic_of(frames: FrameSet) -> Mosaic | None:
    usable = frames.usable
    if frames.registered_pixels or not usable or frames.workflow == "single":
        return None
    forced = frames.workflow in ("mosaic", "master_tiles")
    spread = pointing_spread([f.transform for f in usable], [f.shape for f in usable], frames.shape)
    if max(spread) <= MOSAIC_SPREAD and not forced:
        return None
    _, _, count = _seen(usable, union_box(usable))
    depth = float(np.median(count[count > 0])) if count.any() else 0.0
    if depth < MOSAIC_DEPTH and not forced:
        return None
    seen = union_box(usable) if frames.workflow == "master_tiles" else seen_box(usable)
    x0, y0, x1, y1 = seen or (0, 0, frames.shape[1], frames.shape[0])
    return Mosaic(((x1 - x0) / frames.shape[1], (y1 - y0) / frames.shape[0]), depth)


def panels_of(frames: FrameSet) -> NDArray[np.int64]:
    """(N,) the panel number of each usable frame, in order of the first frame of each panel: that of a stack plan, or frames that
    share most of their field. Without a mosaic all frames are one panel."""
    return np.zeros(len(frames.usable), np.int64) if mosaic_of(frames) is None else _panels(frames.usable)


def _panels(usable: tuple[Frame, ...]) -> NDArray[np.int64]:
    if all(f.info.panel for f in usable):
        named: dict[str, int] = {}
        return np.array([named.setdefault(f.info.panel, len(named)) for f in usable], np.int64)
    size = np.median([[side * f.scale for side in f.shape[::-1]] for f in usable], axis=0)
    places = np.array([_middle(f) for f in usable]) / size
    middle, around = np.full(len(usable), -1, np.int64), _near(places, places)
    while (free := middle < 0).any():
        # The position with the most unassigned frames around it.
        leader = int(np.argmax(np.where(free, around, 0)))
        taken = free & (np.abs(places - places[leader]) < PANEL_REACH).all(axis=1)
        middle[taken] = leader
        around -= _near(places, places[taken])
    # Assign each frame to the nearest: dithers may reach from one panel to the next.
    leaders = np.unique(middle)
    nearest = np.abs(places[:, None] - places[leaders]).max(axis=2).argmin(axis=1)
    _, first, number = np.unique(nearest, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[number], np.int64)


def _near(places: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.int64]:
    """(N,) number of the ``others`` (n, 2) within PANEL_REACH of each of the ``places`` (N, 2) along both axes."""
    count = cKDTree(others).query_ball_point(places, np.nextafter(PANEL_REACH, 0), p=np.inf, return_length=True)
    return np.asarray(count, np.int64)


def _middle(frame: Frame) -> NDArray[np.float64]:
    """(x, y) of the middle of a frame on the plane of the reference."""
    return np.asarray(frame.on_plane((np.array([frame.shape[::-1]]) - 1) / 2)[0])


def thin_panels(frames: FrameSet, mosaic: Mosaic) -> list[tuple[int, tuple[Frame, ...]]]:
    """The panels at whose middle the mosaic is less than half as deep as typically: the number of frames there, and the frames
    of the panel."""
    found = []
    panel = _panels(frames.usable)
    for number in np.unique(panel):
        members = tuple(f for f, k in zip(frames.usable, panel, strict=True) if k == number)
        x, y = (int(v) for v in np.mean([_middle(f) for f in members], axis=0))
        depth = int(_seen(frames.usable, (x, y, x + 1, y + 1))[2][0, 0])
        if depth < THIN * mosaic.depth:
            found.append((depth, members))
    return found


def union_box(frames: tuple[Frame, ...], sky: SkyGrid | None = None) -> Box:
    """The box (pixels of the reference frame, or of ``sky``, x1 and y1 exclusive) around all frames."""
    places = np.concatenate([outline(frame, sky) for frame in frames])
    (x0, y0), (x1, y1) = np.floor(places.min(axis=0)), np.ceil(places.max(axis=0))
    return int(x0), int(y0), int(x1), int(y1)


def outline(frame: Frame, sky: SkyGrid | None = None, first: float = 0.0) -> NDArray[np.float64]:
    """(4 n, 2) border of a frame on the plane of the reference, or on ``sky``, from its first pixel along the first row on: its
    corners, and points between them if a lens or projection bends it. The corners are those of a frame one pixel larger,
    from ``first`` on: from -0.5 on they are the corners of its pixels."""
    h, w = frame.shape
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float64) + first
    share = np.arange(1 if frame.lens is None and sky is None else BORDER_POINTS)[:, None] / BORDER_POINTS
    points = corners[:, None] + share * (np.roll(corners, -1, axis=0) - corners)[:, None]
    places = frame.on_plane(points.reshape(-1, 2))
    return places if sky is None else np.stack(sky.from_plane(*places.T), axis=1)


def seen_box(frames: tuple[Frame, ...], sky: SkyGrid | None = None) -> Box | None:
    """The box around a mosaic without the rims that few frames cover, of those of a panel or of all; None if it is empty."""
    box, panel = union_box(frames, sky), _panels(frames)
    x, y, count = _seen(frames, box, sky=sky)
    # Frames that drift steadily form small panels only: there the depth of all counts.
    inside = count >= max(RIM * np.median(count[count > 0]) if count.any() else 0, RIM_FRAMES)
    for number in np.unique(panel):
        members = tuple(f for f, k in zip(frames, panel, strict=True) if k == number)
        inside |= _seen(members, box, sky=sky)[2] >= max(RIM * len(members), RIM_FRAMES)
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return None
    return (int(np.ceil(x[columns[0]])), int(np.ceil(y[rows[0]])), int(np.floor(x[columns[-1]])) + 1,
            int(np.floor(y[rows[-1]])) + 1)


def _seen(frames: tuple[Frame, ...], box: Box, weight: Sequence[float] = (), sky: SkyGrid | None = None,
          ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Nodes x, y in a box, and the number of frames (y, x) that cover each, or the sum of their weights."""
    x0, y0, x1, y1 = box
    step = max((max(x1 - x0, y1 - y0) - 1) / (NODES - 1), 1.0)
    x, y = np.arange(x0, x1 - 0.5, step), np.arange(y0, y1 - 0.5, step)
    xx, yy = np.meshgrid(x, y)
    if sky is not None:
        xx, yy = sky.to_plane(xx, yy)
    count = np.zeros(xx.shape)
    for frame, value in zip(frames, weight or (1.0,) * len(frames), strict=True):
        height, width = frame.shape
        m = np.linalg.inv(frame.transform)
        w = m[2, 0] * xx + m[2, 1] * yy + m[2, 2]
        u, v = (m[0, 0] * xx + m[0, 1] * yy + m[0, 2]) / w, (m[1, 0] * xx + m[1, 1] * yy + m[1, 2]) / w
        if frame.lens is not None:
            u, v = frame.distorted(np.stack([u.ravel(), v.ravel()], 1)).T.reshape(2, *xx.shape)
        count += value * ((u >= 0) & (v >= 0) & (u <= width - 1) & (v <= height - 1))
    return x, y, count


def covered_box(frames: tuple[Frame, ...], box: Box, share: float, information: Sequence[float] = (),
                sky: SkyGrid | None = None) -> Box | None:
    """The largest rectangle (x0, y0, x1, y1) inside ``box`` (as of :func:`union_box`) in which each
    pixel has at least ``share`` of the most information, or of the largest number of frames, on a pixel; None if its sides are
    below MIN_SIDE.
    """
    x, y, count = _seen(frames, box, information, sky)
    slack = INFORMATION_ERROR if len(information) else 1e-9
    found = largest_rectangle(count >= share * (1 - slack) * count.max())
    if found is None:
        return None
    r0, r1, c0, c1 = found
    # The last pixel is the one of the last covered node: what follows is not certainly covered.
    left, top, right, bottom = (int(np.ceil(x[c0])), int(np.ceil(y[r0])), int(np.floor(x[c1 - 1])) + 1,
                                int(np.floor(y[r1 - 1])) + 1)
    return (left, top, right, bottom) if right - left >= MIN_SIDE and bottom - top >= MIN_SIDE else None


def reference_share(frames: FrameSet, share: float, information: Sequence[float]) -> float:
    """The part of the reference's field that has at least ``share`` of the most information on a pixel of it."""
    _, _, total = _seen(frames.usable, (0, 0, frames.shape[1], frames.shape[0]), information)
    return float((total >= share * (1 - INFORMATION_ERROR) * total.max()).mean())


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
