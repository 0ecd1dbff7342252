"""Rendering of a report as a self-contained HTML page, JSON and Markdown."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import shlex
from dataclasses import asdict, dataclass, replace
from importlib import resources
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from orchestrator.io.json_files import as_text, plain
from orchestrator.report.model import Figure, FrameRow, Report, Section, Table
from orchestrator.report.wording import finite, mean, number
from orchestrator.version import __version__

__all__ = ["asset", "embedded_json", "page", "to_csv", "to_html", "to_json", "to_markdown"]

# Rows of other tables, and warnings, that a page and the Markdown show.
MOST_ROWS = 300
# Columns of the frame table: heading, field, digits.
COLUMNS = (("weight", "weight", 3), ("FWHM (px)", "fwhm", 3), ("wFWHM (px)", "wfwhm", 3), ("roundness", "roundness", 3),
           ("stars", "stars", 4), ("sky (ADU)", "background", 4), ("noise (ADU)", "noise", 3),
           ("transparency", "transparency", 3), ("residual (px)", "residual", 3), ("trails", "trails", 3))


def asset(name: str) -> str:
    return resources.files("orchestrator.report").joinpath("data", name).read_text(encoding="utf-8")


def embedded_json(content: Any) -> Markup:
    """JSON that cannot end the enclosing script element or start a comment in it."""
    text = json.dumps(plain(content), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def page(template: str, style: str, script: str, **content: Any) -> str:
    """Render a page whose content security policy only allows its own style and script and embedded images, and no network
    access."""
    environment = ImmutableSandboxedEnvironment(autoescape=True, trim_blocks=False, keep_trailing_newline=True)
    return environment.from_string(asset(template)).render(
        style=Markup(style), script=Markup(script), style_hash=_hash(style), script_hash=_hash(script),
        version=__version__, **content)


def to_html(report: Report) -> str:
    figures = [f for s in report.sections for f in s.figures]
    numbers = _Numbers(figures)
    contents = [(s.id, s.title) for s in report.sections]
    contents[1:1] = [("warnings", "Warnings")]
    if any(s.id == "timeline" for s in report.sections):
        contents[3:3] = [("frames", "Frames")]
    return page("report.html.j2", asset("report.css"), asset("report.js"), report=report, numbers=numbers, contents=contents,
                title=f"{report.title or report.name}: {report.status.replace('_', ' ')}", subtitle=_subtitle(report),
                columns=["number", "file", "used", *(c[0] for c in COLUMNS), "time (UTC)", "remark"],
                frame_table=[_table_row(report.frames[i], t) for i, t in zip(report.shown, report.thumbnails, strict=True)],
                most=MOST_ROWS, selection=_selection(report),
                payload=embedded_json({"frames": _columns([report.frames[i] for i in report.shown]), "channels": report.channels,
                                       "total": len(report.frames),
                                       "directory": shlex.quote(report.directory),
                                       "figures": [{"kind": f.kind, "data": f.data} for f in figures]}))


class _Numbers:
    """Numbers of figures, looked up by identity: figures contain dictionaries and cannot be hashed."""

    def __init__(self, figures: list[Figure]) -> None:
        self._place = {id(f): n for n, f in enumerate(figures)}

    def __getitem__(self, figure: Figure) -> int:
        return self._place[id(figure)]


def _subtitle(report: Report) -> str:
    if report.subtitle:
        return report.subtitle
    used = sum(r.kept for r in report.frames)
    started = report.started.replace("T", " ")[:16]
    name = f"{report.name}: " if report.title else ""
    return f"{name}{used} of {len(report.frames)} frames used" + (f", run of {started} UTC" if started else "")


def _selection(report: Report) -> str:
    """Which of the frames a page shows, "" if it shows all."""
    if len(report.shown) == len(report.frames):
        return ""
    return (f"{len(report.shown)} of the {len(report.frames)} frames are shown, here and in the plots: in each part of the "
            "session those with the smallest and the largest value of each quantity, and some of those left out. Medians, ranges "
            "and histograms are those of all frames. All are in frames.csv and report.json beside this file.")


@dataclass(frozen=True)
class _Cell:
    """A table cell; ``value`` is the sort key, None for text."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class _Row:
    kept: bool
    thumbnail: str
    cells: tuple[_Cell, ...]


def _table_row(row: FrameRow, thumbnail: str) -> _Row:
    cells = [_Cell(str(row.number), row.number), _Cell(row.file), _Cell("yes" if row.kept else "no")]
    for _, name, digits in COLUMNS:
        value = mean(getattr(row, name))
        cells.append(_Cell(number(value, digits=digits), value) if value is not None else _Cell("–"))
    when = (row.time or "").replace("T", " ")[:19]
    return _Row(row.kept, thumbnail, (*cells, _Cell(when), _Cell(row.reason)))


def _columns(rows: list[FrameRow]) -> dict[str, list[Any]]:
    """One list per field, with rounded numbers."""
    return {name: [_rounded(getattr(r, name)) for r in rows] for name in FrameRow.__dataclass_fields__ if name != "path"}


def _rounded(value: Any) -> Any:
    if isinstance(value, list):
        return [_rounded(v) for v in value]
    if isinstance(value, float):
        known = finite(value)
        return None if known is None else float(f"{known:.6g}")
    return value


def to_csv(report: Report) -> str:
    """All frames, one a line, for a spreadsheet; a quantity of several channels has one column for each."""
    names = [n for n in FrameRow.__dataclass_fields__ if n != "used_index"]
    several = {n for n in names if any(isinstance(getattr(r, n), list) for r in report.frames)}
    channels = report.channels if len(report.channels) > 1 else ("",)
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow([f"{n}_{c}".rstrip("_") for n in names for c in (channels if n in several else ("",))])
    for row in report.frames:
        cells: list[Any] = []
        for name in names:
            value = _rounded(getattr(row, name))
            one = value if isinstance(value, list) else [value] * (len(channels) if name in several else 1)
            cells += ["" if v is None else v for v in one]
        out.writerow(cells)
    return text.getvalue()


def to_json(report: Report) -> str:
    """All numbers, without images; maps are in the arrays and FITS files of the run."""
    content = asdict(replace(report, frames=[]))
    content["frames"] = [vars(row) for row in report.frames]
    del content["thumbnails"], content["shown"]
    for section in content["sections"]:
        for images in ("pictures", "before_after"):
            section[images] = [{k: v for k, v in p.items() if k != "uri"} for p in section[images]]
        section["figures"] = [{k: v for k, v in f.items() if k != "data"} for f in section["figures"]]
        for table in section["tables"]:
            table["marked"] = sorted(table["marked"])
    return as_text(plain({"schema": 1, **content}))


def to_markdown(report: Report) -> str:
    """The report as plain text, for a terminal or a forum."""
    lines = [f"# {_md(report.title or report.name)}: {report.status.replace('_', ' ')}", "", _subtitle(report), ""]
    for section in report.sections:
        lines += _markdown_section(section)
        if section.id == "summary":
            warnings = [f"- {_md(w)}" for w in report.warnings[:MOST_ROWS]] or ["None."]
            lines += ["## Warnings", "", *warnings, *_more(len(report.warnings)), ""]
        if section.id == "timeline" and report.frames:
            head = ("number", "file", "used", *(c[0] for c in COLUMNS), "time (UTC)", "remark")
            rows = tuple(tuple(c.text for c in _table_row(report.frames[i], "").cells) for i in report.shown)
            lines += ["## Frames", "", *filter(None, [_selection(report)]), *_markdown_table(Table("", head, rows)), ""]
    return "\n".join(lines)


def _markdown_section(section: Section) -> list[str]:
    lines = [f"## {section.title}", ""]
    lines += [_md(text) + "\n" for text in (section.missing, section.lead) if text]
    lines += [f"- **{_md(f.label)}**: {_md(f.value)}" + (f" ({_md(f.note)})" if f.note else "") for f in section.facts]
    lines += [""] if section.facts else []
    if section.steps:
        lines += ["### What to do next", "", *(f"{k}. {_md(s.text)}" for k, s in enumerate(section.steps, 1)), ""]
    lines += [f"- {_md(f.title)}. {_md(f.alt)}" for f in section.figures if f.kind != "bars"]
    lines += [""] if section.figures else []
    for table in section.tables:
        cut = replace(table, rows=table.rows[:MOST_ROWS])
        lines += [f"### {_md(table.title)}", "", *_markdown_table(cut), *_more(len(table.rows)), ""]
    return [*lines, "```", section.code.replace("```", "'''"), "```", ""] if section.code else lines


def _more(count: int) -> list[str]:
    """The line after a list or table of which only a part is shown."""
    return ["", f"{count - MOST_ROWS} more are in report.json."] if count > MOST_ROWS else []


def _markdown_table(table: Table) -> list[str]:
    return ["| " + " | ".join(map(_md, table.head)) + " |", "|" + "---|" * len(table.head),
            *("| " + " | ".join(map(_md, row)) + " |" for row in table.rows)]


def _md(text: str) -> str:
    """The text on one line, with Markdown and HTML markup escaped."""
    flat = " ".join(str(text).split())
    return "".join("&lt;" if c == "<" else f"\\{c}" if c in "\\|`[*" else c for c in flat)
