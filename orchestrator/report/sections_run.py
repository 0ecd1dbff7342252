"""Sections on the run as a whole: summary, timeline, colours, plate solve, validation, settings, versions."""

from __future__ import annotations

import os
import shlex
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestrator.report import images
from orchestrator.report.before_after import before_after_pictures
from orchestrator.report.check_words import CRITERIA, LOWER_LIMITS
from orchestrator.report.files import RunFiles
from orchestrator.report.methods_text import methods_paragraph
from orchestrator.report.model import Fact, Figure, Section, Table
from orchestrator.report.options import options_of
from orchestrator.report.phase_words import phase_words
from orchestrator.report.resources import resource_figures, resource_table
from orchestrator.report.sections_frames import Source
from orchestrator.report.verdict import next_steps, verdict
from orchestrator.report.wording import colour_source, duration, finite, label, median, number, percent

__all__ = ["astrometry", "colour", "configuration", "methods", "provenance", "repeat_command", "summary", "timeline",
           "validation"]

STATUS = {"ok": "finished", "validation_failed": "finished, but a validation threshold was missed", "aborted": "cancelled",
          "failed": "failed", "unfinished": "not finished: the process was killed or crashed", "running": "still running"}

# Files left out that the summary lists.
MOST_LEFT_OUT = 30


def summary(source: Source, status: str, error: str) -> Section:
    files, used = source.files, [r for r in source.rows if r.kept]
    lights = [r for r in source.rows if r.exposure is not None or r.kept]
    found = sum(r.exposure or 0 for r in lights)
    kept = sum(r.exposure or 0 for r in used)
    checks = files.json("validation")
    facts = [Fact("Status", STATUS.get(status, status), error, "good" if status == "ok" else "bad"),
             Fact("Integration", duration(kept) if kept else "–", f"of {duration(found)} taken" if found else ""),
             Fact("Frames", f"{len(used)} of {len(source.rows)}", "used of those found")]
    before = median(r.fwhm for r in used)
    after, plain = finite(checks.get("fwhm_px")), finite(checks.get("fwhm_plain_mean_px"))
    facts.append(Fact("FWHM", f"{number(before)} → {number(after, 'px')}",
                      f"median frame to stack, both in pixels of a frame; the plain mean has {number(plain, 'px')}"
                      + _arcsec(files.json("astrometry"), after)))
    one = median(v for r in used for v in (r.noise or []))
    facts.append(Fact("Noise", f"{number(one)} → {number(checks.get('noise_adu'), 'ADU')}", "median frame to stack"))
    facts.append(Fact(_heading("information_kept"), percent(checks.get("information_kept")),
                      f"equivalent to {number(checks.get('equivalent_frames'))} optimally weighted frames"))
    took = _took(files.phases)
    facts.append(Fact("Run time", duration(took), f"by the {files.json('calibration').get('engine', '–')} engine"))
    pictures = images.previews(files, "The stacked image, stretched for display.")
    left = [r for r in source.rows if not r.kept]
    reasons = tuple((r.file, r.reason or "unknown") for r in left[:MOST_LEFT_OUT])
    more = f"{len(left) - MOST_LEFT_OUT} more are in the table of the frames." if len(left) > MOST_LEFT_OUT else ""
    tables = (Table("Files left out", ("file", "reason"), reasons, more),) if left else ()
    tables = (*_nights(files), *_calibration_groups(files), *tables)
    lead = verdict(source, status) + ("" if pictures else " There is no image.")
    return Section("summary", "Summary", lead, facts=tuple(facts), pictures=pictures, tables=tables,
                   before_after=before_after_pictures(files) if pictures else (), steps=next_steps(source, status, error))


def _nights(files: RunFiles) -> tuple[Table, ...]:
    """Statistics of each night, for a run with several nights."""
    rows = tuple((str(n.get("name")), f"{n.get('used')} of {n.get('lights')}", number(n.get("fwhm_px")),
                  number(n.get("background_adu")), number(n.get("noise_adu")), number(n.get("transparency")),
                  percent(n.get("share")), str(n.get("stack") or "–"))
                 for n in files.json("nights").get("nights", []))
    head = ("night", "frames", "FWHM (px)", "sky (ADU)", "noise (ADU)", "transparency", "share of the weight", "night stack")
    return (Table("Nights", head, rows, "Medians over the frames of each night."),) if rows else ()


def _calibration_groups(files: RunFiles) -> tuple[Table, ...]:
    """The calibration groups with the numbers of their frames, if there are several or darks are scaled."""
    found = [g for g in files.json("scan_input").get("calibration") or [] if g.get("lights")]
    if len(found) == len({g.get("session") for g in found}) and all(g.get("dark_ratio") in (None, 1) for g in found):
        return ()

    def count(group: dict[str, Any], role: str) -> str:
        return "master" if role in group.get("masters", {}) else str(len(group.get("frames", {}).get(role, [])) or "–")

    rows = tuple((" ".join(str(g.get(k) or "") for k in ("session", "name")).strip(), str(len(g["lights"])),
                  *(count(g, role) for role in ("dark", "bias", "flat", "darkflat")), number(g.get("dark_ratio")))
                 for g in found)
    head = ("group", "lights", "darks", "biases", "flats", "dark-flats", "factor of the dark current")
    return (Table("Calibration groups", head, rows, "Lights of each group are calibrated with their own masters."),)


def _arcsec(solved: dict[str, Any], fwhm: float | None) -> str:
    scale = finite(solved.get("scale_arcsec_px"))
    return f"; {number(fwhm * scale, '″')} on the sky" if scale and fwhm else ""


def _took(phases: list[dict[str, Any]]) -> float:
    return sum(finite(p.get("seconds")) or 0.0 for p in phases)


def timeline(source: Source) -> Section:
    phases = source.files.phases
    if not phases:
        return Section("timeline", "Timeline", missing="The run has no event log.")
    bars = [{"name": phase_words(p["phase"]), "seconds": finite(p.get("seconds")) or 0.0, "status": p["status"]} for p in phases]
    total = _took(phases)
    slowest = max(bars, key=lambda b: b["seconds"])
    rows = tuple((phase_words(p["phase"]), p["phase"], str(p["status"]), duration(p.get("seconds")),
                  number(p.get("memory_mib"), "MiB", 4), _clock(p.get("began")), str(p["summary"].get("why", "")))
                 for p in phases)
    alt = f"{len(phases)} phases took {duration(total)}; the longest was {slowest['name']} with {duration(slowest['seconds'])}."
    figures = (Figure("bars", "Time of each phase", alt, {"bars": bars, "unit": "s"}), *resource_figures(source.files))
    return Section("timeline", "Timeline", alt, figures=figures, tables=(
        Table("Phases", ("step", "phase", "status", "time", "memory at most", "start (UTC)", "remark"), rows),
        *resource_table(source.files)))


def _clock(text: Any) -> str:
    try:
        return f"{datetime.fromisoformat(str(text)):%H:%M:%S}"
    except ValueError:
        return "–"


def colour(source: Source) -> Section:
    found = source.files.json("pcc")
    if not found or found.get("declined"):
        why = f"The colours were not calibrated: {found['declined']}." if found else source.absent("PCC")
        return Section("colour", "Colour calibration", missing=why)
    if found.get("method") == "dual_band":
        talk = found["crosstalk"]
        lines = tuple((name, percent(talk.get(f"{key}_of_ha", 1.0)), percent(talk.get(f"{key}_of_oiii", 1.0)))
                      for name, key in (("R", "red"), ("G", "green"), ("B", "blue")))
        return Section("colour", "Colour calibration", str(found["summary"]), tables=(
            Table("Response to the lines", ("channel", "H-alpha, relative to red", "[O III], relative to green"), lines),))
    gains, errors = found.get("gains") or [], found.get("gain_errors") or []
    sky = found.get("background_adu") or []
    errors = [errors[0], 0.0, errors[1]] if len(errors) == 2 else errors
    rows = tuple((name, number(gains[i]) if i < len(gains) else "–", number(errors[i]) if i < len(errors) else "–",
                  number(sky[i], "ADU") if i < len(sky) else "–") for i, name in enumerate(("R", "G", "B")))
    facts = (Fact("Source", colour_source(found)),
             Fact("Stars", f"{number(found.get('stars_used'))} of {number(found.get('stars_measured'))}",
                  "used of those measured"),
             Fact("Scatter", " / ".join(number(s) for s in found.get("scatter_mag") or []) or "–",
                  "mag, red and blue relative to green"),
             Fact("White", str(found.get("white_reference", "–"))))
    return Section("colour", "Colour calibration", str(found.get("summary") or ""), facts=facts,
                   tables=(Table("Channels", ("channel", "gain", "error", "sky before"), rows),))


def astrometry(source: Source) -> Section:
    found = source.files.json("astrometry")
    if finite(found.get("scale_arcsec_px")) is None:
        return Section("wcs", "Plate solve", missing=source.absent("ASTROMETRY"))
    field = found.get("field_deg") or []
    degrees = [number(found.get(k), "°", 6) for k in ("ra_deg", "dec_deg")]
    facts = [Fact("Centre", str(found.get("centre", "–")), ", ".join(degrees)),
             Fact("Scale", number(found.get("scale_arcsec_px"), "″/px", 5)),
             Fact("Field", " × ".join(number(v, "°") for v in field) or "–"),
             Fact("Rotation", number(found.get("rotation_deg"), "°", 4), str(found.get("parity") or "")),
             Fact("Solved by", str(found.get("solver", "–")), f"{number(found.get('stars'))} stars detected")]
    checked = found.get("verification") or {}
    if checked:
        facts.append(Fact("Checked", f"{number(checked.get('matched'))} of {number(checked.get('catalog_stars'))} catalog stars",
                          f"{number(checked.get('rms_px'), 'px')} rms, {checked.get('against', '')}",
                          "good" if checked.get("ok") else "bad"))
    if finite(found.get("hint_off_deg")) is not None:
        facts.append(Fact("Header error", number(found["hint_off_deg"], "°"), "offset of the pointing in the headers"))
    attempts = tuple((str(a.get("solver", a.get("name", "–"))),
                      ", ".join(f"{_readable(k)} {_text(v)}" for k, v in a.items()
                                if k not in ("solver", "name") and v not in (None, "")))
                     for a in found.get("attempts") or [] if isinstance(a, dict))
    tables = (Table("Attempts", ("solver", "result"), attempts),) if attempts else ()
    return Section("wcs", "Plate solve", str(found.get("why") or ""), facts=tuple(facts), tables=tables)


def _readable(key: Any) -> str:
    return str(key).replace("_arcsec_px", " (arcsec/px)").replace("_deg", " (deg)").replace("_px", " (px)").replace("_", " ")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if finite(value) is not None:
        return number(value, digits=5)
    if isinstance(value, list):
        return ", ".join(_text(v) for v in value)
    return str(value)


def validation(source: Source) -> Section:
    found = source.files.json("validation")
    if not found:
        return Section("validation", "Validation", missing=source.absent("VALIDATION"))
    fwhm, plain = finite(found.get("fwhm_px")), finite(found.get("fwhm_plain_mean_px"))
    criteria = [c for c in found.get("criteria") or [] if isinstance(c, dict)]
    rows = [_criterion(c) for c in criteria]
    marked = {i for i, c in enumerate(criteria) if c.get("failed")}
    failed = found.get("failed") or []
    lead = ("Failed: " + "; ".join(map(str, failed)) + "." if failed else
            "The stack was compared with the plain mean of the same frames; all thresholds are met.")
    return Section("validation", "Validation", lead,
                   facts=(Fact(_heading("fwhm_px"), number(fwhm, "px")),
                          Fact(_heading("plain_mean_fwhm_px"), number(plain, "px")),
                          Fact(_heading("noise_adu"), number(found.get("noise_adu"), "ADU")),
                          Fact(_heading("information_kept"), percent(found.get("information_kept")),
                               f"measured; {percent(found.get('information_kept_model'))} by the model of the weights"),
                          Fact("Equivalent frames", number(found.get("equivalent_frames")))),
                   tables=(Table("Thresholds", ("criterion", "measured", "threshold", "result"), tuple(rows),
                                 marked=frozenset(marked), mark="failed"),))


def _criterion(found: dict[str, Any]) -> tuple[str, ...]:
    """A row of the table of thresholds."""
    value, name = finite(found.get("value")), str(found.get("name"))
    result = "failed" if found.get("failed") else "not measured" if value is None else "passed"
    sign = "≥" if name in LOWER_LIMITS else "≤"
    return CRITERIA.get(name, name), number(value), f"{sign} {number(found.get('limit'))}", result


def _heading(field: str) -> str:
    """The label of a field of the statistics with an initial capital."""
    name = label(field)
    return name[0].upper() + name[1:]


def configuration(source: Source) -> Section:
    config = source.files.config
    if not config:
        return Section("configuration", "Settings", missing="The run has no config.yaml.")
    options = options_of(config, source.files.phases)
    changed = [o for o in options if o["changed"]]
    marked = frozenset(i for i, o in enumerate(options) if o["changed"])
    rows = tuple((o["option"], _value(o["value"]), _value(o["default"]), o["did"]) for o in options)
    lead = (f"{len(changed)} of {len(options)} settings differ from their defaults: "
            + ", ".join(f"{o['option']} = {_value(o['value'])}" for o in changed[:12]) + "." if changed else
            "All settings have their default values.")
    return Section("configuration", "Settings", lead, tables=(
        Table("Settings and their effect", ("setting", "value", "default", "effect"), rows,
              "Settings that differ from their default are marked.", marked),))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "none" if value is None else str(value)


def methods(source: Source) -> Section:
    text = methods_paragraph(source.files)
    return Section("methods", "For a publication", text, "" if text else "The run did not finish.")


def repeat_command(source: Source) -> str:
    """The command that repeats the run: the same sessions with the effective configuration."""
    files = source.files
    started: list[Any] = next((e.get("sessions", []) for e in files.events if e["event"] == "run_start"), [])
    sessions: list[Any] = files.manifest.get("inputs", {}).get("sessions") or files.json("scan_input").get("folders") or started
    if not sessions:
        return ""
    config = source.files.directory.resolve() / "config.yaml"
    # The working directory of the original command is unknown: absolute paths work everywhere.
    words = ["orchestrate", "run", *(os.path.abspath(s) if Path(s).is_dir() else str(s) for s in map(str, sessions)),  # noqa: PTH100
             "--config", str(config)]
    return shlex.join(words)


def provenance(source: Source) -> Section:
    manifest = source.files.manifest
    versions = manifest.get("versions") or {}
    rows = tuple((str(k), _value(v)) for k, v in versions.items())
    outputs = tuple((name, str(o.get("path", "")), str(o.get("sha256", "")))
                    for name, o in (manifest.get("outputs") or {}).items() if isinstance(o, dict))
    tables = tuple(t for t in (Table("Versions", ("program", "version"), rows),
                               Table("Output files", ("product", "file", "SHA-256"), outputs)) if t.rows)
    lead = "" if manifest else "The run has no manifest: it did not finish."
    return Section("provenance", "Versions and output files", lead, tables=tables, code=repeat_command(source))
