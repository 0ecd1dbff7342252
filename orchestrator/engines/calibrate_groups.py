"""Calibration of a session group by group: each with its own masters, in its own folder of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from orchestrator.engines.base import CalibrationResult, Engine, FrameReader
from orchestrator.engines.calibration_findings import CalibrationFinding, LightLevels
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext, folder_name
from orchestrator.session.model import CalibrationGroup, Session

__all__ = ["Part", "calibrate_groups", "has_flats", "masters_of_light", "parts"]

Part = tuple[CalibrationGroup, Session, RunContext]


def parts(session: Session, context: RunContext) -> Iterator[Part]:
    """Each calibration group of a session (of one night) with its frames as a session and its folders."""
    groups = session.calibration_groups
    for group in groups:
        yield group, session.part(group), context.for_group(group.name) if len(groups) > 1 else context


def calibrate_groups(engine: Engine, session: Session, context: RunContext) -> CalibrationResult:
    """Masters and readers of a session; with several groups the masters are named "dark_GROUP"."""
    if len(session.calibration_groups) == 1:
        _, part, place = next(parts(session, context))
        return engine.calibrate(part, place)
    readers: list[FrameReader | None] = [None] * len(session.lights)
    masters: dict[str, Path] = {}
    reasons: dict[int, str] = {}
    warnings: list[tuple[str, str]] = []
    details: dict[str, object] = {}
    findings: list[CalibrationFinding] = []
    levels: list[LightLevels] = []
    for group, part, place in parts(session, context):
        one = engine.calibrate(part, place)
        for index, reader in zip(group.lights, one.readers, strict=True):
            readers[index] = reader
        reasons |= {group.lights[k]: why for k, why in one.reasons.items()}
        levels += [replace(light, index=group.lights[light.index]) for light in one.levels]
        findings += [f for f in one.findings if f not in findings]
        masters |= {f"{kind}_{group.name}": path for kind, path in one.masters.items()}
        warnings += [(group.name, text) for text in one.warnings]
        details[group.name] = one.details
    levels.sort(key=lambda light: light.index)
    return CalibrationResult(masters, tuple(readers), reasons, _texts(warnings, len(details)), {"groups": details},
                             tuple(findings), tuple(levels))


def masters_of_light(session: Session, masters: Mapping[str, Path], index: int) -> dict[str, Path]:
    """The masters by kind with which a light of the session was calibrated, of the ``masters`` of all its groups and nights."""
    night, suffix = session, ""
    if session.nights:
        number = session.night_of[index]
        night, suffix = session.nights[number], f"_{folder_name(session.nights[number].name)}"
        index -= session.night_of.index(number)
    if len(night.calibration_groups) > 1:
        own = next((group.name for group in night.calibration_groups if index in group.lights), "")
        suffix = f"_{own}{suffix}"
    return {name.removesuffix(suffix): path for name, path in masters.items() if name.endswith(suffix)}


def has_flats(masters: Mapping[str, Path]) -> bool:
    """Whether there is a master flat, of any group or night."""
    return any(name == "flat" or name.startswith("flat_") for name in masters)


def _texts(warnings: list[tuple[str, str]], groups: int) -> tuple[str, ...]:
    """The warnings, those that do not concern all groups with the name of theirs."""
    counts: dict[str, int] = {}
    for _, text in warnings:
        counts[text] = counts.get(text, 0) + 1
    return tuple(dict.fromkeys(text if counts[text] == groups else Message("{name}: {text}", name=name, text=text)
                               for name, text in warnings))
