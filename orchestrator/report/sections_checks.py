"""Section on the checks of every run: what was measured, against which limit, and a picture of each."""

from __future__ import annotations

from typing import Any

import numpy as np

from orchestrator.report import images
from orchestrator.report.check_words import CHECKS
from orchestrator.report.model import Figure, Section, Table
from orchestrator.report.sections_frames import Source
from orchestrator.report.shown import envelope
from orchestrator.report.wording import finite, number

__all__ = ["checks"]

TITLE = "Checks"
RESULTS = {"passed": "passed", "failed": "failed", "not_measured": "not measured"}


def checks(source: Source) -> Section:
    found = [c for c in source.files.json("checks").get("checks") or [] if isinstance(c, dict) and c.get("name") in CHECKS]
    if not found:
        return Section("checks", TITLE, missing=source.absent("VALIDATION"))
    failed = [c for c in found if c.get("status") == "failed"]
    rows = tuple(_row(c) for c in found)
    marked = frozenset(i for i, c in enumerate(found) if c.get("status") == "failed")
    lead = ("Failed: " + "; ".join(str(c.get("cause")) for c in failed) + "." if failed else
            "Each check uses data that the estimate which it checks did not use.")
    return Section("checks", TITLE, lead, figures=tuple(f for c in found if (f := _figure(source, c))), tables=(
        Table("Checks", ("check", "measured", "limit", "result", "cause and remedy"), rows, marked=marked, mark="failed"),))


def _drawn(line: dict[str, Any]) -> dict[str, Any]:
    """A line, of one with very many points its envelope."""
    kept = envelope([finite(v) for v in line["y"]])
    return {**line, "x": [line["x"][i] for i in kept], "y": [line["y"][i] for i in kept]}


def _row(check: dict[str, Any]) -> tuple[str, ...]:
    status = str(check.get("status"))
    if status == "not_measured":
        return CHECKS[check["name"]].title, "–", "–", RESULTS[status], str(check.get("why") or "")
    unit = str(check.get("unit") or "")
    remark = f"{check.get('cause')}. {check.get('remedy')}" if status == "failed" else ""
    return (CHECKS[check["name"]].title, number(check.get("value"), unit), number(check.get("limit")),
            RESULTS.get(status, status), remark)


def _figure(source: Source, check: dict[str, Any]) -> Figure | None:
    """The picture of a check; None if it was not made."""
    data = check.get("figure") or {}
    words = CHECKS[check["name"]]
    measured = number(check.get("value"), str(check.get("unit") or ""))
    alt = f"{words.title}: {RESULTS.get(str(check.get('status')), '')}, {measured}."
    if data.get("kind") == "map":
        values = np.array([[np.nan if finite(v) is None else v for v in row] for row in data.get("values") or []], np.float64)
        if values.ndim != 2 or not np.isfinite(values).any():
            return None
        drawn = images.map_data(values, str(data.get("unit", "")), source.top_down, aspect=source.aspect)
        return Figure("map", words.title, alt, drawn, words.picture)
    if data.get("kind") == "curve":
        lines = [_drawn(line) for line in data.get("lines") or [] if line.get("x")]
        return Figure("curve", words.title, alt, {**data, "lines": lines}, words.picture) if lines else None
    return None
