"""Paths of frames in files that hold many: frame 12 of ``night.ser`` is ``night.ser#0012``.

Everywhere in the program a frame is known by its path. The file of such a path is :func:`file_of`.
"""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["file_of", "frame_path", "number_in_file"]

# Digits of a frame's number, at least.
DIGITS = 4
_NUMBERED = re.compile(r"(?P<file>.+\.(?:ser|fits?|fts|fz|gz))#(?P<number>\d+)", re.IGNORECASE)


def frame_path(file: Path, index: int) -> Path:
    """The path of a frame of a file; ``index`` counts from 0, the number in the path from 1."""
    return file.with_name(f"{file.name}#{index + 1:0{DIGITS}d}")


def file_of(path: Path) -> Path:
    """The file that holds a frame."""
    found = _NUMBERED.fullmatch(path.name)
    return path.with_name(found["file"]) if found else path


def number_in_file(path: Path) -> int | None:
    """The index, from 0, of a frame in a file that holds many; None for the only frame of its file."""
    found = _NUMBERED.fullmatch(path.name)
    return int(found["number"]) - 1 if found else None
