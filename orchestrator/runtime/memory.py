"""Memory of this process: what it holds, the most that each phase held, and giving back what it does not need.

Resident memory is counted, as the system does: anonymous pages and mapped files together. Worker processes of other executors are
not part of it.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import psutil

from orchestrator.runtime.telemetry import ResourceLog

__all__ = ["PROGRAM", "RELEASE_ABOVE", "Memory", "MemoryWatch", "keep_freed_memory", "resident", "trim"]

# Seconds between two samples.
INTERVAL = 0.05
# Memory is given back above this share of the budget, ...
RELEASE_ABOVE = 0.8
# ... freed memory at most once in this time (s): it will be needed again.
TRIM_INTERVAL = 0.25
# Freed memory that the allocator keeps for the next array, as a share of the budget. Without it every image of a large frame is
# made of fresh pages, which the system must clear: on frames of 26 MP that takes longer than the search for stars.
KEPT_SHARE = 1 / 16
# Options of glibc's mallopt: freed memory that is kept at the end of the heap, size from which an array has pages of its own, and
# number of heaps, one for all threads: only the first can hold large arrays.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
# Largest number that mallopt takes.
MOST_KEPT = 2**30
# Bytes that the program holds between the phases without any frame when all parts of it are loaded: interpreter, libraries,
# compiled kernels, and what the allocator cannot give back.
PROGRAM = 350 * 2**20


@dataclass(frozen=True)
class Memory:
    """Bytes of resident memory; ``mapped`` are those of files, among them the libraries of the program."""

    resident: int = 0
    mapped: int = 0


def resident() -> Memory:
    """The memory of this process. Only Linux reports the part that is mapped: it is 0 elsewhere."""
    found = psutil.Process().memory_info()
    return Memory(found.rss, getattr(found, "shared", 0))


def trim() -> None:
    """Give freed memory back to the system, which glibc keeps for later; does nothing elsewhere."""
    if _malloc_trim is not None:
        _malloc_trim(0)


def keep_freed_memory(budget: int) -> None:
    """Let the allocator keep some freed memory instead of giving back each large array; does nothing without glibc.

    What it keeps counts as resident memory: near the ``budget`` (bytes) it is given back by :func:`trim`.
    """
    if _mallopt is not None:
        kept = min(int(KEPT_SHARE * budget), MOST_KEPT)
        for option, value in ((M_TRIM_THRESHOLD, kept), (M_MMAP_THRESHOLD, kept), (M_ARENA_MAX, 1)):
            _mallopt(option, value)


def _of_glibc(name: str) -> Callable[..., int] | None:
    if sys.platform != "linux":
        return None
    with suppress(OSError, AttributeError):
        return cast(Callable[..., int], getattr(ctypes.CDLL(None), name))
    return None


_malloc_trim = _of_glibc("malloc_trim")
_mallopt = _of_glibc("mallopt")


def _largest_ever() -> int:
    """Bytes of the most resident memory that this process has ever held; 0 where that is not known."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


@dataclass
class MemoryWatch:
    """Samples the memory of this process for each phase, and gives back memory while it is near the ``budget`` (bytes).

    ``phase`` returns the phase that runs; ``release`` gives back pages of files. ``peaks`` holds the largest sample
    of each phase. Short peaks between two samples are found afterwards where the system keeps the largest value ever.
    ``resources``, if there is one, is sampled as well, at its own interval.
    """

    budget: int
    phase: Callable[[], str]
    release: Callable[[], None]
    peaks: dict[str, Memory] = field(default_factory=dict)
    resources: ResourceLog | None = None
    _largest: int = field(default_factory=_largest_ever)
    _trimmed: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Sample while it is entered."""
        keep_freed_memory(self.budget)
        stop = threading.Event()

        def sample() -> None:
            while not stop.wait(INTERVAL):
                self.sample()

        thread = threading.Thread(target=sample, name="memory", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            trim()

    def sample(self) -> None:
        """Take a sample for the phase that runs."""
        now = resident()
        self._keep(self.phase(), now)
        if self.resources is not None:
            self.resources.sample()
        if now.resident > RELEASE_ABOVE * self.budget:
            self.release()
            if time.monotonic() > self._trimmed + TRIM_INTERVAL:
                trim()
                self._trimmed = time.monotonic()

    def phase_ended(self) -> Memory:
        """The peak of the phase that runs and now ends."""
        phase, now, largest = self.phase(), resident(), _largest_ever()
        self._keep(phase, now)
        if self.resources is not None:
            self.resources.sample(now=True)
        if largest > self._largest:
            self._keep(phase, Memory(largest, self.peaks[phase].mapped))
            self._largest = largest
        return self.peaks[phase]

    def largest(self) -> tuple[str, Memory]:
        """The phase with the largest peak, and that peak."""
        return max(self.peaks.items(), key=lambda p: p[1].resident, default=("", Memory()))

    def _keep(self, phase: str, found: Memory) -> None:
        if found.resident > self.peaks.get(phase, Memory()).resident:
            self.peaks[phase] = found
