"""PREWARP: choose the canvas. Frames are resampled when they are read; no resampled frames are written."""

from __future__ import annotations

import logging
import shutil

import numpy as np
import psutil

from orchestrator.config.postprocessing import SOLVER_SETTINGS
from orchestrator.engines.base import FrameSet
from orchestrator.errors import ConfigError
from orchestrator.io.json_files import write_json
from orchestrator.message import Message
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.session.stack_plan import write_plan
from orchestrator.stacking.canvas import CanvasPlan, Mode
from orchestrator.stacking.canvas_extent import CanvasArea, plan_canvas
from orchestrator.stacking.field_geometry import (
    LARGE_ROTATION,
    RIM_FRAMES,
    FieldRotation,
    Mosaic,
    field_rotation,
    mosaic_of,
    panels_of,
    reference_share,
    thin_panels,
)
from orchestrator.stacking.footprints import write_footprints
from orchestrator.stacking.frame_files import write_frame_files
from orchestrator.stacking.frame_information import frame_information
from orchestrator.stacking.output_grid import read_output_grid, write_output_grid
from orchestrator.stacking.sky_canvas import sky_canvas
from orchestrator.stacking.star_colours import with_star_light
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
# Part of the reference's field that must have AUTO_COVERAGE of the information, if it is to be the canvas of turned frames;
# dithers cost the rest.
MOST_OF_THE_FIELD = 0.85
# Share of the reference's field from which it is reported that the canvas lacks it.
LEAST_CUT = 0.01
# Arrays of the whole canvas on the disk: mean, plain mean, variance, weights, frames, rejected, and copies.
PRODUCTS = 8
# Share of the free disk that they may take.
DISK_SHARE = 0.9
# Memory (bytes) for each pixel of the canvas that all phases take at most; measured on 33 and 268 megapixels, with some margin.
BYTES_IN_MEMORY = 2
# Frames of a thin panel that are named.
NAMED = 3
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
        return ("superpixel" if stage == "superpixel" else "first"), Message("debayer.stage is {stage}", stage=stage)
    if stage in ("last", "none"):
        return "last", Message("debayer.stage is {stage}", stage=stage)
    if transform == "integer":
        return "last", "whole-pixel shifts leave the pixels of the mosaic as they are"
    if rotation is not None and rotation.is_large:
        return "first", Message("the field rotates by {largest:.1f} deg: the planes of the mosaic are rotated against one "
                                "another", largest=rotation.largest)
    if fwhm < MIN_FWHM_LAST:
        return "first", Message("FWHM {fwhm:.2f} px is below {min_fwhm_last}: the planes of the mosaic are undersampled",
                                fwhm=fwhm, min_fwhm_last=MIN_FWHM_LAST)
    if count < MIN_FRAMES_LAST:
        return "first", Message("{count} frames are too few to fill the planes of the mosaic", count=count)
    return "last", Message("FWHM {fwhm:.2f} px and {count} frames sample the planes of the mosaic well", fwhm=fwhm, count=count)


def _check_method(frames: FrameSet, method: str, stage: str) -> None:
    """ConfigError if the frames or settings do not fit reconstruction.method proper or drizzle."""
    if frames.scales_differ:
        raise ConfigError(Message("reconstruction.method: {method} needs frames of one pixel scale; these have several "
                                  "(different cameras, telescopes or binnings).", method=method),
                          "Use reconstruction.method mean, or leave out the nights of other cameras.")
    if method != "drizzle":
        return
    if frames.registered_pixels:
        raise ConfigError("reconstruction.method: drizzle needs frames that have not been resampled.",
                          "Set engine.siril.output to transforms.")
    if stage not in ("auto", "first"):
        raise ConfigError(Message("reconstruction.method: drizzle cannot be combined with debayer.stage {stage}.", stage=stage),
                          "Leave debayer.stage at auto.")


class Prewarp(Phase):
    name = "PREWARP"
    # Without astrometry.solver, as REGISTRATION.
    settings = ("debayer.stage", "reconstruction.method", "canvas", "registration.max_canvas_growth",
                "registration.max_mosaic_growth", "registration.interpolation", "registration.mount", "registration.transform",
                "registration.match_grid_of", "mosaic", "input.workflow",
                "output.stack_plan", "engine.siril.executable", *(f"astrometry.{name}" for name in SOLVER_SETTINGS))
    uses = ("session", "frames", "measurements", "kept")
    makes = ("plan",)
    reuses_previous = True
    pixels = True  # the header of the reference and, to plate solve it, its pixels

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        frames, config = state.frames, context.config
        fwhm = float(np.median([m.fwhm for m in state.measurements if np.isfinite(m.fwhm)] or [DEFAULT_FWHM]))
        stage: str = config.debayer.stage
        if config.reconstruction.method != "mean":
            _check_method(frames, config.reconstruction.method, stage)
        if config.reconstruction.method == "drizzle":
            stage = "first"  # for rejection; the image itself is made from the CFA pixels
        rotation = field_rotation(frames, config.registration.mount, state.nights)
        mosaic = mosaic_of(frames)
        mode, reason = choose_mode(frames, stage, fwhm, rotation, config.registration.transform, mosaic.depth if mosaic else None)
        if config.reconstruction.method == "drizzle" and frames.cfa is not None:
            reason = "rejection compares colours; drizzle uses the CFA pixels"
        information = frame_information(frames, state.measurements).tolist()
        extent, share, growth = _extent(context, frames, rotation, mosaic, whole=rotation.turns_steadily or (
            config.registration.mount != "equatorial"
            and reference_share(frames, AUTO_COVERAGE, information) < MOST_OF_THE_FIELD))
        other = config.registration.match_grid_of
        box, sky = None, None
        if other is not None:
            grid = read_output_grid(other)
            box, sky = grid.box, grid.sky
        elif (projected := sky_canvas(context, frames)) is not None:
            sky, box = projected
        plan = plan_canvas(frames, mode, CanvasArea(extent, growth, share, box, tuple(information), sky,
                                                    config.canvas.crop_margin), config.canvas.feather,
                           config.registration.interpolation, reason)
        if mode in ("first", "last"):
            position = frames.reference_position
            plan = with_star_light(plan, frames.usable[position], state.measurements[position])
        if state.kept is not None:
            plan = context.earlier("plan") or plan
        state.plan = plan
        logger.info("Canvas of %d x %d px, extent %s, mount %s", plan.shape[1], plan.shape[0], extent, rotation.mode)
        logger.info("Debayering: %s (%s)", mode, reason)
        statistics = state.statistics
        if mosaic:
            statistics.mosaic_fields_x, statistics.mosaic_fields_y = mosaic.fields
            statistics.mosaic_frames_deep = mosaic.depth
            if box is None:
                _warn_of_limits(context, frames, plan, mosaic, extent)
            if config.input.workflow != "master_tiles":
                _name_thin_panels(context, frames, mosaic)
        if config.output.stack_plan:
            groups = (panels_of(frames) + 1).tolist()
            path = state.products["stack_plan"] = context.outputs / "stack_plan.csv"
            write_plan(path, [f.info for f in frames.usable], groups, rotation.mode)
        write_footprints(context.artifacts / "mosaic.json", frames, plan, mosaic)
        write_output_grid(context.artifacts / "geometry.json", plan, frames, state.measurements)
        statistics.mount, statistics.mount_reason = rotation.mode, rotation.why
        statistics.field_rotation_deg, statistics.field_rotation_deg_per_hour = round(rotation.span, 3), rotation.rate
        statistics.sittings_apart_deg = round(rotation.apart, 3) if rotation.apart > LARGE_ROTATION else None
        cut = 0.0 if box is not None or sky is not None or frames.registered_pixels else _cut(frames, plan)
        statistics.reference_cut_share = round(cut, 4) if cut > LEAST_CUT else None
        statistics.frame_fwhm_px = round(fwhm, 3)
        summary = {"extent": extent, "crop": f"coverage {share:g}" if share else "none", "mode": rotation.mode,
                   "mosaic": mosaic.text if mosaic else None,
                   "rotation_deg": round(rotation.span, 3), "rotation_deg_per_hour": rotation.rate, "mount": rotation.text,
                   "reference_cut_share": cut, "shape": list(plan.shape), "origin": list(plan.origin)}
        if plan.shape[0] * plan.shape[1] > 1.02 * frames.shape[0] * frames.shape[1]:
            context.events.emit("canvas_growth", frame=list(frames.shape), **summary)
        return PhaseResult(summary=summary)


def _extent(context: RunContext, frames: FrameSet, rotation: FieldRotation, mosaic: Mosaic | None, *,
            whole: bool) -> tuple[str, float, float]:
    """The extent of the canvas, the fraction of the frames that must cover each of its pixels (0: any), and its largest area in
    units of a frame's area. ``whole``: whether turned frames need a canvas other than that of the reference."""
    config = context.config
    settings, growth = config.canvas, config.registration.max_canvas_growth
    automatic = settings.extent == "auto"
    if mosaic is not None:
        growth = max(growth, config.registration.max_mosaic_growth or min(_room(context, frames)))
        if automatic:
            # Finished stacks have no rims that few frames cover.
            rims = settings.crop == "auto" and config.input.workflow != "master_tiles"
            return "mosaic" if rims else "union", settings.coverage, growth
    extent = ("union" if rotation.is_large and whole else "reference") if automatic else settings.extent
    if settings.crop == "auto":
        return extent, AUTO_COVERAGE if automatic and extent == "union" else 0.0, growth
    return extent, settings.coverage, growth


def _room(context: RunContext, frames: FrameSet) -> tuple[float, float]:
    """Areas of a canvas, in units of a frame's area, for which there is room on the disk, and in the memory of this computer."""
    area = frames.shape[0] * frames.shape[1]
    channels = 3 if frames.cfa or frames.channels == 3 else 1
    free, memory = shutil.disk_usage(context.outputs).free, psutil.virtual_memory().total
    return DISK_SHARE * free / (PRODUCTS * 4 * channels * area), memory / (BYTES_IN_MEMORY * area)


def _cut(frames: FrameSet, plan: CanvasPlan) -> float:
    """Share of the field of the reference frame that is not on the canvas."""
    height, width = frames.shape
    (x, y), (rows, columns) = plan.origin, plan.shape
    inside = max(min(x + columns, width) - max(x, 0), 0) * max(min(y + rows, height) - max(y, 0), 0)
    return 1 - inside / (height * width)


def _warn_of_limits(context: RunContext, frames: FrameSet, plan: CanvasPlan, mosaic: Mosaic, extent: str) -> None:
    """Warn if the limit makes the canvas smaller than the mosaic, or if there is less room on the disk than its products take."""
    height, width = frames.shape
    # The pixels of a projection may be larger or smaller than those of the frames.
    whole = mosaic.fields[0] * mosaic.fields[1] * (1.0 if plan.sky is None else plan.sky.magnification**2)
    area = plan.shape[0] * plan.shape[1]
    products = PRODUCTS * area * 4 * (3 if frames.cfa or frames.channels == 3 else 1)
    free = shutil.disk_usage(context.outputs).free
    margin = 2 * context.config.canvas.crop_margin
    uncut = (plan.shape[0] + margin) * (plan.shape[1] + margin)
    if extent == "mosaic" and uncut < 0.95 * whole * height * width:
        needed = products * whole * height * width / area / 2**30
        remedy = Message("Increase registration.max_mosaic_growth to keep all of it ({needed:.1f} GiB on the disk for its "
                         "products).", needed=needed)
        if context.config.registration.max_mosaic_growth is None:
            memory = BYTES_IN_MEMORY * whole * height * width / 2**30
            remedy = Message("All of it needs {needed:.1f} GiB on the disk for its products ({free:.1f} GiB are free at "
                             "{outputs}) and {memory:.1f} GiB of memory: make room, or set mosaic.scale to larger pixels; "
                             "registration.max_mosaic_growth overrides this limit.", needed=needed, free=free / 2 ** 30,
                             outputs=context.outputs, memory=memory)
        context.warn(Message("The {mosaic} has {whole:.1f} times the area of a frame: it is cropped to {area:.1f} times, "
                             "around the reference. {remedy}", mosaic=mosaic.text, whole=whole, area=area / (height * width),
                             remedy=remedy))
    elif products > free:
        context.warn(Message("The products of the {mosaic} take {products:.1f} GiB on the disk; {free:.1f} GiB are free at "
                             "{outputs}. Free some, decrease registration.max_mosaic_growth, or set debayer.stage to "
                             "superpixel.", mosaic=mosaic.text, products=products / 2 ** 30, free=free / 2 ** 30,
                             outputs=context.outputs))


def _name_thin_panels(context: RunContext, frames: FrameSet, mosaic: Mosaic) -> None:
    """Warn of panels with few frames: they are noisier than the others, and single frames are not shown."""
    kept, alone = [], []
    for depth, members in thin_panels(frames, mosaic):
        names = [f.info.path.name for f in members]
        text = ", ".join(names[:NAMED]) + (" ..." if len(names) > NAMED else "")
        if len(members) < RIM_FRAMES:
            alone.append(text)
        else:
            kept.append(Message("{depth} frames with {depth2:.1f} times the noise ({text})", depth=depth,
                                depth2=(mosaic.depth / depth) ** 0.5, text=text))
    if kept:
        context.warn(Message("The mosaic is typically {depth:.0f} frames deep; thin panels are kept: {kept}.",
                             depth=mosaic.depth, kept="; ".join(kept)))
    if alone:
        context.warn(Message("Single frames beside the mosaic, where nothing can be rejected, do not enlarge the canvas: "
                             "{alone}. canvas.crop: none keeps them.", alone=", ".join(alone)))


class ChannelSplit(Phase):
    """CHANNEL_SPLIT: the channels, which are stacked separately, and files of the frames on request."""

    name = "CHANNEL_SPLIT"
    settings = ("output.calibrated", "output.registered")
    uses = ("calibrated", "frames", "measurements", "plan")
    pixels = True

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan, written = state.plan, write_frame_files(context, state)
        summary = {"debayer": plan.mode, "why": plan.reason, "channels": list(plan.channels),
                   "channel_shape": list(plan.channel_shape)}
        write_json(context.artifacts / "prewarp.json",
                   {**summary, "canvas_shape": list(plan.shape), "canvas_origin": list(plan.origin)})
        state.statistics.channels = plan.channels
        return PhaseResult(summary=summary | ({"frames_written": written} if written else {}))
