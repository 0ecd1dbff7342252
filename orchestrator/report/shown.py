"""Which frames a page shows if there are too many for it: in each part of the session those with the extreme values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from orchestrator.report.model import FrameRow
from orchestrator.report.wording import mean

__all__ = ["MOST_SHOWN", "envelope", "frames_shown", "thinned"]

# Frames of which a page has thumbnail, row and points: with the largest thumbnails it stays below 15 MB.
MOST_SHOWN = 600
# Of these, frames that are not in the stack.
MOST_LEFT_OUT = 150
# Points of a smooth curve.
CURVE_POINTS = 400
# Quantities over frames whose smallest and largest values are shown.
PLOTTED = ("weight", "fwhm", "wfwhm", "roundness", "stars", "background", "noise", "gradient", "transparency", "quality",
           "matched", "residual", "dx", "dy", "rotation")
# Factor by which the number of parts falls until their extremes are few enough.
FEWER = 0.8


def frames_shown(rows: Sequence[FrameRow]) -> list[int]:
    """Positions of the frames to show: all, or at most MOST_SHOWN.

    The session is divided into equal parts; the frames with the smallest and the largest value of each quantity in each part are
    shown, so that no outlier is missed and lines through the points are the envelopes. Of the frames that are not in the stack
    some are shown, evenly spaced.
    """
    if len(rows) <= MOST_SHOWN:
        return list(range(len(rows)))
    out = np.array([i for i, r in enumerate(rows) if not r.kept], np.int64)
    chosen = set(out[_even(len(out), MOST_LEFT_OUT)].tolist())
    used = np.array([i for i, r in enumerate(rows) if r.kept], np.int64)
    values = [np.array([np.nan if (v := mean(getattr(rows[i], name))) is None else v for i in used.tolist()], np.float64)
              for name in PLOTTED]
    values = [v for v in values if np.isfinite(v).any()]
    room, parts = MOST_SHOWN - len(chosen), MOST_SHOWN
    while len(extremes := _extremes(values, len(used), parts)) > room and parts > 1:
        parts = int(FEWER * parts)
    return sorted(chosen | set(used[extremes[:room]].tolist()))


def _extremes(values: Sequence[NDArray[np.float64]], count: int, parts: int) -> NDArray[np.int64]:
    """Positions of the smallest and largest values in each of the parts of ``count`` frames, and the first frame of each part."""
    edges = np.linspace(0, count, min(parts, max(count, 1)) + 1).astype(int)
    found = set(edges[:-1].tolist()) if count else set()
    for array in values:
        low, high = np.nan_to_num(array, nan=np.inf), np.nan_to_num(array, nan=-np.inf)
        for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if np.isfinite(low[a:b]).any():
                found |= {a + int(np.argmin(low[a:b])), a + int(np.argmax(high[a:b]))}
    return np.array(sorted(found), np.int64)


def envelope(values: Sequence[float | None]) -> list[int]:
    """Positions of the points of a line to draw: all, or the smallest and the largest value in each of CURVE_POINTS parts."""
    if len(values) <= MOST_SHOWN:
        return list(range(len(values)))
    known = np.array([np.nan if v is None else v for v in values], np.float64)
    return [int(i) for i in _extremes([known], len(values), CURVE_POINTS)]


def thinned(count: int) -> NDArray[np.int64]:
    """Positions of the points of a smooth curve of ``count`` points that are drawn, the first and the last among them."""
    return _even(count, CURVE_POINTS)


def _even(count: int, most: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64)) if count else np.zeros(0, np.int64)
