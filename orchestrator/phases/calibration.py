"""CALIBRATION: the engine makes the masters, and readers of calibrated pixels."""

from __future__ import annotations

import logging
from dataclasses import asdict, replace
from pathlib import Path

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import CalibrationResult, Engine, FrameReader
from orchestrator.engines.calibrate_groups import calibrate_groups
from orchestrator.engines.calibration_findings import CalibrationFinding, LightLevels
from orchestrator.engines.native.engine import NativeEngine
from orchestrator.engines.native.fixed_pattern import MIN_LIGHTS
from orchestrator.engines.siril.engine import SirilEngine
from orchestrator.errors import ToolError, ToolMissing
from orchestrator.io.json_files import write_json
from orchestrator.message import Message
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext, folder_name
from orchestrator.session.master_library import library_folder, save_to_library
from orchestrator.session.model import Role, Session
from orchestrator.session.settings import night_config
from orchestrator.stacking.state import RunState
from orchestrator.tools.siril.cli import find_siril

__all__ = ["Calibration", "calibrate", "choose_engine", "use_native_instead"]

logger = logging.getLogger(__name__)


def choose_engine(context: RunContext, session: Session) -> tuple[Engine, str]:
    """The engine to use, and the reason. ``auto`` chooses Siril if a usable one is found.

    Without darks, bad pixels are detected in the lights and repaired before Siril reads the frames, as it would register them
    instead of stars. That needs several lights: with too few the native engine is used.
    """
    config = context.config.engine
    if config.name == "native":
        return NativeEngine(), "engine.name is native"
    bare = [g for night in session.nights or (session,) for g in night.calibration_groups
            if not g.frames.get(Role.DARK) and Role.DARK not in g.masters]
    if config.name == "auto" and len(session.shape) == 2 and any(len(group.lights) < MIN_LIGHTS for group in bare):
        return NativeEngine(), Message("there are no darks, and bad pixels cannot be detected in fewer than {min_lights} lights",
                                       min_lights=MIN_LIGHTS)
    try:
        probe = find_siril(config.siril.executable)
    except ToolMissing as error:
        if config.name == "siril":
            raise
        context.warn(Message("{error} The native engine is used.", error=error.message))
        return NativeEngine(), error.message
    cleaned = bare and len(session.shape) == 2 and context.config.calibration.cosmetic
    note = "; lights without darks are cleaned before Siril reads them" if cleaned else ""
    return SirilEngine(probe), f"{probe.text} at {probe.path}{note}"


def use_native_instead(context: RunContext, error: ToolError) -> Engine:
    """The native engine after a failure of Siril. Raises the error if engine.siril.fallback is false."""
    if not context.config.engine.siril.fallback:
        raise error
    context.warn(Message("Siril failed; the native engine is used instead: {error}", error=error), log=str(error.log or ""))
    return NativeEngine()


def calibrate(engine: Engine, session: Session, context: RunContext) -> CalibrationResult:
    """Masters and readers of a session, or of each of its nights with that night's calibration frames.

    The readers of several nights are concatenated; their masters are named "dark_NIGHT".
    """
    if not session.nights:
        return calibrate_groups(engine, session, context)
    readers: list[FrameReader | None] = []
    masters: dict[str, Path] = {}
    reasons: dict[int, str] = {}
    warnings: list[str] = []
    details: dict[str, object] = {}
    findings: list[CalibrationFinding] = []
    levels: list[LightLevels] = []
    for night in session.nights:
        place = context.for_night(night.name)
        place.config = _settings(context.config, night)
        one = calibrate_groups(engine, night, place)
        reasons |= {len(readers) + index: why for index, why in one.reasons.items()}
        levels += [replace(light, index=len(readers) + light.index) for light in one.levels]
        readers += one.readers
        findings += one.findings
        masters |= {f"{kind}_{place.night}": path for kind, path in one.masters.items()}
        warnings += [Message("{name}: {text}", name=night.name, text=text) for text in one.warnings]
        details[night.name] = one.details
    return CalibrationResult(masters, tuple(readers), reasons, tuple(warnings), {"nights": details}, tuple(findings),
                             tuple(levels))


def _settings(config: RunConfig, night: Session) -> RunConfig:
    """The settings of a night, from the entry of input.nights with its name."""
    return next((night_config(config, n) for n in config.input.nights if n.name == night.name), config)


def _save_to_library(session: Session, result: CalibrationResult, context: RunContext) -> list[str]:
    """Save the masters made of frames of the session to the library; returns their file names there."""
    folder = library_folder(context.config)
    if folder is None or not context.config.calibration.save_to_library:
        return []
    names = []
    for night in session.nights or (session,):
        suffix = f"_{folder_name(night.name)}" if session.nights else ""
        for group in night.calibration_groups:
            own = f"_{group.name}" if len(night.calibration_groups) > 1 else ""
            for role, frames in group.frames.items():
                master = result.masters.get(f"{role.value}{own}{suffix}")
                if role not in group.masters and master is not None and frames:
                    path = save_to_library(folder, role, master, frames)
                    names += [path.name] if path is not None else []
    return names


class Calibration(Phase):
    name = "CALIBRATION"
    settings = ("calibration", "input.nights", "engine.name", "engine.siril.executable", "engine.siril.output",
                "engine.siril.templates", "input.workflow", "tile_crop")
    uses = ("session",)
    makes = ("engine", "calibrated")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        engine, why = choose_engine(context, state.session)
        logger.info("Engine %s: %s", engine.name, why)
        try:
            result = calibrate(engine, state.session, context)
        except ToolError as error:
            if engine.name == "native":
                raise
            engine = use_native_instead(context, error)
            result = calibrate(engine, state.session, context)
        state.engine, state.calibrated = engine, result
        for warning in result.warnings:
            context.warn(warning)
        for finding in result.findings:
            context.warn(finding.text, code=finding.code)
        for index, reason in result.reasons.items():
            context.warn(Message("{lights} is not used: {reason}", lights=state.session.lights[index].path, reason=reason))
        for name, path in result.masters.items():
            state.products[name if name.startswith(("bad_pixels", "fixed_pattern")) else f"master_{name}"] = path
        if saved := _save_to_library(state.session, result, context):
            context.events.emit("note", message=Message("Saved to the library of masters: {saved}.", saved=", ".join(saved)))
        summary = {"engine": engine.name, "why": why, "masters": {k: str(v) for k, v in result.masters.items()},
                   **result.details, "findings": [asdict(f) for f in result.findings]}
        write_json(context.artifacts / "calibration.json", summary | {"levels": [asdict(light) for light in result.levels]})
        state.statistics.engine = engine.name
        return PhaseResult(summary=summary)
