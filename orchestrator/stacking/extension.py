"""Extending a stack: what was decided for its frames stays, and frames that came later are added to its sums (METHODS 7).

The frames of the earlier stack keep transform, scale, sky, noise and weight; those of the new frames are brought to the units of
these. A pixel of a new frame is compared with the earlier stack instead of the other frames, and is added to its sums if
it agrees.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import FrameReader
from orchestrator.rundir.directory import file_hash
from orchestrator.runtime.cache import key_of
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.serialization import storable
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.state import KeptFrames, RunState, Stack
from orchestrator.stacking.weighted_mean import EarlierPixels, StackJob, compared_psf, make_job, reconstruct

__all__ = ["Extended", "StackedFrames", "combined", "extend", "in_earlier_units", "kept_frames", "reader_id", "stacked_frames"]

logger = logging.getLogger(__name__)

# Frames of an earlier stack from which others are compared with it.
LEAST_FRAMES = 10
# Rejection that compares the frames with one another in ways that one image cannot replace.
NEEDS_FRAMES = ("percentile",)
# Files that calibrate a frame, and numbers that do.
FILES = ("dark", "flat", "bad", "bias", "pattern", "blank")
NUMBERS = ("cfa", "pedestal", "dark_scale", "saturation")
# Rows that are combined at a time.
STRIP = 256


@storable()
@dataclass(frozen=True)
class StackedFrames:
    """What a weighted mean was made from: ``common`` is a hash of what counts for all frames, ``frames`` has for the id of each
    frame (:func:`reader_id`) a hash of how it was added."""

    common: str
    frames: dict[str, str]


@dataclass(frozen=True)
class Extended:
    """A stack with its plain mean, the number of pixels rejected by channel and frame (None: not known), and the number of frames
    ``added`` to the earlier one."""

    stack: Stack
    uniform: NDArray[np.float32]
    counts: NDArray[np.int64] | None
    added: int


def reader_id(reader: FrameReader | None) -> str:
    """A hash of the file of a frame (name, size, time) and of the content of what calibrates it; "" if it has none."""
    layout = getattr(reader, "layout", None)
    if layout is None or layout.stamp is None:
        return ""
    masters = [file_hash(path) if isinstance(path := getattr(reader, name, None), Path) else "" for name in FILES]
    numbers = [getattr(reader, name, None) for name in NUMBERS]
    text = repr((layout.path.name, layout.stamp, layout.data_offset, masters, numbers))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:24]


def kept_frames(before: tuple[str, ...], now: tuple[str, ...]) -> KeptFrames:
    """Which of the usable frames of ``now``, by their ids, an earlier run had."""
    place = {name: k for k, name in enumerate(before)}
    own = np.array([k for k, name in enumerate(now) if name in place], np.int64)
    return KeptFrames(own, np.array([place[now[k]] for k in own], np.int64),
                      np.array([k for k, name in enumerate(now) if name not in place], np.int64))


def in_earlier_units(kept: KeptFrames, values: NDArray[Any], before: NDArray[Any], *, factor: bool) -> NDArray[Any]:
    """Values of all frames along the second axis (C, N, ...): those of the frames that are kept as they were ``before``, the
    others multiplied by a ``factor``, or shifted, as the kept ones are on the median."""
    own: NDArray[Any] = values[:, kept.now]
    old: NDArray[Any] = before[:, kept.before]
    result = values.copy()
    if factor:
        known: NDArray[np.bool_] = np.logical_and(own > 0, old > 0)
        ratio = np.where(known, old / np.where(known, own, 1), np.nan)
        seen = np.asarray(known.any(axis=1))
        middle = np.where(seen, np.nanmedian(np.where(seen[:, None], ratio, 1.0), axis=1), 1.0)
        result[:, kept.new] *= middle[:, None].astype(values.dtype)
    else:
        result[:, kept.new] += np.median(old - own, axis=1)[:, None].astype(values.dtype)
    result[:, kept.now] = old
    return result


def stacked_frames(state: RunState, job: StackJob) -> StackedFrames:
    """The record of what the stack of a job is made from."""
    ids = {f.index: name for f, name in zip(state.frames.usable, state.frame_ids, strict=True)}
    settings = job.settings.model_dump(exclude={"exclude", "extend"})
    frames = {}
    for i, frame in enumerate(job.frames):
        parts: list[Any] = [frame.transform, job.scale[:, i], job.surfaces[:, i], *job.sky_corrections[i].arrays,
                            *(np.asarray(job.slots.of(v, i)) for values in (job.weights, job.noise) for v in values),
                            np.asarray(job.slots.of(job.excluded, i))]
        lens = () if frame.lens is None else (frame.lens.centre, frame.lens.radius, frame.lens.terms.tobytes())
        digest = hashlib.blake2b(repr(lens).encode(), digest_size=16)
        for part in parts:
            digest.update(np.ascontiguousarray(part).tobytes())
        frames[ids[frame.index]] = digest.hexdigest()
    return StackedFrames(key_of("stacked frames", job.plan, job.grid, settings, job.device), frames)


def extend(context: RunContext, state: RunState, job: StackJob, record: StackedFrames) -> Extended | None:
    """The earlier stack of the run with the frames of a job that it lacks; None if it has to be made from all frames."""
    before = context.earlier("stacked") if state.kept is not None else None
    if not isinstance(before, StackedFrames) or "" in record.frames:
        return None
    changed = [name for name, how in before.frames.items() if record.frames.get(name) != how]
    if before.common != record.common or changed or len(before.frames) < LEAST_FRAMES or job.settings.rejection in NEEDS_FRAMES:
        logger.info("The stack is made from all frames: %s", f"{len(changed)} of those of the earlier one have changed"
                    if changed else "what counts for all of them has changed, or the earlier one has few")
        return None
    stack, uniform = context.earlier("reconstruction"), context.earlier("uniform")
    if stack is None or uniform is None:
        return None
    counts = context.earlier("rejected_by_frame")
    names = list(record.frames)
    new = np.array([k for k, name in enumerate(names) if name not in before.frames], np.int64)
    all_counts = None
    if counts is not None and counts.shape[1] == len(before.frames):
        all_counts = np.zeros((counts.shape[0], len(names)), np.int64)
        all_counts[:, [names.index(name) for name in before.frames]] = counts
    if not len(new):
        return Extended(stack, uniform, all_counts, 0)
    place = {f.index: k for k, f in enumerate(state.frames.usable)}
    members = np.array([place[job.frames[k].index] for k in new], np.int64)
    added = make_job(context, state, state.weights, members)
    everyone = np.array([place[f.index] for f in job.frames], np.int64)
    added = added.compared_as(compared_psf(state, everyone).of(new))
    more, more_uniform, rejections = reconstruct(context, added, earlier=EarlierPixels(stack.mean, stack.variance, stack.count))
    for region in added.regions:  # elsewhere nothing is touched
        combined(stack, uniform, more, more_uniform, region.block)
    if all_counts is not None:
        all_counts[:, new] = rejections.counts
    logger.info("%d frames are added to the stack of %d", len(new), len(before.frames))
    return Extended(stack, uniform, all_counts, len(new))


def combined(stack: Stack, uniform: NDArray[np.float32], more: Stack, more_uniform: NDArray[np.float32], block: Block) -> None:
    """Add the stack of other frames, with its plain mean, to a stack, in a block, in place: all arrays (C, h, w). The noise image
    of the sum has the variance of its mean also where that of the added frames is not known."""
    for c in range(len(uniform)):
        for first in range(block.y0, block.y1, STRIP):
            _combine(stack, uniform, more, more_uniform,
                     (c, slice(first, min(first + STRIP, block.y1)), slice(block.x0, block.x1)))


def _combine(stack: Stack, uniform: NDArray[np.float32], more: Stack, more_uniform: NDArray[np.float32],
             rows: tuple[int, slice, slice]) -> None:
    w, v = np.float64(stack.weight[rows]), np.float64(more.weight[rows])
    total = np.maximum(w + v, 1e-300)
    own, other = w / total, v / total
    both = w + v > 0
    variance = own**2 * stack.variance[rows] + other**2 * more.variance[rows]
    noise, old = more.noise[rows], stack.noise[rows]
    known = np.isfinite(noise) & (v > 0)
    # Without halves of the added frames the earlier image is scaled to the variance of the sum.
    scaled = old * np.sqrt(np.where(stack.variance[rows] > 0, variance / np.maximum(stack.variance[rows], 1e-30), 1))
    image = np.where(known & np.isfinite(old), own * old + other * np.where(known, noise, 0), scaled)
    left = stack.count[rows] - stack.rejected[rows]
    more_left = more.count[rows] - more.rejected[rows]
    n = np.maximum(left + more_left, 1)
    plain = (left * uniform[rows] + more_left * more_uniform[rows]) / n
    empty = more_left <= 0
    mean = np.where(both, own * stack.mean[rows] + other * more.mean[rows], plain)
    for array, values in ((stack.mean, mean), (stack.variance, np.where(both, variance, stack.variance[rows])),
                          (stack.noise, image), (uniform, plain)):
        array[rows] = np.where(empty, array[rows], values)
    stack.weight[rows] = w + v
    stack.count[rows] += more.count[rows]
    stack.rejected[rows] += more.rejected[rows]
