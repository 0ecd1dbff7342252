"""The weighted mean of each channel with tile weights and rejection (METHODS 7), block by block."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import Stacking
from orchestrator.engines.base import Frame
from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.mapped import release
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from orchestrator.stacking.blocks import Block, BlockMemory, plan_blocks
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.channels import by_channel, noise_by_channel
from orchestrator.stacking.clipped_samples import Clipping, leave_out_clipped
from orchestrator.stacking.exclusions import excluded_tiles
from orchestrator.stacking.frame_reading import FrameNormalization, Warping, read_block
from orchestrator.stacking.moving_light import moving_light
from orchestrator.stacking.regions import Region, footprints, plan_regions
from orchestrator.stacking.rejection_masks import Rejections
from orchestrator.stacking.sky_correction import SkyCorrection
from orchestrator.stacking.state import RunState, Stack
from tilecore.detect.trails import recurring, trail_mask
from tilecore.numerics.robust_surface import surface_matrix
from tilecore.resample.array_backend import array_module
from tilecore.resample.warp import Slot
from tilecore.stack.clipped import REACH as CLIPPED_REACH
from tilecore.stack.grid import TileGrid, axis_windows, only_in
from tilecore.stack.mixed_psf import TRAIL_REACH, MixedPsf, mixed_psf, pardon
from tilecore.stack.reject import RejectionRule, ShotNoise, grow, reject_from_median
from tilecore.stack.reject_from_mean import KnownMean, outliers_from_mean
from tilecore.stack.tile_slots import TileSlots
from tilecore.stack.weighted_mean import TileMean

__all__ = ["EarlierPixels", "PreviousStack", "StackJob", "compared_psf", "frames_in_stack", "make_job", "read_cube",
           "reconstruct", "rejection_masks", "shot_noise", "sky_level", "trail_lines"]

Lines = tuple[NDArray[np.float64], ...]

# Reach (px) of rejection: one pixel for the local contrast, one for growing the rejected regions; and that of clipped samples,
# twice, since samples near them are left out where others, not near any, exceed them.
REJECTION_HALO = 2 + 2 * CLIPPED_REACH
# Smallest conversion gain expected (electrons per ADU): limits the shot noise inferred from the sky.
MIN_GAIN = 0.2
# Smallest sky level from which shot noise is inferred.
MIN_SKY = 1e-6


@dataclass(frozen=True)
class StackJob(Job):
    """Everything that the stacking of a block needs, for C channels and N frames.

    ``scale`` (C, N) and ``surfaces`` (C, N, m, m) normalise the frames, see :class:`FrameNormalization`; ``sky_corrections`` (N)
    remove clouds and haze over parts of them. ``weights`` and ``noise`` are (C, K, ty, tx) float32 in the K ``slots`` of the
    frames, ``noise`` that of the normalised frames, ``typical_noise`` (C, N) its median. For ``sky`` and ``shot`` (C,) see
    :func:`tilecore.stack.reject.reject`; ``trails`` and ``other_light`` (N) of (k, 5) on the channel grid, see
    :mod:`orchestrator.stacking.moving_light`; ``excluded`` (K, ty, tx) are tiles from which a frame is excluded by the settings.
    ``psf`` compares the PSFs of the frames; ``steep_cores`` treats stars that are too steep for Lanczos-4 apart.
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
    trails: Lines
    excluded: NDArray[np.bool_]
    psf: MixedPsf
    slots: TileSlots
    keep_rejections: bool = False
    device: str = "cpu"
    other_light: Lines = ()
    steep_cores: bool = True
    memory: BlockMemory = field(default_factory=BlockMemory, compare=False, repr=False)

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The regions of the channel grid that are stacked, each from the frames that reach it."""
        return plan_regions(footprints(self.plan, self.frames), self.plan.channel_shape, self.halo)

    def __getstate__(self) -> dict[str, object]:
        return {k: v for k, v in super().__getstate__().items() if k not in ("regions", "partly_excluded")}

    def lines(self, index: int) -> NDArray[np.float64]:
        """(k, 5) trails and other light of a frame that are left out."""
        return np.concatenate([self.trails[index], *self.other_light[index: index + 1]])

    @property
    def xp(self) -> ModuleType:
        """The array module that does the work."""
        return array_module(self.device)[0]

    @property
    def halo(self) -> int:
        """Reach (px) of rejection around a pixel."""
        return REJECTION_HALO + self.settings.grow + 3 * self.psf.reach + (TRAIL_REACH if self.psf.reach else 0)

    def clipping(self, group: NDArray[np.int64]) -> Clipping:
        """The levels at which the normalised pixels of some frames clip."""
        saturation = np.array([self.frames[k].saturation for k in group])
        return Clipping(saturation * self.scale[:, group], self.surfaces[:, group], self.sky, self.plan.channel_shape)

    def groups(self, members: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Groups of some frames that are compared with one another for rejection, each spread over the whole session."""
        count = -(-len(members) // self.settings.group_size)
        return [members[first::count] for first in range(count)]

    def reaching(self, block: Block) -> NDArray[np.int64]:
        """The frames that are stacked in a block, ascending."""
        found = [r.frames for r in self.regions if r.block.common(block) is not None]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)

    @cached_property
    def partly_excluded(self) -> NDArray[np.bool_]:
        """(N,) frames that are excluded from some tiles."""
        return self.slots.any(self.excluded)

    @property
    def second_half(self) -> NDArray[np.bool_]:
        """(N,) every other frame: the half-stacks, which are compared to measure the noise, are interleaved in time."""
        return np.asarray(np.arange(len(self.frames)) % 2 == 1)

    def compared_as(self, psf: MixedPsf) -> StackJob:
        """The job with another comparison of the PSFs of its frames."""
        return replace(self, psf=psf)

    def read(self, index: int, block: Block, cube: NDArray[np.float32], valid: NDArray[np.float32], position: int) -> None:
        """:func:`read_block` of a frame, corrected for clouds and haze; no data where only excluded tiles count."""
        normalization = FrameNormalization(self.scale[:, index], self.surfaces[:, index])
        warping = Warping(self.xp, self.typical_noise[:, index] / self.scale[:, index] if self.steep_cores else None)
        read_block(self.plan, self.frames[index], block, normalization, Slot(cube, valid, position), warping)
        self.sky_corrections[index].apply(block, self.plan.channel_shape, cube[:, position], valid[position])
        if self.partly_excluded[index]:
            excluded = self.slots.whole(self.excluded, index, True)
            out = only_in(self.grid, excluded, slice(block.y0, block.y1), slice(block.x0, block.x1))
            valid[position][out] = 0
            cube[:, position, out] = 0


@dataclass(frozen=True)
class PreviousStack:
    """A previous stack and its plain mean, which are valid except in ``regions``; their arrays are updated in place."""

    stack: Stack
    uniform: NDArray[np.float32]
    regions: tuple[Block, ...]


@dataclass(frozen=True)
class EarlierPixels:
    """Mean, its variance and the number of frames (C, h, w) of an earlier stack, with which the frames of a job are compared
    instead of with one another."""

    mean: NDArray[np.float32]
    variance: NDArray[np.float32]
    count: NDArray[np.float32]

    def part(self, block: Block) -> EarlierPixels:
        """Those of a block."""
        place = (slice(None), slice(block.y0, block.y1), slice(block.x0, block.x1))
        return EarlierPixels(self.mean[place], self.variance[place], self.count[place])


# A block, the frames that are stacked in it, and the earlier stack there and around it.
Item = tuple[Block, NDArray[np.int64], EarlierPixels | None]


def reconstruct(context: RunContext, job: StackJob, kept: PreviousStack | None = None, part: Block | None = None,
                earlier: EarlierPixels | None = None) -> tuple[Stack, NDArray[np.float32], Rejections]:
    """The stack, the plain mean of the same surviving pixels (C, rows, columns), and the rejected pixels if the job keeps them.

    With ``kept`` only its regions are computed; with ``part``, of the channel grid, the arrays are those of this part. With
    ``earlier`` pixels that do not agree with them are rejected.
    """
    plan = job.plan
    whole = part or Block(0, plan.channel_shape[0], 0, plan.channel_shape[1])
    shape = (len(plan.channels), *whole.shape)
    blocks = list(_blocks(context, job, kept.regions if kept else (whole,)))
    arrays = ([*(getattr(kept.stack, f.name) for f in fields(Stack)), kept.uniform] if kept
              else [context.picture(shape) for _ in range(7)])
    for old in kept.regions if kept else ():
        for array in arrays:
            array[:, old.y0: old.y1, old.x0: old.x1] = 0
    rejections = Rejections(shape[0], len(job.frames), plan.channel_shape)
    items: list[Item] = [(block, members, None if earlier is None else earlier.part(block.padded(job.halo, plan.channel_shape)))
                         for block, members in blocks]
    results = context.executor.heavy(stack_block, job, items)

    def store(found: list[NDArray[np.float32]], place: tuple[slice, slice]) -> None:
        for array, values in zip(arrays, found, strict=True):
            array[:, *place] = values
            release(array)

    with ThreadPoolExecutor(1) as writer:  # a block is stored while the next one is computed
        stored: Future[None] | None = None
        for done, ((block, members), (found, rejected, counts)) in enumerate(zip(blocks, results, strict=True), 1):
            if stored is not None:
                stored.result()
            stored = writer.submit(store, found, block.inside(whole))
            rejections.counts[:, members] += counts
            for (c, frame), indices in rejected.items():
                rejections.add(c, frame, block, indices)
            context.progress(done, len(blocks), "stacking")
        if stored is not None:
            stored.result()
    job.memory.clear()
    *products, uniform = arrays
    return Stack(*products), uniform, rejections


def _blocks(context: RunContext, job: StackJob, wanted: tuple[Block, ...]) -> Iterator[tuple[Block, NDArray[np.int64]]]:
    """The blocks of the ``wanted`` parts of the channel grid, and the frames that reach each."""
    budget = context.block_budget
    for region in job.regions:
        frames = tuple(job.frames[i] for i in region.frames)
        group = min(len(frames), job.settings.group_size)
        for part in wanted:
            common = region.block.common(part)
            for block in [] if common is None else plan_blocks(common, job.plan, frames, budget, group):
                yield block, region.frames


def make_job(context: RunContext, state: RunState, weights: NDArray[np.floating],
             members: NDArray[np.int64] | None = None, *, keep_rejections: bool = False) -> StackJob:
    """The job for ``weights`` (C, K, ty, tx), with all usable frames or those with the indices ``members``.

    Frames that are excluded everywhere, by the settings or by the selection, are not part of it.
    """
    usable, excluded = state.frames.usable, _excluded(context, state)
    chosen = np.arange(len(usable)) if members is None else members
    chosen = chosen[~state.slots.all(excluded)[chosen]]
    slots, excluded = state.slots.only(chosen), state.slots.values_of(excluded, chosen)
    scale = state.transparency[:, chosen]
    channels = range(len(state.plan.channels))
    noise = (state.slots.values_of(state.noise, chosen) / slots.over_tiles(scale, 1)).astype(np.float32)
    trails, others = _moving_light(state, chosen)
    return StackJob(
        state.plan, tuple(usable[i] for i in chosen), (1 / scale).astype(np.float32),
        np.array([[surface_matrix(s) for s in state.surfaces[c, chosen]] for c in channels]),
        tuple(state.sky_corrections[i] for i in chosen),
        np.where(excluded, 0, state.slots.values_of(weights, chosen)).astype(np.float32), noise,
        np.array([slots.medians(n) for n in noise], np.float32), state.grid, context.config.stacking,
        tuple(sky_level(state, c) for c in channels), tuple(shot_noise(state, c, chosen) for c in channels),
        trails, excluded, compared_psf(state, chosen), slots, keep_rejections, context.device, others, check=context.check)


def compared_psf(state: RunState, chosen: NDArray[np.int64]) -> MixedPsf:
    """How the PSFs of the chosen frames differ from one another."""
    return mixed_psf(state.slots.medians(state.area)[chosen], np.array([state.measurements[i].roundness for i in chosen]))


def frames_in_stack(context: RunContext, state: RunState) -> NDArray[np.bool_]:
    """(N,) usable frames that are not excluded everywhere, by the settings or by the selection."""
    return ~state.slots.all(_excluded(context, state))


def _excluded(context: RunContext, state: RunState) -> NDArray[np.bool_]:
    """(K, ty, tx): the tiles excluded by the settings, those without the stars that other frames show there, and all tiles of
    frames that the selection excludes."""
    excluded = excluded_tiles(context.config.stacking.exclude, state.frames, state.plan, state.grid, state.slots)
    return np.asarray(excluded | state.blocked | state.slots.over_tiles(np.array([bool(r) for r in state.left_out], np.bool_)))


def stack_block(job: StackJob, item: Item,
                threads: int) -> tuple[list[NDArray[np.float32]], dict[tuple[int, int], NDArray[np.int32]], NDArray[np.int64]]:
    """Mean, variance, weight, count, rejected, noise, plain mean of a block, each (C, h, w), from its n frames; rejected pixels
    by channel and frame; their number (C, n)."""
    (block, members, earlier), plan = item, job.plan
    padded = block.padded(job.halo, plan.channel_shape)
    window, tiles = axis_windows(job.grid).part(slice(block.y0, block.y1), slice(block.x0, block.x1))
    channels = range(len(plan.channels))
    xp = job.xp
    means = [TileMean(window, xp) for _ in channels]
    inner, corner = (slice(None), *block.inside(padded)), (block.y0 - padded.y0, block.x0 - padded.x0)
    rejected: dict[tuple[int, int], NDArray[np.int32]] = {}
    counts = np.zeros((len(channels), len(members)), np.int64)
    out = np.zeros((len(channels), *block.shape), np.float32)
    for group in job.groups(members):
        cube, valid = _read_below(job, group, padded, threads)
        clipped = leave_out_clipped(job.clipping(group), cube, valid, padded)
        for c, mask in zip(channels, rejection_masks(job, group, cube, valid, padded, earlier), strict=True):
            own = mask[inner]
            seen, left_out = valid, mask
            if earlier is not None:  # the mean of one group would take rejected pixels where none of it is left
                seen, left_out = np.where(mask > 0, np.float32(0), valid), np.zeros_like(mask)
                out[c] += own.sum(axis=0)
            weights, noise = (job.slots.dense(values[c], group, *tiles) for values in (job.weights, job.noise))
            means[c].add(cube[c], seen, left_out, weights, noise, job.second_half[group], corner)
            counts[c, np.searchsorted(members, group)] = np.count_nonzero(own, axis=(1, 2))
            if job.keep_rejections:
                indices = Rejections.of(own if clipped is None else own | clipped[inner])
                rejected.update({(c, int(f)): i for f, i in zip(group, indices, strict=True)})
    found = [m.result() for m in means]
    arrays = {name: np.stack([getattr(f, name) for f in found])
              for name in ("mean", "variance", "weight", "count", "rejected", "noise", "uniform")}
    for name in ("count", "rejected") if earlier is not None else ():
        arrays[name] += out
    return list(arrays.values()), rejected, counts


def _read_below(job: StackJob, group: NDArray[np.int64], block: Block,
                threads: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """:func:`read_cube`; what a block of all frames shares with the one read before, above it, is not read again."""
    both = 2 * job.halo
    cube, valid = read_cube(job, group, block, threads, job.memory)
    if len(group) == len(job.frames) and both <= block.shape[0] - both:
        job.memory.keep(both, block, cube, valid)
    return cube, valid


def read_cube(job: StackJob, group: NDArray[np.int64], block: Block, threads: int,
              memory: BlockMemory | None = None) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Normalised pixels (C, n, h, w) of some frames and their validity (n, h, w), in the ``memory`` if it is given; rows that it
    has of the block above are copied."""
    known = 0 if memory is None or len(group) != len(job.frames) else memory.above(block)
    memory = memory or BlockMemory()
    # The first block has a halo on one side only: the next ones are larger.
    spare = job.halo / block.shape[0]
    cube = memory.array("pixels", (len(job.plan.channels), len(group), *block.shape), spare=spare)
    valid = memory.array("validity", (len(group), *block.shape), spare=spare)
    if known:
        cube[:, :, :known], valid[:, :known] = memory.cube[:, :, -known:], memory.valid[:, -known:]
    rest = Block(block.y0 + known, block.y1, block.x0, block.x1)

    def one(position: int) -> None:
        job.stop_if_asked()
        if not known:
            job.read(int(group[position]), block, cube, valid, position)
            return
        # The kernels are compiled for arrays without gaps. Each thread has its own.
        pixels, good = memory.array("frame", (len(cube), 1, *rest.shape)), memory.array("frame validity", (1, *rest.shape))
        job.read(int(group[position]), rest, pixels, good, 0)
        cube[:, position, known:], valid[position, known:] = pixels[:, 0], good[0]

    if threads == 1:
        for position in range(len(group)):
            one(position)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one, range(len(group))))  # the list raises errors of the threads here
    return cube, valid


def rejection_masks(job: StackJob, group: NDArray[np.int64], cube: NDArray[np.float32], valid: NDArray[np.float32],
                    block: Block, earlier: EarlierPixels | None = None) -> list[NDArray[np.uint8]]:
    """For each channel (n, h, w) 1 = rejected: outliers, and pixels crossed by trails if enough frames are left.

    Crossed pixels must not affect the test of the others: ``valid`` is 0 there while outliers are searched for.
    """
    crossed = {k: line for k, f in enumerate(group) if len(job.lines(f))
               and (line := trail_mask(job.lines(f), block.y0, block.y1, block.x0, block.x1)).any()}
    before = {k: valid[k][trail] for k, trail in crossed.items()}
    for k, trail in crossed.items():
        valid[k][trail] = 0
    masks = [_outliers(job, c, group, cube[c], valid) if earlier is None else
             _unlike(job, c, group, cube[c], valid, earlier) for c in range(len(cube))]
    if crossed:
        y, x = np.nonzero(np.any(list(crossed.values()), axis=0))
        seen = (valid[:, y, x] > 0).sum(axis=0)
        if earlier is not None:
            seen = seen + earlier.count[:, y, x].min(axis=0)
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
    noise = job.typical_noise[channel, group]
    room = job.memory.array(f"rejected {channel}", cube.shape, np.uint8, spare=job.halo / cube.shape[1])
    mask, median = reject_from_median(cube, valid, noise, rule, ShotNoise(job.shot[channel], job.sky[channel]), room)
    pardon(mask, cube, valid, median, noise, job.psf.of(group))
    if settings.grow:
        mask = grow(mask, settings.grow, valid=valid, min_survivors=settings.min_survivors, in_place=True)
    return mask


def _unlike(job: StackJob, channel: int, group: NDArray[np.int64], cube: NDArray[np.float32], valid: NDArray[np.float32],
            earlier: EarlierPixels) -> NDArray[np.uint8]:
    """As :func:`_outliers`, by the deviation from an earlier stack."""
    settings, noise = job.settings, job.typical_noise[channel, group]
    rule = RejectionRule(settings.rejection, settings.sigma_low, settings.sigma_high, settings.contrast_tolerance)
    mean = np.ascontiguousarray(earlier.mean[channel])
    mask = outliers_from_mean(cube, valid, noise, KnownMean(mean, earlier.variance[channel], earlier.count[channel]), rule,
                              ShotNoise(job.shot[channel], job.sky[channel]))
    pardon(mask, cube, valid, mean, noise, job.psf.of(group))
    return grow(mask, settings.grow, valid=valid, min_survivors=0, in_place=True) if settings.grow else mask


def trail_lines(plan: CanvasPlan, frame: Frame, lines: NDArray[np.float64]) -> NDArray[np.float64]:
    """Trails (k, 5) of a frame (:func:`tilecore.detect.trails.find_trails`) on the channel grid."""
    start, stop = (plan.on_channel(frame, lines[:, k: k + 2]) for k in (0, 2))
    width = lines[:, 4] * np.sqrt(abs(np.linalg.det(plan.to_channel(frame)[:2, :2]))) + 1
    if plan.is_curved(frame) and len(lines):
        middle = plan.on_channel(frame, (lines[:, :2] + lines[:, 2:4]) / 2)
        width = width + np.hypot(*(middle - (start + stop) / 2).T)  # a straight trail is bent by the lens
    return np.column_stack([start, stop, width])


def _moving_light(state: RunState, chosen: NDArray[np.int64]) -> tuple[Lines, Lines]:
    """Trails, and ghosts and spikes that move against the sky, of the chosen frames, on the channel grid; lines that recur belong
    to the scene and are not among them."""
    plan, frames = state.plan, state.frames.usable
    light = moving_light(frames, state.measurements)
    found = [trail_lines(plan, frame, one.trails) for frame, one in zip(frames, light, strict=True)]
    scene = recurring(found, plan.channel_shape)
    trails = tuple(found[i][~scene[i]] for i in chosen.tolist())
    return trails, tuple(trail_lines(plan, frames[i], light[i].others) for i in chosen.tolist())


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
