"""The lights that may be the reference where gains differ: the stack is scaled to the light of the reference."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrator.session.model import FrameInfo

__all__ = ["of_main_gain"]


def of_main_gain(lights: Sequence[FrameInfo], candidates: Sequence[int]) -> list[int]:
    """The candidates (indices of lights) whose gain has the largest total exposure among them; all if the gain is the same."""
    totals: dict[float | None, float] = {}
    for i in candidates:
        gain = lights[i].gain
        totals[gain] = totals.get(gain, 0.0) + (lights[i].exposure or 1.0)
    if len(totals) < 2:
        return list(candidates)
    main = max(totals, key=lambda gain: totals[gain])
    return [i for i in candidates if lights[i].gain == main]
