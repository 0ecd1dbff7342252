"""The results of GLOBAL_METRICS for each frame: its scores, the conditions found, and whether the selection keeps it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.selection_expression import CONDITIONS, FIELDS, Expression
from orchestrator.config.settings import Selection
from orchestrator.engines.base import Frame
from orchestrator.errors import ConfigError
from orchestrator.message import Message, joined
from orchestrator.stacking.sittings import time_order
from tilecore.detect.frame_conditions import Condition, Series, common_direction, conditions
from tilecore.detect.metrics import FrameMeasurement

__all__ = ["MIN_FRAMES", "FrameScore", "columns", "score_frames", "select"]

# Fewest frames for a stack with rejection.
MIN_FRAMES = 2


@dataclass(frozen=True)
class FrameScore:
    """One usable light. The fields are those of :data:`orchestrator.config.selection_expression.FIELDS`; NaN if unknown."""

    number: int
    file: str
    path: str
    time: str | None
    exposure: float
    temperature: float
    stars: int
    fwhm: float
    wfwhm: float
    roundness: float
    background: float
    noise: float
    transparency: float
    quality: float
    score: float
    trails: int
    residual: float
    rotation: float
    dx: float
    dy: float
    conditions: tuple[Condition, ...] = ()

    @property
    def notes(self) -> str:
        """The conditions in words, such as "clouds: 43 % of the light of the clearest frames, unsteadily"."""
        return joined("; ", (Message("{name}: {text}", name=c.name, text=c.reason) for c in self.conditions))

    def to_dict(self) -> dict[str, Any]:
        """All fields by name."""
        return asdict(self)


def score_frames(frames: Sequence[Frame], measurements: Sequence[FrameMeasurement], levels: dict[str, NDArray[np.floating]],
                 shape: tuple[int, int], beside: Sequence[int]) -> list[FrameScore]:
    """Score each frame. ``levels`` has background and noise (ADU), transparency, quality and score, each (channels, frames). The
    conditions of a frame are found by comparison, in order of time, with the frames of the same number in ``beside``: those that
    are comparable (:func:`orchestrator.stacking.sittings.comparable`) and, in a mosaic, of its panel."""
    mean = {name: np.asarray(array, np.float64).mean(axis=0) for name, array in levels.items()}
    directions = [common_direction(m.stars["theta"], m.stars["roundness"]) for m in measurements]
    series = Series(mean["transparency"], np.array([m.star_count for m in measurements], np.float64),
                    np.array([m.fwhm for m in measurements]), np.array([m.roundness for m in measurements]),
                    np.array([d[0] for d in directions]), np.array([d[1] for d in directions]))
    found_conditions: dict[int, tuple[Condition, ...]] = {}
    for group in sorted(set(beside)):
        members = np.flatnonzero(np.array(beside) == group)
        order, known = time_order([frames[int(i)] for i in members])
        members = members[order]
        found_conditions |= zip(members.tolist(), conditions(series[members], ordered=known), strict=True)
    found = []
    for i, (frame, m) in enumerate(zip(frames, measurements, strict=True)):
        dx, dy, rotation = _moved(frame, shape)
        info = frame.info
        level = {name: float(values[i]) for name, values in mean.items()}
        found.append(FrameScore(
            i + 1, info.path.name, str(info.path), info.time.isoformat() if info.time else None, _known(info.exposure),
            _known(info.temperature), m.star_count, m.fwhm, m.wfwhm, m.roundness, level["background"], level["noise"],
            level["transparency"], level["quality"], level["score"], len(m.trails), frame.residual, rotation, dx, dy,
            found_conditions[i]))
    return found


def _known(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _moved(frame: Frame, shape: tuple[int, int]) -> tuple[float, float, float]:
    """Distance of the frame's centre from that of the reference (x, y in px), and the rotation relative to it (degrees)."""
    x, y = (shape[1] - 1) / 2, (shape[0] - 1) / 2
    matrix = frame.transform
    u, v, w = matrix @ np.array([x, y, 1.0])
    return float(u / w - x), float(v / w - y), math.degrees(math.atan2(matrix[1, 0], matrix[0, 0]))


def columns(scores: Sequence[FrameScore]) -> dict[str, NDArray[np.float64]]:
    """Field or condition -> values (N,), for expressions."""
    found = {name: np.array([getattr(s, name) for s in scores], np.float64) for name in FIELDS}
    return found | {name: np.array([any(c.name == name for c in s.conditions) for s in scores], np.float64)
                    for name in CONDITIONS}


def select(scores: Sequence[FrameScore], settings: Selection) -> tuple[str, ...]:
    """For each frame the reason why the selection excludes it, "" for frames that it keeps. ``where`` is applied first; then
    ``keep_fraction`` keeps the best of the remaining frames, rounded to whole frames.

    Raises
    ------
    ConfigError : fewer than MIN_FRAMES frames are kept.
    """
    reasons = [""] * len(scores)
    if settings.where:
        expression, values = Expression(settings.where), columns(scores)
        for i in np.flatnonzero(~expression.holds(values)).tolist():
            reasons[i] = f"selection.where: {expression.why_not(i, values)}"
    left = [i for i, r in enumerate(reasons) if not r]
    if settings.keep_fraction < 1 and left:
        count = max(int(settings.keep_fraction * len(left) + 0.5 + 1e-9), 1)
        ranked = sorted(left, key=lambda i: (-np.nan_to_num(scores[i].score), i))
        for i in ranked[count:]:
            reasons[i] = Message("selection.keep_fraction: its score {score:.3f} is not among the best {keep_fraction:g} % "
                                 "(from {score2:.3f})", score=scores[i].score, keep_fraction=100 * settings.keep_fraction,
                                 score2=scores[ranked[count - 1]].score)
    kept = reasons.count("")
    if kept < MIN_FRAMES and any(reasons):
        raise ConfigError(Message("The selection leaves {kept} of {count} frames, {min_frames} are needed.", kept=kept,
                                  count=len(scores), min_frames=MIN_FRAMES),
                          "Loosen selection.where or selection.keep_fraction; `orchestrate frames SESSION --scored` shows "
                          "the scores.")
    return tuple(reasons)
