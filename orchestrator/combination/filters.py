"""Which filters the lights of a session were taken through, and what becomes of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orchestrator.combination.palettes import AUTO, Palette, channel_names, coefficients, palette_name
from orchestrator.config.settings import NightFolder, RunConfig
from orchestrator.errors import InputError
from orchestrator.session.discovery import Found, ScanReport, choose, find
from orchestrator.session.frame_list import listed
from orchestrator.session.master_library import library_masters
from orchestrator.session.matching import name_of_object, plain_name, shows_the_same
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.session.nights import NightFrames, choose_of_nights, frames_of_nights, together

__all__ = ["FilterLook", "SessionFilters", "least_lights", "look_at_filters"]


@dataclass(frozen=True)
class FilterLook:
    """One filter. ``channel`` is its letter in palettes (L, R, G, B, S, H, O), else its name as a folder can bear it.

    ``report`` holds its lights and the calibration frames that fit them; None where it cannot be stacked, and ``problem`` says
    why. ``object`` is set where the lights show several; ``nights`` are those that have the filter, where nights are named.
    """

    channel: str
    filter: str
    lights: int
    report: ScanReport | None
    problem: InputError | None = None
    object: str | None = None
    nights: tuple[NightFolder, ...] = ()


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

    def night(self, name: str) -> Session | None:
        """All that the filters' runs take of a night, as one session to look at; None where they take nothing."""
        parts = [s for f in self.stacked if f.report for s in f.report.session.nights if s.name == name]
        if not parts:
            return None
        frames = {role: tuple({i.path: i for s in parts for i in s.frames.get(role, ())}.values()) for role in Role}
        used = {i.path for infos in frames.values() for i in infos}
        left = {e.path: e for s in parts for e in s.excluded if e.path not in used}
        warnings, notes = (tuple(dict.fromkeys(t for s in parts for t in getattr(s, kind))) for kind in ("warnings", "notes"))
        return replace(parts[0], frames={r: f for r, f in frames.items() if f}, excluded=tuple(left.values()), warnings=warnings,
                       notes=notes)

    def to_dict(self) -> dict[str, Any]:
        return {"palette": self.palette, "channels": [
            {"channel": f.channel, "filter": f.filter, "lights": f.lights, "problem": str(f.problem or "")} for f in self.looks]}


def look_at_filters(roots: Sequence[Path], config: RunConfig, channels: Mapping[str, str] | None = None) -> SessionFilters:
    """The filters of a session, or of the nights that the settings name; none where there is one, or one was asked for.
    ``channels`` gives the filter of each channel instead.

    Reads headers only. Raises InputError when there are no lights.
    """
    if config.input.filter is not None:
        return SessionFilters(())
    source = _Nights(frames_of_nights(config)) if config.input.nights else _Folders(find(roots, config))
    groups: dict[str, list[FrameInfo]] = defaultdict(list)
    for info in listed(source.lights, config.selection.frames, []):
        groups[plain_name(info.filter)].append(info)
    groups.pop("", None)  # lights without a filter are told of by the runs
    if len(groups) < 2:
        return SessionFilters(())
    ordered = sorted(groups.values(), key=lambda g: (-len(g), g[0].filter or ""))
    looks: list[FilterLook] = []
    for channel, name in (channels or channel_names([g[0].filter or "" for g in ordered])).items():
        looks.append(_look(source, channel, name, groups[plain_name(name)], config,
                           next((f.report for f in looks if f.report), None)))
    return SessionFilters(tuple(looks), config.output.palette)


@dataclass(frozen=True)
class _Folders:
    """The frames of a session; what its runs would take, by settings that name a filter."""

    found: Found

    @property
    def lights(self) -> list[FrameInfo]:
        return self.found.frames[Role.LIGHT]

    def nights(self, wanted: str) -> tuple[NightFolder, ...]:
        return ()

    def report(self, lights: list[FrameInfo], settings: RunConfig) -> ScanReport:
        found = replace(self.found, frames={**self.found.frames, Role.LIGHT: lights})
        return choose(found, settings, library_masters(settings))


class _Nights:
    """The frames of several nights, in the same way. Raises InputError for a night that cannot be used."""

    def __init__(self, frames: Sequence[NightFrames]) -> None:
        for night in frames:
            if night.problem is not None:
                raise InputError(f"The night {night.folder.name}: {night.problem.message}", night.problem.remedy)
        self._frames = frames

    @property
    def lights(self) -> list[FrameInfo]:
        return [i for night in self._frames for i in night.lights]

    def nights(self, wanted: str) -> tuple[NightFolder, ...]:
        return tuple(n.folder for n in self._frames if n.has(wanted))

    def report(self, lights: list[FrameInfo], settings: RunConfig) -> ScanReport:
        having = [n for n in self._frames if n.has(settings.input.filter or "")]
        return together(choose_of_nights(having, settings), settings)


def least_lights(config: RunConfig) -> int:
    """How many lights a filter needs to be stacked."""
    return 2 if config.input.allow_emergency_mode else max(config.input.frames_min, 2)


def _look(source: _Folders | _Nights, channel: str, name: str, lights: list[FrameInfo], config: RunConfig,
          first: ScanReport | None) -> FilterLook:
    """What a filter's run would take; of several objects the one that ``first`` shows."""
    settings = config.model_copy(deep=True)
    settings.input.filter = name
    nights = source.nights(name)
    needed = least_lights(config)
    if len(lights) < needed:
        return FilterLook(channel, name, len(lights), None, InputError(
            f"it has {len(lights)} light{'s' * (len(lights) != 1)} ({', '.join(i.path.name for i in lights[:3])}), "
            f"{needed} are needed.", "Add frames, correct the filter's name, or leave it."), nights=nights)
    chosen: str | None = None
    try:
        report = source.report(lights, settings)
        if first is not None and not shows_the_same(report.session.lights, first.session.lights):
            chosen = settings.input.object = name_of_object(first.session.lights)
            report = source.report(lights, settings)
        return FilterLook(channel, name, len(report.session.lights), report, object=chosen, nights=nights)
    except InputError as error:
        return FilterLook(channel, name, len(lights), None, error, nights=nights)
