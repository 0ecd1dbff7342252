"""Calibration groups of a session: lights that need the same masters, and the frames that match them.

Lights are grouped by size, binning, gain, offset, camera, exposure, temperature, rotator angle and night; each group gets the
frames that match it, and groups with the same frames are joined. Ordinarily one group is left.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError
from orchestrator.message import Message, counted, joined
from orchestrator.session.calibration_matching import CALIBRATION_ROLES, Match, Pool, match_lights, plural
from orchestrator.session.flat_nights import nights_of_lights
from orchestrator.session.matching import SAME_EXPOSURE, near_labels, plain_name
from orchestrator.session.model import CalibrationGroup, Exclusion, FrameInfo, Role

__all__ = ["Grouped", "group_lights"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Grouped:
    """The lights that can be calibrated (in order), their groups, and the frames and masters of all groups."""

    lights: list[FrameInfo]
    groups: tuple[CalibrationGroup, ...]
    excluded: tuple[Exclusion, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def scaled(self) -> bool:
        """Whether the dark current of a group is scaled."""
        return any(g.dark_ratio != 1 for g in self.groups)

    @property
    def frames(self) -> dict[Role, tuple[FrameInfo, ...]]:
        """The calibration frames of all groups by role, each once."""
        found = {role: {i.path: i for g in self.groups for i in g.frames.get(role, ())} for role in CALIBRATION_ROLES}
        return {role: tuple(infos.values()) for role, infos in found.items() if infos}


def group_lights(lights: list[FrameInfo], pool: Pool, config: RunConfig) -> Grouped:
    """Group the lights and match calibration frames to each group.

    Raises
    ------
    InputError : the darks and biases have another gain or offset than the lights, and flats would be applied without them.
    """
    matches = _joined([match_lights(part, pool, config) for part in _parts(lights, pool, config)])
    _refuse_useless(matches, config)
    matches, left_out = _calibrated_alike(matches, config)
    kept = {i.path for m in matches for i in m.lights}
    lights = [i for i in lights if i.path in kept]
    position = {info.path: k for k, info in enumerate(lights)}
    matches.sort(key=lambda m: min(position[i.path] for i in m.lights))
    names = _names(matches)
    groups = tuple(CalibrationGroup(name, tuple(sorted(position[i.path] for i in m.lights)), m.frames, m.masters,
                                    _description(m, title) if name else "", m.dark_ratio)
                   for m, (name, title) in zip(matches, names, strict=True))
    largest_first = sorted(range(len(matches)), key=lambda k: -len(matches[k].lights))
    used = {i.path for m in matches for infos in m.frames.values() for i in infos}
    used |= {i.path for m in matches for i in m.masters.values()}
    excluded: dict[Path, Exclusion] = {}
    for k in largest_first:
        for item in matches[k].excluded:
            if item.path not in used:
                excluded.setdefault(item.path, item)
    titles = [title for _, title in names]
    for group in groups:
        logger.info("Calibration group %s: %d lights; %s", group.name or "of all lights", len(group.lights), ", ".join(
            f"{len(infos)} {plural(role)}" for role, infos in group.frames.items()) or "no frames")
    notes = _texts([m.notes for m in matches], titles) + tuple(g.description for g in groups if g.description)
    return Grouped(lights, groups, (*left_out, *excluded.values()), _texts([m.warnings for m in matches], titles), notes)


def _parts(lights: list[FrameInfo], pool: Pool, config: RunConfig) -> list[list[FrameInfo]]:
    """The lights split by everything on which the choice of calibration frames can depend."""
    spare = {s.role for s in pool.spare}
    darks = pool.has(Role.DARK) or Role.DARK in spare
    flats = pool.has(Role.FLAT) or Role.FLAT in spare
    labels: list[Callable[[Sequence[FrameInfo]], Sequence[Hashable]]] = [
        lambda part: [(i.shape, i.binning, i.gain, i.offset, plain_name(i.camera)) for i in part]]
    if darks:
        labels.append(lambda part: near_labels([i.exposure for i in part], lambda a, b: abs(a - b) <= SAME_EXPOSURE * max(a, b)))
        labels.append(lambda part: near_labels([i.temperature for i in part],
                                         lambda a, b: abs(a - b) <= config.input.temperature_tolerance))
    if flats:
        labels.append(lambda part: near_labels([i.rotation for i in part],
                                         lambda a, b: abs((a - b + 180) % 360 - 180) <= config.input.rotation_tolerance))
        labels.append(_nights)
    parts = [lights]
    for label in labels:
        parts = [sub for part in parts for sub in _split(part, label(part))]
    return parts


def _split(part: Sequence[FrameInfo], labels: Sequence[Hashable]) -> list[list[FrameInfo]]:
    found: dict[Hashable, list[FrameInfo]] = {}
    for info, label in zip(part, labels, strict=True):
        found.setdefault(label, []).append(info)
    return list(found.values())


def _nights(part: Sequence[FrameInfo]) -> list[int]:
    number = {info.path: k for k, night in enumerate(nights_of_lights(part)) for info in night}
    return [number[info.path] for info in part]


def _joined(matches: list[Match]) -> list[Match]:
    """Groups that are calibrated with the same frames are one."""
    found: dict[Hashable, Match] = {}
    for match in matches:
        light = match.lights[0]
        key = (light.shape, light.binning, light.gain, round(match.dark_ratio, 6),
               tuple((role, tuple(i.path for i in match.frames.get(role, ()))) for role in CALIBRATION_ROLES),
               tuple((role, i.path) for role, i in sorted(match.masters.items())))
        same = found.get(key)
        if same is None:
            found[key] = match
        else:
            for name in ("excluded", "warnings", "notes"):
                known = getattr(same, name)
                known[:] = dict.fromkeys([*known, *getattr(match, name)])
            same.lights = same.lights + match.lights
            same.unfit |= match.unfit
    return list(found.values())


def _offset_known(match: Match, config: RunConfig) -> bool:
    """Whether something removes the offset of the sensor from the lights."""
    return match.has(Role.DARK) or match.has(Role.BIAS) or config.calibration.synthetic_bias is not None


def _refuse_useless(matches: Sequence[Match], config: RunConfig) -> None:
    """Raise InputError if the darks and biases of all groups are useless and the offset would be divided by the flats."""
    if any(_offset_known(m, config) or not m.unfit for m in matches):
        return
    first = next((m for m in matches if m.has(Role.FLAT)), None)
    if first is None:
        return
    role, text = next(iter(first.unfit.items()))
    light, example = first.lights[0], f"calibration.{role.value}_master"
    wanted = " and ".join(f"{name} {value:g}" for name, value in (("gain", light.gain), ("offset", light.offset))
                          if value is not None)
    raise InputError(Message("{text:C}, and nothing else removes the offset of the lights before they are divided by the flats.",
                             text=text),
                     Message("Give darks or bias frames of {wanted}, or --set calibration.synthetic_bias=ADU. --set "
                             "{example}=FOLDER uses these {role} nevertheless.", wanted=wanted, example=example,
                             role=plural(role)))


def _calibrated_alike(matches: list[Match], config: RunConfig) -> tuple[list[Match], list[Exclusion]]:
    """Leave out the groups whose offset stays in, if that of others is removed (or the reverse, if these are fewer lights)."""
    sides: dict[bool, list[Match]] = {True: [], False: []}
    for match in matches:
        sides[_offset_known(match, config)].append(match)
    if not sides[True] or not sides[False]:
        return matches, []
    count = {side: sum(len(m.lights) for m in found) for side, found in sides.items()}
    keep = count[True] >= count[False]
    left = []
    for match in sides[not keep]:
        light = match.lights[0]
        what = [f"gain {light.gain:g}"] if light.gain is not None else []
        what += [f"offset {light.offset:g}"] if light.offset is not None else []
        what += [f"binning {light.binning[0]}x{light.binning[1]}"] if light.binning != (1, 1) else []
        what += [f"camera {light.camera}"] if light.camera and len({plain_name(m.lights[0].camera) for m in matches}) > 1 else []
        of = Message(" of {what}", what=", ".join(what)) if what else ""
        reason = (Message("there are no darks and no bias frames{of} for it, as there are for the other lights", of=of) if keep
                  else Message("there are darks or bias frames{of} for it, but none for most of the lights", of=of))
        remedy = Message("Give darks or bias frames {keep}, or stack these lights in a separate run.",
                         keep=Message("of these settings") if keep else Message("for the others"))
        left += [Exclusion(i.path, reason, remedy) for i in match.lights]
    return sides[keep], left


def _names(matches: Sequence[Match]) -> list[tuple[str, str]]:
    """(file name, title) of each group, from the properties in which they differ; empty for a single group."""
    if len(matches) < 2:
        return [("", "")]
    traits: list[Callable[[Match], tuple[str, str]]] = [
        _camera, _binning, _of("gain", "gain{:g}", "gain {:g}"), _of("offset", "offset{:g}", "offset {:g}"), _exposure,
        _of("temperature", "{:.0f}C", "{:.0f} C"), _of("rotation", "rot{:.0f}", "rotator {:.0f} deg"), _flat_date, _light_date]
    names, titles = [""] * len(matches), [""] * len(matches)
    for trait in traits:
        found = [trait(m) for m in matches]
        if len({name for name, _ in found}) < 2 or len(set(names)) == len(matches):
            continue
        if len({(a, b) for a, (b, _) in zip(names, found, strict=True)}) == len(set(names)):
            continue  # it separates no groups that have the same name so far
        names = ["_".join(x for x in (a, b) if x) for a, (b, _) in zip(names, found, strict=True)]
        titles = [", ".join(x for x in (a, b) if x) for a, (_, b) in zip(titles, found, strict=True)]
    result: list[tuple[str, str]] = []
    for k, (name, title) in enumerate(zip(names, titles, strict=True), 1):
        unique = name and names.count(name) == 1
        result.append((name if unique else f"{name}_{k}".lstrip("_"), title if unique else f"{title} ({k})".strip()))
    return result


def _of(trait: str, name: str, title: str) -> Callable[[Match], tuple[str, str]]:
    def made(match: Match) -> tuple[str, str]:
        known = [v for i in match.lights if (v := getattr(i, trait)) is not None]
        return (name.format(np.median(known)), title.format(np.median(known))) if known else ("", "")
    return made


def _camera(match: Match) -> tuple[str, str]:
    name = match.lights[0].camera or ""
    return plain_name(name), name


def _binning(match: Match) -> tuple[str, str]:
    x, y = match.lights[0].binning
    text = str(x) if x == y else f"{x}x{y}"
    return f"bin{text}", f"binning {x}x{y}"


def _exposure(match: Match) -> tuple[str, str]:
    known = sorted({round(i.exposure, 3) for i in match.lights if i.exposure is not None})
    if not known:
        return "", ""
    if max(known) <= (1 + SAME_EXPOSURE) * min(known):
        return f"{np.median(known):g}s", f"{np.median(known):g} s"
    return f"{known[0]:g}-{known[-1]:g}s", f"{known[0]:g} to {known[-1]:g} s"


def _flat_date(match: Match) -> tuple[str, str]:
    first = match.first(Role.FLAT)
    return (f"flats{first.time:%Y%m%d}", Message("flats of {time:%Y-%m-%d}",
                                                 time=first.time)) if first and first.time else ("", "")


def _light_date(match: Match) -> tuple[str, str]:
    first = min((i.time for i in match.lights if i.time is not None), default=None)
    return (f"{first:%Y%m%d}", f"{first:%Y-%m-%d}") if first else ("", "")


def _description(match: Match, title: str) -> str:
    """A line for the scan and the report: the lights of a group and the frames that calibrate them."""
    parts: list[str] = []
    for role in CALIBRATION_ROLES:
        if role in match.masters:
            parts.append(Message("master {role} {name}", role=role.value, name=match.masters[role].path.name))
        elif frames := match.frames.get(role, ()):
            name = plural(frames[0].role)
            if role is Role.DARKFLAT and frames[0].role is not role:
                name = Message("{name} for the flats", name=name)
            parts.append(Message("{count} {name}{what}", count=len(frames), name=name, what=_what(frames[0].role, frames)))
    missing = [plural(r) for r in (Role.DARK, Role.FLAT) if not match.has(r)]
    if missing:
        parts.append(Message("no {one} and no {other}", one=missing[0], other=missing[1]) if len(missing) > 1
                     else Message("no {one}", one=missing[0]))
    if match.dark_ratio != 1:
        parts.append(Message("dark current x {dark_ratio:.3g}", dark_ratio=match.dark_ratio))
    lights = counted(len(match.lights), "{count} light", "{count} lights")
    return Message("Calibration of {lights} ({title}): {parts}.", lights=lights, title=title, parts=joined(", ", parts))


def _what(role: Role, frames: Sequence[FrameInfo]) -> str:
    """Exposures, gain and date of calibration frames, in parentheses."""
    parts = []
    exposures = sorted({round(i.exposure, 3) for i in frames if i.exposure is not None})
    if role is not Role.BIAS and exposures:
        few = all(abs(e - exposures[0]) <= SAME_EXPOSURE * exposures[0] for e in exposures)
        parts.append(f"{exposures[0]:g} s" if few else f"{exposures[0]:g} to {exposures[-1]:g} s")
    gains = {i.gain for i in frames if i.gain is not None}
    parts += [f"gain {gains.pop():g}"] if len(gains) == 1 and role is not Role.FLAT else []
    times = [i.time for i in frames if i.time is not None]
    parts += [f"{times[0]:%Y-%m-%d}"] if times and role is Role.FLAT else []
    return f" ({', '.join(parts)})" if parts else ""


def _texts(texts: Sequence[Sequence[str]], titles: Sequence[str]) -> tuple[str, ...]:
    """The texts of all groups, those that not all groups share with the title of their group in front."""
    found: dict[str, None] = {}
    for own, title in zip(texts, titles, strict=True):
        for text in own:
            shared = all(text in other for other in texts)
            found[text if shared or not title else Message("Lights of {title}: {text}", title=title, text=text)] = None
    return tuple(found)

