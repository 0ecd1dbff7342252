"""The files that each phase made, and how to bring back those of an earlier phase after a later one changed them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orchestrator.io import fits as fits_io
from orchestrator.io.atomic import whole_file
from orchestrator.rundir.directory import file_hash

__all__ = ["FOLDERS", "STAGES", "Made", "Stamp", "note_made", "restorable", "restore", "snapshot", "unchanged"]

# Stacks of a run, the most finished one first.
STAGES = ("stacked_rgb_pcc", "stacked_rgb_bge", "stacked_bge", "stacked_rgb", "stacked")

# Where phases put what stays: the rest of a run directory is scratch, logs and scripts.
FOLDERS = ("outputs", "artifacts")

# Size, time of change, number of the file on its disk.
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Made:
    """A file as a phase left it. ``path`` is relative to the run directory.

    A FITS file whose pixels stay when a later phase writes a WCS is brought back by its ``header`` (whole blocks of the
    file); any other by ``kept``, a second name of the file (relative as well).
    """

    path: str
    size: int
    mtime_ns: int
    sha256: str
    header: str = ""
    kept: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def snapshot(run: Path) -> dict[str, Stamp]:
    """Every file that phases leave behind, told from what it was before."""
    found = {}
    for folder in FOLDERS:
        for path in (run / folder).rglob("*"):
            if path.is_file() and not path.name.endswith(".part"):
                status = path.stat()
                found[path.relative_to(run).as_posix()] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return found


def note_made(run: Path, before: dict[str, Stamp], keep: Path) -> list[Made]:
    """What was made or changed since ``before``; other files than FITS get a second name in the folder ``keep``."""
    made = []
    for name, stamp in sorted(snapshot(run).items()):
        if before.get(name) == stamp:
            continue
        path, header, kept = run / name, "", ""
        if fits_io.is_fits(path):
            header = _header(path)
        else:
            target = keep / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _second_name(path, target)
            kept = target.relative_to(run).as_posix()
        made.append(Made(name, *stamp[:2], file_hash(path), header, kept))
    return made


def unchanged(run: Path, made: Made) -> bool:
    """Whether the file still is what the phase left."""
    with contextlib.suppress(OSError):
        status = (run / made.path).stat()
        return (status.st_size, status.st_mtime_ns) == (made.size, made.mtime_ns)
    return False


def restorable(run: Path, made: Made) -> bool:
    """Whether :func:`restore` can bring the file back as it was, byte for byte."""
    if unchanged(run, made):
        return True
    try:
        if made.kept:
            return file_hash(run / made.kept) == made.sha256
        return _rebuilt_hash(run / made.path, made) == made.sha256
    except (OSError, ValueError):
        return False


def restore(run: Path, made: Made) -> None:
    """Bring a file back as a phase left it; call :func:`restorable` first."""
    path = run / made.path
    if unchanged(run, made):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if made.kept:
        _second_name(run / made.kept, path)
    else:
        old = _header(path)
        with path.open("rb") as source, whole_file(path) as target:
            source.seek(len(old))
            target.write(made.header.encode("latin-1"))
            shutil.copyfileobj(source, target, 1 << 20)
    os.utime(path, ns=(path.stat().st_atime_ns, made.mtime_ns))


def _second_name(path: Path, target: Path) -> None:
    """The same file under another name, which costs nothing; a copy where the file system knows no such thing."""
    target.unlink(missing_ok=True)
    try:
        os.link(path, target)
    except OSError:
        shutil.copy2(path, target)


def _header(path: Path) -> str:
    """The header blocks of the file's first HDU."""
    text = b""
    with path.open("rb") as stream:
        while block := stream.read(fits_io.BLOCK):
            text += block
            if any(block[i: i + 8] == b"END     " for i in range(0, len(block), fits_io.CARD)):
                return text.decode("latin-1")
    raise ValueError(f"the header of {path} has no end")


def _rebuilt_hash(path: Path, made: Made) -> str:
    """SHA-256 of ``made.header`` and the pixels that are in the file now."""

    digest = hashlib.sha256(made.header.encode("latin-1"))
    with path.open("rb") as stream:
        stream.seek(len(_header(path)))
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
