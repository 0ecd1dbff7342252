"""From a run's files to a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from orchestrator.report import sections_frames, sections_run, sections_tiles
from orchestrator.report.combination import collect_combination
from orchestrator.report.files import RunFiles
from orchestrator.report.frames import frame_rows
from orchestrator.report.images import thumbnail_uri
from orchestrator.report.model import Report
from orchestrator.report.noise_vs_frames import growth
from orchestrator.report.sections_frames import Source
from orchestrator.report.wording import finite
from orchestrator.rundir.combination_record import is_combination

__all__ = ["collect"]


def collect(directory: Path) -> Report:
    """Everything that the files of a run tell, whether it ended well or not.

    Raises InputError when the folder holds no run. What is missing or broken in it becomes a line in the report.
    """
    files = RunFiles(directory)
    if is_combination(directory):
        return collect_combination(directory, *_end(files))
    prewarp = files.json("prewarp")
    channels = tuple(str(c) for c in prewarp.get("channels", []))
    source = Source(files, frame_rows(files), channels, bool(files.json("registration").get("top_down", True)), _aspect(prewarp))
    status, error = _end(files)
    sections = [
        sections_run.summary(source, status, error), sections_run.timeline(source), sections_frames.normalization(source),
        sections_frames.metrics(source), sections_frames.stars(source), sections_frames.registration(source),
        sections_tiles.tiles(source), sections_tiles.usage(source), sections_tiles.coverage(source),
        sections_frames.clusters(source), sections_tiles.background(source), sections_run.colour(source),
        sections_run.astrometry(source), sections_run.validation(source), growth(source), sections_run.configuration(source),
        sections_run.provenance(source)]
    logged = [e.get("message", "") for e in files.events if e["event"] == "warning"]
    warnings = [str(w) for w in dict.fromkeys(files.manifest.get("warnings") or logged)]
    start = next((str(e.get("time", "")) for e in files.events if e["event"] == "run_start"), "")
    end = str(files.events[-1].get("time", "")) if files.events else ""
    return Report(directory.resolve().name, str(directory.resolve()), status, error, start, end, channels, source.rows, sections,
                  [*warnings, *files.notes], _thumbnails(source))


def _aspect(prewarp: dict[str, Any]) -> float:
    shape = [finite(v) for v in prewarp.get("canvas_shape", [])]
    return shape[1] / shape[0] if len(shape) == 2 and shape[0] and shape[1] else 1.0


def _end(files: RunFiles) -> tuple[str, str]:
    """How the run ended, and its error."""
    if files.manifest:
        return str(files.manifest.get("status", "unfinished")), str(files.manifest.get("error") or "")
    for event in reversed(files.events):
        if event["event"] == "run_end":
            return str(event.get("status")), ""
        if event["event"] == "error":
            return "failed", f"{event.get('message', '')} {event.get('remedy', '')}".strip()
    return "unfinished", ""


def _thumbnails(source: Source) -> list[str]:
    """One picture a light, in the order of the rows; "" where there is none."""
    pictures = source.files.array("thumbnails", 3)
    if pictures is None or str(pictures.dtype) != "uint8" or len(pictures) > len(source.rows):
        return [""] * len(source.rows)
    found = [thumbnail_uri(p, source.top_down) for p in pictures]
    return found + [""] * (len(source.rows) - len(found))
