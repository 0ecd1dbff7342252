"""Images on the same pixels with the same stretch, to blink or to wipe between."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import ImageLayout
from orchestrator.report.files import RunFiles
from tilecore.cfa.mosaic import superpixel
from tilecore.detect.stars import detect
from tilecore.numerics.statistics import mad_sigma
from tilecore.register import align

__all__ = ["PRODUCTS", "aligned", "aligned_by_stars", "small", "small_frame", "stack_of", "stretched"]

# Linear products without calibrated colours, in order of preference.
PRODUCTS = ("stacked_rgb.fits", "stacked.fits")
# Longest side of the images in pixels.
SIDE = 1600
# Rows of the reduced image that are made at once.
STRIP = 32
# Black and white point relative to the sky, in units of the scatter of the first image.
BLACK = -2.0
WHITE = 60.0
# Strength of the asinh stretch.
SOFTENING = 12
# Largest ratio of the pixel scales of two runs.
MAX_SCALE_CHANGE = 10.0
# Largest difference of a transform from identity for images on the same pixel grid.
SAME_GRID = 1e-3


def stack_of(files: RunFiles) -> ImageLayout | None:
    """The first of :data:`PRODUCTS` that a run has, or None."""
    return next((found for name in PRODUCTS if (found := files.image(name)) is not None), None)


def small(layout: ImageLayout) -> NDArray[np.float32]:
    """The image with at most 1600 px per side, (h, w) or (3, h, w): means of squares of pixels, read in strips."""
    return _means(replace(layout, unit=1.0), SIDE)


def small_frame(layout: ImageLayout, pattern: str | None) -> NDArray[np.float32]:
    """A raw frame with at most 3200 px per side, (h, w) or (3, h, w), read in strips; a mosaic of ``pattern`` has a pixel a cell.

    The sides are up to twice those of :func:`small`: the stars of a frame are fainter, and must be found.
    """
    return _means(layout, 2 * SIDE, pattern)


def _means(layout: ImageLayout, side: int, pattern: str | None = None) -> NDArray[np.float32]:
    """Means of squares of pixels, or of cells of a mosaic, such that no side has more than ``side``."""
    cell = 2 if pattern else 1
    *planes, h, w = (3, layout.shape[0] // 2, layout.shape[1] // 2) if pattern else layout.shape
    step = -(-max(h, w) // side)
    if step == 1 and not pattern:
        return layout.read()
    out = np.empty((*planes, h // step, w // step), np.float32)
    for first in range(0, h // step, STRIP):
        last = min(first + STRIP, h // step)
        pixels = layout.read(first * step * cell, last * step * cell)[..., : w // step * step * cell]
        if pattern:
            pixels = superpixel(pixels, pattern)
        out[..., first:last, :] = pixels.reshape(*planes, last - first, step, w // step, step).mean(axis=(-3, -1))
    return out


def aligned(image: NDArray[np.float32], reference: NDArray[np.float32]) -> tuple[NDArray[np.float32], str]:
    """``image`` on the pixel grid of ``reference``, and a note: they may differ in reference frame, canvas or scale."""
    h, w = reference.shape[-2:]
    try:
        moved = aligned_by_stars(image, reference)
        return moved, ("Both are on the same pixel grid." if moved is image else
                       "The second image was aligned to the first by its stars.")
    except align.AlignmentError as error:
        matrix = np.diag([w / image.shape[-1], h / image.shape[-2], 1.0])
        return _warped(image, matrix, (w, h)), (
            f"The second image could not be aligned to the first by its stars ({error}); it may be shifted.")


def aligned_by_stars(image: NDArray[np.float32], reference: NDArray[np.float32]) -> NDArray[np.float32]:
    """``image`` on the pixel grid of ``reference``, or itself if it is on it. Raises AlignmentError without common stars."""
    h, w = reference.shape[-2:]
    stars = [detect(np.ascontiguousarray(i[1] if i.ndim == 3 else i)) for i in (image, reference)]
    matrix = align.match(stars[0], stars[1], limits=align.Limits(max_scale_change=MAX_SCALE_CHANGE)).matrix
    if image.shape == reference.shape and np.abs(matrix - np.eye(3)).max() < SAME_GRID:
        return image
    return _warped(image, matrix, (w, h))


def _warped(image: NDArray[np.float32], matrix: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.float32]:
    planes = [cv2.warpPerspective(p, matrix, size, flags=cv2.INTER_CUBIC) for p in (image if image.ndim == 3 else image[None])]
    return np.array(planes if image.ndim == 3 else planes[0], np.float32)


def stretched(images: list[NDArray[np.float32]]) -> list[NDArray[np.uint8]]:
    """8-bit images in the channel order of OpenCV. Black is the sky of each image; the stretch above it is common to all."""
    planes = [i if i.ndim == 3 else i[None] for i in images]
    spread = [mad_sigma(p) for p in planes[0]]
    width = max(float(np.median(spread)), 1e-9)
    found = []
    for picture in planes:
        sky = np.median(picture.reshape(len(picture), -1), axis=1)[:, None, None]
        light = np.clip((picture - sky - BLACK * width) / ((WHITE - BLACK) * width), 0, None)
        tones = np.clip(np.arcsinh(SOFTENING * light) / np.arcsinh(SOFTENING), 0, 1)
        pixels = np.rint(255 * tones).astype(np.uint8)
        found.append(np.moveaxis(pixels[::-1], 0, -1) if len(pixels) == 3 else pixels[0])
    return found
