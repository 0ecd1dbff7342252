"""Colour cameras with different Bayer patterns in one session: their mosaics are read so that they begin alike.

The four patterns are one mosaic that begins at another pixel. Without the outermost row, column or both on each side, the frames
of a camera have the pattern of another one, and each is demosaiced with the colours that its pixels have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from orchestrator.message import Message
from orchestrator.session.matching import same_camera
from orchestrator.session.model import FrameInfo, Session
from orchestrator.session.row_order import calibration_frames_of, changed_session
from tilecore.cfa.mosaic import shift

__all__ = ["nights_with_one_pattern", "with_one_pattern"]


def nights_with_one_pattern(nights: Sequence[Session]) -> list[Session]:
    """The nights with the frames of all of them read as :func:`with_one_pattern` reads those of one session; the nights that this
    changes have a note."""
    lights = [i for night in nights for i in night.lights]
    others = [i for night in nights for i in calibration_frames_of(night)]
    notes: list[str] = []
    found = {old.path: new for old, new in zip((*lights, *others), with_one_pattern(lights, others, notes), strict=True)}
    result = []
    for night in nights:
        changed = changed_session(night, lambda info: found.get(info.path, info))
        if changed.lights != night.lights:
            changed = replace(changed, notes=(*changed.notes, *notes))
        result.append(changed)
    return result


def with_one_pattern(lights: Sequence[FrameInfo], others: Sequence[FrameInfo], notes: list[str]) -> list[FrameInfo]:
    """The ``lights`` and ``others`` (calibration frames), those of cameras whose pattern is not that of most lights trimmed to
    it. Different patterns of one camera are left as they are: one of them is wrong."""
    colour = Counter((i.camera, i.cfa) for i in lights if i.cfa is not None)
    if len({cfa for _, cfa in colour}) < 2:
        return [*lights, *others]
    (main, pattern), _ = max(colour.items(), key=lambda item: (item[1], str(item[0])))
    assert pattern is not None
    trimmed: dict[tuple[str | None, tuple[int, ...]], tuple[int, int]] = {}
    for camera, cfa in colour:
        own = {c for k, c in colour if same_camera(k, camera)}
        if cfa is not None and cfa != pattern and len(own) == 1 and not same_camera(camera, main):
            rows, columns = next((y, x) for y in (0, 1) for x in (0, 1) if shift(cfa, x, y) == pattern)
            trimmed |= {(camera, i.shape): (rows, columns) for i in lights if i.camera == camera}
            count = sum(i.camera == camera for i in lights)
            notes.append(Message("{count} lights of {camera} have the Bayer pattern {cfa}, those of {main} {pattern}: they are "
                                 "read without {rows} on each side, and begin with the same colours.", count=count,
                                 camera=camera, cfa=cfa, main=main, pattern=pattern, rows=_border(rows, columns)))
    shared = {i.shape for i in lights if (i.camera, i.shape) not in trimmed}
    return [_like(i, trimmed, shared) for i in (*lights, *others)]


def _border(rows: int, columns: int) -> str:
    return " and ".join(name for name, count in (("the outermost row", rows), ("the outermost column", columns)) if count)


def _like(info: FrameInfo, trimmed: dict[tuple[str | None, tuple[int, ...]], tuple[int, int]],
          shared: set[tuple[int, ...]]) -> FrameInfo:
    """A frame trimmed as the lights of its camera are; one of an unknown camera by its size, if no other camera has that."""
    border = next((t for (camera, shape), t in trimmed.items() if shape == info.shape and (
        info.camera == camera if info.camera else shape not in shared)), None)
    if border is None:
        return info
    rows, columns = border
    height, width = info.shape[-2:]
    above, beside = info.reading.trimmed  # within its night
    reading = replace(info.reading, trimmed=(above + rows, beside + columns))
    return replace(info, shape=(height - 2 * rows, width - 2 * columns), reading=reading,
                   cfa=None if info.cfa is None else shift(info.cfa, columns, rows))
