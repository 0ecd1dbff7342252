"""Stacking of frames from which a model of some light is subtracted as it is in each of them: the stars, or a comet."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from math import comb
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.frame_reading import FrameNormalization, Warping, read_block
from orchestrator.stacking.weighted_mean import StackJob
from tilecore.resample.warp import Slot
from tilecore.stack.psf_matching import MatchingKernel, matched
from tilecore.stack.tile_slots import TileSlots

__all__ = ["SubtractingJob", "Subtraction", "following", "subtracting"]

FloatArray = NDArray[np.float64]

# Pixels beyond a block that interpolation of the model needs.
MARGIN = 5
# Share of the level of clipping from which a pixel, and those within some pixels, has no data after subtraction.
NEAR_CLIPPING = 0.85
CLIPPED_REACH = 4


class Subtraction(NamedTuple):
    """What is subtracted from N frames: ``model`` (C, h, w), its light above the sky on the channel grid; ``kernels`` [N][C], by
    which it becomes that of each frame; ``offsets`` (N, 2), x and y in px: the model at a place plus the offset is in the frame
    at the place. ``doubt``: pixels count less where the model is bright, and not where the frame is clipped."""

    model: NDArray[np.float32]
    kernels: tuple[tuple[MatchingKernel, ...], ...]
    offsets: FloatArray
    doubt: bool = True


@dataclass(frozen=True)
class SubtractingJob(StackJob):
    """A :class:`StackJob` whose frames follow a motion by ``moved`` (N, 2) px of the channel grid, and from which light is
    subtracted. The level of the sky stays."""

    moved: FloatArray = field(default_factory=lambda: np.zeros((0, 2)))
    subtraction: Subtraction | None = None

    def read(self, index: int, block: Block, cube: NDArray[np.float32], valid: NDArray[np.float32], position: int) -> None:
        """As for :class:`StackJob`, with the light subtracted."""
        normalization = FrameNormalization(self.scale[:, index], self.surfaces[:, index])
        warping = Warping(self.xp, self.typical_noise[:, index] / self.scale[:, index] if self.steep_cores else None)
        read_block(self.plan, self.frames[index], block, normalization, Slot(cube, valid, position), warping)
        x, y = (round(float(v)) for v in self.moved[index])
        there = Block(block.y0 + y, block.y1 + y, block.x0 + x, block.x1 + x)
        self.sky_corrections[index].apply(there, self.plan.channel_shape, cube[:, position], valid[position])
        if self.subtraction is not None:
            self._subtract(self.subtraction, index, block, cube[:, position], valid[position])

    def _subtract(self, what: Subtraction, index: int, block: Block, pixels: NDArray[np.float32],
                  valid: NDArray[np.float32]) -> None:
        share = np.ones(valid.shape, np.float32)
        for c in range(len(pixels)):
            kernel = what.kernels[index][c]
            model = _at_offset(what.model[c], kernel, what.offsets[index], block)
            if what.doubt:
                light = np.maximum(model, 0)
                sigma = float(self.typical_noise[c, index])
                share = np.minimum(share, sigma**2 / (sigma**2 + self.shot[c] * light + (kernel.excess * light) ** 2))
                level = NEAR_CLIPPING * self.frames[index].saturation * self.scale[c, index]
                clipped = pixels[c] > level - float(np.abs(self.surfaces[c, index]).sum())
                if clipped.any():
                    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * CLIPPED_REACH + 1, 2 * CLIPPED_REACH + 1))
                    share[cv2.dilate(clipped.view(np.uint8), disc) > 0] = 0
            pixels[c] -= np.where(valid > 0, model, 0)
        valid *= share


def _at_offset(model: NDArray[np.float32], kernel: MatchingKernel, offset: FloatArray, block: Block) -> NDArray[np.float32]:
    """The model (h, w) on a block, matched to a frame, from the places of the block plus ``offset`` (x, y)."""
    whole = np.rint(offset)
    x, y = (int(v) for v in whole)
    fraction = offset - whole
    margin = MARGIN + len(kernel.kernel) // 2
    patch = _part(model, Block(block.y0 + y - margin, block.y1 + y + margin, block.x0 + x - margin, block.x1 + x + margin))
    if not patch.any():
        return np.zeros(block.shape, np.float32)
    patch = matched(patch, kernel.kernel)
    if np.abs(fraction).max() > 1e-6:
        # OpenCV's warping rounds places to 1/32 px, which leaves 1 % of a star.
        patch = cv2.sepFilter2D(patch, -1, _lanczos(float(fraction[0])), _lanczos(float(fraction[1])),
                                borderType=cv2.BORDER_CONSTANT)
    return np.ascontiguousarray(patch[margin: -margin, margin: -margin])


def _lanczos(fraction: float) -> NDArray[np.float32]:
    """(9,) weights of pixels -4 to 4 by which Lanczos-4 interpolates at ``fraction``."""
    distance = np.arange(-4, 5) - fraction
    weights = np.where(np.abs(distance) < 4, np.sinc(distance) * np.sinc(distance / 4), 0)
    return np.asarray(weights / weights.sum(), np.float32)


def _part(image: NDArray[np.float32], box: Block) -> NDArray[np.float32]:
    """A part of an image (h, w), 0 where that is outside."""
    result = np.zeros(box.shape, np.float32)
    common = box.common(Block(0, image.shape[0], 0, image.shape[1]))
    if common is not None:
        result[common.inside(box)] = image[common.y0: common.y1, common.x0: common.x1]
    return result


def subtracting(job: StackJob, subtraction: Subtraction | None) -> SubtractingJob:
    """The same frames at the same places, with light subtracted."""
    kept = {f.name: getattr(job, f.name) for f in fields(StackJob) if f.name not in ("memory",)}
    return SubtractingJob(**kept, moved=np.zeros((len(job.frames), 2)), subtraction=subtraction)


def following(job: StackJob, moved: FloatArray, subtraction: Subtraction | None) -> SubtractingJob:
    """The frames aligned on something that is displaced by ``moved`` (N, 2) px of the channel grid in them. Each frame has one
    weight, the median of those of its tiles, which belong to other parts of the sky then."""
    made = subtracting(job, subtraction)
    frames = tuple(_shifted(f, shift * job.plan.step) for f, shift in zip(job.frames, moved, strict=True))
    count, shape = len(frames), (job.grid.n_y, job.grid.n_x)
    weights = np.array([job.slots.medians(w, w > 0) for w in job.weights])
    rows, columns = job.plan.channel_shape
    surfaces = np.array([[_moved_surface(s, shift / [columns, rows]) for s, shift in zip(of, moved, strict=True)]
                         for of in job.surfaces])
    trails = tuple(lines - [*shift, *shift, 0] for lines, shift in zip(job.trails, moved, strict=True))

    def everywhere(values: NDArray[np.floating]) -> NDArray[np.float32]:
        return np.ascontiguousarray(np.broadcast_to(values[..., None, None], (*values.shape, *shape)), np.float32)

    return replace(made, frames=frames, surfaces=surfaces, trails=trails, other_light=(), moved=moved,
                   weights=everywhere(weights), noise=everywhere(job.typical_noise),
                   excluded=np.zeros((count, *shape), np.bool_), slots=TileSlots.full(count, shape))


def _shifted(frame: Frame, shift: FloatArray) -> Frame:
    """A frame that is displaced by minus ``shift`` (x, y) on the plane of the reference."""
    back = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]], [0, 0, 1]], np.float64)
    return replace(frame, matrix=back @ frame.transform)


def _moved_surface(surface: FloatArray, shift: FloatArray) -> FloatArray:
    """Coefficients (m, m) of y^j x^i of a polynomial at x plus ``shift[0]``, y plus ``shift[1]``."""
    size = len(surface)
    across, down = (np.array([[comb(i, k) * d ** (i - k) if k <= i else 0.0 for k in range(size)] for i in range(size)])
                    for d in shift)
    return np.asarray(down.T @ surface @ across)
