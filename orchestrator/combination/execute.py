"""Execution of a combination in its folder: the runs of its channels, then one image from their stacks."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestrator.combination.channels import ChannelRuns, stack_channels
from orchestrator.combination.palettes import AUTO, Palette, auto_palette, coefficients, palette_name
from orchestrator.combination.picture import stack_of, write_picture
from orchestrator.combination.several_runs import begin, finish, overall_result, record_part
from orchestrator.config.settings import RunConfig
from orchestrator.errors import Cancelled, ConfigError, OrchestrateError
from orchestrator.message import Message
from orchestrator.pipeline.result import RunResult
from orchestrator.pipeline.runner import disk_trouble
from orchestrator.rundir import directory as run_directory
from orchestrator.rundir.combination_record import CombinationRecord
from orchestrator.rundir.statistics import FilterStatistics, RunStatistics
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import Listener
from orchestrator.runtime.logs import run_log
from orchestrator.runtime.resources import open_resources

__all__ = ["IMPLICIT_PALETTES", "CombinationPlan", "execute_combination"]

logger = logging.getLogger(__name__)

PHASE = "COMBINATION"
# Palettes that name no channels: the first that matches the stacks, and no combination.
IMPLICIT_PALETTES = ("auto", "none")


@dataclass(frozen=True)
class CombinationPlan:
    """The runs and the palette of a combination. ``notes`` and ``warnings`` are logged at the start; ``lost`` is the error if the
    palette is lost because some filters cannot be stacked, else None."""

    channels: ChannelRuns
    palette: Palette
    config: RunConfig
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    lost: OrchestrateError | None = None
    listeners: tuple[Listener, ...] = field(default=())
    cancel: threading.Event | None = None


def execute_combination(plan: CombinationPlan, record: CombinationRecord) -> RunResult:
    """Stack the channels that are not finished and combine all, in a folder that is already locked."""
    try:
        with open_resources(plan.config) as resources, run_log(record.directory / "logs"):
            return _execute(plan, record, resources.budget, resources.workers)
    except OSError as error:
        raise disk_trouble(error, record.directory) from error


def _execute(plan: CombinationPlan, record: CombinationRecord, budget: int, workers: int) -> RunResult:
    started, directory = time.monotonic(), record.directory
    events = begin(record, plan.config, plan.notes, plan.warnings, plan.listeners)
    results = stack_channels(plan.channels, record.pixels_of, events, plan.listeners, plan.cancel)
    stacked = {c: r for c, r in results.items() if r.error is None}
    record.pixels_of = next(iter(stacked), record.pixels_of)
    logger.info("Channels stacked: %s (%d of %d), pixel grid of %s", ", ".join(stacked) or "none", len(stacked), len(results),
                record.pixels_of)
    for entry in record.channels:
        record_part(entry, results.get(entry.channel))
    record.write()
    context = RunContext(plan.config, directory, events, budget, workers, plan.cancel or threading.Event())
    events.phase = PHASE
    products: dict[str, Path] = {}
    trouble: OrchestrateError | None = next((r.error for r in results.values() if isinstance(r.error, Cancelled)), None)
    if trouble is None:
        try:
            products = _combined(plan, record, stacked, context)
        except OrchestrateError as error:
            trouble = error
    result = overall_result(record, results, products, trouble, plan.lost, _statistics(record), context)
    result.statistics.seconds = round(time.monotonic() - started, 1)
    finish(record, result, context)
    if not plan.config.runtime.keep_work:
        run_directory.remove_work(directory)
    return result


def _combined(plan: CombinationPlan, record: CombinationRecord, stacked: Mapping[str, RunResult], context: RunContext
              ) -> dict[str, Path]:
    """Files of the combined image; none if the stacks cannot be combined, with the reason in the record."""
    record.combined, record.why, record.factors = "", "", {}
    record.crop, record.cores, record.core_pixels = [], 0, 0
    for entry in record.channels:
        entry.factor = entry.offset_adu = entry.sky_adu = entry.stars = entry.ceiling_adu = entry.levelled_adu = None
    context.events.emit("phase_start")
    began = time.monotonic()
    try:
        factors = _factors(plan.palette, stacked)
    except ConfigError as error:
        factors, record.why = {}, error.message
        logger.info("The stacks are not combined: %s", error.message)
    products: dict[str, Path] = {}
    if factors:
        channels = {c for f in factors.values() for c in f}
        record.combined = palette_name(plan.palette, list(stacked))
        record.factors = factors
        logger.info("Combination of the stacks as %s", record.combined)
        products = write_picture(record, {c: r for c, r in stacked.items() if c in channels}, factors, plan.config, context)
    for stale in ("stacked_rgb.fits", "stacked_rgb_pcc.fits", "preview.png", "preview.tif", "preview_annotated.png"):
        if context.outputs / stale not in products.values():  # from an earlier attempt with another palette
            (context.outputs / stale).unlink(missing_ok=True)
    context.events.emit("phase_end", status="ok" if factors else "skipped", seconds=round(time.monotonic() - began, 3),
                        summary={"why": record.why, "combined": record.combined})
    return products


def _factors(palette: Palette, stacked: Mapping[str, RunResult]) -> dict[str, dict[str, float]]:
    """The factors of the palette. Raises ConfigError if the stacks do not match it."""
    if len(stacked) < 2:
        raise ConfigError("fewer than two stacks are available")
    if coloured := [c for c, r in stacked.items() if stack_of(r).name.startswith("stacked_rgb")]:
        raise ConfigError(Message("{coloured}: stacks of a colour camera are already in colour", coloured=", ".join(coloured)))
    if palette == "none":
        raise ConfigError("output.palette is none")
    if palette == "auto" and not auto_palette(stacked):
        raise ConfigError(Message("there is no palette for {stacked} (known: {auto})", stacked=", ".join(stacked),
                                  auto=", ".join(AUTO)))
    return coefficients(palette, list(stacked))


def _statistics(record: CombinationRecord) -> RunStatistics:
    """The figures of all filters together, and those of each."""
    runs = [e for e in record.channels if e.run]
    exposures = [e.exposure_s for e in runs if e.exposure_s]
    figures = RunStatistics(
        filters={e.channel: FilterStatistics(
            filter=e.filter, status=e.status, problem=e.problem, lights_found=e.lights, frames_used=e.frames_used,
            exposure_s=e.exposure_s, fwhm_px=e.fwhm_px, noise_adu=e.noise_adu) for e in record.channels},
        combined_as=record.combined or None, not_combined_because=None if record.combined else record.why or "not yet",
        lights_found=sum(e.lights for e in runs), frames_used=sum(e.frames_used or 0 for e in runs),
        exposure_s=round(sum(exposures), 1) if exposures else None)
    if record.colours and not record.colours["declined"]:
        figures.set_colours(record.colours)
    elif record.colours:
        figures.colours_declined = str(record.colours.get("declined"))
    return figures
