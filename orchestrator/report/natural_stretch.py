"""The stretch of previews that look like pictures: a dark neutral sky, no colour noise in it, colours of stars kept.

Only the preview is changed. A plan is measured on a sample of the pixels; it is then applied to rows of the image.

1. Where the background was not extracted, a smooth surface along the dark parts of each channel is subtracted.
2. The darkest tenth of the field is the sky, and becomes neutral. Without colour calibration, red and blue are scaled so that the
   median of what is clearly brighter is grey.
3. Deviations of the channels from their mean are smoothed where the signal is lost in the noise, and kept on stars and nebulae.
4. One midtones curve of the level of a pixel; the channels keep the order of their ratios to it. The level is the mean in the
   noise and the largest channel on objects, so that a red nebula keeps its gradations instead of ending at full red. Saturated
   stars turn white, because the ratios of saturated channels are those of the gains.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.robust_surface import surface_terms
from tilecore.numerics.statistics import mad_sigma

__all__ = ["MARGIN", "NaturalPlan", "apply_plan", "apply_to_window", "plan_picture"]

FloatArray = NDArray[np.float64]

# Level of the sky in the picture.
SKY_LEVEL = 0.10
# Black point below the sky, in sigma of a pixel.
BLACK_SIGMA = 3.0
# Pixels of the sample that is measured.
SAMPLE = 600_000
# Blocks of the sample along its longer side, whose medians are levels of the background; share of a block with data.
BLOCKS = 24
LEAST_COVERED = 0.5
# Share of the blocks that are sky.
DARKEST = 0.1
# Order of the surface, weight in its fit of blocks above it, and rounds (asymmetric least squares).
ORDER = 2
ABOVE_WEIGHT = 0.05
ROUNDS = 20
# Signal (sigma of a pixel) from which a pixel shows an object, and the level from which it may be saturated.
BRIGHT_SIGMA = 10.0
SATURATED = 0.9
LEAST_BRIGHT = 50
LARGEST_GAIN = 4.0
# Width (px) of the smoothing of colours, and signal-to-noise between which it fades out.
COLOUR_WIDTH = 4.0
SMOOTHED_BELOW, KEPT_ABOVE = 2.0, 8.0
# Rows beside a strip that its smoothing needs.
MARGIN = int(4 * COLOUR_WIDTH)
# Exponent of the ratios of the channels: the values of a picture are not linear, a ratio of light would look exaggerated.
RATIO_EXPONENT = 0.65
# Light, relative to that of the black point, below which colours fade.
DARK_SHARE = 0.3
# Share of the largest values of the channels that two of a pixel must reach, between which it turns white.
WHITE_FROM, WHITE_TO = 0.7, 0.95
# Pixels near the largest value of a channel that show that stars are saturated, and the share of it where their edges begin.
PLATEAU, EDGE = 12, 0.85
# Rows that are compared at a time.
ROWS = 256


@dataclass(frozen=True)
class NaturalPlan:
    """Curve and colours of a picture of an image (C, h, w).

    ``surfaces`` (C, terms) are the coefficients of the background about its level, over coordinates from -1 to 1; ``sky``,
    ``gain``, ``noise`` (sigma of a pixel after the gain) and ``top`` (level of saturated stars, infinite if there are none) are
    those of the channels; ``black`` is the level below the sky that is 0, and ``balance`` the midtones balance.
    """

    shape: tuple[int, int]
    surfaces: FloatArray
    sky: FloatArray
    gain: FloatArray
    noise: FloatArray
    top: FloatArray
    black: float
    balance: float


def plan_picture(image: NDArray[np.float32], *, balanced: bool, level_sky: bool) -> NaturalPlan | None:
    """Measure the plan for an image (C, h, w), C = 1 or 3, 0 where it has no data; None for an image without data.

    ``balanced``: its colours are calibrated and stay; ``level_sky``: subtract a surface from its background.
    """
    shape = image.shape[1:]
    step = max(int(np.sqrt(shape[0] * shape[1] / SAMPLE)), 1)
    sample = image[:, ::step, ::step].astype(np.float32)
    covered = (sample != 0).any(axis=0)
    if not covered.any():
        return None
    levels, y, x = _block_levels(sample, covered)
    surfaces = np.zeros((len(image), len(surface_terms(ORDER))))
    if level_sky and np.isfinite(levels[0]).sum() >= 2 * surfaces.shape[1]:
        surfaces = np.stack([_lower_surface(channel, x, y) for channel in levels])
        v, u = (np.linspace(-1, 1, n) for n in sample.shape[1:])
        sample -= np.stack([_evaluate(s, u, v[:, None]) for s in surfaces]).astype(np.float32)
        levels = levels - np.stack([_evaluate(s, x, y) for s in surfaces])
    mean = levels.mean(axis=0)
    known = np.isfinite(mean)
    dark = known & (mean <= np.quantile(mean[known], DARKEST)) if known.any() else known
    sky = np.array([np.median(c[dark]) if dark.any() else np.median(s[covered]) for c, s in zip(levels, sample, strict=True)])
    # Neighbours differ by noise; those of the sample are apart, but alike on the sky.
    below = [s[covered & (s < level)] for s, level in zip(sample, sky, strict=True)]
    noise = np.array([mad_sigma(np.concatenate([b, 2 * level - b]), level) if b.size else 1e-6
                      for b, level in zip(below, sky, strict=True)])
    noise = np.maximum(noise, 1e-7)
    gain = np.ones(len(image)) if balanced or len(image) != 3 else _gains(sample, sky, noise)
    total = float(np.sqrt(((noise * gain) ** 2).sum())) / len(image)
    black = BLACK_SIGMA * total
    level = black / (1 + black)
    # midtones(level, balance) = SKY_LEVEL has this solution: the roles are exchanged.
    balance = float(np.clip((SKY_LEVEL - 1) * level / ((2 * SKY_LEVEL - 1) * level - SKY_LEVEL), 1e-6, 1 - 1e-6))
    top = np.array([_plateau(c) for c in image])
    return NaturalPlan((shape[0], shape[1]), surfaces, sky, gain, noise * gain, top, black, balance)


def _block_levels(sample: NDArray[np.float32], covered: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Medians (C, n) of blocks of a sample, NaN without data in any channel, and their places (n,) y, x from -1 to 1."""
    h, w = covered.shape
    size = max(max(h, w) // BLOCKS, 1)
    out, places = [], []
    for top in range(0, max(h - size // 2, 1), size):
        for left in range(0, max(w - size // 2, 1), size):
            part = (slice(top, top + size), slice(left, left + size))
            free = covered[part]
            enough = free.mean() >= LEAST_COVERED
            out.append([float(np.median(c[part][free])) if enough else np.nan for c in sample])
            places.append((2 * (top + free.shape[0] / 2) / h - 1, 2 * (left + free.shape[1] / 2) / w - 1))
    y, x = np.array(places).T
    return np.array(out, np.float64).T, y, x


def _lower_surface(levels: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """Coefficients of a surface along the lower side of levels (n,), without its median: objects only add light."""
    known = np.isfinite(levels)
    design = np.stack([x[known] ** i * y[known] ** j for i, j in surface_terms(ORDER)], 1)
    z, weights = levels[known], np.ones(int(known.sum()))
    found: FloatArray = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        root = np.sqrt(weights)
        found = np.asarray(np.linalg.lstsq(design * root[:, None], z * root, rcond=None)[0], np.float64)
        updated = np.where(z > design @ found, ABOVE_WEIGHT, 1.0)
        if (updated == weights).all():
            break
        weights = updated
    found[0] -= np.median(design @ found)
    return np.asarray(found)


def _evaluate(surface: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """A surface at places from -1 to 1."""
    return np.asarray(sum(c * x**i * y**j for c, (i, j) in zip(surface, surface_terms(ORDER), strict=True)))


def _gains(sample: NDArray[np.float32], sky: FloatArray, noise: FloatArray) -> FloatArray:
    """Factors (3,) that make the median colour of what is brighter than the sky grey; 1 where too little is."""
    light = sample - sky[:, None, None]
    bright = (light > BRIGHT_SIGMA * noise[:, None, None]).all(axis=0) & (sample.max(axis=0) < SATURATED)
    if bright.sum() < LEAST_BRIGHT:
        return np.ones(3)
    ratio = [float(np.median(light[1][bright] / light[c][bright])) for c in range(3)]
    return np.clip(ratio, 1 / LARGEST_GAIN, LARGEST_GAIN)


def _plateau(channel: NDArray[np.float32]) -> float:
    """Largest value of a channel (h, w) if many pixels are near it and fewer are a little lower, as in saturated stars; infinite
    for the peak of one star, and for a nebula, whose peak is not flat."""
    top = float(channel.max())
    near, lower = (sum(np.count_nonzero(channel[row: row + ROWS] >= share * top) for row in range(0, len(channel), ROWS))
                   for share in (WHITE_TO, EDGE))
    return top if top > 0 and near >= PLATEAU and near > lower - near else np.inf


def apply_plan(image: NDArray[np.float32], plan: NaturalPlan, first: int, stop: int) -> NDArray[np.float32]:
    """Rows ``first`` to ``stop`` of an image (C, h, w), stretched to 0..1 (C, rows, w); the same for any choice of rows."""
    start, end = max(first - MARGIN, 0), min(stop + MARGIN, plan.shape[0])
    v, u = np.linspace(-1, 1, plan.shape[0])[start:end], np.linspace(-1, 1, plan.shape[1])
    return apply_to_window(image[:, start:end], plan, (v, u), slice(first - start, stop - start), slice(None))


def apply_to_window(pixels: NDArray[np.float32], plan: NaturalPlan, places: tuple[FloatArray, FloatArray],
                    rows: slice, columns: slice) -> NDArray[np.float32]:
    """Part of an image (C, h, w), or of a reduced copy of it, stretched to 0..1: ``rows`` and ``columns`` of ``pixels``.

    ``places`` (h,), (w,) are the coordinates of ``pixels`` on the whole image, from -1 to 1. The smoothing of colours needs
    :data:`MARGIN` pixels around ``rows`` and ``columns``, unless they end at a border of the image.
    """
    v, u = places[0][:, None], places[1]
    light = np.stack([(c - np.float32(s) - _evaluate(f, u, v).astype(np.float32)) * np.float32(g)
                      for c, s, f, g in zip(pixels, plan.sky, plan.surfaces, plan.gain, strict=True)])
    covered = (pixels != 0).any(axis=0)
    level = light.mean(axis=0)
    if len(light) == 3:
        kept = _signal(level, plan)
        light = _without_colour_noise(light, level, kept)
        level = level + kept * (light.max(axis=0) - level)
    light, level, covered = light[:, rows, columns], level[rows, columns], covered[rows, columns]
    black = np.float32(plan.black)
    x = np.clip((level + black) / (1 + black), 0, 1)
    curve = (plan.balance - 1) * x / ((2 * plan.balance - 1) * x - plan.balance)
    # Dark clouds can be below the black point: there the channels are alike.
    least = np.float32(DARK_SHARE) * black
    ratio = (np.maximum(light + black, 0) + least) / (np.maximum(level + black, 0) + least)
    out = curve * (ratio if len(light) == 1 else ratio ** np.float32(RATIO_EXPONENT))
    out /= np.maximum(out.max(axis=0), 1)
    if len(light) == 3:
        near = np.median(pixels[:, rows, columns] / plan.top[:, None, None].astype(np.float32), axis=0)
        white = np.clip((near - WHITE_FROM) / (WHITE_TO - WHITE_FROM), 0, 1)
        out += (out.max(axis=0) - out) * white
    out[:, ~covered] = 0
    return np.asarray(out, np.float32)


def _signal(mean: NDArray[np.float32], plan: NaturalPlan) -> NDArray[np.float32]:
    """From 0, where the mean (h, w) of the channels is lost in the noise, to 1 on stars and nebulae."""
    # A mean over 3 x 3 pixels has a third of the noise.
    sigma = np.float32(np.sqrt((plan.noise**2).sum()) / 9)
    signal = cv2.blur(mean, (3, 3), borderType=cv2.BORDER_REFLECT_101) / sigma
    return np.asarray(np.clip((signal - SMOOTHED_BELOW) / (KEPT_ABOVE - SMOOTHED_BELOW), 0, 1), np.float32)


def _without_colour_noise(light: NDArray[np.float32], mean: NDArray[np.float32],
                          kept: NDArray[np.float32]) -> NDArray[np.float32]:
    """Light (3, h, w) about the same mean (h, w), with its colours smoothed where ``kept`` (h, w) is small.

    Pixels with signal do not enter the smoothed colours, so that stars have no coloured rims.
    """
    faint = 1 - kept
    total = np.maximum(_smooth(faint), 1e-3)
    return np.stack([mean + kept * (c - mean) + faint * _smooth(faint * (c - mean)) / total for c in light])


def _smooth(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    size = 2 * (MARGIN - 1) + 1
    return np.asarray(cv2.GaussianBlur(plane, (size, size), COLOUR_WIDTH, borderType=cv2.BORDER_REFLECT_101))
