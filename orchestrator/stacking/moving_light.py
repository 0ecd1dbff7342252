"""Trails, which occur once; and ghosts and spikes, which move against the sky when the field turns.

A line of light that other frames have as well, at the same place of the sky, at the same place of the sensor, or at the same
distance from a star, is not a trail. What the optics make, and the sky does not have, is left out where it is in each frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from orchestrator.engines.base import Frame
from orchestrator.stacking.sittings import sittings
from tilecore.detect.light_elsewhere import binning_of, light_around, light_on, moved_part, share_elsewhere
from tilecore.detect.line_evidence import inside
from tilecore.detect.metrics import FrameMeasurement

__all__ = ["MovingLight", "is_permanent", "moving_light"]

FloatArray = NDArray[np.float64]

# Frames nearest in order with which a line is compared; light that moves with the optics is in all of them.
NEIGHBOURS = 10
# Frames, spread over the sitting, in which a ghost is looked for, and the fewest that show that it moves.
SPREAD = 24
FEWEST = 5
# Share of the light of a ghost at its place in the median frame, and how much more that must be than at that place of the sky.
GHOST = 0.6
GHOST_MORE = 0.2
# Largest share of the frames in which a ghost may cover a place of the sky: if it hardly moves no frame is without it.
MOST_TOGETHER = 0.7
# Most lights of a sitting that are looked at.
MOST = 40
# Most ghosts and spikes of a frame.
MOST_GHOSTS = 12
# Light (sigma of a binned pixel) of a ghost on average over the frames, to which it is left out.
GHOST_EDGE = 0.5
# Light in the median other frame, as a share of that in the frame itself, from which a line is permanent; with few frames.
PERMANENT = 0.35
PERMANENT_FEW = 0.5
FEW = 3
# Light (sigma of a binned pixel) in a frame from which a ghost or spike is one.
LEAST_LIGHT = 1.0
# Brightest stars whose ghosts are looked for.
SOURCES = 3


@dataclass(frozen=True)
class MovingLight:
    """Of one frame, in its pixels: ``trails`` (k, 5), and ``others`` (m, 5), rows of ghosts, and spikes, that move against the
    sky."""

    trails: FloatArray
    others: FloatArray


def moving_light(frames: Sequence[Frame], measurements: Sequence[FrameMeasurement]) -> list[MovingLight]:
    """The light of each frame that is not of the sky."""
    if not any(len(m.trails) or len(m.other_light) for m in measurements):
        return [MovingLight(m.trails, m.other_light) for m in measurements]
    others: list[list[FloatArray]] = [[] for _ in frames]
    trails: list[list[FloatArray]] = [[] for _ in frames]
    sitting = sittings(frames)
    for k in np.unique(sitting):
        members = np.flatnonzero(sitting == k).tolist()
        shown = [(frames[i], measurements[i]) for i in members]
        for i, parts in zip(members, _ghosts(shown), strict=True):
            others[i] = parts
        for position, i in enumerate(members):
            around = range(max(position - NEIGHBOURS, 0), min(position + NEIGHBOURS + 1, len(members)))
            near = sorted((abs(n - position), n) for n in around if n != position)[:NEIGHBOURS]
            pairs = [shown[n] for _, n in near]
            trails[i] = [line for line in measurements[i].trails if not is_permanent(line, *shown[position], pairs)]
    return [MovingLight(np.array(t).reshape(-1, 5), np.array(o).reshape(-1, 5)) for t, o in zip(trails, others, strict=True)]


def is_permanent(line: FloatArray, frame: Frame, measurement: FrameMeasurement,
                 others: Sequence[tuple[Frame, FrameMeasurement]], least: int = 2) -> bool:
    """Whether the light along a line of a frame is in at least ``least`` other frames too."""
    part = _in_frame(line, frame.shape)
    light = light_on(measurement.line_map, binning_of(frame.shape), part)
    sources = _sources(measurement, part)
    seen: list[list[float]] = [[] for _ in range(2 + 2 * len(sources))]
    for other, m in others:
        if m.line_map.size:
            for values, place in zip(seen, _places(part, frame, other, sources), strict=True):
                values.append(light_on(m.line_map, binning_of(other.shape), place))
    for values in seen:
        share = share_elsewhere(light, values, least)
        if share > (PERMANENT_FEW if np.isfinite(values).sum() <= FEW else PERMANENT):
            return True
    return False


def _ghosts(shown: list[tuple[Frame, FrameMeasurement]]) -> list[list[FloatArray]]:
    """For each frame of a sitting, where ghosts and spikes are that move against the sky: those found in some frames, in all."""
    found: list[list[FloatArray]] = [[] for _ in shown]
    shapes: list[list[FloatArray]] = [[] for _ in shown]
    if len(shown) < FEWEST + 1:
        return shapes
    candidates = [(light_on(m.line_map, binning_of(f.shape), part), i, part) for i, (f, m) in enumerate(shown)
                  for part in m.other_light]
    for light, i, part in sorted((c for c in candidates if c[0] >= LEAST_LIGHT), key=lambda c: -c[0])[:MOST]:
        if any(_covered(part, other) for other in found[i]) or len(found[i]) == MOST_GHOSTS:
            continue
        places = _ghost_places(light, i, part, shown)
        if places is not None:
            for parts, shape, place, whole in zip(found, shapes, places, _whole(places, shown), strict=True):
                parts.append(place)
                shape.extend(whole)
    return shapes


def _ghost_places(light: float, index: int, part: FloatArray,
                  shown: list[tuple[Frame, FrameMeasurement]]) -> list[FloatArray] | None:
    """Where light of one frame is in each frame, if it moves with the sensor or a star and not with the sky."""
    frame, measurement = shown[index]
    sources = _sources(measurement, part)
    chosen = [j for j in np.unique(np.linspace(0, len(shown) - 1, SPREAD).astype(int)).tolist() if j != index]
    there = {j: _places(part, frame, shown[j][0], sources) for j in chosen}
    shares = [share_elsewhere(light, [light_on(shown[j][1].line_map, binning_of(shown[j][0].shape), there[j][h])
                                      for j in chosen], FEWEST) for h in range(len(there[chosen[0]]))]
    sky, optics = shares[0], shares[1:]
    best = int(np.argmax(np.nan_to_num(optics, nan=-np.inf)))
    if not optics[best] >= GHOST or not optics[best] > sky + GHOST_MORE:
        return None
    if not _moves(part, np.array([there[j][1 + best] - there[j][0] for j in chosen])):
        return None
    return [_places(part, frame, other, sources)[1 + best] for other, _ in shown]


def _moves(part: FloatArray, shifts: FloatArray) -> bool:
    """Whether light of the size of ``part`` leaves its place of the sky in three frames of ten; ``shifts`` (n, 5) are
    those of its line against the sky in n frames."""
    length = float(np.hypot(*(part[2:4] - part[:2])))
    reach = part[4] if part[4] < 0.25 * length else max(length / 2, part[4])
    middle = (shifts[:, :2] + shifts[:, 2:4]) / 2
    together = np.hypot(*(middle[:, None] - middle[None, :]).T) < reach
    return bool(np.median(together.mean(axis=0)) <= MOST_TOGETHER)


def _whole(places: list[FloatArray], shown: list[tuple[Frame, FrameMeasurement]]) -> list[list[FloatArray]]:
    """The shape of a ghost at each of its places, as rows (x0, y0, x1, y1, half width): where its light is in the mean of the
    frames. A spike is left as it is."""
    x0, y0, x1, y1, half = places[0]
    length = float(np.hypot(x1 - x0, y1 - y0))
    if half < 0.25 * length:
        return [[place] for place in places]
    factor = binning_of(shown[0][0].shape)
    middles = [(p[:2] + p[2:4]) / 2 for p in places]
    reach = int(max(0.5 * length, half) / factor) + 1
    pictures = np.stack([light_around(m.line_map, factor, middle, 2 * reach)
                         for (_, m), middle in zip(shown, middles, strict=True)])
    known = np.isfinite(pictures).sum(axis=0)
    mean = np.where(known > 0, np.nansum(pictures, axis=0) / np.maximum(known, 1), 0)
    groups, _ = ndimage.label(ndimage.uniform_filter(mean, 3) > GHOST_EDGE)
    inner = groups[reach: -reach, reach: -reach]
    # One pixel more on each side: the frames are displaced by parts of a pixel of the map.
    shape = ndimage.binary_dilation(np.isin(groups, np.unique(inner[inner > 0])))
    if not shape.any():
        return [[place] for place in places]
    edges = np.diff(np.pad(shape, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    (row, first), (_, last) = np.nonzero(edges == 1), np.nonzero(edges == -1)
    return [[np.array([x + (a - 2 * reach) * factor, y + (r - 2 * reach) * factor, x + (b - 1 - 2 * reach) * factor + 0.01,
                       y + (r - 2 * reach) * factor, 0.5 * factor]) for r, a, b in zip(row, first, last, strict=True)]
            for x, y in middles]


def _covered(part: FloatArray, other: FloatArray) -> bool:
    """Whether the middle of a part is in another."""
    middle, centre = (part[:2] + part[2:4]) / 2, (other[:2] + other[2:4]) / 2
    return bool(np.hypot(*(middle - centre)) < max(other[4], 0.5 * np.hypot(*(other[2:4] - other[:2]))))


def _in_frame(line: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """The part of a line inside the frame."""
    span = inside(line, shape)
    if span is None:
        return line
    start, direction = line[:2], (line[2:4] - line[:2]) / np.hypot(*(line[2:4] - line[:2]))
    return np.concatenate([start + span[0] * direction, start + span[1] * direction, line[4:]])


def _sources(measurement: FrameMeasurement, part: FloatArray) -> FloatArray:
    """(n, 2) places from which light may have come: the brightest stars, and the middle of the line itself."""
    stars = measurement.stars
    brightest = stars[np.argsort(-stars["flux"], kind="stable")[:SOURCES]]
    return np.concatenate([np.stack([brightest["x"], brightest["y"]], 1), [(part[:2] + part[2:4]) / 2]]).astype(np.float64)


def _places(part: FloatArray, frame: Frame, other: Frame, sources: FloatArray) -> list[FloatArray]:
    """Where the light is in another frame if it is that of the sky, of the sensor, or of one of the sources: a ghost moves with
    it, a reflection against it."""
    moved = frame.in_other(other, sources) - sources
    shifts = [np.concatenate([shift, shift, [0.0]]) for shift in (*moved, *-moved)]
    return [moved_part(part, frame.in_other(other, part[:4].reshape(2, 2))), part, *(part + shift for shift in shifts)]
