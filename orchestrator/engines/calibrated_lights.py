"""What was already done to the lights, from cards and pixels; it is not done again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.calibration_evidence import WarmPixels
from orchestrator.engines.frame_levels import FrameLevels, measure
from orchestrator.engines.preparation import HAS_WARM, LIGHTS, ROLES, FramesOfRole, Preparation, common_done, typical_levels
from orchestrator.engines.prepared_files import write_master
from orchestrator.io.fits import FULL_SCALE
from orchestrator.message import Message
from orchestrator.session.master_state import Levels, dark_holds_bias, lights_hold_bias
from orchestrator.session.model import Done, Role
from tilecore.calibrate.consistency import vignetting_left

__all__ = ["leave_out_what_is_done", "lights_are_raw", "lights_done"]

# Power of the flat in lights above which they have not been divided by it.
HAS_VIGNETTING = 0.5


def lights_done(p: Preparation) -> Done:
    """What the cards of most lights name; the others, if their levels confirm it, are left out."""
    dones = [info.done for info in p.session.lights]
    calibrated = [i for i, done in enumerate(dones) if done.anything]
    if 0 < len(calibrated) < len(dones):
        raw = [i for i, done in enumerate(dones) if not done.anything]
        _leave_out_lights(p, *((calibrated, raw) if len(calibrated) <= len(raw) else (raw, calibrated)), dones)
    usual = [dones[i] for i in range(len(dones)) if i not in p.left_out]
    return common_done(usual) if usual else Done()


def _leave_out_lights(p: Preparation, few: Sequence[int], others: Sequence[int], dones: Sequence[Done]) -> None:
    known, _ = measure([p.session.lights[i] for i in others[:LIGHTS]], p.context, cfa=p.cfa)
    if not known:
        return
    usual = typical_levels([f.levels for f in known])
    common = common_done([dones[k] for k in others]).where
    base = p.bias_level() or 0.0
    for i in few:
        found, _ = measure([p.session.lights[i]], p.context, cfa=p.cfa)
        if found and abs(found[0].levels.median - usual.median) > max(0.5 * base, found[0].levels.noise):
            if dones[i].anything:
                state = Message("it is already calibrated, most of the lights are not ({where}", where=dones[i].where)
            else:
                state = Message("it is not calibrated, most of the lights are ({common}", common=common)
            p.left_out[i] = Message("{state}; its median is {median:.0f} ADU, theirs {median2:.0f} ADU)", state=state,
                                    median=found[0].levels.median, median2=usual.median)
    if p.left_out:
        unused = {p.session.lights[i].path for i in p.left_out}
        p.lights = [f for f in p.lights if f.origin.path not in unused] or p.lights
        p.light = typical_levels([f.levels for f in p.lights])


def lights_are_raw(p: Preparation, done: Done, warm: WarmPixels | None) -> bool:
    """Whether the lights still contain bias and dark. Pixels decide where cards and pixels differ."""
    bias, dark = p.bias_level(), p.sets.get(Role.DARK)
    light = Levels(p.light.median, p.light.noise, p.light.low)
    if dark is not None and bias is None and warm is not None and warm.missing and not dark.done.bias:
        bias = min(f.levels.median for f in dark.frames)
    holds = lights_hold_bias(light, bias, Done())
    if holds and done.anything and (done.dark or done.bias):
        proved = warm is not None and warm.share > HAS_WARM and bias is not None
        if proved:
            p.refuted.add(done.where)
            p.find("cards_contradicted", "corrected", warm.share if warm else 0, HAS_WARM, (),
                       Message("The lights are calibrated according to {where}, but their pixels show the warm pixels of the "
                               "dark and a level of {median:.0f} ADU: they are calibrated here.", where=done.where,
                               median=light.median))
        return proved
    return holds or (warm is not None and warm.share > HAS_WARM)


def leave_out_what_is_done(p: Preparation, done: Done, warm: WarmPixels | None) -> None:
    """Leave out what was already done to the lights."""
    bias, light, flats = p.bias_level(), p.light, p.sets.get(Role.FLAT)
    dark = done.dark or not done.bias
    flat = done.flat
    left = None
    if flats is not None:
        shape = _flat_blocks(p, flats)
        left = vignetting_left(np.median(light.blocks / np.median(light.blocks, axis=(1, 2), keepdims=True), axis=0), shape)
        if left is not None and (left.explained > HAS_VIGNETTING or not done.anything):
            flat = left.slope < HAS_VIGNETTING
    names = [name for name, is_done in (("dark", dark), ("flat", flat)) if is_done] or ["bias"]
    if flats is not None and not flat and flats.ready is None:
        _finish_flat(p, flats)
    if not dark and Role.DARK in p.sets:
        frames = p.sets[Role.DARK]
        data = p.pixels(frames)
        if dark_holds_bias(Levels(frames.levels.median, frames.levels.noise, frames.levels.low), bias, None, frames.done,
                           shares_pattern=False) and bias is not None:
            data = data - (p.pixels(p.sets[Role.BIAS]) if Role.BIAS in p.sets else np.float32(bias / FULL_SCALE))
        frames.ready = write_master(p.context, Role.DARK, data)
    used = [role for role in ROLES if role in p.sets]
    for role in (Role.BIAS, Role.DARKFLAT, *((Role.DARK,) if dark else ()), *((Role.FLAT,) if flat else ())):
        p.sets.pop(role, None)
    p.level = None
    p.complete |= set(names)
    if used:
        p.find("lights_calibrated", "corrected", light.median, bias or 0, (),
                   Message("The lights are already calibrated ({names}; {done}): this is not done again.",
                           names=", ".join(names),
                           done=_evidence(done, light, bias, warm)), "Give the raw lights to calibrate them here.")


def _finish_flat(p: Preparation, flats: FramesOfRole) -> None:
    base, level = p.sets.get(Role.DARKFLAT) or p.sets.get(Role.BIAS), p.level
    if base is None and level is None:
        return
    subtract = p.pixels(base) if base is not None else np.float32((level or 0.0) / FULL_SCALE)
    flats.ready = write_master(p.context, Role.FLAT, p.pixels(flats) - subtract)
    p.complete.add("flat offset")


def _flat_blocks(p: Preparation, flats: FramesOfRole) -> NDArray[np.float64]:
    base = p.sets.get(Role.DARKFLAT) or p.sets.get(Role.BIAS)
    offset = base.levels.median if base and "flat offset" not in p.complete else 0.0
    blocks = flats.levels.blocks - offset
    return np.asarray(np.median(blocks / np.median(blocks, axis=(1, 2), keepdims=True), axis=0))


def _evidence(done: Done, light: FrameLevels, bias: float | None, warm: WarmPixels | None) -> str:
    parts = [done.where] if done.where else []
    parts.append(Message("median {median:.0f} ADU",
                         median=light.median) + (Message(", bias {bias:.0f} ADU", bias=bias) if bias is not None else ""))
    if warm is not None and warm.missing:
        parts.append("without the warm pixels of the dark")
    return "; ".join(parts)
