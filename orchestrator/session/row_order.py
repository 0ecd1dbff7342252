"""Frames of one session in one order of rows: those with the other ROWORDER are read from the last row to the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.errors import InputError
from orchestrator.io import frames as frame_files
from orchestrator.io.fits import ImageLayout
from orchestrator.message import Message
from orchestrator.session.model import FrameInfo, Role, Session
from tilecore.calibrate.row_agreement import RowAgreement, row_agreement
from tilecore.cfa.mosaic import flip_vertical

__all__ = ["as_read", "calibration_frames_of", "changed_session", "flipped", "in_order_of", "lights_in_one_order",
           "places_in_file", "read_like", "row_order_card", "session_in_order", "with_rows_in_order"]

# Rows at either end of a frame that are compared to find out whether it is upside down.
COMPARED_ROWS = 256
# Frames of a role that are compared with a light.
COMPARED_FRAMES = 3


def as_read(info: FrameInfo, layout: ImageLayout) -> ImageLayout:
    """The layout of a frame's file with its :class:`~orchestrator.session.model.Reading`."""
    reading = info.reading
    above, beside = reading.trimmed
    *planes, rows, columns = layout.shape
    return replace(layout, shape=(*planes, rows - 2 * above, columns - 2 * beside), trimmed=reading.trimmed,
                   flipped=reading.flipped, wrapped=reading.wrapped,
                   unit=layout.unit if reading.unit is None else reading.unit,
                   bzero=layout.bzero if reading.bzero is None else reading.bzero)


def places_in_file(info: FrameInfo, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pixels (n, 2) of a frame as its file counts them, as its WCS does, of pixels as they are read."""
    x, y = points.T
    above, beside = info.reading.trimmed
    return np.stack([x + beside, (info.shape[-2] - 1 - y if info.reading.flipped else y) + above], axis=1)


def row_order_card(header: fits.Header, info: FrameInfo) -> None:
    """Add the order of rows in which a frame is read, if its header names one."""
    if info.row_order_known:
        header["ROWORDER"] = ("TOP-DOWN" if info.top_down else "BOTTOM-UP", "order of the rows as they are read")


def flipped(info: FrameInfo) -> FrameInfo:
    """The frame, read in the opposite order of rows."""
    cfa = None if info.cfa is None else flip_vertical(info.cfa, info.shape[-2])
    return replace(info, top_down=not info.top_down, cfa=cfa, reading=replace(info.reading, flipped=not info.reading.flipped))


def in_order_of(info: FrameInfo, light: FrameInfo) -> FrameInfo:
    """The frame in the order of rows of a light, according to their headers; unchanged if one of them has no ROWORDER."""
    if not (info.row_order_known and light.row_order_known) or info.top_down == light.top_down:
        return info
    return flipped(info)


def read_like(info: FrameInfo, light: FrameInfo) -> FrameInfo:
    """A frame that arrives later, read as a light of its session is: order of rows, unit, offset."""
    ordered = in_order_of(info, light)
    if (info.bitpix, info.camera, info.shape) != (light.bitpix, light.camera, light.shape):
        return ordered
    # The pixels of the session showed what its headers lack, or that the device has a variant without a mosaic.
    cfa = light.cfa if None in (info.cfa, light.cfa) else ordered.cfa
    return replace(ordered, cfa=cfa, reading=replace(light.reading, flipped=ordered.reading.flipped))


def lights_in_one_order(lights: Sequence[FrameInfo], notes: list[str]) -> list[FrameInfo]:
    """The lights in the order of rows of most of them; those without ROWORDER stay as they are."""
    known = [i for i in lights if i.row_order_known]
    down = [i for i in known if i.top_down]
    if not down or len(down) == len(known):
        return list(lights)
    first = down[0] if 2 * len(down) >= len(known) else next(i for i in known if not i.top_down)
    ordered = [in_order_of(i, first) for i in lights]
    notes.append(_note("light", [o for o, i in zip(ordered, lights, strict=True) if o is not i], first))
    return ordered


def session_in_order(session: Session, light: FrameInfo) -> Session:
    """A session of another night in the order of rows of ``light``."""
    own = session.lights[0]
    if own.top_down == light.top_down or not (own.row_order_known and light.row_order_known):
        return session
    return changed_session(session, flipped)


def with_rows_in_order(session: Session) -> Session:
    """The session with its calibration frames and masters in the order of rows of its lights; notes and warnings name those that
    are reversed.

    The headers decide, unless the pixels prove the opposite: the structure of the sensor (hot pixels, bias) that the frames
    share with a light in one order of rows and not in the other. Frames that show too little structure follow those of the same
    headers of which that is proved.
    """
    notes, warnings = list(session.notes), list(session.warnings)
    proved: set[tuple[bool, bool]] = set()
    found: dict[Path, FrameInfo] = {}
    for role in (Role.BIAS, Role.DARK, Role.FLAT, Role.DARKFLAT):
        frames = {i.path: i for i in calibration_frames_of(session) if i.role is role}
        found |= {i.path: i for i in _in_order(role, list(frames.values()), session.lights, (notes, warnings), proved)}
    changed = changed_session(session, lambda info: found.get(info.path, info))
    return replace(changed, notes=tuple(notes), warnings=tuple(warnings))


def calibration_frames_of(session: Session) -> list[FrameInfo]:
    """The calibration frames and given masters of a session and its groups."""
    parts = [(session.frames, session.masters), *((g.frames, g.masters) for g in session.groups)]
    return [i for frames, masters in parts for i in (*(i for infos in frames.values() for i in infos), *masters.values())
            if i.role is not Role.LIGHT]


def changed_session(session: Session, change: Callable[[FrameInfo], FrameInfo]) -> Session:
    """The session with all frames and masters changed."""
    def frames(of: dict[Role, tuple[FrameInfo, ...]]) -> dict[Role, tuple[FrameInfo, ...]]:
        return {role: tuple(change(i) for i in infos) for role, infos in of.items()}

    def masters(of: dict[Role, FrameInfo]) -> dict[Role, FrameInfo]:
        return {role: change(i) for role, i in of.items()}

    groups = tuple(replace(g, frames=frames(g.frames), masters=masters(g.masters)) for g in session.groups)
    return replace(session, frames=frames(session.frames), masters=masters(session.masters), groups=groups)


def _in_order(role: Role, frames: Sequence[FrameInfo], lights: Sequence[FrameInfo], words: tuple[list[str], list[str]],
              proved: set[tuple[bool, bool]]) -> list[FrameInfo]:
    """The calibration frames of a role in the order of rows of the lights; ``words`` are the notes and warnings. ``proved``
    collects the headers (ROWORDER known, reversed) of frames that are upside down."""
    notes, warnings = words
    ordered = [in_order_of(i, lights[0]) for i in frames]
    turned = [o for o, i in zip(ordered, frames, strict=True) if o is not i]
    wrong: list[FrameInfo] = []
    for key, shape in sorted({(_header_of(i), i.shape) for i in ordered}):
        group = [i for i in ordered if (_header_of(i), i.shape) == (key, shape)]
        light = next((i for i in lights if i.shape == shape), lights[0])
        found = _agreement(group, light)
        if found is not None and (found.is_opposite or (key in proved and not found.agrees)):
            wrong += group
            proved.add(key)
            warnings.append(_correction(role, group, light, found))
    kept = [i for i in turned if not any(i is w for w in wrong)]
    if kept:
        notes.append(_note(role.value, kept, lights[0]))
    return [flipped(i) if any(i is w for w in wrong) else i for i in ordered]


def _correction(role: Role, group: Sequence[FrameInfo], light: FrameInfo, found: RowAgreement) -> str:
    frames = Message("{role} frames ({names})", role=role.value, names=_names(group))
    orders = Message("ROWORDER of {group} is {group2}, that of the lights {light}", group=group[0].path.name,
                     group2=_order(group[0]), light=_order(light))
    if not found.is_opposite:
        return Message("{frames}: their headers are those of calibration frames whose rows are reversed ({orders}): they are "
                       "reversed too. Correct ROWORDER in the files.", frames=frames, orders=orders)
    return Message("The pixels of {frames} agree with those of the lights only when their rows are reversed (correlation "
                   "{reversed:.3f}, as the headers have it {straight:.3f}; {orders}): they are reversed. Correct ROWORDER in "
                   "the files.", frames=frames, reversed=found.reversed, straight=found.straight, orders=orders)


def _header_of(info: FrameInfo) -> tuple[bool, bool]:
    return info.row_order_known, info.reading.flipped


def _agreement(frames: Sequence[FrameInfo], light: FrameInfo) -> RowAgreement | None:
    """The agreement of the frames with a light; None if they cannot be compared."""
    chosen = [frames[i] for i in np.unique(np.linspace(0, len(frames) - 1, COMPARED_FRAMES).astype(int))]
    if light.decompress or len(light.shape) != 2 or any(i.decompress or i.shape != light.shape for i in chosen):
        return None
    try:
        ends = [_ends(i) for i in (*chosen, light)]
    except InputError:  # reported when the frame is used
        return None
    return row_agreement(np.mean(ends[:-1], axis=0, dtype=np.float32), ends[-1])


def _ends(info: FrameInfo) -> NDArray[np.float32]:
    """The rows at both ends of a frame, the same number of each: reversed, they are the same rows."""
    layout = as_read(info, frame_files.image_layout(info.path))
    rows = info.shape[-2]
    count = min(COMPARED_ROWS, rows // 2)
    return np.concatenate([layout.read(0, count), layout.read(rows - count, rows)])


def _order(info: FrameInfo) -> str:
    if not info.row_order_known:
        return Message("not given")
    return "TOP-DOWN" if info.top_down != info.reading.flipped else "BOTTOM-UP"


def _note(kind: str, turned: Sequence[FrameInfo], light: FrameInfo) -> str:
    return Message("ROWORDER of {count} {kind} frames ({turned}) is {turned2}, that of the lights {light}: their rows are "
                   "reversed on reading.", count=len(turned), kind=kind, turned=_names(turned), turned2=_order(turned[0]),
                   light=_order(light))


def _names(frames: Iterable[FrameInfo]) -> str:
    names = [i.path.name for i in frames]
    return names[0] if len(names) == 1 else f"{names[0]} ... {names[-1]}"
