"""Fits a solution to all stars of the image that match a catalog.

Solvers fit few stars, or only quads: their solutions may be pixels off at the corners.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from astropy.wcs import WCS, Sip
from numpy.typing import NDArray

from orchestrator.astrometry.picture import Picture
from orchestrator.astrometry.verify import TOLERANCE, match
from orchestrator.catalogs.stars import StarTable

__all__ = ["best_wcs", "fit_wcs", "refine"]

Array = NDArray[np.float64]
# Fewest stars for a linear fit.
LEAST = 8
# SIP orders, and the stars that each needs: somewhat more than twice its number of terms. Orders above USUAL are for strong
# lenses: they must be shown by the stars.
ORDERS = ((5, 60), (4, 40), (3, 24), (2, 14))
USUAL = 3
# Mean square (px^2) of the distances of stars that no fit falls below.
LEAST_SQUARE = 1e-6
# Rounds that move the linear part of a fit into CRPIX and CD.
FOLDING_ROUNDS = 3
# Half width and points per side of the grid on which the inverse distortion is fitted, in sizes of the image.
GRID_HALF_WIDTH = 0.6
GRID_POINTS = 15
# Tolerances of the matches in pixels, one for each round.
ROUNDS = (3 * TOLERANCE, 3 * TOLERANCE, 2 * TOLERANCE, TOLERANCE, TOLERANCE)


def refine(wcs: WCS, picture: Picture, catalog: StarTable, sip: bool = False) -> WCS:
    """The WCS that fits the matched stars best; unchanged if there are too few of them.

    Each round matches the stars again, with the last fit and a smaller tolerance.

    Parameters
    ----------
    sip : whether to fit a SIP distortion if there are enough stars.
    """
    for tolerance in ROUNDS:
        pixels, stars = match(wcs, picture, catalog, tolerance)
        if len(pixels) < LEAST:
            break
        orders = [o for o, needed in ORDERS if len(pixels) >= needed] if sip else []
        if wcs.sip is not None and not orders:
            break
        usual = next((o for o in orders if o <= USUAL), 1)
        wcs = best_wcs(wcs, pixels + 1, stars, (usual, *(o for o in reversed(orders) if o > USUAL)), max(picture.shape))
    return wcs


def best_wcs(wcs: WCS, pixels: Array, stars: StarTable, orders: Sequence[int], size: int) -> WCS:
    """Of the fits of some SIP ``orders`` (:func:`fit_wcs`) the one that the stars show: with the least Bayesian information
    criterion. Of equally good ones the first."""
    fits, criteria = [], []
    for order in orders:
        fits.append(fit_wcs(wcs, pixels, stars, order, size))
        off = np.stack(fits[-1].all_world2pix(stars.ra, stars.dec, 1, quiet=True), axis=1) - pixels
        # A fit that cannot be inverted is none.
        square = np.mean(off**2) if np.isfinite(off).all() else np.inf
        terms = (order + 1) * (order + 2)
        criteria.append(2 * len(pixels) * np.log(max(square, LEAST_SQUARE)) + terms * np.log(2 * len(pixels)))
    return fits[int(np.argmin(criteria))]


def fit_wcs(wcs: WCS, pixels: Array, stars: StarTable, order: int, size: int) -> WCS:
    """The WCS near a given one, with SIP terms up to ``order`` if that is above 1, that gives stars their ``pixels`` (n, 2),
    1-based; ``size`` is that of the image in px.

    Least squares of f(p) = CD^-1 x over u = p - CRPIX, x the star on the tangent plane (Shupe et al. 2005).
    f is fitted by a polynomial; its constant and linear parts go to CRPIX and CD. This moves u, so it is done three times.
    """
    crpix, cd = np.array(wcs.wcs.crpix), np.array(wcs.pixel_scale_matrix)
    linear = np.column_stack(wcs.wcs_world2pix(stars.ra, stars.dec, 1)) - crpix
    plane = linear @ cd.T
    powers = [(i, n - i) for n in range(order + 1) for i in range(n, -1, -1)]
    terms: Array = np.zeros((len(powers), 2))
    for _ in range(FOLDING_ROUNDS):
        u, f = pixels - crpix, plane @ np.linalg.inv(cd).T
        terms = np.linalg.lstsq(_polynomial(u / size, powers), f / size, rcond=None)[0]
        matrix = terms[1:3].T
        crpix = crpix - np.linalg.solve(matrix, terms[0] * size)
        cd = cd @ matrix
    made = WCS(naxis=2)
    made.wcs.crval, made.wcs.crpix, made.wcs.cd = wcs.wcs.crval, crpix, cd
    made.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    if order > 1:
        forward = terms.copy()
        forward[:3] = 0  # already in CRPIX and CD
        grid = np.stack(np.meshgrid(*(np.linspace(-GRID_HALF_WIDTH, GRID_HALF_WIDTH, GRID_POINTS),) * 2), axis=-1).reshape(-1, 2)
        bent = grid + _polynomial(grid, powers) @ forward
        back: Array = np.asarray(np.linalg.lstsq(_polynomial(bent, powers), grid - bent, rcond=None)[0], np.float64)
        made.wcs.ctype = ["RA---TAN-SIP", "DEC--TAN-SIP"]
        made.sip = Sip(*(_matrix(c[:, axis], powers, order, size) for c in (forward, back) for axis in (0, 1)), crpix)
    made.wcs.set()
    return made


def _polynomial(u: Array, powers: list[tuple[int, int]]) -> Array:
    return np.column_stack([u[:, 0] ** i * u[:, 1] ** j for i, j in powers])


def _matrix(coefficients: Array, powers: list[tuple[int, int]], order: int, size: int) -> Array:
    """Coefficients for scaled coordinates as the SIP matrix [i, j] for pixels."""
    out = np.zeros((order + 1, order + 1))
    for (i, j), value in zip(powers, coefficients, strict=True):
        out[i, j] = value * size ** (1 - i - j)
    return out
