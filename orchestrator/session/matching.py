"""Which lights belong together, and what makes frames comparable."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError
from orchestrator.message import Message
from orchestrator.session.filter_names import common_filter, filter_key
from orchestrator.session.model import Exclusion, FrameInfo

__all__ = ["SAME_EXPOSURE", "SAME_FIELD", "cameras_text", "describe_frame", "divided", "group_key", "name_of_object",
           "near_labels", "plain_name", "rotator_difference", "same_camera", "same_object", "several_instruments", "split_lights"]

logger = logging.getLogger(__name__)

GroupKey = tuple[Any, ...]
# Relative difference up to which exposures count as equal: some programs write 59.99 for 60.
SAME_EXPOSURE = 0.02
# Distance (degrees) up to which two pointings show the same object, whatever name their headers give it.
SAME_FIELD = 0.5
# Lights of a second camera or telescope below input.min_frames and below this share of those of the first are strays.
FEW = 0.1
# Ratio of the pixel scales of two cameras up to which they are stacked together.
LARGEST_SCALE_RATIO = 4.0
# Relative difference of the scales that shows another telescope.
OTHER_FOCAL_LENGTH = 0.05
# Relative difference of the scales up to which they are equal, as drizzle and proper co-addition need them.
EQUAL_SCALE = 0.005
# Rows or columns (unbinned) by which binned frames of one sensor may be smaller: an odd remainder is cut.
BINNING_CUT = 8


def group_key(info: FrameInfo) -> GroupKey:
    """The properties that lights share if one set of masters is enough."""
    return info.shape, info.cfa, info.binning, info.gain, filter_key(info.filter)


def _one_sensor(one: FrameInfo, other: FrameInfo) -> bool:
    """Whether lights of two groups can be one stack, each calibrated with its own masters, without another camera: they may
    differ in gain and, if they are not mosaics of colours, in binning of the same area of the sensor."""
    if not _one_kind(one, other):
        return False
    if (one.gain is None) != (other.gain is None):  # nothing shows which masters a frame without a header needs
        return False
    if one.binning == other.binning:
        return one.shape == other.shape
    square = all(b[0] == b[1] for b in (one.binning, other.binning))
    areas = [[n * i.binning[0] for n in i.shape[-2:]] for i in (one, other)]
    near = all(abs(a - b) <= BINNING_CUT for a, b in zip(*areas, strict=True))
    return square and near and one.cfa is None and same_camera(one.camera, other.camera)


def _one_kind(one: FrameInfo, other: FrameInfo) -> bool:
    """Whether two lights have one kind of colour and one filter."""
    return one.cfa == other.cfa and len(one.shape) == len(other.shape) and filter_key(one.filter) == filter_key(other.filter)


def _merged(groups: Sequence[list[FrameInfo]], config: RunConfig) -> list[list[FrameInfo]]:
    """The groups of lights, those that can be one stack merged: of one sensor, and of several cameras or telescopes, if they have
    enough lights. Frames of another size of the same camera are not merged: they are crops, previews, or stacks of others."""
    if config.input.workflow == "master_tiles":  # of any size
        kinds: dict[GroupKey, list[FrameInfo]] = defaultdict(list)
        for info in (i for group in groups for i in group):
            kinds[info.cfa, len(info.shape), filter_key(info.filter)].append(info)
        return list(kinds.values())
    sensors: list[list[FrameInfo]] = []
    for group in sorted(groups, key=len, reverse=True):
        same = next((s for s in sensors if _one_sensor(s[0], group[0])), None)
        if same is None:
            sensors.append(list(group))
        else:
            same += group
    merged: list[list[list[FrameInfo]]] = []
    for sensor in sorted((_with_binned_pixels(s) for s in sensors), key=len, reverse=True):
        enough = [m for m in merged if len(sensor) >= max(min(config.input.min_frames, FEW * len(m[0])), 2)]
        stack = next((m for m in enough if all(several_instruments(s[0], sensor[0]) and (
            config.reconstruction.method == "mean" or _one_scale(s[0], sensor[0])) for s in m)), None)
        if stack is None:
            merged.append([sensor])
        else:
            stack.append(sensor)
    return [[i for s in stack for i in s] for stack in merged]


def _one_scale(one: FrameInfo, other: FrameInfo) -> bool:
    """Whether two lights have the same known scale on the sky."""
    return one.scale is not None and other.scale is not None and abs(one.scale / other.scale - 1) < EQUAL_SCALE


def several_instruments(one: FrameInfo, other: FrameInfo) -> bool:
    """Whether lights of one kind are from different cameras or telescopes, by their names or the scale on the sky, and not so
    different in scale that the coarser ones are of no use to the finer ones."""
    if not _one_kind(one, other):
        return False
    scales = sorted(s for i in (one, other) if (s := i.scale) is not None)
    ratio = scales[1] / scales[0] if len(scales) == 2 else 1.0
    named = not same_camera(one.camera, other.camera) or not same_camera(one.telescope, other.telescope)
    return ratio <= LARGEST_SCALE_RATIO and (named or (one.binning == other.binning and ratio > 1 + OTHER_FOCAL_LENGTH))


def _with_binned_pixels(lights: list[FrameInfo]) -> list[FrameInfo]:
    """Some programs write the size of the unbinned pixels for binned frames too: then it is multiplied by the binning."""
    sizes = {i.binning: i.pixel_size for i in lights}
    if len(sizes) < 2 or None in sizes.values() or len(set(sizes.values())) > 1:
        return lights
    return [replace(i, pixel_size=(i.pixel_size or 0) * i.binning[0]) for i in lights]


def divided(frames: Iterable[FrameInfo], belongs: Callable[[FrameInfo], bool]) -> tuple[list[FrameInfo], list[FrameInfo]]:
    """The frames for which ``belongs`` is true, and the others, each in order."""
    parts: tuple[list[FrameInfo], list[FrameInfo]] = [], []
    for info in frames:
        parts[not belongs(info)].append(info)
    return parts


def describe_frame(info: FrameInfo) -> str:
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
        reduced = filter_key if name == "filter" else plain_name
        kept = [i for i in candidates if reduced(value(i)) == reduced(wanted)]
        if not kept:
            known = sorted({v for i in candidates if (v := value(i))})
            raise InputError(Message("input.{name}: no light has the {name} {wanted!r}.", name=name, wanted=wanted),
                             Message("There are: {known}.",
                                     known=", ".join(known)) if known else Message("The headers name no {name}.", name=name))
        # Lights of other filters belong to other runs: a single note reports them.
        excluded += [Exclusion(i.path, Message("its {name} is {value}, {wanted} was requested", name=name,
                                               value=value(i) or "not known", wanted=wanted))
                     for i in candidates if reduced(value(i)) != reduced(wanted) and not (name == "filter" and i.filter)]
        candidates = kept
    groups: dict[GroupKey, list[FrameInfo]] = defaultdict(list)
    for info in candidates:
        groups[group_key(info)].append(info)
    order = {info.path: k for k, info in enumerate(candidates)}
    merged = [sorted(group, key=lambda i: order[i.path]) for group in _merged(list(groups.values()), config)]
    ordered = sorted(merged, key=lambda g: (-len(g), describe_frame(g[0])))
    best = ordered[0]
    filters = sorted({filter_key(i.filter): i.filter for i in candidates if i.filter}.values())
    for group in ordered[1:]:
        excluded += [_odd(i, group, best, config.reconstruction.method) for i in group]
    if len(filters) > 1 and chosen_filter is None:
        rest = Counter(i.filter for i in candidates if i.filter and filter_key(i.filter) != filter_key(best[0].filter))
        listing = ", ".join(f"{name} ({count} light{'s' * (count != 1)})" for name, count in sorted(rest.items()))
        stacked = best[0].filter or "the group without a filter name"
        warnings.append(Message("The lights have filters {filters}; {stacked} is stacked ({count} frames), not {listing}. "
                                "Choose with --set input.filter=NAME.", filters=", ".join(filters), stacked=stacked,
                                count=len(best), listing=listing))
    exposures = Counter(i.exposure for i in best)
    if len(exposures) > 1:
        listing = ", ".join(f"{n} x {e:g} s" if e is not None else f"{n} unknown" for e, n in sorted(
            exposures.items(), key=lambda x: -x[1]))
        warnings.append(Message("The lights differ in exposure ({listing}); they are scaled to a common level.", listing=listing))
    if best[0].cfa is None and len(best[0].shape) == 3:
        warnings.append(Message("The lights are already debayered; their three colours are stacked as they are."))
    described = [{"lights": len(g), "what": _kinds(g), "chosen": g is best} for g in ordered]
    return best, described


def _kinds(group: Sequence[FrameInfo]) -> str:
    """The kinds of frames in a group in words, with their numbers if there are several."""
    name = common_filter(i.filter for i in group)
    kinds = Counter(describe_frame(replace(i, filter=name if i.filter else None)) for i in group)
    return next(iter(kinds)) if len(kinds) == 1 else "; ".join(f"{count} of {kind}" for kind, count in kinds.most_common())


def _odd(info: FrameInfo, group: list[FrameInfo], best: list[FrameInfo], method: str) -> Exclusion:
    """Exclusion of a light that is not in the chosen group."""
    what, chosen = describe_frame(info), describe_frame(best[0])
    remedy = "Stack them in a separate run."
    if _one_kind(info, best[0]):
        if any(several_instruments(info, i) for i in best) and info.camera:
            count = len(group)
            what += Message(", one of {count} lights of {camera}", count=count,
                            camera=info.camera) if count > 1 else Message(", the only light of {camera}",
                                                                                          camera=info.camera)
        # Another area of the sensor, or too few lights of another camera: a project brings any frames to one scale.
        remedy = ("To stack both together, put the lights of each, with their calibration frames, into a folder of its "
                  "own, and use `orchestrate project new FOLDER` and `orchestrate project run FOLDER` with the folder above.")
        if method != "mean":
            remedy = "To stack both together, use reconstruction.method mean."
    if (info.filter or "") != (best[0].filter or "") and info.filter:
        remedy = Message("Stack them with --set 'input.filter={filter}'.", filter=info.filter)
    return Exclusion(info.path, Message("it is {what}, the session is {chosen}", what=what, chosen=chosen), remedy)


def cameras_text(lights: Sequence[FrameInfo]) -> str:
    """What is stacked together if the lights are from several cameras or telescopes, in words; "" if they are from one."""
    kinds: dict[tuple[object, ...], list[FrameInfo]] = defaultdict(list)
    for info in lights:
        scale: str = Message(", {scale:.2f} arcsec/px", scale=info.scale) if info.scale else ""
        kinds[plain_name(info.camera), plain_name(info.telescope), scale, info.binning, info.shape].append(info)
    first, *others = (group[0] for group in kinds.values())
    if not any(several_instruments(first, other) for other in others):
        return ""
    telescopes = len({plain_name(i.telescope) for i in lights}) > 1
    parts = []
    for key, group in sorted(kinds.items(), key=lambda k: -len(k[1])):
        info = group[0]
        name = (info.camera or "an unnamed camera") + (f" on {info.telescope}" if info.telescope and telescopes else "")
        parts.append(f"{len(group)} of {name} ({info.shape[-1]}x{info.shape[-2]}{key[2]})")
    return Message("The lights are from several cameras or telescopes: {parts}. They are stacked together, each calibrated "
                   "with its own masters, and brought to one scale and flux.", parts="; ".join(parts))


def plain_name(name: str | None) -> str:
    """A filter or object name reduced for comparison: "M 31" and "m31" are equal."""
    return "".join(c for c in (name or "").lower() if c.isalnum())


def name_of_object(group: Sequence[FrameInfo]) -> str:
    """The most frequent object name of the lights, "" if none has one."""
    return Counter(i.object for i in group if i.object).most_common(1)[0][0] if any(i.object for i in group) else ""


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


def rotator_difference(frame: FrameInfo, light: FrameInfo) -> float:
    """Difference in degrees between the rotator angles of two frames, 0 if a header lacks the angle."""
    if frame.rotation is None or light.rotation is None:
        return 0.0
    return abs((frame.rotation - light.rotation + 180) % 360 - 180)


def same_camera(one: str | None, other: str | None) -> bool:
    """Whether two names of cameras are the same, apart from punctuation and a maker or suffix in one of them. Unknown ones
    match."""
    a, b = plain_name(one), plain_name(other)
    return not a or not b or a in b or b in a


def near_labels(values: Sequence[float | None], near: Callable[[float, float], bool]) -> list[int]:
    """A label for each value: values near the median share one, then those near the median of the rest, and so on. Unknown values
    join the first."""
    labels = [0] * len(values)
    rest = [k for k, v in enumerate(values) if v is not None]
    number = 0
    while rest:
        known = sorted(v for k in rest if (v := values[k]) is not None)
        middle = known[len(known) // 2]
        members = {k for k in rest if near(float(values[k] or 0), middle)}
        for k in members:
            labels[k] = number
        rest = [k for k in rest if k not in members]
        number += 1
    return labels
