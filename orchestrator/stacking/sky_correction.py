"""Clouds and haze over parts of a frame, and the frame without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.runtime.serialization import storable
from orchestrator.stacking.canvas import Block
from tilecore.detect.metrics import sample_mesh
from tilecore.stack.grid import TileGrid

__all__ = ["Veil", "noise_under_haze", "veils"]

FloatImage = NDArray[np.float32]


@storable()
@dataclass(frozen=True)
class Veil:
    """What is in the way of parts of a frame, at the middles of equal cells of the canvas: ``clouds`` (C, gy, gx) add light,
    ``haze`` (gy, gx) is ln of what is lost of the light above the ``clear`` sky (C, gy, gx). None where there is nothing."""

    clouds: NDArray[np.float32] | None = None
    haze: NDArray[np.float32] | None = None
    clear: NDArray[np.float32] | None = None

    @property
    def arrays(self) -> tuple[NDArray[np.float32], ...]:
        """All that it is, an empty array for what there is not."""
        return tuple(np.empty(0, np.float32) if a is None else a for a in (self.clouds, self.haze, self.clear))

    def off(self, pixels: NDArray[np.float32], y: NDArray[np.float64], x: NDArray[np.float64], channel: slice) -> FloatImage:
        """Normalised ``pixels`` (C, ...) of some channels as they were without it; ``y``, ``x`` from 0 to 1 of the canvas."""
        if self.clouds is not None:
            pixels = pixels - _at(self.clouds[channel], y, x)
        if self.haze is not None and self.clear is not None:
            level = _at(self.clear[channel], y, x)
            pixels = level + (pixels - level) * np.exp(_at(self.haze[None], y, x))
        return pixels

    def take_off(self, block: Block, canvas: tuple[int, int], pixels: NDArray[np.float32], valid: NDArray[np.float32]) -> None:
        """The same for all ``pixels`` (C, h, w) of a block of the canvas, in place."""
        if self.clouds is None and self.haze is None:
            return
        y, x = np.arange(block.y0, block.y1)[:, None] / canvas[0], np.arange(block.x0, block.x1)[None] / canvas[1]
        np.copyto(pixels, self.off(pixels, y, x, slice(None)), where=valid > 0)


def _at(mesh: NDArray[np.float32], y: NDArray[np.float64], x: NDArray[np.float64]) -> FloatImage:
    """A mesh (C, gy, gx) at places y, x from 0 to 1 that broadcast: (C, ...)."""
    middles_y, middles_x = ((np.arange(n) + 0.5) / n for n in mesh.shape[1:])
    return sample_mesh(mesh.astype(np.float64), (middles_y, middles_x), x, y).astype(np.float32)


def veils(clouds: NDArray[np.float32], haze: NDArray[np.float32], clear: NDArray[np.float32]) -> tuple[Veil, ...]:
    """Those of N frames with ``clouds`` (C, N, gy, gx) and ``haze`` (N, gy, gx), all 0 where there are none."""
    return tuple(Veil(own if own.any() else None, *((lost, clear) if lost.any() else ()))
                 for own, lost in zip(np.moveaxis(clouds, 1, 0), haze, strict=True))


def noise_under_haze(noise: NDArray[np.floating], veils: Sequence[Veil], grid: TileGrid) -> NDArray[np.floating]:
    """Noise (C, N, ty, tx) of frames in units of what their light would be without haze: where less arrives it is more."""
    if not any(veil.haze is not None for veil in veils):
        return noise
    y, x = np.moveaxis((grid.centers() + 0.5) / np.array(grid.shape), -1, 0)
    lost = np.stack([np.zeros(y.shape, np.float32) if v.haze is None else _at(v.haze[None], y, x)[0] for v in veils])
    return np.asarray(noise * np.exp(lost))
