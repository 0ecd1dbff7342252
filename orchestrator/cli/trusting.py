"""--trust: remembers that the user trusts the files given to a verb."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestrator.config.load import parse_yaml
from orchestrator.config.trust import programs_in, remember
from orchestrator.errors import ConfigError

__all__ = ["trust_file", "trust_files"]

# The settings of a run, in its directory.
SETTINGS_OF_RUN = "config.yaml"


def trust_files(parameters: Mapping[str, Any]) -> None:
    """Trust the files among the parameters of a verb: configurations, the project, the settings of the run."""
    for file in parameters.get("files") or ():
        trust_file(file)
    for name in ("path", "directory", "folder"):
        given = parameters.get(name)
        if isinstance(given, Path) and (name == "path" or (given / SETTINGS_OF_RUN).is_file()):
            trust_file(given)


def trust_file(file: Path) -> dict[str, str]:
    """Trust a configuration, a project (its file or folder), or the runs in a run directory; returns the programs it names."""
    from orchestrator.rundir.combination_record import CombinationRecord, is_combination

    if file.is_dir() and is_combination(file):
        found: dict[str, str] = {}
        for run in (file, *CombinationRecord.read(file).runs()):
            if (settings := run / SETTINGS_OF_RUN).is_file():
                found |= trust_file(settings)
        return found
    if file.is_dir() and (file / SETTINGS_OF_RUN).is_file():
        file = file / SETTINGS_OF_RUN
    if file.is_dir() or file.suffix.lower() == ".json":
        return _trust_project(file)
    try:
        content = parse_yaml(file.read_text(encoding="utf-8"), str(file))[0]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}.", "Check the path.") from error
    if "nights" in content or "sessions" in content:
        return _trust_project(file)
    remember(file, content)
    return programs_in(content)


def _trust_project(path: Path) -> dict[str, str]:
    from orchestrator.project.files import load_project

    project = load_project(path)
    remember(project.file, project.settings, project.root)
    return programs_in(project.settings)
