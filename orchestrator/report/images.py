"""Images and maps for embedding in a page."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import ImageLayout
from orchestrator.report.files import RunFiles
from orchestrator.report.model import Picture

__all__ = ["PICTURE_QUALITY", "encoded", "map_data", "picture", "previews", "reduced", "stack_data", "thumbnail_uri"]

# Longest side of an image in the page, in pixels.
PICTURE_SIDE = 2000
# Longest side of a map, in pixels.
MAP_SIDE = 480
# Maximum number of tile values of all frames in one quantity: 0.6 MB per quantity for any number of frames.
STACK_VALUES = 600_000
# Code of pixels without data in a quantised map.
NO_DATA = 255
# Image rows that are read for one row of a map.
LINES = 4
# Percentiles of the values that define the colour range of a map.
RANGE_PERCENTILES = (0.5, 99.5)
# JPEG quality of images and of thumbnails.
PICTURE_QUALITY = 86
THUMBNAIL_QUALITY = 70


def encoded(pixels: NDArray[np.uint8], quality: int) -> str:
    """A JPEG as a data URI, from (h, w) grey or (h, w, 3) in the channel order of OpenCV."""
    ok, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode() if ok else ""


def picture(path: Path | None, title: str, alt: str, side: int = PICTURE_SIDE) -> Picture | None:
    """A preview, at most ``side`` px wide and high; None if there is none or it cannot be decoded."""
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR) if path is not None else None
    if pixels is None:
        return None
    h, w = pixels.shape[:2]
    factor = min(side / max(h, w), 1)
    if factor < 1:
        pixels = cv2.resize(pixels, (max(round(w * factor), 1), max(round(h * factor), 1)), interpolation=cv2.INTER_AREA)
    return Picture(title, alt, encoded(np.asarray(pixels, np.uint8), PICTURE_QUALITY), pixels.shape[1], pixels.shape[0])


def previews(files: RunFiles, alt: str) -> tuple[Picture, ...]:
    """The preview of a run and the annotated one, as far as they exist; ``alt`` describes the first."""
    found = (picture(files.output("preview.png"), "Image", alt),
             picture(files.output("preview_annotated.png"), "With grid and objects",
                     "The image with a grid of right ascension and declination and the names of objects."))
    return tuple(p for p in found if p)


def thumbnail_uri(pixels: NDArray[np.uint8], top_down: bool) -> str:
    """The thumbnail of a frame; "" if it is black, which marks a frame that could not be read."""
    return encoded(np.ascontiguousarray(pixels if top_down else pixels[::-1]), THUMBNAIL_QUALITY) if pixels.any() else ""


def reduced(layout: ImageLayout, side: int = MAP_SIDE) -> NDArray[np.float32]:
    """Means (h', w') of an image over areas and channels. In large files only some rows of each area are read."""
    layout = replace(layout, unit=1.0)  # numbers of frames are not scaled
    h, w = layout.shape[-2:]
    step = max(-(-max(h, w) // side), 1)
    if step == 1:
        whole = layout.read()
        return whole.mean(axis=0) if whole.ndim == 3 else whole
    columns, rows = max(w // step, 1), []
    for start in range(0, max(h // step, 1) * step, step):
        data = layout.read(start, min(start + min(step, LINES), h))
        lines = data.reshape(-1, w).mean(axis=0)
        rows.append(lines[: columns * step].reshape(columns, -1).mean(axis=1) if w >= step else lines.mean(keepdims=True))
    return np.array(rows, np.float32)


def _quantised(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    scaled = (np.nan_to_num(values, nan=low) - low) / max(high - low, 1e-30) * (NO_DATA - 1)
    return np.where(np.isfinite(values), np.clip(np.rint(scaled), 0, NO_DATA - 1), NO_DATA).astype(np.uint8)


def _range(values: NDArray[Any]) -> tuple[float, float]:
    """Robust range: a single outlying tile must not use up the colour scale."""
    known = values[np.isfinite(values)]
    if not known.size:
        return 0.0, 1.0
    low, high = (float(v) for v in np.percentile(known, RANGE_PERCENTILES))
    return (low, high) if high > low else (low, low + max(abs(low) * 1e-3, 1e-6))


def map_data(values: NDArray[Any], unit: str, top_down: bool, limits: tuple[float, float] | None = None,
             aspect: float | None = None) -> dict[str, Any]:
    """One map (h, w), NaN without data, quantised to 8 bit with its range; ``aspect`` is width over height of the area shown."""
    low, high = limits or _range(values)
    upright = values if top_down else values[::-1]
    return {"h": values.shape[0], "w": values.shape[1], "low": low, "high": high, "unit": unit,
            "aspect": aspect,
            "values": base64.b64encode(np.ascontiguousarray(_quantised(upright, low, high)).tobytes()).decode()}


def stack_data(frames: Iterable[NDArray[Any]], count: int, name: str, unit: str, top_down: bool) -> dict[str, Any]:
    """Tile maps (ty, tx) of ``count`` frames, quantised to 8 bit with one range; tiles are merged if there are too many."""
    factor, found = 1, []
    for tiles in frames:  # those of a mosaic are not held all at once
        ty, tx = tiles.shape
        while count * -(-ty // factor) * -(-tx // factor) > STACK_VALUES and factor < max(ty, tx):
            factor += 1
        found.append(_merged(tiles, factor))
    small = np.array(found, np.float32)
    low, high = _range(small)
    upright = small if top_down else small[:, ::-1]
    return {"name": name, "unit": unit, "n": count, "h": small.shape[1], "w": small.shape[2], "low": low, "high": high,
            "merged": factor, "values": base64.b64encode(np.ascontiguousarray(_quantised(upright, low, high)).tobytes()).decode()}


def _merged(tiles: NDArray[Any], factor: int) -> NDArray[np.float32]:
    """Means of factor x factor tiles, ignoring those without data."""
    if factor == 1:
        return np.asarray(tiles, np.float32)
    known = np.isfinite(tiles)
    sums = [np.add.reduceat(np.add.reduceat(a, range(0, a.shape[0], factor), axis=0), range(0, a.shape[1], factor), axis=1)
            for a in (np.where(known, tiles, 0).astype(np.float64), known.astype(np.float64))]
    return np.asarray(np.divide(sums[0], sums[1], out=np.full_like(sums[0], np.nan), where=sums[1] > 0), np.float32)
