"""What a project would stack, for people who decide whether to press the button: its nights, and what the run will need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.combination.fields import find_fields
from orchestrator.combination.filters import SessionFilters
from orchestrator.config.settings import NightFolder, RunConfig
from orchestrator.errors import ConfigError, Finding, InputError, OrchestrateError
from orchestrator.pipeline.forecast import Forecast, forecast
from orchestrator.project.model import Project
from orchestrator.project.nights import Night, night_folders, of_nights, project_config, project_filters, scan_project
from orchestrator.project.validate import findings_of
from orchestrator.runtime.resources import memory_budget
from orchestrator.session.discovery import read_frame
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.session.quick_look import picture_of_light
from orchestrator.session.settings import night_config

__all__ = ["CalibrationFound", "NightOverview", "ProjectOverview", "project_overview", "sample_picture"]

# Roles of calibration frames that are reported even where there are none.
WANTED = (Role.DARK, Role.FLAT)


@dataclass(frozen=True)
class CalibrationFound:
    """The calibration frames of one role that a night is calibrated with.

    Attributes
    ----------
    role : "dark", "flat", "bias" or "darkflat".
    count : number of frames; of masters if ``master``.
    origin : "night", the name of the other night that they are borrowed from, or the folder that they are in; "" if there are
        none.
    exposures, gains, temperatures, filters : the different values of their headers: s, setting, deg C, names.
    ratio : exposure of the lights divided by that of the darks if the dark current is scaled, else 1.
    """

    role: str
    count: int
    master: bool = False
    origin: str = ""
    exposures: tuple[float, ...] = ()
    gains: tuple[float, ...] = ()
    temperatures: tuple[float, ...] = ()
    filters: tuple[str, ...] = ()
    ratio: float = 1.0


@dataclass(frozen=True)
class NightOverview:
    """One night. ``filters`` has (name, lights, seconds) of each filter, ``fields`` (name, lights) if its lights show several
    objects, ``sample`` the path of one of its lights ("" if there is none), ``shape`` (rows, columns); ``problem`` and ``remedy``
    are set if it cannot be stacked."""

    name: str
    path: str
    use: bool
    filters: tuple[tuple[str, int, float], ...] = ()
    device: str = ""
    camera: str = ""
    cfa: str = ""
    shape: tuple[int, ...] = ()
    calibration: tuple[CalibrationFound, ...] = ()
    fields: tuple[tuple[str, int], ...] = ()
    sample: str = ""
    problem: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class ProjectOverview:
    """The nights of a project, the scan of each, what was found in them, and what a run will need (None if there is none)."""

    nights: tuple[NightOverview, ...]
    scans: tuple[Night, ...]
    filters: SessionFilters
    findings: tuple[Finding, ...]
    forecast: Forecast | None = None


def project_overview(project: Project, runs: Path) -> ProjectOverview:
    """What a run of ``project`` would stack. Reads headers only, writes nothing, and raises nothing for errors of the user: these
    are findings.

    Parameters
    ----------
    runs : folder in which the run would be made; earlier runs in it correct the expected time.
    """
    try:
        config = project_config(project)
        scans = scan_project(project)
    except (ConfigError, InputError) as error:
        found = Finding("error", "settings", error.message, error.remedy, "settings")
        return ProjectOverview((), (), SessionFilters(()), (found,))
    filters = SessionFilters(())
    with suppress(ConfigError, InputError):  # reported among the findings
        filters = project_filters(project)
    folders = night_folders(project, project.nights)
    places = {n.path: n.name for n in scans}
    nights = tuple(replace(_night(n, folder, filters, config), calibration=_calibration(n, filters, places))
                   for n, folder in zip(scans, folders, strict=True))
    used = [n.session for n in scans if n.use and n.session is not None]
    sessions = [f.report.session for f in filters.stacked if f.report] if filters.several else used
    return ProjectOverview(nights, tuple(scans), filters, tuple(findings_of(project, scans)),
                           _forecast(sessions, of_nights(project, config), runs))


def sample_picture(sample: Path, night: Path, config: RunConfig, side: int) -> NDArray[np.uint8] | None:
    """A stretched picture of the light ``sample`` in the folder ``night``, (rows, columns) of at most ``side`` px; None if it
    cannot be read."""
    try:
        info = read_frame(sample, night, config, [])
        return None if info is None else picture_of_light(info, side)
    except (OrchestrateError, OSError):
        return None


def _forecast(sessions: Sequence[Session], config: RunConfig, runs: Path) -> Forecast | None:
    if not sessions:
        return None
    budget = memory_budget(config.runtime.memory_budget)
    return Forecast.together(forecast(session, config, runs, budget) for session in sessions)


def _night(night: Night, folder: NightFolder, filters: SessionFilters, config: RunConfig) -> NightOverview:
    listed = tuple((name, count, night.seconds.get(name, 0.0)) for name, count in sorted(night.filters.items()))
    problem = night.problem
    if night.session is None:
        return NightOverview(night.name, str(night.path), night.use, listed, problem=problem.message if problem else "",
                             remedy=problem.remedy if problem else "")
    lights = night.session.lights
    first, device = lights[0], night.device or {}
    named = f"{device.get('name', '')} ({device['sensor']})" if device.get("sensor") else str(device.get("name", ""))
    return NightOverview(night.name, str(night.path), night.use, listed, named, first.camera or "", first.cfa or "",
                         tuple(first.shape[-2:]), fields=_fields(folder, config), sample=str(lights[len(lights) // 2].path))


def _fields(folder: NightFolder, config: RunConfig) -> tuple[tuple[str, int], ...]:
    """The objects of a night from which one can be chosen, the one with most lights first."""
    try:
        found = find_fields([folder.path], night_config(config, folder))
    except (ConfigError, InputError):
        return ()
    return tuple((f.name, len(f.lights)) for f in found.stacked) if found.several else ()


def _calibration(night: Night, filters: SessionFilters, places: Mapping[Path, str]) -> tuple[CalibrationFound, ...]:
    """The calibration frames of a night, for all filters that are stacked. ``places`` has the names of the nights by folder."""
    session = (filters.night(night.name) if filters.several and night.use else None) or night.session
    if session is None:
        return ()
    masters: dict[Role, list[FrameInfo]] = {}
    for role, info in session.all_masters:
        masters.setdefault(role, []).append(info)
    found = []
    for role in (Role.DARK, Role.FLAT, Role.BIAS, Role.DARKFLAT):
        frames = masters.get(role) or list(session.frames.get(role, ()))
        if frames:
            origin = _origin(frames, night.path, places)
            found.append(_found(role, frames, origin, master=role in masters, ratio=session.dark_ratio))
        elif role in WANTED:
            found.append(CalibrationFound(role.value, 0))
    return tuple(found)


def _origin(frames: Sequence[FrameInfo], night: Path, places: Mapping[Path, str]) -> str:
    if all(i.path.is_relative_to(night) for i in frames):
        return "night"
    first = frames[0].path
    return next((name for folder, name in places.items() if first.is_relative_to(folder)), str(first.parent))


def _found(role: Role, frames: Sequence[FrameInfo], origin: str, *, master: bool, ratio: float) -> CalibrationFound:

    def values(name: str) -> tuple[Any, ...]:
        return tuple(sorted({v for i in frames if (v := getattr(i, name)) is not None}))

    temperatures = tuple(sorted({float(round(t)) for t in values("temperature")}))
    return CalibrationFound(role.value, len(frames), master, origin, values("exposure"), values("gain"), temperatures,
                            values("filter"), ratio if role is Role.DARK else 1.0)
