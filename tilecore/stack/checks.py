"""Checks of a stack (METHODS 13)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import mad_sigma
from tilecore.stack.grid import TileGrid

__all__ = ["FluxChanges", "flux_changes", "noise_at_scales", "seam_score"]

FloatArray = NDArray[np.float64]

# Sides (px) of the squares on which noise is measured.
NOISE_SCALES = (1, 2, 4, 8)
# Squares from which the noise is measured.
MOST_SQUARES = 2**17
# Stars needed to compare fluxes.
LEAST_STARS = 8
# Lines that a picture must have for a check of seams.
LEAST_LINES = 8


def seam_score(image: NDArray[np.float32], grid: TileGrid, noise: float) -> float:
    """Largest jump of (h, w) across a line where a tile begins or ends, in units of ``noise``.

    A jump is the median over the line of the difference between its two sides, less the median of such differences of all lines
    (sky gradients), so that stars and noise do not count.
    """
    scores = [0.0]
    for data, starts in ((image, grid.starts_y), (image.T, grid.starts_x)):
        length = len(data)
        jumps = np.median(np.diff(data, axis=0), axis=1)
        if length < LEAST_LINES:
            continue
        borders = {s for start in starts for s in (start, start + grid.size) if 0 < s < length}
        usual = float(np.median(jumps))
        # The median of a noisy line has an error of 1.25 sigma / sqrt(n): a jump within three times that is not a seam.
        chance = 3 * 1.25 * np.sqrt(2) * noise / np.sqrt(data.shape[1])
        scores += [max(abs(float(jumps[b - 1]) - usual) - chance, 0) for b in borders]
    return max(scores) / noise if noise > 0 else 0.0


def noise_at_scales(image: NDArray[np.float32], covered: NDArray[np.bool_], scales: tuple[int, ...] = NOISE_SCALES) -> FloatArray:
    """Noise (scales,) of an image (h, w) on squares of ``scales`` pixels a side, times the side: equal values for white noise.

    Interpolation removes noise from single pixels but not from larger areas, so the larger scales show the actual noise. It is
    measured robustly on differences of neighbouring squares: gradients do not count, stars little. NaN where nothing is covered.
    """
    found = []
    for side in scales:
        h, w = image.shape[0] // side * side, image.shape[1] // side * side
        # Some rows of squares of a large image are enough.
        some = slice(None, None, max(h * w // side**2 // MOST_SQUARES, 1))
        means = image[:h, :w].reshape(h // side, side, w // side, side)[some].mean(axis=(1, 3), dtype=np.float64)
        complete = np.asarray(covered[:h, :w].reshape(h // side, side, w // side, side)[some].all(axis=(1, 3)))
        change = np.diff(means, axis=1)[complete[:, 1:] & complete[:, :-1]]
        spread = mad_sigma(change) / np.sqrt(2) if change.size else np.nan
        found.append(side * spread)
    return np.array(found)


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
