"""One picture of the panels of a live stack: their geometry on the sky, their scales, one sky, and their weighted mean.

The stacks of the panels take the part of the frames in a run of a mosaic (METHODS 1, 1b): one adjustment of all their stars with
the lens of the camera, the light of the stars that they share, the levels of the sky in the squares that they share. Towards its
border a panel fades out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import CalibrationResult, Frame, FrameSet
from orchestrator.engines.measure_frames import measure_frames
from orchestrator.engines.native.sky_registration import Lights, OnSky, register_on_sky
from orchestrator.io.fits import ImageLayout
from orchestrator.live.panels import Panel
from orchestrator.live.placing import Place
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import Role, Session
from orchestrator.stacking.blocks import Block, plan_blocks
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.canvas_extent import CanvasArea, plan_canvas
from orchestrator.stacking.channels import noise_by_channel
from orchestrator.stacking.frame_reading import FrameNormalization, Warping, read_block
from orchestrator.stacking.frame_sky import FrameSkies, frame_skies
from orchestrator.stacking.mosaic_scale import mosaic_scale
from orchestrator.stacking.pixel_area import light_factors
from orchestrator.stacking.sky_correction import SkyCorrection, sky_corrections
from orchestrator.stacking.state import RunState
from tilecore.detect.metrics import FrameMeasurement
from tilecore.numerics.robust_surface import surface_matrix
from tilecore.register.align import Alignment, Limits
from tilecore.resample.warp import Slot

__all__ = ["PanelFiles", "Picture", "compose"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Distance from its border, as a share of its smaller side, within which a panel fades out.
FADES = 0.08
# Weight that remains at the border.
LEAST_WEIGHT = 1e-3
# Largest area of the picture in areas of a panel, per panel: a wrong place must not make it endless.
MOST_GROWTH = 16.0


@dataclass(frozen=True)
class PanelFiles:
    """The stack of a panel on disk: ``mean``, ``variance`` and ``count`` (C, h, w), or (h, w)."""

    mean: ImageLayout
    variance: ImageLayout
    count: ImageLayout


@dataclass(frozen=True)
class PanelReader:
    """Reads a picture of a panel as the pixels of a frame; ``saturation`` is the level at which its lights clip."""

    layout: ImageLayout
    saturation: float

    @property
    def shape(self) -> tuple[int, ...]:
        return self.layout.shape

    def read(self, row_start: int = 0, row_stop: int | None = None) -> FloatImage:
        return self.layout.read(row_start, row_stop)


@dataclass(frozen=True)
class Picture:
    """``mean``, ``variance`` (NaN without data) and ``count`` (C, h, w) of all panels in it; ``origin`` (x, y) of the first
    pixel on the plane of the first panel; ``rows`` (for an artifact) describe the panels, ``warnings`` name matches that alone
    tie two parts."""

    mean: FloatImage
    variance: FloatImage
    count: FloatImage
    origin: tuple[int, int] = (0, 0)
    rows: list[dict[str, object]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def compose(panels: Sequence[Panel], files: Sequence[PanelFiles], context: RunContext) -> Picture | None:
    """The picture of all panels that share stars with the first one, directly or through others; None if none does.

    ``place`` and ``reason`` of the panels are updated.
    """
    readers = [PanelReader(f.mean, p.state.begun_base.template.saturation) for p, f in zip(panels, files, strict=True)]
    session = _session(panels, readers)
    measured = [m if isinstance(m, FrameMeasurement) else None
                for m in measure_frames(context, readers, None, "measuring panels")]
    sky = _on_sky(session, measured, context)
    if sky is None:
        for panel in panels[1:]:
            panel.place, panel.reason = None, "it shares no stars with the other panels yet"
        return None
    found = sky.relative_to(0)
    for panel, one, lens in zip(panels, found, sky.lenses, strict=True):
        panel.place = Place(one.matrix, lens) if isinstance(one, Alignment) else None
        panel.reason = "" if isinstance(one, Alignment) else one
        panel.ties = one.inliers if isinstance(one, Alignment) else 0
    frames = tuple(Frame(k, info, reader, None if isinstance(f, str) else f.matrix, f if isinstance(f, str) else "",
                         saturation=reader.saturation, lens=lens)
                   for k, (info, reader, f, lens) in enumerate(zip(session.lights, readers, found, sky.lenses, strict=True)))
    rows, columns = readers[0].shape[-2:]
    group = FrameSet(frames, 0, (rows, columns), None, 3 if len(session.shape) == 3 else 1, "native", workflow="master_tiles")
    state = RunState(())
    state.session, state.frames = session, group
    state.measurements = tuple(m for f, m in zip(frames, measured, strict=True) if f.matrix is not None and m is not None)
    flat = panels[0].state.begun_base.template.flat
    state.calibrated = CalibrationResult({} if flat is None else {"flat": flat}, tuple(readers))
    settings = context.config.registration
    state.plan = plan_canvas(group, "rgb" if group.channels == 3 else "mono", CanvasArea("union", MOST_GROWTH * len(panels)),
                             context.config.canvas.feather, settings.interpolation, "a live mosaic")
    scale, error = _scale(context, state)
    order = context.config.normalization.surface_order if context.config.normalization.mode != "none" else -1
    skies = frame_skies(context, group, state.plan, state.measurements, scale, order)
    used = [k for k, f in enumerate(frames) if f.matrix is not None]
    picture = _blended(context, state, [files[k] for k in used], scale, skies)
    rows_of = [{"panel": panels[k].number, "frames": len(panels[k].state.stacked), "scale": scale[:, i],
                "scale_error": error[:, i], "matrix": frames[k].transform, "residual_px": _residual(found[k])}
               for i, k in enumerate(used)]
    return replace(picture, rows=rows_of, warnings=sky.warnings)


def _residual(one: Alignment | str) -> float:
    return one.residual if isinstance(one, Alignment) else float("nan")


def _session(panels: Sequence[Panel], readers: Sequence[PanelReader]) -> Session:
    """The panels as the lights of a session."""
    base = panels[0].state.begun_base.session
    lights = tuple(replace(p.state.begun_base.reference.info, path=Path(p.label), shape=r.shape, cfa=None)
                   for p, r in zip(panels, readers, strict=True))
    return replace(base, frames={**base.frames, Role.LIGHT: lights}, groups=(), nights=())


def _on_sky(session: Session, measured: list[FrameMeasurement | None], context: RunContext) -> OnSky | None:
    settings = context.config.registration
    limits = Limits(settings.min_inliers, settings.max_residual, settings.max_scale_change)
    reasons = {i: "it cannot be measured" for i, m in enumerate(measured) if m is None}
    return register_on_sky(Lights(session, measured, reasons, np.ones(len(measured)), {0: 1.0}), limits, context)


def _scale(context: RunContext, state: RunState) -> tuple[FloatArray, FloatArray]:
    """Scale (C, N) of the panels in the picture and its relative error, NaN where it follows from the exposure times."""
    frames, plan = state.frames, state.plan
    count, channels = len(frames.usable), len(plan.channels)
    if context.config.normalization.mode != "photometric":
        return np.ones((channels, count)), np.full((channels, count), np.nan)
    found = mosaic_scale(context, state, frames, plan, frames.reference_position)
    scale, error = found.scale.copy(), found.error[:, found.panel]
    first = frames.usable[frames.reference_position].info
    for i in np.flatnonzero(found.stars < context.config.normalization.min_stars):
        own = frames.usable[i].info
        scale[:, i] = own.exposure / first.exposure if own.exposure and first.exposure else 1.0
        error[:, i] = np.nan
    return scale, error


def _blended(context: RunContext, state: RunState, files: Sequence[PanelFiles], scale: FloatArray,
             skies: FrameSkies) -> Picture:
    """The mean of the panels with the inverse of their variance as weight, less towards their borders."""
    frames, plan = state.frames.usable, state.plan
    areas = [light_factors(state, plan, f) for f in frames]
    corrections = sky_corrections(skies.clouds, np.zeros((len(frames), 1, 1), np.float32), skies.clear, areas)
    shape = (len(plan.channels), *plan.channel_shape)
    mean, variance, count = (context.picture(shape) for _ in range(3))
    blocks = plan_blocks(Block(0, shape[1], 0, shape[2]), plan, frames, context.block_budget, 2)
    for done, block in enumerate(blocks):
        context.progress(done, len(blocks), "picture of the mosaic")
        size = (shape[0], *block.shape)
        total, weight, spread, seen = (np.zeros(size) for _ in range(4))
        for i, (frame, own) in enumerate(zip(frames, files, strict=True)):
            normalization = FrameNormalization((1 / scale[:, i]).astype(np.float32),
                                               np.array([surface_matrix(s) for s in skies.surfaces[:, i]]))
            noise = noise_by_channel(plan, state.measurements[i].noise)
            part = _panel(plan, frame, own, block, normalization, (corrections[i], noise))
            if part is None:
                continue
            pixels, noises, depth, fade = part
            known = (fade > 0) & (noises > 0)
            share = np.where(known, fade / np.maximum(noises, 1e-30), 0)
            total += share * pixels
            weight += share
            spread += share**2 * noises
            seen += np.where(known, depth, 0)
        inside = (slice(None), slice(block.y0, block.y1), slice(block.x0, block.x1))
        with np.errstate(divide="ignore", invalid="ignore"):
            mean[inside] = np.where(weight > 0, total / weight, 0)
            variance[inside] = np.where(weight > 0, spread / weight**2, np.nan)
        count[inside] = seen
    return Picture(mean, variance, count, plan.origin)


def _panel(plan: CanvasPlan, frame: Frame, files: PanelFiles, block: Block, normalization: FrameNormalization,
           sky: tuple[SkyCorrection, FloatArray]) -> tuple[FloatImage, FloatImage, FloatImage, FloatImage] | None:
    """Pixels, variance and count (C, h, w) of a panel in a block of the picture, and its weight (h, w) by the distance from its
    border; None where it has no data."""
    correction, noise = sky
    channels = len(plan.channels)
    pixels, valid = np.empty((channels, 1, *block.shape), np.float32), np.empty((1, *block.shape), np.float32)
    read_block(plan, frame, block, normalization, Slot(pixels, valid, 0), Warping(noise=noise))
    if not valid.any():
        return None
    correction.apply(block, plan.channel_shape, pixels[:, 0], valid[0])
    smooth = replace(plan, interpolation="bilinear")
    flat = np.zeros_like(normalization.surface)
    maps = []
    for layout, factor in ((files.variance, normalization.scale**2), (files.count, np.ones(channels, np.float32))):
        values, good = np.empty_like(pixels), np.empty_like(valid)
        other = replace(frame, reader=PanelReader(layout, frame.saturation))
        read_block(smooth, other, block, FrameNormalization(factor, flat), Slot(values, good, 0))
        maps.append(values[:, 0])
    y, x = np.meshgrid(np.arange(block.y0, block.y1, dtype=np.float64), np.arange(block.x0, block.x1, dtype=np.float64),
                       indexing="ij")
    u, v = plan.positions_in_frame(frame, x, y)
    height, width = frame.shape
    border = np.minimum(np.minimum(u, width - 1 - u), np.minimum(v, height - 1 - v))
    fade = np.clip(border / (FADES * min(height, width)), LEAST_WEIGHT, 1) * (valid[0] > 0)
    return pixels[:, 0], maps[0], maps[1], fade.astype(np.float32)
