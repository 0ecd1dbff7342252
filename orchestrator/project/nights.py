"""The nights of a project as they lie on the disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestrator.combination.filters import SessionFilters, least_lights, look_at_filters
from orchestrator.config.load import load_config
from orchestrator.config.settings import NightFolder, RunConfig
from orchestrator.errors import ConfigError, InputError
from orchestrator.project.discovery import find_nights
from orchestrator.project.model import Project, ProjectNight
from orchestrator.rundir.record import absolute_paths
from orchestrator.session.matching import plain_name
from orchestrator.session.model import Session
from orchestrator.session.nights import NightScan, choose_of_nights, frames_of_nights

__all__ = ["Night", "new_nights", "night_folders", "of_nights", "palette_of", "project_config", "project_filters",
           "scan_project"]


@dataclass(frozen=True)
class Night:
    """A night of a project. ``session`` holds its lights and the calibration frames that belong to them, those of other
    nights and of the library too (``session.notes`` tells of these); None where the night cannot be used, and then
    ``problem`` says why. ``filters`` counts its lights by filter ("" where the header names none)."""

    name: str
    path: Path
    use: bool
    session: Session | None
    problem: InputError | None = None
    filters: dict[str, int] = field(default_factory=dict)


def project_config(project: Project, files: Sequence[Path] = (), preset: str | None = None,
                   overrides: Sequence[str] = ()) -> RunConfig:
    """The settings of a project's run: a preset, the project's own, files, overrides; the later ones win. Relative paths in
    the project's settings lie below its folder.

    Raises
    ------
    ConfigError : a setting is unknown or wrong.
    """
    return absolute_paths(load_config(files, preset, overrides, base=project.settings, base_name=f"settings of {project.name}"),
                          project.root)


def of_nights(project: Project, config: RunConfig) -> RunConfig:
    """The settings with what a project says beside them: its nights, and of several filters how they are combined."""
    config = config.model_copy(deep=True)
    config.input.nights = night_folders(project)
    config.output.palette = palette_of(project, config)
    return config


def palette_of(project: Project, config: RunConfig) -> str | dict[str, dict[str, float]]:
    """The project's own, else that of its settings."""
    return config.output.palette if project.palette == "auto" else project.palette


def project_filters(project: Project, config: RunConfig | None = None) -> SessionFilters:
    """The filters of the nights in use (those of the channels where the project names some), and what becomes of them; none where
    there is one, or one was asked for. Reads headers only. Raises ConfigError for settings, InputError for nights that cannot be
    used."""
    config = of_nights(project, config or project_config(project))
    if not config.input.nights:
        return SessionFilters(())
    return look_at_filters([n.path for n in config.input.nights], config, project.channels)


def night_folders(project: Project, nights: Sequence[ProjectNight] | None = None) -> list[NightFolder]:
    """The nights in use (or those given) as the run's settings name them."""
    return [NightFolder(path=project.folder(n), name=n.name, settings=_rooted(n.settings, project.root))
            for n in (project.used if nights is None else nights)]


def _rooted(settings: dict[str, Any], root: Path) -> dict[str, Any]:
    """A night's settings with the masters that they name below the project's folder."""
    found = {section: dict(values) if isinstance(values, dict) else values for section, values in settings.items()}
    calibration = found.get("calibration")
    if isinstance(calibration, dict):
        for key, value in calibration.items():
            if isinstance(value, str) and (key.endswith("_master") or key == "library"):
                calibration[key] = str(root / Path(value).expanduser())
    return found


def scan_project(project: Project, *, filter: str | None = None) -> list[Night]:
    """Every night of the project, those that are not in use too. Reads headers only and writes nothing.

    ``filter``: the sessions hold its lights; None takes that of most lights, where several are stacked that of each night's most.

    Raises
    ------
    ConfigError : a setting is wrong.
    """
    config = project_config(project)
    config.input.filter = filter or config.input.filter
    used = _look(project, config, project.used)
    scanned = {n.folder.name: n for n in used}
    others = {n.folder.name: n for n in _look(project, config, [n for n in project.nights if not n.use])}
    result = []
    for entry in project.nights:
        found = (scanned | others)[entry.name]
        session = None if found.report is None else found.report.session
        result.append(Night(entry.name, project.folder(entry), entry.use, session, found.problem, _filters(found)))
    return result


def _look(project: Project, config: RunConfig, nights: Sequence[ProjectNight]) -> list[NightScan]:
    """The nights, each with the filter of most of its lights; with that of all where only one has enough to be stacked."""
    config = config.model_copy(deep=True)
    config.input.nights = night_folders(project, nights)
    frames = frames_of_nights(config)
    counts = Counter(plain_name(i.filter) for n in frames for i in n.lights if i.filter)
    several = sum(count >= least_lights(config) for count in counts.values()) > 1
    return choose_of_nights(frames, config, one_filter=not project.channels and not several)


def _filters(found: NightScan) -> dict[str, int]:
    return dict(Counter(i.filter or "" for i in found.lights))


def new_nights(project: Project) -> list[Path]:
    """Folders below the project's that look like nights and are none of it yet; none where it has no folder yet."""
    if project.root == Path():
        return []
    known = {project.folder(n).resolve() for n in project.nights}
    return [p for p in find_nights(project.root) if p.resolve() not in known]


def check_channels(project: Project, nights: Sequence[Night]) -> None:
    """ConfigError when a channel names a filter that no light has."""
    known = sorted({f for n in nights if n.use for f in n.filters if f})
    for channel, wanted in project.channels.items():
        if not any(f.lower() == wanted.lower() for f in known):
            raise ConfigError(f"channels: no light has the filter {wanted!r} of {channel}.",
                              f"There are: {', '.join(known)}." if known else "The headers name no filters.")
