"""The nights of a project on disk, and the settings of its runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestrator.combination.filters import SessionFilters, find_filters, least_lights
from orchestrator.config.load import load_config
from orchestrator.config.settings import NightFolder, RunConfig
from orchestrator.config.trust import refuse_untrusted
from orchestrator.errors import ConfigError, InputError
from orchestrator.message import Message
from orchestrator.project.discovery import find_nights
from orchestrator.project.model import Project, ProjectNight
from orchestrator.rundir.record import absolute_paths
from orchestrator.session.filter_names import filter_key, same_filter
from orchestrator.session.model import Session
from orchestrator.session.nights import NightScan, choose_per_night, frames_of_nights

__all__ = ["Night", "SettingsSources", "new_nights", "night_folders", "of_nights", "palette_of", "project_config",
           "project_filters", "scan_project", "trusted_config"]


@dataclass(frozen=True)
class Night:
    """A night of a project. ``session`` contains its lights and their calibration frames, including those borrowed from other
    nights and from the library (listed in ``session.notes``); None if the night cannot be used, with the reason in ``problem``.
    ``filters`` counts its lights by filter ("" if the header names none), ``seconds`` is their total exposure. ``device``
    has the facts of the camera, as in :class:`ScanReport`."""

    name: str
    path: Path
    use: bool
    session: Session | None
    problem: InputError | None = None
    filters: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    device: dict[str, Any] | None = None


@dataclass(frozen=True)
class SettingsSources:
    """Settings in addition to those of a project: configuration files, a preset, and overrides ("section.key=value")."""

    files: Sequence[Path] = ()
    preset: str | None = None
    overrides: Sequence[str] = ()


def project_config(project: Project, files: Sequence[Path] = (), preset: str | None = None,
                   overrides: Sequence[str] = ()) -> RunConfig:
    """The settings of a run of a project: preset, project settings, files, overrides, in order of increasing priority. Relative
    paths in the project settings refer to the project folder.

    Raises
    ------
    ConfigError : a setting is unknown or invalid.
    """
    return absolute_paths(load_config(files, preset, overrides, base=project.settings, base_name=str(project.file)),
                          project.root)


def trusted_config(project: Project, files: Sequence[Path] = (), preset: str | None = None,
                   overrides: Sequence[str] = ()) -> RunConfig:
    """As :func:`project_config`, for a run. ConfigError also if the project names programs and its file is not trusted."""
    if project.file.is_file():
        refuse_untrusted(project.file, project.settings, project.root)
    return project_config(project, files, preset, overrides)


def of_nights(project: Project, config: RunConfig) -> RunConfig:
    """The settings with the nights of the project and its palette."""
    config = config.model_copy(deep=True)
    config.input.nights = night_folders(project)
    config.output.palette = palette_of(project, config)
    return config


def palette_of(project: Project, config: RunConfig) -> str | dict[str, dict[str, float]]:
    """The palette of the project, else that of its settings."""
    return config.output.palette if project.palette == "auto" else project.palette


def project_filters(project: Project, config: RunConfig | None = None) -> SessionFilters:
    """The filters of the nights in use (or those of the channels of the project); empty if there is only one, or if one is
    selected. Reads headers only. Raises ConfigError for invalid settings, InputError for nights that cannot be used."""
    config = of_nights(project, config or project_config(project))
    if not config.input.nights:
        return SessionFilters(())
    return find_filters([n.path for n in config.input.nights], config, project.channels)


def night_folders(project: Project, nights: Sequence[ProjectNight] | None = None) -> list[NightFolder]:
    """The nights in use (or ``nights``) in the form of the settings of a run."""
    return [NightFolder(path=project.folder(n), name=n.name, settings=_rooted(n.settings, project.root))
            for n in (project.used if nights is None else nights)]


def _rooted(settings: dict[str, Any], root: Path) -> dict[str, Any]:
    """The settings of a night with the paths of masters resolved relative to the project folder."""
    found = {section: dict(values) if isinstance(values, dict) else values for section, values in settings.items()}
    calibration = found.get("calibration")
    if isinstance(calibration, dict):
        for key, value in calibration.items():
            if isinstance(value, str) and (key.endswith("_master") or key == "library"):
                calibration[key] = str(root / Path(value).expanduser())
    return found


def scan_project(project: Project, *, filter: str | None = None) -> list[Night]:
    """Scan every night of the project, including those not in use. Reads headers only and writes nothing.

    ``filter``: the sessions contain the lights of this filter; None: of the filter with most lights, or of the filter with most
    lights in each night if several filters are stacked.

    Raises
    ------
    ConfigError : a setting is invalid.
    """
    config = project_config(project)
    config.input.filter = filter or config.input.filter
    used = _scan(project, config, project.used)
    scanned = {n.folder.name: n for n in used}
    others = {n.folder.name: n for n in _scan(project, config, [n for n in project.nights if not n.use])}
    result = []
    for entry in project.nights:
        found = (scanned | others)[entry.name]
        session = None if found.report is None else found.report.session
        result.append(Night(entry.name, project.folder(entry), entry.use, session, found.problem, _filters(found),
                            _seconds(found), None if found.report is None else found.report.device))
    return result


def _scan(project: Project, config: RunConfig, nights: Sequence[ProjectNight]) -> list[NightScan]:
    """Scan nights, each with its most frequent filter, or all with the same if only one filter has enough lights."""
    config = config.model_copy(deep=True)
    config.input.nights = night_folders(project, nights)
    frames = frames_of_nights(config)
    counts = Counter(filter_key(i.filter) for n in frames for i in n.lights if i.filter)
    several = sum(count >= least_lights(config) for count in counts.values()) > 1
    return choose_per_night(frames, config, one_filter=not project.channels and not several)


def _filters(found: NightScan) -> dict[str, int]:
    return dict(Counter(i.filter or "" for i in found.lights))


def _seconds(found: NightScan) -> dict[str, float]:
    total: dict[str, float] = {}
    for info in found.lights:
        total[info.filter or ""] = total.get(info.filter or "", 0.0) + (info.exposure or 0.0)
    return total


def new_nights(project: Project) -> list[Path]:
    """Folders below the project folder that look like nights and are not in the project yet."""
    if project.root == Path():
        return []
    known = {project.folder(n).resolve() for n in project.nights}
    return [p for p in find_nights(project.root) if p.resolve() not in known]


def check_channels(project: Project, nights: Sequence[Night]) -> None:
    """Raise ConfigError if a channel names a filter that no light has, or the filter of another channel."""
    known = sorted({f for n in nights if n.use for f in n.filters if f})
    for channel, wanted in project.channels.items():
        other = next((c for c, name in project.channels.items() if c != channel and same_filter(name, wanted)), None)
        if other is not None:
            raise ConfigError(Message("channels: {channel} and {other} are the same filter ({wanted}, {channels}).",
                                      channel=channel, other=other, wanted=wanted, channels=project.channels[other]),
                              "Keep one of them; all spellings of a filter are stacked together.")
        if not any(same_filter(f, wanted) for f in known):
            raise ConfigError(Message("channels: no light has the filter {wanted!r} of {channel}.", wanted=wanted,
                                      channel=channel),
                              f"Available: {', '.join(known)}." if known else "The headers contain no filter names.")
