"""The sky background of each frame relative to the reference: polynomial surfaces, and the clouds they leave (METHODS 1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame, FrameSet
from orchestrator.engines.no_data import has_data
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.channels import by_channel, noise_by_channel
from orchestrator.stacking.field_geometry import mosaic_of
from orchestrator.stacking.regions import footprints
from orchestrator.stacking.sky_correction import Clouds
from orchestrator.stacking.star_evidence import StarEvidence
from tilecore.detect.metrics import FrameMeasurement, sample_mesh
from tilecore.numerics.robust_surface import evaluate_surface, fit_surface, surface_terms
from tilecore.sky.common_sky import SkySamples, common_surfaces
from tilecore.sky.normalize import (
    FRAMES_OF_CLEAR_SKY,
    clear_sky,
    cloud_of,
    contrast_of,
    fill_unknown,
    mean_shape,
    residual_clouds,
)
from tilecore.sky.patches import patch_levels

__all__ = ["FrameSkies", "frame_skies"]

FloatArray = NDArray[np.float64]

# Sky samples on the canvas along each axis.
SKY_SAMPLES = 16
# Sky samples along the shorter axis of a frame, on the canvas of a mosaic: several across an overlap ...
MOSAIC_SAMPLES = 32
# ... at most along the longer axis of that canvas, and of all frames.
MAX_PLACES, MAX_SAMPLES = 1000, 200_000
# Smallest and largest side (px of the canvas) of the squares of which they are the levels.
MIN_PATCH, MAX_PATCH = 12.0, 64.0
# Largest order of the surfaces of a mosaic: curvature would be extrapolated across its panels.
MOSAIC_ORDER = 1
# Terms of the vignetting that the frames of a mosaic may share.
VIGNETTING = 4
# Distance, in cells of the background, from a part without stars within which the sky is not known.
HIDDEN_CELLS = 0.75
# Share of the canvas that a frame must cover for a surface of full order ...
MIN_OVERLAP_FULL = 0.5
# ... and for a linear surface; for smaller overlaps only a constant is fitted.
MIN_OVERLAP_LINEAR = 0.2


@dataclass(frozen=True)
class FrameSkies:
    """The sky to subtract from X_f / a_f on the channel grid: b_f / a_f less the mean shape of all skies and the level of the
    reference; in a mosaic less the common sky.

    ``surfaces`` (C, N, terms) are polynomials, ``clouds`` (N) what they leave, see
    :func:`tilecore.sky.normalize.residual_clouds`; ``clear`` (C, gy, gx) is the sky that remains. Clouds and clear sky are
    given at the centres of equal cells of the canvas.
    """

    surfaces: FloatArray
    clouds: tuple[Clouds | None, ...]
    clear: NDArray[np.float32]


@dataclass(frozen=True)
class Places:
    """The centres of ``down`` x ``across`` equal cells of a channel grid of ``shape``, at which the sky is sampled."""

    shape: tuple[int, int]
    down: int
    across: int

    @property
    def middles(self) -> tuple[FloatArray, FloatArray]:
        """y (down,) and x (across,) on the channel grid."""
        y, x = ((np.arange(n) + 0.5) * side / n for n, side in zip((self.down, self.across), self.shape, strict=True))
        return y, x

    def grid(self, window: tuple[slice, slice]) -> tuple[FloatArray, FloatArray]:
        """x and y (n,) of the places in some rows and columns of cells."""
        y, x = self.middles
        xx, yy = np.meshgrid(x[window[1]], y[window[0]])
        return xx.ravel(), yy.ravel()

    def window(self, box: Sequence[int]) -> tuple[slice, slice]:
        """The rows and columns of the cells whose centres are in a box y0, y1, x0, x1 of the channel grid, and one more on each
        side, so that it can be interpolated in all of the box."""
        ranges = []
        for middles, first, after in zip(self.middles, box[::2], box[1::2], strict=True):
            ranges.append(slice(max(int(np.searchsorted(middles, first)) - 1, 0),
                                min(int(np.searchsorted(middles, after)) + 1, len(middles)) if after > first else 0))
        return ranges[0], ranges[1]


@dataclass(frozen=True)
class PatchJob(Job):
    """Input shared by the skies of all frames of a mosaic: levels of squares of ``side`` px of the canvas about some of the
    ``places``."""

    plan: CanvasPlan
    places: Places
    side: float


def frame_skies(context: RunContext, frames: FrameSet, plan: CanvasPlan, measurements: tuple[FrameMeasurement, ...],
                scale: FloatArray, order: int, evidence: StarEvidence | None = None) -> FrameSkies:
    """The skies of all frames relative to their mean at the level of the reference, or in a mosaic to their common sky. Parts of
    frames in which ``evidence`` shows no stars are not sky."""
    count, channels = len(frames.usable), len(plan.channels)
    if order < 0:
        clear = np.zeros((channels, SKY_SAMPLES, SKY_SAMPLES), np.float32)
        return FrameSkies(np.zeros((channels, count, 1)), (None,) * count, clear)
    noise: FloatArray = np.array([noise_by_channel(plan, m.noise) for m in measurements], np.float64).T / scale
    if mosaic_of(frames) is not None:
        return _skies_of_mosaic(context, frames, plan, measurements, (scale, noise), order, evidence)
    places, reference = Places(plan.channel_shape, SKY_SAMPLES, SKY_SAMPLES), frames.reference_position
    shape = (places.down, places.across)
    x, y = places.grid((slice(None), slice(None)))
    sky = _skies(frames, plan, measurements, x, y)
    for i in _frames_with_blocked(evidence):
        sky[:, i, _hidden(evidence, measurements, i, plan.step, x, y)] = np.nan
    x, y = x / plan.channel_shape[1], y / plan.channel_shape[0]
    surfaces, clouds = [], np.zeros((channels, count, *shape), np.float32)
    clear = np.zeros((channels, *shape), np.float32)
    for c, (levels, a) in enumerate(zip(sky, scale, strict=True)):
        rest = levels / a[:, None] - levels[reference]
        found = np.array([_surface(difference, x, y, order) for difference in rest])
        rest -= np.array([evaluate_surface(surface, x, y) for surface in found])
        mean = mean_shape(found, noise[c], x, y)
        found -= mean
        rest, scene = rest.reshape(-1, *shape), (levels[reference] + evaluate_surface(mean, x, y)).reshape(shape)
        clouds[c], clear[c] = residual_clouds(rest, noise[c], scene), fill_unknown(clear_sky(rest) + scene)
        surfaces.append(found)
    return FrameSkies(np.array(surfaces), tuple(Clouds(own) if own.any() else None for own in np.moveaxis(clouds, 1, 0)), clear)


def _skies_of_mosaic(context: RunContext, frames: FrameSet, plan: CanvasPlan, measurements: tuple[FrameMeasurement, ...],
                     scale_and_noise: tuple[FloatArray, FloatArray], order: int, evidence: StarEvidence | None) -> FrameSkies:
    """:func:`frame_skies` of a mosaic, with the ``scale`` and ``noise`` (C, N) of the frames. Each frame is sampled around its
    own place only."""
    (h, w), count = plan.channel_shape, len(frames.usable)
    smallest = min(frames.shape) / plan.step
    spacing = max(smallest / MOSAIC_SAMPLES, max(w, h) / MAX_PLACES,
                  np.sqrt(count * np.prod(frames.shape) / plan.step**2 / MAX_SAMPLES))
    places = Places((h, w), max(round(h / spacing), 1), max(round(w / spacing), 1))
    side = float(np.clip(plan.step * spacing, MIN_PATCH, MAX_PATCH))
    windows = [places.window(box) for box in footprints(plan, frames.usable).tolist()]
    samples, levels = _mosaic_samples(context, frames, PatchJob(plan, places, side, check=context.check), windows,
                                      lambda i, x, y: _hidden(evidence, measurements, i, plan.step, x, y))
    shape = (places.down, places.across)
    surfaces, clear = [], np.zeros((len(levels), *shape), np.float32)
    clouds: list[list[FloatArray | None]] = []
    for c, (level, a, noise) in enumerate(zip(levels, *scale_and_noise, strict=True)):
        own = replace(samples, value=level / a[samples.frame],
                      pattern=_shaded(samples, level, a) if order > 0 else samples.pattern[:, :0])
        found = common_surfaces(own, frames.reference_position, min(order, MOSAIC_ORDER))
        rest = own.value - own.surfaces(found)
        sky = np.zeros(shape) if count < FRAMES_OF_CLEAR_SKY else own.medians(rest, FRAMES_OF_CLEAR_SKY).reshape(shape)
        contrast, clear[c] = contrast_of(sky), fill_unknown(sky)
        clouds.append([cloud_of(_of_frame(own, rest, i, shape, window) - sky[window], float(noise[i]), contrast[window])
                       for i, window in enumerate(windows)])
        surfaces.append(found)
    terms = max(s.shape[1] for s in surfaces)
    corrections: list[Clouds | None] = []
    for i, (rows, columns) in enumerate(windows):
        light = [c[i] for c in clouds]
        size = (max(rows.stop - rows.start, 0), max(columns.stop - columns.start, 0))
        corrections.append(None if all(one is None for one in light) else Clouds(
            np.array([np.zeros(size) if one is None else one for one in light], np.float32), (rows.start, columns.start, *shape)))
    return FrameSkies(np.array([np.pad(s, ((0, 0), (0, terms - s.shape[1]))) for s in surfaces]), tuple(corrections), clear)


def _of_frame(samples: SkySamples, values: FloatArray, frame: int, shape: tuple[int, int],
              window: tuple[slice, slice]) -> FloatArray:
    """Values (M,) of a frame in its window of the places (down, across) of ``shape``, NaN where it has none."""
    rows, columns = window
    first, last = np.searchsorted(samples.frame, (frame, frame + 1))
    j, i = np.divmod(samples.place[first:last], shape[1])
    result = np.full((max(rows.stop - rows.start, 0), max(columns.stop - columns.start, 0)), np.nan)
    result[j - rows.start, i - columns.start] = values[first:last]
    return result


def _skies(frames: FrameSet, plan: CanvasPlan, measurements: tuple[FrameMeasurement, ...], x: FloatArray,
           y: FloatArray) -> FloatArray:
    """Sky (C, N, P) of each frame at positions on the channel grid, NaN outside the frame."""
    sky = np.full((len(plan.channels), len(frames.usable), x.size), np.nan)
    for i, frame in enumerate(frames.usable):
        u, v = plan.positions_in_frame(frame, x, y)
        inside = (u >= 0) & (v >= 0) & (u <= frame.shape[1] - 1) & (v <= frame.shape[0] - 1)
        inside &= has_data(frame.pixels, u, v)
        levels = sample_mesh(measurements[i].background_mesh, measurements[i].mesh_centers, u, v)
        sky[:, i] = np.where(inside, by_channel(plan, levels), np.nan)
    return sky


def _mosaic_samples(context: RunContext, frames: FrameSet, job: PatchJob, windows: list[tuple[slice, slice]],
                    hidden: Callable[[int, FloatArray, FloatArray], NDArray[np.bool_]]) -> tuple[SkySamples, FloatArray]:
    """The samples of all frames in the squares of the job that are inside the frame and not ``hidden``, with the terms of the
    vignetting there, and their levels (C, M); x and y are from 0 to 1 of the canvas.

    All frames are measured in the same parts of the sky: levels that are interpolated between cells of each frame would differ
    where a nebula is bright, most of all at the borders, where panels meet.
    """
    usable, places, (h, w) = frames.usable, job.places, job.places.shape
    at_once = min(context.frames_at_once(s) for s in {f.shape for f in usable})
    found: list[tuple[NDArray[np.int64], FloatArray, NDArray[np.float32]]] = []
    items = list(zip(usable, windows, strict=True))
    for i, levels in enumerate(context.executor.frames(_patches, job, items, at_once=at_once)):
        x, y = places.grid(windows[i])
        known: NDArray[np.bool_] = np.asarray(np.isfinite(levels).all(axis=0) & ~hidden(i, x, y))
        rows, columns = (np.arange(part.start, part.stop) for part in windows[i])
        place = (rows[:, None] * places.across + columns).ravel()[known]
        u, v = job.plan.positions_in_frame(usable[i], x[known], y[known])
        found.append((place, by_channel(job.plan, levels[:, known]), _vignetting(u, v, usable[i].shape).astype(np.float32)))
        context.progress(i + 1, len(usable), "sky")
    place, levels, pattern = (np.concatenate(parts, axis=axis) for parts, axis in zip(zip(*found, strict=True), (0, 1, 0),
                                                                                     strict=True))
    frame = np.repeat(np.arange(len(usable)), [len(p) for p, _, _ in found])
    x, y = places.grid((slice(None), slice(None)))
    return SkySamples(len(usable), frame, place, levels[0], x / w, y / h, pattern), levels


def _patches(job: PatchJob, item: tuple[Frame, tuple[slice, slice]], threads: int) -> FloatArray:
    """Levels (planes, n) of the sky of a frame in a window of the places; NaN where a square is not inside the frame or reaches
    pixels without data."""
    frame, window = item
    data = frame.pixels.read()
    u, v = job.plan.positions_in_frame(frame, *job.places.grid(window))
    every = 2 if data.ndim == 2 and job.plan.cfa else 1
    planes = list(data) if data.ndim == 3 else [data[j::every, i::every] for j in range(every) for i in range(every)]
    side = max(round(job.side / frame.scale / every), 1)
    middle = (every - 1) / 2
    levels = np.array([patch_levels(np.ascontiguousarray(p), (u - middle) / every, (v - middle) / every, side) for p in planes])
    reach = every * side / 2
    for dx, dy in ((-1, -1), (-1, 1), (0, 0), (1, -1), (1, 1)):
        levels[:, ~has_data(frame.pixels, u + reach * dx, v + reach * dy)] = np.nan
    return levels


def _frames_with_blocked(evidence: StarEvidence | None) -> list[int]:
    """The frames that do not show a part of the sky."""
    return [] if evidence is None else evidence.covered


def _hidden(evidence: StarEvidence | None, measurements: tuple[FrameMeasurement, ...], frame: int, step: int, x: FloatArray,
            y: FloatArray) -> NDArray[np.bool_]:
    """(n,) positions where the cells of the background from which the samples come reach a part without stars."""
    if evidence is None or not (evidence.of(frame)[1] == 1).any():
        return np.zeros(len(x), np.bool_)
    down, across = (HIDDEN_CELLS * float(np.diff(c).mean()) / step if len(c) > 1 else 0.0
                    for c in measurements[frame].mesh_centers)
    around = [evidence.blocked(frame, x + a * across, y + b * down) for a in (-1, 0, 1) for b in (-1, 0, 1)]
    return np.asarray(np.any(around, axis=0), np.bool_)


def _surface(difference: FloatArray, x: FloatArray, y: FloatArray, order: int) -> FloatArray:
    """Coefficients of the polynomial through the known values of a difference of skies (P,)."""
    result, good = np.zeros(len(surface_terms(order))), np.isfinite(difference)
    share = good.mean()
    # A small overlap does not constrain the curvature of a surface.
    usable_order = order if share > MIN_OVERLAP_FULL else min(order, 1) if share > MIN_OVERLAP_LINEAR else 0
    if good.any():
        fitted = fit_surface(x[good], y[good], difference[good], usable_order)
        result[: len(fitted)] = fitted
    return result


def _vignetting(u: FloatArray, v: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """(P, VIGNETTING) the terms of the vignetting in a frame of ``shape``: second order, and the fourth power of the radius."""
    half = 0.5 * np.hypot(*shape)
    across, down = (u - (shape[1] - 1) / 2) / half, (v - (shape[0] - 1) / 2) / half
    return np.stack([across**2, across * down, down**2, (across**2 + down**2) ** 2], 1)


def _shaded(samples: SkySamples, sky: FloatArray, scale: FloatArray) -> NDArray[np.float32]:
    """(M, 2 T): the pattern (M, T) times the level of the sky (M,) of each frame, and times the mean level, because a pedestal
    that no bias removed is not subject to vignetting."""
    bounds = samples.bounds().tolist()
    level = np.array([np.median(sky[a:b]) if b > a else 0.0 for a, b in pairwise(bounds)])
    both = (level / scale, level.mean() / scale)
    return np.concatenate([samples.pattern * b[samples.frame, None].astype(np.float32) for b in both], axis=1)
