"""What a run will need, known after the scan: time of each phase, memory and disk."""

from __future__ import annotations

import json
import math
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from orchestrator.config.settings import RunConfig
from orchestrator.pipeline.registry import phase_names
from orchestrator.rundir.format import REPORT
from orchestrator.runtime.memory_estimate import memory_needed
from orchestrator.session.discovery import disk_needed
from orchestrator.session.model import Session

__all__ = ["Forecast", "expected_seconds", "forecast"]

# Runs whose times are used, the newest ones.
EARLIER_RUNS = 4
# Seconds added to the times that are compared, so that short ones do not decide.
SHORT = 0.5


class Cost(NamedTuple):
    """Seconds of a phase: ``start``, plus ``frames`` per megapixel of all lights, plus ``image`` per megapixel of the canvas."""

    start: float = 0.01
    frames: float = 0.0
    image: float = 0.0


# Measured on sessions of 0.03 to 6 megapixels; earlier runs, and the first phases of a run, correct the speed.
COSTS: Mapping[str, Cost] = defaultdict(Cost, {
    "SCAN_INPUT": Cost(0.2, 0.03), "CALIBRATION": Cost(0.5, 0.2), "REGISTRATION": Cost(0.3, 0.3),
    "NORMALIZATION": Cost(0.1, 0.2), "LOCAL_METRICS": Cost(0.05, 0.05), "TILE_RECONSTRUCTION": Cost(0.3, 0.4),
    "STACKING": Cost(0.05, 0.0, 0.3), "ASTROMETRY": Cost(0.5, 0.0, 1.0), "BGE": Cost(0.6, 0.0, 2.0), "PCC": Cost(0.5, 0.0, 1.0),
    "PREVIEW": Cost(0.05, 0.0, 0.4), "VALIDATION": Cost(0.3, 0.05, 1.0), REPORT: Cost(0.4, 0.0, 0.3)})


@dataclass(frozen=True)
class Forecast:
    """What a run will need.

    Attributes
    ----------
    seconds : expected time of each phase, in order, with that of the report.
    earlier_runs : number of runs by whose times they were corrected.
    memory_needed, memory_budget : bytes; the least memory of the session, and the budget.
    disk_needed, disk_free : bytes that the run directory may need at most, and that are free.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    earlier_runs: int = 0
    memory_needed: int = 0
    memory_budget: int = 0
    disk_needed: int = 0
    disk_free: int = 0

    @property
    def total_seconds(self) -> float:
        return sum(self.seconds.values())

    def to_dict(self) -> dict[str, Any]:
        return {"seconds": {name: round(value, 1) for name, value in self.seconds.items()},
                "total_seconds": round(self.total_seconds, 1), "earlier_runs": self.earlier_runs,
                "memory_needed_bytes": self.memory_needed, "memory_budget_bytes": self.memory_budget,
                "disk_needed_bytes": self.disk_needed, "disk_free_bytes": self.disk_free}

    @classmethod
    def together(cls, parts: Iterable[Forecast]) -> Forecast:
        """Several runs, one after another."""
        found = list(parts)
        names = dict.fromkeys(name for f in found for name in f.seconds)
        return cls({name: sum(f.seconds.get(name, 0.0) for f in found) for name in names},
                   max((f.earlier_runs for f in found), default=0), max((f.memory_needed for f in found), default=0),
                   max((f.memory_budget for f in found), default=0), sum(f.disk_needed for f in found),
                   min((f.disk_free for f in found), default=0))


def forecast(session: Session, config: RunConfig, runs: Path, memory_budget: int) -> Forecast:
    """The time, memory and disk of a run of ``session`` whose directory will be in ``runs``; ``memory_budget`` in bytes."""
    existing = next(p for p in (runs.absolute(), *runs.absolute().parents) if p.exists())
    seconds, earlier = expected_seconds(len(session.lights), session.shape, runs)
    return Forecast(seconds, earlier, memory_needed(session, config.reconstruction.method), memory_budget,
                    sum(disk_needed(session, config)) + _frame_files(session, config), shutil.disk_usage(existing).free)


def _frame_files(session: Session, config: RunConfig) -> int:
    """Bytes of the frames that are written on request, one plane of float32 for each channel."""
    planes = int(config.output.calibrated) + int(config.output.registered) * (3 if session.cfa else 1)
    return 4 * math.prod(session.shape) * len(session.lights) * planes


def expected_seconds(lights: int, shape: tuple[int, ...], runs: Path) -> tuple[dict[str, float], int]:
    """The expected time of each phase of ``lights`` frames of ``shape``, and the number of earlier runs that were used.

    The costs are corrected, phase by phase, by the ratio of measured to expected time of the newest finished runs in ``runs``.
    """
    names = (*phase_names(), REPORT)
    measured: dict[str, float] = defaultdict(lambda: SHORT)
    expected: dict[str, float] = defaultdict(lambda: SHORT)
    count = 0
    for events in _newest_logs(runs):
        times, scan = _times(events)
        if not times or not scan:
            continue
        count += 1
        for name, taken in times.items():
            measured[name] += taken
            expected[name] += _seconds(name, int(scan["light"]), scan["shape"])
        if count == EARLIER_RUNS:
            break
    return {name: _seconds(name, lights, shape) * measured[name] / expected[name] for name in names}, count


def _seconds(name: str, lights: int, shape: Iterable[int]) -> float:
    cost, megapixels = COSTS[name], math.prod(shape) / 1e6
    return cost.start + cost.frames * lights * megapixels + cost.image * megapixels


def _newest_logs(runs: Path) -> list[Path]:
    found: list[tuple[float, Path]] = []
    for path in runs.glob("*/logs/run_events.jsonl"):
        with suppress(OSError):
            found.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(found, reverse=True)[:2 * EARLIER_RUNS]]


def _times(log: Path) -> tuple[dict[str, float], dict[str, Any]]:
    """Seconds of the phases that a run executed, and the summary of its scan; empty if it cannot be read or has no scan."""
    times: dict[str, float] = {}
    scan: dict[str, Any] = {}
    with suppress(OSError, ValueError, TypeError, KeyError):
        for line in log.read_text("utf-8").splitlines():
            if '"phase_end"' not in line:
                continue
            event = json.loads(line)
            if event["status"] == "ok":
                times[event["phase"]] = float(event["seconds"])
            if event["phase"] == "SCAN_INPUT" and event["summary"]["light"] > 0 and all(n > 0 for n in event["summary"]["shape"]):
                scan = event["summary"]
    return times, scan
