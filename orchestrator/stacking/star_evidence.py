"""Parts of frames without the stars that other frames show there: they get no weight (METHODS 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.engines.base import FrameSet
from orchestrator.runtime.serialization import storable
from orchestrator.stacking.canvas import CanvasPlan
from tilecore.detect.metrics import FrameMeasurement
from tilecore.register import align
from tilecore.stack import star_evidence
from tilecore.stack.grid import TileGrid
from tilecore.stack.star_evidence import StarFluxes, lost_fluxes
from tilecore.stack.tile_slots import TileSlots

__all__ = ["BlockedPart", "StarEvidence", "blocked_parts", "evidence_of", "more_stars"]

FloatArray = NDArray[np.float64]

# Stars of each frame, brightest first, that are looked for in the others.
MAX_STARS = 300
# Frames besides the reference, spread over the session, whose stars are looked for.
OTHER_FRAMES = 8
# Separation (FWHM) below which two detections are the same star.
SAME_STAR = 2.0
# FWHM (px) if that of no frame is known.
DEFAULT_FWHM = 3.0
# Points along each side of a tile at which it is asked whether the frame shows the sky.
TILE_POINTS = 4


@storable()
@dataclass(frozen=True)
class StarEvidence:
    """``stars`` (n, 2) on the channel grid. Those of frame k are ``star[bounds[k]: bounds[k + 1]]``, with ``lost`` int8: 1 = the
    frame does not show the star that others show, 0 = it does, -1 = unknown; ``bounds`` (N + 1,)."""

    stars: FloatArray
    bounds: NDArray[np.int64]
    star: NDArray[np.int64]
    lost: NDArray[np.int8]

    @classmethod
    def none(cls, frames: int) -> StarEvidence:
        """No evidence for or against any of the frames."""
        return cls(np.zeros((0, 2)), np.zeros(frames + 1, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int8))

    @classmethod
    def of_all(cls, stars: FloatArray, lost: NDArray[np.int8]) -> StarEvidence:
        """The evidence ``lost`` (N, n) of all stars in all frames."""
        frames, count = lost.shape
        return cls(stars, np.arange(frames + 1) * count, np.tile(np.arange(count), frames), lost.ravel())

    @classmethod
    def joined(cls, parts: Sequence[tuple[StarEvidence, int]]) -> StarEvidence:
        """The evidence of frames, each with its number in an evidence of its own."""
        found = {id(evidence): evidence for evidence, _ in parts}
        starts = dict(zip(found, np.cumsum([0, *(len(e.stars) for e in found.values())]).tolist(), strict=False))
        own = [(e, slice(int(e.bounds[k]), int(e.bounds[k + 1]))) for e, k in parts]
        return cls(np.concatenate([e.stars for e in found.values()]), np.cumsum([0, *(s.stop - s.start for _, s in own)]),
                   np.concatenate([starts[id(e)] + e.star[s] for e, s in own]), np.concatenate([e.lost[s] for e, s in own]))

    def of(self, frame: int) -> tuple[FloatArray, NDArray[np.int8]]:
        """The stars (k, 2) of a frame, and the evidence (k,)."""
        own = slice(int(self.bounds[frame]), int(self.bounds[frame + 1]))
        return self.stars[self.star[own]], self.lost[own]

    @property
    def covered(self) -> list[int]:
        """The frames that do not show some star."""
        return [i for i in range(len(self.bounds) - 1) if (self.of(i)[1] == 1).any()]

    def blocked(self, frame: int, x: FloatArray, y: FloatArray) -> NDArray[np.bool_]:
        """(P,) positions on the channel grid that a frame does not show."""
        stars, lost = self.of(frame)
        return star_evidence.blocked(lost, stars, np.stack([x, y], 1))

    def tiles(self, grid: TileGrid, slots: TileSlots) -> NDArray[np.bool_]:
        """(K, ty, tx) tiles of which a frame does not show a part, in its slot."""
        result = np.zeros(slots.values_shape, np.bool_)
        offsets = (np.arange(TILE_POINTS) + 0.5) / TILE_POINTS
        height, width = (min(grid.size, n) for n in grid.shape)
        for i in self.covered:
            rows, columns = slots.window(i)
            y = (np.asarray(grid.starts_y)[rows, None] + offsets * height).ravel()
            x = (np.asarray(grid.starts_x)[columns, None] + offsets * width).ravel()
            xx, yy = (a.ravel() for a in np.meshgrid(x, y))
            found = self.blocked(i, xx, yy).reshape(len(y) // TILE_POINTS, TILE_POINTS, len(x) // TILE_POINTS, TILE_POINTS)
            slots.put(result, i, np.asarray(found.any(axis=(1, 3))))
        return result


@dataclass(frozen=True)
class BlockedPart:
    """The part of a frame without weight: number of ``stars`` that are missing there, ``share`` of the tiles, ``box``
    (x0, y0, x1, y1) around them in pixels of the stack, the ends not included."""

    frame: int
    stars: int
    share: float
    box: tuple[int, int, int, int]


def more_stars(frames: FrameSet, measurements: Sequence[FrameMeasurement], reference: int, known: FloatArray) -> FloatArray:
    """(3, k) x, y, 1 in the reference frame, without the distortion of its lens, of stars besides the ``known`` (3, n): those of
    the reference that are fainter, and those of other frames, which the reference may not show."""
    base = np.linalg.inv(frames.usable[reference].transform)
    others = np.unique(np.linspace(0, len(frames.usable) - 1, min(OTHER_FRAMES, len(frames.usable))).astype(int))
    fwhm = [m.fwhm for m in measurements if np.isfinite(m.fwhm)]
    apart = SAME_STAR * (float(np.median(fwhm)) if fwhm else DEFAULT_FWHM)
    found = known[:2].T
    for i in [reference, *(k for k in others.tolist() if k != reference)]:
        table = measurements[i].stars
        table = table[~table["saturated"]][:MAX_STARS]
        places = align.apply(base @ frames.usable[i].transform, frames.usable[i].ideal(align.positions(table)))
        if len(found) and len(places):
            places = places[cKDTree(found).query(places)[0] > apart]
        found = np.concatenate([found, places])
    added = found[known.shape[1]:]
    return np.stack([added[:, 0], added[:, 1], np.ones(len(added))])


def evidence_of(plan: CanvasPlan, frames: FrameSet, reference: int, fluxes: StarFluxes) -> StarEvidence:
    """The evidence from ``fluxes``, whose places are those of the reference frame without the distortion of its lens."""
    base = frames.usable[reference]
    stars = plan.from_plane(align.apply(base.transform, fluxes.places))
    bounds = np.searchsorted(fluxes.frame, np.arange(fluxes.frames + 1))
    return StarEvidence(stars, bounds, fluxes.star, lost_fluxes(replace(fluxes, places=stars)))


def blocked_parts(evidence: StarEvidence, tiles: NDArray[np.bool_], grid: TileGrid, overlap: NDArray[np.floating], step: int,
                  slots: TileSlots) -> list[BlockedPart]:
    """The parts of the frames without weight, given their ``tiles`` (K, ty, tx), largest first. ``overlap`` (K, ty, tx) is the
    share of each tile that the frame covers."""
    y, x = np.asarray(grid.starts_y), np.asarray(grid.starts_x)
    parts = []
    for i in np.flatnonzero(slots.any(tiles & (overlap > 0))).tolist():
        covered = slots.of(overlap, i) > 0
        seen, (down, across) = slots.of(tiles, i) & covered, slots.window(i)
        rows, columns = down.start + np.flatnonzero(seen.any(axis=1)), across.start + np.flatnonzero(seen.any(axis=0))
        box = (int(x[columns[0]]) * step, int(y[rows[0]]) * step,
               min(int(x[columns[-1]]) + grid.size, grid.shape[1]) * step,
               min(int(y[rows[-1]]) + grid.size, grid.shape[0]) * step)
        share = float(seen.sum() / max(int(covered.sum()), 1))
        parts.append(BlockedPart(i, int((evidence.of(i)[1] == 1).sum()), share, box))
    return sorted(parts, key=lambda p: -p.share)
