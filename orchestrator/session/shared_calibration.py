"""Calibration frames of other nights and masters of the library, for sessions without matching ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from orchestrator.config.settings import RunConfig
from orchestrator.message import Message
from orchestrator.session.filter_names import same_filter
from orchestrator.session.matching import SAME_EXPOSURE, rotator_difference, same_camera
from orchestrator.session.model import FrameInfo, Role

__all__ = ["Borrowed", "Spare", "borrow", "mismatches", "tolerances"]


@dataclass(frozen=True)
class Spare:
    """Calibration frames of one role that other sessions may use. ``origin`` names their source; ``master``: they are masters,
    not raw frames."""

    role: Role
    origin: str
    frames: tuple[FrameInfo, ...]
    master: bool = False


@dataclass(frozen=True)
class Borrowed:
    """Matching frames of ``origin``, or one master; ``note`` reports them to the user."""

    frames: tuple[FrameInfo, ...]
    origin: str
    master: bool
    note: str


def tolerances(config: RunConfig) -> dict[str, str]:
    """The properties that must match for frames to be shared, and how closely, in words."""
    limits = config.input
    return {"camera": "the same", "size and binning": "the same", "gain": "the same", "offset": "the same",
            "exposure of darks": f"within {100 * SAME_EXPOSURE:g} %",
            "temperature of darks": f"within {limits.temperature_tolerance:g} C", "filter of flats": "the same",
            "rotator of flats": Message("within {rotation_tolerance:g} deg", rotation_tolerance=limits.rotation_tolerance)}


def mismatches(role: Role, frame: FrameInfo, lights: Sequence[FrameInfo], config: RunConfig) -> list[str]:
    """The reasons why a calibration frame does not match the lights, empty if it does. Missing header values match.

    For dark-flats ``lights`` are the flats.
    """
    light = lights[0]
    reasons: list[str] = []
    if frame.shape[-2:] != light.shape[-2:] or frame.binning != light.binning or (frame.cfa and frame.cfa != light.cfa):
        reasons.append(Message("{shape}x{shape2} {cfa} for {shape3}x{shape4} {cfa2}", shape=frame.shape[-1],
                               shape2=frame.shape[-2], cfa=frame.cfa or "mono", shape3=light.shape[-1], shape4=light.shape[-2],
                               cfa2=light.cfa or "mono"))
    if not same_camera(frame.camera, light.camera):
        reasons.append(Message("camera {camera} for {camera2}", camera=frame.camera, camera2=light.camera))
    if role is Role.FLAT:
        return reasons + _flat_mismatches(frame, light, config)
    for name in ("gain", "offset"):
        given, wanted = getattr(frame, name), getattr(light, name)
        if None not in (given, wanted) and given != wanted:
            reasons.append(Message("{name} {given:g} for {wanted:g}", name=name, given=given, wanted=wanted))
    if role is Role.BIAS:
        return reasons
    exposure, temperature = _usual(i.exposure for i in lights), _usual(i.temperature for i in lights)
    if None not in (frame.exposure, exposure) and abs(frame.exposure - exposure) > SAME_EXPOSURE * exposure:  # type: ignore[operator]
        reasons.append(Message("{exposure:g} s for {exposure2:g} s", exposure=frame.exposure, exposure2=exposure))
    limit = config.input.temperature_tolerance
    if role is Role.DARK and None not in (frame.temperature, temperature) \
            and abs(frame.temperature - temperature) > limit:  # type: ignore[operator]
        reasons.append(Message("{temperature:g} C for {temperature2:g} C", temperature=frame.temperature,
                               temperature2=temperature))
    return reasons


def _flat_mismatches(frame: FrameInfo, light: FrameInfo, config: RunConfig) -> list[str]:
    reasons: list[str] = []
    if frame.filter and light.filter and not same_filter(frame.filter, light.filter):
        reasons.append(Message("filter {filter} for {filter2}", filter=frame.filter, filter2=light.filter))
    if rotator_difference(frame, light) > config.input.rotation_tolerance:
        reasons.append(Message("rotator at {rotation:g} deg for {rotation2:g} deg", rotation=frame.rotation,
                               rotation2=light.rotation))
    return reasons


def borrow(role: Role, own: Sequence[FrameInfo], lights: Sequence[FrameInfo], flats: Sequence[FrameInfo],
           spare: Sequence[Spare], config: RunConfig) -> Borrowed | None:
    """The frames of another night, or the master of the library, to use in place of ``own``; None if these match, or nothing else
    does. ``spare`` is searched in order: first the nights (for flats the nearest in time first), then the library.
    """
    targets = flats if role is Role.DARKFLAT else lights
    if not targets or any(not mismatches(role, i, targets, config) for i in own):
        return None
    for other in sorted(spare, key=lambda s: (s.master, _days_apart(s, lights) if role is Role.FLAT else 0.0)):
        fitting = tuple(i for i in other.frames if not mismatches(role, i, targets, config)) if other.role is role else ()
        if not fitting:
            continue
        first = fitting[0]
        if other.master:
            return Borrowed((first,), other.origin, True, Message(
                "The master {role} {name} comes from {origin}{how}.", role=role.value, name=first.path.name, origin=other.origin,
                how=_properties(role, first)))
        return Borrowed(fitting, other.origin, False,
                        Message("{count} {role} frames of {origin} are used{how}.", count=len(fitting), role=role.value,
                                origin=other.origin, how=_properties(role, first)))
    return None


def _days_apart(other: Spare, lights: Sequence[FrameInfo]) -> float:
    """Days between the flats of another night and the lights, 0 if unknown. Dust moves: the nearest night is best."""
    times = [[i.time for i in part if i.time is not None] for part in (other.frames, lights)]
    if not all(times):
        return 0.0
    one, two = (sorted(part)[len(part) // 2] for part in times)
    return abs((one - two).total_seconds()) / 86400


def _properties(role: Role, info: FrameInfo) -> str:
    """The properties on which frames of a role are matched, in parentheses."""
    parts = []
    if role is Role.FLAT:
        parts += [f"filter {info.filter}"] if info.filter else []
        parts += [Message("rotator {rotation:g} deg", rotation=info.rotation)] if info.rotation is not None else []
    else:
        parts += [f"gain {info.gain:g}"] if info.gain is not None else []
        parts += [f"{info.exposure:g} s"] if info.exposure is not None and role is not Role.BIAS else []
        parts += [f"{info.temperature:g} C"] if info.temperature is not None and role is Role.DARK else []
    return f" ({', '.join(parts)})" if parts else ""


def _usual(values: Iterable[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return float(np.median(known)) if known else None
