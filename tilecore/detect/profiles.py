"""Profiles of stars: elliptical Moffat functions fitted to the pixels about them by Levenberg-Marquardt."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit

__all__ = ["fit_profiles"]

FloatArray = NDArray[np.float64]

# Relative error of the fitted profile: no real profile is an exact Moffat, and bright pixels have shot noise.
PROFILE_ERROR = 0.03
# Deviation (sigma) from which residuals are weighted down (Huber).
HUBER_K = 3
# Node of the Gauss-Legendre quadrature with two points over a pixel: 1 / (2 sqrt(3)) px.
NODE = 0.28867513
# Parameters of a profile: A, B, x, y, a, b, c, g.
PARAMETERS = 8
# Largest reach (px) of the box of pixels about a star.
MOST_REACH = 40


class _Pixels(NamedTuple):
    """The pixels about a star, of which the first ``filled[0]`` are used: columns ``x``, rows ``y`` and ``values`` (n,); and
    working space: the light of the profile over its height (n,), and the derivatives of the profile (n, PARAMETERS)."""

    x: FloatArray
    y: FloatArray
    values: FloatArray
    light: FloatArray
    slopes: FloatArray
    filled: NDArray[np.int64]


class _System(NamedTuple):
    """The normal equations J'WJ (PARAMETERS, PARAMETERS) and J'Wr (PARAMETERS,)."""

    matrix: FloatArray
    right: FloatArray


@njit(cache=True, nogil=True)
def fit_profiles(image: NDArray[np.float32], sites: NDArray[np.uint8], places: tuple[FloatArray, FloatArray], fwhm: FloatArray,
                 shape: tuple[float, float, bool], out: FloatArray) -> None:
    """Fit the profiles of stars at ``places`` (x, y), each (n,), on boxes of 2 ``fwhm`` (n,) to each side.

    The profile is ``A (1 + g q)^(-1/g) + B`` with ``q = a dx^2 + 2 b dx dy + c dy^2``: ``g = 1/beta``, a Gaussian for
    g = 0. Only pixels whose site ``sites[row % 2, column % 2]`` is 1 count. ``shape``: the noise of a pixel, the exponent g to
    begin with, and whether it is free; the profile is then integrated over pixels. ``out`` (n, 5): FWHM of both axes as
    sampled, angle of the long axis, g, 1 if the fit can be used.
    """
    x, y = places
    noise, exponent, free = shape
    terms, node = (PARAMETERS, NODE) if free else (PARAMETERS - 1, 0.0)
    most = (2 * MOST_REACH + 1) ** 2
    pixels = _Pixels(np.empty(most), np.empty(most), np.empty(most), np.empty(most), np.zeros((most, PARAMETERS)),
                     np.zeros(1, np.int64))
    here = _System(np.zeros((PARAMETERS, PARAMETERS)), np.zeros(PARAMETERS))
    there = _System(np.zeros((PARAMETERS, PARAMETERS)), np.zeros(PARAMETERS))
    step = np.zeros(PARAMETERS)
    for s in range(x.size):
        out[s, 4] = 0.0
        reach = min(max(int(np.ceil(2 * fwhm[s])), 4), MOST_REACH)
        low, high = _collect(image, sites, x[s], y[s], reach, pixels)
        p = np.zeros(PARAMETERS)
        p[0], p[1], p[2], p[3] = max(high - low, noise), low, x[s], y[s]
        p[4] = p[6] = 2.7726 / fwhm[s] ** 2
        p[7] = exponent
        damping = 1e-2
        cost = _normal_equations(pixels, p, noise, node, here)
        for _ in range(30):
            _solve(here.matrix, here.right, damping, terms, step)
            trial = p + step
            trial[7] = min(max(trial[7], 0.0), 0.6)
            positive = trial[0] > 0 and trial[4] > 1e-4 and trial[6] > 1e-4 and trial[4] * trial[6] > trial[5] ** 2
            now = _normal_equations(pixels, trial, noise, node, there) if positive else np.inf
            if now < cost:
                done = cost - now < 1e-5 * cost
                p, cost, damping = trial, now, max(damping * 0.2, 1e-7)
                here, there = there, here
                if done:
                    break
            else:
                damping *= 8
                if damping > 1e6:
                    break
        g = p[7]
        half = (2.0**g - 1) / g if g > 1e-3 else np.log(2.0)
        mean, spread = 0.5 * (p[4] + p[6]), np.sqrt(0.25 * (p[4] - p[6]) ** 2 + p[5] ** 2)
        if mean > spread and (p[2] - x[s]) ** 2 + (p[3] - y[s]) ** 2 < 2.25 and p[0] > 2 * noise:
            out[s, 0], out[s, 1] = 2 * np.sqrt(half / (mean - spread)), 2 * np.sqrt(half / (mean + spread))
            out[s, 2] = 0.5 * np.arctan2(-2 * p[5], p[6] - p[4])
            out[s, 3] = g
            out[s, 4] = 1.0 if out[s, 0] < 3 * reach else 0.0


@njit(cache=True, nogil=True)
def _collect(image: NDArray[np.float32], sites: NDArray[np.uint8], x: float, y: float, reach: int,
             pixels: _Pixels) -> tuple[float, float]:
    """Fill in the pixels up to ``reach`` px from a place; the least and the largest of them."""
    h, w = image.shape
    column, row = int(np.rint(x)), int(np.rint(y))
    low, high, n = np.inf, -np.inf, 0
    for i in range(max(row - reach, 0), min(row + reach + 1, h)):
        for j in range(max(column - reach, 0), min(column + reach + 1, w)):
            if sites[i & 1, j & 1]:
                value = np.float64(image[i, j])
                low, high = min(low, value), max(high, value)
                pixels.x[n], pixels.y[n], pixels.values[n] = j, i, value
                n += 1
    pixels.filled[0] = n
    return low, high


@njit(cache=True, nogil=True)
def _profile(pixels: _Pixels, p: FloatArray, node: float) -> None:
    """Fill in the light of the profile with parameters ``p`` at each pixel, and its derivatives by them.

    With ``node`` the profile is the mean of four points that far (px) from the centre of the pixel (Gauss-Legendre), else its
    value there; its derivative by g is then left out.
    """
    count, slopes, light, g = pixels.filled[0], pixels.slopes, pixels.light, p[7]
    points = 1 if node == 0 else 4
    for k in range(count):
        f = d2 = d3 = d4 = d5 = d6 = d7 = 0.0
        for point in range(points):
            dx = pixels.x[k] - p[2] + (node if point & 1 else -node)
            dy = pixels.y[k] - p[3] + (node if point & 2 else -node)
            q = p[4] * dx * dx + 2 * p[5] * dx * dy + p[6] * dy * dy
            base = 1 + g * q
            if g > 1e-3:
                power = np.log(base) / g
                value = np.exp(-power)
                if points > 1:
                    d7 += p[0] * value * (power - q / base) / g
            else:
                value = np.exp(-q)
                d7 += p[0] * value * 0.5 * q * q
            slope = -p[0] * value / base
            f += value
            d2 -= 2 * slope * (p[4] * dx + p[5] * dy)
            d3 -= 2 * slope * (p[5] * dx + p[6] * dy)
            d4 += slope * dx * dx
            d5 += 2 * slope * dx * dy
            d6 += slope * dy * dy
        share = 0.25 if points > 1 else 1.0
        row = slopes[k]
        light[k] = row[0] = share * f
        row[1] = 1.0
        row[2], row[3], row[4], row[5], row[6], row[7] = (share * d2, share * d3, share * d4, share * d5, share * d6, share * d7)


@njit(cache=True, nogil=True)
def _normal_equations(pixels: _Pixels, p: FloatArray, noise: float, node: float, system: _System) -> float:
    """Fill in the normal equations of :func:`fit_profiles` at parameters ``p``; returns the cost (Huber, at 3 sigma)."""
    _profile(pixels, p, node)
    matrix, right, values, light, slopes = system.matrix, system.right, pixels.values, pixels.light, pixels.slopes
    matrix[:], right[:] = 0.0, 0.0
    cost = 0.0
    for k in range(pixels.filled[0]):
        above = values[k] - p[1]
        r = above - p[0] * light[k]
        variance = noise * noise + (PROFILE_ERROR * above) ** 2
        weight = 1 / variance
        size = abs(r) * np.sqrt(weight)
        if size > HUBER_K:
            cost += 2 * HUBER_K * size - HUBER_K * HUBER_K
            weight *= HUBER_K / size
        else:
            cost += size * size
        row = slopes[k]
        for m in range(PARAMETERS):
            weighted = weight * row[m]
            right[m] += weighted * r
            line = matrix[m]
            for n in range(PARAMETERS):
                line[n] += weighted * row[n]
    return cost + 1e-12


@njit(cache=True, nogil=True)
def _solve(a: NDArray[np.float64], b: NDArray[np.float64], damping: float, n: int, out: NDArray[np.float64]) -> None:
    """Solve (A + damping diag A) out = b for the first ``n`` unknowns by Cholesky; A holds its lower triangle."""
    low = np.zeros((8, 8))
    out[:] = 0.0
    for i in range(n):
        for j in range(i + 1):
            total = a[i, j] * (1 + damping) + 1e-30 if i == j else a[i, j]
            for k in range(j):
                total -= low[i, k] * low[j, k]
            if i == j:
                low[i, i] = np.sqrt(max(total, 1e-30))
            else:
                low[i, j] = total / low[j, j]
    for i in range(n):
        total = b[i]
        for k in range(i):
            total -= low[i, k] * out[k]
        out[i] = total / low[i, i]
    for i in range(n - 1, -1, -1):
        total = out[i]
        for k in range(i + 1, n):
            total -= low[k, i] * out[k]
        out[i] = total / low[i, i]
