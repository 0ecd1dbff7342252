"""The mathematics of a combination: planes in, one picture out; all linear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.combination.palettes import COLOURS, LUMINANCE, Factors
from tilecore.detect.stars import aperture_flux, detect
from tilecore.sky import background_extraction as bge
from tilecore.sky.normalize import transparency
from tilecore.stack import saturated_cores as clipped

__all__ = ["Brought", "Combined", "combine", "sky_of"]

Plane = NDArray[np.float32]
# Photometry of the luminance against the colours: aperture in FWHM, and stars needed.
APERTURE_FWHM, LEAST_STARS = 2.0, 5


@dataclass(frozen=True)
class Brought:
    """What a channel was multiplied with, and what was added then, before it went into the picture; ``stars`` told the factor.
    ``ceiling`` is the level at which its stack is clipped, None where no star shows one."""

    factor: float = 1.0
    offset: float = 0.0
    stars: int = 0
    ceiling: float | None = None


@dataclass(frozen=True)
class Combined:
    """R, G and B (3, h, w) float32, 0 without data, 1 at most; how the channels were brought together; of how many stars the
    clipped cores (so many ``pixels``) have the colour of the light around them."""

    image: NDArray[np.float32]
    brought: dict[str, Brought]
    cores: int
    pixels: int


def combine(planes: Mapping[str, Plane], factors: Factors) -> Combined:
    """One picture of ``planes`` (h, w), which are 0 where there is no data; it has data where all channels in it have.

    The luminance, where it joins R, G and B, is first brought to the flux of their mean by its stars, and to the sky of their
    mean. Where a channel is clipped see :func:`tilecore.stack.saturated_cores.restore`; elsewhere the picture is linear.
    """
    used = {c: planes[c] for c in dict.fromkeys(c for f in factors.values() for c, k in f.items() if k)}
    covered = np.logical_and.reduce([p != 0 for p in used.values()])
    stars = {c: detect(np.ascontiguousarray(p)) for c, p in used.items()}
    ceilings = {c: clipped.ceiling(p, stars[c]) for c, p in used.items()}
    restored = clipped.restore(list(used.values()), list(ceilings.values()), covered)
    brought = {c: Brought(ceiling=ceilings[c]) for c in used}
    if LUMINANCE in used and set(COLOURS) <= set(used):
        brought[LUMINANCE] = _luminance(used, covered, _whole(stars[LUMINANCE], restored.where), ceilings[LUMINANCE])
    image = _mixed(used, brought, factors)
    # Without data is 0; what the noise takes below that is data all the same.
    image[:, ~covered] = 0
    if restored.cores:
        pixels = dict(zip(used, restored.pixels, strict=True))
        image[:, restored.where] = _mixed(pixels, brought, factors)
    return Combined(clipped.limit_to_one(image), brought, restored.cores, int(restored.where.sum()))


def _mixed(pixels: Mapping[str, Plane], brought: Mapping[str, Brought], factors: Factors) -> Plane:
    """The sums of the channels' pixels (...) that are red, green and blue: (3, ...)."""
    image = np.zeros((3, *next(iter(pixels.values())).shape), np.float32)
    for k, colour in enumerate(COLOURS):
        for channel, factor in factors[colour].items():
            if factor:
                done = brought[channel]
                image[k] += np.float32(factor) * (pixels[channel] * np.float32(done.factor) + np.float32(done.offset))
    return image


def _whole(stars: NDArray[np.void], clipped_at: NDArray[np.bool_]) -> NDArray[np.void]:
    """The stars that are not clipped in any channel."""
    y, x = (np.clip(np.rint(stars[k]).astype(int), 0, n - 1) for k, n in zip("yx", clipped_at.shape, strict=True))
    return np.asarray(stars[~stars["saturated"] & ~clipped_at[y, x]])


def _luminance(planes: Mapping[str, Plane], covered: NDArray[np.bool_], stars: NDArray[np.void],
               ceiling: float | None) -> Brought:
    """What brings L to the mean of R, G and B: the flux of ``stars``, then its sky."""
    mean = np.mean([planes[c] for c in COLOURS], axis=0).astype(np.float32)
    factor, used = _star_ratio(mean, planes[LUMINANCE], stars)
    sky = sky_of(np.stack([mean, planes[LUMINANCE]]), covered)
    return Brought(factor, sky[0] - factor * sky[1], used, ceiling)


def _star_ratio(mean: Plane, plane: Plane, stars: NDArray[np.void]) -> tuple[float, int]:
    """Factor from the flux of stars in ``plane`` to that in ``mean``, and how many told it; 1 where they are too few."""
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
