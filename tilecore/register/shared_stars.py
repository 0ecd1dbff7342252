"""The stars that the frames of a mosaic share, by their places on the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tilecore.register.align import mutual_pairs

__all__ = ["SharedStars", "shared_stars"]

# Distance (px) within which detections of two frames are the same star.
SAME_STAR = 2.0
# Cells along the longer side of the largest frame, in which known stars are looked up.
CELLS = 8
# Distance (px) by which the mean place of a star can move away from its first one.
MOVED = 2 * SAME_STAR


@dataclass(frozen=True)
class SharedStars:
    """``ids``: for each frame the number of each of its stars; ``position`` (S, 2) their mean positions, ``seen`` (S,) the number
    of frames of each."""

    ids: list[NDArray[np.int64]]
    position: NDArray[np.float64]
    seen: NDArray[np.int64]


class _Cells:
    """The numbers of stars in square cells of the canvas, ``side`` px wide: those near a frame are found without all others."""

    def __init__(self, side: float) -> None:
        self._side = side
        self._stars: dict[tuple[int, int], list[NDArray[np.int64]]] = {}

    def add(self, places: NDArray[np.float64], stars: NDArray[np.int64]) -> None:
        cells, member = np.unique(np.floor(places / self._side).astype(np.int64), axis=0, return_inverse=True)
        order = np.argsort(member.ravel(), kind="stable")
        starts = np.searchsorted(member.ravel()[order], np.arange(len(cells) + 1))
        for k, (i, j) in enumerate(cells.tolist()):
            self._stars.setdefault((i, j), []).append(stars[order[starts[k]: starts[k + 1]]])

    def near(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.int64]:
        """The stars in all cells that a box reaches, in ascending order."""
        (x0, y0), (x1, y1) = (np.floor(v / self._side).astype(int).tolist() for v in (low, high))
        found = [s for i in range(x0, x1 + 1) for j in range(y0, y1 + 1) for s in self._stars.get((i, j), ())]
        return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)


def shared_stars(points: Sequence[NDArray[np.float64]]) -> SharedStars:
    """The stars of a mosaic; ``points`` (n, 2) are the detections of each frame, in common coordinates (px)."""
    size = sum(len(own) for own in points)
    total, seen, count = np.zeros((size, 2)), np.zeros(size, np.int64), 0
    cells = _Cells(max([float(np.ptp(own, axis=0).max()) for own in points if len(own)] + [CELLS * MOVED]) / CELLS)
    ids = []
    for own in points:
        number = np.full(len(own), -1, np.int64)
        if len(own):
            known = cells.near(own.min(axis=0) - MOVED, own.max(axis=0) + MOVED)
            if len(known):
                rows, there = mutual_pairs(own, total[known] / seen[known, None], SAME_STAR)
                number[rows] = known[there]
            new = np.flatnonzero(number < 0)
            number[new] = count + np.arange(len(new))
            count += len(new)
            cells.add(own[new], number[new])
        total[number] += own
        seen[number] += 1
        ids.append(number)
    return SharedStars(ids, total[:count] / np.maximum(seen[:count], 1)[:, None], seen[:count])
