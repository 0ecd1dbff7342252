"""Nights of several filters in the scripts: one stack per filter on the same pixels, and their combination to one image."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestrator.combination.palettes import COLOURS, LUMINANCE, Palette, channel_names, coefficients, palette_name
from orchestrator.errors import InputError
from orchestrator.scripting.names import safe, unique
from orchestrator.session.filter_names import filter_key
from orchestrator.session.model import Session

__all__ = ["Combination", "channels_of", "combination"]

# Levels (0 to 1) between which Siril matches the luminance to the mean of the colours; saturated pixels are not used.
MATCHED = (0, 0.92)


@dataclass(frozen=True)
class Combination:
    """How stacks become an image. ``images``: the channels in it; ``luminance``: whether L is first matched to the mean of R, G
    and B; ``colours``: for R, G and B the file in the folder "process", and Siril's expression if it must be computed."""

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
    """The channel of each night's filter, from ``given`` or by the usual letters; empty if all nights have the same filter.

    Raises
    ------
    InputError : only some of the nights have a filter name.
    """
    filters = [n.lights[0].filter or "" for n in nights]
    if len({filter_key(f) for f in filters}) == 1:
        return []
    if not all(filters):
        odd = nights[filters.index("")]
        raise InputError(f"The nights cannot be stacked together: the lights of {odd.name} have no filter name, others have "
                         f"{', '.join(sorted({f for f in filters if f}))}.", "Write scripts for each night separately.")
    counts: Counter[str] = Counter()
    for night, name in zip(nights, filters, strict=True):
        counts[filter_key(name)] += len(night.lights)
    first = {filter_key(f): f for f in reversed(filters)}
    names = given or channel_names([first[key] for key, _ in counts.most_common()])
    of_filter = dict(zip(map(filter_key, names.values()), unique(safe(c, "channel") for c in names), strict=True))
    return [of_filter[filter_key(f)] for f in filters]


def combination(channels: Sequence[str], palette: Palette, *, mono: bool) -> Combination | None:
    """How the channels are combined; None if they are not."""
    name = palette_name(palette, channels) if mono else ""
    if not name:
        return None
    factors = coefficients(palette, channels)
    used = tuple(dict.fromkeys(c for f in factors.values() for c, k in f.items() if k))
    # The image gets the header of red. Every channel is part of its expression, so that Siril adds up frames and exposures.
    factors[COLOURS[0]] = {**factors[COLOURS[0]], **{c: 0.0 for c in used if not factors[COLOURS[0]].get(c)}}
    colours = tuple(_colour(colour, factors[colour]) for colour in COLOURS)
    return Combination(name, used, LUMINANCE in used and set(COLOURS) <= set(used), colours)


def _colour(colour: str, factors: Mapping[str, float]) -> tuple[str, str]:
    if list(factors.values()) == [1.0]:
        return f"channel_{next(iter(factors))}", ""
    ordered = sorted(factors.items(), key=lambda part: part[1] <= 0)  # an expression must begin with a positive term
    text = "".join(f"{k:+.10g}*$channel_{c}$" for c, k in ordered).removeprefix("+").replace("+1*", "+").removeprefix("1*")
    return f"colour_{colour}", text
