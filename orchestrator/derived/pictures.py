"""Small pictures of products side by side, with one stretch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.report.preview import write_png
from orchestrator.report.same_pixels import stretched

__all__ = ["write_row"]

# Most pixels of a side of a picture, and white pixels between two.
SIDE = 900
GAP = 8


def write_row(path: Path, images: list[NDArray[np.float32]], *, top_down: bool) -> None:
    """Write linear images (h, w) or (3, h, w) of one size side by side as PNG; the stretch is that of the first."""
    step = -(-max(images[0].shape[-2:]) // SIDE)
    parts: list[NDArray[np.uint8]] = []
    for picture in stretched([_smaller(i, step) for i in images]):
        picture = picture[..., ::-1] if picture.ndim == 3 else picture
        picture = picture if top_down else picture[::-1]
        parts += [picture, np.full((picture.shape[0], GAP, *picture.shape[2:]), 255, np.uint8)]
    write_png(path, np.ascontiguousarray(np.concatenate(parts[:-1], axis=1)))


def _smaller(image: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """Means of squares of ``step`` px."""
    h, w = (n // step * step for n in image.shape[-2:])
    planes = image[..., :h, :w].reshape(*image.shape[:-2], h // step, step, w // step, step)
    return np.ascontiguousarray(planes.mean(axis=(-3, -1)), np.float32)
