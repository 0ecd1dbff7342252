"""Noise as a function of the number of frames, measured on stacks of subsets: shows whether more frames would help."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import FULL_SCALE
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.regions import footprints
from orchestrator.stacking.weighted_mean import StackJob, read_cube
from tilecore.numerics.statistics import mad_sigma
from tilecore.stack.grid import TileGrid, touching

__all__ = ["measure_noise_vs_frames", "noise_of_halves", "rows_of_strip"]

# Fewest frames for the measurement.
MIN_FRAMES = 6
# Pixels of the strip on which the noise is measured.
STRIP_PIXELS = 100_000
# Fewest rows of the strip.
MIN_STRIP_ROWS = 48
# Memory (bytes) that the strip of all frames may use.
STRIP_BYTES = 192 * 2**20
# Side (px) of the areas on which noise is measured: interpolation correlates neighbouring pixels, which hides their noise.
AREA = 4
# Fewest pairs of adjacent areas.
MIN_STEPS = 50
# Random subsets of each size.
DRAWS = 8
# Validity above which a pixel counts as covered.
COVERED = 0.99
# Largest subset, as a fraction of all frames.
LARGEST_SUBSET = 0.85


def measure_noise_vs_frames(context: RunContext, job: StackJob) -> dict[str, Any] | None:
    """Noise (ADU per pixel) of weighted means of 4, 6, 8, 12 ... all frames, in a strip across the middle of the field.

    Each subset is split into two halves; stars cancel in the difference of their means, whose noise gives that of the mean of
    both. None if there are too few frames, or no strip is covered by all of them.
    """
    count, names = len(job.frames), job.plan.channels
    if count < MIN_FRAMES:
        return None
    channel = next(names.index(c) for c in ("G", "G1", names[0]) if c in names)
    block = _strip(context, job, count)
    boxes = footprints(job.plan, job.frames)
    if not ((boxes[:, ::2] <= (block.y0, block.x0)) & (boxes[:, 1::2] >= (block.y1, block.x1))).all():
        return None
    # Stars cancel in the difference of two halves: how they are interpolated does not matter.
    plain = replace(job, steep_cores=False)
    cube, valid = read_cube(plain, np.arange(count), block, min(context.workers, os.cpu_count() or 1))
    covered = np.asarray((valid > COVERED).all(axis=0), np.bool_)
    weights = _frame_weights(job, channel, block)
    weighted = cube[channel] * weights[:, None, None]
    rng = np.random.default_rng(1)
    sizes = _sizes(count)
    measured = []
    for size in sizes:
        found = []
        for _ in range(DRAWS if size < count else 2):
            context.check()
            found.append(noise_of_halves(weighted, weights, *_halves(weights, size, rng), covered))
        known = [f for f in found if np.isfinite(f)]
        measured.append(float(np.sqrt(np.mean(np.square(known)))) * FULL_SCALE if known else float("nan"))
    if not np.isfinite(measured).all() or min(measured) <= 0:
        return None
    slope = float(np.polyfit(np.log(sizes), np.log(measured), 1)[0])
    return {"frames": sizes, "noise_adu": measured, "slope": slope, "channel": names[channel],
            "strip": [block.y0, block.y1, block.x0, block.x1], "area": AREA}


def _halves(weights: NDArray[np.float32], size: int,
            rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Two halves of about equal weight from ``size`` frames with the same distribution of weights as all frames."""
    order = np.argsort(-weights, kind="stable")
    # One frame from each of ``size`` equal parts of the order keeps the distribution of weights.
    chosen = order[((np.arange(size) + rng.uniform(0, 1, size)) * len(order) / size).astype(int)]
    first = np.isin(np.arange(size) % 4, (0, 3)) != (rng.uniform() < 0.5)
    return chosen[first], chosen[~first]


def _sizes(count: int) -> list[int]:
    """4, 6, 8, 12, 16, 24 ... and all."""
    steps = [k * 2**e for e in range(1, 20) for k in (2, 3)]
    return [s for s in steps if s < LARGEST_SUBSET * count] + [count]


def _strip(context: RunContext, job: StackJob, count: int) -> Block:
    """A strip in the middle of the channel grid."""
    h, w = job.plan.channel_shape
    most = min(STRIP_BYTES, context.block_budget // 2) // (4 * count * (len(job.plan.channels) + 1))
    columns = min(w, max(most // MIN_STRIP_ROWS, 8 * AREA))
    rows = int(np.clip(min(STRIP_PIXELS, most, h * w // 8) // columns, min(MIN_STRIP_ROWS, h), h))
    y, x = (h - rows) // 2, (w - columns) // 2
    return Block(y, y + rows, x, x + columns)


def _frame_weights(job: StackJob, channel: int, block: Block) -> NDArray[np.float32]:
    """(N,) mean weight of each frame in the rows of tiles that overlap the strip."""
    rows = np.flatnonzero(_rows(job.grid, block.y0, block.y1))
    weights = job.slots.dense(job.weights[channel], np.arange(len(job.frames)), rows, np.arange(job.grid.n_x))
    return np.asarray(weights.mean(axis=(1, 2)), np.float32)


def rows_of_strip(grid: TileGrid, growth: dict[str, Any]) -> NDArray[np.bool_]:
    """(ty,): rows of tiles on whose weights and pixels the result of :func:`measure_noise_vs_frames` depends."""
    return _rows(grid, *growth["strip"][:2])


def _rows(grid: TileGrid, y0: int, y1: int) -> NDArray[np.bool_]:
    return np.asarray(touching(grid, y0, y1, 0, grid.shape[1])[:, 0])


def noise_of_halves(weighted: NDArray[np.float32], weights: NDArray[np.float32], a: NDArray[np.int64], b: NDArray[np.int64],
                    covered: NDArray[np.bool_]) -> float:
    """Noise of one pixel of the weighted mean of frames ``a`` and ``b`` together, from the difference of their means.

    ``weighted`` (N, h, w) are pixels times weight, ``weights`` (N,). For two means A, B with noise^2 inversely proportional
    to their weights p, q the mean of all has noise^2 = var(A - B) p q / (p + q)^2. NaN if too few areas are ``covered``.
    """
    p, q = float(weights[a].sum()), float(weights[b].sum())
    if p <= 0 or q <= 0:
        return float("nan")
    difference = weighted[a].sum(axis=0) / p - weighted[b].sum(axis=0) / q
    h, w = (n // AREA * AREA for n in difference.shape)
    shape = (h // AREA, AREA, w // AREA, AREA)
    areas = difference[:h, :w].reshape(shape).mean(axis=(1, 3))
    whole = np.asarray(covered[:h, :w].reshape(shape).all(axis=(1, 3)), np.bool_)
    # Differences between neighbours cancel the residual sky gradient; a robust spread ignores stars, trails and cosmic rays.
    steps = np.concatenate([(areas[:, 1:] - areas[:, :-1])[whole[:, 1:] & whole[:, :-1]],
                            (areas[1:] - areas[:-1])[whole[1:] & whole[:-1]]])
    if steps.size < MIN_STEPS:
        return float("nan")
    spread = mad_sigma(steps, 0.0) / np.sqrt(2)
    return float(spread * AREA * np.sqrt(p * q) / (p + q))
