"""Names formed from header values, with characters that Siril and all file systems accept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

from orchestrator.session.model import FrameInfo, Role, Session

__all__ = ["master_name", "safe", "stack_name", "unique"]

# Characters of a name; of the camera within a name.
LONGEST = 60
LONGEST_CAMERA = 24


def safe(text: str, default: str = "frames", longest: int = LONGEST) -> str:
    """Only letters, digits and ``_ + -``, beginning with a letter or digit; no dot, which for Siril begins an extension."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Za-z0-9+-]+", "_", plain)[:longest].strip("_+-") or default


def unique(names: Iterable[str]) -> list[str]:
    """The names; repeated ones (in any case) get a number."""
    taken: set[str] = set()
    result = []
    for name in names:
        candidate, number = name, 2
        while candidate.lower() in taken:
            candidate, number = f"{name}_{number}", number + 1
        taken.add(candidate.lower())
        result.append(candidate)
    return result


def master_name(role: Role, frames: Sequence[FrameInfo]) -> str:
    """``master_dark_ASI533_g100_o50_b1x1_60s_-10C_2025-01-15``, as far as the headers have these values."""
    first = frames[0]
    parts = [f"master_{role.value}", *_camera(first)]
    if role is Role.FLAT and first.filter:
        parts.append(first.filter)
    if role in (Role.DARK, Role.DARKFLAT, Role.FLAT):
        parts += _exposure(frames)
    if role is not Role.FLAT and first.temperature is not None:
        parts.append(f"{first.temperature:.0f}C")
    return _joined([*parts, *_date(frames)])


def stack_name(night: str, session: Session) -> str:
    """``night_1_M31_L_40x60s_ASI533_g100_o50_b1x1_2025-01-15_stack``, as far as the headers have these values."""
    lights = session.lights
    named = [i.object for i in lights if i.object]
    exposure = [f"{len(lights)}x{e}" for e in _exposure(lights)] or [f"{len(lights)}_frames"]
    parts = [night, *named[:1], *filter(None, [lights[0].filter]), *exposure, *_camera(lights[0]), *_date(lights), "stack"]
    return _joined(parts)


def _joined(parts: Sequence[str]) -> str:
    return "_".join(part if part[:1] == "-" else safe(part) for part in parts)


def _camera(frame: FrameInfo) -> list[str]:
    parts = [safe(frame.camera, "camera", LONGEST_CAMERA)] if frame.camera else []
    parts += [f"g{frame.gain:.0f}"] if frame.gain is not None else []
    parts += [f"o{frame.offset:.0f}"] if frame.offset is not None else []
    return [*parts, f"b{frame.binning[0]}x{frame.binning[1]}"]


def _exposure(frames: Sequence[FrameInfo]) -> list[str]:
    known = [f.exposure for f in frames if f.exposure is not None]
    return [f"{float(np.median(known)):.6g}s".replace(".", "p")] if known else []


def _date(frames: Sequence[FrameInfo]) -> list[str]:
    """The date of the first frame."""
    known = [f.time for f in frames if f.time is not None]
    return [f"{min(known):%Y-%m-%d}"] if known else []
