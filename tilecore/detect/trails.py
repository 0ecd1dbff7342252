"""Trails of satellites and aircraft: straight lines through one frame, found before they are stacked.

Rejection finds a trail only where single pixels stand out of the noise; its wings, and faint trails, do not. A sum along the
line detects both: the binned frame is summed along all straight lines (a Radon transform), and where a line stands out, its
profile across, averaged along the line, shows how far its light reaches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from tilecore.detect.light_elsewhere import binning_of, coded_signal, patches
from tilecore.detect.line_evidence import Scene, judge_line
from tilecore.detect.line_profile import profile_across
from tilecore.numerics.compiled import njit
from tilecore.numerics.statistics import mad_sigma, median

__all__ = ["LineSearch", "find_trails", "recurring", "search_lines", "trail_mask"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Largest side of the binned frame (px): lines are found to about one of its pixels.
BINNED_SIDE = 256
# Smooth structure wider than this (binned px) is subtracted first.
SMOOTH = 9
# Sum along a line, in sigma of the sums along all lines, from which it is a trail.
LEAST_SIGMA = 7.0
# Most trails of a frame.
MOST_TRAILS = 8
# Most lines of a frame that are looked at.
MOST_LINES = 24
# Length (binned px) below which a line is too short.
LEAST_LENGTH = 24
# Values beyond this many sigma are clipped, so that a single bright star does not make a line.
CLIP = 4.0
# Length (binned px) up to which light that is not a trail may be round.
MOST_ROUND = 64
# FWHM, in units of the median, above which a detection is a piece of a galaxy or a ghost.
WIDE = 3.0
# Share of a binned pixel that must be free of stars.
LEAST_FREE = 0.3
# Distance from a line (px) to which its profile is measured.
REACH = 24
# Light (sigma of a pixel) below which the wings of a trail may stay.
NEGLIGIBLE = 0.03
# Distance (px) and angle (radians) within which two lines of the scene are the same.
SAME_PX = 12.0
SAME_ANGLE = 0.02
# Part of the shorter of two lines that both must have in common.
SHARED_PART = 0.5
# Share of the frames above which a line belongs to the scene.
SCENE_SHARE = 0.15


@dataclass(frozen=True)
class LineSearch:
    """``trails`` (k, 5) of a frame: x0, y0, x1, y1, the ends of the line, mostly outside the frame, and half its width (px);
    ``others`` (m, 5) the same for spikes, rings, cores and other light that is not a trail; ``signal`` the map in
    which they were found (:mod:`tilecore.detect.light_elsewhere`)."""

    trails: FloatArray = field(default_factory=lambda: np.zeros((0, 5)))
    others: FloatArray = field(default_factory=lambda: np.zeros((0, 5)))
    signal: NDArray[np.int8] = field(default_factory=lambda: np.zeros((0, 0), np.int8))


def find_trails(image: FloatImage, background: float, noise: float, stars: NDArray[np.void]) -> FloatArray:
    """The trails (k, 5) of :func:`search_lines`."""
    return search_lines(image, background, noise, stars).trails


def search_lines(image: FloatImage, background: float, noise: float, stars: NDArray[np.void]) -> LineSearch:
    """The lines of light in a frame (h, w).

    ``background`` and ``noise`` are the level of the frame and the noise of a pixel; ``stars`` (with x, y, fwhm, snr) are masked.
    """
    h, w = image.shape
    factor = binning_of(image.shape)
    rows, columns = h // factor, w // factor
    if min(rows, columns) < LEAST_LENGTH or not noise > 0:
        return LineSearch()
    limit = np.float32(8 * noise)
    level = np.float32(background)
    hidden = _hidden(stars)
    free = _without_stars((h, w), hidden)
    scene = Scene(image, free, float(background), noise, hidden)
    clipped = image - level
    np.clip(clipped, -limit, limit, out=clipped)
    clipped *= free
    binned = cv2.resize(clipped[: rows * factor, : columns * factor], (columns, rows), interpolation=cv2.INTER_AREA)
    share = cv2.resize(free[: rows * factor, : columns * factor], (columns, rows), interpolation=cv2.INTER_AREA)
    usable = (share > LEAST_FREE).astype(np.float32)
    binned = np.where(usable > 0, binned / np.maximum(share, LEAST_FREE), 0).astype(np.float32)
    smooth = _median_around(binned, usable)
    rest = (binned - smooth) * usable
    sigma = mad_sigma(rest[usable > 0], 0.0) if usable.any() else 0.0
    if not sigma > 0:
        return LineSearch()
    signal = np.clip(rest / np.float32(sigma), -CLIP, CLIP).astype(np.float32)
    coded = coded_signal(signal, usable)
    found: dict[str, list[FloatArray]] = {"trail": [], "other": [], "nothing": []}
    for _ in range(MOST_LINES):
        line = _strongest(signal, usable)
        if line is None or len(found["trail"]) == MOST_TRAILS:
            break
        # Binned pixel i starts at pixel i * factor.
        ends = (np.asarray(line) + 0.5) * factor - 0.5
        refined = _refine(image, free, level, noise, ends)
        if refined is None:
            blank = np.array([*ends, 1.5 * factor])
        else:
            verdict = judge_line(scene, refined)
            part = verdict.part if verdict.kind == "trail" else _around(verdict.part, factor)
            found[verdict.kind].append(part)
            # The wings of a bright trail are not another trail; what is not a trail hides none beside it.
            blank = np.append(ends, part[4]) if verdict.kind == "trail" or part[4] == verdict.part[4] else part
            if blank is part:
                _hide(free, part)
        before = float(usable.sum())
        usable[_strip(blank, factor, usable.shape)] = 0
        if float(usable.sum()) == before:
            usable[_strip(np.append(ends, 1.5 * factor), factor, usable.shape)] = 0
        signal *= usable
    trails, others = (np.array(found[kind]).reshape(-1, 5) for kind in ("trail", "other"))
    return LineSearch(trails, np.concatenate([others, patches(coded, factor)]), coded)


def _hide(free: FloatImage, part: FloatArray) -> None:
    """Mark the pixels of a short part as not free, in place."""
    y0, y1 = (int(np.clip(v, 0, free.shape[0])) for v in (min(part[1], part[3]) - part[4], max(part[1], part[3]) + part[4] + 1))
    x0, x1 = (int(np.clip(v, 0, free.shape[1])) for v in (min(part[0], part[2]) - part[4], max(part[0], part[2]) + part[4] + 1))
    free[y0:y1, x0:x1][trail_mask(part[None], y0, y1, x0, x1)] = 0


def _around(part: FloatArray, factor: int) -> FloatArray:
    """A strip (k, 5) that contains the source of light that is not a trail: a short one may be as wide as long."""
    length = math.hypot(part[2] - part[0], part[3] - part[1])
    wide = 0.5 * length if length < MOST_ROUND * factor else 0.0
    return np.append(part[:4], max(part[4], wide))


def _strip(line: FloatArray, factor: int, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Binned pixels near a line."""
    coarse = np.append((line[:4] + 0.5) / factor - 0.5, line[4] / factor + 1.5)
    return trail_mask(coarse[None], 0, shape[0], 0, shape[1])


def _hidden(stars: NDArray[np.void]) -> FloatArray:
    """(n, 3) x, y and radius (px) of the area hidden by each star; what is much wider than the others is none."""
    if len(stars):
        stars = stars[stars["saturated"] | (stars["fwhm"] <= WIDE * np.median(stars["fwhm"]))]
    radius = stars["fwhm"] * np.clip(1.5 * (np.maximum(stars["snr"], 0) / 50) ** (1 / 3), 1.5, 8)
    return np.stack([stars["x"], stars["y"], np.ceil(radius)], 1).astype(np.float64)


def _without_stars(shape: tuple[int, int], hidden: FloatArray) -> FloatImage:
    """(h, w) 1 where there is no star, else 0."""
    free = np.ones(shape, np.float32)
    for x, y, radius in hidden:
        cv2.circle(free, (round(x), round(y)), int(radius), 0.0, -1)
    return free


def _median_around(image: FloatImage, usable: FloatImage) -> FloatImage:
    """Median of SMOOTH x SMOOTH pixels, computed in 8 bits with 16 steps to a sigma of the noise."""
    spread = mad_sigma(image[usable > 0], 0.0) if usable.any() else 1.0
    step = max(spread, 1e-12) / 16
    coded = np.clip(image / step + 128, 0, 255).astype(np.uint8)
    return np.asarray((cv2.medianBlur(coded, SMOOTH).astype(np.float32) - 128) * np.float32(step), np.float32)


def _strongest(signal: FloatImage, usable: FloatImage) -> tuple[float, float, float, float] | None:
    """The line whose sum stands out most, as x0, y0, x1, y1 (binned px); None when none does."""
    best: tuple[float, tuple[float, float, float, float]] | None = None
    for turned in (False, True):
        s, u = (np.ascontiguousarray(a.T if not turned else a) for a in (signal, usable))
        # Rows of s are steps along the line, columns run across it.
        along = len(s)
        slopes = np.linspace(-1, 1, int(1.5 * along) + 1)
        sums, counts = _sums(s, u, slopes)
        known = counts >= LEAST_LENGTH
        if not known.any():
            continue
        score = np.where(known, sums / np.sqrt(np.maximum(counts, 1)), 0)
        values = score[known]
        middle = median(values)
        spread = max(mad_sigma(values, middle), 0.3)
        k, offset = np.unravel_index(int(np.argmax(score)), score.shape)
        height = (float(score[k, offset]) - middle) / spread
        if height > LEAST_SIGMA and (best is None or height > best[0]):
            start = float(offset) - (along - 1)
            end = start + float(slopes[k]) * (along - 1)
            line = (0.0, start, float(along - 1), end)
            best = (height, line if not turned else (start, 0.0, end, float(along - 1)))
    return None if best is None else best[1]


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
def _sums(signal: FloatImage, usable: FloatImage, slopes: FloatArray) -> tuple[FloatImage, FloatImage]:
    """Sums and numbers of usable pixels (slopes, offsets) along lines that cross row 0 at column ``offset - (rows - 1)``."""
    along, across = signal.shape
    width = across + 2 * (along - 1)
    sums, counts = np.zeros((slopes.size, width), np.float32), np.zeros((slopes.size, width), np.float32)
    for k in range(slopes.size):
        for a in range(along):
            first = along - 1 - int(np.rint(slopes[k] * a))
            one, other = sums[k, first: first + across], counts[k, first: first + across]
            for c in range(across):
                one[c] += signal[a, c]
                other[c] += usable[a, c]
    return sums, counts


def _refine(image: FloatImage, free: FloatImage, level: np.float32, noise: float, ends: FloatArray) -> FloatArray | None:
    """The line at full resolution, centred on the light, with its width, extended beyond the borders; None if it has no light."""
    def profile(first: float, last: float) -> tuple[FloatArray, FloatArray]:
        steps = int(math.hypot(x1 - x0, y1 - y0))
        return profile_across(image, free, level, noise, (x0, y0, (x1 - x0) / steps, (y1 - y0) / steps),
                              (int(first * steps), int(last * steps)), REACH)

    x0, y0, x1, y1 = (float(v) for v in ends)
    for _ in range(2):
        profiles = [profile(0.0, 0.5), profile(0.5, 1.0)]
        centers = []
        for values, count in profiles:
            if count.sum() == 0:
                return None
            smooth = np.convolve(values, np.ones(3) / 3, "same")
            near = np.abs(np.arange(-REACH, REACH + 1)) <= REACH // 2
            peak = int(np.argmax(np.where(near, smooth, -np.inf)))
            window = np.arange(max(peak - 3, 0), min(peak + 4, len(values)))
            weight = np.maximum(values[window], 0)
            centers.append(float((weight * window).sum() / weight.sum()) - REACH if weight.sum() > 0 else 0.0)
        # The centres of the halves are at one and at three quarters of the line.
        slope = (centers[1] - centers[0]) / 0.5
        start, end = centers[0] - 0.25 * slope, centers[1] + 0.25 * slope
        length = np.hypot(x1 - x0, y1 - y0)
        nx, ny = -(y1 - y0) / length, (x1 - x0) / length
        x0, y0, x1, y1 = x0 + start * nx, y0 + start * ny, x1 + end * nx, y1 + end * ny
    values, count = profile(0.0, 1.0)
    error = noise / np.sqrt(np.maximum(count, 1))
    flank: FloatArray = np.convolve(values, np.ones(3) / 3, "same")
    error = error / np.sqrt(3)
    if not flank[REACH - 2: REACH + 3].max() > 5 * error[REACH]:
        return None
    # The light far off on both sides is the level of the surroundings, not of the line.
    flank -= float(np.median(np.concatenate([flank[: REACH // 4], flank[-(REACH // 4):]])))
    light = flank > np.maximum(2 * error, NEGLIGIBLE * noise)
    reach = [next((d for d in range(1, REACH) if not light[REACH + sign * d]), REACH) for sign in (-1, 1)]
    return np.array([*_to_borders(x0, y0, x1, y1, image.shape), max(reach) + 2.0])


def _to_borders(x0: float, y0: float, x1: float, y1: float, shape: tuple[int, ...]) -> tuple[float, float, float, float]:
    """The line extended to a little more than the diagonal of the frame on both sides."""
    length, reach = math.hypot(x1 - x0, y1 - y0), math.hypot(*shape[-2:])
    ux, uy, cx, cy = (x1 - x0) / length, (y1 - y0) / length, (x0 + x1) / 2, (y0 + y1) / 2
    return cx - reach * ux, cy - reach * uy, cx + reach * ux, cy + reach * uy


def recurring(trails: list[FloatArray], size: tuple[int, int]) -> list[NDArray[np.bool_]]:
    """For the trails (k, 5) of each frame, in the coordinates of the scene, whether they belong to the scene.

    ``size`` is that of the scene (rows, columns). A line at the same place in many frames is a diffraction spike or an edge,
    not a trail.
    """
    owners = np.concatenate([np.full(len(t), i) for i, t in enumerate(trails)]) if trails else np.zeros(0)
    if not len(owners):
        return [np.zeros(0, bool) for _ in trails]
    lines = np.concatenate(trails)
    angle = np.arctan2(lines[:, 3] - lines[:, 1], lines[:, 2] - lines[:, 0]) % np.pi
    nx, ny = -np.sin(angle), np.cos(angle)
    distance = (lines[:, 0] - size[1] / 2) * nx + (lines[:, 1] - size[0] / 2) * ny
    turn = angle[:, None] - angle[None, :]
    wrapped = np.abs((turn + np.pi / 2) % np.pi - np.pi / 2)
    flipped = np.abs(turn) > np.pi / 2  # the normal of a line at 179 degrees points the other way than at 0
    apart = np.abs(distance[:, None] - np.where(flipped, -1, 1) * distance[None, :])
    same = (wrapped < SAME_ANGLE) & (apart < SAME_PX) & _overlapping(lines, np.stack([ny, -nx], 1))
    others = np.array([len(set(owners[row])) for row in same])
    scene = others > max(2, SCENE_SHARE * len(trails))
    return [scene[owners == i] for i in range(len(trails))]


def _overlapping(lines: FloatArray, directions: FloatArray) -> NDArray[np.bool_]:
    """(n, n) whether parts of lines (n, 5) share half of the shorter one, along the ``directions`` (n, 2): satellites that follow
    each other are on one line."""
    ends = np.stack([lines[:, :2] @ directions.T, lines[:, 2:4] @ directions.T])  # along column's direction
    low, high = ends.min(axis=0).T, ends.max(axis=0).T  # (direction, line)
    own_low, own_high = np.diag(low)[:, None], np.diag(high)[:, None]
    shared = np.minimum(high, own_high) - np.maximum(low, own_low)
    return np.asarray(shared >= SHARED_PART * np.minimum(high - low, own_high - own_low), np.bool_)


def trail_mask(trails: FloatArray, y0: int, y1: int, x0: int, x1: int) -> NDArray[np.bool_]:
    """Pixels [y0:y1, x0:x1] within half a width of a trail (k, 5), as :func:`find_trails` returns them."""
    mask = np.zeros((y1 - y0, x1 - x0), bool)
    for ax, ay, bx, by, half in trails:
        reach = 1.5 * half + 1  # the corners of the strip
        top, bottom = (int(np.clip(v, y0, y1)) for v in (min(ay, by) - reach, max(ay, by) + reach + 1))
        left, right = (int(np.clip(v, x0, x1)) for v in (min(ax, bx) - reach, max(ax, bx) + reach + 1))
        if top >= bottom or left >= right:
            continue
        y, x = np.arange(top, bottom)[:, None], np.arange(left, right)[None, :]
        length = np.hypot(bx - ax, by - ay)
        across = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / length
        along = ((bx - ax) * (x - ax) + (by - ay) * (y - ay)) / length
        within = (np.abs(across) <= half) & (along >= -half) & (along <= length + half)
        mask[top - y0: bottom - y0, left - x0: right - x0] |= within
    return mask
