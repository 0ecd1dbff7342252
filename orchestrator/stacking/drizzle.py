"""Drizzle of the calibrated frames (Fruchter & Hook 2002, PASP 114:144) with local weights, by the library of STScI.

Pixels of a CFA mosaic are drizzled directly to the channel of their colour, without demosaicing. Runs after the mean, whose
rejection masks it uses.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.bad_pixels import doubtful_places
from orchestrator.engines.base import Frame
from orchestrator.engines.no_data import has_data
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.frame_reading import rows_of
from orchestrator.stacking.rejection_masks import Rejections
from orchestrator.stacking.state import Stack
from orchestrator.stacking.weighted_mean import StackJob
from tilecore.calibrate.repaired_pixels import REPAIRED_VALIDITY
from tilecore.cfa import mosaic as cfa_module
from tilecore.stack.grid import interpolate_tiles

__all__ = ["drizzle"]

FloatImage = NDArray[np.float32]

# Output rows per unit of work, in canvas pixels; frames are read with a few more rows.
BAND_ROWS = 256
# Fewest output rows per unit of work.
MIN_BAND_ROWS = 64
# Lines of a frame whose samples are normalised at once.
LINES = 32
# Share of the median weight at or below which an output pixel counts as a hole.
MIN_WEIGHT = 0.02
# Sides (px) of the boxes from which holes are filled, tried in this order.
FILL_BOXES = (3, 5, 9, 17)


@dataclass(frozen=True)
class DrizzleJob(Job):
    """``base`` holds frames, weights and normalisation; its canvas has one channel per colour and full resolution."""

    base: StackJob
    cfa: str | None
    scale: float
    pixfrac: float
    kernel: str
    rejections: Rejections

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns) of the output."""
        rows, columns = self.base.plan.channel_shape
        return round(rows * self.scale), round(columns * self.scale)


def drizzle(context: RunContext, base: StackJob, cfa: str | None, stack: Stack, rejections: Rejections) -> tuple[Stack, int]:
    """The drizzled stack, on a canvas ``reconstruction.scale`` times finer, and the number of pixels that lack a colour.

    Such pixels are filled from their neighbours, so that later steps do not ring around them.
    """
    settings = context.config.reconstruction
    job = DrizzleJob(base, cfa, settings.scale, settings.pixfrac, settings.kernel, rejections, check=context.check)
    rows, columns = job.shape
    # The same bands for every executor, because the library rounds positions relative to the band.
    step = max(round(BAND_ROWS * settings.scale), MIN_BAND_ROWS)
    bands = [(first, min(first + step, rows)) for first in range(0, rows, step)]
    channels = len(base.plan.channels)
    arrays = [context.picture((channels, rows, columns)) for _ in range(5)]
    for done, ((first, last), found) in enumerate(zip(bands, context.executor.heavy(drizzle_band, job, bands), strict=True), 1):
        for array, values in zip(arrays, found, strict=True):
            array[:, first:last] = values
        context.progress(done, len(bands), "drizzling")
    mean, variance, weight, count, noise = arrays
    holes = sum(_fill(mean[c], variance[c], weight[c], count.max(axis=0)) for c in range(channels))
    rejected = context.picture(count.shape) if settings.scale != 1 else stack.rejected
    return Stack(mean, variance, weight, count, rejected, noise), holes


def drizzle_band(job: DrizzleJob, rows: tuple[int, int], threads: int) -> list[FloatImage]:
    """Mean, variance, sum of weights, number of frames and noise of the output rows ``rows``, each (C, last - first, columns)."""
    from drizzle.resample import Drizzle  # type: ignore[import-untyped]

    first, last = rows
    shape = (last - first, job.shape[1])
    channels = range(len(job.base.plan.channels))
    # Of the two halves of the frames.
    drizzles = [[Drizzle(kernel=job.kernel, fillval="0", out_shape=shape, disable_ctx=True, out_img2=[None]) for _ in channels]
                for _ in range(2)]
    second = job.base.second_half
    count = np.zeros((len(channels), *shape), np.float32)
    for index in range(len(job.base.frames)):
        job.stop_if_asked()
        seen = _read_lines(job, index, first, last)
        if seen is None:
            continue
        pixmap = np.stack([(seen.x + 0.5) * job.scale - 0.5, (seen.y + 0.5) * job.scale - 0.5 - first], -1)
        for c in channels:
            values, variance, weight = _samples(job, index, c, seen)
            half = drizzles[int(second[index])][c]
            before = half.out_wht.copy()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the library warns about frames outside the band
                half.add_image(values, 1.0, pixmap, data2=variance, weight_map=weight, pixel_scale_ratio=1 / job.scale,
                               pixfrac=job.pixfrac)
            count[c] += half.out_wht > before
    joined = [_join((d.out_img, d.out_img2[0], d.out_wht) for d in halves) for halves in zip(*drizzles, strict=True)]
    mean, variance, weight, noise = (np.stack([j[k] for j in joined]) for k in range(4))
    return [mean, variance, weight, count, noise]


def _join(halves: Iterable[tuple[FloatImage, FloatImage, FloatImage]]) -> tuple[FloatImage, FloatImage, FloatImage, FloatImage]:
    """Mean, variance, sum of weights and noise (:class:`Stack`) of two stacks (mean, variance, sum of weights)."""
    (a, variance_a, p), (b, variance_b, q) = halves
    total = p + q
    safe = np.where(total > 0, total, 1)
    noise = np.where((p > 0) & (q > 0), np.sqrt(p * q) / safe * (a - b), np.where(total > 0, np.float32("nan"), 0))
    mean, variance = (p * a + q * b) / safe, (p**2 * variance_a + q**2 * variance_b) / safe**2
    return mean.astype(np.float32), variance.astype(np.float32), total, noise.astype(np.float32)


@dataclass(frozen=True)
class Seen:
    """The lines of a frame that reach a band: pixels (h, w) or (3, h, w), their positions ``x``, ``y`` on the canvas, the
    nearest canvas pixels ``row``, ``column``, all (h, w), whether those are ``inside`` the ``block``, the ``colors`` of the
    pixels of a CFA mosaic, and their ``trust``, a factor of their weight."""

    pixels: FloatImage
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    inside: NDArray[np.bool_]
    block: Block
    colors: NDArray[np.integer] | None
    trust: FloatImage


def _read_lines(job: DrizzleJob, index: int, first: int, last: int) -> Seen | None:
    """The lines of a frame for the output rows ``first:last``; None if it does not reach them."""
    plan, frame = job.base.plan, job.base.frames[index]
    width = frame.pixels.shape[-1]
    y0, y1 = max(int(first / job.scale) - 2, 0), min(int(np.ceil(last / job.scale)) + 2, plan.shape[0])
    lines = rows_of(plan, frame, y0, y1, 3)
    if lines is None:
        return None
    v, u = np.arange(*lines)[:, None], np.arange(width)[None]
    x, y = _on_canvas(plan, frame, u, v)
    column, row = np.rint(x).astype(int), np.rint(y).astype(int)
    inside = (row >= y0) & (row < y1) & (column >= 0) & (column < plan.shape[1])
    if not inside.any():
        return None
    colors = None if job.cfa is None else cfa_module.color_map(job.cfa)[v % 2, u % 2]
    pixels = frame.pixels.read(*lines)
    doubtful, trust = doubtful_places(frame.pixels, pixels, lines[0], mosaic=job.cfa is not None), np.ones(x.shape, np.float32)
    trust[doubtful[0] - lines[0], doubtful[1]] = REPAIRED_VALIDITY
    trust[~has_data(frame.pixels, np.broadcast_to(u, x.shape), np.broadcast_to(v, x.shape))] = 0
    return Seen(pixels, x, y, np.clip(row, y0, y1 - 1), np.clip(column, 0, plan.shape[1] - 1), inside,
                Block(y0, y1, 0, plan.shape[1]), colors, trust)


def _on_canvas(plan: CanvasPlan, frame: Frame, u: NDArray[np.int64],
               v: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions x, y (h, w) on the canvas of pixels of a frame, columns ``u`` (1, w) and rows ``v`` (h, 1)."""
    if plan.is_curved(frame):
        u, v = np.broadcast_arrays(u, v)
        x, y = plan.on_canvas(frame, np.stack([u.ravel(), v.ravel()], axis=1).astype(np.float64)).T.reshape(2, *u.shape)
        return x, y
    to_canvas = plan.to_canvas(frame)
    x, y, d = (to_canvas[k, 0] * u + to_canvas[k, 1] * v + to_canvas[k, 2] for k in range(3))
    x /= d
    y /= d
    return x, y


def _samples(job: DrizzleJob, index: int, channel: int, seen: Seen) -> tuple[FloatImage, FloatImage, FloatImage]:
    """Normalised pixels of one channel of a frame, their variance and weight (0 for unused pixels), (h, w) each."""
    base, block = job.base, seen.block
    rejected = job.rejections.mask(channel, index, block)
    rows = slice(block.y0, block.y1)
    usual = float(base.typical_noise[channel, index])
    weights, noise = (interpolate_tiles(base.slots.whole(values[channel], index, outside), base.grid, rows)
                      for values, outside in ((base.weights, 0.0), (base.noise, usual)))
    plane = seen.pixels[channel] if seen.pixels.ndim == 3 else seen.pixels
    values, variance, weight = (np.empty(plane.shape, np.float32) for _ in range(3))
    for first in range(0, len(plane), LINES):  # positions are in double precision: of a few lines at once
        part = slice(first, first + LINES)
        place = (seen.row[part] - block.y0, seen.column[part])
        good = seen.inside[part] & ~rejected[place]
        if seen.colors is not None:
            good &= seen.colors[part] == "RGB".index(base.plan.channels[channel])
        y, x = seen.y[part] / base.plan.shape[0], seen.x[part] / base.plan.shape[1]
        sky = np.polynomial.polynomial.polyval2d(y, x, base.surfaces[channel, index])
        normalized = (plane[part] * base.scale[channel, index] - sky)[None]
        values[part] = base.sky_corrections[index].corrected(normalized, y, x, slice(channel, channel + 1))[0]
        variance[part] = noise[place] ** 2
        weight[part] = np.where(good, weights[place] * seen.trust[part], 0)
    return values, variance, weight


def _fill(image: FloatImage, variance: FloatImage, weight: FloatImage, count: FloatImage) -> int:
    """Fill pixels that have samples of another colour but not of this one with the weighted mean of their neighbours, in place.

    Returns the number of such pixels.
    """
    usual = float(np.median(weight[weight > 0])) if np.any(weight > 0) else 0.0
    holes = (weight <= MIN_WEIGHT * usual) & (count > 0)
    found = int(holes.sum())
    for reach in FILL_BOXES:
        if not holes.any():
            break
        known = np.where(holes, 0, weight)
        near = cv2.blur(known, (reach, reach))
        ready = holes & (near > 0)
        for array in (image, variance):
            array[ready] = (cv2.blur(known * array, (reach, reach))[ready] / near[ready])
        holes &= ~ready
    image[holes] = 0
    return found
