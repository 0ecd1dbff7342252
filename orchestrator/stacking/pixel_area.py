"""The area on the canvas of the pixels of a frame with a lens, or of one far from the reference, which differs over its field.

Interpolation keeps brightness, the light per area of the sky. A pixel of a frame that was divided by a flat field shows that: a
flat field shows the solid angle of the pixels as well. A pixel of any other frame shows the light that fell on it, and the light
of a star would be counted as many times as its pixels are larger on the canvas: such frames are divided by the local area, their
sky excepted, which is levelled by itself.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame
from orchestrator.engines.calibrate_groups import masters_of_light
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.state import RunState

__all__ = ["area_of", "light_factors", "shows_brightness"]

FloatArray = NDArray[np.float64]

# Cells along each axis of the canvas in which the factor is given.
CELLS = 64


def shows_brightness(state: RunState, frame: Frame) -> bool:
    """Whether the pixels of a frame whose light depends on their area show brightness: it was divided by a flat field."""
    if not frame.changes_area and state.plan.sky is None:
        return False
    return frame.info.done.flat or "flat" in masters_of_light(state.session, state.calibrated.masters, frame.index)


def area_of(frame: Frame, points: FloatArray) -> FloatArray:
    """(n,) area on the plane of the reference of the pixels of a frame at ``points`` (n, 2), relative to ``frame.scale`` squared;
    1 if it is the same all over the frame."""
    if not frame.changes_area:
        return np.ones(len(points))
    return _area(frame.on_plane, points) / frame.scale**2


def _area(place: Callable[[FloatArray], FloatArray], points: FloatArray) -> FloatArray:
    steps = ((0.5, 0), (-0.5, 0), (0, 0.5), (0, -0.5))
    right, left, below, above = (place(points + np.array(step)) for step in steps)
    (a, c), (b, d) = (right - left).T, (below - above).T
    return np.asarray(np.abs(a * d - b * c))


def _canvas_area(plan: CanvasPlan, frame: Frame, points: FloatArray) -> FloatArray:
    """(n,) :func:`area_of`, but on the canvas, relative to ``plan.scale_of`` squared."""
    return _area(lambda p: plan.on_canvas(frame, p), points) / plan.scale_of(frame) ** 2


def light_factors(state: RunState, plan: CanvasPlan, frame: Frame) -> NDArray[np.float32] | None:
    """(CELLS, CELLS) logarithm of the factors of the light of a frame, at the centres of equal cells of the canvas; None if there
    is nothing to correct."""
    if not (plan.is_curved(frame) or frame.changes_area) or shows_brightness(state, frame):
        return None
    y, x = ((np.arange(CELLS) + 0.5) * n / CELLS - 0.5 for n in plan.channel_shape)
    height, width = frame.shape
    u, v = plan.positions_in_frame(frame, *np.meshgrid(x, y))
    # Beyond the frame there is no light; the polynomial of the lens would be used far from it.
    points = np.stack([np.clip(u, 0, width - 1).ravel(), np.clip(v, 0, height - 1).ravel()], axis=1)
    return np.asarray(-np.log(_canvas_area(plan, frame, points)).reshape(CELLS, CELLS), np.float32)
