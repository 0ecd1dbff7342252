"""How well the frames determine the lens of their camera: its error where it bends the picture.

The effect of a lens between frames that are moved by a few pixels is a small part of the lens, so that the errors of the effect
are magnified. A shift, a turn and a change of scale of all frames do not bend the picture; they do not count here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tilecore.register.bundle import Geometry, Observations, adjust, camera_covariance
from tilecore.register.camera import MODELS, Camera, basis_values

__all__ = ["bending", "lens_error"]

FloatArray = NDArray[np.float64]

# Points along each side of a frame at which the bending is computed.
GRID = 9
# Movement (px) at which the adjustments of halves of the frames end.
SETTLED = 0.02
# Frames of a half, with the fixed one, at least.
LEAST_HALF = 3


def _bends(camera: Camera) -> FloatArray:
    """(points, 2, functions) displacements by the functions of the lens, without what an affine map does."""
    h, w = camera.shape
    x, y = np.meshgrid(np.linspace(0, w - 1, GRID), np.linspace(0, h - 1, GRID))
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    values = basis_values(camera, points, MODELS[camera.model]).reshape(len(points), -1)
    design = np.column_stack([(points - np.array(camera.centre)) / camera.radius, np.ones(len(points))])
    values -= design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return values.reshape(len(points), 2, -1)


def bending(camera: Camera) -> float:
    """Largest displacement (px) by the lens in the frame, without what an affine map does; 0 without a lens."""
    if not any(camera.factors):
        return 0.0
    return float(np.hypot(*(_bends(camera) @ np.array(camera.factors)).T).max())


def lens_error(geometry: Geometry, seen: Observations, fixed: int, focal: Sequence[tuple[float, float]],
               strained: bool = False) -> list[float]:
    """For each camera the standard error (px) of the bending by its lens, the largest in the frame; 0 without a lens.

    It is the largest of these: that of the covariance of the adjustment (:func:`tilecore.register.bundle.adjust`, whose
    arguments these are), for errors of stars that are independent of each other; and half of the difference between the lenses
    of two halves of the frames, for each of three ways to divide them: moving air displaces neighbouring stars alike.
    """
    covariance = camera_covariance(geometry, seen, fixed, focal, strained)
    halves = [_of_half(geometry, seen, fixed, focal, strained, part) for part in _halves(seen, geometry.held(fixed))]
    errors = []
    for k, camera in enumerate(geometry.cameras):
        if not any(camera.factors):
            errors.append(0.0)
            continue
        bends, count = _bends(camera), len(camera.factors)
        own = covariance[k, 1: 1 + count, 1: 1 + count]
        formal = float(np.sqrt(np.einsum("pri,ij,prj->p", bends, own, bends).max()))
        factors = np.array([g.cameras[k].factors for g in halves])
        errors.append(max([formal, *(float(np.hypot(*(bends @ (one - other)).T).max()) / 2
                                     for one, other in zip(factors[::2], factors[1::2], strict=True))]))
    return errors


def _halves(seen: Observations, held: list[int]) -> list[NDArray[np.bool_]]:
    """(M,) observations of the halves of the frames, two for each division: every second one, pairs, and the first and the last
    ones, each with the frames that are ``held``."""
    frames = np.setdiff1d(np.unique(seen.frame), held)
    place = np.arange(len(frames))
    if len(frames) // 2 + 1 < LEAST_HALF:
        return []
    firsts = (place % 2 == 0, place // 2 % 2 == 0, place < (len(frames) + 1) // 2)
    parts = [frames[side] for first in firsts for side in (first, ~first)]
    return [np.isin(seen.frame, np.append(part, held)) for part in parts]


def _of_half(geometry: Geometry, seen: Observations, fixed: int, focal: Sequence[tuple[float, float]], strained: bool,
             part: NDArray[np.bool_]) -> Geometry:
    count = np.bincount(seen.star[part], minlength=int(seen.star.max()) + 1)
    return adjust(geometry, seen.part(part & (count[seen.star] > 1)), fixed, focal, strained, settled=SETTLED)
