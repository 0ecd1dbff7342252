"""Which frames belong together: one group of lights, and the calibration frames that fit it."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from orchestrator.config.models import RunConfig
from orchestrator.errors import InputError
from orchestrator.session.model import Exclusion, FrameInfo, Role

__all__ = ["match_calibration", "split_lights"]

GroupKey = tuple[Any, ...]


def _key(info: FrameInfo) -> GroupKey:
    return info.shape, info.cfa, info.binning, info.gain, (info.filter or "").lower()


def _tell(info: FrameInfo) -> str:
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
    """The group of lights to stack and a description of all groups; the rest is excluded with the reason."""
    chosen_filter, chosen_object = config.input.filter, config.input.object
    candidates = lights
    for name, wanted, value in (("filter", chosen_filter, lambda i: i.filter), ("object", chosen_object, lambda i: i.object)):
        if wanted is None:
            continue
        kept = [i for i in candidates if (value(i) or "").lower() == wanted.lower()]
        if not kept:
            known = sorted({value(i) for i in candidates if value(i)})
            raise InputError(f"input.{name}: no light has the {name} {wanted!r}.",
                             f"There are: {', '.join(known)}." if known else f"The headers name no {name}.")
        excluded += [Exclusion(i.path, f"its {name} is {value(i) or 'not known'}, {wanted} was asked for")
                     for i in candidates if i not in kept]
        candidates = kept
    groups: dict[GroupKey, list[FrameInfo]] = defaultdict(list)
    for info in candidates:
        groups[_key(info)].append(info)
    ordered = sorted(groups.values(), key=lambda g: (-len(g), _tell(g[0])))
    best = ordered[0]
    filters = sorted({i.filter for i in candidates if i.filter})
    for group in ordered[1:]:
        remedy = "Stack them in a run of their own."
        if (group[0].filter or "") != (best[0].filter or ""):
            remedy = f"Stack them with --set input.filter={group[0].filter}."
        excluded += [Exclusion(i.path, f"it is {_tell(i)}, the session is {_tell(best[0])}", remedy) for i in group]
    if len(filters) > 1 and chosen_filter is None:
        warnings.append(f"The lights have filters {', '.join(filters)}; {best[0].filter} is stacked ({len(best)} frames). "
                        "Choose with --set input.filter=NAME.")
    exposures = Counter(i.exposure for i in best)
    if len(exposures) > 1:
        told = ", ".join(f"{n} x {e:g} s" if e is not None else f"{n} unknown" for e, n in sorted(
            exposures.items(), key=lambda x: -x[1]))
        warnings.append(f"The lights differ in exposure ({told}); they are brought to one scale.")
    if best[0].cfa is None and len(best[0].shape) == 3:
        warnings.append("The lights have three colours already; they are stacked as they are.")
    described = [{"lights": len(g), "what": _tell(g[0]), "chosen": g is best} for g in ordered]
    return best, described


def match_calibration(role: Role, frames: list[FrameInfo], lights: list[FrameInfo], config: RunConfig,
                      excluded: list[Exclusion], warnings: list[str]) -> list[FrameInfo]:
    """The frames of a role that fit the lights; others are excluded, near misses are warned of."""
    light = lights[0]
    fitting = []
    for info in frames:
        if info.shape[-2:] != light.shape[-2:] or info.binning != light.binning:
            excluded.append(Exclusion(info.path, f"this {role.value} is {_tell(info)}, the lights are {_tell(light)}",
                                      f"Give {role.value} frames of the same camera, binning and area."))
        else:
            fitting.append(info)
    if role is Role.FLAT and light.filter:
        same = [i for i in fitting if i.filter is None or i.filter.lower() == light.filter.lower()]
        excluded += [Exclusion(i.path, f"this flat is for the filter {i.filter}, the lights are {light.filter}")
                     for i in fitting if i not in same]
        fitting = same
    if role is Role.DARK:
        fitting = _nearest_exposure(fitting, light, excluded)
    if fitting:
        _warn_mismatch(role, fitting, light, config, warnings)
    return fitting


def _nearest_exposure(darks: list[FrameInfo], light: FrameInfo, excluded: list[Exclusion]) -> list[FrameInfo]:
    """Darks of one exposure only: that of the lights, or the nearest."""
    exposures = {i.exposure for i in darks}
    if len(exposures) < 2 or light.exposure is None:
        return darks
    known = [e for e in exposures if e is not None]
    nearest = min(known, key=lambda e: abs(e - (light.exposure or 0)))
    excluded += [Exclusion(i.path, f"this dark is {i.exposure} s, those of {nearest:g} s fit the lights better")
                 for i in darks if i.exposure != nearest]
    return [i for i in darks if i.exposure == nearest]


def _warn_mismatch(role: Role, frames: list[FrameInfo], light: FrameInfo, config: RunConfig, warnings: list[str]) -> None:
    first = frames[0]
    if role is Role.DARK:
        if first.exposure and light.exposure and abs(first.exposure - light.exposure) > 0.02 * light.exposure:
            warnings.append(f"The darks are {first.exposure:g} s, the lights {light.exposure:g} s ({first.path.name}): dark "
                            "current is not fully removed. Take darks of the same exposure.")
        tolerance = config.input.temperature_tolerance
        if first.temperature is not None and light.temperature is not None and abs(
                first.temperature - light.temperature) > tolerance:
            warnings.append(f"The darks were taken at {first.temperature:g} C, the lights at {light.temperature:g} C "
                            f"({first.path.name}); more than {tolerance:g} C apart.")
    if role in (Role.DARK, Role.BIAS) and None not in (first.gain, light.gain) and first.gain != light.gain:
        warnings.append(f"The {role.value} frames have gain {first.gain:g}, the lights {light.gain:g} ({first.path.name}).")
    if role is Role.FLAT and len(frames) < 3:
        warnings.append(f"Only {len(frames)} flats: their noise goes into every frame.")
