"""GLOBAL_METRICS, TILE_GRID, COMMON_OVERLAP and LOCAL_METRICS: quality and weight of each frame in each tile (METHODS 2-6)."""

from __future__ import annotations

import logging
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_array, write_json
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.report.wording import exclusion, place
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.exclusions import excluded_tiles, find_frame, frames_left
from orchestrator.stacking.field_geometry import panels_of
from orchestrator.stacking.frame_scores import FrameScore, score_frames, select
from orchestrator.stacking.sky_correction import noise_under_haze
from orchestrator.stacking.state import RunState
from orchestrator.stacking.tile_quality import (
    frame_levels,
    frame_quality,
    local_quality,
    tile_fields,
    tile_grid,
    tile_overlap,
    weigh,
)
from tilecore.stack import weights as tile_weights

__all__ = ["CommonOverlap", "GlobalMetrics", "LocalMetrics", "TileGridPhase", "frame_scores"]

logger = logging.getLogger(__name__)

FloatArray = NDArray[np.floating]


class GlobalMetrics(Phase):
    name = "GLOBAL_METRICS"
    settings = ("metrics.background_weight", "metrics.noise_weight", "metrics.gradient_weight", "metrics.adaptive",
                "metrics.exponent", "selection.keep_fraction", "selection.where")
    uses = ("session", "frames", "measurements", "plan", "transparency")
    makes = ("global_weight", "global_quality", "left_out")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan, frames, settings = state.plan, state.frames, context.config.metrics
        background, noise, energy = levels = frame_levels(plan, state.measurements)
        quality, panel = np.zeros_like(background), panels_of(frames)
        for k in np.unique(panel):  # panels differ in structure, which does not depend on the quality of their frames
            part = panel == k
            quality[:, part] = frame_quality(levels[:, :, part], settings)
        state.global_quality = quality
        state.global_weight = np.array([tile_weights.global_weight(q, settings.exponent) for q in quality])
        scores = frame_scores(state)
        state.left_out = select(scores, context.config.selection)
        rows = [{"file": f.info.path.name, "background_adu": background[:, i] * FULL_SCALE, "noise_adu": noise[:, i] * FULL_SCALE,
                 "gradient_energy": energy[:, i], "stars": m.star_count, "fwhm_px": m.fwhm, "wfwhm_px": m.wfwhm,
                 "roundness": m.roundness, "trails": m.trails, "transparency": state.transparency[:, i], "Q": quality[:, i],
                 "G": state.global_weight[:, i], "left_out": state.left_out[i], "score": scores[i].to_dict()}
                for i, (f, m) in enumerate(zip(frames.usable, state.measurements, strict=True))]
        write_json(context.artifacts / "global_metrics.json", {"channels": plan.channels, "frames": rows})
        fwhm = [m.fwhm for m in state.measurements if np.isfinite(m.fwhm)]
        return PhaseResult(summary={"fwhm_px": [min(fwhm), max(fwhm)] if fwhm else None,
                                    "noise_adu": [float(noise.min() * FULL_SCALE), float(noise.max() * FULL_SCALE)],
                                    **_set_statistics(context, state, scores)})


def frame_scores(state: RunState) -> list[FrameScore]:
    """The measurements and scores of each usable frame, after GLOBAL_METRICS."""
    plan, frames = state.plan, state.frames
    night = np.array(state.session.night_of)[[f.index for f in frames.usable]]
    _, groups = np.unique(np.stack([night, panels_of(frames)]), axis=1, return_inverse=True)
    background, noise, _ = frame_levels(plan, state.measurements)
    return score_frames(frames.usable, state.measurements, {
        "background": background * FULL_SCALE, "noise": noise * FULL_SCALE, "transparency": state.transparency,
        "quality": state.global_quality, "score": state.global_weight}, frames.shape, groups.ravel().tolist())


def _set_statistics(context: RunContext, state: RunState, scores: list[FrameScore]) -> dict[str, object]:
    """Set the statistics of conditions and selection; returns them for the summary."""
    conditions = Counter(c.name for s in scores for c in s.conditions)
    out = len(scores) - state.left_out.count("")
    for score, reason in zip(scores, state.left_out, strict=True):
        if reason:
            logger.info("%s is left out: %s", score.file, reason)
    statistics = state.statistics
    statistics.conditions = dict(conditions.most_common())
    statistics.roundness = round(float(np.median([m.roundness for m in state.measurements])), 3)
    statistics.frames_deselected, statistics.frames_stacked = out, len(scores) - out
    if out and len(scores) - out < context.config.input.min_frames:
        context.warn(f"The selection keeps {len(scores) - out} of {len(scores)} frames: too few for reliable outlier rejection.")
    return {"conditions": dict(conditions), "selected": len(scores) - out, "left_out": out}


class TileGridPhase(Phase):
    name = "TILE_GRID"
    settings = ("tiles",)
    uses = ("measurements", "plan")
    makes = ("grid",)

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan = state.plan
        grid, typical = tile_grid(plan, state.measurements, context.config.tiles)
        state.grid = grid
        summary = {"tile_size": grid.size, "overlap": grid.overlap, "tiles": [grid.n_y, grid.n_x], "fwhm_px": typical,
                   "canvas_offset": list(plan.origin)}
        write_json(context.artifacts / "tile_grid.json",
                   {**summary, "starts_y": grid.starts_y, "starts_x": grid.starts_x, "step": plan.step})
        statistics = state.statistics
        statistics.tile_rows, statistics.tile_columns, statistics.tile_size_px = grid.n_y, grid.n_x, grid.size * plan.step
        return PhaseResult(summary=summary)


class CommonOverlap(Phase):
    name = "COMMON_OVERLAP"
    uses = ("frames", "plan", "grid")
    makes = ("overlap",)

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan, grid, frames = state.plan, state.grid, state.frames
        state.overlap = tile_overlap(plan, grid, frames.usable)
        write_array(context.artifacts / "common_overlap.npy", state.overlap)
        common = float((state.overlap.min(axis=0) >= 1).mean())
        return PhaseResult(summary={"tiles_covered_by_all": common,
                                    "least_frames_in_a_tile": float(state.overlap.sum(axis=0).min())})


class LocalMetrics(Phase):
    name = "LOCAL_METRICS"
    settings = ("weights", "metrics.star_min_count", "stacking.exclude", "stacking.min_survivors")
    uses = ("frames", "measurements", "plan", "transparency", "sky_corrections", "global_weight", "left_out", "grid", "overlap")
    makes = ("noise", "area", "local_quality", "weights")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan, grid, frames = state.plan, state.grid, state.frames
        settings = context.config
        fields = tile_fields(plan, grid, frames.usable, state.measurements, local=settings.weights.local)
        noise, fwhm, width = noise_under_haze(fields.noise, state.sky_corrections, grid), fields.fwhm, fields.width(plan.step)
        state.noise, state.area = noise, fields.area(plan.step)
        state.local_quality, star_tiles = local_quality(fields, settings.metrics.star_min_count)
        state.weights, details = weigh(
            settings.weights, transparency=state.transparency, noise=noise, area=state.area, global_weight=state.global_weight,
            quality=state.local_quality, overlap=state.overlap)
        state.weights[:, np.array([bool(r) for r in state.left_out], np.bool_)] = 0
        details |= _exclude(state, context)
        for name, array in (("tile_noise", noise), ("tile_fwhm", fwhm), ("tile_quality", state.local_quality),
                            ("tile_weights", state.weights)):
            write_array(context.artifacts / f"{name}.npy", array.astype(np.float32))
        known = np.where(state.overlap > 0, noise, np.inf)
        seen = (state.overlap > 0).any(axis=0)
        kept = [float(np.median(tile_weights.information_kept(state.weights[c], state.transparency[c], known[c], width)[seen]))
                for c in range(len(plan.channels))]
        effective = tile_weights.effective_frames(state.weights)[..., seen]
        summary = {"weights": settings.weights.mode, "star_tiles": float(star_tiles.mean()), "information_kept": kept,
                   "effective_frames": [float(effective.min()), float(np.median(effective)), float(effective.max())],
                   **details}
        write_json(context.artifacts / "local_metrics.json", summary)
        statistics = state.statistics
        statistics.weights_mode = settings.weights.mode
        statistics.effective_frames_min = round(float(effective.min()), 2)
        statistics.effective_frames_max = round(float(effective.max()), 2)
        statistics.information_kept_model = round(float(np.median(kept)), 3)
        return PhaseResult(summary=summary)


def _exclude(state: RunState, context: RunContext) -> dict[str, object]:
    """Set the weights of what stacking.exclude lists to 0; returns the entries for the summary."""
    entries, settings = context.config.stacking.exclude, context.config.stacking
    if not entries:
        return {}
    excluded = excluded_tiles(entries, state.frames, state.plan, state.grid)
    least = frames_left(excluded, state.overlap)
    if least < settings.min_survivors:
        context.warn(f"stacking.exclude leaves {least} frames in a tile: with fewer than {settings.min_survivors} "
                     "(stacking.min_survivors) nothing is rejected there.")
    state.weights = np.where(excluded, 0, state.weights).astype(state.weights.dtype)
    state.statistics.excluded = tuple(entries)
    where: dict[str, list[str]] = {}
    for entry in entries:
        where.setdefault(str(find_frame(state.frames, entry.frame).info.path), []).append(place(entry))
    return {"excluded_by_hand": [exclusion(e) for e in entries], "excluded_tiles": int(excluded.sum()),
            "excluded_where": {file: "; ".join(places) for file, places in where.items()}}
