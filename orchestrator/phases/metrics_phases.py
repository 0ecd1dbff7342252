"""GLOBAL_METRICS, TILE_GRID, COMMON_OVERLAP and LOCAL_METRICS: what each frame is worth, in each tile (METHODS 2-6)."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame
from orchestrator.frames.scores import FrameScore, score_frames, select
from orchestrator.phases.canvas import CanvasPlan
from orchestrator.phases.channels import by_channel, noise_by_channel
from orchestrator.phases.exclusions import excluded_tiles, find_frame, frames_left, in_words, place_in_words
from orchestrator.phases.field import panels_of
from orchestrator.phases.state import Phase, PhaseResult, RunState
from orchestrator.run.artifacts import write_array, write_json
from orchestrator.run.context import RunContext
from tilecore import weights as tile_weights
from tilecore.conditions import DRAWN_OUT
from tilecore.grid import make_grid
from tilecore.metrics import FrameMeasurement, sample_mesh
from tilecore.psf import effective_area

__all__ = ["CommonOverlap", "GlobalMetrics", "LocalMetrics", "TileGridPhase", "frame_scores"]

FloatArray = NDArray[np.floating]

# What pixels and interpolation add to FWHM^2 (px^2): a pixel alone is 8 ln 2 / 12 = 0.46; this value kept most information
# on three simulated sessions.
SAMPLING_FWHM2 = 1.0
# Points along each side of a tile at which the overlap is sampled.
OVERLAP_SAMPLES = 8


class GlobalMetrics(Phase):
    name = "GLOBAL_METRICS"
    settings = ("metrics.alpha", "metrics.beta", "metrics.gamma", "metrics.adaptive", "metrics.exponent", "selection.keep",
                "selection.where")
    uses = ("session", "frames", "measurements", "plan", "transparency")
    makes = ("global_weight", "global_quality", "left_out")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan, frames, settings = state.plan, state.frames, context.config.metrics
        assert plan is not None and frames is not None and state.transparency is not None
        background = np.array([by_channel(plan, m.background) for m in state.measurements]).T
        noise = np.array([noise_by_channel(plan, m.noise) for m in state.measurements]).T
        energy = np.array([by_channel(plan, m.gradient) for m in state.measurements]).T
        quality, panel = np.zeros_like(background), panels_of(frames)
        for k in np.unique(panel):  # one part of the sky has more structure than another, which is no merit of its frames
            part = panel == k
            quality[:, part] = [tile_weights.global_quality(b[part], s[part], e[part], settings.alpha, settings.beta,
                                                            settings.gamma, settings.adaptive)
                                for b, s, e in zip(background, noise, energy, strict=True)]
        state.global_quality = quality
        state.global_weight = np.array([tile_weights.global_weight(q, settings.exponent) for q in quality])
        scores = frame_scores(state)
        state.left_out = select(scores, context.config.selection)
        rows = [{"file": f.info.path.name, "background_adu": background[:, i] * 65535, "noise_adu": noise[:, i] * 65535,
                 "gradient_energy": energy[:, i], "stars": m.star_count, "fwhm_px": m.fwhm, "wfwhm_px": m.wfwhm,
                 "roundness": m.roundness, "trails": m.trails, "transparency": state.transparency[:, i], "Q": quality[:, i],
                 "G": state.global_weight[:, i], "left_out": state.left_out[i], "score": scores[i].to_dict()}
                for i, (f, m) in enumerate(zip(frames.usable, state.measurements, strict=True))]
        write_json(context.artifacts / "global_metrics.json", {"channels": plan.channels, "frames": rows})
        fwhm = [m.fwhm for m in state.measurements if np.isfinite(m.fwhm)]
        return PhaseResult(summary={"fwhm_px": [min(fwhm), max(fwhm)] if fwhm else None,
                                    "noise_adu": [float(noise.min() * 65535), float(noise.max() * 65535)],
                                    **_tell(context, state, scores)})


def frame_scores(state: RunState) -> list[FrameScore]:
    """What GLOBAL_METRICS found of each usable frame."""
    plan, frames = state.plan, state.frames
    assert plan is not None and frames is not None and state.transparency is not None and state.session is not None
    assert state.global_quality is not None and state.global_weight is not None
    night = np.array(state.session.night_of)[[f.index for f in frames.usable]]
    _, beside = np.unique(np.stack([night, panels_of(frames)]), axis=1, return_inverse=True)
    background = np.array([by_channel(plan, m.background) for m in state.measurements]).T
    noise = np.array([noise_by_channel(plan, m.noise) for m in state.measurements]).T
    return score_frames(frames.usable, state.measurements, {
        "background": background * 65535, "noise": noise * 65535, "transparency": state.transparency,
        "quality": state.global_quality, "score": state.global_weight}, frames.shape, beside.ravel().tolist())


def _tell(context: RunContext, state: RunState, scores: list[FrameScore]) -> dict[str, object]:
    """What befell the frames, and how many the selection leaves out: told to the person, and for the summary."""
    befell = Counter(c.name for s in scores for c in s.conditions)
    if befell:
        state.statistics["conditions"] = ", ".join(f"{name} in {count} frames" for name, count in befell.most_common())
    roundness = float(np.median([m.roundness for m in state.measurements]))
    if roundness < DRAWN_OUT:
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
        plan, settings = state.plan, context.config.tiles
        assert plan is not None
        fwhm = [m.fwhm for m in state.measurements if np.isfinite(m.fwhm)]
        typical = float(np.median(fwhm)) / plan.step if fwhm else 3.0
        grid = make_grid(plan.channel_shape, typical, size_factor=settings.size_factor, min_size=settings.min_size,
                         max_divisor=settings.max_divisor, overlap=settings.overlap)
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
        offsets = (np.arange(OVERLAP_SAMPLES) + 0.5) / OVERLAP_SAMPLES
        height, width = min(grid.size, grid.shape[0]), min(grid.size, grid.shape[1])
        y = (np.asarray(grid.starts_y)[:, None] + offsets * height).ravel()
        x = (np.asarray(grid.starts_x)[:, None] + offsets * width).ravel()
        xx, yy = np.meshgrid(x, y)
        shares = []
        for frame in frames.usable:
            u, v = plan.positions_in_frame(frame, xx, yy)
            inside = (u >= 0) & (v >= 0) & (u <= frame.shape[1] - 1) & (v <= frame.shape[0] - 1)
            shares.append(inside.reshape(grid.n_y, OVERLAP_SAMPLES, grid.n_x, OVERLAP_SAMPLES).mean(axis=(1, 3)))
        state.overlap = np.array(shares)
        write_array(context.artifacts / "common_overlap.npy", state.overlap)
        common = float((state.overlap.min(axis=0) >= 1).mean())
        return PhaseResult(summary={"tiles_covered_by_all": common,
                                    "least_frames_in_a_tile": float(state.overlap.sum(axis=0).min())})


class LocalMetrics(Phase):
    name = "LOCAL_METRICS"
    settings = ("weights", "metrics.star_min_count", "stacking.exclude", "stacking.min_survivors")
    uses = ("frames", "measurements", "plan", "transparency", "global_weight", "left_out", "grid", "overlap")
    makes = ("noise", "area", "local_quality", "weights")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan, grid, frames = state.plan, state.grid, state.frames
        assert plan is not None and grid is not None and frames is not None and state.transparency is not None
        assert state.overlap is not None and state.global_weight is not None
        settings = context.config
        centers = grid.centers()
        y, x = centers[..., 0].ravel(), centers[..., 1].ravel()
        shape = (grid.n_y, grid.n_x)
        sampled = [_sample(plan, f, m, x, y, shape) for f, m in zip(frames.usable, state.measurements, strict=True)]
        # In single precision: with thousands of frames these are the largest arrays of a run.
        noise, background, energy = (np.array([s[k] for s in sampled], np.float32).swapaxes(0, 1) for k in range(3))
        fwhm, error, roundness = (np.array([s[k] for s in sampled], np.float32) for k in (3, 4, 5))
        if settings.weights.local:
            fwhm = tile_weights.shrink(fwhm, error)
        else:
            fwhm[:] = np.median(fwhm, axis=(1, 2), keepdims=True)
            noise[:] = np.median(noise, axis=(2, 3), keepdims=True)
        width = np.sqrt(fwhm**2 + SAMPLING_FWHM2) / plan.step
        # One exponent for all: that of a single frame is too uncertain to weigh it by.
        beta = float(np.median([m.psf.beta for m in state.measurements]))
        state.noise, state.area = noise, effective_area(width, beta)
        star_tiles = _star_tiles(state, plan, settings.metrics.star_min_count)
        quality = np.array([
            np.where(star_tiles, tile_weights.local_quality_star(fwhm, roundness, energy[c] / noise[c] ** 2),
                     tile_weights.local_quality_structure(energy[c] / noise[c], background[c]))
            for c in range(len(plan.channels))])
        state.local_quality = quality
        state.weights, details = _weights(state, context)
        state.weights[:, np.array([bool(r) for r in state.left_out], np.bool_)] = 0
        details |= _exclude(state, context)
        for name, array in (("tile_noise", noise), ("tile_fwhm", fwhm), ("tile_quality", quality),
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


def _sample(plan: CanvasPlan, frame: Frame, m: FrameMeasurement, x: NDArray[np.float64], y: NDArray[np.float64],
            shape: tuple[int, int]) -> tuple[FloatArray, ...]:
    """Noise, background, gradient energy (C, ty, tx), FWHM, its error, roundness (ty, tx) of a frame at the tiles' centres."""
    assert frame.reader is not None
    u, v = plan.positions_in_frame(frame, x, y)
    height, width = frame.reader.shape[-2:]
    u, v = np.clip(u, 0, width - 1), np.clip(v, 0, height - 1)
    meshes = [sample_mesh(mesh, m.mesh_centers, u, v) for mesh in (m.noise_mesh, m.background_mesh, m.gradient_mesh)]
    maps = [noise_by_channel(plan, meshes[0]), by_channel(plan, meshes[1]), by_channel(plan, meshes[2])]
    # In canvas pixels; the noise is that of white noise of the same power, since interpolation spreads it.
    scale = frame.scale
    maps[0] = maps[0] * scale
    fields = (m.psf.fwhm(u, v) * scale, m.psf.fwhm_error(u, v) * scale, m.psf.roundness(u, v))
    return (*(a.reshape(-1, *shape) for a in maps), *(a.reshape(shape) for a in fields))


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


def _star_tiles(state: RunState, plan: CanvasPlan, least: int) -> NDArray[np.bool_]:
    """(ty, tx): tiles whose median star count over the frames makes them star tiles; one decision for all frames."""
    grid, frames = state.grid, state.frames
    assert grid is not None and frames is not None
    counts = []
    for frame, m in zip(frames.usable, state.measurements, strict=True):
        matrix = plan.to_channel(frame)
        u, v, w = matrix @ np.stack([m.stars["x"], m.stars["y"], np.ones(len(m.stars))])
        x, y = u / w, v / w
        in_y = (y >= np.asarray(grid.starts_y)[:, None]) & (y < np.asarray(grid.starts_y)[:, None] + grid.size)
        in_x = (x >= np.asarray(grid.starts_x)[:, None]) & (x < np.asarray(grid.starts_x)[:, None] + grid.size)
        counts.append(in_y.astype(int) @ in_x.astype(int).T)
    return np.asarray(np.median(counts, axis=0) >= least)


def _weights(state: RunState, context: RunContext) -> tuple[FloatArray, dict[str, object]]:
    """(C, N, ty, tx) and what was decided on the way."""
    assert state.noise is not None and state.area is not None and state.local_quality is not None
    assert state.transparency is not None and state.global_weight is not None and state.overlap is not None
    settings = context.config.weights
    result: list[FloatArray] = []
    details: dict[str, object] = {}
    for c in range(len(state.noise)):
        found = tile_weights.tile_weights(
            settings.mode, transparency=state.transparency[c], noise=state.noise[c], area=state.area,
            global_weight=state.global_weight[c], local_quality=state.local_quality[c],
            min_information=settings.min_information, valid=state.overlap > 0)
        result.append(found.weights.astype(np.float32))
        details = {"exponent": found.exponent, "fallback_tiles": int(found.fallback.sum())}
    return np.array(result), details
