"""Proper co-addition of the registered frames in bands of tiles (METHODS 8). Runs after the mean, which replaces rejected and
missing pixels and the cores of saturated stars."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import compress

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.rejection_masks import Rejections
from orchestrator.stacking.state import RunState, Stack
from orchestrator.stacking.weighted_mean import StackJob, frames_in_stack
from tilecore.detect.metrics import FrameMeasurement, sample_mesh
from tilecore.detect.psf import PIXEL_FWHM2, PsfModel, otf_table, shape_of
from tilecore.detect.stars import detect
from tilecore.stack.grid import TileGrid
from tilecore.stack.proper_coadd import Band, Layout, Target, common_target, make_layout, mean_fwhm, moffat_target, target_image
from tilecore.stack.weights import shrink

__all__ = ["ProperResult", "coadd", "likely_tensor"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Share of the tiles that reach the target PSF without sharpening.
EASY_SHARE = 0.25
# Fraction of the saturation level above which pixels may not follow the PSF.
NEAR_SATURATION = 0.9
# Radius (FWHM) around such pixels in which the mean is used; it fades out over the same distance.
CORE_FWHM = 2.0
# Smallest FWHM (px) for that radius.
MIN_CORE_FWHM = 1.5
# FWHM (px) if that of no frame is known.
DEFAULT_FWHM = 3.0
# Stars of the mean on which the blur of interpolation is measured ...
BLUR_STARS = 40
# ... the fewest of them, ...
MIN_BLUR_STARS = 5
# ... and their smallest signal-to-noise ratio.
MIN_BLUR_SNR = 20
# Largest blur (px^2).
MAX_BLUR = 6.0
# Smallest share of a tile that a frame must cover to count in it.
MIN_COVER = 0.05


@dataclass(frozen=True)
class ProperResult:
    """``stack`` with the co-added image in place of the mean; the target PSF of each channel, and its image ``psf`` (C, size,
    size)."""

    stack: Stack
    targets: tuple[Target, ...]
    psf: NDArray[np.float32]


@dataclass(frozen=True)
class ProperJob(Job):
    """C channels, N frames, tiles (n_y, n_x) of the layout: ``weight`` (C, N, n_y, n_x), the PSF as ``tensor``
    (C, N, n_y, n_x, 2, 2) and ``beta`` (N,), ``saturation`` (C, N) of the normalised frames."""

    base: StackJob
    layout: Layout
    weight: FloatArray
    tensor: FloatArray
    beta: FloatArray
    saturation: FloatArray
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class BandItem:
    """A band of tile rows ``first:last``, the mean on its rows (C, h, w), and the pixels rejected there."""

    first: int
    last: int
    mean: FloatImage
    rejections: Rejections


def coadd(context: RunContext, state: RunState, base: StackJob, stack: Stack, rejections: Rejections) -> ProperResult:
    """Co-add all frames of ``base``; ``stack`` is their mean."""
    plan = base.plan
    settings = context.config.reconstruction
    measurements = tuple(compress(state.measurements, frames_in_stack(context, state)))
    fwhm = float(np.median([m.fwhm for m in measurements if np.isfinite(m.fwhm)] or [DEFAULT_FWHM])) / plan.step
    layout = make_layout(plan.channel_shape, fwhm)
    optical, cover = _psf_on_canvas(plan, base.frames, measurements, layout)
    centers_y, centers_x = layout.centers()
    # Outside of its tiles a frame has no data.
    weight = np.array([[
        _at_tiles(base.slots.whole(noise, i, float(usual)), base.grid, centers_y, centers_x) for i, usual in enumerate(typical)]
        for noise, typical in zip(base.noise, base.typical_noise, strict=True)]) ** -2.0
    weight *= cover > MIN_COVER
    beta = np.array([m.psf.beta for m in measurements])
    pixel = 1 / plan.step
    blur = [_sampling_blur(stack.mean[c], base, c, optical, weight[c], beta, layout) for c in range(len(weight))]
    tensor = optical + np.array(blur)[:, None, None, None, None, None] * np.eye(2)
    tiles = (len(base.frames), -1)
    targets = tuple(
        common_target(t.reshape(len(t), -1, 2, 2), w.reshape(tiles), beta, EASY_SHARE, pixel)
        if settings.target_fwhm == "auto" else moffat_target(settings.target_fwhm / plan.step, float(np.median(beta)), pixel)
        for t, w in zip(tensor, weight, strict=True))
    saturation = np.array([f.saturation for f in base.frames]) * NEAR_SATURATION * base.scale
    job = ProperJob(base, layout, weight, tensor, beta, saturation, targets, check=context.check)
    image, variance, noise, share = (context.picture(stack.mean.shape) for _ in range(4))
    window_y, window_x = layout.windows()
    bands = list(_bands(job, context))
    items = [BandItem(a, b, *_on_rows(job, a, b, stack, rejections)) for a, b in bands]
    found = context.executor.heavy(coadd_band, job, items)
    for done, ((first, last), (tiles_found, halves_found, variance_found, cores)) in enumerate(zip(bands, found, strict=True), 1):
        for j in range(first, last):
            for i, x in enumerate(layout.starts_x):
                y = layout.starts_y[j]
                h, w = min(layout.core, layout.shape[0] - y), min(layout.core, layout.shape[1] - x)
                window = window_y[j][:h, None] * window_x[i][None, :w]
                place = (slice(None), slice(y, y + h), slice(x, x + w))
                t = (j - first) * len(layout.starts_x) + i
                image[place] += tiles_found[:, t, :h, :w] * window
                noise[place] += halves_found[:, t, :h, :w] * window
                variance[place] += variance_found[:, t, None, None].astype(np.float32) * window
        y0, y1 = _inside(job, first, last)
        share[:, y0:y1] = np.maximum(share[:, y0:y1], cores)
        context.progress(done, len(bands), "co-adding")
    for c in range(len(image)):
        covered, part = stack.count[c] > 0, _core_blend(share[c], max(fwhm, MIN_CORE_FWHM))
        image[c] = np.where(covered, image[c] + part * (stack.mean[c] - image[c]), 0)
        variance[c] = np.where(covered, variance[c] + part * (stack.variance[c] - variance[c]), 0)
        # The mean stands in for rejected samples; it has no part in the difference of the halves.
        noise[c] *= stack.count[c] / np.maximum(stack.count[c] - stack.rejected[c], 1)
        of_mean = np.where(np.isfinite(stack.noise[c]), stack.noise[c], noise[c])
        noise[c] = np.where(covered, noise[c] + part * (of_mean - noise[c]), 0)
    psf = np.array([target_image(t, layout.size, pixel) for t in targets], np.float32)
    return ProperResult(Stack(image, variance, stack.weight, stack.count, stack.rejected, noise),
                        targets, psf)


def _bands(job: ProperJob, context: RunContext) -> Iterator[tuple[int, int]]:
    """Bands of tile rows whose sums fit the budget, at least two for each unit that runs at once."""
    layout, units = job.layout, context.executor.blocks
    per_row = len(layout.starts_x) * layout.size * (layout.size // 2 + 1) * 32 * len(job.targets)
    rows = len(layout.starts_y)
    most = rows if units == 1 else max(rows // (2 * units), 1)
    step = int(np.clip(context.block_budget // (4 * per_row), 1, most))
    for first in range(0, rows, step):
        yield first, min(first + step, rows)


def _inside(job: ProperJob, first: int, last: int) -> tuple[int, int]:
    """Rows of the image that a band needs."""
    y0, y1 = Band.rows_of(job.layout, first, last)
    return max(y0, 0), min(y1, job.layout.shape[0])


def _on_rows(job: ProperJob, first: int, last: int, stack: Stack, rejections: Rejections) -> tuple[FloatImage, Rejections]:
    y0, y1 = _inside(job, first, last)
    return stack.mean[:, y0:y1], rejections.rows(y0, y1)


def coadd_band(job: ProperJob, item: BandItem, threads: int) -> tuple[FloatImage, FloatImage, FloatArray, FloatImage]:
    """Tiles of a band and their noise, from the halves of the frames, (C, tiles, core, core) each; the variance of their noise
    (C, tiles); and a mask of the pixels where any frame is saturated (C, rows, columns) on the rows of the band."""
    layout, plan = job.layout, job.base.plan
    y0, y1 = _inside(job, item.first, item.last)
    block = Block(y0, y1, 0, layout.shape[1])
    channels = range(len(plan.channels))
    xp = job.base.xp
    bands = [Band(layout, item.first, item.last, 1 / plan.step, xp) for _ in channels]
    top, bottom = Band.rows_of(layout, item.first, item.last)
    right = max(layout.starts_x[-1] + layout.core + layout.pad - layout.shape[1], 0)
    padding = ((y0 - top, bottom - y1), (layout.pad, right))
    saturated = np.zeros(item.mean.shape, bool)
    tiles, second = slice(item.first, item.last), job.base.second_half

    def read(index: int) -> tuple[FloatImage, FloatImage] | None:
        job.stop_if_asked()
        if not job.weight[:, index, tiles].any():
            return None
        cube = np.empty((len(plan.channels), 1, *block.shape), np.float32)
        valid = np.empty((1, *block.shape), np.float32)
        job.base.read(index, block, cube, valid, 0)
        return cube[:, 0], valid[0]

    with ThreadPoolExecutor(max(threads, 1)) as pool:
        for start in range(0, len(job.base.frames), threads):
            group = range(start, min(start + threads, len(job.base.frames)))
            for index, found in zip(group, pool.map(read, group), strict=True):
                if found is None:
                    continue
                table = otf_table(float(job.beta[index]))
                for c in channels:
                    pixels, good = found[0][c], np.where(item.rejections.mask(c, index, block), 0, found[1])
                    saturated[c] |= pixels >= job.saturation[c, index]
                    complete = item.mean[c] + good * (pixels - item.mean[c])
                    tensor = job.tensor[c, index, tiles].reshape(-1, 2, 2)
                    strip = np.pad(complete, padding, mode="symmetric")
                    bands[c].add(strip, job.weight[c, index, tiles].ravel(), tensor, table, threads, second=bool(second[index]))
    finished = [band.finish(target, threads) for band, target in zip(bands, job.targets, strict=True)]
    return (np.stack([f[0] for f in finished]), np.stack([f[1] for f in finished]), np.stack([f[2] for f in finished]),
            saturated.astype(np.float32))


def _psf_on_canvas(plan: CanvasPlan, frames: tuple[Frame, ...], measurements: tuple[FrameMeasurement, ...],
                   layout: Layout) -> tuple[FloatArray, FloatArray]:
    """PSF tensors (N, n_y, n_x, 2, 2) in px^2 of the channel grid, and the share (N, n_y, n_x) of each tile inside the frame."""
    y, x = layout.centers()
    yy, xx = np.meshgrid(y, x, indexing="ij")
    tensors, covers = [], []
    offset = (np.arange(4) - 1.5) / 4 * layout.core
    for frame, m in zip(frames, measurements, strict=True):
        u, v = plan.positions_in_frame(frame, xx, yy)
        height, width = frame.pixels.shape[-2:]
        jacobian = plan.slopes(frame, xx, yy)
        tensor = likely_tensor(m.psf, np.clip(u, 0, width - 1), np.clip(v, 0, height - 1))
        tensors.append(jacobian @ tensor @ np.swapaxes(jacobian, -1, -2))
        su, sv = plan.positions_in_frame(frame, xx[..., None, None] + offset, yy[..., None, None] + offset[:, None])
        covers.append(((su >= 0) & (sv >= 0) & (su <= width - 1) & (sv <= height - 1)).mean(axis=(-1, -2)))
    return np.array(tensors), np.array(covers)


def likely_tensor(psf: PsfModel, x: FloatArray, y: FloatArray) -> FloatArray:
    """:meth:`PsfModel.tensor` (n_y, n_x, 2, 2) at positions (n_y, n_x) of a frame, without the variation of the width that may be
    noise: few or faint stars do not determine it."""
    fwhm = psf.fwhm(x, y)
    likely = shrink(fwhm[None], psf.fwhm_error(x, y)[None])[0]
    return np.asarray(psf.tensor(x, y) * ((likely / fwhm) ** 2)[..., None, None])


def _sampling_blur(mean: FloatImage, base: StackJob, channel: int, optical: FloatArray, weight: FloatArray, beta: FloatArray,
                   layout: Layout) -> float:
    """Contribution of demosaicing and interpolation to FWHM^2 (px^2): stars of the mean compared with the mean PSF of the
    frames."""
    stars = detect(mean)
    stars = stars[~stars["saturated"] & (stars["snr"] > MIN_BLUR_SNR)][:BLUR_STARS]
    if len(stars) < MIN_BLUR_STARS:
        return 0.0
    y, x = layout.centers()
    widths = shape_of(optical)[0]
    j = np.argmin(np.abs(stars["y"][:, None] - y), axis=1)
    i = np.argmin(np.abs(stars["x"][:, None] - x), axis=1)
    ty = np.argmin(np.abs(stars["y"][:, None] - base.grid.centers()[:, 0, 0]), axis=1)
    tx = np.argmin(np.abs(stars["x"][:, None] - base.grid.centers()[0, :, 1]), axis=1)
    pixel = 1 / base.plan.step
    excess = []
    for s in range(len(stars)):
        own = base.slots.dense(base.weights[channel], np.arange(len(base.frames)), ty[s: s + 1], tx[s: s + 1])
        w = own.ravel() * (weight[:, j[s], i[s]] > 0)
        if w.sum() > 0:
            expected = mean_fwhm(widths[:, j[s], i[s]], w.astype(np.float64), beta, pixel)
            # The detector has subtracted the pixel from the measured FWHM; here the sensor's pixel is included.
            excess.append(stars["fwhm"][s] ** 2 + PIXEL_FWHM2 - expected**2)
    return float(np.clip(np.median(excess), 0, MAX_BLUR)) if excess else 0.0


def _at_tiles(values: NDArray[np.float32], grid: TileGrid, y: FloatArray, x: FloatArray) -> FloatArray:
    """Values (ty, tx) of the weight grid at the tiles of the layout."""
    centers = grid.centers()
    xx, yy = np.meshgrid(x, y)
    sampled = sample_mesh(values[None].astype(np.float64), (centers[:, 0][:, 0], centers[0][:, 1]), xx.ravel(), yy.ravel())
    return sampled.reshape(len(y), len(x))


def _core_blend(saturated: FloatImage, fwhm: float) -> FloatImage:
    """(h, w) 0..1: 1 around saturated pixels, fading out."""
    if not saturated.any():
        return np.zeros_like(saturated)
    distance = cv2.distanceTransform((saturated == 0).astype(np.uint8), cv2.DIST_L2, 5)
    ramp = np.clip(2 - distance / (CORE_FWHM * fwhm), 0, 1)
    return np.asarray(ramp * ramp * (3 - 2 * ramp), np.float32)
