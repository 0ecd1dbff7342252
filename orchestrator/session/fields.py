"""The fields that the lights of a session show: frames whose areas of the sky touch, directly or through others."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError
from orchestrator.message import Message
from orchestrator.session.matching import SAME_FIELD, plain_name
from orchestrator.session.model import Exclusion, FrameInfo

__all__ = ["SEVERAL_OBJECTS", "Field", "find_fields", "in_one_field", "offered_fields", "pick_field"]

# The warning about lights of other fields than the one that is stacked.
SEVERAL_OBJECTS = "The lights show several objects; {chosen} is stacked, not {others}. Choose with --set input.field=NAME."
# The value of input.field with which no fields are distinguished: registration finds what belongs together.
ALL = "all"
# Distance (degrees) that separates two fields of unknown size.
UNKNOWN_SIZE_REACH = 5.0
# Distance between frames of one object that still belong together, in diagonals of a frame, and at least in degrees: mounts
# misjudge their pointing by as much, and panels of a mosaic have the name of one object.
SAME_OBJECT_REACH = 1.5
# Distance between frames, in diagonals, up to which they are one pointing.
ONE_POINTING = 0.1
# The end of an object's name that counts the panels of a mosaic, as in "M31 panel 2", "M31_2-1", "NGC 7000 P3". (Not that of
# Sh 2-9, an object of the Sharpless catalogue.)
PANEL = re.compile(r"[\s_\-(#]+(?:mosaic|panel|pane|tile|part|p)[\s_\-#]*\d+(?:[\s_\-x,]+\d+)*\)?$"
                   r"|(?<!sh)[\s_\-]\d[\-x]\d$", re.IGNORECASE)


@dataclass(frozen=True)
class Field:
    """A field. ``number`` counts the fields in order of their first lights; ``name`` is that of the object, with the number if
    other fields have it too. ``centre`` is (RA, Dec) in degrees, None if no header has a position."""

    number: int
    name: str
    object: str
    lights: tuple[FrameInfo, ...]
    centre: tuple[float, float] | None

    @property
    def text(self) -> str:
        """The field in words, such as "M 31 (12 lights at RA 10.7, Dec +41.3)"."""
        place = "" if self.centre is None else Message(" at RA {centre:.1f}, Dec {centre2:+.1f} deg", centre=self.centre[0],
                                                       centre2=self.centre[1])
        return f"{self.name or 'without a name'} ({len(self.lights)} light{'s' * (len(self.lights) != 1)}{place})"


def find_fields(lights: Sequence[FrameInfo]) -> tuple[Field, ...]:
    """The fields of lights, in order of their first lights.

    Positions in the headers are linked: frames of different objects if they overlap, frames of one object also if they are near.
    Lights without a position join the field with the name of their object, those without a name the largest field.
    """
    names = [plain_name(PANEL.sub("", i.object or "")) for i in lights]
    label = _linked(lights, names)
    _place_others(label, names)
    groups: dict[int, list[FrameInfo]] = defaultdict(list)
    for info, k in zip(lights, label, strict=True):
        groups[k].append(info)
    objects = [_object(group) for group in groups.values()]
    count = Counter(plain_name(o) for o in objects)
    return tuple(Field(n, o if o and count[plain_name(o)] == 1 else f"{o or 'field'}-{n}" if len(groups) > 1 else o, o,
                       tuple(group), _centre(group))
                 for n, (o, group) in enumerate(zip(objects, groups.values(), strict=True), 1))


def offered_fields(lights: Sequence[FrameInfo], config: RunConfig) -> tuple[Field, ...]:
    """The fields among which a run chooses: those of ``input.object``, or of all lights."""
    wanted = config.input.object
    named = [i for i in lights if wanted is not None and plain_name(i.object) == plain_name(wanted)]
    return find_fields(named or lights)


def pick_field(fields: Sequence[Field], wanted: str | None) -> Field:
    """The field of a name or number, or the largest. Raises InputError if there is none of that name."""
    if wanted is None:
        return max(fields, key=lambda f: len(f.lights))
    key = plain_name(wanted)
    for found in ([f for f in fields if plain_name(f.name) == key], [f for f in fields if str(f.number) == wanted.strip()],
                  [f for f in fields if plain_name(f.object) == key]):
        if found:
            return max(found, key=lambda f: len(f.lights))
    raise InputError(Message("input.field: no field is named {wanted!r}.", wanted=wanted),
                     Message("There are: {value}.", value="; ".join(f"{f.number}: {f.text}" for f in fields)))


def in_one_field(lights: list[FrameInfo], config: RunConfig, excluded: list[Exclusion], warnings: list[str],
                 notes: list[str]) -> list[FrameInfo]:
    """The lights of one field: ``input.field``, or the largest; all lights if it is ALL. Those of other fields are excluded, or,
    if the field was asked for, named in a note."""
    if config.input.field is not None and plain_name(config.input.field) == ALL:
        return lights
    fields = offered_fields(lights, config)
    chosen = pick_field(fields, config.input.field)
    others = [f for f in fields if f is not chosen]
    if not others:
        return lights
    listing = ", ".join(f.text for f in others)
    if config.input.field is not None:
        notes.append(Message("The field {chosen} is stacked; lights of other fields: {listing}.", chosen=chosen.name,
                             listing=listing))
    else:
        warnings.append(Message(SEVERAL_OBJECTS, chosen=chosen.text, others=listing))
        excluded += [Exclusion(i.path, Message("it shows {frame}, the session {chosen}", frame=f.name, chosen=chosen.name),
                               Message("Stack it with --set 'input.field={frame}'.",
                                       frame=f.name)) for f in others for i in f.lights]
    left = {i.path for f in others for i in f.lights}
    return [i for i in lights if i.path not in left]


def _object(group: Sequence[FrameInfo]) -> str:
    """The most frequent name of the lights; without the number of a panel if they are several panels."""
    names = Counter(i.object for i in group if i.object)
    if len({plain_name(n) for n in names}) > 1:
        names = Counter(PANEL.sub("", i.object) for i in group if i.object)
    return names.most_common(1)[0][0] if names else ""


def _position(info: FrameInfo) -> NDArray[np.float64] | None:
    """The pointing as a unit vector; None if it is not known. Programs write 0, 0 for a position that they do not know."""
    if info.sky_position is None or info.sky_position == (0, 0):
        return None
    ra, dec = np.radians(info.sky_position)
    return np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])


def _centre(group: Sequence[FrameInfo]) -> tuple[float, float] | None:
    places = [p for i in group if (p := _position(i)) is not None]
    if not places:
        return None
    x, y, z = np.sum(places, axis=0)
    return float(np.degrees(np.arctan2(y, x)) % 360), float(np.degrees(np.arctan2(z, np.hypot(x, y))))


def _sides(info: FrameInfo) -> tuple[float, float]:
    """Longer side and diagonal of a frame in degrees, 0 if not known."""
    (rows, columns), scale = info.shape[-2:], (info.scale or 0.0) / 3600
    return round(max(rows, columns) * scale, 4), round(math.hypot(rows, columns) * scale, 4)


def _linked(lights: Sequence[FrameInfo], names: Sequence[str]) -> list[int]:
    """The number of the field of each light by single linkage of the positions, -1 for those without one."""
    spots: list[tuple[NDArray[np.float64], str, float, float]] = []
    members: list[list[int]] = []
    known: dict[tuple[str, float, float], list[int]] = defaultdict(list)
    for k, info in enumerate(lights):
        if (place := _position(info)) is None:
            continue
        side, diagonal = _sides(info)
        alike = known[names[k], side, diagonal]
        near = ONE_POINTING * (diagonal or UNKNOWN_SIZE_REACH)
        distance = _apart(np.array([spots[s][0] for s in alike]).reshape(-1, 3), place)
        if len(distance) and distance.min() <= near:
            members[alike[int(distance.argmin())]].append(k)
            continue
        alike.append(len(spots))
        spots.append((place, names[k], side, diagonal))
        members.append([k])
    label = [-1] * len(lights)
    if spots:
        number = connected_components(csr_array(_touch(spots)), directed=False)[1]
        for s, own in enumerate(members):
            for k in own:
                label[k] = int(number[s])
    return label


def _touch(spots: Sequence[tuple[NDArray[np.float64], str, float, float]]) -> NDArray[np.bool_]:
    """(n, n) which pointings are linked."""
    places, sides, diagonals = (np.array([s[k] for s in spots]) for k in (0, 2, 3))
    name = np.array([s[1] for s in spots])
    reach = np.empty((2, len(spots), len(spots)))
    for k, size in enumerate((sides, diagonals)):
        mean = (size[:, None] + size) / 2
        reach[k] = np.where((size[:, None] > 0) & (size > 0), mean, UNKNOWN_SIZE_REACH)
    same = (name[:, None] == name) | (name == "") | (name[:, None] == "")
    limit = np.where(same, np.maximum(SAME_OBJECT_REACH * reach[1], SAME_OBJECT_REACH), np.maximum(reach[0], SAME_FIELD))
    return np.asarray(np.stack([_apart(places, p) for p in places]) <= limit)


def _apart(places: NDArray[np.float64], place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees between unit vectors (n, 3) and one (3,)."""
    return np.asarray(np.degrees(2 * np.arcsin(np.clip(np.linalg.norm(places - place, axis=1) / 2, 0, 1))))


def _place_others(label: list[int], names: Sequence[str]) -> None:
    """Give the lights without a position (-1) the field with their name, a field of their own, or the largest."""
    by_name: dict[str, Counter[int]] = defaultdict(Counter)
    for k, name in zip(label, names, strict=True):
        if k >= 0 and name:
            by_name[name][k] += 1
    for n, name in enumerate(names):
        if label[n] < 0 and name:
            if name not in by_name:
                by_name[name][max(label) + 1] += 1
            label[n] = by_name[name].most_common(1)[0][0]
    largest = Counter(k for k in label if k >= 0).most_common(1)
    for n, k in enumerate(label):
        if k < 0:
            label[n] = largest[0][0] if largest else 0
