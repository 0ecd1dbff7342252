"""The canvas: the common pixel grid of a stack, and the resampling of frames onto it.

The canvas is a window of the reference frame's pixel grid, larger or smaller than the frame. Its channels are sampled
on the *channel grid*: every canvas pixel for mono and colour frames, every second one for the four planes of a mosaic
(``debayer: last``) and for superpixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.bad_pixels import doubtful_places
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.runtime.serialization import storable
from orchestrator.stacking.field_geometry import covered_box, seen_box
from tilecore.calibrate import repaired_pixels as replaced
from tilecore.cfa import mosaic as cfa_module
from tilecore.resample import array_backend as arrays
from tilecore.resample import warp
from tilecore.resample.warp import FrameRows, Normalization, Sampling, Slot, Window

__all__ = ["Block", "CanvasArea", "CanvasPlan", "FrameNormalization", "canvas_of", "plan_blocks", "plan_canvas"]

Mode = Literal["mono", "last", "first", "superpixel", "rgb"]

# Reach (px) of the demosaicing kernels beyond a pixel.
DEMOSAIC_HALO = 2
# Reach (px of the channel grid) of the interpolation kernels, with some margin.
KERNEL_MARGIN = 6
# Distance (px of the frame) over which a replaced pixel affects its neighbours after interpolation.
REPLACED_REACH = 2.0
# Largest size (bytes) of a block of frames with their masks, whatever the budget: larger blocks are not faster.
BLOCK_BYTES = 256 * 2**20
# Smallest side (px) of an intersection or of a cropped canvas; below it the frames hardly overlap.
MIN_SIDE = 32


@dataclass(frozen=True)
class Block:
    """A rectangle of the channel grid: rows y0:y1, columns x0:x1."""

    y0: int
    y1: int
    x0: int
    x1: int

    def padded(self, halo: int, shape: tuple[int, int]) -> Block:
        """The block enlarged by ``halo`` pixels on each side, within a grid of ``shape``."""
        return Block(max(self.y0 - halo, 0), min(self.y1 + halo, shape[0]),
                     max(self.x0 - halo, 0), min(self.x1 + halo, shape[1]))

    @property
    def shape(self) -> tuple[int, int]:
        return self.y1 - self.y0, self.x1 - self.x0

    def inside(self, outer: Block) -> tuple[slice, slice]:
        """The slices of this block in ``outer``."""
        return (slice(self.y0 - outer.y0, self.y1 - outer.y0), slice(self.x0 - outer.x0, self.x1 - outer.x0))


class FrameNormalization(NamedTuple):
    """Normalisation of a frame: ``scale`` (C,) and ``surface`` (C, m, m), the polynomial of its sky.

    A normalised pixel is ``scale[c] * pixel - sum_ij surface[c, j, i] y^j x^i`` with x, y from 0 to 1 over the channel grid.
    """

    scale: NDArray[np.float32]
    surface: NDArray[np.float64]


@dataclass(frozen=True)
class CanvasArea:
    """The area of the sky that a canvas is to cover.

    ``extent`` is reference, union, intersection or mosaic (all places that several frames see), limited to ``max_growth`` times
    the area of a frame. A ``share`` above 0 crops it to the largest rectangle that this share of the frames covers. ``box``
    (x0, y0, x1, y1) in pixels of the reference frame overrides all of these.
    """

    extent: str
    max_growth: float
    share: float = 0.0
    box: tuple[int, int, int, int] | None = None


@storable()
@dataclass(frozen=True)
class CanvasPlan:
    """The canvas and its channels.

    ``shape`` is (rows, columns) of the full-resolution canvas, ``origin`` (x, y) of its first pixel in the coordinates
    of the reference frame. ``step`` is 1 or 2: canvas pixels per channel pixel. ``centers`` holds for each channel the
    (x, y) canvas position of its channel pixel (0, 0).
    """

    mode: Mode
    shape: tuple[int, int]
    origin: tuple[int, int]
    cfa: str | None
    channels: tuple[str, ...]
    step: int
    centers: tuple[tuple[float, float], ...]
    feather: float
    interpolation: str
    registered_pixels: bool
    reason: str = ""

    @property
    def pattern(self) -> str:
        """``cfa`` of a canvas of mosaic frames. ValueError for any other."""
        if self.cfa is None:
            raise ValueError(f"the frames are not CFA mosaics (debayer: {self.mode})")
        return self.cfa

    @property
    def channel_shape(self) -> tuple[int, int]:
        """(rows, columns) of the channel grid."""
        return self.shape[0] // self.step, self.shape[1] // self.step

    def to_canvas(self, frame: Frame) -> NDArray[np.float64]:
        """3x3: frame pixel -> canvas pixel (full resolution)."""
        shift = np.array([[1, 0, -self.origin[0]], [0, 1, -self.origin[1]], [0, 0, 1]], np.float64)
        return shift @ frame.transform

    def channel_to_canvas(self, channel: int) -> NDArray[np.float64]:
        """3x3: channel pixel -> canvas pixel."""
        x, y = self.centers[channel]
        return np.array([[self.step, 0, x], [0, self.step, y], [0, 0, 1]], np.float64)

    def to_channel(self, frame: Frame) -> NDArray[np.float64]:
        """3x3: frame pixel -> pixel of the first channel's grid."""
        return np.asarray(np.linalg.inv(self.channel_to_canvas(0)) @ self.to_canvas(frame), np.float64)

    def positions_in_frame(self, frame: Frame, x: NDArray[np.float64], y: NDArray[np.float64],
                           channel: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Frame coordinates of channel-grid positions (x, y)."""
        matrix = np.linalg.inv(self.to_canvas(frame)) @ self.channel_to_canvas(channel)
        u, v, w = (matrix[i, 0] * x + matrix[i, 1] * y + matrix[i, 2] for i in range(3))
        return u / w, v / w

    def read_block(self, frame: Frame, block: Block, normalization: FrameNormalization, cube: NDArray[np.float32],
                   valid: NDArray[np.float32], index: int, xp: ModuleType = np) -> None:
        """Write the normalised pixels of a frame on the channel grid to ``cube[:, index]`` of (C, N, h, w), and their validity
        0..1 to ``valid[index]`` of (N, h, w); pixels without data are 0. ``xp`` is the array module that does the work.
        """
        if self.registered_pixels:
            self._read_registered(frame, block, normalization, cube[:, index], valid[index])
            return
        scale, surface = normalization
        matrix: NDArray[np.float64] = np.asarray(np.linalg.inv(self.to_canvas(frame)), np.float64)
        full = (block.y0 * self.step, block.y1 * self.step, block.x0 * self.step, block.x1 * self.step)
        frame_shape = frame.pixels.shape[-2:]
        margin = KERNEL_MARGIN * self.step + DEMOSAIC_HALO
        rows = warp.source_rows(matrix, *full, frame_shape, margin)
        if rows is None:
            cube[:, index] = 0
            valid[index] = 0
            return
        start, stop = rows[0] - rows[0] % 2, min(rows[1] + rows[1] % 2, frame_shape[0])
        data = frame.pixels.read(start, stop)
        first, before = 0, valid[index]
        for planes, to_plane, offset, plane_shape in self._source_planes(data, start, frame_shape):
            last = first + len(planes)
            plane_matrix = to_plane @ matrix @ self.channel_to_canvas(first)
            plane_matrix /= plane_matrix[2, 2]
            part = cube[first:last]
            source, sampling = FrameRows(planes, plane_shape, offset), Sampling(self.interpolation, self.feather / self.step)
            channels_normalization = Normalization(scale[first:last], surface[first:last], self.channel_shape)
            if xp is not np:
                window = Window(block.y0, block.x0, *block.shape)
                pixels, good = arrays.warp_block(xp, source, plane_matrix, window, sampling, channels_normalization)
                part[:, index], valid[index] = arrays.to_numpy(pixels), arrays.to_numpy(good)
            else:
                warp.warp_planes(source, plane_matrix, (block.y0, block.x0), Slot(part, valid, index), sampling,
                                 channels_normalization)
            if first:
                np.minimum(valid[index], before, out=valid[index])
            before = valid[index].copy() if last < len(cube) else valid[index]
            first = last
        self._doubt_replaced(frame, data, start, block, valid[index])

    def _doubt_replaced(self, frame: Frame, data: NDArray[np.float32], start: int, block: Block,
                        valid: NDArray[np.float32]) -> None:
        """Reduce the validity of pixels that replace bad ones on stars to almost zero. ``data`` holds rows of the frame from
        ``start``."""
        rows, columns = doubtful_places(frame.pixels, data, start, mosaic=self.cfa is not None)
        planes = 2 * (rows % 2) + columns % 2 if self.mode == "last" else np.zeros(len(rows), np.int64)
        for channel in np.unique(planes):
            of = planes == channel
            places = np.stack([columns[of], rows[of], np.ones(of.sum())])
            x, y, w = np.linalg.inv(self.channel_to_canvas(int(channel))) @ self.to_canvas(frame) @ places
            replaced.reduce_validity(valid, x / w - block.x0, y / w - block.y0, REPLACED_REACH / self.step)

    def _source_planes(
        self, data: NDArray[np.float32], start: int, frame_shape: tuple[int, ...],
    ) -> list[tuple[NDArray[np.float32], NDArray[np.float64], int, tuple[int, int]]]:
        """Groups of channels with a common geometry: planes (channels of the group, rows, columns), 3x3 frame pixel -> plane
        pixel, first row of the planes, shape of a complete plane."""
        h, w = frame_shape[-2:]
        identity = np.eye(3)
        if self.mode in ("mono", "rgb"):
            return [(data if self.mode == "rgb" else data[None], identity, start, (h, w))]
        half = (h // 2, w // 2)
        if self.mode == "last":
            planes = cfa_module.split(data[: len(data) // 2 * 2, : w // 2 * 2])
            offsets = ((0, 0), (1, 0), (0, 1), (1, 1))  # (x, y) in memory order
            return [(planes[c: c + 1], _to_plane(*offsets[c]), start // 2, half) for c in range(4)]
        if self.mode == "superpixel":
            rgb = cfa_module.superpixel(data[: len(data) // 2 * 2, : w // 2 * 2], self.pattern)
            return [(rgb, _to_plane(0.5, 0.5), start // 2, half)]
        rgb = cfa_module.demosaic(data, self.pattern)
        top = 0 if start == 0 else DEMOSAIC_HALO
        bottom = len(data) if start + len(data) >= h else len(data) - DEMOSAIC_HALO
        return [(rgb[:, top:bottom], identity, start + top, (h, w))]

    def _read_registered(self, frame: Frame, block: Block, normalization: FrameNormalization, out: NDArray[np.float32],
                         valid: NDArray[np.float32]) -> None:
        """Read pixels that are already on the canvas. The registering program marks missing data by 0 in every channel."""
        scale, surface = normalization
        ox, oy = self.origin
        height, width = frame.pixels.shape[-2:]
        out[:] = 0
        y0, y1 = max(block.y0 + oy, 0), min(block.y1 + oy, height)
        x0, x1 = max(block.x0 + ox, 0), min(block.x1 + ox, width)
        if y1 > y0 and x1 > x0:
            data = frame.pixels.read(y0, y1)[..., x0:x1]
            out[:, y0 - oy - block.y0: y1 - oy - block.y0, x0 - ox - block.x0: x1 - ox - block.x0] = data
        valid[:] = np.any(out != 0, axis=0)
        x, y = np.arange(block.x0, block.x1) / self.channel_shape[1], np.arange(block.y0, block.y1) / self.channel_shape[0]
        for c in range(len(out)):
            sky = np.polynomial.polynomial.polygrid2d(y, x, surface[c])
            out[c] = np.where(valid > 0, out[c] * scale[c] - sky, 0)


def _to_plane(x: float, y: float) -> NDArray[np.float64]:
    """3x3: frame pixel -> pixel of the half-resolution plane whose pixel (0, 0) is at (x, y)."""
    return np.array([[0.5, 0, -x / 2], [0, 0.5, -y / 2], [0, 0, 1]], np.float64)


def plan_canvas(frames: FrameSet, mode: Mode, area: CanvasArea, feather: float, interpolation: str, reason: str) -> CanvasPlan:
    """The canvas of the usable frames that covers ``area``. ``reason`` records why ``mode`` was chosen."""
    extent, max_growth, share, box = area.extent, area.max_growth, area.share, area.box
    height, width = frames.shape
    x0, y0, x1, y1 = 0, 0, width, height
    if box is not None:
        x0, y0, x1, y1 = box
    elif extent == "mosaic":
        x0, y0, x1, y1 = _bounded(*(seen_box(frames.usable) or (0, 0, width, height)), width, height, max_growth)
    elif extent != "reference" and not frames.registered_pixels:
        boxes = np.array([_bounds(f.transform, f.shape, extent) for f in frames.usable])
        if extent == "union":
            x0, y0 = (int(np.floor(v)) for v in boxes[:, :2].min(axis=0))
            x1, y1 = (int(np.ceil(v)) for v in boxes[:, 2:].max(axis=0))
            if not share:
                x0, y0, x1, y1 = _bounded(x0, y0, x1, y1, width, height, max_growth)
        else:
            x0, y0 = (int(np.ceil(v)) for v in boxes[:, :2].max(axis=0))
            x1, y1 = (int(np.floor(v)) for v in boxes[:, 2:].min(axis=0))
            if x1 - x0 < MIN_SIDE or y1 - y0 < MIN_SIDE:  # the frames hardly overlap: use the reference frame
                x0, y0, x1, y1 = 0, 0, width, height
    if share and box is None and not frames.registered_pixels:
        x0, y0, x1, y1 = covered_box(frames.usable, (x0, y0, x1, y1), share) or (x0, y0, x1, y1)
        x0, y0, x1, y1 = _bounded(x0, y0, x1, y1, width, height, max_growth)
    step = 2 if mode in ("last", "superpixel") else 1
    x0, y0 = x0 - x0 % 2, y0 - y0 % 2  # even offsets keep the phase of the CFA pattern
    return canvas_of(frames, mode, (x0, y0), ((y1 - y0) // step * step, (x1 - x0) // step * step), feather, interpolation,
                     reason)


def canvas_of(frames: FrameSet, mode: Mode, origin: tuple[int, int], shape: tuple[int, int], feather: float,
              interpolation: str, reason: str = "") -> CanvasPlan:
    """The canvas with a given shape and ``origin`` (x, y of its first pixel in the reference frame, both even for mosaics)."""
    channels, centers = _channels(mode, frames.cfa)
    return CanvasPlan(mode, shape, origin, frames.cfa, channels, 2 if mode in ("last", "superpixel") else 1, centers, feather,
                      interpolation, frames.registered_pixels, reason)


def _channels(mode: Mode, cfa: str | None) -> tuple[tuple[str, ...], tuple[tuple[float, float], ...]]:
    if mode == "mono":
        return ("L",), ((0.0, 0.0),)
    if mode == "last":
        if cfa is None:
            raise ValueError("debayer: last needs frames with a CFA pattern")
        green = iter(("G1", "G2"))
        names = tuple(c if c != "G" else next(green) for c in cfa)
        return names, ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
    center = (0.5, 0.5) if mode == "superpixel" else (0.0, 0.0)
    return ("R", "G", "B"), (center,) * 3


def _bounds(matrix: NDArray[np.float64], shape: tuple[int, int], extent: str) -> tuple[float, float, float, float]:
    """Box (x0, y0, x1, y1) around the mapped frame (union), or a box inside it (intersection)."""
    h, w = shape
    corners = np.array([[0, 0, 1], [w, 0, 1], [w, h, 1], [0, h, 1]], np.float64) @ matrix.T
    x, y = corners[:, 0] / corners[:, 2], corners[:, 1] / corners[:, 2]
    if extent == "union":
        return x.min(), y.min(), x.max(), y.max()
    xs, ys = np.sort(x), np.sort(y)
    return xs[1], ys[1], xs[2], ys[2]


def _bounded(x0: int, y0: int, x1: int, y1: int, width: int, height: int,
             max_growth: float) -> tuple[int, int, int, int]:
    """Shrink a union towards the reference frame until its area is at most ``max_growth`` times that of a frame."""
    while (x1 - x0) * (y1 - y0) > max_growth * width * height:
        x0, y0 = x0 * 9 // 10 if x0 < -1 else 0, y0 * 9 // 10 if y0 < -1 else 0
        x1, y1 = width + (x1 - width) * 9 // 10, height + (y1 - height) * 9 // 10
    return x0, y0, x1, y1


def plan_blocks(region: Block, plan: CanvasPlan, frames: tuple[Frame, ...], budget: int, group: int) -> list[Block]:
    """Divide a region of the channel grid into blocks whose cube of ``group`` frames fits the budget: bands, or squares for
    rotated frames.

    A band across a rotated frame needs many of its rows, so squares read less.
    """
    h, w = region.shape
    per_pixel = max(group, 1) * (4 * len(plan.channels) + 6) + 64 * len(plan.channels)
    pixels = max(min(budget // 3, BLOCK_BYTES) // per_pixel, 64)
    rotation = max((abs(_rotation(f.transform)) for f in frames), default=0.0)
    rows = int(np.clip(pixels // w, 1, h))
    columns = w
    if pixels < w or (rows < h and w * np.sin(rotation) > rows):
        # Also if not even one row of all frames fits: slower, because rows are read several times.
        rows = columns = max(int(np.sqrt(pixels)), 8)
    return [Block(y, min(y + rows, region.y1), x, min(x + columns, region.x1))
            for y in range(region.y0, region.y1, rows) for x in range(region.x0, region.x1, columns)]


def _rotation(matrix: NDArray[np.float64]) -> float:
    """Rotation angle folded to 0..pi/2 radians: after half a turn (meridian flip) a band needs as few rows as without."""
    angle = abs(np.arctan2(matrix[1, 0], matrix[0, 0]))
    return float(min(angle, np.pi - angle))
