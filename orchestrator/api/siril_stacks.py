"""Stacks that Siril made of the session of a run, for a comparison."""

from __future__ import annotations

import re
from pathlib import Path

from orchestrator.errors import OrchestrateError
from orchestrator.io import frames as frame_files
from orchestrator.rundir.record import RunRecord

__all__ = ["siril_stacks"]

# Names of stacks: those of Siril's scripts (result, result_3600s, OBJECT_stacked), and of its command stack without -out.
NAMES = re.compile(r"(result|r_.*|.*_stacked|stacked?)([_.-].*)?", re.IGNORECASE)
SUFFIXES = (".fit", ".fits", ".fts", ".fit.fz", ".fits.fz")
# Folders of a session in which Siril writes stacks, and most files whose headers are read.
FOLDERS = (".", "process", "masters", "results", "stack")
MOST = 40


def siril_stacks(directory: Path) -> list[Path]:
    """The stacks by Siril in the session folders of a run and beside these, the most recent first; files are recognised by their
    headers (PROGRAM, STACKCNT). An empty list for a run of several filters or fields.

    Parameters
    ----------
    directory : a run directory.
    """
    try:
        roots = RunRecord.read(directory).roots
    except OrchestrateError:
        return []
    folders = dict.fromkeys(place for root in roots for place in (*(root / name for name in FOLDERS), root.parent))
    found: dict[Path, float] = {}
    for folder in folders:
        try:
            named = [p for p in folder.iterdir() if p.name.lower().endswith(SUFFIXES) and NAMES.fullmatch(p.name.split(".")[0])]
            found |= {p.resolve(): p.stat().st_mtime for p in sorted(named)[:MOST] if _is_stack(p)}
        except OSError:  # the folder is not there, or cannot be read
            continue
    return sorted(found, key=lambda p: -found[p])


def _is_stack(path: Path) -> bool:
    """Whether Siril made the file of more than one frame."""
    try:
        header = frame_files.read_header(path)
    except OrchestrateError:
        return False
    count = header.get("STACKCNT")
    return str(header.get("PROGRAM", "")).lower().startswith("siril") and isinstance(count, int | float) and count > 1
