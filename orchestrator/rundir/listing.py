"""The runs in a folder: which there are, and what of them can be taken away."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from orchestrator.errors import InputError, RunError
from orchestrator.rundir.directory import lock

__all__ = ["Leftover", "RunEntry", "is_run", "leftovers", "list_runs", "remove", "run_entry"]


@dataclass(frozen=True)
class RunEntry:
    """One run. ``status`` is that of the manifest, "running" while a process holds it, "unfinished" when none does and it
    never ended. ``size`` in bytes; ``statistics`` as the manifest has them; ``lights`` are the file names of those used;
    ``combines`` names the runs of several filters that it combines, which lie beside it."""

    directory: Path
    status: str
    started: str
    frames: str
    fwhm: float | None
    size: int
    statistics: dict[str, Any] = field(default_factory=dict)
    lights: tuple[str, ...] = ()
    combines: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.directory.name

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "directory": str(self.directory), "status": self.status, "started": self.started,
                "frames": self.frames, "fwhm_px": self.fwhm, "bytes": self.size}


@dataclass(frozen=True)
class Leftover:
    """Something that can be removed, why, and its size in bytes."""

    path: Path
    why: str
    size: int


def is_run(directory: Path) -> bool:
    """A real folder (no link) with what every run has from its first second on."""
    return (directory.is_dir() and not directory.is_symlink() and (directory / "config.yaml").is_file()
            and (directory / "logs" / "run_events.jsonl").is_file())


def list_runs(runs: Path) -> list[RunEntry]:
    """The runs directly in a folder, oldest first. Raises InputError when the folder does not exist."""
    if not runs.is_dir():
        raise InputError(f"There is no folder {runs}.", "Name it with --runs-dir; a run makes it.")
    found = [run_entry(d) for d in runs.iterdir() if is_run(d)]
    return sorted(found, key=lambda e: (e.started, e.name))


def run_entry(directory: Path) -> RunEntry:
    """What a run's manifest tells of it, or its log where it never came to one."""
    manifest = _manifest(directory)
    statistics = manifest.get("statistics") or {}
    used, left = statistics.get("frames used"), statistics.get("lights found")
    fwhm = statistics.get("FWHM of the stack (px)")
    status = str(manifest.get("status") or "unfinished")
    if _held(directory):
        status = "running"
    return RunEntry(directory, status, str(manifest.get("started") or _first_time(directory)),
                    f"{used if used is not None else '–'} of {left}" if left is not None else "–",
                    float(fwhm) if isinstance(fwhm, int | float) else None, _size(directory), statistics,
                    tuple(PurePath(f["file"]).name for f in manifest.get("frames") or [] if f.get("kept")),
                    tuple(manifest.get("combines") or ()))


def _manifest(directory: Path) -> dict[str, Any]:
    try:
        found = json.loads((directory / "manifest.json").read_text(encoding="utf-8", errors="replace"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _first_time(directory: Path) -> str:
    try:
        with (directory / "logs" / "run_events.jsonl").open(encoding="utf-8", errors="replace") as stream:
            return str(json.loads(stream.readline()).get("time", ""))[:19] + "+00:00"
    except (OSError, ValueError, AttributeError):
        return ""


def _held(directory: Path) -> bool:
    """Whether a process works in the run. Looks at the lock only where there is one: looking must not write."""
    if not (directory / ".lock").is_file():
        return False
    try:
        with lock(directory):
            return False
    except (RunError, OSError):
        return True


def _size(directory: Path) -> int:
    """Bytes of the files below a folder; links are not followed."""
    total = 0
    for folder, _, files in os.walk(directory):
        for name in files:
            try:
                total += (Path(folder) / name).lstat().st_size
            except OSError:
                continue
    return total


def leftovers(runs: Path, names: tuple[str, ...] = (), *, failed: bool = True) -> list[Leftover]:
    """Scratch folders of all runs, and runs that failed, were cancelled or never ended; of ``names`` only, where given.

    A run that a process works in is never touched, nor is anything that is no run, nor a link.
    """
    entries = list_runs(runs)
    known = {e.name for e in entries}
    for name in names:
        if name not in known:
            raise InputError(f"{runs} has no run {name!r}.", f"Runs: {', '.join(sorted(known)) or 'none'}.")
    found = []
    for entry in entries:
        work = entry.directory / "work"
        if entry.status == "running" or (names and entry.name not in names):
            continue
        if failed and entry.status in ("failed", "aborted", "unfinished"):
            found.append(Leftover(entry.directory, f"{entry.status} run", entry.size))
        elif work.is_dir() and not work.is_symlink():
            found.append(Leftover(work, "scratch", _size(work)))
    return found


def remove(item: Leftover, runs: Path) -> None:
    """Remove what :func:`leftovers` found; refused when it no longer lies in ``runs``, or a process has begun to work there."""
    root = runs.resolve()
    run = item.path if is_run(item.path) else item.path.parent
    inside = run.resolve().parent == root and is_run(run) and not item.path.is_symlink()
    if not inside or item.path not in (run, run / "work"):
        raise RunError(f"{item.path} is no run of {runs}, or not its scratch folder.", "Nothing was removed there.")
    with lock(run):
        try:
            shutil.rmtree(item.path)
        except OSError as error:
            raise RunError(f"{error.filename or item.path} cannot be removed: {error.strerror or error}.",
                           "Check its rights.") from error
