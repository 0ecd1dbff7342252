"""NORMALIZATION: transparency and sky of each frame relative to the reference (METHODS 1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame, FrameSet
from orchestrator.phases.canvas import CanvasPlan
from orchestrator.phases.channels import by_channel, frame_planes
from orchestrator.phases.field import mosaic_of
from orchestrator.phases.state import Phase, PhaseResult, RunState
from orchestrator.run.artifacts import write_json
from orchestrator.run.context import RunContext
from orchestrator.run.executor import Job
from tilecore import align
from tilecore.common_scale import common_scale, common_surfaces
from tilecore.joint import shared_stars
from tilecore.metrics import FrameMeasurement, sample_mesh
from tilecore.normalize import fit_surface, surface_terms, transparency
from tilecore.psf import PsfModel, aperture_share
from tilecore.stars import aperture_flux, channel_flux, plane_radius, sky_ring

__all__ = ["Normalization", "photometric_scale", "sky_surfaces"]

FloatArray = NDArray[np.float64]

# Aperture radius in FWHM of a poor frame: wide enough that seeing does not pass for transparency.
APERTURE_FWHM = 2.0
MAX_STARS = 150
# Sky samples on the canvas, along each axis; of a mosaic so many along a frame, and at most so many in all.
SKY_SAMPLES = 16
MOSAIC_SAMPLES, MOST_SAMPLES = 12, 80
# Over the panels of a mosaic curvature would be carried on by extrapolation.
MOSAIC_ORDER = 1


class Normalization(Phase):
    name = "NORMALIZATION"
    settings = ("normalization",)
    uses = ("frames", "measurements", "plan")
    makes = ("transparency", "surfaces")
    pixels = True

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        frames, plan = state.frames, state.plan
        assert frames is not None and plan is not None
        settings = context.config.normalization
        count, channels = len(frames.usable), len(plan.channels)
        scale = np.ones((channels, count))
        stars_used = np.zeros(count, int)
        reference = frames.reference_position
        if settings.mode == "photometric":
            scale, stars_used = photometric_scale(context, state, frames, plan, reference)
        elif settings.mode == "background":
            sky = np.array([by_channel(plan, m.background) for m in state.measurements]).T
            scale = np.maximum(sky, 1e-6) / np.maximum(sky[:, reference: reference + 1], 1e-6)
        order = settings.surface_order if settings.mode != "none" else -1
        state.transparency = scale
        state.surfaces = sky_surfaces(frames, plan, state.measurements, scale, reference, order)
        rows = [{"file": f.info.path.name, "transparency": scale[:, i], "stars": stars_used[i],
                 "background_adu": by_channel(plan, state.measurements[i].background) * 65535,
                 "surface": state.surfaces[:, i]} for i, f in enumerate(frames.usable)]
        write_json(context.artifacts / "normalization.json", {"mode": settings.mode, "order": order, "frames": rows})
        spread = [float(scale.min()), float(scale.max())]
        state.statistics["transparency"] = f"{spread[0]:.3f} to {spread[1]:.3f} of the reference"
        return PhaseResult(summary={"mode": settings.mode, "transparency": spread, "stars": int(np.median(stars_used))})


@dataclass(frozen=True)
class FluxJob(Job):
    """What the photometry of all frames shares: ``places`` (3, n) x, y, 1 of the stars in the reference frame."""

    places: FloatArray
    base: FloatArray
    radius: float
    beta: float
    cfa: str | None


def _fluxes(job: FluxJob, item: tuple[Frame, PsfModel], threads: int) -> FloatArray:
    """(planes, n) fluxes of the reference's stars in a frame, NaN where they do not lie on it.

    What the aperture loses of the frame's PSF is added: else poor seeing would pass for haze. Fluxes are those that the frame
    has on the canvas, whose pixels may be smaller or larger than its own.
    """
    frame, psf = item
    job.stop_if_asked()
    assert frame.matrix is not None and frame.reader is not None
    u, v, w = np.linalg.inv(frame.matrix) @ job.base @ job.places
    data = frame.reader.read()
    x, y = u / w, v / w
    scale = frame.scale
    whole = job.radius / scale
    if data.ndim == 3:
        flux = np.array([aperture_flux(np.ascontiguousarray(p), x, y, whole) for p in data])
    elif job.cfa is None:
        flux = aperture_flux(data, x, y, whole)[None]
    else:
        flux = np.array([channel_flux(data, job.cfa, c, x, y, whole) for c in range(4)])
    height, width = data.shape[-2:]
    # The planes of a mosaic are measured on their own grid, whose pixels are twice as wide.
    step, radius = (1, whole) if job.cfa is None or data.ndim == 3 else (2, plane_radius(whole))
    fwhm = psf.fwhm(np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)) / step
    flux *= scale**2 / aperture_share(fwhm, job.beta, radius, sky_ring(radius))
    border = whole + 2
    flux[:, (x < border) | (y < border) | (x > width - 1 - border) | (y > height - 1 - border)] = np.nan
    return flux


def photometric_scale(context: RunContext, state: RunState, frames: FrameSet, plan: CanvasPlan,
                 reference: int) -> tuple[FloatArray, NDArray[np.int64]]:
    """Transparency (C, N) of each frame from the fluxes of the reference's stars, and how many stars were used; in a mosaic from
    those of all stars that frames share."""
    mosaic = mosaic_of(frames) is not None
    fwhm = [m.fwhm for m in state.measurements if np.isfinite(m.fwhm)]
    radius = float(np.clip(APERTURE_FWHM * np.percentile(fwhm or [3.0], 90), 3, 15))
    base = frames.usable[reference]

    assert base.matrix is not None
    beta = float(np.median([m.psf.beta for m in state.measurements]))
    places = _mosaic_places(frames, state.measurements, reference) if mosaic else _places(state.measurements[reference].stars)
    job = FluxJob(places, base.matrix, radius, beta, frames.cfa, check=context.check)
    fluxes = []
    items = [(f, m.psf) for f, m in zip(frames.usable, state.measurements, strict=True)]
    at_once = min(context.frames_at_once(f.shape) for f in frames.usable)
    for done, flux in enumerate(context.executor.frames(_fluxes, job, items, at_once=at_once), 1):
        fluxes.append(flux)
        context.progress(done, len(frames.usable), "photometry")
    scale = np.ones((len(plan.channels), len(fluxes)))
    used = np.zeros(len(fluxes), np.int64)
    poor = []
    planes = range(len(frame_planes(frames)))
    pixels = np.array([_aperture_pixels(radius, f.scale, frames.cfa is not None) for f in frames.usable])
    together = [common_scale(np.array([f[p] for f in fluxes]),
                             np.sqrt(pixels) * np.array([m.noise[p] for m in state.measurements]), reference)
                for p in planes] if mosaic else []
    for i, frame in enumerate(frames.usable):
        results = ([(s[i], int(n[i])) for s, n in together] if mosaic
                   else [transparency(fluxes[i][p], fluxes[reference][p])[:2] for p in planes])
        used[i] = min(r[1] for r in results)
        if used[i] >= context.config.normalization.min_stars:
            scale[:, i] = by_channel(plan, np.array([r[0] for r in results]))
        else:
            poor.append(frame.info.path.name)
            if frame.info.exposure and base.info.exposure:
                scale[:, i] = frame.info.exposure / base.info.exposure
    if poor:
        context.warn(f"Transparency of {len(poor)} frames taken from their exposure time: fewer than "
                     f"{context.config.normalization.min_stars} stars matched ({', '.join(poor[:3])} ...).")
    return scale, used


def _aperture_pixels(radius: float, scale: float, mosaic: bool) -> float:
    """Pixels of a frame, or of a plane of it, in an aperture of ``radius`` canvas pixels, by what their variances count there."""
    own = plane_radius(radius / scale) if mosaic else radius / scale
    return float(np.pi * own**2 * scale**4)


def _places(stars: NDArray[np.void]) -> FloatArray:
    """(3, n) of the stars of the reference whose fluxes are compared."""
    stars = stars[~stars["saturated"]][:MAX_STARS]
    return np.stack([stars["x"], stars["y"], np.ones(len(stars))])


def _mosaic_places(frames: FrameSet, measurements: tuple[FrameMeasurement, ...], reference: int) -> FloatArray:
    """(3, n) x, y, 1, in pixels of the reference, of the brightest stars of all frames that two frames or more show and that none
    saturates."""
    base = frames.usable[reference].matrix
    assert base is not None
    back = np.linalg.inv(base)
    tables = [m.stars[:MAX_STARS] for m in measurements]
    shared = shared_stars([align.apply(back @ f.matrix, align.positions(t)) if f.matrix is not None else np.zeros((0, 2))
                           for f, t in zip(frames.usable, tables, strict=True)])
    good = shared.seen > 1
    for ids, table in zip(shared.ids, tables, strict=True):
        good[ids[table["saturated"]]] = False
    x, y = shared.position[good].T
    return np.stack([x, y, np.ones(len(x))])


def sky_surfaces(frames: FrameSet, plan: CanvasPlan, measurements: tuple[FrameMeasurement, ...], scale: FloatArray,
              reference: int, order: int) -> FloatArray:
    """Polynomials (C, N, terms) on the channel grid: b_f / a_f - b_reference, to be subtracted from X_f / a_f."""
    h, w = plan.channel_shape
    mosaic = mosaic_of(frames) is not None
    across, down = (min(round(MOSAIC_SAMPLES * n * plan.step / size), MOST_SAMPLES) if mosaic else SKY_SAMPLES
                    for n, size in zip((w, h), frames.shape[::-1], strict=True))
    x, y = (a.ravel() for a in np.meshgrid((np.arange(across) + 0.5) * w / across, (np.arange(down) + 0.5) * h / down))
    terms = len(surface_terms(max(order, 0)))
    result = np.zeros((len(plan.channels), len(frames.usable), terms))
    if order < 0:
        return result
    sky = np.full((len(plan.channels), len(frames.usable), x.size), np.nan)
    for i, frame in enumerate(frames.usable):
        u, v = plan.positions_in_frame(frame, x, y)
        inside = (u >= 0) & (v >= 0) & (u <= frame.shape[1] - 1) & (v <= frame.shape[0] - 1)
        measured = sample_mesh(measurements[i].background_mesh, measurements[i].mesh_centers, u, v)
        sky[:, i] = np.where(inside, by_channel(plan, measured), np.nan)
    if mosaic:
        order = min(order, MOSAIC_ORDER)
        found = np.array([common_surfaces(s / a[:, None], x / w, y / h, reference, order)
                          for s, a in zip(sky, scale, strict=True)])
        result[..., : found.shape[-1]] = found
        return result
    for c in range(len(plan.channels)):
        for i in range(len(frames.usable)):
            difference = sky[c, i] / scale[c, i] - sky[c, reference]
            good = np.isfinite(difference)
            share = good.mean()
            # Little overlap does not carry the curvature of a surface.
            usable_order = order if share > 0.5 else min(order, 1) if share > 0.2 else 0
            if i != reference and good.any():
                fitted = fit_surface(x[good] / w, y[good] / h, difference[good], usable_order)
                result[c, i, : len(fitted)] = fitted
    return result

