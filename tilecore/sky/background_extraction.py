"""Background extraction: samples of the sky between the objects, a smooth model, and checks of the result (METHODS 11).

The correction is strictly additive: the model less its own median is subtracted, so that star fluxes and the pedestal stay.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import sep
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation
from scipy.spatial import cKDTree

from tilecore.detect.stars import DetectionSettings, aperture_flux, detect, detection_image
from tilecore.numerics.clipped_median import hide_stars
from tilecore.numerics.statistics import MAD_TO_SIGMA, mad_sigma
from tilecore.sky.sky_model import ModelSpec, Samples, family, fit_model, render
from tilecore.sky.sky_tiles import FAINTEST, aggregate, at_tiles, first_sky, sky_tiles, tile_levels, tile_size

__all__ = ["Checks", "Extraction", "NewImage", "Trial", "Tuning", "autotune", "check", "exclude_tiles", "extract", "extract_at",
           "find_sky", "fitted_to", "has_data", "object_mask", "refit", "score", "sky_levels"]

FloatArray = NDArray[np.float64]

# Objects wider than this (FWHM, px) are not stars, but for example the core of a galaxy in a field without stars.
WIDEST_STAR = 20.0
# Stars that are masked, brightest first.
MOST_STARS = 5000
# Signal-to-noise of stars whose fluxes are compared.
LEAST_SNR = 50
# Most of them, brightest first.
MOST_COMPARED = 300
# Stars needed for a scatter of the fluxes.
LEAST_STARS = 5
# Most rounds in which the mask of structures and the model determine each other.
ROUNDS = 3
# Growth of saturated areas (px).
SATURATION_GROWTH = 8
# Pixels, in whole rows, from which the median of the model is taken: it is smooth.
PEDESTAL_SAMPLE = 2_000_000
# Increase of the rms of the sky that is tolerated: the median of the tiles is noisy.
RMS_TOLERANCE = 1.005


# Rows that are worked on at a time where an array of the whole image would take memory.
STRIP = 256

# Zeros, float32, of a shape.
NewImage = Callable[[tuple[int, ...]], NDArray[np.float32]]


@dataclass(frozen=True)
class Trial:
    """A candidate of the autotune and its score: ``total = held_out + residual_weight flatness + roughness_weight roughness``.

    All are in units of the spread of the samples, so that they do not depend on the strength of the gradient. ``error`` is the
    standard error of ``held_out``.
    """

    spec: ModelSpec
    held_out: float
    flatness: float
    roughness: float
    total: float
    error: float


@dataclass(frozen=True)
class Extraction:
    """The background of one plane (h, w): ``model`` is float32 in the unit of the plane, as is the ``pedestal``, its median.

    ``levels`` (ty, tx) are those of the tiles, ``tiles`` is True for those of sky; the model was fitted to ``samples``;
    ``trials`` are the candidates of the autotune, the start first.
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
        return self.correct(plane, covered, np.empty(plane.shape, np.float32))

    def correct(self, plane: NDArray[np.float32], covered: NDArray[np.bool_], out: NDArray[np.float32]) -> NDArray[np.float32]:
        """:meth:`corrected`, written to ``out`` (h, w) by strips."""
        for first in range(0, len(out), STRIP):
            rows = slice(first, first + STRIP)
            level = np.subtract(self.model[rows], np.float32(self.pedestal))
            np.subtract(plane[rows], level, out=out[rows])
            out[rows][~covered[rows]] = 0
        return out


@dataclass(frozen=True)
class Checks:
    """Rms of the sky over the field before and after, and the scatter of the changes of star magnitudes; ``failed`` are messages
    of the checks that failed; ``stars_change``: that of the stars did."""

    rms_before: float
    rms_after: float
    stars: int
    star_scatter_mmag: float
    failed: tuple[str, ...] = field(default=())
    stars_change: bool = False


def has_data(image: NDArray[np.float32], *, new: NewImage | None = None) -> NDArray[np.bool_]:
    """The pixels (h, w) of an image (h, w) or (3, h, w) that are not 0 in all channels; ``new`` as for :func:`object_mask`."""
    found = _flags(image.shape[-2:], new).view(bool)
    for rows in _strips(len(found)):
        for plane in image if image.ndim == 3 else image[None]:
            found[rows] |= plane[rows] != 0
    return found


def _strips(rows: int) -> Iterator[slice]:
    for first in range(0, rows, STRIP):
        yield slice(first, min(first + STRIP, rows))


def _flags(shape: tuple[int, ...], new: NewImage | None) -> NDArray[np.uint8]:
    """Zeros (h, w) of one byte, in an array that ``new`` makes."""
    if new is None:
        return np.zeros(shape, np.uint8)
    size = math.prod(shape)
    return new((-(-size // 4),)).view(np.uint8)[:size].reshape(shape)


def object_mask(image: NDArray[np.float32], covered: NDArray[np.bool_], saturation: float = 0.95, *,
                stars: NDArray[np.void] | None = None,
                new: NewImage | None = None) -> tuple[NDArray[np.uint8], NDArray[np.void]]:
    """Mask (h, w) of an image (h, w) or (3, h, w), 1 = not sky: no data, stars, saturation; and the stars.

    ``saturation`` is the level, in the unit of the image, from which pixels are clipped; ``stars`` are searched by default.
    ``new`` makes the arrays of intermediate images, for example on disk; by default they are in memory.
    """
    hidden = _flags(covered.shape, new)
    np.logical_not(covered, out=hidden.view(bool))
    if stars is None:
        stars = _stars_of(image, hidden, saturation, new)
    mask = hide_stars(hidden, stars)
    for rows in _strips(len(mask)):
        around = slice(max(rows.start - SATURATION_GROWTH, 0), rows.stop + SATURATION_GROWTH)
        bright = np.logical_or.reduce([p[around] >= saturation for p in (image if image.ndim == 3 else image[None])])
        if bright.any():
            top = rows.start - around.start
            mask[rows] |= binary_dilation(bright, iterations=SATURATION_GROWTH)[top: top + rows.stop - rows.start]
    return mask, stars


def _stars_of(image: NDArray[np.float32], hidden: NDArray[np.uint8], saturation: float, new: NewImage | None) -> NDArray[np.void]:
    """Stars of an image (h, w) or (3, h, w) without the pixels ``hidden`` (h, w)."""
    if new is None:
        data, space = detection_image(image, None), None
    else:
        data, space = _mean_of_colours(image, new(hidden.shape)), new(hidden.shape)
    stars = detect(data, DetectionSettings(max_stars=MOST_STARS, saturation=saturation),
                   mask=hidden if hidden.any() else None, structured=True, space=space)
    return np.asarray(stars[stars["fwhm"] < WIDEST_STAR])


def _mean_of_colours(image: NDArray[np.float32], out: NDArray[np.float32]) -> NDArray[np.float32]:
    """:func:`tilecore.detect.stars.detection_image` of an image (h, w) or (3, h, w), written to ``out`` (h, w) by strips."""
    for first in range(0, len(out), STRIP):
        out[first: first + STRIP] = detection_image(image[..., first: first + STRIP, :], None)
    return out


@dataclass(frozen=True)
class Tuning:
    """How the model is chosen, see :func:`autotune`; if not ``enabled`` the start is used as it is."""

    enabled: bool = True
    every: bool = False
    max_evals: int = 24
    residual_weight: float = 0.3
    roughness_weight: float = 0.1

    def choose(self, samples: Samples, start: ModelSpec, every: bool = False) -> tuple[ModelSpec, list[Trial]]:
        """The chosen model and all trials."""
        if not self.enabled:
            return start, []
        return autotune(samples, start, every=every, max_evals=self.max_evals, residual_weight=self.residual_weight,
                        roughness_weight=self.roughness_weight)


def extract(plane: NDArray[np.float32], mask: NDArray[np.uint8], spec: ModelSpec, tuning: Tuning | None = None, *,
            quantile: float = 0.2, keep: Callable[[], None] = lambda: None, new: NewImage | None = None) -> Extraction:
    """Model the sky of a plane (h, w) without the pixels of ``mask`` (1 = not sky) and extended objects, which are detected.

    ``quantile`` is that of :func:`tilecore.sky.sky_tiles.tile_levels`. ``keep`` is called between steps and may raise to stop;
    ``new`` makes the array of the model.
    Raises ValueError when there is too little sky.
    """
    tuning = tuning or Tuning()
    shape = plane.shape[:2]
    size = tile_size(shape)
    levels = tile_levels(plane, mask, size, None)
    sky = first_sky(levels, shape)
    # A stiff polynomial decides which tiles are sky: a flexible model would follow the objects.
    trend = ModelSpec("polynomial", spec.order, spec.loss)
    for _ in range(ROUNDS):
        keep()
        samples = aggregate(levels, sky, shape)
        trend, _ = tuning.choose(samples, trend)
        surface = fit_model(samples, trend)
        # The level of a tile is biased by its slope, so levels are measured on the residual from the surface.
        rest = tile_levels(plane, mask, size, quantile, surface)
        smooth = at_tiles(surface, shape)
        levels = rest + smooth
        found = sky_tiles(rest, sky, FAINTEST * float(np.ptp(smooth)))
        if (found == sky).all():
            break
        sky = found
    start = replace(spec, order=trend.order) if tuning.enabled else spec
    return fitted_to(levels, sky, mask, start, tuning, new)


def exclude_tiles(found: Extraction, objects: NDArray[np.bool_], mask: NDArray[np.uint8],
                  tuning: Tuning | None = None, new: NewImage | None = None) -> Extraction:
    """The extraction without the tiles ``objects`` (ty, tx) too, for example those of a nebula in another channel.

    Raises ValueError when that leaves too little sky.
    """
    start = found.trials[0].spec if found.trials else found.spec
    return fitted_to(found.levels, found.tiles & ~objects, mask, start, tuning or Tuning(), new)


def find_sky(plane: NDArray[np.float32], mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """A first estimate (ty, tx) of the tiles of a plane (h, w) that are sky. Raises ValueError when there are too few."""
    return first_sky(tile_levels(plane, mask, tile_size(plane.shape[:2]), None), plane.shape[:2])


def extract_at(plane: NDArray[np.float32], mask: NDArray[np.uint8], sky: NDArray[np.bool_], spec: ModelSpec, *,
               quantile: float = 0.2) -> Extraction:
    """Model the sky of a plane (h, w) from the tiles ``sky`` (ty, tx) of another channel. Raises ValueError for too few tiles."""
    shape, size = plane.shape[:2], tile_size(plane.shape[:2])
    surface = fit_model(aggregate(tile_levels(plane, mask, size, None), sky, shape), spec)
    levels = tile_levels(plane, mask, size, quantile, surface) + at_tiles(surface, shape)
    return fitted_to(levels, sky, mask, spec, Tuning(enabled=False))


def fitted_to(levels: FloatArray, sky: NDArray[np.bool_], mask: NDArray[np.uint8], start: ModelSpec,
               tuning: Tuning, new: NewImage | None = None) -> Extraction:
    """The model through the ``levels`` (ty, tx) of the tiles of ``sky``, chosen from ``start`` by ``tuning``.

    ``mask`` (h, w) is 1 where pixels are not sky; ``new`` makes the array of the model. Raises ValueError for too few tiles.
    """
    samples = aggregate(levels, sky, mask.shape)
    chosen, trials = tuning.choose(samples, start, tuning.every)
    model = render(fit_model(samples, chosen), mask.shape, None if new is None else new(mask.shape))
    step = model.size // PEDESTAL_SAMPLE + 1
    pedestal = float(np.median(model[::step][mask[::step] == 0], overwrite_input=True))
    return Extraction(model, pedestal, chosen, samples, levels, sky, tuple(trials))


def refit(found: Extraction, spec: ModelSpec, mask: NDArray[np.uint8], new: NewImage | None = None) -> Extraction:
    """Another model through the same tiles, in an array that ``new`` makes."""
    return fitted_to(found.levels, found.tiles, mask, spec, Tuning(enabled=False), new)


def sky_levels(image: NDArray[np.float32], mask: NDArray[np.uint8]) -> tuple[float, ...]:
    """Sky level of each channel of (C, h, w), over the same tiles; where no sky can be identified, over the darkest tenth.

    Raises ValueError when there are too few tiles.
    """
    shape = image.shape[1:]
    size = tile_size(shape)
    levels = [tile_levels(plane, mask, size, None) for plane in image]
    mean = np.mean(levels, axis=0)
    try:
        sky = first_sky(mean, shape)
    except ValueError:
        known = np.isfinite(mean)
        if known.sum() < 10:
            raise
        sky = known & (mean <= np.quantile(mean[known], 0.1))
    return tuple(float(np.median(plane[sky])) for plane in levels)


def score(samples: Samples, spec: ModelSpec, *, folds: int = 5, residual_weight: float = 0.3,
          roughness_weight: float = 0.1) -> Trial:
    """The score of a candidate by cross-validation: every ``folds``-th sample is predicted from the others, in turn.

    ``flatness`` is the rms of the residuals, averaged over neighbours; ``roughness`` the rms of the second differences of the
    model from sample to sample of a regular grid.
    """
    scale = max(mad_sigma(samples.value), 1e-12)
    # The step has no factor in common with the length of a row, so that the held-out samples are scattered over the field.
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
    clipped = np.minimum(np.abs(error), 5 * max(mad_sigma(error, 0.0), 1e-12))
    held_out = float(np.sqrt(np.mean(clipped**2))) / scale
    flatness = float(np.sqrt(np.mean(_neighbour_mean(samples, rest) ** 2))) / scale
    total = held_out + residual_weight * flatness + roughness_weight * roughness / scale
    # Standard error of an rms of n values.
    return Trial(spec, held_out, flatness, roughness / scale, total, held_out / np.sqrt(2 * len(samples)))


def _neighbour_mean(samples: Samples, rest: FloatArray) -> FloatArray:
    """Means of each residual with its neighbours: noise is reduced, a pattern that the model missed remains."""
    points = np.stack([samples.x, samples.y], 1)
    _, near = cKDTree(points).query(points, k=min(9, len(samples)))
    return np.asarray(rest[near].mean(axis=1))


def autotune(samples: Samples, start: ModelSpec, *, every: bool = False, max_evals: int = 24, residual_weight: float = 0.3,
             roughness_weight: float = 0.1) -> tuple[ModelSpec, list[Trial]]:
    """The candidate with the least score, and all trials, the start first. Deterministic.

    Candidates within one standard error of the best are ties; of these the smoothest that is not worse than the start is chosen.
    """
    trials = [score(samples, spec, residual_weight=residual_weight, roughness_weight=roughness_weight)
              for spec in family(start, every=every)[:max_evals]]
    best = min(trials, key=lambda t: t.total)
    ties = [t for t in trials if t.total <= min(best.total + best.error, trials[0].total)]
    return max(ties, key=lambda t: (t.spec.stiffness, -t.total)).spec, trials


def check(before: NDArray[np.float32], after: NDArray[np.float32], mask: NDArray[np.uint8], tiles: NDArray[np.bool_],
          stars: NDArray[np.void], max_scatter_mmag: float = 2.0, full_scale: float = 1.0) -> Checks:
    """Whether the correction of a plane can be trusted: the sky must not be rougher and star flux ratios must stay.

    ``full_scale`` is the unit of the planes in ADU, for the messages.
    """
    size = tile_size(before.shape)
    rms = []
    for plane in (before, after):
        levels = tile_levels(plane, mask, size, None)[tiles]
        rms.append(float(MAD_TO_SIGMA * np.nanmedian(np.abs(levels - np.nanmedian(levels)))))
    count, scatter = star_change(before, after, stars)
    failed = []
    if rms[1] > RMS_TOLERANCE * rms[0]:
        failed.append(f"the rms of the sky would rise from {rms[0] * full_scale:.3g} to {rms[1] * full_scale:.3g} ADU")
    stars_change = bool(np.isfinite(scatter) and scatter > max_scatter_mmag)
    if stars_change:
        failed.append(f"star flux ratios would change by {scatter:.2f} mmag, {max_scatter_mmag:g} are allowed")
    return Checks(rms[0], rms[1], count, scatter, tuple(failed), stars_change)


def _change_at(before: NDArray[np.float32], after: NDArray[np.float32], x: NDArray[np.float64], y: NDArray[np.float64],
               reach: int) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float64]]:
    """Squares of the difference of two images (h, w) up to ``reach`` px from the places x, y (n,), one below the other, 0 outside
    the images; and the places in them. The difference of the whole images would take as much memory as one of them."""
    side, (h, w) = 2 * reach + 1, before.shape
    squares = np.zeros((len(x), side, side), np.float32)
    left, top = np.rint(x).astype(int) - reach, np.rint(y).astype(int) - reach
    for k, (column, row) in enumerate(zip(left.tolist(), top.tolist(), strict=True)):
        rows, columns = slice(max(row, 0), min(row + side, h)), slice(max(column, 0), min(column + side, w))
        inside = np.s_[k, rows.start - row: rows.stop - row, columns.start - column: columns.stop - column]
        squares[inside] = after[rows, columns] - before[rows, columns]
    return squares.reshape(-1, side), x - left, y - top + side * np.arange(len(x))


def star_change(before: NDArray[np.float32], after: NDArray[np.float32], stars: NDArray[np.void]) -> tuple[int, float]:
    """Number of stars measured, and the robust scatter (mmag) of their changes of magnitude; NaN with fewer than 5 stars.

    The change is measured on the difference of the images, which has no noise, instead of between two noisy fluxes.
    """
    chosen = stars[~stars["saturated"] & (stars["snr"] > LEAST_SNR)][:MOST_COMPARED]
    if len(chosen) < LEAST_STARS:
        return len(chosen), float("nan")
    radius = max(2.0 * float(np.median(chosen["fwhm"])), 3.0)
    x, y = chosen["x"].astype(np.float64), chosen["y"].astype(np.float64)
    flux = aperture_flux(before, x, y, radius)
    # Aperture and ring have exactly the same centre, so that a slope alone changes nothing.
    ring = (radius + 1.5, radius + 6.5)
    difference, x, y = _change_at(before, after, x, y, int(np.ceil(ring[1])) + 2)
    inner, outer = sep.sum_circle(difference, x, y, radius, subpix=0)[0], sep.sum_circann(difference, x, y, *ring, subpix=0)[0]
    change = inner - outer * radius**2 / (ring[1] ** 2 - ring[0] ** 2)
    good = np.isfinite(flux) & (flux > 0) & (change > -flux)
    if good.sum() < LEAST_STARS:
        return int(good.sum()), float("nan")
    magnitudes = -2500 * np.log10(1 + change[good] / flux[good])
    return int(good.sum()), mad_sigma(magnitudes)
