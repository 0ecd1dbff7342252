"""Tiles of a previous stack that can be reused: those whose pixels depend on nothing that has changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from orchestrator.runtime.cache import key_of
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.state import TileKeys
from orchestrator.stacking.weighted_mean import PreviousStack, StackJob
from tilecore.resample import steep_cores
from tilecore.stack.grid import TileGrid

__all__ = ["ReusableTiles", "regions", "reusable_tiles", "tile_keys"]

# Length of a tile's hash in bytes.
DIGEST = 16


@dataclass(frozen=True)
class ReusableTiles:
    """``changed`` (ty, tx) tiles have to be stacked again; the others are in ``kept``, None if all have to."""

    changed: NDArray[np.bool_]
    kept: PreviousStack | None

    @property
    def summary(self) -> dict[str, int]:
        return {"tiles_redone": int(self.changed.sum()), "tiles": self.changed.size}


def tile_keys(job: StackJob) -> TileKeys:
    """Hashes of everything that the weighted mean of a job depends on, except the pixels of its frames."""
    common = (job.plan, job.grid, tuple(f.index for f in job.frames),
              job.settings.model_dump(exclude={"exclude", "extend"}), job.sky, job.shot, job.device, job.psf.reach,
              steep_cores.PARAMETERS)
    arrays: list[NDArray[Any]] = [job.scale, job.surfaces, job.typical_noise, job.psf.differs, job.psf.peak, *job.trails,
                                  *job.other_light]
    arrays += [array for correction in job.sky_corrections for array in correction.arrays]
    values = [job.weights, job.noise, job.excluded, *([] if job.slots.is_full else [job.slots.frames])]
    tiles = np.zeros((job.grid.n_y, job.grid.n_x, DIGEST), np.uint8)
    for j in range(job.grid.n_y):
        # A row of tiles at a time: with thousands of frames these are the largest arrays of a run.
        rows: list[NDArray[Any]] = [np.ascontiguousarray(a[..., j, :].T) for a in values]
        for i in range(job.grid.n_x):
            digest = hashlib.blake2b(b"".join(row[i].tobytes() for row in rows), digest_size=DIGEST)
            tiles[j, i] = np.frombuffer(digest.digest(), np.uint8)
    return TileKeys(key_of("stack", common, [a.tobytes() for a in arrays]), tiles)


def reusable_tiles(context: RunContext, job: StackJob, keys: TileKeys) -> ReusableTiles:
    """The tiles of the previous result of this phase that are also those of ``job``, which has the keys ``keys``."""
    none = ReusableTiles(np.ones(keys.tiles.shape[:2], np.bool_), None)
    before = context.previous("stack_keys")
    if not isinstance(before, TileKeys) or before.common != keys.common or before.tiles.shape != keys.tiles.shape:
        return none
    changed = np.asarray((before.tiles != keys.tiles).any(axis=-1))
    parts = regions(job.grid, changed, job.halo)
    if sum(p.shape[0] * p.shape[1] for p in parts) >= job.grid.shape[0] * job.grid.shape[1]:
        return none
    stack, uniform = context.previous("reconstruction"), context.previous("uniform")
    if stack is None or uniform is None:
        return none
    return ReusableTiles(changed, PreviousStack(stack, uniform, parts))


def regions(grid: TileGrid, tiles: NDArray[np.bool_], halo: int) -> tuple[Block, ...]:
    """Blocks with all pixels of ``tiles`` (ty, tx) and ``halo`` pixels around them, one for each group of neighbours."""
    labels, _ = ndimage.label(tiles, np.ones((3, 3), int))
    return tuple(
        Block(grid.starts_y[rows.start], grid.starts_y[rows.stop - 1] + grid.size,
              grid.starts_x[columns.start], grid.starts_x[columns.stop - 1] + grid.size).padded(halo, grid.shape)
        for rows, columns in ndimage.find_objects(labels))
