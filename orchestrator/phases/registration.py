"""REGISTRATION: find and check the transform of each frame to the canvas, and measure each frame."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np

from orchestrator.config.postprocessing import SOLVER_SETTINGS
from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import CalibrationResult, Engine, Frame, FrameSet, in_whole_pixels
from orchestrator.engines.measure_frames import measure_frames
from orchestrator.engines.native.added_lights import KnownFrames, register_added
from orchestrator.engines.native.engine import NativeEngine
from orchestrator.engines.native.registration import points_apart, register_native
from orchestrator.engines.transform_file import lens_row, register_given
from orchestrator.engines.wcs_transforms import register_by_wcs
from orchestrator.errors import ConfigError, InputError, ToolError
from orchestrator.io.json_files import write_json
from orchestrator.message import Message
from orchestrator.phases.calibration import calibrate, use_native_instead
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import Session
from orchestrator.stacking.best_reference import (
    clearer_reference,
    shorter_reference,
    with_best_reference,
    with_clear_reference,
    with_finest_reference,
    with_unclipped_reference,
)
from orchestrator.stacking.extension import kept_frames, reader_id
from orchestrator.stacking.field_geometry import mosaic_of, panels_of
from orchestrator.stacking.output_grid import match_output_grid
from orchestrator.stacking.state import RunState
from tilecore.detect.metrics import FrameMeasurement
from tilecore.register.lens import Lens

__all__ = ["Registration", "anchors_outdated"]

logger = logging.getLogger(__name__)

# If another engine leaves out more than this fraction of the lights, the program checks whether they are panels of a mosaic.
MAX_LEFT_OUT = 0.1
NOT_EXTENDED = ("The stack is made from all lights, although stacking.extend is set: that needs the native engine, and the "
                "lights and masters of the earlier stack as they were. To a mosaic at most a fifth as many lights can be "
                "added, at its pointings, with stars that fit.")


class Registration(Phase):
    name = "REGISTRATION"
    # Without astrometry.solver, which matters for mosaics only: the record of the solver decides (anchors_outdated).
    settings = ("registration", "engine.siril", "input.min_frames", "input.allow_emergency_mode", "stacking.trails",
                "input.workflow", "mosaic.solve", "stacking.extend", *(f"astrometry.{name}" for name in SOLVER_SETTINGS))
    uses = ("session", "engine", "calibrated")
    makes = ("frames", "measurements", "frame_ids", "kept")
    pixels = True
    reuses_previous = True

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        given = context.config.registration.transforms
        extended = self._extended(context, state)
        frames = extended or self._registered(context, state)
        if context.config.registration.transform == "integer":
            frames = _whole_pixels(frames, context)
        refused = [f for f in frames.frames if f.matrix is None or f.reader is None]
        for frame in refused:
            context.warn(Message("{info} is left out: {reason}", info=frame.info.path.name,
                                 reason=frame.reason), path=str(frame.info.path))
        _enough(frames, context)
        state.measurements = _measurements(frames, state.engine, context)
        if extended is None:
            frames = _with_reference(frames, context, state, given=given is not None)
        _warn_of_haze(frames, state.measurements, context)
        state.frames = frames = replace(frames, workflow=context.config.input.workflow)
        state.frame_ids = tuple(reader_id(f.reader) if frames.engine == "native" else "" for f in frames.usable)
        state.kept = None if extended is None else kept_frames(context.earlier("frame_ids"), state.frame_ids)
        measured = _by_light(frames, state.engine, state.measurements)
        rows = [_row(f, m) for f, m in zip(frames.frames, measured, strict=True)]
        _save_thumbnails(context, measured)
        write_json(context.artifacts / "registration.json",
                   {"engine": frames.engine, "reference": frames.frames[frames.reference].info.path.name,
                    "reference_file": str(frames.frames[frames.reference].info.path),
                    "top_down": frames.frames[frames.reference].info.top_down,
                    "held_out_px": frames.held_out if np.isfinite(frames.held_out) else None,
                    "cameras": _cameras(frames), "anchors": [frames.frames[i].info.path.name for i in frames.anchors],
                    "solver": _solver_of_anchors(frames, context),
                    "frames": rows})
        residuals = [f.residual for f in frames.usable if np.isfinite(f.residual)]
        state.statistics.frames_used, state.statistics.frames_left_out = len(frames.usable), len(refused)
        summary: dict[str, object] = {"used": len(frames.usable), "left_out": len(refused),
                                      "reference": frames.frames[frames.reference].info.path.name}
        if residuals:
            summary["median_residual_px"] = median_residual = round(float(np.median(residuals)), 4)
            state.statistics.registration_residual_px = median_residual
        if np.isfinite(frames.held_out):
            state.statistics.registration_held_out_px = round(frames.held_out, 4)
        if frames.anchors:
            state.statistics.anchors = summary["anchors"] = len(frames.anchors)
        lenses = [f.lens.largest for f in frames.usable if f.lens is not None]
        state.statistics.lens_displacement_px = round(max(lenses), 3) if lenses else None
        return PhaseResult(summary=summary)

    @staticmethod
    def _registered(context: RunContext, state: RunState) -> FrameSet:
        """All lights, registered by the engine or with given transforms."""
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
            state.statistics.engine = state.engine.name
            frames = state.engine.register(state.session, state.calibrated, context)
        if given is None and context.config.input.workflow == "master_tiles":
            frames = _all_tiles(frames, state.session, state.calibrated, context)
        return frames

    @staticmethod
    def _extended(context: RunContext, state: RunState) -> FrameSet | None:
        """The frames of the earlier stack as they were, and the added lights; None if no stack is extended."""
        if not context.config.stacking.extend or context.config.registration.transforms is not None:
            return None
        before, measurements, ids = (context.earlier(name) for name in ("frames", "measurements", "frame_ids"))
        engine = state.engine
        if isinstance(engine, NativeEngine) and before is not None:
            now = tuple(map(reader_id, state.calibrated.readers))
            panels = None if mosaic_of(before) is None else panels_of(before)
            known = KnownFrames(before, measurements, ids, now, panels)
            found = register_added(state.session, state.calibrated, known, context)
            if found is not None:
                frames, engine.measurements = found
                return frames
        if before is not None:
            context.events.emit("note", message=NOT_EXTENDED)
        return None


def _with_reference(frames: FrameSet, context: RunContext, state: RunState, *, given: bool) -> FrameSet:
    """The frames with the best reference, or on the grid of another run; ``given`` transforms keep theirs."""
    settings, measurements = context.config.registration, state.measurements
    if not given and settings.reference == "auto":
        frames = with_clear_reference(frames, measurements)
    if settings.match_grid_of is not None:
        return match_output_grid(frames, measurements, settings.match_grid_of, settings)
    if not given and settings.reference == "auto" and settings.transform != "integer":
        frames = with_finest_reference(frames, measurements)
        night_of = state.session.night_of
        frames = with_best_reference(frames, measurements, [night_of[f.index] for f in frames.usable])
        frames = with_unclipped_reference(frames, measurements)
        if frames.registered_pixels:
            _warn_of_clipping(frames, measurements, context)
    return frames


def _solver_of_anchors(frames: FrameSet, context: RunContext) -> str | None:
    """The setting by which lights of a mosaic were to be plate solved; None if none were."""
    wanted = context.config.mosaic.solve != "none" and mosaic_of(frames) is not None
    return context.config.astrometry.solver if wanted else None


def anchors_outdated(artifacts: Path, config: RunConfig) -> str:
    """Why the lights of a mosaic whose registration is recorded in ``artifacts`` must be plate solved again; "" if not."""
    try:
        solver = json.loads((artifacts / "registration.json").read_bytes())["solver"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    wanted = config.astrometry.solver
    if solver in (None, wanted):
        return ""
    return Message("the lights of the mosaic were solved with astrometry.solver {solver}, not {wanted}", solver=solver,
                   wanted=wanted)


def _register(engine: Engine, session: Session, calibrated: CalibrationResult, context: RunContext) -> FrameSet:
    """Register all lights to one reference. Frames of several sizes are registered natively by every engine."""
    if engine.name == "native":
        return engine.register(session, calibrated, context)
    pixels = context.config.engine.siril.output == "frames"
    if len({light.shape for light in session.lights}) == 1:
        # Siril matches each light to one reference, and leaves out panels that share too little with it.
        native = _native_mosaic(session, calibrated, context) if not pixels and points_apart(session) else None
        frames = native or _whole_mosaic(engine.register(session, calibrated, context), session, calibrated, context)
        return replace(frames, engine=engine.name)
    if pixels:
        raise ConfigError("engine.siril.output: frames needs lights of one size; the nights have several.",
                          "Set engine.siril.output to transforms.")
    return replace(register_native(session, calibrated, context)[0], engine=engine.name)


def _warn_of_clipping(frames: FrameSet, measurements: tuple[FrameMeasurement, ...], context: RunContext) -> None:
    """Warn if pixels that are on the canvas of their reference have the scale of one that clips what others record."""
    shorter, reference = shorter_reference(frames, measurements), frames.frames[frames.reference].info
    if shorter is not None:
        context.warn(Message("The reference {reference} ({exposure:g} s) clips light that shorter exposures record; in its "
                             "scale the stack clips it, too. Use --set registration.reference={info}, or --set "
                             "engine.siril.output=transforms.", reference=reference.path.name,
                             exposure=reference.exposure or 0, info=shorter.info.path.name))


def _warn_of_haze(frames: FrameSet, measurements: tuple[FrameMeasurement, ...], context: RunContext) -> None:
    """Warn if the reference, whose scale the stack has, is hazy: one that was named, or that Siril has put the pixels on."""
    if (clearer := clearer_reference(frames, measurements)) is not None:
        name = frames.frames[frames.reference].info.path.name
        context.warn(Message("The reference {name} has {clearer:.0f} % of the light of the clearest frames, and the fluxes of "
                             "the stack are in its scale. Use --set registration.reference={info}.", name=name,
                             clearer=100 * clearer[1], info=clearer[0].info.path.name))


def _whole_mosaic(frames: FrameSet, session: Session, calibrated: CalibrationResult, context: RunContext) -> FrameSet:
    """The frames of another engine, or those of the native one if they are panels of a mosaic and it registers as many."""
    readable = sum(reader is not None for reader in calibrated.readers)
    complete = len(frames.usable) > (1 - MAX_LEFT_OUT) * readable
    if frames.registered_pixels or (complete and mosaic_of(frames) is None):
        return frames
    native = _native_mosaic(session, calibrated, context)
    if native is None or len(native.usable) < len(frames.usable):
        return frames
    logger.info("Siril registered %d of %d lights, native registration %d", len(frames.usable), readable, len(native.usable))
    return native


def _native_mosaic(session: Session, calibrated: CalibrationResult, context: RunContext) -> FrameSet | None:
    """The frames as the native engine registers them; None if they are not panels of a mosaic, or cannot be registered."""
    try:
        frames = register_native(session, calibrated, context)[0]
    except InputError:
        return None
    if mosaic_of(frames) is None:
        return None
    context.events.emit("note", message=Message("The lights are panels of a mosaic: {count} of {count2} are registered on the "
                                                "sky by the native engine.", count=len(frames.usable),
                                                count2=len(frames.frames)))
    return frames


def _all_tiles(frames: FrameSet, session: Session, calibrated: CalibrationResult, context: RunContext) -> FrameSet:
    """The master tiles: placed by their WCS if that places more of them than the stars that they share."""
    readable = sum(reader is not None for reader in calibrated.readers)
    if len(frames.usable) == readable or (placed := register_by_wcs(session, calibrated, frames)) is None:
        return frames
    context.warn(Message("{readable} of {readable2} master tiles share too few stars with the others: all are placed by the "
                         "WCS in their headers.", readable=readable - len(frames.usable), readable2=readable))
    return placed


def _whole_pixels(frames: FrameSet, context: RunContext) -> FrameSet:
    """The frames shifted by whole pixels; a warning gives the rounding error."""
    if frames.registered_pixels:
        raise ConfigError("registration.transform: integer cannot be combined with engine.siril.output: frames.",
                          "Set engine.siril.output to transforms.")
    rounded = in_whole_pixels(frames)
    errors = [f.residual for f in rounded.usable if np.isfinite(f.residual)]
    if errors:
        context.warn(Message("Frames are shifted by whole pixels: stars are misplaced by {errors:.2f} px (median), "
                             "{errors2:.2f} px at most.", errors=np.median(errors), errors2=max(errors)))
    return rounded


def _check_given(engine: str, context: RunContext) -> None:
    if engine == "siril" and context.config.engine.siril.output == "frames":
        raise ConfigError("registration.transforms cannot be combined with engine.siril.output: frames.",
                          "Set engine.siril.output to transforms.")


def _enough(frames: FrameSet, context: RunContext) -> None:
    """InputError if fewer than input.min_frames frames are usable."""
    settings, usable = context.config.input, len(frames.usable)
    if usable >= settings.min_frames or (settings.allow_emergency_mode and usable):
        if usable < settings.min_frames:
            context.warn(Message("Emergency mode: only {usable} frames could be used.", usable=usable))
        return
    reasons = "; ".join(sorted({f.reason for f in frames.frames if f.reason})[:3])
    raise InputError(
        Message("Only {usable} of {count} lights could be registered, {min_frames} are needed ({reasons}).", usable=usable,
                count=len(frames.frames), min_frames=settings.min_frames, reasons=reasons),
        "See artifacts/registration.json. Add frames, or use --set input.allow_emergency_mode=true.")


def _measurements(frames: FrameSet, engine: object, context: RunContext) -> tuple[FrameMeasurement, ...]:
    """Background, noise and stars of each usable frame, from the native engine if it has measured them."""
    known = engine.measurements if isinstance(engine, NativeEngine) else None
    if known is not None:
        found = [known[f.index] for f in frames.usable]
        if all(m is not None for m in found):
            return tuple(m for m in found if m is not None)

    readers = [f.pixels for f in frames.usable]
    result = []
    for frame, item in zip(frames.usable, measure_frames(context, readers, frames.cfa, "measuring"), strict=True):
        if isinstance(item, str):
            raise InputError(Message("{info} could not be measured: {item}", info=frame.info.path.name,
                                     item=item), "Remove it from the session.")
        result.append(item)
    return tuple(result)


def _by_light(frames: FrameSet, engine: object,
              measurements: tuple[FrameMeasurement, ...]) -> list[FrameMeasurement | None]:
    """The measurement of each light, if known also of those that are left out."""
    known = engine.measurements if isinstance(engine, NativeEngine) else None
    if known is not None and len(known) == len(frames.frames):
        return list(known)
    by_index = {f.index: m for f, m in zip(frames.usable, measurements, strict=True)}
    return [by_index.get(f.index) for f in frames.frames]


def _save_thumbnails(context: RunContext, measured: list[FrameMeasurement | None]) -> None:
    """thumbnails.npy: (lights, rows, columns) uint8, black for a light that could not be read."""
    pictures = [m.thumbnail if m is not None else np.zeros((0, 0), np.uint8) for m in measured]
    shape = max((p.shape for p in pictures), default=(0, 0))
    pictures = [p if p.shape == shape else np.zeros(shape, np.uint8) for p in pictures]
    np.save(context.artifacts / "thumbnails.npy", np.array(pictures, np.uint8))


def _cameras(frames: FrameSet) -> list[dict[str, object]]:
    """The lenses of the usable frames (:class:`tilecore.register.lens.Lens`): each lens with the numbers of its frames."""
    found: list[tuple[Lens, list[int]]] = []
    for frame in frames.usable:
        if frame.lens is None:
            continue
        same = next((members for lens, members in found if lens.centre == frame.lens.centre and lens.radius == frame.lens.radius
                     and np.array_equal(lens.terms, frame.lens.terms)), None)
        if same is None:
            found.append((frame.lens, [frame.index]))
        else:
            same.append(frame.index)
    return [{"frames": members, "centre": list(lens.centre), "radius_px": lens.radius, "terms_px": lens.terms.tolist(),
             "largest_displacement_px": lens.largest} for lens, members in found]


def _row(frame: Frame, measured: FrameMeasurement | None) -> dict[str, object]:
    matrix = None if frame.matrix is None else frame.matrix.tolist()
    return {"file": str(frame.info.path), "used": frame.matrix is not None and frame.reader is not None,
            "reason": frame.reason, "matrix": matrix, "lens": lens_row(frame.lens), "residual_px": frame.residual,
            "matched_stars": frame.matched_stars, "method": frame.method, "wcs": frame.wcs.splitlines(),
            "stars": measured.star_count if measured else None, "fwhm_px": measured.fwhm if measured else None}
