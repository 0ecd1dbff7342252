"""Files in the folders of a session that cannot be read as frames: they are named, with what they are and the way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator.io.frames import is_frame, stem_of
from orchestrator.message import Message
from orchestrator.session.folders import role_of_folder
from orchestrator.session.layouts import MAX_DEPTH, NOT_RAW

__all__ = ["other_formats"]

# Developed pictures of a kind beside frames from which they are named; fewer are previews.
LEAST_PICTURES = 3


@dataclass(frozen=True)
class _Kind:
    """Files with these suffixes, what they are and what to do. ``pictures``: programs write them beside frames as previews.
    ``anywhere``: they are named also in folders whose names give no role."""

    suffixes: tuple[str, ...]
    advice: str
    pictures: bool = False
    anywhere: bool = False


KINDS = (
    _Kind((".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"), "JPEG, PNG and the like hold developed pictures with 8 bits, not "
          "linear light: give the raw files of the camera (set it to RAW).", pictures=True),
    _Kind((".heic", ".heif", ".avif"), "HEIC is the developed picture of a phone, not linear light: record raw files (DNG).",
          pictures=True),
    _Kind((".mp4", ".mov", ".m4v", ".mkv", ".webm", ".mts"), "Compressed video is not linear light: record SER or single raw "
          "frames.", pictures=True),
    _Kind((".avi",), "AVI files that a camera program recorded without compression: convert them to SER with Siril or PIPP.",
          anywhere=True),
    _Kind((".x3f",), "X3F files of Sigma cameras have three layers for each pixel: convert them to linear 16-bit TIFF or DNG "
          "with the program of the camera.", anywhere=True),
    _Kind((".xosm",), "XOSM is a project of PixInsight: save its images as XISF or FITS.", anywhere=True),
    _Kind((".bz2", ".xz", ".zst", ".zip", ".7z", ".rar"), "Unpack compressed files; .gz and .fz are read as they are."),
)


def other_formats(roots: Sequence[Path]) -> str:
    """A sentence on the files in folders of frames that are not frames in a format that can be read; "" if there are none.

    Files next to a frame of the same name are copies or previews of it, and are passed over.
    """
    counts: dict[str, Counter[str]] = {}
    for root in roots:
        for folder, role_known in _folders(root):
            if found := _others(folder, role_known):
                counts.setdefault(f"{folder.name}/", Counter()).update(found)
    if not counts:
        return ""
    listing = ", ".join(f"{n} {suffix} in {folder}" for folder, found in counts.items() for suffix, n in sorted(found.items()))
    suffixes = {suffix.lower() for found in counts.values() for suffix in found}
    return Message("Not used: {listing}. {advice}", listing=listing,
                   advice=" ".join(kind.advice for kind in KINDS if suffixes & set(kind.suffixes)))


def _folders(root: Path) -> Iterator[tuple[Path, bool]]:
    """The folders of a session that may hold frames, and whether their names give a role."""
    own = role_of_folder(root.name) is not None
    inside = list(_with_roles(root, MAX_DEPTH))
    if own or not inside:
        yield root, own
    yield from ((folder, True) for folder in inside)


def _with_roles(folder: Path, depth: int, *, known: bool = False) -> Iterator[Path]:
    """The folders below ``folder`` that are named after a role, and those inside of them."""
    try:
        inside = sorted(p for p in folder.iterdir() if p.is_dir() and not p.is_symlink() and not p.name.startswith("."))
    except OSError:  # reported by the scan
        return
    for sub in inside:
        if sub.name.lower() in NOT_RAW:
            continue
        named = known or role_of_folder(sub.name) is not None
        if named:
            yield sub
        if depth:
            yield from _with_roles(sub, depth - 1, known=named)


def _others(folder: Path, role_known: bool) -> Counter[str]:
    """How many files of each suffix in a folder are to be named."""
    try:
        files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    except OSError:
        return Counter()
    frames = {stem_of(p) for p in files if is_frame(p)}
    found: Counter[str] = Counter()
    for kind in KINDS:
        if not (role_known or kind.anywhere):
            continue
        # Devices add to the name of the frame: Light_0001.fit, Light_0001_thn.jpg.
        own = Counter(p.suffix for p in files if p.suffix.lower() in kind.suffixes and not _belongs_to(stem_of(p), frames))
        if not kind.pictures or not frames or own.total() >= LEAST_PICTURES:
            found += own
    return found


def _belongs_to(stem: str, frames: set[str]) -> bool:
    return stem in frames or any(stem[:n] in frames for n, letter in enumerate(stem) if letter in "_-. ")
