"""Darks that lack the bias, are mirrored, or are above the lights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from orchestrator.engines.calibration_evidence import WarmPixels, shares_pattern
from orchestrator.engines.preparation import HAS_WARM, FramesOfRole, Preparation
from orchestrator.engines.prepared_files import Change, write_master
from orchestrator.io.fits import FULL_SCALE
from orchestrator.message import Message
from orchestrator.session.master_state import Levels, dark_holds_bias
from orchestrator.session.model import Role

__all__ = ["add_bias", "leave_out_dark_above_lights", "mirror"]

# Share of the level and noise of a pixel by which a dark must be above the lights.
ABOVE_SHARE = 0.02
ABOVE_NOISE = 1.0
# Correlation of the light of mirrored flats and of the lights that shows that the flats are mirrored.
MIRRORED_FLAT = 0.7


def mirror(p: Preparation, warm: WarmPixels | None) -> None:
    """Mirror darks and biases whose warm pixels show that they were written in another row order, and flats that fit so."""
    if warm is None or not warm.mirrored:
        return
    dark = p.sets[Role.DARK]
    roles: list[Role] = [role for role in (Role.DARK, Role.BIAS) if role in p.sets]
    if Role.FLAT in p.sets and _flat_is_mirrored(p, warm.mirrored):
        roles += [role for role in (Role.FLAT, Role.DARKFLAT) if role in p.sets]
    for role in roles:
        p.sets[role].change = replace(p.sets[role].change, mirror=warm.mirrored)
    p.find("mirrored", "corrected", warm.share, HAS_WARM, dark.files,
               Message("The warm pixels of the dark {names} are in the lights only after mirroring it {mirrored}: the {role} "
                       "frames were mirrored.", names=dark.names, mirrored=warm.mirrored,
                       role=", ".join(role.value for role in roles)),
               "" if Role.FLAT in roles or Role.FLAT not in p.sets else
               "Check ROWORDER of the flats: their light does not show whether they are mirrored too.")


def _flat_is_mirrored(p: Preparation, how: str) -> bool:
    """Whether the light of the flats follows that of the lights only after mirroring."""
    light = np.median(p.light.blocks - p.sets[Role.DARK].levels.blocks, axis=0)
    flat = np.median(p.sets[Role.FLAT].levels.blocks, axis=0)
    mirrored = Change(mirror=how).apply(flat.astype(np.float32))
    as_it_is, other = (float(np.corrcoef(light.ravel(), a.ravel())[0, 1]) for a in (flat, mirrored))
    return other > MIRRORED_FLAT and other - as_it_is > MIRRORED_FLAT / 2


def add_bias(p: Preparation, raw: bool) -> None:
    """Add the bias to a dark that does not contain it."""
    dark, biases, level = p.sets[Role.DARK], p.sets.get(Role.BIAS), p.bias_level()
    found = Levels(dark.levels.median, dark.levels.noise, dark.levels.low)
    light = Levels(p.light.median, p.light.noise, p.light.low) if raw else None
    doubtful = dark.done.bias or (level is not None and found.median < 0.9 * level)
    pattern = doubtful and biases is not None and shares_pattern(dark.frames, biases.frames, cfa=p.cfa)
    if not doubtful or dark_holds_bias(found, level, light, dark.done, shares_pattern=pattern):
        if doubtful and dark.done.bias and dark.done.where not in p.refuted:
            p.refuted.add(dark.done.where)
            p.find("cards_contradicted", "corrected", found.median, level or 0, dark.files,
                       Message("The dark {names} has no bias according to {where}, but its pixels show it (median {median:.0f} "
                               "ADU, bias {level:.0f} ADU): it is used as it is.", names=dark.names, where=dark.done.where,
                               median=found.median, level=level or 0))
        return
    cards = f"; {dark.done.where}" if dark.done.bias else ""
    if level is None:
        if raw:
            p.find("dark_without_bias", "failed", found.median, 0, dark.files,
                       Message("The dark {names} (median {median:.0f} ADU{cards}) does not contain the bias, and there is "
                               "none: the bias stays in the lights.", names=dark.names, median=found.median,
                               cards=cards), "Give bias frames, or --set calibration.synthetic_bias=ADU.")
        return
    if not raw:
        return
    data = p.pixels(dark) - np.float32(dark.done.pedestal / FULL_SCALE)
    data = data + (p.pixels(biases) if biases is not None else np.float32(level / FULL_SCALE))
    dark.ready = write_master(p.context, Role.DARK, data)
    p.find("dark_without_bias", "corrected", found.median, level, dark.files,
               Message("The dark {names} does not contain the bias (median {median:.0f} ADU, bias {level:.0f} ADU{cards}): the "
                       "bias was added to it.", names=dark.names, median=found.median, level=level, cards=cards))


def leave_out_dark_above_lights(p: Preparation) -> None:
    """Do not use a dark that is above the lights: nothing that it would leave can be right."""
    dark = p.sets.get(Role.DARK)
    if dark is None:
        return
    level, light = p.dark_level(), p.light
    if level <= light.median + max(ABOVE_SHARE * level, ABOVE_NOISE * light.noise):
        return
    del p.sets[Role.DARK]
    bias = "the bias is subtracted instead" if p.bias_level() is not None else "nothing is subtracted"
    p.find("dark_above_lights", "failed", level, light.median, dark.files,
               Message("The dark {names} is not used, {bias}: its median is {level:.0f} ADU, that of the lights {median:.0f} "
                       "ADU{panel}.", names=dark.names, bias=bias, level=level, median=light.median,
                       panel=_differences(p, dark)),
               "Give darks of the same camera, gain, offset and exposure, taken without light.")


def _differences(p: Preparation, dark: FramesOfRole) -> str:
    """Cards in which a dark differs from the lights, in words."""
    one, light = dark.frames[0].origin, p.session.lights[0]
    parts = [f"{name} {a:g} for {b:g}" for name in ("exposure", "gain", "offset", "temperature")
             if (a := getattr(one, name)) is not None and (b := getattr(light, name)) is not None and a != b]
    spread = float(np.ptp(np.median(dark.levels.blocks, axis=0)))
    if not parts and spread > max(0.05 * dark.levels.median, 6 * dark.levels.block_error):
        return Message(", and it varies over the frame by {spread:.0f} ADU, as with light in the darks", spread=spread)
    return f" ({', '.join(parts)})" if parts else ""
