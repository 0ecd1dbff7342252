"""Duplicate lights of a session: a copy of a file is not a second exposure."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from orchestrator.message import Message
from orchestrator.session.folders import content_of
from orchestrator.session.model import Exclusion, FrameInfo

__all__ = ["copies_of", "without_copies"]


def copies_of(lights: Iterable[FrameInfo]) -> dict[Path, Path]:
    """Copy -> the first light with the same content. Only files with equal time and size are compared."""
    candidates: dict[object, list[Path]] = defaultdict(list)
    for info in lights:
        candidates[info.time, info.shape].append(info.path)
    copies: dict[Path, Path] = {}
    for paths in (p for p in candidates.values() if len(p) > 1):
        first: dict[str, Path] = {}
        for path in paths:
            with contextlib.suppress(OSError):
                if (original := first.setdefault(content_of(path), path)) != path:
                    copies[path] = original
    return copies


def without_copies(lights: Iterable[FrameInfo], copies: Mapping[Path, Path], excluded: list[Exclusion]) -> list[FrameInfo]:
    """The lights that are not copies; the others are added to ``excluded``."""
    kept = []
    for info in lights:
        if (original := copies.get(info.path)) is None:
            kept.append(info)
        else:
            excluded.append(Exclusion(info.path, Message("it is a copy of a light in {parent}",
                                                         parent=original.parent), "Remove one of the two."))
    return kept
