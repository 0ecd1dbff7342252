"""The PSF of a frame as it changes over the field: an elliptical Moffat profile with smooth parameters (METHODS 8).

A star before it falls on pixels is ``(beta - 1) / (pi alpha^2) (1 + r^2 / alpha^2)^-beta`` with r stretched along one
axis. Its widths are written as a tensor: ``T = FWHM^2 M``, M symmetric with unit determinant and the elongation in it,
so that T follows a transform J as ``J T J'``, and so that noise in the shapes of single stars averages out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gamma, kv

from tilecore.numerics.robust_surface import evaluate_surface, fit_surface, surface_order, surface_terms
from tilecore.numerics.statistics import mad_sigma

__all__ = ["DEFAULT_BETA", "OTF_STEP", "PIXEL_FWHM2", "PsfModel", "aperture_share", "effective_area", "moffat_otf",
           "otf_table", "shape_of"]

FloatArray = NDArray[np.float64]

# Exponent of the Moffat profile where bright stars do not determine it; seeing has beta 3 to 5.
DEFAULT_BETA = 1 / 0.28
# FWHM^2 (px^2) that integration over a pixel adds to a star: 8 ln 2 / 12.
PIXEL_FWHM2 = 0.462
# Stars needed for a surface of order 2.
STARS_ORDER_2 = 40
# Stars needed for a surface of order 1.
STARS_ORDER_1 = 15
# Stars needed for a constant.
STARS_ORDER_0 = 3
# Step of the table of the transfer function, in units of frequency x FWHM.
OTF_STEP = 0.002
# Entries of that table.
OTF_ENTRIES = 6144
# Largest elongation (1 - r^2) / (1 + r^2), r the axis ratio: stars of usable optics are rounder.
MOST_ELONGATED = 0.8
# Range of the FWHM over the field, as shares of the fallback: a polynomial may leave the range of its stars.
FWHM_RANGE = (0.6, 1.7)
# Above this exponent a Moffat profile is treated as a Gaussian.
GAUSSIAN_BETA = 30


@dataclass(frozen=True)
class PsfModel:
    """FWHM (px) and elongation over the field, as polynomials; coordinates are divided by ``size`` (rows, columns).

    ``coefficients`` (3, terms) give FWHM, e1, e2 with ``e = (1 - r^2) / (1 + r^2)`` of the axis ratio r and
    ``e1 = e cos 2 theta``, ``e2 = e sin 2 theta``; (3, 0) when there are too few stars: then ``fallback`` holds and
    stars are round. ``covariance`` is that of the FWHM's coefficients. ``beta`` is the exponent, one for the frame.
    """

    coefficients: FloatArray
    covariance: FloatArray
    size: tuple[int, int]
    fallback: float
    beta: float

    @classmethod
    def fit(cls, stars: NDArray[np.void], shape: tuple[int, ...], fallback: float = 3.0) -> PsfModel:
        """From measured stars (:data:`tilecore.detect.stars.STAR_DTYPE`) of a frame of ``shape`` (..., rows, columns).

        Robust surfaces (Tukey's biweight) of order 2 with 40 stars, 1 with 15, constants with 3.
        """
        size = (int(shape[-2]), int(shape[-1]))
        known = stars["beta"][np.isfinite(stars["beta"])]
        beta = float(np.median(known)) if len(known) else DEFAULT_BETA
        if len(stars) < STARS_ORDER_0:
            width = float(np.median(stars["fwhm"])) if len(stars) else fallback
            return cls(np.zeros((3, 0)), np.zeros((0, 0)), size, width, beta)
        order = 2 if len(stars) >= STARS_ORDER_2 else 1 if len(stars) >= STARS_ORDER_1 else 0
        x, y = stars["x"] / size[1], stars["y"] / size[0]
        e = (1 - stars["roundness"] ** 2) / (1 + stars["roundness"] ** 2)
        values = (stars["fwhm"], e * np.cos(2 * stars["theta"]), e * np.sin(2 * stars["theta"]))
        coefficients = np.array([fit_surface(x, y, v, order) for v in values])
        design = np.stack([x**i * y**j for i, j in surface_terms(order)], 1)
        rest = stars["fwhm"] - design @ coefficients[0]
        sigma = max(mad_sigma(rest, 0.0), 1e-3)
        covariance = np.asarray(sigma**2 * np.linalg.pinv(design.T @ design), np.float64)
        return cls(coefficients, covariance, size, float(np.median(stars["fwhm"])), beta)

    def scaled(self, factor: float) -> PsfModel:
        """The PSF with all widths multiplied by ``factor``."""
        coefficients = self.coefficients.copy()
        coefficients[:1] *= factor
        return replace(self, coefficients=coefficients, covariance=factor**2 * self.covariance, fallback=factor * self.fallback)

    def fwhm(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Geometric mean FWHM in px at frame positions."""
        if not self.coefficients.size:
            return np.full(np.shape(x), self.fallback)
        value = evaluate_surface(self.coefficients[0], x / self.size[1], y / self.size[0])
        return np.clip(value, FWHM_RANGE[0] * self.fallback, FWHM_RANGE[1] * self.fallback)

    def fwhm_error(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Standard error of :meth:`fwhm`."""
        if not self.coefficients.size:
            return np.full(np.shape(x), self.fallback)
        order = surface_order(self.coefficients.shape[1])
        terms = np.stack([(x / self.size[1]) ** i * (y / self.size[0]) ** j for i, j in surface_terms(order)], -1)
        error: FloatArray = np.sqrt(np.maximum(np.einsum("...i,ij,...j->...", terms, self.covariance, terms), 0))
        return error

    def elongation(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """e1 and e2 at frame positions."""
        if not self.coefficients.size:
            return np.zeros(np.shape(x)), np.zeros(np.shape(x))
        e1, e2 = (evaluate_surface(c, x / self.size[1], y / self.size[0]) for c in self.coefficients[1:])
        scale = np.minimum(1.0, MOST_ELONGATED / np.maximum(np.hypot(e1, e2), 1e-12))
        return e1 * scale, e2 * scale

    def roundness(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Axis ratio, minor over major, at frame positions."""
        e = np.hypot(*self.elongation(x, y))
        ratio: FloatArray = np.sqrt((1 - e) / (1 + e))
        return ratio

    def tensor(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """T (..., 2, 2) in px^2, in the order x, y, at frame positions (...)."""
        e1, e2 = self.elongation(x, y)
        scale = self.fwhm(x, y) ** 2 / np.sqrt(1 - e1**2 - e2**2)
        return np.stack([np.stack([1 + e1, e2], -1), np.stack([e2, 1 - e1], -1)], -2) * scale[..., None, None]


def shape_of(tensor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """FWHM (geometric mean) and roundness of tensors (..., 2, 2)."""
    determinant = np.maximum(tensor[..., 0, 0] * tensor[..., 1, 1] - tensor[..., 0, 1] * tensor[..., 1, 0], 1e-12)
    mean = 0.5 * (tensor[..., 0, 0] + tensor[..., 1, 1])
    spread = np.sqrt(np.maximum(mean**2 - determinant, 0))
    return determinant**0.25, np.sqrt((mean - spread) / (mean + spread))


def effective_area(fwhm: FloatArray, beta: float) -> FloatArray:
    """1 / sum P^2 in px^2 of a Moffat profile: pi alpha^2 (2 beta - 1) / (beta - 1)^2."""
    alpha2 = fwhm**2 / (4 * (2 ** (1 / beta) - 1))
    return np.asarray(np.pi * alpha2 * (2 * beta - 1) / (beta - 1) ** 2)


def aperture_share(fwhm: FloatArray, beta: float, radius: float, ring: tuple[float, float]) -> FloatArray:
    """Share of a star's light that an aperture of ``radius`` px measures above the sky in a ring (inner, outer radius, px).

    The wings beyond the aperture are lost, and those in the ring count as sky; ``fwhm`` is before integration over pixels.
    """
    alpha2 = (fwhm**2 + PIXEL_FWHM2) / (4 * (2 ** (1 / beta) - 1))

    def inside(r: float) -> FloatArray:
        return np.asarray(1 - (1 + r * r / alpha2) ** (1 - beta))

    sky = (inside(ring[1]) - inside(ring[0])) / (ring[1] ** 2 - ring[0] ** 2)
    return inside(radius) - sky * radius**2


def moffat_otf(frequency: FloatArray, fwhm: FloatArray | float, beta: float) -> FloatArray:
    """Fourier transform of the unit profile at frequencies (cycles a pixel): 2^(2-beta) / Gamma(beta - 1) z^(beta-1)
    K_(beta-1)(z) with z = 2 pi alpha k; 1 at zero. Above beta 30 it is that of a Gaussian."""
    k = np.asarray(frequency, np.float64) * fwhm
    if beta > GAUSSIAN_BETA:
        gaussian: FloatArray = np.exp(-((np.pi * k) ** 2) / (4 * np.log(2)))
        return gaussian
    z = np.maximum(np.pi * k / np.sqrt(2 ** (1 / beta) - 1), 1e-9)
    # 0 x infinity far out, where the product is 0.
    value = 2 ** (2 - beta) / gamma(beta - 1) * z ** (beta - 1) * kv(beta - 1, z)
    return np.where(z > 1e-6, np.nan_to_num(value), 1.0)


def otf_table(beta: float) -> NDArray[np.float32]:
    """:func:`moffat_otf` at 0, OTF_STEP, ... of frequency x FWHM, for quick interpolation."""
    return _otf_table(round(float(np.clip(beta, 1.5, 31)), 2))


@lru_cache(maxsize=512)
def _otf_table(beta: float) -> NDArray[np.float32]:
    return moffat_otf(np.arange(OTF_ENTRIES, dtype=np.float64) * OTF_STEP, 1.0, beta).astype(np.float32)
