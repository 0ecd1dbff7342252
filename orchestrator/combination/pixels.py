"""Numerical part of a combination: planes in, one linear image out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.combination.palettes import COLOURS, LUMINANCE, Factors
from tilecore.detect.stars import aperture_flux, detect
from tilecore.sky import background_extraction as bge
from tilecore.sky.normalize import transparency
from tilecore.stack import saturated_cores

__all__ = ["ChannelScale", "Combined", "combine", "sky_of"]

Plane = NDArray[np.float32]
# Photometry of the luminance against the colours: radius of the aperture in FWHM.
APERTURE_FWHM = 2.0
# Limits of that radius in pixels.
MIN_RADIUS = 3
MAX_RADIUS = 15
# Stars needed for a flux ratio.
MIN_STARS = 5


@dataclass(frozen=True)
class ChannelScale:
    """Linear scale of a channel in the combination: pixels times ``factor`` plus ``offset``. ``stars`` is the number of stars
    from which the factor was measured; ``ceiling`` is the level at which the stack is clipped, None if no star shows it."""

    factor: float = 1.0
    offset: float = 0.0
    stars: int = 0
    ceiling: float | None = None


@dataclass(frozen=True)
class Combined:
    """A combined image: R, G and B (3, h, w) float32, 0 without data, at most 1; the scale of each channel; the number of stars
    whose clipped ``cores`` (``pixels`` in total) got the colour of the light around them."""

    image: NDArray[np.float32]
    scales: dict[str, ChannelScale]
    cores: int
    pixels: int


def combine(planes: Mapping[str, Plane], factors: Factors) -> Combined:
    """Combine ``planes`` (h, w), 0 without data, into one image that has data where all its channels have data.

    If luminance is combined with R, G and B, it is first scaled to the flux of their mean, using its stars, and shifted to the
    sky background of their mean. For clipped pixels see :func:`tilecore.stack.saturated_cores.restore`; elsewhere the image is
    linear.
    """
    used = {c: planes[c] for c in dict.fromkeys(c for f in factors.values() for c, k in f.items() if k)}
    covered = np.logical_and.reduce([p != 0 for p in used.values()])
    stars = {c: detect(np.ascontiguousarray(p)) for c, p in used.items()}
    ceilings = {c: saturated_cores.ceiling(p, stars[c]) for c, p in used.items()}
    restored = saturated_cores.restore(list(used.values()), list(ceilings.values()), covered)
    scales = {c: ChannelScale(ceiling=ceilings[c]) for c in used}
    if LUMINANCE in used and set(COLOURS) <= set(used):
        scales[LUMINANCE] = _luminance(used, covered, _unclipped(stars[LUMINANCE], restored.where), ceilings[LUMINANCE])
    image = _mixed(used, scales, factors)
    # 0 marks pixels without data; values that noise pushes below 0 are data.
    image[:, ~covered] = 0
    if restored.cores:
        pixels = dict(zip(used, restored.pixels, strict=True))
        image[:, restored.where] = _mixed(pixels, scales, factors)
    return Combined(saturated_cores.limit_to_one(image), scales, restored.cores, int(restored.where.sum()))


def _mixed(pixels: Mapping[str, Plane], scales: Mapping[str, ChannelScale], factors: Factors) -> Plane:
    """Red, green and blue (3, ...) as sums of the pixels (...) of the channels."""
    image = np.zeros((3, *next(iter(pixels.values())).shape), np.float32)
    for k, colour in enumerate(COLOURS):
        for channel, factor in factors[colour].items():
            if factor:
                scale = scales[channel]
                image[k] += np.float32(factor) * (pixels[channel] * np.float32(scale.factor) + np.float32(scale.offset))
    return image


def _unclipped(stars: NDArray[np.void], clipped_at: NDArray[np.bool_]) -> NDArray[np.void]:
    """The stars that are not clipped in any channel."""
    y, x = (np.clip(np.rint(stars[k]).astype(int), 0, n - 1) for k, n in zip("yx", clipped_at.shape, strict=True))
    return np.asarray(stars[~stars["saturated"] & ~clipped_at[y, x]])


def _luminance(planes: Mapping[str, Plane], covered: NDArray[np.bool_], stars: NDArray[np.void],
               ceiling: float | None) -> ChannelScale:
    """The scale of L to the mean of R, G and B: the factor from the flux of ``stars``, the offset from the sky background."""
    mean = np.mean([planes[c] for c in COLOURS], axis=0).astype(np.float32)
    factor, used = _star_ratio(mean, planes[LUMINANCE], stars)
    sky = sky_of(np.stack([mean, planes[LUMINANCE]]), covered)
    return ChannelScale(factor, sky[0] - factor * sky[1], used, ceiling)


def _star_ratio(mean: Plane, plane: Plane, stars: NDArray[np.void]) -> tuple[float, int]:
    """Ratio of the star fluxes in ``mean`` to those in ``plane``, and the number of stars used; 1 and 0 if there are too few."""
    if len(stars) < MIN_STARS:
        return 1.0, 0
    radius = float(np.clip(APERTURE_FWHM * np.median(stars["fwhm"]), MIN_RADIUS, MAX_RADIUS))
    theirs, ours = (aperture_flux(np.ascontiguousarray(p), stars["x"], stars["y"], radius) for p in (mean, plane))
    ratio, used, _ = transparency(theirs, ours)
    return (float(ratio), int(used)) if used >= MIN_STARS and ratio > 0 else (1.0, 0)


def sky_of(planes: NDArray[np.float32], covered: NDArray[np.bool_]) -> tuple[float, ...]:
    """Sky level of each of the planes (C, h, w), measured at the same positions; their medians if no sky can be identified."""
    if not covered.any():
        return (0.0,) * len(planes)
    try:
        mask, _ = bge.object_mask(np.ascontiguousarray(planes.mean(axis=0)), covered)
        return bge.sky_levels(planes, mask)
    except ValueError:
        return tuple(float(np.median(p[covered])) for p in planes)
