"""Check of brightness and colour: the fluxes of stars in single frames, measured without the fit that scales the frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orchestrator.checks.record import Check, Problem, not_measured, passed_or_failed
from orchestrator.checks.star_sample import StarSample
from orchestrator.message import Message
from orchestrator.stacking.channels import green_channel
from orchestrator.stacking.scale_check import ScaleCheck
from tilecore.numerics.statistics import median_and_error

__all__ = ["scale"]

FloatArray = NDArray[np.float64]

# Largest deviation of the brightness of a frame from that of the stack, and of its colour, as fractions, beyond ERRORS standard
# errors.
LIMIT = 0.03
COLOUR_LIMIT = 0.03
ERRORS = 4.0
LEAST_STARS = 5
LEAST_ERROR = 0.003


def scale(sample: StarSample, channels: tuple[str, ...], files: tuple[str, ...], panel_error: float | None,
          held_out: ScaleCheck | None = None) -> Check:
    """Brightness of each frame of the sample relative to the stack, in each channel.

    ``panel_error`` is the error of the scale of the panels of a mosaic that the program states, None without a mosaic;
    ``held_out`` the comparison of panels or nights on stars that the scaling left out.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = sample.frames / sample.stack
    frames, count = len(files), len(channels)
    level, error = np.full((frames, count), np.nan), np.full((frames, count), np.nan)
    for k in range(frames):
        for c in range(count):
            good = ratio[k, c][np.isfinite(ratio[k, c])]
            if len(good) >= LEAST_STARS:
                level[k, c], scatter = median_and_error(good)
                error[k, c] = max(scatter, LEAST_ERROR)
    if not np.isfinite(level).any():
        return not_measured("scale", Message("fewer than {least_stars} bright unsaturated isolated stars in single frames",
                                             least_stars=LEAST_STARS))
    allowed = LIMIT + (panel_error or 0.0)
    deviation = np.maximum(np.abs(level - 1) - ERRORS * error, 0)
    problems = []
    for k in map(int, np.flatnonzero((np.nan_to_num(deviation) > allowed).any(axis=1))):
        c = int(np.nanargmax(deviation[k]))
        problems.append(Problem(float(deviation[k, c]), allowed,
                                Message("the stars of {files} are {level:.3f} times as bright as in the stack (channel "
                                        "{channels})", files=files[k], level=level[k, c], channels=channels[c]),
                                "Leave the frame out with --exclude, or look at clouds and at its flat.", (files[k],)))
    problems += _groups(held_out, channels, allowed)
    if count >= 3:
        problems += _colours(level, error, channels, files)
    return passed_or_failed(
        "scale", "of the flux", float(np.nanmedian(np.abs(level - 1))), allowed, problems,
        {"kind": "curve", "lines": [{"name": n, "x": list(range(1, frames + 1)), "y": _rounded(level[:, c])}
                                    for c, n in enumerate(channels)], "xunit": "frame of the sample", "unit": "frame / stack",
         "points": True},
        {"held_out": [] if held_out is None else held_out.as_rows(),
         "files": list(files), "level": _rounded(level), "error": _rounded(error), "channels": list(channels)})


def _groups(held_out: ScaleCheck | None, channels: tuple[str, ...], allowed: float) -> list[Problem]:
    """Panels or nights whose stars left out of the scaling differ from those of the others."""
    if held_out is None:
        return []
    found = []
    for k, first in enumerate(held_out.first):
        for c, channel in enumerate(channels):
            residual, error = float(held_out.residual[c, k]), float(held_out.error[c, k])
            if np.isfinite(residual) and np.isfinite(error) and abs(residual) - ERRORS * error > allowed:
                found.append(Problem(abs(residual), allowed,
                                     Message("stars left out of the scaling are {residual:+.1f} % brighter in channel "
                                             "{channel} of the frames from {first} on than in the others",
                                             residual=100 * residual, channel=channel, first=first),
                                     "More frames or wider overlaps there would reduce the error; check their focus.", (first,)))
    return found


def _colours(level: FloatArray, error: FloatArray, channels: tuple[str, ...], files: tuple[str, ...]) -> list[Problem]:
    """Frames whose channels deviate from one another: their stars have another colour than in the stack."""
    green = green_channel(channels)
    found = []
    for c, name in enumerate(channels):
        if name.startswith("G"):
            continue
        colour = level[:, c] / level[:, green] - 1
        beyond = np.maximum(np.abs(colour) - ERRORS * np.hypot(error[:, c], error[:, green]), 0)
        for k in np.flatnonzero(np.nan_to_num(beyond) > COLOUR_LIMIT):
            found.append(Problem(float(beyond[k]), COLOUR_LIMIT,
                                 Message("{name}/{channels} of the stars of {files} differs by {colour:+.1f} % from that in "
                                         "the stack", name=name, channels=channels[green], files=files[k],
                                         colour=100 * colour[k]),
                                 "Check whether the frames have one filter and one focus; stack the parts separately.",
                                 (files[k],)))
    return found


def _rounded(values: FloatArray) -> list[object]:
    result: list[object] = np.round(values, 4).tolist()
    return result
