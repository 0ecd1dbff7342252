"""How the noise falls with the number of frames, measured on stacks of some of them: whether to shoot more."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import FULL_SCALE
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.canvas import Block
from orchestrator.stacking.weighted_mean import StackJob, read_cube
from tilecore.numerics.statistics import mad_sigma
from tilecore.stack.grid import TileGrid, touching

__all__ = ["measure_growth", "noise_of_halves", "rows_of_strip"]

FEWEST = 6
# Pixels of the strip that is looked at, its least rows, and the memory that it may take.
PIXELS, ROWS, BYTES = 100_000, 48, 192 * 2**20
# Noise is measured on areas of so many pixels a side: interpolation makes neighbours alike and so hides it in single pixels.
AREA = 4
DRAWS = 8


def measure_growth(context: RunContext, job: StackJob) -> dict[str, Any] | None:
    """Noise (ADU a pixel) of weighted means of 4, 6, 8, 12 ... all frames, in a strip across the middle of the field.

    Each mean is split into two halves; their difference knows of no stars, and its noise is that of the
    mean of both. None with too few frames, or where no strip is covered by all.
    """
    count, names = len(job.frames), job.plan.channels
    if count < FEWEST:
        return None
    channel = next(names.index(c) for c in ("G", "G1", names[0]) if c in names)
    cube, valid, block = _strip(context, job, count)
    covered = np.asarray((valid > 0.99).all(axis=0), np.bool_)
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
    """Two halves of about the same weight of ``size`` frames, which are as good and as bad as all of them are."""
    order = np.argsort(-weights, kind="stable")
    # One frame from each of equal parts of the order: light and heavy ones in their proportion.
    chosen = order[((np.arange(size) + rng.uniform(0, 1, size)) * len(order) / size).astype(int)]
    first = np.isin(np.arange(size) % 4, (0, 3)) != (rng.uniform() < 0.5)
    return chosen[first], chosen[~first]


def _sizes(count: int) -> list[int]:
    """4, 6, 8, 12, 16, 24 ... and all."""
    steps = [k * 2**e for e in range(1, 20) for k in (2, 3)]
    return [s for s in steps if s < 0.85 * count] + [count]


def _strip(context: RunContext, job: StackJob, count: int) -> tuple[NDArray[np.float32], NDArray[np.float32], Block]:
    """Normalised pixels (C, N, h, w) of all frames, and their validity, in the middle of the channel grid."""
    h, w = job.plan.channel_shape
    most = min(BYTES, context.block_budget // 2) // (4 * count * (len(job.plan.channels) + 1))
    columns = min(w, max(most // ROWS, 8 * AREA))
    rows = int(np.clip(min(PIXELS, most, h * w // 8) // columns, min(ROWS, h), h))
    y, x = (h - rows) // 2, (w - columns) // 2
    block = Block(y, y + rows, x, x + columns)
    cube, valid = read_cube(job, np.arange(count), block, min(context.workers, os.cpu_count() or 1))
    return cube, valid, block


def _frame_weights(job: StackJob, channel: int, block: Block) -> NDArray[np.float32]:
    """(N,) mean weight of each frame in the rows of tiles that touch the strip."""
    return np.asarray(job.weights[channel][:, _rows(job.grid, block.y0, block.y1)].mean(axis=(1, 2)), np.float32)


def rows_of_strip(grid: TileGrid, growth: dict[str, Any]) -> NDArray[np.bool_]:
    """(ty,): rows of tiles on whose weights and pixels the result of :func:`measure_growth` depends."""
    return _rows(grid, *growth["strip"][:2])


def _rows(grid: TileGrid, y0: int, y1: int) -> NDArray[np.bool_]:
    return np.asarray(touching(grid, y0, y1, 0, grid.shape[1])[:, 0])


def noise_of_halves(weighted: NDArray[np.float32], weights: NDArray[np.float32], a: NDArray[np.int64], b: NDArray[np.int64],
                    covered: NDArray[np.bool_]) -> float:
    """Noise of one pixel of the weighted mean of frames ``a`` and ``b`` together, from the difference of their means.

    ``weighted`` (N, h, w) are pixels times weight, ``weights`` (N,). For two means A, B with noise^2 in inverse proportion
    to their weights p, q the mean of all has noise^2 = var(A - B) p q / (p + q)^2. NaN where too little is covered.
    """
    p, q = float(weights[a].sum()), float(weights[b].sum())
    if p <= 0 or q <= 0:
        return float("nan")
    difference = weighted[a].sum(axis=0) / p - weighted[b].sum(axis=0) / q
    h, w = (n // AREA * AREA for n in difference.shape)
    shape = (h // AREA, AREA, w // AREA, AREA)
    areas = difference[:h, :w].reshape(shape).mean(axis=(1, 3))
    whole = np.asarray(covered[:h, :w].reshape(shape).all(axis=(1, 3)), np.bool_)
    # Between neighbours: what is left of the sky's gradient drops out. Robust: so do stars, trails and cosmic rays.
    steps = np.concatenate([(areas[:, 1:] - areas[:, :-1])[whole[:, 1:] & whole[:, :-1]],
                            (areas[1:] - areas[:-1])[whole[1:] & whole[:-1]]])
    if steps.size < 50:
        return float("nan")
    spread = mad_sigma(steps, 0.0) / np.sqrt(2)
    return float(spread * AREA * np.sqrt(p * q) / (p + q))
