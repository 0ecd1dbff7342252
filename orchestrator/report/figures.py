"""The maps of a report as PNG files beside its JSON: ``artifacts/figures``."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.io.raw_guard import refuse_raw
from orchestrator.report.images import NO_DATA
from orchestrator.report.model import Figure, Report
from orchestrator.report.preview import write_png

__all__ = ["write_figures"]

# Longer side (px) to which maps of few tiles are enlarged.
SIDE = 480


def write_figures(report: Report, folder: Path) -> list[Path]:
    """Write each map of a report as ``SECTION_TITLE.png``, row 0 at the top of the picture; black where there are no data.

    Raises
    ------
    RunError : a file cannot be written.
    """
    made = []
    for name, figure in _maps(report):
        path = folder / f"{name}.png"
        refuse_raw(path)
        folder.mkdir(parents=True, exist_ok=True)
        write_png(path, _coloured(figure))
        made.append(path)
    return made


def _maps(report: Report) -> Iterator[tuple[str, Figure]]:
    for section in report.sections:
        for figure in section.figures:
            if figure.kind == "map":
                yield re.sub(r"[^a-z0-9]+", "_", f"{section.id} {figure.title}".lower()).strip("_"), figure


def _coloured(figure: Figure) -> NDArray[np.uint8]:
    """A map (h, w, 3) in colour, small ones enlarged without interpolation."""
    data = figure.data
    values = np.frombuffer(base64.b64decode(data["values"]), np.uint8).reshape(data["h"], data["w"])
    factor = max(SIDE // max(values.shape), 1)
    large = np.kron(values, np.ones((factor, factor), np.uint8))
    coloured = cv2.cvtColor(cv2.applyColorMap(large, cv2.COLORMAP_VIRIDIS), cv2.COLOR_BGR2RGB)
    coloured[large == NO_DATA] = 0
    return np.ascontiguousarray(coloured, np.uint8)
