"""Which frames belong together: one group of lights, and the calibration frames that match it."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError
from orchestrator.session.model import Exclusion, FrameInfo, Role

__all__ = ["SAME_EXPOSURE", "SAME_FIELD", "group_key", "match_calibration", "name_of_object", "plain_name", "rotator_difference",
           "same_object", "split_lights", "warn_of_temperatures"]

logger = logging.getLogger(__name__)

GroupKey = tuple[Any, ...]
Trait = Literal["gain", "exposure", "temperature"]
UNITS: dict[Trait, str] = {"gain": "", "exposure": " s", "temperature": " C"}
# Relative difference up to which exposures count as equal: some programs write 59.99 for 60.
SAME_EXPOSURE = 0.02
# Distance (degrees) up to which two pointings show the same object, whatever name their headers give it.
SAME_FIELD = 0.5
# Fewer flats than this cause a warning about their noise.
MIN_FLATS = 3


def group_key(info: FrameInfo) -> GroupKey:
    """The properties that lights must share to be stacked together."""
    return info.shape, info.cfa, info.binning, info.gain, plain_name(info.filter)


def _description(info: FrameInfo) -> str:
    """Size, CFA pattern, binning, gain and filter of a frame, in words."""
    parts = [f"{info.shape[-1]}x{info.shape[-2]}", info.cfa or ("colour" if len(info.shape) == 3 else "mono")]
    if info.binning != (1, 1):
        parts.append(f"binning {info.binning[0]}x{info.binning[1]}")
    if info.gain is not None:
        parts.append(f"gain {info.gain:g}")
    if info.filter:
        parts.append(f"filter {info.filter}")
    return ", ".join(parts)


def split_lights(lights: list[FrameInfo], config: RunConfig, excluded: list[Exclusion],
                 warnings: list[str]) -> tuple[list[FrameInfo], list[dict[str, Any]]]:
    """The group of lights to stack, and a description of all groups; the other lights are excluded with the reason."""
    chosen_filter, chosen_object = config.input.filter, config.input.object
    candidates = lights
    traits: tuple[tuple[str, str | None, Callable[[FrameInfo], str | None]], ...] = (
        ("filter", chosen_filter, lambda i: i.filter), ("object", chosen_object, lambda i: i.object))
    for name, wanted, value in traits:
        if wanted is None:
            continue
        kept = [i for i in candidates if plain_name(value(i)) == plain_name(wanted)]
        if not kept:
            known = sorted({v for i in candidates if (v := value(i))})
            raise InputError(f"input.{name}: no light has the {name} {wanted!r}.",
                             f"There are: {', '.join(known)}." if known else f"The headers name no {name}.")
        # Lights of other filters belong to other runs: a single note reports them.
        excluded += [Exclusion(i.path, f"its {name} is {value(i) or 'not known'}, {wanted} was requested")
                     for i in candidates if i not in kept and not (name == "filter" and i.filter)]
        candidates = kept
    groups: dict[GroupKey, list[FrameInfo]] = defaultdict(list)
    for info in candidates:
        groups[group_key(info)].append(info)
    split = [part for group in groups.values() for part in _by_object(group)]
    ordered = sorted(split, key=lambda g: (-len(g), _description(g[0])))
    best = ordered[0]
    filters = sorted({i.filter for i in candidates if i.filter})
    for group in ordered[1:]:
        excluded += [_odd(i, group, best) for i in group]
    others = [g for g in ordered[1:] if group_key(g[0]) == group_key(best[0])]
    if others:
        listing = ", ".join(f"{name_of_object(g)} ({len(g)} lights)" for g in others)
        warnings.append(f"The lights show several objects; {name_of_object(best)} is stacked ({len(best)} lights), "
                        f"not {listing}. Choose with --set input.object=NAME.")
    if len(filters) > 1 and chosen_filter is None:
        rest = Counter(i.filter for i in candidates if i.filter and plain_name(i.filter) != plain_name(best[0].filter))
        listing = ", ".join(f"{name} ({count} light{'s' * (count != 1)})" for name, count in sorted(rest.items()))
        stacked = best[0].filter or "the group without a filter name"
        warnings.append(f"The lights have filters {', '.join(filters)}; {stacked} is stacked "
                        f"({len(best)} frames), not {listing}. Choose with --set input.filter=NAME.")
    exposures = Counter(i.exposure for i in best)
    if len(exposures) > 1:
        listing = ", ".join(f"{n} x {e:g} s" if e is not None else f"{n} unknown" for e, n in sorted(
            exposures.items(), key=lambda x: -x[1]))
        warnings.append(f"The lights differ in exposure ({listing}); they are scaled to a common level.")
    if best[0].cfa is None and len(best[0].shape) == 3:
        warnings.append("The lights are already debayered; their three colours are stacked as they are.")
    objects = [f", object {name}" if others and (name := name_of_object(g)) else "" for g in ordered]
    described = [{"lights": len(g), "what": _description(g[0]) + o, "chosen": g is best}
                 for g, o in zip(ordered, objects, strict=True)]
    return best, described


def _odd(info: FrameInfo, group: list[FrameInfo], best: list[FrameInfo]) -> Exclusion:
    """Exclusion of a light that is not in the chosen group."""
    if group_key(info) == group_key(best[0]):
        return Exclusion(info.path, f"it shows {name_of_object(group)}, the session {name_of_object(best)}",
                         f"Stack it with --set 'input.object={name_of_object(group)}'.")
    remedy = "Stack them in a separate run."
    if (info.filter or "") != (best[0].filter or "") and info.filter:
        remedy = f"Stack them with --set 'input.filter={info.filter}'."
    return Exclusion(info.path, f"it is {_description(info)}, the session is {_description(best[0])}", remedy)


def plain_name(name: str | None) -> str:
    """A filter or object name reduced for comparison: "M 31" and "m31" are equal."""
    return "".join(c for c in (name or "").lower() if c.isalnum())


def name_of_object(group: Sequence[FrameInfo]) -> str:
    """The most frequent object name of the lights, "" if none has one."""
    return Counter(i.object for i in group if i.object).most_common(1)[0][0] if any(i.object for i in group) else ""


def _by_object(group: list[FrameInfo]) -> list[list[FrameInfo]]:
    """The lights split by object, largest group first. Names at the same place in the sky are one object; lights without a name
    join the largest group."""
    parts: dict[str, list[FrameInfo]] = defaultdict(list)
    for info in group:
        parts[plain_name(info.object)].append(info)
    unnamed = parts.pop("", [])
    merged: list[list[FrameInfo]] = []
    for part in sorted(parts.values(), key=len, reverse=True):
        same = next((m for m in merged if _same_place(m, part)), None)
        if same is None:
            merged.append(part)
        else:
            same += part
    if not merged:
        return [unnamed]
    merged[0] += unnamed
    # In their original order, which is that of time.
    return [[i for i in group if i in part] for part in merged]


def same_object(one: Sequence[FrameInfo], other: Sequence[FrameInfo]) -> bool:
    """Whether two groups of lights show the same object, by name or position; True if the headers contain neither."""
    names = [plain_name(name_of_object(g)) for g in (one, other)]
    return not all(names) or names[0] == names[1] or _same_place(one, other)


def _same_place(one: Sequence[FrameInfo], other: Sequence[FrameInfo]) -> bool:
    unknown = [(np.nan, np.nan)]
    places = [np.median([i.sky_position for i in g if i.sky_position] or unknown, axis=0) for g in (one, other)]
    (ra1, dec1), (ra2, dec2) = places
    across = ((ra1 - ra2 + 180) % 360 - 180) * np.cos(np.radians(dec1))
    return bool(np.hypot(across, dec1 - dec2) < SAME_FIELD)


def match_calibration(role: Role, frames: list[FrameInfo], lights: list[FrameInfo], config: RunConfig,
                      excluded: list[Exclusion], warnings: list[str], *, masters: bool = False) -> list[FrameInfo]:
    """The frames (or masters) of a role that match the lights. Others are excluded; near misses cause a warning."""
    light = lights[0]
    fitting = []
    for info in frames:
        if info.shape[-2:] != light.shape[-2:] or info.binning != light.binning:
            excluded.append(Exclusion(info.path,
                                      f"this {role.value} is {_description(info)}, the lights are {_description(light)}",
                                      f"Give {role.value} frames of the same camera, binning and area."))
        else:
            fitting.append(info)
    if role is Role.FLAT and light.filter:
        same = [i for i in fitting if i.filter is None or i.filter.lower() == light.filter.lower()]
        if config.input.filter is None or not same:  # else they belong to runs of other filters
            excluded += [Exclusion(i.path, f"this flat is for the filter {i.filter}, the lights are {light.filter}")
                         for i in fitting if i not in same]
        if fitting and not same:
            warnings.append(f"None of the {len(fitting)} flats is for the filter {light.filter}: vignetting and dust stay.")
        fitting = same
    if role is Role.FLAT:
        fitting = _same_rotation(fitting, light, config.input.rotation_tolerance, excluded, warnings)
    if role in (Role.DARK, Role.BIAS):
        fitting = _closest(role, "gain", light.gain, 0.0, fitting, excluded)
    exposure, temperature = _usual(lights, "exposure"), _usual(lights, "temperature")
    if role is Role.DARK:
        fitting = _closest(role, "exposure", exposure, SAME_EXPOSURE * (exposure or 0), fitting, excluded)
        fitting = _closest(role, "temperature", temperature, config.input.temperature_tolerance, fitting, excluded)
    if fitting:
        _warn_mismatch(role, fitting, light, (exposure, temperature), config, warnings)
        if role is Role.FLAT and len(fitting) < MIN_FLATS and not masters:
            warnings.append(f"Only {len(fitting)} flat{'s' if len(fitting) > 1 else ''}: their noise enters every frame.")
    if frames:
        logger.info("%s %s: %d match the lights, %d left out", role.value, "masters" if masters else "frames", len(fitting),
                    len(frames) - len(fitting))
    return fitting


def rotator_difference(frame: FrameInfo, light: FrameInfo) -> float:
    """Difference in degrees between the rotator angles of two frames, 0 if a header lacks the angle."""
    if frame.rotation is None or light.rotation is None:
        return 0.0
    return abs((frame.rotation - light.rotation + 180) % 360 - 180)


def _same_rotation(flats: list[FrameInfo], light: FrameInfo, tolerance: float, excluded: list[Exclusion],
                   warnings: list[str]) -> list[FrameInfo]:
    """Flats with the rotator angle of the lights; all flats, and a warning, if there are none."""
    same = [i for i in flats if rotator_difference(i, light) <= tolerance]
    if flats and not same:
        warnings.append(f"The flats were taken with the rotator at {flats[0].rotation:g} deg, the lights at "
                        f"{light.rotation:g} deg ({flats[0].path.name}): vignetting and dust do not match.")
        return flats
    excluded += [Exclusion(i.path, f"this flat was taken with the rotator at {i.rotation:g} deg, the lights at "
                           f"{light.rotation:g} deg") for i in flats if i not in same]
    return same


def _usual(lights: list[FrameInfo], trait: Trait) -> float | None:
    known = [v for i in lights if (v := getattr(i, trait)) is not None]
    return float(np.median(known)) if known else None


def _closest(role: Role, trait: Trait, wanted: float | None, tolerance: float, frames: list[FrameInfo],
             excluded: list[Exclusion]) -> list[FrameInfo]:
    """The frames whose trait matches the lights; if none does, those with the nearest value.

    Frames with an unknown value are kept only if no value is known.
    """
    values: list[float | None] = [getattr(i, trait) for i in frames]
    known = [v for v in values if v is not None]
    if wanted is None or not known:
        return frames
    nearest = min(known, key=lambda v: abs(v - wanted))
    middle = wanted if abs(nearest - wanted) <= tolerance else nearest
    kept, unit = [], UNITS[trait]
    for info, value in zip(frames, values, strict=True):
        if value is not None and abs(value - middle) <= tolerance:
            kept.append(info)
            continue
        has = "not known" if value is None else f"{value:g}{unit}"
        reason = f"the {trait} of this {role.value} is {has}, {nearest:g}{unit} matches the lights better"
        excluded.append(Exclusion(info.path, reason))
    return kept


def _warn_mismatch(role: Role, frames: list[FrameInfo], light: FrameInfo, usual: tuple[float | None, float | None],
                   config: RunConfig, warnings: list[str]) -> None:
    first = frames[0]
    exposure, temperature = usual
    if role is Role.DARK:
        if first.exposure and exposure and abs(first.exposure - exposure) > SAME_EXPOSURE * exposure:
            warnings.append(f"The darks are {first.exposure:g} s, the lights {exposure:g} s ({first.path.name}): dark "
                            "current is not fully removed. Take darks of the same exposure.")
        tolerance = config.input.temperature_tolerance
        if first.temperature is not None and temperature is not None and abs(first.temperature - temperature) > tolerance:
            warnings.append(f"The darks were taken at {first.temperature:g} C, the lights at {temperature:g} C "
                            f"({first.path.name}); more than {tolerance:g} C apart.")
    if role in (Role.DARK, Role.BIAS) and None not in (first.gain, light.gain) and first.gain != light.gain:
        warnings.append(f"The {role.value} frames have gain {first.gain:g}, the lights {light.gain:g} ({first.path.name}).")
    if role in (Role.DARK, Role.BIAS) and None not in (first.offset, light.offset) and first.offset != light.offset:
        warnings.append(f"The {role.value} frames have offset {first.offset:g}, the lights {light.offset:g} ({first.path.name}).")
    if first.camera and light.camera and first.camera != light.camera:
        warnings.append(f"The {role.value} frames are of the camera {first.camera}, the lights of {light.camera} "
                        f"({first.path.name}).")


def warn_of_temperatures(lights: list[FrameInfo], tolerance: float, warnings: list[str]) -> None:
    """Warn of lights whose sensor temperature differs from that of the others: the darks do not match them."""
    usual = _usual(lights, "temperature")
    odd = [i for i in lights if i.temperature is not None and usual is not None and abs(i.temperature - usual) > tolerance]
    if odd:
        names = ", ".join(i.path.name for i in odd[:3]) + (" ..." if len(odd) > 3 else "")
        values = sorted({round(i.temperature) for i in odd if i.temperature is not None})
        span = f"{values[0]} C" if len(values) == 1 else f"{values[0]} to {values[-1]} C"
        warnings.append(f"{len(odd)} of {len(lights)} lights ({names}) were taken at {span}, the others at {usual:g} C: one dark "
                        "does not match both. Leave them out, or stack them separately with darks of their temperature.")
