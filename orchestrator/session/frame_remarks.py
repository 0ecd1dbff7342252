"""What is unusual about raw frames compared with the other frames of their filter: clouds, poor seeing, trailed stars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from orchestrator.session.quick_look import FrameLook
from tilecore.numerics.statistics import mad_sigma

__all__ = ["Remark", "frame_remarks", "transparencies"]

Kind = Literal["fwhm", "stars", "roundness", "background", "noise", "transparency"]
# Of each quantity: the sign of the unusual direction, and the least relative difference from the median that is worth a remark.
WORSE: dict[Kind, tuple[int, float]] = {"transparency": (-1, 0.2), "fwhm": (1, 0.15), "roundness": (-1, 0.08), "stars": (-1, 0.4),
                                        "background": (1, 0.3), "noise": (1, 0.25)}
# Deviation from the median (sigma of the frames) from which a frame is unusual.
UNUSUAL = 3.5
# Frames of which most are usual, at least; and stars of a frame from which its transparency is measured.
MIN_FRAMES, MIN_STARS = 5, 5
# The most transparent frames, whose star light counts as 1.
CLEAREST = 95  # percentile


@dataclass(frozen=True)
class Remark:
    """One unusual quantity of a frame: its ``value`` and the ``usual`` one, in the unit of :class:`FrameLook`."""

    kind: Kind
    value: float
    usual: float


def transparencies(looks: Sequence[FrameLook]) -> list[float | None]:
    """The star light of each frame relative to the clearest frames (1), None if it has too few stars.

    The frames show about the same field, so that stars of equal rank in brightness are compared: their order hardly changes with
    transparency, and a star that leaves the field moves the others by one rank only. The median over the ranks is taken.
    """
    count = max((len(look.rates) for look in looks), default=0)
    logs = np.full((len(looks), count), np.nan)
    for row, look in zip(logs, looks, strict=True):
        row[: len(look.rates)] = np.log(np.maximum(look.rates, 1e-9))
    # A rank that few frames have is that of the clear ones only.
    logs = logs[:, np.count_nonzero(np.isfinite(logs), axis=0) >= max(len(looks) / 2, 1)]
    known = np.count_nonzero(np.isfinite(logs), axis=1) >= MIN_STARS
    if not known.any():
        return [None] * len(looks)
    usual = np.nanmedian(logs[known], axis=0)
    light = np.full(len(looks), np.nan)
    light[known] = np.exp(np.nanmedian(logs[known] - usual, axis=1))
    light /= np.nanpercentile(light, CLEAREST)
    return [float(v) if np.isfinite(v) else None for v in light]


def frame_remarks(looks: Sequence[FrameLook], light: Sequence[float | None]) -> list[tuple[Remark, ...]]:
    """The remarks about each frame of one filter and exposure. ``light``: see :func:`transparencies`."""
    found: list[list[Remark]] = [[] for _ in looks]
    for kind, (sign, least) in WORSE.items():
        values = np.array([np.nan if v is None else v for v in (light if kind == "transparency" else
                                                              [getattr(look, kind) for look in looks])], np.float64)
        if np.count_nonzero(np.isfinite(values)) < MIN_FRAMES:
            continue
        usual = float(np.nanmedian(values))
        for number in np.flatnonzero(_unusual(sign * values, sign * usual, least * abs(usual))):
            found[number].append(Remark(kind, float(values[number]), usual))
    return [tuple(of_frame) for of_frame in found]


def _unusual(values: NDArray[np.float64], usual: float, least: float) -> NDArray[np.bool_]:
    """Which values exceed the usual one, by ``least`` and by more than the spread of the frames explains."""
    spread = float(mad_sigma(values[np.isfinite(values)], usual))
    return np.asarray(values - usual > max(least, UNUSUAL * spread))
