"""Warp, weighted mean and proper co-addition in whole-array operations, for any array module: numpy, or CuPy on a GPU.

They compute what the compiled kernels (:mod:`tilecore.resample.warp`, :mod:`tilecore.stack.weighted_mean`, :mod:`tilecore.stack.proper_coadd`) compute,
within the tolerance of float32. On a processor the kernels are faster; these are for a GPU.
"""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tilecore.detect.psf import OTF_STEP
from tilecore.resample.separable_lanczos import MARGIN, POLYNOMIALS, Straight, straighten, turned_back
from tilecore.resample.warp import KERNELS, inner_columns, tap_table

__all__ = ["add_to_mean", "add_to_spectra", "array_module", "on_host", "warp_block"]

Array = Any  # of the array module


@lru_cache
def array_module(device: str) -> tuple[ModuleType, str]:
    """The array module for ``cpu``, ``gpu`` or ``auto``, and why it is numpy where a GPU was asked for."""
    if device == "cpu":
        return np, ""
    try:
        import cupy  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        return np, "CuPy is not installed (pip install cupy-cuda12x)"
    try:
        if cupy.cuda.runtime.getDeviceCount() < 1:
            return np, "there is no GPU that CUDA can use"
        float(cupy.zeros(1).sum())
    except Exception as error:  # CuPy raises errors of its own for each fault of the driver
        return np, f"the GPU cannot be used: {error}"
    return cupy, ""


def on_host(values: Array) -> NDArray[Any]:
    """As a numpy array."""
    return np.asarray(values.get() if hasattr(values, "get") else values)


def warp_block(xp: ModuleType, source: NDArray[np.float32], matrix: NDArray[np.float64], y0: int, x0: int,
               frame_shape: tuple[int, int], size: tuple[int, int], *, row_offset: int = 0, kernel: str = "lanczos4",
               feather: float = 0.0, scale: NDArray[np.float32], surface: NDArray[np.float64],
               canvas_shape: tuple[int, int]) -> tuple[Array, Array]:
    """Pixels (C, h, w) and validity (h, w) as :func:`tilecore.resample.warp.warp_planes` writes them; ``size`` is (h, w)."""
    rows, columns = frame_shape
    turned = turned_back(matrix, frame_shape) if kernel == "lanczos4" else matrix
    way = straighten(turned) if kernel == "lanczos4" else None
    if way is not None and turned is not matrix:
        matrix, source, row_offset = turned, source[:, ::-1, ::-1], rows - row_offset - source.shape[1]
    data = xp.asarray(source)
    have, width = data.shape[1:]
    cy, cx = xp.arange(y0, y0 + size[0], dtype=xp.float64)[:, None], xp.arange(x0, x0 + size[1], dtype=xp.float64)[None, :]
    m = [[float(v) for v in row] for row in matrix]
    d = m[2][0] * cx + m[2][1] * cy + m[2][2]
    x, y = (m[0][0] * cx + m[0][1] * cy + m[0][2]) / d, (m[1][0] * cx + m[1][1] * cy + m[1][2]) / d
    edge = xp.minimum(xp.minimum(x, columns - 1 - x), xp.minimum(y, rows - 1 - y))
    good = edge >= -1e-6
    x, y = xp.clip(x, 0, columns - 1), xp.clip(y, 0, rows - 1)
    a = KERNELS[kernel]
    if a == 0:
        left, top = xp.rint(x).astype(xp.int64), xp.rint(y).astype(xp.int64) - row_offset
        wx = wy = xp.ones((*size, 1), xp.float32)
    else:
        table = xp.asarray(tap_table(kernel))
        ix, iy = xp.floor(x).astype(xp.int64), xp.floor(y).astype(xp.int64)
        wx, wy = (_taps(xp, table, f) for f in (x - ix, y - iy))
        left, top = ix - a + 1, iy - a + 1 - row_offset
    total, norm = xp.zeros((len(data), *size), xp.float32), xp.zeros(size, xp.float32)
    for k in range(max(2 * a, 1)):
        i = top + k
        row_inside = (i >= 0) & (i < have) & (i + row_offset < rows)
        i = xp.clip(i, 0, have - 1)
        for n in range(max(2 * a, 1)):
            j = left + n
            weight = wy[..., k] * wx[..., n] * (row_inside & (j >= 0) & (j < width))
            total += weight * data[:, i, xp.clip(j, 0, width - 1)]
            norm += weight
    good &= norm >= 0.5
    total /= xp.where(good, norm, 1)
    if way is not None:
        spans = np.array([inner_columns(matrix, float(y0 + r), x0, size[1], MARGIN, row_offset, have, rows, columns)[:2]
                          for r in range(size[0])])
        column = xp.arange(size[1])[None, :]
        inner = (column >= xp.asarray(spans[:, :1])) & (column < xp.asarray(spans[:, 1:]))
        total = xp.where(inner, _in_two_passes(xp, data, way, cx, y - row_offset, row_offset), total)
    px, py = cx / canvas_shape[1], cy / canvas_shape[0]
    for c in range(len(data)):
        sky = sum(float(surface[c, j, i]) * py**j * px**i for j in range(surface.shape[1]) for i in range(surface.shape[2]))
        total[c] = total[c] * float(scale[c]) - sky
    ramp = xp.ones_like(edge) if feather <= 0 else xp.minimum((xp.maximum(edge, 0) + 1) / (feather + 1), 1)
    return xp.where(good, total, 0).astype(xp.float32), xp.where(good, ramp, 0).astype(xp.float32)


def _in_two_passes(xp: ModuleType, data: Array, way: Straight, cx: Array, y: Array, row_offset: int) -> Array:
    """Samples (C, h, w) by the passes of :mod:`tilecore.resample.separable_lanczos`; ``y`` (h, w) counts from the first row of ``data``."""
    have, width = data.shape[1:]
    row = xp.arange(have)[:, None]
    x = way.along * cx + way.shear * (row + row_offset) + way.start
    left = xp.floor(x).astype(xp.int64) - 3
    weights = _kernel(xp, x - left - 3)
    crossed = sum(weights[k] * data[:, row, xp.clip(left + k, 0, width - 1)] for k in range(8))
    top = xp.floor(y).astype(xp.int64) - 3
    weights = _kernel(xp, y - top - 3)
    column = xp.arange(y.shape[1])[None, :]
    return sum(weights[k] * crossed[:, xp.clip(top + k, 0, have - 1), column] for k in range(8))


def _kernel(xp: ModuleType, phase: Array) -> list[Array]:
    """Weights of the eight taps at sub-pixel phases."""
    u = (phase - 0.5).astype(xp.float32)
    parts = [[sum(float(p) * (u * u) ** k for k, p in enumerate(part)) for part in pair] for pair in POLYNOMIALS]
    sides = [(even + odd * u, even - odd * u) for even, odd in parts]
    return [left for left, _ in reversed(sides)] + [right for _, right in sides]


def _taps(xp: ModuleType, table: Array, phase: Array) -> Array:
    """Weights (h, w, taps) at sub-pixel phases, linear between the table's."""
    place = phase * (table.shape[0] - 1)
    index = xp.minimum(place.astype(xp.int64), table.shape[0] - 2)
    share = (place - index).astype(xp.float32)[..., None]
    return table[index] + share * (table[index + 1] - table[index])


def add_to_mean(xp: ModuleType, cube: Array, valid: Array, mask: Array, weights: NDArray[np.float64],
                variance: NDArray[np.float64], index_y: NDArray[np.int32], weight_y: NDArray[np.float32],
                index_x: NDArray[np.int32], weight_x: NDArray[np.float64], sums: Array, counts: Array) -> None:
    """What :meth:`tilecore.stack.weighted_mean.TileMean.add` adds to its sums (5, h, w) and counts (2, h, w), in place.

    ``weight_x`` is (K, columns), as TileMean keeps it.
    """
    cube, valid, mask = (xp.asarray(v) for v in (cube, valid, mask))
    data = (valid > 0) & xp.isfinite(cube)
    seen = data.sum(axis=0)
    lost = (data & (mask > 0)).sum(axis=0)
    undone = lost == seen
    counts[0] += seen.astype(counts.dtype)
    counts[1] += xp.where(undone, 0, lost).astype(counts.dtype)
    along_y, along_x = xp.asarray(weight_y).astype(xp.float64), xp.asarray(weight_x)
    iy, ix = xp.asarray(index_y), xp.asarray(index_x)
    for f in range(len(cube)):
        keep = data[f] & ((mask[f] == 0) | undone)
        maps = []
        for tiles in (weights[f], variance[f]):
            rows = (along_y[:, :, None] * xp.asarray(tiles)[iy]).sum(axis=1)
            maps.append((along_x.T[None] * rows[:, ix]).sum(axis=-1))
        value = xp.where(keep, cube[f], 0).astype(xp.float64)
        weight, spread = xp.where(keep, maps[0] * valid[f], 0), xp.where(keep, maps[1], 0)
        for k, term in enumerate((weight, weight * value, weight * weight * spread, value, spread)):
            sums[k] += term


def add_to_spectra(xp: ModuleType, tiles: NDArray[np.float32], used: NDArray[np.int64], weight: NDArray[np.float32],
                   quadratic: NDArray[np.float32], table: NDArray[np.float32], ky: NDArray[np.float32],
                   kx: NDArray[np.float32], pixel_y: NDArray[np.float32], pixel_x: NDArray[np.float32], total: Array,
                   power: Array) -> None:
    """What :meth:`tilecore.stack.proper_coadd.Band.add` adds to its sums of spectra and power, in place."""
    spectra = xp.fft.rfft2(xp.asarray(tiles))
    v, u = xp.asarray(ky)[None, :, None], xp.asarray(kx)[None, None, :]
    q = xp.asarray(quadratic)[:, :, None, None]
    s = xp.sqrt(xp.maximum(q[:, 0] * v * v + q[:, 1] * u * v + q[:, 2] * u * u, 0)) / np.float32(OTF_STEP)
    entries = xp.asarray(table)
    s = xp.minimum(s, len(table) - 2)
    n = s.astype(xp.int64)
    otf = (entries[n] + (s - n) * (entries[n + 1] - entries[n])) * xp.asarray(pixel_y)[None, :, None] * xp.asarray(pixel_x)
    weighted = xp.asarray(weight)[:, None, None] * otf
    places = xp.asarray(used)
    total[places] += (weighted * spectra).astype(total.dtype)
    power[places] += (weighted * otf).astype(power.dtype)
