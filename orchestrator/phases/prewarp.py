"""PREWARP: choose the canvas. Frames are resampled when they are read; no resampled frames are written."""

from __future__ import annotations

import logging

import numpy as np

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import FrameSet
from orchestrator.errors import ConfigError
from orchestrator.io.json_files import write_json
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.canvas import CanvasArea, CanvasPlan, Mode, plan_canvas
from orchestrator.stacking.field_geometry import FieldRotation, Mosaic, field_rotation, mosaic_of
from orchestrator.stacking.output_grid import read_output_grid, write_output_grid
from orchestrator.stacking.state import RunState

__all__ = ["ChannelSplit", "Prewarp"]

logger = logging.getLogger(__name__)

# FWHM in px below which the planes of a CFA mosaic are too coarse to be interpolated without ringing: measured on simulated
# sessions at 3.5 px, where debayering first gave sharper stars and less scatter.
MIN_FWHM_LAST = 4.5
# Fewer frames do not fill the four planes by dithering.
MIN_FRAMES_LAST = 8
# Fraction of the frames that must cover every pixel of an automatic canvas if the field rotates.
AUTO_COVERAGE = 0.5
# Arrays of the whole canvas in memory at once: mean, plain mean, variance, weights, frames, rejected, and copies.
PRODUCTS = 8
# FWHM in px that is assumed if none was measured.
DEFAULT_FWHM = 3.0


def choose_mode(frames: FrameSet, stage: str, fwhm: float, rotation: FieldRotation | None = None,
                transform: str = "auto", depth: float | None = None) -> tuple[Mode, str]:
    """When colours are made, and the reason. ``depth``: frames that cover a typical point of a mosaic of fields."""
    count = len(frames.usable) if depth is None else round(depth)
    if frames.channels == 3:
        return "rgb", "the frames already have three colours"
    if frames.cfa is None:
        return "mono", "mono frames"
    if stage in ("superpixel", "first"):
        return ("superpixel" if stage == "superpixel" else "first"), f"debayer.stage is {stage}"
    if stage in ("last", "none"):
        return "last", f"debayer.stage is {stage}"
    if transform == "integer":
        return "last", "whole-pixel shifts leave the pixels of the mosaic as they are"
    if rotation is not None and rotation.is_large:
        return "first", f"the field rotates by {rotation.span:.1f} deg: the planes of the mosaic are rotated against one another"
    if fwhm < MIN_FWHM_LAST:
        return "first", f"FWHM {fwhm:.2f} px is below {MIN_FWHM_LAST}: the planes of the mosaic are undersampled"
    if count < MIN_FRAMES_LAST:
        return "first", f"{count} frames are too few to fill the planes of the mosaic"
    return "last", f"FWHM {fwhm:.2f} px and {count} frames sample the planes of the mosaic well"


def _check_method(frames: FrameSet, method: str, stage: str) -> None:
    """ConfigError if the frames or settings do not fit reconstruction.method proper or drizzle."""
    if frames.scales_differ:
        raise ConfigError(f"reconstruction.method: {method} needs frames of one pixel scale; these have several (different "
                          "cameras, telescopes or binnings).",
                          "Use reconstruction.method mean, or leave out the nights of other cameras.")
    if method != "drizzle":
        return
    if frames.registered_pixels:
        raise ConfigError("reconstruction.method: drizzle needs frames that have not been resampled.",
                          "Set engine.siril.output to transforms.")
    if stage not in ("auto", "first"):
        raise ConfigError(f"reconstruction.method: drizzle cannot be combined with debayer.stage {stage}.",
                          "Leave debayer.stage at auto.")


class Prewarp(Phase):
    name = "PREWARP"
    settings = ("debayer.stage", "reconstruction.method", "canvas", "registration.max_canvas_growth",
                "registration.max_mosaic_growth", "registration.interpolation", "registration.mount", "registration.transform",
                "registration.match_grid_of")
    uses = ("frames", "measurements")
    makes = ("plan",)

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        frames, config = state.frames, context.config
        fwhm = float(np.median([m.fwhm for m in state.measurements if np.isfinite(m.fwhm)] or [DEFAULT_FWHM]))
        stage: str = config.debayer.stage
        if config.reconstruction.method != "mean":
            _check_method(frames, config.reconstruction.method, stage)
        if config.reconstruction.method == "drizzle":
            stage = "first"  # for rejection; the image itself is made from the CFA pixels
        rotation = field_rotation(frames, config.registration.mount)
        mosaic = mosaic_of(frames)
        mode, reason = choose_mode(frames, stage, fwhm, rotation, config.registration.transform, mosaic.depth if mosaic else None)
        if config.reconstruction.method == "drizzle" and frames.cfa is not None:
            reason = "rejection compares colours; drizzle uses the CFA pixels"
        extent, share, growth = _extent(config, rotation, mosaic)
        other = config.registration.match_grid_of
        box = None if other is None else read_output_grid(other).box
        plan = plan_canvas(frames, mode, CanvasArea(extent, growth, share, box), config.canvas.feather,
                           config.registration.interpolation, reason)
        state.plan = plan
        logger.info("Canvas of %d x %d px, extent %s, mount %s", plan.shape[1], plan.shape[0], extent, rotation.mode)
        logger.info("Debayering: %s (%s)", mode, reason)
        statistics = state.statistics
        if mosaic:
            statistics.mosaic_fields_x, statistics.mosaic_fields_y = mosaic.fields
            statistics.mosaic_frames_deep = mosaic.depth
            if box is None:
                _warn_of_limits(context, frames, plan, mosaic, extent)
        write_output_grid(context.artifacts / "geometry.json", plan, frames.usable[frames.reference_position],
                       state.measurements[frames.reference_position].stars)
        statistics.mount, statistics.mount_reason = rotation.mode, rotation.why
        statistics.field_rotation_deg, statistics.field_rotation_deg_per_hour = round(rotation.span, 3), rotation.rate
        statistics.frame_fwhm_px = round(fwhm, 3)
        summary = {"extent": extent, "crop": f"coverage {share:g}" if share else "none", "mode": rotation.mode,
                   "mosaic": mosaic.text if mosaic else None,
                   "rotation_deg": round(rotation.span, 3), "rotation_deg_per_hour": rotation.rate, "mount": rotation.text,
                   "shape": list(plan.shape), "origin": list(plan.origin)}
        if plan.shape[0] * plan.shape[1] > 1.02 * frames.shape[0] * frames.shape[1]:
            context.events.emit("canvas_growth", frame=list(frames.shape), **summary)
        return PhaseResult(summary=summary)


def _extent(config: RunConfig, rotation: FieldRotation, mosaic: Mosaic | None) -> tuple[str, float, float]:
    """The extent of the canvas, the fraction of the frames that must cover each of its pixels (0: any), and its largest area in
    units of a frame's area."""
    settings, growth = config.canvas, config.registration.max_canvas_growth
    automatic = settings.extent == "auto"
    if mosaic is not None:
        growth = max(growth, config.registration.max_mosaic_growth)
        if automatic:
            return "mosaic" if settings.crop == "auto" else "union", settings.coverage, growth
    extent = ("union" if rotation.is_large else "reference") if automatic else settings.extent
    if settings.crop == "auto":
        return extent, AUTO_COVERAGE if automatic and extent == "union" else 0.0, growth
    return extent, settings.coverage, growth


def _warn_of_limits(context: RunContext, frames: FrameSet, plan: CanvasPlan, mosaic: Mosaic, extent: str) -> None:
    """Warn if the limit makes the canvas smaller than the mosaic, or if its products need more memory than the budget."""
    height, width = frames.shape
    whole, area = mosaic.fields[0] * mosaic.fields[1], plan.shape[0] * plan.shape[1]
    products = PRODUCTS * area * 4 * (3 if frames.cfa or frames.channels == 3 else 1)
    if extent == "mosaic" and area < 0.95 * whole * height * width:
        context.warn(f"The {mosaic.text} has {whole:.1f} times the area of a frame: it is cropped to "
                     f"{area / (height * width):.1f} times, around the reference. Increase registration.max_mosaic_growth to "
                     "keep all of it, if there is enough memory "
                     f"({products * whole * height * width / area / 2**30:.1f} GiB for its products).")
    elif products > context.memory_budget:
        context.warn(f"The products of the {mosaic.text} need {products / 2**30:.1f} GiB of memory, more than the budget of "
                     f"{context.memory_budget / 2**30:.1f} GiB. If memory runs out, decrease registration.max_mosaic_growth or "
                     "set debayer.stage to superpixel.")


class ChannelSplit(Phase):
    """CHANNEL_SPLIT: the channels, which are stacked separately."""

    name = "CHANNEL_SPLIT"
    uses = ("plan",)

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan = state.plan
        summary = {"debayer": plan.mode, "why": plan.reason, "channels": list(plan.channels),
                   "channel_shape": list(plan.channel_shape)}
        write_json(context.artifacts / "prewarp.json",
                   {**summary, "canvas_shape": list(plan.shape), "canvas_origin": list(plan.origin)})
        state.statistics.channels = plan.channels
        return PhaseResult(summary=summary)
