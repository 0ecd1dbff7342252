"""Checks a solution: stars of the image against stars of a catalog, and limits on scale and shape of the pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from astropy.wcs import WCS, NoConvergence
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.special import pdtrc

from orchestrator.astrometry.hints import scale_of
from orchestrator.astrometry.picture import Picture
from orchestrator.catalogs.stars import StarTable
from orchestrator.message import Message

__all__ = ["Verification", "beyond_doubt", "field_circle", "match", "other_scale", "plausible", "same_field", "verify"]

# Largest distance in pixels between a catalog star and the star of the image that it matches.
TOLERANCE = 4.0
# Largest probability that a wrong solution reaches this number of matches.
CHANCE = 1e-6
# Fewest matches, and fewest stars of the image and of the catalog to compare.
LEAST = 4
# Largest difference of the pixel's sides, as a share: pixels of real cameras are square.
MAX_SKEW = 0.05
# Largest difference from the expected scale, as a share.
MAX_SCALE_ERROR = 0.35
# Matches, and matches as a factor of those by chance, from which the scale of a solution is believed against that of the header.
SURE_MATCHES = 25
SURE_FACTOR = 5
# Catalog stars to compare, as a factor of the stars of the image.
CATALOG_STARS = 2
# Stars of the image to compare, as a factor of the catalog stars, and at least.
IMAGE_STARS = 3
LEAST_IMAGE_STARS = 10
# Pairs farther apart than this factor of the median distance are left out, but none closer than this many pixels.
OUTLIER = 3
LEAST_OUTLIER = 0.5


@dataclass(frozen=True)
class Verification:
    """The result of a check.

    Parameters
    ----------
    ok : whether the solution is confirmed.
    against : name of the catalog or solver that it was compared with.
    why : why it is not confirmed.
    matched : catalog stars within the tolerance of a star of the image.
    catalog_stars : catalog stars in the field.
    by_chance : matches expected of a wrong solution.
    rms_px : rms distance of matched stars in pixels.
    decided : False if there was too little to compare with.
    """

    ok: bool
    against: str
    why: str = ""
    matched: int = 0
    catalog_stars: int = 0
    by_chance: float = 0.0
    rms_px: float = float("nan")
    decided: bool = True


def plausible(wcs: WCS) -> str:
    """Why a solution cannot be right, "" if it can: its numbers, the shape of its pixels."""
    matrix = wcs.pixel_scale_matrix
    if not np.isfinite(matrix).all() or not np.isfinite(wcs.wcs.crval).all():
        return "its numbers are not finite"
    large, small = np.linalg.svd(matrix, compute_uv=False)
    if small <= 0 or large / small > 1 + MAX_SKEW:
        return Message("its pixels are not square (ratio {large:.2f})",
                       large=large / small) if small > 0 else "its matrix is singular"
    return ""


def other_scale(wcs: WCS, expected: float | None) -> bool:
    """Whether the scale of a solution differs from the expected one by more than the values of a right header do."""
    return bool(expected) and not 1 / (1 + MAX_SCALE_ERROR) < scale_of(wcs) / (expected or 1.0) < 1 + MAX_SCALE_ERROR


def beyond_doubt(checked: Verification) -> bool:
    """Whether enough stars match to believe the sky against another scale in the header."""
    return checked.ok and checked.matched >= max(SURE_MATCHES, SURE_FACTOR * checked.by_chance)


def field_circle(wcs: WCS, shape: tuple[int, int]) -> tuple[float, float, float]:
    """(ra, dec, radius) in degrees of the circle around the image."""
    rows, columns = shape
    ra, dec = wcs.all_pix2world([(columns - 1) / 2], [(rows - 1) / 2], 0)
    return float(ra[0]), float(dec[0]), float(np.hypot(rows, columns) / 2 * scale_of(wcs) / 3600)


def verify(wcs: WCS, picture: Picture, catalog: StarTable, against: str, max_rms: float) -> Verification:
    """Match the stars of the image with a catalog of the field, nearest to nearest."""
    expected, seen, _ = _in_field(wcs, picture, catalog)
    if len(expected) < LEAST or len(seen) < LEAST:
        few = Message("{count} catalog stars in the field and {count2} in the image are too few to compare",
                      count=len(expected), count2=len(seen))
        return Verification(False, against, few, 0, len(expected), decided=False)
    catalog_index, image_index = _pairs(expected, seen, TOLERANCE)
    rows, columns = picture.shape
    chance = len(expected) * len(seen) * np.pi * TOLERANCE**2 / (rows * columns)
    count, why = len(catalog_index), ""
    distances = expected[catalog_index] - seen[image_index]
    rms = float(np.sqrt(np.mean(np.sum(distances**2, axis=1)))) if count else float("nan")
    if count < LEAST or pdtrc(count - 1, chance) > CHANCE:
        why = Message("only {count} of {count2} catalog stars match stars of the image ({chance:.1f} expected by chance)",
                      count=count, count2=len(expected), chance=chance)
    elif rms > max_rms:
        why = Message("stars are {rms:.2f} px (rms) away from their catalog positions, {max_rms:g} px is allowed", rms=rms,
                      max_rms=max_rms)
    return Verification(not why, against, why, count, len(expected), float(chance), rms)


def match(wcs: WCS, picture: Picture, catalog: StarTable, tolerance: float) -> tuple[NDArray[np.float64], StarTable]:
    """Pixels (n, 2), 0-based, of stars of the image within ``tolerance`` pixels of a catalog star; those catalog stars.

    Pairs much farther apart than the others are left out.
    """
    expected, seen, stars = _in_field(wcs, picture, catalog)
    if not len(expected) or not len(seen):
        return np.empty((0, 2)), stars[:0]
    catalog_index, image_index = _pairs(expected, seen, tolerance)
    off = np.hypot(*(expected[catalog_index] - seen[image_index]).T)
    keep = off < max(OUTLIER * float(np.median(off)), LEAST_OUTLIER) if len(off) else np.zeros(0, bool)
    return seen[image_index[keep]], stars[catalog_index[keep]]


def _in_field(wcs: WCS, picture: Picture,
              catalog: StarTable) -> tuple[NDArray[np.float64], NDArray[np.float64], StarTable]:
    """Pixels (n, 2) of catalog stars in the image, pixels (m, 2) of stars of the image, and those catalog stars.

    Only the brightest of both are used: in a deep catalog every position has a star nearby.
    """
    rows, columns = picture.shape
    x, y = wcs.all_world2pix(catalog.ra, catalog.dec, 0, quiet=True, maxiter=20)
    with np.errstate(invalid="ignore"):
        inside = np.flatnonzero((x > 0) & (y > 0) & (x < columns - 1) & (y < rows - 1))[: CATALOG_STARS * len(picture.stars)]
    brightest = picture.stars[: max(IMAGE_STARS * len(inside), LEAST_IMAGE_STARS)]
    seen = np.column_stack([brightest["x"], brightest["y"]]).astype(np.float64)
    return np.column_stack([x[inside], y[inside]]), seen, catalog[inside]


def _pairs(expected: NDArray[np.float64], seen: NDArray[np.float64], tolerance: float) -> tuple[NDArray[np.intp], ...]:
    """Indices of the stars that are mutual nearest neighbours, within ``tolerance`` pixels."""
    distance, nearest = cKDTree(seen).query(expected)
    back = cKDTree(expected).query(seen)[1]
    catalog_index = np.flatnonzero((distance < tolerance) & (back[nearest] == np.arange(len(expected))))
    return catalog_index, nearest[catalog_index]


def same_field(one: WCS, other: WCS, shape: tuple[int, int]) -> float:
    """Largest distance in pixels between two solutions at the corners and the centre."""
    rows, columns = shape
    x = np.array([0, columns - 1, 0, columns - 1, (columns - 1) / 2], np.float64)
    y = np.array([0, 0, rows - 1, rows - 1, (rows - 1) / 2], np.float64)
    try:
        back = other.all_world2pix(np.column_stack(one.all_pix2world(x, y, 0)), 0)
    except (NoConvergence, ValueError):
        return float("inf")
    return float(np.max(np.hypot(back[:, 0] - x, back[:, 1] - y)))
