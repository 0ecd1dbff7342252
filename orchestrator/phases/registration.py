"""REGISTRATION: a transform to the canvas for each frame, accepted on its stars; a measurement of each frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from orchestrator.engines.base import CalibrationResult, Engine, Frame, FrameSet, in_whole_pixels
from orchestrator.engines.measure_frames import measure_frames
from orchestrator.engines.native.engine import NativeEngine
from orchestrator.engines.native.registration import register_native
from orchestrator.engines.transform_file import register_given
from orchestrator.errors import ConfigError, InputError, ToolError
from orchestrator.io.json_files import write_json
from orchestrator.phases.calibration import calibrate, use_native_instead
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import Session
from orchestrator.stacking.field_geometry import mosaic_of
from orchestrator.stacking.output_grid import lay_onto
from orchestrator.stacking.state import RunState
from tilecore.detect.metrics import FrameMeasurement

__all__ = ["Registration"]

# Where another engine leaves out so large a part of the lights, it is looked whether they are a mosaic.
MANY_LEFT_OUT = 0.1


class Registration(Phase):
    name = "REGISTRATION"
    settings = ("registration", "engine.siril", "input.frames_min", "input.allow_emergency_mode", "stacking.trails")
    uses = ("session", "engine", "calibrated")
    makes = ("frames", "measurements")
    pixels = True

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        assert state.session is not None and state.engine is not None and state.calibrated is not None
        given = context.config.registration.transforms
        try:
            if given is None:
                frames = _register(state.engine, state.session, state.calibrated, context)
            else:
                _check_given(state.engine.name, context)
                frames = register_given(given, state.session, state.calibrated, state.engine.name)
        except ToolError as error:
            if state.engine.name == "native":
                raise
            state.engine = use_native_instead(context, error)
            state.calibrated = calibrate(state.engine, state.session, context)
            state.statistics["engine"] = state.engine.name
            frames = state.engine.register(state.session, state.calibrated, context)
        if context.config.registration.transform == "integer":
            frames = _whole_pixels(frames, context)
        refused = [f for f in frames.frames if f.matrix is None or f.reader is None]
        for frame in refused:
            context.warn(f"{frame.info.path.name} is left out: {frame.reason}", path=str(frame.info.path))
        _enough(frames, context)
        state.measurements = _measurements(frames, state.engine, context)
        if (onto := context.config.registration.onto) is not None:
            frames = lay_onto(frames, state.measurements[frames.reference_position].stars, onto, context.config.registration)
        state.frames = frames
        measured = _by_light(frames, state.engine, state.measurements)
        rows = [_row(f, m) for f, m in zip(frames.frames, measured, strict=True)]
        _save_thumbnails(context, measured)
        write_json(context.artifacts / "registration.json",
                   {"engine": frames.engine, "reference": frames.frames[frames.reference].info.path.name,
                    "reference_file": str(frames.frames[frames.reference].info.path),
                    "top_down": frames.frames[frames.reference].info.top_down, "frames": rows})
        residuals = [f.residual for f in frames.usable if np.isfinite(f.residual)]
        state.statistics["frames used"] = len(frames.usable)
        state.statistics["frames left out"] = len(refused)
        summary = {"used": len(frames.usable), "left_out": len(refused),
                   "reference": frames.frames[frames.reference].info.path.name}
        if residuals:
            summary["median_residual_px"] = round(float(np.median(residuals)), 4)
            state.statistics["registration residual (px)"] = summary["median_residual_px"]
        return PhaseResult(summary=summary)


def _register(engine: Engine, session: Session, calibrated: CalibrationResult, context: RunContext) -> FrameSet:
    """All lights to one reference. Frames of several sizes are matched natively, whoever has calibrated them."""
    if engine.name == "native":
        return engine.register(session, calibrated, context)
    if len({light.shape for light in session.lights}) == 1:
        return _whole_mosaic(engine.register(session, calibrated, context), session, calibrated, context)
    if context.config.engine.siril.output == "frames":
        raise ConfigError("engine.siril.output: frames needs lights of one size; the nights have several.",
                          "Set engine.siril.output to transforms.")
    return replace(register_native(session, calibrated, context)[0], engine=engine.name)


def _whole_mosaic(frames: FrameSet, session: Session, calibrated: CalibrationResult, context: RunContext) -> FrameSet:
    """The frames of another engine; where it left many out that are panels of a mosaic, all of them matched natively."""
    readable = sum(reader is not None for reader in calibrated.readers)
    if frames.registered_pixels or len(frames.usable) > (1 - MANY_LEFT_OUT) * readable:
        return frames
    try:
        ours = replace(register_native(session, calibrated, context)[0], engine=frames.engine)
    except InputError:
        return frames
    if len(ours.usable) <= len(frames.usable) or mosaic_of(ours) is None:
        return frames
    context.warn(f"Siril registered {len(frames.usable)} of {readable} lights, which are panels of a mosaic: "
                 f"matched natively, frame to frame, {len(ours.usable)} join.")
    return ours


def _whole_pixels(frames: FrameSet, context: RunContext) -> FrameSet:
    if frames.registered_pixels:
        raise ConfigError("registration.transform: integer does not go with engine.siril.output: frames.",
                          "Set engine.siril.output to transforms.")
    rounded = in_whole_pixels(frames)
    off = [f.residual for f in rounded.usable if np.isfinite(f.residual)]
    if off:
        context.warn(f"Frames are shifted by whole pixels: stars lie {np.median(off):.2f} px off, {max(off):.2f} at most.")
    return rounded


def _check_given(engine: str, context: RunContext) -> None:
    if engine == "siril" and context.config.engine.siril.output == "frames":
        raise ConfigError("registration.transforms does not go with engine.siril.output: frames.",
                          "Set engine.siril.output to transforms.")


def _enough(frames: FrameSet, context: RunContext) -> None:
    settings, usable = context.config.input, len(frames.usable)
    if usable >= settings.frames_min or (settings.allow_emergency_mode and usable):
        if usable < settings.frames_min:
            context.warn(f"Emergency mode: only {usable} frames could be used.")
        return
    reasons = "; ".join(sorted({f.reason for f in frames.frames if f.reason})[:3])
    raise InputError(
        f"Only {usable} of {len(frames.frames)} lights could be registered, {settings.frames_min} are needed ({reasons}).",
        "Look at artifacts/registration.json; add frames, or use --set input.allow_emergency_mode=true.")


def _measurements(frames: FrameSet, engine: object, context: RunContext) -> tuple[FrameMeasurement, ...]:
    """Background, noise and stars of each usable frame, taken over from the native engine when it has them."""
    known = engine.measurements if isinstance(engine, NativeEngine) else None
    if known is not None:
        found = [known[f.index] for f in frames.usable]
        if all(m is not None for m in found):
            return tuple(m for m in found if m is not None)

    readers = [f.reader for f in frames.usable if f.reader is not None]
    saturation = min(f.saturation for f in frames.usable)
    result = []
    for frame, item in zip(frames.usable, measure_frames(context, readers, frames.cfa, "measuring", saturation), strict=True):
        if isinstance(item, str):
            raise InputError(f"{frame.info.path.name} could not be measured: {item}", "Remove it from the session.")
        result.append(item)
    return tuple(result)


def _by_light(frames: FrameSet, engine: object,
              measurements: tuple[FrameMeasurement, ...]) -> list[FrameMeasurement | None]:
    """What was measured of each light, of those that are left out too where it is known."""
    known = engine.measurements if isinstance(engine, NativeEngine) else None
    if known is not None and len(known) == len(frames.frames):
        return list(known)
    of = {f.index: m for f, m in zip(frames.usable, measurements, strict=True)}
    return [of.get(f.index) for f in frames.frames]


def _save_thumbnails(context: RunContext, measured: list[FrameMeasurement | None]) -> None:
    """thumbnails.npy: (lights, rows, columns) uint8, black for a light that could not be read."""
    pictures = [m.thumbnail if m is not None else np.zeros((0, 0), np.uint8) for m in measured]
    shape = max((p.shape for p in pictures), default=(0, 0))
    pictures = [p if p.shape == shape else np.zeros(shape, np.uint8) for p in pictures]
    np.save(context.artifacts / "thumbnails.npy", np.array(pictures, np.uint8))


def _row(frame: Frame, measured: FrameMeasurement | None) -> dict[str, object]:
    matrix = None if frame.matrix is None else frame.matrix.tolist()
    return {"file": str(frame.info.path), "used": frame.matrix is not None and frame.reader is not None,
            "reason": frame.reason, "matrix": matrix, "residual_px": frame.residual,
            "matched_stars": frame.matched_stars, "method": frame.method,
            "stars": measured.star_count if measured else None, "fwhm_px": measured.fwhm if measured else None}
