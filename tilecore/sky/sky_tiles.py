"""Tiles of an image: their sky levels, which of them are sky and which objects, and samples of the sky (METHODS 11)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, label, uniform_filter
from scipy.special import ndtri

from tilecore.numerics.clipped_median import cell_edges, clipped_median
from tilecore.numerics.compiled import njit
from tilecore.numerics.robust_surface import robust_weights, surface_terms
from tilecore.numerics.selection import select
from tilecore.numerics.statistics import mad_sigma
from tilecore.sky.sky_model import Samples, Surface, render_rows

__all__ = ["FAINTEST", "aggregate", "at_tiles", "first_sky", "sky_tiles", "tile_levels", "tile_positions",
           "tile_size"]

FloatArray = NDArray[np.float64]

# Level (sigma of the sky tiles) from which a tile is an object, ...
STRUCTURE_SIGMA = 3.0
# ... by itself or averaged over squares of this many tiles a side.
STRUCTURE_SCALES = (1, 3, 5)
# Tiles by which structures are grown: their wings continue below the threshold.
STRUCTURE_GROWTH = 2
# Structures of fewer tiles are not grown: they are chance, or a faint star.
GROWN_TILES = 4
# Share of the range of the gradient below which a structure is an error of the model, not an object.
FAINTEST = 0.002
# Share of the tiles well below a surface from which the surface is too stiff.
MAX_BELOW = 0.01
# Share of the tiles well below every surface from which there is no sky to be found.
HOPELESS_BELOW = 0.1
# Pixels of a tile above which every second one, as on a chessboard, is enough for a level.
ENOUGH = 1200
# Share of the pixels of a tile, and number, that must be free.
LEAST_FREE_SHARE = 0.2
LEAST_FREE = 32
# Tiles of sky that an image must have.
LEAST_TILES = 40
# Weight in the envelope of tiles above it, relative to those below.
ABOVE_WEIGHT = 0.05
# More samples than this slow radial basis functions down and improve nothing.
MAX_SAMPLES = 900
# Samples that a model needs.
LEAST_SAMPLES = 6


def tile_size(shape: tuple[int, int]) -> int:
    """Side of a tile in pixels for an image (rows, columns)."""
    return int(np.clip(min(shape) // 40, 16, 64))


def tile_levels(plane: NDArray[np.float32], mask: NDArray[np.uint8], size: int, quantile: float | None,
                surface: Surface | None = None) -> FloatArray:
    """Sky level (ty, tx) of tiles of ``size`` px; NaN where less than a fifth is free of the ``mask`` (1 = hidden).

    The level is derived from the low ``quantile``, or is the clipped median if that is None. With a ``surface`` it is that of
    the difference from it. Rows of tiles are worked on side by side, and only their pixels are copied.
    """
    rows, columns = cell_edges(plane.shape[0], size), cell_edges(plane.shape[1], size)
    out = np.full((len(rows) - 1, len(columns) - 1), np.nan)
    q = 0.0 if quantile is None else quantile
    rendered = render_rows(surface, (plane.shape[0], plane.shape[1])) if surface is not None else None

    def measure(row: int) -> None:
        first, stop = int(rows[row]), int(rows[row + 1])
        band = np.ascontiguousarray(plane[first:stop], np.float32)
        if rendered is not None:
            band = band - rendered(first, stop)
        edges = np.array([0, stop - first])
        _tile_levels(band, mask[first:stop], edges, columns, q, *_normal(q), out[row: row + 1])

    with ThreadPoolExecutor(numba.get_num_threads()) as pool:
        list(pool.map(measure, range(len(out))))  # the list raises errors of the threads here
    return out


def _normal(quantile: float) -> tuple[float, float]:
    """Distances below the mean, in sigma, of a quantile and of a quarter of it."""
    return (0.0, 1.0) if quantile <= 0 else (-float(ndtri(quantile)), -float(ndtri(quantile / 4)))


@njit(cache=True, nogil=True)
def _tile_levels(plane: NDArray[np.float32], mask: NDArray[np.uint8], rows: NDArray[np.int64], columns: NDArray[np.int64],
                 quantile: float, z_near: float, z_far: float, out: FloatArray) -> None:
    """Fill ``out`` (ty, tx). Faint stars raise a low quantile less than the median; its distance below the mean is added back.

    The sigma for that comes from the same low side: two quantiles of a normal distribution determine its mean and sigma.
    """
    for j in range(out.shape[0]):
        for i in range(out.shape[1]):
            part = plane[rows[j]: rows[j + 1], columns[i]: columns[i + 1]]
            hidden = mask[rows[j]: rows[j + 1], columns[i]: columns[i + 1]]
            values = np.empty(part.size, np.float32)
            n = 0
            step = 2 if part.size > ENOUGH else 1
            for y in range(part.shape[0]):
                for x in range(y % step, part.shape[1], step):
                    if hidden[y, x] == 0:
                        values[n] = part[y, x]
                        n += 1
            if n < LEAST_FREE_SHARE * part.size / step or n < LEAST_FREE:
                continue
            if quantile <= 0:
                out[j, i] = clipped_median(values[:n])
            else:
                near, far = _quantile(values[:n], quantile), _quantile(values[:n], quantile / 4)
                out[j, i] = near + z_near * (near - far) / (z_far - z_near)


@njit(cache=True, nogil=True)
def _quantile(values: NDArray[np.float32], q: float) -> float:
    """Quantile of values, linear between them. Reorders them."""
    place = q * (values.size - 1)
    low = int(place)
    share = place - low
    return float(select(values, low) * (1 - share) + select(values, min(low + 1, values.size - 1)) * share)


def tile_centres(shape: tuple[int, int], size: int) -> tuple[FloatArray, FloatArray]:
    """x and y (ty * tx,) of the centres of the tiles."""
    y, x = (0.5 * (e[:-1] + e[1:] - 1) for e in (cell_edges(shape[0], size), cell_edges(shape[1], size)))
    gx, gy = np.meshgrid(x, y)
    return gx.ravel(), gy.ravel()


def at_tiles(surface: Surface, shape: tuple[int, int]) -> FloatArray:
    """A surface at the centres of the tiles, (ty, tx)."""
    size = tile_size(shape)
    x, y = tile_centres(shape, size)
    rows, columns = len(cell_edges(shape[0], size)) - 1, len(cell_edges(shape[1], size)) - 1
    return surface(x, y).reshape(rows, columns)


def tile_positions(shape: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """x and y (ty * tx,) in pixels of the centres of the tiles of an image (rows, columns), row by row."""
    return tile_centres(shape, tile_size(shape))


def first_sky(levels: FloatArray, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """A first estimate of the tiles of sky (ty, tx): those near a lower envelope of first to fourth order.

    Objects only add light, so tiles well below the surface show that its order is too low, and the next one is tried. Raises
    ValueError when there is too little sky.
    """
    x, y = tile_positions(shape)
    values = levels.ravel()
    known = np.isfinite(values)
    if known.sum() < LEAST_TILES:
        raise ValueError(f"only {int(known.sum())} tiles show sky: the image is too small, or full of stars")
    scale = max(shape) / 2
    u, v, z = (x / scale - 1)[known], (y / scale - 1)[known], values[known]
    noise = _tile_noise(levels)
    tried = []
    for order in (1, 2, 3, 4):
        rest = _envelope(np.stack([u**i * v**j for i, j in surface_terms(order)], 1), z, noise)
        below = float(np.mean(rest < -4 * noise))
        tried.append((below, order, rest))
        if below < MAX_BELOW:
            break
    below, _, rest = min(tried[-1:] if tried[-1][0] < MAX_BELOW else tried, key=lambda t: t[:2])
    if below > HOPELESS_BELOW:
        raise ValueError("no smooth surface follows the sky: objects fill the field, or its gradient is too steep")
    residual = np.full(levels.shape, np.nan)
    residual[known.reshape(levels.shape)] = rest
    return sky_tiles(residual, np.abs(residual) < STRUCTURE_SIGMA * noise, FAINTEST * float(np.ptp(z - rest)))


def _envelope(design: FloatArray, z: FloatArray, noise: float) -> FloatArray:
    """Residuals (n,) of levels ``z`` (n,) from a surface along the sky.

    It starts as an envelope, for which tiles above count a twentieth of those below (asymmetric least squares, Newey & Powell
    1987, Econometrica 55, 819); then a robust fit to the tiles that are not above it is repeated until it settles.
    """
    weights = np.ones(len(z))
    for _ in range(30):
        rest = z - _fitted(design, z, weights)
        updated = np.where(rest > 0, ABOVE_WEIGHT, 1.0)
        if (updated == weights).all():
            break
        weights = updated
    low = rest < np.median(rest)
    for _ in range(12):
        weights = low.astype(np.float64)
        for _ in range(5):
            rest = z - _fitted(design, z, weights)
            spread = max(mad_sigma(rest[low], 0.0), noise)
            weights = low * robust_weights(rest / spread, "tukey")
        updated_low = rest < STRUCTURE_SIGMA * spread
        if (updated_low == low).all():
            break
        low = updated_low
    return rest


def _fitted(design: FloatArray, z: FloatArray, weights: FloatArray) -> FloatArray:
    """Values (n,) of the weighted least-squares fit."""
    left = (design * weights[:, None]).T @ design
    left += 1e-9 * np.trace(left) * np.eye(len(left))
    return np.asarray(design @ np.linalg.solve(left, design.T @ (weights * z)))


def _tile_noise(levels: FloatArray) -> float:
    """Sigma of one tile from second differences along both axes, in which gradients and wide objects cancel."""
    second = np.concatenate([np.diff(levels, 2, axis=a).ravel() for a in (0, 1)])
    second = second[np.isfinite(second)]
    return max(mad_sigma(second, 0.0) / np.sqrt(6), 1e-12) if len(second) else 1e-12


def sky_tiles(residual: FloatArray, sky: NDArray[np.bool_], faintest: float) -> NDArray[np.bool_]:
    """Tiles of sky, given the residuals (ty, tx) from a model and the tiles that were sky so far.

    An object stands out in one tile or in the mean over several. Wings continue below the threshold, so objects are grown by two
    tiles in all, including the width of the mean.
    """
    known = np.isfinite(residual)
    filled = np.where(known, residual, 0)
    objects = np.zeros(residual.shape, bool)
    for scale in STRUCTURE_SCALES:
        share = uniform_filter(known.astype(np.float64), scale, mode="nearest")
        mean = uniform_filter(filled, scale, mode="nearest") / np.maximum(share, 1e-9)
        centre = float(np.median(mean[sky & known]))
        spread = mad_sigma(mean[sky & known], centre)
        found = known & (mean > centre + max(STRUCTURE_SIGMA * spread, faintest))
        objects |= _grow_patches(found, STRUCTURE_GROWTH - scale // 2)
    left = known & ~objects
    # Where nearly everything is an object, the previous tiles of sky are the better estimate.
    return left if left.sum() >= 0.1 * known.sum() else sky & known


def _grow_patches(objects: NDArray[np.bool_], tiles: int) -> NDArray[np.bool_]:
    """Objects grown by ``tiles``; small ones stay as they are."""
    labels, count = label(objects, structure=np.ones((3, 3)))
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    patches = objects & (sizes[labels] >= GROWN_TILES)
    if tiles < 1 or not patches.any():
        return objects
    return np.asarray(binary_dilation(patches, structure=np.ones((3, 3)), iterations=tiles) | objects)


def aggregate(levels: FloatArray, sky: NDArray[np.bool_], shape: tuple[int, int]) -> Samples:
    """Medians of the sky tiles on a coarser grid: ``G = clip(max(2T, min(W,H)/32), 64, min(W,H)/4)`` pixels.

    Cells with fewer than 3 tiles of sky are left out (fewer where a cell has no more tiles). Raises ValueError with fewer than 6
    samples.
    """
    size = tile_size(shape)
    low, high = 64, max(min(shape) // 4, 16)
    cell = int(np.clip(max(2 * size, min(shape) // 32), min(low, high), high))
    while (shape[0] / cell) * (shape[1] / cell) > MAX_SAMPLES:
        cell += size
    x, y = tile_centres(shape, size)
    rows, columns = cell_edges(shape[0], cell), cell_edges(shape[1], cell)
    row, column = np.searchsorted(rows, y, side="right") - 1, np.searchsorted(columns, x, side="right") - 1
    number = row * (len(columns) - 1) + column
    used = (sky & np.isfinite(levels)).ravel()
    value = levels.ravel()
    least = min(3, max(1, int(np.bincount(number).min())))
    found = []
    for cell_number in np.unique(number[used]):
        inside = used & (number == cell_number)
        if inside.sum() >= least:
            found.append((x[inside].mean(), y[inside].mean(), float(np.median(value[inside]))))
    if len(found) < LEAST_SAMPLES:
        raise ValueError(f"only {len(found)} cells show sky: objects fill the field")
    px, py, level = np.array(found).T
    return Samples(px, py, level, shape)
