"""TILE_RECONSTRUCTION: the weighted mean of each channel with tile weights and rejection (METHODS 7), block by block."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame
from orchestrator.phases.canvas import Block, CanvasPlan, plan_blocks
from orchestrator.phases.channels import by_channel, noise_by_channel
from orchestrator.phases.state import PhaseResult, RunState, Stack
from orchestrator.run.context import RunContext
from tilecore.grid import axis_windows
from tilecore.normalize import surface_terms
from tilecore.reconstruct import combine
from tilecore.reject import grow, reject

__all__ = ["TileReconstruction", "reconstruct"]

# Rejection looks one pixel around for the local contrast, and so does the growing of what it rejects.
REJECTION_HALO = 2
# Electrons per ADU of the least sensitive setting expected: bounds the shot noise inferred from the sky.
LEAST_GAIN = 0.2


class TileReconstruction:
    name = "TILE_RECONSTRUCTION"

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        assert state.weights is not None
        state.reconstruction, state.uniform = reconstruct(context, state, state.weights)
        rejected = state.reconstruction.rejected.sum() / max(float(state.reconstruction.count.sum()), 1.0)
        state.statistics["rejected pixels"] = f"{100 * rejected:.3f} %"
        return PhaseResult(summary={"rejection": context.config.stacking.rejection, "rejected_share": float(rejected)})


def reconstruct(context: RunContext, state: RunState, weights: NDArray[np.float64],
                members: NDArray[np.int64] | None = None) -> tuple[Stack, NDArray[np.float32]]:
    """The stack with ``weights`` (C, N, ty, tx) and the plain mean of the same surviving pixels (C, rows, columns).

    ``members`` restricts it to some of the usable frames (indices).
    """
    plan, frames = state.plan, state.frames
    assert plan is not None and frames is not None
    chosen = np.arange(len(frames.usable)) if members is None else members
    shape = (len(plan.channels), *plan.channel_shape)
    arrays = [np.zeros(shape, np.float32) for _ in range(5)]
    uniform = np.zeros(shape, np.float32)
    halo = REJECTION_HALO + context.config.stacking.grow
    blocks = plan_blocks(plan, frames, context.memory_budget)
    with ThreadPoolExecutor(context.workers) as pool:
        for done, block in enumerate(blocks):
            context.progress(done, len(blocks), "stacking")
            padded = block.padded(halo, plan.channel_shape)
            cube, valid = _read_cube(context, state, plan, pool, chosen, padded)
            for c in range(len(plan.channels)):
                found, plain = _combine_channel(context, state, cube[c], valid, weights[c][chosen], chosen, c, padded)
                inner = block.inside(padded)
                target = (c, slice(block.y0, block.y1), slice(block.x0, block.x1))
                for array, values in zip(arrays, found, strict=True):
                    array[target] = values[inner]
                uniform[target] = plain[inner]
            del cube, valid
    context.progress(len(blocks), len(blocks), "stacking")
    return Stack(*arrays), uniform


def _read_cube(context: RunContext, state: RunState, plan: CanvasPlan, pool: ThreadPoolExecutor,
               chosen: NDArray[np.int64], block: Block) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Normalised pixels (C, N, h, w) and validity (N, h, w) of a block."""
    frames = state.frames
    assert frames is not None and state.transparency is not None and state.surfaces is not None
    h, w = block.shape
    cube = np.empty((len(plan.channels), len(chosen), h, w), np.float32)
    valid = np.empty((len(chosen), h, w), np.float32)
    usable = frames.usable
    powers_x, powers_y = _powers(block, plan.channel_shape)
    scale, surfaces = state.transparency, state.surfaces
    order = next(o for o in range(9) if len(surface_terms(o)) == surfaces.shape[2])
    terms = surface_terms(order)

    def one(position: int) -> None:
        context.check()
        index = int(chosen[position])
        frame: Frame = usable[index]
        pixels, valid[position] = plan.read_block(frame, block)
        for c in range(len(plan.channels)):
            target = cube[c, position]
            np.multiply(pixels[c], np.float32(1 / scale[c, index]), out=target)
            # Plain sums, not matrix products, so that the bytes do not depend on the block.
            for j in range(order + 1):
                along_x = np.zeros(w)
                for (i, exponent_y), value in zip(terms, surfaces[c, index], strict=True):
                    if exponent_y == j:
                        along_x += value * powers_x[i]
                if np.any(along_x):
                    target -= (powers_y[j][:, None] * along_x[None, :]).astype(np.float32)

    # The list makes errors of the threads surface here.
    list(pool.map(one, range(len(chosen))))
    return cube, valid


def _powers(block: Block, shape: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Powers 0..8 of the block's columns and rows, as the surfaces were fitted (0..1 over the channel grid)."""
    x = np.arange(block.x0, block.x1) / shape[1]
    y = np.arange(block.y0, block.y1) / shape[0]
    return np.power.outer(x, np.arange(9)).T, np.power.outer(y, np.arange(9)).T


def _combine_channel(context: RunContext, state: RunState, cube: NDArray[np.float32], valid: NDArray[np.float32],
                     weights: NDArray[np.float64], chosen: NDArray[np.int64], channel: int,
                     block: Block) -> tuple[tuple[NDArray[np.float32], ...], NDArray[np.float32]]:
    """Mean, variance, weight, count, rejected of one channel of a block; and its plain mean."""
    assert state.noise is not None and state.transparency is not None and state.grid is not None
    settings, grid = context.config.stacking, state.grid
    scale = state.transparency[channel][chosen]
    noise = state.noise[channel][chosen] / scale[:, None, None]
    sigma = np.median(noise, axis=(1, 2)).astype(np.float32)
    mask = reject(cube, valid, sigma, method=settings.rejection, low=settings.low, high=settings.high,
                  contrast=settings.contrast, min_survivors=settings.min_survivors,
                  shot=_shot(state, channel, chosen), sky=_sky(state, channel))
    if settings.grow:
        mask = grow(mask, settings.grow, valid=valid, min_survivors=settings.min_survivors)
    windows = axis_windows(grid)
    rows, columns = slice(block.y0, block.y1), slice(block.x0, block.x1)
    window = (windows.index_y[rows], windows.weight_y[rows], windows.index_x[columns], windows.weight_x[columns])
    found = combine(cube, valid, mask, weights, noise, *window)
    plain = combine(cube, valid, mask, np.ones_like(weights), noise, *window)
    return (found.mean, found.variance, found.weight, found.count, found.rejected), plain.mean


def _sky(state: RunState, channel: int) -> float:
    """Sky level of the stack, that of the reference frame; one for all blocks, so that the bytes do not depend on them."""
    assert state.plan is not None and state.frames is not None
    reference = [f.index for f in state.frames.usable].index(state.frames.reference)
    return float(by_channel(state.plan, state.measurements[reference].background)[channel])


def _shot(state: RunState, channel: int, chosen: NDArray[np.int64]) -> float:
    """Variance per unit of signal: the sky's noise cannot be less than its shot noise, so noise^2 / sky bounds it."""
    assert state.plan is not None
    ratios = []
    for i in chosen:
        m = state.measurements[int(i)]
        sky = max(float(by_channel(state.plan, m.background)[channel]), 1e-6)
        ratios.append(float(noise_by_channel(state.plan, m.noise)[channel]) ** 2 / sky)
    return float(min(np.median(ratios), 1 / (LEAST_GAIN * 65535)))
