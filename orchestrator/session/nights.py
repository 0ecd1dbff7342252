"""Nights that are stacked together: each a session with its own calibration frames, and all of them merged into one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator.config.models import NightFolder, RunConfig
from orchestrator.errors import InputError
from orchestrator.session.copies import copies_of, without_copies
from orchestrator.session.discovery import Found, ScanReport, choose, find, scan
from orchestrator.session.folders import check_roots
from orchestrator.session.library import library_masters
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.session.settings import night_config
from orchestrator.session.sharing import Spare

__all__ = ["NightScan", "compatible", "look_at_nights", "merge_nights", "scan_nights", "scan_session", "usual_filter"]

CALIBRATION = (Role.BIAS, Role.DARK, Role.FLAT, Role.DARKFLAT)


@dataclass(frozen=True)
class NightScan:
    """What a night's folder holds; ``report`` is None when it cannot be used, and ``problem`` says why. ``lights`` are those
    of all filters."""

    folder: NightFolder
    report: ScanReport | None
    problem: InputError | None = None
    lights: tuple[FrameInfo, ...] = ()


def scan_session(roots: Sequence[Path], config: RunConfig) -> ScanReport:
    """What is to be stacked: the frames under ``roots``, or the nights that the settings name. Raises InputError."""
    return scan_nights(config) if config.input.nights else scan(roots, config)


def look_at_nights(config: RunConfig, *, one_filter: bool = True) -> list[NightScan]:
    """Each night of ``input.nights``, with calibration frames of the others where it has none that fit. Raises ConfigError for
    settings that are wrong; a night that cannot be used is told in its ``problem``. Without ``one_filter`` each night shows
    the filter of most of its own lights."""
    found: list[Found | InputError] = []
    for night in config.input.nights:
        try:
            check_roots([night.path])
            settings = _alone(config, night)
            found.append(_of_filter(find([night.path], settings), settings.input.filter))
        except InputError as error:
            found.append(error)
    copies = copies_of(i for f in found if isinstance(f, Found) for i in f.frames[Role.LIGHT])
    found = [_without(f, copies) if isinstance(f, Found) else f for f in found]
    wanted = config.input.filter or usual_filter([i for f in found if isinstance(f, Found) for i in f.frames[Role.LIGHT]])
    library = library_masters(config)
    result = []
    for k, (night, one) in enumerate(zip(config.input.nights, found, strict=True)):
        if isinstance(one, InputError):
            result.append(NightScan(night, None, one))
            continue
        settings = _alone(config, night)
        if one_filter and settings.input.filter is None and wanted is not None and any(i.filter for i in one.frames[Role.LIGHT]):
            settings.input.filter = wanted
        others = [(o, f) for j, (o, f) in enumerate(zip(config.input.nights, found, strict=True)) if j != k
                  and isinstance(f, Found)] if config.input.share else []
        spare = [Spare(role, f"the night {o.name}", tuple(f.frames[role])) for o, f in others for role in CALIBRATION
                 if f.frames.get(role)]
        try:
            result.append(NightScan(night, choose(one, settings, [*spare, *library]), lights=tuple(one.frames[Role.LIGHT])))
        except InputError as error:
            result.append(NightScan(night, None, error, tuple(one.frames[Role.LIGHT])))
    return result


def _without(found: Found, copies: Mapping[Path, Path]) -> Found | InputError:
    """A night without the lights that another night has too."""
    excluded = list(found.excluded)
    lights = without_copies(found.frames[Role.LIGHT], copies, excluded)
    if not lights:
        first = found.frames[Role.LIGHT][0].path
        return InputError(f"all its lights are copies of those of another night ({first} is {copies[first]}).",
                          "Remove one of the two.")
    return replace(found, frames={**found.frames, Role.LIGHT: lights}, excluded=excluded)


def _of_filter(found: Found, wanted: str | None) -> Found:
    """Without lights and flats of other filters than the one asked for: they belong to other runs of these nights. Raises
    InputError where none is left."""
    if wanted is None:
        return found
    kept = {role: [i for i in infos if role not in (Role.LIGHT, Role.FLAT) or i.filter is None
                   or i.filter.lower() == wanted.lower()] for role, infos in found.frames.items()}
    kept[Role.LIGHT] = [i for i in kept[Role.LIGHT] if i.filter is not None]
    if not kept[Role.LIGHT]:
        known = sorted({i.filter for i in found.frames[Role.LIGHT] if i.filter})
        raise InputError(f"no light has the filter {wanted!r}.",
                         f"There are: {', '.join(known)}." if known else "The headers name no filter.")
    return replace(found, frames=kept)


def _alone(config: RunConfig, night: NightFolder) -> RunConfig:
    """A night may have few lights: those of all nights together must be enough."""
    settings = night_config(config, night)
    settings.input.frames_min = 1
    return settings


def usual_filter(lights: Sequence[FrameInfo]) -> str | None:
    """The filter of most lights, None when the headers name none."""
    named = Counter(i.filter for i in lights if i.filter)
    return min(named, key=lambda f: (-named[f], f)) if named else None


def scan_nights(config: RunConfig) -> ScanReport:
    """The nights of ``input.nights`` as one session.

    Raises
    ------
    InputError : a night cannot be used, they cannot be stacked together, or there are too few lights.
    """
    reports = []
    for scanned in look_at_nights(config):
        if scanned.report is None:
            assert scanned.problem is not None
            raise InputError(f"The night {scanned.folder.name}: {scanned.problem.message}",
                             f"{scanned.problem.remedy} Or leave this night out (use: false).")
        reports.append((scanned.folder.name, scanned.report))
    sessions = [replace(report.session, name=name) for name, report in reports]
    if told := compatible(sessions):
        raise InputError(told[0], told[1])
    merged = merge_nights(sessions, sessions[0].name)
    if len(merged.lights) < config.input.frames_min and not config.input.allow_emergency_mode:
        raise InputError(f"The nights have {len(merged.lights)} usable lights together, {config.input.frames_min} are needed.",
                         "Add frames, or use --set input.allow_emergency_mode=true.")
    groups = [{**g, "night": name} for name, report in reports for g in report.groups]
    return ScanReport(merged, groups)


def compatible(sessions: Sequence[Session]) -> tuple[str, str] | None:
    """Why nights cannot be stacked together, and what to do; None when they can.

    Sizes, scales, gains and exposures may differ; colours and the order of rows may not.
    """
    first, owner = sessions[0], dict[Path, str]()
    for session in sessions:
        for info in session.lights:
            if (other_name := owner.setdefault(info.path.resolve(), session.name)) != session.name:
                return (f"The nights {other_name} and {session.name} share frames ({info.path}).",
                        "Let each night name a folder of its own, none within another.")
    for other in sessions[1:]:
        a, b = first.lights[0], other.lights[0]
        if (a.cfa, len(a.shape)) != (b.cfa, len(b.shape)):
            return (f"The night {first.name} has {_kind(a)} frames ({a.camera or 'camera not known'}), {other.name} has "
                    f"{_kind(b)} ones ({b.camera or 'camera not known'}): they cannot be one channel.",
                    "Stack them in projects of their own, or leave one out (use: false).")
        if a.top_down != b.top_down:
            return (f"The rows of {other.name} lie in the other order (ROWORDER) than those of {first.name}: one of them is "
                    "mirrored.", "Write both with the same setting of the capture program, or stack them on their own.")
    return None


def _kind(info: FrameInfo) -> str:
    return "three-colour" if len(info.shape) == 3 else f"colour ({info.cfa})" if info.cfa else "mono"


def merge_nights(sessions: Sequence[Session], name: str) -> Session:
    """One session of all lights, night after night; its warnings and notes say of which night they are."""
    frames = {role: tuple({i.path: i for s in sessions for i in s.frames.get(role, ())}.values()) for role in Role}
    roots: tuple[Path, ...] = tuple(r for s in sessions for r in s.roots)
    told = {kind: tuple(f"{s.name}: {text}" for s in sessions for text in getattr(s, kind)) for kind in ("warnings", "notes")}
    # What one night leaves out another may use.
    used = {i.path for infos in frames.values() for i in infos}
    excluded = tuple(e for s in sessions for e in s.excluded if e.path not in used)
    return Session(roots, name, {r: f for r, f in frames.items() if f}, {}, excluded, told["warnings"] + _cameras(sessions),
                   told["notes"], tuple(sessions))


def _cameras(sessions: Sequence[Session]) -> tuple[str, ...]:
    """A warning where nights come from several cameras or have frames of several sizes."""
    kinds: dict[str, list[str]] = {}
    for s in sessions:
        info = s.lights[0]
        scale = f", {info.scale:.2f} arcsec/px" if info.scale else ""
        kinds.setdefault(f"{info.camera or 'camera not known'} ({info.shape[-1]}x{info.shape[-2]}{scale})", []).append(s.name)
    if len(kinds) < 2:
        return ()
    return ("The nights come from several cameras: " + "; ".join(f"{k}: {', '.join(n)}" for k, n in kinds.items())
            + ". They are brought to one scale, position and flux.",)
