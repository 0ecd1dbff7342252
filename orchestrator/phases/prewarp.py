"""PREWARP: choose the canvas. Frames are warped while they are read; nothing is written."""

from __future__ import annotations

import numpy as np

from orchestrator.engines.base import FrameSet
from orchestrator.errors import ConfigError
from orchestrator.phases.canvas import CanvasPlan, Mode, plan_canvas
from orchestrator.phases.geometry import read_geometry, write_geometry
from orchestrator.phases.state import Phase, PhaseResult, RunState
from orchestrator.run.artifacts import write_json
from orchestrator.run.context import RunContext

__all__ = ["ChannelSplit", "Prewarp"]

# Below this FWHM (px) the planes of the mosaic are too coarse to be interpolated without ringing: measured on simulated
# sessions at 3.5 px, where demosaicing first gave sharper stars and less scatter.
MIN_FWHM_LAST = 4.5
# Fewer frames do not fill the four planes by dithering.
MIN_FRAMES_LAST = 8


def choose_mode(frames: FrameSet, when: str, fwhm: float) -> tuple[Mode, str]:
    """How colour is made, and why."""
    if frames.channels == 3:
        return "rgb", "the frames have three colours already"
    if frames.cfa is None:
        return "mono", "mono frames"
    if when == "superpixel":
        return "superpixel", "asked for"
    if when == "first":
        return "first", "asked for"
    if when == "last":
        return "last", "asked for"
    if fwhm < MIN_FWHM_LAST:
        return "first", f"FWHM {fwhm:.2f} px is below {MIN_FWHM_LAST}: the planes of the mosaic are undersampled"
    if len(frames.usable) < MIN_FRAMES_LAST:
        return "first", f"{len(frames.usable)} frames are too few to fill the planes of the mosaic"
    return "last", f"FWHM {fwhm:.2f} px and {len(frames.usable)} frames sample the planes of the mosaic well"


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
    settings = ("debayer.when", "reconstruction.method", "canvas", "registration.max_canvas_growth", "registration.interpolation",
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
        mode, reason = choose_mode(frames, when, fwhm)
        if config.reconstruction.method == "drizzle" and frames.cfa is not None:
            reason = "rejection looks at colours; drizzle takes the pixels of the mosaic"
        onto = None if config.registration.onto is None else read_geometry(config.registration.onto)
        plan = plan_canvas(frames, mode, config.canvas.extent, config.registration.max_canvas_growth,
                           config.canvas.feather, config.registration.interpolation, reason, onto.box if onto else None)
        state.plan = plan
        write_geometry(context.artifacts / "geometry.json", plan, frames.usable[frames.reference_position],
                       state.measurements[frames.reference_position].stars)
        state.statistics["frame FWHM, median (px)"] = round(fwhm, 3)
        summary = {"extent": config.canvas.extent, "shape": list(plan.shape), "origin": list(plan.origin)}
        if plan.shape[0] * plan.shape[1] > 1.02 * frames.shape[0] * frames.shape[1]:
            context.events.emit("canvas_growth", frame=list(frames.shape), **summary)
        return PhaseResult(summary=summary)


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
