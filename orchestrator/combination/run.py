"""run() and resume() of a session, whatever its filters: an ordinary run, or one of each filter and their combination."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from orchestrator.combination.channels import Channel, Channels, is_begun, nights_of
from orchestrator.combination.execute import AS_TOLD, Order, carry_out
from orchestrator.combination.filters import SessionFilters, look_at_filters
from orchestrator.combination.palettes import coefficients
from orchestrator.config.load import load_config
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError, ExitCode, InputError, OrchestrateError
from orchestrator.pipeline import resume as one_resumed
from orchestrator.pipeline import runner
from orchestrator.pipeline.result import RunResult
from orchestrator.rundir import directory as run_directory
from orchestrator.rundir.combination_record import ChannelEntry, CombinationRecord, is_combination
from orchestrator.rundir.record import absolute_paths
from orchestrator.runtime.events import EventLog, Listener

__all__ = ["resume", "run"]


def run(session: str | Path | Sequence[str | Path], config: RunConfig | None = None, *, runs_dir: str | Path = "runs",
        run_id: str | None = None, dry_run: bool = False, listeners: tuple[Listener, ...] = (),
        cancel: threading.Event | None = None) -> RunResult:
    """Stack a session. Where its lights have several filters, each is stacked on the same pixels, and they are combined.

    Parameters
    ----------
    session : folder or folders of raw frames; never written to.
    config : settings; the defaults when None. With ``input.filter`` that filter is stacked alone.
    runs_dir, run_id : the run's folder is ``runs_dir/run_id``; the id is made from time and session when None. With several
        filters that is the folder of the combination, and ``run_id-CHANNEL`` beside it those of the filters' runs.
    dry_run : scan and check only, write nothing.
    listeners : called with each event (see :mod:`orchestrator.runtime.events`).
    cancel : set it from another thread to stop.

    Returns
    -------
    RunResult : with several filters its ``channels`` are their runs.

    Raises
    ------
    ConfigError, InputError : before anything has been made. Later failures end the run with status ``failed``, or
        ``incomplete`` where some filters could be stacked.
    """
    roots, config = runner.resolve_inputs(session, config)
    filters = _filters(roots, config)
    if not filters.several:
        return runner.run(roots, config, runs_dir=runs_dir, run_id=run_id, dry_run=dry_run, listeners=listeners, cancel=cancel)
    if config.registration.transforms is not None:
        raise ConfigError("registration.transforms are those of one stack, and the lights have several filters.",
                          f"Choose one: --set input.filter={filters.looks[0].filter}")
    runs = Path(runs_dir).expanduser()
    if dry_run:
        return _dry_run(filters, runs, listeners)
    _check_palette(config, filters)
    with runner.working_with(config):  # wrong settings are told before anything is written
        pass
    name = run_id or run_directory.new_run_id(roots[0].resolve().name, runs)
    if taken := next((c for f in filters.stacked if (c := runs / f"{name}-{f.channel}").exists()), None):
        raise ConfigError(f"The run {taken} exists already.", "Choose another --run-id, or remove that folder.")
    directory = run_directory.create(runs, name, roots)
    with run_directory.lock(directory):
        record = CombinationRecord(directory, roots)
        return carry_out(_order(record, filters, config, listeners, cancel), record)


def resume(directory: str | Path, *, from_phase: str | None = None, overrides: Sequence[str] = (),
           session: Sequence[str | Path] = (), listeners: tuple[Listener, ...] = (),
           cancel: threading.Event | None = None) -> RunResult:
    """Go on with a run, or with that of several filters: all that is not finished, then their combination.

    Parameters, result and errors are those of :func:`orchestrator.pipeline.resume.resume`; with several filters they hold for each.
    """
    folder = Path(directory).expanduser().resolve()
    if not is_combination(folder):
        return one_resumed.resume(directory, from_phase=from_phase, overrides=overrides, session=session, listeners=listeners,
                                  cancel=cancel)
    with run_directory.lock(folder):
        record = CombinationRecord.read(folder)
        if record.project:
            raise ConfigError(f"{folder} is of the project {record.project}.",
                              f"Go on with: orchestrate project resume {record.project} --run-id {folder.name}")
        config = absolute_paths(load_config([folder / "config.yaml"], overrides=overrides))
        if config.input.filter is not None:
            raise ConfigError(f"input.filter: {folder.name} is of several filters.",
                              f"Stack one alone with `orchestrate run`, or go on with its run {folder.name}-CHANNEL.")
        if session:
            if len(session) != len(record.roots):
                raise ConfigError(f"{folder.name} was made of {len(record.roots)} folders, {len(session)} are given.",
                                  f"Give one --session for each of: {', '.join(map(str, record.roots))}.")
            record.roots = tuple(Path(s).expanduser().absolute() for s in session)
            config.input.nights = [n.model_copy(update={"path": root})
                                   for n, root in zip(config.input.nights, record.roots, strict=False)]
        filters = _filters(record.roots, config)
        if filters.looks:
            _check_palette(config, filters)
        order = _order(record, filters, config, listeners, cancel)
        return carry_out(replace(order, channels=replace(order.channels, overrides=overrides, from_phase=from_phase)), record)


def _filters(roots: Sequence[Path], config: RunConfig) -> SessionFilters:
    """The filters of the session; none where it cannot be used, which its run will tell."""
    try:
        return look_at_filters(roots, config)
    except InputError:
        return SessionFilters(())


def _order(record: CombinationRecord, filters: SessionFilters, config: RunConfig, listeners: tuple[Listener, ...],
           cancel: threading.Event | None) -> Order:
    """The runs to make: those that the record knows, and those of filters that can be stacked now."""
    runs, name = record.directory.parent, record.directory.name
    known = {e.channel: e for e in record.channels}
    for look in filters.looks:
        entry = known.setdefault(look.channel, ChannelEntry(look.channel, look.filter))
        entry.lights, entry.object, entry.problem = look.lights, look.object, str(look.problem or "")
        entry.status = "left out" if look.problem is not None else entry.status
        if look.report is not None:
            entry.run = f"{name}-{look.channel}"
    record.channels = list(known.values())
    record.pixels_of = record.pixels_of or next((f.channel for f in filters.stacked), "")
    channels = [_channel(record, e, filters, config) for e in record.channels if e.run]
    told, refused = _told(filters)
    return Order(Channels(runs, name, channels), config.output.palette, config, told, refused, _missed(filters), listeners,
                 cancel)


def _check_palette(config: RunConfig, filters: SessionFilters) -> None:
    """ConfigError for a palette that the filters of the session do not make, those that cannot be stacked too."""
    palette = config.output.palette
    if filters.combinable and palette not in AS_TOLD:
        try:
            coefficients(palette, [f.channel for f in filters.looks])
        except ConfigError as error:
            raise ConfigError(f"output.{error.message}", error.remedy) from None


def _told(filters: SessionFilters) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Notes and warnings of what will be made; that nothing is combined is a warning."""
    if not filters.several:
        return (), tuple(filters.refused())
    return ((filters.told(),), tuple(filters.refused())) if filters.palette else ((), (filters.told(), *filters.refused()))


def _channel(record: CombinationRecord, entry: ChannelEntry, filters: SessionFilters, config: RunConfig) -> Channel:
    """A filter's run. A reference that is named is that of its own filter only; of nights those count that have the filter, or
    that the run was begun with."""
    settings = config.model_copy(deep=True)
    settings.input.filter = entry.filter
    settings.input.object = entry.object or config.input.object
    look = next((f for f in filters.stacked if f.channel == entry.channel), None)
    lights = look.report.session.lights if look is not None and look.report is not None else None
    if lights is not None and settings.registration.reference not in {i.path.name for i in lights}:
        settings.registration.reference = "auto"
    if not config.input.nights:
        return Channel(entry.channel, entry.filter, record.roots, settings)
    names = {n.name for n in (look.nights if look is not None else config.input.nights)}
    if is_begun(directory := record.directory.parent / entry.run):
        names = set(nights_of(directory))
    settings.input.nights = [n for n in config.input.nights if n.name in names]
    return Channel(entry.channel, entry.filter, tuple(n.path for n in settings.input.nights), settings)


def _missed(filters: SessionFilters) -> OrchestrateError | None:
    """An error where filters that cannot be stacked keep the others from the picture that they would make together."""
    if not filters.missed:
        return None
    spoilt = [f for f in filters.looks if f.problem is not None and f.channel in filters.missed]
    made = f"{filters.palette} was made" if filters.palette else "the others were stacked each"
    told = "; ".join(f"{f.filter}: {f.problem.message if f.problem else ''}" for f in spoilt)
    return InputError(f"There is no {filters.missed} picture, {made}: {told}", "Add frames and resume the run.")


def _dry_run(filters: SessionFilters, runs: Path, listeners: tuple[Listener, ...]) -> RunResult:
    """What would be stacked; nothing is written."""
    events = EventLog(None, listeners)
    notes, warnings = _told(filters)
    for line in notes:
        events.emit("note", message=line)
    for line in warnings:
        events.warning(line)
    counts = {f"{f.filter}: {role.value} frames": len(frames) for f in filters.stacked if f.report
              for role, frames in f.report.session.frames.items()}
    return RunResult("ok", ExitCode.OK, runs, statistics=counts, warnings=events.warnings)
