"""Aperture photometry of a colour image (METHODS 12), as that of photutils."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import sep
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tilecore.numerics.statistics import MAD_TO_SIGMA, mad_sigma

__all__ = ["StarFluxes", "clipping_level", "measure_stars"]

FloatArray = NDArray[np.float64]

# Radii of the aperture, and of the inner and outer edge of the sky annulus, in FWHM.
RADII = (1.8, 3.0, 5.0)
# The smallest of these radii in pixels.
LEAST_RADII = (2.5, 4.5, 8.0)
# Radius in FWHM that contains the total flux of a star, for the aperture correction.
TOTAL_RADIUS = 2.8
# Fewest stars for an aperture correction.
LEAST_FOR_CORRECTION = 5
# Largest flux of a neighbour inside the aperture, as a share of the star's flux.
NEIGHBOUR = 0.05
# Distance in FWHM beyond a radius in which a star counts as a neighbour.
NEIGHBOUR_MARGIN = 0.5
# Clipping of the annulus, in sigma, and its rounds.
CLIP = 3.0
CLIP_ROUNDS = 5
# Stars whose pixels are gathered at a time.
STARS_AT_ONCE = 256
# Signal-to-noise ratio, over all channels, from which a star is used.
MIN_SNR = 30.0
# Apertures around a star that show how much the sky and its structure change from place to place: a slope cancels in the means of
# opposite ones. Factor by which 1.4826 MAD of four values is too small.
PLACES, FEW_PLACES = 8, 1.3
# Error of the sky at a star in terms of that scatter, where it exceeds the noise: the centre is farther from the mean of all
# places than the means of opposite ones are.
CURVED = 2.5
# Brightest stars whose peaks are equal, within this share, if the image is clipped there.
SAME_PEAK, SAME_PEAKS = 0.03, 5
# Fewest pixels of an annulus for the fit of a plane.
LEAST_FOR_PLANE = 10


@dataclass(frozen=True)
class StarFluxes:
    """Photometry of stars.

    Parameters
    ----------
    flux, error : (3, n) fluxes and their standard errors, in units of the image.
    good : (n,) stars that can be used.
    clean : (n,) the same without regard to their brightness.
    correction : (3,) factor by which the fluxes in the aperture were multiplied, for the light outside of it.
    """

    flux: FloatArray
    error: FloatArray
    good: NDArray[np.bool_]
    clean: NDArray[np.bool_]
    correction: FloatArray


def measure_stars(image: NDArray[np.float32], stars: NDArray[np.void], fwhm: float, *, covered: NDArray[np.bool_],
                  background: Literal["median", "plane"] = "median", saturation: float | FloatArray = 0.9,
                  min_snr: float = MIN_SNR) -> StarFluxes:
    """Fluxes of ``stars`` (:data:`tilecore.detect.stars.STAR_DTYPE`) in the channels of ``image`` (3, h, w).

    A star cannot be used if it is saturated, faint, at the border, or if another star is in its aperture. The error contains
    the sky noise in the aperture and that of the mean of the annulus; and what apertures around the star scatter by beyond the
    noise, as among the clouds of a nebula.

    Parameters
    ----------
    fwhm : of the stars in pixels.
    covered : (h, w), where the image has data.
    background : the median of the annulus, or a plane through its pixels.
    saturation : peak (in the unit of the image; one for all channels or three) from which a star is not used.
    min_snr : of usable stars, over all channels, against the noise alone.
    """
    positions = np.stack([stars["x"], stars["y"]], 1)
    radii = [max(r * fwhm, least) for r, least in zip(RADII, LEAST_RADII, strict=True)]
    areas = [float(np.pi * r**2) for r in radii]
    widest = min(TOTAL_RADIUS * fwhm, radii[1])
    hidden = ~covered
    flux, total, error, structure = (np.zeros((3, len(stars))) for _ in range(4))
    peak = np.zeros(len(stars))
    levels = np.broadcast_to(np.asarray(saturation, np.float64), 3)
    for c in range(3):
        plane = image[c]
        rings = _around(plane, hidden, positions, radii[2], radii[1])
        median, spread = _clipped(rings)
        sky = median if background == "median" else _planes(plane, radii, positions, hidden)
        seen = np.where(hidden, np.float32(0), plane) if plane[hidden].any() else plane
        flux[c] = _sums(seen, positions, radii[0]) - sky * areas[0]
        total[c] = _sums(seen, positions, widest) - sky * np.pi * widest**2
        error[c] = spread * np.sqrt(areas[0] * (1 + areas[0] / (areas[2] - areas[1])))
        structure[c] = CURVED**2 * np.maximum(np.nan_to_num(_scatter_around(seen, positions, radii)) ** 2 - error[c] ** 2, 0)
        peak = np.maximum(peak, np.nan_to_num(_around(plane, hidden, positions, radii[0])[:, 0], nan=np.inf) / levels[c])
    h, w = image.shape[1:]
    x, y, edge = positions[:, 0], positions[:, 1], radii[0] + 1
    inside = (x > edge) & (y > edge) & (x < w - 1 - edge) & (y < h - 1 - edge)
    with np.errstate(invalid="ignore", divide="ignore"):
        # Over all channels: a threshold in one of them would select its positive noise and bias the colours.
        snr = flux.sum(axis=0) / np.hypot.reduce(error, axis=0)
    strong = np.isfinite(flux).all(axis=0) & (snr > min_snr) & (flux > 0).all(axis=0)
    clean = inside & np.isfinite(flux).all(axis=0) & (peak < 1) & ~_crowded(stars, radii[0] + NEIGHBOUR_MARGIN * fwhm)
    good = clean & strong
    error = np.sqrt(error**2 + structure)
    sure = flux.sum(axis=0) / np.hypot.reduce(error, axis=0)
    alone = good & ~_crowded(stars, radii[1] + NEIGHBOUR_MARGIN * fwhm)
    if (alone & (sure > min_snr)).sum() >= LEAST_FOR_CORRECTION:
        alone &= sure > min_snr
    correction = _aperture_correction(flux, total, sure, alone)
    return StarFluxes(flux * correction[:, None], error * correction[:, None], good, clean, correction)


def clipping_level(image: NDArray[np.float32], stars: NDArray[np.void], level: float) -> FloatArray:
    """(3,) level from which stars of the channels of an image (3, h, w) may be clipped: ``level``, or less where the peaks of the
    brightest stars are equal, as in images of programs that do not name it."""
    h, w = image.shape[1:]
    step = np.arange(-1, 2)
    row, column = (np.clip(np.rint(stars[k]).astype(int)[:, None] + step, 0, n - 1) for k, n in (("y", h), ("x", w)))
    found = np.full(3, level)
    for c, plane in enumerate(image):
        peaks = np.sort(plane[row[:, :, None], column[:, None, :]].max(axis=(1, 2), initial=0.0))[::-1]
        if len(peaks) >= SAME_PEAKS and peaks[SAME_PEAKS - 1] > (1 - SAME_PEAK) * peaks[0]:
            found[c] = min(level, (1 - SAME_PEAK) * float(peaks[0]))
    return found


def _scatter_around(plane: NDArray[np.float32], positions: FloatArray, radii: list[float]) -> FloatArray:
    """(n,) robust scatter of the sums in apertures around each position, in the middle of its annulus, without a slope."""
    distance = 0.5 * (radii[1] + radii[2])
    angles = 2 * np.pi * np.arange(PLACES) / PLACES
    sums = np.array([_sums(plane, positions + distance * np.array([np.cos(a), np.sin(a)]), radii[0]) for a in angles])
    pairs = (sums[: PLACES // 2] + sums[PLACES // 2:]) / np.sqrt(2)
    return np.array([FEW_PLACES * mad_sigma(s) for s in pairs.T])


def _sums(plane: NDArray[np.float32], positions: FloatArray, radius: float) -> FloatArray:
    """(n,) sums of the pixels in circles, those on the edge by the share of their area."""
    return np.asarray(sep.sum_circle(plane, positions[:, 0], positions[:, 1], radius, subpix=0)[0], np.float64)


def _around(plane: NDArray[np.float32], hidden: NDArray[np.bool_], positions: FloatArray, outer: float,
            inner: float = 0.0) -> FloatArray:
    """(n, k) pixels whose centres are less than ``outer`` and at least ``inner`` px from each position, largest first; NaN
    behind them, for pixels that are hidden or outside the image."""
    h, w = plane.shape
    reach = int(np.ceil(outer)) + 1
    dy, dx = (a.ravel() for a in np.mgrid[-reach: reach + 1, -reach: reach + 1])
    near = np.hypot(dx, dy)
    near = (near < outer + 1) & (near >= inner - 1)
    dy, dx = dy[near], dx[near]
    found = np.empty((len(positions), len(dy)))
    for first in range(0, len(positions), STARS_AT_ONCE):
        x, y = positions[first: first + STARS_AT_ONCE].T
        column, row = np.rint(x).astype(int)[:, None] + dx, np.rint(y).astype(int)[:, None] + dy
        square = (column - x[:, None]) ** 2 + (row - y[:, None]) ** 2
        inside = (column >= 0) & (column < w) & (row >= 0) & (row < h) & (square < outer**2) & (square >= inner**2)
        place = np.where(inside, row * w + column, 0)
        values = np.where(inside & ~hidden.ravel()[place], -plane.ravel()[place].astype(np.float64), np.inf)
        values.sort(axis=1)
        found[first: first + STARS_AT_ONCE] = -np.where(np.isfinite(values), values, np.nan)
    return found


def _clipped(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Median and standard deviation of each row of values (n, k), largest first and NaN behind them, after those beyond CLIP
    standard deviations from the median were left out, at most CLIP_ROUNDS times. NaN without values."""
    rows, k = np.arange(len(values)), np.arange(values.shape[1])[None, :]
    first, stop = np.zeros(len(values), int), np.isfinite(values).sum(axis=1)
    for step in range(CLIP_ROUNDS + 1):
        count = stop - first
        known = (k >= first[:, None]) & (k < stop[:, None])
        some = np.maximum(count, 1)
        mean = np.where(known, values, 0).sum(axis=1) / some
        spread = np.sqrt((np.where(known, values - mean[:, None], 0) ** 2).sum(axis=1) / some)
        last = np.maximum(stop - 1, 0)
        low, high = (np.minimum(first + n, last) for n in ((count - 1) // 2, count // 2))
        middle = 0.5 * (values[rows, low] + values[rows, high])
        if step == CLIP_ROUNDS:
            break
        kept = known & (np.abs(values - middle[:, None]) <= CLIP * spread[:, None])
        left = kept.sum(axis=1)
        if (left == count).all():
            break
        first, stop = np.argmax(kept, axis=1), np.argmax(kept, axis=1) + left
    none = count == 0
    return np.where(none, np.nan, middle), np.where(none, np.nan, spread)


def _aperture_correction(flux: FloatArray, total: FloatArray, snr: FloatArray, good: NDArray[np.bool_]) -> FloatArray:
    """Total flux over the flux in the aperture, per channel, from the best third of the stars; 1 if there are too few.

    Demosaicing makes stars slightly wider or narrower in one channel than in another, by up to 4 % of this flux.
    """
    chosen = np.flatnonzero(good & np.isfinite(total).all(axis=0) & (total > 0).all(axis=0))
    chosen = chosen[np.argsort(-snr[chosen], kind="stable")][: max(len(chosen) // 3, LEAST_FOR_CORRECTION)]
    if len(chosen) < LEAST_FOR_CORRECTION:
        return np.ones(3)
    return np.asarray(np.median(total[:, chosen] / flux[:, chosen], axis=1))


def _crowded(stars: NDArray[np.void], radius: float) -> NDArray[np.bool_]:
    """Which stars have a neighbour within ``radius`` pixels that is bright enough to change the flux."""
    positions = np.stack([stars["x"], stars["y"]], 1)
    result = np.zeros(len(stars), bool)
    for i, j in cKDTree(positions).query_pairs(radius):
        result[i] |= bool(stars["flux"][j] > NEIGHBOUR * stars["flux"][i])
        result[j] |= bool(stars["flux"][i] > NEIGHBOUR * stars["flux"][j])
    return result


def _planes(plane: NDArray[np.float32], radii: list[float], positions: FloatArray, hidden: NDArray[np.bool_]) -> FloatArray:
    """Sky at each star from a plane through the pixels of its annulus, clipped at 3 sigma."""
    # Imported here: it is slow to load.
    from photutils.aperture import CircularAnnulus

    ring = CircularAnnulus(positions, radii[1], radii[2])
    sky = np.full(len(positions), np.nan)
    for n, (mask, (x, y)) in enumerate(zip(ring.to_mask(method="center"), positions, strict=True)):
        large, small = mask.get_overlap_slices(plane.shape)
        if large is None:
            continue
        chosen = (mask.data[small] > 0) & ~hidden[large]
        rows, columns = np.nonzero(chosen)
        design = np.stack([np.ones(len(rows)), columns + large[1].start - x, rows + large[0].start - y], 1)
        values = plane[large][chosen].astype(np.float64)
        keep = np.ones(len(values), bool)
        for _ in range(CLIP_ROUNDS):
            if keep.sum() < LEAST_FOR_PLANE:
                break
            found = np.linalg.lstsq(design[keep], values[keep], rcond=None)[0]
            rest = values - design @ found
            centre = np.median(rest[keep])
            updated = np.abs(rest - centre) < CLIP * MAD_TO_SIGMA * np.median(np.abs(rest[keep] - centre))
            sky[n] = found[0]
            if (updated == keep).all():
                break
            keep = updated
    return sky
