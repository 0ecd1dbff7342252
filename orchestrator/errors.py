"""The one family of errors and the exit code that each carries.

Every error that a user can cause has three parts: what is wrong (with the file and the value), why, and the remedy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Literal

__all__ = [
    "Cancelled",
    "ConfigError",
    "ExitCode",
    "Finding",
    "InputError",
    "OrchestrateError",
    "RunError",
    "ToolError",
    "ToolMissing",
    "ToolTimeout",
]


class ExitCode(IntEnum):
    """What the program tells the shell."""

    OK = 0
    FAILED = 1
    USAGE = 2
    VALIDATION_FAILED = 3
    INPUT_REFUSED = 4
    TOOL_FAILED = 5
    CANCELLED = 130


class OrchestrateError(Exception):
    """Base of all errors raised on purpose.

    Parameters
    ----------
    message : what is wrong, naming the file and the value.
    remedy : what the person can do about it.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class RunError(OrchestrateError):
    """The run cannot go on (disk full, run folder in use, ...)."""


class ConfigError(OrchestrateError):
    """The configuration or the command line is wrong."""

    exit_code = ExitCode.USAGE


class InputError(OrchestrateError):
    """The frames cannot be used."""

    exit_code = ExitCode.INPUT_REFUSED


class ToolError(OrchestrateError):
    """An external program failed.

    Parameters
    ----------
    tool : its name.
    log : the file with everything it printed.
    last_lines : the end of what it printed.
    returncode : its exit status; negative for a signal, None when it never started.
    """

    exit_code = ExitCode.TOOL_FAILED

    def __init__(
        self,
        message: str,
        remedy: str = "",
        *,
        tool: str = "",
        log: Path | None = None,
        last_lines: tuple[str, ...] = (),
        returncode: int | None = None,
    ) -> None:
        super().__init__(message, remedy)
        self.tool = tool
        self.log = log
        self.last_lines = last_lines
        self.returncode = returncode


class ToolMissing(ToolError):
    """The program is not installed, or its version cannot be used."""


class ToolTimeout(ToolError):
    """The program ran longer than it may."""


class Cancelled(OrchestrateError):
    """The person asked to stop."""

    exit_code = ExitCode.CANCELLED


@dataclass(frozen=True)
class Finding:
    """``level`` error: the project cannot be run so. ``where``: a night, a key of the file, or the project's folder."""

    level: Literal["error", "warning", "note"]
    where: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message} {self.remedy}".strip()
