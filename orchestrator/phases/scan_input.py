"""SCAN_INPUT: find the frames, exclude unsuitable ones, check disk space and memory."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from orchestrator.io.json_files import write_json
from orchestrator.message import Message, joined
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.session.checksums import without_wrong_sums
from orchestrator.session.discovery import check_resources
from orchestrator.session.folders import content_of, input_files
from orchestrator.session.model import Exclusion, Role
from orchestrator.session.nights import scan_session
from orchestrator.stacking.state import RunState

__all__ = ["ScanInput"]

logger = logging.getLogger(__name__)


class ScanInput(Phase):
    name = "SCAN_INPUT"
    settings = ("input", "calibration.library", "calibration.save_to_library",
                "calibration.bias_master", "calibration.dark_master", "calibration.flat_master",
                "calibration.darkflat_master", "calibration.synthetic_bias", "calibration.dark_scaling", "engine.name",
                "selection.frames")
    makes = ("session", "contents")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        report = scan_session(state.roots, context.config, context.progress)
        least = 1 if context.config.input.allow_emergency_mode else context.config.input.min_frames
        session = without_wrong_sums(report.session, context.workers, least, context.check, context.progress)
        report = replace(report, session=session)
        state.session, state.scanned = session, report
        state.contents = _contents(input_files(state.roots, context.config), context)
        write_json(context.artifacts / "scan_input.json", report.to_dict())
        for warning in session.warnings:
            context.warn(warning)
        for note in session.notes:
            context.events.emit("note", message=note)
        for reason, paths in _by_reason(session.excluded).items():
            shown = str(paths[0]) if len(paths) == 1 else f"{len(paths)} files ({paths[0].name} ... {paths[-1].name})"
            # The error of a file that cannot be read names it already.
            text = Message("Not used: {reason}", reason=reason) if _names(reason, shown) else Message(
                "Not used: {shown}: {reason}", shown=shown, reason=reason)
            context.warn(text, paths=[str(p) for p in paths])
        for item in session.excluded:
            logger.debug("Not used: %s: %s", item.path, item.reason)
        for night in session.nights or (session,):
            found = [f"{len(infos)} {role.value} frames" for role, infos in night.frames.items()]
            found += [f"master {role.value} {info.path}" for role, info in night.all_masters]
            logger.info("%s: %s", night.name, "; ".join(found))
        for warning in check_resources(session, context.directory, context.config):
            context.warn(warning)
        summary: dict[str, Any] = {role.value: len(frames) for role, frames in session.frames.items()}
        summary |= {f"{role.value}_master": str(info.path) for role, info in session.all_masters}
        summary |= {"cfa": session.cfa or "mono", "shape": list(session.shape), "excluded": len(session.excluded),
                    "reduced_mode": len(session.lights) < context.config.input.min_frames_clustering}
        statistics = state.statistics
        if session.nights:
            summary["nights"] = {night.name: len(night.lights) for night in session.nights}
            statistics.nights = len(session.nights)
        exposures = [f.exposure for f in session.frames[Role.LIGHT] if f.exposure]
        statistics.lights_found = len(session.lights)
        statistics.layout = report.layout or None
        statistics.device = report.device["name"] if report.device else None
        statistics.exposure_s = round(sum(exposures), 1) if exposures else None
        return PhaseResult(summary=summary)


def _contents(files: Collection[str], context: RunContext) -> dict[str, str]:
    """Digests that identify files wherever they are stored; unreadable files are left out."""
    found: dict[str, str] = {}
    for done, name in enumerate(files):
        context.progress(done, len(files), "identifying the files")
        with contextlib.suppress(OSError):
            found[name] = content_of(Path(name))
    return found


def _by_reason(excluded: tuple[Exclusion, ...]) -> dict[str, list[Path]]:
    """Files grouped by the reason why they are not used."""
    grouped: dict[str, list[Path]] = {}
    for item in excluded:
        end = " " if item.reason.endswith(".") else ". "
        grouped.setdefault(joined(end, [item.reason, item.remedy]) if item.remedy else item.reason, []).append(item.path)
    return grouped


def _names(text: str, path: str) -> bool:
    """Whether a message, or one that it contains, has the path as a value."""
    return isinstance(text, Message) and any(value == path or _names(value, path) for value in text.values.values())
