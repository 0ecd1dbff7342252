"""The report shows what the checks measured between the panels of a mosaic."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from orchestrator.report.sections_checks import checks
from orchestrator.report.sections_frames import Source

FOUND: list[dict[str, Any]] = [
    {"name": "geometry", "status": "passed", "value": 0.03, "limit": 0.4, "unit": "px",
     "details": {"cross_panel_px": 0.081, "loop_px": 0.044, "held_out_px": 0.0731}},
    {"name": "scale", "status": "passed", "value": 0.003, "limit": 0.03, "unit": "of the flux", "details": {
        "channels": ["R", "G", "B"], "held_out": [
            {"first": "a.fit", "residual": [0.0012, -0.0034, None], "error": [0.004, 0.003, None]},
            {"first": "b.fit", "residual": [0.0, 0.0, 0.021], "error": [0.004, 0.003, 0.002]}]}},
    {"name": "sky_surface", "status": "passed", "value": 0.02, "limit": 0.3, "unit": "times the noise of a pixel", "details": {
        "largest": [{"step": 0.11}, {"step": -0.17}]}}]


def tables(found: list[dict[str, Any]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    source = SimpleNamespace(files=SimpleNamespace(json=lambda name: {"checks": found}), top_down=True, aspect=1.0)
    return {t.title: t.rows for t in checks(cast(Source, source)).tables}


def test_panels_are_compared_with_one_another() -> None:
    shown = tables(FOUND)
    rows = dict(shown["Panels of the mosaic against each other"])
    assert rows["Largest closure of a loop of panels"] == "0.0440 px"
    assert rows["Largest step of the sky along a border of a frame"].startswith("0.170 ")
    (_, *first), (_, *second) = shown["Brightness of stars that the scaling left out, against the other panels"]
    assert first == ["+0.12 ± 0.40 %", "-0.34 ± 0.30 %", "–"] and second[2] == "+2.10 ± 0.20 %"


def test_without_a_mosaic_there_are_no_panels() -> None:
    single = [{**FOUND[0], "details": {"cross_panel_px": None}}, *FOUND[1:]]
    assert list(tables(single)) == ["Checks"]
