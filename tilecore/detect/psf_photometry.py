"""Fluxes of stars at known positions in a frame, fitted with the PSF of the frame, including faint stars and blends.

A flux is that of the PSF which leaves the least squares in a disc about the star, after subtraction of all other stars and of
the sky in a ring (matched filter). The filter does not depend on the brightness of the star, so neither does its error. A PSF
that is 1 % too wide makes fluxes 1 % too large: the error of the width is measured from the residuals too, and
:func:`width_changes` derives from it fields of the width for all frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from tilecore.detect.psf import PsfModel
from tilecore.detect.stars import aperture_flux, plane_radius
from tilecore.numerics.compiled import njit
from tilecore.numerics.robust_surface import robust_weights
from tilecore.numerics.statistics import mad_sigma

__all__ = ["FIELD_TERMS", "StarFits", "field_terms", "fit_stars", "mean_field", "width_changes"]

FloatArray = NDArray[np.float64]

# Radius of the disc in which a flux is fitted (FWHM).
DISC = 1.5
# Radius to which the light of a star is subtracted (FWHM).
REACH = 5.0
# Inner and outer radius of the ring of sky (FWHM), and their least values (px): narrower rings have too few pixels, above all on
# a plane of a mosaic.
RING = (2.5, 5.0)
LEAST_RING = (5.0, 11.0)
# Pixels that a ring must have.
LEAST_SKY = 12
# Rounds over all stars, until neighbours and skies are consistent.
ROUNDS = 4
# Half the side (px) of the box about a star in which no pixel may be saturated.
CORE = 2
# Least and largest relative error of the width from a star without noise: no profile is exact.
WIDTH_ERROR = (0.001, 0.05)
# Rounds in which errors of widths beyond the noise of the sky are measured, the residuals (sigma) that count for it, the stars
# that are needed, and the least share of a residual that the field has not taken up.
ERROR_ROUNDS = 4
CORE_SIGMA = 4.0
LEAST_CORE = 20
LEAST_LEFT = 0.1
# Terms of the field of the width: 1, u, v, uu, uv, vv over the frame, u and v in -1..1.
FIELD_TERMS = 6
# First estimate of how far the fields of frames differ (logarithm of the width).
FIELD_SPREAD = 0.1
# Rounds over the fields and their spread.
FIELD_ROUNDS = 30
# Signal-to-noise of stars that count for the field of the width.
LEAST_SNR = 5
# Node of the Gauss-Legendre quadrature with two points over a pixel: 1 / (2 sqrt(3)) px.
NODE = 0.28867513


@dataclass(frozen=True)
class StarFits:
    """Fits to n stars, each (n,).

    ``flux`` is in the unit of the frame, NaN where a star is saturated or not completely on the frame; ``area`` is the number of
    pixels whose noise it has (1 / sum P^2); ``slope`` its logarithmic derivative with respect to the width. ``width`` is the
    logarithm of the width of the star over that of the PSF, times the flux, and ``width_area`` the pixels whose noise that has.
    ``level`` (FIELD_TERMS,) is the field of the logarithm of the width that was fitted with, ``terms`` (n, FIELD_TERMS) are those
    of the field at the stars. ``wide`` (n,) are the fluxes on the pixels in a wide aperture without the neighbours, with the
    share of the light that the PSF has outside it, NaN if none is wanted.
    """

    flux: FloatArray
    area: FloatArray
    slope: FloatArray
    width: FloatArray
    width_area: FloatArray
    level: FloatArray
    terms: FloatArray
    wide: FloatArray


def field_terms(x: FloatArray, y: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """Terms (..., FIELD_TERMS) of the field of the width at positions (px) in a frame of ``shape`` (rows, columns)."""
    u, v = 2 * x / (shape[1] - 1) - 1, 2 * y / (shape[0] - 1) - 1
    return np.stack([np.ones_like(u), u, v, u * u, u * v, v * v], -1)


def mean_field(fields: FloatArray) -> FloatArray:
    """Means (...) over the frame of fields (..., FIELD_TERMS): those of u^2 and v^2 are 1/3."""
    return np.asarray(fields[..., 0] + (fields[..., 3] + fields[..., 5]) / 3)


def fit_stars(image: NDArray[np.float32], sites: NDArray[np.uint8], x: FloatArray, y: FloatArray, psf: PsfModel,
              saturation: float, wide: float | None = None) -> StarFits:
    """Fluxes of stars at ``x``, ``y`` (n,) of ``image`` (h, w), whose PSF is ``psf``.

    Only pixels whose ``sites[row % 2, column % 2]`` is 1 count: one colour of a mosaic. Stars at the border of the frame count
    as neighbours, as far as they are on it. ``saturation`` is a level in the unit of the image, ``wide`` the radius (px) of the
    wide aperture.
    """
    data = np.ascontiguousarray(image, np.float32)
    h, w = data.shape
    near_x, near_y = np.clip(x, 0, w - 1), np.clip(y, 0, h - 1)
    beta = psf.beta
    tensor = psf.tensor(near_x, near_y)
    fwhm = psf.fwhm(near_x, near_y)
    inverse = np.linalg.inv(tensor) * (4 * (2 ** (1 / beta) - 1))
    peak = (beta - 1) / np.pi * np.sqrt(np.linalg.det(inverse))
    shapes = np.stack([inverse[:, 0, 0], inverse[:, 0, 1], inverse[:, 1, 1], peak, fwhm], 1)
    sums = np.zeros((len(x), 5))
    rest = data.astype(np.float64)
    _fit(rest, sites, np.ascontiguousarray(x, np.float64), np.ascontiguousarray(y, np.float64), shapes,
         float(beta), sums)
    sums[_unusable(data, x, y, fwhm, saturation)] = np.nan
    flux, square, cross, spread, product = sums.T
    outer = np.full(len(x), np.nan)
    if wide is not None:
        # Frames of several telescopes have widths so different that their shares inside one aperture differ.
        outer = _wide_flux(rest, sites, x, y, wide) / _inside(wide, fwhm, beta) + flux * sites.mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        # The effect of a change of width that is not one of flux.
        own = spread - cross**2 / square
        found = StarFits(flux, 1 / square, -cross / square, product / own, 1 / own, _level(psf, (h, w)),
                         field_terms(near_x, near_y, (h, w)), outer)
    return found


def _inside(radius: float, fwhm: FloatArray, beta: float) -> FloatArray:
    """Share of the light of stars within a radius."""
    return np.asarray(1 - (1 + 4 * (2 ** (1 / beta) - 1) * (radius / fwhm) ** 2) ** (1 - beta))


def _wide_flux(rest: FloatArray, sites: NDArray[np.uint8], x: FloatArray, y: FloatArray, radius: float) -> FloatArray:
    """Sums (n,) in apertures of what the fits left of the pixels that count, without the sky about them."""
    if sites.all():
        return aperture_flux(rest.astype(np.float32), x, y, radius)
    row, column = (int(k[0]) for k in np.nonzero(sites))
    plane = np.ascontiguousarray(rest[row::2, column::2], np.float32)
    return aperture_flux(plane, (x - column) / 2, (y - row) / 2, plane_radius(radius))


def _level(psf: PsfModel, shape: tuple[int, int]) -> FloatArray:
    """The field (FIELD_TERMS,) of the logarithm of the width of a PSF."""
    y, x = (a.ravel() for a in np.mgrid[0: shape[0] - 1: 7j, 0: shape[1] - 1: 7j])
    return np.asarray(np.linalg.lstsq(field_terms(x, y, shape), np.log(psf.fwhm(x, y)), rcond=None)[0])


def _unusable(data: NDArray[np.float32], x: FloatArray, y: FloatArray, fwhm: FloatArray,
              saturation: float) -> NDArray[np.bool_]:
    """(n,): stars whose disc leaves the frame, or with a saturated core."""
    h, w = data.shape
    border = DISC * fwhm + 2
    off = (x < border) | (y < border) | (x > w - 1 - border) | (y > h - 1 - border)
    offset = np.arange(-CORE, CORE + 1)
    rows = np.clip(np.rint(y).astype(int)[:, None] + offset, 0, h - 1)
    columns = np.clip(np.rint(x).astype(int)[:, None] + offset, 0, w - 1)
    return np.asarray(off | (data[rows[:, :, None], columns[:, None, :]].max(axis=(1, 2), initial=0) >= saturation))


@njit(cache=True, nogil=True)
def _profile(dx: float, dy: float, shape: FloatArray, beta: float) -> tuple[float, float]:
    """An elliptical Moffat profile and its derivative with respect to the logarithm of its width: means over a pixel, by four
    points (Gauss-Legendre)."""
    value = slope = 0.0
    for k in range(4):
        px, py = dx + (NODE if k & 1 else -NODE), dy + (NODE if k & 2 else -NODE)
        q = shape[0] * px * px + 2 * shape[1] * px * py + shape[2] * py * py
        p = (1 + q) ** -beta
        value += p
        slope += p * (2 * beta * q / (1 + q) - 2)
    return 0.25 * shape[3] * value, 0.25 * shape[3] * slope


@njit(cache=True, nogil=True)
def _fit(rest: FloatArray, sites: NDArray[np.uint8], xs: FloatArray, ys: FloatArray, shapes: FloatArray, beta: float,
         sums: FloatArray) -> None:
    """Fill ``sums`` (n, 5): flux, sum P^2, sum P D, sum D^2, sum D rest, D being the derivative of P with respect to the
    logarithm of the width. The stars are subtracted from ``rest`` (h, w), which is the residual in the end."""
    h, w = rest.shape
    widest = shapes[:, 4].max() if xs.size else 1.0
    ring = np.empty(4 * int(max(RING[1] * widest, LEAST_RING[1]) + 2) ** 2)
    for _ in range(ROUNDS):
        for s in range(xs.size):
            x, y, shape = xs[s], ys[s], shapes[s]
            fwhm = shape[4]
            inner, outer = max(RING[0] * fwhm, LEAST_RING[0]) ** 2, max(RING[1] * fwhm, LEAST_RING[1]) ** 2
            disc, limit = (DISC * fwhm) ** 2, (REACH * fwhm) ** 2
            reach = np.sqrt(max(limit, outer))
            rows = range(max(int(np.ceil(y - reach)), 0), min(int(np.floor(y + reach)), h - 1) + 1)
            columns = range(max(int(np.ceil(x - reach)), 0), min(int(np.floor(x + reach)), w - 1) + 1)
            count = 0
            square = cross = spread = product = other = flat = flat_slope = 0.0
            for i in rows:
                for j in columns:
                    if sites[i & 1, j & 1] == 0:
                        continue
                    r2 = (i - y) ** 2 + (j - x) ** 2
                    if inner < r2 <= outer:
                        ring[count] = rest[i, j]
                        count += 1
                    if r2 <= disc:
                        p, d = _profile(j - x, i - y, shape, beta)
                        square += p * p
                        cross += p * d
                        spread += d * d
                        product += p * rest[i, j]
                        other += d * rest[i, j]
                        flat += p
                        flat_slope += d
            if count < LEAST_SKY or square <= 0:
                sums[s, 0] = np.nan
                continue
            sky = np.median(ring[:count])
            change = (product - sky * flat) / square
            sums[s, 0] += change
            sums[s, 1], sums[s, 2], sums[s, 3] = square, cross, spread
            sums[s, 4] = other - sky * flat_slope - change * cross
            for i in rows:
                for j in columns:
                    if sites[i & 1, j & 1] and (i - y) ** 2 + (j - x) ** 2 <= limit:
                        rest[i, j] -= change * _profile(j - x, i - y, shape, beta)[0]


def width_changes(fits: Sequence[Sequence[StarFits]], noise: FloatArray, visits: float = 1.0) -> tuple[FloatArray, FloatArray]:
    """Corrections to the widths of the PSFs of N frames, from fits to each of their P planes.

    Returns fields (N, FIELD_TERMS) to add to the logarithm of the width, and their covariances (N, FIELD_TERMS, FIELD_TERMS).
    ``noise`` (N, P) is that of a pixel. Errors of widths beyond that noise (photons of the star, a profile that is not exact) are
    measured on all frames. Terms that the stars of a frame do not determine are taken from the mean and the spread of the fields
    of all frames (empirical Bayes, by expectation maximisation). How the width changes over the frame on average is taken from
    the stars as far as it stands out of their errors (James-Stein), each star counting once: ``visits`` is the number of frames
    that show a star, on average, and an unseen neighbour broadens it in all of them.
    """
    level = np.array([planes[0].level for planes in fits])
    widths = [[_widths(f, s) for f, s in zip(planes, row, strict=True)] for planes, row in zip(fits, noise, strict=True)]
    beyond = (0.0, WIDTH_ERROR[1] ** 2)
    for _ in range(ERROR_ROUNDS):
        own = [[_own_field(w, beyond) for w in planes] for planes in widths]
        beyond = _errors_beyond([w for planes in widths for w in planes], [o[2] for planes in own for o in planes], beyond)
    own = [[_own_field(w, beyond) for w in planes] for planes in widths]
    matrix, right = (np.array([sum(o[k] for o in planes) for planes in own]) for k in range(2))
    usual, spread = np.median(level, axis=0), np.full(FIELD_TERMS, FIELD_SPREAD**2)
    fields, covariance = level, np.zeros_like(matrix)
    for _ in range(FIELD_ROUNDS):
        covariance = np.linalg.inv(matrix + np.diag(1 / spread))
        fields = np.einsum("nij,nj->ni", covariance, right + usual / spread)
        usual = fields.mean(axis=0)
        spread = np.maximum(((fields - usual) ** 2 + np.einsum("nii->ni", covariance)).mean(axis=0), 1e-10)
    usual[1:] *= _credible(matrix, covariance, usual, visits)
    return np.einsum("nij,nj->ni", covariance, right + usual / spread) - level, covariance


def _credible(matrix: FloatArray, covariance: FloatArray, usual: FloatArray, visits: float) -> float:
    """The share of the changes of the ``usual`` field over the frame that its stars prove."""
    known = (matrix - matrix @ covariance @ matrix).sum(axis=0) / visits
    own = known[1:, 1:] - np.outer(known[1:, 0], known[0, 1:]) / max(known[0, 0], 1e-300)
    chi2 = float(usual[1:] @ own @ usual[1:])
    return max(0.0, 1 - (FIELD_TERMS - 1) / chi2) if chi2 > 0 else 0.0


@dataclass(frozen=True)
class _Widths:
    """The stars of a plane that show its widths: ``terms`` (n, FIELD_TERMS) of the field, ``flux``, the logarithm of the
    ``width`` and its variance by the noise of the ``sky``, each (n,); ``level`` of the field that was fitted with."""

    terms: FloatArray
    flux: FloatArray
    width: FloatArray
    sky: FloatArray
    level: FloatArray

    def variance(self, beyond: tuple[float, float]) -> FloatArray:
        return np.asarray(self.sky + beyond[0] / self.flux + beyond[1])


def _widths(fit: StarFits, noise: float) -> _Widths:
    good = np.isfinite(fit.flux) & (fit.flux > LEAST_SNR * noise * np.sqrt(fit.area))
    terms, flux = fit.terms[good], fit.flux[good]
    return _Widths(terms, flux, fit.width[good] / flux + terms @ fit.level, noise**2 * fit.width_area[good] / flux**2, fit.level)


def _own_field(own: _Widths, beyond: tuple[float, float]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Normal equations of the field of the logarithm of the width, from the stars of one plane (Tukey's biweight), and the
    residuals (n,) in units of their expected errors if the field had taken up none of them."""
    terms, width, prior = own.terms, own.width, 1 / own.variance(beyond)
    weights, scaled, ridge = prior.copy(), np.zeros(len(prior)), np.eye(FIELD_TERMS)
    for _ in range(6):
        matrix, right = (terms * weights[:, None]).T @ terms, (terms * weights[:, None]).T @ width
        field = np.linalg.solve(matrix + ridge, right + own.level)
        scaled = (width - terms @ field) * np.sqrt(prior)
        spread = max(mad_sigma(scaled, 0.0), 1.0) if len(scaled) else 1.0
        weights = prior * robust_weights(scaled / spread, "tukey") / spread**2
    matrix = (terms * weights[:, None]).T @ terms
    taken = np.einsum("ni,ij,nj->n", terms, np.linalg.inv(matrix + ridge), terms) * weights
    return matrix, (terms * weights[:, None]).T @ width, scaled / np.sqrt(np.maximum(1 - taken, LEAST_LEFT))


def _errors_beyond(widths: Sequence[_Widths], scaled: Sequence[FloatArray], beyond: tuple[float, float]) -> tuple[float, float]:
    """Variance of the logarithm of the width beyond the noise of the sky: the part that goes with 1 / flux, and the constant."""
    flux, sky = (np.concatenate([getattr(w, name) for w in widths]) for name in ("flux", "sky"))
    variance, rest = np.concatenate([w.variance(beyond) for w in widths]), np.concatenate(scaled)
    core = np.abs(rest) < CORE_SIGMA
    if core.sum() < LEAST_CORE:
        return beyond
    squared = (rest[core] ** 2 * variance[core] - sky[core]) / variance[core]
    design = np.stack([1 / flux[core], np.ones(int(core.sum()))], 1) / variance[core, None]
    photons, constant = nnls(design / np.linalg.norm(design, axis=0), squared)[0] / np.linalg.norm(design, axis=0)
    return float(photons), float(np.clip(constant, WIDTH_ERROR[0] ** 2, WIDTH_ERROR[1] ** 2))
