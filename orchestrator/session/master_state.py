"""What was already done to a frame: cards that name it, and levels that prove or refute them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from astropy.io import fits

from orchestrator.session.model import Done

__all__ = ["Levels", "dark_holds_bias", "done_to", "flat_holds_offset", "lights_hold_bias"]

# Letters of CALSTAT (MaxIm DL, ASTAP, AstroImageJ): bias, dark, flat; the others are masters, zero level and cosmetic correction.
CALSTAT_LETTERS = frozenset("BDFMZC")
# Cards of IRAF and ccdproc: written when the step was done.
BIAS_CARDS = ("BIASCOR", "ZEROCOR", "SUBBIAS")
DARK_CARDS = ("DARKCOR", "SUBDARK")
FLAT_CARDS = ("FLATCOR",)
# Values of these cards that mean that the step was not done.
NOT_DONE = frozenset(("", "f", "false", "no", "none", "0", "omit"))
_REMOVED = r"subtract\w*|remov\w*|correct\w*|master"
# Words of HISTORY, in either order.
HISTORY = {kind: re.compile(rf"\b(?:{names})\b[^\n]{{0,30}}\b(?:{words})\b|\b(?:{words})\b[^\n]{{0,30}}\b(?:{names})\b", re.I)
           for kind, names, words in (("bias", "bias|offset|zero", _REMOVED), ("dark", "dark", _REMOVED),
                                      ("flat", "flat", rf"{_REMOVED}|divid\w*|field\w*"))}
# The same in the words of PixInsight.
PIXINSIGHT = {kind: re.compile(rf"master{kind}\.?enabled\W+true", re.I) for kind in HISTORY}
# HISTORY lines that deny it.
DENIED = re.compile(r"\b(?:not|without|no|never|disabled|false)\b", re.I)
# HISTORY lines that describe the calibration of a frame; others may name masters for other reasons.
CALIBRATED = re.compile(r"calibrat|subtract|correct|divid|remov", re.I)
# Share of the bias level below which a dark or light cannot contain the bias.
BELOW_BIAS = 0.75
# Noise of a pixel by which a level must also be below the bias.
BELOW_SIGMA = 3.0
# Levels (ADU) between which the median of a normalised flat is: a mean of 1, stored as it is ...
NORMALISED_LOW = 0.2
NORMALISED_HIGH = 5.0
# ... or read as full scale (1.0 = 65535 ADU).
FULL_SCALE_LOW = 0.9


@dataclass(frozen=True)
class Levels:
    """Median, noise of a pixel and nearly smallest value of some frames, in ADU."""

    median: float
    noise: float
    low: float


def done_to(header: fits.Header) -> Done:
    """What CALSTAT, the cards of IRAF and ccdproc, HISTORY and PEDESTAL name."""
    bias = dark = flat = False
    where = []
    status = str(header.get("CALSTAT") or "").strip().upper()
    if status and set(status) <= CALSTAT_LETTERS:
        bias, dark, flat = (letter in status for letter in "BDF")
        where.append(f"CALSTAT = '{status}'")
    for cards, kind in ((BIAS_CARDS, "bias"), (DARK_CARDS, "dark"), (FLAT_CARDS, "flat")):
        for card in cards:
            if str(header.get(card, "")).strip().lower() not in NOT_DONE:
                bias, dark, flat = bias or kind == "bias", dark or kind == "dark", flat or kind == "flat"
                where.append(card)
    lines = [str(line) for line in header.get("HISTORY", []) if CALIBRATED.search(str(line)) and not DENIED.search(str(line))]
    for line in lines:
        named = [kind for kind, pattern in HISTORY.items() if pattern.search(line) or PIXINSIGHT[kind].search(line)]
        if named:
            bias, dark, flat = bias or "bias" in named, dark or "dark" in named, flat or "flat" in named
            where.append(f"HISTORY '{line.strip()[:60]}'")
    pedestal = header.get("PEDESTAL")
    added = abs(float(pedestal)) if isinstance(pedestal, int | float) and not isinstance(pedestal, bool) else 0.0
    return Done(bias, dark, flat, "; ".join(dict.fromkeys(where)), added)


def dark_holds_bias(dark: Levels, bias: float | None, lights: Levels | None, done: Done, *, shares_pattern: bool) -> bool:
    """Whether a dark contains the bias, of median ``bias``.

    A dark is never below its bias, so one far below does not contain it, whatever its cards; ``shares_pattern`` (the pattern of
    the bias is found in it) proves the opposite. Cards decide the rest, unless the sum of both would be above the lights.
    """
    if shares_pattern:
        return True
    if bias is not None and dark.median < BELOW_BIAS * bias and dark.median < bias - BELOW_SIGMA * dark.noise:
        return False
    if not done.bias:
        return True
    return bias is not None and lights is not None and dark.median + bias > lights.median + lights.noise


def flat_holds_offset(flat: Levels, offset: float | None, done: Done, *, integer: bool) -> bool:
    """Whether a flat still contains its bias or dark-flat, of median ``offset``.

    Normalised flats, and flats with pixels below that level, do not. Otherwise cards decide; without any, integers are taken as
    raw and floating point as calibrated, as the programs that make masters write them.
    """
    if done.bias or done.dark:
        return False
    if not integer and (NORMALISED_LOW < flat.median < NORMALISED_HIGH or flat.median > FULL_SCALE_LOW * 65535):
        return False
    if offset is not None and flat.low < BELOW_BIAS * offset:  # even dead pixels of a raw flat are at the offset
        return False
    return integer


def lights_hold_bias(lights: Levels, bias: float | None, done: Done) -> bool:
    """Whether lights still contain the bias, of median ``bias``: a raw light is never below it; otherwise cards decide."""
    if bias is not None and lights.median < BELOW_BIAS * bias and lights.median < bias - BELOW_SIGMA * lights.noise:
        return False
    return not (done.bias or done.dark)
