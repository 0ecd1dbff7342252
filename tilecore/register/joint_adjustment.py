"""Joint adjustment of the frames of a mosaic: the stars that they share, and transforms that agree on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tilecore.register import align
from tilecore.register.align import CENTROID_ERROR

__all__ = ["SharedStars", "adjust_jointly", "shared_stars"]

Matrix = NDArray[np.float64]

# Distance (px) within which detections of two frames are the same star; chained transforms have errors of this size.
SAME_STAR = 2.0
# Distance (px) beyond which pairs do not count in the adjustment.
AGREE = 1.5
# Most rounds over all frames.
ROUNDS = 8
# Movement (px) of every star below which the adjustment has settled.
SETTLED = 0.003


@dataclass(frozen=True)
class SharedStars:
    """``ids``: for each frame the number of each of its stars; ``position`` (S, 2) their mean positions, ``seen`` (S,) the number
    of frames of each."""

    ids: list[NDArray[np.int64]]
    position: NDArray[np.float64]
    seen: NDArray[np.int64]


def shared_stars(points: Sequence[NDArray[np.float64]]) -> SharedStars:
    """The stars of a mosaic; ``points`` (n, 2) are the detections of each frame, in common coordinates (px)."""
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


def adjust_jointly(tables: Sequence[NDArray[np.void]], found: Sequence[align.Alignment], fixed: int, transform: str,
                   least: int) -> list[align.Alignment]:
    """The transforms ``found`` for the star ``tables`` of some frames, adjusted to agree on the stars that the frames share.

    Each frame in turn is fitted to the mean positions of its stars in the others, until none moves; the frame at position
    ``fixed`` keeps its transform, as does a frame that shares fewer than ``least`` stars. The residual of an adjusted frame is
    the rms distance to those positions.
    """
    points = [align.positions(t) for t in tables]
    result = list(found)
    shared = shared_stars([align.apply(f.matrix, p) for f, p in zip(found, points, strict=True)])
    weights = [1 / (CENTROID_ERROR**2 + (1 / np.maximum(t["snr"], 1)) ** 2) for t in tables]
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
        if moved < SETTLED:
            break
    return result
