"""Without darks: bad pixels and fixed pattern from the current lights, which are then restacked with the correction.

This is done with the first lights and each time their number has doubled, up to a few dozen: more lights hardly improve the
pattern, and the cost per light stays that of a few frames. The state on disk is always complete: the previous or the new one.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from orchestrator.engines.measure_frames import measure_frames
from orchestrator.engines.native.engine import CalibratedReader, with_no_data
from orchestrator.engines.native.fixed_pattern import PatternFiles, pattern_from_lights, uses_lights
from orchestrator.engines.native.masters import plain_layout
from orchestrator.errors import InputError
from orchestrator.io.fits import ImageLayout
from orchestrator.live.add_frame import MeasuredLight, add_first, add_next
from orchestrator.live.state import WARM_UP, Base, LiveState, StackedFrame, load, save
from orchestrator.message import Message
from orchestrator.runtime.cache import pixels_id
from orchestrator.runtime.context import RunContext
from orchestrator.session.discovery import read_frame
from orchestrator.session.model import FrameInfo
from orchestrator.session.row_order import read_like
from tilecore.stack.running_mean import RunningStack

__all__ = ["pattern_of", "pattern_update_due", "update_pattern"]

# Numbers of stacked lights at which the pattern is determined from them.
UPDATE_AT = (16, 32, 64)
FOLDER = "from_{}_lights"


def pattern_update_due(state: LiveState, context: RunContext) -> bool:
    """Whether the pattern can now be determined from more lights than before."""
    base, count = state.base, max((n for n in UPDATE_AT if n <= len(state.stacked)), default=0)
    return base is not None and count > state.cleaned and uses_lights(context.config.calibration, dark=base.dark) and (
        len(base.session.shape) == 2)


def pattern_of(template: CalibratedReader, dark: bool, layouts: Sequence[ImageLayout], context: RunContext) -> PatternFiles:
    """Bad pixels and fixed pattern of lights that ``template`` calibrates, with or without a master ``dark``; none if disabled by
    the settings."""
    plain = replace(template, bad=None, pattern=None)
    found = pattern_from_lights([replace(plain, layout=layout) for layout in layouts],
                                context.for_night(FOLDER.format(len(layouts))), cfa=template.cfa, dark=dark)
    for warning in found.warnings:
        context.warn(warning)
    return found


def update_pattern(root: Path, state: LiveState, context: RunContext) -> None:
    """Determine the pattern from the lights in the stack, and restack them with the correction.

    If files of these lights were removed or changed, the stack is not changed and only later lights are corrected.

    Raises
    ------
    Cancelled : the state is unchanged.
    """
    (base, _), count = state.begun, len(state.stacked)
    present = [(f, *read) for f in state.stacked if (read := _unchanged(f, base, root, context))]
    found = pattern_of(base.template, base.dark, [layout for _, _, layout in present], context)
    if not (found.bad or found.pattern or base.bad or base.pattern):
        state.cleaned = count
        return
    cleaned = _with_clean_reference(replace(base, bad=found.bad, pattern=found.pattern), context)
    restacked = _restack(cleaned, state, present, root, context) if len(present) == count else None
    if restacked is None:
        context.warn("Some stacked lights were removed from the folder or changed: the stack keeps the sensor pattern that it "
                     "contains; later lights are corrected.")
        # The frame history refers to the stars that were detected before.
        state.base, state.cleaned = replace(cleaned, measurement=base.measurement), count
        return
    restacked.cleaned = count
    _replace_state(state, restacked)
    save(state, context.directory)
    for folder in context.calibration.glob(FOLDER.format("*")):
        if folder.name != FOLDER.format(count):
            shutil.rmtree(folder, ignore_errors=True)


def _restack(base: Base, state: LiveState, lights: list[tuple[StackedFrame, FrameInfo, ImageLayout]], root: Path,
             context: RunContext) -> LiveState | None:
    """The stack of ``lights`` on a new ``base``; None if one of them disappeared in the meantime. ``state`` is saved to disk
    while this runs, so that only one stack is in memory, and is restored if there is no new one."""
    save(state, context.directory)
    ids, frames, state.stack = state.ids, state.frames, None
    result: LiveState | None = None
    try:
        fresh = _stack_of(base, lights, context)
        fresh.frames = _in_order(frames, fresh.frames)
        if not any(f.reason and f.id in ids and _unchanged(f, base, root, context) is None for f in fresh.frames):
            result = fresh
    finally:
        if result is None:
            _replace_state(state, load(context.directory))
    return result


def _replace_state(state: LiveState, other: LiveState) -> None:
    state.base, state.stack, state.history = other.base, other.stack, other.history
    state.frames, state.cleaned = other.frames, other.cleaned


def _unchanged(frame: StackedFrame, base: Base, root: Path, context: RunContext) -> tuple[FrameInfo, ImageLayout] | None:
    """Header and layout of a stacked light; None if the file is gone or its pixels have changed."""
    try:
        info = read_frame(Path(frame.path), root, context.config, [])
        info = read_like(info, base.session.lights[0]) if info is not None else None
        layout = plain_layout(info, context.work) if info is not None else None
        return (info, layout) if info is not None and layout is not None and pixels_id(layout) == frame.id else None
    except (InputError, OSError):
        return None


def _with_clean_reference(base: Base, context: RunContext) -> Base:
    reader = replace(base.reader(base.template.layout), blank=getattr(base.reference.reader, "blank", None))
    (measured,) = measure_frames(context, [reader], base.session.cfa, "measuring")
    if isinstance(measured, str):
        raise InputError(Message("The reference of the live stack cannot be read: {measured}", measured=measured),
                         "Start a new live stack with another --run-id.")
    return replace(base, reference=replace(base.reference, reader=reader), measurement=measured)


def _stack_of(base: Base, lights: list[tuple[StackedFrame, FrameInfo, ImageLayout]], context: RunContext) -> LiveState:
    state = LiveState(base, RunningStack.empty((len(base.plan.channels), *base.plan.channel_shape)))
    first: list[MeasuredLight] = []
    for done, (frame, info, layout) in enumerate(lights):
        context.progress(done, len(lights), Message("restacking {count} lights without the sensor pattern", count=len(lights)))
        try:
            reader = with_no_data(base.reader(layout), context)
        except InputError as error:  # it was removed in the meantime
            state.frames.append(replace(frame, reason=error.message))
            continue
        (measured,) = measure_frames(context, [reader], base.session.cfa, "measuring")
        if isinstance(measured, str):
            state.frames.append(replace(frame, reason=measured))
            continue
        light = MeasuredLight(info, frame.stamp, frame.id, reader, measured)
        if len(first) < WARM_UP:
            first.append(light)
        if len(first) == WARM_UP and state.history is None:
            add_first(state, context, first)
        elif state.history is not None:
            add_next(state, context, light)
    if state.history is None:
        add_first(state, context, first)
    return state


def _in_order(before: list[StackedFrame], now: list[StackedFrame]) -> list[StackedFrame]:
    """The frames in the order of their arrival, with the new entries of those in the stack."""
    updated = {f.id: f for f in now}
    return [f if f.reason else updated[f.id] for f in before]
