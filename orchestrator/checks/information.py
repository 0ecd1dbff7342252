"""The information that the stack keeps on point sources, measured on its stars, on its noise and on the PSFs of the frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.checks.star_sample import StarSample
from orchestrator.stacking.channels import samples_per_pixel
from orchestrator.stacking.pixel_area import area_of
from orchestrator.stacking.state import RunState, Stack
from tilecore.detect.psf import effective_area
from tilecore.numerics.parts import Box, Computed, Pixels, parts
from tilecore.stack.information import MAX_BLOCK_POWER, PointSources, clipped_variance, measure_information

__all__ = ["InformationKept", "information_kept"]

FloatArray = NDArray[np.float64]

# Addition to FWHM^2 (px^2) for the pixel such that the effective area of a Moffat profile comes out right: computed for exponents
# of 2.5 to 6 and FWHM of 2 to 4.5 px.
PIXEL_AREA_FWHM2 = 0.38
# Largest distance (px) at which a detected star is one of the sample.
MATCH_RADIUS = 1.5
# Largest values that are believed: more than 1 comes only from demosaicing, which uses the other colours; beyond that, the
# light of a nebula or galaxy is in the squares of the stars.
MOST = 1.1
MOST_DEMOSAICED = 1.3
# Places in each direction of a region at which the information of the frames is computed.
PLACES = 8
# Stars within this number of radii of the aperture add to the flux of a star; their largest light as a share of it.
APERTURE_REACH = 1.3
MAX_NEIGHBOURS = 0.01


@dataclass(frozen=True)
class InformationKept:
    """Fraction kept, mean over regions (NaN if unknown), and the fraction in each region with its centre on the channel grid."""

    value: float
    regions: FloatArray
    x: FloatArray
    y: FloatArray
    stars: int


def information_kept(state: RunState, sample: StarSample) -> InformationKept:
    """sum_k |P|^2 / N of the stack over the sum of 1 / (sigma^2 A) of all usable frames, in the green channel."""
    plan, stack = state.plan, state.stack
    green, finer = sample.channel, sample.finer
    clipped = np.sqrt(clipped_variance(_rejected_in_sky(stack, green, sample.light))).astype(np.float32)

    def noise(part: Box) -> NDArray[np.float32]:
        # Where there is no frame, 0 would be taken for a place without noise.
        return np.where(stack.count[green][part] == 0, np.float32("nan"), stack.noise[green][part] / clipped)

    found = measure_information(stack.mean[green], Computed(stack.noise.shape[1:], noise), _sources(sample), sample.light)
    x, y = (found.x + 0.5) / finer - 0.5, (found.y + 0.5) / finer - 0.5
    # Per flux in units of the channel grid, whose pixels have finer^2 times the light.
    boxes = np.asarray((found.boxes + 0.5) / finer - 0.5, np.float64)
    available = _in_regions(state, green, boxes)  # 0 where no frame shows a region
    kept = np.divide(found.value * finer**4, available, out=np.full(len(available), np.nan), where=available > 0)
    believed = np.isfinite(kept) & (kept <= (MOST if samples_per_pixel(plan, green) >= 1 else MOST_DEMOSAICED))
    value = float(np.mean(kept[believed])) if believed.any() else float("nan")
    return InformationKept(value, kept[believed], x[believed], y[believed], found.stars)


def _rejected_in_sky(stack: Stack, channel: int, light: Pixels) -> float:
    """Share of the samples of the sky that rejection removed."""
    rejected = samples = 0.0
    for part in parts(stack.count.shape[1:]):
        count = stack.count[channel][part.inside]
        sky = (count > 0) & ~light[part.inside]
        rejected += float(stack.rejected[channel][part.inside][sky].sum(dtype=np.float64))
        samples += float(count[sky].sum(dtype=np.float64))
    return rejected / max(samples, 1.0)


def _sources(sample: StarSample) -> PointSources:
    """All stars of the stack; those of the sample with the flux that the frames give them."""
    stars, channel, finer = sample.detected, sample.channel, sample.finer
    expected = sample.expected[channel]
    known = np.isfinite(expected) & (expected > 0)
    x, y = (p[known] for p in sample.on_channel(channel))
    flux = stars["flux"].astype(np.float64)
    usable = np.zeros(len(stars), bool)
    if known.any() and len(stars):
        distance, nearest = cKDTree(np.column_stack([x, y])).query(np.column_stack([stars["x"], stars["y"]]))
        same = distance < MATCH_RADIUS * finer
        flux[same] = expected[known][nearest[same]] * finer**2
        usable = same & ~stars["saturated"] & ~_crowded(stars, APERTURE_REACH * sample.radius_on_channel)
    return PointSources(stars["x"].astype(np.float64), stars["y"].astype(np.float64), flux, usable)


def _crowded(stars: NDArray[np.void], reach: float) -> NDArray[np.bool_]:
    """Stars whose aperture contains light of others."""
    tree = cKDTree(np.column_stack([stars["x"], stars["y"]]))
    result = np.zeros(len(stars), bool)
    for i, j in tree.query_pairs(reach):
        result[i] |= stars["flux"][j] > MAX_NEIGHBOURS * stars["flux"][i]
        result[j] |= stars["flux"][i] > MAX_NEIGHBOURS * stars["flux"][j]
    return result


def _in_regions(state: RunState, channel: int, boxes: FloatArray) -> FloatArray:
    """(r,) harmonic mean of the information of all usable frames over ``boxes`` (r, 4) on the channel grid.

    The power of the noise of a region is a mean over its places, which in a mosaic have different numbers of frames. If each
    place keeps the same share of its information, the ratio to the harmonic mean is that share.
    """
    parts = (np.arange(PLACES) + 0.5) / PLACES
    x, y = (boxes[:, [k]] + parts * (boxes[:, [k + 1]] - boxes[:, [k]]) for k in (0, 2))
    places = (np.repeat(x, PLACES, axis=1), np.tile(y, PLACES))
    found = _available(state, channel, *(p.ravel() for p in places)).reshape(len(boxes), PLACES**2)
    with np.errstate(divide="ignore"):
        power = np.where(found > 0, 1 / found, np.nan)
    result = np.zeros(len(boxes))
    for k in np.flatnonzero(np.isfinite(power).any(axis=1)):
        # The measurement leaves out parts with much more noise than the others.
        believed = power[k] <= MAX_BLOCK_POWER * np.nanmedian(power[k])
        result[k] = 1 / np.mean(power[k][believed])
    return result


def _available(state: RunState, channel: int, x: FloatArray, y: FloatArray) -> FloatArray:
    """(r,) information of all usable frames at positions on the channel grid."""
    plan = state.plan
    total = np.zeros(len(x))
    centers = state.grid.centers()
    tiles_y = np.argmin(np.abs(y[:, None] - centers[:, 0, 0]), axis=1)
    tiles_x = np.argmin(np.abs(x[:, None] - centers[0, :, 1]), axis=1)
    for i, (frame, m) in enumerate(zip(state.frames.usable, state.measurements, strict=True)):
        u, v = plan.positions_in_frame(frame, x, y)
        height, width = frame.shape
        inside = (u >= 0) & (v >= 0) & (u < width) & (v < height)
        places = np.column_stack([np.clip(u, 0, width - 1), np.clip(v, 0, height - 1)])
        fwhm = m.psf.fwhm(*places.T)
        area = effective_area(np.sqrt(fwhm**2 + PIXEL_AREA_FWHM2) * plan.scale_of(frame) / plan.step, m.psf.beta)
        # The noise of the tiles is that of white noise of the same power, in proportion to the scale of the frame. Both it and
        # the PSF extend over the local area of the frame's pixels besides.
        area = area * area_of(frame, places) ** 2
        sigma = state.slots.at(state.noise[channel], i, tiles_y, tiles_x)
        total += np.where(inside, (state.transparency[channel, i] / sigma) ** 2 / area, 0)
    return np.asarray(total * samples_per_pixel(plan, channel), np.float64)
