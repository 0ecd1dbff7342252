"""The nucleus of a comet in frames without their stars, and the diffuse light about it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from orchestrator.derived.star_model import whole
from orchestrator.derived.subtraction import SubtractingJob, Subtraction, following
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.weighted_mean import StackJob, read_cube
from tilecore.detect.moving_objects import Motion, fit_motion
from tilecore.detect.stars import aperture_flux

__all__ = ["nucleus_flux", "refined_motion", "without_diffuse"]

FloatArray = NDArray[np.float64]

# Half the side (FWHM) of the box about the expected place in which the nucleus is looked for, and its least value (px).
SEARCH, LEAST_SEARCH = 4.0, 8
# Signal-to-noise of a nucleus in a frame from which its place counts, and share of the frames in which it must.
LEAST_SNR = 5.0
LEAST_FRAMES = 0.4
# FWHM of a Gaussian over its sigma.
FWHM_OF_SIGMA = 2.3548
# Significance of a curvature of the motion.
CURVED = 5.0
# Side (2 MEDIAN FWHM + 1) of the percentile filter that removes stars from diffuse light: fewer than 100 - BELOW per cent of the
# pixels may have star light.
BELOW = 25
MEDIAN = 2.5


def refined_motion(job: StackJob, stars: Subtraction, motion: Motion, hours: FloatArray, width: float) -> Motion:
    """The motion through the nucleus as it is measured in each frame; the given one if too few frames show it."""
    half = max(round(SEARCH * width), LEAST_SEARCH)
    for _ in range(2):
        places, seen = [], []
        moved = motion.at(hours) - motion.at(0.0)
        bare = following(job, moved, stars._replace(offsets=moved))
        for index in range(len(hours)):
            found = _nucleus(bare, index, motion.at(0.0), half, width)
            if found is not None:
                places.append(found + moved[index])
                seen.append(index)
        if len(seen) < max(LEAST_FRAMES * len(hours), 3):
            return motion
        time, at = hours[seen], np.array(places)
        motion, bent = fit_motion(time, at), fit_motion(time, at, 2) if len(seen) >= 8 else None
        if bent is not None and (np.abs(bent.coefficients[2]) > CURVED * bent.errors[2]).any():
            motion = bent
        half = max(round(1.5 * width), 4)
    return motion


def _nucleus(job: SubtractingJob, index: int, place: FloatArray, half: int, width: float) -> FloatArray | None:
    """(2,) x, y of the brightest point near a place in a frame less its stars; None if it does not exceed the noise."""
    x, y = (round(float(v)) for v in place)
    block = Block(y - half, y + half + 1, x - half, x + half + 1).common(whole(job))
    if block is None:
        return None
    cube, valid = read_cube(job, np.array([index]), block, 1)
    noise = job.typical_noise[:, index]
    share = 1 / noise**2 / (1 / noise**2).sum()
    image = np.tensordot(share, cube[:, 0] - np.array(job.sky, np.float32)[:, None, None], 1) * (valid[0] > 0)
    grid = np.mgrid[block.x0: block.x1, block.y0: block.y1].transpose(0, 2, 1).astype(np.float64)
    near = np.hypot(*(grid - np.asarray(place)[:, None, None])) <= half
    brightest = int(np.argmax(np.where(near, image, -np.inf)))
    centre = np.array([grid[0].flat[brightest], grid[1].flat[brightest]])
    return _centroid(image - np.median(image), grid, centre, width / FWHM_OF_SIGMA, float(np.sqrt((share**2 * noise**2).sum())))


def _centroid(light: NDArray[np.float64], grid: FloatArray, centre: FloatArray, sigma: float, noise: float) -> FloatArray | None:
    """(2,) x, y of a source near ``centre`` by its moments in a Gaussian window; None if it does not exceed the noise."""
    for _ in range(20):
        window = np.exp(-0.5 * ((grid - centre[:, None, None]) ** 2).sum(axis=0) / sigma**2)
        total = float((window * light).sum())
        if total < LEAST_SNR * noise * np.sqrt((window**2).sum()):
            return None
        step = (window * light * (grid - centre[:, None, None])).sum(axis=(1, 2)) / total
        centre = centre + 2 * step  # the window halves the distance to a source of its own width
        if np.hypot(*step) < 1e-3:
            break
    return centre


def nucleus_flux(light: NDArray[np.float32], place: FloatArray, radius: float) -> float:
    """The light in an aperture about the nucleus, mean of the channels (C, h, w), less that in the ring around it."""
    return float(np.mean([aperture_flux(c, place[:1], place[1:], radius)[0] for c in light]))


def without_diffuse(light: NDArray[np.float32], place: FloatArray, moved: FloatArray, width: float) -> NDArray[np.float32]:
    """A stack (C, h, w) less its diffuse light about the track of the comet.

    The coma is much the same in all frames, if the comet moves little compared with its size: light that could be of either
    stack belongs to the comet.
    """
    side = min(2 * round(MEDIAN * width) + 1, 2 * (min(light.shape[-2:]) // 4) + 1)
    rows, columns = np.indices(light.shape[-2:], np.float32)
    way = place + moved
    reach = min(light.shape[-2:]) / 4
    distance = np.hypot(columns - np.clip(columns, way[:, 0].min(), way[:, 0].max()),
                        rows - np.clip(rows, way[:, 1].min(), way[:, 1].max()))
    result = light.copy()
    for c, channel in enumerate(light):
        diffuse = ndimage.percentile_filter(channel, BELOW, side, mode="nearest")
        ring = (distance > 0.8 * reach) & (distance <= reach) & (channel != 0)
        level = float(np.median(diffuse[ring])) if ring.any() else 0.0
        taper = np.clip(1.25 - 1.25 * distance / reach, 0, 1)
        result[c] -= np.where(channel != 0, taper * np.maximum(diffuse - level, 0), 0).astype(np.float32)
    return result
