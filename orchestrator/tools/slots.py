"""Limits the number of instances of a program on this machine, across all runs, with numbered lock files."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from orchestrator.errors import Cancelled
from orchestrator.message import Message

__all__ = ["image_lock", "lock_folder", "slot"]

# Seconds between two attempts to get a lock.
POLL = 0.1


def lock_folder() -> Path:
    """The folder of the locks: ORCHESTRATE_LOCK_DIR, or a folder of this user among the temporary files."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    chosen = os.environ.get("ORCHESTRATE_LOCK_DIR")
    folder = Path(chosen) if chosen else Path(tempfile.gettempdir()) / f"orchestrate-locks-{user}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def slot(program: str, limit: int, *, interval: float = 0.0, cancel: threading.Event | None = None) -> Iterator[None]:
    """Wait for one of ``limit`` slots of a program and hold it; starts are at least ``interval`` seconds apart.

    The system frees the lock of a process that dies, so no slot is lost.

    Raises
    ------
    Cancelled : ``cancel`` was set while waiting.
    """
    folder = lock_folder()
    with _first_free([FileLock(folder / f"{program}-{i}.lock") for i in range(limit)], program, cancel):
        if interval > 0:
            with _first_free([FileLock(folder / f"{program}-start.lock")], program, cancel):
                _wait_for_interval(folder / f"{program}-start", interval, cancel)
        yield


@contextlib.contextmanager
def image_lock(image: Path, cancel: threading.Event | None = None) -> Iterator[None]:
    """Lock an image, so that two processes do not solve and rewrite the same file at once."""
    key = hashlib.sha256(os.fsencode(image.resolve())).hexdigest()[:24]
    with _first_free([FileLock(lock_folder() / f"image-{key}.lock")], image.name, cancel):
        yield


@contextlib.contextmanager
def _first_free(locks: list[FileLock], what: str, cancel: threading.Event | None) -> Iterator[None]:
    """Wait for one of the locks, and hold it."""
    while True:
        for lock in locks:
            with contextlib.suppress(Timeout):
                lock.acquire(timeout=0)
                break
        else:
            _pause(POLL, what, cancel)
            continue
        break
    try:
        yield
    finally:
        lock.release()


def _wait_for_interval(stamp: Path, interval: float, cancel: threading.Event | None) -> None:
    with contextlib.suppress(OSError):
        wait = interval - (time.time() - stamp.stat().st_mtime)
        if 0 < wait <= interval:
            _pause(wait, stamp.name, cancel)
    stamp.touch()


def _pause(seconds: float, what: str, cancel: threading.Event | None) -> None:
    if (cancel or threading.Event()).wait(seconds):
        raise Cancelled(Message("{what} was not started: the run was cancelled.", what=what))
