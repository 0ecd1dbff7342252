"""Check of a project before it is run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from orchestrator.combination.filters import SessionFilters
from orchestrator.errors import ConfigError, Finding, InputError
from orchestrator.message import Message
from orchestrator.project.model import Project
from orchestrator.project.nights import Night, check_channels, new_nights, project_config, project_filters, scan_project
from orchestrator.session.fields import SEVERAL_OBJECTS
from orchestrator.session.master_library import library_folder
from orchestrator.session.matching import SAME_FIELD
from orchestrator.session.model import Role, Session
from orchestrator.session.nights import incompatibility, merge_nights
from orchestrator.session.one_pattern import nights_with_one_pattern

__all__ = ["findings_of", "validate_project"]


def validate_project(project: Project) -> list[Finding]:
    """All findings, errors first. Reads headers only; never raises for errors in the project file."""
    try:
        project_config(project)
        nights = scan_project(project)
    except (ConfigError, InputError) as error:
        return [Finding("error", "settings", error.message, error.remedy)]
    return findings_of(project, nights)


def findings_of(project: Project, nights: Sequence[Night]) -> list[Finding]:
    """The same as :func:`validate_project`, for nights that are already scanned."""
    used = [n for n in nights if n.use]
    filters = _filters(project, used)
    several = bool(project.channels) or filters.several
    found = [*_project(project, used), *_several(filters), *(f for n in used for f in _night(n, several=several)),
             *_together(project, used)]
    order = ("error", "warning", "note")
    return sorted(found, key=lambda f: order.index(f.level))


def _project(project: Project, used: Sequence[Night]) -> Iterator[Finding]:
    if not project.nights:
        yield Finding("error", "nights", Message("The project has no nights."),
                      Message("Add one: orchestrate project add {folder} FOLDER", folder=project.root), "no_nights")
    elif not used:
        yield Finding("error", "nights", Message("No night is in use."), Message("Set use: true for at least one."), "none_used")
    for path in new_nights(project):
        yield Finding("note", "nights", Message("{path} looks like a night, but is not in the project.", path=path),
                      Message("Add it: orchestrate project add {folder} '{path}'", folder=project.root, path=path), "new_night",
                      str(path))
    if not os.access(project.root, os.W_OK):
        yield Finding("warning", str(project.root), Message("The project folder is not writable."),
                      Message("Choose another location for runs and results with --runs-dir."), "read_only_project")
    library = library_folder(project_config(project))
    if library is not None:
        yield Finding("note", "calibration.library", Message("The master library is {path}.", path=library), key="library")
    try:
        check_channels(project, used)
    except ConfigError as error:
        yield Finding("error", "channels", error.message, error.remedy, "channels")


def _filters(project: Project, used: Sequence[Night]) -> SessionFilters:
    """The filters of the project; none if a night or a channel cannot be used, which is reported elsewhere."""
    if len({f for n in used for f in n.filters if f}) < 2:
        return SessionFilters(())
    try:
        check_channels(project, used)
        return project_filters(project)
    except (ConfigError, InputError):
        return SessionFilters(())


def _several(filters: SessionFilters) -> Iterator[Finding]:
    if filters.several:
        yield Finding("note" if filters.palette else "warning", "channels", filters.describe())
        yield from (Finding("warning", "channels", line) for line in filters.refusals())


def _night(night: Night, *, several: bool) -> Iterator[Finding]:
    if night.problem is not None:
        yield Finding("error", night.name, night.problem.message, Message("{remedy} Or exclude the night with use: false.",
                                                                          remedy=night.problem.remedy),
                      "refused")
        return
    session = night.session
    if session is None:
        return
    for warning in session.warnings:
        if several and "input.filter" in warning:
            continue  # each filter is stacked
        objects = getattr(warning, "template", "") == SEVERAL_OBJECTS
        yield Finding("warning", night.name, warning, key="objects" if objects else "")
    for note in session.notes:
        yield Finding("note", night.name, note)
    for role, message, remedy in (
            (Role.DARK, Message("It has no darks, and no other night has suitable ones: dark current and amplifier glow remain."),
             Message("Add darks to {path}, or to a night with the same camera settings.", path=night.path)),
            (Role.FLAT, Message("It has no flats, and no other night has suitable ones: vignetting and dust remain."),
             Message("Add flats to {path}, or to a night with the same camera settings.", path=night.path))):
        if role not in session.frames and role not in dict(session.all_masters):
            yield Finding("warning", night.name, message, remedy, f"no_{role.value}")
    if read_only(night.path):
        yield Finding("note", night.name, Message("{path} is on read-only storage: that is fine, frames are never written to.",
                                                  path=night.path), key="read_only_night")


def _together(project: Project, used: Sequence[Night]) -> Iterator[Finding]:
    sessions = [(n, n.session) for n in used if n.session is not None]
    limits = project_config(project).input
    count = sum(sum(n.filters.values()) for n in used)
    if used and sessions and count < limits.min_frames and not limits.allow_emergency_mode:
        yield Finding("error", "nights", Message("The nights have {count} lights in total, {needed} are needed.", count=count,
                                                 needed=limits.min_frames),
                      Message("Add frames, or set input.allow_emergency_mode."), "few_lights")
    if len(sessions) < 2:
        return
    named = nights_with_one_pattern([replace(s, name=n.name) for n, s in sessions])
    if problem := incompatibility(named):
        yield Finding("error", "nights", *problem, "incompatible")
        return
    merged = merge_nights([replace(s, warnings=(), notes=()) for s in named], project.name)
    for warning in merged.warnings:
        yield Finding("warning", "nights", warning)
    first, *others = sessions
    for night, session in others:
        apart = _apart(first[1], session)
        if apart is not None and apart > SAME_FIELD:
            yield Finding("warning", night.name, Message(
                "It points {apart} degrees away from {other}: frames that do not overlap the reference are left out.",
                apart=f"{apart:.1f}", other=first[0].name), Message("Create a separate project for another object."), "apart")


def _apart(a: Session, b: Session) -> float | None:
    """Angle between the pointings of two nights in degrees, None if a header does not give them."""
    places = [next((i.sky_position for i in s.lights if i.sky_position), None) for s in (a, b)]
    if places[0] is None or places[1] is None:
        return None
    (ra1, dec1), (ra2, dec2) = places[0], places[1]
    across = ((ra1 - ra2 + 180) % 360 - 180) * np.cos(np.radians((dec1 + dec2) / 2))
    return float(np.hypot(across, dec1 - dec2))


def read_only(folder: Path) -> bool:
    return not os.access(folder, os.W_OK)
