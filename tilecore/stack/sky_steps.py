"""Steps of the sky along lines at which the set of frames changes (METHODS 13)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import median_and_error

__all__ = ["SkySteps", "sky_steps", "star_mask"]

FloatArray = NDArray[np.float64]

# Side (px) of the squares whose mean is compared: steps are seen after smoothing.
SMOOTHING = 15
# Distances (px) from the line at which the sky is compared, on both sides; the outer ones give the gradient.
NEAR, FAR = 9.0, 27.0
# Distance (px) between places along the line.
STEP = 8.0
# Share of a square that must be sky.
MIN_SKY = 0.4
# Radius within which a star counts, in FWHM times the fourth root of its signal-to-noise ratio; its least and largest value (px).
STAR_FWHM = 0.8
LEAST_STAR = 4.0
MOST_STAR = 60.0
# Fewest places at which a line is measured.
LEAST_PLACES = 8


class SkySteps:
    """The smoothed sky of an image, on which steps along lines are measured.

    Parameters
    ----------
    image : (h, w).
    sky : (h, w) pixels with data and without stars.
    """

    def __init__(self, image: NDArray[np.float32], sky: NDArray[np.bool_]) -> None:
        size = (SMOOTHING, SMOOTHING)
        self.share = cv2.blur(sky.astype(np.float32), size)
        self.mean = cv2.blur(np.where(sky, image, 0).astype(np.float32), size) / np.maximum(self.share, 1e-6)

    def along(self, ends: FloatArray) -> tuple[float, float]:
        """Median step across the line between ``ends`` ((x, y), (x, y)), from right to left of it, and its standard error; NaN
        where too little sky is beside it."""
        start, stop = np.asarray(ends, np.float64)
        length = float(np.hypot(*(stop - start)))
        if length < LEAST_PLACES * STEP:
            return float("nan"), float("nan")
        along = (stop - start) / length
        across = np.array([along[1], -along[0]])
        places = start + np.arange(STEP, length - STEP, STEP)[:, None] * along
        values = np.array([self._at(places + d * across) for d in (NEAR, -NEAR, FAR, -FAR)])
        # Without a step the differences are those of a gradient, in proportion to the distance.
        steps = (values[0] - values[1]) - (values[2] - values[3]) * (NEAR / FAR)
        steps = steps[np.isfinite(steps)]
        if len(steps) < LEAST_PLACES:
            return float("nan"), float("nan")
        middle, error = median_and_error(steps)
        # Squares overlap their neighbours along the line.
        independent = max(len(steps) * STEP / SMOOTHING, 1.0)
        return middle, error * float(np.sqrt(len(steps) / independent))

    def _at(self, places: FloatArray) -> FloatArray:
        x, y = np.rint(places).astype(int).T
        h, w = self.share.shape
        inside = (x >= 0) & (y >= 0) & (x < w) & (y < h)
        result = np.full(len(places), np.nan)
        xi, yi = x[inside], y[inside]
        result[inside] = np.where(self.share[yi, xi] > MIN_SKY, self.mean[yi, xi], np.nan)
        return result


def star_mask(shape: tuple[int, ...], stars: NDArray[np.void]) -> NDArray[np.bool_]:
    """(h, w) pixels whose light is that of ``stars`` (:data:`tilecore.detect.stars.STAR_DTYPE`): circles that grow with their
    brightness."""
    mask = np.zeros(shape, np.uint8)
    reach = np.clip(STAR_FWHM * stars["fwhm"] * np.maximum(stars["snr"], 1) ** 0.25, LEAST_STAR, MOST_STAR)
    for x, y, radius in zip(stars["x"], stars["y"], reach, strict=True):
        cv2.circle(mask, (round(float(x)), round(float(y))), round(float(radius)), 1, -1)
    return mask > 0


def sky_steps(image: NDArray[np.float32], sky: NDArray[np.bool_], lines: FloatArray) -> FloatArray:
    """(n, 2): step and error along each of ``lines`` (n, 2, 2) px; a step counts 1 - NEAR / FAR = 2/3 of its height, which is
    corrected here. ``sky`` (h, w) marks pixels with data and without stars."""
    smooth = SkySteps(image, sky)
    return np.array([smooth.along(line) for line in lines]).reshape(-1, 2) / (1 - NEAR / FAR)
