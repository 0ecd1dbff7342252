"""Transparency of frames from the stars they share with the reference, and the light lost to thin clouds in parts of a frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame, FrameSet
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.channels import by_channel
from orchestrator.stacking.state import RunState
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.psf import PsfModel, aperture_share
from tilecore.detect.stars import aperture_flux, channel_flux, plane_radius, sky_ring
from tilecore.sky.haze import lost_light
from tilecore.sky.normalize import transparency

__all__ = ["StarScale", "haze_over", "photometric_scale", "with_exposures"]

FloatArray = NDArray[np.float64]

# Aperture radius in units of POOR_PERCENTILE of the FWHM: wide enough that seeing is not mistaken for transparency.
APERTURE_FWHM = 2.0
# Percentile of the frames' FWHM that stands for a frame with poor seeing.
POOR_PERCENTILE = 90
# Smallest and largest aperture radius (px).
MIN_RADIUS = 3
MAX_RADIUS = 15
# FWHM (px) if that of no frame is known.
DEFAULT_FWHM = 3.0
# Stars of the reference, brightest first, that are compared.
MAX_STARS = 150
# Cells along each axis of the canvas in which the lost light is measured.
HAZE_CELLS = 16


@dataclass(frozen=True)
class StarScale:
    """``scale`` (C, N): transparency; ``stars`` (N,): number of stars used; ``flux`` (N, n): fluxes of the reference's stars
    divided by the transparency, averaged over all colours."""

    scale: FloatArray
    stars: NDArray[np.int64]
    flux: FloatArray


@dataclass(frozen=True)
class FluxJob(Job):
    """Input shared by the photometry of all frames: ``places`` (3, n) x, y, 1 of the stars in the reference frame."""

    places: FloatArray
    base: FloatArray
    radius: float
    beta: float
    cfa: str | None


def _fluxes(job: FluxJob, item: tuple[Frame, PsfModel], threads: int) -> FloatArray:
    """(planes, n) fluxes of the reference's stars in a frame, NaN for stars outside it.

    Fluxes are corrected for the part of the PSF outside the aperture, so that poor seeing is not mistaken for haze. They are
    given on the canvas, whose pixels may be smaller or larger than those of the frame.
    """
    frame, psf = item
    job.stop_if_asked()
    u, v, w = np.linalg.inv(frame.transform) @ job.base @ job.places
    data = frame.pixels.read()
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
    # The planes of a CFA mosaic are measured on their own grid, whose pixels are twice as wide.
    step, radius = (1, whole) if job.cfa is None or data.ndim == 3 else (2, plane_radius(whole))
    fwhm = psf.fwhm(np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)) / step
    flux *= scale**2 / aperture_share(fwhm, job.beta, radius, sky_ring(radius))
    border = whole + 2
    flux[:, (x < border) | (y < border) | (x > width - 1 - border) | (y > height - 1 - border)] = np.nan
    return flux


def photometric_scale(context: RunContext, state: RunState, frames: FrameSet, plan: CanvasPlan,
                      reference: int) -> StarScale:
    """Transparency of each frame from the fluxes of the reference's stars."""
    fwhm = [m.fwhm for m in state.measurements if np.isfinite(m.fwhm)]
    radius = float(np.clip(APERTURE_FWHM * np.percentile(fwhm or [DEFAULT_FWHM], POOR_PERCENTILE), MIN_RADIUS, MAX_RADIUS))
    base = frames.usable[reference]
    beta = float(np.median([m.psf.beta for m in state.measurements]))
    job = FluxJob(_places(state.measurements[reference].stars), base.transform, radius, beta, frames.cfa, check=context.check)
    fluxes = []
    items = [(f, m.psf) for f, m in zip(frames.usable, state.measurements, strict=True)]
    at_once = min(context.frames_at_once(f.shape) for f in frames.usable)
    for done, flux in enumerate(context.executor.frames(_fluxes, job, items, at_once=at_once), 1):
        fluxes.append(flux)
        context.progress(done, len(frames.usable), "photometry")
    found = [[transparency(f, r)[:2] for f, r in zip(flux, fluxes[reference], strict=True)] for flux in fluxes]
    scale = np.array([by_channel(plan, np.array([a for a, _ in planes])) for planes in found]).T
    scale, used = with_exposures(context, frames, scale, np.array([min(n for _, n in planes) for planes in found]), reference)
    ratios = np.array([[a for a, _ in planes] for planes in found])
    return StarScale(scale, used, np.mean(np.array(fluxes) / ratios[:, :, None], axis=1))


def haze_over(plan: CanvasPlan, base: Frame, measurement: FrameMeasurement, flux: FloatArray,
              first: int = 0) -> NDArray[np.float32]:
    """The result of :func:`lost_light` for the frames from ``first`` (F, gy, gx), at the centres of equal cells of the canvas.

    ``base`` is the reference, ``measurement`` that of the reference, ``flux`` (N, n) as in :class:`StarScale`.
    """
    u, v, w = plan.to_channel(base) @ _places(measurement.stars)
    size = np.array(plan.channel_shape)
    y, x = ((np.arange(HAZE_CELLS) + 0.5) * n / HAZE_CELLS for n in size)
    middles = np.stack([a.ravel() for a in np.meshgrid(x, y)], 1)
    found = lost_light(flux, np.stack([u / w, v / w], 1), middles, float(size.max()), first)
    return found.reshape(-1, HAZE_CELLS, HAZE_CELLS).astype(np.float32)


def with_exposures(context: RunContext, frames: FrameSet, scale: FloatArray, used: NDArray[np.int64],
                   reference: int) -> tuple[FloatArray, NDArray[np.int64]]:
    """Transparency (C, N) from ``used`` (N,) stars, or from the exposure times for frames with too few stars, and the number of
    stars used."""
    least, base = context.config.normalization.min_stars, frames.usable[reference].info
    scale = scale.copy()
    poor = np.flatnonzero(used < least)
    for i in poor:
        info = frames.usable[i].info
        scale[:, i] = info.exposure / base.exposure if info.exposure and base.exposure else 1.0
    if len(poor):
        names = ", ".join(frames.usable[i].info.path.name for i in poor[:3])
        context.warn(f"Transparency of {len(poor)} frames taken from their exposure time: fewer than {least} stars matched "
                     f"({names}{' ...' if len(poor) > 3 else ''}).")
    return scale, used


def _places(stars: NDArray[np.void]) -> FloatArray:
    """(3, n) x, y, 1 of the stars of the reference whose fluxes are compared."""
    stars = stars[~stars["saturated"]][:MAX_STARS]
    return np.stack([stars["x"], stars["y"], np.ones(len(stars))])
