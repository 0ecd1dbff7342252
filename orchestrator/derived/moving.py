"""Asteroids and comets in the frames of a run: what moves in a straight line, as a table: ``orchestrate moving RUN``."""

from __future__ import annotations

import csv
import io
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy.wcs import WCS

from orchestrator.derived.finished_run import open_run
from orchestrator.derived.motion import stack_wcs
from orchestrator.derived.residuals import Residuals, find_residuals, mid_times, moving_tracks
from orchestrator.derived.star_model import above_sky, star_kernels, star_width, stars_of_stack
from orchestrator.derived.subtraction import Subtraction, subtracting
from orchestrator.io.atomic import whole_file
from orchestrator.io.fits import FULL_SCALE
from orchestrator.runtime.events import Listener
from orchestrator.stacking.weighted_mean import StackJob, reconstruct
from tilecore.detect.moving_objects import LinearTrack

__all__ = ["MovingObject", "find_moving"]


@dataclass(frozen=True)
class MovingObject:
    """An object that moves, at the middle of the session. Places and motions are in pixels of the stack; ``arcsec_per_hour`` and
    ``position_angle`` (degrees from north through east) are NaN, as ``ra`` and ``dec`` (degrees), if the stack has no WCS."""

    frames: int
    x: float
    y: float
    x_per_hour: float
    y_per_hour: float
    scatter_px: float
    flux_adu: float
    ra: float
    dec: float
    arcsec_per_hour: float
    position_angle: float


def find_moving(directory: Path, table: Path | None = None, *, listeners: tuple[Listener, ...] = (),
                cancel: threading.Event | None = None) -> list[MovingObject]:
    """Objects that move, brightest first, also written to ``table`` (CSV), by default ``derived/moving/moving.csv`` of the run.

    An object is found if it moves by more than the FWHM of the stars, and exceeds the noise in 40 % of the frames and at least
    in 4.

    Raises
    ------
    InputError : the frames or the run cannot be used.
    """
    with open_run(directory, listeners=listeners, cancel=cancel) as run:
        job = run.job()
        mid_times(job)  # refuses frames without a time before the work
        light = above_sky(job, reconstruct(run.context, job)[0].mean)
        stars = Subtraction(light, star_kernels(run.context, job, light), np.zeros((len(job.frames), 2)))
        residuals = find_residuals(run.context, subtracting(job, stars))
        tracks = moving_tracks(job, residuals, star_width(stars_of_stack(light)))
        found = stack_wcs(run.directory)
        wcs = found[0] if found is not None and found[1] == job.plan.shape else None
        rows = sorted((_described(job, t, residuals, wcs) for t in tracks), key=lambda r: -r.flux_adu)
        _write(table or run.folder("moving") / "moving.csv", rows)
        return rows


def _described(job: StackJob, track: LinearTrack, residuals: Residuals, wcs: WCS | None) -> MovingObject:
    plan, motion = job.plan, track.motion
    (x, y), (u, v) = motion.at(0.0) * plan.step + plan.centers[0], motion.speed * plan.step
    ra = dec = rate = angle = float("nan")
    if wcs is not None:
        here, later = wcs.pixel_to_world(x, y), wcs.pixel_to_world(x + u, y + v)
        ra, dec = here.ra.deg, here.dec.deg
        rate, angle = here.separation(later).arcsec, here.position_angle(later).deg
    flux = float(np.median(residuals.flux[track.members])) * FULL_SCALE
    return MovingObject(len(track.members), float(x), float(y), float(u), float(v), motion.scatter * plan.step, flux, float(ra),
                        float(dec), float(rate), float(angle))


def _write(path: Path, rows: list[MovingObject]) -> None:
    names = list(MovingObject.__dataclass_fields__)
    with whole_file(path) as stream:
        text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(names)
        for row in rows:
            values = [getattr(row, n) for n in names]
            writer.writerow(["" if isinstance(v, float) and np.isnan(v) else round(v, 6) for v in values])
        text.detach()
