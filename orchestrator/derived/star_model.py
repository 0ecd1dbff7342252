"""The light of the stars of a stack, as it is in each frame: what is subtracted to see what else is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.weighted_mean import StackJob, read_cube
from tilecore.detect.stars import DetectionSettings, detect
from tilecore.stack.psf_matching import FrameNoise, MatchingKernel, fit_kernel

__all__ = ["above_sky", "frame_stars", "star_kernels", "star_width", "stars_of_stack", "whole"]

# Most stars to which the kernel of a frame is fitted.
MOST_STARS = 60
# Radius of the kernel in FWHM, and its bounds in px.
RADIUS = 1.4
LEAST_RADIUS, MOST_RADIUS = 3, 9
# Level (1.0 = 65535 ADU) of a stack from which its stars may be clipped in some frames.
BRIGHTEST = 0.6
# A neighbour within the box that is fitted, with more than this share of the light, makes a star unsuitable.
NEIGHBOUR = 0.5


def above_sky(job: StackJob, mean: NDArray[np.float32]) -> NDArray[np.float32]:
    """A stack (C, h, w) less the level of its sky; 0 where there are no data."""
    return np.where(mean != 0, mean - np.array(job.sky, np.float32)[:, None, None], 0).astype(np.float32)


def stars_of_stack(light: NDArray[np.float32], most: int = 500) -> NDArray[np.void]:
    """Stars of a stack (C, h, w) above its sky, on the channel grid, brightest first."""
    return detect(light.mean(axis=0, dtype=np.float32), DetectionSettings(sigma=7, max_stars=most, saturation=BRIGHTEST))


def star_width(stars: NDArray[np.void]) -> float:
    """The median FWHM (px) of stars that are not saturated; 3 without any."""
    good = stars[~stars["saturated"] & (stars["fwhm"] > 0)]
    return float(np.median(good["fwhm"])) if len(good) else 3.0


def whole(job: StackJob) -> Block:
    """The whole channel grid."""
    rows, columns = job.plan.channel_shape
    return Block(0, rows, 0, columns)


def frame_stars(stars: NDArray[np.void], reach: float) -> NDArray[np.int64]:
    """(n, 2) row and column of bright stars without a neighbour within ``reach`` px."""
    places = np.stack([stars["y"], stars["x"]], 1)
    tree, flux = cKDTree(places), stars["flux"]
    alone = [all(flux[j] < NEIGHBOUR * flux[i] for j in tree.query_ball_point(places[i], reach) if j != i)
             for i in range(len(stars))]
    good = np.array(alone, np.bool_) & ~stars["saturated"]
    return np.asarray(np.rint(places[good][:MOST_STARS]), np.int64)


@dataclass(frozen=True)
class _KernelJob(Job):
    job: StackJob
    light: NDArray[np.float32]
    places: NDArray[np.int64]
    radius: int


def star_kernels(context: RunContext, job: StackJob, light: NDArray[np.float32]) -> tuple[tuple[MatchingKernel, ...], ...]:
    """For each frame and channel the kernel by which ``light`` (C, h, w), a stack above its sky, has the PSF of the frame."""
    stars = stars_of_stack(light)
    radius = int(np.clip(np.ceil(RADIUS * star_width(stars)), LEAST_RADIUS, MOST_RADIUS))
    work = _KernelJob(job, light, frame_stars(stars, 2 * radius), radius, check=context.check)
    found = []
    for done, kernels in enumerate(context.executor.heavy(_kernels, work, range(len(job.frames))), 1):
        found.append(kernels)
        context.progress(done, len(job.frames), "matching stars")
    return tuple(found)


def _kernels(work: _KernelJob, index: int, threads: int) -> tuple[MatchingKernel, ...]:
    job = work.job
    cube, valid = read_cube(job, np.array([index]), whole(job), 1)
    return tuple(fit_kernel(work.light[c], cube[c, 0] - np.float32(job.sky[c]), valid[0], work.places,
                            FrameNoise(float(job.typical_noise[c, index]), job.shot[c]), work.radius) for c in range(len(cube)))

