"""Transparency of the frames of a mosaic, from all stars that at least two of them share, down to faint ones (METHODS 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.engines.base import Frame, FrameSet
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.channels import by_channel, frame_planes
from orchestrator.stacking.field_geometry import panels_of
from orchestrator.stacking.state import RunState
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.psf_photometry import FIELD_TERMS, StarFits, fit_stars, width_changes
from tilecore.numerics.robust_surface import evaluate_surface, fit_surface
from tilecore.register import align
from tilecore.register.joint_adjustment import shared_stars
from tilecore.sky.common_scale import SharedFluxes, common_scale, group_errors

__all__ = ["MosaicScale", "mosaic_scale"]

FloatArray = NDArray[np.float64]

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
    connected; ``shared`` (K,) is the number of stars that a panel shares with others."""

    scale: FloatArray
    stars: NDArray[np.int64]
    panel: NDArray[np.int64]
    error: FloatArray
    shared: NDArray[np.int64]


@dataclass(frozen=True)
class FitJob(Job):
    """Input shared by the photometry of all frames: ``places`` (S, 2) of the stars in the reference frame, brightest first, and
    its transform ``base``."""

    places: FloatArray
    base: FloatArray
    beta: float
    cfa: str | None


@dataclass(frozen=True)
class Fitted:
    """The numbers of the stars in a frame, and their fits in each plane."""

    star: NDArray[np.int64]
    planes: list[StarFits]


def mosaic_scale(context: RunContext, state: RunState, frames: FrameSet, plan: CanvasPlan, reference: int) -> MosaicScale:
    """Scale of each frame and error of each panel, from fits of each frame's PSF to all its stars at once."""
    base = frames.usable[reference].transform
    beta = float(np.median([m.psf.beta for m in state.measurements]))
    places, numbers = _places(frames, state.measurements, base)
    job = FitJob(places, base, beta, frames.cfa, check=context.check)
    fitted: list[Fitted] = []
    items = list(zip(frames.usable, state.measurements, numbers, strict=True))
    at_once = min(context.frames_at_once(f.shape) for f in frames.usable)
    for done, one in enumerate(context.executor.frames(_fit, job, items, at_once=at_once), 1):
        fitted.append(one)
        context.progress(done, len(items), "photometry")
    panel = panels_of(frames)
    noise = np.array([m.noise for m in state.measurements])
    change, covariance = _widths(frames, fitted, noise)
    found = [_plane(frames, [f.star for f in fitted], [f.planes[p] for f in fitted], noise[:, p], change, covariance, panel,
                    reference) for p in frame_planes(frames)]
    scale, used, error, shared = (np.array([f[k] for f in found]) for k in range(4))
    return MosaicScale(by_channel(plan, scale), used.min(axis=0), panel, by_channel(plan, error), shared.min(axis=0))


def _places(frames: FrameSet, measurements: Sequence[FrameMeasurement],
            base: FloatArray) -> tuple[FloatArray, list[NDArray[np.int64]]]:
    """(S, 2) positions, in pixels of the reference, of the stars in at least two frames, brightest first; and for each frame the
    star number of each of its brightest detections, -1 for detections that are not among these stars."""
    back = np.linalg.inv(base)
    tables = [m.stars[:MAX_STARS] for m in measurements]
    shared = shared_stars([align.apply(back @ f.matrix, align.positions(t)) if f.matrix is not None else np.zeros((0, 2))
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


def _fit(job: FitJob, item: tuple[Frame, FrameMeasurement, NDArray[np.int64]], threads: int) -> Fitted:
    frame, measured, own = item
    job.stop_if_asked()
    height, width = frame.shape
    points = align.apply(np.linalg.inv(frame.transform) @ job.base, job.places)
    star = np.flatnonzero((points > -OUTSIDE_MARGIN).all(axis=1) & (points[:, 0] < width - 1 + OUTSIDE_MARGIN)
                          & (points[:, 1] < height - 1 + OUTSIDE_MARGIN))
    points = points + _displacement(points, measured.stars[: len(own)], own, (height, width))
    x, y = points[star].T
    data = frame.pixels.read()
    images = list(data) if data.ndim == 3 else [data] * (4 if job.cfa else 1)
    sites = [(np.arange(4).reshape(2, 2) == p if data.ndim == 2 and job.cfa else np.ones((2, 2))).astype(np.uint8)
             for p in range(len(images))]
    return Fitted(star, [fit_stars(i, s, x, y, measured.psf, job.beta, frame.saturation)
                         for i, s in zip(images, sites, strict=True)])


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


def _widths(frames: FrameSet, fitted: Sequence[Fitted], noise: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Changes (N, T) of the fields of the frames' PSFs, and their covariances (N, T, T)."""
    change = np.zeros((len(fitted), FIELD_TERMS))
    covariance = np.zeros((len(fitted), FIELD_TERMS, FIELD_TERMS))
    # Frames of different cameras have different PSFs.
    kind = np.unique([(*f.shape, round(f.scale, 1)) for f in frames.usable], axis=0, return_inverse=True)[1].ravel()
    for k in np.unique(kind):
        members = np.flatnonzero(kind == k)
        change[members], covariance[members] = width_changes([fitted[i].planes for i in members.tolist()], noise[members])
    return change, covariance


def _plane(frames: FrameSet, stars: Sequence[NDArray[np.int64]], fits: Sequence[StarFits], noise: FloatArray, change: FloatArray,
           covariance: FloatArray, panel: NDArray[np.int64],
           reference: int) -> tuple[FloatArray, NDArray[np.int64], FloatArray, NDArray[np.int64]]:
    """Scale (N,), number of stars (N,), error (K,) and number of shared stars of the panels (K,) of one plane."""
    sensitivity = [f.slope[:, None] * f.terms for f in fits]
    # Fluxes on the canvas, whose pixels may be larger or smaller than those of the frame.
    area = [f.scale**2 for f in frames.usable]
    shared = SharedFluxes(
        np.repeat(np.arange(len(fits)), [len(s) for s in stars]), np.concatenate(stars),
        np.concatenate([a * f.flux * np.exp(s @ c) for a, f, s, c in zip(area, fits, sensitivity, change, strict=True)]),
        np.concatenate([a**2 * f.area * s**2 for a, f, s in zip(area, fits, noise, strict=True)]), len(fits))
    found = common_scale(shared, reference)
    error, common = group_errors(shared, found, panel, int(panel[reference]), np.nan_to_num(np.concatenate(sensitivity)),
                                 covariance)
    return found.scale, found.used, error, common
