"""Series of short stacks of a finished run on one grid and one flux scale, light curves of its stars, and what appears:
``orchestrate series RUN``."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.derived.finished_run import FinishedRun, open_run
from orchestrator.derived.motion import stack_wcs
from orchestrator.derived.psf_groups import photon_variance
from orchestrator.derived.residuals import mid_times
from orchestrator.derived.series_files import draw_curves, write_animation, write_table
from orchestrator.derived.star_model import above_sky, stars_of_stack
from orchestrator.derived.transients import Transient, TransientSearch
from orchestrator.errors import ConfigError, InputError
from orchestrator.io import fits as fits_io
from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_json
from orchestrator.runtime.events import Listener
from orchestrator.stacking.channels import picture_of
from orchestrator.stacking.weighted_mean import StackJob, frames_in_stack, reconstruct
from tilecore.detect.light_curves import LightCurves, changes_of, light_curves, star_weights

__all__ = ["SeriesResult", "SeriesWish", "make_series", "nights_of"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Short stacks if nothing is asked for.
USUAL_STACKS = 20
# Most stars of the light curves, and pictures of the animation.
MOST_STARS = 500
MOST_PICTURES = 150
# Days from the origin of Unix time to that of modified Julian dates.
MJD_OF_UNIX = 40587.0
USUAL_FWHM, USUAL_BETA = 3.0, 3.5


@dataclass(frozen=True)
class SeriesWish:
    """Short stacks of ``every`` n frames, of ``minutes``, or ``by_night``; about 20 by default. ``stacks``: write them as
    FITS."""

    every: int | None = None
    minutes: float | None = None
    by_night: bool = False
    stacks: bool = True


@dataclass(frozen=True)
class SeriesResult:
    """``files`` by name; ``curves`` of the stars, at ``places`` (n, 2) of the stack and ``times`` (m,) as MJD; the
    ``transients``."""

    files: dict[str, Path]
    curves: LightCurves
    places: FloatArray
    times: FloatArray
    transients: list[Transient]


def make_series(directory: Path, wish: SeriesWish | None = None, *, listeners: tuple[Listener, ...] = (),
                cancel: threading.Event | None = None) -> SeriesResult:
    """Make the series of a finished run, in its folder ``derived/series``.

    Raises
    ------
    ConfigError : the groups are not defined in exactly one way. InputError : the frames or the run cannot be used.
    """
    wish = wish or SeriesWish()
    if sum((wish.every is not None, wish.minutes is not None, wish.by_night)) > 1:
        raise ConfigError("--every, --minutes and --by-night exclude each other.", "Give one of them.")
    with open_run(directory, listeners=listeners, cancel=cancel) as run:
        job = run.job()
        hours = mid_times(job)
        members = _groups(run, wish, hours)
        if len(members) < 2:
            raise InputError(f"{run.directory.name} gives {len(members)} short stack.",
                             "Choose shorter groups with --every or --minutes.")
        deep = reconstruct(run.context, job)[0]
        light = above_sky(job, deep.mean).mean(axis=0)
        stars = stars_of_stack(above_sky(job, deep.mean), MOST_STARS)
        stars = stars[~stars["saturated"]]
        width, beta = _profile(stars)
        weights = star_weights(light, stars["x"], stars["y"], width, beta)
        keep = np.array([w is not None for w in weights], np.bool_)
        stars, known = stars[keep], [w for w in weights if w is not None]
        search = TransientSearch(light, stars, width)
        changes, pictures, times = [], [], []
        for group, of in zip(_short_stacks(run, wish, members), members, strict=True):
            image, variance, picture = group
            changes.append(changes_of(image, light, variance, list(known)))
            search.add(image, variance)
            times.append(_mjd(run, of))
            pictures.append(picture)
        ratio, error = (np.stack([c[k] for c in changes], 1) for k in range(2))
        fwhm = np.array([np.median([run.state.measurements[i].fwhm for i in of]) for of in members])
        curves = light_curves(ratio, error, np.array([w.light for w in known]), fwhm)
        return _written(run, job, stars, curves, np.array(times), search.found(), pictures)


def _profile(stars: NDArray[np.void]) -> tuple[float, float]:
    """Median FWHM and exponent of the stars."""
    good = stars[(stars["fwhm"] > 0) & (stars["beta"] > 1)]
    if not len(good):
        return USUAL_FWHM, USUAL_BETA
    return float(np.median(good["fwhm"])), float(np.median(good["beta"]))


def _groups(run: FinishedRun, wish: SeriesWish, hours: FloatArray) -> list[NDArray[np.int64]]:
    """The usable frames of each short stack, in order of time."""
    used = np.flatnonzero(frames_in_stack(run.context, run.state))
    order = np.argsort(hours, kind="stable")
    if wish.by_night:
        nights = np.array(run.state.nights)[used] if run.state.session.nights else nights_of(hours)
        return [used[nights == k] for k in dict.fromkeys(nights[order].tolist())]
    if wish.minutes is not None:
        number = np.floor((hours - hours.min()) * 60 / wish.minutes).astype(np.int64)
        return [used[number == k] for k in np.unique(number)]
    every = wish.every or max(len(used) // USUAL_STACKS, 1)
    return [np.sort(used[order[i: i + every]]) for i in range(0, len(used), every)]


def nights_of(hours: FloatArray) -> NDArray[np.int64]:
    """The night (n,) of times in hours (n,), numbered in order of time.

    A night ends at the middle of the longest part of the day in which no exposure was made on any date: the place of the
    telescope, and with it noon, need not be known.
    """
    of_day = np.sort(hours % 24)
    gaps = np.diff(np.append(of_day, of_day[0] + 24))
    longest = int(np.argmax(gaps))
    noon = of_day[longest] + gaps[longest] / 2
    return np.unique(np.floor((hours - noon) / 24), return_inverse=True)[1].astype(np.int64)


def _mjd(run: FinishedRun, members: NDArray[np.int64]) -> float:
    """The mean of the middles of the exposures of some frames."""
    infos = [run.state.frames.usable[i].info for i in members.tolist()]
    middles = [i.time.timestamp() + (i.exposure or 0) / 2 for i in infos if i.time is not None]
    return float(np.mean(middles)) / 86400 + MJD_OF_UNIX


def _short_stacks(run: FinishedRun, wish: SeriesWish, members: list[NDArray[np.int64]]) -> Iterator[tuple[FloatImage, ...]]:
    """Of each group: light above the sky (h, w), its variance with photon noise, and a small picture."""
    folder = run.folder("series/stacks") if wish.stacks else None
    for old in folder.glob("[0-9]*.fits") if folder is not None else ():
        old.unlink()  # of a series of more stacks
    for number, group in enumerate(members, 1):
        job = run.job(group)
        stack = reconstruct(run.context, job)[0]
        if folder is not None:
            data = picture_of(run.state.plan, stack.mean)
            what = f"short stack {number} of {len(members)}: weighted mean of {len(group)} frames"
            fits_io.write(folder / f"{number:04d}.fits", data, run.header(data, what, group))
        light = above_sky(job, stack.mean)
        variance = photon_variance(job, stack, light).mean(axis=0) / len(stack.variance)
        step = -(-max(light.shape[-2:]) // 360)
        yield light.mean(axis=0), variance, light[:, ::step, ::step]
        run.context.progress(number, len(members), "short stacks")


def _written(run: FinishedRun, job: StackJob, stars: NDArray[np.void], curves: LightCurves, times: FloatArray,
             transients: list[Transient], pictures: list[NDArray[np.float32]]) -> SeriesResult:
    folder, plan = run.folder("series"), job.plan
    found = stack_wcs(run.directory)
    wcs = found[0] if found is not None and found[1] == plan.shape else None
    places = np.stack([stars["x"], stars["y"]], 1) * plan.step + plan.centers[0]

    def sky(x: float, y: float) -> tuple[Any, Any]:
        if wcs is None:
            return None, None
        world = wcs.pixel_to_world(x, y)
        return float(world.ra.deg), float(world.dec.deg)

    rows = [(k + 1, *places[k], *sky(*places[k]), stars["flux"][k] * FULL_SCALE, curves.scatter[k], curves.expected[k],
             curves.significance[k], bool(curves.variable[k])) for k in range(len(stars))]
    files = {name: folder / f"{name}.csv" for name in ("stars", "light_curves", "transients")}
    write_table(files["stars"], ("star", "x_px", "y_px", "ra_deg", "dec_deg", "flux_adu", "scatter_mag", "expected_mag",
                                 "significance", "variable"), rows)
    write_table(files["light_curves"], ("star", "mjd", "magnitude", "error"),
                [(k + 1, times[j], curves.magnitude[k, j], curves.error[k, j]) for k in range(len(stars))
                 for j in range(len(times)) if np.isfinite(curves.magnitude[k, j])])
    scaled = [t.on_stack(plan.step, plan.centers[0]) for t in transients]
    write_table(files["transients"], ("x_px", "y_px", "ra_deg", "dec_deg", "first_mjd", "last_mjd", "stacks", "flux_adu",
                                      "significance"),
                [(t.x, t.y, *sky(t.x, t.y), times[t.first], times[t.last], t.images, t.flux * FULL_SCALE, t.significance)
                 for t in scaled])
    files["plot"] = folder / "light_curves.svg"
    draw_curves(files["plot"], curves, times, np.asarray(stars["flux"], np.float64))
    files["animation"] = folder / "series.webp"
    chosen = np.unique(np.linspace(0, len(pictures) - 1, min(len(pictures), MOST_PICTURES)).round().astype(int))
    write_animation(files["animation"], [pictures[i] for i in chosen], times[chosen],
                    top_down=run.state.session.lights[0].top_down)
    files["facts"] = folder / "series.json"
    write_json(files["facts"], {"stacks": len(times), "stars": len(stars), "variables": int(curves.variable.sum()),
                                "transients": len(transients), "zero_points": curves.zero.tolist(), "mjd": times.tolist()})
    return SeriesResult(files, curves, places, times, scaled)

