"""GLOBAL_METRICS, TILE_GRID, COMMON_OVERLAP and LOCAL_METRICS: quality and weight of each frame in each tile (METHODS 2-6)."""

from __future__ import annotations

import logging
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_array, write_json
from orchestrator.message import Message
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.report.wording import blocked_warning, exclusion, place
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.clipped_samples import stars_always_clipped
from orchestrator.stacking.exclusions import excluded_tiles, find_frame, frames_left
from orchestrator.stacking.field_geometry import panels_of
from orchestrator.stacking.frame_scores import FrameScore, score_frames, select
from orchestrator.stacking.sittings import comparable
from orchestrator.stacking.sky_correction import noise_under_haze
from orchestrator.stacking.star_evidence import blocked_parts
from orchestrator.stacking.state import RunState
from orchestrator.stacking.tile_quality import (
    frame_levels,
    frame_quality,
    local_quality,
    tile_fields,
    tile_grid,
    tile_overlap,
    tile_slots,
    weigh,
)
from tilecore.stack import weights as tile_weights

__all__ = ["CommonOverlap", "GlobalMetrics", "LocalMetrics", "TileGridPhase", "frame_scores"]

logger = logging.getLogger(__name__)

FloatArray = NDArray[np.floating]

# Missing stars from which a part of a frame is reported in a warning; a single one may be a trail or a variable star.
LEAST_SHOWN = 2


class GlobalMetrics(Phase):
    name = "GLOBAL_METRICS"
    settings = ("metrics.background_weight", "metrics.noise_weight", "metrics.gradient_weight", "metrics.adaptive",
                "metrics.exponent", "selection.keep_fraction", "selection.where")
    uses = ("session", "frames", "measurements", "plan", "transparency", "kept")
    makes = ("global_weight", "global_quality", "left_out")
    reuses_previous = True

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
        if state.kept is not None and (before := context.earlier("left_out")) is not None:
            decided = dict(zip(state.kept.now.tolist(), (before[k] for k in state.kept.before), strict=True))
            state.left_out = tuple(decided.get(i, why) for i, why in enumerate(state.left_out))
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
    alike = comparable(frames.usable, state.nights)
    _, groups = np.unique(np.stack([alike, panels_of(frames)]), axis=1, return_inverse=True)
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
        context.warn(Message("The selection keeps {count} of {count2} frames: too few for reliable outlier rejection.",
                             count=len(scores) - out, count2=len(scores)))
    return {"conditions": dict(conditions), "selected": len(scores) - out, "left_out": out}


class TileGridPhase(Phase):
    name = "TILE_GRID"
    settings = ("tiles",)
    uses = ("measurements", "plan", "kept")
    makes = ("grid",)
    reuses_previous = True

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan = state.plan
        grid, typical = tile_grid(plan, state.measurements, context.config.tiles)
        if state.kept is not None:
            grid = context.earlier("grid") or grid
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
    makes = ("slots", "overlap")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan, grid, frames = state.plan, state.grid, state.frames
        state.slots = slots = tile_slots(plan, grid, frames.usable)
        state.overlap = tile_overlap(plan, grid, frames.usable, context.progress, slots)
        write_array(context.artifacts / "common_overlap.npy", state.overlap)
        if not slots.is_full:
            write_array(context.artifacts / "tile_slots.npy", slots.frames)
            write_array(context.artifacts / "tile_windows.npy", slots.windows)
        common = float(((state.overlap >= 1).sum(axis=0) == slots.count).mean())
        return PhaseResult(summary={"tiles_covered_by_all": common,
                                    "least_frames_in_a_tile": float(state.overlap.sum(axis=0).min())})


class LocalMetrics(Phase):
    name = "LOCAL_METRICS"
    settings = ("weights", "metrics.star_min_count", "stacking.exclude", "stacking.min_survivors")
    uses = ("frames", "measurements", "plan", "transparency", "sky_corrections", "global_weight", "left_out", "grid", "slots",
            "overlap", "star_evidence", "kept")
    makes = ("noise", "area", "local_quality", "blocked", "weights")
    reuses_previous = True

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan, grid, frames, slots = state.plan, state.grid, state.frames, state.slots
        settings = context.config
        fields = tile_fields(plan, grid, frames.usable, state.measurements, context.progress, local=settings.weights.local,
                             slots=slots)
        noise, fwhm = noise_under_haze(fields.noise, state.sky_corrections, grid, slots), fields.fwhm
        width = fields.width(plan.step)
        state.noise, state.area = noise, fields.area(plan.step)
        state.local_quality, star_tiles = local_quality(fields, settings.metrics.star_min_count)
        state.blocked = state.star_evidence.tiles(grid, slots)
        overlap = np.where(state.blocked, 0, state.overlap)
        own = slots.over_tiles(np.stack([slots.medians(c, overlap > 0) for c in noise]))
        transparency = slots.over_tiles(state.transparency, 1)
        state.weights, details = weigh(
            settings.weights, transparency=transparency, noise=tile_weights.credible_noise(noise, overlap > 0, own),
            area=state.area, global_weight=slots.over_tiles(state.global_weight, 1), quality=state.local_quality,
            overlap=overlap)
        state.weights = np.where(state.blocked, 0, state.weights).astype(state.weights.dtype)
        details |= _blocked(state, context)
        state.statistics.clipped_stars = stars_always_clipped(frames.usable, state.measurements, frames.reference_position)
        out = slots.over_tiles(np.array([bool(r) for r in state.left_out], np.bool_))
        state.weights = np.where(out, 0, state.weights).astype(state.weights.dtype)
        details |= _exclude(state, context)
        _keep_earlier(state, context)
        for name, array in (("tile_noise", noise), ("tile_fwhm", fwhm), ("tile_quality", state.local_quality),
                            ("tile_weights", state.weights)):
            write_array(context.artifacts / f"{name}.npy", array.astype(np.float32))
        known = np.where(overlap > 0, noise, np.inf)
        seen = (overlap > 0).any(axis=0)
        kept = [float(np.median(tile_weights.information_kept(state.weights[c], transparency[c], known[c], width)[seen]))
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


def _keep_earlier(state: RunState, context: RunContext) -> None:
    """What the frames of an earlier stack have in the tiles stays, and the weights of the others are in the units of theirs."""
    kept = state.kept
    names = ("noise", "area", "local_quality", "blocked", "weights")
    before = {name: context.earlier(name) for name in names} if kept is not None else {}
    if kept is None or any(a is None or a.shape[-2:] != state.weights.shape[-2:] for a in before.values()):
        return
    slots = tile_slots(state.plan, state.grid, tuple(state.frames.usable[i] for i in kept.in_order))
    if any(a.shape[-3] != slots.values_shape[0] for a in before.values()):
        return
    own = {name: getattr(state, name).copy() for name in names}
    for i, k in zip(kept.now.tolist(), kept.before.tolist(), strict=True):
        for name, values in own.items():
            state.slots.put(values, i, slots.of(before[name], k))
    factor = _units_of_weights(state.weights, own["weights"], np.broadcast_to(
        state.slots.over_tiles(np.isin(np.arange(state.slots.count), kept.now)), state.slots.values_shape))
    new = np.broadcast_to(state.slots.over_tiles(np.isin(np.arange(state.slots.count), kept.new)), state.slots.values_shape)
    own["weights"] = np.where(new, own["weights"] * factor[:, None], own["weights"]).astype(state.weights.dtype)
    for name, values in own.items():
        setattr(state, name, values)


def _units_of_weights(weights: FloatArray, before: FloatArray, kept: NDArray[np.bool_]) -> FloatArray:
    """(C, ty, tx) median ratio of the weights ``before`` to those that the ``kept`` frames (K, ty, tx) would have now; 1 where
    there is none."""
    known: NDArray[np.bool_] = np.asarray(kept & (weights > 0) & (before > 0))
    ratio = np.where(known, before / np.where(known, weights, 1), np.nan)
    seen: NDArray[np.bool_] = np.asarray(known.any(axis=1))
    return np.asarray(np.where(seen, np.nanmedian(np.where(seen[:, None], ratio, 1.0), axis=1), 1.0))


def _blocked(state: RunState, context: RunContext) -> dict[str, object]:
    """Report the parts of frames that show none of the stars there; returns the number of tiles for the summary."""
    parts = blocked_parts(state.star_evidence, state.blocked, state.grid, state.overlap, state.plan.step,
                          state.slots)
    usable = state.frames.usable
    rows = [{"file": usable[p.frame].info.path.name, "stars_missing": p.stars, "share": p.share, "box": p.box} for p in parts]
    write_json(context.artifacts / "star_evidence.json", {"stars": len(state.star_evidence.stars), "blocked": rows})
    state.statistics.blocked_frames = len(parts)
    shown = [p for p in parts if p.stars >= LEAST_SHOWN]
    if shown:
        context.warn(blocked_warning([(usable[p.frame].info.path.name, p.box) for p in shown], len(usable)))
    return {"blocked_tiles": int(state.blocked.sum()), "blocked_frames": len(parts)}


def _exclude(state: RunState, context: RunContext) -> dict[str, object]:
    """Set the weights of what stacking.exclude lists to 0; returns the entries for the summary."""
    entries, settings = context.config.stacking.exclude, context.config.stacking
    if not entries:
        return {}
    excluded = excluded_tiles(entries, state.frames, state.plan, state.grid, state.slots)
    least = frames_left(excluded, state.overlap)
    if least < settings.min_survivors:
        context.warn(Message("stacking.exclude leaves {least} frames in a tile: with fewer than {min_survivors} "
                             "(stacking.min_survivors) nothing is rejected there.", least=least,
                             min_survivors=settings.min_survivors))
    state.weights = np.where(excluded, 0, state.weights).astype(state.weights.dtype)
    state.statistics.excluded = tuple(entries)
    where: dict[str, list[str]] = {}
    for entry in entries:
        where.setdefault(str(find_frame(state.frames, entry.frame).info.path), []).append(place(entry))
    return {"excluded_by_hand": [exclusion(e) for e in entries], "excluded_tiles": int(excluded.sum()),
            "excluded_where": {file: "; ".join(places) for file, places in where.items()}}
