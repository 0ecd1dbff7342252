"""Shoot more or stop: noise and information against the number of frames."""

from __future__ import annotations

from orchestrator.report.model import Section
from orchestrator.report.sections_frames import Source

__all__ = ["growth"]


def growth(source: Source) -> Section:
    return Section("growth", "Shoot more or stop", missing=source.absent("VALIDATION"))
