"""Automatic search for nights below the folder of a project."""

from __future__ import annotations

import re
from pathlib import Path

from orchestrator.errors import InputError
from orchestrator.io import frames as frame_files
from orchestrator.session.folders import NOT_RAW, role_of_folder
from orchestrator.session.headers import role_from_name, role_from_text
from orchestrator.session.layouts import product_reason
from orchestrator.session.model import Role

__all__ = ["find_nights"]

# Maximum depth of a night below the folder of the project (2025/January/Night 1).
MAX_DEPTH = 3
RESULTS = {"runs", "results", "scripts"}
# Number of lights from which a folder without a lights folder counts as a night.
MIN_LIGHTS = 3


def find_nights(root: Path) -> list[Path]:
    """Folders that contain a folder of lights, or (below ``root``) lights directly, as those of smart telescopes do. In natural
    order (Session 2 before Session 10); never a night within a night."""
    return _below(root, MAX_DEPTH)


def _below(folder: Path, depth: int) -> list[Path]:
    try:
        inside = sorted((p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")), key=_natural)
    except OSError:
        return []
    if any(role_of_folder(p.name) is Role.LIGHT for p in inside):
        return [folder]
    if depth < MAX_DEPTH and _holds_lights(folder):
        return [folder]
    if depth == 0:
        return []
    return [night for p in inside if p.name.lower() not in NOT_RAW | RESULTS and role_of_folder(p.name) is None
            for night in _below(p, depth - 1)]


def _holds_lights(folder: Path) -> bool:
    """Whether the folder itself contains lights, judging by the file names and the header of the first file."""
    try:
        frames = sorted(p for p in folder.iterdir() if not p.name.startswith(".") and frame_files.is_frame(p) and p.is_file())
        frames = [p for p in frames if role_from_name(p.name) in (None, Role.LIGHT) and product_reason(p.name) is None]
        if len(frames) < MIN_LIGHTS:
            return False
        return role_from_text(str(frame_files.read_header(frames[0]).get("IMAGETYP", ""))) in (None, Role.LIGHT)
    except (OSError, InputError):
        return False


def _natural(path: Path) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdigit() else (1, 0, part.lower()) for part in re.split(r"(\d+)", path.name) if part]
