"""CALIBRATION: the engine makes the masters and readers of calibrated pixels."""

from __future__ import annotations

from orchestrator.engines.base import Engine
from orchestrator.engines.native import NativeEngine
from orchestrator.engines.siril import SirilEngine
from orchestrator.errors import ToolError, ToolMissing
from orchestrator.phases.state import Phase, PhaseResult, RunState
from orchestrator.run.artifacts import write_json
from orchestrator.run.context import RunContext
from orchestrator.session.model import Role, Session
from orchestrator.tools.siril import find_siril

__all__ = ["Calibration", "choose_engine", "use_native_instead"]


def choose_engine(context: RunContext, session: Session) -> tuple[Engine, str]:
    """The engine asked for; ``auto`` takes Siril when a usable one is found and there are darks. Second: why.

    Without darks Siril has no map of bad pixels, and where there are many of them it registers those instead of stars.
    """
    config = context.config.engine
    if config.name == "native":
        return NativeEngine(), "asked for"
    dark = bool(session.frames.get(Role.DARK)) or Role.DARK in session.masters
    if config.name == "auto" and context.config.calibration.cosmetic and not dark and len(session.shape) == 2:
        return NativeEngine(), "there are no darks, and it finds bad pixels on the lights"
    try:
        probe = find_siril(config.siril.executable)
    except ToolMissing as error:
        if config.name == "siril":
            raise
        context.warn(f"{error.message} The native engine is used.")
        return NativeEngine(), error.message
    return SirilEngine(probe), f"{probe.text} at {probe.path}"


def use_native_instead(context: RunContext, error: ToolError) -> Engine:
    """The native engine after a failure of Siril, or the failure when no fallback is wanted."""
    if not context.config.engine.siril.fallback:
        raise error
    context.warn(f"Siril failed, the native engine takes over: {error}", log=str(error.log or ""))
    return NativeEngine()


class Calibration(Phase):
    name = "CALIBRATION"
    settings = ("calibration", "engine.name", "engine.siril.executable", "engine.siril.output")
    uses = ("session",)
    makes = ("engine", "calibrated")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        assert state.session is not None
        engine, why = choose_engine(context, state.session)
        try:
            result = engine.calibrate(state.session, context)
        except ToolError as error:
            if engine.name == "native":
                raise
            engine = use_native_instead(context, error)
            result = engine.calibrate(state.session, context)
        state.engine, state.calibrated = engine, result
        for warning in result.warnings:
            context.warn(warning)
        for index, reason in result.reasons.items():
            context.warn(f"{state.session.lights[index].path} is not used: {reason}")
        for name, path in result.masters.items():
            state.products[f"master_{name}" if name != "bad_pixels" else name] = path
        summary = {"engine": engine.name, "why": why, "masters": {k: str(v) for k, v in result.masters.items()},
                   **result.details}
        write_json(context.artifacts / "calibration.json", summary)
        state.statistics["engine"] = engine.name
        return PhaseResult(summary=summary)
