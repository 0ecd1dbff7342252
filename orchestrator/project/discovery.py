"""Nights below a project's folder, found by themselves."""

from __future__ import annotations

import re
from pathlib import Path

from orchestrator.session.folders import NOT_RAW, role_of_folder
from orchestrator.session.model import Role

__all__ = ["find_nights"]

# Folders of nights lie so deep below the project's at most (2025/January/Night 1).
DEEPEST = 3
RESULTS = {"runs", "results", "scripts"}


def find_nights(root: Path) -> list[Path]:
    """Folders that hold a folder of lights, in natural order (Session 2 before Session 10); never a night within a night."""
    return _below(root, DEEPEST)


def _below(folder: Path, depth: int) -> list[Path]:
    try:
        inside = sorted((p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")), key=_natural)
    except OSError:
        return []
    if any(role_of_folder(p.name) is Role.LIGHT for p in inside):
        return [folder]
    if depth == 0:
        return []
    return [night for p in inside if p.name.lower() not in NOT_RAW | RESULTS and role_of_folder(p.name) is None
            for night in _below(p, depth - 1)]


def _natural(path: Path) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdigit() else (1, 0, part.lower()) for part in re.split(r"(\d+)", path.name) if part]
