"""STACKING: the final stack and its products. DEBAYER: colour from a stacked mosaic."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import ConfigError, ToolError
from orchestrator.io import fits as fits_io
from orchestrator.message import Message
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.exposure_scale import exposure_groups
from orchestrator.stacking.product_header import add_provenance, product_header
from orchestrator.stacking.state import RunState, Stack
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.siril.cli import find_siril
from orchestrator.tools.siril.debayer import debayer
from tilecore.cfa import mosaic as cfa_module
from tilecore.stack.cluster import synthetic_weights

__all__ = ["Debayer", "Stacking"]

# Rows of a product that are changed at a time.
STRIP = 256
# Level (1.0 = full scale of the reference) from which light is lost: interpolation of clipped stars stays below it ...
ABOVE_FULL = 1.1
# ... except in this many pixels.
MOST_ABOVE = 20
# Texts for HISTORY.
DESCRIPTION = {"mean": "weighted mean of the calibrated frames", "proper": "proper co-addition of the calibrated frames",
               "drizzle": "drizzle of the calibrated frames"}


class Stacking(Phase):
    name = "STACKING"
    settings = ("reconstruction.method", "clustering.weights", "clustering.steepness", "clustering.max_ratio",
                "output.variance", "output.coverage", "output.synthetic")
    uses = ("session", "frames", "plan", "slots", "weights", "local_quality", "reconstruction", "psf", "clusters", "synthetic",
            "left_out", "transparency")
    after = ("LOCAL_METRICS", "TILE_GRID")
    makes = ("stack",)

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan = state.plan
        state.stack = _merge_synthetic(context, state) if state.synthetic else state.reconstruction
        _warn_of_lost_light(context, state)
        colour = len(plan.channels) == 3
        name = "stacked_rgb" if colour else "stacked"
        _write(context, state, name, assemble(plan, state.stack.mean), what=DESCRIPTION[context.config.reconstruction.method])
        if context.config.output.variance:
            _write(context, state, "variance", assemble(plan, state.stack.variance), what="variance of the stack")
        if context.config.output.coverage:
            _write(context, state, "coverage", assemble(plan, state.stack.count), what="frames with data at each pixel")
            _write(context, state, "weight_sum", assemble(plan, state.stack.weight), what="sum of the weights")
            _write(context, state, "rejected", assemble(plan, state.stack.rejected), what="frames rejected at each pixel")
        if context.config.output.synthetic:
            context.folder("outputs/synthetic")
            for number, frame in enumerate(state.synthetic, 1):
                _write(context, state, f"synthetic/synthetic_{number:02d}", assemble(plan, frame.mean),
                       what=f"synthetic frame of cluster {number}")
        if state.psf is not None and not state.synthetic:
            _write(context, state, "psf", state.psf if colour else state.psf[0], what="PSF of the stack, of unit sum")
        return PhaseResult(summary={"product": str(state.products[name]), "frames": state.usable, "shape": list(plan.shape)})


def _warn_of_lost_light(context: RunContext, state: RunState) -> None:
    """Warn if shorter exposures show light above the full scale of the reference, which the stack cannot hold."""
    if exposure_groups(state.frames) is None:
        return
    above = sum(int(np.count_nonzero(plane[row: row + STRIP] > ABOVE_FULL))
                for plane in state.stack.mean for row in range(0, len(plane), STRIP))
    if above > MOST_ABOVE:
        name = state.frames.frames[state.frames.reference].info.path.name
        context.warn(Message("{above} pixels are brighter than the full scale of the reference {name}, and are clipped in the "
                             "stack, although shorter exposures show them. Set registration.reference to one of the shorter "
                             "exposures.", above=above, name=name))


class Debayer(Phase):
    name = "DEBAYER"
    settings = ("debayer.method", "debayer.stage", "engine.siril.executable", "engine.siril.templates")
    uses = ("session", "frames", "plan", "slots", "weights", "left_out", "transparency", "stack")
    after = ("LOCAL_METRICS", "TILE_GRID")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan = state.plan
        if plan.mode == "mono":
            return PhaseResult("skipped", {"why": "mono frames"})
        if plan.mode != "last":
            return PhaseResult("skipped", {"why": Message("the stack already has colours (debayer: {mode})", mode=plan.mode)})
        if context.config.debayer.stage == "none":
            return PhaseResult("skipped", {"why": "debayer.stage is none: the stack stays a mosaic"})
        mosaic = assemble(plan, state.stack.mean)
        holes = _fill_holes(mosaic, assemble(plan, state.stack.count))
        method: str = context.config.debayer.method
        covered = assemble(plan, state.stack.count) > 0
        if method == "superpixel":
            rgb = cfa_module.superpixel(mosaic, plan.pattern)
            covered = cfa_module.split(covered.astype(np.float32)).min(axis=0) > 0
        elif method == "siril":
            rgb, method = _by_siril(context, mosaic, plan.pattern)
        else:
            rgb = cfa_module.demosaic(mosaic, plan.pattern, method, plan.star_colours, plan.star_fwhm)
        if holes:
            context.warn(Message("{holes} pixels of the mosaic have no sample of their colour and were filled from neighbours.",
                                 holes=holes))
        rgb[:, ~covered] = 0
        _write(context, state, "stacked_rgb", rgb, what=f"demosaiced ({method}) from the stacked mosaic")
        return PhaseResult(summary={"method": method, "pattern": plan.pattern, "filled": holes})


def _by_siril(context: RunContext, mosaic: NDArray[np.float32], pattern: str) -> tuple[NDArray[np.float32], str]:
    """A mosaic debayered by Siril, and the method used: malvar if Siril fails."""
    environment, settings = ToolEnvironment.of(context, "debayer"), context.config.engine.siril
    try:
        rgb = debayer(find_siril(settings.executable), mosaic, pattern, environment, settings)
    except (ToolError, ConfigError) as error:
        context.warn(Message("{error} The mosaic was debayered with malvar instead.", error=error))
        return cfa_module.demosaic(mosaic, pattern, "malvar"), "malvar"
    return rgb, "siril"


def assemble(plan: CanvasPlan, channels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Channels as stored in a file: (h, w) for mono and mosaics, (3, h, w) for colour."""
    if plan.mode == "last":
        return cfa_module.merge(channels)
    return channels[0] if len(channels) == 1 else channels


def _fill_holes(mosaic: NDArray[np.float32], count: NDArray[np.float32]) -> int:
    """Fill mosaic pixels without data, inside the covered area, with the mean of covered neighbours of their colour, in place.

    Demosaicing would spread an empty pixel over its neighbourhood. Returns the number of pixels filled, not counting those at
    the rim of the covered area.
    """
    empty = count <= 0
    if not empty.any():
        return 0
    filled = 0
    for oy in (0, 1):
        for ox in (0, 1):
            plane, holes = mosaic[oy::2, ox::2], empty[oy::2, ox::2]
            good = np.pad(~holes, 1).astype(np.float32)
            values = np.pad(np.where(holes, 0, plane), 1)
            h, w = plane.shape
            shifts = [(dy, dx) for dy in (0, 1, 2) for dx in (0, 1, 2) if (dy, dx) != (1, 1)]
            neighbours = sum(good[dy: dy + h, dx: dx + w] for dy, dx in shifts)
            total = sum(values[dy: dy + h, dx: dx + w] for dy, dx in shifts)
            inside = holes & (np.asarray(neighbours) > 0)
            plane[inside] = np.asarray(total)[inside] / np.asarray(neighbours)[inside]
            filled += int((holes & (np.asarray(neighbours) >= 5)).sum())
    return filled


def _merge_synthetic(context: RunContext, state: RunState) -> Stack:
    """R = sum w_k S_k / sum w_k over the synthetic frames (METHODS 9)."""
    settings = context.config.clustering
    if settings.weights == "quality":
        members = [np.broadcast_to(state.slots.over_tiles(np.asarray(state.clusters == k)), state.slots.values_shape)
                   for k in range(len(state.synthetic))]
        quality = np.array([np.median(state.local_quality[:, m]) for m in members])
        scalar = synthetic_weights(quality, settings.steepness, settings.max_ratio)
        weights = [np.where(s.count > 0, np.float32(w), 0) for s, w in zip(state.synthetic, scalar, strict=True)]
    else:
        weights = [np.where(s.variance > 0, 1 / np.maximum(s.variance, 1e-20), 0) for s in state.synthetic]
    total = np.maximum(np.sum(weights, axis=0), 1e-20)
    mean = np.sum([w * s.mean for w, s in zip(weights, state.synthetic, strict=True)], axis=0) / total
    variance = np.sum([w**2 * s.variance for w, s in zip(weights, state.synthetic, strict=True)], axis=0) / total**2
    count, rejected = (np.sum([getattr(s, k) for s in state.synthetic], axis=0) for k in ("count", "rejected"))
    # A half of one cluster without data: the noise of the others is measured.
    noise = np.sum([w * np.nan_to_num(s.noise) for w, s in zip(weights, state.synthetic, strict=True)], axis=0) / total
    f32 = [a.astype(np.float32) for a in (mean, variance, total, count, rejected, noise)]
    return Stack(*f32)


def _write(context: RunContext, state: RunState, name: str, data: NDArray[np.float32], *, what: str) -> Path:
    path = context.outputs / f"{name}.fits"
    data = np.ascontiguousarray(data, np.float32)
    if name.startswith("stacked"):
        limited = context.picture(data.shape)
        for first in range(0, data.shape[-2], STRIP):
            rows = np.s_[..., first: first + STRIP, :]
            np.minimum(data[rows], np.float32(1), out=limited[rows])  # other programs assume another scale if floats exceed 1
        data = limited
    header = product_header(state, data, what, on_canvas=name != "psf")
    if name.startswith("stacked"):
        add_provenance(header, state, context.config)
    else:  # a map of the stack, no picture of the sky
        header["BUNIT"] = ("", what)
        for key in ("IMAGETYP", "EGAIN"):
            header.remove(key, ignore_missing=True)
    fits_io.write(path, data, header)
    state.products[name] = path
    return path
