"""How an external program is found, asked for its version, and refused when it is missing or too old.

Each program has one :class:`ToolProbe`, in the module that runs the program. A probe runs nothing but the version option.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestrator.errors import ToolError, ToolMissing
from orchestrator.message import Message
from orchestrator.tools.process import run_process
from orchestrator.tools.python_process import safe_path

__all__ = ["FoundTool", "ToolProbe"]

# Seconds to wait for a program that prints its version. An AppImage or a container unpacks itself at the first start.
VERSION_TIMEOUT = 60.0

Environment = Mapping[str, str]


@dataclass(frozen=True)
class FoundTool:
    """A program that can be used.

    Parameters
    ----------
    path : the executable.
    version : the version as numbers, such as (2025, 9, 29); empty if the program is not asked for it.
    text : the name and version that the program prints; empty if it is not asked.
    """

    path: Path
    version: tuple[int, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class ToolProbe:
    """Where a program is searched for, how its version is read, and the remedy if it cannot be used.

    The search stops at the first of these that is given: the configured path, an environment variable, PATH and the usual
    places. A path that is configured or in a variable is used alone; it may be a folder that holds the executable.

    Parameters
    ----------
    name : the name in messages.
    tool : the name in errors and logs.
    executables : names of the executable, the preferred one first; ``.exe`` is added on Windows.
    remedy : what the user can do when the program is missing or cannot be used.
    variables : environment variables that may hold the path, the documented one first.
    places : folders that may hold the executable, or executables, besides PATH.
    version_option : the option that prints the version; "" if the program is not asked.
    version_pattern : matches the text to keep; its group ``version`` holds the numbers.
    text_prefix : goes before the text, for programs that print a bare number.
    minimum : the oldest version that can be used.
    why_minimum : why older ones cannot be used.
    newest : take the newest of the installed programs instead of the first one.
    command : the words that start an executable.
    """

    name: str
    tool: str
    executables: tuple[str, ...]
    remedy: str
    variables: tuple[str, ...] = ()
    places: Callable[[Environment], Iterable[Path]] = lambda environ: ()
    version_option: str = ""
    version_pattern: re.Pattern[str] = re.compile(r"(?P<version>\d+(?:\.\d+)+)")
    text_prefix: str = ""
    minimum: tuple[int, ...] = ()
    why_minimum: str = ""
    newest: bool = False
    command: Callable[[Path], list[str | Path]] = lambda path: [path]

    def find(self, explicit: Path | None = None, environ: Environment | None = None) -> FoundTool:
        """The first usable program, or the newest usable one if the probe asks for that.

        Parameters
        ----------
        explicit : the configured path; None searches for the program.
        environ : the environment variables; those of this process if None.

        Raises
        ------
        ToolMissing : no program was found, or none can be used; each of them is named with the reason.
        """
        usable: list[FoundTool] = []
        refused: list[str] = []
        last_lines: tuple[str, ...] = ()
        for path in self.candidates(explicit, environ):
            try:
                found = self.identify(path)
            except ToolError as error:  # must not hide the other candidates
                refused.append(error.message)
                last_lines = error.last_lines
                continue
            if found.version < self.minimum:
                refused.append(Message("{path} is {found}, which is too old: {why_minimum}.", path=path, found=found.text,
                                       why_minimum=self.why_minimum))
                continue
            usable.append(found)
            if not self.newest:
                break
        if usable:
            return max(usable, key=lambda found: found.version)
        message = " ".join(refused) or Message("{value} was not found ({value2}).", value=self.name, value2=self._searched())
        raise ToolMissing(message, self.remedy, tool=self.tool, last_lines=last_lines)

    def candidates(self, explicit: Path | None = None, environ: Environment | None = None) -> tuple[Path, ...]:
        """The executables to try, in order, each file once: the one that is given, else all that are found."""
        environ = os.environ if environ is None else environ
        names = tuple(_with_suffix(name) for name in self.executables)
        given = explicit or next((Path(environ[v]) for v in self.variables if environ.get(v)), None)
        if given is not None:
            inside = (given / name for name in names) if given.is_dir() else ()
            return (next((path for path in inside if path.is_file()), given),)
        folders = [Path(folder) for folder in safe_path(environ).split(os.pathsep) if folder]
        paths = [folder / name for name in names for folder in folders]
        for place in self.places(environ):
            paths += [place] if place.is_file() else [place / name for name in names]
        unique: dict[str, Path] = {}
        for path in paths:
            if _is_executable(path):
                unique.setdefault(os.path.realpath(path), path)
        return tuple(unique.values())

    def identify(self, path: Path) -> FoundTool:
        """Ask one executable for its version.

        Raises
        ------
        ToolMissing : it does not exist, does not start, or prints no version of this program.
        ToolTimeout : it does not end.
        """
        if not self.version_option:
            if not _is_executable(path):
                raise ToolMissing(Message("{path} is not an executable file.", path=path), self.remedy, tool=self.tool)
            return FoundTool(path)
        lines: list[str] = []
        done = run_process([*self.command(path), self.version_option], tool=self.tool, timeout=VERSION_TIMEOUT,
                           on_line=lines.append)
        for line in lines:
            if match := self.version_pattern.search(line):
                version = tuple(int(part) for part in re.findall(r"\d+", match["version"]))
                return FoundTool(path, version, self.text_prefix + match[0].strip())
        raise ToolMissing(Message("{path} does not identify itself as {value} (exit status {returncode}).", path=path,
                                  value=self.name, returncode=done.returncode), self.remedy,
                          tool=self.tool, last_lines=done.last_lines, returncode=done.returncode)

    def _searched(self) -> str:
        return ", ".join([*self.variables[:1], "PATH", *(["usual folders"] if any(self.places(os.environ)) else [])])


def _with_suffix(name: str) -> str:
    return name if sys.platform != "win32" or name.lower().endswith(".exe") else f"{name}.exe"


def _is_executable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)
