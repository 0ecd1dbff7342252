"""Warp, weighted mean and proper co-addition as operations on whole arrays, for any array module: numpy, or CuPy on a GPU.

Their results are those of the compiled kernels (:mod:`tilecore.resample.warp`, :mod:`tilecore.stack.weighted_mean`,
:mod:`tilecore.stack.proper_coadd`), within the tolerance of float32. On a CPU the kernels are faster; these are for a GPU.
"""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tilecore.detect.psf import OTF_STEP
from tilecore.resample.pixel_map import FAR, PixelMap
from tilecore.resample.rows import LEAST_WEIGHT, FrameExtent
from tilecore.resample.separable_lanczos import MARGIN, POLYNOMIALS, TwoPasses, turn_back, two_passes
from tilecore.resample.warp import (
    KERNELS,
    FrameRows,
    Normalization,
    Sampling,
    Window,
    inner_columns,
    tap_table,
)

__all__ = ["FrameGroup", "Frequencies", "TileProfiles", "WindowArrays", "add_to_mean", "add_to_spectra", "array_module",
           "to_numpy", "warp_block"]

Array = Any  # of the array module


class FrameGroup(NamedTuple):
    """N frames of one channel: normalised pixels ``cube``, validity 0..1 ``valid``, ``mask`` (1 = rejected), each (N, h, w); and
    ``weights`` and ``variance`` of their tiles (N, ty, tx). ``half`` (N,) is 1 for frames of the second half, else 0."""

    cube: Array
    valid: Array
    mask: Array
    weights: NDArray[np.float64]
    variance: NDArray[np.float64]
    half: NDArray[np.uint8]


class WindowArrays(NamedTuple):
    """Tiles that count at each row and column, ``index_y`` (h, K) and ``index_x`` (w, K), and their shares ``weight_y`` (h, K)
    float32 and ``weight_x`` (K, w) float64: the windows of :mod:`tilecore.stack.grid`, laid out for the loops."""

    index_y: NDArray[np.int32]
    weight_y: NDArray[np.float32]
    index_x: NDArray[np.int32]
    weight_x: NDArray[np.float64]


class TileProfiles(NamedTuple):
    """PSFs of a frame in T tiles: ``weight`` (T,) c of the tile; ``quadratic`` (T, 3) the terms in v v, u v, u u of the square
    of frequency x FWHM; ``table`` the transfer function of the profile (:func:`tilecore.detect.psf.otf_table`). All float32."""

    weight: NDArray[np.float32]
    quadratic: NDArray[np.float32]
    table: NDArray[np.float32]


class Frequencies(NamedTuple):
    """Frequencies of the spectrum of a tile, ``ky`` (size,) and ``kx`` (size // 2 + 1,) in cycles a pixel, and the transfer
    function of the pixel there, ``pixel_y`` and ``pixel_x``. All float32."""

    ky: NDArray[np.float32]
    kx: NDArray[np.float32]
    pixel_y: NDArray[np.float32]
    pixel_x: NDArray[np.float32]


@lru_cache
def array_module(device: str) -> tuple[ModuleType, str]:
    """The array module for ``cpu``, ``gpu`` or ``auto``, and why it is numpy although a GPU was wanted (else empty)."""
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
    except Exception as error:  # CuPy has its own error for each fault of the driver
        return np, f"the GPU cannot be used: {error}"
    return cupy, ""


def to_numpy(values: Array) -> NDArray[Any]:
    """An array of any array module as a numpy array."""
    return np.asarray(values.get() if hasattr(values, "get") else values)


def warp_block(xp: ModuleType, source: FrameRows, matrix: NDArray[np.float64] | PixelMap, window: Window, sampling: Sampling,
               normalization: Normalization) -> tuple[Array, Array]:
    """Pixels (C, h, w) and validity (h, w) of a block of the canvas, like :func:`tilecore.resample.warp.warp_planes`."""
    planes, row_offset = source.planes, source.first
    rows, columns = source.shape
    size = window.height, window.width
    cy = xp.arange(window.y0, window.y0 + size[0], dtype=xp.float64)[:, None]
    cx = xp.arange(window.x0, window.x0 + size[1], dtype=xp.float64)[None, :]
    geometry: TwoPasses | PixelMap | None = None
    if isinstance(matrix, PixelMap):
        turned = matrix.orientation.turned
        geometry = matrix if matrix.orientation.two_passes and sampling.kernel == "lanczos4" else None
        x, y = (xp.nan_to_num(p, nan=FAR) for p in matrix.at(cy[:, 0], cx[0], xp))
    else:
        upright = turn_back(matrix, source.shape) if sampling.kernel == "lanczos4" else matrix
        geometry = two_passes(upright) if sampling.kernel == "lanczos4" else None
        turned = geometry is not None and upright is not matrix
        m = [[float(v) for v in row] for row in (upright if turned else matrix)]
        d = m[2][0] * cx + m[2][1] * cy + m[2][2]
        x, y = (m[0][0] * cx + m[0][1] * cy + m[0][2]) / d, (m[1][0] * cx + m[1][1] * cy + m[1][2]) / d
    if turned:
        planes, row_offset = planes[:, ::-1, ::-1], rows - row_offset - planes.shape[1]
    data = xp.asarray(planes)
    have, width = data.shape[1:]
    edge = xp.minimum(xp.minimum(x, columns - 1 - x), xp.minimum(y, rows - 1 - y))
    good = edge >= -1e-6
    x, y = xp.clip(x, 0, columns - 1), xp.clip(y, 0, rows - 1)
    a = KERNELS[sampling.kernel]
    if a == 0:
        left, top = xp.rint(x).astype(xp.int64), xp.rint(y).astype(xp.int64) - row_offset
        wx = wy = xp.ones((*size, 1), xp.float32)
    else:
        table = xp.asarray(tap_table(sampling.kernel))
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
    good &= norm >= LEAST_WEIGHT
    total /= xp.where(good, norm, 1)
    if geometry is not None:
        extent = FrameExtent(row_offset, have, rows, columns)
        inner = _inner(xp, matrix, window, extent, x, y)
        total = xp.where(inner, _in_two_passes(xp, data, geometry, cx, y - row_offset, row_offset), total)
    scale, surface, canvas_shape = normalization.scale, normalization.surface, normalization.canvas_shape
    px, py = cx / canvas_shape[1], cy / canvas_shape[0]
    for c in range(len(data)):
        sky = sum(float(surface[c, j, i]) * py**j * px**i for j in range(surface.shape[1]) for i in range(surface.shape[2]))
        total[c] = total[c] * float(scale[c]) - sky
    ramp = xp.ones_like(edge)
    if sampling.feather > 0:
        ramp = xp.minimum((xp.maximum(edge, 0) + 1) / (sampling.feather + 1), 1)
    return xp.where(good, total, 0).astype(xp.float32), xp.where(good, ramp, 0).astype(xp.float32)


def _inner(xp: ModuleType, matrix: NDArray[np.float64] | PixelMap, window: Window, extent: FrameExtent, x: Array,
           y: Array) -> Array:
    """(h, w) pixels that are resampled in two passes."""
    if isinstance(matrix, PixelMap):
        return ((x >= MARGIN) & (x < extent.columns - 1.0 - MARGIN) & (y >= 3.0) & (y < extent.rows - 4.0)
                & (y >= extent.first + 3.0) & (y < extent.first + extent.available - 4.0))
    upright = turn_back(matrix, (extent.rows, extent.columns))
    spans = np.array([inner_columns(upright, float(window.y0 + r), window.x0, window.width, MARGIN, extent)[:2]
                      for r in range(window.height)])
    column = xp.arange(window.width)[None, :]
    return (column >= xp.asarray(spans[:, :1])) & (column < xp.asarray(spans[:, 1:]))


def _in_two_passes(xp: ModuleType, data: Array, geometry: TwoPasses | PixelMap, cx: Array, y: Array, row_offset: int) -> Array:
    """Samples (C, h, w) by the passes of :mod:`tilecore.resample.separable_lanczos`; ``y`` (h, w) counts from the first row of
    ``data``."""
    have, width = data.shape[1:]
    row = xp.arange(have)[:, None]
    if isinstance(geometry, PixelMap):
        x = geometry.crossings(row_offset, have, cx[0], xp)
    else:
        x = geometry.along * cx + geometry.shear * (row + row_offset) + geometry.start
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
    """Weights (h, w, taps) at sub-pixel phases, linear between those of the table."""
    place = phase * (table.shape[0] - 1)
    index = xp.minimum(place.astype(xp.int64), table.shape[0] - 2)
    share = (place - index).astype(xp.float32)[..., None]
    return table[index] + share * (table[index + 1] - table[index])


def add_to_mean(xp: ModuleType, group: FrameGroup, windows: WindowArrays, sums: Array, counts: Array) -> None:
    """Add frames to the sums (7, h, w) and counts (2, h, w) of :class:`tilecore.stack.weighted_mean.TileMean`, in place."""
    cube, valid, mask = (xp.asarray(v) for v in (group.cube, group.valid, group.mask))
    data = (valid > 0) & xp.isfinite(cube)
    seen = data.sum(axis=0)
    lost = (data & (mask > 0)).sum(axis=0)
    undone = lost == seen
    counts[0] += seen.astype(counts.dtype)
    counts[1] += xp.where(undone, 0, lost).astype(counts.dtype)
    along_y, along_x = xp.asarray(windows.weight_y).astype(xp.float64), xp.asarray(windows.weight_x)
    iy, ix = xp.asarray(windows.index_y), xp.asarray(windows.index_x)
    for f in range(len(cube)):
        keep = data[f] & ((mask[f] == 0) | undone)
        maps = []
        for tiles in (group.weights[f], group.variance[f]):
            rows = (along_y[:, :, None] * xp.asarray(tiles)[iy]).sum(axis=1)
            maps.append((along_x.T[None] * rows[:, ix]).sum(axis=-1))
        value = xp.where(keep, cube[f], 0).astype(xp.float64)
        weight, spread = xp.where(keep, maps[0] * valid[f], 0), xp.where(keep, maps[1], 0)
        for k, term in enumerate((weight, weight * value, weight * weight * spread, value, spread)):
            sums[k] += term
        if group.half[f]:
            sums[5] += weight
            sums[6] += weight * value


def add_to_spectra(xp: ModuleType, tiles: NDArray[np.float32], used: NDArray[np.int64], profiles: TileProfiles,
                   frequencies: Frequencies, total: Array, power: Array) -> None:
    """Add tiles (T, size, size) of a frame to the sums of :class:`tilecore.stack.proper_coadd.Band`, in place.

    ``used`` (T,) are the numbers of the tiles in the sum of spectra ``total`` and in that of their ``power``.
    """
    spectra = xp.fft.rfft2(xp.asarray(tiles))
    v, u = xp.asarray(frequencies.ky)[None, :, None], xp.asarray(frequencies.kx)[None, None, :]
    q = xp.asarray(profiles.quadratic)[:, :, None, None]
    s = xp.sqrt(xp.maximum(q[:, 0] * v * v + q[:, 1] * u * v + q[:, 2] * u * u, 0)) / np.float32(OTF_STEP)
    entries = xp.asarray(profiles.table)
    s = xp.minimum(s, len(profiles.table) - 2)
    n = s.astype(xp.int64)
    pixel_y, pixel_x = xp.asarray(frequencies.pixel_y), xp.asarray(frequencies.pixel_x)
    otf = (entries[n] + (s - n) * (entries[n + 1] - entries[n])) * pixel_y[None, :, None] * pixel_x
    weighted = xp.asarray(profiles.weight)[:, None, None] * otf
    places = xp.asarray(used)
    total[places] += (weighted * spectra).astype(total.dtype)
    power[places] += (weighted * otf).astype(power.dtype)
