"""The manifest of a run directory: result, attempts, versions, inputs, and output files with their hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from orchestrator.errors import ExitCode, OrchestrateError
from orchestrator.io.json_files import write_json
from orchestrator.message import packed
from orchestrator.rundir.directory import file_hash, versions
from orchestrator.rundir.record import now

__all__ = ["MANIFEST", "Outcome", "write_manifest"]

MANIFEST = "manifest.json"


class Outcome(Protocol):
    """The result of a run, as far as the manifest needs it."""

    @property
    def status(self) -> str: ...
    @property
    def exit_code(self) -> ExitCode: ...
    @property
    def error(self) -> OrchestrateError | None: ...
    @property
    def products(self) -> Mapping[str, Path]: ...
    @property
    def warnings(self) -> Sequence[str]: ...


def write_manifest(directory: Path, attempts: Sequence[Mapping[str, Any]], outcome: Outcome, sections: Mapping[str, Any]) -> None:
    """Write ``manifest.json`` of a run directory.

    Parameters
    ----------
    directory : the run directory.
    attempts : all attempts; the last one gives the start time.
    outcome : result of the last attempt. Products outside of the directory, or without a file, are not listed.
    sections : further entries ("inputs", "statistics" ...), in order.

    Raises
    ------
    OSError : the file cannot be written, or a product cannot be read.
    """
    outputs = {name: {"path": str(path.relative_to(directory)), "sha256": file_hash(path)}
               for name, path in outcome.products.items() if path.is_relative_to(directory) and path.exists()}
    write_json(directory / MANIFEST, {
        "status": outcome.status, "exit_code": int(outcome.exit_code), "error": str(outcome.error) if outcome.error else None,
        "error_text": packed(outcome.error.text) if outcome.error else None,
        "started": attempts[-1]["started"], "ended": now(), "attempts": attempts, "versions": versions(), **sections,
        "warnings": outcome.warnings, "warning_texts": [packed(w) for w in outcome.warnings],
        "outputs": outputs})
