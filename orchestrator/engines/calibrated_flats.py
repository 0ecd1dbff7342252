"""Flats of which each has its own dark-flats: these are subtracted before the flats are combined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from orchestrator.engines.native.masters import plain_layout
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext
from orchestrator.session.flat_sets import FlatSet, flat_sets
from orchestrator.session.model import FrameInfo, Reading, Role, Session

__all__ = ["needs_own_dark_flats", "with_calibrated_flats"]


def _sets(session: Session) -> tuple[FlatSet, ...]:
    if Role.FLAT in session.masters or Role.DARKFLAT in session.masters or not session.frames.get(Role.DARKFLAT):
        return ()
    return flat_sets(session.frames.get(Role.FLAT, ()), session.frames[Role.DARKFLAT])


def needs_own_dark_flats(session: Session) -> bool:
    """Whether the flats of a group need several sets of dark-flats."""
    return len(_sets(session)) > 1


def with_calibrated_flats(session: Session, context: RunContext, master: Callable[[Session, RunContext], Path | None],
                          bias: Path | None, level: float) -> Session:
    """The session with flats from which their dark-flats are subtracted, and without dark-flats.

    ``master`` makes the master dark-flat of a session that has one set of them; flats without dark-flats use the master ``bias``,
    else the constant ``level`` (1.0 = 65535 ADU). Flats that cannot be read are left out, with a warning.
    """
    flats, folder = session.frames[Role.FLAT], context.folder(f"{context.work.relative_to(context.directory)}/calibrated_flats")
    made: dict[int, FrameInfo] = {}
    for one in _sets(session):
        path = bias
        if one.darkflats:
            first = one.darkflats[0]
            name = "darkflats" + (f"_{first.exposure:g}s" if first.exposure is not None else "")
            only = replace(session, frames={Role.LIGHT: session.lights, Role.DARKFLAT: one.darkflats}, masters={})
            path = master(only, context.for_group("_".join(p for p in (context.group, name) if p)))
        base = fits_io.image_layout(path).read() if path is not None else np.float32(level)
        for index in one.flats:
            context.check()
            info = flats[index]
            try:
                layout = plain_layout(info, context.work)
                if info.decompress and (damage := fits_io.damage(layout)):
                    raise InputError(f"{damage}.", "Copy it again, or retake it.")
            except InputError as error:
                context.warn(Message("{info} is not used: {error}", info=info.path, error=error.message))
                continue
            target = folder / f"{index:04d}_{info.path.stem}.fit"
            fits_io.write(target, (layout.read() - base).astype(np.float32), None)
            made[index] = replace(info, path=target, bitpix=-32, decompress=False, reading=Reading())
    frames: dict[Role, tuple[FrameInfo, ...]] = {r: infos for r, infos in session.frames.items() if r is not Role.DARKFLAT}
    return replace(session, frames={**frames, Role.FLAT: tuple(made[k] for k in sorted(made))})
