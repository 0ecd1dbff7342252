"""Where a comet is in each frame: from places that the user gives, from cards of the headers, or from the frames themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from astropy import units
from astropy.coordinates import SkyCoord
from astropy.wcs import WCS
from numpy.typing import NDArray

from orchestrator.derived.finished_run import FinishedRun
from orchestrator.engines.base import Frame
from orchestrator.errors import ConfigError, InputError
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.io.wcs_header import read_wcs
from orchestrator.report.files import RunFiles
from orchestrator.rundir.output_files import STAGES
from orchestrator.stacking.exclusions import find_frame
from tilecore.detect.moving_objects import Motion, fit_motion

__all__ = ["Position", "motion_from_cards", "motion_from_positions", "stack_wcs"]

FloatArray = NDArray[np.float64]
PIXEL = re.compile(r"\s*(-?\d+(?:\.\d*)?)\s*,\s*(-?\d+(?:\.\d*)?)\s*")
# Distance (px) from a straight line that positions in headers may have to be those of a moving object.
STRAIGHT = 3.0


@dataclass(frozen=True)
class Position:
    """``when``: a file name of a light, or a time (UTC, ISO); ``where``: "X,Y", a pixel of that light, or of the stack for a
    time; or "RA,DEC" with units, such as "10h12m03s,+12d03m"."""

    when: str
    where: str


def motion_from_positions(run: FinishedRun, positions: tuple[Position, ...], hours: FloatArray) -> Motion:
    """The straight motion through two or more places.

    ``hours`` (N,) are the middles of the exposures of the frames. The motion is in pixels of the channel grid.

    Raises
    ------
    ConfigError : fewer than two times, or a time or place that cannot be read.
    """
    times, places = zip(*(_read(run, p, hours) for p in positions), strict=True) if positions else ((), ())
    if len({round(t, 6) for t in times}) < 2:
        raise ConfigError("Two positions at different times are needed.",
                          "Give --position twice: FILE X,Y of the nucleus in one of the first and one of the last lights.")
    return fit_motion(np.array(times), np.array(places))


def _read(run: FinishedRun, position: Position, hours: FloatArray) -> tuple[float, FloatArray]:
    usable = run.state.frames.usable
    frame: Frame | None = None
    time = _time(position.when)
    if time is None:
        frame = find_frame(run.state.frames, position.when)
        if frame.index not in {f.index for f in usable}:
            raise ConfigError(f"--position {position.when}: this light is not in the stack ({frame.reason}).",
                              "Choose another light.")
        hour = float(hours[[f.index for f in usable].index(frame.index)])
    else:
        known, info = next((h, f.info) for h, f in zip(hours, usable, strict=True) if np.isfinite(h) and f.info.time is not None)
        assert info.time is not None
        middle = info.time.timestamp() + (info.exposure or 0) / 2
        hour = float(known) + (time.timestamp() - middle) / 3600
    match = PIXEL.fullmatch(position.where)
    if match is None:
        return hour, sky_to_channel(run, _coordinates(position.where))
    point = np.array([[float(match[1]), float(match[2])]])
    plan = run.state.plan
    if frame is not None:
        return hour, plan.on_channel(frame, point)[0]
    return hour, np.asarray((point[0] - plan.centers[0]) / plan.step)


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _coordinates(text: str) -> SkyCoord:
    try:
        ra, dec = text.split(",")
        return SkyCoord(ra.strip(), dec.strip(), unit=(units.deg, units.deg))
    except ValueError:  # those of astropy too
        raise ConfigError(f"The position {text!r} cannot be read.",
                          "Give X,Y in pixels, or RA,DEC with units, such as 10h12m03s,+12d03m00s or 153.01d,12.05d.") from None


def stack_wcs(directory: Path) -> tuple[WCS, tuple[int, int]] | None:
    """The WCS of the stack of a run, and its shape (rows, columns); None if it was not solved."""
    files = RunFiles(directory)
    for stage in STAGES:
        path = files.output(f"{stage}.fits")
        if path is not None and path.is_file():
            wcs = read_wcs(fits_io.read_header(path))
            if wcs is not None:
                rows, columns = fits_io.image_layout(path).shape[-2:]
                return wcs.celestial, (rows, columns)
    return None


def sky_to_channel(run: FinishedRun, where: SkyCoord) -> FloatArray:
    """(2,) pixel of the channel grid of a place on the sky. Raises InputError if the stack was not solved."""
    found = stack_wcs(run.directory)
    if found is None:
        raise InputError(f"The stack of {run.directory.name} has no WCS, so positions on the sky cannot be used.",
                         "Give positions in pixels, or solve it: `orchestrate resume RUN --from-phase ASTROMETRY`.")
    wcs, shape = found
    pixel = np.array([float(v) for v in wcs.world_to_pixel(where)])
    plan = run.state.plan
    factor = plan.shape[1] / shape[1]  # superpixels
    return np.asarray(((pixel + 0.5) * factor - 0.5 - plan.centers[0]) / plan.step)


def motion_from_cards(run: FinishedRun, cards: tuple[str, str], hours: FloatArray) -> Motion:
    """The motion through the coordinates of the object in two cards of the header of each light, such as those that a mount
    writes that follows the object.

    Raises
    ------
    InputError : no light has them, they do not move, or the stack has no WCS.
    """
    times, places = [], []
    for hour, frame in zip(hours, run.state.frames.usable, strict=True):
        header = frame_files.read_header(frame.info.path)
        if cards[0] in header and cards[1] in header:
            ra, dec = header[cards[0]], header[cards[1]]
            hourly = isinstance(ra, str) and "d" not in ra
            where = SkyCoord(ra, dec, unit=(units.hourangle if hourly else units.deg, units.deg))
            times.append(float(hour))
            places.append(sky_to_channel(run, where))
    if len(times) < 2:
        raise InputError(f"{len(times)} of the lights have the cards {cards[0]} and {cards[1]}.",
                         "Name the cards that hold the coordinates of the comet, or give --position twice.")
    found = np.array(places)
    motion = fit_motion(np.array(times), found, 2 if len(times) > 5 else 1)
    if np.hypot(*np.ptp(found, axis=0)) < 1:
        raise InputError(f"The cards {cards[0]} and {cards[1]} name the same place in all lights.",
                         "They are those of a fixed target: give --position twice.")
    if motion.scatter > STRAIGHT:
        raise InputError(f"The places in the cards {cards[0]} and {cards[1]} scatter by {motion.scatter:.1f} px about a smooth "
                         "motion.", "They are not those of a comet: give --position twice.")
    return motion
