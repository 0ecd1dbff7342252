"""Collects a report from the files of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from orchestrator.report import sections_checks, sections_frames, sections_run, sections_tiles
from orchestrator.report.combination import collect_combination
from orchestrator.report.fields import collect_fields
from orchestrator.report.files import RunFiles
from orchestrator.report.frames import frame_rows
from orchestrator.report.images import thumbnail_uri
from orchestrator.report.model import Report
from orchestrator.report.noise_vs_frames import noise_vs_frames
from orchestrator.report.sections_frames import Source
from orchestrator.report.sections_mosaic import mosaic_section
from orchestrator.report.shown import frames_shown
from orchestrator.report.verdict import target_and_device
from orchestrator.report.wording import finite
from orchestrator.rundir.combination_record import CombinationRecord, is_combination

__all__ = ["collect"]


def collect(directory: Path) -> Report:
    """The report of a run, also of one that failed.

    Raises InputError if the folder is not a run directory, ConfigError for a run of version 0.1. A missing or damaged file
    becomes a line in the report.
    """
    files = RunFiles(directory)
    _ = files.statistics  # refuses runs of version 0.1
    if is_combination(directory):
        several = collect_fields if CombinationRecord.read(directory).of == "fields" else collect_combination
        return several(directory, *_end(files))
    prewarp = files.json("prewarp")
    channels = tuple(str(c) for c in prewarp.get("channels", []))
    rows = frame_rows(files)
    source = Source(files, rows, channels, bool(files.json("registration").get("top_down", True)), _aspect(prewarp),
                    tuple(frames_shown(rows)))
    status, error = _end(files)
    sections = [
        sections_run.summary(source, status, error), sections_checks.checks(source), sections_run.timeline(source),
        sections_frames.normalization(source), sections_frames.metrics(source), sections_frames.stars(source),
        sections_frames.registration(source), *mosaic_section(source),
        sections_tiles.tiles(source), sections_tiles.usage(source), sections_tiles.coverage(source),
        sections_frames.clusters(source), sections_tiles.background(source), sections_run.colour(source),
        sections_run.astrometry(source), sections_run.validation(source), noise_vs_frames(source),
        sections_run.configuration(source), sections_run.methods(source), sections_run.provenance(source)]
    start = next((str(e.get("time", "")) for e in files.events if e["event"] == "run_start"), "")
    end = str(files.events[-1].get("time", "")) if files.events else ""
    return Report(directory.resolve().name, str(directory.resolve()), status, error, start, end, channels, source.rows, sections,
                  [*files.warnings, *files.notes], list(source.shown), _thumbnails(source),
                  title=target_and_device(files.json("scan_input")))


def _aspect(prewarp: dict[str, Any]) -> float:
    shape = [finite(v) for v in prewarp.get("canvas_shape", [])]
    return shape[1] / shape[0] if len(shape) == 2 and shape[0] and shape[1] else 1.0


def _end(files: RunFiles) -> tuple[str, str]:
    """Status and error of the run."""
    if files.manifest:
        return str(files.manifest.get("status", "unfinished")), str(files.manifest.get("error") or "")
    for event in reversed(files.events):
        if event["event"] == "run_end":
            return str(event.get("status")), ""
        if event["event"] == "error":
            return "failed", f"{event.get('message', '')} {event.get('remedy', '')}".strip()
    return "unfinished", ""


def _thumbnails(source: Source) -> list[str]:
    """A thumbnail of each frame shown; "" if there is none."""
    pictures = source.files.array("thumbnails", 3)
    if pictures is None or str(pictures.dtype) != "uint8" or len(pictures) > len(source.rows):
        return [""] * len(source.shown)
    return [thumbnail_uri(pictures[i], source.top_down) if i < len(pictures) else "" for i in source.shown]
