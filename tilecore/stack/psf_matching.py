"""The kernel that makes the stars of a stack those of one frame (Alard & Lupton 1998, ApJ 503:325; a free value for each pixel of
the kernel, made smooth as in Becker et al. 2012, MNRAS 425:1341).

A stack has the mean PSF of its frames. To subtract its stars from one frame it is convolved with the kernel that leaves the least
squares about bright stars. The kernel of a sharp frame has negative parts: it sharpens.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

__all__ = ["FrameNoise", "MatchingKernel", "fit_kernel", "identity_kernel", "matched"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Half the side of the box about a star that is fitted, beyond the radius of the kernel, in px.
MARGIN = 4
# Weight of the roughness of the kernel relative to that of the data: large enough to keep noise out of its outer pixels.
SMOOTHNESS = 1e-6
# Error of a matched star relative to its light: first estimate, least value, and rounds in which it is measured.
FIRST_EXCESS = 0.02
LEAST_EXCESS = 0.003
ROUNDS = 3


class FrameNoise(NamedTuple):
    """Noise of a frame: ``sigma`` of a pixel of sky, and variance per unit of light above the ``sky``."""

    sigma: float
    shot: float


class MatchingKernel(NamedTuple):
    """``kernel`` (2r + 1, 2r + 1) float32; ``excess``: error of the matched stars relative to their light in each pixel, beyond
    the noise; ``stars`` that were fitted."""

    kernel: FloatImage
    excess: float
    stars: int


def identity_kernel(radius: int) -> MatchingKernel:
    """A kernel that changes nothing, for frames without stars that could be fitted."""
    kernel = np.zeros((2 * radius + 1, 2 * radius + 1), np.float32)
    kernel[radius, radius] = 1
    return MatchingKernel(kernel, FIRST_EXCESS, 0)


def fit_kernel(reference: FloatImage, image: FloatImage, valid: FloatImage, places: NDArray[np.int64], noise: FrameNoise,
               radius: int) -> MatchingKernel:
    """The kernel by which ``reference`` (h, w) becomes ``image`` (h, w) about stars.

    Parameters
    ----------
    reference, image : the light above the sky, on the same pixels and scale.
    valid : (h, w) pixels of the image with 0 are not used.
    places : (n, 2) row and column of the stars, which are fitted with their surroundings. Those near the border are left out.
    noise : that of the image, in its unit.
    radius : of the kernel, in pixels.
    """
    reach = radius + MARGIN
    h, w = reference.shape
    border = reach + radius
    inside = (places >= border).all(axis=1) & (places[:, 0] < h - border) & (places[:, 1] < w - border)
    stamps = [_stamp(reference, image, valid, y, x, reach, radius) for y, x in places[inside].tolist()]
    stamps = [s for s in stamps if s.good.all()]
    if not stamps:
        return identity_kernel(radius)
    rough = _roughness(2 * radius + 1)
    kernel, excess = identity_kernel(radius).kernel.astype(np.float64).ravel(), FIRST_EXCESS
    for _ in range(ROUNDS):
        kernel = _solved(stamps, noise, excess, rough)
        excess = _excess(stamps, kernel, noise)
    side = 2 * radius + 1
    return MatchingKernel(kernel.reshape(side, side).astype(np.float32), excess, len(stamps))


class _Stamp(NamedTuple):
    """Pixels about a star: ``design`` (p, k) the shifted references, ``light`` (p,) and ``good`` (p,) those of the image."""

    design: FloatArray
    light: FloatArray
    good: NDArray[np.bool_]


def _stamp(reference: FloatImage, image: FloatImage, valid: FloatImage, y: int, x: int, reach: int, radius: int) -> _Stamp:
    box = np.s_[y - reach: y + reach + 1, x - reach: x + reach + 1]
    wide = reference[y - reach - radius: y + reach + radius + 1, x - reach - radius: x + reach + radius + 1].astype(np.float64)
    side = 2 * radius + 1
    design = sliding_window_view(wide, (side, side)).reshape(-1, side * side)
    return _Stamp(design, image[box].astype(np.float64).ravel(), valid[box].ravel() > 0)


def _variance(light: FloatArray, noise: FrameNoise, excess: float) -> FloatArray:
    bright = np.maximum(light, 0)
    return np.asarray(noise.sigma**2 + noise.shot * bright + (excess * bright) ** 2)


def _solved(stamps: list[_Stamp], noise: FrameNoise, excess: float, rough: FloatArray) -> FloatArray:
    """The kernel, and a level of the sky for each star, which is not returned."""
    count = stamps[0].design.shape[1]
    matrix, vector = np.zeros((count, count)), np.zeros(count)
    for stamp in stamps:
        middle = stamp.design[:, count // 2]
        weight = 1 / _variance(middle, noise, excess)
        mean = weight @ stamp.design / weight.sum()
        centred = stamp.design - mean
        matrix += (centred * weight[:, None]).T @ centred
        vector += centred.T @ (weight * (stamp.light - weight @ stamp.light / weight.sum()))
    scale = np.trace(matrix) / count
    return np.asarray(np.linalg.solve(matrix + SMOOTHNESS * scale * rough, vector))


def _excess(stamps: list[_Stamp], kernel: FloatArray, noise: FrameNoise) -> float:
    """Error of the fit relative to the light, beyond the noise: the median over the stars."""
    found = []
    for stamp in stamps:
        model = stamp.design @ kernel
        rest = stamp.light - model
        rest -= np.median(rest)
        beyond = (rest**2).sum() - _variance(model, noise, 0.0).sum()
        found.append(max(beyond, 0.0) / (model**2).sum())
    return max(float(np.sqrt(np.median(found))), LEAST_EXCESS)


def _roughness(side: int) -> FloatArray:
    """(k, k) the quadratic form of the differences between neighbouring pixels of the kernel."""
    index = np.arange(side * side).reshape(side, side)
    form = np.zeros((side * side, side * side))
    for a, b in ((index[:, :-1], index[:, 1:]), (index[:-1], index[1:])):
        i, j = a.ravel(), b.ravel()
        np.add.at(form, (i, i), 1)
        np.add.at(form, (j, j), 1)
        np.add.at(form, (i, j), -1)
        np.add.at(form, (j, i), -1)
    return form


def matched(reference: FloatImage, kernel: FloatImage) -> FloatImage:
    """A reference (h, w) convolved with a kernel of odd sides; 0 is assumed outside."""
    return np.asarray(cv2.filter2D(np.ascontiguousarray(reference, np.float32), -1, np.ascontiguousarray(kernel),
                                   borderType=cv2.BORDER_CONSTANT), np.float32)
