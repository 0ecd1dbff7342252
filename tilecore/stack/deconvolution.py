"""Deconvolution of several exposures of one scene, each with its own PSF and variance.

The scene x >= 0 that is sought makes the sum over the exposures of ((d - P x)^2 / v) small: data ``d`` above the sky, the PSF
``P``, the variance ``v`` of each pixel. Each step multiplies x by the ratio of the two parts of the gradient,

    x <- x (1 + s (sum P'(d / v) / sum P'(P x / v) - 1)),

which majorises the sum and so cannot raise it (De Pierro 1993, IEEE Trans. Med. Imaging 12:328; for exposures with PSFs of their
own Lee et al. 2017, arXiv:1711.05651). Noise is not followed: with the significance g of what is left, in units of its error as
a star at this place would be measured, s = g^2 / (g^2 + T^2) (in the spirit of the damped iteration of White 1994, ADASS III).

The image that results is x with the PSF R of the wanted resolution, and what the exposures have beyond P x: R x + mean(d - P x).
Light is therefore neither lost nor made, whatever the number of steps, and where nothing is significant the mean remains as it
was. Since R and x are positive there is no ringing (Magain, Courbin & Sohy 1998, ApJ 494:472).
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import scipy.fft
from numpy.typing import NDArray

__all__ = ["Deconvolution", "Exposure", "enough_steps", "gaussian_psf", "misfit"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]
Spectrum = NDArray[np.complex64]

# Significance T at which half of a step is made.
DAMPING = 3.0
# Light of the first estimate, in units of the error of a pixel: small, so that it does not count.
FIRST_LIGHT = 0.01
# Information on a place, relative to the most, from which it takes part: light beyond the border must be seen.
LEAST_INFORMATION = 1e-3
# Largest factor by which one step changes the light of a pixel.
MOST_CHANGE = 50.0
# Largest extrapolation of a step, and the share of the light of a pixel that it leaves.
MOST_EXTRAPOLATED = 0.98
LEAST_KEPT = 0.1
# Range of the factor by which light that is left of stars is given to the scene.
GAIN_RANGE = (0.5, 2.0)
SIGMA_TO_FWHM = 2.3548
# Mean of the squares of what is left, in units of the variance, in a box about a pixel, that noise makes.
LIKELY = 1.25
# Light about a pixel, relative to the most, from which it receives what is left.
LEAST_LIGHT = 1e-9
# Relative difference from the least value at which a cross-validation curve counts as flat.
TOLERANCE = 0.01


class Exposure(NamedTuple):
    """``light`` (h, w) above the sky; ``weight`` (h, w): 1 / variance, 0 where it is not to be used; ``psf`` (k, k), k odd, its
    centre in the middle, sampled ``finer`` times as finely as the image, of sum ``finer ** 2``."""

    light: FloatImage
    weight: FloatImage
    psf: FloatImage


class _Side(NamedTuple):
    """An exposure on the padded pixels of the scene: weight x light, weight, and the transfer function of its PSF."""

    data: FloatImage
    weight: FloatImage
    transfer: Spectrum


class Deconvolution:
    """The iteration for exposures of one size, to a scene with ``finer`` x ``finer`` values in each pixel.

    A star between pixels is not a sum of positive stars on pixels: its profile would be too wide, and what is left of a bright
    one would have a ring. ``finer`` = 2 is enough for stars of 2.5 px.

    Raises
    ------
    ValueError : there is no exposure, or they differ in size.
    """

    def __init__(self, exposures: list[Exposure], finer: int = 1) -> None:
        shapes = {e.light.shape for e in exposures}
        if len(shapes) != 1:
            raise ValueError("deconvolution needs exposures of one size")
        self.exposures, self._finer = exposures, finer
        self.shape: tuple[int, int] = next(iter(shapes))
        self._reach = -(-(max(len(e.psf) for e in exposures) // 2) // finer)
        self._padded = tuple(finer * scipy.fft.next_fast_len(n + 2 * self._reach, real=True) for n in self.shape)
        self._sides = [_Side(self._wide(e.light * e.weight), self._wide(e.weight), self._transfer(e.psf)) for e in exposures]
        # Information on the light of a star at each place: sum P^2' (1 / v).
        information = sum(self._seen(s.weight, self._transfer(e.psf**2)) for s, e in zip(self._sides, exposures, strict=True))
        self._information = np.maximum(np.asarray(information), 0)
        self._of_data = np.asarray(sum(self._seen(s.data, s.transfer) for s in self._sides))
        known = np.concatenate([e.weight[e.weight > 0] for e in exposures])
        typical = float(np.median(known)) if len(known) else 1.0
        self._scene = np.full(self._padded, FIRST_LIGHT / np.sqrt(typical) / finer**2, np.float32)
        self._before = self._scene
        self._changes: tuple[FloatImage, ...] = ()

    def step(self) -> None:
        """One step of the iteration, extrapolated by how much the last two agree."""
        share = 0.0
        if len(self._changes) == 2:
            last, before = self._changes
            share = float(np.vdot(last, before) / max(float(np.vdot(before, before)), 1e-30))
        share = min(max(share, 0.0), MOST_EXTRAPOLATED)
        start = np.maximum(self._scene + np.float32(share) * (self._scene - self._before), np.float32(LEAST_KEPT) * self._scene)
        self._before, self._scene = self._scene, self._next(start)
        self._changes = (self._scene - start, *self._changes[:1])

    def _next(self, scene: FloatImage) -> FloatImage:
        of_scene = np.asarray(sum(self._seen(s.weight * self._through(scene, s.transfer), s.transfer) for s in self._sides))
        significance = (self._of_data - of_scene) ** 2 / (DAMPING**2 * self._information + np.float32(1e-30))
        share = significance / (1 + significance)
        known = (of_scene > 0) & (self._information > LEAST_INFORMATION * self._information.max())
        ratio = np.clip(np.divide(self._of_data, of_scene, out=np.ones_like(of_scene), where=known), 0, MOST_CHANGE)
        return np.asarray(scene * (1 + share * (ratio - 1)), np.float32)

    def model(self, psf: FloatImage) -> FloatImage:
        """The scene as seen with a PSF, on the pixels of the exposures (h, w)."""
        return self._of(self._scene, psf)

    def _of(self, scene: FloatImage, psf: FloatImage) -> FloatImage:
        (h, w), r, n = self.shape, self._reach, self._finer
        wide = self._through(scene, self._transfer(psf))
        return np.ascontiguousarray(wide[r * n: (r + h) * n: n, r * n: (r + w) * n: n])

    def image(self, resolution: FloatImage, width: float) -> FloatImage:
        """The scene (h, w) with the PSF ``resolution``, and the weighted mean of what the exposures have beyond it.

        What is left of bright stars exceeds its noise because their PSFs are not known exactly. There it counts less, by the
        factor by which its square exceeds the variance, so that no ring deeper than the noise results; its light is
        given to the scene within ``width`` px (FWHM)."""
        weights = np.asarray(sum(e.weight for e in self.exposures))
        seen = [self.model(e.psf) for e in self.exposures]

        def mean(images: list[FloatImage]) -> FloatImage:
            total = np.asarray(sum(e.weight * i for e, i in zip(self.exposures, images, strict=True)))
            return np.asarray(np.divide(total, weights, out=np.zeros_like(total), where=weights > 0), np.float32)

        rest = mean([e.light - i for e, i in zip(self.exposures, seen, strict=True)])
        trust = 1 / np.maximum(_local_mean(weights * rest**2, width) / LIKELY, 1)
        # Each pixel's light goes to the scene about it, in proportion to the light there: nothing is lost.
        lost, there = (1 - trust) * rest, _blurred(self._binned(), width)
        gain = 1 + _blurred(np.divide(lost, there, out=np.zeros_like(lost), where=there > LEAST_LIGHT * there.max()), width)
        scene = self._scene * self._enlarged(np.clip(gain, *GAIN_RANGE))
        return np.asarray(self._of(scene, resolution) + trust * rest, np.float32)

    def _wide(self, image: FloatImage) -> FloatImage:
        (h, w), r, n = self.shape, self._reach, self._finer
        wide = np.zeros(self._padded, np.float32)
        wide[r * n: (r + h) * n: n, r * n: (r + w) * n: n] = image
        return wide

    def _binned(self) -> FloatImage:
        """The light of the scene in each pixel (h, w)."""
        (h, w), r, n = self.shape, self._reach, self._finer
        # The values about a pixel centre: half of those between two pixels belong to each.
        kernel = np.ones(1, np.float32) if n == 1 else np.array([0.5, *[1] * (n - 1), 0.5], np.float32)
        wide = cv2.sepFilter2D(self._scene, -1, kernel, kernel, borderType=cv2.BORDER_CONSTANT)
        return np.ascontiguousarray(wide[r * n: (r + h) * n: n, r * n: (r + w) * n: n])

    def _enlarged(self, gain: FloatImage) -> FloatImage:
        """Values on the pixels of the exposures (h, w) on those of the scene; the nearest ones outside."""
        (h, w), r, n = self.shape, self._reach, self._finer
        rows, columns = (np.clip(np.rint(np.arange(size) / n - r).astype(int), 0, m - 1)
                         for size, m in zip(self._padded, (h, w), strict=True))
        return np.asarray(gain[np.ix_(rows, columns)], np.float32)

    def _transfer(self, psf: FloatImage) -> Spectrum:
        wide, half = np.zeros(self._padded, np.float32), len(psf) // 2
        wide[: len(psf), : len(psf)] = psf
        return np.asarray(scipy.fft.rfft2(np.roll(wide, (-half, -half), (0, 1))), np.complex64)

    def _through(self, scene: FloatImage, transfer: Spectrum) -> FloatImage:
        return np.asarray(scipy.fft.irfft2(scipy.fft.rfft2(scene) * transfer, self._padded), np.float32)

    def _seen(self, image: FloatImage, transfer: Spectrum) -> FloatImage:
        return self._through(image, np.conj(transfer))


def _blurred(image: FloatImage, fwhm: float) -> FloatImage:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), fwhm / SIGMA_TO_FWHM, borderType=cv2.BORDER_CONSTANT), np.float32)


def _local_mean(image: FloatImage, width: float) -> FloatImage:
    side = 2 * max(round(width / 2), 1) + 1
    return np.asarray(cv2.blur(image, (side, side), borderType=cv2.BORDER_REFLECT_101), np.float32)


def misfit(deconvolution: Deconvolution, others: list[Exposure]) -> float:
    """The mean of (d - P x)^2 / v over the pixels of other exposures of the same scene, NaN without any."""
    total, count = 0.0, 0
    for e in others:
        rest = e.light - deconvolution.model(e.psf)
        total += float((e.weight.astype(np.float64) * rest**2).sum())
        count += int(np.count_nonzero(e.weight))
    return total / count if count else float("nan")


def gaussian_psf(fwhm: float, radius: int, finer: int = 1) -> FloatImage:
    """A Gaussian of ``fwhm`` px to ``radius`` px, sampled ``finer`` times in a pixel, of sum ``finer ** 2``."""
    steps = np.arange(-radius * finer, radius * finer + 1) / finer
    line = np.exp(-4 * np.log(2) * (steps / fwhm) ** 2)
    image = np.outer(line, line)
    return np.asarray(image * (finer**2 / image.sum()), np.float32)


def enough_steps(curve: NDArray[np.float64]) -> int:
    """The number of steps after which a cross-validation curve, its first value that after one step, is within
    :data:`TOLERANCE` of its least value: more steps explain nothing that both halves have."""
    least = float(np.nanmin(curve))
    return int(np.argmax(curve <= least * (1 + TOLERANCE))) + 1
