"""What of a project goes into Siril scripts: all its nights, or with channels the nights of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator.config.models import RunConfig
from orchestrator.errors import InputError
from orchestrator.project.model import Project
from orchestrator.project.nights import Night, project_config, scan_project
from orchestrator.scripting import ScriptOptions, write_scripts
from orchestrator.session.model import Session

__all__ = ["ScriptSet", "script_sets", "write_project_scripts"]


@dataclass(frozen=True)
class ScriptSet:
    """Nights whose scripts lie in one folder. ``folder`` is that of the channel ("" without channels)."""

    folder: str
    name: str
    nights: list[Session]


def script_sets(project: Project, config: RunConfig | None = None, name: str = "") -> list[ScriptSet]:
    """The nights in use, by channel where the project has channels. InputError tells what cannot be used."""
    config, title = config or project_config(project), name or project.name
    if not project.channels:
        return [ScriptSet("", title, _sessions(scan_project(project, filter=config.input.filter), title))]
    found = []
    for channel, wanted in project.channels.items():
        nights = [n for n in scan_project(project, filter=wanted) if any(f.lower() == wanted.lower() for f in n.filters)]
        found.append(ScriptSet(channel, f"{title}_{channel}", _sessions(nights, f"{title}, filter {wanted}")))
    return found


def write_project_scripts(project: Project, directory: Path) -> list[Path]:
    """Write the Siril scripts of a project, with the options that come nearest to its settings; returns their files.

    Raises what :func:`orchestrator.write_scripts` raises, and InputError for nights that cannot be used.
    """
    config = project_config(project)
    options = ScriptOptions.of(config, mirror=project.final.mirror == "bottomup" or None)
    return [path for one in script_sets(project, config)
            for path in write_scripts(one.nights, directory / one.folder, options, one.name)]


def _sessions(nights: Sequence[Night], what: str) -> list[Session]:
    """The sessions of the nights in use; one that cannot be used is told."""
    used = [n for n in nights if n.use]
    if not used:
        raise InputError(f"{what}: there is no night in use.", "Add nights: orchestrate project add PROJECT FOLDER...")
    if problem := next((n.problem for n in used if n.problem is not None), None):
        raise problem
    return [n.session for n in used if n.session is not None]
