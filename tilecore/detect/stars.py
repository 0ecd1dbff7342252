"""Stars: detection, shapes and aperture photometry. Every step that needs stars uses this detector."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import sep
from numpy.typing import NDArray

from tilecore.cfa import mosaic as cfa_module
from tilecore.detect.detection import OBJECT_DTYPE, aperture_sums, find_objects, flatten, refine_centers
from tilecore.detect.profiles import fit_profiles
from tilecore.detect.psf import PIXEL_FWHM2
from tilecore.numerics.statistics import medians_of_rows

__all__ = ["STAR_DTYPE", "DetectionSettings", "Photometry", "aperture_flux", "channel_flux", "detect",
           "detect_with_hits", "detection_image", "empty_stars", "plane_radius", "sky_ring"]

# Fluxes (n,) of stars in an image from their x, y (n,) and the radius of the aperture, in px.
Photometry = Callable[[NDArray[np.float32], NDArray[np.float64], NDArray[np.float64], float], NDArray[np.float64]]

STAR_DTYPE = np.dtype([("x", "f8"), ("y", "f8"), ("flux", "f8"), ("peak", "f8"), ("fwhm", "f8"), ("roundness", "f8"),
                       ("theta", "f8"), ("beta", "f8"), ("snr", "f8"), ("saturated", "?")])

# Detection filter for sep: a Gaussian of 2.5 px FWHM (sigma 1.06 px).
_FILTER = np.exp(-0.5 * ((np.arange(-2, 3)[:, None] ** 2 + np.arange(-2, 3)[None, :] ** 2) / 1.06**2)).astype(np.float32)
# The size of the pixel stack of sep is global to the process.
_PIXSTACK = threading.Lock()
# Stars whose shape is fitted, brightest first; the others get theirs from moments.
MAX_FITTED = 150
# Of those, stars whose profile is integrated over pixels.
MAX_INTEGRATED = 25
# Signal-to-noise of stars whose exponent is fitted.
INTEGRATED_SNR = 40
# FWHM of a Gaussian over its sigma: sqrt(8 ln 2).
SIGMA_TO_FWHM = 2.3548
# Least FWHM (px, before integration over the pixel) that optics form on a sensor.
MIN_FWHM = 0.7
# 1 / beta of the Moffat profile where bright stars do not determine it; seeing has beta 3 to 5.
DEFAULT_EXPONENT = 0.28
# Distance (px) from the border of the image within which objects are ignored.
BORDER = 4
# Light beside a peak, relative to the peak, that any star has: one of 0.8 px (FWHM before integration over the pixel).
LEAST_BESIDE = 0.08
# Error of that light (sigma of a pixel) by which it must be below.
BESIDE_ERROR = 1.4
# The sky is measured in an annulus from this to that many px beyond the aperture.
SKY_RING = (1.5, 5.0)


def empty_stars() -> NDArray[np.void]:
    """A table of no stars."""
    return np.zeros(0, STAR_DTYPE)


def detection_image(data: NDArray[np.float32], cfa: str | None) -> NDArray[np.float32]:
    """The full-resolution image (h, w) on which stars are detected: the frame, the green of a mosaic, or the mean colour."""
    if data.ndim == 3:
        return np.asarray(data.mean(axis=0, dtype=np.float32))
    if cfa is None:
        return np.ascontiguousarray(data, np.float32)
    return cfa_module.green(data, cfa)


@dataclass(frozen=True)
class DetectionSettings:
    """``sigma``: threshold of detection in units of the noise of a pixel; ``max_stars``: the brightest are kept; ``saturation``:
    level, in the unit of the image, from which a star counts as saturated."""

    sigma: float = 5.0
    max_stars: int = 500
    saturation: float = 0.95


def detect(image: NDArray[np.float32], settings: DetectionSettings | None = None, *, mask: NDArray[np.uint8] | None = None,
           mosaic: NDArray[np.float32] | None = None, cfa: str | None = None, structured: bool = False,
           space: NDArray[np.float32] | None = None) -> NDArray[np.void]:
    """Stars of (h, w), brightest first, as :data:`STAR_DTYPE`; positions and FWHM in pixels.

    The FWHM is that of the light before it was integrated over pixels. Hot pixels and cosmic rays (too sharp), trails
    (too long) and objects at the border are left out. ``mask``: 1 = excluded. With ``mosaic`` (h, w) and its pattern
    ``cfa``, shapes are fitted to its green pixels alone, because interpolated ones (``image``) make stars wider.
    ``structured``: the image may be full of nebulae and gradients; the slower search of sep then separates stars from them.
    The image without its background is then written to ``space`` (h, w) if it is given, for example an array on disk.
    """
    return detect_with_hits(image, settings, mask=mask, mosaic=mosaic, cfa=cfa, structured=structured, space=space)[0]


def detect_with_hits(image: NDArray[np.float32], settings: DetectionSettings | None = None, *,
                     mask: NDArray[np.uint8] | None = None, mosaic: NDArray[np.float32] | None = None, cfa: str | None = None,
                     structured: bool = False, space: NDArray[np.float32] | None = None) -> tuple[NDArray[np.void], int]:
    """:func:`detect`, and the number of cosmic rays and hot pixels that were left out."""
    settings = settings or DetectionSettings()
    data = np.ascontiguousarray(image, np.float32)
    if structured:
        flat, noise, found = _in_structure(data, mask, settings.sigma, space)
    else:
        flat, noise = flatten(data, mask)
        found = find_objects(flat, noise, settings.sigma) if noise > 0 else np.zeros(0, OBJECT_DTYPE)
    found = found[np.argsort(-found["flux"], kind="stable")][: 4 * settings.max_stars]
    h, w = data.shape
    ok = (found["x"] > BORDER) & (found["y"] > BORDER) & (found["x"] < w - 1 - BORDER) & (found["y"] < h - 1 - BORDER)
    found = found[ok & (found["a"] > 0) & (found["b"] > 0)]
    if not len(found):
        return empty_stars(), 0
    raw = data if mosaic is None else np.ascontiguousarray(mosaic, np.float32)
    sites = np.ones((2, 2), np.uint8)
    if mosaic is not None and cfa is not None:
        sites = (cfa_module.color_map(cfa) == 1).astype(np.uint8)
    hits = _without_wings(flat if mosaic is None else raw - (data - flat), sites, found, noise)
    found = found[~hits]
    if not len(found):
        return empty_stars(), len(hits)
    stars = _measure(flat, found, noise)
    stars["saturated"] = _brightest_near(raw, stars) >= settings.saturation
    _fit_shapes(raw, sites, stars, noise)
    stars = stars[np.argsort(-stars["flux"], kind="stable")]
    return _plausible(stars)[: settings.max_stars], int(hits.sum())


def _in_structure(data: NDArray[np.float32], mask: NDArray[np.uint8] | None, sigma: float,
                  space: NDArray[np.float32] | None) -> tuple[NDArray[np.float32], float, NDArray[np.void]]:
    """The image without its background, in ``space`` if that is given, the noise, and the objects as sep finds them."""
    flags = None if mask is None else mask.view(bool)
    background = sep.Background(data, mask=flags, bw=64, bh=64)
    flat = data.copy() if space is None else space
    flat[:] = data
    background.subfrom(flat)
    noise = float(background.globalrms)
    for share in (32, 4, 1):  # its stack takes 44 bytes a pixel, and seldom more than a few pixels are on it
        try:
            with _PIXSTACK:
                sep.set_extract_pixstack(max(1_000_000, data.size // share))
                found = sep.extract(flat, sigma, err=noise, mask=flags, minarea=5, filter_kernel=_FILTER, deblend_cont=0.005)
        except Exception:  # the stack is full, or the frame is all structure: no stars, then
            continue
        return flat, noise, found
    return flat, noise, np.zeros(0, OBJECT_DTYPE)


def _measure(flat: NDArray[np.float32], found: NDArray[np.void], noise: float) -> NDArray[np.void]:
    """Centroids, fluxes and, as a first guess, shapes from the moments of the isophotes; brightest first."""
    guess = np.sqrt(np.maximum(found["a"] * found["b"], 0.25)) * SIGMA_TO_FWHM
    typical = float(np.clip(np.median(guess), 1.5, 15))
    x, y = found["x"].copy(), found["y"].copy()
    refine_centers(flat, x, y, typical / SIGMA_TO_FWHM)
    moved = np.hypot(x - found["x"], y - found["y"]) > 1.5
    stars = np.zeros(len(found), STAR_DTYPE)
    stars["x"], stars["y"] = np.where(moved, found["x"], x), np.where(moved, found["y"], y)
    flux, area = np.zeros(len(found)), np.zeros(len(found))
    aperture_sums(flat, stars["x"].copy(), stars["y"].copy(), max(1.5 * typical, 3.0), flux, area)
    stars["flux"], stars["snr"] = flux, flux / np.maximum(noise * np.sqrt(area), 1e-12)
    stars["peak"], stars["theta"] = found["peak"], found["theta"]
    stars["fwhm"], stars["roundness"], stars["beta"] = guess, found["b"] / found["a"], np.nan
    return stars[np.argsort(-stars["flux"], kind="stable")]


def _without_wings(flat: NDArray[np.float32], sites: NDArray[np.uint8], found: NDArray[np.void],
                   noise: float) -> NDArray[np.bool_]:
    """(n,) objects without light on both sides of their brightest pixel: cosmic rays and hot pixels, which no optics form.

    ``flat`` (h, w) is the image without its background; ``sites`` (2, 2) marks its pixels of the colour in which the objects were
    found. On a mosaic the next green pixels are beside the peak diagonally.
    """
    h, w = flat.shape
    step = np.arange(-1, 2)
    y, x = (np.clip(np.rint(found[k]).astype(int), 2, n - 3)[:, None, None] for k, n in (("y", h), ("x", w)))
    rows, columns = np.broadcast_arrays(y + step[:, None], x + step)
    around = np.where(sites[rows % 2, columns % 2] > 0, flat[rows, columns], -np.inf).reshape(len(found), 9)
    brightest = np.argmax(around, axis=1)
    each = np.arange(len(found))
    peak, py, px = (a.reshape(len(found), 9)[each, brightest] for a in (around, rows, columns))
    pairs = ((0, 1), (1, 0)) if sites.all() else ((1, 1), (1, -1))
    beside = np.min([(flat[py + dy, px + dx] + flat[py - dy, px - dx]) / 2 for dy, dx in pairs], axis=0)
    return np.asarray(beside + BESIDE_ERROR * noise < LEAST_BESIDE * peak)


def _brightest_near(raw: NDArray[np.float32], stars: NDArray[np.void]) -> NDArray[np.float32]:
    """Largest value in 5 x 5 pixels about each star: saturation is checked before any interpolation."""
    h, w = raw.shape
    offset = np.arange(-2, 3)
    row = np.clip(np.rint(stars["y"]).astype(int)[:, None] + offset, 0, h - 1)
    column = np.clip(np.rint(stars["x"]).astype(int)[:, None] + offset, 0, w - 1)
    return np.asarray(raw[row[:, :, None], column[:, None, :]].max(axis=(1, 2)))


def _fit_shapes(raw: NDArray[np.float32], sites: NDArray[np.uint8], stars: NDArray[np.void], noise: float) -> None:
    """Replace FWHM, roundness and angle by those of fitted profiles, for the brightest stars that are not saturated.

    All stars of the frame share one exponent, the median of its best stars: fainter stars do not determine it.
    """
    chosen = np.flatnonzero(~stars["saturated"])[:MAX_FITTED]
    if not len(chosen):
        return
    part = stars[chosen]
    guess = part["fwhm"].copy()
    start = np.clip(guess, 1.2, 3 * np.median(guess))
    out = np.zeros((len(part), 5))
    exponent, correction = DEFAULT_EXPONENT, 1.0
    bright = np.flatnonzero(part["snr"] > INTEGRATED_SNR)[:MAX_INTEGRATED]
    exact = np.zeros((len(bright), 5))
    if len(bright) >= 5:
        fit_profiles(raw, sites, (part["x"][bright], part["y"][bright]), start[bright], (noise, exponent, True), exact)
        if (exact[:, 4] > 0).sum() >= 5:
            exponent = float(np.median(exact[exact[:, 4] > 0, 3]))
    fit_profiles(raw, sites, (part["x"].copy(), part["y"].copy()), start, (noise, exponent, False), out)
    good = out[:, 4] > 0
    # Integration over a pixel adds its variance, 1/12, here in terms of the FWHM of a normal distribution.
    major, minor = (np.sqrt(np.maximum(out[:, k] ** 2 - PIXEL_FWHM2, 0.01)) for k in (0, 1))
    width = np.sqrt(major * minor)
    both = (exact[:, 4] > 0) & good[bright]
    if both.sum() >= 5:
        # That is an approximation; the bright stars, whose profiles were integrated, give its correction.
        correction = float(np.median(np.sqrt(exact[both, 0] * exact[both, 1]) / width[bright][both]))
    part["fwhm"][good] = correction * width[good]
    part["roundness"][good], part["theta"][good] = (minor / major)[good], out[good, 2]
    part["beta"][good] = 1 / max(exponent, 1e-3)
    if good.mean() > 0.5:
        # Where the stars of a frame have a profile, objects without one are cosmic rays or neighbouring hot pixels.
        part["fwhm"][~good] = np.nan
    stars[chosen] = part
    if good.sum() >= 5:
        # Moments of isophotes are narrower than the fit by a factor that depends on the threshold.
        rest = np.setdiff1d(np.arange(len(stars)), chosen)
        stars["fwhm"][rest] *= np.median(part["fwhm"][good] / guess[good])


def _plausible(stars: NDArray[np.void]) -> NDArray[np.void]:
    """Drop objects that are not stars: sharper than the optics allow, or more elongated than the rest (trails, galaxies)."""
    sharpest = np.where(stars["saturated"], 0.0, MIN_FWHM)
    stars = stars[(stars["flux"] > 0) & (stars["snr"] > 5) & np.isfinite(stars["fwhm"]) & (stars["fwhm"] > sharpest)]
    if len(stars) < 3:
        return stars
    bright = stars[~stars["saturated"]]
    bright = bright if len(bright) >= 3 else stars
    size = float(np.median(bright["fwhm"]))
    stars = stars[(stars["fwhm"] > 0.6 * size) & (stars["fwhm"] < 2.5 * size) | stars["saturated"]]
    usual = float(np.median(stars["roundness"])) if len(stars) else 1.0
    return stars[stars["roundness"] > min(0.45, 0.6 * usual)]


def sky_ring(radius: float) -> tuple[float, int]:
    """Inner and outer radius (px) of the annulus that measures the sky about an aperture."""
    return radius + SKY_RING[0], int(np.ceil(radius + SKY_RING[1]))


def plane_radius(radius: float) -> float:
    """Radius on a plane of a mosaic of an aperture of ``radius`` full-resolution pixels."""
    return max(radius / 2, 1.5)


def aperture_flux(image: NDArray[np.float32], x: NDArray[np.float64], y: NDArray[np.float64],
                  radius: float) -> NDArray[np.float64]:
    """Flux in circles of ``radius`` px minus the local sky, the median of an annulus; NaN where that leaves the image."""
    data = np.ascontiguousarray(image, np.float32)
    h, w = data.shape
    flux = np.full(len(x), np.nan)
    inner, outer = sky_ring(radius)
    offset = np.arange(-outer, outer + 1)
    ring = np.hypot(offset[:, None], offset[None, :])
    ring = (ring > inner) & (ring <= outer)
    dy, dx = (a - outer for a in np.nonzero(ring))
    inside = (x > outer + 1) & (y > outer + 1) & (x < w - outer - 2) & (y < h - outer - 2)
    if not inside.any():
        return flux
    px, py = np.asarray(x)[inside], np.asarray(y)[inside]
    places = (np.rint(py).astype(int) * w + np.rint(px).astype(int))[:, None] + (dy * w + dx)
    sky = medians_of_rows(data.ravel().take(places))
    total, _, _ = sep.sum_circle(data, px, py, radius, subpix=9)
    flux[inside] = total - sky * np.pi * radius**2
    return flux


def channel_flux(data: NDArray[np.float32], cfa: str, plane: int, x: NDArray[np.float64], y: NDArray[np.float64],
                 radius: float, flux: Photometry = aperture_flux) -> NDArray[np.float64]:
    """Aperture flux in one plane (0..3, in order of memory) of a mosaic; x, y and radius in full-resolution pixels."""
    oy, ox = divmod(plane, 2)
    sub = np.ascontiguousarray(data[oy::2, ox::2])
    return flux(sub, (np.asarray(x) - ox) / 2, (np.asarray(y) - oy) / 2, plane_radius(radius))
