"""Stacks of groups of the frames of a run that have similar PSFs, each as two halves, without what the whole stack rejected."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from orchestrator.derived.finished_run import FinishedRun
from orchestrator.derived.star_model import above_sky
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.channels import picture_of
from orchestrator.stacking.rejection_masks import Rejections
from orchestrator.stacking.state import Stack
from orchestrator.stacking.weighted_mean import StackJob, make_job, reconstruct

__all__ = ["GroupStack", "group_stacks", "photon_variance", "psf_groups", "whole_stack"]

FloatImage = NDArray[np.float32]

# Ratio of the FWHM that 10 % and 90 % of the frames have, up to which one group is enough; most groups, and the fewest frames
# in each half of one.
ALIKE = 1.25
MOST_GROUPS = 3
LEAST_FRAMES = 4


@dataclass(frozen=True)
class KnownRejections(StackJob):
    """A :class:`StackJob` whose frames have no data where a stack of more frames rejected them; ``own`` (n,) are their places
    among those."""

    rejections: Rejections | None = None
    own: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def read(self, index: int, block: Block, cube: NDArray[np.float32], valid: NDArray[np.float32], position: int) -> None:
        """As for :class:`StackJob`, without the rejected pixels."""
        super().read(index, block, cube, valid, position)
        if self.rejections is None:
            return
        out = np.any([self.rejections.mask(c, int(self.own[index]), block) for c in range(len(cube))], axis=0)
        valid[position][out] = 0
        cube[:, position, out] = 0


@dataclass(frozen=True)
class GroupStack:
    """``light`` above the sky and its ``variance`` with photon noise, (C, h, w) in pixels of the stack, of ``frames`` (n,)."""

    light: FloatImage
    variance: FloatImage
    frames: NDArray[np.int64]


def whole_stack(run: FinishedRun) -> tuple[StackJob, Stack, Rejections]:
    """The stack of all frames, with the pixels that it rejected."""
    job = make_job(run.context, run.state, run.state.weights, keep_rejections=True)
    stack, _, rejections = reconstruct(run.context, job)
    return job, stack, rejections


def psf_groups(fwhm: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """The frames (of N, in order of time) of each group: sharp ones together if their FWHM (N,) differ."""
    count = len(fwhm)
    known = np.where(np.isfinite(fwhm), fwhm, np.nanmedian(fwhm) if np.isfinite(fwhm).any() else 1.0)
    low, high = np.percentile(known, [10, 90])
    groups = 1 if high <= ALIKE * low else min(MOST_GROUPS, max(count // (2 * LEAST_FRAMES), 1))
    return [np.sort(part) for part in np.array_split(np.argsort(known, kind="stable"), groups)]


def group_stacks(run: FinishedRun, job: StackJob, rejections: Rejections,
                 groups: list[NDArray[np.int64]]) -> list[tuple[GroupStack, GroupStack]]:
    """Both halves, interleaved in time, of each group of the frames of a job."""
    return [(_stacked(run, job, rejections, g[::2]), _stacked(run, job, rejections, g[1::2])) for g in groups]


def _stacked(run: FinishedRun, job: StackJob, rejections: Rejections, own: NDArray[np.int64]) -> GroupStack:
    place = {f.index: k for k, f in enumerate(run.state.frames.usable)}
    part = run.job(np.array([place[job.frames[i].index] for i in own], np.int64))
    none = job.settings.model_copy(update={"rejection": "none"})
    known = {f.name: getattr(part, f.name) for f in fields(StackJob) if f.name != "memory"}
    nothing = tuple(np.zeros((0, 5)) for _ in own)
    made = replace(KnownRejections(**known, rejections=rejections, own=own), settings=none, trails=nothing, other_light=())
    stack = reconstruct(run.context, made)[0]
    light = above_sky(job, stack.mean)
    return GroupStack(picture_of(job.plan, light), picture_of(job.plan, photon_variance(made, stack, light)), own)


def photon_variance(job: StackJob, stack: Stack, light: FloatImage) -> FloatImage:
    """The variance of a stack (C, h, w) with the photon noise of its ``light`` above the sky."""
    sky = np.array([np.mean(n) ** 2 for n in job.typical_noise], np.float32)[:, None, None]
    shot = np.array(job.shot, np.float32)[:, None, None] / np.maximum(sky, 1e-30) * np.maximum(light, 0)
    return np.asarray(stack.variance * (1 + shot), np.float32)
