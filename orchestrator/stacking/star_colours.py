"""The usual colour and width of the stars of a frame: demosaicing compares the colours of neighbouring pixels (METHODS 10)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame
from orchestrator.stacking.canvas import CanvasPlan
from tilecore.cfa.mosaic import color_map
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.stars import channel_flux

__all__ = ["NEUTRAL", "star_colours", "with_star_light"]

# Equal light in all colours.
NEUTRAL = (1.0, 1.0, 1.0)
# Stars that are measured, the brightest first, the fewest of them, and their smallest signal-to-noise ratio.
MAX_STARS, MIN_STARS, MIN_SNR = 60, 5, 30.0
# Radius of the apertures (FWHM): planes of a mosaic are coarse.
APERTURE = 2.0
# Range of a colour relative to green: beyond it the fluxes are not those of stars seen through filters.
RANGE = (0.1, 10.0)


def with_star_light(plan: CanvasPlan, reference: Frame, measured: FrameMeasurement) -> CanvasPlan:
    """The plan of a canvas of mosaics with the colour and width of the stars of the reference. Those of all frames would change
    every pixel with each frame that is added."""
    width = measured.fwhm if np.isfinite(measured.fwhm) else None
    return replace(plan, star_colours=star_colours(reference, measured, plan.pattern), star_fwhm=width)


def star_colours(frame: Frame, measured: FrameMeasurement, pattern: str) -> tuple[float, float, float]:
    """Median flux of stars in red, green and blue relative to green, on the pixels of a mosaic; :data:`NEUTRAL` with fewer than
    five stars."""
    stars = measured.stars
    stars = stars[~stars["saturated"] & (stars["snr"] > MIN_SNR)][:MAX_STARS]
    if len(stars) < MIN_STARS:
        return NEUTRAL
    data = frame.pixels.read()
    flux: NDArray[np.float64] = np.array([channel_flux(data, pattern, plane, stars["x"], stars["y"], APERTURE * measured.fwhm)
                                          for plane in range(4)])
    colours = color_map(pattern).ravel()
    light = np.array([flux[colours == c].mean(axis=0) for c in range(3)])
    light = light[:, np.isfinite(light).all(axis=0) & (light > 0).all(axis=0)]
    if light.shape[1] < MIN_STARS:
        return NEUTRAL
    red, blue = np.clip(np.median(light[[0, 2]] / light[1], axis=1), *RANGE)
    return float(red), 1.0, float(blue)
