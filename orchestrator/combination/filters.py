"""The filters of the lights of a session, and how each of them is stacked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orchestrator.combination.palettes import AUTO, Palette, channel_names, coefficients, palette_name
from orchestrator.config.settings import NightFolder, RunConfig
from orchestrator.errors import InputError
from orchestrator.message import Message, counted, joined
from orchestrator.session.discovery import Found, ScanReport, choose, find, of_one_field
from orchestrator.session.filter_names import common_filter, filter_key
from orchestrator.session.frame_list import select_listed
from orchestrator.session.master_library import library_masters
from orchestrator.session.matching import name_of_object, same_object
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.session.nights import NightFrames, choose_per_night, frames_of_nights, merge_scans
from orchestrator.session.watch import Watch, unwatched

__all__ = ["FilterGroup", "SessionFilters", "find_filters", "least_lights"]


@dataclass(frozen=True)
class FilterGroup:
    """The lights of one filter. ``channel`` is its letter in palettes (L, R, G, B, S, H, O), else its name as a folder name.

    ``report`` holds the lights and the calibration frames that match them; None if the filter cannot be stacked, with the reason
    in ``problem``. ``object`` is set if the lights show several objects; ``nights`` are those that have the filter, if nights are
    configured.
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
    """The filters of a session; the first one defines the pixel grid (the luminance, else the filter with most lights)."""

    groups: tuple[FilterGroup, ...]
    requested: Palette = "auto"

    @property
    def stacked(self) -> tuple[FilterGroup, ...]:
        return tuple(f for f in self.groups if f.report is not None)

    @property
    def several(self) -> bool:
        """Whether more than one filter can be stacked."""
        return len(self.stacked) > 1

    @property
    def palette(self) -> str:
        """The palette of the combination; "" if the filters are stacked separately and not combined."""
        return palette_name(self.requested, [f.channel for f in self.stacked]) if self.combinable else ""

    @property
    def combinable(self) -> bool:
        """Whether all stacks are monochrome: those of a colour camera already have three channels and are not combined."""
        return all(f.report.session.cfa is None and len(f.report.session.shape) == 2 for f in self.stacked if f.report)

    @property
    def lost_palette(self) -> str:
        """The palette of all filters, if it is lost because some of them cannot be stacked; "" otherwise."""
        wanted = palette_name(self.requested, [f.channel for f in self.groups])
        return wanted if self.combinable and wanted != self.palette else ""

    def describe(self) -> str:
        """A sentence on what will be stacked and combined."""
        counts = joined(", ", (Message("{filter} ({lights} lights)", filter=f.filter, lights=f.lights) for f in self.stacked))
        if not self.palette:
            why = (Message("they are colour images") if not self.combinable
                   else Message("output.palette is none") if self.requested == "none"
                   else Message("{filter} do not match the palette {requested}",
                                filter=", ".join(f.filter for f in self.stacked), requested=self.requested)
                   if self.requested != "auto"
                   else Message("there is no palette for them (known: {auto})", auto=", ".join(AUTO)))
            return Message("The lights have several filters: {counts}. Each is stacked separately; the stacks are not "
                           "combined: {why}.", counts=counts, why=why)
        parts = {c for f in coefficients(self.requested, [f.channel for f in self.stacked]).values() for c, k in f.items() if k}
        out = ", ".join(f.filter for f in self.stacked if f.channel not in parts)
        text = Message("The lights have several filters: {counts}. Each is stacked, and the stacks are combined as {palette}.",
                       counts=counts, palette=self.palette)
        return Message("{text} Not part of it: {out}.", text=text, out=out) if out else text

    def refusals(self) -> list[str]:
        """A sentence for each filter that cannot be stacked, with the reason."""
        return [Message("{filter} is not stacked: {problem}", filter=f.filter,
                        problem=f.problem) for f in self.groups if f.problem is not None]

    def night(self, name: str) -> Session | None:
        """The frames of a night that the runs of all filters use, as one session for display; None if they use none."""
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
            {"channel": f.channel, "filter": f.filter, "lights": f.lights, "problem": str(f.problem or "")} for f in self.groups]}


def find_filters(roots: Sequence[Path], config: RunConfig, channels: Mapping[str, str] | None = None,
                 watch: Watch = unwatched) -> SessionFilters:
    """Find the filters of a session, or of the configured nights. The result is empty if there is only one filter, or if
    ``input.filter`` selects one. ``channels`` (channel -> filter) replaces the automatic assignment.

    Reads headers only. Raises InputError when there are no lights.
    """
    if config.input.filter is not None:
        return SessionFilters(())
    source = _Nights(frames_of_nights(config, watch)) if config.input.nights else _Folders(
        of_one_field(find(roots, config, watch), config))
    groups: dict[str, list[FrameInfo]] = defaultdict(list)
    for info in select_listed(source.lights, config.selection.frames, []):
        groups[filter_key(info.filter)].append(info)
    groups.pop("", None)  # the runs report lights without a filter
    if len(groups) < 2:
        return SessionFilters(())
    ordered = sorted(groups.values(), key=lambda g: (-len(g), g[0].filter or ""))
    found: list[FilterGroup] = []
    for channel, name in (channels or channel_names([common_filter(i.filter for i in g) or "" for g in ordered])).items():
        found.append(_filter_group(source, channel, name, groups[filter_key(name)], config,
                           next((f.report for f in found if f.report), None)))
    return SessionFilters(tuple(found), config.output.palette)


@dataclass(frozen=True)
class _Folders:
    """The frames of a session, and those that a run with a given filter would use."""

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
    """The same for several nights. Raises InputError for a night that cannot be used."""

    def __init__(self, frames: Sequence[NightFrames]) -> None:
        for night in frames:
            if night.problem is not None:
                raise InputError(Message("The night {folder}: {problem}", folder=night.folder.name,
                                         problem=night.problem.message), night.problem.remedy)
        self._frames = frames

    @property
    def lights(self) -> list[FrameInfo]:
        return [i for night in self._frames for i in night.lights]

    def nights(self, wanted: str) -> tuple[NightFolder, ...]:
        return tuple(n.folder for n in self._frames if n.has(wanted))

    def report(self, lights: list[FrameInfo], settings: RunConfig) -> ScanReport:
        having = [n for n in self._frames if n.has(settings.input.filter or "")]
        return merge_scans(choose_per_night(having, settings), settings)


def least_lights(config: RunConfig) -> int:
    """Number of lights that a filter needs to be stacked."""
    return 2 if config.input.allow_emergency_mode else max(config.input.min_frames, 2)


def _filter_group(source: _Folders | _Nights, channel: str, name: str, lights: list[FrameInfo], config: RunConfig,
                  first: ScanReport | None) -> FilterGroup:
    """The frames that the run of a filter would use; if there are several objects, those of the object in ``first``."""
    settings = config.model_copy(deep=True)
    settings.input.filter = name
    nights = source.nights(name)
    needed = least_lights(config)
    if len(lights) < needed:
        return FilterGroup(channel, name, len(lights), None, InputError(
            Message("it has {lights} ({names}), {needed} are needed.", names=", ".join(i.path.name for i in lights[:3]),
                    lights=counted(len(lights), "{count} light", "{count} lights"), needed=needed),
            "Add frames, correct the name of the filter, or ignore it."), nights=nights)
    chosen: str | None = None
    try:
        report = source.report(lights, settings)
        if first is not None and not same_object(report.session.lights, first.session.lights):
            chosen = settings.input.object = name_of_object(first.session.lights)
            report = source.report(lights, settings)
        return FilterGroup(channel, name, len(report.session.lights), report, object=chosen, nights=nights)
    except InputError as error:
        return FilterGroup(channel, name, len(lights), None, error, nights=nights)
