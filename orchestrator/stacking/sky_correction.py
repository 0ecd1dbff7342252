"""Corrections for clouds and haze over parts of a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orchestrator.runtime.serialization import storable
from orchestrator.stacking.blocks import Block
from tilecore.detect.metrics import sample_mesh
from tilecore.sky.relight import relight
from tilecore.stack.grid import TileGrid
from tilecore.stack.tile_slots import TileSlots

__all__ = ["Clouds", "SkyCorrection", "noise_under_haze", "sky_corrections"]

FloatImage = NDArray[np.float32]


@storable()
@dataclass(frozen=True)
class SkyCorrection:
    """The effect of clouds and haze on a frame, sampled at the centres of equal cells of the canvas.

    Attributes
    ----------
    clouds : (C, gy, gx) light that they add; None: none. In a mosaic the part of that mesh around the frame only, whose first
        row and column, and the rows and columns of the whole mesh, are ``part``.
    haze : (gy, gx) natural logarithm of the factor by which the light above the ``clear`` sky (C, gy, gx) is reduced; None: none.
    area : (my, mx) natural logarithm of the factor that the light above the clear sky gets because of the area of the pixels
        (:mod:`orchestrator.stacking.pixel_area`); None: none.
    """

    clouds: NDArray[np.float32] | None = None
    haze: NDArray[np.float32] | None = None
    clear: NDArray[np.float32] | None = None
    area: NDArray[np.float32] | None = None
    part: tuple[int, int, int, int] | None = None

    @property
    def arrays(self) -> tuple[NDArray[np.float32], ...]:
        """All arrays, an empty one for each that is None."""
        part = None if self.part is None else np.array(self.part, np.float32)
        return tuple(np.empty(0, np.float32) if a is None else a for a in (self.clouds, self.haze, self.clear, self.area, part))

    def corrected(self, pixels: NDArray[np.float32], y: NDArray[np.float64], x: NDArray[np.float64],
                  channel: slice) -> FloatImage:
        """Normalised ``pixels`` (C, ...) of some channels without clouds and haze, for the area of their pixels; ``y``, ``x``
        from 0 to 1 of the canvas."""
        pixels = self._clear(pixels, y, x, channel)
        if self.area is not None and self.clear is not None:
            level = _at(self.clear[channel], y, x)
            pixels = level + (pixels - level) * np.exp(_at(self.area[None], y, x))
        return pixels

    def _clear(self, pixels: NDArray[np.float32], y: NDArray[np.float64], x: NDArray[np.float64], channel: slice) -> FloatImage:
        if self.clouds is not None:
            pixels = pixels - _at(self.clouds[channel], y, x, self.part)
        if self.haze is not None and self.clear is not None:
            level = _at(self.clear[channel], y, x)
            pixels = level + (pixels - level) * np.exp(_at(self.haze[None], y, x))
        return pixels

    def apply(self, block: Block, canvas: tuple[int, int], pixels: NDArray[np.float32], valid: NDArray[np.float32]) -> None:
        """Correct all valid ``pixels`` (C, h, w) of a block of the canvas, in place."""
        y, x = np.arange(block.y0, block.y1)[:, None] / canvas[0], np.arange(block.x0, block.x1)[None] / canvas[1]
        if self.clouds is not None or self.haze is not None:
            np.copyto(pixels, self._clear(pixels, y, x, slice(None)), where=valid > 0)
        if self.area is not None and self.clear is not None:
            relight(pixels, valid, np.exp(self.area.astype(np.float64)), self.clear.astype(np.float64), (y[:, 0], x[0]))


def _at(mesh: NDArray[np.float32], y: NDArray[np.float64], x: NDArray[np.float64],
        part: tuple[int, int, int, int] | None = None) -> FloatImage:
    """A mesh (C, gy, gx), or a part of one, interpolated at positions y, x from 0 to 1 that broadcast: (C, ...)."""
    first_y, first_x, rows, columns = part or (0, 0, *mesh.shape[1:])
    middles_y, middles_x = ((first + np.arange(n) + 0.5) / of for first, n, of in (
        (first_y, mesh.shape[1], rows), (first_x, mesh.shape[2], columns)))
    return sample_mesh(mesh.astype(np.float64), (middles_y, middles_x), x, y).astype(np.float32)


class Clouds(NamedTuple):
    """The ``light`` (C, gy, gx) of the clouds over a frame, and the ``part`` of the canvas, see :class:`SkyCorrection`."""

    light: NDArray[np.float32]
    part: tuple[int, int, int, int] | None = None


def sky_corrections(clouds: Sequence[Clouds | None], haze: NDArray[np.float32], clear: NDArray[np.float32],
                    areas: Sequence[NDArray[np.float32] | None] | None = None) -> tuple[SkyCorrection, ...]:
    """The corrections of N frames with ``clouds``, None where there are none, ``haze`` (N, gy, gx), 0 where there is none, and
    ``areas`` (N), all None by default."""
    return tuple(SkyCorrection(None if own is None else own.light, lost if lost.any() else None,
                               clear if lost.any() or area is not None else None, area, None if own is None else own.part)
                 for own, lost, area in zip(clouds, haze, areas or [None] * len(haze), strict=True))


def noise_under_haze(noise: NDArray[np.floating], corrections: Sequence[SkyCorrection], grid: TileGrid,
                     slots: TileSlots | None = None) -> NDArray[np.floating]:
    """Noise (C, K, ty, tx) of frames in their slots, by default (C, N, ty, tx), in units of their light without haze: it is
    larger where haze removes light."""
    if not any(c.haze is not None or c.area is not None for c in corrections):
        return noise
    slots, result = slots or TileSlots.full(len(corrections), (grid.n_y, grid.n_x)), noise.copy()
    y, x = np.moveaxis((grid.centers() + 0.5) / np.array(grid.shape), -1, 0)
    for i, c in enumerate(corrections):
        window = slots.window(i)
        lost = np.zeros(y[window].shape, np.float32)
        for mesh in (c.haze, c.area):
            if mesh is not None:
                lost += _at(mesh[None], y[window], x[window])[0]
        slots.put(result, i, slots.of(noise, i) * np.exp(lost))
    return result
