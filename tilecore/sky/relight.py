"""Scaling of the light of a picture above its sky by a smooth factor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit

__all__ = ["relight"]

FloatArray = NDArray[np.float64]


def relight(pixels: NDArray[np.float32], valid: NDArray[np.float32], factor: FloatArray, sky: FloatArray,
            position: tuple[FloatArray, FloatArray]) -> None:
    """Scale the light of valid ``pixels`` (C, h, w) above the sky, in place.

    ``factor`` (gy, gx) and ``sky`` (C, my, mx) are given at the centres of equal cells of the picture, bilinear between them and
    constant beyond the outer ones; ``position`` are y (h,) and x (w,) of the pixels, from 0 to 1 of the picture. ``valid`` (h, w)
    is 0 where there are no data.
    """
    (fy, fx), (ly, lx) = ([_cells(p, n) for p, n in zip(position, mesh.shape[-2:], strict=True)] for mesh in (factor, sky))
    _relight(pixels, valid, np.ascontiguousarray(factor), np.ascontiguousarray(sky), fy, fx, ly, lx)


def _cells(position: FloatArray, count: int) -> FloatArray:
    """Positions in units of cells from the centre of the first."""
    return np.asarray(np.clip(position * count - 0.5, 0, count - 1))


@njit(cache=True, nogil=True)
def _between(mesh: FloatArray, at: float, out: FloatArray) -> None:
    """A row of a mesh (gy, gx) between two of its rows."""
    j = int(at)
    k, t = min(j + 1, mesh.shape[0] - 1), at - j
    for i in range(mesh.shape[1]):
        out[i] = mesh[j, i] * (1 - t) + mesh[k, i] * t


@njit(cache=True, nogil=True)
def _relight(pixels: NDArray[np.float32], valid: NDArray[np.float32], factor: FloatArray, sky: FloatArray, fy: FloatArray,
             fx: FloatArray, ly: FloatArray, lx: FloatArray) -> None:
    planes, height, width = pixels.shape
    factors, levels = np.empty(factor.shape[1]), np.empty(sky.shape[2])
    for r in range(height):
        _between(factor, fy[r], factors)
        for c in range(planes):
            _between(sky[c], ly[r], levels)
            for q in range(width):
                if valid[r, q] > 0:
                    i, k = int(fx[q]), int(lx[q])
                    t, s = fx[q] - i, lx[q] - k
                    f = factors[i] * (1 - t) + factors[min(i + 1, len(factors) - 1)] * t
                    level = levels[k] * (1 - s) + levels[min(k + 1, len(levels) - 1)] * s
                    pixels[c, r, q] = np.float32(level + (pixels[c, r, q] - level) * f)
