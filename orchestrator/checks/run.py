"""The checks of every run, on data that the estimates which they check did not use."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.checks.calibration import calibration
from orchestrator.checks.geometry import geometry
from orchestrator.checks.halves import halves
from orchestrator.checks.information import InformationKept, information_kept
from orchestrator.checks.record import Check
from orchestrator.checks.rejection import rejection
from orchestrator.checks.scale import scale
from orchestrator.checks.sky_surface import sky_surface
from orchestrator.checks.star_light import star_light
from orchestrator.checks.star_sample import sample_stars
from orchestrator.io.json_files import write_json
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.state import RunState
from orchestrator.stacking.weighted_mean import frames_in_stack

__all__ = ["Checked", "run_checks"]


@dataclass(frozen=True)
class Checked:
    """The results of all checks, in the order of the report, and the information kept."""

    checks: list[Check]
    information: InformationKept

    @property
    def failed(self) -> list[Check]:
        return [c for c in self.checks if c.status == "failed"]


def run_checks(context: RunContext, state: RunState, detected: NDArray[np.void]) -> Checked:
    """Make all checks and write ``artifacts/checks.json``; ``detected``: stars of the stack in its green or only channel."""
    plan, stack, usable = state.plan, state.stack, state.frames.usable
    inside = frames_in_stack(context, state)
    stacked = tuple(f for f, kept in zip(usable, inside, strict=True) if kept)
    names = tuple(f.info.path.name for f in stacked)
    widths = tuple(m.fwhm * plan.scale_of(f) for f, m, kept in zip(usable, state.measurements, inside, strict=True) if kept)
    hits = np.array([m.hits / np.prod(f.shape) for f, m, kept in zip(usable, state.measurements, inside, strict=True) if kept])
    seconds: dict[str, float] = {}
    began = time.perf_counter()

    def took(name: str) -> None:
        nonlocal began
        now = time.perf_counter()
        seconds[name] = round(now - began, 3)
        began = now

    sample = sample_stars(context, state, detected, inside)
    took("star_sample")
    files = tuple(usable[int(p)].info.path.name for p in sample.positions)
    checks: tuple[Callable[[], Check], ...] = (
        lambda: star_light(sample, plan.channels, plan.shape, files),
        lambda: calibration(state.calibrated, state.session.lights),
        lambda: geometry(state.frames, state.measurements, plan, context.config.registration.transform),
        lambda: scale(sample, plan.channels, files, state.statistics.panel_scale_error, state.scale_check),
        lambda: halves(stack, sample, widths),
        lambda: rejection(stack, _rejected(state, inside), names, sample, ghosts=bool(state.statistics.other_light_left_out),
                          trails=state.statistics.trails_left_out or 0, hits=hits),
        lambda: sky_surface(stack, plan, stacked, sample))
    found = []
    for check in checks:
        context.check()
        found.append(check())
        took(found[-1].name)
    information = information_kept(state, sample)
    took("information")
    kept = {"kept": information.value, "regions": information.regions, "x": information.x, "y": information.y,
            "stars": information.stars}
    write_json(context.artifacts / "checks.json", {
        "checks": [asdict(c) for c in found], "information": kept, "seconds": seconds})
    return Checked(found, information)


def _rejected(state: RunState, inside: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    """(N,) share of the samples of each stacked frame that was rejected; None if it was not counted."""
    counts = state.rejected_by_frame
    if counts is None or counts.shape[1] != inside.sum():
        return None
    area = state.slots.sums(state.overlap)[inside] * (np.prod(state.plan.channel_shape) / np.prod(state.slots.shape))
    return np.asarray(counts.mean(axis=0) / np.maximum(area, 1))
