"""Sittings: frames of one night, one camera and one telescope, in one position of the camera.

Rates and diagnoses are meaningful within a sitting only. Headers may be incomplete, and two instruments of one model have equal
headers: the transforms of the frames decide as well, by their scale, and by turns of the field that no mount makes.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame

__all__ = ["OTHER_SCALE", "SAME_EXPOSURE", "axis_angles", "comparable", "hours_of", "sittings", "time_order", "turned_apart"]

FloatArray = NDArray[np.float64]
Numbers = NDArray[np.int64]

# Hours without a frame that separate two nights.
NIGHT_GAP = 6.0
# Relative difference of scale above which frames are from different instruments: focusing changes it by less than a tenth.
OTHER_SCALE = 0.005
# Turn (degrees) between frames above which it may not be that of the field, ...
OTHER_TURN = 5.0
# ... which it is not at more than this rate (degrees per hour), except within degrees of the zenith; ...
FASTEST_TURN = 60.0
# ... and a turn (degrees) that separates frames without times.
OTHER_TURN_UNTIMED = 30.0
# Relative difference of exposure times below which they are equal.
SAME_EXPOSURE = 0.02


def hours_of(frames: Sequence[Frame]) -> FloatArray:
    """(N,) hours since the first frame, NaN without a time."""
    times = [f.info.time for f in frames]
    first = min((t for t in times if t is not None), default=None)
    return np.array([np.nan if t is None or first is None else (t - first).total_seconds() / 3600 for t in times])


def time_order(frames: Sequence[Frame]) -> tuple[Numbers, bool]:
    """Positions of the frames in order of time, and whether the times are known; otherwise the order is the given one."""
    hours = hours_of(frames)
    known = bool(len(hours) and np.isfinite(hours).all() and np.ptp(hours) > 0)
    return (np.argsort(hours, kind="stable") if known else np.arange(len(hours))).astype(np.int64), known


def axis_angles(frames: Sequence[Frame]) -> FloatArray:
    """(N,) degrees from 0 to 180: the direction of the rows on the canvas, without orientation, as after a meridian flip."""
    return np.array([np.degrees(np.arctan2(f.transform[1, 0], f.transform[0, 0])) % 180 for f in frames])


def turned_apart(angles: FloatArray) -> float:
    """Largest angle (0 to 90 degrees) between two axes."""
    if not len(angles):
        return 0.0
    # The axis farthest from another is next to the one at right angles to it.
    ordered = np.sort(angles % 180)
    across = np.searchsorted(ordered, (ordered + 90) % 180)[:, None] + np.array([-1, 0])
    return float(_apart(ordered[:, None], ordered[across % len(ordered)]).max())


def _apart(one: FloatArray, other: FloatArray) -> FloatArray:
    """Angles (0 to 90 degrees) between axes."""
    apart = np.abs(one - other) % 180
    return np.asarray(np.minimum(apart, 180 - apart))


def sittings(frames: Sequence[Frame], nights: Sequence[int] | None = None) -> Numbers:
    """(N,) the sitting of each frame, counted in order of the first frames. ``nights`` are the nights of the frames as far as the
    session distinguishes them."""
    night = _nights(frames, nights)
    optics = _numbered([(f.info.camera, f.info.telescope, f.info.binning, f.shape) for f in frames])
    scale = _linked(np.log([f.scale for f in frames]), OTHER_SCALE)
    groups = _numbered(list(zip(night.tolist(), optics.tolist(), scale.tolist(), strict=True)))
    found = np.zeros((len(frames), 2), np.int64)
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        found[members, 0], found[members, 1] = group, _positions([frames[int(i)] for i in members])
    return _numbered([tuple(row) for row in found.tolist()])


def comparable(frames: Sequence[Frame], nights: Sequence[int] | None = None) -> Numbers:
    """(N,) groups of frames whose light, stars and sky may be compared: those of a sitting with one exposure time, gain and
    filter."""
    exposure = _linked(np.array([np.log(f.info.exposure) if f.info.exposure else np.nan for f in frames]), SAME_EXPOSURE)
    rows = zip(sittings(frames, nights).tolist(), exposure.tolist(), frames, strict=True)
    return _numbered([(s, e, f.info.gain, f.info.filter) for s, e, f in rows])


def _nights(frames: Sequence[Frame], nights: Sequence[int] | None) -> Numbers:
    given = np.zeros(len(frames), np.int64) if nights is None else np.asarray(nights, np.int64)
    hours = hours_of(frames)
    return _numbered(list(zip(given.tolist(), _linked(hours, NIGHT_GAP).tolist(), strict=True)))


def _positions(frames: Sequence[Frame]) -> Numbers:
    """(N,) positions of the camera within a night: clusters of angles, joined where one turns into another as a field may."""
    angles = axis_angles(frames)
    order, timed = time_order(frames)
    cluster = _clusters_on_circle(angles, OTHER_TURN if timed else OTHER_TURN_UNTIMED)
    if not timed or not cluster.any():
        return cluster
    number = np.arange(cluster.max() + 1)
    turned = _apart(angles[order[:-1]], angles[order[1:]]) <= FASTEST_TURN * np.diff(hours_of(frames)[order])
    for before, after in zip(cluster[order[:-1]][turned].tolist(), cluster[order[1:]][turned].tolist(), strict=True):
        if number[before] != number[after]:
            number[number == number[after]] = number[before]
    return _numbered(number[cluster].tolist())


def _clusters_on_circle(angles: FloatArray, gap: float) -> Numbers:
    """(N,) clusters of axes that are more than ``gap`` degrees apart."""
    if not len(angles):
        return np.zeros(0, np.int64)
    order = np.argsort(angles)
    steps = np.diff(np.append(angles[order], angles[order[0]] + 180))
    number = np.concatenate([[0], np.cumsum(steps[:-1] > gap)]).astype(np.int64)
    if steps[-1] <= gap:  # the last axis is next to the first
        number[number == number[-1]] = 0
    found = np.zeros(len(angles), np.int64)
    found[order] = number
    return found


def _linked(values: FloatArray, gap: float) -> Numbers:
    """(N,) groups of values with steps of at most ``gap`` between neighbours; unknown values (NaN) form a group."""
    found = np.full(len(values), -1, np.int64)
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known], kind="stable")]
    found[order] = np.concatenate([[0], np.cumsum(np.diff(values[order]) > gap)]) if len(order) else 0
    return found


def _numbered(keys: Sequence[Hashable]) -> Numbers:
    """(N,) the number of each key, in order of first appearance."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
