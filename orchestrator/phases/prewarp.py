"""PREWARP: choose the canvas. Frames are warped while they are read; nothing is written."""

from __future__ import annotations

import numpy as np

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import FrameSet
from orchestrator.errors import ConfigError
from orchestrator.io.json_files import write_json
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.canvas import CanvasPlan, Mode, plan_canvas
from orchestrator.stacking.field_geometry import FieldRotation, Mosaic, field_rotation, mosaic_of
from orchestrator.stacking.output_grid import read_geometry, write_geometry
from orchestrator.stacking.state import RunState

__all__ = ["ChannelSplit", "Prewarp"]

# Below this FWHM (px) the planes of the mosaic are too coarse to be interpolated without ringing: measured on simulated
# sessions at 3.5 px, where demosaicing first gave sharper stars and less scatter.
MIN_FWHM_LAST = 4.5
# Fewer frames do not fill the four planes by dithering.
MIN_FRAMES_LAST = 8


# Where the canvas is chosen by itself and frames are turned, it ends where fewer than so many of them see the sky.
AUTO_COVERAGE = 0.5
# Arrays of the whole canvas that are in memory at once: mean, plain mean, variance, weights, frames, rejected, and copies.
PRODUCTS = 8


def choose_mode(frames: FrameSet, when: str, fwhm: float, rotation: FieldRotation | None = None,
                transform: str = "auto", depth: float | None = None) -> tuple[Mode, str]:
    """How colour is made, and why. ``depth``: how many frames see a place, where not all do."""
    count = len(frames.usable) if depth is None else round(depth)
    if frames.channels == 3:
        return "rgb", "the frames have three colours already"
    if frames.cfa is None:
        return "mono", "mono frames"
    if when == "superpixel":
        return "superpixel", "asked for"
    if when == "first":
        return "first", "asked for"
    if when in ("last", "none"):
        return "last", "asked for"
    if transform == "integer":
        return "last", "whole-pixel shifts leave the pixels of the mosaic as they are"
    if rotation is not None and rotation.is_large:
        return "first", f"the field turns by {rotation.span:.1f} deg: the planes of the mosaic turn against one another"
    if fwhm < MIN_FWHM_LAST:
        return "first", f"FWHM {fwhm:.2f} px is below {MIN_FWHM_LAST}: the planes of the mosaic are undersampled"
    if count < MIN_FRAMES_LAST:
        return "first", f"{count} frames are too few to fill the planes of the mosaic"
    return "last", f"FWHM {fwhm:.2f} px and {count} frames sample the planes of the mosaic well"


def _check_method(frames: FrameSet, method: str, when: str) -> None:
    if frames.scales_differ:
        raise ConfigError(f"reconstruction.method: {method} takes frames of one pixel scale, these have several (other cameras, "
                          "telescopes or binnings).", "Use reconstruction.method mean, or leave the other camera's nights out.")
    if method != "drizzle":
        return
    if frames.registered_pixels:
        raise ConfigError("reconstruction.method: drizzle needs frames that are not resampled yet.",
                          "Set engine.siril.output to transforms.")
    if when not in ("auto", "first"):
        raise ConfigError(f"reconstruction.method: drizzle does not go with debayer.when {when}.", "Leave debayer.when at auto.")


class Prewarp(Phase):
    name = "PREWARP"
    settings = ("debayer.when", "reconstruction.method", "canvas", "registration.max_canvas_growth",
                "registration.max_mosaic_growth", "registration.interpolation", "registration.mount", "registration.transform",
                "registration.onto")
    uses = ("frames", "measurements")
    makes = ("plan",)

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        frames, config = state.frames, context.config
        assert frames is not None
        fwhm = float(np.median([m.fwhm for m in state.measurements if np.isfinite(m.fwhm)] or [3.0]))
        when = config.debayer.when
        if config.reconstruction.method != "mean":
            _check_method(frames, config.reconstruction.method, when)
        if config.reconstruction.method == "drizzle":
            when = "first"  # for rejection; the picture itself is made from the mosaic
        rotation = field_rotation(frames, config.registration.mount)
        mosaic = mosaic_of(frames)
        mode, reason = choose_mode(frames, when, fwhm, rotation, config.registration.transform, mosaic.depth if mosaic else None)
        if config.reconstruction.method == "drizzle" and frames.cfa is not None:
            reason = "rejection looks at colours; drizzle takes the pixels of the mosaic"
        extent, share, growth = _extent(config, rotation, mosaic)
        onto = None if config.registration.onto is None else read_geometry(config.registration.onto)
        plan = plan_canvas(frames, mode, extent, growth, config.canvas.feather,
                           config.registration.interpolation, reason, share, onto.box if onto else None)
        state.plan = plan
        if mosaic:
            state.statistics["mosaic"] = mosaic.text
            if onto is None:
                _tell_of_limits(context, frames, plan, mosaic, extent)
        write_geometry(context.artifacts / "geometry.json", plan, frames.usable[frames.reference_position],
                       state.measurements[frames.reference_position].stars)
        state.statistics["mount"] = rotation.text
        state.statistics["frame FWHM, median (px)"] = round(fwhm, 3)
        summary = {"extent": extent, "crop": f"coverage {share:g}" if share else "none", "mode": rotation.mode,
                   "mosaic": mosaic.text if mosaic else None,
                   "rotation_deg": round(rotation.span, 3), "rotation_deg_per_hour": rotation.rate, "mount": rotation.text,
                   "shape": list(plan.shape), "origin": list(plan.origin)}
        if plan.shape[0] * plan.shape[1] > 1.02 * frames.shape[0] * frames.shape[1]:
            context.events.emit("canvas_growth", frame=list(frames.shape), **summary)
        return PhaseResult(summary=summary)


def _extent(config: RunConfig, rotation: FieldRotation, mosaic: Mosaic | None) -> tuple[str, float, float]:
    """Which frames the canvas holds, which share of them must see each of its pixels (0: no matter), and how many times a
    frame's area it may have."""
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


def _tell_of_limits(context: RunContext, frames: FrameSet, plan: CanvasPlan, mosaic: Mosaic, extent: str) -> None:
    """Say where the canvas is smaller than the mosaic for its limit, and what the products of a large one take."""
    height, width = frames.shape
    whole, area = mosaic.fields[0] * mosaic.fields[1], plan.shape[0] * plan.shape[1]
    products = PRODUCTS * area * 4 * (3 if frames.cfa or frames.channels == 3 else 1)
    if extent == "mosaic" and area < 0.95 * whole * height * width:
        context.warn(f"The {mosaic.text} has {whole:.1f} times the area of a frame: it is cut to {area / (height * width):.1f} "
                     "times, around the reference. Set registration.max_mosaic_growth higher to keep all of it, where memory "
                     f"allows ({products * whole * height * width / area / 2**30:.1f} GiB for its products).")
    elif products > context.memory_budget:
        context.warn(f"The products of the {mosaic.text} take {products / 2**30:.1f} GiB of memory, more than the budget of "
                     f"{context.memory_budget / 2**30:.1f} GiB: where memory runs out, set registration.max_mosaic_growth lower "
                     "or debayer.when to superpixel.")


class ChannelSplit(Phase):
    """CHANNEL_SPLIT: the channels that are stacked, each on its own."""

    name = "CHANNEL_SPLIT"
    uses = ("plan",)

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan: CanvasPlan | None = state.plan
        assert plan is not None
        summary = {"debayer": plan.mode, "why": plan.reason, "channels": list(plan.channels),
                   "channel_shape": list(plan.channel_shape)}
        write_json(context.artifacts / "prewarp.json",
                   {**summary, "canvas_shape": list(plan.shape), "canvas_origin": list(plan.origin)})
        state.statistics["channels"] = "/".join(plan.channels)
        return PhaseResult(summary=summary)
