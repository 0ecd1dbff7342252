"""Without darks: bad pixels and fixed pattern from the lights that have come so far, which are then stacked anew without them.

That is done with the first lights and whenever their number has doubled, up to a few dozen: more would hardly tell more, and the
cost stays that of a few frames a frame. What is on the disk is a whole state all the time, of before or of after.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from orchestrator.engines.measure_frames import measure_frames
from orchestrator.engines.native.engine import CalibratedReader
from orchestrator.engines.native.fixed_pattern import PatternFiles, looks_at_lights, pattern_from_lights
from orchestrator.engines.native.masters import plain_layout
from orchestrator.errors import InputError
from orchestrator.io.fits import ImageLayout
from orchestrator.live.add_frame import Arrived, add_first, add_next
from orchestrator.live.state import WARM_UP, Base, LiveState, Taken, load, save
from orchestrator.runtime.cache import pixels_id
from orchestrator.runtime.context import RunContext
from orchestrator.session.discovery import read_frame
from orchestrator.session.model import FrameInfo
from tilecore.stack.running_mean import RunningStack

__all__ = ["is_due", "pattern_of", "renew"]

# So many lights in the stack: the pattern is taken from them.
DUE = (16, 32, 64)
FOLDER = "from_{}_lights"


def is_due(state: LiveState, context: RunContext) -> bool:
    """Whether the pattern can be taken from more lights than it was."""
    base, count = state.base, max((n for n in DUE if n <= len(state.stacked)), default=0)
    return base is not None and count > state.cleaned and looks_at_lights(context.config.calibration, dark=base.dark) and (
        len(base.session.shape) == 2)


def pattern_of(template: CalibratedReader, dark: bool, layouts: Sequence[ImageLayout], context: RunContext) -> PatternFiles:
    """Bad pixels and fixed pattern of lights as ``template``, with a master ``dark`` or without, calibrates them; none where they
    are not looked for."""
    plain = replace(template, bad=None, pattern=None)
    found = pattern_from_lights([replace(plain, layout=layout) for layout in layouts],
                                context.for_night(FOLDER.format(len(layouts))), cfa=template.cfa, dark=dark)
    for warning in found.warnings:
        context.warn(warning)
    return found


def renew(root: Path, state: LiveState, context: RunContext) -> None:
    """Take the pattern from the lights in the stack, and stack them anew without it.

    Where files of them are gone or changed the stack stays as it is, and only lights to come are cleaned.

    Raises
    ------
    Cancelled : the state is what it was.
    """
    base, count = state.base, len(state.stacked)
    assert base is not None
    there = [(f, *seen) for f in state.stacked if (seen := _still_there(f, root, context))]
    found = pattern_of(base.template, base.dark, [layout for _, _, layout in there], context)
    if not (found.bad or found.pattern or base.bad or base.pattern):
        state.cleaned = count
        return
    cleaned = _with_clean_reference(replace(base, bad=found.bad, pattern=found.pattern), context)
    fresh = _stacked_anew(cleaned, state, there, root, context) if len(there) == count else None
    if fresh is None:
        context.warn("Lights of the stack are no longer in the folder as they were: the stack keeps what it holds of the "
                     "sensor's pattern; lights to come are cleaned.")
        # What is known of the lights so far belongs to the stars that were found before.
        state.base, state.cleaned = replace(cleaned, measurement=base.measurement), count
        return
    fresh.cleaned = count
    _become(state, fresh)
    save(state, context.directory)
    for folder in context.calibration.glob(FOLDER.format("*")):
        if folder.name != FOLDER.format(count):
            shutil.rmtree(folder, ignore_errors=True)


def _stacked_anew(base: Base, state: LiveState, lights: list[tuple[Taken, FrameInfo, ImageLayout]], root: Path,
                  context: RunContext) -> LiveState | None:
    """The stack of ``lights`` on a new ``base``; None when one of them vanished meanwhile. ``state`` is on the disk while that is
    done, since two stacks need not be in memory; it is what it was where there is no new one."""
    save(state, context.directory)
    ids, frames, state.stack = state.ids, state.frames, None
    made: LiveState | None = None
    try:
        fresh = _stack_of(base, lights, context)
        fresh.frames = _in_order(frames, fresh.frames)
        if not any(f.reason and f.id in ids and _still_there(f, root, context) is None for f in fresh.frames):
            made = fresh
    finally:
        if made is None:
            _become(state, load(context.directory))
    return made


def _become(state: LiveState, other: LiveState) -> None:
    state.base, state.stack, state.known = other.base, other.stack, other.known
    state.frames, state.cleaned = other.frames, other.cleaned


def _still_there(frame: Taken, root: Path, context: RunContext) -> tuple[FrameInfo, ImageLayout] | None:
    """A light that holds the pixels that it held when it was taken in."""
    try:
        info = read_frame(Path(frame.path), root, context.config, [])
        layout = plain_layout(info, context.work) if info is not None else None
        return (info, layout) if info is not None and layout is not None and pixels_id(layout) == frame.id else None
    except (InputError, OSError):
        return None


def _with_clean_reference(base: Base, context: RunContext) -> Base:
    reader = base.reader(base.template.layout)
    (measured,) = measure_frames(context, [reader], base.session.cfa, "measuring")
    if isinstance(measured, str):
        raise InputError(f"The reference of the live stack cannot be read: {measured}", "Begin anew with another --run-id.")
    return replace(base, reference=replace(base.reference, reader=reader), measurement=measured)


def _stack_of(base: Base, lights: list[tuple[Taken, FrameInfo, ImageLayout]], context: RunContext) -> LiveState:
    state = LiveState(base, RunningStack.empty((len(base.plan.channels), *base.plan.channel_shape)))
    first: list[Arrived] = []
    for done, (frame, info, layout) in enumerate(lights):
        context.progress(done, len(lights), f"stacking {len(lights)} lights anew, without the sensor's pattern")
        reader = base.reader(layout)
        (measured,) = measure_frames(context, [reader], base.session.cfa, "measuring")
        if isinstance(measured, str):
            state.frames.append(replace(frame, reason=measured))
            continue
        light = Arrived(info, frame.stamp, frame.id, reader, measured)
        if len(first) < WARM_UP:
            first.append(light)
        if len(first) == WARM_UP and state.known is None:
            add_first(state, context, first)
        elif state.known is not None:
            add_next(state, context, light)
    if state.known is None:
        add_first(state, context, first)
    return state


def _in_order(before: list[Taken], now: list[Taken]) -> list[Taken]:
    """The frames as they were looked at, those in the stack as they are now."""
    anew = {f.id: f for f in now}
    return [f if f.reason else anew[f.id] for f in before]
