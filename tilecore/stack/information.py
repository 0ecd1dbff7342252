"""The information that a stack keeps on point sources, measured on the stack itself (METHODS 13).

The square of the signal-to-noise ratio that the best filter reaches on a star of unit flux is ``sum_k |P|^2 / N`` over spatial
frequencies, with the spectrum P of the PSF and the power N of the noise (Zackay & Ofek 2017, ApJ 836:187). For the stack both are
measured: P on its stars, whose fluxes are known from the frames, N on the difference of two half-stacks. For frames with white
noise the sum is ``1 / (sigma^2 A)``, A being the effective area of their PSF.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.special import ndtri

from tilecore.numerics.parts import Pixels
from tilecore.numerics.statistics import median

__all__ = ["MAX_BLOCK_POWER", "MeasuredInformation", "PointSources", "clipped_variance", "measure_information", "noise_power"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Side (px) of the squares in which PSF and noise are transformed: the wings of a star fit in.
BLOCK = 48
# Share of the pixels of a square that must be usable for its noise to count.
MIN_USABLE = 0.35
# Fewest squares from which a spectrum of the noise is measured.
MIN_BLOCKS = 6
# Squares with more power than this times the median are left out: stars that differ between the halves.
MAX_BLOCK_POWER = 2.0
# Largest flux of the neighbours within a square, as a share of the star's; they are subtracted in ROUNDS rounds.
MAX_NEIGHBOURS = 0.2
ROUNDS = 3
# Fewest stars, and their least signal-to-noise ratio in the square together, from which the PSF is measured.
MIN_STARS = 3
MIN_PSF_SNR = 40.0
# Frequencies with less noise than this share of the mean are left out: interpolation has removed them, and rounding is left.
MIN_NOISE_SHARE = 0.002
# Largest share of rejected samples that is taken for noise: that beyond 2.9 sigma; more are real outliers.
MOST_CLIPPED = 0.004
# Side (px) of the regions in which PSF and noise are taken as constant.
REGION = 320


@dataclass(frozen=True)
class PointSources:
    """Stars at ``x``, ``y`` (n,) px with the ``flux`` (n,) that the frames give them, in units of the stack. The ``usable`` (n,)
    ones are measured; the others count as neighbours only."""

    x: FloatArray
    y: FloatArray
    flux: FloatArray
    usable: NDArray[np.bool_]


@dataclass(frozen=True)
class MeasuredInformation:
    """Information per unit flux^2 of the stack in regions: ``value`` (r,), and their ``boxes`` (r, 4), the first and last column
    and row; ``stars`` is the number of stars used. Empty if it cannot be measured."""

    value: FloatArray
    boxes: NDArray[np.int64]
    stars: int

    @property
    def x(self) -> FloatArray:
        """(r,) columns of the centres."""
        return np.asarray(self.boxes[:, :2].mean(axis=1))

    @property
    def y(self) -> FloatArray:
        """(r,) rows of the centres."""
        return np.asarray(self.boxes[:, 2:].mean(axis=1))


def measure_information(image: FloatImage, noise: Pixels, stars: PointSources, light: Pixels) -> MeasuredInformation:
    """Sum over the frequencies of |P|^2 / N in regions of a stack.

    Parameters
    ----------
    image : (h, w) the stack.
    noise : (h, w) an image with its noise but without the sky, NaN where it is not known.
    stars : at least three that are isolated and bright are needed in a region.
    light : (h, w) pixels whose light is that of stars.
    """
    h, w = image.shape
    rows, columns = max(round(h / REGION), 1), max(round(w / REGION), 1)
    good = _isolated(stars, (h, w), noise)
    values, boxes, used = [], [], 0
    for r in range(rows):
        for c in range(columns):
            y0, y1, x0, x1 = r * h // rows, (r + 1) * h // rows, c * w // columns, (c + 1) * w // columns
            chosen = np.flatnonzero(good & (stars.y >= y0) & (stars.y < y1) & (stars.x >= x0) & (stars.x < x1))
            # Halves of different seeing differ at the stars.
            sky = np.where(light[y0:y1, x0:x1], np.float32("nan"), noise[y0:y1, x0:x1])
            power = noise_power(sky)
            if len(chosen) < MIN_STARS or power is None:
                continue
            value = _information(image, stars, chosen, power)
            if value is not None:
                values.append(value)
                boxes.append((x0, x1 - 1, y0, y1 - 1))
                used += len(chosen)
    return MeasuredInformation(np.array(values, np.float64), np.array(boxes, np.int64).reshape(-1, 4), used)


def noise_power(noise: FloatImage) -> FloatArray | None:
    """Power (BLOCK, BLOCK) of an image of noise in ``fft2`` order, such that white noise of variance s^2 has s^2 at every
    frequency; None if too little of the image is known, or if it has no noise. Squares with much more power than the others are
    left out."""
    known = np.isfinite(noise)
    if not known.any():
        return None
    data = np.where(known, noise, 0).astype(np.float64)
    window = np.hanning(BLOCK + 1)[:BLOCK]
    taper = np.outer(window, window)
    spectra, totals = [], []
    for top in range(0, data.shape[0] - BLOCK + 1, BLOCK // 2):
        for left in range(0, data.shape[1] - BLOCK + 1, BLOCK // 2):
            cut = np.s_[top: top + BLOCK, left: left + BLOCK]
            weight = taper * known[cut]
            norm = float(np.sum(weight**2))
            if norm < MIN_USABLE * np.sum(taper**2):
                continue
            block = (data[cut] - median(data[cut][known[cut]])) * weight
            spectra.append(np.abs(np.fft.fft2(block)) ** 2 / norm)
            totals.append(float(np.sum(block**2)) / norm)
    if len(spectra) < MIN_BLOCKS:
        return None
    kept = np.array(totals) <= MAX_BLOCK_POWER * np.median(totals)
    power = np.asarray(np.mean(np.array(spectra)[kept], axis=0), np.float64)
    return power if power.any() else None


def clipped_variance(rejected: float) -> float:
    """Variance of normal deviates of unit variance of which the share ``rejected`` with the largest values was removed.

    The halves lose it when noise is rejected as outliers; the mean does not gain from that (the variance of a trimmed mean is
    that of the deviates, Huber 1981, Robust Statistics, 3.3). Shares above MOST_CLIPPED contain real outliers.
    """
    share = min(max(rejected, 0.0), MOST_CLIPPED)
    if share <= 0:
        return 1.0
    limit = float(ndtri(1 - share / 2))
    return float(1 - 2 * limit * np.exp(-0.5 * limit**2) / np.sqrt(2 * np.pi) / (1 - share))


def _isolated(stars: PointSources, shape: tuple[int, int], noise: Pixels) -> NDArray[np.bool_]:
    """Usable stars whose square is inside the image and known, and has no bright neighbours."""
    half = BLOCK // 2
    inside = (stars.x >= half) & (stars.y >= half) & (stars.x < shape[1] - half) & (stars.y < shape[0] - half)
    good = stars.usable & inside & (stars.flux > 0)
    chosen = np.flatnonzero(good)
    for i, near in zip(chosen.tolist(), _near(stars, chosen), strict=True):
        y, x = round(float(stars.y[i])), round(float(stars.x[i]))
        good[i] = (np.maximum(stars.flux[near], 0).sum() < MAX_NEIGHBOURS * stars.flux[i]
                   and bool(np.isfinite(noise[y - half: y + half, x - half: x + half]).all()))
    return np.asarray(good)


def _information(image: FloatImage, stars: PointSources, chosen: NDArray[np.int64], power: FloatArray) -> float | None:
    """The sum in one region; None if the stars are too faint."""
    half = BLOCK // 2
    v, u = np.mgrid[:BLOCK, :BLOCK] - half
    ring = np.maximum(np.abs(u), np.abs(v)) >= half - 4
    norm = float(np.sum(stars.flux[chosen] ** 2))
    if np.sqrt(norm / float(np.mean(power))) < MIN_PSF_SNR:
        return None
    psf = np.zeros((BLOCK, BLOCK), np.complex128)
    used = list(zip(chosen.tolist(), _near(stars, chosen), strict=True))
    for _ in range(ROUNDS if any(near for _, near in used) else 1):
        total = np.zeros((BLOCK, BLOCK), np.complex128)
        for i, near in used:
            y, x = round(float(stars.y[i])), round(float(stars.x[i]))
            stamp = image[y - half: y + half, x - half: x + half].astype(np.float64)
            for j in near:
                moved = np.outer(_shift(stars.y[j] - y), _shift(stars.x[j] - x))
                stamp -= stars.flux[j] * np.fft.ifft2(psf * moved).real
            phase = np.outer(_shift(y - stars.y[i]), _shift(x - stars.x[i]))
            total += stars.flux[i] * np.fft.fft2(stamp - np.median(stamp[ring])) * phase
        psf = total / norm
    # The noise of the mean star adds its power to that of the PSF.
    squared = np.abs(psf) ** 2 - power * BLOCK**2 / norm
    seen = power > MIN_NOISE_SHARE * power.mean()
    return float(np.sum(squared[seen] / power[seen]) / BLOCK**2)


def _near(stars: PointSources, chosen: NDArray[np.int64]) -> list[list[int]]:
    """For each of the ``chosen`` stars (k,), the other stars within the square around it, ascending."""
    if not len(chosen):
        return []
    places = np.column_stack([stars.x, stars.y])
    reach = np.nextafter(BLOCK / 2, 0)
    found = cKDTree(places).query_ball_point(places[chosen], reach, p=np.inf, return_sorted=True)
    return [[j for j in near if j != i] for i, near in zip(chosen.tolist(), found, strict=True)]


def _shift(distance: float) -> NDArray[np.complex128]:
    """Fourier factors (BLOCK,) that move a signal by ``distance`` px; real at the Nyquist frequency."""
    factor = np.exp(-2j * np.pi * np.fft.fftfreq(BLOCK) * distance)
    factor[BLOCK // 2] = np.cos(np.pi * distance)
    return np.asarray(factor)


