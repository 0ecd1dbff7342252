"""Checks of a stack (METHODS 13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.parts import Pixels, thinned
from tilecore.numerics.statistics import mad_sigma
from tilecore.stack.grid import TileGrid

__all__ = ["FluxChanges", "flux_changes", "growth_by_interpolation", "noise_at_scales", "seam_score", "usual_noise"]

FloatArray = NDArray[np.float64]

# Sides (px) of the squares on which noise is measured.
NOISE_SCALES = (1, 2, 4, 8)
# Squares from which the noise is measured.
MOST_SQUARES = 2**17
# Distance (px) to which interpolation and demosaicing correlate pixels, and one at which only other causes do.
INTERPOLATED, BEYOND = 4, 9
# Pixels from which the correlation is measured, also those that are averaged at once, and the deviation (sigma) at which they are
# clipped.
MOST_PIXELS, CLIP = 2**20, 4.0
# Stars needed to compare fluxes.
LEAST_STARS = 8
# Lines that a picture must have for a check of seams.
LEAST_LINES = 8
# Covered pixels that a line must have.
LEAST_COVERED = 32
# Pixels of the lines that are compared at once.
STRIP = 2**21


def seam_score(image: Pixels, grid: TileGrid, noise: float, own_noise: float | None = None,
               covered: Pixels | None = None) -> float:
    """Largest jump of (h, w) across a line where a tile begins or ends, in units of ``noise``.

    ``own_noise`` is that of a pixel of ``image``, by default ``noise``: jumps that it explains by chance do not count. Pixels
    count where ``covered`` (h, w) is above 0, by default everywhere, and lines with LEAST_COVERED of them.

    A jump is the median over the line of the difference between its two sides, less the median of such differences of all lines
    (sky gradients), so that stars and noise do not count.
    """
    scores = [0.0]
    own = np.sqrt(2) * (noise if own_noise is None else own_noise)
    for axis, starts in ((0, grid.starts_y), (1, grid.starts_x)):
        length = image.shape[axis]
        if length < LEAST_LINES:
            continue
        jumps, spread, known = _jumps(image, axis, covered)
        seen = known >= LEAST_COVERED
        usual = float(np.median(jumps[seen])) if seen.any() else 0.0
        borders = {s - 1 for start in starts for s in (start, start + grid.size) if 0 < s < length and seen[s - 1]}
        # The median of a noisy line has an error of 1.25 sigma / sqrt(n): a jump within three times that is not a seam.
        scores += [max(abs(float(jumps[b]) - usual) - 3 * 1.25 * max(own, float(spread[b])) / np.sqrt(known[b]), 0)
                   for b in borders]
    return max(scores) / noise if noise > 0 else 0.0


def _jumps(image: Pixels, axis: int, covered: Pixels | None) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
    """Median difference between each line and the next, of rows (``axis`` 0) or columns (1), where both are covered, the spread
    of the differences if the lines are covered in part, and the number of these pixels."""
    length, across = image.shape[axis], image.shape[1 - axis]
    found, spreads, known, step = [], [], [], max(STRIP // across, 1)
    for first in range(0, length - 1, step):
        lines = slice(first, min(first + step, length - 1) + 1)
        part = np.s_[lines, :] if axis == 0 else np.s_[:, lines]
        change = np.diff(image[part], axis=axis)
        there = np.array(True) if covered is None else covered[part] > 0
        seen = np.broadcast_to(np.array(True), change.shape) if there.all() else (
            there[1:] & there[:-1] if axis == 0 else there[:, 1:] & there[:, :-1])
        known.append(seen.sum(axis=1 - axis))
        if there.all():
            found.append(np.median(change, axis=1 - axis))
            spreads.append(np.zeros(len(found[-1])))
            continue
        parts = [line[good] for line, good in (zip(change, seen, strict=True) if axis == 0
                                               else zip(change.T, seen.T, strict=True))]
        found.append(np.array([np.median(p) if len(p) else 0.0 for p in parts]))
        # Pixels near the border of the canvas are those of few frames, with more noise than others.
        spreads.append(np.array([mad_sigma(p) if len(p) else 0.0 for p in parts]))
    return np.concatenate(found), np.concatenate(spreads), np.concatenate(known)


def usual_noise(variance: NDArray[np.float32]) -> float:
    """Median noise of the pixels of (h, w) whose variance is known, of a sample of rows if it is large; 0 if there are none."""
    some = thinned(variance)
    sigma = some[some > 0]
    return float(np.median(np.sqrt(sigma, out=sigma), overwrite_input=True)) if sigma.size else 0.0


def noise_at_scales(image: Pixels, covered: Pixels, scales: tuple[int, ...] = NOISE_SCALES) -> FloatArray:
    """Noise (scales,) of an image (h, w) on squares of ``scales`` pixels a side, times the side: equal values for white noise.
    Pixels count where ``covered`` (h, w) is above 0.

    Interpolation removes noise from single pixels but not from larger areas, so the larger scales show the actual noise. It is
    measured robustly on differences of neighbouring squares: gradients do not count, stars little. NaN where nothing is covered.
    """
    found = []
    for side in scales:
        rows, columns = image.shape[0] // side, image.shape[1] // side
        # Some rows of squares of a large image are enough.
        step = max(rows * columns // MOST_SQUARES, 1)
        at_once = max(MOST_PIXELS // (side * max(image.shape[1], 1)), 1) if step == 1 else 1
        bands = [(r, min(r + at_once, rows)) for r in range(0, rows, max(step, at_once))]
        changes = [np.zeros(0)]
        for first, last in bands:
            band = np.s_[first * side: last * side, : columns * side]
            means = _of_squares(np.add, np.asarray(image[band], np.float64), side) / side**2
            complete = _of_squares(np.logical_and, covered[band] > 0, side)
            changes.append(np.diff(means, axis=1)[complete[:, 1:] & complete[:, :-1]])
        change = np.concatenate(changes)
        spread = mad_sigma(change) / np.sqrt(2) if change.size else np.nan
        found.append(side * spread)
    return np.array(found)


def _of_squares(function: np.ufunc, values: NDArray[Any], side: int) -> NDArray[Any]:
    """``function`` of the values (h, w) of squares of ``side`` pixels, whose number in each direction is whole."""
    rows = function.reduce(values.reshape(len(values) // side, side, -1), axis=1) if side > 1 else values
    return reduce(function, (rows[:, k::side] for k in range(side)))


def growth_by_interpolation(noise: Pixels, covered: Pixels, scales: tuple[int, ...] = NOISE_SCALES) -> FloatArray:
    """Ratio (scales,) of :func:`noise_at_scales` to that of single pixels as far as neighbouring pixels explain it.

    Interpolated and demosaiced pixels share noise with neighbours up to INTERPOLATED px away. Correlation that reaches farther,
    along rows, columns or in all directions, has other causes (clouds, a sky that differs, patterns of the sensor): it is
    subtracted. ``noise`` (h, w) is an image without sky and stars.
    """
    # A band of neighbouring rows of a large image is enough.
    rows, columns = noise.shape[:2]
    height = max(min(rows, MOST_PIXELS // max(columns, 1)), min(rows, 2 * BEYOND))
    first = (rows - height) // 2
    band = np.s_[first: first + height, :]
    known = np.asarray(covered[band]) > 0
    values = np.where(known, noise[band], 0).astype(np.float64)
    sigma = mad_sigma(values[known], 0.0) if known.any() else 0.0
    if sigma <= 0 or min(values.shape) <= BEYOND:
        return np.ones(len(scales))
    values = np.clip(values, -CLIP * sigma, CLIP * sigma)
    near = _covariances(values, known, range(-INTERPOLATED, INTERPOLATED + 1), range(-INTERPOLATED, INTERPOLATED + 1))
    along = _covariances(values, known, (-BEYOND, BEYOND), range(-INTERPOLATED, INTERPOLATED + 1)).mean(axis=1)
    across = _covariances(values, known, range(-INTERPOLATED, INTERPOLATED + 1), (-BEYOND, BEYOND)).mean(axis=0)
    near -= np.maximum(np.maximum(along[:, None], across[None]), 0)
    lag = np.arange(-INTERPOLATED, INTERPOLATED + 1)

    def size(side: int) -> float:
        """Standard deviation of differences of neighbouring squares, times the side."""
        column = np.maximum(side - np.abs(lag), 0)
        row = column - 0.5 * (np.maximum(side - np.abs(lag - side), 0) + np.maximum(side - np.abs(lag + side), 0))
        return float(np.sqrt(max(column @ near @ row, 0.0)) / side)

    pixel = max(size(1), 1e-12 * sigma)
    return np.array([size(s) / pixel for s in scales])


def _covariances(values: FloatArray, known: NDArray[np.bool_], columns: Sequence[int], rows: Sequence[int]) -> FloatArray:
    """(rows, columns) covariances of values (h, w) with those a number of rows and columns away; 0 where nothing is known."""
    (h, w), found = values.shape, np.zeros((len(rows), len(columns)))
    for j, dy in enumerate(rows):
        for i, dx in enumerate(columns):
            one = np.s_[max(dy, 0): h + min(dy, 0), max(dx, 0): w + min(dx, 0)]
            other = np.s_[max(-dy, 0): h + min(-dy, 0), max(-dx, 0): w + min(-dx, 0)]
            pairs = int(np.count_nonzero(known[one] & known[other]))
            found[j, i] = float(np.vdot(values[one], values[other])) / max(pairs, 1)
    return found


@dataclass(frozen=True)
class FluxChanges:
    """Differences of star fluxes of two images: number of stars compared, scatter and change over the field in magnitudes.

    ``drift`` is the range of a plane through the changes over the image, ``drift_error`` its standard error.
    """

    stars: int
    scatter: float
    drift: float
    drift_error: float


def flux_changes(x: FloatArray, y: FloatArray, ours: FloatArray, plain: FloatArray, shape: tuple[int, int]) -> FluxChanges:
    """Compare fluxes (n,) of stars at x, y (n,) in an image of ``shape`` (h, w) with ``plain`` ones, up to a common factor."""
    good = np.asarray(np.isfinite(ours) & np.isfinite(plain) & (ours > 0) & (plain > 0))
    if good.sum() < LEAST_STARS:
        return FluxChanges(int(good.sum()), float("nan"), float("nan"), float("nan"))
    change = -2.5 * np.log10(ours[good] / plain[good])
    u, v = x[good] / shape[1] - 0.5, y[good] / shape[0] - 0.5
    design = np.column_stack([np.ones(len(u)), u, v])
    kept = np.ones(len(u), bool)
    for _ in range(3):
        plane = np.linalg.lstsq(design[kept], change[kept], rcond=None)[0]
        rest = change - design @ plane
        scatter = mad_sigma(rest)
        kept = np.asarray(np.abs(rest) <= max(4 * scatter, 1e-9))
    covariance = np.linalg.pinv(design[kept].T @ design[kept]) * scatter**2
    error = float(np.sqrt(max(covariance[1, 1], 0) + max(covariance[2, 2], 0)))
    return FluxChanges(int(good.sum()), scatter, float(abs(plane[1]) + abs(plane[2])), error)
