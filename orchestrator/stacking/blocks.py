"""Blocks of the channel grid, in which work is done so that it fits the memory."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame
from orchestrator.stacking.canvas import CanvasPlan

__all__ = ["Block", "BlockMemory", "plan_blocks"]

# Largest size (bytes) of a block of frames with their masks, whatever the budget: larger blocks are hardly faster.
BLOCK_BYTES = 768 * 2**20


@dataclass(frozen=True)
class Block:
    """A rectangle of the channel grid: rows y0:y1, columns x0:x1."""

    y0: int
    y1: int
    x0: int
    x1: int

    def padded(self, halo: int, shape: tuple[int, int]) -> Block:
        """The block enlarged by ``halo`` pixels on each side, within a grid of ``shape``."""
        return Block(max(self.y0 - halo, 0), min(self.y1 + halo, shape[0]),
                     max(self.x0 - halo, 0), min(self.x1 + halo, shape[1]))

    def common(self, other: Block) -> Block | None:
        """The part that both blocks have; None if there is none."""
        y0, y1, x0, x1 = max(self.y0, other.y0), min(self.y1, other.y1), max(self.x0, other.x0), min(self.x1, other.x1)
        return Block(y0, y1, x0, x1) if y0 < y1 and x0 < x1 else None

    @property
    def shape(self) -> tuple[int, int]:
        return self.y1 - self.y0, self.x1 - self.x0

    def inside(self, outer: Block) -> tuple[slice, slice]:
        """The slices of this block in ``outer``."""
        return (slice(self.y0 - outer.y0, self.y1 - outer.y0), slice(self.x0 - outer.x0, self.x1 - outer.x0))


class BlockMemory(threading.local):
    """Arrays that the blocks of a stack use one after the other: fresh memory would cost more time than the work in it. The last
    rows of the block that was read before, with which the block below it begins, are kept too.

    Each thread that stacks blocks has its own, and a copy in another process starts empty.
    """

    block: Block | None
    cube: NDArray[np.float32]
    valid: NDArray[np.float32]

    def __init__(self) -> None:
        self.clear()

    def __reduce__(self) -> tuple[type[BlockMemory], tuple[()]]:
        return BlockMemory, ()

    def array(self, name: str, shape: tuple[int, ...], dtype: type[np.generic] = np.float32, *, spare: float = 0) -> NDArray[Any]:
        """An array with any content. It holds until the next array of that name is asked for.

        ``spare`` is the share by which a later one may be larger: that memory is taken when it is written to, not before.
        """
        size = math.prod(shape)
        if name not in self._flat or self._flat[name].size < size:
            self._flat.pop(name, None)  # before its successor is made
            self._flat[name] = np.empty(math.ceil(size * (1 + spare)), dtype)
        return self._flat[name][:size].reshape(shape)

    def above(self, block: Block) -> int:
        """How many of the last rows are the first rows of ``block``."""
        last = self.block
        if last is None or (last.x0, last.x1) != (block.x0, block.x1) or not last.y0 <= block.y0 < last.y1 <= block.y1:
            return 0
        return last.y1 - block.y0

    def keep(self, count: int, block: Block, cube: NDArray[np.float32], valid: NDArray[np.float32]) -> None:
        """Copy the last ``count`` rows of a block (C, n, h, w) and of its validity."""
        self.block = Block(block.y1 - count, block.y1, block.x0, block.x1)
        self.cube = self.array("last pixels", (*cube.shape[:2], count, cube.shape[3]))
        self.valid = self.array("last validity", (len(valid), count, valid.shape[2]))
        self.cube[:], self.valid[:] = cube[:, :, -count:], valid[:, -count:]

    def clear(self) -> None:
        """Give the memory back."""
        self._flat: dict[str, NDArray[Any]] = {}
        self.block = None
        self.cube = self.valid = np.empty(0, np.float32)


def plan_blocks(region: Block, plan: CanvasPlan, frames: tuple[Frame, ...], budget: int, group: int) -> list[Block]:
    """Divide a region of the channel grid into blocks whose cube of ``group`` frames fits the budget: bands, or squares for
    rotated frames.

    A band across a rotated frame needs many of its rows, so squares read less.
    """
    h, w = region.shape
    # Pixels and masks of all channels, validity, and the arrays of the tests of one channel.
    per_pixel = max(group, 1) * (6 * len(plan.channels) + 16) + 64 * len(plan.channels)
    pixels = max(min(budget // 3, BLOCK_BYTES) // per_pixel, 64)
    rotation = max((abs(_rotation(f.transform)) for f in frames), default=0.0)
    rows = int(np.clip(pixels // w, 1, h))
    columns = w
    if pixels < w or (rows < h and w * np.sin(rotation) > rows):
        # Also if not even one row of all frames fits: slower, because rows are read several times.
        rows = columns = max(int(np.sqrt(pixels)), 8)
    rows, columns = -(-h // -(-h // rows)), -(-w // -(-w // columns))  # of equal size
    return [Block(y, min(y + rows, region.y1), x, min(x + columns, region.x1))
            for y in range(region.y0, region.y1, rows) for x in range(region.x0, region.x1, columns)]


def _rotation(matrix: NDArray[np.float64]) -> float:
    """Rotation angle folded to 0..pi/2 radians: after half a turn (meridian flip) a band needs as few rows as without."""
    angle = abs(np.arctan2(matrix[1, 0], matrix[0, 0]))
    return float(min(angle, np.pi - angle))
