"""The colour planes of a frame, and the channels of the stack that they feed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import FrameSet
from orchestrator.stacking.canvas import CanvasPlan
from tilecore.cfa import mosaic as cfa_module

__all__ = ["by_channel", "colours", "frame_planes", "green_channel", "noise_by_channel", "picture_of",
           "samples_per_pixel"]


def frame_planes(frames: FrameSet) -> range:
    """The planes in which a frame is measured: 1 (mono), 4 (CFA mosaic, in memory order) or 3 (colour)."""
    return range(3 if frames.channels == 3 else 4 if frames.cfa else 1)


def colours(frames: FrameSet) -> list[tuple[int, ...]]:
    """The planes of each colour of a frame, in the order of :func:`frame_planes`; the two greens of a mosaic are one colour."""
    planes = frame_planes(frames)
    if frames.channels == 3 or not frames.cfa:
        return [(p,) for p in planes]
    return [tuple(p for p in planes if frames.cfa[p] == name) for name in dict.fromkeys(frames.cfa)]


def _members(plan: CanvasPlan) -> list[list[int]]:
    """The planes of the frame that feed each channel."""
    if plan.mode in ("first", "superpixel"):
        return [[i for i, color in enumerate(plan.pattern) if color == name] for name in "RGB"]
    return [[i] for i in range(len(plan.channels))]


def green_channel(channels: Sequence[str]) -> int:
    """Index of the green channel, the first of two; 0 without one."""
    return next((i for i, name in enumerate(channels) if name.startswith("G")), 0)


def by_channel(plan: CanvasPlan, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the planes of each channel: (planes, ...) to (C, ...)."""
    return np.array([np.mean([values[i] for i in planes], axis=0) for planes in _members(plan)])


def noise_by_channel(plan: CanvasPlan, noise: NDArray[np.float64]) -> NDArray[np.float64]:
    """Noise of each channel from that of its planes; a superpixel averages its two greens."""
    result = np.sqrt(by_channel(plan, noise**2))
    if plan.mode == "superpixel":
        result[1] /= np.sqrt(2)
    return result


def samples_per_pixel(plan: CanvasPlan, channel: int) -> float:
    """Samples of its colour that a frame has for each pixel of the channel: less than 1 if the frames are demosaiced first."""
    return len(_members(plan)[channel]) / 4 if plan.mode == "first" else 1.0


def picture_of(plan: CanvasPlan, channels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Channels as a picture of its own: (h, w) or (3, h, w), mosaics demosaiced with malvar, at most 1 as others expect."""
    if plan.mode == "last":
        data = cfa_module.demosaic(cfa_module.merge(channels), plan.pattern, balance=plan.star_colours,
                                    fwhm=plan.star_fwhm)
    else:
        data = channels[0] if len(channels) == 1 else channels
    return np.ascontiguousarray(np.minimum(data, np.float32(1)), np.float32)
