"""NORMALIZATION: transparency and sky background of each frame relative to the reference (METHODS 1)."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_json
from orchestrator.message import Message
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.channels import by_channel
from orchestrator.stacking.extended_mosaic import added_to_mosaic, earlier_panels
from orchestrator.stacking.extension import in_earlier_units
from orchestrator.stacking.field_geometry import mosaic_of
from orchestrator.stacking.frame_sky import frame_skies
from orchestrator.stacking.mosaic_scale import MosaicScale, mosaic_scale
from orchestrator.stacking.photometric_scale import haze_over, photometric_scale, with_exposures
from orchestrator.stacking.pixel_area import light_factors
from orchestrator.stacking.sky_correction import sky_corrections
from orchestrator.stacking.star_evidence import StarEvidence
from orchestrator.stacking.state import RunState

__all__ = ["Normalization"]

logger = logging.getLogger(__name__)

FloatArray = NDArray[np.float64]

# Relative error of a panel's scale above which a warning is shown.
MAX_SCALE_ERROR = 0.01
# Frames needed to compare the halves of a night.
LEAST_COMPARED = 4
# Largest number of panels that the warning lists.
MAX_LISTED = 4
# Magnitudes per unit of the natural logarithm.
MAGNITUDE = 2.5 / np.log(10)


class Normalization(Phase):
    name = "NORMALIZATION"
    settings = ("normalization",)
    uses = ("session", "calibrated", "frames", "measurements", "plan", "kept")
    makes = ("transparency", "surfaces", "sky_corrections", "star_evidence", "scale_check", "panel_scales")
    pixels = True
    reuses_previous = True

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        frames, plan = state.frames, state.plan
        settings = context.config.normalization
        count, channels = len(frames.usable), len(plan.channels)
        scale = np.ones((channels, count))
        stars_used, haze = np.zeros(count, int), np.zeros((count, 1, 1), np.float32)
        reference = frames.reference_position
        panels: list[dict[str, Any]] | None = None
        state.scale_check = None
        evidence = StarEvidence.none(count)
        order = settings.surface_order if settings.mode != "none" else -1
        in_panels = settings.mode == "photometric" and mosaic_of(frames) is not None
        added = added_to_mosaic(context, state, order) if in_panels else None
        if added is not None:
            stars_used, state.scale_check, panels = added.stars, added.scale_check, _earlier_panels(context, state)
        elif in_panels:
            found = mosaic_scale(context, state, frames, plan, reference)
            scale, stars_used = with_exposures(context, frames, found.scale, found.stars, reference)
            evidence = found.evidence
            panels, state.scale_check = _panels(context, state, found), found.check
        elif settings.mode == "photometric":
            by_stars = photometric_scale(context, state, frames, plan, reference, _groups(state))
            state.scale_check = by_stars.check
            scale, stars_used, evidence = by_stars.scale, by_stars.stars, by_stars.evidence
            haze = haze_over(plan, frames.usable[reference], state.measurements[reference], by_stars.flux)
        elif settings.mode == "background":
            sky = np.array([by_channel(plan, m.background) for m in state.measurements]).T
            scale = np.maximum(sky, 1e-6) / np.maximum(sky[:, reference: reference + 1], 1e-6)
        if added is not None:
            state.transparency, state.surfaces, state.star_evidence = added.transparency, added.surfaces, added.star_evidence
            state.sky_corrections = added.sky_corrections
        else:
            skies = frame_skies(context, frames, plan, state.measurements, scale, order, evidence)
            state.transparency, state.surfaces, state.star_evidence = scale, skies.surfaces, evidence
            areas = [None if order < 0 else light_factors(state, plan, f) for f in frames.usable]
            state.sky_corrections = sky_corrections(skies.clouds, haze, skies.clear, areas)
            _keep_earlier(state, context)
        scale, state.panel_scales = state.transparency, panels
        patches = np.array([np.zeros(channels) if own.clouds is None else FULL_SCALE * own.clouds.std(axis=(1, 2))
                            for own in state.sky_corrections]).T
        rows = [{"file": f.info.path.name, "transparency": scale[:, i], "stars": stars_used[i],
                 "background_adu": by_channel(plan, state.measurements[i].background) * FULL_SCALE,
                 "surface": state.surfaces[:, i], "clouds_adu": patches[:, i],
                 "haze_mag": MAGNITUDE * float(np.std(haze[i]))} for i, f in enumerate(frames.usable)]
        write_json(context.artifacts / "normalization.json", {
            "mode": settings.mode, "order": order, **({} if panels is None else {"panels": panels}), "frames": rows,
            "check": [] if state.scale_check is None else state.scale_check.as_rows()})
        clouded, hazy = sum(own.clouds is not None for own in state.sky_corrections), int(haze.any(axis=(1, 2)).sum())
        statistics = state.statistics
        if state.scale_check is not None and (worst := state.scale_check.worst) is not None:
            statistics.scale_residual, statistics.scale_residual_error = worst
        statistics.transparency_min, statistics.transparency_max = float(scale.min()), float(scale.max())
        statistics.clouded_frames, statistics.hazy_frames = clouded, hazy
        logger.info("Transparency relative to the reference: %.3f to %.3f; %d frames with clouds, %d with haze",
                    statistics.transparency_min, statistics.transparency_max, clouded, hazy)
        statistics.haze_max_mag = round(MAGNITUDE * float(haze.max()), 3) if hazy else None
        return PhaseResult(summary={"mode": settings.mode, "transparency": [float(scale.min()), float(scale.max())],
                                    "stars": int(np.median(stars_used)), "clouded": clouded, "hazy": hazy})


def _keep_earlier(state: RunState, context: RunContext) -> None:
    """The scale and sky of frames of an earlier stack stay, and those of the others are in the units of theirs."""
    kept = state.kept
    if kept is None:
        return
    scale, surfaces, corrections = (context.earlier(n) for n in ("transparency", "surfaces", "sky_corrections"))
    if scale is None or surfaces is None or corrections is None or surfaces.shape[::2] != state.surfaces.shape[::2]:
        return
    state.transparency = in_earlier_units(kept, state.transparency, scale, factor=True)
    state.surfaces = in_earlier_units(kept, state.surfaces, surfaces, factor=False)
    before = dict(zip(kept.now.tolist(), (corrections[k] for k in kept.before), strict=True))
    state.sky_corrections = tuple(before.get(i, own) for i, own in enumerate(state.sky_corrections))


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
