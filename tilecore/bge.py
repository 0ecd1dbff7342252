"""Background extraction: samples of the sky between the objects, a smooth model, and checks of the result (METHODS 11).

Strictly additive: the model less its own median is taken away, so that star fluxes and the pedestal stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import sep
from numba import njit
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, label, uniform_filter
from scipy.special import ndtri

from tilecore.background import cell_edges, clipped_median, star_mask
from tilecore.normalize import robust_weights, surface_terms
from tilecore.sky_model import ModelSpec, Samples, Surface, family, fit_model, render
from tilecore.stars import aperture_flux, detect, detection_image

__all__ = ["Checks", "Extraction", "Trial", "Tuning", "autotune", "check", "extract", "narrow", "object_mask", "score",
           "sky_levels"]

FloatArray = NDArray[np.float64]

# A tile is an object where it stands out by so many sigma of the sky tiles, alone or averaged over so many tiles.
STRUCTURE_SIGMA = 3.0
STRUCTURE_SCALES = (1, 3, 5)
# Structures grow by so many tiles: wings go on below the threshold.
STRUCTURE_GROWTH = 2
# What stands out by less than this share of the gradient's range is the model's fault, not an object.
FAINTEST = 0.002
# Share of tiles that may lie well below a surface before it is held for too stiff.
MOST_BELOW = 0.01
# With so many below every surface, what was taken for sky is none.
HOPELESS_BELOW = 0.1
# Wider than this (FWHM in px) is no star, whatever the detector says: the core of a galaxy in a field without stars.
WIDEST_STAR = 20.0
# The structure mask and the model settle each other; so many rounds at most.
ROUNDS = 3
# Of tiles with more pixels, those of one colour of a chessboard are enough for a level.
ENOUGH = 1200
# More samples than this make radial basis functions slow and nothing better.
MAX_SAMPLES = 900


@dataclass(frozen=True)
class Trial:
    """A candidate of the autotune and its measure: ``total = held_out + alpha flatness + beta roughness``.

    All are in units of the spread of the samples, so that nothing depends on the height of the gradient.
    """

    spec: ModelSpec
    held_out: float
    flatness: float
    roughness: float
    total: float
    error: float


@dataclass(frozen=True)
class Extraction:
    """What was found on one plane (h, w). ``model`` is float32 in the units of the plane, as is ``pedestal``.

    ``levels`` (ty, tx) are those of the tiles, ``tiles`` is True for those of sky, ``samples`` what the model was fitted to,
    ``trials`` what the autotune tried, the first being where it started.
    """

    model: NDArray[np.float32]
    pedestal: float
    spec: ModelSpec
    samples: Samples
    levels: FloatArray
    tiles: NDArray[np.bool_]
    trials: tuple[Trial, ...] = ()

    def corrected(self, plane: NDArray[np.float32], covered: NDArray[np.bool_]) -> NDArray[np.float32]:
        """The plane without its gradient; pixels that are not ``covered`` stay 0."""
        return np.where(covered, plane - (self.model - np.float32(self.pedestal)), 0).astype(np.float32)


@dataclass(frozen=True)
class Checks:
    """Before and after: rms of the sky over the field, and how much the stars' magnitudes changed among each other."""

    rms_before: float
    rms_after: float
    stars: int
    star_scatter_mmag: float
    failed: tuple[str, ...] = field(default=())


def object_mask(image: NDArray[np.float32], covered: NDArray[np.bool_], saturation: float = 0.95
                ) -> tuple[NDArray[np.uint8], NDArray[np.void]]:
    """1 where the sky is not seen: no data, stars, saturation; and the stars found. ``image`` is (h, w) or (3, h, w)."""
    hidden = (~covered).astype(np.uint8)
    stars = detect(detection_image(image, None), max_stars=5000, mask=hidden if hidden.any() else None)
    stars = stars[stars["fwhm"] < WIDEST_STAR]
    mask = star_mask(covered.shape, stars) | hidden
    bright = (image if image.ndim == 2 else image.max(axis=0)) >= saturation
    mask |= binary_dilation(bright, iterations=8).astype(np.uint8) if bright.any() else bright
    return mask, stars


@dataclass(frozen=True)
class Tuning:
    """How the model is chosen: see :func:`autotune`; without ``enabled`` the start is taken as it is."""

    enabled: bool = True
    every: bool = False
    max_evals: int = 24
    alpha: float = 0.3
    beta: float = 0.1

    def choose(self, samples: Samples, start: ModelSpec, every: bool = False) -> tuple[ModelSpec, list[Trial]]:
        if not self.enabled:
            return start, []
        return autotune(samples, start, every=every, max_evals=self.max_evals, alpha=self.alpha, beta=self.beta)


def extract(plane: NDArray[np.float32], mask: NDArray[np.uint8], spec: ModelSpec, tuning: Tuning | None = None, *,
            quantile: float = 0.2, keep: Callable[[], None] = lambda: None) -> Extraction:
    """Model the sky of a plane (h, w) between the pixels of ``mask`` (1 = no sky) and extended objects, which are found.

    ``keep`` is called between steps and may raise to stop. ValueError when there is too little sky.
    """
    tuning = tuning or Tuning()
    shape = plane.shape[:2]
    size = tile_size(shape)
    levels = tile_levels(plane, mask, size, None)
    sky = _first_sky(Samples(*_tile_centres(shape, size), levels.ravel(), shape), levels)
    # A stiff polynomial settles what is sky: a model that can bend would follow the objects it should find.
    trend = ModelSpec("polynomial", spec.order, spec.loss)
    for _ in range(ROUNDS):
        keep()
        samples = aggregate(levels, sky, shape, size)
        trend, _ = tuning.choose(samples, trend)
        surface = fit_model(samples, trend)
        # Levels of a tile are biased by its slope, so they are measured on what the surface leaves over.
        rest = tile_levels(plane - render(surface, shape), mask, size, quantile)
        at_tiles = _at_tiles(surface, shape, size)
        levels = rest + at_tiles
        found = _sky_tiles(rest, sky, FAINTEST * float(np.ptp(at_tiles)))
        if (found == sky).all():
            break
        sky = found
    start = replace(spec, order=trend.order) if tuning.enabled else spec
    return _fitted_to(levels, sky, mask, start, tuning)


def narrow(found: Extraction, objects: NDArray[np.bool_], mask: NDArray[np.uint8], tuning: Tuning | None = None) -> Extraction:
    """The same with the tiles ``objects`` (ty, tx) left out too, for example those of another channel's nebula.

    ValueError when that leaves too little sky.
    """
    start = found.trials[0].spec if found.trials else found.spec
    return _fitted_to(found.levels, found.tiles & ~objects, mask, start, tuning or Tuning())


def _fitted_to(levels: FloatArray, sky: NDArray[np.bool_], mask: NDArray[np.uint8], start: ModelSpec,
               tuning: Tuning) -> Extraction:
    """The model through the levels (ty, tx) of the tiles of sky."""
    samples = aggregate(levels, sky, mask.shape, tile_size(mask.shape))
    chosen, trials = tuning.choose(samples, start, tuning.every)
    model = render(fit_model(samples, chosen), mask.shape)
    return Extraction(model, float(np.median(model[mask == 0])), chosen, samples, levels, sky, tuple(trials))


def sky_levels(image: NDArray[np.float32], mask: NDArray[np.uint8]) -> tuple[float, ...]:
    """Sky level of each channel of (C, h, w), over the same tiles; where no sky can be told, over the darkest tenth.

    ValueError when there are too few tiles.
    """
    shape = image.shape[1:]
    size = tile_size(shape)
    levels = [tile_levels(plane, mask, size, None) for plane in image]
    mean = np.mean(levels, axis=0)
    try:
        sky = _first_sky(Samples(*_tile_centres(shape, size), mean.ravel(), shape), mean)
    except ValueError:
        known = np.isfinite(mean)
        if known.sum() < 10:
            raise
        sky = known & (mean <= np.quantile(mean[known], 0.1))
    return tuple(float(np.median(plane[sky])) for plane in levels)


def tile_size(shape: tuple[int, int]) -> int:
    return int(np.clip(min(shape) // 40, 16, 64))


def tile_levels(plane: NDArray[np.float32], mask: NDArray[np.uint8], size: int, quantile: float | None) -> FloatArray:
    """Sky level (ty, tx) of tiles; NaN where less than a fifth is free. ``quantile``: from the low side, else the median."""
    rows, columns = cell_edges(plane.shape[0], size), cell_edges(plane.shape[1], size)
    out = np.full((len(rows) - 1, len(columns) - 1), np.nan)
    q = 0.0 if quantile is None else quantile
    _tile_levels(np.ascontiguousarray(plane, np.float32), mask, rows, columns, q, *_normal(q), out)
    return out


def _normal(quantile: float) -> tuple[float, float]:
    """Distances below the mean, in sigma, of a quantile and of a quarter of it."""
    return (0.0, 1.0) if quantile <= 0 else (-float(ndtri(quantile)), -float(ndtri(quantile / 4)))


@njit(cache=True, nogil=True)
def _tile_levels(plane: NDArray[np.float32], mask: NDArray[np.uint8], rows: NDArray[np.int64], columns: NDArray[np.int64],
                 quantile: float, z_near: float, z_far: float, out: FloatArray) -> None:
    """A low quantile is lifted less by faint stars than the median; what it lies below the mean of the noise is added back.

    The sigma for that is taken from the same low side: two quantiles of a normal distribution settle mean and sigma.
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
            if n < 0.2 * part.size / step or n < 32:
                continue
            if quantile <= 0:
                out[j, i] = clipped_median(values[:n])
            else:
                ordered = np.sort(values[:n])
                near, far = _quantile(ordered, quantile), _quantile(ordered, quantile / 4)
                out[j, i] = near + z_near * (near - far) / (z_far - z_near)


@njit(cache=True, nogil=True)
def _quantile(ordered: NDArray[np.float32], q: float) -> float:
    place = q * (ordered.size - 1)
    low = int(place)
    share = place - low
    return float(ordered[low] * (1 - share) + ordered[min(low + 1, ordered.size - 1)] * share)


def _tile_centres(shape: tuple[int, int], size: int) -> tuple[FloatArray, FloatArray]:
    y, x = (0.5 * (e[:-1] + e[1:] - 1) for e in (cell_edges(shape[0], size), cell_edges(shape[1], size)))
    gx, gy = np.meshgrid(x, y)
    return gx.ravel(), gy.ravel()


def _at_tiles(surface: Surface, shape: tuple[int, int], size: int) -> FloatArray:
    x, y = _tile_centres(shape, size)
    rows, columns = len(cell_edges(shape[0], size)) - 1, len(cell_edges(shape[1], size)) - 1
    return surface(x, y).reshape(rows, columns)


def _first_sky(tiles: Samples, levels: FloatArray) -> NDArray[np.bool_]:
    """Tiles of sky before anything is known: those near a lower envelope of second to fourth order.

    Objects only add light, so tiles well below the surface show that its order is too low, and the next one is tried.
    """
    known = np.isfinite(tiles.value)
    if known.sum() < 40:
        raise ValueError(f"only {int(known.sum())} tiles show sky: the image is too small, or full of stars")
    scale = max(tiles.shape) / 2
    u, v, z = (tiles.x / scale - 1)[known], (tiles.y / scale - 1)[known], tiles.value[known]
    noise = _tile_noise(levels)
    tried = []
    for order in (1, 2, 3, 4):
        rest = _envelope(np.stack([u**i * v**j for i, j in surface_terms(order)], 1), z, noise)
        below = float(np.mean(rest < -4 * noise))
        tried.append((below, order, rest))
        if below < MOST_BELOW:
            break
    below, _, rest = min(tried[-1:] if tried[-1][0] < MOST_BELOW else tried, key=lambda t: t[:2])
    if below > HOPELESS_BELOW:
        raise ValueError("no smooth surface lies along the sky: objects fill the field, or its gradient is too steep")
    residual = np.full(levels.shape, np.nan)
    residual[known.reshape(levels.shape)] = rest
    return _sky_tiles(residual, np.abs(residual) < STRUCTURE_SIGMA * noise, FAINTEST * float(np.ptp(z - rest)))


def _envelope(design: FloatArray, z: FloatArray, noise: float) -> FloatArray:
    """Residuals (n,) of levels ``z`` from a surface that lies along the sky.

    It starts as an envelope for which what lies above counts a twentieth of what lies below (asymmetric least squares,
    Newey & Powell 1987, Econometrica 55, 819); then a robust fit to what is not above it settles.
    """
    weights = np.ones(len(z))
    for _ in range(30):
        rest = z - _fitted(design, z, weights)
        updated = np.where(rest > 0, 0.05, 1.0)
        if (updated == weights).all():
            break
        weights = updated
    low = rest < np.median(rest)
    for _ in range(12):
        weights = low.astype(np.float64)
        for _ in range(5):
            rest = z - _fitted(design, z, weights)
            spread = max(1.4826 * float(np.median(np.abs(rest[low]))), noise)
            weights = low * robust_weights(rest / spread, "tukey")
        updated_low = rest < STRUCTURE_SIGMA * spread
        if (updated_low == low).all():
            break
        low = updated_low
    return rest


def _fitted(design: FloatArray, z: FloatArray, weights: FloatArray) -> FloatArray:
    left = (design * weights[:, None]).T @ design
    left += 1e-9 * np.trace(left) * np.eye(len(left))
    return np.asarray(design @ np.linalg.solve(left, design.T @ (weights * z)))


def _tile_noise(levels: FloatArray) -> float:
    """Sigma of one tile from second differences along both axes: gradients and wide objects drop out."""
    second = np.concatenate([np.diff(levels, 2, axis=a).ravel() for a in (0, 1)])
    second = second[np.isfinite(second)]
    return max(1.4826 * float(np.median(np.abs(second))) / np.sqrt(6), 1e-12) if len(second) else 1e-12


def _sky_tiles(residual: FloatArray, sky: NDArray[np.bool_], faintest: float) -> NDArray[np.bool_]:
    """Tiles of sky, given the residuals (ty, tx) from a model and which tiles were held for sky so far.

    An object stands out in one tile or in the mean over several. Wings go on below the threshold, so what is found grows
    by two tiles in all, the spread of the mean counted in.
    """
    known = np.isfinite(residual)
    filled = np.where(known, residual, 0)
    objects = np.zeros(residual.shape, bool)
    for scale in STRUCTURE_SCALES:
        share = uniform_filter(known.astype(np.float64), scale, mode="nearest")
        mean = uniform_filter(filled, scale, mode="nearest") / np.maximum(share, 1e-9)
        centre = float(np.median(mean[sky & known]))
        spread = 1.4826 * float(np.median(np.abs(mean[sky & known] - centre)))
        found = known & (mean > centre + max(STRUCTURE_SIGMA * spread, faintest))
        objects |= _grow_patches(found, STRUCTURE_GROWTH - scale // 2)
    left = known & ~objects
    # Where nearly everything is an object, what was held for sky before is the better guess.
    return left if left.sum() >= 0.1 * known.sum() else sky & known


def _grow_patches(objects: NDArray[np.bool_], tiles: int) -> NDArray[np.bool_]:
    """Objects grown by so many tiles; single ones, chance or a faint star, stay as they are."""
    labels, count = label(objects, structure=np.ones((3, 3)))
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    patches = objects & (sizes[labels] >= 4)
    if tiles < 1 or not patches.any():
        return objects
    return np.asarray(binary_dilation(patches, structure=np.ones((3, 3)), iterations=tiles) | objects)


def aggregate(levels: FloatArray, sky: NDArray[np.bool_], shape: tuple[int, int], size: int) -> Samples:
    """Medians of the sky tiles on a coarser grid: ``G = clip(max(2T, min(W,H)/32), 64, min(W,H)/4)`` pixels.

    Cells with fewer than 3 tiles of sky are left out (fewer where a cell has no more than that).
    """
    low, high = 64, max(min(shape) // 4, 16)
    cell = int(np.clip(max(2 * size, min(shape) // 32), min(low, high), high))
    while (shape[0] / cell) * (shape[1] / cell) > MAX_SAMPLES:
        cell += size
    x, y = _tile_centres(shape, size)
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
    if len(found) < 6:
        raise ValueError(f"only {len(found)} cells show sky: objects fill the field")
    px, py, level = np.array(found).T
    return Samples(px, py, level, shape)


def score(samples: Samples, spec: ModelSpec, *, folds: int = 5, alpha: float = 0.3, beta: float = 0.1) -> Trial:
    """The measure of a candidate: every ``folds``-th sample is predicted from the others, in turn.

    ``flatness`` is the rms of what the model leaves over, averaged over neighbours; ``roughness`` the rms of the
    model's second differences from sample to sample of a regular grid.
    """
    scale = max(1.4826 * float(np.median(np.abs(samples.value - np.median(samples.value)))), 1e-12)
    # A step that shares no factor with the length of a row: the held-out samples are scattered over the field.
    order = (np.arange(len(samples)) * 7) % folds if len(samples) % 7 else np.arange(len(samples)) % folds
    error = np.zeros(len(samples))
    for k in range(folds):
        held = order == k
        surface = fit_model(samples.take(~held), spec)
        error[held] = surface(samples.x[held], samples.y[held]) - samples.value[held]
    surface = fit_model(samples, spec)
    rest = samples.value - surface(samples.x, samples.y)
    h, w = samples.shape
    step = np.sqrt(h * w / max(len(samples), 1))
    gy, gx = (np.arange(step / 2, length, step) for length in (h, w))
    grid = surface(gx[None, :] + 0 * gy[:, None], gy[:, None] + 0 * gx[None, :])
    second = [np.diff(grid, 2, axis=a).ravel() for a in (0, 1)]
    roughness = float(np.sqrt(np.mean(np.concatenate(second) ** 2))) if min(grid.shape) > 2 else 0.0
    clipped = np.minimum(np.abs(error), 5 * max(1.4826 * float(np.median(np.abs(error))), 1e-12))
    held_out = float(np.sqrt(np.mean(clipped**2))) / scale
    flatness = float(np.sqrt(np.mean(_neighbour_mean(samples, rest) ** 2))) / scale
    total = held_out + alpha * flatness + beta * roughness / scale
    # Standard error of an rms of n values.
    return Trial(spec, held_out, flatness, roughness / scale, total, held_out / np.sqrt(2 * len(samples)))


def _neighbour_mean(samples: Samples, rest: FloatArray) -> FloatArray:
    """Means of each residual with those around it: noise goes down, a pattern that the model missed stays."""
    from scipy.spatial import cKDTree

    points = np.stack([samples.x, samples.y], 1)
    _, near = cKDTree(points).query(points, k=min(9, len(samples)))
    return np.asarray(rest[near].mean(axis=1))


def autotune(samples: Samples, start: ModelSpec, *, every: bool = False, max_evals: int = 24, alpha: float = 0.3,
             beta: float = 0.1) -> tuple[ModelSpec, list[Trial]]:
    """The candidate of least measure, and all trials, the start first. Deterministic.

    Candidates within one standard error of the best are ties, which the smoothest wins, if it is not worse than the start.
    """
    trials = [score(samples, spec, alpha=alpha, beta=beta) for spec in family(start, every=every)[:max_evals]]
    best = min(trials, key=lambda t: t.total)
    ties = [t for t in trials if t.total <= min(best.total + best.error, trials[0].total)]
    return max(ties, key=lambda t: (t.spec.stiffness, -t.total)).spec, trials


def check(before: NDArray[np.float32], after: NDArray[np.float32], mask: NDArray[np.uint8], tiles: NDArray[np.bool_],
          stars: NDArray[np.void], max_scatter_mmag: float = 2.0) -> Checks:
    """Whether the correction of a plane can be trusted: the sky must not be rougher and star flux ratios must stay."""
    size = tile_size(before.shape)
    rms = []
    for plane in (before, after):
        levels = tile_levels(plane, mask, size, None)[tiles]
        rms.append(float(1.4826 * np.nanmedian(np.abs(levels - np.nanmedian(levels)))))
    count, scatter = star_change(before, after, stars)
    failed = []
    # Half a per cent: the median of the tiles has noise of its own.
    if rms[1] > 1.005 * rms[0]:
        failed.append(f"the sky's rms would rise from {rms[0] * 65535:.3g} to {rms[1] * 65535:.3g} ADU")
    if np.isfinite(scatter) and scatter > max_scatter_mmag:
        failed.append(f"star flux ratios would change by {scatter:.2f} mmag, {max_scatter_mmag:g} are allowed")
    return Checks(rms[0], rms[1], count, scatter, tuple(failed))


def star_change(before: NDArray[np.float32], after: NDArray[np.float32], stars: NDArray[np.void]) -> tuple[int, float]:
    """Stars measured, and the robust scatter (mmag) of their change of magnitude; NaN with fewer than 5 stars.

    The change is measured on the difference of the images, which has no noise, instead of between two noisy fluxes.
    """
    chosen = stars[~stars["saturated"] & (stars["snr"] > 30)][:300]
    if len(chosen) < 5:
        return len(chosen), float("nan")
    radius = max(2.0 * float(np.median(chosen["fwhm"])), 3.0)
    x, y = chosen["x"], chosen["y"]
    flux = aperture_flux(before, x, y, radius)
    # Aperture and ring share their centre to the fraction of a pixel, so that a slope alone changes nothing.
    difference = np.ascontiguousarray(after - before)
    ring = (radius + 1.5, radius + 6.5)
    inner, outer = sep.sum_circle(difference, x, y, radius, subpix=0)[0], sep.sum_circann(difference, x, y, *ring, subpix=0)[0]
    change = inner - outer * radius**2 / (ring[1] ** 2 - ring[0] ** 2)
    good = np.isfinite(flux) & (flux > 0) & (change > -flux)
    if good.sum() < 5:
        return int(good.sum()), float("nan")
    magnitudes = -2500 * np.log10(1 + change[good] / flux[good])
    return int(good.sum()), float(1.4826 * np.median(np.abs(magnitudes - np.median(magnitudes))))
