"""Pixels of a frame that hold no data: not finite, or exactly 0 over an area or a line that chance does not explain."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import MAD_TO_SIGMA

__all__ = ["clipped_share", "fill_from_others", "fill_rows", "nearest_full_rows", "no_data_mask", "with_noise"]

# Sides (px) of the squares that are empty, the smallest that the share of clipped pixels allows is used.
SQUARES = (5, 9, 17, 33)
# Lengths (px) of the empty lines, which are one pixel wide.
LINES = (32, 64, 128, 256)
# Number of areas of a frame that may be empty by chance.
BY_CHANCE = 1e-3
# Shares of clipped pixels in the four phases of a mosaic below this are not distinguished from it.
LEAST_SHARE = 1e-4
# Above this share of clipped pixels nothing shows which of them hold no data.
MOST_SHARE = 0.98
# Pixels beside an empty area (px) that belong to it if they are 0 as well: the edge of a turned frame is a staircase.
STAIRCASE = 3
# Fewest pixels of a row and column parity whose median replaces those without data.
LEAST_IN_ROW = 8
# Median of the differences of two pixels to the standard deviation of one.
STEP_TO_SIGMA = MAD_TO_SIGMA / np.sqrt(2)
NOISE_SEED = 1


def no_data_mask(pixels: NDArray[np.floating] | NDArray[np.integer]) -> NDArray[np.bool_]:
    """(h, w): the pixels of a frame (h, w) or (3, h, w) that hold no data.

    These are pixels that are not finite in any plane, and pixels that are exactly 0 in all planes and belong to an empty area: a
    border, a corner of a turned frame, rows or columns. Single zeros among other values are dark pixels that were clipped at 0,
    and are data; the larger their share, the larger an area has to be. A frame that is 0 everywhere has no data.
    """
    planes = pixels if pixels.ndim == 3 else pixels[None]
    missing = ~np.isfinite(planes).all(axis=0) if planes.dtype.kind == "f" else np.zeros(planes.shape[1:], bool)
    zero = (planes == 0).all(axis=0)
    if not zero.any():
        return missing
    if (zero | missing).all():
        return np.ones_like(missing)
    return np.asarray(missing | _empty_areas(zero))


def clipped_share(pixels: NDArray[np.floating] | NDArray[np.integer], missing: NDArray[np.bool_]) -> float:
    """Share of the pixels with data that are exactly 0 in a plane: values that were cut at 0."""
    planes = pixels if pixels.ndim == 3 else pixels[None]
    data = ~missing
    count = len(planes) * np.count_nonzero(data)
    return sum(np.count_nonzero((plane == 0) & data) for plane in planes) / count if count else 0.0


def _empty_areas(zero: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The zeros that belong to squares or lines of zeros larger than chance makes them."""
    found = np.zeros_like(zero)
    image = zero.astype(np.uint8)
    smallest = min(zero.shape)
    for side, line in zip(SQUARES, LINES, strict=True):
        shapes = [(side, side), (line, 1), (1, line)]
        empty = np.zeros_like(zero)
        for width, height in shapes:
            if width <= zero.shape[1] and height <= zero.shape[0]:
                kernel = np.ones((height, width), np.uint8)
                empty |= cv2.morphologyEx(image, cv2.MORPH_OPEN, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0
        # The share of zeros is that of the pixels outside the empty areas, which chance does not explain.
        shares = _shares(zero, empty)
        if np.exp(np.mean(np.log(shares))) > MOST_SHARE:
            return found
        if _by_chance(shares, min(side * side, line), zero.size) < BY_CHANCE or 2 * side > smallest:
            found = empty
            break
    if not found.any():
        return found
    near = found.astype(np.uint8)
    cross = np.ones((3, 3), np.uint8)
    for _ in range(STAIRCASE):
        near = cv2.dilate(near, cross) & image
    return np.asarray(near > 0)


def _shares(zero: NDArray[np.bool_], empty: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of zeros in the four phases of a mosaic, outside the empty areas: one colour may be clipped and another not."""
    shares = []
    for y in (0, 1):
        for x in (0, 1):
            outside = ~empty[y::2, x::2]
            shares.append(zero[y::2, x::2][outside].mean() if outside.any() else 1.0)
    return np.clip(np.array(shares, np.float64), LEAST_SHARE, 1.0)


def _by_chance(shares: NDArray[np.float64], pixels: int, size: int) -> float:
    """Expected number of places with ``pixels`` adjacent zeros, if the zeros are independent of one another.

    A line of one pixel's width meets two of the four phases, the two with the largest shares at worst.
    """
    worst = np.sort(shares)[2:]
    return float(size * np.exp(pixels * np.mean(np.log(worst))))


def fill_rows(rows: NDArray[np.float32], missing: NDArray[np.bool_]) -> None:
    """Replace pixels without data in ``rows`` (..., n, w) by the median of the others of their row and column parity.

    ``missing`` is (n, w). The result for a row depends on that row only; rows with less than LEAST_IN_ROW pixels of a parity stay
    as they are.
    """
    for y in np.flatnonzero(missing.any(axis=1)):
        for parity in (0, 1):
            gap = missing[y, parity::2]
            if gap.any() and np.count_nonzero(~gap) >= LEAST_IN_ROW:
                line = rows[..., y, parity::2]
                line[..., gap] = np.median(line[..., ~gap], axis=-1, keepdims=True)


def fill_from_others(stack: NDArray[np.float32]) -> None:
    """Replace values of (N, h, w) frames that are not finite by the median of the other frames there, else by that of the row."""
    gaps = ~np.isfinite(stack)
    if not gaps.any():
        return
    y, x = np.nonzero(gaps.any(axis=0))
    values = np.where(gaps[:, y, x], np.nan, stack[:, y, x])
    nothing = gaps[:, y, x].all(axis=0)
    values[0, nothing] = [np.median(row[np.isfinite(row)]) if np.isfinite(row).any() else 0 for row in
                          (stack[:, k].ravel() for k in y[nothing])]
    median = np.nanmedian(values, axis=0)
    stack[:, y, x] = np.where(gaps[:, y, x], median, stack[:, y, x])


def nearest_full_rows(missing: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(h,) for each row of a mask the nearest row of the same parity that :func:`fill_rows` can fill: itself if possible; -1 if
    there is none."""
    enough = np.ones(len(missing), bool)
    for parity in (0, 1):
        known = (~missing[:, parity::2]).sum(axis=1)
        enough &= (known >= LEAST_IN_ROW) | (known == missing[:, parity::2].shape[1])
    nearest = np.full(len(missing), -1, np.int64)
    for parity in (0, 1):
        own = np.arange(parity, len(missing), 2)
        full = own[enough[own]]
        if len(full):
            nearest[own] = full[np.abs(own[:, None] - full[None, :]).argmin(axis=1)] if not enough[own].all() else own
    return nearest


def with_noise(pixels: NDArray[np.float32], missing: NDArray[np.bool_]) -> NDArray[np.float32]:
    """A filled frame (..., h, w) whose pixels without data have the noise of the others, so that measurements of cells and sky
    are not those of an empty area. The same frame has the same noise each time."""
    result = pixels.copy()
    random = np.random.default_rng(NOISE_SEED)
    for plane in result.reshape(-1, *pixels.shape[-2:]):
        steps = plane[:, 2:] - plane[:, :-2]
        known = ~(missing[:, 2:] | missing[:, :-2])
        sigma = float(np.median(np.abs(steps[known]))) * STEP_TO_SIGMA if known.any() else 0.0
        plane[missing] += random.normal(0, sigma, np.count_nonzero(missing)).astype(np.float32)
    return result
