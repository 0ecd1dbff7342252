"""Contribution of each frame to a position of the stack: ``orchestrate inspect RUN --at X,Y``."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.load import load_config
from orchestrator.derived.finished_run import known_state, readable_frames
from orchestrator.errors import ConfigError
from orchestrator.io.fits import FULL_SCALE
from orchestrator.rundir.record import RunRecord
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.clipped_samples import leave_out_clipped
from orchestrator.stacking.weighted_mean import StackJob, make_job, read_cube, rejection_masks
from tilecore.stack.grid import axis_windows

__all__ = ["Contribution", "Inspection", "inspect"]

FloatArray = NDArray[np.float64]
# Largest side of the box in pixels.
MAX_SIDE = 512


@dataclass(frozen=True)
class Contribution:
    """Contribution of one frame in the box. Levels in ADU of the stack.

    ``share`` is its fraction of the weights there; ``adds`` the rms of its contribution to the mean beyond its noise, relative to
    the median of all frames; ``mean`` the mean contribution with its sign; ``deviation`` the largest deviation of one of its
    pixels in units of its noise; ``rejected`` the fraction of its pixels that were rejected and contribute nothing.
    """

    file: str
    share: float
    adds: float
    mean: float
    deviation: float
    rejected: float

    def to_dict(self) -> dict[str, Any]:
        return {k: getattr(self, k) for k in self.__dataclass_fields__}


@dataclass(frozen=True)
class Inspection:
    """Frames in order of their contribution, the largest first.

    ``crops`` (N, h, w) are the normalised pixels of the channel shown and ``stack`` (h, w) their weighted mean without rejected
    pixels, in ADU, rows as stored. ``box`` is (x0, y0, x1, y1) on the canvas.
    """

    frames: list[Contribution]
    crops: NDArray[np.float32]
    stack: NDArray[np.float32]
    box: tuple[int, int, int, int]
    top_down: bool


def inspect(directory: Path, box: tuple[int, int, int, int]) -> Inspection:
    """Rank the frames of a run by their contribution to a box (x0, y0, x1, y1; ends excluded) of the canvas.

    x is the column, y the row of the stacked FITS file as stored, both from 0. The raw frames are read again, a few rows of
    each, and calibrated with the run's masters.

    Raises
    ------
    InputError : the run ended before its weights, or raw frames are missing. ConfigError : not a run directory, or the box is
        outside the canvas.
    """
    record = RunRecord.read(directory.expanduser().resolve())
    state = known_state(record)
    with tempfile.TemporaryDirectory(prefix="orchestrate-") as scratch:
        config = load_config([record.directory / "config.yaml"])
        context = RunContext(config, Path(scratch), EventLog(None), 1 << 30, 2)
        block = _block(box, state.plan)
        state.frames = readable_frames(record.directory, state, context)
        return _ranked(make_job(context, state, state.weights), block, box, state.session.lights[0].top_down)


def _block(box: tuple[int, int, int, int], plan: CanvasPlan) -> Block:
    x0, y0, x1, y1 = box
    height, width = plan.shape
    if not (0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height):
        raise ConfigError(f"The box {x0},{y0},{x1},{y1} is outside the canvas of {width} x {height} px.",
                          "Give x0,y0,x1,y1 in pixels of the stacked file, from 0.")
    if max(x1 - x0, y1 - y0) > MAX_SIDE:
        raise ConfigError(f"The box of {x1 - x0} x {y1 - y0} px is too large.", f"Use at most {MAX_SIDE} px per side.")
    s, (rows, columns) = plan.step, plan.channel_shape
    y, x = min(y0 // s, rows - 1), min(x0 // s, columns - 1)
    return Block(y, min(max(-(-y1 // s), y + 1), rows), x, min(max(-(-x1 // s), x + 1), columns))


def _ranked(job: StackJob, block: Block, box: tuple[int, int, int, int], top_down: bool) -> Inspection:
    padded = block.padded(job.halo, job.plan.channel_shape)
    members = job.reaching(block)
    channels, count = len(job.plan.channels), len(members)
    cube, valid = read_cube(job, members, padded, 2)
    groups = [(np.searchsorted(members, group), group) for group in job.groups(members)]
    for place, group in groups:
        there = np.ascontiguousarray(valid[place])
        leave_out_clipped(job.clipping(group), np.ascontiguousarray(cube[:, place]), there, padded)
        valid[place] = there
    inner = block.inside(padded)
    masks = np.zeros(cube.shape, np.uint8)
    for place, group in groups:
        there = np.ascontiguousarray(valid[place])
        for c, found in enumerate(rejection_masks(job, group, np.ascontiguousarray(cube[:, place]), there, padded)):
            # As in the stack: a pixel that would be rejected in all frames of a group is kept.
            masks[c, place] = np.where(((found > 0) | (there <= 0)).all(axis=0), 0, found)
    present = valid[:, inner[0], inner[1]]
    adds, means = np.zeros(count), np.zeros(count)
    deviation, lost, share = np.zeros(count), np.zeros(count), np.zeros(count)
    shown = 1 if channels > 1 else 0
    for c in range(channels):
        sigma = job.typical_noise[c, members].astype(np.float64)
        mask = masks[c][:, inner[0], inner[1]] > 0
        pixels = cube[c][:, inner[0], inner[1]].astype(np.float64)
        weight = _weights(job, c, members, block) * present
        masked = np.ma.masked_array(pixels, present <= 0)
        typical = np.ma.median(masked, axis=0).filled(0)  # type: ignore[no-untyped-call]
        off = np.where(present > 0, pixels - typical, 0)
        part = weight / np.maximum(weight.sum(axis=0), 1e-30)
        left = np.where(mask, 0, weight)
        left /= np.maximum(left.sum(axis=0), 1e-30)
        effect, noise = left * off, left * sigma[:, None, None]
        power = (effect**2).mean(axis=(1, 2)) - (noise**2).mean(axis=(1, 2))
        adds = np.maximum(adds, np.sqrt(np.maximum(power, 0)) * FULL_SCALE)
        means += effect.mean(axis=(1, 2)) * FULL_SCALE / channels
        deviation = np.maximum(deviation, np.abs(off).max(axis=(1, 2)) / np.maximum(sigma, 1e-12))
        lost += mask.mean(axis=(1, 2)) / channels
        share += part.mean(axis=(1, 2)) / channels
        if c == shown:
            crops, stack = pixels, (left * pixels).sum(axis=0)
    order = np.lexsort((-deviation, -adds.round(6)))
    frames = [Contribution(str(job.frames[members[i]].info.path), float(share[i]), float(adds[i]), float(means[i]),
                           float(deviation[i]), float(lost[i])) for i in order]
    crops_adu, stack_adu = ((a * FULL_SCALE).astype(np.float32) for a in (crops[order], stack))
    return Inspection(frames, crops_adu, stack_adu, box, top_down)


def _weights(job: StackJob, channel: int, members: NDArray[np.int64], block: Block) -> FloatArray:
    """Weights (n, h, w) of some frames at the pixels of a block."""
    w, near = axis_windows(job.grid).part(slice(block.y0, block.y1), slice(block.x0, block.x1))
    tiles = job.slots.dense(job.weights[channel], members, *near)
    pixels = np.einsum("nhkwl,hk,wl->nhw", tiles[:, w.index_y[:, :, None, None], w.index_x[None, None]], w.weight_y, w.weight_x,
                       optimize=True)
    return np.asarray(pixels, np.float64)
