"""Masters among the calibration frames: they are never averaged with raw frames."""

from __future__ import annotations

import re

from orchestrator.errors import InputError
from orchestrator.io import frames as frame_files
from orchestrator.io.fits import damage
from orchestrator.message import Message
from orchestrator.session.matching import divided
from orchestrator.session.model import Exclusion, FrameInfo, Role
from orchestrator.session.watch import Watch, unwatched

__all__ = ["pick_master", "split_masters", "without_damaged"]


def split_masters(frames: list[FrameInfo]) -> tuple[list[FrameInfo], list[FrameInfo]]:
    """Raw frames and masters of one role, distinguished by name ("master_dark", "dark_stacked") and header."""
    masters, raw = divided(frames, _is_master)
    return raw, masters


def _is_master(info: FrameInfo) -> bool:
    stem = frame_files.stem_of(info.path)
    if any(word.startswith("master") or word == "stacked" for word in re.split(r"[^a-z]+", stem)):
        return True
    try:
        header = frame_files.read_header(info.path)
    except InputError:
        return False
    kind = str(header.get("IMAGETYP") or header.get("FRAME") or "").lower()
    counts = [header.get(key) for key in ("STACKCNT", "NCOMBINE")]
    return "master" in kind or any(isinstance(count, int | float) and count > 1 for count in counts)


def pick_master(role: Role, masters: list[FrameInfo], excluded: list[Exclusion]) -> FrameInfo | None:
    """The master to use of those that match the lights; the others are added to ``excluded``."""
    if not masters:
        return None
    chosen, *others = masters
    setting = Message("Choose with --set calibration.{role}_master=FILE.", role=role.value)
    excluded += [Exclusion(i.path, Message("{chosen} is used as the master {role}", chosen=chosen.path.name,
                                           role=role.value), setting) for i in others]
    return chosen


def without_damaged(frames: list[FrameInfo], excluded: list[Exclusion], watch: Watch = unwatched, *,
                    masters: bool = False) -> list[FrameInfo]:
    """Calibration frames without those with damaged pixels. Compressed frames are checked when they are decompressed."""
    intact = []
    for done, info in enumerate(frames):
        watch(done, len(frames), f"reading the {info.role.value} frames")
        try:
            reason = "" if info.decompress else damage(frame_files.image_layout(info.path), master=masters,
                                                         bright=info.role is Role.FLAT)
        except InputError as error:
            reason = error.message
        if reason:
            excluded.append(Exclusion(info.path, reason, "Copy it again, or retake it."))
        else:
            intact.append(info)
    return intact
