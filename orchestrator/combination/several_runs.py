"""The directory above several runs, of filters or of fields: its record, log, result and report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from orchestrator.config.load import dump_config
from orchestrator.config.settings import RunConfig
from orchestrator.config.trust import remember
from orchestrator.errors import Cancelled, ConfigError, ExitCode, OrchestrateError
from orchestrator.io.atomic import whole_file
from orchestrator.io.json_files import plain
from orchestrator.message import Message
from orchestrator.pipeline.result import RunResult
from orchestrator.pipeline.runner import write_run_report
from orchestrator.rundir.combination_record import ChannelEntry, CombinationRecord
from orchestrator.rundir.listing import run_entry
from orchestrator.rundir.manifest import write_manifest
from orchestrator.rundir.record import now
from orchestrator.rundir.statistics import RunStatistics
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog, Listener

__all__ = ["begin", "finish", "move_roots", "overall_result", "record_part"]


def begin(record: CombinationRecord, config: RunConfig, notes: Sequence[str], warnings: Sequence[str],
          listeners: tuple[Listener, ...]) -> EventLog:
    """Record the start of an attempt with its settings; ``notes`` and ``warnings`` are the first lines of its log."""
    directory = record.directory
    with whole_file(directory / "config.yaml") as stream:
        stream.write(dump_config(config).encode("utf-8", "surrogateescape"))
    remember(directory / "config.yaml", config.model_dump(mode="json"))
    record.attempts.append({"started": now(), "status": "interrupted"})
    record.write()
    events = EventLog(directory / "logs" / "run_events.jsonl", listeners)
    events.emit("run_start", directory=str(directory), sessions=[str(r) for r in record.roots], attempt=len(record.attempts),
                kept=[])
    for line in notes:
        events.emit("note", message=line)
    for line in warnings:
        events.warning(line)
    return events


def move_roots(record: CombinationRecord, session: Sequence[str | Path]) -> None:
    """Set the folders of a session that was moved. ConfigError if they are not as many as before."""
    if len(session) != len(record.roots):
        raise ConfigError(Message("{directory} was made from {count} folders, {count2} are given.",
                                  directory=record.directory.name, count=len(record.roots), count2=len(session)),
                          Message("Give one --session for each of: {roots}.", roots=", ".join(map(str, record.roots))))
    record.roots = tuple(Path(s).expanduser().absolute() for s in session)


def record_part(entry: ChannelEntry, result: RunResult | None) -> None:
    """Record the result of one of the runs; without a result the entry is not changed."""
    if result is None:
        return
    found = run_entry(result.directory) if result.directory.is_dir() else None
    figures = found.statistics if found is not None else RunStatistics()
    entry.status, entry.problem = result.status, str(result.error or "")
    stack = result.stack_before_colours if result.error is None else None
    entry.stack = stack.name if stack is not None else ""
    entry.lights = figures.lights_found or entry.lights
    entry.frames_used, entry.exposure_s = figures.frames_used, figures.exposure_s
    entry.fwhm_px, entry.noise_adu, entry.information_kept = figures.fwhm_px, figures.noise_adu, figures.information_kept


def overall_result(record: CombinationRecord, results: Mapping[str, RunResult], products: Mapping[str, Path],
                   trouble: OrchestrateError | None, lost: OrchestrateError | None, statistics: RunStatistics,
                   context: RunContext) -> RunResult:
    """One result for all runs, with the worst of their statuses.

    Parameters
    ----------
    trouble : a cancellation, or what went wrong apart from the runs. lost : what could not be made of them from the beginning.
    """
    failed = {c: r.error for c, r in results.items() if r.error is not None}
    good = [r for r in results.values() if r.error is None or r.status == "incomplete"]
    error = trouble or lost
    if trouble is None and failed:
        channel, first = next(iter(failed.items()))
        which = Message("{failed} could not be stacked: ",
                        failed=", ".join(failed)) if len(failed) > 1 else Message("{channel} could not be stacked: ",
                                                                                              channel=channel)
        error = OrchestrateError(f"{which}{first.message if first else ''}", first.remedy if first else "")
        error.exit_code = first.exit_code if first else ExitCode.FAILED
    status, code = "ok", ExitCode.OK
    if isinstance(error, Cancelled):
        status, code = "aborted", ExitCode.CANCELLED
    elif error is not None:
        status, code = "incomplete" if good else "failed", error.exit_code
    elif any(r.status == "validation_failed" for r in good):
        status, code = "validation_failed", ExitCode.VALIDATION_FAILED
    files = {f"{name}_{c}": path for c, r in results.items() for name, path in r.products.items()} | dict(products)
    warnings = [*context.events.warnings, *(Message("{name}: {text}", name=c, text=w)
                                           for c, r in results.items() for w in r.warnings)]
    return RunResult(status, code, record.directory, files, statistics, warnings, None, error,
                     tuple(p for r in results.values() for p in r.ran), dict(results))


def finish(record: CombinationRecord, result: RunResult, context: RunContext) -> None:
    """Write record, manifest and report, as for a single run."""
    record.attempts[-1] |= {"ended": now(), "status": result.status}
    record.write()
    if result.error is not None:
        context.events.emit("error", message=result.error.message, remedy=result.error.remedy)
    write_manifest(record.directory, record.attempts, result, {
        "inputs": {"sessions": [str(r) for r in record.roots]}, "combines": [e.run for e in record.channels if e.run],
        "statistics": result.statistics.to_dict()})
    write_run_report(context, result)
    context.events.phase = ""
    context.events.emit("run_end", status=result.status, exit_code=int(result.exit_code), products=plain(result.products),
                        statistics=result.statistics.to_dict())
