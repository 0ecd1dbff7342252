"""A run for each channel, all laid onto the pixels of one of them. Each is an ordinary run."""

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

__all__ = ["Channel", "Channels", "is_begun", "moved_to", "nights_of", "stack_channels"]


@dataclass(frozen=True)
class Channel:
    """What goes into one run. ``roots`` are the folders of its frames as they lie now, ``config`` its settings."""

    name: str
    filter: str
    roots: tuple[Path, ...]
    config: RunConfig


@dataclass(frozen=True)
class Channels:
    """Channels whose runs are ``runs/NAME-CHANNEL``; ``overrides`` and ``from_phase`` are for those that were begun before."""

    runs: Path
    name: str
    channels: Sequence[Channel]
    overrides: Sequence[str] = ()
    from_phase: str | None = None

    def directory(self, channel: Channel) -> Path:
        return self.runs / f"{self.name}-{channel.name}"


def stack_channels(order: Channels, pixels_of: str, events: EventLog, listeners: tuple[Listener, ...],
                   cancel: threading.Event | None) -> dict[str, RunResult]:
    """Stack each channel, ``pixels_of`` first; those that were begun are gone on with.

    All lie on the pixels of the first one that can be stacked. One that fails does not keep the others back; after a
    cancellation no other is begun.
    """
    results: dict[str, RunResult] = {}
    geometry: Path | None = None
    channels = sorted(order.channels, key=lambda c: c.name != pixels_of)
    for number, channel in enumerate(channels, 1):
        directory = order.directory(channel)
        events.emit("channel_start", channel=channel.name, filter=channel.filter, directory=str(directory), number=number,
                    total=len(channels))
        try:
            result = _stack(order, channel, directory, geometry, listeners, cancel)
        except OrchestrateError as error:
            result = RunResult("aborted" if isinstance(error, Cancelled) else "failed", error.exit_code, directory, error=error)
        results[channel.name] = result
        if result.status == "aborted":
            break
        if result.error is None and geometry is None:
            geometry = directory / "artifacts" / "geometry.json"
    return results


def _stack(order: Channels, channel: Channel, directory: Path, geometry: Path | None, listeners: tuple[Listener, ...],
           cancel: threading.Event | None) -> RunResult:
    if is_begun(directory):
        onto = [] if geometry is None else [f"registration.onto='{str(geometry).replace(chr(39), chr(39) * 2)}'"]
        return resume(directory, from_phase=order.from_phase, overrides=[*order.overrides, *onto],
                      session=moved_to(directory, channel.roots), listeners=listeners, cancel=cancel)
    forget_unbegun(directory)
    config = channel.config.model_copy(deep=True)
    config.registration.onto = geometry or config.registration.onto
    return run(channel.roots, config, runs_dir=order.runs, run_id=directory.name, listeners=listeners, cancel=cancel)


def is_begun(directory: Path) -> bool:
    """Whether a run has come so far that it can be gone on with."""
    return (directory / "checkpoints" / "run.json").is_file()


def nights_of(directory: Path) -> tuple[str, ...]:
    """The nights that a run was begun with, by name."""
    return tuple(n.name for n in load_config([directory / "config.yaml"]).input.nights)


def moved_to(directory: Path, roots: tuple[Path, ...]) -> tuple[Path, ...]:
    """``roots`` where the run that was begun looks for its frames elsewhere, else none."""
    named = tuple(n.path for n in load_config([directory / "config.yaml"]).input.nights)
    return roots if RunRecord.read(directory).roots != roots or (named and named != roots) else ()
