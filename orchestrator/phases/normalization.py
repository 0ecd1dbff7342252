"""NORMALIZATION: transparency and sky background of each frame relative to the reference (METHODS 1)."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_json
from orchestrator.message import Message
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.channels import by_channel
from orchestrator.stacking.extended_mosaic import Normalized, added_to_mosaic, earlier_panels
from orchestrator.stacking.extension import in_earlier_units
from orchestrator.stacking.field_geometry import mosaic_of
from orchestrator.stacking.frame_sky import frame_skies
from orchestrator.stacking.mosaic_scale import MosaicScale, mosaic_scale
from orchestrator.stacking.photometric_scale import haze_over, photometric_scale, with_exposures
from orchestrator.stacking.pixel_area import light_factors
from orchestrator.stacking.scale_check import ScaleCheck
from orchestrator.stacking.sky_correction import sky_corrections
from orchestrator.stacking.star_evidence import StarEvidence
from orchestrator.stacking.state import KeptFrames, RunState

__all__ = ["Normalization"]

logger = logging.getLogger(__name__)

FloatArray = NDArray[np.float64]

# Relative error of a panel's scale above which a warning is shown.
MAX_SCALE_ERROR = 0.01
# Frames needed to compare the halves of a night.
LEAST_COMPARED = 4
# Largest number of panels that the warning lists.
MAX_LISTED = 4
# Frames of an earlier stack with which added ones are measured.
COMPANIONS = 16
# Magnitudes per unit of the natural logarithm.
MAGNITUDE = 2.5 / np.log(10)


class Normalization(Phase):
    name = "NORMALIZATION"
    settings = ("normalization",)
    uses = ("session", "calibrated", "frames", "measurements", "plan", "kept")
    makes = ("transparency", "surfaces", "sky_corrections", "star_evidence", "scale_check", "scale_stars", "panel_scales")
    pixels = True
    reuses_previous = True

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        frames, plan, mode = state.frames, state.plan, context.config.normalization.mode
        order, panels = _order(context), None
        if mode == "photometric" and mosaic_of(frames) is not None:
            found = added_to_mosaic(context, state, order)
            if found is None:
                found, panels = _of_mosaic(context, state, order)
            else:
                panels = _earlier_panels(context, state)
        else:
            found = _added_to_field(context, state) or _of_field(context, state, _groups(state))
        scale = state.transparency = found.transparency
        state.surfaces, state.sky_corrections, state.star_evidence = found.surfaces, found.sky_corrections, found.star_evidence
        state.scale_stars, state.scale_check, state.panel_scales = found.stars, found.scale_check, panels
        patches = np.array([np.zeros(len(plan.channels)) if own.clouds is None else FULL_SCALE * own.clouds.std(axis=(1, 2))
                            for own in state.sky_corrections]).T
        haze = [np.zeros(1, np.float32) if own.haze is None else own.haze for own in state.sky_corrections]
        rows = [{"file": f.info.path.name, "transparency": scale[:, i], "stars": found.stars[i],
                 "background_adu": by_channel(plan, state.measurements[i].background) * FULL_SCALE,
                 "surface": state.surfaces[:, i], "clouds_adu": patches[:, i],
                 "haze_mag": MAGNITUDE * float(np.std(haze[i]))} for i, f in enumerate(frames.usable)]
        write_json(context.artifacts / "normalization.json", {
            "mode": mode, "order": order, **({} if panels is None else {"panels": panels}), "frames": rows,
            "check": [] if state.scale_check is None else state.scale_check.as_rows()})
        clouded, hazy = (sum(getattr(own, name) is not None for own in state.sky_corrections) for name in ("clouds", "haze"))
        statistics = state.statistics
        if state.scale_check is not None and (worst := state.scale_check.worst) is not None:
            statistics.scale_residual, statistics.scale_residual_error = worst
        statistics.transparency_min, statistics.transparency_max = float(scale.min()), float(scale.max())
        statistics.clouded_frames, statistics.hazy_frames = clouded, hazy
        logger.info("Transparency relative to the reference: %.3f to %.3f; %d frames with clouds, %d with haze",
                    statistics.transparency_min, statistics.transparency_max, clouded, hazy)
        statistics.haze_max_mag = round(MAGNITUDE * max(float(own.max()) for own in haze), 3) if hazy else None
        return PhaseResult(summary={"mode": mode, "transparency": [float(scale.min()), float(scale.max())],
                                    "stars": int(np.median(found.stars)), "clouded": clouded, "hazy": hazy})


def _order(context: RunContext) -> int:
    """The order of the surfaces of the sky; -1: none."""
    settings = context.config.normalization
    return settings.surface_order if settings.mode != "none" else -1


def _of_mosaic(context: RunContext, state: RunState, order: int) -> tuple[Normalized, list[dict[str, Any]]]:
    """Scale and sky of the frames of a mosaic, and the rows of its panels."""
    frames, plan = state.frames, state.plan
    reference = frames.reference_position
    found = mosaic_scale(context, state, frames, plan, reference)
    scale, stars = with_exposures(context, frames, found.scale, found.stars, reference)
    panels = _panels(context, state, found)
    return _with_sky(context, state, scale, stars, (found.evidence, found.check), None), panels


def _of_field(context: RunContext, state: RunState, groups: NDArray[np.int64] | None) -> Normalized:
    """Scale and sky of the frames of one field; their scale is checked for ``groups`` (N,) of them."""
    frames, plan, mode = state.frames, state.plan, context.config.normalization.mode
    count, reference = len(frames.usable), frames.reference_position
    scale, stars = np.ones((len(plan.channels), count)), np.zeros(count, np.int64)
    if mode == "photometric":
        by_stars = photometric_scale(context, state, frames, plan, reference, groups)
        haze = haze_over(plan, frames.usable[reference], state.measurements[reference], by_stars.flux)
        return _with_sky(context, state, by_stars.scale, by_stars.stars, (by_stars.evidence, by_stars.check), haze)
    if mode == "background":
        sky = np.array([by_channel(plan, m.background) for m in state.measurements]).T
        scale = np.maximum(sky, 1e-6) / np.maximum(sky[:, reference: reference + 1], 1e-6)
    return _with_sky(context, state, scale, stars, (StarEvidence.none(count), None), None)


def _with_sky(context: RunContext, state: RunState, scale: FloatArray, stars: NDArray[np.int64],
              known: tuple[StarEvidence, ScaleCheck | None], haze: NDArray[np.float32] | None) -> Normalized:
    """The skies of frames of which the scale, with the evidence and the check of it, and the haze are ``known``."""
    frames, plan, order, (evidence, check) = state.frames, state.plan, _order(context), known
    skies = frame_skies(context, frames, plan, state.measurements, scale, order, evidence)
    areas = [None if order < 0 else light_factors(state, plan, f) for f in frames.usable]
    haze = np.zeros((len(frames.usable), 1, 1), np.float32) if haze is None else haze
    return Normalized(scale, skies.surfaces, sky_corrections(skies.clouds, haze, skies.clear, areas), evidence, check, stars)


def _added_to_field(context: RunContext, state: RunState) -> Normalized | None:
    """Scale and sky of the frames of an earlier stack as they were, and those of the others in their units, measured together
    with some of them; None if there is no earlier stack."""
    kept = state.kept
    names = ("transparency", "surfaces", "sky_corrections", "star_evidence", "scale_stars")
    before = [context.earlier(name) for name in names] if kept is not None else [None]
    if kept is None or any(value is None for value in before):
        return None
    scale, surfaces, corrections, evidence, stars = (cast(Any, value) for value in before)
    part, inside = _with_companions(state, kept)
    found = _of_field(context, part, None)
    if surfaces.shape[::2] != found.surfaces.shape[::2]:
        return None

    def joined(old: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
        values = np.empty((len(old), len(state.frames.usable), *old.shape[2:]), old.dtype)
        values[:, kept.now], values[:, kept.new] = old[:, kept.before], new[:, inside.new]
        return values

    place = dict(zip(kept.now.tolist(), kept.before.tolist(), strict=True))
    other = dict(zip(kept.new.tolist(), inside.new.tolist(), strict=True))
    everyone = range(len(state.frames.usable))
    return Normalized(
        joined(scale, in_earlier_units(inside, found.transparency, scale, factor=True)),
        joined(surfaces, in_earlier_units(inside, found.surfaces, surfaces, factor=False)),
        tuple(corrections[place[i]] if i in place else found.sky_corrections[other[i]] for i in everyone),
        StarEvidence.joined([(evidence, place[i]) if i in place else (found.star_evidence, other[i]) for i in everyone]),
        context.earlier("scale_check"), joined(stars[None], found.stars[None])[0])


def _with_companions(state: RunState, kept: KeptFrames) -> tuple[RunState, KeptFrames]:
    """The state of the new frames, the reference and some of the other frames of an earlier stack, spread over it; which of its
    frames are these."""
    frames = state.frames
    spread = np.linspace(0, len(kept.now) - 1, min(COMPANIONS, len(kept.now))).round().astype(int)
    old = np.union1d(kept.now[spread], [frames.reference_position])
    members = np.union1d(old, kept.new)
    usable = {frames.usable[i].index for i in members}
    part = RunState(state.roots)
    part.session, part.calibrated, part.plan = state.session, state.calibrated, state.plan
    part.frames = replace(frames, frames=tuple(f if f.index in usable else replace(f, matrix=None) for f in frames.frames))
    part.measurements = tuple(state.measurements[i] for i in members)
    return part, KeptFrames(np.searchsorted(members, old), kept.before[np.searchsorted(kept.now, old)],
                            np.searchsorted(members, kept.new))


def _groups(state: RunState) -> NDArray[np.int64] | None:
    """Groups (N,) of the frames whose scales are compared: nights, or the halves of one night; None with too few frames."""
    count = len(state.frames.usable)
    if count < LEAST_COMPARED:
        return None
    night = np.array(state.nights, np.int64)
    return np.unique(night, return_inverse=True)[1].ravel() if np.ptp(night) else (2 * np.arange(count)) // count


def _earlier_panels(context: RunContext, state: RunState) -> list[dict[str, Any]] | None:
    """The rows of the panels of the mosaic that is extended; None if they are not known."""
    rows = earlier_panels(context.earlier("panel_scales") or [], state)
    errors = np.array([r["scale_error"] for r in rows or []], np.float64)
    if np.isfinite(errors).any():
        state.statistics.panel_scale_error = float(np.nanmax(errors))
    return rows


def _panels(context: RunContext, state: RunState, found: MosaicScale) -> list[dict[str, Any]]:
    """One row for each panel of a mosaic, for the artifact. Warns of panels whose scale is uncertain."""
    usable, worst = state.frames.usable, np.max(found.error, axis=0)
    rows, uncertain = [], []
    for k, stars in enumerate(found.shared.tolist()):
        members = np.flatnonzero(found.panel == k)
        first = usable[members[0]].info.path.name
        rows.append({"frames": len(members), "first": first, "shared_stars": stars, "scale_error": found.error[:, k]})
        if not worst[k] <= MAX_SCALE_ERROR:
            known = f"{100 * worst[k]:.1f} %" if np.isfinite(worst[k]) else "not known"
            seen = ", measured on stars that did not determine it" if found.raised[k] else ""
            uncertain.append(Message("panel {value} ({count} frames from {first} on, {stars} stars in its overlaps): "
                                     "{known}{seen}", value=k + 1, count=len(members), first=first, stars=stars, known=known,
                                     seen=seen))
    if uncertain:
        remedy = "" if found.raised.any() else " More frames or wider overlaps there would reduce it."
        shown = "; ".join(uncertain if len(uncertain) <= MAX_LISTED else [*uncertain[:MAX_LISTED], "..."])
        context.warn(Message("The brightness of {count} of {count2} panels relative to the reference has an error above "
                             "{max_scale_error:g} %: {shown}.{remedy}", count=len(uncertain), count2=len(rows),
                             max_scale_error=100 * MAX_SCALE_ERROR, shown=shown, remedy=remedy))
    if np.isfinite(worst).any() and len(rows) > 1:
        state.statistics.panel_scale_error = float(np.nanmax(worst))
    return rows
