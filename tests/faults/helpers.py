"""A look at what a run has left behind."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from astropy.io import fits

__all__ = ["assert_whole", "kill", "processes_naming", "snapshot", "wait_until"]

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
    """A file under its final name can be read; an unfinished one has a temporary name."""
    for path in (run / "outputs").rglob("*.fit*") if (run / "outputs").exists() else ():
        if not path.name.endswith(".part"):
            fits.getdata(path)


def kill(jobs: list[dict[str, Any]]) -> list[int]:
    """Do jobs as in :mod:`tests.faults.killed`, one after the other; the signals that ended their processes."""
    done = subprocess.run([sys.executable, "-m", "tests.faults.killed"], input=json.dumps(jobs, default=str), capture_output=True,
                          text=True, check=True, cwd=Path(__file__).parents[2], timeout=500)
    numbers = [int(line) for line in done.stdout.splitlines()]
    assert len(numbers) == len(jobs), done.stdout + done.stderr
    return numbers


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
    """Whether something comes true within ``seconds``."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if true():
            return True
        time.sleep(0.05)
    return true()
