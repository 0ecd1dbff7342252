"""What single frames show that the stack does not: detections in the frames less their stars, and those that move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.derived.star_model import whole
from orchestrator.derived.subtraction import SubtractingJob
from orchestrator.errors import InputError
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from orchestrator.stacking.weighted_mean import StackJob, read_cube
from tilecore.detect.detection import find_objects
from tilecore.detect.moving_objects import LinearTrack, LinkSettings, link

__all__ = ["Residuals", "find_residuals", "mid_times", "moving_tracks"]

# Threshold of a detection in a frame less its stars, in sigma of a pixel: the filtered image has 0.27 of that noise.
THRESHOLD = 6 * 0.27
# Most detections of a frame that are used, brightest first.
MOST = 60
# Distance (FWHM) of a detection from its track, and the way that an object moves at least.
TOLERANCE, SHORTEST = 0.5, 1.0
# Share of the weight of a pixel below which a detection on a star does not count.
LEAST_VALID = 0.3


@dataclass(frozen=True)
class Residuals:
    """Detections in N frames: ``frame`` (n,), ``places`` (n, 2) x, y on the channel grid, ``flux`` (n,) and ``snr`` (n,)."""

    frame: NDArray[np.int64]
    places: NDArray[np.float64]
    flux: NDArray[np.float64]
    snr: NDArray[np.float64]


def mid_times(job: StackJob) -> NDArray[np.float64]:
    """Hours of the middles of the exposures (N,), from the middle of all. Raises InputError for a frame without a time."""
    times = []
    for frame in job.frames:
        if frame.info.time is None:
            raise InputError(f"{frame.info.path} has no time of exposure (DATE-OBS).",
                             "Leave the frame out with selection.frames, or write DATE-OBS into its header.")
        times.append(frame.info.time.timestamp() + (frame.info.exposure or 0) / 2)
    hours = np.array(times) / 3600
    return np.asarray(hours - (hours.min() + hours.max()) / 2)


@dataclass(frozen=True)
class _Search(Job):
    job: SubtractingJob


def find_residuals(context: RunContext, job: SubtractingJob) -> Residuals:
    """Detections in the frames of a job, less what it subtracts."""
    parts = []
    work = _Search(job, check=context.check)
    for done, found in enumerate(context.executor.heavy(_search, work, range(len(job.frames))), 1):
        parts.append(found)
        context.progress(done, len(job.frames), "searching frames")
    counts = [len(p) for p in parts]
    rows = np.concatenate(parts)
    return Residuals(np.repeat(np.arange(len(parts)), counts), rows[:, :2], rows[:, 2], rows[:, 3])


def _search(work: _Search, index: int, threads: int) -> NDArray[np.float64]:
    """(n, 4) x, y, flux, peak in units of the noise of a pixel."""
    job = work.job
    cube, valid = read_cube(job, np.array([index]), whole(job), 1)
    sky = np.array(job.sky, np.float32)[:, None, None]
    noise = job.typical_noise[:, index]
    # Channels by their signal-to-noise for white light; pixels on stars count as their validity.
    share = 1 / noise**2 / (1 / noise**2).sum()
    light = np.tensordot(share, cube[:, 0] - sky, 1)
    sigma = float(np.sqrt((share**2 * noise**2).sum()))
    clear = np.where(valid[0] > 0, light * np.sqrt(valid[0]), 0).astype(np.float32)
    found = find_objects(clear, sigma, THRESHOLD)
    x, y = found["x"], found["y"]
    trusted = valid[0][np.clip(np.rint(y).astype(int), 0, len(clear) - 1), np.clip(np.rint(x).astype(int), 0, clear.shape[1] - 1)]
    found = found[trusted > LEAST_VALID]
    found = found[np.argsort(-found["flux"], kind="stable")][:MOST]
    return np.stack([found["x"], found["y"], found["flux"], found["flux"] / sigma], 1)


def moving_tracks(job: StackJob, residuals: Residuals, width: float) -> list[LinearTrack]:
    """Tracks of detections that move, of stars of FWHM ``width``."""
    settings = LinkSettings(tolerance=max(TOLERANCE * width, 1.0), shortest=SHORTEST * width)
    return link(residuals.frame, mid_times(job)[residuals.frame], residuals.places, settings)
