"""The report shows what the checks measured between the panels of a mosaic."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from orchestrator.report.files import RunFiles
from orchestrator.report.model import FrameRow
from orchestrator.report.sections_checks import checks
from orchestrator.report.sections_frames import Source
from orchestrator.report.sections_mosaic import mosaic_section

FOUND: list[dict[str, Any]] = [
    {"name": "geometry", "status": "passed", "value": 0.03, "limit": 0.4, "unit": "px",
     "details": {"cross_panel_px": 0.081, "loop_px": 0.044, "held_out_px": 0.0731}},
    {"name": "scale", "status": "passed", "value": 0.003, "limit": 0.03, "unit": "of the flux", "details": {
        "channels": ["R", "G", "B"], "held_out": [
            {"first": "a.fit", "residual": [0.0012, -0.0034, None], "error": [0.004, 0.003, None]},
            {"first": "b.fit", "residual": [0.0, 0.0, 0.021], "error": [0.004, 0.003, 0.002]}]}},
    {"name": "sky_surface", "status": "passed", "value": 0.02, "limit": 0.3, "unit": "times the noise of a pixel", "details": {
        "largest": [{"step": 0.11}, {"step": -0.17}]}}]


FILES: dict[str, dict[str, Any]] = {
    "mosaic": {"frames": [{"file": "/x/a.fit", "panel": 1, "outline": []}, {"file": "/x/b.fit", "panel": 2, "outline": []}]},
    "normalization": {}}


def tables(found: list[dict[str, Any]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    files = SimpleNamespace(json=lambda name: {"checks": found} if name == "checks" else FILES.get(name, {}))
    rows = [FrameRow(k, f"{n}.fit", f"/x/{n}.fit", True) for k, n in enumerate("ab", 1)]
    source = Source(cast(RunFiles, files), rows, ("R", "G", "B"), True, 1.0, (0, 1))
    return {t.title: t.rows for section in (checks(source), *mosaic_section(source)) for t in section.tables}


def test_panels_are_compared_with_one_another() -> None:
    shown = tables(FOUND)
    rows = dict(shown["Where panels overlap"])
    assert rows["Largest closure of a loop of panels"] == "0.0440 px"
    assert rows["Largest step of the sky along a border of a frame"].startswith("0.170 ")
    first, second = shown["Panels"]
    assert first[2] == "a.fit" and first[-3:] == ("+0.12 ± 0.40 %", "-0.34 ± 0.30 %", "–") and second[-1] == "+2.10 ± 0.20 %"


def test_without_overlaps_nothing_is_compared() -> None:
    single = [{**FOUND[0], "details": {"cross_panel_px": None}}, {**FOUND[1], "details": {}}, FOUND[2]]
    shown = tables(single)
    assert list(shown) == ["Checks", "Panels"] and len(shown["Panels"][0]) == 8
