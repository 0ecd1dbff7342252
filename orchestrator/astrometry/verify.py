"""Whether a solution is true: stars of the picture against stars of a catalogue, and plain sense."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from astropy.wcs import WCS, NoConvergence
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import poisson

from orchestrator.astrometry.hints import Guess, scale_of
from orchestrator.astrometry.picture import Picture
from orchestrator.catalogs.stars import StarTable

__all__ = ["Verification", "compare", "field_circle", "plausible", "same_field", "verify"]

TOLERANCE = 4.0  # pixels within which a catalogue star is the picture's
CHANCE = 1e-6  # a solution that so few false ones would reach by chance is true
LEAST = 4
MAX_SKEW = 0.05  # pixels of real cameras are square
MAX_SCALE_ERROR = 0.35


@dataclass(frozen=True)
class Verification:
    """``matched`` of ``catalogued`` stars lie within the tolerance, ``by_chance`` are expected of a wrong solution.

    ``rms_px`` is the root of the mean squared distance of matched stars. ``against`` names the catalogue.
    """

    ok: bool
    against: str
    why: str = ""
    matched: int = 0
    catalogued: int = 0
    by_chance: float = 0.0
    rms_px: float = float("nan")


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


def verify(wcs: WCS, picture: Picture, catalogue: StarTable, against: str, max_rms: float) -> Verification:
    """Match the picture's stars to a catalogue of the field, nearest to nearest.

    Only the brightest stars of both are compared: in a deep catalogue some star is near to anything.
    """
    rows, columns = picture.shape
    x, y = _pixels(wcs, catalogue)
    inside = (x > 0) & (y > 0) & (x < columns - 1) & (y < rows - 1)
    x, y = x[inside], y[inside]  # brightest first, as the catalogue
    seen = np.column_stack([picture.stars["x"], picture.stars["y"]]).astype(np.float64)
    x, y = x[: 2 * len(seen)], y[: 2 * len(seen)]
    seen = seen[: max(3 * len(x), 10)]
    return compare(np.column_stack([x, y]), seen, rows * columns, against, max_rms)


def compare(there: NDArray[np.float64], seen: NDArray[np.float64], area: float, against: str, max_rms: float) -> Verification:
    """Judge catalogue positions ``there`` (n, 2) against stars ``seen`` (m, 2), in pixels, on ``area`` square pixels."""
    if len(there) < LEAST or len(seen) < LEAST:
        few = f"{len(there)} catalogue stars in the field and {len(seen)} in the picture are too few to tell"
        return Verification(False, against, few, 0, len(there))
    distance, nearest = cKDTree(seen).query(there)
    back = cKDTree(there).query(seen)[1]
    match = (distance < TOLERANCE) & (back[nearest] == np.arange(len(there)))
    chance = len(there) * len(seen) * np.pi * TOLERANCE**2 / area
    count = int(match.sum())
    rms = float(np.sqrt(np.mean(distance[match] ** 2))) if count else float("nan")
    why = ""
    if count < LEAST or poisson.sf(count - 1, chance) > CHANCE:
        why = f"only {count} of {len(there)} catalogue stars are where it puts them ({chance:.1f} would be by chance)"
    elif rms > max_rms:
        why = f"stars lie {rms:.2f} px (rms) from their catalogue positions, {max_rms:g} is allowed"
    return Verification(not why, against, why, count, len(there), float(chance), rms)


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


def _pixels(wcs: WCS, stars: StarTable) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = wcs.all_world2pix(stars.ra, stars.dec, 0, quiet=True, maxiter=20)
    return np.nan_to_num(x, nan=-1.0), np.nan_to_num(y, nan=-1.0)
