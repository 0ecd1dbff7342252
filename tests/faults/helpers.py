"""A look at what a run has left behind."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from astropy.io import fits

__all__ = ["assert_whole", "processes_naming", "snapshot", "wait_until"]

Snapshot = dict[str, str]


def snapshot(folder: Path) -> Snapshot:
    """Every file below a folder with its content, and every link with where it leads."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = os.fsencode(path.relative_to(folder)).decode("latin-1")
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def assert_whole(run: Path) -> None:
    """What lies under its final name can be read; what was being written lies under a name of its own."""
    for path in (run / "outputs").rglob("*.fit*") if (run / "outputs").exists() else ():
        if not path.name.endswith(".part"):
            fits.getdata(path)


def processes_naming(names: tuple[str, ...]) -> list[psutil.Process]:
    """Processes of this machine whose command line names one of these files."""
    found = []
    for process in psutil.process_iter():
        try:
            line = " ".join(process.cmdline())
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
        if any(name in line for name in names) and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Whether something comes true within so many seconds."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if true():
            return True
        time.sleep(0.05)
    return true()
