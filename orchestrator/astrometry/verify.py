"""Whether a solution is true: stars of the picture against stars of a catalog, and plain sense."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from astropy.wcs import WCS, NoConvergence
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.special import pdtrc

from orchestrator.astrometry.hints import Guess, scale_of
from orchestrator.astrometry.picture import Picture
from orchestrator.catalogs.stars import StarTable

__all__ = ["Verification", "field_circle", "match", "plausible", "same_field", "verify"]

TOLERANCE = 4.0  # pixels within which a catalog star is the picture's
CHANCE = 1e-6  # a solution that so few false ones would reach by chance is true
LEAST = 4
MAX_SKEW = 0.05  # pixels of real cameras are square
MAX_SCALE_ERROR = 0.35


@dataclass(frozen=True)
class Verification:
    """``matched`` of ``catalogd`` stars lie within the tolerance, ``by_chance`` are expected of a wrong solution.

    ``rms_px`` is the root of the mean squared distance of matched stars. ``against`` names the catalog. Not
    ``decided``: there was nothing, or too little, to compare with.
    """

    ok: bool
    against: str
    why: str = ""
    matched: int = 0
    catalogd: int = 0
    by_chance: float = 0.0
    rms_px: float = float("nan")
    decided: bool = True


def plausible(wcs: WCS, guess: Guess, shape: tuple[int, int]) -> str:
    """What is wrong with a solution by itself, "" when nothing is: scale, shape of the pixels, distance from the hint."""
    matrix = wcs.pixel_scale_matrix
    if not np.isfinite(matrix).all() or not np.isfinite(wcs.wcs.crval).all():
        return "it has no finite numbers"
    large, small = np.linalg.svd(matrix, compute_uv=False)
    if small <= 0 or large / small > 1 + MAX_SKEW:
        return f"its pixels are not square (ratio {large / small:.2f})" if small > 0 else "its matrix is singular"
    scale = scale_of(wcs)
    if guess.scale and not 1 / (1 + MAX_SCALE_ERROR) < scale / guess.scale < 1 + MAX_SCALE_ERROR:
        return f"its scale is {scale:.3f} arcsec/px, {guess.scale:.3f} was expected"
    return ""


def field_circle(wcs: WCS, shape: tuple[int, int]) -> tuple[float, float, float]:
    """(ra, dec, radius) in degrees of the circle around the picture."""
    rows, columns = shape
    ra, dec = wcs.all_pix2world([(columns - 1) / 2], [(rows - 1) / 2], 0)
    return float(ra[0]), float(dec[0]), float(np.hypot(rows, columns) / 2 * scale_of(wcs) / 3600)


def verify(wcs: WCS, picture: Picture, catalog: StarTable, against: str, max_rms: float) -> Verification:
    """Match the picture's stars to a catalog of the field, nearest to nearest."""
    there, seen, _ = _in_field(wcs, picture, catalog)
    if len(there) < LEAST or len(seen) < LEAST:
        few = f"{len(there)} catalog stars in the field and {len(seen)} in the picture are too few to tell"
        return Verification(False, against, few, 0, len(there), decided=False)
    mine, theirs = _pairs(there, seen, TOLERANCE)
    rows, columns = picture.shape
    chance = len(there) * len(seen) * np.pi * TOLERANCE**2 / (rows * columns)
    rms = float(np.sqrt(np.mean(np.sum((there[mine] - seen[theirs]) ** 2, axis=1)))) if len(mine) else float("nan")
    count, why = len(mine), ""
    if count < LEAST or pdtrc(count - 1, chance) > CHANCE:
        why = f"only {count} of {len(there)} catalog stars are where it puts them ({chance:.1f} would be by chance)"
    elif rms > max_rms:
        why = f"stars lie {rms:.2f} px (rms) from their catalog positions, {max_rms:g} is allowed"
    return Verification(not why, against, why, count, len(there), float(chance), rms)


def match(wcs: WCS, picture: Picture, catalog: StarTable, tolerance: float) -> tuple[NDArray[np.float64], StarTable]:
    """Pixels (n, 2), 0-based, of the picture's stars that lie within ``tolerance`` of a catalog star; those stars.

    Pairs much farther apart than the others are left out.
    """
    there, seen, stars = _in_field(wcs, picture, catalog)
    if not len(there) or not len(seen):
        return np.empty((0, 2)), stars[:0]
    mine, theirs = _pairs(there, seen, tolerance)
    off = np.hypot(*(there[mine] - seen[theirs]).T)
    keep = off < max(3 * float(np.median(off)), 0.5) if len(off) else np.zeros(0, bool)
    return seen[theirs[keep]], stars[mine[keep]]


def _in_field(wcs: WCS, picture: Picture,
              catalog: StarTable) -> tuple[NDArray[np.float64], NDArray[np.float64], StarTable]:
    """Pixels (n, 2) of the catalog stars on the picture, of the picture's stars (m, 2), and the former's catalog.

    Only the brightest of both: in a deep catalog some star is near to anything.
    """
    rows, columns = picture.shape
    x, y = wcs.all_world2pix(catalog.ra, catalog.dec, 0, quiet=True, maxiter=20)
    with np.errstate(invalid="ignore"):
        inside = np.flatnonzero((x > 0) & (y > 0) & (x < columns - 1) & (y < rows - 1))[: 2 * len(picture.stars)]
    brightest = picture.stars[: max(3 * len(inside), 10)]
    seen = np.column_stack([brightest["x"], brightest["y"]]).astype(np.float64)
    return np.column_stack([x[inside], y[inside]]), seen, catalog[inside]


def _pairs(there: NDArray[np.float64], seen: NDArray[np.float64], tolerance: float) -> tuple[NDArray[np.intp], ...]:
    """Indices of those that are each other's nearest, within ``tolerance`` pixels."""
    distance, nearest = cKDTree(seen).query(there)
    back = cKDTree(there).query(seen)[1]
    mine = np.flatnonzero((distance < tolerance) & (back[nearest] == np.arange(len(there))))
    return mine, nearest[mine]


def same_field(one: WCS, other: WCS, shape: tuple[int, int]) -> float:
    """Largest distance in pixels between what two solutions say of the corners and the centre."""
    rows, columns = shape
    x = np.array([0, columns - 1, 0, columns - 1, (columns - 1) / 2], np.float64)
    y = np.array([0, 0, rows - 1, rows - 1, (rows - 1) / 2], np.float64)
    try:
        back = other.all_world2pix(np.column_stack(one.all_pix2world(x, y, 0)), 0)
    except (NoConvergence, ValueError):
        return float("inf")
    return float(np.max(np.hypot(back[:, 0] - x, back[:, 1] - y)))
