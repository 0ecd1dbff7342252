"""The checksums that some programs write into FITS headers (DATASUM): frames whose pixels do not match them.

A wrong DATASUM has two causes: the file was damaged, or a program changed the pixels and not the card. Where the sums of the
other frames are right, the file is damaged and is left out; else a warning names the frames.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from astropy.io import fits

from orchestrator.io import fits as fits_io
from orchestrator.io.fits_checksum import ones_complement_sum
from orchestrator.io.frame_path import file_of
from orchestrator.message import Message
from orchestrator.session.model import Exclusion, FrameInfo, Role, Session
from orchestrator.session.watch import Watch, unwatched

__all__ = ["has_wrong_sum", "without_wrong_sums"]

# Bytes at the start of a file in which the card is searched.
HEADERS = 1 << 16
# Bytes summed at once.
CHUNK = 1 << 22
# Frames of a role with the right sum, for each one with a wrong sum, from which the wrong one is taken as damaged.
RIGHT_PER_WRONG = 2
# Files that a warning names.
NAMED = 5
REASON = "its pixels do not match the checksum in its header (DATASUM), those of the other frames do: it is damaged"
REMEDY = "Copy it again."


def has_wrong_sum(path: Path) -> bool | None:
    """Whether the data of a FITS file does not match DATASUM; None without that card, and for files packed with gzip."""
    path = file_of(path)
    with path.open("rb") as stream:
        start = stream.read(HEADERS)
    if b"DATASUM " not in start or not start.startswith(b"SIMPLE"):
        return None
    found: bool | None = None
    with fits_io.quietly(), fits.open(path, disable_image_compression=True, lazy_load_hdus=True) as file:
        for hdu in file:
            stated = str(hdu.header.get("DATASUM", "")).strip()
            where = hdu.fileinfo()
            if stated.isdigit() and where is not None:
                found = bool(found) or _sum(path, where["datLoc"], where["datSpan"]) != int(stated)
    return found


def _sum(path: Path, start: int, size: int) -> int:
    """The sum of 32-bit words in ones' complement (FITS standard 4.0, section 4.4.2.7 and appendix J)."""
    total = 0
    with path.open("rb") as stream:
        stream.seek(start)
        while size > 0 and (chunk := stream.read(min(size, CHUNK))):
            words = np.frombuffer(chunk.ljust(-(-len(chunk) // 4) * 4, b"\0"), ">u4")
            total += int(words.sum(dtype=np.uint64))
            size -= len(chunk)
    return ones_complement_sum(total)


def without_wrong_sums(session: Session, workers: int, least_lights: int, check: Callable[[], None],
                       watch: Watch = unwatched) -> Session:
    """The session without frames that are damaged according to their checksums, with a warning for other wrong sums.

    Parameters
    ----------
    least_lights : lights are left out only while this number remains.
    check : called for each frame; it may raise to stop.
    """
    frames = {role: tuple(dict.fromkeys((*infos, *(i for n in session.nights for i in n.frames.get(role, ())))))
              for role, infos in _roles(session).items()}
    damaged: list[Exclusion] = []
    remarks: list[str] = []
    with ThreadPoolExecutor(workers) as pool:
        for role, infos in frames.items():
            wrong: list[bool | None] = []
            for is_wrong in pool.map(lambda info: _wrong(info, check), infos):
                watch(len(wrong), len(infos), "comparing checksums")
                wrong.append(is_wrong)
            bad = [info.path for info, is_wrong in zip(infos, wrong, strict=True) if is_wrong]
            right = wrong.count(False)
            enough = role is not Role.LIGHT or len(infos) - len(bad) >= least_lights
            if bad and right >= RIGHT_PER_WRONG * len(bad) and enough:
                damaged += [Exclusion(path, REASON, REMEDY) for path in bad]
            elif bad:
                remarks.append(_remark(bad, len(infos), role))
    gone = {e.path for e in damaged}
    session = _without(session, gone) if gone else session
    return replace(session, excluded=(*session.excluded, *damaged), warnings=(*session.warnings, *remarks))


def _roles(session: Session) -> dict[Role, tuple[FrameInfo, ...]]:
    roles = {role: () for night in session.nights for role in night.frames} | dict(session.frames)
    masters = [m for s in (session, *session.nights) for m in s.masters.values()]
    for master in masters:
        roles[master.role] = (*roles.get(master.role, ()), master)
    return roles


def _wrong(info: FrameInfo, check: Callable[[], None]) -> bool | None:
    check()
    try:
        return has_wrong_sum(info.path)
    except (OSError, ValueError, KeyError, TypeError):  # reported when the frame is read
        return None


def _remark(bad: Sequence[Path], count: int, role: Role) -> str:
    names = ", ".join(path.name for path in bad[:NAMED]) + (", ..." if len(bad) > NAMED else "")
    return Message("The pixels of {count} of {count2} {role} frames do not match the DATASUM in their header: {names}. They "
                   "are used. They are damaged, or a program changed them without the card: compare them with another copy.",
                   count=len(bad), count2=count, role=role.value, names=names)


def _without(session: Session, gone: set[Path]) -> Session:
    frames = {role: tuple(i for i in infos if i.path not in gone) for role, infos in session.frames.items()}
    return replace(session, frames={r: f for r, f in frames.items() if f or r is Role.LIGHT},
                   nights=tuple(_without(night, gone) for night in session.nights))
