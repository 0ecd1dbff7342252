"""Check that the calibrated lights are plausible: sky levels, masters against one another, and vignetting left in the stack."""

from __future__ import annotations

import numpy as np

from orchestrator.checks.record import Check, Problem, not_measured, passed_or_failed
from orchestrator.engines.base import CalibrationResult
from orchestrator.session.model import FrameInfo

__all__ = ["calibration"]

# Largest share of pixels below zero in a calibrated light whose sky is above its noise.
LIMIT = 0.5


def calibration(calibrated: CalibrationResult, lights: tuple[FrameInfo, ...]) -> Check:
    """The findings of calibration that show wrong pixels, and the levels of the calibrated lights."""
    levels = calibrated.levels
    problems = [Problem(abs(f.value), max(abs(f.limit), 1e-9), f.reason.rstrip("."), f.remedy, tuple(p.name for p in f.files))
                for f in calibrated.findings if f.failed]
    if not levels and not problems:
        return not_measured("calibration", "the lights were calibrated by another program")
    below = max((level.negative_share for level in levels), default=float("nan"))
    names = [lights[level.index].path.name for level in levels]
    planes = range(max((len(level.centre) for level in levels), default=0))
    numbers = list(range(1, len(levels) + 1))
    lines: list[dict[str, object]] = [{"name": f"middle, plane {p + 1}" if len(planes) > 1 else "middle", "x": numbers,
              "y": [round(float(level.centre[p]), 2) for level in levels]} for p in planes]
    if levels:
        corners = [round(float(np.median(level.corners)), 2) for level in levels]
        lines.append({"name": "corners", "x": numbers, "y": corners, "dashed": True})
    return passed_or_failed(
        "calibration", "of the pixels below zero", below, LIMIT, problems,
        {"kind": "curve", "lines": lines, "xunit": "light", "unit": "ADU", "zero": True},
        {"files": names, "findings": [{"code": f.code, "action": f.action, "reason": f.reason, "remedy": f.remedy,
                                       "files": [p.name for p in f.files]} for f in calibrated.findings]})
