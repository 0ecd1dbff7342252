"""Making a combination in its folder: the runs of its channels, then one picture of their stacks."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestrator.combination.channels import Channels, stack_channels
from orchestrator.combination.palettes import AUTO, Palette, auto_palette, coefficients, palette_name
from orchestrator.combination.picture import stack_of, write_picture
from orchestrator.config.load import dump_config
from orchestrator.config.settings import RunConfig
from orchestrator.errors import Cancelled, ConfigError, ExitCode, OrchestrateError
from orchestrator.io.atomic import whole_file
from orchestrator.io.json_files import plain, write_json
from orchestrator.pipeline.result import RunResult
from orchestrator.pipeline.runner import disk_trouble, write_run_report
from orchestrator.rundir import directory as run_directory
from orchestrator.rundir.combination_record import ChannelEntry, CombinationRecord
from orchestrator.rundir.listing import run_entry
from orchestrator.rundir.record import now
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog, Listener
from orchestrator.runtime.resources import working_with

__all__ = ["AS_TOLD", "Order", "carry_out"]

PHASE = "COMBINATION"
# Palettes that name no channels: whatever the stacks make, and nothing.
AS_TOLD = ("auto", "none")


@dataclass(frozen=True)
class Order:
    """What is to be made. ``notes`` and ``warnings`` are told at the beginning; ``missed`` is the error that
    filters which cannot be stacked spoil the picture, None where they do not matter."""

    channels: Channels
    palette: Palette
    config: RunConfig
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    missed: OrchestrateError | None = None
    listeners: tuple[Listener, ...] = field(default=())
    cancel: threading.Event | None = None


def carry_out(order: Order, record: CombinationRecord) -> RunResult:
    """Stack what is not stacked yet and combine anew, in a folder that is locked."""
    try:
        with working_with(order.config) as resources:
            return _carry_out(order, record, resources.budget, resources.workers)
    except OSError as error:
        raise disk_trouble(error, record.directory) from error


def _carry_out(order: Order, record: CombinationRecord, budget: int, workers: int) -> RunResult:
    started, directory = time.monotonic(), record.directory
    with whole_file(directory / "config.yaml") as stream:
        stream.write(dump_config(order.config).encode("utf-8", "surrogateescape"))
    record.attempts.append({"started": now(), "status": "interrupted"})
    record.write()
    events = EventLog(directory / "logs" / "run_events.jsonl", order.listeners)
    events.emit("run_start", directory=str(directory), sessions=[str(r) for r in record.roots], attempt=len(record.attempts),
                kept=[])
    for line in order.notes:
        events.emit("note", message=line)
    for line in order.warnings:
        events.warning(line)
    results = stack_channels(order.channels, record.pixels_of, events, order.listeners, order.cancel)
    stacked = {c: r for c, r in results.items() if r.error is None}
    record.pixels_of = next(iter(stacked), record.pixels_of)
    for entry in record.channels:
        _note(entry, results.get(entry.channel))
    record.write()
    context = RunContext(order.config, directory, events, budget, workers, order.cancel or threading.Event())
    events.phase = PHASE
    products: dict[str, Path] = {}
    trouble: OrchestrateError | None = next((r.error for r in results.values() if isinstance(r.error, Cancelled)), None)
    if trouble is None:
        try:
            products = _combined(order, record, stacked, context)
        except OrchestrateError as error:
            trouble = error
    result = _together(order, record, results, products, trouble, context)
    result.statistics["seconds"] = round(time.monotonic() - started, 1)
    _finish(record, result, context)
    if not order.config.runtime.keep_work:
        run_directory.remove_work(directory)
    return result


def _note(entry: ChannelEntry, result: RunResult | None) -> None:
    """What a channel's run came to; one that was not begun stays as it was."""
    if result is None:
        return
    found = run_entry(result.directory) if result.directory.is_dir() else None
    statistics = found.statistics if found is not None else {}
    entry.status, entry.problem = result.status, str(result.error or "")
    entry.stack = stack_of(result).name if result.error is None else ""
    entry.lights = int(statistics.get("lights found") or entry.lights)
    entry.frames_used, entry.exposure_s = statistics.get("frames used"), statistics.get("exposure of the lights (s)")
    entry.fwhm_px, entry.noise_adu = statistics.get("FWHM of the stack (px)"), statistics.get("noise of the stack (ADU)")
    entry.information_kept = _share(statistics.get("information kept"))


def _share(text: Any) -> float | None:
    """The number at the beginning of "0.998 (as 8.0 perfect frames of 8)"."""
    try:
        return float(str(text).split()[0])
    except (ValueError, IndexError):
        return None


def _combined(order: Order, record: CombinationRecord, stacked: Mapping[str, RunResult], context: RunContext) -> dict[str, Path]:
    """The combined picture's files; none where the stacks make no picture, and the record says why."""
    record.combined, record.why, record.factors = "", "", {}
    record.window, record.cores, record.core_pixels = [], 0, 0
    for entry in record.channels:
        entry.factor = entry.offset_adu = entry.sky_adu = entry.stars = entry.ceiling_adu = entry.levelled_adu = None
    context.events.emit("phase_start")
    began = time.monotonic()
    try:
        factors = _factors(order.palette, stacked)
    except ConfigError as error:
        factors, record.why = {}, error.message
    products: dict[str, Path] = {}
    if factors:
        channels = {c for f in factors.values() for c in f}
        record.combined = palette_name(order.palette, list(stacked))
        record.factors = factors
        products = write_picture(record, {c: r for c, r in stacked.items() if c in channels}, factors, order.config, context)
    for stale in ("stacked_rgb.fits", "stacked_rgb_pcc.fits", "preview.png", "preview.tif", "preview_annotated.png"):
        if context.outputs / stale not in products.values():  # of an earlier attempt with another palette
            (context.outputs / stale).unlink(missing_ok=True)
    context.events.emit("phase_end", status="ok" if factors else "skipped", seconds=round(time.monotonic() - began, 3),
                        summary={"why": record.why, "combined": record.combined})
    return products


def _factors(palette: Palette, stacked: Mapping[str, RunResult]) -> dict[str, dict[str, float]]:
    """Raises ConfigError where the stacks do not make the palette."""
    if len(stacked) < 2:
        raise ConfigError("there are not two stacks to combine")
    if coloured := [c for c, r in stacked.items() if stack_of(r).name.startswith("stacked_rgb")]:
        raise ConfigError(f"{', '.join(coloured)}: the stacks of a colour camera have colours of their own")
    if palette == "none":
        raise ConfigError("output.palette is none")
    if palette == "auto" and not auto_palette(stacked):
        raise ConfigError(f"no palette is known for {', '.join(stacked)} ({', '.join(AUTO)} are)")
    return coefficients(palette, list(stacked))


def _together(order: Order, record: CombinationRecord, results: dict[str, RunResult], products: dict[str, Path],
              trouble: OrchestrateError | None, context: RunContext) -> RunResult:
    """One result of all, with the worst of their ends."""
    failed = {c: r.error for c, r in results.items() if r.error is not None}
    good = [r for r in results.values() if r.error is None]
    error = trouble or order.missed
    if trouble is None and failed:
        channel, first = next(iter(failed.items()))
        told = f"{', '.join(failed)} could not be stacked: " if len(failed) > 1 else f"{channel} could not be stacked: "
        error = OrchestrateError(f"{told}{first.message if first else ''}", first.remedy if first else "")
        error.exit_code = first.exit_code if first else ExitCode.FAILED
    status, code = "ok", ExitCode.OK
    if isinstance(error, Cancelled):
        status, code = "aborted", ExitCode.CANCELLED
    elif error is not None:
        status, code = "incomplete" if good else "failed", error.exit_code
    elif any(r.status == "validation_failed" for r in good):
        status, code = "validation_failed", ExitCode.VALIDATION_FAILED
    statistics = _statistics(record)
    if record.colours:
        statistics["colours"] = record.colours.get("summary") or f"left as they are: {record.colours.get('declined')}"
    files = {f"{name}_{c}": path for c, r in results.items() for name, path in r.products.items()} | products
    warnings = [*context.events.warnings, *(f"{c}: {w}" for c, r in results.items() for w in r.warnings)]
    return RunResult(status, code, record.directory, files, statistics, warnings, None, error,
                     tuple(p for r in results.values() for p in r.ran), results)


def _statistics(record: CombinationRecord) -> dict[str, Any]:
    found: dict[str, Any] = {"filters": ", ".join(e.filter for e in record.channels),
                             "combined as": record.combined or f"nothing: {record.why or 'not yet'}"}
    runs = [e for e in record.channels if e.run]
    found["lights found"] = sum(e.lights for e in runs)
    found["frames used"] = sum(e.frames_used or 0 for e in runs)
    if exposures := [e.exposure_s for e in runs if e.exposure_s]:
        found["exposure of the lights (s)"] = round(sum(exposures), 1)
    for entry in runs:
        parts = [f"{entry.frames_used if entry.frames_used is not None else '–'} of {entry.lights} frames"]
        parts += [f"FWHM {entry.fwhm_px:.2f} px"] if entry.fwhm_px else []
        parts += [f"noise {entry.noise_adu:.1f} ADU"] if entry.noise_adu else []
        found[entry.channel] = ", ".join(parts) if not entry.problem else f"{entry.status}: {entry.problem}"
    return found


def _finish(record: CombinationRecord, result: RunResult, context: RunContext) -> None:
    """Record, manifest and report, as runs have them."""
    record.attempts[-1] |= {"ended": now(), "status": result.status}
    record.write()
    if result.error is not None:
        context.events.emit("error", message=result.error.message, remedy=result.error.remedy)
    write_json(record.directory / "manifest.json", {
        "status": result.status, "exit_code": int(result.exit_code), "error": str(result.error) if result.error else None,
        "started": record.attempts[-1]["started"], "ended": now(), "attempts": record.attempts,
        "versions": run_directory.versions(), "inputs": {"sessions": [str(r) for r in record.roots]},
        "combines": [e.run for e in record.channels if e.run], "statistics": result.statistics, "warnings": result.warnings,
        "outputs": {k: {"path": str(p.relative_to(record.directory)), "sha256": run_directory.file_hash(p)}
                    for k, p in result.products.items() if p.is_relative_to(record.directory) and p.exists()}})
    context.events.phase = ""
    write_run_report(context, result)
    context.events.emit("run_end", status=result.status, exit_code=int(result.exit_code), products=plain(result.products),
                        statistics=plain(result.statistics))
