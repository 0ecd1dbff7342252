"""Lights that are no longer linear: stacking needs the frames as the camera wrote them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestrator.io import frames as frame_files
from orchestrator.message import Message
from orchestrator.session.model import Exclusion, FrameInfo
from orchestrator.session.row_order import as_read
from orchestrator.session.watch import Watch, unwatched

__all__ = ["without_stretched"]

# Median, as a fraction of the full range, above which a light is stretched (or a flat): a linear light has a dark sky.
STRETCHED_MEDIAN = 0.5
# A light is also stretched if its median is above this multiple of the median of all lights ...
STRETCHED_RATIO = 4.0
# ... and above this fraction of the full range, the level of an autostretch: moonlight alone does not reach both.
STRETCHED_FLOOR = 0.12
# Rows in the middle of a frame on which its median is measured.
SAMPLE_ROWS = 8
# Words in HISTORY that name a stretch.
STRETCH_WORDS = ("autostretch", "histogram transf", "asinh", "arcsinh", "midtones", "ght ", "stretched")


def without_stretched(lights: list[FrameInfo], excluded: list[Exclusion], warnings: list[str],
                      watch: Watch = unwatched) -> list[FrameInfo]:
    """The lights without those that are not linear, according to their HISTORY, their level, or the level of the others."""
    looks = {}
    for done, info in enumerate(lights):
        watch(done, len(lights), "looking at the lights")
        looks[info.path] = _look(info)
    usual = float(np.median([look.median for look in looks.values() if look.median is not None] or [0.0]))
    kept = []
    for info in lights:
        reason = _stretch_reason(looks[info.path], usual)
        if reason:
            excluded.append(Exclusion(info.path, reason, "Give the raw, linear frame."))
        else:
            kept.append(info)
    if kept and usual > STRETCHED_FLOOR:
        warnings.append(Message("The sky of the lights is at {usual:.2f} of the full range, as in stretched frames. Stacking "
                                "needs the frames as the camera wrote them; under a very bright sky they may be linear.",
                                usual=usual))
    return kept


@dataclass(frozen=True)
class _Look:
    """The HISTORY of a light in lower case, and the median of some rows in the middle; None for compressed frames."""

    history: str
    median: float | None


def _look(info: FrameInfo) -> _Look:
    header, layout = frame_files.header_and_layout(info.path)
    middle = info.shape[-2] // 2
    median = None if layout is None else float(np.median(as_read(info, layout).read(middle, middle + SAMPLE_ROWS)))
    return _Look(" ".join(str(h) for h in header.get("HISTORY", [])).lower(), median)


def _stretch_reason(look: _Look, usual: float) -> str:
    median = look.median
    if any(word in look.history for word in STRETCH_WORDS):
        return "according to its HISTORY it was stretched"
    if median is None:
        return ""
    if median > STRETCHED_MEDIAN:
        return Message("its median is {median:.2f} of the full range: stretched, overexposed, or a flat", median=median)
    if median > STRETCHED_RATIO * usual and median > STRETCHED_FLOOR:
        return Message("its median is {median:.2f} of the full range, that of the other lights {usual:.3f}: it looks stretched",
                       median=median, usual=usual)
    return ""
