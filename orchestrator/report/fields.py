"""Report of a run with several fields of the sky: their pictures, with links to the report of each."""

from __future__ import annotations

from pathlib import Path

from orchestrator.report import images, sections_run
from orchestrator.report.files import RunFiles
from orchestrator.report.model import Fact, Report, Section, Table
from orchestrator.report.sections_frames import Source
from orchestrator.report.wording import duration, number, percent, used_of_found
from orchestrator.rundir.combination_record import CombinationRecord

__all__ = ["collect_fields"]

STATUS: dict[str, str] = {**sections_run.STATUS, "incomplete": "some fields could not be stacked", "left out": "not stacked"}


def collect_fields(directory: Path, status: str, error: str) -> Report:
    """The report of several fields. Raises ConfigError if it was made by version 0.1, RunError if its record cannot be read."""
    files, record = RunFiles(directory), CombinationRecord.read(directory)
    source = Source(files, [], ("R", "G", "B"), top_down=True)
    sections = [_summary(record, status, error), _fields(record), sections_run.configuration(source),
                sections_run.provenance(source)]
    begun = next((str(a.get("started", "")) for a in record.attempts), "")
    ended = str(record.attempts[-1].get("ended", "")) if record.attempts else ""
    used, found = (sum(v or 0 for v in values) for values in ([e.frames_used for e in record.channels],
                                                              [e.lights for e in record.channels]))
    subtitle = (f"{', '.join(e.object or e.channel for e in record.channels)}; {used} of {found} frames used, "
                f"run of {begun.replace('T', ' ')[:16]} UTC")
    return Report(directory.resolve().name, str(directory.resolve()), status, error, begun, ended, (), [], sections,
                  [*files.warnings, *files.notes], subtitle=subtitle)


def _summary(record: CombinationRecord, status: str, error: str) -> Section:
    exposure = sum(e.exposure_s or 0 for e in record.channels)
    stacked = sum(e.status in ("ok", "validation_failed") for e in record.channels)
    facts = (Fact("Status", STATUS.get(status, status), error, "good" if status == "ok" else "bad"),
             Fact("Fields", f"{stacked} of {len(record.channels)}", "stacked of those found"),
             Fact("Integration", duration(exposure) if exposure else "–", "total of all fields"))
    previews = [(e.object or e.channel, record.directory.parent / e.run / "outputs" / "preview.png")
                for e in record.channels if e.run]
    pictures = (images.picture(path, name, f"The stack of {name}.") for name, path in previews if path.is_file())
    shown = tuple(p for p in pictures if p)
    return Section("summary", "Summary", "" if shown else "There is no image.", facts=facts, pictures=shown)


def _fields(record: CombinationRecord) -> Section:
    """One row per field; its name links to the report of its run."""
    rows = tuple((e.object or e.channel, used_of_found(e.frames_used, e.lights), duration(e.exposure_s) if e.exposure_s else "–",
                  number(e.fwhm_px), number(e.noise_adu), percent(e.information_kept), STATUS.get(e.status, e.status) or "–",
                  e.problem) for e in record.channels)
    links = {i: f"../../{e.run}/artifacts/report.html" for i, e in enumerate(record.channels)
             if e.run and (record.directory.parent / e.run).is_dir()}
    head = ("field", "frames", "exposure", "FWHM (px)", "noise (ADU)", "information kept", "status", "reason")
    marked = frozenset(i for i, e in enumerate(record.channels) if e.problem)
    return Section("channels", "Fields", "The fields do not touch. Each has its own run and its own report.", tables=(
        Table("Stacks", head, rows, "FWHM and noise are those of the stack.", marked, "failed", links),))
