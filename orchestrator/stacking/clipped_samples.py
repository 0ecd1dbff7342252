"""Samples at which a frame is clipped get no weight where another frame is not (METHODS 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.engines.base import Frame
from orchestrator.stacking.blocks import Block
from tilecore.detect.metrics import FrameMeasurement
from tilecore.register import align
from tilecore.stack.clipped import wrong_samples

__all__ = ["Clipping", "leave_out_clipped", "stars_always_clipped"]

# Share of the saturation level from which a pixel may be clipped: the flat field changes the level at which it is.
NEAR_SATURATION = 0.85
# Distance (px) within which a star of another frame is the same star.
SAME_STAR = 2.0


@dataclass(frozen=True)
class Clipping:
    """The levels (C, n) at which the normalised pixels of n frames clip, before the ``surfaces`` (C, n, m, m) of their skies were
    subtracted; the level of the ``sky`` (C,) that is left; ``canvas`` (rows, columns) of the channel grid."""

    levels: NDArray[np.float64]
    surfaces: NDArray[np.float64]
    sky: tuple[float, ...]
    canvas: tuple[int, int]

    def near(self, channel: int, cube: NDArray[np.float32], block: Block) -> NDArray[np.bool_] | None:
        """(n, h, w) pixels of a block that are near the level at which their frame clips; None if there are none."""
        found = None
        rows, columns = self.canvas
        for k, (full, surface) in enumerate(zip(self.levels[channel], self.surfaces[channel], strict=True)):
            level = NEAR_SATURATION * full
            # The sky that was subtracted is small beside it.
            lowest = np.float32(level - np.abs(surface).sum())
            if cube[k].max(initial=0) < lowest:
                continue
            y, x = np.nonzero(cube[k] >= lowest)
            sky = np.polynomial.polynomial.polyval2d((y + block.y0) / rows, (x + block.x0) / columns, surface)
            near = cube[k, y, x] + sky >= level
            if near.any():
                found = np.zeros(cube.shape, np.bool_) if found is None else found
                found[k, y[near], x[near]] = True
        return found


def leave_out_clipped(clipping: Clipping, cube: NDArray[np.float32], valid: NDArray[np.float32],
                      block: Block) -> NDArray[np.bool_] | None:
    """Set the validity (n, h, w) of samples to 0 that are too low because they, or neighbours, are clipped in any channel of
    ``cube`` (C, n, h, w). Returns which they are; None if there are none."""
    wrong = None
    for c in range(len(cube)):
        near = clipping.near(c, cube[c], block)
        found = None if near is None else wrong_samples(cube[c], valid, near, clipping.sky[c], clipping.levels[c])
        if found is not None:
            wrong = found if wrong is None else wrong | found
    if wrong is not None:
        valid[wrong] = 0
    return wrong


def stars_always_clipped(frames: Sequence[Frame], measurements: Sequence[FrameMeasurement], reference: int) -> int:
    """Number of stars of the ``reference`` that are clipped in every frame that shows them."""
    table = measurements[reference].stars
    places = align.positions(table[table["saturated"]])
    always = np.ones(len(places), np.bool_)
    for frame, m in zip(frames, measurements, strict=True):
        free = m.stars[~m.stars["saturated"]]
        if len(places) and len(free):
            own = frame.in_other(frames[reference], align.positions(free))
            always &= cKDTree(own).query(places)[0] > SAME_STAR
    return int(always.sum())
