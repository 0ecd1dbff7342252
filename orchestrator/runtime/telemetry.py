"""Resources that a run uses over time: processor, memory and disk, with those of the programs that it starts.

The samples of an attempt are at most MOST: when there are more, pairs are merged and the interval is doubled. The totals of each
phase lack what a program used between its last sample and its end.
"""

from __future__ import annotations

import contextlib
import csv
import io
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from orchestrator.io.atomic import whole_file
from orchestrator.io.json_files import write_json
from orchestrator.rundir.resource_samples import COLUMNS, CSV_NAME, JSON_NAME, ResourceSample, read_samples, thinned

__all__ = ["ResourceLog"]

# Seconds between two samples at first.
INTERVAL = 1.0
# Most samples of an attempt, and of all earlier attempts together.
MOST = 600
# Digits of seconds in the totals.
DIGITS = 4


@dataclass(frozen=True)
class _Used:
    """What processes have used since the log began."""

    cpu: float = 0.0
    read: int = 0
    written: int = 0

    def __add__(self, other: _Used) -> _Used:
        return _Used(self.cpu + other.cpu, self.read + other.read, self.written + other.written)

    def __sub__(self, other: _Used) -> _Used:
        return _Used(max(self.cpu - other.cpu, 0), max(self.read - other.read, 0), max(self.written - other.written, 0))


@dataclass
class ResourceLog:
    """Samples of the attempt ``attempt`` to make the run in ``folder``, and what each phase used (seconds of processor time,
    bytes read and written)."""

    folder: Path
    phase: Callable[[], str]
    attempt: int = 1
    interval: float = INTERVAL
    samples: list[ResourceSample] = field(default_factory=list)
    by_phase: dict[str, _Used] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)
    _due: float = 0.0
    _total: _Used = field(default_factory=_Used)
    _last: dict[tuple[int, float], _Used] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        for process in _with_programs(psutil.Process()):  # what they used before the run is not that of the run
            with contextlib.suppress(psutil.Error, OSError):
                self._last[process.pid, process.create_time()] = _use_of(process)

    def sample(self, *, now: bool = False) -> None:
        """Take a sample if one is due, or ``now``. Any thread may call it."""
        seconds = time.monotonic() - self._began
        if not now and seconds < self._due:
            return
        with self._lock:
            self._take(seconds)

    def _take(self, seconds: float) -> None:
        me, programs, found, used = psutil.Process(), 0, {}, _Used()
        for process in _with_programs(me):
            with contextlib.suppress(psutil.Error, OSError):
                key = process.pid, process.create_time()
                found[key] = _use_of(process)
                used += found[key] - self._last.get(key, _Used())
                programs += 0 if process.pid == me.pid else process.memory_info().rss
        self._last = found
        self._total += used
        phase = self.phase()
        self.by_phase[phase] = self.by_phase.get(phase, _Used()) + used
        free_disk = 0
        with contextlib.suppress(OSError):
            free_disk = shutil.disk_usage(self.folder).free
        memory = me.memory_info().rss, programs, psutil.virtual_memory().available
        self.samples.append(ResourceSample(self.attempt, round(seconds, 3), phase, round(self._total.cpu, 2), *memory,
                                           self._total.read, self._total.written, free_disk))
        if len(self.samples) > MOST:
            self.samples = thinned(self.samples)
            self.interval *= 2
        self._due = seconds + self.interval

    def write(self, artifacts: Path) -> None:
        """Write the samples of this and earlier attempts, and the totals of the phases, to the artifacts of the run."""
        self.sample(now=True)
        with self._lock:
            earlier = [s for s in read_samples(artifacts / CSV_NAME) if s.attempt < self.attempt]
            while len(earlier) > MOST:
                earlier = thinned(earlier)
            rows, phases, interval = [*earlier, *self.samples], dict(self.by_phase), self.interval
        text = io.StringIO()
        out = csv.writer(text, lineterminator="\n")
        out.writerow(COLUMNS)
        out.writerows([getattr(s, name) for name in COLUMNS] for s in rows)
        with whole_file(artifacts / CSV_NAME) as stream:
            stream.write(text.getvalue().encode())
        write_json(artifacts / JSON_NAME, {
            "attempt": self.attempt, "interval_s": interval, "processors": psutil.cpu_count(),
            "phases": [{"phase": name, "cpu_s": round(u.cpu, DIGITS), "read_bytes": u.read, "written_bytes": u.written}
                       for name, u in phases.items() if name]})


def _with_programs(me: psutil.Process) -> Iterator[psutil.Process]:
    yield me
    with contextlib.suppress(psutil.Error, OSError):
        yield from me.children(recursive=True)


def _use_of(process: psutil.Process) -> _Used:
    times, io_counters = process.cpu_times(), getattr(process, "io_counters", None)
    read = written = 0
    if io_counters is not None:  # macOS does not count them
        with contextlib.suppress(psutil.Error, OSError):
            counted = io_counters()
            read, written = counted.read_bytes, counted.write_bytes
    return _Used(times.user + times.system, read, written)
