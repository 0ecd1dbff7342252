"""The calibration frames that match lights which need the same masters, role by role."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from orchestrator.config.settings import RunConfig
from orchestrator.message import Message, counted
from orchestrator.session.filter_names import same_filter
from orchestrator.session.flat_nights import flats_of_night
from orchestrator.session.flat_sets import nearest_dark_flats
from orchestrator.session.masters import pick_master
from orchestrator.session.matching import SAME_EXPOSURE, describe_frame, divided, rotator_difference, same_camera
from orchestrator.session.model import Exclusion, FrameInfo, Role
from orchestrator.session.shared_calibration import Spare, borrow, mismatches

__all__ = ["CALIBRATION_ROLES", "Match", "Pool", "match_lights", "plural", "usual"]

Trait = Literal["gain", "offset", "exposure", "temperature"]
UNITS: dict[Trait, str] = {"gain": "", "offset": "", "exposure": " s", "temperature": " C"}
# In the order of matching: the scaling of darks needs to know the biases, and dark-flats belong to the flats.
CALIBRATION_ROLES = (Role.BIAS, Role.DARK, Role.FLAT, Role.DARKFLAT)
_PLURAL = {Role.LIGHT: "lights", Role.DARK: "darks", Role.FLAT: "flats", Role.BIAS: "bias frames", Role.DARKFLAT: "dark-flats"}
# Fewer flats than this cause a warning about their noise.
MIN_FLATS = 3
# Difference (s) between the exposures of flats and dark-flats that is harmless: their dark current is below the noise of a flat.
SHORT_FLAT = 2.0


def plural(role: Role) -> str:
    """The frames of a role in words, such as "bias frames"."""
    return _PLURAL[role]


@dataclass(frozen=True)
class Pool:
    """Everything from which calibration frames are chosen: ``raw`` frames and masters (``made``) found in the session, masters
    ``given`` by the settings, and ``spare`` ones of other nights and of the library. ``named``: roles whose frames are in a
    folder that the settings name; they are used even if they do not match."""

    raw: dict[Role, list[FrameInfo]]
    made: dict[Role, list[FrameInfo]]
    given: dict[Role, FrameInfo]
    spare: Sequence[Spare] = ()
    named: frozenset[Role] = frozenset()

    def has(self, role: Role) -> bool:
        """Whether there are frames or masters of a role at all."""
        return bool(self.raw.get(role) or self.made.get(role) or role in self.given)


@dataclass
class Match:
    """What matches some lights. ``unfit``: reason why the darks or biases that exist cannot be used, by role."""

    lights: list[FrameInfo]
    frames: dict[Role, tuple[FrameInfo, ...]] = field(default_factory=dict)
    masters: dict[Role, FrameInfo] = field(default_factory=dict)
    excluded: list[Exclusion] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unfit: dict[Role, str] = field(default_factory=dict)
    dark_ratio: float = 1.0

    def has(self, role: Role) -> bool:
        return role in self.frames or role in self.masters

    def first(self, role: Role) -> FrameInfo | None:
        """The master or the first frame of a role."""
        return self.masters.get(role) or next(iter(self.frames.get(role, ())), None)


def match_lights(lights: list[FrameInfo], pool: Pool, config: RunConfig) -> Match:
    """The calibration frames for lights of one exposure, gain, binning and night."""
    match = Match(lights)
    for role in CALIBRATION_ROLES:
        _match_role(role, match, pool, config)
    _bias_for_flats(match, pool)
    _check_darks(match, config)
    if (flats := match.frames.get(Role.FLAT)) and len(flats) < MIN_FLATS:
        match.warnings.append(Message("The number of flats is only {count}: their noise enters every frame.", count=len(flats)))
    return match


def _match_role(role: Role, match: Match, pool: Pool, config: RunConfig) -> None:
    lights, light = match.lights, match.lights[0]
    given = pool.given.get(role)
    if given is not None:
        if given.shape[-2:] == light.shape[-2:]:
            match.masters[role] = given
            _warn_of_given(role, given, match)
        return
    raw, made = pool.raw.get(role, []), pool.made.get(role, [])
    targets = match.frames.get(Role.FLAT, ()) if role is Role.DARKFLAT else lights
    if raw and made and targets and not any(not mismatches(role, i, targets, config) for i in raw):
        # A master that matches is better than raw frames that do not.
        raw = [] if any(not mismatches(role, i, targets, config) for i in made) else raw
    if raw and made:
        match.excluded += [Exclusion(i.path, Message("it looks like a master, and there are raw {role} frames",
                                                     role=role.value),
                                     Message("To use it: --set calibration.{role}_master=FILE.",
                                             role=role.value)) for i in made]
        made = []
    own = raw or made
    if (other := borrow(role, own, lights, match.frames.get(Role.FLAT, ()), pool.spare, config)) is not None:
        match.notes.append(other.note)
        match.excluded += [Exclusion(i.path, Message("{origin} has {role} that match better", origin=other.origin,
                                                     role=plural(role))) for i in own]
        if other.master:
            match.masters[role] = other.frames[0]
        elif role is Role.FLAT:
            match.frames[role] = tuple(flats_of_night(other.frames, lights, match.excluded, match.warnings))
        else:
            match.frames[role] = other.frames
        return
    fitting = _fitting(role, own, match, pool, config)
    if fitting and made and (master := pick_master(role, fitting, match.excluded)) is not None:
        match.masters[role] = master
    elif fitting:
        match.frames[role] = tuple(fitting)


def _warn_of_given(role: Role, given: FrameInfo, match: Match) -> None:
    """Warn of a master dark or bias that the settings name although its gain or offset is another one."""
    light = match.lights[0]
    for trait, one, other in (("gain", given.gain, light.gain), ("offset", given.offset, light.offset)):
        if role in (Role.DARK, Role.BIAS) and None not in (one, other) and one != other:
            match.warnings.append(Message("The master {role} {given} has {trait} {one:g}, the lights {other:g}; it is used "
                                          "because the settings name it.", role=role.value, given=given.path.name, trait=trait,
                                          one=one, other=other))


def _fitting(role: Role, frames: list[FrameInfo], match: Match, pool: Pool, config: RunConfig) -> list[FrameInfo]:
    """The frames of a role that match; the others are excluded, near misses cause a warning."""
    light, excluded = match.lights[0], match.excluded
    fitting = []
    for info in frames:
        if info.shape[-2:] != light.shape[-2:] or info.binning != light.binning:
            excluded.append(Exclusion(info.path,
                                      Message("this {role} is {info}, the lights are {light}", role=role.value,
                                              info=describe_frame(info), light=describe_frame(light)),
                                      Message("Give {role} of the same camera, binning and area.", role=plural(role))))
        else:
            fitting.append(info)
    fitting = _of_camera(role, fitting, light, match)
    if role is Role.FLAT:
        return _flats(fitting, match, config)
    if role is Role.DARKFLAT:
        return _dark_flats(fitting, match)
    for trait in ("gain", "offset"):
        fitting = _equal(role, trait, fitting, match, named=role in pool.named)
    if role is Role.DARK:
        exposure, temperature = usual(match.lights, "exposure"), usual(match.lights, "temperature")
        fitting = _closest(role, "exposure", exposure, SAME_EXPOSURE * (exposure or 0), fitting, excluded)
        fitting = _closest(role, "temperature", temperature, config.input.temperature_tolerance, fitting, excluded)
    return fitting


def _of_camera(role: Role, frames: list[FrameInfo], light: FrameInfo, match: Match) -> list[FrameInfo]:
    """Frames of the camera of the lights; all of them, and a warning, if there are none."""
    same, others = divided(frames, lambda i: same_camera(i.camera, light.camera))
    if frames and not same:
        match.warnings.append(Message("The {role} are of the camera {camera}, the lights of {camera2} ({frames}).",
                                      role=plural(role), camera=frames[0].camera, camera2=light.camera,
                                      frames=frames[0].path.name))
        return frames
    match.excluded += [Exclusion(i.path, Message("this {role} is of the camera {camera}, the lights of {camera2}",
                                                 role=role.value, camera=i.camera, camera2=light.camera))
                       for i in others]
    return same


def _flats(flats: list[FrameInfo], match: Match, config: RunConfig) -> list[FrameInfo]:
    light = match.lights[0]
    if light.filter:
        same, others = divided(flats, lambda i: i.filter is None or same_filter(i.filter, light.filter))
        if config.input.filter is None or not same:  # else they belong to runs of other filters
            match.excluded += [Exclusion(i.path, Message("this flat is for the filter {filter}, the lights are {filter2}",
                                                         filter=i.filter, filter2=light.filter))
                               for i in others]
        if flats and not same:
            match.warnings.append(Message("None of the {count} flats is for the filter {filter}: vignetting and dust stay.",
                                          count=len(flats), filter=light.filter))
        flats = same
    flats = _same_rotation(flats, match, config.input.rotation_tolerance)
    return flats_of_night(flats, match.lights, match.excluded, match.warnings)


def _same_rotation(flats: list[FrameInfo], match: Match, tolerance: float) -> list[FrameInfo]:
    """Flats with the rotator angle of the lights; those of the nearest angle, and a warning, if there are none."""
    light = next((i for i in match.lights if i.rotation is not None), match.lights[0])
    same, others = divided(flats, lambda i: rotator_difference(i, light) <= tolerance)
    if flats and not same:
        nearest = min(flats, key=lambda i: rotator_difference(i, light))
        match.warnings.append(Message("The flats were taken with the rotator at {rotation:g} deg, the lights at {rotation2:g} "
                                      "deg ({nearest}): vignetting and dust do not match.", rotation=nearest.rotation,
                                      rotation2=light.rotation, nearest=nearest.path.name))
        same, others = divided(flats, lambda i: rotator_difference(i, nearest) <= tolerance)
    match.excluded += [Exclusion(i.path, Message("this flat was taken with the rotator at {rotation:g} deg, the lights at "
                                                 "{rotation2:g} deg", rotation=i.rotation,
                                                 rotation2=light.rotation)) for i in others]
    return same


def _dark_flats(darkflats: list[FrameInfo], match: Match) -> list[FrameInfo]:
    """The dark-flats that match one of the flats; all of them if there are no flats (of raw frames)."""
    flats = match.frames.get(Role.FLAT, ())
    if not flats or not darkflats:
        return darkflats
    kinds = {(f.gain, f.offset, f.exposure): f for f in reversed(flats)}  # the first of each
    nearest = {kind: nearest_dark_flats(flat, darkflats) for kind, flat in kinds.items()}
    used = {d.path for found in nearest.values() for d in found}
    exposures = sorted({f.exposure for f in flats if f.exposure is not None})
    listing = ", ".join(f"{e:g} s" for e in exposures[:3]) + (" ..." if len(exposures) > 3 else "")
    for info in darkflats:
        if info.path not in used:
            match.excluded.append(Exclusion(info.path, Message("this dark-flat has {info}, the flats have {flats}",
                                                               info=_settings(info), flats=_settings(flats[0], listing))))
    if not used:
        match.warnings.append(Message("The dark-flats have {darkflats}, the flats {flats} ({darkflats2}): they are not used. "
                                      "Give dark-flats of the gain and offset of the flats.",
                                      darkflats=_settings(darkflats[0]), flats=_settings(flats[0], listing),
                                      darkflats2=darkflats[0].path.name))
    for flat in flats:
        other = next(iter(nearest[flat.gain, flat.offset, flat.exposure]), None)
        if other is None or other.exposure is None or flat.exposure is None:
            continue
        limit = max(SHORT_FLAT, SAME_EXPOSURE * flat.exposure)
        if abs(other.exposure - flat.exposure) > limit:
            match.warnings.append(Message("The dark-flats are {exposure:g} s, the flats {exposure2:g} s ({other}): the dark "
                                          "current of the flats is not fully removed. Take dark-flats of {exposure2:g} s.",
                                          exposure=other.exposure, exposure2=flat.exposure, other=other.path.name))
            break
    return [i for i in darkflats if i.path in used]


def _settings(info: FrameInfo, exposures: str = "") -> str:
    parts = [exposures or (f"{info.exposure:g} s" if info.exposure is not None else "")]
    parts += [f"gain {info.gain:g}"] if info.gain is not None else []
    parts += [f"offset {info.offset:g}"] if info.offset is not None else []
    return ", ".join(p for p in parts if p) or "no known exposure and gain"


def _bias_for_flats(match: Match, pool: Pool) -> None:
    """Biases of the gain and offset of the flats take the place of dark-flats if the biases of the lights have others."""
    flats = match.frames.get(Role.FLAT, ())
    if not flats or match.has(Role.DARKFLAT) or Role.BIAS in match.masters:
        return
    flat, own = flats[0], match.frames.get(Role.BIAS, ())
    if own and not _differ(own[0], flat):
        return
    fitting = [i for i in pool.raw.get(Role.BIAS, []) if i.shape[-2:] == flat.shape[-2:] and i.binning == flat.binning
               and not _differ(i, flat) and same_camera(i.camera, flat.camera)]
    if fitting:
        match.frames[Role.DARKFLAT] = tuple(fitting)


def _differ(one: FrameInfo, other: FrameInfo) -> bool:
    """Whether two frames have a different gain or offset; unknown values match."""
    return any(None not in (a, b) and a != b for a, b in ((one.gain, other.gain), (one.offset, other.offset)))


def _equal(role: Role, trait: Trait, frames: list[FrameInfo], match: Match, *, named: bool) -> list[FrameInfo]:
    """The darks or biases whose gain (or offset) is that of the lights. Any other value makes them useless."""
    value: Callable[[FrameInfo], float | None] = lambda i: getattr(i, trait)  # noqa: E731
    wanted, unit = value(match.lights[0]), UNITS[trait]
    known = Counter(v for i in frames if (v := value(i)) is not None)
    if not known:
        return frames
    if wanted is None:
        if len(known) == 1:
            return frames
        wanted = known.most_common(1)[0][0]
        values = ", ".join(f"{v:g}" for v in sorted(known))
        match.warnings.append(Message("The {role} have several values of {trait} ({values}), and the headers of the lights "
                                      "contain none: those of {trait} {wanted:g} are used. Move the others to another folder "
                                      "if these do not match.", role=plural(role), trait=trait, values=values, wanted=wanted))
    if wanted in known:
        match.excluded += [Exclusion(i.path, _better(role, trait, value(i), f"{wanted:g}{unit}"))
                           for i in frames if value(i) != wanted]
        return [i for i in frames if value(i) == wanted]
    other = next(i for i in frames if value(i) is not None)
    text = Message("the {role} have {trait} {other:g}, the lights {wanted:g} ({other2})", role=plural(role), trait=trait,
                   other=value(other), wanted=wanted, other2=other.path.name)
    if named:
        match.warnings.append(Message("{text:C}; they are used because the settings name them.", text=text))
        return frames
    match.unfit[role] = text
    match.excluded += [Exclusion(i.path, Message("this {role} has {trait} {value}, the lights {wanted:g}", role=role.value,
                                                 trait=trait, value=_text(value(i), ""), wanted=wanted),
                                 Message("Give {role} of {trait} {wanted:g}.", role=plural(role), trait=trait,
                                         wanted=wanted)) for i in frames]
    return []


def _closest(role: Role, trait: Trait, wanted: float | None, tolerance: float, frames: list[FrameInfo],
             excluded: list[Exclusion]) -> list[FrameInfo]:
    """The frames whose trait matches the lights; if none does, those with the nearest value (exposures: by ratio).

    Frames with an unknown value are kept only if no value is known. If that of the lights is unknown, the most frequent one is
    used.
    """
    values: list[float | None] = [getattr(i, trait) for i in frames]
    known = [v for v in values if v is not None]
    if not known:
        return frames
    if wanted is None:
        wanted = Counter(known).most_common(1)[0][0] if trait == "exposure" else None
        if wanted is None:
            return frames
    target = wanted
    nearest = min(known, key=lambda v: (_distance(trait, v, target), v))
    middle = target if abs(nearest - target) <= tolerance else nearest
    if trait == "exposure":
        tolerance = SAME_EXPOSURE * middle
    kept, unit = [], UNITS[trait]
    for info, value in zip(frames, values, strict=True):
        if value is not None and abs(value - middle) <= tolerance:
            kept.append(info)
            continue
        excluded.append(Exclusion(info.path, _better(role, trait, value, f"{nearest:g}{unit}")))
    return kept


def _distance(trait: Trait, value: float, wanted: float) -> float:
    if trait == "exposure" and value > 0 and wanted > 0:
        return abs(math.log(value / wanted))
    return abs(value - wanted)


def _better(role: Role, trait: Trait, value: float | None, better: str) -> str:
    return Message("the {trait} of this {role} is {value}, {better} matches the lights better", trait=trait, role=role.value,
                   value=_text(value, UNITS[trait]), better=better)


def _text(value: float | None, unit: str) -> str:
    return Message("not known") if value is None else f"{value:g}{unit}"


def usual(frames: Sequence[FrameInfo], trait: Trait) -> float | None:
    """The median of a trait, None if no header contains it."""
    known = [v for i in frames if (v := getattr(i, trait)) is not None]
    return float(np.median(known)) if known else None


def _check_darks(match: Match, config: RunConfig) -> None:
    """Scale darks of another exposure where a bias is known, and warn of what does not match."""
    dark = match.first(Role.DARK)
    for role, text in match.unfit.items():
        if role is Role.DARK or dark is None:
            match.warnings.append(Message("{text:C}: they are not used.", text=text))
    if dark is None:
        return
    exposure, temperature = usual(match.lights, "exposure"), usual(match.lights, "temperature")
    if dark.exposure and exposure and abs(dark.exposure - exposure) > SAME_EXPOSURE * exposure:
        biased = match.has(Role.BIAS) or config.calibration.synthetic_bias is not None
        if config.calibration.dark_scaling and biased:
            pass  # scaled to the noise of each light
        elif biased:
            match.dark_ratio = exposure / dark.exposure
            match.notes.append(Message("The darks are {exposure:g} s, the lights {exposure2:g} s: the dark current is scaled "
                                       "by {dark_ratio:.3g}.", exposure=dark.exposure, exposure2=exposure,
                                       dark_ratio=match.dark_ratio))
        else:
            left = Message("too much dark current is subtracted") if dark.exposure > exposure else Message(
                "some dark current remains")
            match.warnings.append(Message("The darks are {exposure:g} s, the lights {exposure2:g} s ({dark}, {lights}): "
                                          "{left}. Take darks of {exposure2:g} s, or bias frames{lights2}, with which the dark "
                                          "current is scaled.", exposure=dark.exposure, exposure2=exposure,
                                          dark=dark.path.name, lights=_listed(match.lights), left=left,
                                          lights2=_of_gain(match.lights[0])))
    tolerance = config.input.temperature_tolerance
    if dark.temperature is not None and temperature is not None and abs(dark.temperature - temperature) > tolerance:
        match.warnings.append(Message("The darks were taken at {temperature:g} C ({dark}), {lights} at {temperature2:g} C; "
                                      "more than {tolerance:g} C apart. Take darks at {temperature2:.0f} C.",
                                      temperature=dark.temperature, dark=dark.path.name, lights=_listed(match.lights),
                                      temperature2=temperature, tolerance=tolerance))


def _listed(lights: Sequence[FrameInfo]) -> str:
    """Some lights in words, such as "3 lights (l_004.fit ...)"."""
    count = len(lights)
    some = f"{lights[0].path.name}{' ...' if count > 1 else ''}"
    return Message("{lights} ({some})", lights=counted(count, "{count} light", "{count} lights"), some=some)


def _of_gain(light: FrameInfo) -> str:
    return Message(" of gain {gain:g}", gain=light.gain) if light.gain is not None else ""
