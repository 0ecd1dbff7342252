"""Pictures and maps, small enough for a page."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import ImageLayout
from orchestrator.report.model import Picture

__all__ = ["encoded", "map_data", "picture", "reduced", "stack_data", "thumbnail_uri"]

# Longest side of the picture in the page, and of a map.
PICTURE_SIDE, MAP_SIDE = 2000, 480
# Values of all frames' tiles in one quantity: 0.6 MB a quantity, whatever the number of frames.
STACK_VALUES = 600_000
NO_DATA = 255
# Lines that are read for one line of a map.
LINES = 4


def encoded(pixels: NDArray[np.uint8], quality: int) -> str:
    """A JPEG as a data URI, (h, w) grey or (h, w, 3) in the order of OpenCV."""
    ok, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode() if ok else ""


def picture(path: Path | None, title: str, alt: str) -> Picture | None:
    """A preview, at most 2000 px wide and high; None when there is none or it cannot be decoded."""
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR) if path is not None else None
    if pixels is None:
        return None
    h, w = pixels.shape[:2]
    factor = min(PICTURE_SIDE / max(h, w), 1)
    if factor < 1:
        pixels = cv2.resize(pixels, (max(round(w * factor), 1), max(round(h * factor), 1)), interpolation=cv2.INTER_AREA)
    return Picture(title, alt, encoded(np.asarray(pixels, np.uint8), 86), pixels.shape[1], pixels.shape[0])


def thumbnail_uri(pixels: NDArray[np.uint8], top_down: bool) -> str:
    """A frame's thumbnail; "" for a black one, which is a frame that could not be read."""
    return encoded(np.ascontiguousarray(pixels if top_down else pixels[::-1]), 70) if pixels.any() else ""


def reduced(layout: ImageLayout, side: int = MAP_SIDE) -> NDArray[np.float32]:
    """Means (h', w') of an image over areas and channels. Of large files some lines in each area are read: enough for a map."""
    layout = replace(layout, unit=1.0)  # counts of frames are no ADU
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
    """Robust range: one stray tile must not take all the colours."""
    known = values[np.isfinite(values)]
    if not known.size:
        return 0.0, 1.0
    low, high = (float(v) for v in np.percentile(known, (0.5, 99.5)))
    return (low, high) if high > low else (low, low + max(abs(low) * 1e-3, 1e-6))


def map_data(values: NDArray[Any], unit: str, top_down: bool, limits: tuple[float, float] | None = None,
             aspect: float | None = None) -> dict[str, Any]:
    """One map (h, w), NaN where there is no data, as 8 bit with its range; ``aspect`` is width over height of what it shows."""
    low, high = limits or _range(values)
    upright = values if top_down else values[::-1]
    return {"h": values.shape[0], "w": values.shape[1], "low": low, "high": high, "unit": unit,
            "aspect": aspect,
            "values": base64.b64encode(np.ascontiguousarray(_quantised(upright, low, high)).tobytes()).decode()}


def stack_data(frames: list[NDArray[Any]], name: str, unit: str, top_down: bool) -> dict[str, Any]:
    """Tile maps of all frames, N times (ty, tx), as 8 bit with one range; tiles are joined when they are too many."""
    ty, tx = frames[0].shape
    factor = 1
    while len(frames) * -(-ty // factor) * -(-tx // factor) > STACK_VALUES:
        factor += 1
    small = np.array([_joined(f, factor) for f in frames], np.float32)
    low, high = _range(small)
    upright = small if top_down else small[:, ::-1]
    return {"name": name, "unit": unit, "n": len(frames), "h": small.shape[1], "w": small.shape[2], "low": low, "high": high,
            "joined": factor, "values": base64.b64encode(np.ascontiguousarray(_quantised(upright, low, high)).tobytes()).decode()}


def _joined(tiles: NDArray[Any], factor: int) -> NDArray[np.float32]:
    """Means of factor x factor tiles, without those that have no data."""
    if factor == 1:
        return np.asarray(tiles, np.float32)
    known = np.isfinite(tiles)
    sums = [np.add.reduceat(np.add.reduceat(a, range(0, a.shape[0], factor), axis=0), range(0, a.shape[1], factor), axis=1)
            for a in (np.where(known, tiles, 0).astype(np.float64), known.astype(np.float64))]
    return np.asarray(np.divide(sums[0], sums[1], out=np.full_like(sums[0], np.nan), where=sums[1] > 0), np.float32)
