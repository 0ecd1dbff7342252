"""The format of a run directory, and the error for runs of versions that this one cannot read."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from orchestrator.errors import ConfigError

__all__ = ["REPORT", "SCHEMA", "check_schema", "read_manifest", "unreadable_run", "version_of"]

# Format of the run directory; 2 has typed statistics and the checkpoints that go with them.
SCHEMA = 2
# Name of the last step in the event log; its report is made from the others.
REPORT = "REPORT"


def unreadable_run(directory: Path, part: str, program: object = None, sessions: Iterable[object] = (),
                   project: str = "") -> ConfigError:
    """The error for a run whose ``part`` (such as "statistics") this version cannot read.

    ``program`` is the version that made the run, ``sessions`` its folders and ``project`` its project; by default version and
    folders are those in the manifest.
    """
    manifest = read_manifest(directory)
    sessions = list(sessions) or _sessions(manifest)
    if project:
        remedy = f"Run the project again: {shlex.join(['orchestrate', 'project', 'run', project])}"
    elif sessions:
        remedy = f"Run the session again: {shlex.join(['orchestrate', 'run', *map(str, sessions)])}"
    else:
        remedy = "Run the session again with `orchestrate run`."
    return ConfigError(f"{directory} was made by {_program(program, manifest)}; this version cannot read its {part}.", remedy)


def check_schema(directory: Path, part: str, data: dict[str, Any]) -> None:
    """Check the format in the record of a run: ``data`` has ``schema``, and perhaps ``program``, ``roots`` and ``project``.

    Raises
    ------
    ConfigError : the run was made by a version whose runs this one cannot read.
    """
    schema = int(data.get("schema") or 1)
    if schema > SCHEMA:
        program = _program(data.get("program"), read_manifest(directory))
        raise ConfigError(f"{directory} was made by {program} (format {schema}; this version reads {SCHEMA}).",
                          "Use that version or a newer one.")
    if schema < SCHEMA:
        raise unreadable_run(directory, f"{part} (format {schema} instead of {SCHEMA})", data.get("program"), data["roots"],
                             str(data.get("project") or ""))


def read_manifest(directory: Path) -> dict[str, Any]:
    """The manifest of a run directory; {} if it is missing or damaged."""
    try:
        found = json.loads((directory / "manifest.json").read_text(encoding="utf-8", errors="replace"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def version_of(manifest: Mapping[str, Any]) -> str:
    """The version of orchestrate that wrote a manifest, "" if it is not known."""
    versions = manifest.get("versions")
    return str(versions.get("orchestrate") or "") if isinstance(versions, dict) else ""


def _program(given: object, manifest: Mapping[str, Any]) -> str:
    version = given or version_of(manifest)
    return f"orchestrate {version}" if version else "another version of orchestrate"


def _sessions(manifest: dict[str, Any]) -> list[object]:
    inputs = manifest.get("inputs")
    found = inputs.get("sessions") if isinstance(inputs, dict) else None
    return found if isinstance(found, list) else []
