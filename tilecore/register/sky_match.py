"""Two frames matched on the sky: the rotation between them, from triangles of stars with equal sides.

Angles between stars do not depend on where in a frame they are, so this holds for fields of any size and for a known lens; sides
of known length are also far more distinctive than their ratios (:mod:`tilecore.register.align`), which need no known scale.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tilecore.numerics.statistics import MAD_TO_SIGMA
from tilecore.register.align import AlignmentError, Limits, accept, match, mutual_pairs
from tilecore.register.camera import Camera, fit_rotation

__all__ = ["Edge", "SkyStars", "common_patterns", "match_frames", "match_freely", "refined", "sky_stars"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Brightest stars of which triangles are formed, each with this many of its neighbours.
BRIGHTEST = 120
NEIGHBOURS = 5
# Sides (px) of equal triangles differ by this at most; in a search among many frames by SHARP.
TOLERANCE = 1.0
SHARP = 0.5
# Frames whose triangles are compared with all others at once.
AT_ONCE = 32
# Rotations that move the field alike: places (px) that they give to its middle and to its rim.
ALIKE = 8.0
# Rotations of triangles that are tried, most supported first.
TRIES = 4
# Radii (px) within which stars are paired in turn; the last ones follow from the scatter, between these limits.
RADII = (8.0, 5.0)
ROUNDS = 4
LEAST_RADIUS = 0.8
LARGEST_RADIUS = 3.0


@dataclass(frozen=True)
class SkyStars:
    """Stars of a frame, brightest first: ``pixel`` (n, 2) ideal, ``vectors`` (n, 3) in the axes of the frame, ``snr`` (n,);
    and triangles: their ``sides`` (m, 3) in radians, ascending, and ``corners`` (m, 3)."""

    camera: Camera
    pixel: FloatArray
    vectors: FloatArray
    snr: FloatArray
    sides: FloatArray
    corners: IntArray


@dataclass(frozen=True)
class Edge:
    """The frames ``one`` and ``other``: ``rotation`` turns directions in the axes of ``other`` to those of ``one``; ``pairs``
    (k, 2) are the stars of both; ``needed`` is the least number of pairs that exceeds chance."""

    one: int
    other: int
    rotation: FloatArray
    pairs: IntArray
    needed: int

    @property
    def reversed(self) -> Edge:
        return Edge(self.other, self.one, self.rotation.T, self.pairs[:, ::-1], self.needed)


def sky_stars(camera: Camera, table: NDArray[np.void]) -> SkyStars:
    """The stars of a table (:data:`tilecore.detect.stars.STAR_DTYPE`, brightest first) on the sky of a frame."""
    pixel = np.stack([table["x"], table["y"]], axis=1)
    vectors = camera.directions(pixel)
    sides, corners = _triangles(vectors[:BRIGHTEST])
    return SkyStars(camera, camera.ideal(pixel), vectors, np.asarray(table["snr"], np.float64), sides, corners)


def _triangles(vectors: FloatArray) -> tuple[FloatArray, IntArray]:
    count = min(NEIGHBOURS + 1, len(vectors))
    if count < 3:
        return np.zeros((0, 3)), np.zeros((0, 3), np.int64)
    _, near = cKDTree(vectors).query(vectors, k=count)
    a, b = np.triu_indices(count - 1, 1)
    corners = np.stack([np.repeat(near[:, :1], len(a), axis=1), near[:, 1 + a], near[:, 1 + b]], axis=2).reshape(-1, 3)
    corners = np.unique(np.sort(corners, axis=1), axis=0)
    p = vectors[corners]
    sides = np.linalg.norm(p[:, [1, 2, 0]] - p[:, [2, 0, 1]], axis=2)
    order = np.argsort(sides, axis=1)
    return np.take_along_axis(sides, order, 1), np.take_along_axis(corners, order, 1)


def common_patterns(frames: Sequence[SkyStars], report: Callable[[int], None] = lambda done: None) -> FloatArray:
    """(N, N) number of triangles that each two different frames have in common. ``report`` is called with the number of frames
    that were compared with all others."""
    owner = np.repeat(np.arange(len(frames)), [len(f.sides) for f in frames])
    votes = np.zeros((len(frames), len(frames)))
    if len(owner):
        pixel = max(1 / f.camera.focal for f in frames)
        every = cKDTree(np.concatenate([f.sides for f in frames]))
        for first in range(0, len(frames), AT_ONCE):
            report(first)
            part = frames[first: first + AT_ONCE]
            found = cKDTree(np.concatenate([f.sides for f in part])).sparse_distance_matrix(every, SHARP * pixel,
                                                                                            output_type="ndarray")
            own = np.repeat(np.arange(first, first + len(part)), [len(f.sides) for f in part])
            place = own[found["i"]] * len(frames) + owner[found["j"]]
            votes += np.bincount(place, minlength=votes.size).reshape(votes.shape)
    np.fill_diagonal(votes, 0)
    return votes


def match_frames(stars: Sequence[SkyStars], one: int, other: int, limits: Limits) -> Edge | None:
    """The rotation from ``other`` to ``one`` that the triangles of both support best; None if the stars accept none."""
    base, moved = stars[one], stars[other]
    if not len(base.sides) or not len(moved.sides):
        return None
    pixel = max(1 / base.camera.focal, 1 / moved.camera.focal)
    near = cKDTree(base.sides).query_ball_tree(cKDTree(moved.sides), TOLERANCE * pixel)
    i = np.repeat(np.arange(len(near)), [len(n) for n in near])
    if not len(i):
        return None
    j = np.concatenate([np.array(n, np.int64) for n in near])
    source, target = moved.vectors[moved.corners[j]], base.vectors[base.corners[i]]
    rotations = fit_rotation(source, target, np.ones(source.shape[:2]))
    error = np.linalg.norm(np.einsum("kij,knj->kni", rotations, source) - target, axis=2).max(axis=1)
    rotations = rotations[error < TOLERANCE * pixel]
    rim = moved.camera.directions(np.array([moved.camera.centre, [0.0, 0.0]]))
    places = np.einsum("kij,nj->kni", rotations, rim).reshape(-1, 6)
    support = np.zeros(0)
    if len(places):
        tree = cKDTree(places)
        support = tree.query_ball_point(places, ALIKE * pixel, return_length=True)
    for _ in range(TRIES):
        if not len(support) or support.max() < 2:
            return None
        best = int(support.argmax())
        found = refined(stars, one, other, rotations[best], limits)
        if found is not None:
            return found
        support[tree.query_ball_point(places[best], ALIKE * pixel)] = 0
    return None


def refined(stars: Sequence[SkyStars], one: int, other: int, rotation: FloatArray, limits: Limits) -> Edge | None:
    """A proposed rotation fitted to all stars of two frames; None if too few agree (METHODS 1b)."""
    base, moved = stars[one], stars[other]
    radius = RADII[0]
    for step in range(ROUNDS):
        with np.errstate(invalid="ignore"):
            place = base.camera.project(moved.vectors @ rotation.T)
        place = np.where(np.isfinite(place), place, -1e9)
        j, i = mutual_pairs(place, base.pixel, radius)
        if len(i) < 3:
            return None
        weight = 1 / (0.1**2 + 1 / np.maximum(base.snr[i], 1) ** 2 + 1 / np.maximum(moved.snr[j], 1) ** 2)
        rotation = fit_rotation(moved.vectors[j], base.vectors[i], weight)
        off = np.hypot(*(base.camera.project(moved.vectors[j] @ rotation.T) - base.pixel[i]).T)
        spread = 4 * MAD_TO_SIGMA * float(np.median(off))
        radius = RADII[1] if step == 0 else float(np.clip(spread, LEAST_RADIUS, LARGEST_RADIUS))
    good = off < radius
    inside = ((place > -radius) & (place < np.array(base.camera.shape[::-1]) + radius)).all(axis=1)
    back = moved.camera.project(base.vectors @ rotation)
    there = ((back > -radius) & (back < np.array(moved.camera.shape[::-1]) + radius)).all(axis=1)
    low, high = place[inside].min(axis=0, initial=1e9), place[inside].max(axis=0, initial=0)
    area = max(float(np.prod(np.maximum(high - low, radius))), 1.0)
    chance = inside.sum() * min(there.sum() * np.pi * radius**2 / area, 1.0)
    available = int(min(inside.sum(), there.sum()))
    try:
        needed = accept(np.eye(3), int(good.sum()), available, float(np.sqrt(np.mean(off[good] ** 2))), float(chance), limits)
    except AlignmentError:
        return None
    return Edge(one, other, rotation, np.stack([i[good], j[good]], axis=1), needed)


def match_freely(stars: Sequence[SkyStars], tables: Sequence[NDArray[np.void]], one: int, other: int,
                 limits: Limits) -> tuple[Edge, float] | None:
    """Like :func:`match_frames` where the scale or a lens is not known: by ratios of sides in the plane. Also returns the factor
    by which the focal length of ``other`` differs from that expected."""
    base, moved = stars[one].camera, stars[other].camera
    larger = base.focal / moved.focal
    table = tables[other].copy()
    table["x"], table["y"] = (larger * (stars[other].pixel - np.array(moved.centre))).T
    target = tables[one].copy()
    target["x"], target["y"] = (stars[one].pixel - np.array(base.centre)).T
    try:
        found = match(table, target, "auto", limits)
    except AlignmentError:
        return None
    planar = np.stack([table["x"], table["y"]], axis=1)
    u = np.column_stack([planar, np.ones(len(planar))]) @ found.matrix.T
    j, i = mutual_pairs(u[:, :2] / u[:, 2:], np.stack([target["x"], target["y"]], axis=1), LARGEST_RADIUS)
    weight = np.ones(len(i))
    rotation = fit_rotation(stars[other].vectors[j], stars[one].vectors[i], weight)
    needed = max(limits.min_inliers, len(i) // 5)
    scale = float(np.sqrt(abs(np.linalg.det(found.matrix[:2, :2]))))
    return Edge(one, other, rotation, np.stack([i, j], axis=1), needed), 1 / scale
