"""Calibration of frames and the combination of masters, defined as in Siril 1.4, to the last bit of float32.

For a light L, master dark D (or master bias where there is no dark) and master flat F, all float32:

    calibrated = (L - D) / F_n        F_n = F / N        N = mean of the middle third of F

D includes the bias, so the bias is not subtracted separately. F is the mean of flats after subtraction of their bias or
dark flat, each scaled to the median of the first. With ``equalize`` the red and blue pixels of F are divided by the ratio of
their mean to that of the green ones, so that the flat does not change the colours; the means are over the middle third.
Bad pixels are then replaced by the median of their good neighbours of the same colour.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.calibrate.winsorized_mean import winsorized_mean
from tilecore.numerics.compiled import by_rows, njit
from tilecore.numerics.median_network import STRIP, median_network, median_of_strip
from tilecore.numerics.selection import median_in_place
from tilecore.numerics.statistics import MAD_TO_SIGMA, MEDIAN_ERROR, mad_sigma

__all__ = [
    "bad_pixel_map",
    "calibrate_rows",
    "combine_masters",
    "correct_bad_pixels",
    "dark_misfit",
    "dark_scale",
    "dark_spread",
    "excess_noise",
    "flat_divisor",
    "hot_pixels",
    "local_excess",
        "unstable_pixels",
    "weak_pixels",
]

FloatImage = NDArray[np.float32]
Mask = NDArray[np.uint8]

# A flat pixel below this share of the mean is not divided by.
MIN_FLAT = 0.05
# Noise of a pixel less the median of its eight neighbours over that of a pixel: sqrt(1 + 1.57 / 8).
EXCESS_ERROR = 1.094
# Largest residue of the dark current of a pixel in a calibrated light, in units of the noise of a light.
MAX_RESIDUE = 0.25
# Share of the pixels, the warmest, that show how well a dark fits.
HOTTEST = 0.005
# Number of warm pixels needed for that.
LEAST_HOT = 30
# A pixel with less than this share of the light of its neighbours in the flat has twice their noise after division by it.
WEAK = 0.5
# A pixel whose values scatter over time more than this many times those of its neighbours cannot be used.
UNSTABLE = 3.0
# (sqrt(5) - 1) / 2, by which the search for a factor narrows its interval.
GOLDEN_RATIO = 0.6180339887498949
# Largest number of pixels from which a noise is estimated.
SAMPLE = 1_000_000


def flat_divisor(flat: FloatImage, *, pattern: str | None, equalize: bool) -> FloatImage:
    """F_n (h, w) of a flat (h, w) without bias or dark; ``pattern`` is its CFA pattern in memory, None for mono.

    Pixels below :data:`MIN_FLAT` become 1.
    """
    divisor = np.array(flat, np.float32)
    height, width = divisor.shape[-2:]
    if pattern is not None and equalize:
        means = _middle_means(divisor, pattern)
        for plane, color in enumerate(pattern):
            if color != "G":
                oy, ox = divmod(plane, 2)
                divisor[oy::2, ox::2] /= np.float32(means[color] / means["G"])
    h, w = height // 3, width // 3
    middle = divisor[..., height - 2 * h: height - h, w: 2 * w] if h and w else divisor
    divisor /= np.float32(middle.mean(dtype=np.float64))
    return np.where(divisor > MIN_FLAT, divisor, np.float32(1)).astype(np.float32)


def _middle_means(flat: FloatImage, pattern: str) -> dict[str, float]:
    """Mean of each colour over the whole 6x6 cells of the middle third."""
    height, width = flat.shape
    y0, x0 = height // 3, width // 3
    rows, columns = (height - 2 * y0) // 6 * 6, (width - 2 * x0) // 6 * 6
    if not rows or not columns:
        y0 = x0 = 0
        rows, columns = height // 2 * 2, width // 2 * 2
    middle = flat[y0: y0 + rows, x0: x0 + columns].astype(np.float64)
    yy, xx = np.mgrid[y0: y0 + rows, x0: x0 + columns]
    plane = 2 * (yy % 2) + xx % 2
    return {c: float(middle[np.isin(plane, [i for i, p in enumerate(pattern) if p == c])].mean()) for c in "RGB"}


def calibrate_rows(light: FloatImage, dark: FloatImage | None, flat: FloatImage | None, scale: float = 1.0,
                   pedestal: float = 0.0) -> FloatImage:
    """(L - scale * D - pedestal) / F_n for some rows (h, w); ``dark`` and ``flat``, a :func:`flat_divisor`, may be None."""
    out = np.array(light, np.float32)
    if dark is not None:
        out -= dark if scale == 1.0 else np.float32(scale) * dark
    if pedestal:
        out -= np.float32(pedestal)
    if flat is not None:
        out /= flat
    return out


def combine_masters(stack: NDArray[np.float32], sigma: float = 3.0, quantum: float = 0.0) -> FloatImage:
    """Mean of (N, h, w) frames with winsorized sigma clipping, repeated until nothing more is rejected.

    Values beyond 1.5 sigma of the median are pulled in to that distance, and sigma is 1.134 times the deviation of the
    result (Huber 1981), until it settles; values beyond ``sigma`` times it are then rejected. At least four values are kept.
    ``quantum`` is the step of integer data (1 / full scale for raw frames): the limits are then rounded to it, as in Siril,
    which matters where the noise is a few steps.
    """
    out = np.empty(stack.shape[1:], np.float32)
    winsorized_mean(np.ascontiguousarray(stack, np.float32), float(sigma), float(quantum), median_network(len(stack)), out)
    return out


def local_excess(image: FloatImage, *, cfa: bool) -> FloatImage:
    """Each pixel of an image minus the median of its eight neighbours of the same colour, (h, w)."""
    step = 2 if cfa else 1
    padded = np.pad(np.asarray(image, np.float32), step, mode="reflect")
    out = np.empty(image.shape, np.float32)
    by_rows(_excess, len(out), padded, step, median_network(8), out)
    return out


@njit(cache=True, nogil=True)
def _excess(first: int, stop: int, padded: FloatImage, step: int, network: NDArray[np.int32], out: FloatImage) -> None:
    w = out.shape[1]
    strip, middle = np.zeros((8, STRIP), np.float32), np.empty(STRIP)
    for y in range(first, stop):
        for x0 in range(0, w, STRIP):
            m = min(STRIP, w - x0)
            k = 0
            for dy in (0, step, 2 * step):
                for dx in (0, step, 2 * step):
                    if dy != step or dx != step:
                        for x in range(m):
                            strip[k, x] = padded[y + dy, x0 + dx + x]
                        k += 1
            median_of_strip(strip, network, middle)
            for x in range(m):
                out[y, x0 + x] = padded[y + step, x0 + x + step] - np.float32(middle[x])


def excess_noise(excess: FloatImage) -> float:
    """Noise of a pixel of the image whose :func:`local_excess` (h, w) is given; a few stars do not matter."""
    sample = excess.ravel()[:: max(excess.size // SAMPLE, 1)]
    return mad_sigma(sample) / EXCESS_ERROR


def bad_pixel_map(excess: FloatImage, noise: float, hot_sigma: float, cold_sigma: float, *, misfit: float = 0.0) -> Mask:
    """1 where a pixel cannot be used, (h, w). Warm pixels can: the dark subtracts their dark current.

    ``excess`` is the :func:`local_excess` of the master dark. A pixel is bad if it is above its surroundings by ``hot_sigma``, or
    below by ``cold_sigma``, times the ``noise`` of one light: it is noisier than the others, and its residue after subtraction
    of the dark matters. Where the dark leaves the share ``misfit`` of all dark current, a pixel is bad too if that residue is
    more than :data:`MAX_RESIDUE` of the noise.
    """
    noise = max(noise, excess_noise(excess), 1e-6)
    hot = hot_sigma * noise
    if misfit:
        hot = min(hot, MAX_RESIDUE * noise / abs(misfit))
    return ((excess > hot) | (excess < -cold_sigma * noise)).astype(np.uint8)


def hot_pixels(excess: FloatImage) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of the warmest pixels of a master dark that are not saturated in a light: they show how well it fits."""
    sample = excess.ravel()[:: max(excess.size // SAMPLE, 1)]
    low = max(5 * excess_noise(excess), float(np.quantile(sample, 1 - HOTTEST)))
    rows, columns = np.nonzero((excess > low) & (excess < 0.5))
    return rows, columns


def dark_misfit(excess: NDArray[np.float32], left: NDArray[np.floating], noise: float) -> float:
    """Share of the dark current that is left in calibrated lights, negative where too much was subtracted; 0 if not significant.

    ``excess`` (n,) is the local excess of some pixels of the master dark, ``left`` (n,) that of the same pixels in the lights,
    ``noise`` that of a light.
    """
    some = excess > noise
    if some.sum() < LEAST_HOT:
        return 0.0
    ratio = left[some] / excess[some]
    share = float(np.median(ratio))
    error = MEDIAN_ERROR * MAD_TO_SIGMA * float(np.median(np.abs(ratio - share))) / np.sqrt(ratio.size)
    return share if abs(share) > 3 * error else 0.0


def dark_spread(darks: NDArray[np.float32]) -> FloatImage:
    """Standard deviation over time (h, w) of raw darks (N, h, w), without the largest and smallest value of each pixel."""
    return np.asarray(np.sort(darks, axis=0)[1:-1].std(axis=0), np.float32)


def unstable_pixels(spread: FloatImage, noise: float, *, cfa: bool) -> Mask:
    """1 where a pixel scatters over the darks more than its neighbours, enough to double the variance of a light, (h, w).

    ``spread`` is :func:`dark_spread`, ``noise`` that of one light.
    """
    usual = spread - local_excess(spread, cfa=cfa)
    return ((spread > UNSTABLE * usual) & (spread**2 - usual**2 > noise**2)).astype(np.uint8)


def weak_pixels(flat: FloatImage, *, cfa: bool) -> Mask:
    """1 where a pixel receives much less light than its neighbours in a flat (h, w) without bias or dark."""
    usual = flat - local_excess(flat, cfa=cfa)
    return (flat < WEAK * usual).astype(np.uint8)


def dark_scale(lights: FloatImage, dark: FloatImage) -> float:
    """Factor 0..2 of the bias-free dark (h, w) that leaves the least noise in bias-free lights (golden section search)."""
    excess_light, excess_dark = (a - np.median(a) for a in (lights, dark))

    def noise(k: float) -> float:
        rest = excess_light - np.float32(k) * excess_dark
        return float(np.median(np.abs(rest - np.median(rest))))

    low, high, ratio = 0.0, 2.0, GOLDEN_RATIO
    for _ in range(24):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, b) if noise(a) < noise(b) else (a, high)
    return 0.5 * (low + high)


def correct_bad_pixels(image: FloatImage, bad: Mask, *, cfa: bool,
                       places: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None) -> None:
    """Replace bad pixels of (h, w) in place by the median of their good neighbours of the same colour.

    ``places`` are the rows and columns of the bad pixels, if they are known. Neighbours are the eight at one step (two pixels
    on a mosaic); where all of them are bad, those at two steps.
    """
    rows, columns = np.nonzero(bad) if places is None else places
    _correct(image, bad, np.ascontiguousarray(rows), np.ascontiguousarray(columns), 2 if cfa else 1)


@njit(cache=True, nogil=True)
def _correct(image: NDArray[np.float32], bad: NDArray[np.uint8], rows: NDArray[np.int64], columns: NDArray[np.int64],
             step: int) -> None:
    h, w = image.shape
    values = np.empty(24, np.float32)
    for k in range(rows.size):
        y, x = rows[k], columns[k]
        for reach in (1, 2):
            n = 0
            for dy in range(-reach, reach + 1):
                for dx in range(-reach, reach + 1):
                    i, j = y + dy * step, x + dx * step
                    if (dy or dx) and 0 <= i < h and 0 <= j < w and not bad[i, j]:
                        values[n] = image[i, j]
                        n += 1
            if n:
                image[y, x] = np.float32(median_in_place(values[:n]))
                break
