"""Aperture fluxes above the mean of the sky.

The median of a sky of few electrons, or of few steps of the ADC, is below its mean. A stack of such frames has less of this skew:
fluxes above the median would be lower in the stack than in its frames.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.detect.stars import aperture_flux, sky_ring
from tilecore.numerics.statistics import MAD_TO_SIGMA

__all__ = ["mean_sky_flux"]

FloatArray = NDArray[np.float64]

# Deviation from the median, in units of the noise, beyond which a pixel is not sky.
CLIP = 3.0
# Fewest stars from whose rings the difference of mean and median is measured.
LEAST_RINGS = 5


def mean_sky_flux(image: NDArray[np.float32], x: FloatArray, y: FloatArray, radius: float) -> FloatArray:
    """(n,) fluxes within ``radius`` px, NaN where the aperture leaves the image."""
    pixels = np.ascontiguousarray(image, np.float32)
    return np.asarray(aperture_flux(pixels, x, y, radius) - _skew(pixels, x, y, radius) * np.pi * radius**2)


def _skew(image: NDArray[np.float32], x: FloatArray, y: FloatArray, radius: float) -> float:
    """Mean less median of the sky around stars, the median over the stars; 0 with few stars."""
    inner, outer = sky_ring(radius)
    offset = np.arange(-outer, outer + 1)
    distance = np.hypot(offset[:, None], offset[None, :])
    dy, dx = (a - outer for a in np.nonzero((distance > inner) & (distance <= outer)))
    h, w = image.shape
    known = np.isfinite(x) & np.isfinite(y)
    column, row = np.rint(x[known]).astype(int), np.rint(y[known]).astype(int)
    inside = (column >= outer) & (row >= outer) & (column < w - outer) & (row < h - outer)
    ring = image[row[inside][:, None] + dy, column[inside][:, None] + dx].astype(np.float64)
    ring = ring[np.isfinite(ring).all(axis=1)]
    if len(ring) < LEAST_RINGS:
        return 0.0
    deviation = ring - np.median(ring, axis=1)[:, None]
    sky = np.abs(deviation) <= CLIP * MAD_TO_SIGMA * np.median(np.abs(deviation), axis=1)[:, None]
    return float(np.median(np.where(sky, deviation, 0).sum(axis=1) / sky.sum(axis=1)))
