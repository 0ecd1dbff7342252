"""STATE_CLUSTERING and SYNTHETIC_FRAMES: group frames taken under similar conditions and stack each group (METHODS 9)."""

from __future__ import annotations

import numpy as np

from orchestrator.io.json_files import write_json
from orchestrator.message import Message
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.state import RunState, Stack
from orchestrator.stacking.weighted_mean import frames_in_stack, make_job, reconstruct
from tilecore.numerics.thumbnail import thumbnail
from tilecore.stack.cluster import cluster_states

__all__ = ["StateClustering", "SyntheticFrames"]

# Width in px of the images of synthetic frames in the report.
THUMBNAIL_WIDTH = 360


class StateClustering(Phase):
    name = "STATE_CLUSTERING"
    settings = ("clustering.enabled", "clustering.seed", "input.min_frames_clustering")
    uses = ("frames", "measurements", "global_weight", "slots", "local_quality")
    makes = ("clusters",)

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        state.clusters = None
        settings, count = context.config.clustering, state.usable
        least = context.config.input.min_frames_clustering
        if not settings.enabled:
            return PhaseResult("skipped", {"why": "clustering.enabled is false"})
        if count < least:
            return PhaseResult("skipped", {"why": Message("reduced mode: {count} frames, clustering needs {least}",
                                                          count=count, least=least)})
        quality = state.local_quality.mean(axis=0)
        local = [state.slots.of(quality, i) for i in range(count)]
        mean, variance = (np.array([f(own) if own.size else 0.0 for own in local]) for f in (np.mean, np.var))
        background = np.array([float(np.mean(m.background)) for m in state.measurements])
        noise = np.array([float(np.mean(m.noise)) for m in state.measurements])
        vectors = np.stack([state.global_weight.mean(axis=0), mean, variance, background, noise], 1)
        found = cluster_states(vectors, seed=settings.seed)
        state.clusters = found.labels
        summary = {"clusters": int(found.labels.max()) + 1, "silhouette": found.silhouette, "stability": found.stability}
        write_json(context.artifacts / "state_clustering.json", {**summary, "labels": found.labels})
        return PhaseResult(summary=summary)


class SyntheticFrames(Phase):
    name = "SYNTHETIC_FRAMES"
    settings = ("clustering.synthetic", "stacking", "runtime.device")
    uses = ("frames", "measurements", "plan", "transparency", "surfaces", "sky_corrections", "grid", "slots", "noise", "area",
            "weights", "left_out", "blocked", "global_weight", "clusters")
    makes = ("synthetic",)
    pixels = True

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        state.synthetic = ()
        if state.clusters is None:
            return PhaseResult("skipped", {"why": "there are no clusters"})
        weights, plan, left = state.weights, state.plan, frames_in_stack(context, state)
        if context.config.clustering.synthetic == "global":
            weights = np.broadcast_to(state.slots.over_tiles(state.global_weight), state.weights.shape).copy()
        sizes, synthetic, thumbnails = [], [], []
        for label in range(int(state.clusters.max()) + 1):
            members = np.flatnonzero(state.clusters == label)
            members = members[left[members]]
            if len(members):
                stack, _, _ = reconstruct(context, make_job(context, state, weights, members))
            else:  # all of them are excluded by stacking.exclude: without weight in the merged stack
                stack = Stack(*(np.zeros((len(plan.channels), *plan.channel_shape), np.float32) for _ in range(6)))
            synthetic.append(stack)
            sizes.append(len(members))
            thumbnails.append(thumbnail(stack.mean if len(stack.mean) == 3 else stack.mean[0], THUMBNAIL_WIDTH))
        state.synthetic = tuple(synthetic)
        np.save(context.artifacts / "synthetic_frames.npy", np.array(thumbnails, np.uint8))
        return PhaseResult(summary={"synthetic_frames": len(sizes), "sizes": sizes})
