"""Calibration frames are made ready for either engine: bad ones left out, scales and row orders matched, and what a master or a
light already contains established, so that nothing is subtracted or divided twice or left.

The steps are in :mod:`calibration_frames` (single frames), :mod:`calibration_scales`, :mod:`dark_preparation`,
:mod:`flat_preparation` and :mod:`calibrated_lights`; what they know and find is in :class:`preparation.Preparation`.

What needs a change is written to the run's work folder; the engines read those files in place of the originals.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace

import numpy as np

from orchestrator.engines.calibrated_lights import leave_out_what_is_done, lights_are_raw, lights_done
from orchestrator.engines.calibration_findings import CalibrationFinding
from orchestrator.engines.calibration_frames import judge
from orchestrator.engines.calibration_scales import match_dark_scale, match_scales
from orchestrator.engines.dark_preparation import add_bias, leave_out_dark_above_lights, mirror
from orchestrator.engines.flat_preparation import prepare_flats
from orchestrator.engines.frame_levels import measure
from orchestrator.engines.preparation import FEW, LIGHTS, ROLES, FramesOfRole, Preparation, common_done, typical_levels
from orchestrator.engines.prepared_files import Change, changed_files, write_master
from orchestrator.errors import InputError
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo, Reading, Role, Session

__all__ = ["Prepared", "prepare"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """The session and context to calibrate with.

    ``findings`` are reported with the result. ``left_out`` holds the reasons for lights that cannot be used. ``complete``: the
    corrections ("dark", "flat") that the lights, or a master flat, have already; the engine does not miss them.
    """

    session: Session
    context: RunContext
    findings: tuple[CalibrationFinding, ...] = ()
    left_out: dict[int, str] = field(default_factory=dict)
    complete: frozenset[str] = frozenset()


def prepare(session: Session, context: RunContext) -> Prepared:
    """Judge and prepare the calibration frames of a session.

    Raises
    ------
    InputError : frames contradict each other, and nothing shows which is right.
    """
    if not session.lights or not any(role in session.frames or role in session.masters for role in ROLES):
        done = common_done([info.done for info in session.lights[:LIGHTS]])
        return Prepared(session, context, complete=frozenset(name for name in ("dark", "flat") if getattr(done, name)))
    return _prepared(session, context)


def _prepared(session: Session, context: RunContext) -> Prepared:
    chosen = np.unique(np.linspace(0, len(session.lights) - 1, LIGHTS).round().astype(int))
    lights, _ = measure([session.lights[i] for i in chosen], context, cfa=session.cfa is not None)
    if not lights:
        return Prepared(session, context)
    p = Preparation(session, context, lights, typical_levels([f.levels for f in lights]), session.dark_ratio,
                    context.config.calibration.synthetic_bias)
    for role in ROLES:
        _load(p, role)
    match_scales(p)
    dones = lights_done(p)
    warm = p.warm_pixels()
    if match_dark_scale(p, warm):
        warm = p.warm_pixels()
    raw = lights_are_raw(p, dones, warm)
    _judge(p, raw)
    if Role.DARK in p.sets and raw:
        mirror(p, p.warm_pixels())
    if Role.DARK in p.sets:
        add_bias(p, raw)
    prepare_flats(p)
    if raw:
        leave_out_dark_above_lights(p)
    else:
        leave_out_what_is_done(p, dones, warm)
    return _result(p)


def _load(p: Preparation, role: Role) -> None:
    """Measure the frames of a role; those that cannot be read or have other planes than the lights are left out."""
    master = p.session.masters.get(role)
    infos = [master] if master is not None else list(p.session.frames.get(role, ()))
    found, errors = measure(infos, p.context, cfa=p.cfa)
    if master is not None and errors:
        p.unread.add(role)  # the engine reports it
        return
    for info, error in errors.items():
        p.find("unreadable", "left_out", 0, 0, (info.path,), Message("{info} is not used: {error}", info=info.path,
                                                                     error=error.message), error.remedy)
    planes = len(p.session.shape)
    for frame in (f for f in found if len(f.layout.shape) > planes):
        if master is not None and getattr(p.context.config.calibration, f"{role.value}_master") is not None:
            raise InputError(Message("The master {role} {master} has shape {shape}, the lights have {shape2}.",
                                     role=role.value, master=master.path, shape=frame.layout.shape,
                                     shape2=p.session.shape), "Give a master of the same camera, binning and area.")
        p.find("other_planes", "left_out", len(frame.layout.shape), planes, (frame.origin.path,),
                   Message("{origin} is not used: it has three colours, the lights are {cfa}.", origin=frame.origin.path,
                           cfa=Message("mosaics") if p.cfa else Message("mono")),
                   Message("Give {role} frames as the camera wrote them.", role=role.value))
    frames = [f for f in found if len(f.layout.shape) <= planes]
    if frames:
        p.sets[role] = FramesOfRole(role, frames, master is not None, common_done([f.origin.done for f in frames[:FEW]]))


def _judge(p: Preparation, raw: bool) -> None:
    for role in ROLES:
        frames = p.sets.get(role)
        if frames is None:
            continue
        base = p.sets.get(Role.DARKFLAT) or p.sets.get(Role.BIAS)
        offset = 0.0 if role is not Role.FLAT else base.levels.median if base else p.level or 0.0
        calibrated = (frames.done.bias or frames.done.dark) and frames.done.where not in p.refuted
        if frames.master or calibrated or not frames.integer:  # what they contain is established later
            offset = 0.0
        comparable = raw and (role is not Role.DARK or p.ratio == 1)
        frames.frames, found = judge(role, frames.frames, offset, p.light if comparable else None)
        p.findings += found
        if not frames.frames:
            del p.sets[role]


def _result(p: Preparation) -> Prepared:
    frames: dict[Role, tuple[FrameInfo, ...]] = {Role.LIGHT: p.session.frames[Role.LIGHT]}
    masters: dict[Role, FrameInfo] = {}
    for role in ROLES:
        known = p.sets.get(role)
        if known is None:
            if role in p.unread:
                masters[role] = p.session.masters[role]
            continue
        if known.master:
            masters[role] = _master_info(p, known)
            continue
        changed = changed_files(p.context, role, known.frames, FEW, known.change)
        if changed.share > 0:
            logger.info("%s: %.2g of the pixels of %d frames are outliers, replaced by the others", role.value, changed.share,
                        len(known.frames))
        frames[role] = tuple(f.info for f in changed.frames)
        if known.ready is not None:
            masters[role] = _master_info(p, known)
    context = p.context
    if p.level != context.config.calibration.synthetic_bias:
        config = context.config.model_copy(deep=True)
        config.calibration.synthetic_bias = p.level
        context = replace(context, config=config)
    for finding in p.findings:
        logger.info("Calibration frames: %s", finding)
    return Prepared(replace(p.session, frames=frames, masters=masters), context, tuple(p.findings), p.left_out,
                    frozenset(p.complete))


def _master_info(p: Preparation, frames: FramesOfRole) -> FrameInfo:
    one = frames.frames[0]
    if frames.ready is None and frames.change != Change():
        frames.ready = write_master(p.context, frames.role, p.pixels(frames))
    if frames.ready is None:
        return one.info
    return replace(one.origin, path=frames.ready, role=frames.role, bitpix=-32, decompress=False, reading=Reading())
