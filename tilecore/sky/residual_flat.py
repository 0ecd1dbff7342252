"""What is left of dust and vignetting in calibrated lights, from their own sky.

The sky lights the sensor as a flat field does. Frames that are dithered have each pixel on sky in most of them: the median of the
frames in coordinates of the sensor, each divided by a plane through its sky, shows what the flat did not correct. Stars and
nebulae follow the sky instead of the sensor. Two groups of frames that are displaced by a vector d distinguish both: the
difference of their medians beyond its noise is light that moves, and its part that resembles -d . grad R is the share of the
smooth pattern that does.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from tilecore.detect.starlet import without_noise
from tilecore.numerics.statistics import mad_sigma

__all__ = ["ResidualFlat", "binned", "over_plane", "residual_flat", "smoothed", "whole_flat"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Fewest frames in each half that must show a cell.
LEAST_FRAMES = 3
# Rounds of the fit of a plane, and deviation (sigma) of the cells that it uses.
ROUNDS, CLIPPED = 4, 2.5
# Blur (sigma in cells) of the finest and the coarsest structure in which moving light is sought, and of the smooth pattern.
BAND, SMOOTH = (1.5, 12.0), 4.0


class ResidualFlat(NamedTuple):
    """``raw`` (h, w) the median of the frames by cell, of median 1, NaN where too few show sky; ``error`` (h, w) of it;
    ``smooth`` without its noise; ``halves`` (2, h, w) of the frames as ``raw``. ``moving``: rms of the light that moves with the
    sky, as a share of the sky; ``on_sky``: share of the smooth pattern that follows the sky."""

    raw: FloatImage
    error: FloatImage
    smooth: FloatImage
    halves: FloatImage
    moving: float
    on_sky: float


def binned(pixels: FloatImage, side: int) -> FloatImage:
    """Means (h // side, w // side) of cells of ``side`` px of an image (h, w)."""
    h, w = (n // side * side for n in pixels.shape)
    return np.asarray(pixels[:h, :w].reshape(h // side, side, w // side, side).mean(axis=(1, 3), dtype=np.float64), np.float32)


def over_plane(cells: FloatImage, objects: NDArray[np.bool_]) -> FloatImage:
    """Cells (h, w) of a frame over a plane through its sky; NaN at ``objects``. All NaN without sky above zero."""
    (h, w), design = cells.shape, _plane(cells.shape)
    values, used = cells.ravel().astype(np.float64), ~objects.ravel() & np.isfinite(cells.ravel())
    plane = np.zeros(h * w)
    for _ in range(ROUNDS):
        if used.sum() < 10:
            return np.full((h, w), np.nan, np.float32)
        plane = design @ np.linalg.lstsq(design[used], values[used], rcond=None)[0]
        rest = values - plane
        used = ~objects.ravel() & (np.abs(rest) < CLIPPED * mad_sigma(rest[used], 0.0))
    good = ~objects.ravel() & (plane > 0)
    return np.where(good, values / np.where(plane > 0, plane, 1), np.nan).reshape(h, w).astype(np.float32)


def residual_flat(frames: FloatImage, shifts: FloatArray) -> ResidualFlat:
    """The residual flat of frames (n, h, w), each over a plane, NaN at objects; ``shifts`` (n, 2): x and y, in cells, by
    which the sky is displaced in each.

    Raises
    ------
    ValueError : fewer than half of the cells are seen by 3 frames of each half.
    """
    axis = np.linalg.svd(shifts - shifts.mean(axis=0), full_matrices=False)[2][0]
    along = np.argsort(shifts @ axis, kind="stable")
    # Interleaved along the dither, both halves are displaced alike; the two ends of it are not.
    halves = np.stack([_median(frames[np.sort(along[k::2])]) for k in (0, 1)])
    ends = [np.sort(part) for part in np.array_split(along, 2)]
    known = np.isfinite(halves).all(axis=0)
    if known.mean() < 0.5:
        raise ValueError(f"{100 * known.mean():.0f} % of the cells show sky in enough frames")
    raw = np.where(known, _median(frames), np.nan).astype(np.float32)
    sigma = mad_sigma((halves[0] - halves[1])[known] / 2)
    count = np.isfinite(frames).sum(axis=0)
    error = (sigma * np.sqrt(np.median(count[known]) / np.maximum(count, 1))).astype(np.float32)
    one, other = (_median(frames[e]) for e in ends)
    moved = shifts[ends[1]].mean(axis=0) - shifts[ends[0]].mean(axis=0)
    change = other - one
    # Both differences have the same noise; only the ends are displaced.
    moving = float(np.sqrt(max(mad_sigma(_band(change)) ** 2 - mad_sigma(_band(halves[1] - halves[0])) ** 2, 0.0) / 2))
    pattern = cv2.GaussianBlur(_filled(raw), (0, 0), SMOOTH)
    return ResidualFlat(raw, error, smoothed(raw, error), halves, moving,
                        _on_sky(cv2.GaussianBlur(_filled(change + 1) - 1, (0, 0), SMOOTH), pattern, moved))


def _band(change: FloatImage) -> FloatImage:
    """A difference (h, w) without the noise of single cells and without what is smooth."""
    filled = _filled(change + 1) - 1
    fine, coarse = (cv2.GaussianBlur(filled, (0, 0), s) for s in BAND)
    return np.asarray((fine - coarse)[np.isfinite(change)])


def smoothed(raw: FloatImage, error: FloatImage) -> FloatImage:
    """A residual flat (h, w) without the details that do not exceed its ``error`` (h, w); unknown cells are interpolated."""
    return np.asarray(1 + without_noise(_filled(raw) - 1, error), np.float32)


def _median(frames: FloatImage) -> FloatImage:
    """The median (h, w) of frames, of median 1; NaN where fewer than 3 are known."""
    known = np.isfinite(frames).sum(axis=0) >= LEAST_FRAMES
    found = np.full(known.shape, np.nan, np.float32)
    found[known] = np.nanmedian(frames[:, known], axis=0)
    return np.asarray(found / np.nanmedian(found) if known.any() else found)


def _filled(image: FloatImage) -> FloatImage:
    """Unknown cells get the mean of the known ones about them."""
    known = np.isfinite(image).astype(np.float32)
    values, filled = np.where(known > 0, image, 0).astype(np.float32), image.copy()
    reach = 1.0
    while not np.isfinite(filled).all() and reach < 4 * max(image.shape):
        weight = cv2.GaussianBlur(known, (0, 0), reach)
        mean = cv2.GaussianBlur(values, (0, 0), reach) / np.maximum(weight, 1e-12)
        filled = np.where(np.isfinite(filled) | (weight < 0.05), filled, mean)
        reach *= 2
    return np.asarray(np.where(np.isfinite(filled), filled, 1), np.float32)


def _on_sky(change: FloatImage, pattern: FloatImage, moved: FloatArray) -> float:
    """The share of a pattern (h, w) that is displaced by ``moved`` (x, y) between two medians with the difference ``change``."""
    across, down = (cv2.warpAffine(pattern, np.array([[1, 0, s * moved[0] / 2], [0, 1, s * moved[1] / 2]]), pattern.shape[::-1],
                                   flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for s in (1, -1))
    expected = across - down
    # Each frame is over a plane of its own: planes do not count.
    both = np.stack([change.ravel(), expected.ravel()], 1).astype(np.float64)
    design = _plane(change.shape)
    change1, expected1 = (both - design @ np.linalg.lstsq(design, both, rcond=None)[0]).T
    power = float(expected1 @ expected1)
    return float(change1 @ expected1) / power if power > 0 else 0.0


def _plane(shape: tuple[int, ...]) -> FloatArray:
    """(h * w, 3) a constant, and the slopes along x and y."""
    h, w = shape
    y, x = np.mgrid[:h, :w]
    return np.stack([np.ones(h * w), x.ravel() / w - 0.5, y.ravel() / h - 0.5], 1)


def whole_flat(smooth: FloatImage, side: int, shape: tuple[int, int]) -> FloatImage:
    """A flat by cells of ``side`` px on the pixels of a sensor of ``shape`` (h, w), interpolated."""
    h, w = smooth.shape
    enlarged = cv2.resize(smooth, (w * side, h * side), interpolation=cv2.INTER_LINEAR)
    below, right = shape[0] - h * side, shape[1] - w * side
    return np.asarray(cv2.copyMakeBorder(enlarged, 0, below, 0, right, cv2.BORDER_REPLICATE), np.float32)
