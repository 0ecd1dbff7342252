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
from orchestrator.io import frames as frame_files
from orchestrator.message import Message, counted, joined
from orchestrator.session.calibration_groups import group_lights
from orchestrator.session.calibration_matching import CALIBRATION_ROLES, Pool
from orchestrator.session.card_values import exposure_of
from orchestrator.session.devices import Devices, device_facts, load_devices, with_device_facts
from orchestrator.session.duplicates import copies_of, without_copies
from orchestrator.session.exposures import in_seconds
from orchestrator.session.fields import in_one_field
from orchestrator.session.filter_names import same_filter
from orchestrator.session.folders import check_roots, files_below, files_of, role_of_folder, session_name
from orchestrator.session.frame_list import select_listed
from orchestrator.session.headers import frame_info, role_from_name, role_from_text
from orchestrator.session.layouts import STACK_REMEDY, recognise, sessions_inside
from orchestrator.session.linearity import without_stretched
from orchestrator.session.master_library import library_masters
from orchestrator.session.master_tiles import as_master_tile
from orchestrator.session.masters import split_masters, without_damaged
from orchestrator.session.matching import cameras_text, split_lights
from orchestrator.session.model import CalibrationGroup, Exclusion, FrameInfo, Role, Session
from orchestrator.session.mosaic_check import PatternSource, with_seen_patterns
from orchestrator.session.names import with_fields_from_name
from orchestrator.session.one_pattern import with_one_pattern
from orchestrator.session.other_formats import other_formats
from orchestrator.session.read_once import remembered, stamps
from orchestrator.session.row_order import lights_in_one_order, with_rows_in_order
from orchestrator.session.sample_format import Samples, samples_of, with_readings
from orchestrator.session.shared_calibration import Spare
from orchestrator.session.watch import Watch, unwatched

__all__ = ["MANY_FRAMES", "Found", "ScanReport", "check_resources", "choose", "find", "of_one_field", "read_frame", "scan"]

logger = logging.getLogger(__name__)

# Why a live stack does not take a video or a cube.
MANY_FRAMES = "it holds many frames"
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
            "masters": {role.value: str(i.path) for role, i in s.all_masters}, "groups": self.groups,
            "calibration": [_describe_group(n, g) for n in (s.nights or (s,)) for g in n.calibration_groups],
            "layout": self.layout, "device": self.device,
            "excluded": [{"path": str(e.path), "reason": e.reason, "remedy": e.remedy} for e in s.excluded],
            "warnings": list(s.warnings), "notes": list(s.notes),
            "nights": [{"name": n.name, "folders": [str(r) for r in n.roots], "lights": len(n.lights)} for n in s.nights],
        }


def _describe(info: FrameInfo) -> dict[str, Any]:
    return {"path": str(info.path), "exposure": info.exposure, "gain": info.gain, "temperature": info.temperature,
            "filter": info.filter, "object": info.object, "time": info.time.isoformat() if info.time else None}


def _describe_group(session: Session, group: CalibrationGroup) -> dict[str, Any]:
    return {"session": session.name, "name": group.name, "description": group.description, "dark_ratio": group.dark_ratio,
            "lights": [str(session.lights[i].path) for i in group.lights],
            "frames": {role.value: [str(i.path) for i in infos] for role, infos in group.frames.items()},
            "masters": {role.value: str(i.path) for role, i in group.masters.items()}}


@dataclass(frozen=True)
class Found:
    """All frames of a session by role, in order of time, before any selection."""

    roots: tuple[Path, ...]
    frames: dict[Role, list[FrameInfo]]
    excluded: list[Exclusion]
    warnings: list[str]
    devices: Devices
    notes: list[str] = field(default_factory=list)


def scan(roots: Sequence[Path], config: RunConfig, watch: Watch = unwatched) -> ScanReport:
    """Find and group the frames under ``roots``. InputError if there is nothing to stack."""
    return choose(of_one_field(find(roots, config, watch), config), config, library_masters(config), watch)


def of_one_field(found: Found, config: RunConfig) -> Found:
    """The frames without the lights of other fields than ``input.field``, or the largest. InputError if it does not exist."""
    excluded, warnings, notes = list(found.excluded), list(found.warnings), list(found.notes)
    lights = in_one_field(found.frames[Role.LIGHT], config, excluded, warnings, notes)
    return replace(found, frames={**found.frames, Role.LIGHT: lights}, excluded=excluded, warnings=warnings, notes=notes)


def find(roots: Sequence[Path], config: RunConfig, watch: Watch = unwatched) -> Found:
    """Find the frames under ``roots``. InputError if there are no lights."""
    check_roots(roots)
    excluded: list[Exclusion] = []
    settings = config.input
    files = [file for root in roots for file in files_of(root, excluded, settings.workflow)]
    devices, other = load_devices(settings.devices), other_formats(roots)
    key = (tuple(roots), settings.workflow, settings.bayer_pattern, devices.problem, str(settings.devices), other,
           stamps([path for path, _ in files] + ([Path(settings.devices)] if settings.devices else [])))
    begun = Found(tuple(roots), {}, excluded, [devices.problem] if devices.problem else [], devices)
    found = remembered(key, lambda: _find(roots, config, files, begun, other, watch))
    return replace(found, frames={role: list(infos) for role, infos in found.frames.items()}, excluded=list(found.excluded),
                   warnings=list(found.warnings), notes=list(found.notes))


def _find(roots: Sequence[Path], config: RunConfig, files: Sequence[tuple[Path, Role | None]], begun: Found, other: str,
          watch: Watch) -> Found:
    """:func:`find` in ``files``; ``begun`` has what is known without them, ``other`` is the text about other formats."""
    found: dict[Role, list[FrameInfo]] = defaultdict(list)
    excluded, warnings, notes, devices = begun.excluded, begun.warnings, begun.notes, begun.devices
    seen: set[Path] = set()
    read: list[_Read] = []
    logger.info("Scan of %s", ", ".join(map(str, roots)))
    for done, (path, hint) in enumerate(files):
        watch(done, len(files), "reading headers")
        real = Path(os.path.realpath(path))  # unlike resolve, it accepts a link to itself
        if real in seen:
            excluded.append(Exclusion(path, "it was already found under another path"))
            continue
        seen.add(real)
        for frame in _frames_of(path, excluded, warnings):
            if (one := _read(frame, hint, config.input.bayer_pattern, excluded, devices)) is not None:
                read.append(one)
    if config.input.workflow == "master_tiles":
        read = [replace(r, info=as_master_tile(r.info), header=None) for r in read]
    if other:
        warnings.append(other)
    for info in _examined(_with_roles(read, excluded, warnings), read, excluded, notes, warnings):
        found[info.role].append(info)
    if not found[Role.LIGHT]:
        raise _no_lights(roots, found, excluded)
    found[Role.LIGHT] = without_copies(found[Role.LIGHT], copies_of(found[Role.LIGHT]), excluded)
    for role in found:
        logger.info("%s: %d %s frames found", roots[0], len(found[role]), role.value)
        found[role].sort(key=lambda i: (i.time is None, i.time or datetime.min, i.path.name))
    return replace(begun, frames=found)


def _examined(frames: list[FrameInfo], read: Sequence[_Read], excluded: list[Exclusion], notes: list[str],
              warnings: list[str]) -> list[FrameInfo]:
    """The frames after a comparison of headers, pixels and frames with one another: format of the samples, exposures, colour
    mosaic, order of rows of the lights."""
    frames = with_readings(frames, {r.info.path: r.samples for r in read if r.samples is not None}, warnings)
    frames = in_seconds(frames, warnings)
    lights, others = [i for i in frames if i.role is Role.LIGHT], [i for i in frames if i.role is not Role.LIGHT]
    flats = [i for i in others if i.role is Role.FLAT]
    lights = with_seen_patterns(lights, flats, {r.info.path: r.pattern for r in read}, excluded, notes, warnings)
    return with_one_pattern(lights_in_one_order(lights, notes), others, notes)


def choose(found_frames: Found, config: RunConfig, spare: Sequence[Spare] = (), watch: Watch = unwatched) -> ScanReport:
    """Choose the lights to stack and matching calibration frames, from the session or, if it has none, from ``spare``.

    Raises
    ------
    InputError : nothing is left to stack, or a master cannot be used.
    """
    roots, found = found_frames.roots, defaultdict(list, found_frames.frames)
    excluded, warnings = list(found_frames.excluded), list(found_frames.warnings)
    notes = [*found_frames.notes, *found_frames.devices.notes()]
    chosen = select_listed(found[Role.LIGHT], config.selection.frames, excluded)
    lights, groups = split_lights(chosen, config, excluded, warnings)
    notes += _other_filters(chosen, config)
    lights = without_stretched(lights, excluded, warnings, watch)
    if not lights:
        raise InputError(Message("All lights under {roots} look stretched; stacking needs linear frames.", roots=roots[0]),
                         "Give the raw frames as the camera wrote them.")
    grouped = group_lights(lights, _pool(config, found, lights, excluded, spare, watch), config)
    lights, excluded, warnings = grouped.lights, [*excluded, *grouped.excluded], [*warnings, *grouped.warnings]
    if config.input.workflow != "master_tiles":  # each tile has a size of its own
        notes += [text for text in (cameras_text(lights), *grouped.notes) if text]
    count, needed = len(lights), config.input.min_frames
    if count < needed and not config.input.allow_emergency_mode:
        lights_found = counted(count, "{count} usable light", "{count} usable lights")
        why = joined("", (Message(" {file}: {reason}", file=e.path.name, reason=e.reason) for e in excluded[:3]))
        raise InputError(Message("{folder} has {lights}, at least {needed} are needed.{why}", folder=roots[0],
                                 lights=lights_found, needed=needed, why=why),
                         "Add frames, or use --set input.allow_emergency_mode=true.")
    several = len(grouped.groups) > 1
    session = Session(tuple(roots), session_name(roots[0]), {Role.LIGHT: tuple(lights), **grouped.frames},
                      {} if several or not grouped.groups else grouped.groups[0].masters, tuple(excluded), tuple(warnings),
                      tuple(notes), groups=grouped.groups if several or grouped.scaled else ())
    session = with_rows_in_order(session)
    layout = "; ".join(dict.fromkeys(known.name for r in roots if (known := recognise(r, role_of_folder)) is not None))
    return ScanReport(session, groups, layout, device_facts(lights[0], found_frames.devices))


def _pool(config: RunConfig, found: dict[Role, list[FrameInfo]], lights: Sequence[FrameInfo], excluded: list[Exclusion],
          spare: Sequence[Spare], watch: Watch) -> Pool:
    """The intact calibration frames and masters of the session, and those that the settings name."""
    given = _given_masters(config, found, lights)
    folders = {Role.BIAS: config.calibration.bias_master, Role.DARK: config.calibration.dark_master,
               Role.FLAT: config.calibration.flat_master, Role.DARKFLAT: config.calibration.darkflat_master}
    raw, made = {}, {}
    for role in CALIBRATION_ROLES:
        one, masters = split_masters(found.get(role, []))
        raw[role] = without_damaged(one, excluded, watch)
        made[role] = without_damaged(masters, excluded, watch, masters=True)
        if role in given:
            excluded += [Exclusion(i.path, "it looks like a master, and the configuration names another master",
                                   Message("To use it: --set calibration.{role}_master=FILE.",
                                           role=role.value)) for i in made.pop(role)]
    return Pool(raw, made, given, spare, frozenset(r for r, path in folders.items() if path is not None and r not in given))


def _other_filters(lights: Sequence[FrameInfo], config: RunConfig) -> list[str]:
    """A note about lights that were taken through other filters than ``input.filter``."""
    if config.input.filter is None:
        return []
    others = Counter(i.filter for i in lights if i.filter and not same_filter(i.filter, config.input.filter))
    listing = ", ".join(f"{name} ({count})" for name, count in sorted(others.items()))
    return [Message("The filter {filter} is stacked; lights of other filters: {listing}.", filter=config.input.filter,
                    listing=listing)] if listing else []


def read_frame(path: Path, root: Path, config: RunConfig, excluded: list[Exclusion]) -> FrameInfo | None:
    """Read one frame of the session ``root``, with the role that :func:`scan` would give it. None if it is not a frame; the
    reason is added to ``excluded``."""
    inside = path.relative_to(root.absolute()).parents if path.is_relative_to(root.absolute()) else path.parents
    role = next((r for folder in inside if (r := role_of_folder(folder.name)) is not None), role_of_folder(root.name))
    found = _frames_of(path, excluded, [])
    if found != [path]:
        if found:
            excluded.append(Exclusion(path, MANY_FRAMES, "Stack it with `orchestrate run`, or `watch --finish`."))
        return None
    read = _read(path, role, config.input.bayer_pattern, excluded, load_devices(config.input.devices))
    return read.info if read is not None else None


def _frames_of(path: Path, excluded: list[Exclusion], warnings: list[str]) -> list[Path]:
    """The frames in a file: one, or all of a video or cube. A damaged file is added to ``excluded``."""
    try:
        found, remark = frame_files.frames_in(path)
    except InputError as error:
        excluded.append(Exclusion(path, error.message, error.remedy))
        return []
    if remark:
        warnings.append(remark)
    return found


@dataclass(frozen=True, slots=True)
class _Read:
    """A frame with the role of its folder and the role in its header, what its samples show, and the source of its pattern."""

    info: FrameInfo
    folder: Role | None
    header: Role | None
    samples: Samples | None = None
    pattern: PatternSource = "none"


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
            excluded.append(Exclusion(info.path, Message("its header calls it a {header}, its folder is for {folder} frames",
                                                         header=header, folder=folder),
                                      Message("Move it to the folder of {header} frames.", header=header)))
    for role in sorted({i.role for i in called_lights}):
        some = [i for i in called_lights if i.role is role]
        warnings.append(Message("The headers of {count} {role} frames ({some} ...) call them lights; the role of their folder "
                                "{parent} is used.", count=len(some), role=role.value, some=some[0].path.name,
                                parent=some[0].path.parent.name))
    return resolved


def _read(path: Path, hint: Role | None, pattern: str, excluded: list[Exclusion], devices: Devices) -> _Read | None:
    """Read the header of a file in a folder of role ``hint``; None, with the reason in ``excluded``, if it is not a frame."""
    try:
        header, layout = frame_files.header_and_layout(path)
        shape = layout.shape if layout else fits_io.image_shape(path, header)
        if len(shape) not in (2, 3) or min(shape[-2:]) < MIN_SIDE:
            excluded.append(Exclusion(path, Message("its size {shape} is not that of a picture", shape=shape), "Remove it."))
            return None
        named = role_from_text(str(header.get("IMAGETYP") or header.get("FRAME") or header.get("SUBTYPE") or ""))
        role = hint or named or role_from_name(path.name) or (Role.BIAS if exposure_of(header) == 0 else Role.LIGHT)
        plain = with_fields_from_name(frame_info(path, header, role, shape, bayer_pattern=pattern, compressed=layout is None))
        info = with_device_facts(plain, header, devices, pattern)
        source: PatternSource = "setting" if pattern != "auto" else "header" if plain.cfa else "device" if info.cfa else "none"
        return _Read(info, hint, named, samples_of(layout) if layout else None, source)
    except InputError as error:
        excluded.append(Exclusion(path, error.message, error.remedy))
        return None
    except (KeyError, ValueError, OSError) as error:
        excluded.append(Exclusion(path, Message("its header cannot be parsed: {error}", error=error), "Copy it again."))
        return None


def _given_masters(config: RunConfig, found: dict[Role, list[FrameInfo]], lights: Sequence[FrameInfo]) -> dict[Role, FrameInfo]:
    """Masters named in the configuration; a folder's frames are added to ``found`` instead."""
    masters = {}
    settings, devices = config.calibration, load_devices(config.input.devices)
    for role, given in ((Role.BIAS, settings.bias_master), (Role.DARK, settings.dark_master),
                        (Role.FLAT, settings.flat_master), (Role.DARKFLAT, settings.darkflat_master)):
        if given is None:
            continue
        key, path = f"calibration.{role.value}_master", Path(given).expanduser()
        if not path.exists():
            raise InputError(Message("{key}: {path} does not exist.", key=key,
                                     path=path), "Correct the path, or leave the setting out.")
        problems: list[Exclusion] = []
        paths = list(files_below(path, problems, role)) if path.is_dir() else [path]
        paths = [frame for p in paths for frame in _frames_of(p, problems, [])]
        infos = [r.info for p in paths if (r := _read(p, role, config.input.bayer_pattern, problems, devices)) is not None]
        if not infos:
            reason = problems[0].reason if problems else "it contains no frame"
            raise InputError(Message("{key}: {path} cannot be used: {reason}.", key=key, path=path,
                                     reason=reason), "Give the file of a master, or a folder of frames.")
        if path.is_dir() or len(infos) > 1:
            found[role] = infos
            continue
        if all(infos[0].shape[-2:] != light.shape[-2:] for light in lights):
            raise InputError(Message("{key}: {path} has {infos} pixels, the lights have {lights}.", key=key, path=path,
                                     infos=_size(infos[0]), lights=_size(lights[0])),
                             "Give a master of the same camera, binning and area.")
        if not without_damaged(infos, problems, masters=True):
            raise InputError(Message("{key}: {path} cannot be used: {reason}.", key=key, path=path,
                                     reason=problems[-1].reason), problems[-1].remedy)
        masters[role] = replace(infos[0], role=role)
    return masters


def _size(info: FrameInfo) -> str:
    return f"{info.shape[-1]}x{info.shape[-2]}"


def _no_lights(roots: Sequence[Path], found: dict[Role, list[FrameInfo]], excluded: list[Exclusion]) -> InputError:
    counts: str = joined(", ", (Message("{count} {role} frames", count=len(v), role=k.value)
                                for k, v in found.items() if v)) or (
        Message("{count} files, none of them usable", count=len(excluded)) if excluded else Message("no files of frames"))
    more = [text] if (text := other_formats(roots)) else []
    reasons: dict[str, list[Exclusion]] = defaultdict(list)
    for item in excluded:
        reasons[item.reason.rstrip(".")].append(item)
    for items in list(reasons.values())[:5]:
        others = Message(" and {count} more", count=len(items) - 1) if len(items) > 1 else ""
        more.append(Message("{path}{others}: {reason}.", path=items[0].path, others=others, reason=items[0].reason))
    inside = [p for root in roots for p in sessions_inside(root, role_of_folder)]
    remedy = next((e.remedy for e in excluded if e.remedy == STACK_REMEDY or any(
        word in e.remedy for word in ("bayer_pattern", "rawpy"))), "") or \
        "Put the frames into a folder named lights, or name the right folder."
    if inside:
        remedy = Message("It contains sessions: name {panel}{count}.", panel=", ".join(str(p) for p in inside[:5]),
                         count=" ..." if len(inside) > 5 else "")
    return InputError(Message("No lights were found in {folders} (found: {counts}). {more}", counts=counts,
                              folders=", ".join(str(r) for r in roots), more=joined(" ", more)) if more else
                      Message("No lights were found in {folders} (found: {counts}).", counts=counts,
                              folders=", ".join(str(r) for r in roots)), remedy)


def disk_needed(session: Session, config: RunConfig) -> tuple[int, int]:
    """Bytes of the products of a run, and of its scratch files at most."""
    plane = int(np.prod(session.shape)) * FLOAT_BYTES
    channels = 4 if session.cfa else 1
    products = plane * (2 * channels + 6)
    packed = [i for infos in session.frames.values() for i in infos if i.decompress]
    scratch = sum(int(np.prod(i.shape)) * abs(i.bitpix) // 8 for i in packed)
    scratch += plane * (CHECKPOINT_PLANES_CFA if session.cfa else CHECKPOINT_PLANES_MONO)
    if config.engine.name != "native":
        scratch += SIRIL_COPIES * len(session.lights) * plane
    return products, scratch


def check_resources(session: Session, directory: Path, config: RunConfig) -> list[str]:
    """Warnings about disk and memory. RunError if the products certainly do not fit on the disk."""
    existing = next(p for p in (directory, *directory.parents) if p.exists())
    free = shutil.disk_usage(existing).free
    products, scratch = disk_needed(session, config)
    if free < products:
        raise RunError(Message("{existing} has {free:.0f} MiB free, the products need {products:.0f} MiB.", existing=existing,
                               free=free / 2 ** 20, products=products / 2 ** 20),
                       "Free some space, or choose another place with --runs-dir.")
    warnings: list[str] = []
    memory = psutil.virtual_memory().available
    if memory < products:
        warnings.append(Message("{memory:.0f} MiB of memory are free, a picture of this size may need {products:.0f} MiB: "
                                "close other programs.", memory=memory / 2 ** 20, products=products / 2 ** 20))
    if free < config.input.min_free_disk_factor * (products + scratch):
        warnings.append(Message("{existing} has {free:.1f} GiB free, the run may need {products:.1f} GiB.", existing=existing,
                                free=free / 2 ** 30, products=(products + scratch) / 2 ** 30))
    if not os.access(existing, os.W_OK):
        raise RunError(Message("{existing} is not writable.", existing=existing), "Choose another place with --runs-dir.")
    return warnings
