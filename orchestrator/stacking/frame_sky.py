"""The sky background of each frame relative to the reference: polynomial surfaces, and the clouds they leave (METHODS 1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import FrameSet
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.channels import by_channel, noise_by_channel
from orchestrator.stacking.field_geometry import mosaic_of
from tilecore.detect.metrics import FrameMeasurement, extended_mesh, sample_mesh
from tilecore.numerics.robust_surface import evaluate_surface, fit_surface, surface_terms
from tilecore.sky.common_sky import common_surfaces
from tilecore.sky.normalize import clear_sky, fill_unknown, residual_clouds

__all__ = ["FrameSkies", "frame_skies"]

FloatArray = NDArray[np.float64]

# Sky samples on the canvas along each axis.
SKY_SAMPLES = 16
# Sky samples along each axis of a frame, on the canvas of a mosaic ...
MOSAIC_SAMPLES = 12
# ... and at most along each axis of that canvas.
MAX_SAMPLES = 80
# Largest order of the surfaces of a mosaic: curvature would be extrapolated across its panels.
MOSAIC_ORDER = 1
# Terms of the vignetting that the frames of a mosaic may share.
VIGNETTING = 4
# Share of the canvas that a frame must cover for a surface of full order ...
MIN_OVERLAP_FULL = 0.5
# ... and for a linear surface; for smaller overlaps only a constant is fitted.
MIN_OVERLAP_LINEAR = 0.2


@dataclass(frozen=True)
class FrameSkies:
    """The sky to subtract from X_f / a_f on the channel grid, b_f / a_f - b_reference.

    ``surfaces`` (C, N, terms) are polynomials, ``clouds`` (C, N, gy, gx) what they leave, see
    :func:`tilecore.sky.normalize.residual_clouds`; ``clear`` (C, gy, gx) is the sky that remains. Clouds and clear sky are
    given at the centres of equal cells of the canvas.
    """

    surfaces: FloatArray
    clouds: NDArray[np.float32]
    clear: NDArray[np.float32]


def frame_skies(frames: FrameSet, plan: CanvasPlan, measurements: tuple[FrameMeasurement, ...], scale: FloatArray,
                reference: int, order: int) -> FrameSkies:
    """The skies of all frames relative to that of the reference, or in a mosaic relative to their common sky."""
    h, w = plan.channel_shape
    mosaic = mosaic_of(frames) is not None
    across, down = (min(round(MOSAIC_SAMPLES * n * plan.step / size), MAX_SAMPLES) if mosaic else SKY_SAMPLES
                    for n, size in zip((w, h), frames.shape[::-1], strict=True))
    x, y = (a.ravel() for a in np.meshgrid((np.arange(across) + 0.5) * w / across, (np.arange(down) + 0.5) * h / down))
    clouds = np.zeros((len(plan.channels), len(frames.usable), down, across), np.float32)
    clear = np.zeros((len(plan.channels), down, across), np.float32)
    if order < 0:
        return FrameSkies(np.zeros((*clouds.shape[:2], 1)), clouds, clear)
    sky, pattern = _skies(frames, plan, measurements, x, y, mosaic=mosaic)
    noise: FloatArray = np.array([noise_by_channel(plan, m.noise) for m in measurements], np.float64).T / scale
    x, y = x / w, y / h
    result = []
    for c, (levels, a) in enumerate(zip(sky, scale, strict=True)):
        if mosaic:
            rest = levels / a[:, None]
            found = common_surfaces(rest, x, y, reference, min(order, MOSAIC_ORDER),
                                    _shaded(pattern, levels, a) if order > 0 else None)
        else:
            rest = levels / a[:, None] - levels[reference]
            found = np.array([_surface(difference, x, y, order) for difference in rest])
        rest -= np.array([evaluate_surface(surface, x, y) for surface in found])
        rest = rest.reshape(-1, down, across)
        level = clear_sky(rest) if mosaic else clear_sky(rest) + levels[reference].reshape(down, across)
        scene = level if mosaic else levels[reference].reshape(down, across)
        clouds[c], clear[c] = residual_clouds(rest, noise[c], scene), fill_unknown(level)
        result.append(found)
    return FrameSkies(np.array(result), clouds, clear)


def _skies(frames: FrameSet, plan: CanvasPlan, measurements: tuple[FrameMeasurement, ...], x: FloatArray, y: FloatArray, *,
           mosaic: bool) -> tuple[FloatArray, NDArray[np.float32]]:
    """Sky (C, N, P) of each frame at positions on the channel grid, NaN outside the frame, and in a mosaic the terms of the
    vignetting there (N, P, VIGNETTING)."""
    sky = np.full((len(plan.channels), len(frames.usable), x.size), np.nan)
    pattern = np.zeros((len(frames.usable), x.size, VIGNETTING if mosaic else 0), np.float32)
    for i, frame in enumerate(frames.usable):
        u, v = plan.positions_in_frame(frame, x, y)
        inside = (u >= 0) & (v >= 0) & (u <= frame.shape[1] - 1) & (v <= frame.shape[0] - 1)
        mesh, middles = measurements[i].background_mesh, measurements[i].mesh_centers
        if mosaic:  # panels meet at their borders, beyond the centres of the outer cells
            mesh, middles = extended_mesh(mesh, middles)
            pattern[i] = np.where(inside[:, None], _vignetting(u, v, frame.shape), 0)
        sky[:, i] = np.where(inside, by_channel(plan, sample_mesh(mesh, middles, u, v)), np.nan)
    return sky, pattern


def _surface(difference: FloatArray, x: FloatArray, y: FloatArray, order: int) -> FloatArray:
    """Coefficients of the polynomial through the known values of a difference of skies (P,)."""
    result, good = np.zeros(len(surface_terms(order))), np.isfinite(difference)
    share = good.mean()
    # A small overlap does not constrain the curvature of a surface.
    usable_order = order if share > MIN_OVERLAP_FULL else min(order, 1) if share > MIN_OVERLAP_LINEAR else 0
    if good.any():
        fitted = fit_surface(x[good], y[good], difference[good], usable_order)
        result[: len(fitted)] = fitted
    return result


def _vignetting(u: FloatArray, v: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """(P, VIGNETTING) the terms of the vignetting in a frame of ``shape``: second order, and the fourth power of the radius."""
    half = 0.5 * np.hypot(*shape)
    across, down = (u - (shape[1] - 1) / 2) / half, (v - (shape[0] - 1) / 2) / half
    return np.stack([across**2, across * down, down**2, (across**2 + down**2) ** 2], 1)


def _shaded(pattern: NDArray[np.float32], sky: FloatArray, scale: FloatArray) -> NDArray[np.float32]:
    """(N, P, 2 T): the pattern (N, P, T) times the level of each sky (N, P), and times the mean level, because a pedestal that no
    bias removed is not subject to vignetting."""
    level = np.nan_to_num(np.nanmedian(sky, axis=1))
    both = (level / scale, level.mean() / scale)
    return np.concatenate([pattern * b[:, None, None].astype(np.float32) for b in both], axis=2)
