"""The files that each phase wrote, and how to restore those of one phase after a later one changed them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from orchestrator.io import fits as fits_io
from orchestrator.io.atomic import whole_file
from orchestrator.rundir.directory import file_hash

__all__ = ["FOLDERS", "STAGES", "OutputFile", "Stamp", "record_outputs", "restorable", "restore", "snapshot", "unchanged"]

# Names of the stacks of a run, the most finished one first.
STAGES = ("stacked_rgb_pcc", "stacked_rgb_bge", "stacked_bge", "stacked_rgb", "stacked")

# Folders for the results of phases; the rest of a run directory is scratch, logs and scripts.
FOLDERS = ("outputs", "artifacts")

# Size in bytes, modification time in ns, inode.
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class OutputFile:
    """A file as a phase left it. ``path`` is relative to the run directory.

    If only the header of a FITS file changes later (a WCS), the file is restored from ``header`` (whole blocks of the file); any
    other file is restored from ``kept``, a hard link to it (also a relative path).
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
    """All result files of the run with their stamps."""
    found = {}
    for folder in FOLDERS:
        for path in (run / folder).rglob("*"):
            if path.is_file() and not path.name.endswith(".part"):
                status = path.stat()
                found[path.relative_to(run).as_posix()] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return found


def record_outputs(run: Path, before: dict[str, Stamp], keep: Path) -> list[OutputFile]:
    """The files written or changed since ``before``; those that are not FITS get a hard link in the folder ``keep``."""
    files = []
    for name, stamp in sorted(snapshot(run).items()):
        if before.get(name) == stamp:
            continue
        path, header, kept = run / name, "", ""
        if fits_io.is_fits(path):
            header = _header(path)
        else:
            target = keep / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _link_or_copy(path, target)
            kept = target.relative_to(run).as_posix()
        files.append(OutputFile(name, *stamp[:2], file_hash(path), header, kept))
    return files


def unchanged(run: Path, file: OutputFile) -> bool:
    """Whether the file is still as the phase left it, by size, time and content."""
    with contextlib.suppress(OSError):
        path = run / file.path
        status = path.stat()
        return (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns) and \
            _hash(path, (status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns)) == file.sha256
    return False


@lru_cache(maxsize=4096)
def _hash(path: Path, stamp: tuple[int, ...]) -> str:
    """SHA-256 of a file with this stamp: a file that was read once is read again only if it has changed."""
    return file_hash(path)


def restorable(run: Path, file: OutputFile) -> bool:
    """Whether :func:`restore` can restore the file byte for byte."""
    if unchanged(run, file):
        return True
    try:
        if file.kept:
            return file_hash(run / file.kept) == file.sha256
        return _rebuilt_hash(run / file.path, file) == file.sha256
    except (OSError, ValueError):
        return False


def restore(run: Path, file: OutputFile) -> None:
    """Restore a file as a phase left it; check :func:`restorable` first."""
    path = run / file.path
    if unchanged(run, file):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if file.kept:
        _link_or_copy(run / file.kept, path)
    else:
        old = _header(path)
        with path.open("rb") as source, whole_file(path, guarded=False) as target:
            source.seek(len(old))
            target.write(file.header.encode("latin-1"))
            shutil.copyfileobj(source, target, 1 << 20)
    os.utime(path, ns=(path.stat().st_atime_ns, file.mtime_ns))


def _link_or_copy(path: Path, target: Path) -> None:
    """A hard link to a file, or a copy if the file system has no hard links."""
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


def _rebuilt_hash(path: Path, file: OutputFile) -> str:
    """SHA-256 of ``file.header`` and the pixels that are in the file now."""
    digest = hashlib.sha256(file.header.encode("latin-1"))
    with path.open("rb") as stream:
        stream.seek(len(_header(path)))
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
