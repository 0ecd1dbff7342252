"""What a live stack knows of its frames so far, and what the next one counts in each tile."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import Frame
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.sky_correction import Veil, noise_under_haze
from orchestrator.stacking.tile_quality import (
    TileFields,
    frame_levels,
    frame_quality,
    local_quality,
    tile_fields,
    tile_overlap,
    weigh,
)
from tilecore.detect.metrics import FrameMeasurement
from tilecore.stack.grid import TileGrid
from tilecore.stack.weights import global_weight

__all__ = ["Known", "sampled"]

# Frames, spread over the session, with which a new one is compared: weights hardly change with more.
SAMPLE = 16
# Which axis of the arrays is that of the frames.
AXES = {"overlap": 0, "transparency": 1, "levels": 2, "flux": 0, "number": 0}


@dataclass(frozen=True)
class Known:
    """N frames, the reference first: their tiles, the share (N, ty, tx) of each tile that lies on them, ``transparency`` (C, N),
    ``levels`` (3, C, N) of whole frames, the ``flux`` (N, n) of the reference's stars (see
    :class:`orchestrator.stacking.photometric_scale.StarScale`), and as which frame (N,) each was taken into the stack, 0 for the
    reference."""

    tiles: TileFields
    overlap: NDArray[np.float64]
    transparency: NDArray[np.float64]
    levels: NDArray[np.float64]
    flux: NDArray[np.float64]
    number: NDArray[np.int64]

    @classmethod
    def of(cls, plan: CanvasPlan, grid: TileGrid, frame: Frame, measurement: FrameMeasurement, scale: NDArray[np.float64],
           flux: NDArray[np.float64], veil: Veil, number: int, *, local: bool) -> Known:
        """One frame, with its transparency ``scale`` (C,) and the ``flux`` (n,) of its stars."""
        tiles = tile_fields(plan, grid, (frame,), (measurement,), local=local)
        tiles = replace(tiles, noise=noise_under_haze(tiles.noise, (veil,), grid))
        return cls(tiles, tile_overlap(plan, grid, (frame,)), scale[:, None], frame_levels(plan, (measurement,)), flux[None],
                   np.array([number]))

    def joined(self, other: Known) -> Known:
        """These frames, then those of ``other``."""
        both = (self, other)
        tiles = TileFields(*(np.concatenate([getattr(k.tiles, f.name) for k in both], axis=_axis(getattr(self.tiles, f.name)))
                             for f in fields(TileFields)))
        return Known(tiles, *(np.concatenate([getattr(k, name) for k in both], axis=axis) for name, axis in AXES.items()))

    def only(self, chosen: NDArray[np.bool_]) -> Known:
        """The ``chosen`` (N,) of the frames."""
        tiles = TileFields(*(np.compress(chosen, a, axis=_axis(a))
                             for a in (getattr(self.tiles, f.name) for f in fields(TileFields))))
        return Known(tiles, *(np.compress(chosen, getattr(self, name), axis=axis) for name, axis in AXES.items()))

    def noise(self, frame: int) -> NDArray[np.float64]:
        """(C, ty, tx) of the normalised pixels of a frame."""
        return np.asarray(self.tiles.noise[:, frame] / self.transparency[:, frame, None, None], np.float64)

    def weights(self, config: RunConfig, step: int) -> NDArray[np.float64]:
        """(C, N, ty, tx): what a run would give these frames, in units of the reference's weight in each tile. So frames that are
        weighed at another time, with others, count alike; what all weights of a tile are multiplied by does not matter."""
        quality, whole = np.zeros(self.tiles.noise.shape), np.ones(self.transparency.shape)
        if config.weights.mode == "quality":
            quality = np.asarray(local_quality(self.tiles, config.metrics.star_min_count)[0])
            whole = np.array([global_weight(q, config.metrics.exponent) for q in frame_quality(self.levels, config.metrics)])
        found = weigh(config.weights, transparency=self.transparency, noise=self.tiles.noise, area=self.tiles.area(step),
                      global_weight=whole, quality=quality, overlap=self.overlap)[0].astype(np.float64)
        return np.divide(found, found[:, :1], out=found.copy(), where=found[:, :1] > 0)


def _axis(array: NDArray[np.generic]) -> int:
    """The axis of the frames in a field of :class:`TileFields`."""
    return 1 if array.ndim == 4 else 0


def sampled(known: Known, count: int) -> Known:
    """At most :data:`SAMPLE` of the frames and the reference, spread over the ``count`` frames that the stack has seen."""
    step = 1
    while count > SAMPLE * step:
        step *= 2
    return known.only(known.number % step == 0)
