"""What a run directory tells of its run: from which session it was made, and every attempt at it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError, RunError
from orchestrator.io.atomic import whole_file
from orchestrator.rundir.combination_record import refuse_combination

__all__ = ["RunRecord", "absolute_paths", "now"]

SCHEMA = 1
NAME = "checkpoints/run.json"


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class RunRecord:
    """``roots`` are the session's folders; ``attempts`` tells for each start when, with which changes, how it ended.

    An attempt that has no end was killed.
    """

    directory: Path
    roots: tuple[Path, ...]
    attempts: list[dict[str, Any]]

    @classmethod
    def read(cls, directory: Path) -> RunRecord:
        """The record of an existing run.

        Raises
        ------
        ConfigError : the folder is no run, or one that this program cannot resume.
        RunError : the record cannot be read.
        """
        path = directory / NAME
        if not directory.is_dir():
            raise ConfigError(f"The run {directory} does not exist.", "Name the folder of a run, such as runs/NAME.")
        refuse_combination(directory)
        if not path.is_file():
            if (directory / "config.yaml").is_file() and (directory / "logs").is_dir():
                raise ConfigError(f"{directory} is a run without checkpoints.", "Stack its session anew with `orchestrate run`.")
            raise ConfigError(f"{directory} is no run: it has no {NAME}.", "Name the folder of a run, such as runs/NAME.")
        try:
            data = json.loads(path.read_bytes())
            schema = int(data["schema"])
            if schema > SCHEMA:
                raise ConfigError(f"{directory} was made by orchestrate {data.get('program')} (schema {schema}, this program "
                                  f"knows {SCHEMA}).", "Resume it with that version or a newer one.")
            return cls(directory, tuple(Path(p) for p in data["roots"]), list(data["attempts"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RunError(f"{path} cannot be read: {error!r}.", "Stack the session anew with `orchestrate run`.") from error

    def begin(self, **what: Any) -> None:
        """Note that an attempt begins."""
        self.attempts.append({"started": now(), "program": metadata.version("orchestrate"), "status": "interrupted", **what})
        self.write()

    def other_program(self) -> str:
        """A warning when an attempt was made by another version of the program than this one, "" otherwise."""
        here = metadata.version("orchestrate")
        others = sorted({str(a.get("program")) for a in self.attempts} - {here})
        return f"Parts of this run were made by orchestrate {', '.join(others)}, this is {here}." if others else ""

    def end(self, status: str) -> None:
        """Note how it ended."""
        self.attempts[-1] |= {"ended": now(), "status": status}
        self.write()

    def write(self) -> None:
        content = {"schema": SCHEMA, "program": metadata.version("orchestrate"), "roots": [str(r) for r in self.roots],
                   "attempts": self.attempts}
        (self.directory / NAME).parent.mkdir(parents=True, exist_ok=True)
        with whole_file(self.directory / NAME) as stream:
            stream.write(json.dumps(content, indent=1).encode("ascii"))


def absolute_paths(config: RunConfig, base: Path | None = None) -> RunConfig:
    """The same settings with all files named absolutely, so that a run can be resumed from any folder.

    Relative ones lie below ``base``, the current folder when None.
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
