"""HEALPix: pixels of equal area on the sphere, in the nested scheme (Gorski et al. 2005, ApJ 622, 759)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["healpix", "pixels_in"]

Array = NDArray[np.float64]


def healpix(ra: Array, dec: Array, level: int) -> NDArray[np.int64]:
    """Numbers of the nested pixels that contain positions in degrees; ``level`` is the resolution, nside = 2**level."""
    nside = 1 << level
    z = np.sin(np.radians(dec))
    tt = np.mod(np.asarray(ra) / 90, 4)
    # Equatorial belt: lines of constant jp and jm are the diagonals.
    up, down = nside * (0.5 + tt - 0.75 * z), nside * (0.5 + tt + 0.75 * z)
    jp, jm = up.astype(np.int64), down.astype(np.int64)
    fp, fm = jp >> level, jm >> level
    face = np.where(fp == fm, fp % 4 + 4, np.where(fp < fm, fp % 4, fm % 4 + 8))
    ix, iy = jm & (nside - 1), nside - 1 - (jp & (nside - 1))
    # Polar caps; sqrt(3 (1 - |z|)) without the cancellation near the poles.
    quarter = np.minimum(tt.astype(np.int64), 3)
    t = tt - quarter
    root = nside * np.sqrt(6.0) * np.sin(np.radians(90 - np.abs(dec)) / 2)
    cp = np.minimum((t * root).astype(np.int64), nside - 1)
    cm = np.minimum(((1 - t) * root).astype(np.int64), nside - 1)
    cap, north = np.abs(z) > 2 / 3, z > 0
    face = np.where(cap, np.where(north, quarter, quarter + 8), face)
    ix = np.where(cap, np.where(north, nside - 1 - cm, cp), ix)
    iy = np.where(cap, np.where(north, nside - 1 - cp, cm), iy)
    return np.asarray(face * nside * nside + _spread(ix) + 2 * _spread(iy))


def _spread(v: NDArray[np.int64]) -> NDArray[np.int64]:
    """Move the bits of each number to the even places."""
    for shift, mask in ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
                        (2, 0x3333333333333333), (1, 0x5555555555555555)):
        v = (v | (v << shift)) & mask
    return v


# Degrees of a pixel's side at level 0.
PIXEL_SIZE = 58.6
# Steps per pixel at which a circle is sampled.
STEPS_PER_PIXEL = 4


def pixels_in(ra: float, dec: float, radius: float, level: int) -> NDArray[np.int64]:
    """Numbers of the pixels that a circle (degrees) touches, found by sampling it at a quarter of their size."""
    step = PIXEL_SIZE / (1 << level) / STEPS_PER_PIXEL
    edge = np.degrees(np.tan(np.radians(min(radius, 80)))) + STEPS_PER_PIXEL * step
    n = int(np.ceil(edge / step))
    u, v = np.meshgrid(np.arange(-n, n + 1) * step, np.arange(-n, n + 1) * step)
    u, v = u[(inside := np.hypot(u, v) <= edge)], v[inside]
    x, y, d = np.radians(u.ravel()), np.radians(v.ravel()), np.radians(dec)
    # Gnomonic plane about the centre, back to the sphere.
    a = np.radians(ra) + np.arctan2(x, np.cos(d) - y * np.sin(d))
    b = np.arctan2(np.sin(d) + y * np.cos(d), np.hypot(x, np.cos(d) - y * np.sin(d)))
    return np.unique(healpix(np.mod(np.degrees(a), 360), np.degrees(b), level))
