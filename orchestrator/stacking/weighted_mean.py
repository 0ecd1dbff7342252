"""The weighted mean of each channel with tile weights and rejection (METHODS 7), block by block."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import Stacking
from orchestrator.engines.base import Frame
from orchestrator.io.fits import FULL_SCALE
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from orchestrator.stacking.canvas import Block, CanvasPlan, FrameNormalization, plan_blocks
from orchestrator.stacking.channels import by_channel, noise_by_channel
from orchestrator.stacking.exclusions import excluded_tiles
from orchestrator.stacking.rejection_masks import Rejections
from orchestrator.stacking.sky_correction import SkyCorrection
from orchestrator.stacking.state import RunState, Stack
from tilecore.detect.trails import recurring, trail_mask
from tilecore.numerics.robust_surface import surface_matrix
from tilecore.resample.array_backend import array_module
from tilecore.stack.grid import AxisWindows, TileGrid, axis_windows, only_in
from tilecore.stack.reject import RejectionRule, ShotNoise, grow, reject
from tilecore.stack.weighted_mean import TileMean

__all__ = ["PreviousStack", "StackJob", "frames_in_stack", "make_job", "read_cube", "reconstruct", "rejection_masks",
           "shot_noise", "sky_level", "trail_lines"]

# Reach (px) of rejection: one pixel for the local contrast, one for growing the rejected regions.
REJECTION_HALO = 2
# Smallest conversion gain expected (electrons per ADU): limits the shot noise inferred from the sky.
MIN_GAIN = 0.2
# Smallest sky level from which shot noise is inferred.
MIN_SKY = 1e-6


@dataclass(frozen=True)
class StackJob(Job):
    """Everything that the stacking of a block needs, for C channels and N frames.

    ``scale`` (C, N) and ``surfaces`` (C, N, m, m) normalise the frames, see :class:`FrameNormalization`; ``sky_corrections`` (N)
    remove clouds and haze over parts of them. ``weights`` and ``noise`` are (C, N, ty, tx) float32, ``noise`` that of the
    normalised frames, ``typical_noise`` (C, N) its median. For ``sky`` and ``shot`` (C,) see
    :func:`tilecore.stack.reject.reject`; ``trails`` (N) of (k, 5) on the channel grid, see :mod:`tilecore.detect.trails`;
    ``excluded`` (N, ty, tx) are tiles from which a frame is excluded by the settings.
    """

    plan: CanvasPlan
    frames: tuple[Frame, ...]
    scale: NDArray[np.float32]
    surfaces: NDArray[np.float64]
    sky_corrections: tuple[SkyCorrection, ...]
    weights: NDArray[np.float32]
    noise: NDArray[np.float32]
    typical_noise: NDArray[np.float32]
    grid: TileGrid
    settings: Stacking
    sky: tuple[float, ...]
    shot: tuple[float, ...]
    trails: tuple[NDArray[np.float64], ...]
    excluded: NDArray[np.bool_]
    keep_rejections: bool = False
    device: str = "cpu"

    @property
    def xp(self) -> ModuleType:
        """The array module that does the work."""
        return array_module(self.device)[0]

    @property
    def groups(self) -> list[NDArray[np.int64]]:
        """Groups of frames that are compared with one another for rejection, each spread over the whole session."""
        n = len(self.frames)
        count = -(-n // self.settings.group_size)
        return [np.arange(first, n, count) for first in range(count)]

    def read(self, index: int, block: Block, cube: NDArray[np.float32], valid: NDArray[np.float32], position: int) -> None:
        """:meth:`CanvasPlan.read_block` of a frame, corrected for clouds and haze; no data where only excluded tiles count."""
        normalization = FrameNormalization(self.scale[:, index], self.surfaces[:, index])
        self.plan.read_block(self.frames[index], block, normalization, cube, valid, position, self.xp)
        self.sky_corrections[index].apply(block, self.plan.channel_shape, cube[:, position], valid[position])
        if self.excluded[index].any():
            out = only_in(self.grid, self.excluded[index], slice(block.y0, block.y1), slice(block.x0, block.x1))
            valid[position][out] = 0
            cube[:, position, out] = 0


@dataclass(frozen=True)
class PreviousStack:
    """A previous stack and its plain mean, which are valid except in ``regions``; their arrays are updated in place."""

    stack: Stack
    uniform: NDArray[np.float32]
    regions: tuple[Block, ...]


def reconstruct(context: RunContext, job: StackJob,
                kept: PreviousStack | None = None) -> tuple[Stack, NDArray[np.float32], Rejections]:
    """The stack, the plain mean of the same surviving pixels (C, rows, columns), and the rejected pixels if the job keeps them.

    With ``kept`` only its regions are computed.
    """
    plan = job.plan
    shape = (len(plan.channels), *plan.channel_shape)
    regions = kept.regions if kept else (Block(0, shape[1], 0, shape[2]),)
    budget, group = context.block_budget, max(map(len, job.groups))
    blocks = [b for region in regions for b in plan_blocks(region, plan, job.frames, budget, group)]
    arrays = ([*(getattr(kept.stack, f.name) for f in fields(Stack)), kept.uniform] if kept
              else [context.picture(shape) for _ in range(6)])
    rejections = Rejections(shape[0], len(job.frames), plan.channel_shape)
    results = context.executor.heavy(stack_block, job, blocks)
    for done, (block, (found, rejected)) in enumerate(zip(blocks, results, strict=True), 1):
        for array, values in zip(arrays, found, strict=True):
            array[:, block.y0: block.y1, block.x0: block.x1] = values
        for (c, frame), indices in rejected.items():
            rejections.add(c, frame, block, indices)
        context.progress(done, len(blocks), "stacking")
    *products, uniform = arrays
    return Stack(*products), uniform, rejections


def make_job(context: RunContext, state: RunState, weights: NDArray[np.floating],
             members: NDArray[np.int64] | None = None, *, keep_rejections: bool = False) -> StackJob:
    """The job for ``weights`` (C, N, ty, tx), with all usable frames or those with the indices ``members``.

    Frames that are excluded everywhere, by the settings or by the selection, are not part of it.
    """
    usable = state.frames.usable
    excluded = _excluded(context, state)
    chosen = np.arange(len(usable)) if members is None else members
    chosen = chosen[~excluded[chosen].all(axis=(1, 2))]
    scale = state.transparency[:, chosen]
    channels = range(len(state.plan.channels))
    noise = (state.noise[:, chosen] / scale[:, :, None, None]).astype(np.float32)
    return StackJob(
        state.plan, tuple(usable[i] for i in chosen), (1 / scale).astype(np.float32),
        np.array([[surface_matrix(s) for s in state.surfaces[c, chosen]] for c in channels]),
        tuple(state.sky_corrections[i] for i in chosen),
        np.where(excluded[chosen], 0, weights[:, chosen]).astype(np.float32), noise,
        np.median(noise, axis=(2, 3)).astype(np.float32), state.grid, context.config.stacking,
        tuple(sky_level(state, c) for c in channels), tuple(shot_noise(state, c, chosen) for c in channels),
        _trails(state, chosen), excluded[chosen], keep_rejections, context.device, check=context.check)


def frames_in_stack(context: RunContext, state: RunState) -> NDArray[np.bool_]:
    """(N,) usable frames that are not excluded everywhere, by the settings or by the selection."""
    return np.asarray(~_excluded(context, state).all(axis=(1, 2)))


def _excluded(context: RunContext, state: RunState) -> NDArray[np.bool_]:
    """(N, ty, tx): the tiles excluded by the settings, and all tiles of frames that the selection excludes."""
    excluded = excluded_tiles(context.config.stacking.exclude, state.frames, state.plan, state.grid)
    excluded[np.array([bool(r) for r in state.left_out], np.bool_)] = True
    return excluded


def stack_block(job: StackJob, block: Block,
                threads: int) -> tuple[list[NDArray[np.float32]], dict[tuple[int, int], NDArray[np.int32]]]:
    """Mean, variance, weight, count, rejected, plain mean of a block, each (C, h, w); rejected pixels by channel, frame."""
    settings, plan = job.settings, job.plan
    padded = block.padded(REJECTION_HALO + settings.grow, plan.channel_shape)
    windows = axis_windows(job.grid)
    rows, columns = slice(padded.y0, padded.y1), slice(padded.x0, padded.x1)
    window = AxisWindows(windows.index_y[rows], windows.weight_y[rows], windows.index_x[columns], windows.weight_x[columns])
    channels = range(len(plan.channels))
    xp = job.xp
    means = [TileMean(window, xp) for _ in channels]
    inner = block.inside(padded)
    rejected: dict[tuple[int, int], NDArray[np.int32]] = {}
    for group in job.groups:
        cube, valid = read_cube(job, group, padded, threads)
        for c, mask in zip(channels, rejection_masks(job, group, cube, valid, padded), strict=True):
            means[c].add(cube[c], valid, mask, job.weights[c, group], job.noise[c, group])
            if job.keep_rejections:
                indices = Rejections.of(mask[:, inner[0], inner[1]])
                rejected.update({(c, int(f)): i for f, i in zip(group, indices, strict=True)})
    found = [m.result() for m in means]
    return [np.stack([getattr(f, name)[inner] for f in found])
            for name in ("mean", "variance", "weight", "count", "rejected", "uniform")], rejected


def read_cube(job: StackJob, group: NDArray[np.int64], block: Block,
              threads: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Normalised pixels (C, n, h, w) of some frames and their validity (n, h, w)."""
    cube = np.empty((len(job.plan.channels), len(group), *block.shape), np.float32)
    valid = np.empty((len(group), *block.shape), np.float32)

    def one(position: int) -> None:
        job.stop_if_asked()
        job.read(int(group[position]), block, cube, valid, position)

    if threads == 1:
        for position in range(len(group)):
            one(position)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one, range(len(group))))  # the list raises errors of the threads here
    return cube, valid


def rejection_masks(job: StackJob, group: NDArray[np.int64], cube: NDArray[np.float32], valid: NDArray[np.float32],
                    block: Block) -> list[NDArray[np.uint8]]:
    """For each channel (n, h, w) 1 = rejected: outliers, and pixels crossed by trails if enough frames are left.

    Crossed pixels must not affect the test of the others: ``valid`` is 0 there while outliers are searched for.
    """
    crossed = {k: line for k, f in enumerate(group) if len(job.trails[f])
               and (line := trail_mask(job.trails[f], block.y0, block.y1, block.x0, block.x1)).any()}
    before = {k: valid[k][trail] for k, trail in crossed.items()}
    for k, trail in crossed.items():
        valid[k][trail] = 0
    masks = [_outliers(job, c, group, cube[c], valid) for c in range(len(cube))]
    if crossed:
        y, x = np.nonzero(np.any(list(crossed.values()), axis=0))
        seen = (valid[:, y, x] > 0).sum(axis=0)
        for mask in masks:
            enough = seen - mask[:, y, x].sum(axis=0, dtype=np.int32) >= min(job.settings.min_survivors, len(group) - 1)
            for k, trail in crossed.items():
                mask[k, y, x] |= (trail[y, x] & enough).astype(np.uint8)
    for k, trail in crossed.items():
        valid[k][trail] = before[k]
    return masks


def _outliers(job: StackJob, channel: int, group: NDArray[np.int64], cube: NDArray[np.float32],
              valid: NDArray[np.float32]) -> NDArray[np.uint8]:
    settings = job.settings
    rule = RejectionRule(settings.rejection, settings.sigma_low, settings.sigma_high, settings.contrast_tolerance,
                         settings.min_survivors, settings.max_iterations)
    mask = reject(cube, valid, job.typical_noise[channel, group], rule, ShotNoise(job.shot[channel], job.sky[channel]))
    if settings.grow:
        mask = grow(mask, settings.grow, valid=valid, min_survivors=settings.min_survivors)
    return mask


def trail_lines(plan: CanvasPlan, frame: Frame, lines: NDArray[np.float64]) -> NDArray[np.float64]:
    """Trails (k, 5) of a frame (:func:`tilecore.detect.trails.find_trails`) on the channel grid."""
    matrix = plan.to_channel(frame)
    ends = [matrix @ np.stack([lines[:, k], lines[:, k + 1], np.ones(len(lines))]) for k in (0, 2)]
    scale = np.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    return np.column_stack([ends[0][:2].T / ends[0][2][:, None], ends[1][:2].T / ends[1][2][:, None], lines[:, 4] * scale + 1])


def _trails(state: RunState, chosen: NDArray[np.int64]) -> tuple[NDArray[np.float64], ...]:
    """Trails of the frames on the channel grid, without lines that recur and so belong to the scene."""
    plan, frames = state.plan, state.frames
    found = [trail_lines(plan, frame, state.measurements[i].trails) for i, frame in enumerate(frames.usable)]
    scene = recurring(found, plan.channel_shape)
    kept = [lines[~s] for lines, s in zip(found, scene, strict=True)]
    return tuple(kept[int(i)] for i in chosen)


def sky_level(state: RunState, channel: int) -> float:
    """Sky level of the stack, that of the reference frame. It is the same for all blocks: the result must not depend on them."""
    return float(by_channel(state.plan, state.measurements[state.frames.reference_position].background)[channel])


def shot_noise(state: RunState, channel: int, chosen: NDArray[np.int64]) -> float:
    """Variance per unit of signal. The noise of the sky background cannot be less than its shot noise, so noise^2 / sky is an
    upper limit."""
    ratios = []
    for i in chosen:
        m = state.measurements[int(i)]
        sky = max(float(by_channel(state.plan, m.background)[channel]), MIN_SKY)
        ratios.append(float(noise_by_channel(state.plan, m.noise)[channel]) ** 2 / sky)
    return float(min(np.median(ratios), 1 / (MIN_GAIN * FULL_SCALE)))
