"""One run per channel, all registered to the pixel grid of one of them. Each is an ordinary run."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator.config.load import load_config
from orchestrator.config.settings import RunConfig
from orchestrator.errors import Cancelled, OrchestrateError
from orchestrator.pipeline.result import RunResult
from orchestrator.pipeline.resume import resume
from orchestrator.pipeline.runner import run
from orchestrator.rundir.directory import forget_unbegun
from orchestrator.rundir.record import RunRecord
from orchestrator.runtime.events import EventLog, Listener

__all__ = ["Channel", "ChannelRuns", "is_begun", "moved_roots", "nights_of", "stack_channels"]


@dataclass(frozen=True)
class Channel:
    """Input of one run. ``roots`` are the current folders of its frames, ``config`` its settings."""

    name: str
    filter: str
    roots: tuple[Path, ...]
    config: RunConfig


@dataclass(frozen=True)
class ChannelRuns:
    """Channels whose runs are ``runs/NAME-CHANNEL``; ``overrides`` and ``from_phase`` apply to runs that are resumed."""

    runs: Path
    name: str
    channels: Sequence[Channel]
    overrides: Sequence[str] = ()
    from_phase: str | None = None

    def directory(self, channel: Channel) -> Path:
        return self.runs / f"{self.name}-{channel.name}"


def stack_channels(plan: ChannelRuns, pixels_of: str, events: EventLog, listeners: tuple[Listener, ...],
                   cancel: threading.Event | None) -> dict[str, RunResult]:
    """Stack each channel, ``pixels_of`` first; existing runs are resumed.

    All share the pixel grid of the first one that can be stacked. If one fails, the others are still stacked; after a
    cancellation no further run is started.
    """
    results: dict[str, RunResult] = {}
    geometry: Path | None = None
    channels = sorted(plan.channels, key=lambda c: c.name != pixels_of)
    for number, channel in enumerate(channels, 1):
        directory = plan.directory(channel)
        events.emit("channel_start", channel=channel.name, filter=channel.filter, directory=str(directory), number=number,
                    total=len(channels))
        try:
            result = _stack(plan, channel, directory, geometry, listeners, cancel)
        except OrchestrateError as error:
            result = RunResult("aborted" if isinstance(error, Cancelled) else "failed", error.exit_code, directory, error=error)
        results[channel.name] = result
        if result.status == "aborted":
            break
        if result.error is None and geometry is None:
            geometry = directory / "artifacts" / "geometry.json"
    return results


def _stack(plan: ChannelRuns, channel: Channel, directory: Path, geometry: Path | None, listeners: tuple[Listener, ...],
           cancel: threading.Event | None) -> RunResult:
    if is_begun(directory):
        grid = [] if geometry is None else [f"registration.match_grid_of='{str(geometry).replace(chr(39), chr(39) * 2)}'"]
        return resume(directory, from_phase=plan.from_phase, overrides=[*plan.overrides, *grid],
                      session=moved_roots(directory, channel.roots), listeners=listeners, cancel=cancel)
    forget_unbegun(directory)
    config = channel.config.model_copy(deep=True)
    config.registration.match_grid_of = geometry or config.registration.match_grid_of
    return run(channel.roots, config, runs_dir=plan.runs, run_id=directory.name, listeners=listeners, cancel=cancel)


def is_begun(directory: Path) -> bool:
    """Whether a run has got far enough to be resumed."""
    return (directory / "checkpoints" / "run.json").is_file()


def nights_of(directory: Path) -> tuple[str, ...]:
    """Names of the nights with which a run was started."""
    RunRecord.read(directory)  # refuses runs of version 0.1 before their settings are read
    return tuple(n.name for n in load_config([directory / "config.yaml"]).input.nights)


def moved_roots(directory: Path, roots: tuple[Path, ...]) -> tuple[Path, ...]:
    """``roots`` if an existing run expects its frames in other folders, else none."""
    record = RunRecord.read(directory)
    named = tuple(n.path for n in load_config([directory / "config.yaml"]).input.nights)
    return roots if record.roots != roots or (named and named != roots) else ()
