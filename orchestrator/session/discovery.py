"""Scan of a session: find its frames, group those that belong together, and give the reason for each excluded file."""

from __future__ import annotations

import logging
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError, RunError
from orchestrator.io import fits as fits_io
from orchestrator.session.devices import Devices, device_facts, load_devices, with_device_facts
from orchestrator.session.duplicates import copies_of, without_copies
from orchestrator.session.folders import check_roots, files_below, files_of, role_of_folder, session_name
from orchestrator.session.frame_list import select_listed
from orchestrator.session.headers import frame_info, role_from_name, role_from_text
from orchestrator.session.layouts import recognise, sessions_inside
from orchestrator.session.linearity import without_stretched
from orchestrator.session.master_library import library_masters
from orchestrator.session.masters import pick_master, split_masters, without_damaged
from orchestrator.session.matching import match_calibration, plain_name, split_lights, warn_of_temperatures
from orchestrator.session.model import Exclusion, FrameInfo, Role, Session
from orchestrator.session.names import with_fields_from_name
from orchestrator.session.shared_calibration import Spare, borrow

__all__ = ["Found", "ScanReport", "check_resources", "choose", "find", "read_frame", "scan"]

logger = logging.getLogger(__name__)

# Smallest side (px) of a frame.
MIN_SIDE = 32
# Bytes of a float32 pixel.
FLOAT_BYTES = 4
# Planes of the frame size in the checkpoints of a run, for CFA and for mono frames.
CHECKPOINT_PLANES_CFA = 18
CHECKPOINT_PLANES_MONO = 6
# Copies of each light that Siril keeps while it works.
SIRIL_COPIES = 3


@dataclass(frozen=True)
class ScanReport:
    """The result of a scan. ``groups`` describes the groups of lights, the chosen one first; ``layout`` is the recognised folder
    layout; ``device`` holds the facts of the camera."""

    session: Session
    groups: list[dict[str, Any]] = field(default_factory=list)
    layout: str = ""
    device: dict[str, Any] | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.session.warnings

    @property
    def exclusions(self) -> tuple[Exclusion, ...]:
        return self.session.excluded

    def to_dict(self) -> dict[str, Any]:
        s = self.session
        return {
            "session": s.name, "folders": [str(r) for r in s.roots], "cfa": s.cfa, "shape": list(s.shape),
            "frames": {role.value: [_describe(i) for i in infos] for role, infos in s.frames.items()},
            "masters": {role.value: str(i.path) for role, i in s.masters.items()}, "groups": self.groups,
            "layout": self.layout, "device": self.device,
            "excluded": [{"path": str(e.path), "reason": e.reason, "remedy": e.remedy} for e in s.excluded],
            "warnings": list(s.warnings), "notes": list(s.notes),
            "nights": [{"name": n.name, "folders": [str(r) for r in n.roots], "lights": len(n.lights)} for n in s.nights],
        }


def _describe(info: FrameInfo) -> dict[str, Any]:
    return {"path": str(info.path), "exposure": info.exposure, "gain": info.gain, "temperature": info.temperature,
            "filter": info.filter, "object": info.object, "time": info.time.isoformat() if info.time else None}


@dataclass(frozen=True)
class Found:
    """All frames of a session by role, in order of time, before any selection."""

    roots: tuple[Path, ...]
    frames: dict[Role, list[FrameInfo]]
    excluded: list[Exclusion]
    warnings: list[str]
    devices: Devices


def scan(roots: Sequence[Path], config: RunConfig) -> ScanReport:
    """Find and group the frames under ``roots``. InputError if there is nothing to stack."""
    return choose(find(roots, config), config, library_masters(config))


def find(roots: Sequence[Path], config: RunConfig) -> Found:
    """Find the frames under ``roots``. InputError if there are no lights."""
    found: dict[Role, list[FrameInfo]] = defaultdict(list)
    excluded: list[Exclusion] = []
    check_roots(roots)
    seen: set[Path] = set()
    read: list[_Read] = []
    devices = load_devices(config.input.devices)
    for root in roots:
        logger.info("Scan of %s", root)
        for path, hint in files_of(root, excluded):
            if path.resolve() in seen:
                excluded.append(Exclusion(path, "it was already found under another path"))
                continue
            seen.add(path.resolve())
            if (one := _read(path, hint, config.input.bayer_pattern, excluded, devices)) is not None:
                read.append(one)
    warnings: list[str] = []
    for info in _with_roles(read, excluded, warnings):
        found[info.role].append(info)
    if not found[Role.LIGHT]:
        raise _no_lights(roots, found, excluded)
    found[Role.LIGHT] = without_copies(found[Role.LIGHT], copies_of(found[Role.LIGHT]), excluded)
    for role in found:
        logger.info("%s: %d %s frames found", roots[0], len(found[role]), role.value)
        found[role].sort(key=lambda i: (i.time is None, i.time or datetime.min, i.path.name))
    return Found(tuple(roots), found, excluded, warnings, devices)


def choose(found_frames: Found, config: RunConfig, spare: Sequence[Spare] = ()) -> ScanReport:
    """Choose the lights to stack and matching calibration frames, from the session or, if it has none, from ``spare``.

    Raises
    ------
    InputError : nothing is left to stack, or a master cannot be used.
    """
    roots, found = found_frames.roots, defaultdict(list, found_frames.frames)
    excluded, warnings, notes = list(found_frames.excluded), list(found_frames.warnings), found_frames.devices.notes()
    chosen = select_listed(found[Role.LIGHT], config.selection.frames, excluded)
    lights, groups = split_lights(chosen, config, excluded, warnings)
    notes += _other_filters(chosen, config)
    lights = without_stretched(lights, excluded, warnings)
    warn_of_temperatures(lights, config.input.temperature_tolerance, warnings)
    if not lights:
        raise InputError(f"All lights under {roots[0]} look stretched; stacking needs linear frames.",
                         "Give the raw frames as the camera wrote them.")
    frames = {Role.LIGHT: tuple(lights)}
    masters = _given_masters(config, found, lights[0])
    for role in (Role.BIAS, Role.DARK, Role.FLAT, Role.DARKFLAT):  # dark-flats follow the flats that they belong to
        raw, made = split_masters(found.get(role, []))
        raw, made = without_damaged(raw, excluded), without_damaged(made, excluded, masters=True)
        if role in masters or raw:
            reason = "the configuration names another master" if role in masters else f"there are raw {role.value} frames"
            excluded += [Exclusion(i.path, f"it looks like a master, and {reason}",
                                   f"To use it: --set calibration.{role.value}_master=FILE.") for i in made]
            made = []
        if role not in masters and (other := borrow(role, raw or made, lights, frames.get(Role.FLAT, ()), spare, config)):
            notes.append(other.note)
            excluded += [Exclusion(i.path, f"{other.origin} has {role.value} frames that match better") for i in raw or made]
            if other.master:
                masters[role] = other.frames[0]
            else:
                frames[role] = other.frames
            continue
        matched = match_calibration(role, raw or made, lights, config, excluded, warnings, masters=bool(made))
        if matched and made and (master := pick_master(role, matched, excluded)) is not None:
            masters[role] = master
        elif matched and role not in masters:
            frames[role] = tuple(matched)
    count, needed = len(lights), config.input.min_frames
    if count < needed and not config.input.allow_emergency_mode:
        raise InputError(f"{roots[0]} has {count} usable light{'s' if count != 1 else ''}, at least {needed} are needed."
                         + "".join(f" {e.path.name}: {e.reason}" for e in excluded[:3]),
                         "Add frames, or use --set input.allow_emergency_mode=true.")
    session = Session(tuple(roots), session_name(roots[0]), frames, masters, tuple(excluded), tuple(warnings), tuple(notes))
    layout = "; ".join(dict.fromkeys(known.name for r in roots if (known := recognise(r, role_of_folder)) is not None))
    return ScanReport(session, groups, layout, device_facts(lights[0], found_frames.devices))


def _other_filters(lights: Sequence[FrameInfo], config: RunConfig) -> list[str]:
    """A note about lights that were taken through other filters than ``input.filter``."""
    if config.input.filter is None:
        return []
    others = Counter(i.filter for i in lights if i.filter and plain_name(i.filter) != plain_name(config.input.filter))
    listing = ", ".join(f"{name} ({count})" for name, count in sorted(others.items()))
    return [f"The filter {config.input.filter} is stacked; lights of other filters: {listing}."] if listing else []


def read_frame(path: Path, root: Path, config: RunConfig, excluded: list[Exclusion]) -> FrameInfo | None:
    """Read one frame of the session ``root``, with the role that :func:`scan` would give it. None if it is not a frame; the
    reason is added to ``excluded``."""
    inside = path.relative_to(root.absolute()).parents if path.is_relative_to(root.absolute()) else path.parents
    role = next((r for folder in inside if (r := role_of_folder(folder.name)) is not None), role_of_folder(root.name))
    found = _read(path, role, config.input.bayer_pattern, excluded, load_devices(config.input.devices))
    return found.info if found is not None else None


@dataclass(frozen=True, slots=True)
class _Read:
    """A frame with the role of its folder and the role in its header."""

    info: FrameInfo
    folder: Role | None
    header: Role | None


def _with_roles(read: list[_Read], excluded: list[Exclusion], warnings: list[str]) -> list[FrameInfo]:
    """The frames with their roles, decided where folder and header disagree.

    Capture programs write "light" by default, so a folder of darks whose headers are all "light" is trusted; a single such frame
    among frames with "dark" headers is excluded.
    """
    sure = {(r.folder, r.header) for r in read if r.folder is r.header}
    resolved, called_lights = [], []
    for one in read:
        info, folder, header = one.info, one.folder, one.header
        if folder in (Role.DARK, Role.FLAT) and header is Role.DARKFLAT:
            resolved.append(replace(info, role=Role.DARKFLAT))
        elif folder is None or header in (None, folder) or folder is Role.DARKFLAT:
            resolved.append(info)
        elif header is Role.LIGHT and (folder, folder) not in sure:
            resolved.append(info)
            called_lights.append(info)
        else:
            excluded.append(Exclusion(info.path, f"its header calls it a {header}, its folder is for {folder} frames",
                                      f"Move it to the folder of {header} frames."))
    for role in sorted({i.role for i in called_lights}):
        some = [i for i in called_lights if i.role is role]
        warnings.append(f"The headers of {len(some)} {role.value} frames ({some[0].path.name} ...) call them lights; "
                        f"the role of their folder {some[0].path.parent.name} is used.")
    return resolved


def _read(path: Path, hint: Role | None, pattern: str, excluded: list[Exclusion], devices: Devices) -> _Read | None:
    """Read the header of a file in a folder of role ``hint``; None, with the reason in ``excluded``, if it is not a frame."""
    try:
        header, layout = fits_io.header_and_layout(path)
        shape = layout.shape if layout else fits_io.image_shape(path, header)
        if len(shape) not in (2, 3) or min(shape[-2:]) < MIN_SIDE:
            excluded.append(Exclusion(path, f"its size {shape} is not that of a picture", "Remove it."))
            return None
        named = role_from_text(str(header.get("IMAGETYP") or header.get("FRAME") or header.get("SUBTYPE") or ""))
        role = hint or named or role_from_name(path.name) or (Role.BIAS if header.get("EXPTIME") == 0 else Role.LIGHT)
        info = with_fields_from_name(frame_info(path, header, role, shape, bayer_pattern=pattern, compressed=layout is None))
        return _Read(with_device_facts(info, header, devices, pattern), hint, named)
    except InputError as error:
        excluded.append(Exclusion(path, error.message, error.remedy))
        return None
    except (KeyError, ValueError, OSError) as error:
        excluded.append(Exclusion(path, f"its header cannot be parsed: {error}", "Copy it again."))
        return None


def _given_masters(config: RunConfig, found: dict[Role, list[FrameInfo]], light: FrameInfo) -> dict[Role, FrameInfo]:
    """Masters named in the configuration; a folder's frames are added to ``found`` instead."""
    masters = {}
    settings, devices = config.calibration, load_devices(config.input.devices)
    for role, given in ((Role.BIAS, settings.bias_master), (Role.DARK, settings.dark_master),
                        (Role.FLAT, settings.flat_master), (Role.DARKFLAT, settings.darkflat_master)):
        if given is None:
            continue
        key, path = f"calibration.{role.value}_master", Path(given).expanduser()
        if not path.exists():
            raise InputError(f"{key}: {path} does not exist.", "Correct the path, or leave the setting out.")
        problems: list[Exclusion] = []
        paths = list(files_below(path, problems, role)) if path.is_dir() else [path]
        infos = [r.info for p in paths if (r := _read(p, role, config.input.bayer_pattern, problems, devices)) is not None]
        if not infos:
            reason = problems[0].reason if problems else "it contains no FITS file"
            raise InputError(f"{key}: {path} cannot be used: {reason}.", "Give a FITS file or a folder of frames.")
        if path.is_dir():
            found[role] = infos
            continue
        if infos[0].shape[-2:] != light.shape[-2:]:
            raise InputError(f"{key}: {path} has {_size(infos[0])} pixels, the lights have {_size(light)}.",
                             "Give a master of the same camera, binning and area.")
        if not without_damaged(infos, problems, masters=True):
            raise InputError(f"{key}: {path} cannot be used: {problems[-1].reason}.", problems[-1].remedy)
        masters[role] = replace(infos[0], role=role)
    return masters


def _size(info: FrameInfo) -> str:
    return f"{info.shape[-1]}x{info.shape[-2]}"


def _no_lights(roots: Sequence[Path], found: dict[Role, list[FrameInfo]], excluded: list[Exclusion]) -> InputError:
    counts = ", ".join(f"{len(v)} {k.value} frames" for k, v in found.items() if v) or "no FITS files"
    more = "".join(f" {e.path}: {e.reason.rstrip('.')}." for e in excluded[:5])
    inside = [p for root in roots for p in sessions_inside(root, role_of_folder)]
    remedy = "Put the frames into a folder named lights, or name the right folder."
    if inside:
        remedy = f"It contains sessions: name {', '.join(str(p) for p in inside[:5])}{' ...' if len(inside) > 5 else ''}."
    return InputError(f"No lights were found in {', '.join(str(r) for r in roots)} (found: {counts}).{more}", remedy)


def check_resources(session: Session, directory: Path, config: RunConfig) -> list[str]:
    """Warnings about disk and memory. RunError if the products certainly do not fit on the disk."""
    existing = next(p for p in (directory, *directory.parents) if p.exists())
    free = shutil.disk_usage(existing).free
    plane = int(np.prod(session.shape)) * FLOAT_BYTES
    channels = 4 if session.cfa else 1
    products = plane * (2 * channels + 6)
    raw = sum(i.path.stat().st_size for infos in session.frames.values() for i in infos if i.path.exists())
    scratch = raw if any(i.decompress for i in session.lights) else 0
    scratch += plane * (CHECKPOINT_PLANES_CFA if session.cfa else CHECKPOINT_PLANES_MONO)
    if config.engine.name != "native":
        scratch += SIRIL_COPIES * len(session.lights) * plane
    if free < products:
        raise RunError(f"{existing} has {free / 2**20:.0f} MiB free, the products need {products / 2**20:.0f} MiB.",
                       "Free some space, or choose another place with --runs-dir.")
    warnings = []
    memory = psutil.virtual_memory().available
    if memory < products:
        warnings.append(f"{memory / 2**20:.0f} MiB of memory are free, a picture of this size may need "
                        f"{products / 2**20:.0f} MiB: close other programs.")
    if free < config.input.min_free_disk_factor * (products + scratch):
        warnings.append(f"{existing} has {free / 2**30:.1f} GiB free, the run may need "
                        f"{(products + scratch) / 2**30:.1f} GiB.")
    if not os.access(existing, os.W_OK):
        raise RunError(f"{existing} is not writable.", "Choose another place with --runs-dir.")
    return warnings
