"""Two stacks of the same frames, one that follows a comet without the stars, one of the stars without the comet, and both in one
picture: ``orchestrate comet RUN``.

Each stack is made from frames from which the other is subtracted as it is in each of them. The first stack of stars has a part of
the comet, so both are repeated in turn until the light of the nucleus does not change.
"""

from __future__ import annotations

import csv
import io
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.derived.finished_run import FinishedRun, open_run
from orchestrator.derived.motion import Position, motion_from_cards, motion_from_positions, stack_wcs
from orchestrator.derived.nucleus import nucleus_flux, refined_motion, without_diffuse
from orchestrator.derived.pictures import write_row
from orchestrator.derived.residuals import find_residuals, mid_times, moving_tracks
from orchestrator.derived.star_model import above_sky, star_kernels, star_width, stars_of_stack, whole
from orchestrator.derived.subtraction import Subtraction, following, subtracting
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.io.atomic import whole_file
from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_json
from orchestrator.runtime.events import Listener
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.channels import picture_of
from orchestrator.stacking.state import Stack
from orchestrator.stacking.weighted_mean import StackJob, reconstruct
from tilecore.detect.moving_objects import Motion
from tilecore.detect.starlet import extent_of_object, without_noise
from tilecore.stack.psf_matching import MatchingKernel

__all__ = ["CometResult", "CometWish", "make_comet"]

FloatArray = NDArray[np.float64]

# Rounds of both stacks, and the change of the light of the nucleus at which they end.
MOST_ROUNDS = 12
SETTLED = 0.0005
# Radius (FWHM) of the aperture of the nucleus.
APERTURE = 1.5
# Pixels about the light of a comet that are stacked again with it.
MARGIN = 8


@dataclass(frozen=True)
class CometWish:
    """How the comet is found: by ``positions``, by the ``cards`` of right ascension and declination, or else by detection.
    ``refine``: measure the nucleus in each frame from there on."""

    positions: tuple[Position, ...] = ()
    cards: tuple[str, str] | None = None
    refine: bool = True


@dataclass(frozen=True)
class CometResult:
    """``files`` by name; ``facts``: figures of the comet, as in comet.json."""

    files: dict[str, Path]
    facts: dict[str, Any]


def make_comet(directory: Path, wish: CometWish | None = None, *, listeners: tuple[Listener, ...] = (),
               cancel: threading.Event | None = None) -> CometResult:
    """Make both stacks of a finished run, in its folder ``derived/comet``.

    Raises
    ------
    InputError : the frames or the run cannot be used, or no comet was found. ConfigError : a position cannot be used.
    """
    wish = wish or CometWish()
    with open_run(directory, listeners=listeners, cancel=cancel) as run:
        plan = run.state.plan
        if plan.sky is not None or plan.registered_pixels:
            raise InputError(f"{run.directory.name} is a mosaic on a projection of the sky." if plan.sky is not None else
                             f"{run.directory.name} was stacked from frames that Siril registered.",
                             "A comet needs a run of one field with engine.siril.output: transforms.")
        job = run.job()
        hours = mid_times(job)
        light = above_sky(job, reconstruct(run.context, job)[0].mean)
        kernels = star_kernels(run.context, job, light)
        width = star_width(stars_of_stack(light))
        motion, how = _motion(run, wish, job, Subtraction(light, kernels, np.zeros((len(hours), 2))), (hours, width))
        pair = _Pair(run, job, hours, kernels, width)
        return _written(pair, motion, how, *_separated(pair, motion, light))


def _motion(run: FinishedRun, wish: CometWish, job: StackJob, stars: Subtraction,
            scale: tuple[FloatArray, float]) -> tuple[Motion, str]:
    """The motion of the nucleus on the channel grid, and how it was found."""
    hours, width = scale
    known = _hours_of_all(run, hours, job)
    if wish.positions:
        motion, how = motion_from_positions(run, wish.positions, known), "positions"
    elif wish.cards is not None:
        motion, how = motion_from_cards(run, wish.cards, known), f"cards {wish.cards[0]}, {wish.cards[1]}"
    else:
        residuals = find_residuals(run.context, subtracting(job, stars))
        tracks = moving_tracks(job, residuals, width)
        if not tracks:
            raise InputError("No moving object was found in the frames.",
                             "Give --position twice: FILE X,Y of the nucleus in one of the first and one of the last lights.")
        brightest = max(tracks, key=lambda t: float(np.median(residuals.flux[t.members])))
        motion, how = brightest.motion, "detection"
    return (refined_motion(job, stars, motion, hours, width) if wish.refine else motion), how


def _hours_of_all(run: FinishedRun, hours: FloatArray, job: StackJob) -> FloatArray:
    """Hours of all usable frames, of which those of the job (N,) are known; NaN for the others."""
    of = {f.index: h for f, h in zip(job.frames, hours, strict=True)}
    return np.array([of.get(f.index, np.nan) for f in run.state.frames.usable])


@dataclass(frozen=True)
class _Pair:
    """What both stacks are made with."""

    run: FinishedRun
    job: StackJob
    hours: FloatArray
    kernels: tuple[tuple[MatchingKernel, ...], ...]
    width: float


def _separated(pair: _Pair, motion: Motion, light: NDArray[np.float32]) -> tuple[Stack, Stack, NDArray[np.float32], int]:
    """The stack of the stars, that of the comet, the significant light of the comet (C, h, w), and the rounds that were needed.

    Only the surroundings of the comet are stacked again in each round.
    """
    context, job = pair.run.context, pair.job
    moved, place = motion.at(pair.hours) - motion.at(0.0), motion.at(0.0)

    def without_stars(light: NDArray[np.float32], part: Block | None = None) -> Stack:
        return reconstruct(context, following(job, moved, Subtraction(light, pair.kernels, moved)), part=part)[0]

    def without_comet(model: NDArray[np.float32], part: Block | None = None) -> Stack:
        return reconstruct(context, subtracting(job, Subtraction(model, pair.kernels, -moved, doubt=False)), part=part)[0]

    light = without_diffuse(light, place, moved, pair.width)
    first = without_stars(light)
    model = _significant(job, first, place)
    near = _around(model, place, round(10 * pair.width))
    track = Block(*(int(v) for v in (near.y0 + np.floor(moved[:, 1].min()), near.y1 + np.ceil(moved[:, 1].max()),
                                     near.x0 + np.floor(moved[:, 0].min()), near.x1 + np.ceil(moved[:, 0].max()))))
    track = track.common(whole(job)) or whole(job)
    before, rounds = nucleus_flux(above_sky(job, first.mean), place, APERTURE * pair.width), 0
    while rounds < MOST_ROUNDS:
        rounds += 1
        _put(light, track, above_sky(job, without_comet(model, track).mean))
        comet = without_stars(light, near)
        corner = np.array([near.x0, near.y0], np.float64)
        _put(model, near, _significant(job, comet, place - corner))
        flux = nucleus_flux(above_sky(job, comet.mean), place - corner, APERTURE * pair.width)
        if abs(flux - before) <= SETTLED * abs(flux):
            break
        before = flux
    stars = without_comet(model)
    last = without_stars(above_sky(job, stars.mean))
    return stars, last, model, rounds


def _significant(job: StackJob, comet: Stack, place: FloatArray) -> NDArray[np.float32]:
    """The light of the comet (C, h, w), 0 outside the area in which it exceeds the noise of its stack."""
    light, variance = above_sky(job, comet.mean), comet.variance
    noise = np.sqrt(variance.mean(axis=0) / len(variance))
    return light * extent_of_object(light.mean(axis=0), noise, (float(place[1]), float(place[0])))


def _around(model: NDArray[np.float32], place: FloatArray, least: int) -> Block:
    """The box of all light of a model (C, h, w), and at least that of ``least`` px about a place."""
    rows, columns = model.shape[-2:]
    x, y = (round(float(v)) for v in place)
    there_y, there_x = (np.flatnonzero(model.any(axis=axes)) for axes in ((0, 2), (0, 1)))
    box = Block(min(y - least, *there_y[:1], rows - 1), max(y + least, *there_y[-1:] + MARGIN),
                min(x - least, *there_x[:1], columns - 1), max(x + least, *there_x[-1:] + MARGIN))
    return box.common(Block(0, rows, 0, columns)) or Block(0, rows, 0, columns)


def _put(whole_image: NDArray[np.float32], box: Block, part: NDArray[np.float32]) -> None:
    whole_image[:, box.y0: box.y1, box.x0: box.x1] = part


def _written(pair: _Pair, motion: Motion, how: str, stars: Stack, comet: Stack, model: NDArray[np.float32],
             rounds: int) -> CometResult:
    run, plan = pair.run, pair.job.plan
    folder = run.folder("comet")
    # The stack of the comet at the middle of the session on that of the stars; its noise stays outside its light.
    share = _significant(pair.job, comet, motion.at(0.0)) != 0
    smooth = np.stack([without_noise(light, np.sqrt(v)) for light, v in zip(model, comet.variance, strict=True)])
    both = stars.mean + np.where(share, smooth, 0)
    files: dict[str, Path] = {}
    facts = _facts(pair, motion, how, comet, rounds)
    products = {"stars": (stars.mean, "stack of the stars, the comet subtracted"),
                "comet": (comet.mean, "stack that follows the comet, the stars subtracted"),
                "combined": (both, "stack of the stars with the comet at the middle of the session")}
    pictures = []
    for name, (channels, what) in products.items():
        data = picture_of(plan, channels)
        header = run.header(data, what)
        found = stack_wcs(run.directory)
        if found is not None and found[1] == data.shape[-2:]:
            header.update(found[0].to_header(relax=True))
        header["PSFFWHM"] = (round(pair.width * plan.step, 3), "[px] FWHM of the stars, of unit flux")
        if name != "stars":
            header["DATE-REF"] = (facts["reference_time"], "the comet is where it was at this time")
            header["TRAILED"] = (round(facts["motion_in_exposure_px"], 3), "[px] motion of the comet in an exposure")
        files[name] = folder / f"{name}.fits"
        fits_io.write(files[name], data, header)
        pictures.append(data)
    data = picture_of(plan, comet.variance)
    files["comet_variance"] = folder / "comet_variance.fits"
    fits_io.write(files["comet_variance"], data, run.header(data, "variance of the stack of the comet"))
    files["track"] = folder / "track.csv"
    _write_track(files["track"], pair, motion)
    files["picture"] = folder / "comet.png"
    write_row(files["picture"], pictures, top_down=run.state.session.lights[0].top_down)
    files["facts"] = folder / "comet.json"
    write_json(files["facts"], facts)
    return CometResult(files, facts)


def _facts(pair: _Pair, motion: Motion, how: str, comet: Stack, rounds: int) -> dict[str, Any]:
    plan, job = pair.job.plan, pair.job
    speed = motion.speed * plan.step
    exposures = [f.info.exposure or 0.0 for f in job.frames]
    place = motion.at(0.0)
    light = above_sky(job, comet.mean)
    radius = APERTURE * pair.width
    error = np.sqrt(np.mean([np.median(v[v > 0]) for v in comet.variance if (v > 0).any()]) * np.pi * radius**2)
    rate = float(np.hypot(*speed))
    return {"found_by": how, "frames": len(job.frames), "reference_time": _reference_time(job),
            "place_px": (place * plan.step + plan.centers[0]).tolist(), "speed_px_per_hour": speed.tolist(),
            "rate_px_per_hour": rate, "track_scatter_px": motion.scatter * plan.step,
            "motion_in_exposure_px": rate * float(np.median(exposures)) / 3600,
            "way_px": rate * float(np.ptp(pair.hours)), "psf_fwhm_px": pair.width * plan.step,
            "nucleus_adu": nucleus_flux(light, place, radius) * FULL_SCALE, "nucleus_error_adu": float(error) * FULL_SCALE,
            "aperture_px": radius * plan.step, "rounds": rounds}


def _reference_time(job: StackJob) -> str:
    """The middle between the middles of the first and the last exposure."""
    middles = [f.info.time + timedelta(seconds=(f.info.exposure or 0) / 2) for f in job.frames if f.info.time is not None]
    first, last = min(middles), max(middles)
    return (first + (last - first) / 2).replace(tzinfo=UTC).isoformat(timespec="milliseconds")


def _write_track(path: Path, pair: _Pair, motion: Motion) -> None:
    """A row for each frame: file, middle of the exposure, pixel of the stack, and place on the sky if the stack was solved."""
    plan, found = pair.job.plan, stack_wcs(pair.run.directory)
    middle = datetime.fromisoformat(_reference_time(pair.job))
    with whole_file(path) as stream:
        text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(["file", "time_utc", "x_px", "y_px", "ra_deg", "dec_deg"])
        for frame, hour in zip(pair.job.frames, pair.hours, strict=True):
            x, y = (motion.at(float(hour)) * plan.step + plan.centers[0]).tolist()
            time = middle + timedelta(hours=float(hour))
            sky: list[Any] = ["", ""]
            if found is not None and found[1] == plan.shape:
                world = found[0].pixel_to_world(x, y)
                sky = [f"{world.ra.deg:.6f}", f"{world.dec.deg:.6f}"]
            writer.writerow([frame.info.path.name, time.isoformat(timespec="seconds"), f"{x:.2f}", f"{y:.2f}", *sky])
        text.detach()
