"""run(): from the folders of a session to a finished run directory."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from orchestrator.config.load import dump_config
from orchestrator.config.settings import RunConfig
from orchestrator.config.trust import remember
from orchestrator.engines.native.kept_masters import keep_masters
from orchestrator.errors import Cancelled, ConfigError, ExitCode, OrchestrateError, RunError
from orchestrator.io.atomic import whole_file
from orchestrator.io.json_files import plain
from orchestrator.message import Message
from orchestrator.phases.phase import Phase
from orchestrator.pipeline.checkpoint import Checkpoint, Checkpoints, Damaged
from orchestrator.pipeline.fingerprints import Basis, bases
from orchestrator.pipeline.forecast import expected_seconds, forecast
from orchestrator.pipeline.growing_picture import GrowingPicture
from orchestrator.pipeline.registry import PHASES, phase_names
from orchestrator.pipeline.result import RunResult
from orchestrator.pipeline.resume_plan import Plan, apply_plan, make_plan
from orchestrator.report.options import options_of
from orchestrator.rundir import directory as run_directory
from orchestrator.rundir.format import REPORT
from orchestrator.rundir.manifest import write_manifest
from orchestrator.rundir.record import RunRecord, absolute_paths
from orchestrator.rundir.statistics import RunStatistics
from orchestrator.runtime.cache import KINDS
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog, Listener
from orchestrator.runtime.kernels import compiling_ahead
from orchestrator.runtime.logs import run_log
from orchestrator.runtime.memory_estimate import memory_stated, memory_warning
from orchestrator.runtime.resources import Resources, check_settings, memory_budget, open_resources
from orchestrator.runtime.telemetry import ResourceLog
from orchestrator.session.folders import check_roots, input_files
from orchestrator.session.model import Session
from orchestrator.session.nights import scan_session
from orchestrator.stacking.state import RunState
from tilecore.resample.array_backend import array_module

__all__ = ["Attempt", "disk_trouble", "execute", "find_run_files", "resolve_inputs", "run", "write_run_report"]

logger = logging.getLogger(__name__)

# Restored files that a note names.
NAMED = 5
# Settings of registration that name a file of another run, and that file in its run directory.
RUN_FILES = {"transforms": "artifacts/registration.json", "match_grid_of": "artifacts/geometry.json"}


@dataclass(frozen=True)
class Attempt:
    """What one start of a run works with: the record and the checkpoints of the run directory, and the plan."""

    record: RunRecord
    store: Checkpoints
    plan: Plan


def resolve_inputs(session: str | Path | Sequence[str | Path], config: RunConfig | None) -> tuple[tuple[Path, ...], RunConfig]:
    """The folders of a session and its settings, with absolute paths.

    Raises
    ------
    ConfigError, InputError : no folder is given, or one does not exist, or the settings name a run that does not exist.
    """
    roots = tuple(Path(p).expanduser().absolute() for p in ([session] if isinstance(session, str | Path) else session))
    if not roots:
        raise ConfigError("No session was given.", "Name the folder with the frames.")
    check_roots(roots)
    return roots, find_run_files(absolute_paths(config or RunConfig()))


def find_run_files(config: RunConfig) -> RunConfig:
    """The settings, with the file in place of a run directory where a setting names a file of another run.

    Raises
    ------
    ConfigError : the file does not exist.
    """
    found = {}
    for name, file in RUN_FILES.items():
        path: Path | None = getattr(config.registration, name)
        if path is None:
            continue
        given = path.expanduser()
        found[name] = given / file if given.is_dir() else given
        if not found[name].is_file():
            problem = Message("{given} has no {file}", given=given,
                              file=file) if given.is_dir() else Message("{given} does not exist", given=given)
            raise ConfigError(f"registration.{name}: {problem}.", Message("Give the directory of a finished run, or its {file}.",
                                                                          file=file))
    return config.model_copy(update={"registration": config.registration.model_copy(update=found)})


def run(roots: tuple[Path, ...], config: RunConfig, *, runs_dir: str | Path, run_id: str | None = None, dry_run: bool = False,
        listeners: tuple[Listener, ...] = (), cancel: threading.Event | None = None) -> RunResult:
    """Make one stack. ``roots`` and ``config`` are those of :func:`resolve_inputs`; for the other parameters and the errors see
    :func:`orchestrator.combination.run.run`."""
    folder = Path(runs_dir).expanduser()
    if dry_run:
        check_settings(config)
        return _dry_run(roots, config, folder, listeners)
    with open_resources(config) as resources:
        name = run_id or run_directory.new_run_id(roots[0].resolve().name, folder)
        directory = run_directory.create(folder, name, roots)
        with run_directory.lock(directory):
            record = RunRecord(directory, roots, [])
            store = Checkpoints(directory)
            plan = make_plan(store, bases(config, input_files(roots, config)))
            result = execute(config, resources, Attempt(record, store, plan), listeners, cancel)
    if result.error is not None and result.exit_code in (ExitCode.INPUT_REFUSED, ExitCode.USAGE) and not result.ran:
        # The session was refused by its scan: there is nothing to resume or to look at.
        run_directory.remove(directory)
        raise result.error
    return result


def execute(config: RunConfig, resources: Resources, attempt: Attempt, listeners: tuple[Listener, ...],
            cancel: threading.Event | None, notes: dict[str, Any] | None = None) -> RunResult:
    """Execute a plan in a locked run directory; ``notes`` go to the record of the attempt.

    Raises
    ------
    Damaged : a checkpoint that was to be kept cannot be read.
    """
    with run_log(attempt.record.directory / "logs"):
        return _execute(config, resources, attempt, listeners, cancel, notes or {})


def _execute(config: RunConfig, resources: Resources, attempt: Attempt, listeners: tuple[Listener, ...],
             cancel: threading.Event | None, notes: dict[str, Any]) -> RunResult:
    record, store, plan = attempt.record, attempt.store, attempt.plan
    directory, state = record.directory, RunState(record.roots)
    try:
        record.begin(**notes)
        with whole_file(directory / "config.yaml") as stream:
            stream.write(dump_config(config).encode("utf-8", "surrogateescape"))
        remember(directory / "config.yaml", config.model_dump(mode="json"))
        apply_plan(store, plan)
        events = EventLog(directory / "logs" / "run_events.jsonl", listeners)
        context = RunContext(config, directory, events, resources.budget, resources.workers, cancel or threading.Event(),
                             executor=resources.executor, cache=resources.cache(directory.parent, config))
        growing = GrowingPicture(context, state) if config.runtime.growing_picture else None
        if growing is not None:
            context.measured = growing.add
        logger.info("Run %s, attempt %d: phases to keep: %s", directory, len(record.attempts), ", ".join(plan.kept) or "none")
        _choose_device(context)
        keep_masters(context.masters_budget)
        logger.info("Executor %s, workers %d, memory budget %.2f GiB, device %s, session cache %s", resources.executor.name,
                    resources.workers, resources.budget / 2**30, context.device, "on" if context.cache is not None else "off")
        if restored := (notes.get("restored") or [])[:]:
            context.events.emit("note", message=Message("{count} files of the run were missing or changed and are restored: "
                                                        "{restored}{count2}.", count=len(restored),
                                                        restored=", ".join(restored[:NAMED]),
                                                        count2=", ..." if len(restored) > NAMED else ""))
        if warning := record.other_program():
            context.warn(warning)
        events.emit("run_start", directory=str(directory), sessions=[str(r) for r in state.roots], attempt=len(record.attempts),
                    kept=list(plan.kept), phases=[*phase_names(), *([REPORT] if config.output.report else [])])
    except OSError as caught:
        raise disk_trouble(caught, directory) from caught
    context.memory.resources = ResourceLog(directory, lambda: events.phase, len(record.attempts))
    ahead = resources.workers if "TILE_RECONSTRUCTION" in plan.repeated else 0
    with context.memory.running(), compiling_ahead(ahead, resources.budget):
        result = _run_phases(context, state, store, plan, record, growing)
    if context.cache is not None:
        context.cache.record_session(state.roots)
        context.cache.trim(resources.cache_size)
    return result


def disk_trouble(error: OSError, directory: Path) -> RunError:
    """The error for a file that could not be written."""
    return RunError(f"{error.filename or directory}: {error.strerror or error}.",
                    "Check that the disk is not full and that the folder can be written.")


def _choose_device(context: RunContext) -> None:
    """Use the GPU if runtime.device allows it and there is one."""
    asked = context.config.runtime.device
    module, reason = array_module(asked)
    context.device = "cpu" if module is np else "gpu"
    if reason and asked == "gpu":
        context.warn(Message("runtime.device: {reason}; the CPU is used.", reason=reason))


def _run_phases(context: RunContext, state: RunState, store: Checkpoints, plan: Plan, record: RunRecord,
                growing: GrowingPicture | None) -> RunResult:
    started = time.monotonic()
    phases: list[dict[str, Any]] = []
    wanted = {"session", "weights", "failed_criteria"} | {f for p in PHASES if p.name in plan.repeated for f in p.uses}
    status, code = "ok", ExitCode.OK
    error: OrchestrateError | None = None
    try:
        for phase in PHASES:
            context.check()
            context.events.phase = phase.name
            kept = plan.kept.get(phase.name)
            if kept is None:
                kept = _run_phase(context, state, store, phase, plan.bases[phase.name])
                if growing is not None:
                    growing.phase_ended(phase.name)
            else:
                store.load(kept, state, wanted.intersection(phase.makes))
                store.replay(kept, state, context.events.warnings)
                context.events.emit("phase_kept", status=kept.result.status, summary=kept.result.summary)
                logger.info("%s: kept from its checkpoint", phase.name)
            if phase is PHASES[0]:
                _state_memory(context.events, state.session, context.config, context.memory_budget)
                seconds, _ = expected_seconds(len(state.session.lights), state.session.shape, context.directory.parent)
                context.events.emit("expected_time", seconds={n: round(s, 2) for n, s in seconds.items() if n not in plan.kept})
            phases.append({"phase": phase.name, "status": kept.result.status, "seconds": kept.seconds,
                           "checkpoint": phase.name in plan.kept, "summary": kept.result.summary})
        if state.failed_criteria:
            status, code = "validation_failed", ExitCode.VALIDATION_FAILED
    except Damaged:
        raise
    except (Cancelled, KeyboardInterrupt) as caught:
        release_frames(caught)
        error = caught if isinstance(caught, Cancelled) else Cancelled("The run was cancelled.")
        status, code = "aborted", ExitCode.CANCELLED
    except OrchestrateError as caught:
        release_frames(caught)
        error, status, code = caught, "failed", caught.exit_code
    except OSError as caught:
        release_frames(caught)
        error, status, code = disk_trouble(caught, context.directory), "failed", ExitCode.FAILED
    except Exception as caught:  # a fault of the program: report it, and keep the traceback in the log
        with contextlib.suppress(OSError):
            (context.logs / "traceback.txt").write_text(traceback.format_exc(), encoding="utf-8", errors="backslashreplace")
        release_frames(caught)
        error = RunError(Message("Internal error in {phase}: {caught!r}.", phase=context.events.phase, caught=caught),
                         Message("Please report it with {logs}.", logs=context.logs / "traceback.txt"))
        status, code = "failed", ExitCode.FAILED
    spent = sum(p["seconds"] for p in phases if p["checkpoint"])
    state.statistics.seconds = round(spent + time.monotonic() - started, 1)
    phase_of_most, most = context.memory.largest()
    state.statistics.set_memory(context.memory_budget, phase_of_most, most.resident, most.mapped)
    if error is None:
        store.clear_leftovers()
        store.clear_previous()
        if not context.config.runtime.keep_work:
            run_directory.remove_work(context.directory)
        if not context.config.runtime.keep_arrays:
            store.drop_large()
    return _finish(context, state, phases, status, code, error, record)


def _state_memory(events: EventLog, session: Session, config: RunConfig, budget: int) -> None:
    """State the budget and the need of a session before its frames are read, and warn if the budget is too small."""
    method = config.reconstruction.method
    events.emit("note", message=memory_stated(session, method, budget), detail=True)
    if warning := memory_warning(session, method, budget):
        events.warning(warning)


def _run_phase(context: RunContext, state: RunState, store: Checkpoints, phase: Phase, basis: Basis) -> Checkpoint:
    """Run one phase and write its checkpoint."""
    mark = store.mark(phase.name, state, context.events.warnings)
    context.events.emit("phase_start")
    logger.info("%s: started", phase.name)
    begin = time.monotonic()
    context.previous, context.earlier = (partial(find, phase.name, basis) for find in (store.previous, store.earlier))
    result = phase.run(context, state)
    report_cache_hits(context)
    held = context.memory.phase_ended().resident >> 20
    context.release_memory()
    seconds = round(time.monotonic() - begin, 3)
    checkpoint = store.save(phase, basis, mark, state, context.events.warnings, result, seconds)
    context.events.emit("phase_end", status=result.status, seconds=seconds, memory_mib=held, summary=checkpoint.result.summary)
    why = result.summary.get("why", "") if result.status == "skipped" else ""
    logger.info("%s: %s after %.1f s, %d MiB at most%s", phase.name, result.status, seconds, held, f": {why}" if why else "")
    return checkpoint


def report_cache_hits(context: RunContext) -> None:
    """Log how much of the phase came from the session cache."""
    cache = context.cache
    if cache is None:
        return
    if cache.damaged:
        context.warn(Message("Session cache: {count} entries were damaged and are made again, such as {damaged}. Check the "
                             "disk.", count=len(cache.damaged),
                             damaged=cache.damaged[0]), paths=[str(p) for p in cache.damaged])
        cache.damaged.clear()
    for kind in KINDS:
        if cache.hits[kind] or cache.misses[kind]:
            context.events.emit("cache", kind=kind, hits=cache.hits[kind], misses=cache.misses[kind])
            logger.info("Session cache, %s: %d hits, %d misses", kind, cache.hits[kind], cache.misses[kind])
            cache.hits[kind] = cache.misses[kind] = 0


def release_frames(error: BaseException) -> None:
    """Release the worker pools and images of a failed phase, which the frames of its traceback would keep alive."""
    traceback.clear_frames(error.__traceback__)


def _finish(context: RunContext, state: RunState, phases: list[dict[str, Any]], status: str, code: ExitCode,
            error: OrchestrateError | None, record: RunRecord) -> RunResult:
    """Write the manifest and report the end. An error while writing must not hide the error of the run."""
    ran = tuple(p["phase"] for p in phases if not p["checkpoint"])
    result = RunResult(status, code, context.directory, dict(state.products), state.statistics,
                       list(context.events.warnings), state.weights if state.has("weights") else None, error, ran,
                       restored=tuple(record.attempts[-1].get("restored") or ()))
    try:
        record.end(status)
        if error is not None:
            context.events.emit("error", message=error.message, remedy=error.remedy)
        write_manifest(context.directory, record.attempts, result, {
            "inputs": _inputs(state), "frames": _frames(context.directory),
            "options": options_of(context.config.model_dump(mode="json"), phases), "phases": phases,
            "statistics": state.statistics.to_dict()})
        if context.memory.resources is not None:
            context.memory.resources.write(context.artifacts)
        write_run_report(context, result)
        record.keep_reports()
        logger.info("Run %s: %s (exit code %d)", context.directory, status, code)
        context.events.emit("run_end", status=status, exit_code=int(code), products=plain(state.products),
                            statistics=state.statistics.to_dict())
    except OSError:
        if error is None:
            raise
    return result


def write_run_report(context: RunContext, result: RunResult) -> None:
    """Write the report of the run; an error here becomes a warning and does not change the status."""
    if not context.config.output.report:
        return
    context.events.phase = REPORT
    context.events.emit("phase_start")
    begin, status = time.monotonic(), "ok"
    try:
        from orchestrator.report.write import write_report

        write_report(context.directory)
    except Exception as error:
        status = "failed"
        context.warn(Message("The report could not be written: {error}", error=error), log="logs/report_traceback.txt")
        result.warnings.append(context.events.warnings[-1])
        with contextlib.suppress(OSError):
            (context.logs / "report_traceback.txt").write_text(traceback.format_exc(), encoding="utf-8")
    context.events.emit("phase_end", status=status, seconds=round(time.monotonic() - begin, 3), summary={})
    context.events.phase = ""


def _frames(directory: Path) -> list[dict[str, Any]]:
    """Every frame with its weight, from the artifacts: the state of a resumed run does not contain all of it."""
    from orchestrator.report.files import RunFiles
    from orchestrator.report.frames import frame_rows

    files = RunFiles(directory)
    matrices = {str(f.get("file")): f.get("matrix") for f in files.json("registration").get("frames", [])}
    return [{"file": r.path, "kept": r.kept, "weight": None if r.weight is None else round(r.weight, 4), "reason": r.reason,
             "score": r.score, "fwhm_px": r.fwhm, "matrix": matrices.get(r.path)} for r in frame_rows(files)]


def _inputs(state: RunState) -> dict[str, Any]:
    """Every input file with size and modification time; hashing gigabytes of raw frames would take longer than the scan."""
    if not state.has("session"):
        return {"sessions": [str(r) for r in state.roots]}
    frames = {}
    for role, infos in state.session.frames.items():
        frames[role.value] = [{"path": str(i.path), "bytes": s.st_size, "mtime_ns": s.st_mtime_ns}
                              for i in infos if (s := _stat(i.path)) is not None]
    return {"sessions": [str(r) for r in state.roots], "frames": frames,
            "masters": _masters(state.session),
            "excluded": [{"path": str(e.path), "reason": e.reason} for e in state.session.excluded]}


def _masters(session: Session) -> dict[str, str]:
    """The given masters by role; those of several groups are numbered."""
    found: dict[str, str] = {}
    for role, info in session.all_masters:
        number = sum(key.split(" ")[0] == role.value for key in found)
        found[f"{role.value} {number + 1}" if number else role.value] = str(info.path)
    return found


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _dry_run(roots: tuple[Path, ...], config: RunConfig, runs: Path, listeners: tuple[Listener, ...]) -> RunResult:
    """Scan only, nothing written."""
    report = scan_session(roots, config)
    events = EventLog(None, listeners)
    for warning in report.session.warnings:
        events.warning(warning)
    for note in report.session.notes:
        events.emit("note", message=note)
    _state_memory(events, report.session, config, memory_budget(config.runtime.memory_budget))
    statistics = RunStatistics(files_found={role.value: len(files) for role, files in report.session.frames.items()},
                               files_excluded=len(report.session.excluded))
    needed = forecast(report.session, config, runs, memory_budget(config.runtime.memory_budget))
    return RunResult("ok", ExitCode.OK, runs, statistics=statistics, warnings=events.warnings, forecast=needed)
