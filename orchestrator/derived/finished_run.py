"""A finished run whose frames are read again: what products made after a run begin with."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.config.load import load_config
from orchestrator.engines.base import FrameReader, FrameSet
from orchestrator.engines.calibrate_groups import parts
from orchestrator.engines.reopen_readers import files_exist, reopen
from orchestrator.errors import InputError
from orchestrator.io.frame_path import file_of
from orchestrator.pipeline.checkpoint import Checkpoints, Damaged
from orchestrator.report.files import RunFiles
from orchestrator.rundir import directory as run_directory
from orchestrator.rundir.record import RunRecord
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog, Listener
from orchestrator.runtime.resources import open_resources
from orchestrator.session.model import FrameInfo, Session
from orchestrator.stacking.product_header import add_provenance, product_header
from orchestrator.stacking.state import RunState
from orchestrator.stacking.weighted_mean import StackJob, make_job

__all__ = ["FOLDER", "FinishedRun", "known_state", "open_run", "readable_frames"]

# Products made after a run are in folders of this folder of the run directory.
FOLDER = "derived"
# Fields of the state that are needed to repeat the stacking.
NEEDED = ("session", "frames", "measurements", "plan", "transparency", "surfaces", "sky_corrections", "left_out", "blocked",
          "grid", "slots", "area", "noise", "weights")


@dataclass(frozen=True)
class FinishedRun:
    """A run up to its weights, with readable frames. ``context`` has the settings of the run, and a scratch folder."""

    directory: Path
    context: RunContext
    state: RunState

    def job(self, members: NDArray[np.int64] | None = None) -> StackJob:
        """The stacking of the run: of all its frames, or of some usable ones."""
        return make_job(self.context, self.state, self.state.weights, members)

    def folder(self, name: str) -> Path:
        """The folder of a product made after the run, created if necessary."""
        path = self.directory / FOLDER / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def header(self, data: NDArray[np.float32], what: str, members: NDArray[np.int64] | None = None) -> fits.Header:
        """The header of a product with the pixels of the stack: that of the stack, with ``what`` in its history."""
        header = product_header(self.state, data, what, members=members)
        add_provenance(header, self.state, self.context.config)
        return header


@contextlib.contextmanager
def open_run(directory: Path, *, listeners: tuple[Listener, ...] = (),
             cancel: threading.Event | None = None) -> Iterator[FinishedRun]:
    """Lock a finished run and make its frames readable.

    Raises
    ------
    InputError : it is not a run directory, it ended before its weights, or raw frames are missing.
    ConfigError : it combines several filters, or was made by a version whose runs this one cannot use.
    RunError : another process works in it.
    """
    record = RunRecord.read(Path(directory).expanduser().resolve())
    state = known_state(record)
    state.statistics = RunFiles(record.directory).statistics
    config = load_config([record.directory / "config.yaml"])
    with open_resources(config) as resources, run_directory.lock(record.directory), \
            tempfile.TemporaryDirectory(prefix="derived-", dir=_scratch(record.directory)) as scratch:
        context = RunContext(config, Path(scratch), EventLog(None, listeners), resources.budget, resources.workers,
                             cancel or threading.Event(), executor=resources.executor)
        state.frames = readable_frames(record.directory, state, context)
        yield FinishedRun(record.directory, context, state)


def _scratch(directory: Path) -> Path:
    """The folder for scratch files of a run, on whose disk there is space for pictures."""
    folder = directory / "work"
    folder.mkdir(exist_ok=True)
    return folder


def known_state(record: RunRecord) -> RunState:
    """The state of a run up to its weights. Raises InputError if it ended before."""
    try:
        return Checkpoints(record.directory).state_with(record.roots, NEEDED)
    except Damaged as error:
        raise InputError(f"{record.directory} ended before its weights were computed, or another version made it: {error}.",
                         "Finish it with `orchestrate resume`.") from error


def readable_frames(directory: Path, state: RunState, context: RunContext) -> FrameSet:
    """The frames of a run with readers of their calibrated pixels; scratch files may have been removed."""
    usable = state.frames.usable
    if all(files_exist(f.reader) for f in usable):
        return state.frames
    if state.plan.registered_pixels:
        raise InputError(f"The registered frames that Siril wrote for {directory.name} were removed when it finished.",
                         f"Write them again: `orchestrate resume {directory} --from-phase CALIBRATION --set "
                         "runtime.keep_work=true`.")
    gone = next((f.info.path for f in usable if not file_of(f.info.path).is_file()), None)
    if gone is not None:
        raise InputError(f"{gone}, a frame of {directory}, is missing.",
                         f"Restore it, or give the new folder of the session: `orchestrate resume {directory} --session FOLDER`.")
    calibration = RunFiles(directory).json("calibration")
    readers: dict[Path, FrameReader] = {}
    for night in state.session.nights or (state.session,):
        of = {info.path for info in night.lights}
        place = context.for_night(night.name) if state.session.nights else context
        details = calibration.get("nights", {}).get(night.name, {}) if state.session.nights else calibration
        masters = directory / "outputs" / "calibration" / place.night if calibration.get("engine") == "native" else None
        readers |= _reopened(night, [f.info for f in usable if f.info.path in of], details, masters, place)
    known = {f.index: readers[f.info.path] for f in usable if f.info.path in readers}
    return replace(state.frames, frames=tuple(replace(f, reader=known.get(f.index, f.reader)) for f in state.frames.frames))


def _reopened(session: Session, lights: list[FrameInfo], details: dict[str, Any], masters: Path | None,
              context: RunContext) -> dict[Path, FrameReader]:
    """Readers of the lights of a session (of one night), by file."""
    found: dict[Path, FrameReader] = {}
    for group, part, place in parts(session, context):
        members = {info.path for info in part.lights}
        own = [info for info in lights if info.path in members]
        known = details.get("groups", {}).get(group.name, {}) if len(session.calibration_groups) > 1 else details
        readers = reopen(part, own, masters and masters / place.group, context.config.calibration,
                         float(known.get("dark_scale") or 1.0), place)
        found |= {info.path: reader for info, reader in zip(own, readers, strict=True)}
    return found
