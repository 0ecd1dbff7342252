"""Siril scripts of a project: all its nights, with one session per filter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError
from orchestrator.message import Message
from orchestrator.project.model import Project
from orchestrator.project.nights import palette_of, project_config, project_filters, scan_project, trusted_config
from orchestrator.scripting import ScriptOptions, write_scripts
from orchestrator.session.model import Session

__all__ = ["script_choices", "script_sessions", "write_project_scripts"]


def script_sessions(project: Project, config: RunConfig | None = None) -> list[Session]:
    """The sessions of the nights in use; with several filters one for each that can be stacked. Raises InputError for a night
    that cannot be used."""
    config = config or project_config(project)
    used = [n for n in scan_project(project, filter=config.input.filter) if n.use]
    if not used:
        raise InputError(Message("{project}: there is no night in use.",
                                 project=project.name), "Add nights: orchestrate project add PROJECT FOLDER...")
    if problem := next((n.problem for n in used if n.problem is not None), None):
        raise problem
    filters = project_filters(project, config)
    groups = filters.stacked if filters.several or project.channels else ()
    if not groups:
        return [n.session for n in used if n.session is not None]
    return [night for group in groups if group.report is not None for night in group.report.session.nights]


def script_choices(project: Project, config: RunConfig) -> dict[str, Any]:
    """The script options that a project defines."""
    return {"channels": project.channels, "palette": palette_of(project, config),
            "mirror": project.final.mirror == "bottomup" or None}


def write_project_scripts(project: Project, directory: Path, **changes: Any) -> list[Path]:
    """Write the Siril scripts of a project, with the options closest to its settings; returns the files.

    ``changes`` : fields of :class:`orchestrator.ScriptOptions` that take precedence, except those that are None.

    Raises what :func:`orchestrator.write_scripts` raises, and InputError for nights that cannot be used.
    """
    config = trusted_config(project)
    options = ScriptOptions.of(config, **{**script_choices(project, config), **changes})
    return write_scripts(script_sessions(project, config), directory, options, project.name)
