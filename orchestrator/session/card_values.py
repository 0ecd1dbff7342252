"""Values of header cards in the spellings of different programs: numbers as text, exposures in other units or cards."""

from __future__ import annotations

import math
import re

from astropy.io import fits

__all__ = ["exposure_of", "number_of"]

# The cards that may hold the exposure, in order of preference.
EXPOSURE_CARDS = ("EXPTIME", "EXPOSURE", "EXP", "EXPOSURETIME")
# Units that a text or the comment of a card names, in seconds; the longer names first.
UNITS = (("milliseconds", 1e-3), ("millisec", 1e-3), ("msec", 1e-3), ("ms", 1e-3), ("microseconds", 1e-6), ("microsec", 1e-6),
         ("usec", 1e-6), ("us", 1e-6), ("minutes", 60.0), ("min", 60.0), ("seconds", 1.0), ("sec", 1.0), ("s", 1.0))
_UNIT_OF = dict(UNITS)
# Units of other values that a text may carry.
PLAIN_UNITS = ("", "s", "sec", "c", "mm", "um", "deg", "adu", "db")
# Two cards of one header that differ by this factor (within RATIO_TOLERANCE) hold one exposure in two units.
UNIT_RATIOS = (1e3, 1e6)
RATIO_TOLERANCE = 0.01
_NUMBER = re.compile(r"\s*([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eEdD][+-]?\d+)?)\s*([a-zA-Z]*)\.?\s*$")


def number_of(value: object) -> float | None:
    """A finite number, also as text with a decimal comma or a usual unit ("60,0", "-10 C"); None for anything else."""
    number, unit = _parts(value)
    return number if unit in PLAIN_UNITS else None


def exposure_of(header: fits.Header) -> float | None:
    """The exposure in seconds: the first card with a positive value, else 0 if a card is 0, else None.

    A unit is taken from the text of a card, or from its comment if that begins with it or names it in brackets: "[ms]". If two
    cards differ by 1000 or 1 000 000, the larger one is in milliseconds or microseconds.
    """
    found = [seconds for key in EXPOSURE_CARDS if (seconds := _seconds(header, key)) is not None and seconds >= 0]
    positive = [seconds for seconds in found if seconds > 0]
    if not positive:
        return 0.0 if found else None
    smaller = [s for s in positive if any(abs(positive[0] / s / ratio - 1) < RATIO_TOLERANCE for ratio in UNIT_RATIOS)]
    return smaller[0] if smaller else positive[0]


def _seconds(header: fits.Header, key: str) -> float | None:
    number, unit = _parts(header.get(key))
    if number is None:
        return None
    if unit in _UNIT_OF:
        return number * _UNIT_OF[unit]
    comment = header.comments[key].lower() if key in header else ""
    named = re.match(r"\s*[\[(]\s*([a-z]+)\s*[\])]", comment) or re.search(r"\b(?:in|unit:?)\s+([a-z]+)", comment) or re.match(
        r"\s*(ms|msec|milliseconds|us|usec|microseconds)\b", comment)
    return number * _UNIT_OF.get(named[1], 1.0) if named else number


def _parts(value: object) -> tuple[float | None, str]:
    """The number and the unit (lower case, "" without one) of a value."""
    if value is None or isinstance(value, bool):
        return None, ""
    if isinstance(value, int | float):
        return (float(value) if math.isfinite(value) else None), ""
    found = _NUMBER.match(value) if isinstance(value, str) else None
    if found is None:
        return None, ""
    number = float(found[1].replace(",", ".").replace("d", "e").replace("D", "e"))
    return (number if math.isfinite(number) else None), found[2].lower()
