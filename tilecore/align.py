"""Alignment: which transform takes the stars of one frame to those of another.

Triangles of neighbouring stars are matched by their side ratios (as in Groth 1986, AJ 91:1244 and later astroalign),
a similarity is found by RANSAC over the triangle pairs and refined on all stars; affine and homography follow only
where they lower the residual beyond chance. A transform is accepted on its stars, never on image correlation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

__all__ = ["Alignment", "AlignmentError", "accept", "apply", "fit", "from_images", "match"]

Points = NDArray[np.float64]
Matrix = NDArray[np.float64]

MODELS = ("shift", "similarity", "affine", "homography")
PARAMETERS = {"shift": 2, "similarity": 4, "affine": 6, "homography": 8}
BRIGHTEST = 60
NEIGHBOURS = 6
# Side ratios of matching triangles differ less than this.
RATIO_TOLERANCE = 0.02
# Pairs of stars within this many pixels agree with a transform.
MATCH_RADIUS = 3.0


class AlignmentError(Exception):
    """No transform could be accepted; the message says why in plain words."""


@dataclass(frozen=True)
class Alignment:
    """``matrix`` (3x3) maps frame to reference; ``residual`` is the rms distance of the inliers in pixels."""

    matrix: Matrix
    residual: float
    inliers: int
    matched: int
    model: str
    method: str


def apply(matrix: Matrix, points: Points) -> Points:
    """Map points (n, 2)."""
    u = points @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(u[:, :2] / u[:, 2:])


def match(stars: NDArray[np.void], reference: NDArray[np.void], *, transform: str = "auto", min_inliers: int = 8,
          max_residual: float = 1.0, max_scale_change: float = 0.01) -> Alignment:
    """The transform from ``stars`` to ``reference`` (both :data:`tilecore.stars.STAR_DTYPE`, brightest first).

    Raises :class:`AlignmentError` when none is accepted.
    """
    if len(stars) < 4:
        raise AlignmentError(f"only {len(stars)} stars were found, 4 are the least")
    if len(reference) < 4:
        raise AlignmentError(f"the reference has only {len(reference)} stars")
    source = np.stack([stars["x"], stars["y"]], 1)
    target = np.stack([reference["x"], reference["y"]], 1)
    limits = (min_inliers, max_residual, max_scale_change)
    reasons = []
    for count in (30, BRIGHTEST, 3 * BRIGHTEST):
        start = _from_triangles(source[:count], target[:count], max_scale_change)
        if start is not None:
            try:
                return _refined(start, source, target, stars["snr"], transform, limits, "star triangles")
            except AlignmentError as error:
                reasons.append(str(error))
        if count >= max(len(source), len(target)):
            break
    raise AlignmentError(reasons[0] if reasons else f"no star pattern in common ({len(stars)} stars found)")


def accept(matrix: Matrix, inliers: int, possible: int, residual: float, limits: tuple[int, float, float]) -> None:
    """Raise :class:`AlignmentError` unless the transform is plausible and carried by its stars (METHODS 1b).

    ``possible`` is how many stars could agree: the smaller number of stars in the common field. Stars of unrelated
    fields agree by chance now and then, so a share of them is asked for as well.
    """
    min_inliers, max_residual, max_scale_change = limits
    needed = max(min(min_inliers, max(5, -(-possible // 3))), -(-possible // 5))
    if inliers < needed:
        raise AlignmentError(f"only {inliers} stars agree with the best transform, {needed} are needed")
    if not residual < max_residual:
        raise AlignmentError(f"the stars are {residual:.2f} px off, {max_residual:g} px is the limit")
    determinant = matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]
    if determinant <= 0:
        raise AlignmentError("the best transform mirrors the frame")
    if abs(np.sqrt(determinant) - 1) > max_scale_change:
        raise AlignmentError(f"the scale differs by {100 * (np.sqrt(determinant) - 1):.1f} %")


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
    good = sides[:, 2] > 8
    ratios = sides[good][:, :2] / sides[good][:, 2:]
    return ratios, index[good]


def _from_triangles(source: Points, target: Points, max_scale_change: float) -> Matrix | None:
    """Similarity with most agreeing stars among those that matching triangles suggest."""
    if len(source) < 4 or len(target) < 4:
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
    for k in range(min(len(rotation), 3000)):
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
    """Points about their mean with unit spread, and the 3x3 that makes them so (for well-conditioned equations)."""
    mean, spread = points.mean(0), max(float(points.std()), 1e-9)
    matrix = np.array([[1 / spread, 0, -mean[0] / spread], [0, 1 / spread, -mean[1] / spread], [0, 0, 1]])
    return (points - mean) / spread, matrix


def _pairs(matrix: Matrix, source: Points, target: Points, radius: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Mutual nearest neighbours within ``radius``."""
    mapped = apply(matrix, source)
    distance, to_target = cKDTree(target).query(mapped, distance_upper_bound=radius)
    _, to_source = cKDTree(mapped).query(target, distance_upper_bound=radius)
    index = np.flatnonzero(np.isfinite(distance))
    mutual = to_source[to_target[index]] == index
    return index[mutual], to_target[index[mutual]]


def _refined(matrix: Matrix, source: Points, target: Points, snr: Points, transform: str,
             limits: tuple[int, float, float], method: str) -> Alignment:
    first = "similarity" if transform == "auto" else transform
    matched = 0
    for radius in (2 * MATCH_RADIUS, MATCH_RADIUS, 1.5, 1.5):
        i, j = _pairs(matrix, source, target, radius)
        matched = max(matched, len(i))
        if len(i) < PARAMETERS[first] // 2 + 1:
            raise AlignmentError(f"only {len(i)} stars agree with the best transform")
        matrix, residuals = _robust_fit(source[i], target[j], snr[i], first)
    best, best_score, model = matrix, _score(residuals, first), first
    if transform == "auto":
        for candidate in ("affine", "homography"):
            if len(i) < 3 * PARAMETERS[candidate]:
                break
            trial, trial_residuals = _robust_fit(source[i], target[j], snr[i], candidate)
            score = _score(trial_residuals, candidate)
            if score < best_score - 6:
                best, best_score, model, residuals = trial, score, candidate, trial_residuals
    good = residuals < max(1.5, 3 * float(np.median(residuals)))
    residual = float(np.sqrt(np.mean(residuals[good] ** 2))) if good.any() else np.inf
    accept(best, int(good.sum()), _possible(best, source, target), residual, limits)
    return Alignment(best, residual, int(good.sum()), matched, model, method)


def _possible(matrix: Matrix, source: Points, target: Points) -> int:
    """Stars of the shorter list within the field that both lists cover."""
    mapped = apply(matrix, source)
    low = np.maximum(mapped.min(axis=0), target.min(axis=0)) - MATCH_RADIUS
    high = np.minimum(mapped.max(axis=0), target.max(axis=0)) + MATCH_RADIUS
    return int(min(((p >= low) & (p <= high)).all(axis=1).sum() for p in (mapped, target)))


def _robust_fit(source: Points, target: Points, snr: Points, model: str) -> tuple[Matrix, Points]:
    """Huber-weighted fit; centroids of bright stars count more, down to a floor set by the sampling."""
    precision = 1 / (0.03**2 + (1.0 / np.maximum(snr, 1)) ** 2)
    weights = precision / precision.max()
    matrix = fit(source, target, weights, model)
    residuals = np.hypot(*(apply(matrix, source) - target).T)
    for _ in range(8):
        scale = max(1.4826 * float(np.median(residuals)), 1e-3)
        matrix = fit(source, target, weights * np.minimum(1, 1.5 * scale / np.maximum(residuals, 1e-12)), model)
        residuals = np.hypot(*(apply(matrix, source) - target).T)
    return matrix, residuals


def _score(residuals: Points, model: str) -> float:
    """Bayesian information criterion of a fit: 2 n log(rms) + parameters log(2 n)."""
    n = 2 * len(residuals)
    clipped = np.minimum(residuals, 3 * max(float(np.median(residuals)), 1e-6))
    return float(n * np.log(max(float(np.sqrt(np.mean(clipped**2))), 1e-6)) + PARAMETERS[model] * np.log(n))


def from_images(image: NDArray[np.float32], reference: NDArray[np.float32], stars: NDArray[np.void],
                reference_stars: NDArray[np.void], *, transform: str = "auto", min_inliers: int = 8,
                max_residual: float = 1.0, max_scale_change: float = 0.01) -> Alignment:
    """Fallbacks when star triangles fail: image features, phase correlation with ECC, the identity.

    Each only proposes a transform; it is refined and accepted on the stars as any other.
    """
    if len(stars) < 4 or len(reference_stars) < 4:
        raise AlignmentError(f"only {min(len(stars), len(reference_stars))} stars were found, 4 are the least")
    source = np.stack([stars["x"], stars["y"]], 1)
    target = np.stack([reference_stars["x"], reference_stars["y"]], 1)
    limits = (min_inliers, max_residual, max_scale_change)
    reasons: list[str] = []
    a, b = _as_bytes(image), _as_bytes(reference)
    for name, propose in (("image features", _features), ("phase correlation and ECC", _ecc), ("identity", _identity)):
        start = propose(a, b)
        if start is None:
            continue
        try:
            return _refined(start, source, target, stars["snr"], transform, limits, name)
        except AlignmentError as error:
            reasons.append(f"{name}: {error}")
    raise AlignmentError("; ".join(reasons) or "no transform was found")


def _as_bytes(image: NDArray[np.float32]) -> NDArray[np.uint8]:
    low, high = np.percentile(image[::4, ::4], (20, 99.8))
    stretched = np.sqrt(np.clip((image - low) / max(float(high - low), 1e-9), 0, 1))
    return cv2.GaussianBlur((255 * stretched).astype(np.uint8), (0, 0), 1.2)


def _features(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> Matrix | None:
    # AKAZE went to the contributed modules with OpenCV 5; ORB is in every build.
    detector: Any = cv2.AKAZE.create() if hasattr(cv2, "AKAZE") else cv2.ORB.create(2000)
    points_a, features_a = detector.detectAndCompute(a, None)
    points_b, features_b = detector.detectAndCompute(b, None)
    if features_a is None or features_b is None or len(points_a) < 4 or len(points_b) < 4:
        return None
    found = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(features_a, features_b)
    if len(found) < 4:
        return None
    pa = np.array([points_a[m.queryIdx].pt for m in found], np.float32)
    pb = np.array([points_b[m.trainIdx].pt for m in found], np.float32)
    cv2.setRNGSeed(1)
    affine, _ = cv2.estimateAffinePartial2D(pa, pb, method=cv2.RANSAC, ransacReprojThreshold=MATCH_RADIUS)
    return None if affine is None else np.vstack([affine, [0, 0, 1]]).astype(np.float64)


def _ecc(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> Matrix | None:
    fa, fb = a.astype(np.float32), b.astype(np.float32)
    if fa.shape != fb.shape:
        return None
    (dx, dy), _ = cv2.phaseCorrelate(fa, fb, cv2.createHanningWindow(fa.shape[::-1], cv2.CV_32F))
    warp = np.array([[1, 0, -dx], [0, 1, -dy]], np.float32)
    try:
        criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-5)
        _, warp = cv2.findTransformECC(fb, fa, warp, cv2.MOTION_EUCLIDEAN, criteria, None, 5)
    except cv2.error:
        pass  # it did not converge; the shift alone is still a proposal
    return np.asarray(np.linalg.inv(np.vstack([warp, [0, 0, 1]]).astype(np.float64)))


def _identity(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> Matrix | None:
    return np.eye(3) if a.shape == b.shape else None
