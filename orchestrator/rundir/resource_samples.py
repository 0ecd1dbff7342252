"""The samples of resources that a run wrote: ``artifacts/resources.csv``."""

from __future__ import annotations

import contextlib
import csv
from dataclasses import dataclass, fields, replace
from pathlib import Path

__all__ = ["COLUMNS", "CSV_NAME", "JSON_NAME", "ResourceSample", "read_samples", "thinned"]

# Files among the artifacts.
CSV_NAME, JSON_NAME = "resources.csv", "resources.json"


@dataclass(frozen=True)
class ResourceSample:
    """``seconds`` since the attempt began; ``cpu_s``, ``read_bytes`` and ``written_bytes`` are totals since then, as the system
    counts them: data in its cache are not read from the disk. ``memory_bytes`` is resident memory, ``programs_bytes`` that of
    programs and worker processes; ``free_memory_bytes`` and ``free_disk_bytes`` are those of the machine and of the disk with the
    run."""

    attempt: int
    seconds: float
    phase: str
    cpu_s: float
    memory_bytes: int
    programs_bytes: int
    free_memory_bytes: int
    read_bytes: int
    written_bytes: int
    free_disk_bytes: int


COLUMNS = tuple(f.name for f in fields(ResourceSample))


def thinned(samples: list[ResourceSample]) -> list[ResourceSample]:
    """Half of the samples: of each two of an attempt the later one, with the larger memory and the smaller room of both."""
    kept: list[ResourceSample] = []
    pairs = iter(samples)
    for one in pairs:
        other = next(pairs, None)
        if other is None:
            kept.append(one)
        elif other.attempt != one.attempt:
            kept += [one, other]
        else:
            kept.append(replace(other, memory_bytes=max(one.memory_bytes, other.memory_bytes),
                                programs_bytes=max(one.programs_bytes, other.programs_bytes),
                                free_memory_bytes=min(one.free_memory_bytes, other.free_memory_bytes),
                                free_disk_bytes=min(one.free_disk_bytes, other.free_disk_bytes)))
    return kept


def read_samples(path: Path) -> list[ResourceSample]:
    """The samples in a file that :class:`orchestrator.runtime.telemetry.ResourceLog` wrote; none if there is no such file, or
    lines are damaged."""
    found = []
    with contextlib.suppress(OSError, UnicodeDecodeError, csv.Error):
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            with contextlib.suppress(ValueError, TypeError, KeyError):
                found.append(ResourceSample(int(row["attempt"]), float(row["seconds"]), row["phase"], float(row["cpu_s"]),
                                            *(int(row[name]) for name in COLUMNS[4:])))
    return found
