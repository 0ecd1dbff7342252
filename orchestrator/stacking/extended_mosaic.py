"""Scale and sky of lights that are added to a mosaic: each is compared with some lights of its panel, whose own values stay.

What lights of other panels have is not measured again, so that the cost is that of the added lights and of a few others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from orchestrator.runtime.context import RunContext
from orchestrator.stacking.extension import in_earlier_units
from orchestrator.stacking.field_geometry import panels_of
from orchestrator.stacking.frame_sky import frame_skies
from orchestrator.stacking.mosaic_scale import mosaic_scale
from orchestrator.stacking.photometric_scale import with_exposures
from orchestrator.stacking.pixel_area import light_factors
from orchestrator.stacking.scale_check import ScaleCheck
from orchestrator.stacking.sky_correction import SkyCorrection, sky_corrections
from orchestrator.stacking.star_evidence import StarEvidence
from orchestrator.stacking.state import KeptFrames, RunState

__all__ = ["Normalized", "added_to_mosaic", "earlier_panels"]

FloatArray = NDArray[np.float64]

# Earlier lights of a panel with which its added lights are compared.
COMPARED = 8
# Fields of the state that are carried over, in the order of Normalized.
FIELDS = ("transparency", "surfaces", "sky_corrections", "star_evidence", "scale_check")


@dataclass(frozen=True)
class Normalized:
    """``transparency`` (C, N), ``surfaces`` (C, N, terms), ``sky_corrections`` (N), ``star_evidence`` and ``scale_check`` of all
    usable frames; ``stars`` (N,) that determine the scale of the added ones, 0 for the others."""

    transparency: FloatArray
    surfaces: FloatArray
    sky_corrections: tuple[SkyCorrection, ...]
    star_evidence: StarEvidence
    scale_check: ScaleCheck | None
    stars: NDArray[np.int64]


def added_to_mosaic(context: RunContext, state: RunState, order: int) -> Normalized | None:
    """The values of an earlier mosaic with those of the frames that were added; None if those of before cannot be read."""
    kept = state.kept
    before = [context.earlier(name) for name in FIELDS] if kept is not None else [None]
    if kept is None or any(value is None for value in before[:4]):
        return None
    scale, surfaces, corrections, evidence, check = (cast(Any, value) for value in before)
    count, channels = len(state.frames.usable), len(state.plan.channels)
    result = np.ones((channels, count))
    sky: FloatArray = np.zeros((channels, count, surfaces.shape[2]))
    stars = np.zeros(count, np.int64)
    own: dict[int, tuple[StarEvidence, int]] = {}
    added: dict[int, SkyCorrection] = {}
    result[:, kept.now], sky[:, kept.now] = scale[:, kept.before], surfaces[:, kept.before]
    for i, k in zip(kept.now.tolist(), kept.before.tolist(), strict=True):
        own[i], added[i] = (evidence, k), corrections[k]
    for members in _groups(state, kept):
        part, inside = _part(state, members), _inside(kept, members)
        position = int(inside.now[0])
        # The lights of a panel are treated as a mosaic, too.
        frames = replace(part.frames, reference=part.frames.usable[position].index, workflow="mosaic")
        found = mosaic_scale(context, part, frames, state.plan, position)
        factors, used = with_exposures(context, frames, found.scale, found.stars, position)
        skies = frame_skies(context, frames, state.plan, part.measurements, factors, order, found.evidence)
        clouds = sky_corrections(skies.clouds, np.zeros((len(members), 1, 1), np.float32), skies.clear,
                                 [None if order < 0 else light_factors(part, state.plan, f) for f in frames.usable])
        here = members[inside.now]
        scales = in_earlier_units(inside, factors, _at(result, here, inside), factor=True)
        # The skies are relative to the scale of the stars of one light of the part.
        units = np.median(result[:, here] / factors[:, inside.now], axis=1)[:, None, None]
        shifted = in_earlier_units(inside, _padded(skies.surfaces, sky.shape[2]) / units, _at(sky, here, inside), factor=False)
        for k in inside.new.tolist():
            i = int(members[k])
            result[:, i], sky[:, i], stars[i] = scales[:, k], shifted[:, k], used[k]
            own[i], added[i] = (found.evidence, k), _in_units(clouds[k], units[:, 0, 0])
    return Normalized(result, sky, tuple(added[i] for i in range(count)), StarEvidence.joined([own[i] for i in range(count)]),
                      check, stars)


def _groups(state: RunState, kept: KeptFrames) -> list[NDArray[np.int64]]:
    """Positions of the added frames of each panel, and of some earlier ones of it, ascending."""
    panel, groups = panels_of(state.frames), []
    for number in np.unique(panel[kept.new]):
        new, old = kept.new[panel[kept.new] == number], kept.now[panel[kept.now] == number]
        old = old if len(old) else kept.now
        few = old[np.unique(np.linspace(0, len(old) - 1, min(COMPARED, len(old))).round().astype(int))]
        groups.append(np.sort(np.concatenate([new, few])))
    return groups


def _part(state: RunState, members: NDArray[np.int64]) -> RunState:
    """The state of some of the usable frames."""
    part = RunState(state.roots)
    part.fields = dict(state.fields)
    part.frames = replace(state.frames, frames=tuple(state.frames.usable[i] for i in members))
    part.measurements = tuple(state.measurements[i] for i in members)
    return part


def _inside(kept: KeptFrames, members: NDArray[np.int64]) -> KeptFrames:
    """Which of some frames are kept, by their places among these."""
    known = np.isin(members, kept.now)
    return KeptFrames(np.flatnonzero(known), np.arange(int(known.sum())), np.flatnonzero(~known))


def _at(values: FloatArray, members: NDArray[np.int64], inside: KeptFrames) -> FloatArray:
    """The earlier values of the kept frames of a part, in their order there."""
    return np.asarray(values[:, members][:, inside.before])


def _padded(surfaces: FloatArray, terms: int) -> FloatArray:
    return np.pad(surfaces, ((0, 0), (0, 0), (0, max(terms - surfaces.shape[2], 0))))[:, :, :terms]


def _in_units(correction: SkyCorrection, units: FloatArray) -> SkyCorrection:
    """A correction whose light is divided by ``units`` (C,)."""
    def scaled(light: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
        return None if light is None else (light / units[:, None, None]).astype(np.float32)

    return replace(correction, clouds=scaled(correction.clouds), clear=scaled(correction.clear))


def earlier_panels(rows: Sequence[dict[str, Any]], state: RunState) -> list[dict[str, Any]] | None:
    """The rows of the panels of an earlier mosaic in normalization.json, with the numbers of frames that they have now; None if
    the panels are not the same."""
    kept = state.kept
    if kept is None:
        return None
    usable = state.frames.usable
    before = replace(state.frames, frames=tuple(usable[i] for i in kept.in_order))
    now, old = panels_of(state.frames), panels_of(before)
    pairs = set(zip(now[kept.now].tolist(), old[kept.before].tolist(), strict=True))
    of = dict(pairs)
    if not len(pairs) == len(of) == len(rows) == int(now.max()) + 1 or max(of.values()) >= len(rows):
        return None
    return [{**rows[of[k]], "frames": int((now == k).sum()), "first": usable[int(np.argmax(now == k))].info.path.name}
            for k in range(len(of))]
