"""Sessions of several fields of the sky: a run, or a combination of filters, for each, and a directory that lists them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator.combination.channels import is_begun
from orchestrator.combination.fields import SessionFields, find_fields, run_name
from orchestrator.combination.one_field import resume_field, run_field
from orchestrator.combination.several_runs import begin, finish, move_roots, overall_result, record_part
from orchestrator.config.settings import RunConfig
from orchestrator.errors import Cancelled, ConfigError, ExitCode, InputError, OrchestrateError
from orchestrator.message import Message
from orchestrator.pipeline import resume as single_run
from orchestrator.pipeline.forecast import Forecast
from orchestrator.pipeline.result import RunResult
from orchestrator.pipeline.runner import disk_trouble
from orchestrator.rundir import directory as run_directory
from orchestrator.rundir.combination_record import ChannelEntry, CombinationRecord, is_combination
from orchestrator.rundir.record import session_folders
from orchestrator.rundir.statistics import FilterStatistics, RunStatistics
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog, Listener
from orchestrator.runtime.logs import run_log
from orchestrator.runtime.resources import check_settings, open_resources

__all__ = ["dry_run_fields", "resume_fields", "run_fields"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Work:
    """The settings and callbacks of one attempt; ``overrides`` and ``from_phase`` apply to runs that are resumed."""

    config: RunConfig
    fields: SessionFields
    listeners: tuple[Listener, ...]
    cancel: threading.Event | None
    overrides: Sequence[str] = ()
    from_phase: str | None = None


def run_fields(fields: SessionFields, roots: tuple[Path, ...], config: RunConfig, *, runs_dir: str | Path, run_id: str | None,
               listeners: tuple[Listener, ...], cancel: threading.Event | None) -> RunResult:
    """Stack each field; their runs are ``run_id-FIELD``. Parameters, result and errors are those of
    :func:`orchestrator.combination.one_field.run_field`."""
    _check_registration(config, fields)
    with open_resources(config):  # wrong settings raise an error before anything is written
        pass
    runs = Path(runs_dir).expanduser()
    name = run_id or run_directory.new_run_id(roots[0].resolve().name, runs)
    if taken := next((c for f in fields.stacked if (c := runs / f"{name}-{run_name(f)}").exists()), None):
        raise ConfigError(Message("The run {taken} already exists.",
                                  taken=taken), "Choose another --run-id, or remove that folder.")
    directory = run_directory.create(runs, name, roots)
    with run_directory.lock(directory):
        return _execute(_Work(config, fields, listeners, cancel), CombinationRecord(directory, roots, of="fields"))


def dry_run_fields(fields: SessionFields, roots: tuple[Path, ...], config: RunConfig, *, runs_dir: str | Path,
                   listeners: tuple[Listener, ...]) -> RunResult:
    """Report what :func:`run_fields` would stack; write nothing."""
    _check_registration(config, fields)
    check_settings(config)
    runs, events = Path(runs_dir).expanduser(), EventLog(None, listeners)
    events.emit("note", message=fields.describe())
    for line in fields.refusals():
        events.warning(line)
    found = {f.name: run_field(roots, _settings(config, fields, f.name), runs_dir=runs, dry_run=True, listeners=listeners)
             for f in fields.stacked}
    figures = {name: FilterStatistics(filter="", files_found=r.statistics.files_found) for name, r in found.items()}
    warnings = [*events.warnings, *(Message("{name}: {text}", name=name, text=w)
                                      for name, r in found.items() for w in r.warnings)]
    needed = Forecast.together(r.forecast for r in found.values() if r.forecast is not None)
    return RunResult("ok", ExitCode.OK, runs, statistics=RunStatistics(fields=figures), warnings=warnings, forecast=needed)


def _check_registration(config: RunConfig, fields: SessionFields) -> None:
    """Raise ConfigError for settings that apply to one field only."""
    for key in ("transforms", "match_grid_of"):
        if getattr(config.registration, key) is not None:
            raise ConfigError(Message("registration.{key} applies to one field, but the lights show several.", key=key),
                              Message("Select one field: --set 'input.field={stacked}'", stacked=fields.stacked[0].name))


def resume_fields(directory: str | Path, *, from_phase: str | None, overrides: Sequence[str], session: Sequence[str | Path],
                  listeners: tuple[Listener, ...], cancel: threading.Event | None) -> RunResult:
    """Resume the runs of several fields, and stack the fields that have enough lights now."""
    folder = Path(directory).expanduser().resolve()
    with run_directory.lock(folder):
        record = CombinationRecord.read(folder)
        config = single_run.settings_of(folder, overrides)
        if config.input.field is not None:
            raise ConfigError(Message("input.field: {folder} lists the runs of several fields.", folder=folder.name),
                              Message("Stack one field with `orchestrate run`, or resume its run {folder}-FIELD.",
                                      folder=folder.name))
        if session:
            move_roots(record, session)
        try:
            fields = find_fields(record.roots, config)
        except InputError:  # the runs report it
            fields = SessionFields(())
        return _execute(_Work(config, fields, listeners, cancel, overrides, from_phase), record)


def _execute(work: _Work, record: CombinationRecord) -> RunResult:
    """Stack each field in a folder that is already locked."""
    try:
        with open_resources(work.config) as resources, run_log(record.directory / "logs"):
            started = time.monotonic()
            _plan(record, work.fields)
            several = work.fields.several
            events = begin(record, work.config, (work.fields.describe(),) if several else (), work.fields.refusals(),
                           work.listeners)
            context = RunContext(work.config, record.directory, events, resources.budget, resources.workers,
                                 work.cancel or threading.Event())
            results = _stack_all(work, record, events)
            cancelled = next((r.error for r in results.values() if isinstance(r.error, Cancelled)), None)
            result = overall_result(record, results, {}, cancelled, None, _statistics(record), context)
            result.statistics.seconds = round(time.monotonic() - started, 1)
            finish(record, result, context)
    except OSError as error:
        raise disk_trouble(error, record.directory) from error
    return result


def _plan(record: CombinationRecord, fields: SessionFields) -> None:
    """The runs in the record, and those of fields that can be stacked now."""
    known = {e.object: e for e in record.channels}
    for field in sorted(fields.fields, key=lambda f: f.number):
        entry = known.setdefault(field.name, ChannelEntry(run_name(field), "", object=field.name))
        entry.lights, entry.problem = len(field.lights), fields.problem(field)
        entry.status = "left out" if entry.problem else entry.status
        if not entry.problem:
            entry.run = f"{record.directory.name}-{entry.channel}"
    record.channels = list(known.values())


def _stack_all(work: _Work, record: CombinationRecord, events: EventLog) -> dict[str, RunResult]:
    """The result of each run; if one fails, the others are still made. After a cancellation no further run is started."""
    results: dict[str, RunResult] = {}
    parts = [e for e in record.channels if e.run]
    for number, entry in enumerate(parts, 1):
        directory = record.directory.with_name(entry.run)
        events.emit("field_start", field=entry.object or entry.channel, directory=str(directory), number=number, total=len(parts))
        try:
            result = _stack(work, record, entry, directory)
        except OrchestrateError as error:
            result = RunResult("aborted" if isinstance(error, Cancelled) else "failed", error.exit_code, directory, error=error)
        results[entry.channel] = result
        record_part(entry, result)
        record.write()
        if result.status == "aborted":
            break
    logger.info("Fields stacked: %s", ", ".join(c for c, r in results.items() if r.error is None) or "none")
    return results


def _stack(work: _Work, record: CombinationRecord, entry: ChannelEntry, directory: Path) -> RunResult:
    if is_begun(directory) or is_combination(directory):
        moved = record.roots if tuple(session_folders(directory)) != record.roots else ()
        return resume_field(directory, from_phase=work.from_phase, overrides=work.overrides, session=moved,
                            listeners=work.listeners, cancel=work.cancel)
    run_directory.forget_unbegun(directory)
    settings = _settings(work.config, work.fields, entry.object or "")
    return run_field(record.roots, settings, runs_dir=directory.parent, run_id=directory.name, listeners=work.listeners,
                     cancel=work.cancel)


def _settings(config: RunConfig, fields: SessionFields, name: str) -> RunConfig:
    """The settings of the run of a field. A reference given by name applies only to the field it belongs to."""
    own = config.model_copy(deep=True)
    own.input.field = name
    lights = next((f.lights for f in fields.fields if f.name == name), ())
    if own.registration.reference not in {i.path.name for i in lights}:
        own.registration.reference = "auto"
    return own


def _statistics(record: CombinationRecord) -> RunStatistics:
    """The figures of all fields together, and those of each."""
    runs = [e for e in record.channels if e.run]
    exposures = [e.exposure_s for e in runs if e.exposure_s]
    return RunStatistics(
        fields={e.object or e.channel: FilterStatistics(
            filter="", status=e.status, problem=e.problem, lights_found=e.lights, frames_used=e.frames_used,
            exposure_s=e.exposure_s, fwhm_px=e.fwhm_px, noise_adu=e.noise_adu) for e in record.channels},
        lights_found=sum(e.lights for e in runs), frames_used=sum(e.frames_used or 0 for e in runs),
        exposure_s=round(sum(exposures), 1) if exposures else None)
