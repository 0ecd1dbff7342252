"""Warping onto the canvas by Lanczos interpolation.

OpenCV rounds sample positions to 1/32 pixel and its result depends on how an image is cut into blocks; here positions
are exact and each pixel depends on the transform alone.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["KERNELS", "source_rows", "warp_block"]

# Name -> half-width of the kernel in pixels.
KERNELS = {"nearest": 0, "bilinear": 1, "bicubic": 2, "lanczos3": 3, "lanczos4": 4}
_PHASES = 2048


def _table(kernel: str) -> NDArray[np.float32]:
    """(phases + 1, 2a) weights of the taps for each sub-pixel phase, each row of unit sum."""
    a = KERNELS[kernel]
    phase = np.linspace(0, 1, _PHASES + 1)[:, None]
    distance = np.abs(np.arange(1 - a, a + 1)[None, :] - phase)
    if kernel == "bilinear":
        weights = np.clip(1 - distance, 0, None)
    elif kernel == "bicubic":  # Keys 1981, a = -0.5
        near = 1.5 * distance**3 - 2.5 * distance**2 + 1
        far = -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2
        weights = np.where(distance < 1, near, np.where(distance < 2, far, 0))
    else:
        weights = np.where(distance < a, np.sinc(distance) * np.sinc(distance / a), 0)
    return np.ascontiguousarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


_TABLES = {name: _table(name) for name in KERNELS if name != "nearest"}


def source_rows(matrix: NDArray[np.float64], y0: int, y1: int, x0: int, x1: int, shape: tuple[int, ...],
                margin: int) -> tuple[int, int] | None:
    """Rows of the frame that the canvas block y0:y1, x0:x1 needs; None when it lies outside.

    ``matrix`` is 3x3, canvas pixel -> frame pixel; ``shape`` the frame's; ``margin`` rows are added on both sides.
    """
    corners = np.array([[x0, y0, 1], [x1 - 1, y0, 1], [x0, y1 - 1, 1], [x1 - 1, y1 - 1, 1]], np.float64) @ matrix.T
    x, y = corners[:, 0] / corners[:, 2], corners[:, 1] / corners[:, 2]
    height, width = shape[-2:]
    if y.max() < 0 or y.min() > height - 1 or x.max() < 0 or x.min() > width - 1:
        return None
    return max(int(np.floor(y.min())) - margin, 0), min(int(np.ceil(y.max())) + margin + 1, height)


def warp_block(source: NDArray[np.float32], matrix: NDArray[np.float64], y0: int, x0: int, height: int, width: int,
               frame_shape: tuple[int, int], *, row_offset: int = 0, kernel: str = "lanczos4",
               feather: float = 0.0) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A block of the canvas, sampled from a frame.

    Parameters
    ----------
    source : (rows, columns) float32, the frame's rows from ``row_offset`` on.
    matrix : 3x3 float64, canvas pixel -> frame pixel.
    y0, x0, height, width : the block on the canvas.
    frame_shape : (rows, columns) of the whole frame.
    feather : validity fades in over so many pixels from the frame's border.

    Returns
    -------
    pixels, valid : (height, width) float32; ``valid`` is in 0..1, 0 outside the frame. A constant frame comes out as
    that constant; whole-pixel shifts copy.
    """
    out = np.zeros((height, width), np.float32)
    valid = np.zeros((height, width), np.float32)
    source = np.ascontiguousarray(source, np.float32)
    table = np.ones((1, 1), np.float32) if kernel == "nearest" else _TABLES[kernel]
    _warp(source, np.ascontiguousarray(matrix, np.float64), y0, x0, row_offset, frame_shape[0], frame_shape[1],
          float(feather), KERNELS[kernel], table, out, valid)
    return out, valid


@njit(cache=True, nogil=True)
def _warp(source: NDArray[np.float32], m: NDArray[np.float64], y0: int, x0: int, row_offset: int, rows: int,
          columns: int, feather: float, a: int, table: NDArray[np.float32], out: NDArray[np.float32],
          valid: NDArray[np.float32]) -> None:
    have, width = source.shape
    phases = table.shape[0] - 1
    taps = 2 * a
    wx = np.empty(max(taps, 1), np.float32)
    wy = np.empty(max(taps, 1), np.float32)
    tiny = 1e-6
    for r in range(out.shape[0]):
        for q in range(out.shape[1]):
            cx, cy = float(x0 + q), float(y0 + r)
            d = m[2, 0] * cx + m[2, 1] * cy + m[2, 2]
            x = (m[0, 0] * cx + m[0, 1] * cy + m[0, 2]) / d
            y = (m[1, 0] * cx + m[1, 1] * cy + m[1, 2]) / d
            edge = min(min(x, columns - 1 - x), min(y, rows - 1 - y))
            if not edge >= -tiny:
                continue
            x, y = min(max(x, 0.0), columns - 1.0), min(max(y, 0.0), rows - 1.0)
            if a == 0:
                i, j = round(y) - row_offset, round(x)
                if 0 <= i < have:
                    out[r, q] = source[i, j]
                    valid[r, q] = 1.0 if feather <= 0 else min((edge + 1) / (feather + 1), 1.0)
                continue
            ix, iy = int(np.floor(x)), int(np.floor(y))
            fx, fy = (x - ix) * phases, (y - iy) * phases
            px, py = min(int(fx), phases - 1), min(int(fy), phases - 1)
            tx, ty = np.float32(fx - px), np.float32(fy - py)
            for k in range(taps):
                wx[k] = table[px, k] + tx * (table[px + 1, k] - table[px, k])
                wy[k] = table[py, k] + ty * (table[py + 1, k] - table[py, k])
            left, top = ix - a + 1, iy - a + 1 - row_offset
            total = np.float32(0)
            if left >= 0 and left + taps <= width and top >= 0 and top + taps <= have:
                for k in range(taps):
                    line = source[top + k]
                    part = np.float32(0)
                    for n in range(taps):
                        part += wx[n] * line[left + n]
                    total += wy[k] * part
            else:
                # At the border taps outside are dropped and the rest is brought back to unit sum.
                norm = np.float32(0)
                for k in range(taps):
                    i = top + k
                    if i < 0 or i >= have or i + row_offset >= rows:
                        continue
                    for n in range(taps):
                        j = left + n
                        if j < 0 or j >= width:
                            continue
                        weight = wy[k] * wx[n]
                        total += weight * source[i, j]
                        norm += weight
                if norm < np.float32(0.5):
                    continue
                total /= norm
            out[r, q] = total
            valid[r, q] = 1.0 if feather <= 0 else min((max(edge, 0.0) + 1) / (feather + 1), 1.0)
