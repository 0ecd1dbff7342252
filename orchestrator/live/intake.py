"""Processing of a new file: it is read, checked, measured, and collected or added to the panel that it shows."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from orchestrator.engines.base import Frame
from orchestrator.engines.measure_frames import measure_frames
from orchestrator.engines.native.engine import CalibratedReader, with_no_data
from orchestrator.engines.native.fixed_pattern import PatternFiles
from orchestrator.engines.native.kept_masters import typical_level
from orchestrator.engines.native.masters import plain_layout
from orchestrator.engines.native.registration import match_all, reference_scores
from orchestrator.engines.no_data import find_no_data
from orchestrator.engines.saturation import saturation_levels
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.io.image_layout import stamp_of
from orchestrator.live.add_frame import MeasuredLight, add_first, add_next
from orchestrator.live.arrivals import Stamp
from orchestrator.live.fixed_pattern import pattern_of, pattern_update_due, update_pattern
from orchestrator.live.live_masters import Masters, OtherExposures, make_masters
from orchestrator.live.panels import Panel, Panels, Waiting
from orchestrator.live.placing import locate
from orchestrator.live.stacking import frame_set
from orchestrator.live.state import WARM_UP, Base
from orchestrator.message import Message
from orchestrator.runtime.cache import pixels_id
from orchestrator.runtime.context import RunContext
from orchestrator.session.discovery import MANY_FRAMES, read_frame
from orchestrator.session.filter_names import same_filter
from orchestrator.session.matching import group_key
from orchestrator.session.model import Exclusion, FrameInfo, Role, Session
from orchestrator.session.row_order import read_like
from orchestrator.stacking.best_reference import clearer_reference
from orchestrator.stacking.canvas import Mode
from orchestrator.stacking.canvas_extent import CanvasArea, plan_canvas
from orchestrator.stacking.star_colours import with_star_light
from orchestrator.stacking.tile_quality import tile_grid
from tilecore.stack.running_mean import RunningStack

__all__ = ["Intake", "NotReady"]


class NotReady(Exception):
    """A file that is not complete yet."""


class Intake:
    """Adds frames to ``panels``. The first :data:`WARM_UP` frames of a panel are collected before they are stacked. ``show`` is
    the filter to stack, that of the first light if None; lights of other filters are kept for the full run."""

    def __init__(self, root: Path, panels: Panels, context: RunContext, show: str | None = None) -> None:
        self._root, self._panels, self._context = root, panels, context
        self._show = show
        self._exposures = OtherExposures(root, context)
        base = panels.begun[0].state.base if panels.begun else None
        # None before the first light.
        self._masters = Masters(base.session, base.template, base.dark) if base else None

    def take(self, path: Path, stamp: Stamp) -> str | None:
        """Add or collect a frame. Returns the reason if it is left out, "" if it was added, None if it was collected or is not a
        light.

        Raises
        ------
        NotReady : the file is shorter than its header requires.
        """
        problems: list[Exclusion] = []
        info = read_frame(path, self._root, self._context.config, problems)
        if info is None:
            if problems and problems[0].reason == MANY_FRAMES:
                return self.refuse(path, stamp, f"{MANY_FRAMES}. {problems[0].remedy}")
            if problems and problems[0].reason:
                raise NotReady(problems[0].reason)
            return None
        if info.role is not Role.LIGHT:
            return None
        shown = self.shown
        if info.filter and shown and not same_filter(info.filter, shown):
            return self._panels.refuse(str(path), stamp, Message("the stack shows {shown}", shown=shown), info.filter)
        try:
            light = self._measured(info, stamp)
        except InputError as error:
            return self.refuse(path, stamp, error.message)
        if light is None:
            return None
        return self.refuse(path, stamp, light) if isinstance(light, str) else self._placed(light)

    @property
    def shown(self) -> str | None:
        """The filter of the stack; None if no header names one, or before the first light."""
        return self._masters.session.lights[0].filter if self._masters is not None else self._show

    @property
    def waiting(self) -> int:
        return len(self._panels.lights_waiting)

    def refuse(self, path: Path, stamp: Stamp, reason: str) -> str:
        """Record that a file is left out."""
        return self._panels.refuse(str(path), stamp, reason)

    def _placed(self, light: MeasuredLight) -> str | None:
        """Add a light to the panel that it shows, or collect it. Returns the same as :meth:`take`."""
        panels = self._panels
        found = locate(light, panels.fields, panels.usual_stars, self._context)
        if found.reason:
            return self.refuse(light.info.path, light.stamp, found.reason)
        if isinstance(found.home, Panel):
            return self._add(found.home, light)
        group = found.home if isinstance(found.home, Waiting) else Waiting([])
        if found.home is None:
            panels.waiting.append(group)
        group.lights.append(light)
        group.touches |= found.touches
        # The one that is being filled is the last.
        panels.waiting.remove(group)
        panels.waiting.append(group)
        return self._begin(group) if len(group.lights) >= WARM_UP else None

    def _add(self, panel: Panel, light: MeasuredLight) -> str:
        state = self._panels.use(panel)
        base = state.begun_base
        reader = replace(light.reader, bad=base.template.bad or base.bad, pattern=base.pattern)
        add_next(state, panel.context, replace(light, reader=reader))
        self._tidy()
        return state.frames[-1].reason

    def update_pattern(self) -> None:
        """Determine the sensor pattern again and restack the lights of the panel that was used last, if that is due."""
        panel = self._panels.last
        if pattern_update_due(panel.state, panel.context):
            update_pattern(self._root, panel.state, panel.context)
            self._tidy()

    def begin(self, *, last: bool) -> None:
        """Stack the lights that wait and certainly show a field: several of them, or one that touches another; with ``last`` all
        of them, else without those that came last, which may get more."""
        for group in list(self._panels.waiting if last else self._panels.waiting[:-1]):
            if group not in self._panels.waiting:  # located elsewhere meanwhile
                continue
            if len(group.lights) > 1 or group.touches or (last and not self._panels.begun):
                self._begin(group)

    def _tidy(self) -> None:
        """Remove the uncompressed copies of lights that do not wait any more."""
        waiting = {light.reader.layout.path for light in self._panels.lights_waiting}
        for work in {self._panels.last.context.work, self._context.work}:
            for path in work.glob("plain-*/*"):
                if path not in waiting:
                    path.unlink(missing_ok=True)
                    with contextlib.suppress(OSError):
                        path.parent.rmdir()

    def _measured(self, info: FrameInfo, stamp: Stamp) -> MeasuredLight | str | None:
        """The light, or the reason why it is left out, or None if it is in the stack and only its time has changed."""
        context = self._context
        masters = self._masters = self._masters or make_masters(self._root, info, context)
        session = masters.session
        info = read_like(info, session.lights[0])
        if group_key(info) != group_key(session.lights[0]):
            return "its size, gain or binning differ from those of the earlier frames"
        layout = plain_layout(info, context.work)
        id = pixels_id(layout)
        known = self._panels.ids
        same = known.get(id)
        if same == str(info.path):
            return None
        if str(info.path) in known.values():
            return "it was changed after it was stacked; its earlier content is in the stack"
        if same is not None:
            return Message("it has the same pixels as {name}, which is in the stack", name=Path(same).name)
        # Frames of a camera (integers) with empty rows are not written completely; other programs leave borders empty.
        if layout.bitpix > 0 and (damage := fits_io.damage(layout)):
            return damage
        last = self._panels.last.state.base
        reader = last.reader(layout) if last is not None else replace(masters.template, layout=layout)
        reader = with_no_data(self._exposures.adapted(reader, info, masters), context)
        (found,) = measure_frames(context, [reader], session.cfa, "measuring")
        if isinstance(found, str):
            return found
        return MeasuredLight(info, stamp, id, reader, found)

    def _begin(self, group: Waiting) -> str | None:
        """Stack collected lights as a new panel; the best is its reference. Returns the same as :meth:`take` for the last one."""
        self._panels.waiting.remove(group)
        waiting, masters = group.lights, self._masters
        if masters is None:
            return None
        waiting, masters = self._with_saturation(waiting, masters)
        panel = self._panels.new()
        found = self._pattern(waiting, masters, panel)
        if found.bad or found.pattern:
            waiting = self._cleaned(waiting, found, masters.session)
        session = replace(masters.session, frames={**masters.session.frames, Role.LIGHT: tuple(a.info for a in waiting)})
        scores = reference_scores(session, [a.measurement for a in waiting], np.ones(len(waiting)), self._context)
        if not scores:
            self._panels.last.state.frames += [
                a.left_out(Message("{star_count} stars detected, too few for registration",
                                   star_count=a.measurement.star_count)) for a in waiting]
            return self._panels.last.state.frames[-1].reason
        best = self._clear(session, waiting, max(scores, key=lambda i: (scores[i], -i)))
        base = self._base(replace(masters, session=session), waiting, best, (panel, found))
        state = panel.state
        state.base = base
        state.stack = RunningStack.empty((len(base.plan.channels), *base.plan.channel_shape))
        self._panels.use(panel)
        add_first(state, panel.context, waiting)
        self._tidy()
        reason = state.frames[-1].reason
        self._locate_again()
        return reason

    def _locate_again(self) -> None:
        """Lights that were alone may show the field of a panel that has begun since."""
        for group in [w for w in self._panels.waiting if len(w.lights) == 1]:
            self._panels.waiting.remove(group)
            self._placed(group.lights[0])

    def _pattern(self, lights: list[MeasuredLight], masters: Masters, panel: Panel) -> PatternFiles:
        """Bad pixels and fixed pattern of the sensor: of the panel that determined them from most lights, or from these."""
        known = max((p.state for p in self._panels.begun), key=lambda s: s.cleaned, default=None)
        if known is not None and known.base is not None and known.cleaned:
            return PatternFiles(known.base.bad, known.base.pattern)
        # Bad pixels first: they would be detected as stars.
        return pattern_of(masters.template, masters.dark, [a.reader.layout for a in lights], panel.context)

    def _with_saturation(self, lights: list[MeasuredLight], masters: Masters) -> tuple[list[MeasuredLight], Masters]:
        """The lights, and the masters of later ones, with the level at which their camera clips."""
        found = [find_no_data(a.reader.layout, self._context) for a in lights]
        template = masters.template
        subtracted = template.dark or template.bias
        offset = typical_level(subtracted) if subtracted else template.pedestal
        level = min(saturation_levels([a.info for a in lights], found, offset))
        if level == template.saturation:
            return lights, masters
        self._masters = masters = replace(masters, template=replace(template, saturation=level))
        readers = [replace(a.reader, saturation=level) for a in lights]
        return self._measured_again(lights, readers, masters.session), masters

    def _cleaned(self, lights: list[MeasuredLight], found: PatternFiles, session: Session) -> list[MeasuredLight]:
        readers = [replace(a.reader, bad=a.reader.bad or found.bad, pattern=found.pattern) for a in lights]
        return self._measured_again(lights, readers, session)

    def _measured_again(self, lights: list[MeasuredLight], readers: list[CalibratedReader],
                        session: Session) -> list[MeasuredLight]:
        measured = measure_frames(self._context, readers, session.cfa, "measuring")
        return [a if isinstance(m, str) else replace(a, reader=reader, measurement=m)
                for a, reader, m in zip(lights, readers, measured, strict=True)]

    def _clear(self, session: Session, lights: list[MeasuredLight], best: int) -> int:
        """The index of a clear light if the ``best`` is hazy: the stack has its scale."""
        if self._context.config.registration.reference != "auto":
            return best
        measurements = [a.measurement for a in lights]
        found = match_all([*measurements], {}, np.ones(len(lights)), best, self._context)
        frames = tuple(Frame(i, a.info, a.reader, None if isinstance(f, str) else f.matrix)
                       for i, (a, f) in enumerate(zip(lights, found, strict=True)))
        matched = replace(frame_set(session, frames[best], frames[best]), frames=frames, reference=best)
        clearer = clearer_reference(matched, [measurements[f.index] for f in matched.usable])
        return best if clearer is None else clearer[0].index

    def _base(self, masters: Masters, lights: list[MeasuredLight], reference_index: int,
              kept: tuple[Panel, PatternFiles]) -> Base:
        """The common data of all frames; the file of the reference is copied because later frames need it."""
        panel, found = kept
        context, session, best = panel.context, masters.session, lights[reference_index]
        copy = shutil.copyfile(best.reader.layout.path, context.directory / f"reference{best.reader.layout.path.suffix}")
        layout = replace(best.reader.layout, path=copy, stamp=stamp_of(copy.stat()))
        blank = best.reader.blank  # the work folder is emptied between the sessions of a live stack
        blank = shutil.copyfile(blank, context.directory / "reference_no_data.npz") if blank is not None else None
        reader = replace(best.reader, layout=layout, blank=blank)
        reference = Frame(0, best.info, reader, np.eye(3), "", 0.0, best.measurement.star_count, "identity, reference",
                          reader.saturation)
        frames = frame_set(session, reference, reference)
        mode: Mode = "rgb" if frames.channels == 3 else "first" if frames.cfa else "mono"
        canvas, registration = context.config.canvas, context.config.registration
        plan = plan_canvas(frames, mode, CanvasArea("reference", 1.0), canvas.feather, registration.interpolation, "a live stack")
        if mode == "first":
            plan = with_star_light(plan, reference, best.measurement)
        grid, _ = tile_grid(plan, tuple(a.measurement for a in lights), context.config.tiles)
        return Base(session, replace(masters.template, layout=layout), reference, best.measurement, plan, grid, masters.dark,
                    found.bad, found.pattern)
