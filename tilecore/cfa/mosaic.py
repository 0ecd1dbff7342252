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
from tilecore.numerics.vectors import LANES, add, choose, multiply, splat, store, subtract, vector

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
        gains = (0.0,) * 5 if method == "bilinear" else MALVAR if fwhm is None else gradient_gains(fwhm)
        height, width = mosaic.shape
        if width < LANES:
            padded = np.pad(padded, ((0, 0), (0, LANES - width)))
        out = np.empty((3, height, max(width, LANES)), np.float32)
        _demosaic(padded, colors, np.array(gains, np.float32), light if balanced else np.ones(3, np.float32), out)
        return out if width >= LANES else np.ascontiguousarray(out[:, :, :width])
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
def _demosaic(p: NDArray[np.float32], colors: NDArray[np.int64], gains: NDArray[np.float32], light: NDArray[np.float32],
              out: NDArray[np.float32]) -> None:
    """Fill ``out`` (3, h, w), w >= LANES, from the mosaic padded by 2 px; ``gains`` (5,) of :data:`MALVAR` or others, 0 is
    bilinear. The colours are multiplied by ``light`` (3,)."""
    h, w = out.shape[1], out.shape[2]
    every_other = np.zeros(LANES + 1, np.float32)
    every_other[::2] = 1
    zero, half, quarter = splat(np.float32(0)), splat(np.float32(0.5)), splat(np.float32(0.25))
    g0, g1, g2, g3, g4 = splat(gains[0]), splat(gains[1]), splat(gains[2]), splat(gains[3]), splat(gains[4])
    for y in range(h):
        i, odd = y + 2, 0 if colors[y & 1, 0] == 1 else 1
        # The colour of this row beside green, and the one of the rows above and below.
        beside = colors[y & 1, 1 - odd]
        for start in range(0, w, LANES):
            x = min(start, w - LANES)  # the last vector overlaps the one before
            j = x + 2
            is_green = vector(every_other, (x + odd) & 1)
            c, up, down = vector(p, (i, j)), vector(p, (i - 1, j)), vector(p, (i + 1, j))
            left, right = vector(p, (i, j - 1)), vector(p, (i, j + 1))
            cross = multiply(add(add(add(up, down), left), right), quarter)
            across, along = multiply(add(left, right), half), multiply(add(up, down), half)
            diagonal = add(vector(p, (i - 1, j - 1)), vector(p, (i - 1, j + 1)))
            diagonal = add(add(diagonal, vector(p, (i + 1, j - 1))), vector(p, (i + 1, j + 1)))
            diagonal = multiply(diagonal, quarter)
            far_x = multiply(add(vector(p, (i, j - 2)), vector(p, (i, j + 2))), half)
            far_y = multiply(add(vector(p, (i - 2, j)), vector(p, (i + 2, j))), half)
            curve, near = subtract(c, multiply(add(far_x, far_y), half)), multiply(g2, subtract(c, diagonal))
            dx, dy = subtract(c, far_x), subtract(c, far_y)
            in_row = add(add(add(across, near), multiply(g3, dx)), multiply(g4, dy))
            in_column = add(add(add(along, near), multiply(g3, dy)), multiply(g4, dx))
            green_here = choose(zero, is_green, c, add(cross, multiply(g0, curve)))
            beside_here = choose(zero, is_green, in_row, c)
            above_here = choose(zero, is_green, in_column, add(diagonal, multiply(g1, curve)))
            store(out, (1, y, x), multiply(green_here, splat(light[1])))
            store(out, (beside, y, x), multiply(beside_here, splat(light[beside])))
            store(out, (2 - beside, y, x), multiply(above_here, splat(light[2 - beside])))
