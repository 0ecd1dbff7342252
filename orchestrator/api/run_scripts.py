"""Runs the scripts of a folder that ``orchestrate script`` has written, with Siril."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from orchestrator.errors import InputError
from orchestrator.tools.siril.cli import ScriptJob, find_siril, run_script

__all__ = ["SCRIPT", "run_written_scripts"]

SCRIPT = "run_project.ssf"


def run_written_scripts(folder: Path, executable: Path | None = None, *, cancel: threading.Event | None = None,
                        on_progress: Callable[[str, float], None] | None = None) -> list[Path]:
    """Run ``run_project.ssf`` in ``folder``; returns the images that Siril has written there. Its output goes to ``siril.log``.

    Raises
    ------
    InputError : the folder has no scripts. ToolMissing : Siril is not installed. ToolError : a command failed.
    """
    place = folder.expanduser().absolute()
    if not (place / SCRIPT).is_file():
        raise InputError(f"{folder} has no {SCRIPT}.", "Write the scripts first: orchestrate script SESSION -o DIR.")
    before = {path: path.stat().st_mtime_ns for path in place.glob("*.fit")}
    job = ScriptJob(place / SCRIPT, place, place / "siril.log")
    run_script(find_siril(executable), job, cancel=cancel, on_progress=on_progress)
    return sorted(path for path in place.glob("*.fit") if before.get(path) != path.stat().st_mtime_ns)
