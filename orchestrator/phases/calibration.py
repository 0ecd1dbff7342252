"""CALIBRATION: the engine makes the masters and readers of calibrated pixels."""

from __future__ import annotations

from orchestrator.engines.base import Engine
from orchestrator.engines.native import NativeEngine
from orchestrator.engines.siril import SirilEngine
from orchestrator.errors import ToolError, ToolMissing
from orchestrator.phases.state import Phase, PhaseResult, RunState
from orchestrator.run.artifacts import write_json
from orchestrator.run.context import RunContext
from orchestrator.tools.siril import find_siril

__all__ = ["Calibration", "choose_engine", "use_native_instead"]


def choose_engine(context: RunContext) -> tuple[Engine, str]:
    """The engine asked for; ``auto`` takes Siril when a usable one is found. Second: why."""
    config = context.config.engine
    if config.name == "native":
        return NativeEngine(), "asked for"
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
        engine, why = choose_engine(context)
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
            state.products[name if name in ("bad_pixels", "fixed_pattern") else f"master_{name}"] = path
        summary = {"engine": engine.name, "why": why, "masters": {k: str(v) for k, v in result.masters.items()},
                   **result.details}
        write_json(context.artifacts / "calibration.json", summary)
        state.statistics["engine"] = engine.name
        return PhaseResult(summary=summary)
