"""Where a light belongs among the panels of a live stack: by the stars that it shares with them; headers show where to begin.

A light belongs to a panel if its centre is within a third of a frame of that of the panel's reference. Few stars in common may
agree by chance: they must not contradict the header, or the stars of another panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.native.overlap import MOSAIC_SPREAD
from orchestrator.engines.native.pointing import CONTRADICTS, cameras_of, pointing_of
from orchestrator.engines.native.registration import match_all
from orchestrator.live.add_frame import MIN_STARS, MeasuredLight
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo
from tilecore.detect.metrics import FrameMeasurement
from tilecore.register.align import CERTAIN_INLIERS, Alignment, apply
from tilecore.register.lens import Lens

__all__ = ["Field", "Located", "Place", "locate"]

# Stars in common from which a match is believed against headers and other panels.
BELIEVED = CERTAIN_INLIERS
# Distance of the places that two panels give to a light, as a share of its diagonal, from which they contradict each other.
ELSEWHERE = 0.05
# Distance in the headers, in diagonals, within which a light should show the field of a panel.
SAME_FIELD = 0.2


@dataclass(frozen=True)
class Place:
    """Where a panel is in the mosaic: ``matrix`` (3x3) from its ideal pixels to the plane of the first panel, and its lens."""

    matrix: NDArray[np.float64]
    lens: Lens | None

    def of(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 2) places on the plane of pixels (n, 2) of the panel."""
        return apply(self.matrix, points if self.lens is None else self.lens.ideal(points))


class Field(Protocol):
    """What a light can belong to: a panel, or lights that wait to become one."""

    @property
    def lead(self) -> tuple[FrameInfo, FrameMeasurement]:
        """The light that shows the field."""
        ...

    @property
    def started(self) -> bool:
        """Whether it is a panel with a stack."""
        ...

    @property
    def label(self) -> str:
        """Its name in messages."""
        ...

    @property
    def place(self) -> Place | None:
        """Its place in the mosaic, if it is known."""
        ...


@dataclass(frozen=True)
class Located:
    """The ``home`` of a light, None if it shows a new field; ``touches``: its stars agree with those of another field, at a
    distance. ``reason`` is why it cannot be used, "" if it can."""

    home: Field | None = None
    touches: bool = False
    reason: str = ""


@dataclass(frozen=True)
class _Match:
    field: Field
    found: Alignment
    apart: float
    centre: NDArray[np.float64]


def locate(light: MeasuredLight, fields: Sequence[Field], usual: float, context: RunContext) -> Located:
    """Find the field that a light shows.

    Parameters
    ----------
    fields : in the order in which they are tried if the headers do not show which is nearest.
    usual : the number of stars that lights usually show.
    """
    away = np.array([_away(light.info, f.lead[0]) for f in fields])
    order = np.argsort(np.nan_to_num(away, nan=0.0), kind="stable")
    matches: list[_Match] = []
    reasons: dict[int, str] = {}
    near = [int(k) for k in order if not away[k] > CONTRADICTS]
    for part in (near, [int(k) for k in order if int(k) not in near]):  # the others only if the headers are wrong
        for k in part:
            one = _matched(light, fields[k], context)
            if isinstance(one, str):
                reasons[k] = one
            elif one.apart <= MOSAIC_SPREAD and one.found.inliers >= BELIEVED:
                return Located(one.field)
            else:
                matches.append(one)
        if matches:
            break
    inside = [m for m in matches if m.apart <= MOSAIC_SPREAD]
    if inside:
        best = min(inside, key=lambda m: m.apart)
        against = _contradiction(light, best, matches, float(away[list(fields).index(best.field)]))
        return Located(reason=against) if against else Located(best.field)
    if matches:
        return Located(touches=True)
    if light.measurement.star_count < MIN_STARS * usual:
        return Located(reason=Message("clouds: {star_count} stars detected, {usual:.0f} are usual",
                                      star_count=light.measurement.star_count, usual=usual))
    here = [k for k in near if away[k] <= SAME_FIELD and fields[k].started]
    return Located(reason=Message("it cannot be registered: {reasons}", reasons=reasons[here[0]])) if here else Located()


def _away(one: FrameInfo, other: FrameInfo) -> float:
    """Distance of two lights according to their headers, in diagonals; NaN if they do not have it."""
    if not one.scale or not other.scale:
        return float("nan")
    both = pointing_of((one, other), cameras_of((one, other), np.ones(2)))
    return both.between(0, 1) / float(both.diagonal.max())


def _matched(light: MeasuredLight, field: Field, context: RunContext) -> _Match | str:
    info, measurement = field.lead
    found = match_all([measurement, light.measurement], {}, np.ones(2), 0, context)[1]
    if isinstance(found, str):
        return found
    size, own = (np.array(i.shape[:-3:-1]) for i in (info, light.info))
    centre = apply(found.matrix, (own[None] - 1) / 2)
    return _Match(field, found, float(np.abs((centre[0] - (size - 1) / 2) / size).max()), centre)


def _contradiction(light: MeasuredLight, best: _Match, matches: Sequence[_Match], away: float) -> str:
    """Why a match with few stars is not believed, "" if nothing contradicts it."""
    stars = Message("{inliers} stars place it on {label}", inliers=best.found.inliers, label=best.field.label)
    if away > CONTRADICTS and best.found.inliers < BELIEVED:
        return Message("it cannot be registered: {stars}, its header {away:.1f} fields away from there", stars=stars, away=away)
    home = best.field.place
    limit = ELSEWHERE * float(np.linalg.norm(light.info.shape[-2:]))
    for other in matches:
        there = other.field.place
        if other is best or home is None or there is None or best.found.inliers >= 2 * other.found.inliers:
            continue
        if float(np.hypot(*(home.of(best.centre) - there.of(other.centre))[0])) > limit:
            return Message("it cannot be registered: {stars}, {inliers} on {label}, at another place", stars=stars,
                           inliers=other.found.inliers, label=other.field.label)
    return ""
