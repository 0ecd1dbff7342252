"""The information of each frame on its field, before it is normalised: the squared signal-to-noise ratio of the same star."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.engines.base import FrameSet
from tilecore.detect.metrics import FrameMeasurement
from tilecore.register import align

__all__ = ["frame_information", "relative_light"]

FloatArray = NDArray[np.float64]

# Stars of a frame, brightest first, that are compared with those of the reference.
MAX_STARS = 300
# Distance (px of the reference) within which two stars are the same.
SAME_STAR = 2.0
# Fewest common stars; with fewer, the exposure times are compared.
FEWEST_STARS = 5


def frame_information(frames: FrameSet, measurements: Sequence[FrameMeasurement]) -> FloatArray:
    """(N,) information of the usable frames, 1 on average."""
    usable = frames.usable
    exposure = usable[frames.reference_position].info.exposure
    found = np.ones(len(usable))
    for i, (frame, m, light) in enumerate(zip(usable, measurements, relative_light(frames, measurements).tolist(), strict=True)):
        if np.isnan(light):
            light = frame.info.exposure / exposure if frame.info.exposure and exposure else 1.0
        # A pixel of the canvas has 1 / scale**2 pixels of the frame.
        found[i] = (light * frame.scale / max(float(np.mean(m.noise)), 1e-12)) ** 2
    return np.asarray(found / found.mean(), np.float64)


def relative_light(frames: FrameSet, measurements: Sequence[FrameMeasurement]) -> FloatArray:
    """(N,) median flux of the stars that a usable frame shares with the reference, relative to the reference; NaN for frames with
    fewer than :data:`FEWEST_STARS` of them."""
    usable, reference = frames.usable, frames.reference_position
    base = _stars(measurements[reference])
    places = usable[reference].on_plane(align.positions(base))
    found = []
    for frame, m in zip(usable, measurements, strict=True):
        stars = _stars(m)
        light = _ratio(stars, frame.on_plane(align.positions(stars)), base, places)
        found.append(np.nan if light is None else light)
    return np.array(found, np.float64)


def _stars(measurement: FrameMeasurement) -> NDArray[np.void]:
    stars = measurement.stars[~measurement.stars["saturated"]]
    brightest: NDArray[np.void] = stars[np.argsort(-stars["flux"], kind="stable")[:MAX_STARS]]
    return brightest


def _ratio(stars: NDArray[np.void], places: FloatArray, base: NDArray[np.void], base_places: FloatArray) -> float | None:
    """Median ratio of the fluxes of the common stars; None for too few."""
    if not len(stars) or not len(base):
        return None
    distance, index = cKDTree(base_places).query(places)
    same = (distance < SAME_STAR) & (stars["flux"] > 0) & (base["flux"][index] > 0)
    if same.sum() < FEWEST_STARS:
        return None
    return float(np.median(stars["flux"][same] / base["flux"][index[same]]))
