"""The errors that the program raises on purpose, and the exit code of each.

Every error that a user can cause names the problem (with the file and the value), the reason and the remedy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

from orchestrator.message import Message

if TYPE_CHECKING:
    from pathlib import Path

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
    """Exit status of the program."""

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
    message : the problem, with the file and the value.
    remedy : what the user can do about it.
    """

    exit_code = ExitCode.FAILED
    # Whether the command line has printed it as JSON.
    printed = False

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    @property
    def text(self) -> str:
        """The message and the remedy."""
        return Message("{message} {remedy}", message=self.message, remedy=self.remedy) if self.remedy else self.message

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class RunError(OrchestrateError):
    """The run cannot continue (disk full, run directory in use, ...)."""


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
    log : the file with its output.
    last_lines : the end of its output.
    returncode : its exit status; negative for a signal, None if it did not start.
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
    """The program exceeded its time limit."""


class Cancelled(OrchestrateError):
    """The user cancelled the run."""

    exit_code = ExitCode.CANCELLED


@dataclass(frozen=True)
class Finding:
    """A finding of a check.

    Parameters
    ----------
    level : an error prevents the run.
    where : a night, a key of the file, or the folder of the project.
    key : what was found, in one word for programs, such as "no_dark"; "" for texts that come from elsewhere.
    about : what it is about besides ``where``: a path or a name.
    """

    level: Literal["error", "warning", "note"]
    where: str
    message: str
    remedy: str = ""
    key: str = ""
    about: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message} {self.remedy}".strip()
