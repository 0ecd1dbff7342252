"""Lights that show nearly the same field: of thousands a part is adjusted together, the others are fitted to the stars of it.

The memory and time of an adjustment grow with the square of the number of lights that share stars. A few lights of each place,
spread over the session, determine the lens and how the places fit together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from tilecore.register.bundle import Geometry

__all__ = ["adjusted_lights", "evenly_spread", "fitted_groups", "moved_along", "places_of"]

# Lights that are adjusted together, unless there are more places; and lights of a place that are, if it has as many.
MOST_ADJUSTED = 400
LEAST_OF_PLACE = 6
# Lights of a place whose stars are known, and lights that are fitted to them at a time.
KNOWN = 60
AT_ONCE = 190
# Distance between the middles of lights of one place, as a share of the smaller side of a frame, and angle (degrees) between
# them: they share most of their fields, corners included.
SPACING = 0.25
TURN = 15.0


def evenly_spread(lights: Sequence[int], most: int) -> list[int]:
    """The lights, or ``most`` of them, evenly spread."""
    return [lights[k] for k in np.unique(np.linspace(0, len(lights) - 1, min(most, len(lights))).round().astype(int))]


def places_of(geometry: Geometry, lights: Sequence[int]) -> NDArray[np.int64]:
    """(n,) the number of the place of each of the ``lights``, whose first one is its middle; the lights of a place are of one
    camera."""
    middles: list[int] = []
    found = np.zeros(len(lights), np.int64)
    rotations, camera_of = geometry.rotations, geometry.camera_of
    for k, light in enumerate(lights):
        camera = geometry.cameras[camera_of[light]]
        reach = SPACING * min(camera.shape) / camera.focal
        own, known = rotations[light], np.array(middles, np.int64)
        others = rotations[known]
        apart = np.linalg.norm(others[:, :, 2] - own[:, 2], axis=1)
        near = (apart < reach) & (others[:, :, 0] @ own[:, 0] > np.cos(np.radians(TURN))) & (camera_of[known] == camera_of[light])
        if near.any():
            found[k] = int(np.argmin(np.where(near, apart, np.inf)))
        else:
            found[k] = len(middles)
            middles.append(light)
    return found


def adjusted_lights(places: NDArray[np.int64], lights: Sequence[int]) -> list[int]:
    """Those of the ``lights`` that are adjusted together, in their order: of each place as many as there is room for, evenly
    spread."""
    count = int(places.max()) + 1
    each = max(MOST_ADJUSTED // count, LEAST_OF_PLACE)
    kept = {i for p in range(count) for i in evenly_spread(sorted(lights[k] for k in np.flatnonzero(places == p).tolist()), each)}
    return [i for i in lights if i in kept]


def fitted_groups(places: NDArray[np.int64], lights: Sequence[int], adjusted: Sequence[int]) -> list[tuple[list[int], list[int]]]:
    """Known lights and others that are fitted to them, for all lights that were not adjusted."""
    groups, done = [], set(adjusted)
    for p in np.unique(places):
        own = sorted(lights[k] for k in np.flatnonzero(places == p).tolist())
        known = evenly_spread([i for i in own if i in done], KNOWN)
        others = [i for i in own if i not in done]
        groups += [(known, others[first: first + AT_ONCE]) for first in range(0, len(others), AT_ONCE)]
    return groups


def moved_along(start: Geometry, solved: Geometry, groups: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Geometry:
    """``start`` with the others of each group moved as the nearest known light of the group was when it was adjusted: the angles
    between lights change with the focal length."""
    rotations = start.rotations.copy()
    for known, others in groups:
        near = np.array(known)
        for i in others:
            base = int(near[np.argmax(start.rotations[near][:, :, 2] @ start.rotations[i][:, 2])])
            k = start.camera_of[i]
            turn = Rotation.from_matrix(start.rotations[base].T @ start.rotations[i]).as_rotvec()
            turn[:2] *= start.cameras[k].focal / solved.cameras[k].focal
            rotations[i] = solved.rotations[base] @ Rotation.from_rotvec(turn).as_matrix()
    return replace(start, rotations=rotations)
