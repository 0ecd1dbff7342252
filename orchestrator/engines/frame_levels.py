"""Levels of raw frames, measured in pairs of rows spread over the frame."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.native.masters import plain_layout
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.io.fits import FULL_SCALE, ImageLayout
from orchestrator.io.frame_path import file_of
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo, Role
from tilecore.calibrate.consistency import binary_step, clipped_share
from tilecore.numerics.statistics import MAD_TO_SIGMA, median, medians_of_rows

__all__ = ["BLOCKS", "FrameLevels", "Measured", "RowReader", "coarse",
           "frame_levels", "measure", "plain_info", "strip_blocks"]

# Blocks of a frame in each direction whose levels are compared.
BLOCKS = 8
# Pairs of rows read in each row of blocks.
PAIRS = 4
# How many values of the sample may be below "low": single pixels are defects.
LOWEST = 5


class RowReader(Protocol):
    """A frame that is read by rows: an image file, or a calibrated light."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def read(self, row_start: int = 0, row_stop: int | None = None) -> NDArray[np.float32]: ...


@dataclass(frozen=True)
class FrameLevels:
    """Levels of one frame in ADU.

    Attributes
    ----------
    median, noise : of its pixels; the noise is that between neighbours of the same colour.
    low, top : nearly the smallest, and the largest value of the sample.
    clipped : share of the pixels that pile up at the largest value.
    step : largest power of two that divides all values of integer data; 0 if not known.
    blocks : (planes, 8, 8) medians; the planes are colours or positions of the CFA pattern.
    block_noise : (8, 8).
    block_size : pixels from which a block was measured.
    """

    median: float
    noise: float
    low: float
    top: float
    clipped: float
    step: int
    blocks: NDArray[np.float64]
    block_noise: NDArray[np.float64]
    block_size: int

    @property
    def block_error(self) -> float:
        """Standard error of the median of a block."""
        return float(1.25 * self.noise / max(np.sqrt(self.block_size), 1.0))


@dataclass(frozen=True)
class Measured:
    """A frame, the position of its plain pixels, and its levels. ``info`` names a plain file: compressed frames are unpacked."""

    origin: FrameInfo
    info: FrameInfo
    layout: ImageLayout
    levels: FrameLevels


def measure(infos: Sequence[FrameInfo], context: RunContext, *, cfa: bool) -> tuple[list[Measured], dict[FrameInfo, InputError]]:
    """The levels of frames that can be read, in order, and the errors of the others."""
    def one(info: FrameInfo) -> Measured | InputError:
        context.check()
        try:
            layout = plain_layout(info, context.work)
            # The pixels of compressed frames are read here for the first time.
            if info.decompress and (damage := fits_io.damage(layout, bright=info.role is Role.FLAT)):
                return InputError(f"{damage}.", "Copy it again, or retake it.")
            return Measured(info, plain_info(info, layout), layout, frame_levels(layout, cfa=cfa))
        except InputError as error:
            return error

    with ThreadPoolExecutor(max(1, context.workers)) as pool:
        found = list(pool.map(one, infos))
    return ([m for m in found if isinstance(m, Measured)],
            {info: m for info, m in zip(infos, found, strict=True) if isinstance(m, InputError)})


def plain_info(info: FrameInfo, layout: ImageLayout) -> FrameInfo:
    """The frame in the file of ``layout``."""
    return info if layout.path == file_of(info.path) else replace(info, path=layout.path, bitpix=layout.bitpix, decompress=False)


def frame_levels(layout: ImageLayout, *, cfa: bool) -> FrameLevels:
    """Measure a frame; about 64 of its rows are read."""
    bands = [_band(layout, k) for k in range(BLOCKS)]
    sample = np.concatenate([b.ravel() for b in bands])
    blocks, noises = zip(*(_blocks(band, cfa=cfa) for band in bands), strict=True)
    noise = np.array(noises)
    step = 0
    if layout.bitpix > 0 and layout.bitpix != 8 and layout.bscale == 1:
        step = binary_step(np.rint(sample).astype(np.int64))
    low = np.partition(sample, min(LOWEST, sample.size - 1))[min(LOWEST, sample.size - 1)]
    return FrameLevels(median(sample), median(noise), float(low), float(sample.max()), clipped_share(sample),
                       step, np.stack(blocks, axis=1), noise, sample.size // BLOCKS**2)


def strip_blocks(reader: RowReader, *, cfa: bool) -> NDArray[np.float64]:
    """The medians (planes, 8, 8) in ADU of any frame that is read by rows."""
    return np.stack([_blocks(_band(reader, k), cfa=cfa)[0] for k in range(BLOCKS)], axis=1)


def coarse(data: NDArray[np.floating], *, cfa: bool) -> NDArray[np.float64]:
    """The medians (planes, 8, 8) of an image in memory, as in :attr:`FrameLevels.blocks`."""
    rows = data.shape[-2]
    edges = [rows * k // BLOCKS // 2 * 2 for k in range(BLOCKS)] + [rows]
    return np.stack([_blocks(data[..., a:b, :], cfa=cfa)[0] for a, b in pairwise(edges)], axis=1)


def _band(layout: RowReader, k: int) -> NDArray[np.float32]:
    """Rows of the k-th row of blocks, in pairs that begin with an even row, in ADU."""
    rows = layout.shape[-2]
    first, last = rows * k // BLOCKS, rows * (k + 1) // BLOCKS
    starts = np.unique(np.linspace(first, max(last - 2, first), PAIRS).astype(int) // 2 * 2)
    pairs = [layout.read(int(start), int(start) + 2) for start in starts if start + 2 <= rows]
    return np.concatenate(pairs, axis=-2) * np.float32(FULL_SCALE)


def _blocks(band: NDArray[np.floating], *, cfa: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Medians (planes, 8) of a band of rows, and the noise (8,) of a pixel."""
    planes = list(band) if band.ndim == 3 else [band[y::2, x::2] for y in (0, 1) for x in (0, 1)] if cfa else [band]
    medians, noises = [], []
    for plane in planes:
        stacks = _side_by_side(plane)
        medians.append(np.concatenate([_median_of_each(parts) for parts in stacks]))
        steps = np.concatenate([_median_of_each(np.abs(np.diff(parts, axis=-1))) for parts in stacks])
        noises.append(MAD_TO_SIGMA * steps / np.sqrt(2))
    return np.array(medians, float), np.median(np.array(noises, float), axis=0)


def _side_by_side(plane: NDArray[np.floating]) -> list[NDArray[np.floating]]:
    """The blocks of a band, as ``numpy.array_split`` makes them, in at most two stacks (k, rows, columns) of equal width."""
    rows, columns = plane.shape
    least, more = divmod(columns, BLOCKS)
    wide = plane[:, : more * (least + 1)].reshape(rows, more, least + 1)
    narrow = plane[:, more * (least + 1):].reshape(rows, BLOCKS - more, least)
    return [stack.swapaxes(0, 1) for stack in (wide, narrow) if stack.shape[1]]


def _median_of_each(stack: NDArray[np.floating]) -> NDArray[np.floating]:
    return medians_of_rows(stack.reshape(len(stack), -1))
