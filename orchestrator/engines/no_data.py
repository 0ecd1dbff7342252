"""Pixels of lights without data: found once per light, kept in a file beside the run, and given no weight by later steps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import TileCrop
from orchestrator.engines.base import FrameReader
from orchestrator.errors import InputError
from orchestrator.io import frames as frame_files
from orchestrator.io.fits import ImageLayout, overwrite
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext
from orchestrator.session.master_tiles import TILE_CROPPED
from tilecore.calibrate.no_data import clipped_share, fill_rows, nearest_full_rows, no_data_mask
from tilecore.stack.quality_crop import CropRule, quality_crop

__all__ = ["NoData", "fill_files", "filled", "find_no_data", "has_data", "missing_rows", "moved_no_data", "near_no_data",
           "no_data_of_lights", "no_data_warnings"]

# Share of pixels clipped to 0 in the lights above which a warning is shown.
CLIPPED_WARNING = 0.01
# Files named in a warning.
MAX_LISTED = 3
# Masks kept in memory, 1/8 byte per pixel each.
MASKS = 64


Read = Callable[[int, int], NDArray[np.float32]]


@dataclass(frozen=True)
class NoData:
    """``path`` of the mask of a light, None if all of its pixels are data; ``share`` of pixels without data; ``clipped`` share of
    the others that are clipped to 0; the largest value ``top`` (1.0 = 65535 ADU), and the number of pixels that have it."""

    path: Path | None
    share: float
    clipped: float
    top: float = 0.0
    at_top: int = 0


def find_no_data(layout: ImageLayout, context: RunContext) -> NoData:
    """Find the pixels of a light without data, and write their mask if there are any. InputError if the light has no data at all,
    or cannot be read."""
    pixels = layout.read(keep_nan=True)
    mask = no_data_mask(pixels)
    if context.config.input.workflow == "master_tiles":
        mask |= _rims(layout, pixels, mask, context.config.tile_crop)
    clipped = clipped_share(pixels, mask)
    if not mask.any():
        return NoData(None, 0.0, clipped, *_top(pixels))
    if mask.all():
        raise InputError(Message("{layout} holds no data: all of its pixels are 0 or not numbers.",
                                 layout=layout.path), "Copy it again, or remove it.")
    folder = context.work / "no_data"
    folder.mkdir(parents=True, exist_ok=True)
    key = f"{layout.path}{layout.stamp}{layout.flipped}{layout.data_offset}"
    path = folder / f"{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}.npz"
    _write(path, mask)
    return NoData(path, float(mask.mean()), clipped, *_top(pixels))


def _rims(layout: ImageLayout, pixels: NDArray[np.float32], blank: NDArray[np.bool_], settings: TileCrop) -> NDArray[np.bool_]:
    """The rims of a master tile that the quality crop cuts off, unless that was done when it was written."""
    rims = np.zeros(blank.shape, bool)
    if settings.enabled and not frame_files.read_header(layout.path).get(TILE_CROPPED):
        grey = np.nan_to_num(pixels if pixels.ndim == 2 else pixels.mean(axis=0))
        y0, y1, x0, x1 = quality_crop(grey, ~blank, CropRule(settings.band, settings.sigma, settings.run, settings.margin))
        rims[:] = True
        rims[y0:y1, x0:x1] = False
    return rims


def _write(path: Path, mask: NDArray[np.bool_]) -> None:
    np.savez_compressed(path, bits=np.packbits(mask, axis=1), columns=mask.shape[1], nearest=nearest_full_rows(mask))


def moved_no_data(blank: Path, matrix: NDArray[np.float64], shape: tuple[int, int], target: Path) -> Path:
    """Write to ``target``, and return, the mask of a frame that was moved by ``matrix`` (3x3) to a canvas of ``shape`` (rows,
    columns), from that of the frame, ``blank``. The interpolation spreads what is missing farther."""
    bits, columns, _ = _mask(blank)
    mask = np.unpackbits(bits, axis=1, count=columns)
    moved = cv2.warpPerspective(cv2.dilate(mask, np.ones((3, 3), np.uint8)), matrix, shape[::-1], flags=cv2.INTER_NEAREST)
    _write(target, moved > 0)
    return target


def _top(pixels: NDArray[np.float32]) -> tuple[float, int]:
    """The largest value, and the number of pixels that have it."""
    top = np.nanmax(pixels)
    return float(top), int(np.count_nonzero(pixels == top))


def no_data_of_lights(layouts: Sequence[ImageLayout | None], context: RunContext) -> tuple[list[NoData | None], dict[int, str]]:
    """:func:`find_no_data` of each light, and the reasons of lights that cannot be used. None stays None."""
    reasons: dict[int, str] = {}

    def one(index: int) -> NoData | None:
        context.check()
        layout = layouts[index]
        try:
            return None if layout is None else find_no_data(layout, context)
        except InputError as error:
            reasons[index] = error.message
            return None

    at_once = min((context.frames_at_once(s) for s in {layout.shape for layout in layouts if layout is not None}), default=1)
    with ThreadPoolExecutor(max(min(context.workers, at_once), 1)) as pool:
        return list(pool.map(one, range(len(layouts)))), reasons


def no_data_warnings(layouts: Sequence[ImageLayout | None], found: Sequence[NoData | None]) -> list[str]:
    """What is to be known about lights with areas without data, and about values clipped to 0."""
    known = [(layout.path, n) for layout, n in zip(layouts, found, strict=True) if layout is not None and n is not None]
    warnings: list[str] = []
    if blank := sorted(((n.share, path) for path, n in known if n.share > 0), reverse=True):
        listing = ", ".join(f"{path.name} ({100 * share:.2g} %)" for share, path in blank[:MAX_LISTED])
        listing += " ..." if len(blank) > MAX_LISTED else ""
        warnings.append(Message("Lights with areas without data (0 or not a number): {count}, {listing}. They have no weight "
                                "there.", count=len(blank), listing=listing))
    clipped = float(np.median([n.clipped for _, n in known])) if known else 0.0
    if clipped > CLIPPED_WARNING:
        warnings.append(Message("{clipped:.1f} % of the pixels of the lights are clipped to 0: the dark part of the noise is "
                                "lost, and faint light with it. Take lights with a higher offset (black level).",
                                clipped=100 * clipped))
    return warnings


@lru_cache(maxsize=MASKS)
def _mask(path: Path) -> tuple[NDArray[np.uint8], int, NDArray[np.int64]]:
    with np.load(path, allow_pickle=False) as file:
        return file["bits"], int(file["columns"]), file["nearest"]


def missing_rows(blank: Path, first: int, last: int) -> NDArray[np.bool_]:
    """(last - first, w) the pixels without data in the rows ``first:last``."""
    bits, columns, _ = _mask(blank)
    return np.unpackbits(bits[first:last], axis=1, count=columns).astype(bool)


def filled(data: NDArray[np.float32], blank: Path, first: int, other: Read) -> NDArray[np.float32]:
    """Calibrated rows from ``first`` on with the level of their surroundings in the pixels without data; ``other`` reads
    calibrated rows of the same frame."""
    stop = first + data.shape[-2]
    missing = missing_rows(blank, first, stop)
    if not missing.any():
        return data
    fill_rows(data, missing)
    nearest = _mask(blank)[2][first:stop]
    source: dict[int, NDArray[np.float32]] = {}
    for y in np.flatnonzero((nearest != np.arange(first, stop)) & (nearest >= 0)):
        row = int(nearest[y])
        if row not in source:
            source[row] = other(row, row + 1)
            fill_rows(source[row], missing_rows(blank, row, row + 1))
        for parity in (0, 1):
            gap = missing[y, parity::2]
            level = np.median(source[row][..., 0, parity::2], axis=-1, keepdims=True)
            data[..., y, parity::2][..., gap] = level
    return data


def fill_files(readers: Sequence[tuple[ImageLayout, Path | None]], context: RunContext) -> None:
    """:func:`filled` for calibrated lights (float32) in files that belong to the run."""
    for layout, blank in readers:
        context.check()
        if blank is not None:
            data = layout.read()
            before = data.copy()
            overwrite(layout, filled(data, blank, 0, partial(_part, before)))


def _part(data: NDArray[np.float32], first: int, last: int) -> NDArray[np.float32]:
    return data[..., first:last, :].copy()


def has_data(reader: FrameReader, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the pixels of a frame at positions (x, y) hold data; True outside the frame."""
    blank = _blank(reader)
    if blank is None:
        return np.ones(np.shape(x), bool)
    bits, columns, _ = _mask(blank)
    column, row = np.rint(x).astype(int), np.rint(y).astype(int)
    inside = (column >= 0) & (row >= 0) & (column < columns) & (row < len(bits))
    column, row = np.where(inside, column, 0), np.where(inside, row, 0)
    return np.asarray(~(inside & (bits[row, column // 8] >> (7 - column % 8) & 1).astype(bool)))


def near_no_data(reader: FrameReader, x: NDArray[np.float64], y: NDArray[np.float64],
                 reach: float) -> NDArray[np.float32] | None:
    """The distance (px, up to ``reach``) of positions in a frame from its pixels without data; None if there are none near."""
    blank = _blank(reader)
    if blank is None:
        return None
    rows = reader.shape[-2]
    margin = int(np.ceil(reach)) + 1
    first, stop = max(int(np.floor(y.min())) - margin, 0), min(int(np.ceil(y.max())) + margin + 1, rows)
    if stop <= first:
        return None
    missing = missing_rows(blank, first, stop)
    if not missing.any():
        return None
    distance = cv2.distanceTransform((~missing).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    distance = np.minimum(distance, np.float32(margin))
    return np.asarray(cv2.remap(distance, x.astype(np.float32), (y - first).astype(np.float32), cv2.INTER_LINEAR,
                                borderMode=cv2.BORDER_REPLICATE))


def _blank(reader: FrameReader) -> Path | None:
    path = getattr(reader, "blank", None)
    return path if isinstance(path, Path) else None
