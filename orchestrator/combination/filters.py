"""Which filters the lights of a session were taken through, and what becomes of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orchestrator.combination.palettes import AUTO, LUMINANCE, Palette, coefficients, palette_name, suggest_channels
from orchestrator.config.models import RunConfig
from orchestrator.errors import InputError
from orchestrator.frames.lists import listed
from orchestrator.run.context import folder_name
from orchestrator.session.discovery import Found, ScanReport, choose, find
from orchestrator.session.library import library_masters
from orchestrator.session.matching import name_of_object, plain_name, shows_the_same
from orchestrator.session.model import FrameInfo, Role

__all__ = ["FilterLook", "SessionFilters", "channel_names", "look_at_filters"]


@dataclass(frozen=True)
class FilterLook:
    """One filter. ``channel`` is its letter in palettes (L, R, G, B, S, H, O), else its name as a folder can bear it.

    ``report`` holds its lights and the calibration frames that fit them; None where it cannot be stacked, and ``problem`` says
    why. ``object`` is set where the lights show several.
    """

    channel: str
    filter: str
    lights: int
    report: ScanReport | None
    problem: InputError | None = None
    object: str | None = None


@dataclass(frozen=True)
class SessionFilters:
    """The filters of a session, the one that gives the pixels first (the luminance, else that of most lights)."""

    looks: tuple[FilterLook, ...]
    wish: Palette = "auto"

    @property
    def stacked(self) -> tuple[FilterLook, ...]:
        return tuple(f for f in self.looks if f.report is not None)

    @property
    def several(self) -> bool:
        """Whether there is more than one stack to make."""
        return len(self.stacked) > 1

    @property
    def palette(self) -> str:
        """What the stacks are combined as; "" where they are stacked each and not combined."""
        return palette_name(self.wish, [f.channel for f in self.stacked]) if self.combinable else ""

    @property
    def combinable(self) -> bool:
        """Only stacks of one colour each are combined: those of a colour camera have all three already."""
        return all(f.report.session.cfa is None and len(f.report.session.shape) == 2 for f in self.stacked if f.report)

    @property
    def missed(self) -> str:
        """The palette that all filters would make, where those that cannot be stacked spoil it; "" otherwise."""
        wished = palette_name(self.wish, [f.channel for f in self.looks])
        return wished if self.combinable and wished != self.palette else ""

    def told(self) -> str:
        """What will be made, in words."""
        counts = ", ".join(f"{f.filter} ({f.lights} lights)" for f in self.stacked)
        if not self.palette:
            why = ("they are pictures with colours of their own" if not self.combinable
                   else "output.palette is none" if self.wish == "none"
                   else f"{', '.join(f.filter for f in self.stacked)} do not make {self.wish}" if self.wish != "auto"
                   else f"no palette is known for them ({', '.join(AUTO)} are)")
            return f"The lights have several filters: {counts}. Each is stacked; they are not combined: {why}."
        parts = {c for f in coefficients(self.wish, [f.channel for f in self.stacked]).values() for c, k in f.items() if k}
        out = ", ".join(f.filter for f in self.stacked if f.channel not in parts)
        rest = f" Not part of it: {out}." if out else ""
        return f"The lights have several filters: {counts}. Each is stacked, and the stacks are combined as {self.palette}.{rest}"

    def refused(self) -> list[str]:
        """Which filters are not stacked, and why."""
        return [f"{f.filter} is not stacked: {f.problem}" for f in self.looks if f.problem is not None]

    def to_dict(self) -> dict[str, Any]:
        return {"palette": self.palette, "channels": [
            {"channel": f.channel, "filter": f.filter, "lights": f.lights, "problem": str(f.problem or "")} for f in self.looks]}


def look_at_filters(roots: Sequence[Path], config: RunConfig) -> SessionFilters:
    """The filters of a session, where there are several; none where there is one, or one was asked for, or nights are named.

    Reads headers only. Raises InputError when there are no lights.
    """
    if config.input.filter is not None or config.input.nights:
        return SessionFilters(())
    found = find(roots, config)
    groups: dict[str, list[FrameInfo]] = defaultdict(list)
    for info in listed(found.frames[Role.LIGHT], config.selection.frames, []):
        groups[plain_name(info.filter)].append(info)
    groups.pop("", None)  # lights without a filter are told of by the runs
    if len(groups) < 2:
        return SessionFilters(())
    lights = {group[0].filter or "": group for group in sorted(groups.values(), key=lambda g: (-len(g), g[0].filter or ""))}
    names = channel_names(list(lights))
    looks: list[FilterLook] = []
    for channel, name in names.items():
        looks.append(_look(found, channel, name, lights[name], config, next((f.report for f in looks if f.report), None)))
    return SessionFilters(tuple(looks), config.output.palette)


def channel_names(filters: Sequence[str]) -> dict[str, str]:
    """Channel -> filter for filters in order of their lights; of two for one channel the first has its letter.

    The luminance comes first, else the filter of most lights; then the others in the order of palettes.
    """
    names = suggest_channels(filters)
    known = set(names.values())
    for name in (f for f in filters if f not in known):
        stem = folder_name(name)
        channel = next(c for c in (stem, *(f"{stem}-{k}" for k in range(2, 99))) if c not in names)
        names[channel] = name
    first = LUMINANCE if LUMINANCE in names else next(c for c, name in names.items() if name == filters[0])
    letters = "".join(dict.fromkeys("".join(AUTO)))
    return {c: names[c] for c in sorted(names, key=lambda c: (c != first, letters.find(c) % 99, filters.index(names[c])))}


def _look(found: Found, channel: str, name: str, lights: list[FrameInfo], config: RunConfig,
          first: ScanReport | None) -> FilterLook:
    """What a filter's run would take; of several objects the one that ``first`` shows."""
    settings = config.model_copy(deep=True)
    settings.input.filter = name
    found = replace(found, frames={**found.frames, Role.LIGHT: lights})
    needed = 2 if config.input.allow_emergency_mode else max(config.input.frames_min, 2)
    if len(lights) < needed:
        return FilterLook(channel, name, len(lights), None, InputError(
            f"it has {len(lights)} light{'s' * (len(lights) != 1)} ({', '.join(i.path.name for i in lights[:3])}), "
            f"{needed} are needed.", "Add frames, correct the filter's name, or leave it."))
    chosen: str | None = None
    try:
        report = choose(found, settings, library_masters(config))
        if first is not None and not shows_the_same(report.session.lights, first.session.lights):
            chosen = settings.input.object = name_of_object(first.session.lights)
            report = choose(found, settings, library_masters(config))
        return FilterLook(channel, name, len(report.session.lights), report, object=chosen)
    except InputError as error:
        return FilterLook(channel, name, len(lights), None, error)
