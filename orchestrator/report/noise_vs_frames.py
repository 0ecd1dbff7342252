"""Shoot more or stop: noise and information against the number of frames."""

from __future__ import annotations

import math
from datetime import datetime
from itertools import pairwise

import numpy as np

from orchestrator.report.model import Fact, Figure, Section, Table
from orchestrator.report.sections_frames import Source, values
from orchestrator.report.wording import duration, finite, median, number, percent

__all__ = ["growth"]


def growth(source: Source) -> Section:
    found = source.files.json("growth")
    frames, noise = found.get("frames") or [], found.get("noise_adu") or []
    slope = finite(found.get("slope"))
    if len(frames) < 2 or len(frames) != len(noise) or slope is None or any(not finite(v) for v in (*frames, *noise)):
        ran = source.files.phase("TILE_RECONSTRUCTION")["status"] == "ok"
        why = f"{len(source.used)} frames are too few, or share too little of the field, to measure it." if ran else ""
        return Section("growth", "Shoot more or stop", missing=why or source.absent("TILE_RECONSTRUCTION"))
    count = frames[-1]
    ideal = [noise[-1] * math.sqrt(count / n) for n in frames]
    alt = (f"Noise falls from {number(noise[0], 'ADU')} with {frames[0]} frames to {number(noise[-1], 'ADU')} with {count}, "
           f"as the number to the power {slope:.2f}; independent noise gives −0.50.")
    figures = [Figure("curve", "Noise against the number of frames", alt, {
        "lines": [{"name": "measured on stacks of some of the frames", "x": frames, "y": noise},
                  {"name": "independent noise", "x": frames, "y": ideal, "dashed": True}],
        "xunit": "frames", "unit": "ADU", "zero": True},
        f"Channel {found.get('channel')}, from areas of {number(found.get('area'))} px a side in a strip across the field.")]
    gained = _information(source)
    if gained is not None:
        figures.append(gained)
    facts, table = _expected(source, count, noise[-1], slope)
    return Section("growth", "Shoot more or stop", alt, facts=facts, figures=tuple(figures), tables=table)


def _information(source: Source) -> Figure | None:
    """What the frames brought, in order of time: a^2 / (sigma^2 FWHM^2) of each, in units of the mean frame."""
    brought = []
    for row, sigma, a in zip(source.used, values(source.used, "noise"), values(source.used, "transparency"), strict=True):
        if not sigma or not a or not row.fwhm:
            return None
        brought.append((a / sigma / row.fwhm) ** 2)
    if not brought:
        return None
    share = np.array(brought) / np.mean(brought)
    total, best = np.cumsum(share), np.cumsum(np.sort(share)[::-1])
    numbers = list(range(1, len(share) + 1))
    half = int(np.searchsorted(best, best[-1] / 2)) + 1
    return Figure("curve", "Information on stars, frame after frame",
                  f"The {half} best of {len(share)} frames bring half of the information.",
                  {"lines": [{"name": "in order of time", "x": numbers, "y": total.round(4).tolist()},
                             {"name": "best first", "x": numbers, "y": best.round(4).tolist(), "dashed": True}],
                   "xunit": "frames", "unit": "mean frames", "zero": True},
                  "Flat stretches are frames that brought little: haze, bad seeing, bright sky.")


def _expected(source: Source, count: int, noise: float, slope: float) -> tuple[tuple[Fact, ...], tuple[Table, ...]]:
    """What more time under the same conditions would bring, by the measured slope."""
    cadence = _cadence(source)
    facts = [Fact("Noise falls as", f"frames^{slope:.2f}", "−0.50 is independent noise; flatter: something else limits")]
    if cadence is None:
        return tuple(facts), ()
    rows = []
    for hours in (1, 2, 5, 10):
        more = hours * 3600 / cadence
        ratio = ((count + more) / count) ** slope
        rows.append((f"{hours} h more", f"{round(more)}", number(noise * ratio, "ADU"), percent(1 - ratio),
                     number(-2.5 * math.log10(ratio), "mag")))
    first = ((count + 3600 / cadence) / count) ** slope
    facts.append(Fact("Another hour", f"{percent(1 - first)} less noise",
                      f"{number(-2.5 * math.log10(first), 'mag')} deeper, with {round(3600 / cadence)} frames as these"))
    if slope < -0.05:
        needed = count * (2 ** (1 / -slope) - 1) * cadence
        facts.append(Fact("To halve the noise", f"{duration(needed)} more", "under the same conditions"))
    head = ("time", "frames", "noise", "less noise", "fainter stars by")
    return tuple(facts), (Table("Expected of more time", head, tuple(rows)),)


def _cadence(source: Source) -> float | None:
    """Seconds from one frame to the next: the median over the session, or the exposure where no times are known."""
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
