"""Transparency of frames from the stars they share with the reference, and the light lost to thin clouds in parts of a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame, FrameSet
from orchestrator.engines.no_data import near_no_data
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.channels import by_channel, frame_planes
from orchestrator.stacking.exposure_scale import across_exposures, exposure_groups
from orchestrator.stacking.pixel_area import area_of, shows_brightness
from orchestrator.stacking.scale_check import Compared, FramePlanes, ScaleCheck, check_scale, wide_radius
from orchestrator.stacking.star_evidence import StarEvidence, evidence_of, more_stars
from orchestrator.stacking.state import RunState
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.psf import PsfModel, aperture_share
from tilecore.detect.stars import plane_radius, sky_ring
from tilecore.register import align
from tilecore.sky.haze import lost_light
from tilecore.sky.normalize import transparency
from tilecore.sky.scale_check import WideFluxes
from tilecore.stack.star_evidence import StarFluxes

__all__ = ["StarScale", "haze_over", "photometric_scale", "star_positions", "with_exposures"]

FloatArray = NDArray[np.float64]

# Aperture radius in units of POOR_PERCENTILE of the FWHM: wide enough that seeing is not mistaken for transparency.
APERTURE_FWHM = 2.0
# Radius of the core, over that of the aperture: a star beside its place is not in it.
CORE_SHARE = 0.6
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
    """``scale`` (C, N): transparency; ``stars`` (N,): number of stars compared; ``flux`` (N, n): fluxes of the reference's stars
    divided by the transparency, averaged over all colours, NaN where the frame does not show a star that others show;
    ``error`` (N,) of these fluxes due to the noise of the sky; ``evidence`` of the parts of frames without stars;
    ``check`` of the scale of groups of frames, if these were given."""

    scale: FloatArray
    stars: NDArray[np.int64]
    flux: FloatArray
    error: FloatArray
    evidence: StarEvidence
    check: ScaleCheck | None = None


@dataclass(frozen=True)
class FluxJob(Job):
    """Input shared by the photometry of all frames: ``places`` (3, n) x, y, 1 of the stars in the reference frame without the
    distortion of its lens; ``bright`` are the indices of frames whose pixels show brightness."""

    places: FloatArray
    base: FloatArray
    radius: float
    beta: float
    cfa: str | None
    wide: float
    bright: frozenset[int] = frozenset()


def _fluxes(job: FluxJob, item: tuple[Frame, PsfModel], threads: int) -> FloatArray:
    """(3, planes, n) fluxes of the stars in a frame, within the aperture, within its core and within a wide aperture, NaN for
    stars outside the frame, and for those that it clips.

    The first two are corrected for the part of the PSF outside the aperture, so that poor seeing is not mistaken for haze. All
    are given on the canvas, whose pixels may be smaller or larger than those of the frame.
    """
    frame, psf = item
    job.stop_if_asked()
    u, v, w = np.linalg.inv(frame.transform) @ job.base @ job.places
    data = frame.pixels.read()
    x, y = frame.distorted(np.stack([u / w, v / w], axis=1)).T
    scale = frame.scale
    whole = job.radius / scale
    fwhm = psf.fwhm(np.clip(x, 0, data.shape[-1] - 1), np.clip(y, 0, data.shape[-2] - 1))
    planes = FramePlanes.of(data, job.cfa)
    flux = np.array([*(_within(planes, job.beta, fwhm, x, y, radius) for radius in (whole, CORE_SHARE * whole)),
                     planes.fluxes(x, y, job.wide / scale)]) * scale**2
    if frame.index in job.bright:
        flux = flux * area_of(frame, np.stack([x, y], axis=1))
    height, width = data.shape[-2:]
    border = whole + 2
    flux[..., (x < border) | (y < border) | (x > width - 1 - border) | (y > height - 1 - border)] = np.nan
    flux[..., _clipped(data, x, y, frame.saturation)] = np.nan
    distance = near_no_data(frame.pixels, x[None], y[None], border)
    if distance is not None:
        flux[..., distance[0] < border] = np.nan
    return flux


def _clipped(data: NDArray[np.float32], x: FloatArray, y: FloatArray, level: float) -> NDArray[np.bool_]:
    """(n,) whether one of the 3 x 3 pixels about a star is at the level from which those of the frame are not linear."""
    height, width = data.shape[-2:]
    step = np.arange(-1, 2)
    row, column = (np.clip(np.rint(np.clip(a, 0, n - 1)).astype(int)[:, None] + step, 0, n - 1)
                   for a, n in ((np.nan_to_num(y), height), (np.nan_to_num(x), width)))
    near = data[..., row[:, :, None], column[:, None, :]]
    return np.asarray((near >= level).any(axis=(-1, -2)).reshape(-1, len(x)).any(axis=0))


def _shared(flux: FloatArray, reference: FloatArray) -> int:
    """Number of stars that both show, those included that the clipping of their ratios leaves out."""
    return int(np.count_nonzero((flux > 0) & (reference > 0)))


def _within(planes: FramePlanes, beta: float, fwhm: FloatArray, x: FloatArray, y: FloatArray, whole: float) -> FloatArray:
    """(planes, n) fluxes within ``whole`` px of the frame, corrected to those of the whole PSF."""
    # The planes of a CFA mosaic are measured on their own grid, whose pixels are twice as wide.
    step, radius = (2, plane_radius(whole)) if planes.mosaic else (1, whole)
    return np.asarray(planes.fluxes(x, y, whole) / aperture_share(fwhm / step, beta, radius, sky_ring(radius)))


def photometric_scale(context: RunContext, state: RunState, frames: FrameSet, plan: CanvasPlan,
                      reference: int, group: NDArray[np.int64] | None = None) -> StarScale:
    """Transparency of each frame from the fluxes of the reference's stars; it is checked for groups of frames, ``group`` (N,)."""
    fwhm = [m.fwhm for m in state.measurements if np.isfinite(m.fwhm)]
    radius = float(np.clip(APERTURE_FWHM * np.percentile(fwhm or [DEFAULT_FWHM], POOR_PERCENTILE), MIN_RADIUS, MAX_RADIUS))
    base = frames.usable[reference]
    beta = float(np.median([m.psf.beta for m in state.measurements]))
    own = _places(base, state.measurements[reference].stars)
    places = np.hstack([own, more_stars(frames, state.measurements, reference, own)])
    job = FluxJob(places, base.transform, radius, beta, frames.cfa, wide_radius(frames, state.measurements),
                  frozenset(f.index for f in frames.usable if shows_brightness(state, f)), check=context.check)
    measured = []
    items = [(f, m.psf) for f, m in zip(frames.usable, state.measurements, strict=True)]
    at_once = min(context.frames_at_once(s) for s in {f.shape for f in frames.usable})
    for done, flux in enumerate(context.executor.frames(_fluxes, job, items, at_once=at_once), 1):
        measured.append(flux)
        context.progress(done, len(frames.usable), "photometry")
    cores = StarFluxes.of(np.array([core.mean(axis=0) for _, core, _ in measured]),
                          _flux_errors(frames, state.measurements, CORE_SHARE * radius), places[:2].T)
    evidence = evidence_of(plan, frames, reference, cores)
    lost = np.zeros((len(measured), places.shape[1]), np.bool_)
    lost[cores.frame, cores.star] = evidence.lost == 1
    # Stars that a frame does not show have nothing to do with its transparency.
    shown, wide = ([np.where(out, np.nan, m[k]) for m, out in zip(measured, lost, strict=True)] for k in (0, 2))
    fluxes, wide = ([m[:, : own.shape[1]] for m in every] for every in (shown, wide))
    exposure = exposure_groups(frames)
    if exposure is None:
        found = [[(transparency(f, r)[0], _shared(f, r)) for f, r in zip(flux, fluxes[reference], strict=True)]
                 for flux in fluxes]
    else:
        noise = _flux_errors(frames, state.measurements, radius)[:, 0]
        by_plane = [across_exposures(np.array(planes), noise, exposure, reference) for planes in zip(*shown, strict=True)]
        found = [list(planes) for planes in zip(*by_plane, strict=True)]
    scale = np.array([by_channel(plan, np.array([a for a, _ in planes])) for planes in found]).T
    scale, used = with_exposures(context, frames, scale, np.array([min(n for _, n in planes) for planes in found]), reference)
    ratios = np.array([[a for a, _ in planes] for planes in found])
    error = _flux_errors(frames, state.measurements, radius)[:, 0] / np.maximum(ratios.mean(axis=1), 1e-6)
    check = None if group is None else check_scale(
        plan, Compared(frames, state.measurements, group), job.wide,
        [WideFluxes.of(np.array([w[p] for w in wide])) for p in frame_planes(frames)], lambda p, out: np.array(
            [transparency(np.where(out, np.nan, f[p]), fluxes[reference][p])[0] for f in fluxes]))
    return StarScale(scale, used, np.mean(np.array(fluxes) / ratios[:, :, None], axis=1), error, evidence, check)


def _flux_errors(frames: FrameSet, measurements: Sequence[FrameMeasurement], radius: float) -> FloatArray:
    """(N, 1) error, due to the noise of the sky, of fluxes on the canvas averaged over the planes of a frame."""
    errors = []
    for frame, m in zip(frames.usable, measurements, strict=True):
        whole = radius / frame.scale
        own = plane_radius(whole) if frames.cfa is not None and len(m.noise) > 1 else whole
        inner, outer = sky_ring(own)
        area, ring = np.pi * own**2, np.pi * (outer**2 - inner**2)
        errors.append(frame.scale**2 * float(np.sqrt(np.sum(m.noise**2) * area * (1 + area / ring))) / len(m.noise))
    return np.array(errors)[:, None]


def star_positions(plan: CanvasPlan, base: Frame, measurement: FrameMeasurement) -> FloatArray:
    """(n, 2) positions on the channel grid of the stars of the reference ``base`` whose fluxes are compared."""
    return plan.on_channel(base, align.positions(_compared(measurement.stars)))


def haze_over(plan: CanvasPlan, base: Frame, measurement: FrameMeasurement, flux: FloatArray,
              first: int = 0) -> NDArray[np.float32]:
    """The result of :func:`lost_light` for the frames from ``first`` (F, gy, gx), at the centres of equal cells of the canvas.

    ``base`` is the reference, ``measurement`` that of the reference, ``flux`` (N, n) as in :class:`StarScale`.
    """
    size = np.array(plan.channel_shape)
    y, x = ((np.arange(HAZE_CELLS) + 0.5) * n / HAZE_CELLS for n in size)
    middles = np.stack([a.ravel() for a in np.meshgrid(x, y)], 1)
    found = lost_light(flux, star_positions(plan, base, measurement), middles, float(size.max()), first)
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
        context.warn(Message("Transparency of {count} frames taken from their exposure time: fewer than {least} stars matched "
                             "({names}{count2}).", count=len(poor), least=least, names=names,
                             count2=" ..." if len(poor) > 3 else ""))
    return scale, used


def _places(base: Frame, stars: NDArray[np.void]) -> FloatArray:
    """(3, n) x, y, 1 in the reference, without the distortion of its lens, of the stars whose fluxes are compared."""
    x, y = base.ideal(align.positions(_compared(stars))).T
    return np.stack([x, y, np.ones(len(x))])


def _compared(stars: NDArray[np.void]) -> NDArray[np.void]:
    """The stars of the reference whose fluxes are compared."""
    brightest: NDArray[np.void] = stars[~stars["saturated"]][:MAX_STARS]
    return brightest
