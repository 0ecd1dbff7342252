"""resume(): go on with a run after an interruption, or repeat a part of it with other settings."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path

from orchestrator.config.load import load_config
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ExitCode, InputError
from orchestrator.pipeline.checkpoint import Checkpoints, Damaged
from orchestrator.pipeline.fingerprints import Inputs, bases
from orchestrator.pipeline.registry import PHASES
from orchestrator.pipeline.relocate import repoint
from orchestrator.pipeline.result import RunResult
from orchestrator.pipeline.resume_plan import Plan, make_plan
from orchestrator.pipeline.runner import execute
from orchestrator.rundir import directory as run_directory
from orchestrator.rundir.record import RunRecord, absolute_paths
from orchestrator.runtime.events import Listener
from orchestrator.runtime.resources import working_with
from orchestrator.session.folders import input_files
from orchestrator.stacking.state import RunState
from orchestrator.tools.process import end_orphans

__all__ = ["plan_resume", "resume"]

# Phases that read raw frames or their headers.
READ_RAW = {"SCAN_INPUT", "CALIBRATION", "STACKING", "DEBAYER"} | {p.name for p in PHASES if p.pixels}


def resume(directory: str | Path, *, from_phase: str | None = None, overrides: Sequence[str] = (),
           session: Sequence[str | Path] = (), listeners: tuple[Listener, ...] = (),
           cancel: threading.Event | None = None) -> RunResult:
    """Go on with a run from its last finished phase; its result is that of a run that was never interrupted.

    Parameters
    ----------
    directory : the run's folder.
    from_phase : repeat this phase and all that use its result, even where nothing has changed.
    overrides : ``section.key=value`` settings in place of those of the run; what they change is repeated.
    session : where the frames lie now, one folder for each that the run was made of (nights in their order); where they lay when
        not given.
    listeners, cancel : as in :func:`orchestrator.run`.

    Returns
    -------
    RunResult : of the whole run. Its ``ran`` is empty when there was nothing to do.

    Raises
    ------
    ConfigError, InputError, RunError : no run, settings that are wrong, a session that is gone, a run that is in use.
    """
    record, config = _open(directory, overrides)
    with working_with(config) as resources, run_directory.lock(record.directory):
        end_orphans(record.directory / "logs")
        record = RunRecord.read(record.directory)
        if session:
            repoint(record, [Path(s) for s in session])
            config = _at(record.roots, config)
        store = Checkpoints(record.directory)
        damaged: dict[str, str] = {}
        while True:
            plan = _plan(record, config, store, from_phase, damaged)
            if not plan.repeated and (before := _finished(record, store, plan)) is not None:
                return before
            try:
                return execute(config, resources, record, store, plan, RunState(record.roots), listeners, cancel,
                               from_phase=from_phase, settings=list(overrides), repeated=plan.repeated)
            except Damaged as error:
                damaged[error.phase], from_phase = str(error), None


def plan_resume(directory: str | Path, *, from_phase: str | None = None, overrides: Sequence[str] = ()) -> Plan:
    """What :func:`resume` would keep and repeat, and why. Changes nothing. Raises what :func:`resume` raises."""
    record, config = _open(directory, overrides)
    return _plan(record, config, Checkpoints(record.directory), from_phase, {})


def _open(directory: str | Path, overrides: Sequence[str]) -> tuple[RunRecord, RunConfig]:
    record = RunRecord.read(Path(directory).expanduser().resolve())
    return record, absolute_paths(load_config([record.directory / "config.yaml"], overrides=overrides))


def _at(roots: Sequence[Path], config: RunConfig) -> RunConfig:
    """The settings with the nights where they lie now."""
    if config.input.nights:
        config.input.nights = [n.model_copy(update={"path": root}) for n, root in zip(config.input.nights, roots, strict=True)]
    return config


def _plan(record: RunRecord, config: RunConfig, store: Checkpoints, from_phase: str | None, damaged: dict[str, str]) -> Plan:
    missing = [root for root in record.roots if not root.is_dir()]
    plan = make_plan(store, bases(config, _known(store) if missing else input_files(record.roots, config)), from_phase, damaged)
    if missing and (wanting := [name for name in plan.repeated if name in READ_RAW]):
        raise InputError(f"The session {missing[0]}, of which {record.directory.name} was made, is not there any more; "
                         f"{wanting[0]} reads it ({plan.repeated[wanting[0]]}).",
                         "Put it back where it was, or name its new place: "
                         f"`orchestrate resume {record.directory} --session FOLDER`.")
    return plan


def _known(store: Checkpoints) -> Inputs:
    """The input files as they were when they were last seen."""
    first = store.read(PHASES[0].name)
    return first.basis.inputs if first is not None else {}


def _finished(record: RunRecord, store: Checkpoints, plan: Plan) -> RunResult | None:
    """The result of a run that has ended well and needs nothing; None when its end was never written."""
    try:
        manifest = json.loads((record.directory / "manifest.json").read_bytes())
        status, code = str(manifest["status"]), ExitCode(manifest["exit_code"])
        if status not in ("ok", "validation_failed") or record.attempts[-1]["status"] != status:
            return None
        state, warnings = RunState(record.roots), list[str]()
        for checkpoint in plan.kept.values():
            store.replay(checkpoint, state, warnings)
        store.load(plan.kept["LOCAL_METRICS"], state, ["weights"])
    except (OSError, ValueError, KeyError, IndexError, Damaged):
        return None
    return RunResult(status, code, record.directory, state.products, dict(manifest["statistics"]), warnings, state.weights)
