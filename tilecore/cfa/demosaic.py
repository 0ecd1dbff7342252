"""Demosaicing that follows edges: Menon's method and variable number of gradients. Neither is linear in the pixels.

``p`` is the mosaic with a mirrored border of :data:`PAD` pixels, so that the pattern continues; ``colors`` (2, 2) holds the
colour number (0 red, 1 green, 2 blue) of each site, ``p[0, 0]`` being of ``colors[0, 0]``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit

__all__ = ["PAD", "menon", "vng"]

Image = NDArray[np.float32]
Sites = NDArray[np.int64]
# Even, so that the padded mosaic has the same pattern; wider than all steps of Menon's method together reach.
PAD = 10

# Steps (rows, columns) in the eight directions: N, E, S, W, then NE, SE, SW, NW.
_DY = np.array([-1, 0, 1, 0, -1, 1, 1, -1])
_DX = np.array([0, 1, 0, -1, 1, 1, -1, -1])


@njit(cache=True, nogil=True)
def menon(p: Image, colors: Sites) -> Image:
    """(3, h, w) by directional filtering with an a posteriori decision (Menon, Andriani & Calvagno 2007, IEEE TIP 16, 132).

    Green is interpolated along rows and along columns; the direction with the smaller gradients of the colour difference is
    used, for the other colours too. The last step refines all three by averages of the colour differences.
    """
    h, w = p.shape
    green = np.empty((2, h, w), np.float32)
    chroma = np.zeros((2, h, w), np.float32)
    for y in range(2, h - 2):
        for x in range(2, w - 2):
            if colors[y & 1, x & 1] == 1:
                green[0, y, x] = green[1, y, x] = p[y, x]
            else:
                c = p[y, x]
                green[0, y, x] = (p[y, x - 1] + p[y, x + 1]) / 2 + (2 * c - p[y, x - 2] - p[y, x + 2]) / 4
                green[1, y, x] = (p[y - 1, x] + p[y + 1, x]) / 2 + (2 * c - p[y - 2, x] - p[y + 2, x]) / 4
                chroma[0, y, x], chroma[1, y, x] = c - green[0, y, x], c - green[1, y, x]
    across, along = np.zeros((h, w), np.float32), np.zeros((h, w), np.float32)
    for y in range(2, h - 4):
        for x in range(2, w - 4):
            across[y, x] = abs(chroma[0, y, x] - chroma[0, y, x + 2])
            along[y, x] = abs(chroma[1, y, x] - chroma[1, y + 2, x])
    rows = np.zeros((h, w), np.bool_)  # whether the row is the direction of interpolation
    out = np.zeros((3, h, w), np.float32)
    for y in range(4, h - 6):
        for x in range(4, w - 6):
            d, e = across, along
            by_row = (3 * (d[y, x] + d[y, x - 2]) + d[y - 1, x - 1] + d[y + 1, x - 1] + d[y - 2, x] + d[y - 2, x - 2]
                      + d[y + 2, x] + d[y + 2, x - 2])
            by_column = (3 * (e[y, x] + e[y - 2, x]) + e[y - 1, x - 1] + e[y - 1, x + 1] + e[y, x - 2] + e[y - 2, x - 2]
                         + e[y, x + 2] + e[y - 2, x + 2])
            rows[y, x] = by_column >= by_row
            out[1, y, x] = green[0, y, x] if rows[y, x] else green[1, y, x]
            out[colors[y & 1, x & 1], y, x] = p[y, x]
    _colours_at_green(out, colors, 5)
    _cross_colours(out, colors, rows, 6)
    _refine(out, colors, rows)
    return out[:, PAD: h - PAD, PAD: w - PAD].copy()


@njit(cache=True, nogil=True)
def _colours_at_green(out: Image, colors: Sites, edge: int) -> None:
    """Red and blue of green pixels: green plus the mean colour difference of the two neighbours of that colour."""
    h, w = out.shape[1:]
    for y in range(edge, h - edge - 2):
        for x in range(edge, w - edge - 2):
            if colors[y & 1, x & 1] != 1:
                continue
            beside, above = colors[y & 1, (x + 1) & 1], colors[(y + 1) & 1, x & 1]
            g = out[1]
            out[beside, y, x] = g[y, x] + (out[beside, y, x - 1] - g[y, x - 1] + out[beside, y, x + 1] - g[y, x + 1]) / 2
            out[above, y, x] = g[y, x] + (out[above, y - 1, x] - g[y - 1, x] + out[above, y + 1, x] - g[y + 1, x]) / 2


@njit(cache=True, nogil=True)
def _cross_colours(out: Image, colors: Sites, rows: NDArray[np.bool_], edge: int) -> None:
    """Red of blue pixels and blue of red ones, along the chosen direction."""
    h, w = out.shape[1:]
    for y in range(edge, h - edge - 2):
        for x in range(edge, w - edge - 2):
            here = colors[y & 1, x & 1]
            if here == 1:
                continue
            dy, dx = (0, 1) if rows[y, x] else (1, 0)
            other, a = out[2 - here], out[here]
            other[y, x] = a[y, x] + (other[y - dy, x - dx] - a[y - dy, x - dx] + other[y + dy, x + dx] - a[y + dy, x + dx]) / 2


@njit(cache=True, nogil=True)
def _refine(out: Image, colors: Sites, rows: NDArray[np.bool_]) -> None:
    """Refine all colours by means of colour differences along the chosen direction."""
    _smooth_difference(out, colors, rows, True, 7)
    _colours_at_green(out, colors, 8)
    _smooth_difference(out, colors, rows, False, 9)


@njit(cache=True, nogil=True)
def _smooth_difference(out: Image, colors: Sites, rows: NDArray[np.bool_], green: bool, edge: int) -> None:
    """Green, or the other of red and blue, of red and blue pixels: the measured value less the mean colour difference of three
    pixels along the chosen direction."""
    h, w = out.shape[1:]
    before = out.copy()
    for y in range(edge, h - 9):
        for x in range(edge, w - 9):
            here = colors[y & 1, x & 1]
            if here != 1:
                wanted = 1 if green else 2 - here
                dy, dx = (0, 1) if rows[y, x] else (1, 0)
                difference = np.float32(0)
                for k in range(-1, 2):
                    difference += before[here, y + k * dy, x + k * dx] - before[wanted, y + k * dy, x + k * dx]
                out[wanted, y, x] = out[here, y, x] - difference / 3


@njit(cache=True, nogil=True)
def vng(p: Image, colors: Sites) -> Image:
    """(3, h, w) by a variable number of gradients (Chang, Cheung & Pang 1999, Proc. SPIE 3650, 36).

    Of eight directions those with a small gradient over 5x5 pixels count; the differences of their mean colours from their
    mean in the colour of the pixel give the missing colours.
    """
    h, w = p.shape[0] - 2 * PAD, p.shape[1] - 2 * PAD
    out = np.empty((3, h, w), np.float32)
    gradient, sums = np.empty(8, np.float32), np.empty(3, np.float32)
    for y in range(h):
        for x in range(w):
            i, j = y + PAD, x + PAD
            here = colors[i & 1, j & 1]
            for k in range(8):
                gradient[k] = _gradient(p, i, j, _DY[k], _DX[k], here == 1)
            low, high = gradient.min(), gradient.max()
            limit = np.float32(1.5) * low + np.float32(0.5) * (high - low)
            sums[:] = 0
            n = 0
            for k in range(8):
                if gradient[k] <= limit:
                    _add_colours(p, colors, i, j, _DY[k], _DX[k], sums)
                    n += 1
            for c in range(3):
                out[c, y, x] = p[i, j] + (sums[c] - sums[here]) / n if c != here else p[i, j]
    return out


@njit(cache=True, nogil=True)
def _gradient(p: Image, i: int, j: int, dy: int, dx: int, green: bool) -> float:
    """Differences of equal colours over two pixels in the direction (dy, dx), near the pixel (i, j)."""
    total: float = abs(p[i + dy, j + dx] - p[i - dy, j - dx]) + abs(p[i + 2 * dy, j + 2 * dx] - p[i, j])
    if dy == 0 or dx == 0:
        sy, sx = dx, dy  # to the side
        for s in (-1, 1):
            total += abs(p[i + dy + s * sy, j + dx + s * sx] - p[i - dy + s * sy, j - dx + s * sx]) / 2
            total += abs(p[i + 2 * dy + s * sy, j + 2 * dx + s * sx] - p[i + s * sy, j + s * sx]) / 2
        return total
    if green:
        total += abs(p[i + 2 * dy, j + dx] - p[i, j - dx])
        total += abs(p[i + dy, j + 2 * dx] - p[i - dy, j])
        return total
    total += (abs(p[i + dy, j] - p[i, j - dx]) + abs(p[i, j + dx] - p[i - dy, j])) / 2
    total += (abs(p[i + 2 * dy, j + dx] - p[i + dy, j]) + abs(p[i + dy, j + 2 * dx] - p[i, j + dx])) / 2
    return total


@njit(cache=True, nogil=True)
def _add_colours(p: Image, colors: Sites, i: int, j: int, dy: int, dx: int, sums: NDArray[np.float32]) -> None:
    """Add the three colours found one pixel away in the direction (dy, dx)."""
    here = colors[i & 1, j & 1]
    far = (p[i, j] + p[i + 2 * dy, j + 2 * dx]) / 2
    if dy == 0 or dx == 0:
        near = colors[(i + dy) & 1, (j + dx) & 1]
        sums[here] += far
        sums[near] += p[i + dy, j + dx]
        if here == 1:
            side = p[i + dx, j + dy] + p[i - dx, j - dy]
            sums[2 - near] += (side + p[i + 2 * dy + dx, j + 2 * dx + dy] + p[i + 2 * dy - dx, j + 2 * dx - dy]) / 4
        else:
            sums[2 - here] += (p[i + dy + dx, j + dx + dy] + p[i + dy - dx, j + dx - dy]) / 2
    elif here == 1:
        beside, above = colors[i & 1, (j + 1) & 1], colors[(i + 1) & 1, j & 1]
        sums[1] += p[i + dy, j + dx]
        sums[above] += (p[i + dy, j] + p[i + dy, j + 2 * dx]) / 2
        sums[beside] += (p[i, j + dx] + p[i + 2 * dy, j + dx]) / 2
    else:
        sums[here] += far
        sums[2 - here] += p[i + dy, j + dx]
        sums[1] += (p[i + dy, j] + p[i, j + dx] + p[i + 2 * dy, j + dx] + p[i + dy, j + 2 * dx]) / 4
