"""Colour filter arrays: planes of a mosaic, demosaicing.

A pattern such as "RGGB" names the colours in the order of memory: ``data[0, 0]``, ``data[0, 1]``, ``data[1, 0]``,
``data[1, 1]``. Planes are numbered in that order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.cfa.demosaic import PAD, menon, vng
from tilecore.cfa.gradient_gains import MALVAR, gradient_gains
from tilecore.numerics.compiled import njit

__all__ = ["METHODS", "PATTERNS", "color_map", "demosaic", "flip_vertical", "green", "merge", "shift", "split", "superpixel"]

METHODS = ("malvar", "bilinear", "menon", "vng")
PATTERNS = ("RGGB", "BGGR", "GRBG", "GBRG")
_COLOR = {"R": 0, "G": 1, "B": 2}


def color_map(pattern: str) -> NDArray[np.int64]:
    """(2, 2) colour numbers (0 red, 1 green, 2 blue) of a pattern. Raises ValueError for an unknown one."""
    if pattern not in PATTERNS:
        raise ValueError(f"unknown CFA pattern {pattern!r}, known are {', '.join(PATTERNS)}")
    return np.array([_COLOR[c] for c in pattern], np.int64).reshape(2, 2)


def flip_vertical(pattern: str, rows: int) -> str:
    """The pattern of the same pixels read from the last row up."""
    return pattern[2:] + pattern[:2] if rows % 2 == 0 else pattern


def shift(pattern: str, x: int, y: int) -> str:
    """The pattern seen from pixel (x, y)."""
    rows = [pattern[:2], pattern[2:]]
    rows = rows[y % 2:] + rows[: y % 2]
    return "".join(r[x % 2:] + r[: x % 2] for r in rows)


def split(mosaic: NDArray[np.float32]) -> NDArray[np.float32]:
    """The four planes (4, h/2, w/2) of a mosaic (h, w) with even sides, in order of memory."""
    return np.stack([mosaic[0::2, 0::2], mosaic[0::2, 1::2], mosaic[1::2, 0::2], mosaic[1::2, 1::2]])


def merge(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mosaic (2h, 2w) of four planes (4, h, w): the inverse of :func:`split`."""
    _, h, w = planes.shape
    mosaic = np.empty((2 * h, 2 * w), planes.dtype)
    mosaic[0::2, 0::2], mosaic[0::2, 1::2], mosaic[1::2, 0::2], mosaic[1::2, 1::2] = planes
    return mosaic


def superpixel(mosaic: NDArray[np.float32], pattern: str) -> NDArray[np.float32]:
    """(3, h/2, w/2): each 2x2 cell becomes one pixel, its greens averaged."""
    planes, colors = split(mosaic), color_map(pattern).ravel()
    return np.stack([planes[colors == c].mean(axis=0, dtype=np.float32) for c in range(3)])


def demosaic(mosaic: NDArray[np.float32], pattern: str, method: str = "malvar",
             balance: tuple[float, float, float] = (1.0, 1.0, 1.0), fwhm: float | None = None) -> NDArray[np.float32]:
    """Full-resolution colours (3, h, w) of a mosaic (h, w); borders are mirrored so that the pattern continues.

    All methods but ``bilinear`` compare colours, and assume that they change alike from pixel to pixel. ``balance`` is the usual
    light of the scene in red, green and blue, by which the colours are divided meanwhile: with 0.5 in red a star of that colour
    would else have a dark rim in red.

    ``bilinear`` and ``malvar`` are linear in the pixels; the latter corrects linear interpolation by the gradient of the measured
    colour (Malvar, He & Cutler 2004, ICASSP). With the ``fwhm`` of the stars (px) its gains are those that are best for them
    (:mod:`tilecore.cfa.gradient_gains`). ``menon`` and ``vng`` follow edges (see :mod:`tilecore.cfa.demosaic`); they change
    the colours of stars that are not white by 10 % and more. Raises ValueError for an unknown pattern or method.
    """
    if method not in METHODS:
        raise ValueError(f"unknown demosaicing method {method!r}, known are {', '.join(METHODS)}")
    pad = PAD if method in ("menon", "vng") else 2
    colors, light = color_map(pattern), np.array(balance, np.float32)
    padded = np.pad(np.ascontiguousarray(mosaic, np.float32), pad, mode="reflect")
    balanced = method != "bilinear" and bool((light != 1).any())
    if balanced:
        # The padding is even: the pattern begins as in the mosaic.
        for j, i in np.argwhere(light[colors] != 1):
            padded[j::2, i::2] *= 1 / light[colors[j, i]]
    if method in ("menon", "vng"):
        out = (menon if method == "menon" else vng)(padded, colors)
    else:
        out = np.empty((3, *mosaic.shape), np.float32)
        gains = (0.0,) * 5 if method == "bilinear" else MALVAR if fwhm is None else gradient_gains(fwhm)
        _demosaic(padded, colors, np.array(gains, np.float32), out)
    if balanced:
        for c in np.flatnonzero(light != 1):
            out[c] *= light[c]
    return out


def green(mosaic: NDArray[np.float32], pattern: str) -> NDArray[np.float32]:
    """The green channel (h, w) of :func:`demosaic` with method ``bilinear``, without the others."""
    out = np.empty(mosaic.shape, np.float32)
    _green(np.ascontiguousarray(mosaic, np.float32), color_map(pattern), out)
    return out


@njit(cache=True, nogil=True)
def _green(mosaic: NDArray[np.float32], colors: NDArray[np.int64], out: NDArray[np.float32]) -> None:
    h, w = out.shape
    for y in range(h):
        up, down = (y - 1 if y > 0 else min(1, h - 1)), (y + 1 if y < h - 1 else max(h - 2, 0))
        first = 0 if colors[y & 1, 0] == 1 else 1
        for x in range(first, w, 2):
            out[y, x] = mosaic[y, x]
        for x in range(1 - first, w, 2):
            left, right = (x - 1 if x > 0 else min(1, w - 1)), (x + 1 if x < w - 1 else max(w - 2, 0))
            out[y, x] = (mosaic[up, x] + mosaic[down, x] + mosaic[y, left] + mosaic[y, right]) * np.float32(0.25)


@njit(cache=True, nogil=True)
def _demosaic(p: NDArray[np.float32], colors: NDArray[np.int64], gains: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    """Fill ``out`` (3, h, w) from the mosaic padded by 2 px; ``gains`` (5,) of :data:`MALVAR` or others, 0 is bilinear."""
    h, w = out.shape[1], out.shape[2]
    for y in range(h):
        for x in range(w):
            i, j = y + 2, x + 2
            c = p[i, j]
            here = colors[y & 1, x & 1]
            cross = (p[i - 1, j] + p[i + 1, j] + p[i, j - 1] + p[i, j + 1]) * np.float32(0.25)
            across = (p[i, j - 1] + p[i, j + 1]) * np.float32(0.5)
            along = (p[i - 1, j] + p[i + 1, j]) * np.float32(0.5)
            diagonal = (p[i - 1, j - 1] + p[i - 1, j + 1] + p[i + 1, j - 1] + p[i + 1, j + 1]) * np.float32(0.25)
            far_x = (p[i, j - 2] + p[i, j + 2]) * np.float32(0.5)
            far_y = (p[i - 2, j] + p[i + 2, j]) * np.float32(0.5)
            out[here, y, x] = c
            if here != 1:
                curve = c - (far_x + far_y) * np.float32(0.5)
                out[1, y, x] = cross + gains[0] * curve
                out[2 - here, y, x] = diagonal + gains[1] * curve
            else:
                # A green pixel: one of the other colours is beside it, the other above and below.
                beside = colors[y & 1, (x + 1) & 1]
                near = gains[2] * (c - diagonal)
                out[beside, y, x] = across + near + gains[3] * (c - far_x) + gains[4] * (c - far_y)
                out[2 - beside, y, x] = along + near + gains[3] * (c - far_y) + gains[4] * (c - far_x)
