"""The record of a run directory: the folders of its session and every attempt."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError, InputError, RunError
from orchestrator.io.atomic import whole_file
from orchestrator.rundir.combination_record import refuse_combination
from orchestrator.rundir.directory import file_hash, is_unbegun
from orchestrator.rundir.format import SCHEMA, check_schema
from orchestrator.version import __version__

__all__ = ["RunRecord", "absolute_paths", "now", "session_folders"]

NAME = "checkpoints/run.json"
# Files that are written at the end of a run.
REPORTS = ("manifest.json", "artifacts/report.html", "artifacts/report.json", "artifacts/report.md", "artifacts/frames.csv")


def now() -> str:
    """The current time (UTC) in ISO format."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class RunRecord:
    """``roots`` are the folders of the session; ``attempts`` has for each start its time, the changes, and how it ended.

    An attempt without an end was killed.
    """

    directory: Path
    roots: tuple[Path, ...]
    attempts: list[dict[str, Any]]

    @classmethod
    def read(cls, directory: Path) -> RunRecord:
        """The record of an existing run.

        Raises
        ------
        InputError : the folder is not a run directory.
        ConfigError : the run was made by a version whose runs this one cannot use.
        RunError : the record cannot be read.
        """
        path = directory / NAME
        if not directory.is_dir():
            raise InputError(f"The run {directory} does not exist.", "Name the folder of a run, such as runs/NAME.")
        refuse_combination(directory)
        if not path.is_file():
            if (directory / ".lock").exists() and is_unbegun(directory):
                raise ConfigError(f"The run {directory} was ended before it began: it has nothing to resume.",
                                  f"Start it again: orchestrate run SESSION --run-id {directory.name}")
            if (directory / "config.yaml").is_file() and (directory / "logs").is_dir():
                raise ConfigError(f"{directory} is a run without checkpoints.", "Stack its session again with `orchestrate run`.")
            raise InputError(f"{directory} is not a run directory: {NAME} is missing.",
                             "Name the folder of a run, such as runs/NAME.")
        try:
            data = json.loads(path.read_bytes())
            check_schema(directory, "checkpoints", data)
            return cls(directory, tuple(Path(p) for p in data["roots"]), list(data["attempts"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise RunError(f"{path} cannot be read: {error!r}.", "Stack the session again with `orchestrate run`.") from error

    def begin(self, **notes: Any) -> None:
        """Record the start of an attempt, with notes on its changes."""
        self.attempts.append({"started": now(), "program": __version__, "status": "interrupted", **notes})
        self.write()

    def other_program(self) -> str:
        """A warning if attempts were made by other versions of the program, else ""."""
        here = __version__
        others = sorted({str(a.get("program")) for a in self.attempts} - {here})
        return f"Parts of this run were made by orchestrate {', '.join(others)}; this is version {here}." if others else ""

    def end(self, status: str) -> None:
        """Record the end of the last attempt."""
        self.attempts[-1] |= {"ended": now(), "status": status}
        self.write()

    def keep_reports(self) -> None:
        """Record the content of the manifest and of the report, which no phase writes."""
        self.attempts[-1]["reports"] = {name: file_hash(path) for name in REPORTS if (path := self.directory / name).is_file()}
        self.write()

    def changed_reports(self) -> list[str]:
        """Those of :meth:`keep_reports` that are missing or were changed since then."""
        kept = self.attempts[-1].get("reports") or {}
        return [name for name, content in kept.items()
                if not (self.directory / name).is_file() or file_hash(self.directory / name) != content]

    def write(self) -> None:
        """Write the record to the run directory."""
        content = {"schema": SCHEMA, "program": __version__, "roots": [str(r) for r in self.roots],
                   "attempts": self.attempts}
        (self.directory / NAME).parent.mkdir(parents=True, exist_ok=True)
        with whole_file(self.directory / NAME) as stream:
            stream.write(json.dumps(content, indent=1).encode("ascii"))


def session_folders(directory: Path) -> list[Path]:
    """The folders of the session of a run, of one stack or of several filters; empty if they are not known."""
    for name in (NAME, "artifacts/combination.json"):
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            if found := json.loads((directory / name).read_bytes()).get("roots"):
                return [Path(root) for root in found]
    return []


def absolute_paths(config: RunConfig, base: Path | None = None) -> RunConfig:
    """The settings with absolute paths, so that a run can be resumed from any folder.

    Relative paths are relative to ``base``, or to the current folder if it is None.
    """
    def walk(section: BaseModel) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in type(section).model_fields:
            value = getattr(section, name)
            if isinstance(value, BaseModel):
                value = walk(value)
            elif isinstance(value, Path):
                value = (base or Path.cwd()) / value.expanduser()
            found[name] = value
        return found

    return RunConfig.model_validate(walk(config))
