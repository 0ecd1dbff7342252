"""The colour planes of a frame, and the channels of the stack that they feed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import FrameSet
from orchestrator.stacking.canvas import CanvasPlan

__all__ = ["by_channel", "frame_planes", "noise_by_channel"]


def frame_planes(frames: FrameSet) -> range:
    """The planes in which a frame is measured: 1 (mono), 4 (CFA mosaic, in memory order) or 3 (colour)."""
    return range(3 if frames.channels == 3 else 4 if frames.cfa else 1)


def _members(plan: CanvasPlan) -> list[list[int]]:
    """The planes of the frame that feed each channel."""
    if plan.mode in ("first", "superpixel"):
        return [[i for i, color in enumerate(plan.pattern) if color == name] for name in "RGB"]
    return [[i] for i in range(len(plan.channels))]


def by_channel(plan: CanvasPlan, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the planes of each channel: (planes, ...) to (C, ...)."""
    return np.array([np.mean([values[i] for i in planes], axis=0) for planes in _members(plan)])


def noise_by_channel(plan: CanvasPlan, noise: NDArray[np.float64]) -> NDArray[np.float64]:
    """Noise of each channel from that of its planes; a superpixel averages its two greens."""
    result = np.sqrt(by_channel(plan, noise**2))
    if plan.mode == "superpixel":
        result[1] /= np.sqrt(2)
    return result
