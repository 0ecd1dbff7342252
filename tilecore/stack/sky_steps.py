"""Steps of the sky along lines at which the set of frames changes (METHODS 13)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.parts import Box, Pixels, parts
from tilecore.numerics.statistics import median_and_error

__all__ = ["StarLight", "sky_steps"]

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


class StarLight:
    """Pixels (h, w) whose light is that of ``stars`` (:data:`tilecore.detect.stars.STAR_DTYPE`): circles that grow with their
    brightness. A part is drawn when it is read."""

    def __init__(self, shape: tuple[int, ...], stars: NDArray[np.void]) -> None:
        self.shape = shape
        reach = np.clip(STAR_FWHM * stars["fwhm"] * np.maximum(stars["snr"], 1) ** 0.25, LEAST_STAR, MOST_STAR)
        self._circles = np.rint(np.stack([stars["x"], stars["y"], reach], axis=1)).astype(np.int64)

    def __getitem__(self, part: Box, /) -> NDArray[np.bool_]:
        (top, bottom, _), (left, right, _) = (s.indices(n) for s, n in zip(part, self.shape, strict=True))
        x, y, reach = self._circles.T
        near = (x + reach >= left) & (x - reach < right) & (y + reach >= top) & (y - reach < bottom)
        mask = np.zeros((bottom - top, right - left), np.uint8)
        for column, row, radius in self._circles[near].tolist():
            cv2.circle(mask, (column - left, row - top), radius, 1, -1)
        return mask > 0


def sky_steps(image: NDArray[np.float32], sky: Pixels, lines: FloatArray) -> FloatArray:
    """Median step across each of ``lines`` (n, 2, 2), from ((x, y), (x, y)) px, from right to left, and its standard error:
    (n, 2), NaN where too little sky is beside one.

    ``image`` (h, w) is compared after smoothing; ``sky`` (h, w) marks pixels with data and without stars. A step counts
    1 - NEAR / FAR = 2/3 of its height, which is corrected here.
    """
    places = [_beside(line) for line in lines]
    counts = [p.shape[1] for p in places]
    if not sum(counts):
        return np.full((len(lines), 2), np.nan)
    values = _smoothed(image, sky, np.concatenate(places, axis=1).reshape(-1, 2)).reshape(4, -1)
    found = [_step(part) for part in np.split(values, np.cumsum(counts)[:-1], axis=1)]
    return np.array(found).reshape(-1, 2) / (1 - NEAR / FAR)


def _beside(ends: FloatArray) -> FloatArray:
    """(4, n, 2) places beside a line: near it to its right and left, and far."""
    start, stop = np.asarray(ends, np.float64)
    length = float(np.hypot(*(stop - start)))
    if length < LEAST_PLACES * STEP:
        return np.zeros((4, 0, 2))
    along = (stop - start) / length
    across = np.array([along[1], -along[0]])
    places = start + np.arange(STEP, length - STEP, STEP)[:, None] * along
    return np.array([places + d * across for d in (NEAR, -NEAR, FAR, -FAR)])


def _step(values: FloatArray) -> tuple[float, float]:
    """Median step and its standard error, from the values (4, n) at the places of :func:`_beside`."""
    # Without a step the differences are those of a gradient, in proportion to the distance.
    steps = (values[0] - values[1]) - (values[2] - values[3]) * (NEAR / FAR)
    steps = steps[np.isfinite(steps)]
    if len(steps) < LEAST_PLACES:
        return float("nan"), float("nan")
    middle, error = median_and_error(steps)
    # Squares overlap their neighbours along the line.
    independent = max(len(steps) * STEP / SMOOTHING, 1.0)
    return middle, error * float(np.sqrt(len(steps) / independent))


def _smoothed(image: NDArray[np.float32], sky: Pixels, places: FloatArray) -> FloatArray:
    """Means (n,) of the sky in squares about places (n, 2), NaN where less than MIN_SKY of a square is sky."""
    size, result = (SMOOTHING, SMOOTHING), np.full(len(places), np.nan)
    x, y = np.rint(places).astype(int).T
    for part in parts(image.shape, SMOOTHING):
        here = np.flatnonzero(part.holds(x, y))
        if not len(here):
            continue
        known = np.asarray(sky[part.around])
        share = cv2.blur(known.astype(np.float32), size)
        mean = cv2.blur(np.where(known, image[part.around], 0).astype(np.float32), size) / np.maximum(share, 1e-6)
        row, column = y[here] - part.around[0].start, x[here] - part.around[1].start
        result[here] = np.where(share[row, column] > MIN_SKY, mean[row, column], np.nan)
    return result
