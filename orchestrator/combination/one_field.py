"""The run of one field: an ordinary run, or one run per filter and their combination."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from orchestrator.combination.channels import Channel, ChannelRuns, is_begun, nights_of
from orchestrator.combination.execute import IMPLICIT_PALETTES, CombinationPlan, execute_combination
from orchestrator.combination.filters import SessionFilters, find_filters
from orchestrator.combination.palettes import coefficients
from orchestrator.combination.several_runs import move_roots
from orchestrator.combination.watched import watched
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError, ExitCode, InputError, OrchestrateError
from orchestrator.message import Message
from orchestrator.pipeline import resume as single_run
from orchestrator.pipeline import runner
from orchestrator.pipeline.forecast import Forecast, forecast
from orchestrator.pipeline.result import RunResult
from orchestrator.rundir import directory as run_directory
from orchestrator.rundir.combination_record import ChannelEntry, CombinationRecord, is_combination
from orchestrator.rundir.statistics import FilterStatistics, RunStatistics
from orchestrator.runtime.events import EventLog, Listener
from orchestrator.runtime.resources import check_settings, memory_budget, open_resources
from orchestrator.session.watch import Watch

__all__ = ["resume_field", "run_field"]


def run_field(roots: tuple[Path, ...], config: RunConfig, *, runs_dir: str | Path, run_id: str | None = None,
              dry_run: bool = False, listeners: tuple[Listener, ...] = (), cancel: threading.Event | None = None) -> RunResult:
    """Stack one field. If its lights have several filters, each is stacked on the same pixel grid, and the stacks are combined.

    ``roots`` and ``config`` are those of :func:`orchestrator.pipeline.runner.resolve_inputs`; for the other parameters, the
    result and the errors see :func:`orchestrator.combination.run.run`. With several filters their runs are ``run_id-CHANNEL``,
    next to the combination.
    """
    filters = find_filters(roots, config, watch=watched(listeners, cancel))
    if not filters.several:
        return runner.run(roots, config, runs_dir=runs_dir, run_id=run_id, dry_run=dry_run, listeners=listeners, cancel=cancel)
    if config.registration.transforms is not None:
        raise ConfigError("registration.transforms applies to one stack, but the lights have several filters.",
                          Message("Select one filter: --set input.filter={filter}", filter=filters.groups[0].filter))
    runs = Path(runs_dir).expanduser()
    _check_palette(config, filters)
    if dry_run:
        check_settings(config)
        return _dry_run(filters, config, runs, listeners)
    with open_resources(config):  # wrong settings raise an error before anything is written
        pass
    name = run_id or run_directory.new_run_id(roots[0].resolve().name, runs)
    if taken := next((c for f in filters.stacked if (c := runs / f"{name}-{f.channel}").exists()), None):
        raise ConfigError(Message("The run {taken} already exists.",
                                  taken=taken), "Choose another --run-id, or remove that folder.")
    directory = run_directory.create(runs, name, roots)
    with run_directory.lock(directory):
        record = CombinationRecord(directory, roots)
        return execute_combination(_plan(record, filters, config, listeners, cancel), record)


def resume_field(directory: str | Path, *, from_phase: str | None = None, overrides: Sequence[str] = (),
                 session: Sequence[str | Path] = (), listeners: tuple[Listener, ...] = (),
                 cancel: threading.Event | None = None) -> RunResult:
    """Resume a run, or the runs of several filters and their combination.

    Parameters, result and errors are those of :func:`orchestrator.pipeline.resume.resume`; with several filters they apply to
    each run.
    """
    folder = Path(directory).expanduser().resolve()
    if not is_combination(folder):
        return single_run.resume(directory, from_phase=from_phase, overrides=overrides, session=session, listeners=listeners,
                                 cancel=cancel)
    with run_directory.lock(folder):
        record = CombinationRecord.read(folder)
        if record.project:
            raise ConfigError(Message("{folder} belongs to the project {project}.", folder=folder, project=record.project),
                              Message("Resume it with: orchestrate project resume {project} --run-id {folder}",
                                      project=record.project, folder=folder.name))
        config = single_run.settings_of(folder, overrides)
        if config.input.filter is not None:
            raise ConfigError(Message("input.filter: {folder} combines several filters.", folder=folder.name),
                              Message("Stack one filter with `orchestrate run`, or resume its run {folder}-CHANNEL.",
                                      folder=folder.name))
        if session:
            move_roots(record, session)
            config.input.nights = [n.model_copy(update={"path": root})
                                   for n, root in zip(config.input.nights, record.roots, strict=False)]
        filters = _filters(record.roots, config, watched(listeners, cancel))
        if filters.groups:
            _check_palette(config, filters)
        plan = _plan(record, filters, config, listeners, cancel)
        channels = replace(plan.channels, overrides=overrides, from_phase=from_phase)
        return execute_combination(replace(plan, channels=channels), record)


def _filters(roots: Sequence[Path], config: RunConfig, watch: Watch) -> SessionFilters:
    """The filters of the session; none if it cannot be used, which the runs that exist then report."""
    try:
        return find_filters(roots, config, watch=watch)
    except InputError:
        return SessionFilters(())


def _plan(record: CombinationRecord, filters: SessionFilters, config: RunConfig, listeners: tuple[Listener, ...],
          cancel: threading.Event | None) -> CombinationPlan:
    """The runs of the combination: those in the record, and those of filters that can be stacked now."""
    runs, name = record.directory.parent, record.directory.name
    known = {e.channel: e for e in record.channels}
    for group in filters.groups:
        entry = known.setdefault(group.channel, ChannelEntry(group.channel, group.filter))
        entry.lights, entry.object, entry.problem = group.lights, group.object, str(group.problem or "")
        entry.status = "left out" if group.problem is not None else entry.status
        if group.report is not None:
            entry.run = f"{name}-{group.channel}"
    record.channels = list(known.values())
    record.pixels_of = record.pixels_of or next((f.channel for f in filters.stacked), "")
    channels = [_channel(record, e, filters, config) for e in record.channels if e.run]
    notes, warnings = _messages(filters)
    return CombinationPlan(ChannelRuns(runs, name, channels), config.output.palette, config, notes, warnings,
                           _lost_palette(filters), listeners, cancel)


def _check_palette(config: RunConfig, filters: SessionFilters) -> None:
    """Raise ConfigError for a palette that needs other filters than those of the session, including filters that cannot be
    stacked."""
    palette = config.output.palette
    if filters.combinable and palette not in IMPLICIT_PALETTES:
        try:
            coefficients(palette, [f.channel for f in filters.groups])
        except ConfigError as error:
            raise ConfigError(f"output.{error.message}", error.remedy) from None


def _messages(filters: SessionFilters) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Notes and warnings on what will be stacked and combined; it is a warning if nothing is combined."""
    refusals = tuple(filters.refusals())
    if not filters.several:
        return (), refusals
    return ((filters.describe(),), refusals) if filters.palette else ((), (filters.describe(), *refusals))


def _channel(record: CombinationRecord, entry: ChannelEntry, filters: SessionFilters, config: RunConfig) -> Channel:
    """The run of a filter. A reference given by name applies only to the filter it belongs to; nights are those that have the
    filter, or those with which the run was started."""
    settings = config.model_copy(deep=True)
    settings.input.filter = entry.filter
    settings.input.object = entry.object or config.input.object
    group = next((f for f in filters.stacked if f.channel == entry.channel), None)
    lights = group.report.session.lights if group is not None and group.report is not None else None
    if lights is not None and settings.registration.reference not in {i.path.name for i in lights}:
        settings.registration.reference = "auto"
    if not config.input.nights:
        return Channel(entry.channel, entry.filter, record.roots, settings)
    names = {n.name for n in (group.nights if group is not None else config.input.nights)}
    if is_begun(directory := record.directory.parent / entry.run):
        names = set(nights_of(directory))
    settings.input.nights = [n for n in config.input.nights if n.name in names]
    return Channel(entry.channel, entry.filter, tuple(n.path for n in settings.input.nights), settings)


def _lost_palette(filters: SessionFilters) -> OrchestrateError | None:
    """The error if the palette of all filters is lost because some of them cannot be stacked."""
    if not filters.lost_palette:
        return None
    failed = [f for f in filters.groups if f.problem is not None and f.channel in filters.lost_palette]
    instead = Message("{palette} was made instead",
                      palette=filters.palette) if filters.palette else "the others were stacked separately"
    reasons = "; ".join(f"{f.filter}: {f.problem.message if f.problem else ''}" for f in failed)
    return InputError(Message("There is no {lost_palette} image, {instead}: {reasons}", lost_palette=filters.lost_palette,
                              instead=instead, reasons=reasons), "Add frames and resume the run.")


def _dry_run(filters: SessionFilters, config: RunConfig, runs: Path, listeners: tuple[Listener, ...]) -> RunResult:
    """Report what would be stacked; write nothing."""
    events = EventLog(None, listeners)
    notes, warnings = _messages(filters)
    for line in notes:
        events.emit("note", message=line)
    for line in warnings:
        events.warning(line)
    statistics = RunStatistics(filters={f.channel: FilterStatistics(filter=f.filter, files_found={
        role.value: len(files) for role, files in f.report.session.frames.items()}) for f in filters.stacked if f.report})
    budget = memory_budget(config.runtime.memory_budget)
    needed = Forecast.together(forecast(f.report.session, config, runs, budget) for f in filters.stacked if f.report)
    return RunResult("ok", ExitCode.OK, runs, statistics=statistics, warnings=events.warnings, forecast=needed)
