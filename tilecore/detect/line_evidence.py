"""Whether a line of light in a frame is a trail, and from where to where it reaches.

A trail is narrow, stands out on both sides, and has light all along: it is not a border, a glow, a ring, a bright core, nor the
spike of a star, whose light decreases from the star. It mostly crosses the frame; a meteor, a short exposure or a shutter ends it
inside, and then the rest of the line is left alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tilecore.detect.line_profile import profile_across
from tilecore.numerics.compiled import njit
from tilecore.numerics.statistics import mad_sigma

__all__ = ["Scene", "Verdict", "inside", "judge_line"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Most parts of a line, and their least length (px).
MOST_PARTS = 48
LEAST_PART = 6
# Distance (px) from the border of a trail to the strips beside it, and their least width (px).
GAP = 1
LEAST_SIDE = 5
# Largest distance of the strips beside a line, in units of the half width of its core.
NEAR = 4
# Half width of a trail, in units of its FWHM, unless its peak is above this many sigma of a pixel.
WINGS = 4.0
BRIGHT = 25.0
# Significance of a part from which it counts no more: a bright spot is not a line.
CLIP = 5.0
# Significance of the light of a trail, and of its contrast to each side.
LEAST_LIGHT = 6.0
LEAST_CONTRAST = 4.0
# Contrast to one side, as a share of that to the other, below which the line is a border.
ONE_SIDED = 0.35
# Length over width below which light is a blob.
LEAST_ASPECT = 6.0
# Least length (px) of a trail.
LEAST_LENGTH = 24.0
# Share of the parts in which a trail has light of its own: an aircraft is dotted.
LEAST_FILLED = 0.34
# Light of the faintest third of a trail, as a share of the brightest, ...
LEAST_THIRD = 0.1
# ... and of one whose brightest third is beside a bright star that it passes through.
LEAST_THIRD_STAR = 0.45
# Distance (px) from the centre of a star, plus share of its radius, within which a line passes through it.
THROUGH_STAR = 2.0
THROUGH_STAR_SHARE = 0.1
# Radius (px) from which a star may have spikes, and its share within which the light beside it counts as its own.
SPIKE_RADIUS = 6.0
# Light of the rest of a line, as a share of that of the trail, below which the trail ends inside; significance of that.
ENDED = 0.5
ENDED_SIGMA = 3.0
# Reach (px) of a trail beyond its last part with light.
BEYOND_END = 6.0


@dataclass(frozen=True)
class Scene:
    """A frame in which lines are judged: ``image`` (h, w), ``free`` (h, w) 0 on stars, level and noise of the sky, and ``stars``
    (n, 3): x, y and radius of the area hidden by each."""

    image: FloatImage
    free: FloatImage
    level: float
    noise: float
    stars: FloatArray


@dataclass(frozen=True)
class Verdict:
    """``part`` (x0, y0, x1, y1, half width) has the light. ``kind``: that of a trail; of something else that shines, such as a
    spike, a ring or a core; or nothing that stands out on both sides, such as a border."""

    part: FloatArray
    kind: Literal["trail", "other", "nothing"]


@dataclass(frozen=True)
class _Parts:
    """Of each part of a line: the light above both sides, the contrasts to the left and right, and the error of the light; the
    error is infinite where a side is not known. ``length`` (px) of a part; positions are measured from ``start``."""

    light: FloatArray
    left: FloatArray
    right: FloatArray
    error: FloatArray
    start: float
    length: float


def judge_line(scene: Scene, line: FloatArray) -> Verdict:
    """Judge a line (x0, y0, x1, y1, half width) that was found in a frame."""
    span = inside(line, scene.image.shape)
    if span is None:
        return Verdict(line, "nothing")
    line = _narrowed(scene, line, span)
    parts = _measure(scene, line, *span)
    known = np.isfinite(parts.error)
    if known.sum() < 3:
        return Verdict(line, "nothing")
    first, last = _brightest(parts)
    found = slice(first, last)
    part = _piece(line, parts.start + first * parts.length, parts.start + last * parts.length)
    if not _stands_out(parts, found):
        return Verdict(part, "nothing")
    if not _is_line(scene, parts, found, part) or _is_spike(scene, parts, found, line):
        return Verdict(part, "other")
    begin = span[0] - 1e6 if _continues(parts, found, slice(0, first)) else parts.start + first * parts.length - BEYOND_END
    end = span[1] + 1e6 if _continues(parts, found, slice(last, None)) else parts.start + last * parts.length + BEYOND_END
    reach = math.hypot(*scene.image.shape)
    return Verdict(_piece(line, max(begin, span[0] - reach), min(end, span[1] + reach)), "trail")


def _narrowed(scene: Scene, line: FloatArray, span: tuple[float, float]) -> FloatArray:
    """The line without the width that is not its own but that of a glow or nebula around it."""
    piece = _piece(line, *span)
    profile = _across(scene, piece)
    if profile.max() > BRIGHT * scene.noise:  # its wings may be wide
        return line
    return np.append(line[:4], min(line[4], WINGS * _width(scene, piece) + 2))


def _piece(line: FloatArray, begin: float, end: float) -> FloatArray:
    """The line from ``begin`` to ``end``, in px from its first point."""
    x0, y0, x1, y1, half = line
    length = math.hypot(x1 - x0, y1 - y0)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    return np.array([x0 + begin * ux, y0 + begin * uy, x0 + end * ux, y0 + end * uy, half])


def inside(line: FloatArray, shape: tuple[int, ...]) -> tuple[float, float] | None:
    """Where the line enters and leaves the frame, in px from its first point; None if it is outside."""
    x0, y0, x1, y1 = line[:4]
    length = math.hypot(x1 - x0, y1 - y0)
    low, high = 0.0, length
    for start, direction, size in ((x0, (x1 - x0) / length, shape[1]), (y0, (y1 - y0) / length, shape[0])):
        if abs(direction) < 1e-12:
            if not 0 <= start <= size - 1:
                return None
            continue
        one, other = sorted((-start / direction, (size - 1 - start) / direction))
        low, high = max(low, one), min(high, other)
    return (low, high) if high - low >= LEAST_LENGTH else None


def _measure(scene: Scene, line: FloatArray, low: float, high: float) -> _Parts:
    length = max((high - low) / MOST_PARTS, LEAST_PART)
    count = int((high - low) / length)
    half = math.ceil(line[4])
    core = max(1, round(min(0.6 * _width(scene, _piece(line, low, high)), (half - 2) / 2)))
    near = min(half, NEAR * core) + GAP
    reach = np.array([core, near, near + max(LEAST_SIDE, min(half, NEAR * core))])
    sums, pixels = _sums_beside(scene.image, scene.free, np.float32(scene.level), np.float32(scene.noise), line, low, length,
                                count, reach)
    enough = (pixels >= 3).all(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sums / pixels
        light = mean[:, 1] - 0.5 * (mean[:, 0] + mean[:, 2])
        error = scene.noise * np.sqrt(1 / pixels[:, 1] + 0.25 / pixels[:, 0] + 0.25 / pixels[:, 2])
        # Both sides are equal but for the noise, and for structure that is not a trail.
        sides = (mean[:, 0] - mean[:, 2]) / (scene.noise * np.sqrt(1 / pixels[:, 0] + 1 / pixels[:, 2]))
    rough = max(mad_sigma(sides[enough], 0.0), 1.0) if enough.any() else 1.0
    return _Parts(np.where(enough, light, 0), np.where(enough, mean[:, 1] - mean[:, 0], 0),
                  np.where(enough, mean[:, 1] - mean[:, 2], 0), np.where(enough, rough * error, np.inf), low, length)


@njit(cache=True, nogil=True)
def _sums_beside(image: FloatImage, free: FloatImage, level: np.float32, noise: np.float32, line: FloatArray, low: float,
                 length: float, count: int, reach: NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """Sums of the light and numbers of free pixels (count, 3) to the left, on, and to the right of each part of a line;
    ``reach``: distance to the border of the core, and to the borders of the strips beside it."""
    h, w = image.shape
    sums, pixels = np.zeros((count, 3)), np.zeros((count, 3))
    x0, y0 = line[0], line[1]
    whole = np.hypot(line[2] - x0, line[3] - y0)
    ux, uy = (line[2] - x0) / whole, (line[3] - y0) / whole
    core, near, far = reach
    for t in range(int(count * length)):
        k = min(int(t / length), count - 1)
        cx, cy = x0 + (low + t) * ux, y0 + (low + t) * uy
        for d in range(-far, far + 1):
            if core < abs(d) < near:
                continue
            i, j = int(np.rint(cx - d * uy)), int(np.rint(cy + d * ux))
            if 0 <= i < w and 0 <= j < h and free[j, i] > 0:
                side = 1 if abs(d) <= core else 0 if d < 0 else 2
                sums[k, side] += min(max(image[j, i] - level, -8 * noise), 40 * noise)
                pixels[k, side] += 1
    return sums, pixels


def _brightest(parts: _Parts) -> tuple[int, int]:
    """The first part and the one after the last between which the light is most significant."""
    known = np.isfinite(parts.error)
    z = np.where(known, np.clip(parts.light / np.where(known, parts.error, 1), -CLIP, CLIP), 0)
    total, number = (np.concatenate([[0], np.cumsum(a)]) for a in (z, known))
    score = (total[None, :] - total[:, None]) / np.sqrt(np.maximum(number[None, :] - number[:, None], 1))
    score[np.tril_indices(len(score))] = -np.inf
    first, last = np.unravel_index(int(np.argmax(score)), score.shape)
    return int(first), int(last)


def _mean(values: FloatArray, error: FloatArray) -> tuple[float, float]:
    """Mean of the known values, and its error."""
    known = np.isfinite(error)
    if not known.any():
        return 0.0, math.inf
    return float(values[known].mean()), float(np.sqrt((error[known] ** 2).sum()) / known.sum())


def _thirds(parts: _Parts, found: slice) -> list[float] | None:
    """Mean light of each third; None if one is not known."""
    pieces = np.array_split(np.arange(found.start, found.stop), 3)
    means = [_mean(parts.light[p], parts.error[p]) for p in pieces]
    return None if any(not math.isfinite(e) for _, e in means) else [m for m, _ in means]


def _stands_out(parts: _Parts, found: slice) -> bool:
    """Whether there is light, and about as much above the one side as above the other."""
    error = parts.error[found]
    light, light_error = _mean(parts.light[found], error)
    left, right = (_mean(side[found], error)[0] for side in (parts.left, parts.right))
    return light >= LEAST_LIGHT * light_error and min(left, right) >= max(LEAST_CONTRAST * light_error,
                                                                         ONE_SIDED * max(left, right))


def _is_line(scene: Scene, parts: _Parts, found: slice, part: FloatArray) -> bool:
    """Whether the light is narrow, and all along."""
    error = parts.error[found]
    light = _mean(parts.light[found], error)[0]
    length = (found.stop - found.start) * parts.length
    thirds = _thirds(parts, found)
    if thirds is None or min(thirds) < LEAST_THIRD * max(thirds):
        return False
    known = np.isfinite(error)
    filled = parts.light[found][known] > np.minimum(0.25 * light, error[known])
    return length >= max(LEAST_LENGTH, LEAST_ASPECT * _width(scene, part)) and float(filled.mean()) >= LEAST_FILLED


def _across(scene: Scene, part: FloatArray) -> FloatArray:
    """The mean profile across a part of a line, above its surroundings."""
    half = int(part[4]) + LEAST_SIDE
    x, y = float(part[2] - part[0]), float(part[3] - part[1])
    length = math.hypot(x, y)
    profile, _ = profile_across(scene.image, scene.free, np.float32(scene.level), scene.noise,
                                (float(part[0]), float(part[1]), x / length, y / length), (0, int(length)), half)
    return np.asarray(profile - 0.5 * (profile[:LEAST_SIDE].mean() + profile[-LEAST_SIDE:].mean()), np.float64)


def _width(scene: Scene, part: FloatArray) -> float:
    """Full width (px) at half maximum of the mean profile across: from its peak until it is below."""
    profile = _across(scene, part)
    peak = int(np.argmax(profile))
    low = profile <= 0.5 * profile[peak]
    if not profile[peak] > 0:
        return math.inf
    before, after = np.flatnonzero(low[:peak]), np.flatnonzero(low[peak:])
    first = before[-1] + 1 if before.size else 0
    last = peak + after[0] if after.size else profile.size
    return float(last - first)


def _is_spike(scene: Scene, parts: _Parts, found: slice, line: FloatArray) -> bool:
    """Whether the light decreases from a star that the line passes through."""
    large = scene.stars[scene.stars[:, 2] >= SPIKE_RADIUS]
    if not len(large):
        return False
    x0, y0, x1, y1 = line[:4]
    length = math.hypot(x1 - x0, y1 - y0)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    across = np.abs(ux * (large[:, 1] - y0) - uy * (large[:, 0] - x0))
    through = large[across <= THROUGH_STAR + THROUGH_STAR_SHARE * large[:, 2]]
    middles = parts.start + (np.arange(len(parts.light)) + 0.5) * parts.length
    begin, end = parts.start + found.start * parts.length, parts.start + found.stop * parts.length
    for x, y, radius in through:
        place = ux * (x - x0) + uy * (y - y0)
        reach = max(end - place, place - begin)
        if not begin - radius - parts.length <= place <= end + radius + parts.length or reach <= 0:
            continue
        distance = np.abs(middles[found] - place)
        error, light = parts.error[found], parts.light[found]
        edges = np.linspace(max(radius, float(distance.min())), reach + 1e-9, 4)
        rings = [(distance >= edges[n]) & (distance <= edges[n + 1]) for n in range(3)]
        near, outer = _mean(light[rings[0]], error[rings[0]])[0], _mean(light[rings[2]], error[rings[2]])[0]
        if near > 0 and outer < LEAST_THIRD_STAR * near:
            return True
    return False


def _continues(parts: _Parts, found: slice, rest: slice) -> bool:
    """Whether the rest of a line may have the light of the trail."""
    light, error = _mean(parts.light[found], parts.error[found])
    other, other_error = _mean(parts.light[rest], parts.error[rest])
    if not math.isfinite(other_error):
        return True
    return other > ENDED * light - ENDED_SIGMA * math.hypot(other_error, ENDED * error)
