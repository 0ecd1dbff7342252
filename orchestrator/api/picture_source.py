"""A linear image as a picture reads it: mapped from its file, with windows at any reduction."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import InputError
from orchestrator.io import frames as frame_files
from orchestrator.report.natural_stretch import MARGIN
from orchestrator.session.headers import is_top_down

__all__ = ["ImageWindow", "open_linear", "read_window"]

Image = NDArray[np.float32]
# Rows that are reduced at once.
ROWS = 256


@dataclass(frozen=True)
class ImageWindow:
    """Part of an image reduced by ``step``: means of step x step pixels. Rows and columns are those of the reduced image."""

    top: int
    bottom: int
    left: int
    right: int
    step: int = 1

    def padded(self, shape: tuple[int, int]) -> ImageWindow:
        """With the margin that the natural stretch needs, within an image of ``shape`` (rows, columns, not reduced)."""
        rows, columns = (n // self.step for n in shape)
        return ImageWindow(max(self.top - MARGIN, 0), min(self.bottom + MARGIN, rows), max(self.left - MARGIN, 0),
                      min(self.right + MARGIN, columns), self.step)


def open_linear(path: Path) -> tuple[Image, bool]:
    """The pixels of an image, (h, w) or (3, h, w), 1.0 = full scale, and whether row 0 is at the top.

    Plain floating-point FITS files are mapped from disk, others are read. Raises InputError if the file is not an image.
    """
    if not path.is_file():
        raise InputError(f"{path} is not a file.", "Give a stacked image, or a run directory.")
    top_down = is_top_down(frame_files.read_header(path))
    with frame_files.opened(path) as layout:
        plain = layout.path == path and layout.bitpix == -32 and (layout.bscale, layout.bzero, layout.unit) == (1, 0, 1) and not (
            layout.flipped or layout.channels or any(layout.trimmed))
        if plain:
            pixels = np.asarray(np.memmap(path, layout.dtype, "r", layout.data_offset, layout.shape))
            if all(np.isfinite(pixels[..., y: y + ROWS, :].sum(dtype=np.float64)) for y in range(0, pixels.shape[-2], ROWS)):
                return pixels, top_down
        return layout.read(), top_down


def read_window(image: Image, window: ImageWindow) -> Image:
    """Pixels (C, h, w) of a window of an image (C, rows, columns): means of step x step pixels, float32."""
    s = window.step
    part = image[:, window.top * s: window.bottom * s, window.left * s: window.right * s]
    out = np.empty((len(image), window.bottom - window.top, window.right - window.left), np.float32)
    for first in range(0, out.shape[1], ROWS):
        rows = np.asarray(part[:, first * s: (first + ROWS) * s], np.float32)
        if s > 1:
            rows = rows.reshape(len(image), -1, s, out.shape[2], s).mean(axis=(2, 4), dtype=np.float32)
        out[:, first: first + ROWS] = rows
    return out
