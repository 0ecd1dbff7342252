"""exclude(): exclude frames from the stack of a finished run, everywhere or within a box, and undo it."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path

from orchestrator.config.load import load_config
from orchestrator.config.settings import ExcludedFrame
from orchestrator.errors import ConfigError
from orchestrator.message import Message
from orchestrator.pipeline.checkpoint import Checkpoints, Damaged
from orchestrator.pipeline.registry import MAKERS
from orchestrator.pipeline.result import RunResult
from orchestrator.pipeline.resume import plan_resume, resume
from orchestrator.pipeline.resume_plan import Plan
from orchestrator.report.wording import exclusion
from orchestrator.rundir.record import RunRecord
from orchestrator.runtime.events import Listener
from orchestrator.stacking.exclusions import excluded_tiles, find_frame, frames_left, unique_name
from orchestrator.stacking.state import RunState

__all__ = ["exclude", "plan_exclude"]

STACKED = MAKERS["reconstruction"]
Box = tuple[int, int, int, int]


def exclude(directory: str | Path, frames: Sequence[str], *, box: Box | None = None, undo: bool = False,
            listeners: tuple[Listener, ...] = (), cancel: threading.Event | None = None) -> RunResult:
    """Exclude frames from the stack; nothing is calibrated, registered or measured again.

    Parameters
    ----------
    directory : the run's folder.
    frames : file names of lights.
    box : (x0, y0, x1, y1) in pixels of the canvas, 0-based, x1 and y1 exclusive. The frames are excluded from every tile whose
        window touches the box, with the soft edge of the tiles' windows; None: everywhere.
    undo : remove the exclusions of these frames: that of this box, or all of them without a box.
    listeners, cancel : as in :func:`orchestrator.run`.

    Returns
    -------
    RunResult : that of a new run with this setting ``stacking.exclude``.

    Raises
    ------
    ConfigError : not a run directory, no such frame, a box outside the stack, too few frames left, nothing to undo.
    InputError, RunError : as :func:`orchestrator.resume`.
    """
    return resume(directory, overrides=[_setting(directory, frames, box, undo)], listeners=listeners, cancel=cancel)


def plan_exclude(directory: str | Path, frames: Sequence[str], *, box: Box | None = None, undo: bool = False) -> Plan:
    """What :func:`exclude` would keep and repeat, and why; nothing is changed. Raises the same errors as :func:`exclude`."""
    setting = _setting(directory, frames, box, undo)
    plan = plan_resume(directory, overrides=[setting])
    if extent := _extent_to_repeat(RunRecord.read(Path(directory).expanduser().resolve()), plan, setting):
        plan.repeated[STACKED] += f"; {extent}"
    return plan


def _setting(directory: str | Path, names: Sequence[str], box: Box | None, undo: bool) -> str:
    """The setting with these frames added or removed, checked against the run before anything is changed."""
    record = RunRecord.read(Path(directory).expanduser().resolve())
    state = _frames_and_grid(record)
    if box is not None and not (box[0] < box[2] and box[1] < box[3]):
        raise ConfigError(Message("The box {box} has no area.",
                                  box=",".join(map(str, box))), "Give X0,Y0,X1,Y1 with X0 < X1 and Y0 < Y1.")
    entries = list(load_config([record.directory / "config.yaml"]).stacking.exclude)
    for name in names:
        frame = find_frame(state.frames, name)
        entry = ExcludedFrame(frame=unique_name(state.frames, frame), box=box)
        same = [e for e in entries if find_frame(state.frames, e.frame).index == frame.index and (e.box == box or
                                                                                                  (undo and box is None))]
        if undo and not same:
            known = "; ".join(exclusion(e) for e in entries) or "nothing"
            raise ConfigError(Message("{entry} is not excluded.",
                                      entry=exclusion(entry)), Message("Excluded by hand: {known}.", known=known))
        if not undo and frame.index not in {f.index for f in state.frames.usable}:
            raise ConfigError(Message("{frame} is not in the stack: {reason}.", frame=entry.frame,
                                      reason=frame.reason or "it could not be read"),
                              "Remove it from the list.")
        entries = [e for e in entries if e not in same] + ([] if undo else [entry])
    # Sorted, so that the same set of exclusions is always the same setting.
    entries.sort(key=lambda e: (e.frame, e.box or ()))
    frames_left(excluded_tiles(entries, state.frames, state.plan, state.grid, state.slots), state.overlap)
    return f"stacking.exclude={json.dumps([e.model_dump(mode='json') for e in entries])}"


def _extent_to_repeat(record: RunRecord, plan: Plan, setting: str) -> str:
    """How much of the canvas will be stacked again, "" if nothing will."""
    if STACKED not in plan.repeated:
        return ""
    config = load_config([record.directory / "config.yaml"])
    changed = load_config([record.directory / "config.yaml"], overrides=[setting])
    if config.reconstruction.method != "mean":
        return Message("all of the canvas, since reconstruction.method is {method}", method=config.reconstruction.method)
    store, state = Checkpoints(record.directory), _frames_and_grid(record)
    before, after = (excluded_tiles(c.stacking.exclude, state.frames, state.plan, state.grid, state.slots)
                     for c in (config, changed))
    checkpoint = store.read(STACKED)
    if checkpoint is None or not store.has(checkpoint, "reconstruction"):
        return "all of the canvas, since its arrays were removed"
    if (state.slots.all(before) != state.slots.all(after)).any():
        return "all of the canvas, since a frame is excluded or included everywhere"
    return Message("{before} of {size} tiles", before=int((before != after).any(axis=0).sum()), size=before[0].size)


def _frames_and_grid(record: RunRecord) -> RunState:
    """Frames, canvas and tiles of the run."""
    try:
        return Checkpoints(record.directory).state_with(record.roots, ("frames", "plan", "grid", "slots", "overlap"))
    except Damaged as error:
        raise ConfigError(Message("{name}: {error}.", name=record.directory.name, error=error),
                          "Finish the run first: `orchestrate resume`.") from error
