"""What the programs that this process starts take: time, memory and disk."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

__all__ = ["Spent", "watch_children"]

# Seconds between two samples of the memory, and of the files, which take longer to count.
MEMORY_INTERVAL = 0.05
DISK_INTERVAL = 0.5


@dataclass
class Spent:
    """Seconds of the processors and of the clock; bytes of memory and of files, each the largest sample.

    ``memory`` is the resident memory of all processes together, mapped files included. ``disk`` counts the files that were
    written, results included.
    """

    cpu: float = 0.0
    seconds: float = 0.0
    memory: int = 0
    disk: int = 0


@contextmanager
def watch_children(folder: Path) -> Iterator[Spent]:
    """The figures of the programs that are started within the context; they are complete at its end. ``folder`` is where the
    programs write; links in it are not followed."""
    spent, stop = Spent(), threading.Event()
    own = psutil.Process()
    sampled = [0.0]

    def sample() -> None:
        counted = 0.0
        while True:
            memory, cpu = _of_children(own)
            spent.memory, sampled[0] = max(spent.memory, memory), max(sampled[0], cpu)
            if time.perf_counter() - counted > DISK_INTERVAL:
                spent.disk, counted = max(spent.disk, bytes_of(folder)), time.perf_counter()
            if stop.wait(MEMORY_INTERVAL):
                return

    thread = threading.Thread(target=sample, name="bench", daemon=True)
    before, started = _ended_children(), time.perf_counter()
    thread.start()
    try:
        yield spent
    finally:
        spent.seconds = time.perf_counter() - started
        stop.set()
        thread.join()
        # Windows keeps no time of processes that have ended.
        spent.cpu = _ended_children() - before or sampled[0]
        spent.disk = max(spent.disk, bytes_of(folder))


def _ended_children() -> float:
    """CPU time (s) of the children that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _of_children(own: psutil.Process) -> tuple[int, float]:
    """Resident bytes, and CPU time (s), of all processes below this one. A child that is still a copy of this process does not
    count."""
    memory, cpu = 0, 0.0
    with suppress(psutil.Error):
        command = own.cmdline()
        for child in own.children(recursive=True):
            with suppress(psutil.Error), child.oneshot():
                if child.cmdline() != command:
                    memory += child.memory_info().rss
                    cpu += sum(child.cpu_times()[:2])
    return memory, cpu


def bytes_of(folder: Path) -> int:
    """Bytes of the files in a folder, each file counted once whatever number of names it has."""
    found: dict[tuple[int, int], int] = {}
    for path, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                status = (Path(path) / name).lstat()
                found[status.st_dev, status.st_ino] = status.st_size
    return sum(found.values())
