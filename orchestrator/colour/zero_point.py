"""Photometric zero points of a colour image from catalog stars, and magnitudes of its stars (METHODS 12).

The light F_c of a star in channel c, in ADU, and its catalog magnitude M and colour index k are related by
M = Z_c + T_c (k - k_0) - 2.5 log10 F_c, with a zero point Z_c for the colour k_0 (the median of the stars used) and a colour term
T_c. The colour of a star without catalog entry follows from its light in blue and red.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.io.fits import FULL_SCALE
from tilecore.detect.psf import aperture_share
from tilecore.detect.stars import aperture_flux, sky_ring
from tilecore.numerics.statistics import mad_sigma

__all__ = ["MOST", "ZeroPoints", "fit_zero_points", "total_fluxes"]

FloatArray = NDArray[np.float64]

# Radius of the aperture, in FWHM.
APERTURE = 2.0
# Most stars of the fit, the brightest ones that are not clipped, and the fewest.
MOST, FEWEST = 300, 8
# Rounds of rejecting stars, and the limit in robust standard deviations.
ROUNDS, LIMIT = 5, 3.0
# Spread of the colour indices (mag) from which colour terms are fitted, and difference of the terms of blue and red from which
# they give the colour of a star.
SPREAD, SEPARATE = 0.1, 0.2
# Magnitudes of a relative error (2.5 / ln 10).
MAG_PER_ERROR = 1.0857
# Colour systems with AB magnitudes; the others are relative to Vega.
AB = ("g-r",)


@dataclass(frozen=True)
class ZeroPoints:
    """Zero points Z of red, green and blue (mag of 1 ADU), their standard errors, and colour terms T (mag per mag).

    ``colour_0`` is the colour index k_0 for which Z holds; ``scatter`` (mag) how far magnitudes of bright stars are from the
    catalog; ``band`` and ``colour`` name magnitude and index of the catalog, ``system`` is Vega or AB; ``stars`` were used.
    """

    values: tuple[float, float, float]
    errors: tuple[float, float, float]
    terms: tuple[float, float, float]
    colour_0: float
    scatter: float
    band: str
    colour: str
    system: str
    stars: int

    def magnitude(self, fluxes: Sequence[float], errors: Sequence[float] = (0.0, 0.0, 0.0)) -> tuple[float, float] | None:
        """Catalog magnitude of a star and its standard error, from its light (ADU) in each channel and the errors of that.

        None if a channel has no light. The error contains those of the light and of the zero points, and the scatter.
        """
        light, error = np.asarray(fluxes, np.float64), np.asarray(errors, np.float64)
        if light.shape != (3,) or not (light > 0).all():
            return None
        level = np.array(self.values) - 2.5 * np.log10(light)
        noise = np.hypot(MAG_PER_ERROR * error / light, self.errors)
        split = self.terms[2] - self.terms[0]
        gain = self.terms[1] / split if abs(split) > SEPARATE else 0.0
        value = level[1] - gain * (level[2] - level[0])  # k - k_0 = (level_red - level_blue) / (T_blue - T_red)
        parts = np.array([gain * noise[0], noise[1], gain * noise[2], self.scatter])
        return float(value), float(np.sqrt(np.sum(parts**2)))

    def scaled(self, gains: Sequence[float]) -> ZeroPoints:
        """Those of the image whose channels were multiplied by ``gains``."""
        red, green, blue = (float(z + 2.5 * np.log10(g)) for z, g in zip(self.values, gains, strict=True))
        return ZeroPoints((red, green, blue), self.errors, self.terms, self.colour_0, self.scatter, self.band, self.colour,
                          self.system, self.stars)

    def to_dict(self) -> dict[str, Any]:
        return {"values_mag": list(self.values), "errors_mag": list(self.errors), "colour_terms": list(self.terms),
                "colour_0": self.colour_0, "scatter_mag": self.scatter, "band": self.band, "colour": self.colour,
                "system": self.system, "stars": self.stars, "unit": "magnitude of 1 ADU, 65535 ADU = full scale"}

    def write_cards(self, header: fits.Header) -> None:
        """Cards of the zero points; plane n of the image has MAGZPn. Names as in surveys (MAGZP, CLRCOEFF of ZTF)."""
        for n, (value, error, term) in enumerate(zip(self.values, self.errors, self.terms, strict=True), 1):
            header[f"MAGZP{n}"] = (round(value, 4), f"[mag] of 1 ADU in plane {n} (1.0 = 65535 ADU)")
            header[f"MAGZPE{n}"] = (round(error, 4), "[mag] standard error")
            header[f"CLRCO{n}"] = (round(term, 4), "colour term, mag per mag of CLRINDEX")
        header["MAGBAND"] = (self.band, "band of the magnitudes")
        header["MAGSYS"] = (self.system, "system of the magnitudes")
        header["CLRINDEX"] = (self.colour, "colour index of the catalog")
        header["CLRZERO"] = (round(self.colour_0, 4), "[mag] index for which the zero points hold")
        header["MAGRMS"] = (round(self.scatter, 4), "[mag] scatter of bright stars about the catalog")
        header["MAGSTARS"] = (self.stars, "stars used for the zero points")

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> ZeroPoints:
        """The inverse of :meth:`to_dict`."""
        (r, g, b), (er, eg, eb), (tr, tg, tb) = found["values_mag"], found["errors_mag"], found["colour_terms"]
        return cls((r, g, b), (er, eg, eb), (tr, tg, tb), found["colour_0"], found["scatter_mag"], found["band"], found["colour"],
                   found["system"], found["stars"])

    @classmethod
    def of(cls, header: fits.Header) -> ZeroPoints | None:
        """Those that :meth:`write_cards` wrote; None if there are none."""
        try:
            red, green, blue = ((float(header[f"MAGZP{n}"]), float(header[f"MAGZPE{n}"]), float(header[f"CLRCO{n}"]))
                                for n in (1, 2, 3))
            values, errors, terms = ((red[k], green[k], blue[k]) for k in range(3))
            return cls(values, errors, terms, float(header["CLRZERO"]), float(header["MAGRMS"]), str(header["MAGBAND"]),
                       str(header["CLRINDEX"]), str(header["MAGSYS"]), int(header["MAGSTARS"]))
        except (KeyError, ValueError, TypeError):
            return None


def total_fluxes(planes: NDArray[np.float32], stars: NDArray[np.void]) -> FloatArray:
    """(C, n) light of ``stars`` (STAR_DTYPE) in planes (C, h, w), in units of the image: that in an aperture above the local sky,
    corrected for the wings of a Moffat profile beyond it; NaN at the border."""
    flux = np.full((len(planes), len(stars)), np.nan)
    for i, star in enumerate(stars):
        radius = APERTURE * float(star["fwhm"])
        share = float(aperture_share(np.array([star["fwhm"]]), float(star["beta"]), radius, sky_ring(radius))[0])
        top, left = (max(int(star[axis]) - sky_ring(radius)[1] - 4, 0) for axis in ("y", "x"))
        size = 2 * sky_ring(radius)[1] + 9
        at = np.array([star["x"] - left]), np.array([star["y"] - top])
        flux[:, i] = [float(aperture_flux(p[top: top + size, left: left + size], *at, radius)[0]) / share for p in planes]
    return flux


def fit_zero_points(flux: FloatArray, error: FloatArray, magnitude: FloatArray, colour: FloatArray,
                    names: tuple[str, str]) -> ZeroPoints | None:
    """Zero points from catalog stars; None if fewer than :data:`FEWEST` stars agree.

    Parameters
    ----------
    flux, error : (3, n) light and its standard errors, 1.0 = full scale.
    magnitude, colour : (n,) of the catalog.
    names : band of the magnitude and name of the colour index, such as ("V", "B-V").
    """
    good = np.flatnonzero((flux > 0).all(axis=0) & np.isfinite(magnitude) & np.isfinite(colour))[:MOST]
    if len(good) < FEWEST:
        return None
    light, noise = FULL_SCALE * flux[:, good], MAG_PER_ERROR * error[:, good] / flux[:, good]
    offset = magnitude[good] + 2.5 * np.log10(light)
    pivot = float(np.median(colour[good]))
    k = colour[good] - pivot
    kept = np.ones(len(good), bool)
    with_term = np.std(k) > SPREAD
    basis = np.stack([np.ones(len(k)), k]) if with_term else np.ones((1, len(k)))
    for _ in range(ROUNDS):
        if kept.sum() < FEWEST:
            return None
        model, covariance = zip(*(_line(basis[:, kept], offset[c, kept], noise[c, kept]) for c in range(3)), strict=True)
        left = offset - np.stack([m @ basis for m in model])
        now = (np.abs(left) <= LIMIT * np.maximum([[mad_sigma(r[kept])] for r in left], 0.002)).all(axis=0)
        if (now == kept).all():
            break
        kept = now
    terms = tuple(float(m[1]) if with_term else 0.0 for m in model)
    made = ZeroPoints((float(model[0][0]), float(model[1][0]), float(model[2][0])),
                      (float(covariance[0]), float(covariance[1]), float(covariance[2])), (terms[0], terms[1], terms[2]), pivot,
                      0.0, names[0], names[1], "AB" if names[1] in AB else "Vega", int(kept.sum()))
    found = np.array([made.magnitude(f, e) for f, e in zip(light[:, kept].T, FULL_SCALE * error[:, good[kept]].T, strict=True)])
    away, known = found[:, 0] - magnitude[good[kept]], found[:, 1]
    scatter = np.sqrt(max(float(mad_sigma(away)) ** 2 - float(np.median(known)) ** 2, 0.0))
    return ZeroPoints(made.values, made.errors, made.terms, pivot, float(scatter), made.band, made.colour, made.system,
                      made.stars)


def _line(basis: FloatArray, offset: FloatArray, noise: FloatArray) -> tuple[FloatArray, float]:
    """Weighted least squares: coefficients, and the standard error of the constant from the scatter."""
    weight = 1 / np.hypot(noise, max(float(mad_sigma(offset - np.median(offset))) / 4, 0.002))
    found, *_ = np.linalg.lstsq((basis * weight).T, offset * weight, rcond=None)
    inverse = np.linalg.inv((basis * weight) @ (basis * weight).T)
    left = (offset - found @ basis) * weight
    return np.asarray(found, np.float64), float(np.sqrt(inverse[0, 0] * np.sum(left**2) / max(len(offset) - len(found), 1)))
