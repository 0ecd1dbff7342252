"""astrometry.net's solve-field: how it is found. Manual: https://astrometry.net/doc/readme.html"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestrator.errors import ToolMissing
from orchestrator.tools.process import run_process

__all__ = ["SolveFieldProbe", "find_solve_field"]

PROBE_TIMEOUT = 60.0
_VERSION = re.compile(r"^(\d+(?:\.\d+)+)")


@dataclass(frozen=True)
class SolveFieldProbe:
    """``path`` of solve-field, ``version`` such as (0, 98), ``text`` as it names itself."""

    path: Path
    version: tuple[int, ...]
    text: str


def find_solve_field(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> SolveFieldProbe:
    """solve-field as configured, or on PATH.

    Raises
    ------
    ToolMissing : there is none, or it does not tell its version.
    """
    environ = os.environ if environ is None else environ
    found = explicit or shutil.which("solve-field", path=environ.get("PATH", ""))
    if found is None:
        raise ToolMissing("solve-field was not found on PATH.", "Install astrometry.net.", tool="solve-field")
    lines: list[str] = []
    done = run_process([found, "--version"], tool="solve-field", timeout=PROBE_TIMEOUT, on_line=lines.append)
    match = next((m for line in lines if (m := _VERSION.match(line))), None)
    if match is None:
        raise ToolMissing(f"{found} does not tell its version (exit status {done.returncode}).", "Install it again.",
                          tool="solve-field", last_lines=done.last_lines)  # fmt: skip
    version = tuple(int(part) for part in match[1].split("."))
    return SolveFieldProbe(Path(found), version, f"solve-field {match[1]}")
