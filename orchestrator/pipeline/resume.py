"""resume(): continue a run after an interruption, or repeat a part of it with other settings."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path

from orchestrator.config.load import load_config
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ExitCode, InputError
from orchestrator.message import Message
from orchestrator.phases.registration import anchors_outdated
from orchestrator.pipeline.checkpoint import Checkpoints, Damaged
from orchestrator.pipeline.fingerprints import Inputs, bases
from orchestrator.pipeline.registry import PHASES
from orchestrator.pipeline.relocate import relocate
from orchestrator.pipeline.result import RunResult
from orchestrator.pipeline.resume_plan import Plan, changed_files, make_plan
from orchestrator.pipeline.runner import Attempt, execute, find_run_files
from orchestrator.rundir import directory as run_directory
from orchestrator.rundir.record import RunRecord, absolute_paths
from orchestrator.rundir.statistics import RunStatistics
from orchestrator.runtime.events import Listener
from orchestrator.runtime.resources import open_resources
from orchestrator.session.folders import input_files
from orchestrator.stacking.state import RunState
from orchestrator.tools.process import end_orphans

__all__ = ["plan_resume", "resume", "settings_of"]

# Phases that read raw frames or their headers.
READ_RAW = {"SCAN_INPUT", "CALIBRATION", "STACKING", "DEBAYER"} | {p.name for p in PHASES if p.pixels}


def resume(directory: str | Path, *, from_phase: str | None = None, overrides: Sequence[str] = (),
           session: Sequence[str | Path] = (), listeners: tuple[Listener, ...] = (),
           cancel: threading.Event | None = None) -> RunResult:
    """Continue a run after its last finished phase; the result is that of a run that was never interrupted.

    Parameters
    ----------
    directory : the run's folder.
    from_phase : repeat this phase and all phases that use its result, even if nothing has changed.
    overrides : ``section.key=value`` settings that replace those of the run; phases that depend on them are repeated.
    session : the current folders of the frames, one for each folder of the run (nights in their order), if they were moved.
    listeners, cancel : as in :func:`orchestrator.run`.

    Returns
    -------
    RunResult : of the whole run. Its ``ran`` is empty if there was nothing to do.

    Raises
    ------
    ConfigError, InputError, RunError : not a run directory, a run of version 0.1, wrong settings, a missing session, a run that
        is in use.
    """
    record, config = _open(directory, overrides)
    with open_resources(config) as resources, run_directory.lock(record.directory):
        end_orphans(record.directory / "logs")
        record = RunRecord.read(record.directory)
        if session:
            relocate(record, [Path(s) for s in session])
            config = _at(record.roots, config)
        store = Checkpoints(record.directory)
        damaged: dict[str, str] = {}
        while True:
            plan = _plan(record, config, store, from_phase, damaged)
            lost = changed_files(store, plan)
            if not plan.repeated and not lost and (before := _finished(record, store, plan)) is not None:
                return before
            try:
                return execute(config, resources, Attempt(record, store, plan), listeners, cancel, {
                    "from_phase": from_phase, "settings": list(overrides), "repeated": plan.repeated,
                    "restored": lost})
            except Damaged as error:
                damaged[error.phase], from_phase = str(error), None


def plan_resume(directory: str | Path, *, from_phase: str | None = None, overrides: Sequence[str] = ()) -> Plan:
    """What :func:`resume` would keep and repeat, and why; nothing is changed. Raises the same errors as :func:`resume`."""
    record, config = _open(directory, overrides)
    return _plan(record, config, Checkpoints(record.directory), from_phase, {})


def _open(directory: str | Path, overrides: Sequence[str]) -> tuple[RunRecord, RunConfig]:
    record = RunRecord.read(Path(directory).expanduser().resolve())
    return record, settings_of(record.directory, overrides)


def settings_of(directory: Path, overrides: Sequence[str]) -> RunConfig:
    """The settings of a run with these overrides. Files of other runs must exist only if registration is changed. The record of
    the run must have been read before, since it refuses runs of other versions."""
    config = absolute_paths(load_config([directory / "config.yaml"], overrides=overrides))
    return find_run_files(config) if any(o.strip().startswith("registration.") for o in overrides) else config


def _at(roots: Sequence[Path], config: RunConfig) -> RunConfig:
    """The settings with the current folders of the nights."""
    if config.input.nights:
        config.input.nights = [n.model_copy(update={"path": root}) for n, root in zip(config.input.nights, roots, strict=True)]
    return config


def _plan(record: RunRecord, config: RunConfig, store: Checkpoints, from_phase: str | None, damaged: dict[str, str]) -> Plan:
    missing = [root for root in record.roots if not root.is_dir()]
    inputs = _last_inputs(store) if missing else input_files(record.roots, config)
    if why := anchors_outdated(record.directory / "artifacts", config):
        damaged = {"REGISTRATION": why, **damaged}
    plan = make_plan(store, bases(config, inputs), from_phase, damaged)
    if missing and (readers := [name for name in plan.repeated if name in READ_RAW]):
        raise InputError(Message("The session folder {missing} of {directory} does not exist; {readers} reads it ({repeated}).",
                                 missing=missing[0], directory=record.directory.name, readers=readers[0],
                                 repeated=plan.repeated[readers[0]]),
                         Message("Restore it, or give its new location: `orchestrate resume {directory} --session FOLDER`.",
                                 directory=record.directory))
    return plan


def _last_inputs(store: Checkpoints) -> Inputs:
    """The input files as they were when they were last scanned."""
    first = store.read(PHASES[0].name)
    return first.basis.inputs if first is not None else {}


def _finished(record: RunRecord, store: Checkpoints, plan: Plan) -> RunResult | None:
    """The result of a run that has finished and is up to date; None if its end was not recorded."""
    try:
        manifest = json.loads((record.directory / "manifest.json").read_bytes())
        status, code = str(manifest["status"]), ExitCode(manifest["exit_code"])
        if status not in ("ok", "validation_failed") or record.attempts[-1]["status"] != status:
            return None
        if record.changed_reports():
            return None
        state, warnings = RunState(record.roots), list[str]()
        for checkpoint in plan.kept.values():
            store.replay(checkpoint, state, warnings)
        state.statistics = RunStatistics.of_manifest(manifest, record.directory)
        store.load(plan.kept["LOCAL_METRICS"], state, ["weights"])
    except (OSError, ValueError, KeyError, IndexError, Damaged):
        return None
    return RunResult(status, code, record.directory, state.products, state.statistics, warnings, state.weights)
