"""The footprints of the frames of a mosaic on its canvas, and their panels: ``artifacts/mosaic.json``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from orchestrator.engines.base import FrameSet
from orchestrator.io.json_files import write_json
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.field_geometry import Mosaic, outline, panels_of

__all__ = ["write_footprints"]

# Most points of an outline that are written; those of a straight one are its corners.
POINTS = 16


def write_footprints(path: Path, frames: FrameSet, plan: CanvasPlan, mosaic: Mosaic | None) -> None:
    """Write the outline of each usable frame in pixels of the canvas, counted from 0, and the number of its panel, from 1.

    Without a mosaic there is no file.
    """
    if mosaic is None:
        path.unlink(missing_ok=True)
        return
    rows = []
    for frame, panel in zip(frames.usable, panels_of(frames).tolist(), strict=True):
        border = outline(frame, plan.sky, first=-0.5)
        border = border[:: max(len(border) // POINTS, 1)] - np.array(plan.origin)
        rows.append({"file": str(frame.info.path), "panel": panel + 1, "outline": np.round(border, 1).tolist()})
    write_json(path, {"fields": list(mosaic.fields), "depth": mosaic.depth, "canvas_shape": list(plan.shape), "frames": rows})
