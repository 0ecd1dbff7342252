"""Proper co-addition: the sum of frames that keeps all information on point sources (METHODS 8).

With frames ``X_f = S * P_f + noise`` of inverse variance ``c_f`` (normalised: a is in them), in Fourier space

    R = sum_f c_f conj(P_f) X_f / sqrt(sum_f c_f |P_f|^2) / sqrt(sum_f c_f)

has white noise of variance 1 / sum c and the PSF ``P_R = sqrt(sum c |P|^2 / sum c)`` (Zackay & Ofek 2017, ApJ 836:188).
P and c change over the field, so this is done in tiles, padded by the reach of the PSF and joined by smooth windows. Each
tile is then brought from its P_R to one target PSF, so that stars have the same shape everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from tilecore.detect.psf import OTF_STEP, moffat_otf, otf_table
from tilecore.numerics.compiled import njit, prange
from tilecore.resample.array_backend import Frequencies, TileProfiles, add_to_spectra, to_numpy

__all__ = ["Band", "Layout", "Target", "common_target", "make_layout", "mean_fwhm", "moffat_target", "target_image"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Padding of a tile (FWHM): light that wraps around the tile beyond it is below 10^-4.
PAD_FWHM = 5.0
# Power below this share of the largest is rounding error: frequencies beyond the reach of the optics.
LEAST_POWER = 1e-6
# Least and largest padding (px).
LEAST_PAD = 12
MOST_PAD = 48
# Width of a tile without its padding, in paddings: with wider tiles less is computed twice.
CORE_PADS = 8
# Share of a tile that overlaps the next.
OVERLAP = 0.2
# Largest gain of a frequency above the level of white noise.
MOST_GAIN = 2.0
# Tiles from which the common target is derived: PSFs are smooth over the field.
TARGET_TILES = 64
# Directions (over half a turn) in which targets are tabulated.
ANGLES = 16
# FWHM (px) that integration over a pixel of 1 px adds in quadrature: sqrt(PIXEL_FWHM2).
PIXEL_FWHM = 0.68
# Radial frequencies at which targets are tabulated, up to the corner of the plane (cycles a pixel).
RADII = np.linspace(0, np.sqrt(0.5), 192)


@dataclass(frozen=True)
class Layout:
    """Tiles of ``core`` px and their padding: tile (j, i) covers rows ``starts_y[j] - pad`` to ``starts_y[j] + core + pad``."""

    shape: tuple[int, int]
    core: int
    pad: int
    starts_y: tuple[int, ...]
    starts_x: tuple[int, ...]

    @property
    def size(self) -> int:
        """Side of a tile with its padding."""
        return self.core + 2 * self.pad

    def centers(self) -> tuple[FloatArray, FloatArray]:
        """y (n_y,) and x (n_x,) of the centres of the tiles."""
        half = (self.core - 1) / 2
        return np.asarray(self.starts_y) + half, np.asarray(self.starts_x) + half

    def windows(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(n_y, core) and (n_x, core): shares of unit sum at every pixel, smooth at the joints."""
        return self._window(self.shape[0], self.starts_y), self._window(self.shape[1], self.starts_x)

    def _window(self, length: int, starts: tuple[int, ...]) -> NDArray[np.float32]:
        ramp = max(round(OVERLAP * self.core), 1)
        distance = np.minimum(np.arange(self.core) + 0.5, self.core - np.arange(self.core) - 0.5)
        shape = np.sin(0.5 * np.pi * np.minimum(distance / ramp, 1)) ** 2
        total = np.zeros(length)
        for s in starts:
            total[s: s + self.core] += shape[: length - s]
        return np.array([np.pad(shape[: length - s] / total[s: s + self.core], (0, max(s + self.core - length, 0)))
                         for s in starts]).astype(np.float32)


def make_layout(shape: tuple[int, int], fwhm: float) -> Layout:
    """The tiles for an image of ``shape`` and its usual FWHM (px); their size with padding is fast for the Fourier transform."""
    pad = int(np.clip(np.ceil(PAD_FWHM * fwhm), LEAST_PAD, MOST_PAD))
    size = scipy.fft.next_fast_len((CORE_PADS + 2) * pad, real=True)
    size += size % 2
    core = min(size - 2 * pad, max(shape))
    size = scipy.fft.next_fast_len(core + 2 * pad, real=True)
    core = size - 2 * pad
    step = core - round(OVERLAP * core)
    return Layout(shape, core, pad, *(tuple(range(0, max(n - core, 0) + step, step)) if n > core else (0,) for n in shape))


@dataclass(frozen=True)
class Target:
    """A PSF by its transfer function before pixels, (ANGLES, RADII) over half a turn and :data:`RADII`; ``fwhm`` in px with
    the pixel."""

    transfer: FloatArray
    fwhm: float

    def at(self, ky: FloatArray, kx: FloatArray) -> FloatArray:
        """The transfer function at frequencies (cycles a pixel), bilinear."""
        turn = (np.arctan2(ky, kx) % np.pi) * (ANGLES / np.pi)
        radius = np.minimum(np.hypot(ky, kx) / RADII[1], len(RADII) - 1.001)
        a, r = turn.astype(int) % ANGLES, radius.astype(int)
        fa, fr = turn - np.floor(turn), radius - r
        one, other = self.transfer[a], self.transfer[(a + 1) % ANGLES]
        rows = [np.take_along_axis(t, np.stack([r, r + 1], -1), -1) for t in (one, other)]
        low, high = (row[..., 0] * (1 - fr) + row[..., 1] * fr for row in rows)
        return np.asarray(low * (1 - fa) + high * fa)


def moffat_target(fwhm: float, beta: float, pixel: float = 1.0) -> Target:
    """A round Moffat PSF that is ``fwhm`` px wide after its integration over pixels of ``pixel`` px."""
    light = np.sqrt(max(fwhm**2 - (PIXEL_FWHM * pixel) ** 2, 0.25))
    return _with_fwhm(np.tile(moffat_otf(RADII, light, beta), (ANGLES, 1)), pixel)


def common_target(tensor: FloatArray, weight: FloatArray, beta: FloatArray, quantile: float, pixel: float = 1.0) -> Target:
    """The target that the P_R of the tiles have in common: at each frequency a ``quantile`` of them, so that few are sharpened.

    An elongation that all share is kept: removing it would raise the noise in one direction. ``tensor`` (N, tiles, 2, 2) are the
    PSFs, ``weight`` (N, tiles) c, ``beta`` (N,).
    """
    known = np.flatnonzero(weight.sum(axis=0) > 0)
    known = known[:: -(-len(known) // TARGET_TILES)]
    tensor, weight = tensor[:, known], weight[:, known]
    angle = np.arange(ANGLES) * np.pi / ANGLES
    direction = np.stack([np.cos(angle), np.sin(angle)], -1)
    total: FloatArray = np.zeros((tensor.shape[1], ANGLES, len(RADII)))
    for f in range(len(tensor)):
        width = np.sqrt(np.einsum("ai,tij,aj->ta", direction, tensor[f], direction))
        table = otf_table(float(beta[f]))
        s = width[..., None] * (RADII / OTF_STEP)
        total += weight[f][:, None, None] * np.interp(s, np.arange(len(table)), table) ** 2
    effective = np.sqrt(total / weight.sum(axis=0)[:, None, None])
    return _with_fwhm(np.quantile(effective, quantile, axis=0), pixel)


def _with_fwhm(transfer: FloatArray, pixel: float) -> Target:
    """The target of a transfer function, normalised and monotonic, and its FWHM."""
    transfer = np.minimum.accumulate(transfer / transfer[:, :1], axis=1)
    # The area above half of the peak is that of a circle of the FWHM; on a finer grid, to count it.
    finer, size = 4, 64
    spectrum = np.zeros((finer * size, finer * size))
    spectrum[:size, :size] = np.fft.fftshift(_transfer(Target(transfer, 0.0), size, pixel))
    image = np.abs(np.fft.ifft2(spectrum))
    return Target(transfer, float(np.sqrt(4 / np.pi * np.count_nonzero(image > 0.5 * image.max())) / finer))


def mean_fwhm(fwhm: FloatArray, weight: FloatArray, beta: FloatArray, pixel: float = 1.0) -> float:
    """FWHM (px, with the pixel) of the weighted mean of round PSFs: ``fwhm``, ``weight``, ``beta`` (N,)."""
    steps = np.arange(len(otf_table(float(beta[0]))))
    parts = np.array([np.interp(RADII * (f / OTF_STEP), steps, otf_table(float(b))) for f, b in zip(fwhm, beta, strict=True)])
    return _with_fwhm(np.tile(np.average(parts, axis=0, weights=weight), (ANGLES, 1)), pixel).fwhm


def _transfer(target: Target, size: int, pixel: float) -> FloatArray:
    """(size, size) transfer function with the pixel's, in ``fft2`` order."""
    k = np.fft.fftfreq(size)
    ky, kx = np.meshgrid(k, k, indexing="ij")
    return np.asarray(target.at(ky, kx) * np.sinc(ky * pixel) * np.sinc(kx * pixel))


def target_image(target: Target, size: int, pixel: float = 1.0) -> FloatArray:
    """The target PSF (size, size), of unit sum, centred on pixel ``size // 2``."""
    return np.asarray(np.fft.fftshift(np.fft.ifft2(_transfer(target, size, pixel)).real))


class Band:
    """Rows ``first:last`` of tiles of one channel: frames are added, then the image is computed.

    ``pixel`` is the side of a pixel of the sensor in pixels of this channel: 1, or 0.5 for planes of a mosaic. The arrays are in
    the memory of the array module ``xp``, which also does the work (:mod:`tilecore.resample.array_backend`).
    """

    def __init__(self, layout: Layout, first: int, last: int, pixel: float = 1.0, xp: ModuleType = np) -> None:
        self.layout, self.first, self.last, self._xp = layout, first, last, xp
        size = layout.size
        count = (last - first) * len(layout.starts_x)
        ky, kx = np.fft.fftfreq(size).astype(np.float32), np.fft.rfftfreq(size).astype(np.float32)
        self._frequencies = Frequencies(ky, kx, np.sinc(ky * pixel).astype(np.float32), np.sinc(kx * pixel).astype(np.float32))
        # Of the two halves of the frames.
        self._sums = [xp.zeros((count, size, size // 2 + 1), np.complex64) for _ in range(2)]
        self._powers = [xp.zeros((count, size, size // 2 + 1), np.float32) for _ in range(2)]
        self._weight = np.zeros(count)

    @staticmethod
    def rows_of(layout: Layout, first: int, last: int) -> tuple[int, int]:
        """Rows (first, stop) of the image that such tiles cover with their padding; they may be beyond the image."""
        return layout.starts_y[first] - layout.pad, layout.starts_y[last - 1] + layout.core + layout.pad

    def add(self, strip: FloatImage, weight: FloatArray, tensor: FloatArray, table: NDArray[np.float32],
            threads: int = 1, *, second: bool = False) -> None:
        """Add a frame, to the ``second`` half of the frames or to the first.

        Parameters
        ----------
        strip : (rows, columns + 2 pad) float32, normalised pixels of :meth:`rows_of`, padded on both sides, and complete:
            pixels that are rejected or outside the frame are filled with the model.
        weight : (tiles,) c of the band's tiles, row after row; 0 leaves a tile out.
        tensor : (tiles, 2, 2) PSF of the frame there (:mod:`tilecore.detect.psf`), in px of this channel.
        table : transfer function of its profile (:func:`tilecore.detect.psf.otf_table`).
        """
        used = np.flatnonzero(weight > 0)
        if not len(used):
            return
        size = self.layout.size
        tiles = np.empty((len(used), size, size), np.float32)
        base = self.rows_of(self.layout, self.first, self.last)[0]
        for k, t in enumerate(used):
            j, i = divmod(int(t), len(self.layout.starts_x))
            y = self.layout.starts_y[self.first + j] - self.layout.pad - base
            x = self.layout.starts_x[i]
            tiles[k] = strip[y: y + size, x: x + size]
        quadratic = np.stack([tensor[used, 1, 1], 2 * tensor[used, 0, 1], tensor[used, 0, 0]], 1).astype(np.float32)
        profiles = TileProfiles(weight[used].astype(np.float32), quadratic, table)
        if self._xp is not np:
            add_to_spectra(self._xp, tiles, used, profiles, self._frequencies, self._sums[second], self._powers[second])
            self._weight += weight
            return
        spectra = scipy.fft.rfft2(tiles, workers=threads, overwrite_x=True)
        _accumulate(spectra, used, profiles, np.float32(1 / OTF_STEP), self._frequencies, self._sums[second],
                    self._powers[second])
        self._weight += weight

    def finish(self, target: Target, threads: int = 1) -> tuple[FloatImage, FloatImage, FloatArray]:
        """The tiles without padding, at the target PSF, and an image of their noise without the sky, (tiles, core, core) each;
        and the variance of that noise (tiles,).

        The powers p and q of the halves A and B of the sum are both their shares of the light and the variances of their noise:
        sqrt(q / p) A - sqrt(p / q) B has no light and the variance p + q, that of A + B. 0 where a tile has one half only.
        """
        size, pad, core = self.layout.size, self.layout.pad, self.layout.core
        k = self._frequencies
        ky, kx = np.meshgrid(k.ky.astype(np.float64), k.kx.astype(np.float64), indexing="ij")
        wanted = target.at(ky, kx).astype(np.float32) * k.pixel_y[:, None] * k.pixel_x[None, :]
        # Each column but the first and last represents two of the whole plane.
        share = np.full(size // 2 + 1, 2.0)
        share[0] = 1.0
        if size % 2 == 0:
            share[-1] = 1.0
        variance = np.zeros(len(self._weight))
        (one, other), (p, q) = (tuple(map(to_numpy, pair)) for pair in (self._sums, self._powers))
        noise = np.zeros_like(one)
        for t in np.flatnonzero(self._weight > 0):
            own = np.sqrt(np.maximum((p[t] + q[t]) / np.float32(self._weight[t]), 1e-12))
            gain = wanted / own
            gain /= np.sqrt(1 + (gain / MOST_GAIN) ** 2) / np.sqrt(1 + MOST_GAIN**-2)
            factor = gain / own / np.float32(self._weight[t])
            if q[t].any() and p[t].any():
                ratio = np.sqrt((q[t] + LEAST_POWER * q[t].max()) / (p[t] + LEAST_POWER * p[t].max()))
                noise[t] = factor * (ratio * one[t] - other[t] / ratio)
            one[t] = factor * (one[t] + other[t])
            variance[t] = float((gain**2 * share).sum()) / size**2 / self._weight[t]
        tiles, noise = (scipy.fft.irfft2(spectra, (size, size), workers=threads)[:, pad: pad + core, pad: pad + core]
                        for spectra in (one, noise))
        return np.ascontiguousarray(tiles, np.float32), np.ascontiguousarray(noise, np.float32), variance


@njit(cache=True, parallel=True)
def _accumulate(spectra: NDArray[np.complex64], used: NDArray[np.int64], profiles: TileProfiles, per_step: np.float32,
                frequencies: Frequencies, total: NDArray[np.complex64], power: NDArray[np.float32]) -> None:
    """Add ``spectra`` (T, size, size // 2 + 1) times their transfer functions to ``total``, and their power to ``power``."""
    weight, quadratic, table = profiles
    ky, kx, pixel_y, pixel_x = frequencies
    last = np.float32(table.size - 2)
    for k in prange(used.size):
        t, w = used[k], weight[k]
        yy, xy, xx = quadratic[k, 0], quadratic[k, 1], quadratic[k, 2]
        for j in range(ky.size):
            v = ky[j]
            for i in range(kx.size):
                u = kx[i]
                s = min(np.sqrt(max(yy * v * v + xy * u * v + xx * u * u, np.float32(0))) * per_step, last)
                n = int(s)
                otf = (table[n] + (s - np.float32(n)) * (table[n + 1] - table[n])) * pixel_y[j] * pixel_x[i]
                total[t, j, i] += (w * otf) * spectra[k, j, i]
                power[t, j, i] += w * otf * otf
