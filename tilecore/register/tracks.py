"""The stars that frames share: detections of all frames at the same place of the sky."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tilecore.register.align import CENTROID_ERROR, mutual_pairs, positions
from tilecore.register.bundle import Geometry, Observations

__all__ = ["Tracks", "chosen_tracks", "find_tracks"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Stars beyond the border of a frame by this share of its half-diagonal are not compared with it.
MARGIN = 1.05


@dataclass(frozen=True)
class Tracks:
    """``seen``: the observations of stars that at least two frames show; ``row`` (M,) their rows in the tables of stars."""

    seen: Observations
    row: IntArray

    def part(self, kept: NDArray[np.bool_]) -> Tracks:
        """The observations that are True, of stars that still are in two frames."""
        count = np.bincount(self.seen.star[kept], minlength=int(self.seen.star.max(initial=-1)) + 1)
        kept = kept & (count[self.seen.star] > 1)
        return Tracks(self.seen.part(kept), self.row[kept])


def find_tracks(geometry: Geometry, tables: Sequence[NDArray[np.void]], order: Sequence[int], radius: float,
                report: Callable[[], None] = lambda: None) -> Tracks:
    """The stars of frames whose geometry is known to less than ``radius`` (px); ``order`` should lead to neighbours; ``report``
    is called for every frame."""
    size = sum(len(tables[i]) for i in order)
    total, known = np.zeros((size, 3)), 0
    frame, star, row = [], [], []
    for i in order:
        report()
        camera = geometry.cameras[geometry.camera_of[i]]
        own = geometry.directions(i, positions(tables[i]))
        mean = total[:known]
        mean = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
        axis = geometry.rotations[i][:, 2]
        near = np.flatnonzero(mean @ axis > np.cos(np.arctan(MARGIN * camera.radius / camera.focal)))
        number = np.full(len(own), -1, np.int64)
        if len(near) and len(own):
            places = camera.project(mean[near] @ geometry.rotations[i])
            j, k = mutual_pairs(camera.project(own @ geometry.rotations[i]), places, radius)
            number[j] = near[k]
        new = np.flatnonzero(number < 0)
        number[new] = known + np.arange(len(new))
        known += len(new)
        total[number] += own
        frame.append(np.full(len(own), i))
        star.append(number)
        row.append(np.arange(len(own)))
    frames, rows = np.concatenate(frame), np.concatenate(row)
    pixel = np.concatenate([positions(tables[i]) for i in order])
    snr = np.concatenate([tables[i]["snr"] for i in order])
    seen = Observations(frames, np.concatenate(star), pixel, np.hypot(CENTROID_ERROR, 1 / np.maximum(snr, 1)))
    return Tracks(seen, rows).part(np.ones(len(frames), np.bool_))


def chosen_tracks(seen: Observations, per_frame: int) -> NDArray[np.bool_]:
    """(M,) the observations of stars of which each frame has about ``per_frame``; stars that many frames show come first, since
    they tie the parts of a mosaic together, then those with small errors."""
    count = np.bincount(seen.star)
    error = np.bincount(seen.star, seen.error) / count
    order = np.lexsort((error, -count))
    by_star = np.argsort(seen.star, kind="stable")
    start = np.concatenate([[0], np.cumsum(count)])
    have = np.zeros(int(seen.frame.max()) + 1, np.int64)
    chosen = np.zeros(len(count), np.bool_)
    for s in order.tolist():
        frames = seen.frame[by_star[start[s]: start[s + 1]]]
        if (have[frames] < per_frame).any():
            have[frames] += 1
            chosen[s] = True
    return chosen[seen.star]
