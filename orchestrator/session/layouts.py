"""Folder layouts of devices and capture programs: which of their files are frames, and the role of each.

A layout depends on names only. ``recognise`` returns the layout of a folder; without one, :mod:`discovery` searches for
lights/, darks/, flats/, biases/ or a single folder of frames.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestrator.io import frames as frame_files
from orchestrator.message import Message
from orchestrator.session.headers import role_from_name
from orchestrator.session.model import Exclusion, Role
from orchestrator.session.names import DWARF_FOLDER, fields_from_name
from orchestrator.session.pictures import without_pictures

__all__ = ["NOT_RAW", "STACK_REMEDY", "Layout", "product_reason", "recognise", "sessions_inside"]

Found = Iterator[tuple[Path, Role | None]]
Walk = Callable[[Path, list[Exclusion], "Names"], Found]
# The role that a folder's name gives; passed in by discovery.
Names = Callable[[str], Role | None]

# Folders that programs (including this one) create next to the frames.
NOT_RAW = {"process", "runs", "masters", "outputs", "calibrated", "registered", "truth", "__macosx", "processeddata"}
# Levels of folders that are searched.
MAX_DEPTH = 4
# Levels below which the signs of SharpCap are searched.
SHARPCAP_DEPTH = 3
# Remedy for a stack among the lights.
STACK_REMEDY = "Rename it if it is a raw frame. To combine finished stacks: --set input.workflow=master_tiles."
_FAILED = re.compile(r"^failed[_-]", re.IGNORECASE)
# Stacks that devices write among the frames: DWARF stacked-16_*, Seestar Stacked_12_*, DSO_Stacked_*, SharpCap Stack_16bits_*.
_STACKED = re.compile(r"^((dso_|video_)?stacked[-_.]|stacked\d*\.|stack_\d+(bits|frames)|img_stacked)", re.IGNORECASE)
_SEESTAR_SUB = re.compile(r"(_sub| sub)$", re.IGNORECASE)
_SEESTAR_LIGHT = re.compile(r"^light_.*\.fits?$", re.IGNORECASE)
_CLOCK = re.compile(r"^\d{2}_\d{2}_\d{2}$")


@dataclass(frozen=True)
class Layout:
    """``name`` is shown in the scan; ``files`` yields the frames with the roles of their folders."""

    name: str
    walk: Walk

    def files(self, root: Path, excluded: list[Exclusion], role_of: Names) -> Found:
        yield from self.walk(root, excluded, role_of)


def product_reason(name: str) -> tuple[str, str] | None:
    """Why a file is not a raw frame according to its name, and the remedy if it is one; None for raw frames."""
    if _FAILED.match(name):
        return "the device marked it as failed", "To use it, copy it under a name without failed_."
    if _STACKED.match(name):
        return "it is a stack that the device made, not a raw frame", STACK_REMEDY
    return None


def recognise(root: Path, role_of: Names) -> Layout | None:
    """The layout of a folder, None for one that discovery handles itself."""
    try:
        entries = sorted(p for p in root.iterdir() if not p.name.startswith("."))
    except OSError:
        return None
    folders = [p for p in entries if p.is_dir()]
    names = {p.name.lower() for p in folders}
    if DWARF_FOLDER.match(root.name) or any(DWARF_FOLDER.match(p.name) for p in folders):
        return Layout("DWARF session", _dwarf)
    if any(role_of(p.name) is Role.LIGHT for p in folders):
        return None
    if names & {"autorun", "plan"}:
        return Layout("ASIAIR storage", _asiair)
    if any(_SEESTAR_SUB.search(p.name) and _has(p, _SEESTAR_LIGHT) for p in folders):
        return Layout("Seestar works", _seestar)
    if _is_sharpcap(root):
        return Layout("SharpCap captures", _sharpcap)
    # If there are several sessions inside, the user must choose: their flats and objects differ.
    if not any(frame_files.is_frame(p) for p in entries if p.is_file()) and len(sessions_inside(root, role_of)) == 1:
        return Layout("folders of nights or targets (N.I.N.A., Ekos)", _nested)
    return None


def _has(folder: Path, pattern: re.Pattern[str]) -> bool:
    try:
        return any(pattern.match(p.name) for p in folder.iterdir())
    except OSError:
        return False


def _entries(folder: Path, excluded: list[Exclusion]) -> tuple[list[Path], list[Path]]:
    """Folders and files of frames in a folder, sorted by name. Links to a folder above are not followed."""
    try:
        entries = sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    except OSError as error:
        excluded.append(Exclusion(folder, Message("the folder cannot be read: {strerror}",
                                                  strerror=error.strerror), "Check its permissions."))
        return [], []
    folders = [p for p in entries if p.is_dir() and p.name.lower() not in NOT_RAW and not _leads_back(p)]
    return folders, [p for p in entries if frame_files.is_frame(p) and not p.is_dir()]


def _leads_back(folder: Path) -> bool:
    return folder.is_symlink() and folder.parent.resolve().is_relative_to(folder.resolve())


def _frames(folder: Path, role: Role | None, excluded: list[Exclusion]) -> Found:
    """The files of frames of one folder, without those that the device stacked or marked as failed."""
    for path in without_pictures(_entries(folder, excluded)[1], excluded):
        if not path.is_file():
            excluded.append(Exclusion(path, "it is not a regular file", "Remove it."))
        elif reason := product_reason(path.name):
            excluded.append(Exclusion(path, *reason))
        else:
            yield path, role


def _all_frames(folder: Path, role: Role | None, excluded: list[Exclusion], depth: int = MAX_DEPTH) -> Found:
    yield from _frames(folder, role, excluded)
    if depth:
        for sub in _entries(folder, excluded)[0]:
            yield from _all_frames(sub, role, excluded, depth - 1)


# --- DWARF


def _dwarf(root: Path, excluded: list[Exclusion], role_of: Names) -> Found:
    """A session folder with the device's calibration frames next to it, or the device's Astronomy folder."""
    own = bool(DWARF_FOLDER.match(root.name))
    sessions = [root] if own else [p for p in _entries(root, excluded)[0] if DWARF_FOLDER.match(p.name)]
    lights: list[Path] = []
    for session in sessions:
        panels = [p for p in _entries(session, excluded)[0] if DWARF_FOLDER.match(p.name)]
        for folder in (session, *panels):
            for path, role in _frames(folder, Role.LIGHT, excluded):
                lights.append(path)
                yield path, role
    beside = root.parent if own else root
    # The panels of a mosaic have a common folder.
    beside = beside.parent if DWARF_FOLDER.match(beside.name) else beside
    if not own:
        for folder in _entries(root, excluded)[0]:
            if folder not in sessions and folder.name.upper() not in ("CALI_FRAME", "DWARF_DARK"):
                excluded.append(Exclusion(folder, "it does not contain a session of the device",
                                          "If it contains raw frames, name it as a session."))
    wanted = {(t.get("exposure"), t.get("gain")) for t in map(fields_from_name, lights)}
    wide = bool(sessions) and all("_WIDE_" in s.name.upper() for s in sessions)
    darks = list(_device_darks(beside / "DWARF_DARK", wanted, wide))
    yield from darks
    yield from _device_masters(beside / "CALI_FRAME", wanted, wide, with_darks=not darks)


def _device_darks(folder: Path, wanted: set[tuple[float | None, float | None]], wide: bool) -> Found:
    """Darks taken with the device by the user, with the exposures and gains of the lights."""
    if not folder.is_dir():
        return
    for group in _entries(folder, [])[0]:
        if group.name.lower().startswith("tele_" if wide else "wide_"):
            continue
        for path, role in _frames(group, Role.DARK, []):
            fields = fields_from_name(path)
            if (fields.get("exposure"), fields.get("gain")) in wanted:
                yield path, role


def _device_masters(folder: Path, wanted: set[tuple[float | None, float | None]], wide: bool, *, with_darks: bool) -> Found:
    """Calibration frames from the factory: cam_0 is the tele camera, cam_1 the wide one."""
    camera = "cam_1" if wide else "cam_0"
    for name, role in (("dark", Role.DARK), ("flat", Role.FLAT), ("bias", Role.BIAS)):
        if role is Role.DARK and not with_darks:
            continue
        place = folder / name / camera
        if not place.is_dir():
            continue
        for path, _ in _frames(place, role, []):
            fields = fields_from_name(path)
            if role is not Role.DARK or (fields.get("exposure"), fields.get("gain")) in wanted:
                yield path, role


# --- Seestar


def _seestar(root: Path, excluded: list[Exclusion], role_of: Names) -> Found:
    """MyWorks or the folder of one target: raw frames are in TARGET_sub and TARGET_mosaic_sub."""
    yield from _frames(root, None, excluded)
    for folder in _entries(root, excluded)[0]:
        role = role_of(folder.name)
        if _SEESTAR_SUB.search(folder.name):
            yield from _all_frames(folder, Role.LIGHT, excluded)
        elif role is not None:
            yield from _all_frames(folder, role, excluded)
        elif any(frame_files.is_frame(p) for p in _entries(folder, excluded)[1]):
            excluded.append(Exclusion(folder, "it contains stacks made by the telescope",
                                      "The raw frames are in folders that end in _sub."))


# --- ASIAIR


def _asiair(root: Path, excluded: list[Exclusion], role_of: Names) -> Found:
    """Autorun and Plan contain Light, Dark, Flat and Bias folders; Live and Preview contain no raw frames of a session."""
    for folder in _entries(root, excluded)[0]:
        if folder.name.lower() in ("autorun", "plan"):
            yield from _nested(folder, excluded, role_of)
        elif _entries(folder, excluded)[1] or _entries(folder, excluded)[0]:
            excluded.append(Exclusion(folder, "the raw frames of an ASIAIR are in Autorun and Plan",
                                      "To use these, name the folder itself as a session."))


# --- N.I.N.A., Ekos and others that sort by night and target


def sessions_inside(folder: Path, role_of: Names, depth: int = MAX_DEPTH) -> list[Path]:
    """The folders below ``folder``, down to ``depth`` levels, that contain a folder of lights."""
    folders = [p for p in _entries(folder, [])[0] if role_of(p.name) is None]
    found = [p for p in folders if any(role_of(q.name) is Role.LIGHT for q in _entries(p, [])[0])]
    return found + [s for p in folders if p not in found and depth for s in sessions_inside(p, role_of, depth - 1)]


def _nested(root: Path, excluded: list[Exclusion], role_of: Names, depth: int = MAX_DEPTH) -> Found:
    """Folders named after a role at any depth: TARGET/NIGHT/LIGHT, NIGHT/FLAT, TARGET/Light/FILTER."""
    for folder in _entries(root, excluded)[0]:
        role = role_of(folder.name)
        if role is not None:
            yield from _all_frames(folder, role, excluded)
        elif folder.name.lower() in ("snapshot", "snapshots"):
            excluded.append(Exclusion(folder, "snapshots are not frames of a session", "Rename the folder if they are."))
        elif depth:
            excluded += [Exclusion(p, "it is next to folders of lights", "Move it into one of them to use it.")
                         for p in _entries(folder, excluded)[1]]
            yield from _nested(folder, excluded, role_of, depth - 1)


# --- SharpCap


def _is_sharpcap(root: Path, depth: int = SHARPCAP_DEPTH) -> bool:
    """Whether there are rawframes of live stacking, or folders named after a time of day, somewhere below."""
    folders = _entries(root, [])[0]
    return any(p.name.lower() == "rawframes" or _CLOCK.match(p.name) for p in folders) or \
        (depth > 0 and any(_is_sharpcap(p, depth - 1) for p in folders))


def _sharpcap(root: Path, excluded: list[Exclusion], role_of: Names, inside: Role | None = None,
              depth: int = MAX_DEPTH) -> Found:
    folders = _entries(root, excluded)[0]
    raw = [p for p in folders if p.name.lower() == "rawframes"]
    if raw:
        beside = ("it is next to rawframes", "Move it there to use it.")
        excluded += [Exclusion(p, *(product_reason(p.name) or beside)) for p in _entries(root, excluded)[1]]
    else:
        for path, _ in _frames(root, None, excluded):
            yield path, inside or role_from_name(path.name)
    for folder in folders:
        if depth:
            yield from _sharpcap(folder, excluded, role_of, role_of(folder.name) or inside, depth - 1)
