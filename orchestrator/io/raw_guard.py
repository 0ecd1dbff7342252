"""The guard of raw frames: nothing is written over a raw file or into a folder of raw frames."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from orchestrator.errors import ConfigError
from orchestrator.message import Message

__all__ = ["raw_folder_of", "refuse_folder", "refuse_raw", "refuse_sessions"]

# Names of folders of raw frames, in lower case without spaces, hyphens and underscores.
RAW_FOLDER = re.compile(r"(lights?|darks?|flats?|bias(s?es)?|offsets?|zeros?|darkflats?|flatdarks?|rawframes|rawdata|"
                        r"dwarfraw.*|dwarfdark.*|califrame)")
# Endings of the folders in which a Seestar stores its frames.
SUB_FRAMES = ("_sub", " sub")
# Folders that programs create next to the frames; a session does not read raw frames from them (session/layouts.py).
OUTPUT_FOLDERS = frozenset({"process", "runs", "masters", "outputs", "calibrated", "registered", "truth", "processeddata"})
# The one of them in which a DWARF has a folder of results for each session, with the name of the folder of its raw frames.
DWARF_RESULTS = "processeddata"
# The lock of a run directory, and folders of which it has one: the files below belong to this program.
RUN_LOCK, RUN_FOLDERS = ".lock", ("checkpoints", "logs")
# The folder of the session cache next to the runs, and the prefix of temporary folders.
CACHE_FOLDER = ".session-cache"
SCRATCH = "orchestrate-"
# Endings of files that hold frames.
FRAME_ENDINGS = (".fit", ".fits", ".fts", ".fz", ".xisf", ".ser", ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".sr2", ".dng",
                 ".raf", ".orf", ".rw2", ".pef", ".srw", ".3fr")
COMPRESSED_ENDINGS = (".gz", ".xz", ".bz2", ".zst")
# First bytes of files that hold frames: FITS, XISF, SER.
FRAME_STARTS = (b"SIMPLE  =", b"XISF0100", b"LUCAM-RECORDER")
# First bytes of compressed files (gzip, xz, bzip2, zstd), of TIFF (raw files of cameras among them) and of Canon's CR3.
COMPRESSED_STARTS = (b"\x1f\x8b", b"\xfd7zXZ", b"BZh", b"\x28\xb5\x2f\xfd")
TIFF_STARTS = (b"II*\x00", b"MM\x00*", b"II\x1a\x00", b"FUJIFILM")
TIFF_ENDINGS = (".tif", ".tiff")
# Bytes of a file that are read to recognise it: a block of a FITS header.
HEAD = 2880
# The card of a FITS file that this program wrote.
OURS = re.compile(rb"PROGRAM = 'orchestrate")


def refuse_raw(path: Path, *, replaces: bool = False) -> None:
    """Raise ConfigError if a file at ``path`` would replace a frame or would be in a folder of raw frames.

    Links are followed. Files in run directories, and FITS files that this program wrote, may be replaced.

    Parameters
    ----------
    replaces : the user named this FITS file to be changed; in a folder of raw frames it is refused nevertheless.
    """
    real = Path(os.path.realpath(path))
    if (folder := raw_folder_of(real.parent)) is not None:
        raise ConfigError(Message("{path} would be written to {folder}, a folder of raw frames.", path=path, folder=folder),
                          "Nothing is written to folders of raw frames: choose another location.")
    if real.is_dir():
        raise ConfigError(Message("{path} is a folder.", path=path), "Give the name of a file.")
    if not replaces and (is_frame(path) or is_frame(real)) and not _is_own(real):
        raise ConfigError(Message("{path} exists and holds a frame or an image that this program did not write.", path=path),
                          "Choose another name, or move that file first.")


def refuse_sessions(roots: Iterable[Path], targets: Iterable[Path | None]) -> None:
    """Raise ConfigError if one of the targets is inside one of the sessions, or is refused by :func:`refuse_raw`."""
    folders = [(root, Path(os.path.realpath(root.expanduser()))) for root in roots]
    for target in (t for t in targets if t is not None):
        real = Path(os.path.realpath(target.expanduser()))
        inside = next((root for root, folder in folders if real.is_relative_to(folder)), None)
        if inside is not None:
            raise ConfigError(Message("{target} is in the session {inside}; session folders are never written to.",
                                      target=target, inside=inside),
                              "Choose a location outside the session.")
        if real.is_dir():
            refuse_folder(target)
        else:
            refuse_raw(target)


def refuse_folder(folder: Path) -> None:
    """Raise ConfigError if ``folder``, in which files are to be written, is a folder of raw frames or inside one."""
    if (raw := raw_folder_of(Path(os.path.realpath(folder)))) is not None:
        raise ConfigError(Message("{folder} is a folder of raw frames.",
                                  folder=folder) if raw == Path(os.path.realpath(folder)) else
                          Message("{folder} is in {raw}, a folder of raw frames.", folder=folder, raw=raw),
                          "Nothing is written to folders of raw frames: choose another location.")


def raw_folder_of(folder: Path) -> Path | None:
    """The folder of raw frames in which ``folder`` is, or which it is; None if there is none.

    A folder of raw frames has the name of a role, such as lights, and frames: in it, or in a folder between it and ``folder``.
    """
    chain = [folder, *folder.parents]
    if not any(_names_raw(part) for part in chain):
        return None
    own = [k for k, part in enumerate(chain) if _is_run(part) or part.name == CACHE_FOLDER]
    frames = False
    for part in chain[own[-1] + 1 if own else 0:]:
        if part.name.lower() in OUTPUT_FOLDERS:
            frames = False
            continue
        frames = frames or _has_frames(part)
        if frames and _names_raw(part):
            return part
    return None


def is_frame(path: Path) -> bool:
    """Whether a file holds a frame according to its first bytes."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            start = stream.read(max(map(len, FRAME_STARTS)))
    except OSError:
        return False
    name = path.name.lower()
    if start.startswith(COMPRESSED_STARTS):
        return any(name.endswith(ending + packed) for ending in FRAME_ENDINGS for packed in COMPRESSED_ENDINGS)
    if start.startswith(TIFF_STARTS):  # a raw file of a camera; pictures in TIFF format may be replaced
        return not name.endswith(TIFF_ENDINGS)
    return start.startswith(FRAME_STARTS) or start[4:12] == b"ftypcrx "


def _is_own(path: Path) -> bool:
    """Whether this program wrote a file: it is in a run directory or in the session cache, or its header names the program."""
    if any(_is_run(part) or part.name == CACHE_FOLDER or part.name.startswith(SCRATCH) for part in path.parents):
        return True
    with contextlib.suppress(OSError), path.open("rb") as stream:
        block = stream.read(HEAD)
        while block:
            if OURS.search(block):
                return True
            if b"END     " in {block[i: i + 8] for i in range(0, len(block), 80)}:
                return False
            block = stream.read(HEAD)
    return False


def _names_raw(folder: Path) -> bool:
    name = folder.name.lower()
    if folder.parent.name.lower() == DWARF_RESULTS:
        return False
    return name.endswith(SUB_FRAMES) or RAW_FOLDER.fullmatch(re.sub(r"[ _-]", "", name)) is not None


def _is_run(folder: Path) -> bool:
    return (folder / RUN_LOCK).exists() and any((folder / name).is_dir() for name in RUN_FOLDERS)


def _has_frames(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(_frame_name(entry.name) for entry in entries)
    except OSError:
        return False


def _frame_name(name: str) -> bool:
    lowered = name.lower()
    for ending in COMPRESSED_ENDINGS:
        lowered = lowered.removesuffix(ending)
    return lowered.endswith(FRAME_ENDINGS)
