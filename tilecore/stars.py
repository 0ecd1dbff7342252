"""Stars: detection, shapes, aperture photometry. The one star detector."""

from __future__ import annotations

import numpy as np
import sep
from numba import njit
from numpy.typing import NDArray

from tilecore import cfa as cfa_module

__all__ = ["STAR_DTYPE", "aperture_flux", "channel_flux", "detect", "detection_image", "empty_stars"]

STAR_DTYPE = np.dtype([("x", "f8"), ("y", "f8"), ("flux", "f8"), ("peak", "f8"), ("fwhm", "f8"), ("roundness", "f8"),
                       ("theta", "f8"), ("snr", "f8"), ("saturated", "?")])

# Matched filter of sep: a Gaussian of 2.5 px FWHM, near enough to any real PSF.
_FILTER = np.exp(-0.5 * ((np.arange(-2, 3)[:, None] ** 2 + np.arange(-2, 3)[None, :] ** 2) / 1.06**2)).astype(np.float32)
# Stars measured by a fit; the rest take the moments.
MAX_FITTED = 300


def empty_stars() -> NDArray[np.void]:
    return np.zeros(0, STAR_DTYPE)


def detection_image(data: NDArray[np.float32], cfa: str | None) -> NDArray[np.float32]:
    """One full-resolution (h, w) image to find stars on: the frame itself, the greens of a mosaic, the mean colour."""
    if data.ndim == 3:
        return data.mean(axis=0, dtype=np.float32)
    if cfa is None:
        return np.ascontiguousarray(data, np.float32)
    return np.ascontiguousarray(cfa_module.demosaic(data, cfa, "bilinear")[1])


def detect(image: NDArray[np.float32], *, sigma: float = 5.0, max_stars: int = 500, saturation: float = 0.95,
           mask: NDArray[np.uint8] | None = None) -> NDArray[np.void]:
    """Stars of (h, w), brightest first, as :data:`STAR_DTYPE`; positions and FWHM in pixels.

    Hot pixels and cosmic rays (too sharp), trails (too long) and objects at the border are left out.
    """
    data = np.ascontiguousarray(image, np.float32)
    flags = None if mask is None else mask.astype(bool)
    sep.set_extract_pixstack(max(1_000_000, data.size))
    background = sep.Background(data, mask=flags, bw=64, bh=64)
    flat = data - background.back()
    noise = float(background.globalrms)
    if not noise > 0:
        return empty_stars()
    try:
        found = sep.extract(flat, sigma, err=noise, mask=flags, minarea=5, filter_kernel=_FILTER, deblend_cont=0.005)
    except Exception:  # sep gives up on frames that are all structure: no stars, then
        return empty_stars()
    found = found[np.argsort(-found["flux"], kind="stable")][: 4 * max_stars]
    h, w = data.shape
    ok = (found["x"] > 4) & (found["y"] > 4) & (found["x"] < w - 5) & (found["y"] < h - 5)
    found = found[ok & (found["a"] > 0) & (found["b"] > 0)]
    if not len(found):
        return empty_stars()
    stars = _measure(flat, found, noise, background.back(), saturation)
    return _plausible(stars, len(found))[:max_stars]


def _measure(flat: NDArray[np.float32], found: NDArray[np.void], noise: float, back: NDArray[np.float32],
             saturation: float) -> NDArray[np.void]:
    guess = np.sqrt(np.maximum(found["a"] * found["b"], 0.25)) * 2.3548
    typical = float(np.clip(np.median(guess), 1.5, 15))
    x, y, _ = sep.winpos(flat, found["x"], found["y"], np.full(len(found), typical / 2.3548))
    moved = np.hypot(x - found["x"], y - found["y"]) > 1.5
    x, y = np.where(moved, found["x"], x), np.where(moved, found["y"], y)
    stars = np.zeros(len(found), STAR_DTYPE)
    stars["x"], stars["y"] = x, y
    radius = max(1.5 * typical, 3.0)
    flux, error, _ = sep.sum_circle(flat, x, y, radius, err=noise, subpix=5)
    stars["flux"], stars["snr"] = flux, flux / np.maximum(error, 1e-12)
    row, column = np.rint(y).astype(int), np.rint(x).astype(int)
    stars["peak"] = found["peak"]
    stars["saturated"] = found["peak"] + back[row, column] >= saturation
    stars["fwhm"], stars["roundness"], stars["theta"] = guess, found["b"] / found["a"], found["theta"]
    fitted = np.zeros((min(len(stars), MAX_FITTED), 4))
    _fit_gaussians(flat, x[: len(fitted)], y[: len(fitted)], guess[: len(fitted)] / 2.3548, fitted)
    good = fitted[:, 3] > 0
    part = stars[: len(fitted)]
    part["fwhm"][good] = 2.3548 * np.sqrt(fitted[good, 0] * fitted[good, 1])
    part["roundness"][good] = np.minimum(fitted[good, 0], fitted[good, 1]) / np.maximum(fitted[good, 0], fitted[good, 1])
    if good.sum() >= 5 and len(stars) > len(fitted):
        # Moments of isophotes are smaller than the fit by a factor that depends on the threshold.
        ratio = np.median(part["fwhm"][good] / guess[: len(fitted)][good])
        stars["fwhm"][len(fitted):] *= ratio
    return stars[np.argsort(-stars["flux"], kind="stable")]


def _plausible(stars: NDArray[np.void], total: int) -> NDArray[np.void]:
    """Drop what is no star: sharper than the optics allow, or elongated unlike the rest (trails, galaxies, blends)."""
    stars = stars[(stars["flux"] > 0) & (stars["snr"] > 5) & np.isfinite(stars["fwhm"]) & (stars["fwhm"] > 0.9)]
    if len(stars) < 3:
        return stars
    bright = stars[~stars["saturated"]]
    bright = bright if len(bright) >= 3 else stars
    # The bulk of a field with hot pixels is two-fold: the sharp ones are fewer than stars, or all below 1.3 px.
    size = float(np.median(bright["fwhm"][bright["fwhm"] > 1.3])) if np.any(bright["fwhm"] > 1.3) else 0.0
    if size:
        stars = stars[(stars["fwhm"] > 0.6 * size) & (stars["fwhm"] < 2.5 * size) | stars["saturated"]]
    round_ = float(np.median(stars["roundness"])) if len(stars) else 1.0
    return stars[stars["roundness"] > min(0.45, 0.6 * round_)]


@njit(cache=True, nogil=True)
def _fit_gaussians(image: NDArray[np.float32], x: NDArray[np.float64], y: NDArray[np.float64],
                   sigma: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """Sizes of stars by adaptive moments: the fixed point of a matched elliptical Gaussian weight.

    Bernstein & Jarvis 2002, AJ 123:583. For a Gaussian the weighted covariance is half the true one, so each round
    takes C = 2 M. ``out``: major and minor sigma with the pixel's own variance (1/12) kept, angle, 1 if it converged.
    """
    h, w = image.shape
    for s in range(x.size):
        cxx = cyy = max(sigma[s], 0.6) ** 2
        cxy = 0.0
        ok = False
        for _ in range(40):
            det = cxx * cyy - cxy * cxy
            if not det > 1e-3 or cxx > 400 or cyy > 400:
                ok = False
                break
            reach = int(np.ceil(4 * np.sqrt(max(cxx, cyy)))) + 1
            x0, y0 = int(np.rint(x[s])), int(np.rint(y[s]))
            sum_w = sxx = syy = sxy = 0.0
            for i in range(max(y0 - reach, 0), min(y0 + reach + 1, h)):
                for j in range(max(x0 - reach, 0), min(x0 + reach + 1, w)):
                    dx, dy = j - x[s], i - y[s]
                    q = (cyy * dx * dx - 2 * cxy * dx * dy + cxx * dy * dy) / det
                    if q > 16:
                        continue
                    value = image[i, j] * np.exp(-0.5 * q)
                    sum_w += value
                    sxx += value * dx * dx
                    syy += value * dy * dy
                    sxy += value * dx * dy
            if not sum_w > 0:
                ok = False
                break
            nxx, nyy, nxy = 2 * sxx / sum_w, 2 * syy / sum_w, 2 * sxy / sum_w
            change = abs(nxx - cxx) + abs(nyy - cyy) + abs(nxy - cxy)
            cxx, cyy, cxy = nxx, nyy, nxy
            ok = True
            if change < 1e-3 * (cxx + cyy):
                break
        if ok and cxx > 0 and cyy > 0 and cxx * cyy - cxy * cxy > 0:
            mean, half = 0.5 * (cxx + cyy), np.sqrt(0.25 * (cxx - cyy) ** 2 + cxy * cxy)
            if mean - half > 0.02:
                out[s, 0], out[s, 1] = np.sqrt(mean + half), np.sqrt(mean - half)
                out[s, 2] = 0.5 * np.arctan2(2 * cxy, cxx - cyy)
                out[s, 3] = 1.0


def aperture_flux(image: NDArray[np.float32], x: NDArray[np.float64], y: NDArray[np.float64],
                  radius: float) -> NDArray[np.float64]:
    """Flux in circles of ``radius`` px minus the local sky, the median of an annulus; NaN where it leaves the image."""
    data = np.ascontiguousarray(image, np.float32)
    h, w = data.shape
    flux = np.full(len(x), np.nan)
    outer = int(np.ceil(radius + 5))
    offset = np.arange(-outer, outer + 1)
    ring = np.hypot(offset[:, None], offset[None, :])
    ring = (ring > radius + 1.5) & (ring <= outer)
    dy, dx = (a - outer for a in np.nonzero(ring))
    inside = (x > outer + 1) & (y > outer + 1) & (x < w - outer - 2) & (y < h - outer - 2)
    if not inside.any():
        return flux
    px, py = np.asarray(x)[inside], np.asarray(y)[inside]
    sky = np.median(data[np.rint(py).astype(int)[:, None] + dy, np.rint(px).astype(int)[:, None] + dx], axis=1)
    total, _, _ = sep.sum_circle(data, px, py, radius, subpix=9)
    flux[inside] = total - sky * np.pi * radius**2
    return flux


def channel_flux(data: NDArray[np.float32], cfa: str, plane: int, x: NDArray[np.float64], y: NDArray[np.float64],
                 radius: float) -> NDArray[np.float64]:
    """Aperture flux in one plane (0..3, in order of memory) of a mosaic; x, y and radius in full-resolution pixels."""
    oy, ox = divmod(plane, 2)
    sub = np.ascontiguousarray(data[oy::2, ox::2])
    return aperture_flux(sub, (np.asarray(x) - ox) / 2, (np.asarray(y) - oy) / 2, max(radius / 2, 1.5))
