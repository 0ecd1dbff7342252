"""What is done with a file that has come: it is read, judged, measured, waits for others or goes into the live stack."""

from __future__ import annotations

import shutil
from dataclasses import replace
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
from orchestrator.live.add_frame import Arrived, add_first, add_next
from orchestrator.live.arrivals import Stamp
from orchestrator.live.fixed_pattern import is_due, pattern_of, renew
from orchestrator.live.stacking import frame_set
from orchestrator.live.state import WARM_UP, Base, LiveState, Taken
from orchestrator.runtime.cache import pixels_id
from orchestrator.runtime.context import RunContext
from orchestrator.session.discovery import read_frame, scan
from orchestrator.session.matching import group_key, plain_name
from orchestrator.session.model import Exclusion, FrameInfo, Role, Session
from orchestrator.stacking.canvas import Mode, plan_canvas
from orchestrator.stacking.tile_quality import tile_grid
from tilecore.stack.running_mean import RunningStack

__all__ = ["Intake", "Unready"]


class Unready(Exception):
    """A file that is not whole yet."""


class Intake:
    """Takes frames into ``state``. The first ones wait until there are :data:`WARM_UP` of them. ``show`` is the filter to be
    stacked, that of the first light where it is None; lights of others are kept for the full run."""

    def __init__(self, root: Path, state: LiveState, context: RunContext, show: str | None = None) -> None:
        self._root, self._state, self._context = root, state, context
        self._waiting: list[Arrived] = []
        self._show = show
        base = state.base
        self._session: Session | None = base.session if base else None
        # Calibrates lights before there is a reference; has a master dark.
        self._template: CalibratedReader | None = base.template if base else None
        self._dark = base.dark if base else False

    def take(self, path: Path, stamp: Stamp) -> str | None:
        """Add a frame, or have it wait; returns why it is left out, "" for a frame that is in, None for one that waits or is
        no light.

        Raises
        ------
        Unready : the file is shorter than its header tells.
        """
        problems: list[Exclusion] = []
        info = read_frame(path, self._root, self._context.config, problems)
        if info is None:
            if problems and problems[0].reason:
                raise Unready(problems[0].reason)
            return None
        if info.role is not Role.LIGHT:
            return None
        shown = self.shown
        if info.filter and shown and plain_name(info.filter) != plain_name(shown):
            self._state.frames.append(Taken(str(path), stamp, reason=f"the stack shows {shown}", other=info.filter))
            return self._state.frames[-1].reason
        try:
            arrived = self._measured(info, stamp)
        except InputError as error:
            return self.refuse(path, stamp, error.message)
        if arrived is None:
            return None
        if isinstance(arrived, str):
            return self.refuse(path, stamp, arrived)
        if self._state.base is not None:
            add_next(self._state, self._context, arrived)
            self._tidy()
            return self._state.frames[-1].reason
        self._waiting.append(arrived)
        return self.begin() if len(self._waiting) >= WARM_UP else None

    @property
    def shown(self) -> str | None:
        """The filter in the stack; None where no header names one, or before the first light."""
        return self._session.lights[0].filter if self._session is not None else self._show

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def refuse(self, path: Path, stamp: Stamp, reason: str) -> str:
        """Leave a file out."""
        self._state.frames.append(Taken(str(path), stamp, reason=reason))
        return reason

    def renew(self) -> None:
        """Stack the lights so far anew, without the sensor's pattern that they show, where that is due."""
        if is_due(self._state, self._context):
            renew(self._root, self._state, self._context)
            self._tidy()

    def _tidy(self) -> None:
        """Remove the plain copies of compressed lights, which are in the stack now."""
        for folder in self._context.work.glob("plain-*"):
            shutil.rmtree(folder, ignore_errors=True)

    def _measured(self, info: FrameInfo, stamp: Stamp) -> Arrived | str | None:
        """The light, why it is left out, or None for one that was taken in and has only another time now."""
        context, base = self._context, self._state.base
        if self._template is None or self._session is None:
            self._calibrate(info)
        session, template = self._session, self._template
        assert session is not None and template is not None
        if group_key(info) != group_key(session.lights[0]):
            return "its size, gain or binning differ from those of the frames before"
        layout = plain_layout(info, context.work)
        id = pixels_id(layout)
        known = self._state.ids | {a.id: str(a.info.path) for a in self._waiting}
        same = known.get(id)
        if same == str(info.path):
            return None
        if str(info.path) in known.values():
            return "it was changed after it was taken in; what it held before is in the stack"
        if same is not None:
            return f"it holds the same pixels as {Path(same).name}, which is in the stack"
        if damage := fits_io.damage(layout):
            return damage
        reader = base.reader(layout) if base is not None else replace(template, layout=layout)
        (found,) = measure_frames(context, [reader], session.cfa, "measuring")
        if isinstance(found, str):
            return found
        return Arrived(info, stamp, id, reader, found)

    def _calibrate(self, first: FrameInfo) -> None:
        """Masters of the session, for the filter of the first light, as it lies there when that comes."""
        config = self._context.config.model_copy(deep=True)
        config.input.filter = first.filter or config.input.filter
        session = scan([self._root], config).session
        if group_key(session.lights[0]) != group_key(first):
            session = replace(session, frames={**session.frames, Role.LIGHT: (first,)})
        calibrated = NativeEngine().calibrate(replace(session, frames={**session.frames, Role.LIGHT: (first,)}), self._context)
        reader = calibrated.readers[0]
        if reader is None:
            raise InputError(calibrated.reasons[0], "Copy it again.")
        for warning in calibrated.warnings:
            self._context.warn(warning)
        assert isinstance(reader, CalibratedReader)
        self._session, self._template, self._dark = session, reader, Role.DARK.value in calibrated.masters

    def begin(self) -> str | None:
        """Make the stack of the frames that wait: the best is the reference. Returns what :meth:`take` does, of the last."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return None
        assert self._session is not None and self._template is not None
        # Bad pixels first: they would pass for stars.
        found = pattern_of(self._template, self._dark, [a.reader.layout for a in waiting], self._context)
        if found.bad or found.pattern:
            waiting = self._cleaned(waiting, found)
        session = replace(self._session, frames={**self._session.frames, Role.LIGHT: tuple(a.info for a in waiting)})
        scores = reference_scores(session, [a.measurement for a in waiting], np.ones(len(waiting)), self._context)
        if not scores:
            self._state.frames += [a.refused(f"it shows {a.measurement.star_count} stars, too few to register on")
                                   for a in waiting]
            return self._state.frames[-1].reason
        base = self._base(session, waiting, max(scores, key=lambda i: (scores[i], -i)), found)
        self._state.base = base
        self._state.stack = RunningStack.empty((len(base.plan.channels), *base.plan.channel_shape))
        add_first(self._state, self._context, waiting)
        self._tidy()
        return self._state.frames[-1].reason

    def _cleaned(self, lights: list[Arrived], found: PatternFiles) -> list[Arrived]:
        assert self._session is not None
        readers = [replace(a.reader, bad=a.reader.bad or found.bad, pattern=found.pattern) for a in lights]
        measured = measure_frames(self._context, readers, self._session.cfa, "measuring")
        return [a if isinstance(m, str) else replace(a, reader=reader, measurement=m)
                for a, reader, m in zip(lights, readers, measured, strict=True)]

    def _base(self, session: Session, lights: list[Arrived], reference_index: int, found: PatternFiles) -> Base:
        """What all frames share; the file of the reference is copied, since all frames to come need it."""
        context, best = self._context, lights[reference_index]
        assert self._template is not None
        path = best.reader.layout.path
        layout = fits_io.image_layout(shutil.copyfile(path, context.directory / f"reference{path.suffix}"))
        reference = Frame(0, best.info, replace(best.reader, layout=layout), np.eye(3), "", 0.0, best.measurement.star_count,
                          "identity, reference")
        frames = frame_set(session, reference, reference)
        mode: Mode = "rgb" if frames.channels == 3 else "first" if frames.cfa else "mono"
        canvas, registration = context.config.canvas, context.config.registration
        plan = plan_canvas(frames, mode, "reference", 1.0, canvas.feather, registration.interpolation, "a live stack")
        grid, _ = tile_grid(plan, tuple(a.measurement for a in lights), context.config.tiles)
        return Base(session, replace(self._template, layout=layout), reference, best.measurement, plan, grid, self._dark,
                    found.bad, found.pattern)
