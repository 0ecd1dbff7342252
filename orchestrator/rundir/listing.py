"""The runs in a folder, and what of them can be deleted."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from orchestrator.errors import ConfigError, InputError, RunError
from orchestrator.rundir.directory import lock
from orchestrator.rundir.format import read_manifest, version_of
from orchestrator.rundir.statistics import RunStatistics

__all__ = ["Leftover", "RunEntry", "is_run", "leftovers", "list_runs", "remove", "run_entry"]


@dataclass(frozen=True)
class RunEntry:
    """One run.

    Attributes
    ----------
    status : that of the manifest, "running" while a process holds the run, "unfinished" if none does and it never ended.
    started : ISO time of the first start.
    size : bytes.
    statistics : the figures of the manifest; empty if they cannot be read.
    lights : file names of the lights used.
    unreadable : the version that made a run whose statistics this version cannot read, else "".
    combines : names of the runs of several filters that the run combines; their directories are next to it.
    """

    directory: Path
    status: str
    started: str
    size: int
    statistics: RunStatistics = field(default_factory=RunStatistics)
    lights: tuple[str, ...] = ()
    combines: tuple[str, ...] = ()
    unreadable: str = ""

    @property
    def name(self) -> str:
        return self.directory.name

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        figures = self.statistics
        return {"name": self.name, "directory": str(self.directory), "status": self.status, "started": self.started,
                "frames_used": figures.frames_used, "lights_found": figures.lights_found, "fwhm_px": figures.fwhm_px,
                "bytes": self.size}


@dataclass(frozen=True)
class Leftover:
    """Something that can be deleted, the reason, and its size in bytes."""

    path: Path
    why: str
    size: int


def is_run(directory: Path) -> bool:
    """Whether a folder (not a link) has the files that every run writes when it starts."""
    return (directory.is_dir() and not directory.is_symlink() and (directory / "config.yaml").is_file()
            and (directory / "logs" / "run_events.jsonl").is_file())


def list_runs(runs: Path) -> list[RunEntry]:
    """The runs directly in a folder, oldest first. Raises InputError if the folder does not exist."""
    if not runs.is_dir():
        raise InputError(f"There is no folder {runs}.", "Name it with --runs-dir; a run makes it.")
    found = [run_entry(d) for d in runs.iterdir() if is_run(d)]
    return sorted(found, key=lambda e: (e.started, e.name))


def run_entry(directory: Path) -> RunEntry:
    """A run as its manifest describes it, or its log if it has none."""
    manifest = read_manifest(directory)
    status = "running" if _held(directory) else str(manifest.get("status") or "unfinished")
    statistics, unreadable = RunStatistics(), ""
    try:
        statistics = RunStatistics.of_manifest(manifest, directory)
    except ConfigError:
        unreadable = version_of(manifest) or "unknown"
    return RunEntry(directory, status, str(manifest.get("started") or _first_time(directory)), _size(directory), statistics,
                    tuple(PurePath(f["file"]).name for f in manifest.get("frames") or [] if f.get("kept")),
                    tuple(manifest.get("combines") or ()), unreadable)


def _first_time(directory: Path) -> str:
    try:
        with (directory / "logs" / "run_events.jsonl").open(encoding="utf-8", errors="replace") as stream:
            return str(json.loads(stream.readline()).get("time", ""))[:19] + "+00:00"
    except (OSError, ValueError, AttributeError):
        return ""


def _held(directory: Path) -> bool:
    """Whether a process works in the run. A missing lock file is not created: listing runs must not write."""
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
    """Scratch folders of all runs, and runs that failed, were cancelled or never ended; if ``names`` are given, only of these.

    Runs in use, links, and folders that are not runs are never included.
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
    """Delete what :func:`leftovers` found; refused if it is no longer in ``runs``, or if a process has begun to work there."""
    root = runs.resolve()
    run = item.path if is_run(item.path) else item.path.parent
    inside = run.resolve().parent == root and is_run(run) and not item.path.is_symlink()
    if not inside or item.path not in (run, run / "work"):
        raise RunError(f"{item.path} is not a run of {runs}, or not its scratch folder.", "Nothing was removed there.")
    with lock(run):
        try:
            shutil.rmtree(item.path)
        except OSError as error:
            raise RunError(f"{error.filename or item.path} cannot be removed: {error.strerror or error}.",
                           "Check its permissions.") from error
