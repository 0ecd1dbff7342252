"""Report of a run with several filters: how they were combined, with links to the report of each filter."""

from __future__ import annotations

from pathlib import Path

from orchestrator.report import images, sections_run
from orchestrator.report.files import RunFiles
from orchestrator.report.model import Fact, Report, Section, Table
from orchestrator.report.sections_frames import Source
from orchestrator.report.wording import duration, number, percent
from orchestrator.rundir.combination_record import ChannelEntry, CombinationRecord

__all__ = ["collect_combination"]

STATUS: dict[str, str] = {**sections_run.STATUS, "incomplete": "some filters could not be stacked", "left out": "not stacked"}


def collect_combination(directory: Path, status: str, error: str) -> Report:
    """The report of a combination. Raises ConfigError if it was made by version 0.1, RunError if its record cannot be read."""
    files, record = RunFiles(directory), CombinationRecord.read(directory)
    source = Source(files, [], ("R", "G", "B"), top_down=True)
    sections = [_summary(files, record, status, error), _channels(record), _combined(record)]
    if record.colours:
        sections.append(sections_run.colour(source))
    sections += [sections_run.configuration(source), sections_run.provenance(source)]
    begun = next((str(a.get("started", "")) for a in record.attempts), "")
    ended = str(record.attempts[-1].get("ended", "")) if record.attempts else ""
    used = sum(c.frames_used or 0 for c in record.channels)
    subtitle = (f"{record.combined or 'Not combined'}: {', '.join(c.filter for c in record.channels)}; {used} of "
                f"{sum(c.lights for c in record.channels)} frames used, run of {begun.replace('T', ' ')[:16]} UTC")
    return Report(directory.resolve().name, str(directory.resolve()), status, error, begun, ended, (), [], sections,
                  [*files.warnings, *files.notes], subtitle=subtitle)


def _summary(files: RunFiles, record: CombinationRecord, status: str, error: str) -> Section:
    exposure = sum(c.exposure_s or 0 for c in record.channels)
    stacked = sum(bool(c.stack) for c in record.channels)
    facts = (Fact("Status", STATUS.get(status, status), error, "good" if status == "ok" else "bad"),
             Fact("Combined as", record.combined or "–", record.why),
             Fact("Filters", f"{stacked} of {len(record.channels)}", "stacked of those found"),
             Fact("Integration", duration(exposure) if exposure else "–", "total of all filters"))
    found = images.previews(files, "The combined image, stretched for display.")
    previews = [(c.filter, files.directory.parent / c.run / "outputs" / "preview.png") for c in record.channels if c.run]
    stacks = (images.picture(path, name, f"The stack of {name}.") for name, path in previews if path.is_file())
    pictures = (*found, *(p for p in stacks if p))
    return Section("summary", "Summary", "" if pictures else "There is no image.", facts=facts, pictures=pictures)


def _channels(record: CombinationRecord) -> Section:
    """One row per filter; its name links to the report of its run."""
    rows = tuple((c.filter, c.channel, _frames(c), duration(c.exposure_s) if c.exposure_s else "–", number(c.fwhm_px),
                  number(c.noise_adu), percent(c.information_kept), number(c.sky_adu), STATUS.get(c.status, c.status) or "–",
                  c.problem) for c in record.channels)
    links = {i: f"../../{c.run}/artifacts/report.html" for i, c in enumerate(record.channels)
             if c.run and (record.directory.parent / c.run).is_dir()}
    head = ("filter", "channel", "frames", "exposure", "FWHM (px)", "noise (ADU)", "information kept", "sky (ADU)", "status",
            "reason")
    pixels = next((c.filter for c in record.channels if c.channel == record.pixels_of), "")
    lead = f"All stacks are on the pixel grid of {pixels}. Each has its own run and its own report." if pixels else ""
    marked = frozenset(i for i, c in enumerate(record.channels) if c.problem)
    return Section("channels", "Filters", lead, tables=(Table(
        "Stacks", head, rows, "FWHM and noise are those of the stack; the sky background is that before the combination.", marked,
        "failed", links),))


def _frames(entry: ChannelEntry) -> str:
    return f"{entry.frames_used} of {entry.lights}" if entry.frames_used is not None else f"– of {entry.lights}"


def _combined(record: CombinationRecord) -> Section:
    if not record.factors:
        return Section("combination", "Combination", missing=f"The stacks were not combined: {record.why or 'not yet'}.")
    channels = list(dict.fromkeys(c for f in record.factors.values() for c in f))
    rows = tuple((colour, *(number(factors.get(c, 0.0)) for c in channels)) for colour, factors in record.factors.items())
    used = [c for c in record.channels if c.channel in channels]
    scales = tuple((f"{c.channel} ({c.filter})", c.stack, number(c.factor, digits=4), number(c.offset_adu, "ADU"),
                    number(c.ceiling_adu, "ADU"),
                    f"{c.stars} stars and the sky background, to the mean of R, G and B" if c.stars else
                    "sky background only (too few stars)" if c.offset_adu else "unchanged") for c in used)
    lead = ("Every pixel of the image is this linear combination of the pixels of the stacks. Each stack is first multiplied by "
            "its scale, then its offset is added.")
    if levelled := [f"{c.channel} ({number(c.levelled_adu, 'ADU')})" for c in used if c.levelled_adu is not None]:
        lead += f" The background of {', '.join(levelled)} was levelled with the sky positions of the other filters."
    if record.crop:
        x0, y0, x1, y1 = record.crop
        lead += f" The image shows columns {x0} to {x1 - 1} and rows {y0} to {y1 - 1} of the stacks (canvas.crop)."
    if record.cores:
        lead += (f" The cores of {record.cores} stars are clipped in some of the stacks: they and their rims "
                 f"({record.core_pixels} pixels) have the colour of the light around them, not that of the stacks.")
    return Section("combination", "Combination", lead,
                   tables=(Table("Scale and sky", ("channel", "stack", "scale", "offset", "clipped at", "matched by"), scales),
                           Table(f"Palette: {record.combined}", ("colour", *channels), rows)))
