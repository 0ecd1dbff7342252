"""Flats of the night of the lights: dust moves between sessions, so flats of several nights are not averaged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from orchestrator.message import Message
from orchestrator.session.model import Exclusion, FrameInfo

__all__ = ["flats_of_night", "nights_of_lights"]

# Flats at most this long before the first or after the last light belong to the night: twilight of evening and morning.
SAME_NIGHT = timedelta(hours=10)
# A pause longer than this between lights, or between flats, separates nights.
NIGHT_GAP = timedelta(hours=8)
# Difference of sensor temperature (C) that separates sessions of flats if their times are not known.
TEMPERATURE_GAP = 15.0


def nights_of_lights(lights: Sequence[FrameInfo]) -> list[list[FrameInfo]]:
    """The lights split at pauses longer than :data:`NIGHT_GAP`; those without a time join the first night."""
    timed = [i for i in lights if i.time is not None]
    nights = _split(timed)
    untimed = [i for i in lights if i.time is None]
    if not nights:
        return [untimed] if untimed else []
    nights[0] = untimed + nights[0]
    return nights


def flats_of_night(flats: Sequence[FrameInfo], lights: Sequence[FrameInfo], excluded: list[Exclusion],
                   warnings: list[str]) -> list[FrameInfo]:
    """The flats of the night of ``lights``, else those of the night nearest in time; the others are excluded.

    Without times, sessions are distinguished by the temperature of the sensor. If it is not known which flats belong to the
    lights, those of the most recent session are used, and a warning is added.
    """
    sessions = _split([i for i in flats if i.time is not None])
    if len(sessions) < 2:
        return _by_temperature(flats, lights, excluded) if not sessions else list(flats)
    times = sorted(i.time for i in lights if i.time is not None)
    if not times:
        kept = sessions[-1]
        warnings.append(Message("The flats are of several sessions ({sessions} to {sessions2}) and the headers of the lights "
                                "contain no time (DATE-OBS): the flats of {kept} are used. Move the flats of other sessions to "
                                "another folder if these do not match.", sessions=_date(sessions[0]),
                                sessions2=_date(sessions[-1]), kept=_date(kept)))
    else:
        kept = [i for s in sessions for i in s if _away(i, times) <= SAME_NIGHT]
        kept = kept or min(sessions, key=lambda s: min(_away(i, times) for i in s))
    used = {i.path for i in kept}
    excluded += [Exclusion(i.path, Message("this flat was taken {value}; those of {kept} are nearest to the lights in time",
                                           value=_when(i), kept=_date(kept)))
                 for i in flats if i.path not in used]
    return [i for i in flats if i.path in used]


def _split(frames: Sequence[FrameInfo]) -> list[list[FrameInfo]]:
    ordered = sorted(frames, key=lambda i: i.time or datetime.min)
    parts: list[list[FrameInfo]] = []
    for info in ordered:
        last = parts[-1][-1].time if parts else None
        if last is None or info.time is None or info.time - last > NIGHT_GAP:
            parts.append([])
        parts[-1].append(info)
    return parts


def _away(flat: FrameInfo, times: Sequence[datetime]) -> timedelta:
    """Time between a flat and the nearest end of the night of the lights, 0 within it."""
    if flat.time is None:
        return timedelta.max
    return max(times[0] - flat.time, flat.time - times[-1], timedelta(0))


def _date(flats: Sequence[FrameInfo]) -> str:
    return next((f"{i.time:%Y-%m-%d}" for i in flats if i.time is not None), "an unknown date")


def _when(flat: FrameInfo) -> str:
    if flat.time is None:
        return "at an unknown time"
    return f"on {flat.time:%Y-%m-%d}" + (f" at {flat.temperature:g} C" if flat.temperature is not None else "")


def _by_temperature(flats: Sequence[FrameInfo], lights: Sequence[FrameInfo], excluded: list[Exclusion]) -> list[FrameInfo]:
    """Flats without times: those of the session whose sensor temperature is nearest to that of the lights."""
    wanted = [i.temperature for i in lights if i.temperature is not None]
    ordered = sorted({i.temperature for i in flats if i.temperature is not None})
    sessions: list[list[float]] = []
    for value in ordered:
        if not sessions or value - sessions[-1][-1] > TEMPERATURE_GAP:
            sessions.append([])
        sessions[-1].append(value)
    if not wanted or len(sessions) < 2:
        return list(flats)
    middle = float(np.median(wanted))
    nearest = set(min(sessions, key=lambda s: min(abs(v - middle) for v in s)))
    excluded += [Exclusion(i.path, Message("this flat was taken at {temperature:g} C; those of another session are nearer to "
                                           "the {middle:g} C of the lights", temperature=i.temperature,
                                           middle=middle)) for i in flats if i.temperature is not None
                 and i.temperature not in nearest]
    return [i for i in flats if i.temperature is None or i.temperature in nearest]
