"""Corrections for clouds and haze over parts of a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.runtime.serialization import storable
from orchestrator.stacking.canvas import Block
from tilecore.detect.metrics import sample_mesh
from tilecore.stack.grid import TileGrid

__all__ = ["SkyCorrection", "noise_under_haze", "sky_corrections"]

FloatImage = NDArray[np.float32]


@storable()
@dataclass(frozen=True)
class SkyCorrection:
    """The effect of clouds and haze on a frame, sampled at the centres of equal cells of the canvas.

    Attributes
    ----------
    clouds : (C, gy, gx) light that they add; None: none.
    haze : (gy, gx) natural logarithm of the factor by which the light above the ``clear`` sky (C, gy, gx) is reduced; None: none.
    """

    clouds: NDArray[np.float32] | None = None
    haze: NDArray[np.float32] | None = None
    clear: NDArray[np.float32] | None = None

    @property
    def arrays(self) -> tuple[NDArray[np.float32], ...]:
        """All arrays, an empty one for each that is None."""
        return tuple(np.empty(0, np.float32) if a is None else a for a in (self.clouds, self.haze, self.clear))

    def corrected(self, pixels: NDArray[np.float32], y: NDArray[np.float64], x: NDArray[np.float64],
                  channel: slice) -> FloatImage:
        """Normalised ``pixels`` (C, ...) of some channels without clouds and haze; ``y``, ``x`` from 0 to 1 of the canvas."""
        if self.clouds is not None:
            pixels = pixels - _at(self.clouds[channel], y, x)
        if self.haze is not None and self.clear is not None:
            level = _at(self.clear[channel], y, x)
            pixels = level + (pixels - level) * np.exp(_at(self.haze[None], y, x))
        return pixels

    def apply(self, block: Block, canvas: tuple[int, int], pixels: NDArray[np.float32], valid: NDArray[np.float32]) -> None:
        """Correct all valid ``pixels`` (C, h, w) of a block of the canvas, in place."""
        if self.clouds is None and self.haze is None:
            return
        y, x = np.arange(block.y0, block.y1)[:, None] / canvas[0], np.arange(block.x0, block.x1)[None] / canvas[1]
        np.copyto(pixels, self.corrected(pixels, y, x, slice(None)), where=valid > 0)


def _at(mesh: NDArray[np.float32], y: NDArray[np.float64], x: NDArray[np.float64]) -> FloatImage:
    """A mesh (C, gy, gx) interpolated at positions y, x from 0 to 1 that broadcast: (C, ...)."""
    middles_y, middles_x = ((np.arange(n) + 0.5) / n for n in mesh.shape[1:])
    return sample_mesh(mesh.astype(np.float64), (middles_y, middles_x), x, y).astype(np.float32)


def sky_corrections(clouds: NDArray[np.float32], haze: NDArray[np.float32],
                    clear: NDArray[np.float32]) -> tuple[SkyCorrection, ...]:
    """The corrections of N frames with ``clouds`` (C, N, gy, gx) and ``haze`` (N, gy, gx), which are 0 where there are none."""
    return tuple(SkyCorrection(own if own.any() else None, *((lost, clear) if lost.any() else ()))
                 for own, lost in zip(np.moveaxis(clouds, 1, 0), haze, strict=True))


def noise_under_haze(noise: NDArray[np.floating], corrections: Sequence[SkyCorrection], grid: TileGrid) -> NDArray[np.floating]:
    """Noise (C, N, ty, tx) of frames in units of their light without haze: it is larger where haze removes light."""
    if not any(c.haze is not None for c in corrections):
        return noise
    y, x = np.moveaxis((grid.centers() + 0.5) / np.array(grid.shape), -1, 0)
    lost = np.stack([np.zeros(y.shape, np.float32) if c.haze is None else _at(c.haze[None], y, x)[0] for c in corrections])
    return np.asarray(noise * np.exp(lost))
