"""NORMALIZATION: transparency and sky of each frame relative to the reference (METHODS 1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_json
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.channels import by_channel
from orchestrator.stacking.field_geometry import mosaic_of
from orchestrator.stacking.frame_sky import frame_skies
from orchestrator.stacking.mosaic_scale import MosaicScale, mosaic_scale
from orchestrator.stacking.photometric_scale import haze_over, photometric_scale, with_exposures
from orchestrator.stacking.sky_correction import veils
from orchestrator.stacking.state import RunState

__all__ = ["Normalization"]

FloatArray = NDArray[np.float64]

# Scales of panels that are known less well (relative error) are told, so many of them by name.
SURE_SCALE, MOST_TOLD = 0.01, 4
# Magnitudes of a natural logarithm.
MAGNITUDE = 2.5 / np.log(10)


class Normalization(Phase):
    name = "NORMALIZATION"
    settings = ("normalization",)
    uses = ("frames", "measurements", "plan")
    makes = ("transparency", "surfaces", "veils")
    pixels = True

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        frames, plan = state.frames, state.plan
        assert frames is not None and plan is not None
        settings = context.config.normalization
        count, channels = len(frames.usable), len(plan.channels)
        scale = np.ones((channels, count))
        stars_used, haze = np.zeros(count, int), np.zeros((count, 1, 1), np.float32)
        reference = frames.reference_position
        told: dict[str, object] = {}
        if settings.mode == "photometric" and mosaic_of(frames) is not None:
            found = mosaic_scale(context, state, frames, plan, reference)
            scale, stars_used = with_exposures(context, frames, found.scale, found.stars, reference)
            told["panels"] = _panels(context, state, found)
        elif settings.mode == "photometric":
            by_stars = photometric_scale(context, state, frames, plan, reference)
            scale, stars_used = by_stars.scale, by_stars.stars
            haze = haze_over(plan, frames.usable[reference], state.measurements[reference], by_stars.flux)
        elif settings.mode == "background":
            sky = np.array([by_channel(plan, m.background) for m in state.measurements]).T
            scale = np.maximum(sky, 1e-6) / np.maximum(sky[:, reference: reference + 1], 1e-6)
        order = settings.surface_order if settings.mode != "none" else -1
        skies = frame_skies(frames, plan, state.measurements, scale, reference, order)
        state.transparency, state.surfaces = scale, skies.surfaces
        state.veils = veils(skies.clouds, haze, skies.clear)
        patches = FULL_SCALE * skies.clouds.std(axis=(2, 3))
        rows = [{"file": f.info.path.name, "transparency": scale[:, i], "stars": stars_used[i],
                 "background_adu": by_channel(plan, state.measurements[i].background) * FULL_SCALE,
                 "surface": skies.surfaces[:, i], "clouds_adu": patches[:, i],
                 "haze_mag": MAGNITUDE * float(np.std(haze[i]))} for i, f in enumerate(frames.usable)]
        write_json(context.artifacts / "normalization.json", {"mode": settings.mode, "order": order, **told, "frames": rows})
        spread = [float(scale.min()), float(scale.max())]
        state.statistics["transparency"] = f"{spread[0]:.3f} to {spread[1]:.3f} of the reference"
        clouded = int(skies.clouds.any(axis=(0, 2, 3)).sum())
        if clouded:
            state.statistics["patchy sky"] = f"in {clouded} of {count} frames, followed patch by patch"
        hazy = int(haze.any(axis=(1, 2)).sum())
        if hazy:
            state.statistics["patchy haze"] = (f"in {hazy} of {count} frames, up to {MAGNITUDE * float(haze.max()):.2f} mag, "
                                               "followed from star to star")
        return PhaseResult(summary={"mode": settings.mode, "transparency": spread, "stars": int(np.median(stars_used)),
                                    "clouded": clouded, "hazy": hazy})


def _panels(context: RunContext, state: RunState, found: MosaicScale) -> list[dict[str, object]]:
    """What is known of each panel of a mosaic, for the artifact; told to the person where it is little."""
    assert state.frames is not None
    usable, worst = state.frames.usable, np.max(found.error, axis=0)
    rows, unsure = [], []
    for k, stars in enumerate(found.shared.tolist()):
        members = np.flatnonzero(found.panel == k)
        first = usable[members[0]].info.path.name
        rows.append({"frames": len(members), "first": first, "shared_stars": stars, "scale_error": found.error[:, k]})
        if not worst[k] <= SURE_SCALE:
            known = f"{100 * worst[k]:.1f} %" if np.isfinite(worst[k]) else "not known"
            unsure.append(f"panel {k + 1} ({len(members)} frames from {first} on, {stars} stars in its overlaps): {known}")
    if unsure:
        shown = "; ".join(unsure if len(unsure) <= MOST_TOLD else [*unsure[:MOST_TOLD], "..."])
        context.warn(f"The brightness of {len(unsure)} of {len(rows)} panels against the reference's is known less well "
                     f"than to {100 * SURE_SCALE:g} %: {shown}. More frames there, or wider overlaps, tell more.")
    if np.isfinite(worst).any() and len(rows) > 1:
        state.statistics["scale of the panels"] = f"known to {100 * float(np.nanmax(worst)):.2g} %"
    return rows
