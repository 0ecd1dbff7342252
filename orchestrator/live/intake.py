"""Processing of a new file: it is read, checked, measured, and collected or added to the live stack."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from orchestrator.engines.base import Frame
from orchestrator.engines.measure_frames import measure_frames
from orchestrator.engines.native.engine import CalibratedReader, NativeEngine
from orchestrator.engines.native.fixed_pattern import PatternFiles
from orchestrator.engines.native.masters import plain_layout
from orchestrator.engines.native.registration import reference_scores
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.live.add_frame import MeasuredLight, add_first, add_next
from orchestrator.live.arrivals import Stamp
from orchestrator.live.fixed_pattern import pattern_of, pattern_update_due, update_pattern
from orchestrator.live.stacking import frame_set
from orchestrator.live.state import WARM_UP, Base, LiveState, StackedFrame
from orchestrator.runtime.cache import pixels_id
from orchestrator.runtime.context import RunContext
from orchestrator.session.discovery import read_frame, scan
from orchestrator.session.matching import group_key, plain_name
from orchestrator.session.model import Exclusion, FrameInfo, Role, Session
from orchestrator.stacking.canvas import CanvasArea, Mode, plan_canvas
from orchestrator.stacking.tile_quality import tile_grid
from tilecore.stack.running_mean import RunningStack

__all__ = ["Intake", "NotReady"]


class NotReady(Exception):
    """A file that is not complete yet."""


@dataclass(frozen=True)
class Masters:
    """What calibrates lights: the ``session`` of the first light, a ``template`` of their readers, and whether there is a master
    ``dark``."""

    session: Session
    template: CalibratedReader
    dark: bool


class Intake:
    """Adds frames to ``state``. The first :data:`WARM_UP` frames are collected before they are stacked. ``show`` is the filter to
    stack, that of the first light if None; lights of other filters are kept for the full run."""

    def __init__(self, root: Path, state: LiveState, context: RunContext, show: str | None = None) -> None:
        self._root, self._state, self._context = root, state, context
        self._waiting: list[MeasuredLight] = []
        self._show = show
        base = state.base
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
            if problems and problems[0].reason:
                raise NotReady(problems[0].reason)
            return None
        if info.role is not Role.LIGHT:
            return None
        shown = self.shown
        if info.filter and shown and plain_name(info.filter) != plain_name(shown):
            self._state.frames.append(StackedFrame(str(path), stamp, reason=f"the stack shows {shown}", other=info.filter))
            return self._state.frames[-1].reason
        try:
            light = self._measured(info, stamp)
        except InputError as error:
            return self.refuse(path, stamp, error.message)
        if light is None:
            return None
        if isinstance(light, str):
            return self.refuse(path, stamp, light)
        if self._state.base is not None:
            add_next(self._state, self._context, light)
            self._tidy()
            return self._state.frames[-1].reason
        self._waiting.append(light)
        return self.begin() if len(self._waiting) >= WARM_UP else None

    @property
    def shown(self) -> str | None:
        """The filter of the stack; None if no header names one, or before the first light."""
        return self._masters.session.lights[0].filter if self._masters is not None else self._show

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def refuse(self, path: Path, stamp: Stamp, reason: str) -> str:
        """Record that a file is left out."""
        self._state.frames.append(StackedFrame(str(path), stamp, reason=reason))
        return reason

    def update_pattern(self) -> None:
        """Determine the sensor pattern again and restack the lights, if that is due."""
        if pattern_update_due(self._state, self._context):
            update_pattern(self._root, self._state, self._context)
            self._tidy()

    def _tidy(self) -> None:
        """Remove the uncompressed copies of lights that are now in the stack."""
        for folder in self._context.work.glob("plain-*"):
            shutil.rmtree(folder, ignore_errors=True)

    def _measured(self, info: FrameInfo, stamp: Stamp) -> MeasuredLight | str | None:
        """The light, or the reason why it is left out, or None if it is in the stack and only its time has changed."""
        context, base = self._context, self._state.base
        masters = self._masters = self._masters or self._make_masters(info)
        session = masters.session
        if group_key(info) != group_key(session.lights[0]):
            return "its size, gain or binning differ from those of the earlier frames"
        layout = plain_layout(info, context.work)
        id = pixels_id(layout)
        known = self._state.ids | {a.id: str(a.info.path) for a in self._waiting}
        same = known.get(id)
        if same == str(info.path):
            return None
        if str(info.path) in known.values():
            return "it was changed after it was stacked; its earlier content is in the stack"
        if same is not None:
            return f"it has the same pixels as {Path(same).name}, which is in the stack"
        if damage := fits_io.damage(layout):
            return damage
        reader = base.reader(layout) if base is not None else replace(masters.template, layout=layout)
        (found,) = measure_frames(context, [reader], session.cfa, "measuring")
        if isinstance(found, str):
            return found
        return MeasuredLight(info, stamp, id, reader, found)

    def _make_masters(self, first: FrameInfo) -> Masters:
        """Make the masters of the session for the filter of the first light, from the files present when it arrives."""
        config = self._context.config.model_copy(deep=True)
        config.input.filter = first.filter or config.input.filter
        session = scan([self._root], config).session
        if group_key(session.lights[0]) != group_key(first):
            session = replace(session, frames={**session.frames, Role.LIGHT: (first,)})
        calibrated = NativeEngine().calibrate(replace(session, frames={**session.frames, Role.LIGHT: (first,)}), self._context)
        reader = calibrated.readers[0]
        if not isinstance(reader, CalibratedReader):  # the native engine makes no others: there is none
            raise InputError(calibrated.reasons[0], "Copy it again.")
        for warning in calibrated.warnings:
            self._context.warn(warning)
        return Masters(session, reader, Role.DARK.value in calibrated.masters)

    def begin(self) -> str | None:
        """Stack the collected frames; the best is the reference. Returns the same as :meth:`take`, for the last frame."""
        waiting, self._waiting = self._waiting, []
        masters = self._masters
        if not waiting or masters is None:
            return None
        # Bad pixels first: they would be detected as stars.
        found = pattern_of(masters.template, masters.dark, [a.reader.layout for a in waiting], self._context)
        if found.bad or found.pattern:
            waiting = self._cleaned(waiting, found, masters.session)
        session = replace(masters.session, frames={**masters.session.frames, Role.LIGHT: tuple(a.info for a in waiting)})
        scores = reference_scores(session, [a.measurement for a in waiting], np.ones(len(waiting)), self._context)
        if not scores:
            self._state.frames += [a.left_out(f"{a.measurement.star_count} stars detected, too few for registration")
                                   for a in waiting]
            return self._state.frames[-1].reason
        base = self._base(replace(masters, session=session), waiting, max(scores, key=lambda i: (scores[i], -i)), found)
        self._state.base = base
        self._state.stack = RunningStack.empty((len(base.plan.channels), *base.plan.channel_shape))
        add_first(self._state, self._context, waiting)
        self._tidy()
        return self._state.frames[-1].reason

    def _cleaned(self, lights: list[MeasuredLight], found: PatternFiles, session: Session) -> list[MeasuredLight]:
        readers = [replace(a.reader, bad=a.reader.bad or found.bad, pattern=found.pattern) for a in lights]
        measured = measure_frames(self._context, readers, session.cfa, "measuring")
        return [a if isinstance(m, str) else replace(a, reader=reader, measurement=m)
                for a, reader, m in zip(lights, readers, measured, strict=True)]

    def _base(self, masters: Masters, lights: list[MeasuredLight], reference_index: int, found: PatternFiles) -> Base:
        """The common data of all frames; the file of the reference is copied because later frames need it."""
        context, session, best = self._context, masters.session, lights[reference_index]
        path = best.reader.layout.path
        layout = fits_io.image_layout(shutil.copyfile(path, context.directory / f"reference{path.suffix}"))
        reference = Frame(0, best.info, replace(best.reader, layout=layout), np.eye(3), "", 0.0, best.measurement.star_count,
                          "identity, reference")
        frames = frame_set(session, reference, reference)
        mode: Mode = "rgb" if frames.channels == 3 else "first" if frames.cfa else "mono"
        canvas, registration = context.config.canvas, context.config.registration
        plan = plan_canvas(frames, mode, CanvasArea("reference", 1.0), canvas.feather, registration.interpolation, "a live stack")
        grid, _ = tile_grid(plan, tuple(a.measurement for a in lights), context.config.tiles)
        return Base(session, replace(masters.template, layout=layout), reference, best.measurement, plan, grid, masters.dark,
                    found.bad, found.pattern)
