"""Reading frames as they are on the canvas: resampled, normalised, with the validity of each pixel."""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.bad_pixels import doubtful_places
from orchestrator.engines.base import Frame
from orchestrator.engines.no_data import near_no_data
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.canvas import CanvasPlan
from tilecore.calibrate import repaired_pixels as replaced
from tilecore.cfa import mosaic as cfa_module
from tilecore.resample import array_backend as arrays
from tilecore.resample import steep_cores as steep
from tilecore.resample import warp
from tilecore.resample.area_mean import area_mean, area_reach
from tilecore.resample.pixel_map import PixelMap
from tilecore.resample.warp import FrameRows, Normalization, Sampling, Slot, Window

__all__ = ["FrameNormalization", "Warping", "read_block", "rows_of"]

# Reach (px) of the demosaicing kernels beyond a pixel.
DEMOSAIC_HALO = 2
# Scale (px of the canvas per px of a frame) below which its pixels are averaged over the area of those of the canvas.
COARSER = 0.9
# Rows (px of the channel grid) beyond those that are interpolated on which their steep cores depend.
CORE_MARGIN = steep.REACH + steep.DEPENDS
# Reach (px of the channel grid) of the interpolation kernels, with some margin.
KERNEL_MARGIN = 6
# Distance (px of the frame) over which a replaced pixel affects its neighbours after interpolation.
REPLACED_REACH = 2.0


class _Planes(NamedTuple):
    """Planes of a frame: ``pixels`` (channels, rows, columns) from ``row`` on of planes of ``shape``, whose pixel (0, 0) is at
    ``first`` (x, y) of the frame, and which have every ``every``-th pixel of it."""

    pixels: NDArray[np.float32]
    row: int
    shape: tuple[int, int]
    first: tuple[float, float] = (0.0, 0.0)
    every: int = 1

    @property
    def matrix(self) -> NDArray[np.float64]:
        """3x3: frame pixel -> plane pixel."""
        every = self.every
        return np.array([[1 / every, 0, -self.first[0] / every], [0, 1 / every, -self.first[1] / every], [0, 0, 1]], np.float64)


class FrameNormalization(NamedTuple):
    """Normalisation of a frame: ``scale`` (C,) and ``surface`` (C, m, m), the polynomial of its sky.

    A normalised pixel is ``scale[c] * pixel - sum_ij surface[c, j, i] y^j x^i`` with x, y from 0 to 1 over the channel grid.
    """

    scale: NDArray[np.float32]
    surface: NDArray[np.float64]


class Warping(NamedTuple):
    """How a frame is warped: ``xp`` is the array module that does the work; ``noise`` (C,) is that of a pixel of the frame, from
    which cores too steep for Lanczos-4 are recognized (:mod:`tilecore.resample.steep_cores`), None to interpolate them."""

    xp: ModuleType = np
    noise: NDArray[np.floating] | None = None


def read_block(plan: CanvasPlan, frame: Frame, block: Block, normalization: FrameNormalization, slot: Slot,
               warping: Warping | None = None) -> None:
    """Write the normalised pixels of a frame on the channel grid to the ``slot`` of a cube (C, N, h, w), and their validity
    0..1 to that of (N, h, w); pixels without data are 0.
    """
    cube, valid, index = slot.cube, slot.valid, slot.index
    xp, noise = warping or Warping()
    if plan.registered_pixels:
        _read_registered(plan, frame, block, normalization, cube[:, index], valid[index])
        return
    scale, surface = normalization
    frame_shape = frame.pixels.shape[-2:]
    # Pixels of the canvas that are larger than those of the frame are means over their area, in which no core is too steep.
    width = 1 / plan.scale_of(frame) if plan.scale_of(frame) < COARSER else 1.0
    noise = noise if plan.interpolation == "lanczos4" and width == 1 else None
    margin = KERNEL_MARGIN + area_reach(width) + (0 if noise is None else CORE_MARGIN)
    rows = _rows_of(plan, frame, block, margin * plan.step + DEMOSAIC_HALO)
    if rows is None:
        cube[:, index] = 0
        valid[index] = 0
        return
    start, stop = rows[0] - rows[0] % 2, min(rows[1] + rows[1] % 2, frame_shape[0])
    data = frame.pixels.read(start, stop)
    first, before = 0, valid[index]
    for group in _source_planes(plan, data, start, frame_shape):
        last = first + len(group.pixels)
        place = _place(plan, frame, block, group, first)
        part, planes = cube[first:last], area_mean(group.pixels, width)
        cores: list[steep.Cores] = []
        if noise is not None and not (isinstance(place, np.ndarray) and _copies(place)):
            planes, cores = steep.take_cores(group.pixels, noise[first:last], group.row, group.shape[0])
        source = FrameRows(planes, group.shape, group.row)
        sampling = Sampling(plan.interpolation, plan.feather / plan.step)
        channels_normalization = Normalization(scale[first:last], surface[first:last], plan.channel_shape)
        if xp is not np:
            window = Window(block.y0, block.x0, *block.shape)
            pixels, good = arrays.warp_block(xp, source, place, window, sampling, channels_normalization)
            part[:, index], valid[index] = arrays.to_numpy(pixels), arrays.to_numpy(good)
        else:
            warp.warp_planes(source, place, (block.y0, block.x0), Slot(part, valid, index), sampling, channels_normalization)
        for channel, found in enumerate(cores, first):
            if len(found.peak):
                maps = _local_maps(plan, frame, group, place, channel, found)
                steep.add_cores(cube[channel, index], found, valid[index], maps, (block.y0, block.x0), float(scale[channel]))
        if first:
            np.minimum(valid[index], before, out=valid[index])
        before = valid[index].copy() if last < len(cube) else valid[index]
        first = last
    _doubt_replaced(plan, frame, data, start, block, valid[index])
    _exclude_missing(plan, frame, block, valid[index])


def rows_of(plan: CanvasPlan, frame: Frame, y0: int, y1: int, margin: int) -> tuple[int, int] | None:
    """Rows (first, stop) of a frame that the rows y0:y1 of the canvas at full resolution need, and ``margin`` more on both
    sides; None if there are none."""
    if plan.is_curved(frame):
        box = (y0, y1, 0, plan.shape[1])
        return plan.full_map(frame).block(frame.shape, *box).rows(*box, frame.shape, margin)
    inverse: NDArray[np.float64] = np.asarray(np.linalg.inv(plan.to_canvas(frame)), np.float64)
    return warp.source_rows(inverse, y0, y1, 0, plan.shape[1], frame.pixels.shape[-2:], margin)


def _rows_of(plan: CanvasPlan, frame: Frame, block: Block, margin: int) -> tuple[int, int] | None:
    """Rows (first, stop) of a frame that a block of the channel grid needs; None if there are none."""
    box = (block.y0, block.y1, block.x0, block.x1)
    if plan.is_curved(frame):
        return plan.frame_map(frame).block(frame.shape, *box).rows(*box, frame.shape, margin)
    matrix: NDArray[np.float64] = np.asarray(np.linalg.inv(plan.to_canvas(frame)), np.float64)
    full = (block.y0 * plan.step, block.y1 * plan.step, block.x0 * plan.step, block.x1 * plan.step)
    return warp.source_rows(matrix, *full, frame.pixels.shape[-2:], margin)


def _place(plan: CanvasPlan, frame: Frame, block: Block, group: _Planes, channel: int) -> NDArray[np.float64] | PixelMap:
    """The map from a block of the grid of a channel to planes of the frame."""
    if plan.is_curved(frame):
        planes = plan.frame_map(frame, channel, group.first, group.every)
        return planes.block(group.shape, block.y0, block.y1, block.x0, block.x1)
    matrix = np.asarray(np.linalg.inv(plan.to_canvas(frame)), np.float64)
    found = group.matrix @ matrix @ plan.channel_to_canvas(channel)
    return np.asarray(found / found[2, 2], np.float64)


def _local_maps(plan: CanvasPlan, frame: Frame, group: _Planes, place: NDArray[np.float64] | PixelMap, channel: int,
                cores: steep.Cores) -> steep.LocalMaps:
    """Where cores of a plane are on the grid of its channel."""
    points = cores.peak[:, ::-1].astype(np.float64)
    if isinstance(place, np.ndarray):
        return steep.local_maps(place, points)
    return plan.frame_map(frame, channel, group.first, group.every).local(points)


def _doubt_replaced(plan: CanvasPlan, frame: Frame, data: NDArray[np.float32], start: int, block: Block,
                    valid: NDArray[np.float32]) -> None:
    """Reduce the validity of pixels that replace bad ones on stars to almost zero. ``data`` holds rows of the frame from
    ``start``."""
    rows, columns = doubtful_places(frame.pixels, data, start, mosaic=plan.cfa is not None)
    planes = 2 * (rows % 2) + columns % 2 if plan.mode == "last" else np.zeros(len(rows), np.int64)
    for channel in np.unique(planes):
        of = planes == channel
        x, y = plan.on_channel(frame, np.stack([columns[of], rows[of]], axis=1).astype(np.float64), int(channel)).T
        replaced.reduce_validity(valid, x - block.x0, y - block.y0, REPLACED_REACH / plan.step)


def _exclude_missing(plan: CanvasPlan, frame: Frame, block: Block, valid: NDArray[np.float32]) -> None:
    """Set the validity to 0 where the interpolation uses pixels without data, and fade it in over ``feather`` px."""
    if getattr(frame.pixels, "blank", None) is None:
        return
    reach = plan.step * max(warp.KERNELS[plan.interpolation] - 1.0, 0.5)
    reach += DEMOSAIC_HALO if plan.cfa is not None else 0
    reach += plan.step * area_reach(1 / plan.scale_of(frame)) if plan.scale_of(frame) < COARSER else 0
    x, y = np.meshgrid(np.arange(block.x0, block.x1, dtype=np.float64), np.arange(block.y0, block.y1, dtype=np.float64))
    distance = near_no_data(frame.pixels, *plan.positions_in_frame(frame, x, y), reach + plan.feather)
    if distance is not None:
        beyond = distance - np.float32(reach)
        valid *= np.clip(beyond / np.float32(plan.feather), 0, 1) if plan.feather > 0 else beyond > 0


def _source_planes(plan: CanvasPlan, data: NDArray[np.float32], start: int, frame_shape: tuple[int, ...]) -> list[_Planes]:
    """Groups of channels with a common geometry, from the rows of a frame from ``start`` on."""
    h, w = frame_shape[-2:]
    if plan.mode in ("mono", "rgb"):
        return [_Planes(data if plan.mode == "rgb" else data[None], start, (h, w))]
    half = (h // 2, w // 2)
    if plan.mode == "last":
        planes = cfa_module.split(data[: len(data) // 2 * 2, : w // 2 * 2])
        offsets = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))  # (x, y) in memory order
        return [_Planes(planes[c: c + 1], start // 2, half, offsets[c], 2) for c in range(4)]
    if plan.mode == "superpixel":
        rgb = cfa_module.superpixel(data[: len(data) // 2 * 2, : w // 2 * 2], plan.pattern)
        return [_Planes(rgb, start // 2, half, (0.5, 0.5), 2)]
    rgb = cfa_module.demosaic(data, plan.pattern, balance=plan.star_colours, fwhm=plan.star_fwhm)
    top = 0 if start == 0 else DEMOSAIC_HALO
    bottom = len(data) if start + len(data) >= h else len(data) - DEMOSAIC_HALO
    return [_Planes(rgb[:, top:bottom], start + top, (h, w))]


def _read_registered(plan: CanvasPlan, frame: Frame, block: Block, normalization: FrameNormalization, out: NDArray[np.float32],
                     valid: NDArray[np.float32]) -> None:
    """Read pixels that are already on the canvas. The registering program marks missing data by 0 in every channel."""
    scale, surface = normalization
    ox, oy = plan.origin
    height, width = frame.pixels.shape[-2:]
    out[:] = 0
    y0, y1 = max(block.y0 + oy, 0), min(block.y1 + oy, height)
    x0, x1 = max(block.x0 + ox, 0), min(block.x1 + ox, width)
    if y1 > y0 and x1 > x0:
        data = frame.pixels.read(y0, y1)[..., x0:x1]
        out[:, y0 - oy - block.y0: y1 - oy - block.y0, x0 - ox - block.x0: x1 - ox - block.x0] = data
    valid[:] = np.any(out != 0, axis=0)
    _exclude_missing(plan, frame, block, valid)
    x, y = np.arange(block.x0, block.x1) / plan.channel_shape[1], np.arange(block.y0, block.y1) / plan.channel_shape[0]
    for c in range(len(out)):
        sky = np.polynomial.polynomial.polygrid2d(y, x, surface[c])
        out[c] = np.where(valid > 0, out[c] * scale[c] - sky, 0)


def _copies(matrix: NDArray[np.float64]) -> bool:
    """Whether pixels are copied under a 3x3 transform: whole-pixel shifts, and those after half a turn."""
    return bool(np.abs(matrix / matrix[2, 2] - np.rint(matrix / matrix[2, 2])).max() < 1e-9)
