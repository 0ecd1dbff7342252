"""Lights that are no longer linear, or have another scale than the others: stacking needs them as the camera wrote them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orchestrator.io import frames as frame_files
from orchestrator.io.fits import FULL_SCALE
from orchestrator.message import Message
from orchestrator.session.model import Exclusion, FrameInfo
from orchestrator.session.row_order import as_read
from orchestrator.session.watch import Watch, unwatched
from tilecore.calibrate.consistency import binary_step

__all__ = ["without_stretched"]

# Median, as a fraction of the full range, above which a light is stretched (or a flat): a linear light has a dark sky.
STRETCHED_MEDIAN = 0.5
# A light is also stretched if its median is above this multiple of the median of all lights ...
STRETCHED_RATIO = 4.0
# ... and above this fraction of the full range, the level of an autostretch: moonlight alone does not reach both.
STRETCHED_FLOOR = 0.12
# BITPIX of frames whose values have a step.
SIXTEEN_BITS = 16
# Rows in the middle of a frame on which its median is measured.
SAMPLE_ROWS = 8
# Levels of lights of two bit depths differ by the ratio of the steps of their values, within this factor.
SCALE_AGREEMENT = 1.25
# Words in HISTORY that name a stretch.
STRETCH_WORDS = ("autostretch", "histogram transf", "asinh", "arcsinh", "midtones", "ght ", "stretched")


def without_stretched(lights: list[FrameInfo], excluded: list[Exclusion], warnings: list[str],
                      watch: Watch = unwatched) -> list[FrameInfo]:
    """The lights without those that are not linear, according to their HISTORY, their level, or the level of the others, and
    without those of a camera that were written with another bit depth than most."""
    looks = {}
    for done, info in enumerate(lights):
        watch(done, len(lights), "looking at the lights")
        looks[info.path] = _look(info)
    usual = float(np.median([look.median for look in looks.values() if look.median is not None] or [0.0]))
    kept: list[FrameInfo] = []
    other_scale = _other_scale(lights, looks)
    for info in lights:
        if info.path in other_scale:
            excluded.append(Exclusion(info.path, other_scale[info.path],
                                      "Stack it in a separate run, with calibration frames of its bit depth."))
            continue
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
    """The HISTORY of a light in lower case, and the median of some rows in the middle, None for compressed frames.

    ``step`` is the largest power of two that divides their integer values, 0 if not known.
    """

    history: str
    median: float | None
    step: int = 0


def _look(info: FrameInfo) -> _Look:
    header, layout = frame_files.header_and_layout(info.path)
    middle = info.shape[-2] // 2
    history = " ".join(str(h) for h in header.get("HISTORY", [])).lower()
    if layout is None:
        return _Look(history, None)
    rows = as_read(info, layout).read(middle, middle + SAMPLE_ROWS)
    step = binary_step(np.rint(rows * FULL_SCALE).astype(np.int64)) if info.bitpix == SIXTEEN_BITS else 0
    return _Look(history, float(np.median(rows)), step)


def _other_scale(lights: list[FrameInfo], looks: Mapping[Path, _Look]) -> dict[Path, str]:
    """Why lights were written with another bit depth than most of their camera: their values have another step, and their level
    differs by as much."""
    found: dict[Path, str] = {}
    for camera in {i.camera for i in lights}:
        known = [i for i in lights if i.camera == camera and looks[i.path].step and looks[i.path].median]
        counts = Counter(looks[i.path].step for i in known)
        if len(counts) < 2:
            continue
        usual = min(counts, key=lambda step: (-counts[step], step))
        level = float(np.median([looks[i.path].median or 0.0 for i in known if looks[i.path].step == usual]))
        for info in known:
            look = looks[info.path]
            ratio, times = look.step / usual, (look.median or 0.0) / level
            if ratio != 1 and 1 / SCALE_AGREEMENT < times / ratio < SCALE_AGREEMENT:
                found[info.path] = Message("its values are multiples of {step}, those of the other lights of {usual}, and its "
                                           "level differs by as much: it has another bit depth", step=look.step, usual=usual)
    return found


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
