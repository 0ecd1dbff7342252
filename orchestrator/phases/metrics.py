"""GLOBAL_METRICS, TILE_GRID, COMMON_OVERLAP and LOCAL_METRICS: what each frame is worth, in each tile (METHODS 2-6)."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_array, write_json
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.exclusions import excluded_tiles, find_frame, frames_left, in_words, place_in_words
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
from tilecore.detect.frame_conditions import ELONGATED
from tilecore.stack import weights as tile_weights

__all__ = ["CommonOverlap", "GlobalMetrics", "LocalMetrics", "TileGridPhase", "frame_scores"]

FloatArray = NDArray[np.floating]


class GlobalMetrics(Phase):
    name = "GLOBAL_METRICS"
    settings = ("metrics.alpha", "metrics.beta", "metrics.gamma", "metrics.adaptive", "metrics.exponent", "selection.keep",
                "selection.where")
    uses = ("session", "frames", "measurements", "plan", "transparency")
    makes = ("global_weight", "global_quality", "left_out")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan, frames, settings = state.plan, state.frames, context.config.metrics
        assert plan is not None and frames is not None and state.transparency is not None
        background, noise, energy = levels = frame_levels(plan, state.measurements)
        quality, panel = np.zeros_like(background), panels_of(frames)
        for k in np.unique(panel):  # one part of the sky has more structure than another, which is no merit of its frames
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
                                    **_tell(context, state, scores)})


def frame_scores(state: RunState) -> list[FrameScore]:
    """What GLOBAL_METRICS found of each usable frame."""
    plan, frames = state.plan, state.frames
    assert plan is not None and frames is not None and state.transparency is not None and state.session is not None
    assert state.global_quality is not None and state.global_weight is not None
    night = np.array(state.session.night_of)[[f.index for f in frames.usable]]
    _, beside = np.unique(np.stack([night, panels_of(frames)]), axis=1, return_inverse=True)
    background, noise, _ = frame_levels(plan, state.measurements)
    return score_frames(frames.usable, state.measurements, {
        "background": background * FULL_SCALE, "noise": noise * FULL_SCALE, "transparency": state.transparency,
        "quality": state.global_quality, "score": state.global_weight}, frames.shape, beside.ravel().tolist())


def _tell(context: RunContext, state: RunState, scores: list[FrameScore]) -> dict[str, object]:
    """What befell the frames, and how many the selection leaves out: told to the person, and for the summary."""
    befell = Counter(c.name for s in scores for c in s.conditions)
    if befell:
        state.statistics["conditions"] = ", ".join(f"{name} in {count} frames" for name, count in befell.most_common())
    roundness = float(np.median([m.roundness for m in state.measurements]))
    if roundness < ELONGATED:
        state.statistics["roundness of the stars"] = f"{roundness:.2f}: drawn out by tracking, tilt or focus"
    out = len(scores) - state.left_out.count("")
    if out:
        state.statistics["left out by the selection"] = out
        state.statistics["frames stacked"] = len(scores) - out
        if len(scores) - out < context.config.input.frames_min:
            context.warn(f"The selection leaves {len(scores) - out} of {len(scores)} frames: too few to reject outliers well.")
    return {"conditions": dict(befell), "selected": len(scores) - out, "left_out": out}


class TileGridPhase(Phase):
    name = "TILE_GRID"
    settings = ("tiles",)
    uses = ("measurements", "plan")
    makes = ("grid",)

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan = state.plan
        assert plan is not None
        grid, typical = tile_grid(plan, state.measurements, context.config.tiles)
        state.grid = grid
        summary = {"tile_size": grid.size, "overlap": grid.overlap, "tiles": [grid.n_y, grid.n_x], "fwhm_px": typical,
                   "canvas_offset": list(plan.origin)}
        write_json(context.artifacts / "tile_grid.json",
                   {**summary, "starts_y": grid.starts_y, "starts_x": grid.starts_x, "step": plan.step})
        state.statistics["tiles"] = f"{grid.n_y} x {grid.n_x} of {grid.size * plan.step} px"
        return PhaseResult(summary=summary)


class CommonOverlap(Phase):
    name = "COMMON_OVERLAP"
    uses = ("frames", "plan", "grid")
    makes = ("overlap",)

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan, grid, frames = state.plan, state.grid, state.frames
        assert plan is not None and grid is not None and frames is not None
        state.overlap = tile_overlap(plan, grid, frames.usable)
        write_array(context.artifacts / "common_overlap.npy", state.overlap)
        common = float((state.overlap.min(axis=0) >= 1).mean())
        return PhaseResult(summary={"tiles_covered_by_all": common,
                                    "least_frames_in_a_tile": float(state.overlap.sum(axis=0).min())})


class LocalMetrics(Phase):
    name = "LOCAL_METRICS"
    settings = ("weights", "metrics.star_min_count", "stacking.exclude", "stacking.min_survivors")
    uses = ("frames", "measurements", "plan", "transparency", "veils", "global_weight", "left_out", "grid", "overlap")
    makes = ("noise", "area", "local_quality", "weights")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan, grid, frames = state.plan, state.grid, state.frames
        assert plan is not None and grid is not None and frames is not None and state.transparency is not None
        assert state.overlap is not None and state.global_weight is not None
        settings = context.config
        fields = tile_fields(plan, grid, frames.usable, state.measurements, local=settings.weights.local)
        noise, fwhm, width = noise_under_haze(fields.noise, state.veils, grid), fields.fwhm, fields.width(plan.step)
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
        state.statistics["weights"] = settings.weights.mode
        state.statistics["effective frames in a tile"] = (
            f"{effective.min():.1f} to {effective.max():.1f} of {len(frames.usable)}")
        state.statistics["information kept (model)"] = round(float(np.median(kept)), 3)
        return PhaseResult(summary=summary)


def _exclude(state: RunState, context: RunContext) -> dict[str, object]:
    """Take the weight from what is excluded by hand; what is told of it."""
    assert state.plan is not None and state.frames is not None and state.grid is not None
    assert state.weights is not None and state.overlap is not None
    entries, settings = context.config.stacking.exclude, context.config.stacking
    if not entries:
        return {}
    excluded = excluded_tiles(entries, state.frames, state.plan, state.grid)
    least = frames_left(excluded, state.overlap)
    if least < settings.min_survivors:
        context.warn(f"stacking.exclude leaves {least} frames in a tile: with fewer than {settings.min_survivors} "
                     "(stacking.min_survivors) nothing can be rejected there.")
    state.weights = np.where(excluded, 0, state.weights).astype(state.weights.dtype)
    state.statistics["left out by hand"] = [in_words(e) for e in entries]
    where: dict[str, list[str]] = {}
    for entry in entries:
        where.setdefault(str(find_frame(state.frames, entry.frame).info.path), []).append(place_in_words(entry))
    return {"excluded_by_hand": state.statistics["left out by hand"], "excluded_tiles": int(excluded.sum()),
            "excluded_where": {file: "; ".join(places) for file, places in where.items()}}
