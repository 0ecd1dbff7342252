"""Fallbacks of alignment for when star triangles fail. Each proposes a transform, which is checked on the stars (METHODS 1b)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import mad_sigma
from tilecore.register.align import (
    MATCH_RADIUS,
    Alignment,
    AlignmentError,
    Limits,
    Matrix,
    Points,
    check_counts,
    from_triangles,
    positions,
    refine,
)

__all__ = ["from_images"]

# Median roundness below which the stars of a frame are trails with two ends.
ELONGATED = 0.6
# Stars whose ends are matched, brightest first.
BRIGHTEST = 60
# Features of an image for ORB.
ORB_FEATURES = 2000
# Pairs of features that a transform needs.
LEAST_FEATURES = 4
# Smoothing (sigma, px) of the images that are compared, and of the background that is subtracted.
SMOOTHING = 1.2
BACKGROUND_SMOOTHING = 25
# Levels shown as black and as white, in sigma of the noise above the background.
BLACK = 3
WHITE = 63


def from_images(image: NDArray[np.float32], reference: NDArray[np.float32], stars: NDArray[np.void],
                reference_stars: NDArray[np.void], transform: str = "auto", limits: Limits | None = None) -> Alignment:
    """End points of elongated stars, image features, phase correlation with ECC, the identity: the first accepted.

    ``image`` and ``reference`` are detection images (h, w). Raises :class:`AlignmentError` when the stars accept none.
    """
    limits = limits or Limits()
    check_counts(stars, reference_stars)
    max_scale_change = limits.max_scale_change
    reasons: list[str] = []
    a, b = _as_bytes(image), _as_bytes(reference)
    proposals: tuple[tuple[str, Callable[[], Matrix | None]], ...] = (
        ("ends of elongated stars", lambda: _ends(stars, reference_stars, max_scale_change)),
        ("image features", lambda: _features(a, b)),
        ("phase correlation and ECC", lambda: _ecc(a, b)),
        ("identity", lambda: np.eye(3) if image.shape == reference.shape else None),
    )
    for name, propose in proposals:
        start = propose()
        if start is None:
            continue
        try:
            return refine(start, stars, reference_stars, transform, limits, name)
        except AlignmentError as error:
            reasons.append(f"{name}: {error}")
    raise AlignmentError("; ".join(reasons) or "no transform was found")


def end_points(stars: NDArray[np.void]) -> tuple[Points, Points]:
    """Both ends (n, 2) of the long axis of each star, the left ones first; the centres twice when the stars are round."""
    centre = positions(stars)
    if not len(stars) or np.median(stars["roundness"]) > ELONGATED:
        return centre, centre
    ratio = np.sqrt(np.clip(stars["roundness"], 0.05, 1))
    # Motion lengthens a star along its axis; half of that is on each side.
    half = 0.5 * stars["fwhm"] * np.sqrt(np.maximum(1 / ratio**2 - ratio**2, 0))
    along = np.stack([np.cos(stars["theta"]), np.sin(stars["theta"])], 1)
    along *= np.where(along[:, :1] < 0, -1.0, 1.0)
    return centre - half[:, None] * along, centre + half[:, None] * along


def _ends(stars: NDArray[np.void], reference: NDArray[np.void], max_scale_change: float) -> Matrix | None:
    """A similarity from one end of the trails to that in the other frame, moved to the middle of the trails."""
    if min(np.median(stars["roundness"]), np.median(reference["roundness"])) > ELONGATED:
        return None
    for source in end_points(stars):
        for target in end_points(reference):
            found = from_triangles(source[:BRIGHTEST], target[:BRIGHTEST], max_scale_change)
            if found is not None:
                shift = np.median((source - positions(stars)), axis=0) @ found[:2, :2].T
                found[:2, 2] += shift - np.median(target - positions(reference), axis=0)
                return found
    return None


def _as_bytes(image: NDArray[np.float32]) -> NDArray[np.uint8]:
    """8-bit picture of the light above sky and noise; a stretch between percentiles would show noise where stars are few."""
    smooth = cv2.GaussianBlur(np.ascontiguousarray(image, np.float32), (0, 0), SMOOTHING)
    above = smooth - cv2.GaussianBlur(smooth, (0, 0), BACKGROUND_SMOOTHING)
    noise = max(mad_sigma(above[::2, ::2]), 1e-9)
    return np.asarray(255 * np.sqrt(np.clip((above / noise - BLACK) / (WHITE - BLACK), 0, 1))).astype(np.uint8)


def _features(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> Matrix | None:
    """A similarity from image features of both pictures."""
    # AKAZE moved to the contributed modules in OpenCV 5; ORB is in every build.
    detector: Any = cv2.AKAZE.create() if hasattr(cv2, "AKAZE") else cv2.ORB.create(ORB_FEATURES)
    points_a, features_a = detector.detectAndCompute(a, None)
    points_b, features_b = detector.detectAndCompute(b, None)
    if features_a is None or features_b is None or min(len(points_a), len(points_b)) < LEAST_FEATURES:
        return None
    found = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(features_a, features_b)
    if len(found) < LEAST_FEATURES:
        return None
    pa = np.array([points_a[m.queryIdx].pt for m in found], np.float32)
    pb = np.array([points_b[m.trainIdx].pt for m in found], np.float32)
    cv2.setRNGSeed(1)
    affine, _ = cv2.estimateAffinePartial2D(pa, pb, method=cv2.RANSAC, ransacReprojThreshold=MATCH_RADIUS)
    return None if affine is None else np.vstack([affine, [0, 0, 1]]).astype(np.float64)


def _ecc(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> Matrix | None:
    """A shift by phase correlation, refined to a rotation by ECC (Evangelidis & Psarakis 2008, IEEE TPAMI 30:1858)."""
    fa, fb = a.astype(np.float32), b.astype(np.float32)
    if fa.shape != fb.shape:
        return None
    (dx, dy), _ = cv2.phaseCorrelate(fa, fb, cv2.createHanningWindow(fa.shape[::-1], cv2.CV_32F))
    warp = np.array([[1, 0, -dx], [0, 1, -dy]], np.float32)
    try:
        criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-5)
        _, warp = cv2.findTransformECC(fb, fa, warp, cv2.MOTION_EUCLIDEAN, criteria, None, 5)
    except cv2.error:
        pass  # it did not converge; the shift is still a proposal
    return np.asarray(np.linalg.inv(np.vstack([warp, [0, 0, 1]]).astype(np.float64)))
