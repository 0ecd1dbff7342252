"""The tile grid and its windows (METHODS 3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["AxisWindows", "TileGrid", "axis_windows", "interpolate_tiles", "make_grid", "only_in", "touching"]

# Least side of a tile (px), unless the image is smaller.
MIN_TILE = 16
# FWHM (px) where it is unknown.
UNKNOWN_FWHM = 3.0


@dataclass(frozen=True)
class TileGrid:
    """Tiles of ``size`` x ``size`` px that overlap by ``overlap``; tile (j, i) starts at row ``starts_y[j]`` and column
    ``starts_x[i]``."""

    shape: tuple[int, int]
    size: int
    overlap: int
    starts_y: tuple[int, ...]
    starts_x: tuple[int, ...]

    @property
    def n_y(self) -> int:
        """Number of rows of tiles."""
        return len(self.starts_y)

    @property
    def n_x(self) -> int:
        """Number of columns of tiles."""
        return len(self.starts_x)

    def centers(self) -> NDArray[np.float64]:
        """(n_y, n_x, 2) positions (y, x) of the centres of the tiles."""
        half = (self.size - 1) / 2
        y, x = np.meshgrid(np.asarray(self.starts_y) + half, np.asarray(self.starts_x) + half, indexing="ij")
        return np.stack([y, x], -1)


@dataclass(frozen=True)
class AxisWindows:
    """For each row (column) the tiles that contribute, (length, K) int32, and their shares, (length, K) float32 of unit sum."""

    index_y: NDArray[np.int32]
    weight_y: NDArray[np.float32]
    index_x: NDArray[np.int32]
    weight_x: NDArray[np.float32]

    def part(self, rows: slice, columns: slice) -> tuple[AxisWindows, tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """The windows of some rows and columns, and the tiles (rows, columns of the grid) that they count from 0."""
        y, x = self.index_y[rows], self.index_x[columns]
        tiles = (np.arange(y.min(), y.max() + 1), np.arange(x.min(), x.max() + 1))
        return AxisWindows(y - y.min(), self.weight_y[rows], x - x.min(), self.weight_x[columns]), tiles


def make_grid(shape: tuple[int, int], fwhm: float, *, size_factor: float, min_size: int, max_divisor: int,
              overlap: float) -> TileGrid:
    """Tiles of ``floor(clip(size_factor * fwhm, min_size, min(W, H) / max_divisor))`` pixels.

    ``fwhm`` is in pixels (3.0 when unknown); ``overlap`` is a share, 0..0.5. The last tiles are shifted inwards so that
    they cover the border. An image narrower than 16 px gets tiles as large as its shorter side, without overlap. Raises
    ValueError for an empty image.
    """
    if not (np.isfinite(fwhm) and fwhm > 0):
        fwhm = UNKNOWN_FWHM
    side = min(shape)
    if side < 1:
        raise ValueError(f"a tile grid needs an image, this one has the shape {shape}")
    largest = max(side // max_divisor, min(MIN_TILE, side))
    size = int(np.floor(np.clip(size_factor * fwhm, min(max(min_size, MIN_TILE), largest), largest)))
    shared = int(np.floor(min(max(overlap, 0.0), 0.5) * size)) if side >= MIN_TILE else 0
    return TileGrid(shape, size, shared, _starts(shape[0], size, size - shared), _starts(shape[1], size, size - shared))


def _starts(length: int, size: int, step: int) -> tuple[int, ...]:
    """First pixels of the tiles along one axis."""
    starts = list(range(0, length - size + 1, step))
    if starts[-1] + size < length:
        starts.append(length - size)
    return tuple(starts)


@lru_cache(maxsize=8)
def axis_windows(grid: TileGrid) -> AxisWindows:
    """Hann windows along each axis, normalised to unit sum at every pixel, also at the borders.

    The product of both axes is a two-dimensional window of unit sum.
    """
    return AxisWindows(*_axis(grid.shape[0], grid.size, grid.starts_y), *_axis(grid.shape[1], grid.size, grid.starts_x))


def _axis(length: int, size: int, starts: tuple[int, ...]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Tiles and shares (length, K) along one axis."""
    begin, position = np.asarray(starts), np.arange(length)
    first, last = np.searchsorted(begin, position - size, side="right"), np.searchsorted(begin, position, side="right")
    most = int((last - first).max())
    # Of as many tiles for each pixel, so that those of neighbours are near one another; the others have no share.
    index = np.minimum(first, len(starts) - most)[:, None] + np.arange(most)
    position = position[:, None] - begin[index]
    inside = (position >= 0) & (position < size)
    # Half-pixel phase: the window is positive at its first and last pixel.
    window = np.where(inside, np.sin(np.pi * (position + 0.5) / size) ** 2, 0.0)
    window /= window.sum(axis=1, keepdims=True)
    return index.astype(np.int32), window.astype(np.float32)


def touching(grid: TileGrid, y0: int, y1: int, x0: int, x1: int) -> NDArray[np.bool_]:
    """Tiles (n_y, n_x) whose window is positive somewhere in rows y0:y1 and columns x0:x1."""
    y, x = np.asarray(grid.starts_y), np.asarray(grid.starts_x)
    return np.asarray(((y < y1) & (y + grid.size > y0))[:, None] & ((x < x1) & (x + grid.size > x0)))


def only_in(grid: TileGrid, tiles: NDArray[np.bool_], rows: slice, columns: slice) -> NDArray[np.bool_]:
    """Pixels (h, w) of ``rows`` and ``columns`` to which only ``tiles`` (n_y, n_x) contribute."""
    w, near = axis_windows(grid).part(rows, columns)
    counts_y, counts_x = _counts(w.index_y, w.weight_y, len(near[0])), _counts(w.index_x, w.weight_x, len(near[1]))
    return np.asarray(counts_y @ (~tiles[np.ix_(*near)]).astype(np.int32) @ counts_x.T == 0)


def _counts(index: NDArray[np.int32], weight: NDArray[np.float32], tiles: int) -> NDArray[np.int32]:
    """(length, tiles) 1 where a tile contributes."""
    found = np.zeros((len(index), tiles), np.int32)
    np.put_along_axis(found, index, (weight > 0).astype(np.int32), 1)
    return found


def interpolate_tiles(values: NDArray[np.floating], grid: TileGrid, rows: slice = slice(None)) -> NDArray[np.float32]:
    """Tile values (n_y, n_x) interpolated at every pixel of ``rows``, (h, w)."""
    w = axis_windows(grid)
    along = np.einsum("hk,hki->hi", w.weight_y[rows], values[w.index_y[rows]])
    return np.asarray(np.einsum("wk,hwk->hw", w.weight_x, along[:, w.index_x]), np.float32)
