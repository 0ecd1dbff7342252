"""Aperture photometry of a colour image (METHODS 12), with photutils."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from astropy.stats import SigmaClip
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tilecore.numerics.statistics import MAD_TO_SIGMA

if TYPE_CHECKING:
    from photutils.aperture import CircularAnnulus

__all__ = ["StarFluxes", "measure_stars"]

FloatArray = NDArray[np.float64]

# Radii of the aperture and of the ring of sky about it, in FWHM.
RADII = (1.8, 3.0, 5.0)
# Radius (FWHM) at which the light of a star is whole, for the aperture correction, and the stars that settle it.
WHOLE, LEAST_FOR_CORRECTION = 2.8, 5
# A neighbour inside the aperture must be fainter than this share of the star.
NEIGHBOUR = 0.05


@dataclass(frozen=True)
class StarFluxes:
    """Fluxes (3, n) of the stars and their standard errors (3, n), in units of the image; ``good`` (n,) can be used.

    ``correction`` (3,) is what the fluxes in the aperture were multiplied with, for the light outside it.
    """

    flux: FloatArray
    error: FloatArray
    good: NDArray[np.bool_]
    correction: FloatArray


def measure_stars(image: NDArray[np.float32], stars: NDArray[np.void], fwhm: float, *, covered: NDArray[np.bool_],
                  background: Literal["median", "plane"] = "median", saturation: float = 0.9,
                  min_snr: float = 30.0) -> StarFluxes:
    """Fluxes of ``stars`` (:data:`tilecore.detect.stars.STAR_DTYPE`) in the channels of ``image`` (3, h, w).

    A star cannot be used when it is saturated, faint, at the border, or when another star lies in its
    aperture. The error is that of the sky in the aperture and of the ring's mean.
    """
    # Imported here: most runs end before colours, and the package takes its time.
    from photutils.aperture import ApertureStats, CircularAnnulus, CircularAperture

    positions = np.stack([stars["x"], stars["y"]], 1)
    radii = [max(r * fwhm, least) for r, least in zip(RADII, (2.5, 4.5, 8.0), strict=True)]
    aperture, ring = CircularAperture(positions, radii[0]), CircularAnnulus(positions, radii[1], radii[2])
    whole = CircularAperture(positions, min(WHOLE * fwhm, radii[1]))
    hidden = ~covered
    flux, total, error = (np.zeros((3, len(stars))) for _ in range(3))
    peak = np.zeros(len(stars))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for c in range(3):
            plane = image[c].astype(np.float64)
            inner = ApertureStats(plane, aperture, mask=hidden, sum_method="exact")
            outer = ApertureStats(plane, ring, mask=hidden, sigma_clip=SigmaClip(3.0, maxiters=5), sum_method="center")
            sky = np.asarray(outer.median) if background == "median" else _planes(plane, ring, positions, hidden)
            flux[c] = np.asarray(inner.sum) - sky * aperture.area
            total[c] = whole.do_photometry(plane, mask=hidden)[0] - sky * whole.area
            error[c] = np.asarray(outer.std) * np.sqrt(aperture.area * (1 + aperture.area / ring.area))
            peak = np.maximum(peak, np.nan_to_num(np.asarray(inner.max), nan=np.inf))
    h, w = image.shape[1:]
    x, y, edge = positions[:, 0], positions[:, 1], radii[0] + 1
    inside = (x > edge) & (y > edge) & (x < w - 1 - edge) & (y < h - 1 - edge)
    with np.errstate(invalid="ignore", divide="ignore"):
        # Over all channels together: a threshold in one of them would keep its lucky stars and bias the colours.
        snr = flux.sum(axis=0) / np.hypot.reduce(error, axis=0)
    strong = np.isfinite(flux).all(axis=0) & (snr > min_snr) & (flux > 0).all(axis=0)
    good = inside & strong & (peak < saturation) & ~_crowded(stars, radii[0] + 0.5 * fwhm)
    correction = _aperture_correction(flux, total, snr, good & ~_crowded(stars, radii[1] + 0.5 * fwhm))
    return StarFluxes(flux * correction[:, None], error * correction[:, None], good, correction)


def _aperture_correction(flux: FloatArray, total: FloatArray, snr: FloatArray, good: NDArray[np.bool_]) -> FloatArray:
    """Whole light over that in the aperture, per channel, from the best third of the stars; 1 with too few of them.

    Demosaicing makes stars a little wider or narrower in one channel than in another: by up to 4 % of this flux.
    """
    chosen = np.flatnonzero(good & np.isfinite(total).all(axis=0) & (total > 0).all(axis=0))
    chosen = chosen[np.argsort(-snr[chosen], kind="stable")][: max(len(chosen) // 3, LEAST_FOR_CORRECTION)]
    if len(chosen) < LEAST_FOR_CORRECTION:
        return np.ones(3)
    return np.asarray(np.median(total[:, chosen] / flux[:, chosen], axis=1))


def _crowded(stars: NDArray[np.void], radius: float) -> NDArray[np.bool_]:
    """Stars with a neighbour near enough and bright enough to spoil the flux."""
    positions = np.stack([stars["x"], stars["y"]], 1)
    result = np.zeros(len(stars), bool)
    for i, j in cKDTree(positions).query_pairs(radius):
        result[i] |= bool(stars["flux"][j] > NEIGHBOUR * stars["flux"][i])
        result[j] |= bool(stars["flux"][i] > NEIGHBOUR * stars["flux"][j])
    return result


def _planes(plane: FloatArray, ring: CircularAnnulus, positions: FloatArray, hidden: NDArray[np.bool_]) -> FloatArray:
    """Sky at each star from a plane through the pixels of its ring, clipped at 3 sigma."""
    sky = np.full(len(positions), np.nan)
    for n, (mask, (x, y)) in enumerate(zip(ring.to_mask("center"), positions, strict=True)):
        large, small = mask.get_overlap_slices(plane.shape)
        if large is None:
            continue
        chosen = (mask.data[small] > 0) & ~hidden[large]
        rows, columns = np.nonzero(chosen)
        design = np.stack([np.ones(len(rows)), columns + large[1].start - x, rows + large[0].start - y], 1)
        values = plane[large][chosen]
        keep = np.ones(len(values), bool)
        for _ in range(5):
            if keep.sum() < 10:
                break
            found = np.linalg.lstsq(design[keep], values[keep], rcond=None)[0]
            rest = values - design @ found
            deviation = np.abs(rest - np.median(rest[keep]))
            updated = deviation < 3 * MAD_TO_SIGMA * np.median(deviation[keep])
            sky[n] = found[0]
            if (updated == keep).all():
                break
            keep = updated
    return sky
