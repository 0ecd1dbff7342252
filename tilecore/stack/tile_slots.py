"""Which frames reach which tiles: values of frames in tiles are kept for these only, however many frames a mosaic has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import median_of_known
from tilecore.stack.grid import TileGrid

__all__ = ["TileSlots"]

Values = NDArray[Any]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class TileSlots:
    """The places of N frames in arrays (..., K, ty, tx) of values in tiles; K is the largest number of frames that reach a tile.

    Attributes
    ----------
    frames : (K, ty, tx) int32 number of the frame in each slot, ascending along the first axis; -1: none. (N, 1, 1) where all
        frames have a slot in all tiles, each its own.
    windows : (N, 4) the tiles of each frame: first row, row after the last, first column, column after the last.
    shape : (ty, tx).
    """

    frames: NDArray[np.int32]
    windows: NDArray[np.int64]
    shape: tuple[int, int]

    @classmethod
    def full(cls, count: int, shape: tuple[int, int]) -> TileSlots:
        """Slots of ``count`` frames in all tiles (ty, tx): arrays are (..., N, ty, tx)."""
        whole = np.array([0, shape[0], 0, shape[1]], np.int64)
        return cls(np.arange(count, dtype=np.int32)[:, None, None], np.tile(whole, (count, 1)), shape)

    @classmethod
    def of_boxes(cls, boxes: NDArray[np.int64], grid: TileGrid) -> TileSlots:
        """Slots of N frames in the tiles that touch their ``boxes`` (N, 4) of pixels y0, y1, x0, x1."""
        windows = np.zeros((len(boxes), 4), np.int64)
        for part, starts in ((slice(0, 2), grid.starts_y), (slice(2, 4), grid.starts_x)):
            first, after = boxes[:, part].T
            windows[:, part] = np.stack([np.searchsorted(np.asarray(starts) + grid.size, first, side="right"),
                                         np.searchsorted(starts, after, side="left")], 1)
        windows[(windows[:, 0] >= windows[:, 1]) | (windows[:, 2] >= windows[:, 3])] = 0
        shape = (grid.n_y, grid.n_x)
        depth = np.zeros(shape, np.int64)
        for j0, j1, i0, i1 in windows:
            depth[j0:j1, i0:i1] += 1
        frames = np.full((max(int(depth.max(initial=0)), 1), *shape), -1, np.int32)
        depth[:] = 0
        for number, (j0, j1, i0, i1) in enumerate(windows):
            j, i = np.mgrid[j0:j1, i0:i1]
            frames[depth[j0:j1, i0:i1], j, i] = number
            depth[j0:j1, i0:i1] += 1
        return cls(frames, windows, shape)

    @property
    def count(self) -> int:
        """N, the number of frames."""
        return len(self.windows)

    @cached_property
    def is_full(self) -> bool:
        """Whether arrays are (..., N, ty, tx)."""
        return self.frames.shape == (self.count, 1, 1) and bool((self.frames.ravel() == np.arange(self.count)).all())

    @property
    def values_shape(self) -> tuple[int, int, int]:
        """(K, ty, tx)."""
        return (len(self.frames), *self.shape)

    def window(self, frame: int) -> tuple[slice, slice]:
        """The rows and columns of the tiles of a frame."""
        j0, j1, i0, i1 = self.windows[frame].tolist()
        return slice(j0, j1), slice(i0, i1)

    def of(self, values: Values, frame: int) -> Values:
        """The values (..., h, w) of a frame in its tiles, of ``values`` (..., K, ty, tx)."""
        if self.is_full:
            return values[..., frame, :, :]
        slot, (rows, columns) = self._slot(frame), self.window(frame)
        part = values[..., rows, columns]
        index = slot.reshape((1,) * (part.ndim - 2) + slot.shape)
        return np.asarray(np.take_along_axis(part, index, -3)[..., 0, :, :])

    def put(self, values: Values, frame: int, own: Values) -> None:
        """Set the values of a frame in its tiles, ``own`` (..., h, w), in ``values`` (..., K, ty, tx)."""
        if self.is_full:
            values[..., frame, :, :] = own
            return
        rows, columns = self.window(frame)
        j, i = np.mgrid[rows, columns]
        values[..., self._slot(frame), j, i] = own

    def _slot(self, frame: int) -> NDArray[np.int64]:
        """(h, w) the slot of a frame in its tiles."""
        return np.asarray((self.frames[(slice(None), *self.window(frame))] == frame).argmax(axis=0))

    def whole(self, values: Values, frame: int, fill: Any) -> Values:
        """The values (..., ty, tx) of a frame, ``fill`` outside of its tiles."""
        result = np.full((*values.shape[:-3], *self.shape), fill, np.result_type(values.dtype, type(fill)))
        result[(..., *self.window(frame))] = self.of(values, frame)
        return result

    def at(self, values: Values, frame: int, row: NDArray[np.int64], column: NDArray[np.int64]) -> NDArray[np.float64]:
        """The values (n,) of a frame, of ``values`` (K, ty, tx), in tiles (row, column); NaN outside of its tiles."""
        return np.asarray(self.whole(np.asarray(values, np.float64), frame, np.nan)[row, column], np.float64)

    def over_tiles(self, values: Values, fill: Any = 0) -> Values:
        """Values (..., N) of frames in their slots: (..., K, ty, tx), or (..., N, 1, 1) if all are full; ``fill`` where there is
        no frame."""
        if self.is_full:
            return values[..., None, None]
        return np.where(self.frames >= 0, values[..., np.maximum(self.frames, 0)], np.asarray(fill, values.dtype))

    def of_frames(self, values: Values, members: NDArray[np.int64]) -> Values:
        """The values (..., K, ty, tx), 0 for frames that are not among ``members``."""
        return np.where(self.over_tiles(np.isin(np.arange(self.count), members)), values, np.zeros(1, values.dtype))

    def dense(self, values: Values, members: NDArray[np.int64], rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Values:
        """(n, h, w) values of frames, ascending, in neighbouring rows and columns of tiles, of ``values`` (K, ty, tx); 0 where a
        frame has no slot."""
        if self.is_full:
            return values[np.ix_(members, rows, columns)]
        part = (slice(None), slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        frames = self.frames[part]
        place = np.minimum(np.searchsorted(members, frames), len(members) - 1)
        slot, j, i = np.nonzero(members[place] == frames)
        result = np.zeros((len(members), len(rows), len(columns)), values.dtype)
        result[place[slot, j, i], j, i] = values[part][slot, j, i]
        return result

    def sums(self, values: Values) -> NDArray[np.float64]:
        """(N,) sums over the tiles of each frame, of ``values`` (K, ty, tx)."""
        if self.is_full:
            return np.asarray(values.sum(axis=(1, 2)), np.float64)
        used = self.frames >= 0
        return np.asarray(np.bincount(self.frames[used], weights=values[used], minlength=self.count), np.float64)

    def medians(self, values: Values, known: BoolArray | None = None) -> NDArray[np.float64]:
        """(N,) medians over the tiles of each frame, of ``values`` (K, ty, tx), of those that are ``known``; 0 where none is."""
        found = np.zeros(self.count)
        for frame in range(self.count):
            own = self.of(values, frame).ravel()
            seen = np.ones(own.shape, np.bool_) if known is None else self.of(known, frame).ravel()
            found[frame] = median_of_known(own, seen) if own.size else 0.0
        return found

    def any(self, mask: BoolArray) -> BoolArray:
        """(N,) whether a frame has a tile in ``mask`` (K, ty, tx)."""
        return np.asarray(self.sums(np.asarray(mask, np.float64)) > 0)

    def all(self, mask: BoolArray) -> BoolArray:
        """(N,) whether all tiles of a frame are in ``mask`` (K, ty, tx)."""
        return ~self.any(~mask)

    def only(self, chosen: NDArray[np.int64]) -> TileSlots:
        """The slots of some frames, which are counted from 0 then; for their values see :meth:`values_of`."""
        if self.is_full:
            return TileSlots.full(len(chosen), self.shape)
        number = np.full(self.count + 1, -1, np.int32)
        number[chosen] = np.arange(len(chosen))
        return TileSlots(number[self.frames], self.windows[chosen], self.shape)

    def values_of(self, values: Values, chosen: NDArray[np.int64]) -> Values:
        """Values (..., K, ty, tx) for the slots :meth:`only` of some frames."""
        return values[..., chosen, :, :] if self.is_full else values
