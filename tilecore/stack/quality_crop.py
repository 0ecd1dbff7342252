"""The part of a picture without its noisy rims: a rectangle found from the noise of bands along its sides."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import MAD_TO_SIGMA, mad_sigma

__all__ = ["CropRule", "Rectangle", "noise_of_squares", "quality_crop"]

# Least scatter of the noise of squares, relative to it: the noise of a square of 32 x 32 px is known to about 4 %.
LEAST_SCATTER = 0.05
# Largest share of a side that is cut off at each end.
MOST = 0.25


class CropRule(NamedTuple):
    """``band``: width (px) of the bands; ``sigma``: a band is poor if its noise exceeds the typical one by this multiple of its
    scatter; ``run``: good bands in a row at which a rim ends; ``margin``: px that are cut off in addition."""

    band: int = 32
    sigma: float = 2.0
    run: int = 2
    margin: int = 8


class Rectangle(NamedTuple):
    """Rows ``y0:y1`` and columns ``x0:x1``."""

    y0: int
    y1: int
    x0: int
    x1: int


def quality_crop(picture: NDArray[np.float32], known: NDArray[np.bool_], rule: CropRule) -> Rectangle:
    """The part of ``picture`` (h, w) that is left when its poor rims are cut off; ``known`` (h, w) are its pixels with data.

    The picture is divided into squares of ``rule.band`` px. The noise of each is measured from the differences of neighbouring
    pixels, so that neither the level of the sky nor nebulae count; a square that is mostly unknown is infinitely noisy. Each row
    (column) of squares has the median noise of its squares. From each side, rows are cut off until ``rule.run`` of them in a row
    are good, at most a quarter of the side. The margin is cut off of all four sides of what is left.
    """
    noise = noise_of_squares(picture, known, rule.band)
    finite = noise[np.isfinite(noise)]
    height, width = picture.shape
    if not finite.size:
        return Rectangle(0, height, 0, width)
    typical = float(np.median(finite))
    limit = typical + rule.sigma * max(mad_sigma(finite, typical), LEAST_SCATTER * typical)
    with np.errstate(invalid="ignore"):
        rows = np.median(noise, axis=1) <= limit
    y0, y1 = _cut(rows, rule, height)
    kept = noise[y0 // rule.band: max(y1 // rule.band, y0 // rule.band + 1)]
    x0, x1 = _cut(np.median(kept, axis=0) <= limit, rule, width)
    return Rectangle(*_with_margin(y0, y1, rule.margin), *_with_margin(x0, x1, rule.margin))


def noise_of_squares(picture: NDArray[np.float32], known: NDArray[np.bool_], band: int) -> NDArray[np.float64]:
    """Noise of each square; the last row and column of squares hold the remaining pixels. Infinite where it is not known."""
    height, width = picture.shape
    rows, columns = max(height // band, 1), max(width // band, 1)
    found = np.full((rows, columns), np.inf)
    step = picture[:, 1:] - picture[:, :-1]
    both = known[:, 1:] & known[:, :-1]
    for j in range(rows):
        y = slice(j * band, (j + 1) * band if j + 1 < rows else height)
        for i in range(columns):
            x = slice(i * band, (i + 1) * band if i + 1 < columns else width)
            pixels = step[y, x][both[y, x]]
            if pixels.size > both[y, x].size / 2:
                found[j, i] = MAD_TO_SIGMA * float(np.median(np.abs(pixels))) / np.sqrt(2)
    return found


def _cut(good: NDArray[np.bool_], rule: CropRule, side: int) -> tuple[int, int]:
    """First pixel, and the one after the last, of a side whose bands are ``good``."""
    most = int(MOST * side)
    rest = side - len(good) * rule.band  # the last band also holds the remainder of the side
    first, last = _rim(good, rule.run, most // rule.band), _rim(good[::-1], rule.run, max(most - rest, 0) // rule.band)
    return first * rule.band, side if last == 0 else (len(good) - last) * rule.band


def _rim(good: NDArray[np.bool_], run: int, most: int) -> int:
    """Bands before the first ``run`` good ones in a row, at most ``most``."""
    return next((k for k in range(most) if good[k: k + run].all()), most)


def _with_margin(first: int, stop: int, margin: int) -> tuple[int, int]:
    margin = min(margin, max((stop - first - 1) // 2, 0))
    return first + margin, stop - margin
