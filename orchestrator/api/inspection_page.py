"""The page of an inspection: crops of the frames, the largest contribution first."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.api.inspection import Inspection
from orchestrator.report.images import encoded
from orchestrator.report.render import asset, page
from orchestrator.report.wording import number, percent
from orchestrator.report.write import write_text
from tilecore.numerics.statistics import MAD_TO_SIGMA

__all__ = ["HEAD", "rows", "write_inspection"]

HEAD = ("frame", "adds (ADU)", "signed", "weight", "deviation", "rejected")
# Crops are enlarged to about this number of pixels per side.
SIDE = 128


def rows(found: Inspection, top: int) -> list[tuple[str, ...]]:
    """The rows of the table as text."""
    return [(Path(f.file).name, number(f.adds), f"{f.mean:+.3g}", percent(f.share), number(f.deviation, "σ"), percent(f.rejected))
            for f in found.frames[:top]]


def write_inspection(found: Inspection, name: str, path: Path, top: int) -> Path:
    """One HTML file with the table and the crops, all with one stretch."""
    crops = found.crops[: len(found.frames)]
    sky = float(np.median(found.stack))
    spread = max(MAD_TO_SIGMA * float(np.median([np.median(np.abs(c - np.median(c))) for c in crops])), 1e-9)
    uris = [_crop(c, sky, spread, found.top_down) for c in crops[:top]]
    x0, y0, x1, y1 = found.box
    write_text(path, page("inspect.html.j2", asset("report.css"), "", head=HEAD,
                          rows=list(zip(rows(found, top), uris, strict=True)),
                          stack=_crop(found.stack, sky, spread, found.top_down), count=len(found.frames),
                          title=f"{name} at {x0},{y0} to {x1},{y1}"))
    return path


def _crop(pixels: NDArray[np.float32], sky: float, spread: float, top_down: bool) -> str:
    light = np.clip((pixels - sky + 3 * spread) / (15 * spread), 0, 1)
    grey = np.rint(255 * np.sqrt(light)).astype(np.uint8)
    factor = max(SIDE // max(grey.shape), 1)
    grey = np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_NEAREST), np.uint8)
    return encoded(np.ascontiguousarray(grey if top_down else grey[::-1]), 90)
