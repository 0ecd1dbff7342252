"""Measurements of the frames of a live stack, and the weight of the next frame in each tile."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import Frame
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.sky_correction import SkyCorrection, noise_under_haze
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
from tilecore.stack.weights import credible_noise, global_weight

__all__ = ["FrameHistory", "HistoryEntry", "sampled"]

# Number of frames, spread over the session, with which a new one is compared: weights hardly change with more.
SAMPLE = 16
# Axis of the frames in each array.
AXES = {"overlap": 0, "transparency": 1, "levels": 2, "flux": 0, "number": 0}


class HistoryEntry(NamedTuple):
    """One registered frame: its transparency ``scale`` (C,), the ``flux`` (n,) of its stars, its sky ``correction``, its
    ``number`` in the stack (0 for the reference), and its tiles without stars ``blocked`` (ty, tx)."""

    frame: Frame
    measurement: FrameMeasurement
    scale: NDArray[np.float64]
    flux: NDArray[np.float64]
    correction: SkyCorrection
    number: int
    blocked: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class FrameHistory:
    """N frames, the reference first: their tiles, the fraction (N, ty, tx) of each tile that they cover, ``transparency`` (C, N),
    ``levels`` (3, C, N) of whole frames, the ``flux`` (N, n) of the stars of the reference (see
    :class:`orchestrator.stacking.photometric_scale.StarScale`), and the ``number`` (N,) of each in the stack, 0 for the
    reference."""

    tiles: TileFields
    overlap: NDArray[np.float64]
    transparency: NDArray[np.float64]
    levels: NDArray[np.float64]
    flux: NDArray[np.float64]
    number: NDArray[np.int64]

    @classmethod
    def of(cls, plan: CanvasPlan, grid: TileGrid, entry: HistoryEntry, *, local: bool) -> FrameHistory:
        """The history of one frame."""
        tiles = tile_fields(plan, grid, (entry.frame,), (entry.measurement,), local=local)
        tiles = replace(tiles, noise=noise_under_haze(tiles.noise, (entry.correction,), grid))
        overlap = tile_overlap(plan, grid, (entry.frame,))
        if entry.blocked is not None:
            overlap[:, entry.blocked] = 0
        return cls(tiles, overlap, entry.scale[:, None],
                   frame_levels(plan, (entry.measurement,)), entry.flux[None], np.array([entry.number]))

    def joined(self, other: FrameHistory) -> FrameHistory:
        """These frames followed by those of ``other``."""
        both = (self, other)
        tiles = TileFields(*(np.concatenate([getattr(k.tiles, f.name) for k in both], axis=_axis(getattr(self.tiles, f.name)))
                             for f in fields(TileFields)))
        return FrameHistory(tiles, *(np.concatenate([getattr(k, name) for k in both], axis=axis) for name, axis in AXES.items()))

    def only(self, chosen: NDArray[np.bool_]) -> FrameHistory:
        """Only the ``chosen`` (N,) frames."""
        tiles = TileFields(*(np.compress(chosen, a, axis=_axis(a))
                             for a in (getattr(self.tiles, f.name) for f in fields(TileFields))))
        return FrameHistory(tiles, *(np.compress(chosen, getattr(self, name), axis=axis) for name, axis in AXES.items()))

    def noise(self, frame: int) -> NDArray[np.float64]:
        """Noise (C, ty, tx) of the normalised pixels of a frame."""
        return np.asarray(self.tiles.noise[:, frame] / self.transparency[:, frame, None, None], np.float64)

    def weights(self, config: RunConfig, step: int) -> NDArray[np.float64]:
        """Weights (C, N, ty, tx) that a run would give these frames, in units of the weight of the reference in each tile. Frames
        weighted at different times, among different frames, are therefore comparable; a common factor of a tile has no effect."""
        quality, overall = np.zeros(self.tiles.noise.shape), np.ones(self.transparency.shape)
        if config.weights.mode == "quality":
            quality = np.asarray(local_quality(self.tiles, config.metrics.star_min_count)[0])
            overall = np.array([global_weight(q, config.metrics.exponent) for q in frame_quality(self.levels, config.metrics)])
        found = weigh(config.weights, transparency=self.transparency,
                      noise=credible_noise(self.tiles.noise, self.overlap > 0), area=self.tiles.area(step),
                      global_weight=overall, quality=quality, overlap=self.overlap)[0].astype(np.float64)
        return np.divide(found, found[:, :1], out=found.copy(), where=found[:, :1] > 0)


def _axis(array: NDArray[np.generic]) -> int:
    """The axis of the frames in a field of :class:`TileFields`."""
    return 1 if array.ndim == 4 else 0


def sampled(history: FrameHistory, count: int) -> FrameHistory:
    """At most :data:`SAMPLE` frames and the reference, spread over the ``count`` frames added to the stack so far."""
    step = 1
    while count > SAMPLE * step:
        step *= 2
    return history.only(history.number % step == 0)
