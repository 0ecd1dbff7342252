"""Exposures of a session compared with one another: values in milliseconds among values in seconds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from orchestrator.errors import InputError
from orchestrator.io import frames as frame_files
from orchestrator.message import Message
from orchestrator.session.model import FrameInfo, Role
from orchestrator.session.row_order import as_read

__all__ = ["in_seconds"]

# No night is longer (s): a number above it is in milliseconds. Stacks that are stacked again may have several hours.
LONGEST = 43200.0
MILLI = 1e-3
# Relative difference up to which an exposure is a thousandth of another.
TOLERANCE = 0.02
# Lights whose levels differ by less than this factor have one exposure, if their exposures differ 1000-fold.
SAME_LEVEL = 1.5
# Rows in the middle of a frame on which its level is measured.
SAMPLE_ROWS = 8


def in_seconds(frames: Sequence[FrameInfo], warnings: list[str]) -> list[FrameInfo]:
    """The frames with exposures in seconds; values that are 1000 times too large or too small beside the others are corrected,
    with a warning that names them."""
    corrected: dict[Path, float] = {}
    too_long = [i for i in frames if i.exposure is not None and i.exposure > LONGEST]
    corrected |= {i.path: MILLI * (i.exposure or 0) for i in too_long}
    if too_long:
        warnings.append(Message("The exposure of {too_long} is {exposure:g} s, longer than any: it is taken as milliseconds.",
                                too_long=_names(too_long), exposure=too_long[0].exposure))
    groups: dict[tuple[object, ...], list[FrameInfo]] = defaultdict(list)
    for info in frames:
        if info.role is Role.LIGHT and info.exposure and info.path not in corrected:
            groups[info.camera, info.gain, info.filter, info.shape].append(info)
    for group in groups.values():
        corrected |= _odd_ones(group, warnings)
    return [replace(i, exposure=corrected[i.path]) if i.path in corrected else i for i in frames]


def _odd_ones(lights: list[FrameInfo], warnings: list[str]) -> dict[Path, float]:
    """Lights whose exposure is 1000 times, or a thousandth of, that of most others, while their level is the same."""
    usual = Counter(i.exposure for i in lights).most_common(1)[0][0]
    if usual is None:
        return {}
    found: dict[Path, float] = {}
    for factor in (MILLI, 1 / MILLI):
        odd = [i for i in lights if i.exposure and abs(i.exposure * factor / usual - 1) < TOLERANCE]
        reference = next((i for i in lights if i.exposure == usual), None)
        if not odd or reference is None or (level := _level(reference)) is None:
            continue
        same = [i for i in odd if (own := _level(i)) is not None and 1 / SAME_LEVEL < own / level < SAME_LEVEL]
        if same:
            warnings.append(Message("The exposure of {same} is {exposure:g} s, that of the other lights {usual:g} s, at the "
                                    "same level of the sky: {usual:g} s is used.", same=_names(same),
                                    exposure=same[0].exposure, usual=usual))
            found |= {i.path: usual for i in same}
    return found


def _level(info: FrameInfo) -> float | None:
    """The median of some rows in the middle of a frame; None if it is not positive or cannot be read."""
    if info.decompress:
        return None
    try:
        middle = info.shape[-2] // 2
        level = float(np.median(as_read(info, frame_files.image_layout(info.path)).read(middle, middle + SAMPLE_ROWS)))
    except InputError:  # reported when the frame is used
        return None
    return level if level > 0 else None


def _names(frames: Sequence[FrameInfo]) -> str:
    return frames[0].path.name + (Message(" and {count} more", count=len(frames) - 1) if len(frames) > 1 else "")
