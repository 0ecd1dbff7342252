"""Evidence in pixels about calibration frames: step, clipping, warm pixels shared with lights, vignetting left, outliers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import MAD_TO_SIGMA, MEDIAN_ERROR

__all__ = ["VignettingLeft", "binary_step", "clipped_share", "few_frame_outliers", "shared_warm_pixels",
           "structure_left", "temporal_noise", "turned_flat", "vignetting_left"]

# Distinct values below which the step of integer data is not known.
LEAST_VALUES = 3
# A pile at the largest value has more than this many times the pixels of the next value.
PILE = 2.0
# Warm pixels needed to compare a dark with a light.
LEAST_WARM = 30
# A warm pixel is above its neighbours by this many times the noise of the dark and of the light.
WARM_SIGMA = 6.0
# Noise of a dark is at least this (1.0 = 65535 ADU).
LEAST_NOISE = 1e-7
# Excess (share of the full scale) above which a pixel may be saturated in a light.
HOTTEST = 0.5
# Contrast of a flat (range of the logarithm) below which vignetting and gradients of the sky cannot be distinguished.
LEAST_CONTRAST = 0.08
# Turns of a flat against the lights, with the axes of which they reverse the order; a quarter turn needs square frames.
_TURNS = {"upside down": (0,), "mirrored": (1,), "turned by 180 degrees": (0, 1)}
# Power with which a sky follows the ratio of the turned flat to the flat that it was divided by, and the least share of the sky's
# variation that this explains, if the flat was turned.
TURNED_SLOPE = (0.8, 1.2)
TURNED_EXPLAINED = 0.97
# Difference from the others, in noise, above which a value of a few frames is an outlier ...
OUTLIER_SIGMA = 8.0
# ... and as a share of how far the pixel is above the level of the frame: unstable pixels vary with their own level.
OUTLIER_SHARE = 0.5


def binary_step(values: NDArray[np.integer]) -> int:
    """The largest power of two that divides all values (1 for data of full depth, 16 for 12 bits in 16); 0 if not known."""
    distinct = np.unique(values)
    distinct = distinct[(distinct != 0) & (distinct < 65535)]
    if distinct.size < LEAST_VALUES:
        return 0
    common = int(np.gcd.reduce(distinct.astype(np.int64)))
    return common & -common


def clipped_share(values: NDArray[np.floating]) -> float:
    """Share of the values at the largest one, 0 unless they pile up there."""
    top = float(np.max(values))
    at_top = int(np.count_nonzero(values == top))
    below = values[values < top]
    if not below.size:
        return 0.0
    next_top = int(np.count_nonzero(below == np.max(below)))
    return at_top / values.size if at_top > PILE * next_top else 0.0


def shared_warm_pixels(dark: NDArray[np.float32], light: NDArray[np.float32], dark_noise: float,
                       light_noise: float) -> tuple[float, float] | None:
    """Excess of the warm pixels of a dark in a light, in units of that in the dark (1 where both have them, 0 where the light has
    none), and its standard error. Both arrays are local excesses of the same pixels.

    None if fewer than :data:`LEAST_WARM` pixels are warm enough. Where the light shows more of the warm pixels of the dark than
    those, as when the light is on a larger scale, these are compared.
    """
    warm = (dark > WARM_SIGMA * max(dark_noise, LEAST_NOISE)) & (dark < HOTTEST)
    bright = light > WARM_SIGMA * light_noise
    some = warm & (dark > WARM_SIGMA * light_noise)
    both = warm & bright
    if np.count_nonzero(both) > 2 * np.count_nonzero(some) and np.count_nonzero(both) > 0.5 * np.count_nonzero(warm):
        some = both
    count = np.count_nonzero(some)
    if count < LEAST_WARM:
        return None
    ratio = light[some] / dark[some]
    share = float(np.median(ratio))
    return share, MEDIAN_ERROR * MAD_TO_SIGMA * float(np.median(np.abs(ratio - share))) / np.sqrt(count)


@dataclass(frozen=True)
class VignettingLeft:
    """``slope``: power of the flat that is left in calibrated levels: 0 where the flat fits, 1 where it was not applied, negative
    where too much was corrected. ``explained``: share of the variance that this explains beside a plane. ``contrast``: range of
    the logarithm of the flat."""

    slope: float
    explained: float
    contrast: float


def vignetting_left(levels: NDArray[np.floating], flat: NDArray[np.floating]) -> VignettingLeft | None:
    """Fit log(levels) = plane + slope * log(flat) over a coarse grid (h, w) of positive medians. None if the flat is too even."""
    good = (levels > 0) & (flat > 0)
    if np.count_nonzero(good) < 0.75 * levels.size:
        return None
    y, x = np.mgrid[-1:1:levels.shape[0] * 1j, -1:1:levels.shape[1] * 1j]
    plane = np.stack([np.ones(np.count_nonzero(good)), y[good], x[good]], axis=1)
    values, shape = (np.log(a[good].astype(np.float64)) for a in (levels, flat))
    contrast = float(np.ptp(shape))
    values, shape = (a - plane @ np.linalg.lstsq(plane, a, rcond=None)[0] for a in (values, shape))
    power = float(shape @ shape)
    if contrast < LEAST_CONTRAST or np.sqrt(power / shape.size) < LEAST_CONTRAST / 4:
        return None
    slope = float(shape @ values) / power
    total = float(values @ values)
    return VignettingLeft(slope, slope**2 * power / total if total > 0 else 0.0, contrast)


def turned_flat(levels: NDArray[np.floating], flat: NDArray[np.floating]) -> tuple[str, VignettingLeft] | None:
    """How a flat is turned against the lights, from calibrated levels over a coarse grid (h, w) of positive medians.

    Levels divided by a flat F whose right orientation is F' follow F' / F. The first value is the turn in words; None if no turn
    explains the levels. A plane counts as evidence here: vignetting that is off the centre leaves little else.
    """
    if not ((levels > 0) & (flat > 0)).all():
        return None
    values = np.log(levels.astype(np.float64))
    values = values - values.mean()
    found: list[tuple[str, VignettingLeft]] = []
    for name, axes in _TURNS.items():
        shape = np.log(np.flip(flat, axes).astype(np.float64) / flat)
        contrast, shape = float(np.ptp(shape)), shape - shape.mean()
        if contrast >= LEAST_CONTRAST:
            slope = float((shape * values).sum() / (shape**2).sum())
            explained = slope**2 * float((shape**2).sum() / max((values**2).sum(), 1e-30))
            found.append((name, VignettingLeft(slope, explained, contrast)))
    best = max(found, key=lambda f: f[1].explained, default=None)
    if best is None or best[1].explained < TURNED_EXPLAINED or not TURNED_SLOPE[0] < best[1].slope < TURNED_SLOPE[1]:
        return None
    return best


def structure_left(levels: NDArray[np.floating], dark: NDArray[np.floating]) -> VignettingLeft | None:
    """Fit levels = plane + slope * dark over a coarse grid (h, w) of medians; ``contrast`` is the range of the dark. None if the
    dark is even."""
    good = np.isfinite(levels) & np.isfinite(dark)
    if np.count_nonzero(good) < 0.75 * levels.size:
        return None
    y, x = np.mgrid[-1:1:levels.shape[0] * 1j, -1:1:levels.shape[1] * 1j]
    plane = np.stack([np.ones(np.count_nonzero(good)), y[good], x[good]], axis=1)
    contrast = float(np.ptp(dark[good]))
    values, shape = (a - plane @ np.linalg.lstsq(plane, a, rcond=None)[0] for a in
                     (levels[good].astype(np.float64), dark[good].astype(np.float64)))
    power, total = float(shape @ shape), float(values @ values)
    if power <= 0 or total <= 0:
        return None
    slope = float(shape @ values) / power
    return VignettingLeft(slope, slope**2 * power / total, contrast)


def few_frame_outliers(stack: NDArray[np.float32], level: float, noise: float) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """Values (N, h, w) that are far above the others of their pixel, and the value (h, w) of these: particles and trails in two
    to four frames of equal ``level``.

    Compared with the smallest of two, else the second smallest, since such events add light. ``noise`` of a pixel.
    """
    least, second = np.minimum(stack[0], stack[1]), np.maximum(stack[0], stack[1])
    for frame in stack[2:]:
        np.minimum(second, np.maximum(least, frame), out=second)
        np.minimum(least, frame, out=least)
    usual = least if len(stack) == 2 else second
    limit = np.maximum(OUTLIER_SIGMA * noise, OUTLIER_SHARE * (usual - level))
    outlier: NDArray[np.bool_] = stack - usual > limit
    return outlier, usual


def temporal_noise(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Noise of a pixel of two frames of the same scene and level, from their difference."""
    difference = one - other
    difference -= np.median(difference)
    return float(MAD_TO_SIGMA * np.median(np.abs(difference)) / np.sqrt(2))
