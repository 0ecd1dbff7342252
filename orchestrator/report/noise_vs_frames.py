"""Section on the noise and the information as functions of the number of frames."""

from __future__ import annotations

import math
from datetime import datetime
from itertools import pairwise

import numpy as np

from orchestrator.report.model import Fact, Figure, Section, Table
from orchestrator.report.sections_frames import Source, values
from orchestrator.report.shown import thinned
from orchestrator.report.wording import duration, finite, median, number, percent

__all__ = ["another_hour", "noise_vs_frames"]

TITLE = "Noise and number of frames"
# Hours of additional exposure in the table of expected gains.
MORE_HOURS = (1, 2, 5, 10)
# The time to halve the noise is given if the slope is below this value.
MAX_SLOPE = -0.05


def noise_vs_frames(source: Source) -> Section:
    found = source.files.json("growth")
    frames, noise = found.get("frames") or [], found.get("noise_adu") or []
    slope = finite(found.get("slope"))
    if len(frames) < 2 or len(frames) != len(noise) or slope is None or any(not finite(v) for v in (*frames, *noise)):
        ran = source.files.phase("TILE_RECONSTRUCTION")["status"] == "ok"
        why = f"{len(source.used)} frames are too few, or overlap too little, to measure it." if ran else ""
        return Section("growth", TITLE, missing=why or source.absent("TILE_RECONSTRUCTION"))
    count = frames[-1]
    ideal = [noise[-1] * math.sqrt(count / n) for n in frames]
    alt = (f"Noise falls from {number(noise[0], 'ADU')} with {frames[0]} frames to {number(noise[-1], 'ADU')} with {count}, "
           f"with a slope of {slope:.2f}; independent noise has −0.50.")
    figures = [Figure("curve", "Noise", alt, {
        "lines": [{"name": "measured on subsets of the frames", "x": frames, "y": noise},
                  {"name": "independent noise", "x": frames, "y": ideal, "dashed": True}],
        "xunit": "frames", "unit": "ADU", "zero": True},
        f"Channel {found.get('channel')}, from areas of {number(found.get('area'))} px per side in a strip across the field.")]
    information = _information(source)
    if information is not None:
        figures.append(information)
    facts, table = _expected(source, count, noise[-1], slope)
    return Section("growth", TITLE, alt, facts=facts, figures=tuple(figures), tables=table)


def another_hour(source: Source) -> float | None:
    """The share of the noise that another hour under the same conditions would remove; None if it is not known."""
    found = source.files.json("growth")
    count, slope, cadence = finite((found.get("frames") or [None])[-1]), finite(found.get("slope")), _cadence(source)
    return 1 - _ratio(count, slope, 3600 / cadence) if count and slope is not None and cadence else None


def _ratio(count: float, slope: float, more: float) -> float:
    """Noise with ``more`` frames relative to that with ``count``."""
    return float(((count + more) / count) ** slope)


def _information(source: Source) -> Figure | None:
    """Cumulative information of the frames in order of time: a^2 / (sigma^2 FWHM^2) of each, in units of the mean frame."""
    information = []
    for row, sigma, a in zip(source.used, values(source.used, "noise"), values(source.used, "transparency"), strict=True):
        if not sigma or not a or not row.fwhm:
            return None
        information.append((a / sigma / row.fwhm) ** 2)
    if not information:
        return None
    share = np.array(information) / np.mean(information)
    total, best = np.cumsum(share), np.cumsum(np.sort(share)[::-1])
    drawn = thinned(len(share))
    numbers = (drawn + 1).tolist()
    half = int(np.searchsorted(best, best[-1] / 2)) + 1
    return Figure("curve", "Cumulative information",
                  f"The best {half} of {len(share)} frames contribute half of the information on stars.",
                  {"lines": [{"name": "in order of time", "x": numbers, "y": total[drawn].round(4).tolist()},
                             {"name": "best first", "x": numbers, "y": best[drawn].round(4).tolist(), "dashed": True}],
                   "xunit": "frames", "unit": "mean frames", "zero": True},
                  "Flat parts are frames that contribute little: haze, poor seeing, bright sky.")


def _expected(source: Source, count: int, noise: float, slope: float) -> tuple[tuple[Fact, ...], tuple[Table, ...]]:
    """Expected gains of more exposure time under the same conditions, from the measured slope."""
    cadence = _cadence(source)
    facts = [Fact("Noise falls as", f"frames^{slope:.2f}", "−0.50 is independent noise; a flatter slope has another cause")]
    if cadence is None:
        return tuple(facts), ()
    rows = []
    for hours in MORE_HOURS:
        more = hours * 3600 / cadence
        ratio = _ratio(count, slope, more)
        rows.append((f"{hours} h more", f"{round(more)}", number(noise * ratio, "ADU"), percent(1 - ratio),
                     number(-2.5 * math.log10(ratio), "mag")))
    first = _ratio(count, slope, 3600 / cadence)
    facts.append(Fact("Another hour", f"{percent(1 - first)} less noise",
                      f"{number(-2.5 * math.log10(first), 'mag')} deeper, with {round(3600 / cadence)} frames like these"))
    if slope < MAX_SLOPE:
        needed = count * (2 ** (1 / -slope) - 1) * cadence
        facts.append(Fact("To halve the noise", f"{duration(needed)} more", "under the same conditions"))
    head = ("time", "frames", "noise", "less noise", "fainter stars by")
    return tuple(facts), (Table("Expected gain of more time", head, tuple(rows)),)


def _cadence(source: Source) -> float | None:
    """Seconds from one frame to the next: the median over the session, or the exposure if no times are known."""
    try:
        times = sorted(datetime.fromisoformat(r.time) for r in source.used if r.time)
        steps = [(b - a).total_seconds() for a, b in pairwise(times)]
    except (ValueError, TypeError):
        steps = []
    exposure = median(r.exposure for r in source.used)
    typical = median(s for s in steps if s > 0)
    if typical is not None and exposure is not None:
        return max(typical, exposure)
    return typical or exposure or None
