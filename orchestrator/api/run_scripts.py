"""Scripts of a folder that ``orchestrate script`` has written: checks them, and runs them with Siril."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from orchestrator.config.describe import Setting, settings_of
from orchestrator.errors import Finding, InputError, ToolMissing
from orchestrator.scripting import ScriptOptions, check_script_file
from orchestrator.tools.siril.cli import ScriptJob, find_siril, run_script

__all__ = ["SCRIPT", "check_written_scripts", "run_written_scripts", "script_settings"]

SCRIPT = "run_project.ssf"
# The options of scripts that no setting of a run decides.
SCRIPT_ONLY = ("registration", "packing", "compression", "compress_result", "copy_frames")


def script_settings() -> tuple[Setting, ...]:
    """The options of scripts that are chosen for scripts alone; all others follow from the settings of a run."""
    known = {setting.key: setting for setting in settings_of(ScriptOptions, "")}
    return tuple(known[name] for name in SCRIPT_ONLY)


def check_written_scripts(folder: Path, executable: Path | None = None) -> list[Finding]:
    """The problems of all scripts in ``folder``. Without an installed Siril the commands of the built-in version are used.

    Raises
    ------
    InputError : the folder has no scripts. ToolMissing : ``executable`` is given and cannot be used.
    """
    place = _folder_of_scripts(folder)
    try:
        siril = find_siril(executable, read_output=True)
    except ToolMissing:
        if executable is not None:
            raise
        siril = None
    return [finding for file in sorted(place.glob("*.ssf")) for finding in check_script_file(file, siril)]


def _folder_of_scripts(folder: Path) -> Path:
    place = folder.expanduser().absolute()
    if not (place / SCRIPT).is_file():
        raise InputError(f"{folder} has no {SCRIPT}.", "Write the scripts first: orchestrate script SESSION -o DIR.")
    return place


def run_written_scripts(folder: Path, executable: Path | None = None, *, cancel: threading.Event | None = None,
                        on_progress: Callable[[str, float], None] | None = None) -> list[Path]:
    """Run ``run_project.ssf`` in ``folder``; returns the images that Siril has written there. Its output goes to ``siril.log``.

    Raises
    ------
    InputError : the folder has no scripts. ToolMissing : Siril is not installed. ToolError : a command failed.
    """
    place = _folder_of_scripts(folder)
    before = {path: path.stat().st_mtime_ns for path in place.glob("*.fit")}
    job = ScriptJob(place / SCRIPT, place, place / "siril.log")
    run_script(find_siril(executable), job, cancel=cancel, on_progress=on_progress)
    return sorted(path for path in place.glob("*.fit") if before.get(path) != path.stat().st_mtime_ns)
