"""Cores of stars that are too steep for Lanczos interpolation: they are moved as profiles instead of being interpolated.

Beside a core that changes by most of its height within a pixel, Lanczos-4 undershoots: a dark dip. Such a core is split into a
smooth profile, which is evaluated exactly where the pixels of the canvas are, and a rest. Where the rest is steep itself, as on
clipped cores, its middle is moved by a positive kernel (bilinear). Lanczos-4 then interpolates what is left of the frame.
Each part keeps its flux, so the star does. Frames without steep cores are not changed at all.

A core depends on the pixels within :data:`DEPENDS` of its peak alone, so that it is the same in every block of rows with them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit
from tilecore.numerics.selection import median_in_place
from tilecore.resample.warp import PHASES, tap_table

__all__ = ["DEPENDS", "PARAMETERS", "REACH", "Cores", "LocalMaps", "add_cores", "local_maps", "take_cores"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]
IntArray = NDArray[np.int64]

# Distance (px) from the border of the frame within which there are no cores.
BORDER = 11
# Half-width of a core (px): its profile and its rest fade out from half of this distance on.
REACH = 7
# Exponent beta of the Moffat profile of a core.
BETA = 3.5
# Radius about the peak in which a profile is fitted, in terms of the FWHM guessed, and its limits (px). On clipped stars less
# than this does not distinguish the profile from the level around it.
FITTED = 1.75
LEAST_RADIUS = 3.17
MOST_RADIUS = 8.0
# Radius (px) from which every second row and column is fitted, except within ``NEAR`` px of the peak: the FWHM guessed of clipped
# stars is too large, and a profile could take any shape between the pixels fitted.
FULL = 5.0
NEAR = 3.0
# Variance of the error of a profile where it is as high as at its peak, in terms of that at its foot, less 1.
RELATIVE = 2.25
# Steps of a fit at most; it ends earlier where a step reduces the sum of the squared errors by less than the share ``SMALL``, or
# below ``ACCURATE`` times the square of the height: 0.1 % of it at each of 37 pixels.
STEPS = 12
SMALL = 0.02
ACCURATE = 37e-6
# Least FWHM (px, as sampled) of a profile: narrower light is not that of a star.
LEAST_FWHM = 1.15
# Mean height of the four pixels beside the peak of such a star, at least, over that of the peak: they are lower on hot pixels.
LEAST_BESIDE = 0.1
# A core is steep if Lanczos-4 undershoots beside it by this many sigma of the noise of a pixel ...
SIGMAS = 1.5
# ... and by this share of its height: cores with a FWHM above 2.5 px do not reach it.
SHARE = 0.003
# Least height (sigma) of a core: none undershoots by a larger share than the inverse of it times SIGMAS.
HEIGHT = 25.0
# Distance (px) from the peak at which undershoot is looked for.
LOOK = 5
# Distance (px) of the pixels that the search for undershoot uses.
USED = LOOK + 3
# Distance (px) of the pixels on which a core depends: those of its rest and of the rests that share pixels with it, of the search
# for undershoot there, of the profiles that are subtracted before, and of the search for them.
DEPENDS = 2 * REACH + USED + REACH + USED
# All of these, on which the pixels of a stack depend.
PARAMETERS = (BORDER, REACH, BETA, FITTED, LEAST_RADIUS, MOST_RADIUS, FULL, NEAR, RELATIVE, STEPS, SMALL, ACCURATE, LEAST_FWHM,
              LEAST_BESIDE, SIGMAS, SHARE, HEIGHT, LOOK)


class Cores(NamedTuple):
    """n cores of one plane in the order of their ``peak`` (n, 2) (row, column).

    ``profile`` (n, 7) is x, y, counted from the peak, and A, a, b, c of ``A (1 + a dx^2 + 2 b dx dy + c dy^2)^-BETA``, and the
    light of core and rest, the sum over all pixels. ``which`` (n,) is the number of the rest in ``rest`` (r, 2 REACH + 1,
    2 REACH + 1), about the peak, -1 for none.
    """

    profile: FloatArray
    peak: IntArray
    which: IntArray
    rest: FloatImage


class LocalMaps(NamedTuple):
    """Where n places of a plane are on the canvas: ``center`` (n, 2) (x, y), and ``slopes`` (n, 2, 2), the derivatives of the
    place in the plane by the position on the canvas there."""

    center: FloatArray
    slopes: FloatArray


def local_maps(matrix: FloatArray, points: FloatArray) -> LocalMaps:
    """:class:`LocalMaps` of points (n, 2) of a plane for the 3x3 ``matrix``, canvas pixel -> pixel of the plane."""
    back = np.linalg.inv(matrix)
    x, y = points[:, 0], points[:, 1]
    u, v, d = (back[i, 0] * x + back[i, 1] * y + back[i, 2] for i in range(3))
    center = np.stack([u / d, v / d], axis=1)
    d = matrix[2, 0] * center[:, 0] + matrix[2, 1] * center[:, 1] + matrix[2, 2]
    return LocalMaps(center, (matrix[:2, :2] - points[:, :, None] * matrix[2, :2]) / d[:, None, None])


def take_cores(planes: FloatImage, noise: NDArray[np.floating], first: int, height: int) -> tuple[FloatImage, list[Cores]]:
    """Planes (C, h, w) without their steep cores, and the cores of each; the planes themselves where there are none.

    ``noise`` (C,) is that of a pixel in the unit of the planes, ``first`` the number of their first row in the frame, which has
    ``height`` rows. Cores closer than :data:`DEPENDS` to rows of the frame that are not at hand may be wrong or missing.
    """
    low, high = BORDER - first, height - BORDER - first
    peaks = [_peaks(plane, low, high, HEIGHT * float(sigma)) if sigma > 0 else np.empty((0, 2), np.int64)
             for plane, sigma in zip(planes, noise, strict=True)]
    if not any(map(len, peaks)):
        return planes, [_NONE] * len(planes)
    planes = np.array(planes, np.float32, order="C")
    return planes, [Cores(*_take(plane, places, float(sigma), _TAPS, first)) if len(places) else _NONE
                    for plane, places, sigma in zip(planes, peaks, noise, strict=True)]


def add_cores(image: FloatImage, cores: Cores, valid: FloatImage, maps: LocalMaps, corner: tuple[int, int],
              scale: float) -> None:
    """Add cores, times ``scale``, to a block (h, w) of the canvas where its validity ``valid`` (h, w) is above 0, in place.

    ``maps`` are those of the peaks; ``corner`` (row, column) is the place of the block on the canvas.
    """
    if len(cores.peak):
        _add(image, valid, cores, maps, corner[0], corner[1], scale)


_NONE = Cores(np.zeros((0, 7)), np.zeros((0, 2), np.int64), np.zeros(0, np.int64),
              np.zeros((0, 2 * REACH + 1, 2 * REACH + 1), np.float32))
_TAPS = np.ascontiguousarray(tap_table("lanczos4")[[PHASES // 4, PHASES // 2, 3 * PHASES // 4]])


@njit(cache=True, nogil=True)
def _peaks(plane: FloatImage, low: int, high: int, height: float) -> IntArray:
    """(n, 2) row and column of the pixels that are at least as bright as their neighbours and ``height`` above the darkest at
    ``LOOK`` px, far enough from the border."""
    h, w = plane.shape
    least = np.float32(height)
    found = np.empty((64, 2), np.int64)
    n = 0
    for i in range(max(low, USED), min(high, h - USED)):
        for j in range(BORDER, w - BORDER):
            v = plane[i, j]
            if v - plane[i, j + LOOK] < least or v - plane[i, j - LOOK] < least:
                continue
            if (v > plane[i - 1, j - 1] and v > plane[i - 1, j] and v > plane[i - 1, j + 1] and v > plane[i, j - 1]
                    and v >= plane[i, j + 1] and v >= plane[i + 1, j - 1] and v >= plane[i + 1, j] and v >= plane[i + 1, j + 1]):
                if n == len(found):
                    more = np.empty((2 * n, 2), np.int64)
                    for k in range(n):
                        more[k, 0], more[k, 1] = found[k, 0], found[k, 1]
                    found = more
                found[n, 0], found[n, 1] = i, j
                n += 1
    return found[:n].copy()


@njit(cache=True, nogil=True)
def _take(plane: FloatImage, peaks: IntArray, noise: float, taps: FloatImage,
          first: int) -> tuple[FloatArray, IntArray, IntArray, FloatImage]:
    """The fields of the steep :class:`Cores` among the ``peaks`` of a plane (h, w), which are subtracted from it, in place."""
    h = len(plane)
    side = 2 * REACH + 1
    profile, steep, n = np.zeros((len(peaks), 7)), np.empty(len(peaks), np.int64), 0
    jtj, jtr, step, low = np.zeros((7, 7)), np.zeros(7), np.zeros(7), np.zeros((7, 7))
    for k in range(len(peaks)):
        row, column = peaks[k, 0], peaks[k, 1]
        # Waves on the flat top of a wide clipped star are not dips: its feet count.
        foot = 0.5 * (plane[row, column] + _level(plane, row, column))
        if _rings(plane, row, column, noise, taps, foot):
            _fit(plane, row, column, noise, profile[n], jtj, jtr, step, low)
            steep[n] = k
            n += 1
    profile, peak, which = profile[:n].copy(), np.empty((n, 2), np.int64), np.empty(n, np.int64)
    for k in range(n):
        peak[k, 0], peak[k, 1], which[k] = peaks[steep[k], 0], peaks[steep[k], 1], -1
    values = np.empty((side, side))
    for k in range(n):
        row, column = peak[k, 0], peak[k, 1]
        if profile[k, 2] > 0:
            profile[k, 6] = _sample(profile[k], -float(REACH), -float(REACH), 1.0, 0.0, 0.0, 1.0, values)
            for i in range(max(row - REACH, 0), min(row + REACH + 1, h)):
                for j in range(side):
                    plane[i, column - REACH + j] -= np.float32(values[i - row + REACH, j])
    count = 0
    for k in range(n):
        if _rings(plane, peak[k, 0], peak[k, 1], noise, taps, np.inf):
            which[k] = count
            count += 1
    rest = np.zeros((count, side, side), np.float32)
    near = 0
    for k in range(n):
        if which[k] >= 0:
            while peak[near, 0] < peak[k, 0] - 2 * REACH:
                near += 1
            _rest(plane, peak, which, k, near, rest[which[k]])
            profile[k, 6] += rest[which[k]].sum()
    for k in range(n):
        if which[k] >= 0:
            row, column = peak[k, 0], peak[k, 1]
            for i in range(max(row - REACH, 0), min(row + REACH + 1, h)):
                for j in range(side):
                    plane[i, column - REACH + j] -= rest[which[k], i - row + REACH, j]
    peak[:, 0] += first
    return profile, peak, which, rest


@njit(cache=True, nogil=True)
def _level(plane: FloatImage, row: int, column: int) -> float:
    """The darkest of four pixels at ``LOOK`` px from a pixel."""
    return float(min(min(plane[row, column - LOOK], plane[row, column + LOOK]),
                     min(plane[row - LOOK, column], plane[row + LOOK, column])))


@njit(cache=True, nogil=True)
def _rings(plane: FloatImage, row: int, column: int, noise: float, taps: FloatImage, below: float) -> bool:
    """Whether Lanczos-4 along rows or columns near a peak undershoots the two samples beside the place too far, one of which is
    darker than ``below``."""
    limit = np.float32(max(SIGMAS * noise, SHARE * (plane[row, column] - _level(plane, row, column))))
    highest = np.float32(below) - limit
    for line in range(-2, 3):
        for at in range(-LOOK, LOOK):
            across = min(plane[row + line, column + at], plane[row + line, column + at + 1]) - limit
            down = min(plane[row + at, column + line], plane[row + at + 1, column + line]) - limit
            for p in range(len(taps)):
                along = fallen = np.float32(0)
                for k in range(8):
                    along += taps[p, k] * plane[row + line, column + at - 3 + k]
                    fallen += taps[p, k] * plane[row + at - 3 + k, column + line]
                if along < across < highest or fallen < down < highest:
                    return True
    return False


@njit(cache=True, nogil=True)
def _fit(plane: FloatImage, row: int, column: int, noise: float, out: FloatArray, jtj: FloatArray, jtr: FloatArray,
         step: FloatArray, low: FloatArray) -> None:
    """Write the profile of the star at a peak to ``out`` (7,), of no height where none fits, as on hot pixels and wide clipped
    cores: least squares (Levenberg-Marquardt) of the profile and a level."""
    out[:] = 0.0
    out[3], out[5] = 1.0, 1.0
    level = _level(plane, row, column)
    height = plane[row, column] - level
    beside = 0.25 * (plane[row, column - 1] + plane[row, column + 1] + plane[row - 1, column] + plane[row + 1, column]) - level
    if not beside > LEAST_BESIDE * height > 0:
        return
    # In units of the height, from the place of the peak: level, A, x, y, a, b, c.
    p, trial = np.zeros(7), np.empty(7)
    p[1] = 1.0
    p[4] = p[6] = min(beside / height, 0.9) ** (-1 / BETA) - 1
    half = 2.0 ** (1 / BETA) - 1
    radius = min(max(2 * FITTED * np.sqrt(half / p[4]), LEAST_RADIUS), MOST_RADIUS)
    damping = 1e-3
    cost = _equations(plane, row, column, radius, level, height, p, jtj, jtr)
    for _ in range(STEPS):
        _solve(jtj, jtr, damping, low, step)
        for m in range(7):
            trial[m] = p[m] + step[m]
        positive = trial[1] > 0 and trial[4] > 1e-4 and trial[6] > 1e-4 and trial[4] * trial[6] > trial[5] ** 2
        now = _equations(plane, row, column, radius, level, height, trial, jtj, jtr) if positive else np.inf
        if now < cost:
            done = cost - now < SMALL * cost or now < ACCURATE
            for m in range(7):
                p[m] = trial[m]
            cost, damping = now, 0.1 * damping
            if done:
                break
        else:
            damping *= 30
            if damping > 1e4:
                break
            _equations(plane, row, column, radius, level, height, p, jtj, jtr)
    mean, spread = 0.5 * (p[4] + p[6]), np.sqrt(0.25 * (p[4] - p[6]) ** 2 + p[5] ** 2)
    if (mean > spread and p[2] * p[2] + p[3] * p[3] < 2.25 and p[1] * height > 2 * noise
            and 2 * np.sqrt(half / (mean + spread)) > LEAST_FWHM and 2 * np.sqrt(half / (mean - spread)) < REACH):
        out[0], out[1], out[2] = p[2], p[3], p[1] * height
        out[3], out[4], out[5] = p[4], p[5], p[6]


@njit(cache=True, nogil=True)
def _equations(plane: FloatImage, row: int, column: int, radius: float, level: float, height: float, p: FloatArray,
               jtj: FloatArray, jtr: FloatArray) -> float:
    """Fill J'J (its lower triangle) and J'r of :func:`_fit` at parameters ``p`` and return the sum of squares."""
    jtj[:], jtr[:] = 0.0, 0.0
    d = np.ones(7)
    cost = 0.0
    reach, sparse = int(radius), radius >= FULL
    for i in range(-reach, reach + 1):
        for j in range(-reach, reach + 1):
            square = i * i + j * j
            # Every second pixel of the wings of a wide star is enough.
            if square > radius * radius or (sparse and square > NEAR * NEAR and (i % 2 or j % 2)):
                continue
            dx, dy = j - p[2], i - p[3]
            base = 1 + p[4] * dx * dx + 2 * p[5] * dx * dy + p[6] * dy * dy
            value = 1 / (base * base * base * np.sqrt(base))
            slope = -BETA * p[1] * value / base
            d[1] = value
            d[2] = -2 * slope * (p[4] * dx + p[5] * dy)
            d[3] = -2 * slope * (p[5] * dx + p[6] * dy)
            d[4] = slope * dx * dx
            d[5] = 2 * slope * dx * dy
            d[6] = slope * dy * dy
            v = (plane[row + i, column + j] - level) / height
            r = v - p[0] - p[1] * value
            weight = 1 / (1 + RELATIVE * v * v)
            cost += weight * r * r
            for m in range(7):
                weighted = weight * d[m]
                jtr[m] += weighted * r
                for n in range(m + 1):
                    jtj[m, n] += weighted * d[n]
    return cost


@njit(cache=True, nogil=True)
def _solve(a: FloatArray, b: FloatArray, damping: float, low: FloatArray, out: FloatArray) -> None:
    """Solve (A + damping diag A) out = b by Cholesky; A (7, 7) holds its lower triangle, ``low`` is room."""
    for i in range(7):
        for j in range(i + 1):
            total = a[i, j] * (1 + damping) + 1e-30 if i == j else a[i, j]
            for k in range(j):
                total -= low[i, k] * low[j, k]
            low[i, j] = np.sqrt(max(total, 1e-30)) if i == j else total / low[j, j]
    for i in range(7):
        total = b[i]
        for k in range(i):
            total -= low[i, k] * out[k]
        out[i] = total / low[i, i]
    for i in range(6, -1, -1):
        total = out[i]
        for k in range(i + 1, 7):
            total -= low[k, i] * out[k]
        out[i] = total / low[i, i]


@njit(cache=True, nogil=True)
def _fade(square: float, end: float) -> float:
    """1 up to half of ``REACH``, 0 from ``end`` on, smooth between; ``square`` is that of the distance."""
    start = 0.5 * REACH
    if square <= start * start:
        return 1.0
    if square >= end * end:
        return 0.0
    t = (end - np.sqrt(square)) / (end - start)
    return float(t * t * (3 - 2 * t))


@njit(cache=True, nogil=True)
def _sample(p: FloatArray, x: float, y: float, xx: float, xy: float, yx: float, yy: float, out: FloatArray) -> float:
    """Write the profile at ``(x + j xx + i xy, y + j yx + i yy)`` from the peak to ``out[i, j]``; returns the sum."""
    total = 0.0
    x, y = x - p[0], y - p[1]
    end = REACH - 0.5
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            dx, dy = x + j * xx + i * xy, y + j * yx + i * yy
            square = dx * dx + dy * dy
            out[i, j] = 0.0
            if square < end * end:
                base = 1 + p[3] * dx * dx + 2 * p[4] * dx * dy + p[5] * dy * dy
                out[i, j] = p[2] * _fade(square, end) / (base * base * base * np.sqrt(base))
                total += out[i, j]
    return total


@njit(cache=True, nogil=True)
def _rest(plane: FloatImage, peak: IntArray, which: IntArray, k: int, near: int, out: FloatImage) -> None:
    """Write the middle of what a plane has about peak ``k``, above the level around it, to ``out``. Peaks from ``near`` on may
    share pixels with it: each gets its share."""
    h = len(plane)
    row, column = peak[k, 0], peak[k, 1]
    ring, n = np.empty(4 * LOOK * LOOK * 4), 0
    for i in range(-LOOK, LOOK + 1):
        for j in range(-LOOK, LOOK + 1):
            if (LOOK - 1) ** 2 <= i * i + j * j <= LOOK**2:
                ring[n] = plane[row + i, column + j]
                n += 1
    level = median_in_place(ring[:n])
    others, count = np.empty((len(peak) - near, 2)), 0
    for m in range(near, len(peak)):
        if peak[m, 0] > row + 2 * REACH:
            break
        if m != k and which[m] >= 0 and abs(peak[m, 1] - column) <= 2 * REACH:
            others[count, 0], others[count, 1] = peak[m, 0], peak[m, 1]
            count += 1
    for i in range(-REACH, REACH + 1):
        for j in range(-REACH, REACH + 1):
            share = _fade(float(i * i + j * j), REACH - 1.0)
            if share == 0 or not 0 <= row + i < h:
                continue
            total = share
            for m in range(count):
                total += _fade((row + i - others[m, 0]) ** 2 + (column + j - others[m, 1]) ** 2, REACH - 1.0)
            out[i + REACH, j + REACH] = share / max(total, 1.0) * (plane[row + i, column + j] - level)


@njit(cache=True, nogil=True)
def _add(image: FloatImage, valid: FloatImage, cores: Cores, maps: LocalMaps, y0: int, x0: int, scale: float) -> None:
    h, w = image.shape
    side = 2 * REACH + 1
    values = rests = np.empty((0, 0))
    for k in range(len(cores.peak)):
        cx, cy = maps.center[k, 0], maps.center[k, 1]
        xx, xy, yx, yy = maps.slopes[k, 0, 0], maps.slopes[k, 0, 1], maps.slopes[k, 1, 0], maps.slopes[k, 1, 1]
        area = abs(xx * yy - xy * yx)
        if not (np.isfinite(cx) and np.isfinite(cy) and area > 0):
            continue
        # Pixels of the canvas about the core.
        reach = int(np.ceil(REACH * max(np.hypot(xx, yx), np.hypot(xy, yy)) / area)) + 1
        left, top = int(np.floor(cx)) - reach, int(np.floor(cy)) - reach
        across = 2 * reach + 2
        if left >= x0 + w or top >= y0 + h or left + across <= x0 or top + across <= y0:
            continue
        if len(values) != across:
            values, rests = np.empty((across, across)), np.zeros((across, across))
        profile, number = cores.profile[k], cores.which[k]
        x, y = xx * (left - cx) + xy * (top - cy), yx * (left - cx) + yy * (top - cy)
        smooth, rough = area * _sample(profile, x, y, xx, xy, yx, yy, values), 0.0
        amount = smooth / area
        if number >= 0:
            x, y = x + REACH, y + REACH
            for i in range(across):
                for j in range(across):
                    u, v = x + j * xx + i * xy, y + j * yx + i * yy
                    rests[i, j] = 0.0
                    if 0 <= u < side - 1 and 0 <= v < side - 1:
                        a, b = int(u), int(v)
                        u, v = u - a, v - b
                        rest = cores.rest[number]
                        rests[i, j] = ((1 - v) * ((1 - u) * rest[b, a] + u * rest[b, a + 1])
                                       + v * ((1 - u) * rest[b + 1, a] + u * rest[b + 1, a + 1]))
                        rough += area * rests[i, j]
                        amount += abs(rests[i, j])
        # Samples of what is narrow do not have the same sum at all phases: the light stays that of the frame. What is missing is
        # spread by size, because the sum of a rest, which has both signs, may be close to 0.
        missing = (profile[6] - smooth - rough) / (area * amount) if amount > 0 else 0.0
        for i in range(max(top, y0), min(top + across, y0 + h)):
            for j in range(max(left, x0), min(left + across, x0 + w)):
                if valid[i - y0, j - x0] > 0:
                    value = (1 + missing) * values[i - top, j - left]
                    if number >= 0:
                        value += rests[i - top, j - left] + missing * abs(rests[i - top, j - left])
                    image[i - y0, j - x0] += np.float32(scale * value)
