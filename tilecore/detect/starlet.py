"""The starlet transform (Starck, Fadili & Murtagh 2007, IEEE TIP 16:297): an image as a sum of details of 1, 2, 4, ... px and a
smooth rest, without loss. What exceeds the noise in it is the significant light of an image.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

__all__ = ["extent_of_object", "starlet", "without_noise"]

FloatImage = NDArray[np.float32]

# The kernel of a cubic B-spline.
SPLINE = np.array([1, 4, 6, 4, 1], np.float32) / 16
# Noise of the details of 1, 2 and 4 px, and of the smooth rest, for white noise of 1 in the image.
NOISE_OF_DETAILS = (0.8908, 0.2007, 0.0856)
NOISE_OF_REST = 0.064
# Noise in details of several pixels is larger in resampled images, whose pixels are correlated.
CORRELATION = 1.2
# Significance (sigma) of details, and of the smooth rest at the edge of an object.
DETAIL, EDGE = 4.0, 3.0
# Pixels over which the light of an object fades out at its edge, and the least radius of an object.
FADE = 6


def starlet(image: FloatImage, scales: int) -> list[FloatImage]:
    """Details of each of ``scales`` sizes of an image (h, w), the finest first, and the smooth rest; their sum is the image."""
    parts = []
    smooth = np.ascontiguousarray(image, np.float32)
    for k in range(scales):
        kernel = np.zeros(4 * 2**k + 1, np.float32)
        kernel[:: 2**k] = SPLINE
        softer = cv2.sepFilter2D(smooth, -1, kernel, kernel, borderType=cv2.BORDER_REFLECT_101)
        parts.append(smooth - softer)
        smooth = softer
    return [*parts, smooth]


def extent_of_object(image: FloatImage, noise: FloatImage, place: tuple[float, float]) -> FloatImage:
    """The share 0..1 of the pixels of ``image`` (h, w) that belongs to the object at ``place`` (row, column).

    The object is where the image, smoothed to about 8 px, exceeds the noise and is connected with the place; it fades out at its
    edge. ``image`` is above the sky, ``noise`` (h, w) that of its pixels, 0 where there are no data.
    """
    rest = starlet(image, len(NOISE_OF_DETAILS))[-1]
    region = _connected(rest > EDGE * NOISE_OF_REST * _typical(noise), place)
    return np.asarray(np.clip(ndimage.distance_transform_edt(region) / FADE, 0, 1), np.float32)


def without_noise(image: FloatImage, noise: FloatImage) -> FloatImage:
    """An image (h, w) without those details of 1, 2 and 4 px that do not exceed its ``noise`` (h, w)."""
    *details, light = starlet(image, len(NOISE_OF_DETAILS))
    for part, level in zip(details, NOISE_OF_DETAILS, strict=True):
        light = light + np.where(np.abs(part) > DETAIL * level * _typical(noise), part, 0)
    return np.asarray(light, np.float32)


def _typical(noise: FloatImage) -> FloatImage:
    return np.where(noise > 0, noise * CORRELATION, np.inf).astype(np.float32)


def _connected(clear: NDArray[np.bool_], place: tuple[float, float]) -> NDArray[np.bool_]:
    """The connected pixels about a place, and those within some pixels of them and of the place."""
    own = np.zeros(clear.shape, np.bool_)
    y, x = (round(v) for v in place)
    own[max(y - FADE, 0): y + FADE + 1, max(x - FADE, 0): x + FADE + 1] = True
    groups, _ = ndimage.label(clear, np.ones((3, 3)))
    near = groups[own]
    own |= np.isin(groups, np.unique(near[near > 0]))
    return np.asarray(ndimage.binary_dilation(own, iterations=FADE))
