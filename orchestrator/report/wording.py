"""Numbers as people read them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

__all__ = ["duration", "finite", "mean", "median", "number", "percent", "span"]


def finite(value: Any) -> float | None:
    """A finite float, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def number(value: Any, unit: str = "", digits: int = 3) -> str:
    """Some significant digits, an en dash for what is not known."""
    known = finite(value)
    if known is None:
        return "–"
    if known == int(known) and abs(known) < 1e6:
        text = f"{int(known)}"
    elif 1e-3 <= abs(known) < 1e6:
        decimals = max(digits - 1 - math.floor(math.log10(abs(known))), 0)
        text = f"{known:.{decimals}f}"
    else:
        text = f"{known:.{digits - 1}e}"
    return f"{text}{unit}" if unit[:1] in "°″" else f"{text} {unit}"


def percent(value: Any, digits: int = 1) -> str:
    known = finite(value)
    return "–" if known is None else f"{100 * known:.{digits}f} %"


def duration(seconds: Any) -> str:
    """Seconds as 3.2 s, 4 min 05 s or 2 h 07 min."""
    known = finite(seconds)
    if known is None:
        return "–"
    if known < 60:
        return f"{known:.0f} s" if known == int(known) else f"{known:.1f} s"
    minutes, rest = divmod(round(known), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def median(values: Iterable[Any]) -> float | None:
    known = sorted(v for v in map(finite, values) if v is not None)
    if not known:
        return None
    middle = len(known) // 2
    return known[middle] if len(known) % 2 else (known[middle - 1] + known[middle]) / 2


def mean(values: Any) -> float | None:
    """Mean of a list with one value a channel."""
    known = [v for v in map(finite, values if isinstance(values, list) else [values]) if v is not None]
    return sum(known) / len(known) if known else None


def span(values: Iterable[Any], unit: str = "") -> str:
    """Median and range, in words."""
    known = [v for v in map(finite, values) if v is not None]
    if not known:
        return "not measured"
    return f"median {number(median(known), unit)}, from {number(min(known))} to {number(max(known), unit)}"
