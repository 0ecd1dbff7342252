"""Clipped samples of a live stack: they do not count where another light is not clipped, whichever came first (METHODS 7)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orchestrator.stacking.blocks import Block
from orchestrator.stacking.clipped_samples import Clipping
from tilecore.stack.clipped import wrong_samples
from tilecore.stack.running_mean import RunningStack, forget

__all__ = ["mark_clipped", "with_unclipped"]


def with_unclipped(stack: RunningStack, clipping: Clipping, pixels: NDArray[np.float32],
                   valid: NDArray[np.float32]) -> NDArray[np.float32]:
    """The validity (h, w) of a light, 0 where it is clipped and the stack is not; the stack loses, in place, what it has where it
    is clipped and the light is not. ``pixels`` (C, h, w) and ``clipping`` are those of the light."""
    both = np.stack([(stack.count > 0).all(axis=0).astype(np.float32), valid])
    wrong = np.zeros(both.shape, np.bool_)
    for c, values in enumerate(pixels):
        light = clipping.near(c, values[None], _whole(values))
        near = np.stack([stack.clipped[c] > 0, np.zeros(values.shape, np.bool_) if light is None else light[0]])
        found = wrong_samples(np.stack([stack.mean[c], values]), both, near, clipping.sky[c])
        if found is not None:
            wrong |= found
    forget(stack, wrong[0])
    return np.where(wrong[1], 0, valid).astype(np.float32)


def mark_clipped(stack: RunningStack, clipping: Clipping, pixels: NDArray[np.float32], valid: NDArray[np.float32]) -> None:
    """Record where a light that was added is clipped."""
    for c, values in enumerate(pixels):
        near = clipping.near(c, values[None], _whole(values))
        if near is not None:
            stack.clipped[c][near[0] & (valid > 0)] = 1


def _whole(image: NDArray[np.float32]) -> Block:
    return Block(0, image.shape[0], 0, image.shape[1])
