"""Alignment: the transform from the stars of one frame to those of another.

Triangles of neighbouring stars are matched by the ratios of their sides (as in Groth 1986, AJ 91:1244, and astroalign),
a similarity is found by RANSAC over the pairs of triangles and refined on all stars; affine and homography are used only
where they lower the residual beyond chance. A transform is accepted on its stars, never on image correlation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tilecore.numerics.statistics import MAD_TO_SIGMA

__all__ = ["Alignment", "AlignmentError", "Limits", "accept", "apply", "best_fit", "consistent_in_time", "fit",
           "from_triangles", "match", "mutual_pairs", "refine"]

Points = NDArray[np.float64]
Matrix = NDArray[np.float64]

PARAMETERS = {"shift": 2, "similarity": 4, "affine": 6, "homography": 8}
# Stars from which triangles are formed, in the second of three attempts (30, 60, 180).
BRIGHTEST = 60
# Nearest stars, the star itself included, of which triangles are formed.
NEIGHBOURS = 6
# Least longest side of a triangle (px).
LEAST_SIDE = 8
# Largest difference of the side ratios of matching triangles.
RATIO_TOLERANCE = 0.02
# Transforms of pairs of triangles that are tried.
MAX_TRIALS = 3000
# Distance (px) within which a pair of stars agrees with the transform of a pair of triangles.
MATCH_RADIUS = 3.0
# Largest radius (px) for pairs of a refined transform.
INLIER_RADIUS = 1.5
# Least radius (px) for them.
LEAST_RADIUS = 0.6
# Unrelated stars agree by chance, the more the denser the field. With c expected pairs a transform needs more than
# CHANCE_FLOOR + c + CHANCE_SIGMA sqrt(c) inliers: the best of some thousand transforms of unrelated fields, fitted to its own
# inliers, has fewer (tests/unit/test_align.py simulates such fields).
CHANCE_FLOOR = 3.0
CHANCE_SIGMA = 8.0
# Distance (px) within which detections that do not move with the stars belong to the sensor.
FIXED_RADIUS = 0.35
# Gain of the information criterion that a model with more parameters needs ("very strong" on the scale of
# Kass & Raftery 1995, JASA 90:773).
SCORE_GAIN = 10.0
# Inliers from which a transform is accepted whatever its neighbours in time are.
CERTAIN_INLIERS = 20
# Stars that a frame needs.
LEAST_STARS = 4
# Error (px) of the centroid of a star without noise, by the sampling; that of others is 1 px over the signal-to-noise.
CENTROID_ERROR = 0.03
# Deviation (sigma) from which residuals are weighted down (Huber).
HUBER_K = 1.5


class AlignmentError(Exception):
    """No transform could be accepted; the message gives the reason, for people."""


@dataclass(frozen=True)
class Limits:
    """Conditions for a transform: least number of inliers, largest residual (px), largest change of scale (as a share)."""

    min_inliers: int = 8
    max_residual: float = 1.0
    max_scale_change: float = 0.01


@dataclass(frozen=True)
class Alignment:
    """``matrix`` (3x3) maps frame to reference; ``residual`` is the rms distance of the ``inliers`` (px), of ``matched`` pairs;
    ``model`` is shift, similarity, affine or homography, ``method`` how it was found."""

    matrix: Matrix
    residual: float
    inliers: int
    matched: int
    model: str
    method: str


def apply(matrix: Matrix, points: Points) -> Points:
    """Points (n, 2) mapped by a 3x3 matrix."""
    u = points @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(u[:, :2] / u[:, 2:])


def match(stars: NDArray[np.void], reference: NDArray[np.void], transform: str = "auto",
          limits: Limits | None = None) -> Alignment:
    """The transform from ``stars`` to ``reference`` (both :data:`tilecore.detect.stars.STAR_DTYPE`, brightest first).

    Raises :class:`AlignmentError` when none is accepted.
    """
    limits = limits or Limits()
    check_counts(stars, reference)
    found = _by_triangles(stars, reference, transform, limits)
    if not _stands_still(found.matrix, stars):
        return found
    # Either nothing moved, or hot pixels outnumber the stars. Pairs that are left without all that stood still can only be stars
    # that moved: detections of the sensor have no second transform in common.
    i, j = mutual_pairs(apply(found.matrix, positions(stars)), positions(reference), FIXED_RADIUS)
    rest, rest_reference = np.delete(stars, i), np.delete(reference, j)
    if min(len(rest), len(rest_reference)) < limits.min_inliers:
        return found
    try:
        moved = _by_triangles(rest, rest_reference, transform, limits)
    except AlignmentError:
        return found
    # Stars that stand still with noisy centroids are left too; their transform hardly moves anything.
    shift = np.hypot(*(apply(moved.matrix, positions(rest)) - positions(rest)).T)
    return found if moved.inliers < limits.min_inliers or np.median(shift) < 3 * FIXED_RADIUS else moved


def check_counts(stars: NDArray[np.void], reference: NDArray[np.void]) -> None:
    """Raise :class:`AlignmentError` when a frame has too few stars for any transform to be accepted."""
    if len(stars) < LEAST_STARS:
        raise AlignmentError(f"only {len(stars)} stars were found, at least {LEAST_STARS} are needed" if len(stars)
                             else "no stars were found")
    if len(reference) < LEAST_STARS:
        raise AlignmentError(f"the reference has only {len(reference)} stars")


def positions(stars: NDArray[np.void]) -> Points:
    """Positions (n, 2) of a star table."""
    return np.stack([stars["x"], stars["y"]], 1)


def _stands_still(matrix: Matrix, stars: NDArray[np.void]) -> bool:
    """Whether a transform moves none of the stars."""
    points = positions(stars)
    return bool(np.hypot(*(apply(matrix, points) - points).T).max() < 2 * FIXED_RADIUS)


def _by_triangles(stars: NDArray[np.void], reference: NDArray[np.void], transform: str, limits: Limits) -> Alignment:
    """The transform from star triangles, with more and more stars; AlignmentError when none is accepted."""
    source, target = positions(stars), positions(reference)
    reasons = []
    for count in (30, BRIGHTEST, 3 * BRIGHTEST):
        start = from_triangles(source[:count], target[:count], limits.max_scale_change)
        if start is not None:
            try:
                return refine(start, stars, reference, transform, limits, "star triangles")
            except AlignmentError as error:
                reasons.append(str(error))
        if count >= max(len(source), len(target)):
            break
    raise AlignmentError(reasons[0] if reasons else f"no star pattern in common ({len(stars)} stars found)")


def accept(matrix: Matrix, inliers: int, available: int, residual: float, chance: float, limits: Limits) -> int:
    """Raise :class:`AlignmentError` unless the transform is plausible and carried by its stars (METHODS 1b); returns the
    number of stars that are needed.

    ``available`` is the number of stars that both frames have in the field they share, ``chance`` the number of
    inliers that unrelated stars of these densities would give.
    """
    # With few stars a third of those that could match is needed, at least 5; with many, a fifth.
    needed = max(min(limits.min_inliers, max(5, -(-available // 3))), -(-available // 5))
    needed = max(needed, math.ceil(CHANCE_FLOOR + chance + CHANCE_SIGMA * math.sqrt(chance)))
    if inliers < needed:
        raise AlignmentError(f"only {inliers} stars agree with the best transform, {needed} are needed")
    if not residual < limits.max_residual:
        raise AlignmentError(f"the stars are {residual:.2f} px off, {limits.max_residual:g} px is the limit")
    determinant = matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]
    if determinant <= 0:
        raise AlignmentError("the best transform mirrors the frame")
    if abs(np.sqrt(determinant) - 1) > limits.max_scale_change:
        raise AlignmentError(f"the scale differs by {100 * (np.sqrt(determinant) - 1):.1f} %")
    return needed


def _triangles(points: Points) -> tuple[Points, NDArray[np.int64]]:
    """Invariants (n, 2) and corner indices (n, 3) of triangles of near neighbours, corners in order of the sides."""
    n = min(NEIGHBOURS, len(points))
    _, near = cKDTree(points).query(points, k=n)
    corners = {tuple(sorted((int(row[0]), int(row[a]), int(row[b]))))
               for row in near for a in range(1, n) for b in range(a + 1, n)}
    index = np.array(sorted(corners), np.int64)
    p = points[index]
    sides = np.stack([np.hypot(*(p[:, 1] - p[:, 2]).T), np.hypot(*(p[:, 2] - p[:, 0]).T),
                      np.hypot(*(p[:, 0] - p[:, 1]).T)], 1)
    order = np.argsort(sides, axis=1)
    sides = np.take_along_axis(sides, order, 1)
    index = np.take_along_axis(index, order, 1)
    good = sides[:, 2] > LEAST_SIDE
    ratios = sides[good][:, :2] / sides[good][:, 2:]
    return ratios, index[good]


def from_triangles(source: Points, target: Points, max_scale_change: float) -> Matrix | None:
    """The similarity with the most agreeing stars among those of matching triangles; None when fewer than 4 stars agree."""
    if len(source) < LEAST_STARS or len(target) < LEAST_STARS:
        return None
    ratios_s, corners_s = _triangles(source)
    ratios_t, corners_t = _triangles(target)
    if not len(ratios_s) or not len(ratios_t):
        return None
    distance, nearest = cKDTree(ratios_t).query(ratios_s, k=min(4, len(ratios_t)), distance_upper_bound=RATIO_TOLERANCE)
    distance, nearest = np.atleast_2d(distance.T).T, np.atleast_2d(nearest.T).T
    pairs = np.argwhere(np.isfinite(distance))
    pairs = pairs[np.argsort(distance[pairs[:, 0], pairs[:, 1]], kind="stable")]
    if not len(pairs):
        return None
    a = source[corners_s[pairs[:, 0]]]
    b = target[corners_t[nearest[pairs[:, 0], pairs[:, 1]]]]
    rotation, offset, error = _similarities(a, b)
    scale = np.abs(rotation)
    plausible = (np.abs(scale - 1) < 3 * max_scale_change) & (error < MATCH_RADIUS)
    rotation, offset = rotation[plausible], offset[plausible]
    tree = cKDTree(target)
    z = source[:, 0] + 1j * source[:, 1]
    best, best_votes = None, 3
    for k in range(min(len(rotation), MAX_TRIALS)):
        mapped = rotation[k] * z + offset[k]
        near, which = tree.query(np.stack([mapped.real, mapped.imag], 1), distance_upper_bound=MATCH_RADIUS)
        votes = len(set(which[np.isfinite(near)].tolist()))
        if votes > best_votes:
            best, best_votes = k, votes
            if votes > 0.7 * min(len(source), len(target)) and votes > 8:
                break
    if best is None:
        return None
    r, t = rotation[best], offset[best]
    return np.array([[r.real, -r.imag, t.real], [r.imag, r.real, t.imag], [0, 0, 1]])


def _similarities(a: Points, b: Points) -> tuple[NDArray[np.complex128], NDArray[np.complex128], Points]:
    """Least-squares similarities of triangle pairs (n, 3, 2) as complex factor and offset, and their largest errors."""
    za, zb = a[..., 0] + 1j * a[..., 1], b[..., 0] + 1j * b[..., 1]
    ca, cb = za - za.mean(1, keepdims=True), zb - zb.mean(1, keepdims=True)
    factor = (np.conj(ca) * cb).sum(1) / (np.abs(ca) ** 2).sum(1)
    offset = zb.mean(1) - factor * za.mean(1)
    return factor, offset, np.abs(factor[:, None] * za + offset[:, None] - zb).max(1)


def fit(source: Points, target: Points, weights: Points, model: str) -> Matrix:
    """Weighted least-squares transform of a model from ``source`` to ``target``, both (n, 2)."""
    matrix = np.eye(3)
    total = weights.sum()
    if model == "shift":
        matrix[:2, 2] = (weights[:, None] * (target - source)).sum(0) / total
        return matrix
    if model == "similarity":
        zs, zt = source[:, 0] + 1j * source[:, 1], target[:, 0] + 1j * target[:, 1]
        ms, mt = (weights * zs).sum() / total, (weights * zt).sum() / total
        r = (weights * np.conj(zs - ms) * (zt - mt)).sum() / (weights * np.abs(zs - ms) ** 2).sum()
        t = mt - r * ms
        return np.array([[r.real, -r.imag, t.real], [r.imag, r.real, t.imag], [0, 0, 1]])
    scaled_s, norm_s = _normalised(source)
    scaled_t, norm_t = _normalised(target)
    x, y = scaled_s.T
    u, v = scaled_t.T
    zero, one, w = np.zeros_like(x), np.ones_like(x), np.sqrt(weights)
    rows_u, rows_v = [x, y, one, zero, zero, zero], [zero, zero, zero, x, y, one]
    if model == "homography":
        rows_u, rows_v = [*rows_u, -u * x, -u * y], [*rows_v, -v * x, -v * y]
    design = np.concatenate([np.stack(rows_u, 1) * w[:, None], np.stack(rows_v, 1) * w[:, None]])
    found = np.linalg.lstsq(design, np.concatenate([u * w, v * w]), rcond=None)[0]
    inner = np.eye(3)
    inner.ravel()[: len(found)] = found
    matrix = np.linalg.inv(norm_t) @ inner @ norm_s
    return np.asarray(matrix / matrix[2, 2])


def _normalised(points: Points) -> tuple[Points, Matrix]:
    """Points about their mean with unit spread, and the 3x3 matrix to them (for well-conditioned equations)."""
    mean, spread = points.mean(0), max(float(points.std()), 1e-9)
    matrix = np.array([[1 / spread, 0, -mean[0] / spread], [0, 1 / spread, -mean[1] / spread], [0, 0, 1]])
    return (points - mean) / spread, matrix


def mutual_pairs(mapped: Points, target: Points, radius: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of mutual nearest neighbours within ``radius`` px."""
    distance, to_target = cKDTree(target).query(mapped, distance_upper_bound=radius)
    _, to_source = cKDTree(mapped).query(target, distance_upper_bound=radius)
    index = np.flatnonzero(np.isfinite(distance))
    mutual = to_source[to_target[index]] == index
    return index[mutual], to_target[index[mutual]]


def refine(matrix: Matrix, stars: NDArray[np.void], reference: NDArray[np.void], transform: str, limits: Limits,
            method: str) -> Alignment:
    """A proposed transform refined on all stars, with the model that fits them best. Raises AlignmentError when not accepted."""
    source, target, snr = positions(stars), positions(reference), stars["snr"]
    first = "similarity" if transform == "auto" else transform
    matched, radius = 0, 2 * MATCH_RADIUS
    for _ in range(5):
        i, j = mutual_pairs(apply(matrix, source), target, radius)
        matched = max(matched, len(i))
        if len(i) < PARAMETERS[first] // 2 + 1:
            raise AlignmentError(f"only {len(i)} stars agree with the best transform")
        matrix, residuals = _robust_fit(source[i], target[j], snr[i], first)
        spread = 4 * MAD_TO_SIGMA * float(np.median(residuals))
        radius = float(np.clip(spread, LEAST_RADIUS, MATCH_RADIUS if radius > MATCH_RADIUS else INLIER_RADIUS))
    best, residuals, model = best_fit(source[i], target[j], snr[i], transform)
    good = residuals < radius
    inliers = int(good.sum())
    residual = float(np.sqrt(np.mean(residuals[good] ** 2))) if inliers else np.inf
    available, chance = _expected(best, source, target, radius)
    accept(best, inliers, available, residual, chance, limits)
    return Alignment(best, residual, inliers, matched, model, method)


def best_fit(source: Points, target: Points, snr: Points, transform: str) -> tuple[Matrix, Points, str]:
    """Robust transform of pairs of stars (n, 2), their distances (n,), and the model: with ``auto`` the one that fits best."""
    model = "similarity" if transform == "auto" else transform
    best, residuals = _robust_fit(source, target, snr, model)
    best_score = _score(residuals, model)
    for candidate in ("affine", "homography") if transform == "auto" else ():
        if len(source) < 3 * PARAMETERS[candidate]:
            break
        trial, trial_residuals = _robust_fit(source, target, snr, candidate)
        score = _score(trial_residuals, candidate)
        if score < best_score - SCORE_GAIN:
            best, best_score, model, residuals = trial, score, candidate, trial_residuals
    return best, residuals, model


def _expected(matrix: Matrix, source: Points, target: Points, radius: float) -> tuple[int, float]:
    """Stars that could match, and pairs within ``radius`` px expected by chance, in the field that both share."""
    mapped = apply(matrix, source)
    low = np.maximum(target.min(0), mapped.min(0)) - radius
    high = np.minimum(target.max(0), mapped.max(0)) + radius
    here, there = (int(((p >= low) & (p <= high)).all(1).sum()) for p in (mapped, target))
    area = max(float(np.prod(np.maximum(high - low, radius))), 1.0)
    return min(here, there), here * min(there * np.pi * radius**2 / area, 1.0)


def _robust_fit(source: Points, target: Points, snr: Points, model: str) -> tuple[Matrix, Points]:
    """Huber-weighted fit; centroids of bright stars count more, down to a floor set by the sampling."""
    precision = 1 / (CENTROID_ERROR**2 + (1.0 / np.maximum(snr, 1)) ** 2)
    weights = precision / precision.max()
    matrix = fit(source, target, weights, model)
    residuals = np.hypot(*(apply(matrix, source) - target).T)
    for _ in range(8):
        scale = max(MAD_TO_SIGMA * float(np.median(residuals)), 1e-3)
        matrix = fit(source, target, weights * np.minimum(1, HUBER_K * scale / np.maximum(residuals, 1e-12)), model)
        residuals = np.hypot(*(apply(matrix, source) - target).T)
    return matrix, residuals


def _score(residuals: Points, model: str) -> float:
    """Bayesian information criterion of a fit: 2 n log(rms) + parameters log(2 n)."""
    n = 2 * len(residuals)
    clipped = np.minimum(residuals, 3 * max(float(np.median(residuals)), 1e-6))
    return float(n * np.log(max(float(np.sqrt(np.mean(clipped**2))), 1e-6)) + PARAMETERS[model] * np.log(n))


def consistent_in_time(matrices: Sequence[Matrix | None], inliers: Sequence[int], shape: tuple[int, int],
                       reach: int = 3) -> NDArray[np.bool_]:
    """Which transforms, in order of time, agree with their neighbours (METHODS 1b); those that are None count as True.

    A frame is inconsistent when it differs from all of its ``reach`` neighbours to each side by more than 5 % of the field and
    by more than ten times their scatter, and few stars support it. A meridian flip or a new pointing agrees with one side.
    """
    h, w = shape
    corners = np.array([[0, 0], [w - 1, 0], [0, h - 1], [w - 1, h - 1]], np.float64)
    known = [k for k, m in enumerate(matrices) if m is not None]
    mapped = {k: apply(np.asarray(matrices[k]), corners) for k in known}
    result = np.ones(len(matrices), np.bool_)
    for place, k in enumerate(known):
        near = known[max(place - reach, 0): place] + known[place + 1: place + 1 + reach]
        if inliers[k] >= CERTAIN_INLIERS or len(near) < 3:
            continue
        others = np.array([mapped[n] for n in near])
        scatter = float(np.median(np.hypot(*np.moveaxis(others - np.median(others, axis=0), -1, 0)).max(-1)))
        nearest = float(np.hypot(*np.moveaxis(others - mapped[k], -1, 0)).max(-1).min())
        result[k] = nearest <= max(0.05 * max(h, w), 10 * scatter)
    return result
