"""Lights that are not linear any more: stacking needs the frames as the camera wrote them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestrator.io import fits as fits_io
from orchestrator.session.model import Exclusion, FrameInfo

__all__ = ["without_stretched"]

# A linear light has a dark sky; above this share of the range it is stretched (or a flat).
STRETCHED_MEDIAN = 0.5
# So is one that is so many times brighter than its neighbours, and at an autostretch's level: moonlight does not do that.
STRETCHED_BESIDE, STRETCHED_LEAST = 4.0, 0.12
STRETCH_WORDS = ("autostretch", "histogram transf", "asinh", "arcsinh", "midtones", "ght ", "stretched")


def without_stretched(lights: list[FrameInfo], excluded: list[Exclusion], warnings: list[str]) -> list[FrameInfo]:
    """Lights less those that are not linear: so say their HISTORY, their level, or the level of the others."""
    looks = {info.path: _look(info) for info in lights}
    usual = float(np.median([look.median for look in looks.values() if look.median is not None] or [0.0]))
    kept = []
    for info in lights:
        reason = _stretch_reason(looks[info.path], usual)
        if reason:
            excluded.append(Exclusion(info.path, reason, "Give the raw, linear frame."))
        else:
            kept.append(info)
    if kept and usual > STRETCHED_LEAST:
        warnings.append(f"The sky of the lights lies at {usual:.2f} of the full range: frames that were stretched look so. "
                        "Stacking needs the frames as the camera wrote them; under a very bright sky they may be linear.")
    return kept


@dataclass(frozen=True)
class _Look:
    """The HISTORY of a light in small letters, and the median of some rows in the middle; None for compressed frames."""

    history: str
    median: float | None


def _look(info: FrameInfo) -> _Look:
    header, layout = fits_io.header_and_layout(info.path)
    middle = info.shape[-2] // 2
    median = None if layout is None else float(np.median(layout.read(middle, middle + 8)))
    return _Look(" ".join(str(h) for h in header.get("HISTORY", [])).lower(), median)


def _stretch_reason(look: _Look, usual: float) -> str:
    median = look.median
    if any(word in look.history for word in STRETCH_WORDS):
        return "its HISTORY says that it was stretched"
    if median is None:
        return ""
    if median > STRETCHED_MEDIAN:
        return f"its median is {median:.2f} of the full range: stretched, overexposed, or a flat"
    if median > STRETCHED_BESIDE * usual and median > STRETCHED_LEAST:
        return f"its median is {median:.2f} of the full range, that of the other lights {usual:.3f}: it looks stretched"
    return ""
