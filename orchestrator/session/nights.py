"""Nights that are stacked together: each a session with its own calibration frames, merged into one session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from orchestrator.config.settings import NightFolder, RunConfig
from orchestrator.errors import InputError
from orchestrator.message import Message
from orchestrator.session.discovery import Found, ScanReport, choose, find, of_one_field, scan
from orchestrator.session.duplicates import copies_of, without_copies
from orchestrator.session.filter_names import common_filter, same_filter
from orchestrator.session.folders import check_roots
from orchestrator.session.master_library import library_masters
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.session.one_pattern import nights_with_one_pattern
from orchestrator.session.row_order import session_in_order
from orchestrator.session.settings import night_config
from orchestrator.session.shared_calibration import Spare
from orchestrator.session.watch import Watch, unwatched

__all__ = ["NightFrames", "NightScan", "choose_per_night", "frames_of_nights", "incompatibility", "merge_nights",
           "merge_scans", "most_common_filter", "scan_each_night", "scan_nights", "scan_session"]

# Roles of calibration frames that nights may share.
CALIBRATION = (Role.BIAS, Role.DARK, Role.FLAT, Role.DARKFLAT)


@dataclass(frozen=True)
class NightFrames:
    """All frames in a night's folder. If there are no lights, ``found`` is None and ``problem`` holds the error."""

    folder: NightFolder
    found: Found | None
    problem: InputError | None = None

    @property
    def lights(self) -> tuple[FrameInfo, ...]:
        """The lights of the night, of all filters."""
        return tuple(self.found.frames[Role.LIGHT]) if self.found is not None else ()

    def has(self, wanted: str) -> bool:
        """Whether a light was taken through this filter."""
        return any(same_filter(i.filter, wanted) for i in self.lights)


@dataclass(frozen=True)
class NightScan:
    """The scan of a night. If it cannot be used, ``report`` is None and ``problem`` holds the error. ``lights`` holds those of
    all filters."""

    folder: NightFolder
    report: ScanReport | None
    problem: InputError | None = None
    lights: tuple[FrameInfo, ...] = ()


def scan_session(roots: Sequence[Path], config: RunConfig, watch: Watch = unwatched) -> ScanReport:
    """Scan the frames under ``roots``, or the nights of the settings if there are any. Raises InputError."""
    return scan_nights(config, watch) if config.input.nights else scan(roots, config, watch)


def scan_each_night(config: RunConfig, watch: Watch = unwatched, *, one_filter: bool = True) -> list[NightScan]:
    """Scan each night of ``input.nights``; see :func:`choose_per_night`."""
    return choose_per_night(frames_of_nights(config, watch), config, watch, one_filter=one_filter)


def frames_of_nights(config: RunConfig, watch: Watch = unwatched) -> list[NightFrames]:
    """The frames of each night of ``input.nights``."""
    nights = []
    for night in config.input.nights:
        try:
            check_roots([night.path])
            nights.append(NightFrames(night, _found(night, config, watch)))
        except InputError as error:
            nights.append(NightFrames(night, None, error))
    copies = copies_of(i for night in nights for i in night.lights)
    return [_changed(night, lambda found: _without(found, copies)) for night in nights]


def _found(night: NightFolder, config: RunConfig, watch: Watch) -> Found:
    settings = night_config(config, night)
    return of_one_field(find([night.path], settings, watch), settings)


def choose_per_night(nights: Sequence[NightFrames], config: RunConfig, watch: Watch = unwatched, *,
                     one_filter: bool = True) -> list[NightScan]:
    """Choose the lights of each night, with calibration frames of other nights where its own do not match.

    Without ``one_filter`` each night uses the filter of most of its own lights. A night that cannot be used has the error in
    ``problem``. Raises ConfigError for invalid settings.
    """
    of_filter = [_changed(n, partial(_of_filter, wanted=_alone(config, n.folder).input.filter)) for n in nights]
    wanted = config.input.filter or most_common_filter([i for n in of_filter for i in n.lights])
    library = library_masters(config)
    result = []
    for night in of_filter:
        if night.found is None:
            result.append(NightScan(night.folder, None, night.problem))
            continue
        settings = _alone(config, night.folder)
        if one_filter and settings.input.filter is None and wanted is not None and any(i.filter for i in night.lights):
            settings.input.filter = wanted
        others = [n for n in of_filter if n is not night and n.found is not None] if config.input.share_calibration else []
        spare = [Spare(role, Message("the night {folder}",
                                     folder=o.folder.name), tuple(o.found.frames[role])) for o in others for role in CALIBRATION
                 if o.found is not None and o.found.frames.get(role)]
        try:
            report = choose(night.found, settings, [*spare, *library], watch)
            result.append(NightScan(night.folder, report, lights=night.lights))
        except InputError as error:
            result.append(NightScan(night.folder, None, error, night.lights))
    return result


def _changed(night: NightFrames, change: Callable[[Found], Found]) -> NightFrames:
    """The night with its frames changed; an InputError becomes its ``problem``."""
    if night.found is None:
        return night
    try:
        return replace(night, found=change(night.found))
    except InputError as error:
        return NightFrames(night.folder, None, error)


def _without(found: Found, copies: Mapping[Path, Path]) -> Found:
    """A night without the lights that are also in another night. Raises InputError if none is left."""
    excluded = list(found.excluded)
    lights = without_copies(found.frames[Role.LIGHT], copies, excluded)
    if not lights:
        first = found.frames[Role.LIGHT][0].path
        raise InputError(Message("all its lights are copies of those of another night ({first} is {copies}).", first=first,
                                 copies=copies[first]),
                         "Remove one of the two.")
    return replace(found, frames={**found.frames, Role.LIGHT: lights}, excluded=excluded)


def _of_filter(found: Found, wanted: str | None) -> Found:
    """A night without the lights and flats of other filters than ``wanted``, which belong to other runs of these nights. Raises
    InputError if no light is left."""
    if wanted is None:
        return found
    kept = {role: [i for i in infos if role not in (Role.LIGHT, Role.FLAT) or i.filter is None
                   or same_filter(i.filter, wanted)] for role, infos in found.frames.items()}
    kept[Role.LIGHT] = [i for i in kept[Role.LIGHT] if i.filter is not None]
    if not kept[Role.LIGHT]:
        known = sorted({i.filter for i in found.frames[Role.LIGHT] if i.filter})
        raise InputError(Message("no light has the filter {wanted!r}.", wanted=wanted),
                         Message("There are: {known}.", known=", ".join(known)) if known else "The headers name no filter.")
    return replace(found, frames=kept)


def _alone(config: RunConfig, night: NightFolder) -> RunConfig:
    """The settings of one night without a minimum number of lights: only the total over all nights must reach it."""
    settings = night_config(config, night)
    settings.input.min_frames = 1
    return settings


def most_common_filter(lights: Sequence[FrameInfo]) -> str | None:
    """The filter of most lights, None if the headers name none."""
    return common_filter(i.filter for i in lights)


def scan_nights(config: RunConfig, watch: Watch = unwatched) -> ScanReport:
    """The nights of ``input.nights`` as one session.

    Raises
    ------
    InputError : a night cannot be used, they cannot be stacked together, or there are too few lights.
    """
    return merge_scans(scan_each_night(config, watch), config)


def merge_scans(nights: Sequence[NightScan], config: RunConfig) -> ScanReport:
    """As :func:`scan_nights`, for nights that are already scanned."""
    reports = []
    for scanned in nights:
        if scanned.problem is not None:
            raise InputError(Message("The night {folder}: {problem}", folder=scanned.folder.name,
                                     problem=scanned.problem.message),
                             Message("{remedy} Or leave this night out (use: false).", remedy=scanned.problem.remedy))
        if scanned.report is not None:
            reports.append((scanned.folder.name, scanned.report))
    sessions = [replace(report.session, name=name) for name, report in reports]
    sessions = nights_with_one_pattern([session_in_order(s, sessions[0].lights[0]) for s in sessions])
    if problem := incompatibility(sessions):
        raise InputError(*problem)
    merged = merge_nights(sessions, sessions[0].name)
    if len(merged.lights) < config.input.min_frames and not config.input.allow_emergency_mode:
        raise InputError(Message("The nights have {count} usable lights together, {min_frames} are needed.",
                                 count=len(merged.lights), min_frames=config.input.min_frames),
                         "Add frames, or use --set input.allow_emergency_mode=true.")
    groups = [{**g, "night": name} for name, report in reports for g in report.groups]
    return ScanReport(merged, groups)


def incompatibility(sessions: Sequence[Session]) -> tuple[str, str] | None:
    """The reason why nights cannot be stacked together, and the remedy; None if they can.

    Sizes, scales, gains and exposures may differ, and Bayer patterns of different cameras are read as one before; the kind of
    colour and the row order may not differ.
    """
    first, owner = sessions[0], dict[Path, str]()
    for session in sessions:
        for info in session.lights:
            if (other_name := owner.setdefault(info.path.resolve(), session.name)) != session.name:
                return (Message("The nights {other_name} and {session} share frames ({info}).", other_name=other_name,
                                session=session.name, info=info.path),
                        "Give each night a separate folder, none within another.")
    for other in sessions[1:]:
        a, b = first.lights[0], other.lights[0]
        if (a.cfa, len(a.shape)) != (b.cfa, len(b.shape)):
            return (Message("The night {first} has {value} frames ({camera}), {other} has {b} ones ({camera2}): they cannot be "
                            "one channel.", first=first.name, value=_kind(a), camera=a.camera or "camera not known",
                            other=other.name, b=_kind(b), camera2=b.camera or "camera not known"),
                    "Stack them in separate projects, or leave one out (use: false).")
        if a.top_down != b.top_down:
            return (Message("The row order (ROWORDER) of {other} is opposite to that of {first}: one of them is mirrored.",
                            other=other.name, first=first.name),
                    "Write both with the same setting of the capture program, or stack them separately.")
    return None


def _kind(info: FrameInfo) -> str:
    return "three-colour" if len(info.shape) == 3 else f"colour ({info.cfa})" if info.cfa else "mono"


def merge_nights(sessions: Sequence[Session], name: str) -> Session:
    """One session of all lights, night by night; its warnings and notes are prefixed with the name of the night."""
    frames = {role: tuple({i.path: i for s in sessions for i in s.frames.get(role, ())}.values()) for role in Role}
    roots: tuple[Path, ...] = tuple(r for s in sessions for r in s.roots)
    texts = {kind: tuple(Message("{name}: {text}", name=s.name, text=text)
                         for s in sessions for text in getattr(s, kind)) for kind in ("warnings", "notes")}
    # A frame excluded in one night may be used in another.
    used = {i.path for infos in frames.values() for i in infos}
    excluded = tuple(e for s in sessions for e in s.excluded if e.path not in used)
    return Session(roots, name, {r: f for r, f in frames.items() if f}, {}, excluded, texts["warnings"] + _cameras(sessions),
                   texts["notes"], tuple(sessions))


def _cameras(sessions: Sequence[Session]) -> tuple[str, ...]:
    """A warning if the nights come from several cameras or have frames of several sizes."""
    kinds: dict[str, list[str]] = {}
    for s in sessions:
        info = s.lights[0]
        scale = Message(", {scale:.2f} arcsec/px", scale=info.scale) if info.scale else ""
        kinds.setdefault(f"{info.camera or 'camera not known'} ({info.shape[-1]}x{info.shape[-2]}{scale})", []).append(s.name)
    if len(kinds) < 2:
        return ()
    return ("The nights come from several cameras: " + "; ".join(f"{k}: {', '.join(n)}" for k, n in kinds.items())
            + ". They are resampled to a common scale and grid, and scaled to a common flux.",)
