"""Calibration frames of other bit depths, and masters of other programs, are brought to the scale of the lights."""

from __future__ import annotations

import numpy as np

from orchestrator.engines.calibration_evidence import WarmPixels, warm_pixels
from orchestrator.engines.preparation import DARK_ROLES, LACKS_WARM, FramesOfRole, Preparation
from orchestrator.message import Message
from orchestrator.session.model import Role

__all__ = ["match_dark_scale", "match_scales"]

# Relative error within which the warm pixels must confirm a difference of scale (a factor of it).
SCALE_AGREEMENT = 1.6
# Share of the level of a dark that is at least bias.
BIAS_OF_DARK = 0.3
# Largest level of 16 bits, with some margin (ADU).
MOST_ADU = 66000.0
# Factors between programs: 32-bit integers hold 65536 times the level.
WIDE = 65536.0


def match_scales(p: Preparation) -> None:
    """Bring data of other bit depths (12 bits beside 12 bits shifted to 16) and of 32 bits to the scale of the lights."""
    original = {role: _step(s) for role, s in p.sets.items()}
    for frames in p.sets.values():
        if frames.master and frames.levels.median > MOST_ADU:
            _scale(p, frames, 1 / WIDE, "it holds 32 bits")
    steps = [f.levels.step for f in p.lights]
    light_step = min(steps) if steps and all(steps) else 0
    if not light_step:
        return
    for role in DARK_ROLES:
        step = original.get(role, 0)
        if step and step != light_step and _shift_is_proved(p, p.sets[role], light_step / step):
            _scale(p, p.sets[role], light_step / step,
                        Message("its values are multiples of {step}, those of the lights of {light_step}", step=step,
                                light_step=light_step))
    _scale_bias_like_dark(p)
    base = p.sets.get(Role.DARKFLAT) or p.sets.get(Role.BIAS)
    flats, step = p.sets.get(Role.FLAT), original.get(Role.FLAT, 0)
    if base is None or flats is None or not step or step == light_step:
        return
    factor = light_step / step
    if (base.change.scale != 1 or original[base.role] not in (0, step)) and factor * flats.levels.median <= MOST_ADU:
        _scale(p, flats, factor, Message("its values are multiples of {step}, those of the lights of {light_step}", step=step,
                                         light_step=light_step))


def _scale_bias_like_dark(p: Preparation) -> None:
    """A bias whose step is not known, as that of a master, on the scale that the darks had."""
    dark, bias = p.sets.get(Role.DARK), p.sets.get(Role.BIAS)
    if dark is None or bias is None or dark.change.scale == 1 or bias.change.scale != 1:
        return
    before = dark.levels.median / dark.change.scale
    if BIAS_OF_DARK * before < bias.levels.median < before + dark.levels.noise / dark.change.scale + 1:
        _scale(p, bias, dark.change.scale, Message("its level is that of the darks before, {before:.0f} ADU", before=before))


def _shift_is_proved(p: Preparation, frames: FramesOfRole, factor: float) -> bool:
    """Whether frames whose values have another step than the lights also have another scale, from levels and warm pixels."""
    found, light = frames.levels, p.light
    if frames.role is Role.DARK and p.ratio != 1:
        return False
    if factor < 1:
        return found.median > light.median + light.noise and factor * found.median <= light.median + light.noise
    if factor * found.median > light.median + light.noise or factor * found.noise > 1.5 * light.noise:
        return False
    warm = warm_pixels(frames.frames, p.lights, cfa=p.cfa) if frames.role is Role.DARK else None
    return warm is None or warm.share > 1 + 0.5 * (factor - 1) or abs(warm.share) < LACKS_WARM


def match_dark_scale(p: Preparation, warm: WarmPixels | None) -> bool:
    """Rescale a dark of another scale, proved by its level and its warm pixels; whether it was."""
    if warm is None or warm.share <= 0 or warm.missing or Role.DARK not in p.sets:
        return False
    dark, light = p.sets[Role.DARK], p.light
    level, bias = dark.levels.median, p.bias_level()
    for power in (2, 4, 6, 8, 16):
        for factor in (2.0**-power, 2.0**power):
            agrees = 1 / SCALE_AGREEMENT < warm.share / factor < SCALE_AGREEMENT
            below = factor < 1 and level > light.median + light.noise and factor * level <= light.median + light.noise
            above = factor > 1 and bias is not None and level < 0.5 * bias and 0.9 * bias <= factor * level <= light.median
            if agrees and (below or above):
                _scale(p, dark, factor, Message("its level is {level:.4g} ADU, that of the lights {median:.0f} ADU, and its "
                                                "warm pixels are {share:.2g} times as bright in the lights", level=level,
                                                median=light.median, share=warm.share))
                return True
    return False


def _scale(p: Preparation, frames: FramesOfRole, factor: float, why: str) -> None:
    before = frames.levels.median
    frames.scaled(factor)
    text = Message("multiplied by {factor:g}",
                   factor=factor) if factor > 1 else Message("divided by {factor:g}", factor=1 / factor)
    p.find("other_scale", "corrected", before, p.light.median, frames.files,
               Message("The {role} {names} has another scale than the lights: {why}. It was {text} ({before:.0f} -> "
                       "{median:.0f} ADU).", role=frames.role.value, names=frames.names, why=why, text=text, before=before,
                       median=frames.levels.median))


def _step(frames: FramesOfRole) -> int:
    """Step of the values of raw integer frames; masters are averages, which have none."""
    steps = [f.levels.step for f in frames.frames if f.levels.step]
    return int(np.median(steps)) if steps and not frames.master else 0
