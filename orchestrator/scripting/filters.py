"""Nights of several filters in the scripts: a stack for each filter on the same pixels, and how they become one picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestrator.combination.palettes import COLOURS, LUMINANCE, Palette, channel_names, coefficients, palette_name
from orchestrator.errors import InputError
from orchestrator.scripting.names import safe, unique
from orchestrator.session.matching import plain_name
from orchestrator.session.model import Session

__all__ = ["Combination", "channels_of", "combination"]

# Siril fits the luminance to the mean of the colours between these levels: what is saturated tells nothing.
MATCHED = (0, 0.92)


@dataclass(frozen=True)
class Combination:
    """How stacks become a picture. ``images`` are the channels in it, ``luminance`` whether L is first brought to the mean of R,
    G and B; ``colours`` give for R, G and B the file in the folder "process", and Siril's expression where it is to be made."""

    palette: str
    images: tuple[str, ...]
    luminance: bool
    colours: tuple[tuple[str, str], ...]

    @property
    def mean(self) -> str:
        return f"({'+'.join(f'$channel_{c}$' for c in COLOURS)})/3"

    @property
    def matched(self) -> str:
        return " ".join(f"{level:g}" for level in MATCHED)


def channels_of(nights: Sequence[Session], given: Mapping[str, str]) -> list[str]:
    """For each of the nights the channel of its filter, as ``given`` or by the usual letters; empty where all have the same one.

    Raises
    ------
    InputError : some nights name a filter, and others do not.
    """
    filters = [n.lights[0].filter or "" for n in nights]
    if len({plain_name(f) for f in filters}) == 1:
        return []
    if not all(filters):
        odd = nights[filters.index("")]
        raise InputError(f"The nights cannot be stacked together: the lights of {odd.name} name no filter, others "
                         f"{', '.join(sorted({f for f in filters if f}))}.", "Write scripts for each on its own.")
    counts: Counter[str] = Counter()
    for night, name in zip(nights, filters, strict=True):
        counts[plain_name(name)] += len(night.lights)
    first = {plain_name(f): f for f in reversed(filters)}
    names = given or channel_names([first[key] for key, _ in counts.most_common()])
    of_filter = dict(zip(map(plain_name, names.values()), unique(safe(c, "channel") for c in names), strict=True))
    return [of_filter[plain_name(f)] for f in filters]


def combination(channels: Sequence[str], palette: Palette, *, mono: bool) -> Combination | None:
    """How the channels are combined; None where they are not."""
    name = palette_name(palette, channels) if mono else ""
    if not name:
        return None
    factors = coefficients(palette, channels)
    used = tuple(dict.fromkeys(c for f in factors.values() for c, k in f.items() if k))
    # The header of red is that of the picture: each channel takes part in it, so that Siril adds up frames and exposures.
    factors[COLOURS[0]] = {**factors[COLOURS[0]], **{c: 0.0 for c in used if not factors[COLOURS[0]].get(c)}}
    colours = tuple(_colour(colour, factors[colour]) for colour in COLOURS)
    return Combination(name, used, LUMINANCE in used and set(COLOURS) <= set(used), colours)


def _colour(colour: str, factors: Mapping[str, float]) -> tuple[str, str]:
    if list(factors.values()) == [1.0]:
        return f"channel_{next(iter(factors))}", ""
    ordered = sorted(factors.items(), key=lambda part: part[1] <= 0)  # an expression begins with what is added
    text = "".join(f"{k:+.10g}*$channel_{c}$" for c, k in ordered).removeprefix("+").replace("+1*", "+").removeprefix("1*")
    return f"colour_{colour}", text
