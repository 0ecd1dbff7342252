"""Frames of a mosaic brought onto one another all at once: the stars that they share, and transforms that agree on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tilecore.register import align

__all__ = ["SharedStars", "adjusted", "shared_stars"]

Matrix = NDArray[np.float64]

# Detections of two frames within this many pixels are one star; transforms that were chained differ by as much.
SAME_STAR = 2.0
# Pairs farther apart than this, once the frames have moved, are no longer believed.
AGREE = 1.5
# Rounds over all frames; they end when no corner moves by more than STILL pixels.
ROUNDS, STILL = 8, 0.003


@dataclass(frozen=True)
class SharedStars:
    """``ids``: for each frame the number of each of its stars; ``position`` (S, 2) their mean places, ``seen`` (S,) by how many
    frames."""

    ids: list[NDArray[np.int64]]
    position: NDArray[np.float64]
    seen: NDArray[np.int64]


def shared_stars(points: Sequence[NDArray[np.float64]]) -> SharedStars:
    """Which detections are the same star; ``points`` (n, 2) are those of each frame, in common coordinates."""
    total, seen = np.zeros((0, 2)), np.zeros(0, np.int64)
    ids = []
    for own in points:
        number = np.full(len(own), -1, np.int64)
        if len(total) and len(own):
            mean = total / seen[:, None]
            distance, nearest = cKDTree(mean).query(own, distance_upper_bound=SAME_STAR)
            _, back = cKDTree(own).query(mean, distance_upper_bound=SAME_STAR)
            rows = np.flatnonzero(np.isfinite(distance))
            rows = rows[back[nearest[rows]] == rows]
            number[rows] = nearest[rows]
        new = number < 0
        number[new] = len(total) + np.arange(int(new.sum()))
        total = np.concatenate([total, np.zeros((int(new.sum()), 2))])
        seen = np.concatenate([seen, np.zeros(int(new.sum()), np.int64)])
        total[number] += own
        seen[number] += 1
        ids.append(number)
    return SharedStars(ids, total / np.maximum(seen, 1)[:, None], seen)


def adjusted(tables: Sequence[NDArray[np.void]], found: Sequence[align.Alignment], fixed: int, transform: str,
             least: int) -> list[align.Alignment]:
    """The transforms ``found`` for the star ``tables`` of some frames, made to agree on the stars that the frames share.

    Frame after frame is fitted to the mean places that its stars have in the others, until none moves; that at position
    ``fixed`` stays. Its residual is then the rms distance to those places. A frame that shares fewer than ``least`` stars
    keeps its transform.
    """
    points = [align.positions(t) for t in tables]
    result = list(found)
    shared = shared_stars([align.apply(f.matrix, p) for f, p in zip(found, points, strict=True)])
    weights = [1 / (0.03**2 + (1 / np.maximum(t["snr"], 1)) ** 2) for t in tables]
    total, weight = np.zeros((len(shared.seen), 2)), np.zeros(len(shared.seen))

    def count(i: int, sign: int) -> None:
        total[shared.ids[i]] += sign * weights[i][:, None] * align.apply(result[i].matrix, points[i])
        weight[shared.ids[i]] += sign * weights[i]

    for i in range(len(result)):
        count(i, 1)
    models = [transform] * len(result)
    for _ in range(ROUNDS):
        moved = 0.0
        for i, p in enumerate(points):
            if i == fixed:
                continue
            count(i, -1)
            others = shared.ids[i]
            target = total[others] / np.maximum(weight[others], 1e-9)[:, None]
            good = shared.seen[others] > 1
            good &= np.hypot(*(align.apply(result[i].matrix, p) - target).T) < AGREE
            if good.sum() >= least:
                before = align.apply(result[i].matrix, p)
                matrix, distance, model = align.best_fit(p[good], target[good], tables[i]["snr"][good], models[i])
                models[i] = model
                result[i] = replace(result[i], matrix=matrix, residual=float(np.sqrt(np.mean(distance**2))),
                                    inliers=int(good.sum()), model=model)
                moved = max(moved, float(np.hypot(*(align.apply(matrix, p) - before).T).max()))
            count(i, 1)
        if moved < STILL:
            break
    return result
