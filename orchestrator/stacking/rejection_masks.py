"""The pixels rejected in each frame, kept for the steps after the mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orchestrator.stacking.blocks import Block

__all__ = ["Rejections"]

Indices = NDArray[np.int32]


class Rejections:
    """Rejected pixels of C channels and N frames, stored as flat indices into the channel plane of ``shape``. Their number is in
    ``counts`` (C, N), also where the indices are not kept."""

    def __init__(self, channels: int, frames: int, shape: tuple[int, int]) -> None:
        self._shape = shape
        self.counts = np.zeros((channels, frames), np.int64)
        self._found: list[list[list[Indices]]] = [[[] for _ in range(frames)] for _ in range(channels)]

    @staticmethod
    def of(mask: NDArray[np.uint8]) -> list[Indices]:
        """The flat indices of the rejected pixels of each frame of a mask (n, h, w)."""
        return [np.flatnonzero(m).astype(np.int32) for m in mask]

    def add(self, channel: int, frame: int, block: Block, indices: Indices) -> None:
        """Add rejected pixels, given by flat indices within a block."""
        if len(indices):
            y, x = np.divmod(indices, block.shape[1])
            self._found[channel][frame].append(((y + block.y0) * self._shape[1] + x + block.x0).astype(np.int32))

    def mask(self, channel: int, frame: int, block: Block) -> NDArray[np.bool_]:
        """(h, w) of a block, True for rejected pixels of the frame."""
        mask = np.zeros(block.shape, bool)
        for indices in self._found[channel][frame]:
            y, x = np.divmod(indices, self._shape[1])
            inside = (y >= block.y0) & (y < block.y1) & (x >= block.x0) & (x < block.x1)
            mask[y[inside] - block.y0, x[inside] - block.x0] = True
        return mask

    def rows(self, y0: int, y1: int) -> Rejections:
        """The rejected pixels of some rows, as a unit of work needs them."""
        part = Rejections(len(self._found), len(self._found[0]), self._shape)
        low, high = y0 * self._shape[1], y1 * self._shape[1]
        part._found = [[[kept for i in pieces if len(kept := i[(i >= low) & (i < high)])] for pieces in frames]
                       for frames in self._found]
        return part
