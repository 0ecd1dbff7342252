"""TILE_RECONSTRUCTION: from registered frames to one image per channel, by reconstruction.method."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np

from orchestrator.io.json_files import write_json
from orchestrator.message import Message
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.drizzle import drizzle
from orchestrator.stacking.extension import Extended, extend, stacked_frames
from orchestrator.stacking.master_tiles import write_master_tiles
from orchestrator.stacking.night_stacks import write_night_stacks
from orchestrator.stacking.noise_vs_frames import measure_noise_vs_frames, rows_of_strip
from orchestrator.stacking.proper_coaddition import coadd
from orchestrator.stacking.reuse_tiles import reusable_tiles, tile_keys
from orchestrator.stacking.state import RunState
from orchestrator.stacking.weighted_mean import make_job, reconstruct

__all__ = ["TileReconstruction"]

logger = logging.getLogger(__name__)


class TileReconstruction(Phase):
    name = "TILE_RECONSTRUCTION"
    settings = ("stacking", "reconstruction", "runtime.device", "output.night_stacks",
                "output.master_tiles", "tile_crop")
    uses = ("session", "frames", "measurements", "plan", "transparency", "surfaces", "sky_corrections", "grid", "slots", "noise",
            "area", "weights", "left_out", "blocked", "frame_ids", "kept")
    makes = ("reconstruction", "uniform", "psf", "stacked", "stack_keys", "growth", "rejected_by_frame")
    pixels = True
    reuses_previous = True

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        method = context.config.reconstruction.method
        job = make_job(context, state, state.weights, keep_rejections=method != "mean")
        logger.info("Reconstruction %s, frames: %d, regions: %d, with up to %d frames, tiles: %d x %d", method, len(job.frames),
                    len(job.regions), max((len(r.frames) for r in job.regions), default=0), job.grid.n_x, job.grid.n_y)
        kept, growth = None, None
        state.stack_keys = state.psf = state.stacked = None
        extended: Extended | None = None
        summary: dict[str, Any] = {"method": method}
        if method == "mean":
            state.stacked = stacked_frames(state, job)
            extended = extend(context, state, job, state.stacked)
        if extended is not None:
            # Its tiles are not those of a stack of all frames.
            state.reconstruction, state.uniform, state.rejected_by_frame = extended.stack, extended.uniform, extended.counts
            growth = context.earlier("growth")
            summary["frames_added"] = state.statistics.frames_added = extended.added
        elif method == "mean":
            keys = state.stack_keys = tile_keys(job)
            reused = reusable_tiles(context, job, keys)
            kept = reused.kept
            growth = context.previous("growth") if kept else None
            if growth is not None and reused.changed[rows_of_strip(job.grid, growth)].any():
                growth = None
            summary |= reused.summary
        if extended is None:
            state.reconstruction, state.uniform, rejections = reconstruct(context, job, kept)
            state.rejected_by_frame = None if kept else rejections.counts
        state.growth = growth or measure_noise_vs_frames(context, job)
        if state.growth is not None:
            write_json(context.artifacts / "growth.json", state.growth)
        rejected = state.reconstruction.rejected.sum() / max(float(state.reconstruction.count.sum()), 1.0)
        statistics = state.statistics
        statistics.rejected_share = float(rejected)
        write_night_stacks(context, state)
        write_master_tiles(context, state)
        trails, others = sum(map(len, job.trails)), sum(len(lines) > 0 for lines in job.other_light)
        summary |= {"rejection": context.config.stacking.rejection, "rejected_share": float(rejected), "trails": trails,
                    "other_light": others}
        statistics.trails_left_out, statistics.other_light_left_out = trails, others
        logger.info("Rejected: %.3f %% of the pixels; trails left out: %d, frames with ghosts or spikes: %d", 100 * rejected,
                    trails, others)
        if method == "proper":
            result = coadd(context, state, job, state.reconstruction, rejections)
            state.reconstruction, state.psf = result.stack, result.psf
            targets = [t.fwhm * job.plan.step for t in result.targets]
            summary["target_fwhm_px"] = targets
            statistics.target_fwhm_px = round(float(np.median(targets)), 3)
        elif method == "drizzle":
            state.reconstruction, holes = drizzle(context, job, state.frames.cfa, state.reconstruction, rejections)
            scale = context.config.reconstruction.scale
            summary |= {"scale": scale, "filled": holes}
            statistics.drizzle_scale, statistics.drizzle_pixfrac = scale, context.config.reconstruction.pixfrac
            if holes:
                context.warn(Message("{holes} pixels of the drizzled image have no sample of a colour and were filled from "
                                     "their neighbours. Use more frames, a larger reconstruction.pixfrac or a smaller scale.",
                                     holes=holes))
        return PhaseResult(summary=summary)
