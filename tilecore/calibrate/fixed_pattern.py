"""The fixed pattern of the sensor, from the lights themselves: bad and warm pixels, columns and rows, amplifier glow.

The sky of each light is subtracted, and the median over time is taken pixel by pixel. Stars and nebulae that moved over the
sensor leave no trace in it; the rest is the pattern of the sensor. With the median T of M lights whose spread is S, each pixel
of T has the error e = 1.2533 S / sqrt(M). A part d of the pattern (a pixel less its neighbours, a column less those beside it)
with z = d / e is subtracted as far as it is known:

    d where |z| > 3.5, else d (1 - 1 / v)        v = variance of z over the sensor (robust), or 1 where that is below 1.1

The first is hard thresholding (Donoho & Johnstone 1994, Biometrika 81:425), for the few that stand out; the second is the
Wiener filter whose signal is estimated from the data (the positive part of James & Stein 1961, in the interpretation of
Efron & Morris 1973, JASA 68:117), for the fine structure of all. Where the pattern does not rise above its error nothing is
subtracted, and no noise is added.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import grey_dilation, median_filter

from tilecore.calibrate.masters import EXCESS_ERROR, SAMPLE, UNSTABLE, local_excess
from tilecore.cfa import mosaic as cfa_module
from tilecore.numerics.clipped_median import cell_edges, clipped_median_with, histogram_space
from tilecore.numerics.compiled import njit, prange
from tilecore.numerics.median_network import STRIP, median_network, median_of_strip
from tilecore.numerics.statistics import MAD_TO_SIGMA, MEDIAN_ERROR, mad_sigma

__all__ = ["FixedPattern", "Outliers", "PatternParts", "TemporalStatistics", "background_light", "fixed_pattern", "outliers",
           "sky_levels", "sky_rows", "stationary_share", "temporal_statistics"]

FloatImage = NDArray[np.float32]
FloatArray = NDArray[np.float64]
Mask = NDArray[np.uint8]
Flags = NDArray[np.bool_]

# Side (px) of the cells in which the sky of a light is measured.
SKY_CELL = 64
# Side (px) of the cells of the smooth part of the temporal median.
SMOOTH_CELL = 16
# Factors by which 1.4826 MAD of n normal values is too small, for n = 2 ... 9 (Croux & Rousseeuw 1992, COMPSTAT 1:411).
SMALL_SAMPLE = (1.196, 1.495, 1.363, 1.206, 1.200, 1.140, 1.129, 1.107)
# With fewer lights the pattern is too noisy to be subtracted, and the spread of a single pixel is unknown.
ENOUGH_LIGHTS = 16
# Footprint of the eight neighbours of a pixel.
AROUND = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], np.uint8)
# Level of the faintest of the four neighbours of a pixel, in units of the noise, from which a star is assumed to pass: noise
# alone reaches it in 1 % of the lights.
LIT = 0.5
# Share of the lights that must be free of stars at a pixel.
LEAST_SHARE = 0.25
# Values that do not count become minus or plus this: they sort to the ends.
EXCLUDED = np.float32(1e30)
# Variance of z from which the fine structure is subtracted; noise alone has 1.
LEAST_VARIANCE = 1.1
# |z| from which a single pixel or line is certain.
CERTAIN = 3.5
# Columns, of the same parity, whose median is the reference level of a column.
NEIGHBOUR_COLUMNS = 51
# Rounds of the search for lines: the smooth part that is subtracted first contains some of their signal; further rounds find
# hardly more.
LINE_ROUNDS = 3
# Light in the ring of eight neighbours distinguishes a star from a bad pixel: its least level in errors of the median, ...
RING_ERRORS = 3.0
# ... as a share of the excess of the pixel, ...
RING_SHARE = 0.15
# ... and, for a star that hides a warm pixel, in units of the noise of a light, however small the error of the median is.
RING_LEAST = 0.3
# The ring around the peak of a star has more than this share of the peak.
PEAK_SHARE = 0.33
# Error of a pixel on the flank of a star, as a share of the level of the ring.
RING_ERROR_SHARE = 0.3
# Quantile over time for the glow: nebulae cover a place of the sensor for less than the rest of the session.
GLOW_QUANTILE = 0.1


@dataclass(frozen=True)
class TemporalStatistics:
    """Statistics over time, each (h, w): ``median`` and ``spread`` (1.4826 times the median deviation from it) of the lights in
    which there is no star at the pixel, their number (``used``; 0 where they are too few and all were used), and the ``plain``
    median of all."""

    median: FloatImage
    spread: FloatImage
    plain: FloatImage
    used: NDArray[np.int16]


@dataclass(frozen=True)
class PatternParts:
    """The parts to subtract: the excess of single ``pixels``, the patterns of ``lines`` (columns and rows), the ``glow`` of the
    amplifier. Bad pixels are found in any case."""

    pixels: bool = True
    lines: bool = True
    glow: bool = False


@dataclass(frozen=True)
class Outliers:
    """Pixels of the temporal median (h, w) that stand out (``beyond``), and what they stand out from.

    ``lit``: the pixels around have the light of a star. ``starry``: stars stand still here. ``excess``: the pixel less its
    neighbours of the same colour. ``ring``: the median of its eight neighbours. ``usual``: noise of one light. ``error`` of the
    temporal median. ``rest``: that median without its smooth part.
    """

    beyond: Flags
    lit: Flags
    starry: Flags
    excess: FloatImage
    ring: FloatImage
    usual: FloatImage
    error: FloatImage
    rest: FloatImage


@dataclass(frozen=True)
class FixedPattern:
    """``bad`` (h, w) uint8: replace these pixels. ``frame`` (h, w) float32: subtract it; zero where nothing is certain.

    ``warm`` is the number of single pixels of the frame that stand out for certain; ``columns`` and ``rows`` are the rms of their
    patterns, ``glow`` the range of the smooth surface, ``masked`` the share of the sensor left unchanged because sources stand
    still there, ``noise`` that of one light, ``doubtful`` the number of pixels that stand out and may be stars: they are left.
    """

    bad: Mask
    frame: FloatImage
    warm: int
    columns: float
    rows: float
    glow: float
    masked: float
    noise: float
    doubtful: int = 0


def sky_levels(light: FloatImage, *, cfa: bool) -> FloatArray:
    """Sky of a light (h, w) in cells, (P, my, mx): one plane, or the four of a mosaic in order of memory."""
    planes = _planes(light) if cfa else light[None]
    cell = SKY_CELL // 2 if cfa else SKY_CELL
    return np.stack([_cell_medians(np.ascontiguousarray(p, np.float32), cell) for p in planes])


def sky_rows(levels: FloatArray, first: int, stop: int, shape: tuple[int, int], *, cfa: bool) -> FloatImage:
    """The sky of :func:`sky_levels` at rows first:stop of a light of ``shape`` (h, w), linear between the centres of cells."""
    h, w = shape
    out = np.empty((stop - first, w), np.float32)
    if not cfa:
        out[:] = _between(levels[0], h, w, SKY_CELL, slice(first, stop), slice(0, w))
        return out
    for plane in range(4):
        oy, ox = divmod(plane, 2)
        a, b = (first - oy + 1) // 2, (stop - oy + 1) // 2
        part = _between(levels[plane], h // 2, w // 2, SKY_CELL // 2, slice(a, b), slice(0, (w - ox + 1) // 2))
        out[a * 2 + oy - first:: 2, ox::2] = part
    return out


def _planes(mosaic: FloatImage) -> FloatImage:
    """The four planes of a mosaic without an odd last row or column."""
    return cfa_module.split(mosaic[: mosaic.shape[0] // 2 * 2, : mosaic.shape[1] // 2 * 2])


@njit(cache=True, nogil=True)
def _medians(image: FloatImage, edges_y: NDArray[np.int64], edges_x: NDArray[np.int64], out: FloatArray) -> None:
    """Fill ``out`` (my, mx) with the clipped medians of the cells."""
    below = histogram_space()
    for j in range(out.shape[0]):
        for i in range(out.shape[1]):
            part = image[edges_y[j]: edges_y[j + 1], edges_x[i]: edges_x[i + 1]].copy()
            out[j, i] = clipped_median_with(part.ravel(), below)


def _cell_medians(image: FloatImage, cell: int) -> FloatArray:
    """Median of each cell (my, mx), without the stars in it."""
    edges_y, edges_x = cell_edges(image.shape[0], cell), cell_edges(image.shape[1], cell)
    out = np.zeros((len(edges_y) - 1, len(edges_x) - 1))
    _medians(image, edges_y, edges_x, out)
    return out


def _between(levels: FloatArray, h: int, w: int, cell: int, rows: slice, columns: slice) -> FloatImage:
    """Levels of the cells of an image (h, w) at some pixels, also a little beyond its last ones."""
    return np.asarray(_ramp(cell_edges(h, cell), rows) @ levels @ _ramp(cell_edges(w, cell), columns).T, np.float32)


def _ramp(edges: NDArray[np.int64], pixels: slice) -> FloatArray:
    """(pixels, cells): weights of the cells at each pixel, linear; extrapolated beyond the outer centres."""
    middles = 0.5 * (edges[:-1] + edges[1:] - 1)
    x = np.arange(pixels.start, pixels.stop)
    out = np.zeros((len(x), len(middles)))
    if len(middles) == 1:
        out[:] = 1
        return out
    left = np.clip(np.searchsorted(middles, x) - 1, 0, len(middles) - 2)
    share = (x - middles[left]) / (middles[left + 1] - middles[left])
    row = np.arange(len(x))
    out[row, left], out[row, left + 1] = 1 - share, share
    return out


def temporal_statistics(lights: FloatImage, noise: float = np.inf, halo: tuple[int, int] = (0, 0)) -> TemporalStatistics:
    """Median and spread over time of each pixel of lights (M, h, w) without their sky; ``noise`` is that of one light.

    Where the four neighbours of a pixel are all brighter than :data:`LIT` times the noise, a star passes: that light does not
    count there, so that slow stars near the centre of a rotation leave no trace. The pixel itself is not compared, so that its
    own noise selects nothing. Where too few lights would be left all count. ``halo`` are the numbers of rows above and below
    that serve as neighbours only.
    """
    count = len(lights)
    shape = lights.shape[1] - sum(halo), lights.shape[2]
    median, spread, plain = (np.empty(shape, np.float32) for _ in range(3))
    used = np.empty(shape, np.int16)
    least = max(ENOUGH_LIGHTS, round(LEAST_SHARE * count))
    _over_time(np.asarray(lights, np.float32), halo[0], LIT * noise, least, median_network(count), median, spread, plain, used)
    return TemporalStatistics(median, spread, plain, used)


@njit(cache=True, parallel=True)
def _over_time(lights: FloatImage, top: int, lit: float, least: int, network: NDArray[np.int32], median: FloatImage,
               spread: FloatImage, plain: FloatImage, used: NDArray[np.int16]) -> None:
    """Fill the four statistics of :func:`temporal_statistics`; ``lit`` is the level of a passing star, ``least`` the number of
    lights that must be free of stars."""
    n, rows, w = lights.shape
    for y in prange(median.shape[0]):
        strip, middle, dark = np.zeros((n, STRIP), np.float32), np.empty(STRIP), np.zeros(STRIP, np.int64)
        starry, side = np.zeros((n, STRIP), np.bool_), np.empty(STRIP, np.float32)
        for x0 in range(0, w, STRIP):
            m = min(STRIP, w - x0)
            strip[:, :m] = lights[:, y + top, x0: x0 + m]
            median_of_strip(strip, network, middle)
            plain[y, x0: x0 + m] = middle[:m]
            dark[:] = 0
            for k in range(n):
                above, below = lights[k, max(y + top - 1, 0)], lights[k, min(y + top + 1, rows - 1)]
                row = lights[k, y + top]
                for x in range(m):
                    left, right = row[max(x0 + x - 1, 0)], row[min(x0 + x + 1, w - 1)]
                    starry[k, x] = min(min(above[x0 + x], below[x0 + x]), min(left, right)) > lit
                    dark[x] += not starry[k, x]
            # Values that do not count go to both ends in turn, so that the median of the others stays in the middle.
            side[:] = EXCLUDED
            for k in range(n):
                for x in range(m):
                    strip[k, x] = lights[k, y + top, x0 + x]
                    if starry[k, x] and dark[x] >= least:
                        strip[k, x] = side[x]
                        side[x] = -side[x]
            median_of_strip(strip, network, middle)
            for x in range(m):
                median[y, x0 + x] = middle[x]
                used[y, x0 + x] = dark[x] if dark[x] >= least else 0
            for k in range(n):  # the values are in another order now, which does not matter
                for x in range(m):
                    if abs(strip[k, x]) < EXCLUDED:
                        strip[k, x] = abs(strip[k, x] - median[y, x0 + x])
            median_of_strip(strip, network, middle)
            for x in range(m):
                spread[y, x0 + x] = np.float32(MAD_TO_SIGMA * middle[x])


def outliers(seen: TemporalStatistics, count: int, *, cfa: bool, hot_sigma: float, cold_sigma: float) -> Outliers:
    """Pixels that stand out in the statistics over time of ``count`` lights without their sky.

    Hot and cold ones stand out by ``hot_sigma`` and ``cold_sigma`` times the noise of one light.
    """
    certain = count >= ENOUGH_LIGHTS
    # Where stars stand still, and as far around as pixels are compared, all lights count; the residue of stars there stays.
    starry = cv2.dilate((seen.used == 0).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    used = np.where(starry, count, seen.used).astype(np.float32)
    spread = seen.spread * (np.float32(SMALL_SAMPLE[count - 2]) if count < 10 else used / (used - np.float32(0.8)))
    usual = _smooth(spread)
    floor = max(0.2 * float(np.median(usual)), 1e-9)
    usual = np.maximum(usual, np.float32(floor))
    own = np.maximum(usual, spread) if certain else usual
    error = (MEDIAN_ERROR / np.sqrt(used) * own).astype(np.float32)
    rest, *contrasts = _contrasts(seen.median, cfa)
    excess, ring = (np.where(starry, a, b) for a, b in zip(_contrasts(seen.plain, cfa)[1:], contrasts, strict=True))
    beyond = (excess > hot_sigma * usual) | (excess < -cold_sigma * usual)
    if certain:
        # Bright stars that pass slowly make all pixels along their path scatter, those nearer to it more.
        beyond |= spread > UNSTABLE * np.maximum(usual, cv2.dilate(spread, AROUND))
    lit = ring > np.maximum(RING_ERRORS * error, RING_SHARE * np.abs(excess))
    return Outliers(beyond, lit, starry, excess, ring, usual, error, rest)


def background_light(median: FloatImage, *, cfa: bool) -> FloatImage:
    """A lower bound (h, w) of the smooth light in a temporal median, each colour of a mosaic by itself: nebulae and what is left
    of the sky."""
    planes = _planes(median) if cfa else median[None]
    lower = []
    for plane in planes:
        around = cv2.erode(cv2.blur(plane, (3, 3)), np.ones((5, 5), np.uint8))
        lower.append(np.minimum(_smooth(plane), around))
    if not cfa:
        return np.asarray(lower[0], np.float32)
    h, w = (n // 2 * 2 for n in median.shape)
    out = np.zeros_like(median)
    out[:h, :w] = cfa_module.merge(np.stack(lower))
    return out


def fixed_pattern(seen: TemporalStatistics, levels: FloatArray, *, cfa: bool, hot_sigma: float, cold_sigma: float,
                  parts: PatternParts | None = None, proved: tuple[Outliers, Flags] | None = None) -> FixedPattern:
    """The fixed pattern, from the statistics over time of lights without their sky.

    Parameters
    ----------
    levels : (M, P, my, mx) the subtracted skies (:func:`sky_levels`); their constant part is the glow.
    hot_sigma, cold_sigma : bad pixels stand out by this many times the noise of one light.
    parts : pixels and lines by default.
    proved : the outliers, and which of them are bad; by default those without light around them, which is right only if the sky
        moved by more than the size of the stars.
    """
    parts = parts or PatternParts()
    count = len(levels)
    h, w = seen.median.shape
    certain = count >= ENOUGH_LIGHTS
    if proved is None:
        found = outliers(seen, count, cfa=cfa, hot_sigma=hot_sigma, cold_sigma=cold_sigma)
        proved = found, found.beyond & ~found.lit
    out, bad = proved
    error, ring = out.error, out.ring
    # A pixel on the residue of a star has a larger error; where it may be the peak itself it is left unchanged.
    least = np.maximum(RING_ERRORS * error, RING_LEAST * out.usual)
    source = out.starry | out.beyond & ~bad | (ring > np.maximum(least, PEAK_SHARE * np.abs(out.excess)))
    error = np.hypot(error, RING_ERROR_SHARE * np.maximum(ring - RING_ERRORS * error, 0)).astype(np.float32)
    frame = np.zeros((h, w), np.float32)
    columns, rows = np.zeros(w, np.float32), np.zeros(h, np.float32)
    if parts.lines and certain:
        columns, rows = _columns_and_rows(seen.median, source | bad, 2 if cfa else 1)
        frame += columns + rows[:, None]
    warm = np.zeros((h, w), bool)
    if parts.pixels and certain:
        single = local_excess(out.rest - frame, cfa=cfa)
        part, warm = _shrunk(single, EXCESS_ERROR * error, ~(source | bad))
        frame += np.where(source | bad, np.float32(0), part)
    surface = _glow(levels, (h, w), cfa=cfa) if parts.glow and certain else np.zeros((1, 1), np.float32)
    frame += surface
    return FixedPattern(bad.astype(np.uint8), frame, int((warm & ~source & ~bad).sum()), float(columns.std()),
                        float(rows.std()), float(np.ptp(surface)), float(source.mean()), float(np.median(out.usual)),
                        int((out.beyond & ~bad).sum()))


def _contrasts(median: FloatImage, cfa: bool) -> tuple[FloatImage, FloatImage, FloatImage]:
    """An image without its smooth part; that less its neighbours of the same colour; the median of the eight neighbours."""
    rest = median - _smooth(median)
    return rest, local_excess(rest, cfa=cfa), rest - local_excess(rest, cfa=False)


def _smooth(image: FloatImage) -> FloatImage:
    """The smooth part of an image (h, w)."""
    h, w = image.shape
    return _between(_cell_medians(np.ascontiguousarray(image), SMOOTH_CELL), h, w, SMOOTH_CELL, slice(0, h), slice(0, w))


def _shrunk(values: FloatImage, error: NDArray[np.floating], known: NDArray[np.bool_]) -> tuple[FloatImage, NDArray[np.bool_]]:
    """Values as far as they are certain (see the module), and which stand out; their spread is that of the ``known`` ones."""
    z = values / error
    sample = z[known]
    sample = sample[:: max(sample.size // SAMPLE, 1)]
    variance = mad_sigma(sample) ** 2 if sample.size else 1.0
    least = 1 - 1 / variance if variance > LEAST_VARIANCE else 0.0
    out = np.abs(z) > CERTAIN
    return np.where(out, values, np.float32(least) * values), out


def _columns_and_rows(median: FloatImage, unknown: NDArray[np.bool_], step: int) -> tuple[FloatImage, FloatImage]:
    """Patterns of the columns (w,) and of the rows (h,) of a temporal median (h, w)."""
    columns, rows = np.zeros(median.shape[1], np.float32), np.zeros(median.shape[0], np.float32)
    for _ in range(LINE_ROUNDS):
        left = median - columns - rows[:, None]
        left = np.where(unknown, np.float32(np.nan), left - _smooth(left))
        more = _lines(left, step)
        columns += more
        rows += _lines((left - more).T, step)
    return columns, rows


def _lines(image: FloatImage, step: int) -> FloatImage:
    """Pattern of the columns (w,) of (h, w), NaN where unknown: each less its neighbours, of the same parity on mosaics."""
    h, w = image.shape
    level, error = np.zeros(w), np.full(w, np.inf)
    for x in range(w):
        column = image[:, x]
        column = column[np.isfinite(column)]
        if column.size > max(h // 4, 8):
            level[x] = np.median(column)
            error[x] = MEDIAN_ERROR * MAD_TO_SIGMA * np.median(np.abs(column - level[x])) / np.sqrt(column.size)
    for first in range(step):
        level[first::step] -= median_filter(level[first::step], NEIGHBOUR_COLUMNS, mode="nearest")
    known = np.isfinite(error)
    return _shrunk(level.astype(np.float32), np.maximum(error, 1e-12), known)[0]


def _glow(levels: FloatArray, shape: tuple[int, int], *, cfa: bool) -> FloatImage:
    """The glow of the amplifier (h, w), less its median: it is fixed on the sensor, equal in all colours, and falls inwards.

    Of the skies (M, P, my, mx) less their median, a low quantile over time (nebulae that rotate with the sky leave most places
    at some time), the smallest of the colours; of that only what rises all the way to the border (grey reconstruction,
    Vincent 1993, IEEE Trans. Image Process. 2:176).
    """
    still = np.quantile(levels - np.median(levels, axis=(2, 3), keepdims=True), GLOW_QUANTILE, axis=0)
    mesh = np.min(still - np.median(still, axis=(1, 2), keepdims=True), axis=0)
    filled = np.full_like(mesh, mesh.min())
    for border in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        filled[border] = mesh[border]
    before = np.empty_like(mesh)
    while (filled != before).any():
        before = filled
        filled = np.minimum(grey_dilation(before, (3, 3)), mesh)
    surface = sky_rows(np.repeat(filled[None], levels.shape[1], axis=0), 0, shape[0], shape, cfa=cfa)
    return np.asarray(surface - np.float32(np.median(surface)), np.float32)


def stationary_share(median: FloatImage, light: FloatImage, stars: NDArray[np.void]) -> float:
    """Share of the light of stars in the temporal median: 0 when the sky moved over the sensor, 1 when it stood still.

    ``light`` is one of the lights without its sky, ``stars`` its brightest stars with x and y. NaN without stars.
    """
    h, w = median.shape
    shares = []
    for x, y in zip(stars["x"], stars["y"], strict=True):
        row, column = int(np.clip(round(float(y)), 1, h - 2)), int(np.clip(round(float(x)), 1, w - 2))
        part = np.s_[row - 1: row + 2, column - 1: column + 2]
        total = float(light[part].sum())
        if total > 0:
            shares.append(float(median[part].sum()) / total)
    return float(np.median(shares)) if shares else float("nan")
