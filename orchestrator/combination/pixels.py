"""The mathematics of a combination: planes in, one picture out; all linear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.combination.palettes import COLOURS, LUMINANCE, Factors
from tilecore import bge
from tilecore.normalize import transparency
from tilecore.stars import aperture_flux, detect

__all__ = ["Brought", "combine", "sky_of"]

Plane = NDArray[np.float32]
# Photometry of the luminance against the colours: aperture in FWHM, and stars needed.
APERTURE_FWHM, LEAST_STARS = 2.0, 5


@dataclass(frozen=True)
class Brought:
    """What a channel was multiplied with, and what was added then, before it went into the picture; ``stars`` told the factor."""

    factor: float = 1.0
    offset: float = 0.0
    stars: int = 0


def combine(planes: Mapping[str, Plane], factors: Factors) -> tuple[NDArray[np.float32], dict[str, Brought]]:
    """R, G and B (3, h, w) float32, and how the channels were brought together.

    ``planes`` are (h, w), 0 where there is no data; the picture has data where all channels in it have. The luminance, where it
    joins R, G and B, is first brought to the flux of their mean by its stars, and to the sky of their mean.
    """
    used = {c: planes[c] for c in dict.fromkeys(c for f in factors.values() for c, k in f.items() if k)}
    brought = {c: Brought() for c in used}
    covered = np.logical_and.reduce([p != 0 for p in used.values()])
    if LUMINANCE in used and set(COLOURS) <= set(used):
        brought[LUMINANCE] = _luminance(used, covered)
        used[LUMINANCE] = used[LUMINANCE] * np.float32(brought[LUMINANCE].factor) + np.float32(brought[LUMINANCE].offset)
    image = np.zeros((3, *covered.shape), np.float32)
    for k, colour in enumerate(COLOURS):
        for channel, factor in factors[colour].items():
            if factor:
                image[k] += np.float32(factor) * used[channel]
    # Without data is 0; what the noise takes below that is data all the same.
    image[:, ~covered] = 0
    return np.minimum(image, np.float32(1)), brought


def _luminance(planes: Mapping[str, Plane], covered: NDArray[np.bool_]) -> Brought:
    """What brings L to the mean of R, G and B: its stars' flux, then its sky."""
    mean = np.mean([planes[c] for c in COLOURS], axis=0).astype(np.float32)
    factor, stars = _star_ratio(mean, planes[LUMINANCE])
    sky = sky_of(np.stack([mean, planes[LUMINANCE]]), covered)
    return Brought(factor, sky[0] - factor * sky[1], stars)


def _star_ratio(mean: Plane, plane: Plane) -> tuple[float, int]:
    """Factor from the stars of ``plane`` to those of ``mean``, and how many told it; 1 where they are too few."""
    stars = detect(np.ascontiguousarray(plane))
    stars = stars[~stars["saturated"]]
    if len(stars) < LEAST_STARS:
        return 1.0, 0
    radius = float(np.clip(APERTURE_FWHM * np.median(stars["fwhm"]), 3, 15))
    theirs, ours = (aperture_flux(np.ascontiguousarray(p), stars["x"], stars["y"], radius) for p in (mean, plane))
    ratio, used, _ = transparency(theirs, ours)
    return (float(ratio), int(used)) if used >= LEAST_STARS and ratio > 0 else (1.0, 0)


def sky_of(planes: NDArray[np.float32], covered: NDArray[np.bool_]) -> tuple[float, ...]:
    """Sky level of each of the planes (C, h, w), over the same places; their medians where no sky can be told."""
    if not covered.any():
        return (0.0,) * len(planes)
    try:
        mask, _ = bge.object_mask(np.ascontiguousarray(planes.mean(axis=0)), covered)
        return bge.sky_levels(planes, mask)
    except ValueError:
        return tuple(float(np.median(p[covered])) for p in planes)
