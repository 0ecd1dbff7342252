"""What the flats of a finished run did not correct, from the sky in its lights: ``orchestrate flats RUN``. Nothing is applied."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.derived.finished_run import FinishedRun, open_run
from orchestrator.derived.pictures import write_row
from orchestrator.derived.star_model import above_sky, star_width
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.io.json_files import write_json
from orchestrator.runtime.events import Listener
from orchestrator.session.model import Role
from orchestrator.stacking.weighted_mean import StackJob, reconstruct
from tilecore.detect.stars import DetectionSettings, detect
from tilecore.numerics.statistics import mad_sigma
from tilecore.sky.residual_flat import ResidualFlat, binned, over_plane, residual_flat, smoothed, whole_flat

__all__ = ["FlatsResult", "make_flats"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Side (px) of the cells, and most lights that are read.
CELL, MOST_LIGHTS = 2, 96
# Fewest lights, and the least displacement (px) between the halves of the lights along the dither.
LEAST_LIGHTS, LEAST_DITHER = 8, 6.0
# Light of a star, as a share of the sky, to which it is masked, by the exponent of its wings.
WING, BETA = 0.003, 3.0
# Largest moving light relative to the pattern, and largest share of the smooth pattern that moves.
MOST_MOVING, MOST_ON_SKY = 0.25, 0.1
# Least pattern (rms over its error) that is worth a flat.
WORTH = 1.5


@dataclass(frozen=True)
class FlatsResult:
    """``files`` by name; ``facts`` as in flats.json."""

    files: dict[str, Path]
    facts: dict[str, Any]


def make_flats(directory: Path, *, listeners: tuple[Listener, ...] = (), cancel: threading.Event | None = None) -> FlatsResult:
    """Measure the residual flat of a finished run, in its folder ``derived/flats``.

    Raises
    ------
    InputError : the run cannot be used, its dither is too small, or the pattern follows the sky as nebulae do.
    """
    with open_run(directory, listeners=listeners, cancel=cancel) as run:
        job = run.job()
        _check(run, job)
        light = above_sky(job, reconstruct(run.context, job)[0].mean).mean(axis=0)
        chosen = np.unique(np.linspace(0, len(job.frames) - 1, MOST_LIGHTS).round().astype(int)) if (
            len(job.frames) > MOST_LIGHTS) else np.arange(len(job.frames))
        frames = np.array(list(_frames(run, job, light, chosen)), np.float32)
        shifts = _shifts(job, chosen)
        try:
            found = residual_flat(frames, shifts / CELL)
        except ValueError as error:
            raise InputError(f"The lights of {run.directory.name} show too little sky: {error}.",
                             "Take flats, or dither by more than the size of the objects.") from error
        pattern = float(np.nanstd(found.smooth))
        if _worth(found) >= WORTH and (found.moving > MOST_MOVING * pattern or found.on_sky > MOST_ON_SKY):
            raise InputError(f"Nebulae fill the field of {run.directory.name}: light that moves with the sky has "
                             f"{100 * found.moving:.1f} % of it (rms), and {100 * found.on_sky:.0f} % of the smooth pattern in "
                             "the lights moves.", "Take flats.")
        return _written(run, job, found)


def _check(run: FinishedRun, job: StackJob) -> None:
    if job.plan.registered_pixels or len({f.pixels.shape for f in job.frames}) > 1 or len(job.frames[0].pixels.shape) != 2:
        raise InputError(f"The lights of {run.directory.name} are not frames of one sensor.",
                         "A residual flat needs mono or CFA lights of one camera and engine.siril.output: transforms.")
    if len(job.frames) < LEAST_LIGHTS:
        raise InputError(f"{run.directory.name} has {len(job.frames)} lights; {LEAST_LIGHTS} are needed.", "Take flats.")
    shifts = _shifts(job, np.arange(len(job.frames)))
    along = np.sort((shifts - shifts.mean(axis=0)) @ np.linalg.svd(shifts - shifts.mean(axis=0), full_matrices=False)[2][0])
    half = len(along) // 2
    spread = float(along[-half:].mean() - along[:half].mean())
    if spread < LEAST_DITHER:
        raise InputError(f"The lights of {run.directory.name} are dithered by {spread:.1f} px between their halves; "
                         f"{LEAST_DITHER:g} px are needed.", "Take flats; faint stars would be part of the flat.")


def _shifts(job: StackJob, chosen: NDArray[np.int64]) -> FloatArray:
    """(n, 2) where the middle of the field of the first light is in each, less its place in the first."""
    h, w = job.frames[0].pixels.shape[-2:]
    middle = job.plan.on_channel(job.frames[0], np.array([[(w - 1) / 2, (h - 1) / 2]]))[0]
    places = [job.plan.positions_in_frame(job.frames[i], middle[:1], middle[1:]) for i in chosen]
    found = np.array([[float(u[0]), float(v[0])] for u, v in places])
    return np.asarray(found - found[0])


def _frames(run: FinishedRun, job: StackJob, light: FloatImage, chosen: NDArray[np.int64]) -> Iterator[FloatImage]:
    """Each light by cells over a plane through its sky, NaN at the objects of the stack, ``light`` (h, w) on the channel grid."""
    objects = _objects(job, light)
    for done, i in enumerate(chosen, 1):
        frame = job.frames[i]
        cells = binned(np.asarray(frame.pixels.read()), CELL)
        y, x = np.mgrid[: cells.shape[0], : cells.shape[1]] * float(CELL) + (CELL - 1) / 2
        at = np.rint(job.plan.on_channel(frame, np.stack([x.ravel(), y.ravel()], 1))).astype(int)
        at = np.clip(at, 0, np.array(light.shape[::-1]) - 1)
        yield over_plane(cells, (objects[at[:, 1], at[:, 0]] > 0).reshape(cells.shape))
        run.context.progress(done, len(chosen), "sky of the lights")


def _objects(job: StackJob, light: FloatImage) -> NDArray[np.uint8]:
    """(h, w) 1 where stars have light, to where the wing of a Moffat profile is a small share of the sky. A pattern of the
    sensor is in the stack too, so what is brighter than its surroundings is not enough to be an object."""
    stars = detect(light, DetectionSettings(max_stars=20_000))
    width, mask = star_width(stars), np.zeros(light.shape, np.uint8)
    least = WING * float(np.mean(job.sky))
    for star in stars:
        reach = width * max((float(star["peak"]) / least) ** (1 / (2 * BETA)), 1.0) + CELL / job.plan.step
        cv2.circle(mask, (round(float(star["x"])), round(float(star["y"]))), int(np.ceil(reach)), 1, -1)
    return mask


def _worth(found: ResidualFlat) -> float:
    known = np.isfinite(found.raw)
    return float(np.std(found.raw[known])) / max(float(np.median(found.error[known])), 1e-9)


def _written(run: FinishedRun, job: StackJob, found: ResidualFlat) -> FlatsResult:
    folder, shape = run.folder("flats"), job.frames[0].pixels.shape
    residual = whole_flat(found.smooth, CELL, (shape[0], shape[1]))
    known = np.isfinite(found.raw)
    # What one half of the lights shows is taken from the other half: nothing is tested on itself.
    left = [found.halves[k] / smoothed(found.halves[1 - k], found.error * np.float32(np.sqrt(2))) for k in (0, 1)]
    noise = mad_sigma((found.halves[0] - found.halves[1])[known] / np.sqrt(2))
    before, after = (float(np.sqrt(max(np.mean([np.nanvar(i[known]) for i in images]) - noise**2, 0.0)))
                     for images in (found.halves, left))
    header = fits.Header({"HISTORY": "residual flat from the sky of the lights; divide calibrated lights by it"})
    files = {"residual": folder / "residual_flat.fits", "before_after": folder / "before_after.png",
             "facts": folder / "flats.json"}
    fits_io.write(files["residual"], residual, header)
    master = run.directory / "outputs" / "calibration" / "master_flat.fit"
    session = run.state.session
    with_flats = bool(session.frames.get(Role.FLAT)) or Role.FLAT in session.masters
    if master.is_file() or not with_flats:
        flat = residual * (np.asarray(fits.getdata(master), np.float32) if with_flats else 1)
        files["flat"] = folder / "flat.fits"
        fits_io.write(files["flat"], np.asarray(flat / max(float(np.max(flat)), 1e-9), np.float32), fits.Header(
            {"IMAGETYP": "Master Flat", "HISTORY": "master flat with the residual flat from the sky of the lights"}))
    facts = {"lights": len(job.frames), "cell_px": CELL, "pattern_rms": before, "left_rms": after,
             "error_of_cell": float(np.median(found.error[known])), "deepest": float(found.smooth.min() - 1),
             "moving_light": found.moving, "smooth_part_on_sky": found.on_sky,
             "worth_applying": _worth(found) >= WORTH}
    write_json(files["facts"], facts)
    pictures = [np.ascontiguousarray(np.where(known, i, 1), np.float32) for i in (found.halves[1], left[1])]
    write_row(files["before_after"], pictures, top_down=run.state.session.lights[0].top_down)
    return FlatsResult(files, facts)

