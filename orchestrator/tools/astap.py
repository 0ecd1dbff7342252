"""ASTAP's command line: how it is found. Manual: https://www.hnsky.org/astap.htm#astap_command_line"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestrator.errors import ToolMissing
from orchestrator.tools.process import run_process

__all__ = ["AstapProbe", "find_astap"]

NAMES = ("astap_cli", "astap-cli", "astap")
PROBE_TIMEOUT = 30.0
_VERSION = re.compile(r"ASTAP.*version\s+(?:CLI-)?(\S+)")


@dataclass(frozen=True)
class AstapProbe:
    """``path`` of the program, ``version`` such as (2025, 9, 29), ``text`` as it names itself."""

    path: Path
    version: tuple[int, ...]
    text: str


def find_astap(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> AstapProbe:
    """The first ASTAP that answers: as configured, ASTAP_CLI, PATH, the usual folders.

    Raises
    ------
    ToolMissing : there is none.
    """
    environ = os.environ if environ is None else environ
    chosen = explicit or (Path(environ["ASTAP_CLI"]) if environ.get("ASTAP_CLI") else None)
    for path in (chosen,) if chosen else _candidates(environ):
        lines: list[str] = []
        # The window's program takes -h for help too; without a display it fails, and the next is tried.
        done = run_process([path, "-h"], tool="astap", timeout=PROBE_TIMEOUT, on_line=lines.append)
        match = next((m for line in lines if (m := _VERSION.search(line))), None)
        if match is not None:
            version = tuple(int(part) for part in re.findall(r"\d+", match[1]))
            return AstapProbe(path, version, match[0])
        if chosen:
            raise ToolMissing(f"{path} does not answer as ASTAP (exit status {done.returncode}).", "Correct its path.",
                              tool="astap", last_lines=done.last_lines)  # fmt: skip
    raise ToolMissing("ASTAP was not found (ASTAP_CLI, PATH, usual folders).", "Install astap_cli.", tool="astap")


def _candidates(environ: Mapping[str, str]) -> tuple[Path, ...]:
    found = [shutil.which(name, path=environ.get("PATH", "")) for name in NAMES]
    usual = {"win32": ("C:/Program Files/astap",), "darwin": ("/Applications/ASTAP.app/Contents/MacOS",)}
    ending = ".exe" if sys.platform == "win32" else ""
    folders = usual.get(sys.platform, ("/opt/astap", "/usr/local/bin"))
    paths = [Path(p) for p in found if p] + [Path(f) / (name + ending) for f in folders for name in NAMES]
    return tuple(dict.fromkeys(path for path in paths if path.is_file()))
