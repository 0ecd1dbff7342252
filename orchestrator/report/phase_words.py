"""The steps of a run in words: what the program does while a phase runs."""

from __future__ import annotations

from typing import Any

from orchestrator.rundir.format import REPORT

__all__ = ["PHASE_WORDS", "first_sentence", "phase_words", "skipped_because"]

PHASE_WORDS = {
    "SCAN_INPUT": "reading the headers",
    "CALIBRATION": "calibrating",
    "REGISTRATION": "aligning the frames",
    "PREWARP": "planning the canvas",
    "CHANNEL_SPLIT": "choosing the channels",
    "NORMALIZATION": "matching the brightness",
    "GLOBAL_METRICS": "scoring the frames",
    "TILE_GRID": "planning the tiles",
    "COMMON_OVERLAP": "measuring the overlap",
    "LOCAL_METRICS": "weighting each tile",
    "TILE_RECONSTRUCTION": "stacking",
    "STATE_CLUSTERING": "grouping the frames",
    "SYNTHETIC_FRAMES": "averaging the groups",
    "STACKING": "writing the stack",
    "DEBAYER": "demosaicing the stack",
    "ASTROMETRY": "plate solving",
    "BGE": "removing the gradient",
    "PCC": "calibrating the colours",
    "PREVIEW": "making the preview",
    "VALIDATION": "checking the result",
    "COMBINATION": "combining the filters",
    REPORT: "writing the report",
}


def phase_words(phase: str) -> str:
    """What the program does in a phase, such as "aligning the frames"; the name itself for one that is not known."""
    return PHASE_WORDS.get(phase, phase.lower().replace("_", " "))


def skipped_because(event: dict[str, Any]) -> str:
    """Why a phase was skipped, as the first sentence of its reason; "" if it was not skipped."""
    return first_sentence(str(event["summary"].get("why", ""))) if event.get("status") == "skipped" else ""


def first_sentence(text: str) -> str:
    """The text up to the end of its first sentence, without the full stop. A full stop in a number or file name ends none."""
    line = " ".join(text.split())
    end = min((i for mark in (". ", "? ", "! ") if (i := line.find(mark)) >= 0), default=len(line))
    return line[:end].rstrip(".")
