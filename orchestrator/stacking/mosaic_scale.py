"""Transparency of the frames of a mosaic, from all stars that at least two of them share, down to faint ones (METHODS 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.engines.base import Frame, FrameSet
from orchestrator.engines.no_data import has_data
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.channels import by_channel, colours, frame_planes
from orchestrator.stacking.field_geometry import panels_of
from orchestrator.stacking.pixel_area import area_of, shows_brightness
from orchestrator.stacking.scale_check import Compared, ScaleCheck, check_scale, wide_radius
from orchestrator.stacking.star_evidence import StarEvidence, evidence_of
from orchestrator.stacking.state import RunState
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.psf_photometry import FIELD_TERMS, StarFits, fit_stars, mean_field, width_changes
from tilecore.numerics.robust_surface import evaluate_surface, fit_surface
from tilecore.register import align
from tilecore.register.shared_stars import shared_stars
from tilecore.sky.common_scale import SharedFluxes, common_scale, group_errors
from tilecore.sky.scale_check import WideFluxes, with_check
from tilecore.stack.star_evidence import StarFluxes

__all__ = ["MosaicScale", "mosaic_scale"]

FloatArray = NDArray[np.float64]
# A frame, its measurement, the star numbers of its detections, and the factors (P,) of the width of its PSF in each plane.
FitItem = tuple[Frame, FrameMeasurement, NDArray[np.int64], FloatArray]

# Error of the logarithm of the width up to which its effect on fluxes is linear; beyond, the fits are repeated.
LINEAR = 0.02
# Most rounds of fits: a lens can focus red, green and blue differently.
FIT_ROUNDS = 2
# Stars of each frame, brightest first, that are measured in all others.
MAX_STARS = 400
# Smallest separation (FWHM) of two detections; of closer pairs the one that more frames show is kept.
MIN_SEPARATION = 0.7
# Distance (px) from the border within which stars outside a frame still contribute light.
OUTSIDE_MARGIN = 8.0
# Largest displacement (px) of stars from the positions that the transform gives.
MAX_DISPLACEMENT = 1.0
# Fewest stars for a field of displacements.
MIN_STARS = 3


@dataclass(frozen=True)
class MosaicScale:
    """``scale`` (C, N) of the frames, and the number of ``stars`` (N,) used for it; ``panel`` (N,) is the panel number of each
    frame; ``error`` (C, K) is the relative error of each panel's scale against that of the reference, NaN if they are not
    connected, and not less than the clear residual of stars that were left out (``check``); ``shared`` (K,) is the number of
    stars that a panel shares with others; ``evidence`` of the parts of frames without stars; ``raised`` (K,): the error is the
    residual of the check."""

    scale: FloatArray
    stars: NDArray[np.int64]
    panel: NDArray[np.int64]
    error: FloatArray
    shared: NDArray[np.int64]
    evidence: StarEvidence
    check: ScaleCheck
    raised: NDArray[np.bool_]


@dataclass(frozen=True)
class FitJob(Job):
    """Input shared by the photometry of all frames: ``places`` (S, 2) of the stars in the reference frame without the
    distortion of its lens, brightest first, and its transform ``base``; ``wide`` is the radius of the aperture of the check;
    ``bright`` are the indices of frames whose pixels show brightness."""

    places: FloatArray
    base: FloatArray
    beta: float
    cfa: str | None
    wide: float
    bright: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Fitted:
    """The numbers of the stars in a frame, and their fits in each plane."""

    star: NDArray[np.int64]
    planes: list[StarFits]


def mosaic_scale(context: RunContext, state: RunState, frames: FrameSet, plan: CanvasPlan, reference: int) -> MosaicScale:
    """Scale of each frame and error of each panel, from fits of each frame's PSF to all its stars at once."""
    base = frames.usable[reference]
    beta = float(np.median([m.psf.beta for m in state.measurements]))
    places, numbers = _places(frames, state.measurements, base)
    job = FitJob(places, base.transform, beta, frames.cfa, wide_radius(frames, state.measurements),
                 frozenset(f.index for f in frames.usable if shows_brightness(state, f)), check=context.check)
    panel = panels_of(frames)
    noise = np.array([m.noise for m in state.measurements])
    colour = {p: c for c in colours(frames) for p in c}
    factors = np.ones((len(frames.usable), len(colour)))
    for _ in range(FIT_ROUNDS):
        fitted = _fit_all(context, job, list(zip(frames.usable, state.measurements, numbers, factors, strict=True)))
        widths = {c: _widths(frames, fitted, noise, c) for c in colours(frames)}
        wrong = np.array([mean_field(widths[colour[p]][0]) for p in frame_planes(frames)]).T
        if np.abs(wrong).max() <= LINEAR:
            break
        factors = factors * np.exp(wrong)
    fluxes = [_shared(frames, [f.star for f in fitted], [f.planes[p] for f in fitted], noise[:, p], widths[colour[p]][0])
              for p in frame_planes(frames)]
    found = [_plane(f, [one.planes[p] for one in fitted], widths[colour[p]][1], panel, reference) for p, f in enumerate(fluxes)]
    scale, used, error, shared = (np.array([f[k] for f in found]) for k in range(4))
    wide = [WideFluxes(f.frame, f.star, np.concatenate([frame.scale**2 * one.planes[p].wide for one, frame in zip(
        fitted, frames.usable, strict=True)]), len(places)) for p, f in zip(frame_planes(frames), fluxes, strict=True)]
    check = check_scale(plan, Compared(frames, state.measurements, panel), job.wide, wide,
                        lambda p, out: common_scale(_without(fluxes[p], out), reference).scale)
    claimed = np.array([with_check(e, check.held_out(c)) for c, e in enumerate(by_channel(plan, error))])
    return MosaicScale(by_channel(plan, scale), used.min(axis=0), panel, claimed, shared.min(axis=0),
                       _evidence(plan, frames, fitted, noise, places, reference, scale.mean(axis=0)), check,
                       np.asarray((claimed > by_channel(plan, error)).any(axis=0)))


def _without(shared: SharedFluxes, out: NDArray[np.bool_]) -> SharedFluxes:
    """The fluxes without those of the stars that are True."""
    return replace(shared, flux=np.where(out[shared.star], np.nan, shared.flux))


def _fit_all(context: RunContext, job: FitJob, items: list[FitItem]) -> list[Fitted]:
    """The fits to all frames, in their order."""
    fitted: list[Fitted] = []
    at_once = min(context.frames_at_once(s) for s in {frame.shape for frame, *_ in items})
    for done, one in enumerate(context.executor.frames(_fit, job, items, at_once=at_once), 1):
        fitted.append(one)
        context.progress(done, len(items), "photometry")
    return fitted


def _evidence(plan: CanvasPlan, frames: FrameSet, fitted: Sequence[Fitted], noise: FloatArray, places: FloatArray,
              reference: int, scale: FloatArray) -> StarEvidence:
    """The evidence from the fluxes that were fitted, averaged over the planes; ``noise`` (N, P) is that of the frames, ``scale``
    (N,) the brightness of their stars: most stars of a panel are not in the others, and do not show its level."""
    number, star, flux, error = [], [], [], []
    for i, (frame, one) in enumerate(zip(frames.usable, fitted, strict=True)):
        area, own = frame.scale**2 / scale[i], np.mean([f.flux for f in one.planes], axis=0)
        variance = np.array([f.area for f in one.planes]) * noise[i, : len(one.planes), None] ** 2
        known = np.isfinite(own)
        number.append(np.full(int(known.sum()), i))
        star.append(one.star[known])
        flux.append(area * own[known])
        error.append(area * np.sqrt(variance.sum(axis=0)[known]) / len(one.planes))
    fluxes = StarFluxes(np.concatenate(number), np.concatenate(star), np.concatenate(flux), np.concatenate(error), places,
                        len(fitted))
    return evidence_of(plan, frames, reference, fluxes)


def _places(frames: FrameSet, measurements: Sequence[FrameMeasurement],
            base: Frame) -> tuple[FloatArray, list[NDArray[np.int64]]]:
    """(S, 2) positions, in ideal pixels of the reference, of the stars in at least two frames, brightest first; and for each
    frame the star number of each of its brightest detections, -1 for detections that are not among these stars."""
    back = np.linalg.inv(base.transform)
    tables = [m.stars[:MAX_STARS] for m in measurements]
    shared = shared_stars([align.apply(back @ f.matrix, f.ideal(align.positions(t))) if f.matrix is not None else np.zeros((0, 2))
                           for f, t in zip(frames.usable, tables, strict=True)])
    flux, fwhm = np.zeros(len(shared.seen)), float(np.median([m.psf.fallback for m in measurements]))
    for ids, table in zip(shared.ids, tables, strict=True):
        np.maximum.at(flux, ids, table["flux"])
    kept = shared.seen > 1
    close = np.array(sorted(cKDTree(shared.position).query_pairs(MIN_SEPARATION * fwhm)), np.int64).reshape(-1, 2)
    rank = np.lexsort((-flux, -shared.seen)).argsort()
    kept[np.where(rank[close[:, 0]] > rank[close[:, 1]], close[:, 0], close[:, 1])] = False
    order = np.flatnonzero(kept)[np.argsort(-flux[kept], kind="stable")]
    number = np.full(len(kept), -1, np.int64)
    number[order] = np.arange(len(order))
    return shared.position[order], [number[ids] for ids in shared.ids]


def _fit(job: FitJob, item: FitItem, threads: int) -> Fitted:
    frame, measured, own, factors = item
    job.stop_if_asked()
    height, width = frame.shape
    points = frame.distorted(align.apply(np.linalg.inv(frame.transform) @ job.base, job.places))
    star = np.flatnonzero((points > -OUTSIDE_MARGIN).all(axis=1) & (points[:, 0] < width - 1 + OUTSIDE_MARGIN)
                          & (points[:, 1] < height - 1 + OUTSIDE_MARGIN))
    points = points + _displacement(points, measured.stars[: len(own)], own, (height, width))
    whole = has_data(frame.pixels, *points[star].T)
    star, (x, y) = star[whole], points[star[whole]].T
    data = frame.pixels.read()
    images = list(data) if data.ndim == 3 else [data] * (4 if job.cfa else 1)
    sites = [(np.arange(4).reshape(2, 2) == p if data.ndim == 2 and job.cfa else np.ones((2, 2))).astype(np.uint8)
             for p in range(len(images))]
    fits = [fit_stars(i, s, x, y, replace(measured.psf.scaled(f), beta=job.beta), frame.saturation, job.wide / frame.scale)
            for i, s, f in zip(images, sites, factors.tolist(), strict=True)]
    if frame.index in job.bright:
        area = area_of(frame, points[star])
        fits = [replace(f, flux=area * f.flux, area=area**2 * f.area, width=area * f.width, width_area=area**2 * f.width_area,
                        wide=area * f.wide) for f in fits]
    return Fitted(star, fits)


def _displacement(points: FloatArray, table: NDArray[np.void], own: NDArray[np.int64], shape: tuple[int, int]) -> FloatArray:
    """(S, 2) displacement of the frame's stars from ``points``: residual distortion of the transform, smooth over the frame."""
    good = (own >= 0) & ~table["saturated"]
    if good.sum() < MIN_STARS:
        return np.zeros_like(points)
    u, v = (points / np.array(shape[::-1])).T
    off = align.positions(table[good]) - points[own[good]]
    fields = [fit_surface(u[own[good]], v[own[good]], d, 2) for d in off.T]
    limit = MAX_DISPLACEMENT
    return np.stack([np.clip(evaluate_surface(f, np.clip(u, 0, 1), np.clip(v, 0, 1)), -limit, limit) for f in fields], 1)


def _widths(frames: FrameSet, fitted: Sequence[Fitted], noise: FloatArray,
            planes: Sequence[int]) -> tuple[FloatArray, FloatArray]:
    """Changes (N, T) of the fields of the frames' PSFs in the colour with ``planes``, and their covariances (N, T, T); ``noise``
    (N, P) is that of all planes."""
    change = np.zeros((len(fitted), FIELD_TERMS))
    covariance = np.zeros((len(fitted), FIELD_TERMS, FIELD_TERMS))
    # Frames of different cameras have different PSFs.
    kind = np.unique([(*f.shape, round(f.scale, 1)) for f in frames.usable], axis=0, return_inverse=True)[1].ravel()
    for k in np.unique(kind):
        members = np.flatnonzero(kind == k)
        own = [fitted[i] for i in members.tolist()]
        stars = np.concatenate([f.star for f in own])
        visits = len(planes) * len(stars) / max(len(np.unique(stars)), 1)
        change[members], covariance[members] = width_changes([[f.planes[p] for p in planes] for f in own],
                                                             noise[members][:, planes], visits)
    return change, covariance


def _shared(frames: FrameSet, stars: Sequence[NDArray[np.int64]], fits: Sequence[StarFits], noise: FloatArray,
            change: FloatArray) -> SharedFluxes:
    """Fluxes in one plane, corrected for the errors of the widths, ``change`` (N, T)."""
    # Fluxes on the canvas, whose pixels may be larger or smaller than those of the frame.
    area = [f.scale**2 for f in frames.usable]
    return SharedFluxes(
        np.repeat(np.arange(len(fits)), [len(s) for s in stars]), np.concatenate(stars),
        np.concatenate([a * f.flux * np.exp(_sensitivity(f) @ c) for a, f, c in zip(area, fits, change, strict=True)]),
        np.concatenate([a**2 * f.area * s**2 for a, f, s in zip(area, fits, noise, strict=True)]), len(fits))


def _sensitivity(fit: StarFits) -> FloatArray:
    """(n, T): sensitivity of the logarithms of the fluxes to the field of the width."""
    return fit.slope[:, None] * fit.terms


def _plane(shared: SharedFluxes, fits: Sequence[StarFits], covariance: FloatArray, panel: NDArray[np.int64],
           reference: int) -> tuple[FloatArray, NDArray[np.int64], FloatArray, NDArray[np.int64]]:
    """Scale (N,), number of stars (N,), error (K,) and number of shared stars of the panels (K,) of one plane."""
    found = common_scale(shared, reference)
    sensitivity = np.nan_to_num(np.concatenate([_sensitivity(f) for f in fits]))
    error, common = group_errors(shared, found, panel, int(panel[reference]), sensitivity, covariance)
    return found.scale, found.used, error, common
