"""Nights below a project's folder, found by themselves."""

from __future__ import annotations

import re
from pathlib import Path

from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.session.folders import NOT_RAW, role_of_folder
from orchestrator.session.headers import role_from_name, role_from_text
from orchestrator.session.layouts import product_reason
from orchestrator.session.model import Role

__all__ = ["find_nights"]

# Folders of nights lie so deep below the project's at most (2025/January/Night 1).
DEEPEST = 3
RESULTS = {"runs", "results", "scripts"}
# So many lights make a folder a night of their own.
FEWEST = 3


def find_nights(root: Path) -> list[Path]:
    """Folders that hold a folder of lights, or below ``root`` lights themselves (those of smart telescopes for example), in
    natural order (Session 2 before Session 10); never a night within a night."""
    return _below(root, DEEPEST)


def _below(folder: Path, depth: int) -> list[Path]:
    try:
        inside = sorted((p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")), key=_natural)
    except OSError:
        return []
    if any(role_of_folder(p.name) is Role.LIGHT for p in inside):
        return [folder]
    if depth < DEEPEST and _holds_lights(folder):
        return [folder]
    if depth == 0:
        return []
    return [night for p in inside if p.name.lower() not in NOT_RAW | RESULTS and role_of_folder(p.name) is None
            for night in _below(p, depth - 1)]


def _holds_lights(folder: Path) -> bool:
    """Whether raw frames lie in the folder itself, lights by their names and by the header of the first."""
    try:
        frames = sorted(p for p in folder.iterdir() if not p.name.startswith(".") and fits_io.is_fits(p) and p.is_file())
        frames = [p for p in frames if role_from_name(p.name) in (None, Role.LIGHT) and product_reason(p.name) is None]
        if len(frames) < FEWEST:
            return False
        return role_from_text(str(fits_io.read_header(frames[0]).get("IMAGETYP", ""))) in (None, Role.LIGHT)
    except (OSError, InputError):
        return False


def _natural(path: Path) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdigit() else (1, 0, part.lower()) for part in re.split(r"(\d+)", path.name) if part]
