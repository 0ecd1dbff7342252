"""Objects that move in a straight line with constant speed, among detections of many frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LinearTrack", "LinkSettings", "Motion", "fit_motion", "link"]

FloatArray = NDArray[np.float64]

# Frames, spread over the session, whose pairs of detections are tried as the beginning of a track.
ANCHORS = 12
# Rounds in which a track is fitted again to the detections near it.
ROUNDS = 4
# Deviation (sigma) from which positions are weighted down in a fit of the motion.
HUBER = 2.0
# Median of a Rayleigh distribution of unit sigma: distances in two coordinates.
RAYLEIGH_MEDIAN = 1.1774


@dataclass(frozen=True)
class LinkSettings:
    """``tolerance`` (px) from the track; ``fastest`` motion (px per unit of time); ``shortest`` way (px) between the first and
    the last detection; ``share`` of the frames in which the object must be, and at least in ``fewest``."""

    tolerance: float = 1.5
    fastest: float = np.inf
    shortest: float = 3.0
    share: float = 0.4
    fewest: int = 4


@dataclass(frozen=True)
class Motion:
    """``coefficients`` (d + 1, 2) of the powers of the time for x and y, their standard ``errors`` (d + 1, 2), and the
    ``scatter`` (px) of a coordinate about it."""

    coefficients: FloatArray
    errors: FloatArray
    scatter: float

    def at(self, time: FloatArray | float) -> FloatArray:
        """(..., 2) x, y at times (...)."""
        return np.asarray(np.moveaxis(np.polynomial.polynomial.polyval(np.asarray(time, np.float64), self.coefficients), 0, -1))

    @property
    def speed(self) -> FloatArray:
        """(2,) motion in x and y per unit of time at time 0."""
        return np.asarray(self.coefficients[1])


@dataclass(frozen=True)
class LinearTrack:
    """``members`` (m,) detections of an object, and its ``motion``."""

    members: NDArray[np.int64]
    motion: Motion


def link(frame: NDArray[np.int64], time: FloatArray, places: FloatArray, settings: LinkSettings) -> list[LinearTrack]:
    """Tracks of detections, those with most members first; a detection is in one track at most.

    Parameters
    ----------
    frame, time, places : (n,) number of the frame, (n,) its time, (n, 2) x, y in coordinates in which the stars stand still.
    """
    frames = np.unique(frame)
    least = max(settings.fewest, int(np.ceil(settings.share * len(frames))))
    anchors = frames[np.unique(np.linspace(0, len(frames) - 1, min(ANCHORS, len(frames))).round().astype(int))]
    free = np.ones(len(frame), np.bool_)
    tracks: list[LinearTrack] = []
    while True:
        best = _best(frame, time, places, settings, anchors, free)
        if len(best) < least:
            return tracks
        track = _refined(frame, time, places, best, settings, free)
        free[best] = False
        if track is not None and len(track.members) >= least:
            free[track.members] = False
            tracks.append(track)


def _best(frame: NDArray[np.int64], time: FloatArray, places: FloatArray, settings: LinkSettings, anchors: NDArray[np.int64],
          free: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The detections near the straight track through two of them that has most."""
    found = np.zeros(0, np.int64)
    starts = [np.flatnonzero((frame == a) & free) for a in anchors]
    for k, first in enumerate(starts):
        for second in starts[k + 1:]:
            for i in first.tolist():
                for j in second.tolist():
                    span = time[j] - time[i]
                    speed = (places[j] - places[i]) / span if span else np.zeros(2)
                    if not 0 < np.hypot(*speed) <= settings.fastest:
                        continue
                    members = _near(frame, time, places, (places[i] - speed * time[i], speed), settings.tolerance, free)
                    if len(members) > len(found) and _way(places[members]) >= settings.shortest:
                        found = members
    return found


def _way(places: FloatArray) -> float:
    return float(np.hypot(*(places.max(axis=0) - places.min(axis=0))))


def _near(frame: NDArray[np.int64], time: FloatArray, places: FloatArray, motion: tuple[FloatArray, FloatArray], tolerance: float,
          free: NDArray[np.bool_]) -> NDArray[np.int64]:
    """In each frame the free detection nearest to a track, if it is within the tolerance."""
    distance = np.hypot(*(places - motion[0] - time[:, None] * motion[1]).T)
    close = np.flatnonzero((distance <= tolerance) & free)
    order = close[np.argsort(distance[close], kind="stable")]
    return np.sort(order[np.unique(frame[order], return_index=True)[1]])


def _refined(frame: NDArray[np.int64], time: FloatArray, places: FloatArray, members: NDArray[np.int64], settings: LinkSettings,
             free: NDArray[np.bool_]) -> LinearTrack | None:
    for _ in range(ROUNDS):
        motion = fit_motion(time[members], places[members])
        line = (motion.coefficients[0], motion.coefficients[1])
        again = _near(frame, time, places, line, settings.tolerance, free)
        if np.array_equal(again, members):
            break
        members = again
    if len(members) < 3 or _way(places[members]) < settings.shortest:
        return None
    return LinearTrack(members, fit_motion(time[members], places[members]))


def fit_motion(time: FloatArray, places: FloatArray, degree: int = 1) -> Motion:
    """Robust polynomial through places (n, 2) at times (n,), fitted with Huber weights."""
    design = np.vander(time, degree + 1, increasing=True)
    weight = np.ones(len(time))
    for _ in range(20):
        root = np.sqrt(weight)[:, None]
        found = np.linalg.lstsq(design * root, places * root, rcond=None)[0]
        rest = np.hypot(*(places - design @ found).T)
        scale = max(float(np.median(rest)) / RAYLEIGH_MEDIAN, 1e-9)
        weight = np.minimum(1, HUBER / np.maximum(rest / scale, 1e-9))
    scatter = scale * np.sqrt(len(time) / max(len(time) - degree - 1, 1))
    errors = scatter * np.sqrt(np.diag(np.linalg.pinv(design.T @ (design * weight[:, None]))))
    return Motion(np.asarray(found, np.float64), np.repeat(errors[:, None], 2, 1), float(scatter))
