"""The files of a session: which folders contain frames, and the role that a folder's name gives them."""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import re
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError
from orchestrator.io import frames as frame_files
from orchestrator.message import Message
from orchestrator.session.filter_names import filter_channel
from orchestrator.session.headers import role_from_name
from orchestrator.session.layouts import NOT_RAW, STACK_REMEDY, product_reason, recognise
from orchestrator.session.master_tiles import tiles_in
from orchestrator.session.model import Exclusion, Role
from orchestrator.session.pictures import without_pictures
from orchestrator.session.settings import night_configs

__all__ = ["NOT_RAW", "check_roots", "content_of", "files_below", "files_of", "input_files", "role_of_folder", "session_name"]

FOLDERS = {
    Role.LIGHT: {"light", "lights"}, Role.DARK: {"dark", "darks"}, Role.FLAT: {"flat", "flats"},
    Role.BIAS: {"bias", "biases", "biasses", "offset", "offsets", "zero", "zeros"},
    Role.DARKFLAT: {"darkflat", "darkflats", "flatdark", "flatdarks", "dark_flats", "flat_darks", "dark flats", "flat darks"},
}
_ROLE_OF = {name: role for role, names in FOLDERS.items() for name in names}
# What may follow the word for a role: the number of a part, a date, an exposure, or a filter, as in lights_2, darks60s, flats_Ha.
_PART = re.compile(r"(?P<role>[a-z]+(?:[_ ][a-z]+)?)(?:[\s_\-]*\d[\d.,_\-]*(?:s|sec)?|[\s_\-]+(?P<filter>[a-z]+\d?))")
# Folders of masters, whose names give the roles of the files.
MASTERS = {"master", "masters"}
# Bytes read from the beginning, middle and end of a file to identify it.
SAMPLE = 1 << 16


def session_name(root: Path) -> str:
    """The name of a session's folder, or of its parent if the folder is named after a role, such as lights."""
    first = root.expanduser().resolve()
    return first.parent.name if role_of_folder(first.name) is not None else first.name


def input_files(roots: Sequence[Path], config: RunConfig) -> dict[str, tuple[int, int]]:
    """Size in bytes and modification time (ns) of every file that :func:`scan` reads; (-1, -1) for files that cannot be read."""
    found: dict[str, tuple[int, int]] = {}
    given = [p for c in (config, *night_configs(config)) for p in (
        c.calibration.bias_master, c.calibration.dark_master, c.calibration.flat_master, c.calibration.darkflat_master) if p]
    files = [path for root in roots for path, _ in files_of(root, [], config.input.workflow)]
    for path in given:
        files += files_below(path, []) if path.is_dir() else [path]
    for path in files:
        try:
            status = path.stat()
            found[str(path.absolute())] = (status.st_size, status.st_mtime_ns)
        except OSError:
            found[str(path.absolute())] = (-1, -1)
    return found


def content_of(path: Path) -> str:
    """A hash of a file's size, beginning, middle and end: distinguishes frames without reading whole files. For a frame of a file
    that holds many, of the frame."""
    digest = hashlib.sha256()
    file, first, size = frame_files.pixel_bytes(path)
    with file.open("rb") as stream:
        digest.update(str(size).encode("ascii"))
        for start in (0, (size - SAMPLE) // 2, size - SAMPLE):
            stream.seek(first + max(start, 0))
            digest.update(stream.read(min(SAMPLE, size)))
    return digest.hexdigest()


def check_roots(roots: Sequence[Path]) -> None:
    """Raise InputError unless every session is a folder."""
    for root in roots:
        if not root.is_dir():
            raise InputError(Message("{root} is not a folder.",
                                     root=root) if root.exists() else Message("The folder {root} does not exist.",
                                                                                      root=root),
                             _meant(root, roots) or "Name the folder that holds lights/ (or the frames themselves).")


def _meant(wrong: Path, roots: Sequence[Path]) -> str:
    """What was meant by a folder that does not exist: one whose name was split at its spaces, or one with a similar name."""
    words = [str(root.relative_to(Path.cwd())) if root.is_relative_to(Path.cwd()) else str(root) for root in roots]
    for first in range(len(roots)):
        for last in range(first + 2, len(roots) + 1):
            whole = Path(" ".join([str(roots[first]), *words[first + 1: last]]))
            if wrong in roots[first: last] and whole.is_dir():
                return Message("A path with spaces needs quotes: '{whole}'", whole=whole)
    if wrong.exists():
        return Message("Name its folder: {parent}", parent=wrong.parent) if wrong.is_file() else ""
    with contextlib.suppress(OSError):
        folders = [p.name for p in wrong.parent.iterdir() if p.is_dir()]
        if near := difflib.get_close_matches(wrong.name, folders, 1, 0.6):
            return Message("Did you mean {parent}?", parent=shlex.quote(str(wrong.parent / near[0])))
    return ""


def files_of(root: Path, excluded: list[Exclusion], workflow: str = "auto") -> Iterable[tuple[Path, Role | None]]:
    """The files of frames of a session with the roles of their folders; with the workflow master_tiles all are lights."""
    if workflow == "master_tiles":
        yield from ((path, Role.LIGHT) for path in tiles_in(root, excluded))
        return
    if (layout := recognise(root, role_of_folder)) is not None:
        yield from layout.files(root, excluded, role_of_folder)
        return
    own = role_of_folder(root.name)
    folders = _subfolders(root, excluded)
    roles = {p: role_of_folder(p.name) for p in folders}
    has_lights = Role.LIGHT in roles.values()
    if not has_lights:
        yield from ((p, own) for p in _frames_in(root, excluded, own))
    else:
        excluded += [Exclusion(p, "it is next to the folder of lights", "Move it into one of the session's folders to use it.")
                     for p in _frames_in(root, [])]
    # A link from one of these folders to another, or to the session itself, must not give a frame another role.
    real = root.resolve()
    elsewhere = frozenset({real, *real.parents, *(f.resolve() for f in folders)})
    for folder in folders:
        role = roles[folder]
        if role is None and folder.name.lower() not in NOT_RAW and not has_lights:
            role = own
        if role is not None:
            for path in files_below(folder, excluded, role, elsewhere - {folder.resolve()}):
                yield path, role
        elif folder.name.lower() in MASTERS:
            yield from _masters_in(folder, excluded, elsewhere - {folder.resolve()})
        elif any(_frames_in(folder, [])):
            excluded.append(Exclusion(folder, "this folder is not one of lights, darks, flats or biases",
                                      "If it contains raw frames, rename it, or name it as a session."))


def _masters_in(folder: Path, excluded: list[Exclusion], above: frozenset[Path]) -> Iterable[tuple[Path, Role]]:
    """The files of a folder of masters whose names contain a role, such as masterDark_60s.xisf."""
    for path in files_below(folder, excluded, Role.BIAS, above):
        role = role_from_name(path.name)
        if role is None or role is Role.LIGHT:
            excluded.append(Exclusion(path, "its name is not that of a master dark, flat, bias or dark-flat",
                                      "Move it into one of the session's folders to use it."))
        else:
            yield path, role


def _subfolders(folder: Path, excluded: list[Exclusion]) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    except OSError as error:
        excluded.append(Exclusion(folder, Message("the folder cannot be read: {strerror}",
                                                  strerror=error.strerror), "Check its permissions."))
        return []


def role_of_folder(name: str) -> Role | None:
    """Role of the frames in a folder of this name, None if the name is not that of a role, alone or with the number of a part, an
    exposure or a filter behind it."""
    lowered = name.lower()
    if (role := _ROLE_OF.get(lowered)) is not None:
        return role
    part = _PART.fullmatch(lowered)
    if part is None or (part["filter"] and not filter_channel(part["filter"])):
        return None
    return _ROLE_OF.get(part["role"])


def _frames_in(folder: Path, excluded: list[Exclusion], role: Role | None = None) -> Iterable[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:  # reported by _subfolders
        return
    named = [p for p in entries if frame_files.is_frame(p) and not p.name.startswith(".") and not p.is_dir()]
    for path in without_pictures(named, excluded):
        if path.exists() and not path.is_file():
            excluded.append(Exclusion(path, "it is not a regular file", "Remove it."))
            continue
        lowered = path.name.lower()
        master = role not in (None, Role.LIGHT) or role_from_name(lowered) not in (None, Role.LIGHT)
        if not master and (reason := product_reason(path.name)) is not None:
            excluded.append(Exclusion(path, *reason))
            continue
        if not master and (lowered.startswith(("result", "stacked", "r_pp_", "pp_", "final")) or "_stacked." in lowered):
            excluded.append(Exclusion(path, "it looks like a product, not a raw frame", STACK_REMEDY))
            continue
        yield path


def files_below(folder: Path, excluded: list[Exclusion], role: Role | None = None,
                above: frozenset[Path] = frozenset()) -> Iterable[Path]:
    """The files of frames in a folder and below it. Links to a folder above are not followed."""
    if folder.resolve() in above:
        return
    above |= {folder.resolve()}
    yield from _frames_in(folder, excluded, role)
    for sub in _subfolders(folder, excluded):
        if sub.name.lower() not in NOT_RAW:
            yield from files_below(sub, excluded, role, above)
