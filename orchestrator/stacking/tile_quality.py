"""Quality of the frames in each tile of the grid, and the weights derived from it (METHODS 2-6). N frames, C channels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import Metrics, Tiles, Weights
from orchestrator.engines.base import Frame
from orchestrator.runtime.serialization import storable
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.channels import by_channel, noise_by_channel
from tilecore.detect.metrics import FrameMeasurement, sample_mesh
from tilecore.detect.psf import effective_area
from tilecore.stack import weights as tile_weights
from tilecore.stack.grid import TileGrid, make_grid

__all__ = ["TileFields", "frame_levels", "frame_quality", "local_quality", "tile_fields", "tile_grid", "tile_overlap", "weigh"]

FloatArray = NDArray[np.floating]

# Contribution of pixels and interpolation to FWHM^2 (px^2). A pixel alone contributes 8 ln 2 / 12 = 0.46; this value preserved
# the most information on three simulated sessions.
SAMPLING_FWHM2 = 1.0
# FWHM (px of the channel grid) if that of no frame is known.
DEFAULT_FWHM = 3.0
# Points along each side of a tile at which the overlap is sampled.
OVERLAP_SAMPLES = 8


@storable()
@dataclass(frozen=True)
class TileFields:
    """At the centres of the tiles: ``noise``, ``background``, gradient ``energy`` (C, N, ty, tx); ``fwhm`` in canvas pixels,
    ``roundness`` (N, ty, tx). ``stars`` (N, ty, tx) is their number in a tile; ``beta`` (N,) is the exponent of the PSF."""

    noise: NDArray[np.float32]
    background: NDArray[np.float32]
    energy: NDArray[np.float32]
    fwhm: FloatArray
    roundness: NDArray[np.float32]
    stars: NDArray[np.int64]
    beta: NDArray[np.float64]

    def width(self, step: int) -> NDArray[np.float64]:
        """FWHM (N, ty, tx) of stars on the channel grid, in its pixels."""
        width: NDArray[np.float64] = np.sqrt(self.fwhm**2 + SAMPLING_FWHM2) / step
        return width

    def area(self, step: int) -> FloatArray:
        """Effective area (N, ty, tx) of the PSF, px^2 of the channel grid."""
        # One exponent for all frames: that of a single frame is too uncertain for its weight.
        return effective_area(self.width(step), float(np.median(self.beta)))


def frame_levels(plan: CanvasPlan, measurements: tuple[FrameMeasurement, ...]) -> NDArray[np.float64]:
    """(3, C, N): background, noise and gradient energy of whole frames."""
    return np.array([np.array([to_channels(plan, getattr(m, name)) for m in measurements]).T for name, to_channels in (
        ("background", by_channel), ("noise", noise_by_channel), ("gradient", by_channel))])


def frame_quality(levels: NDArray[np.float64], settings: Metrics) -> NDArray[np.float64]:
    """Q (C, N) of whole frames from :func:`frame_levels`."""
    return np.array([
        tile_weights.global_quality(b, s, e, settings.background_weight, settings.noise_weight, settings.gradient_weight,
                                    settings.adaptive)
        for b, s, e in zip(*levels, strict=True)])


def tile_grid(plan: CanvasPlan, measurements: tuple[FrameMeasurement, ...], settings: Tiles) -> tuple[TileGrid, float]:
    """The tile grid on the channel grid, and the median FWHM (DEFAULT_FWHM if unknown) from which the tile size follows."""
    fwhm = [m.fwhm for m in measurements if np.isfinite(m.fwhm)]
    typical = float(np.median(fwhm)) / plan.step if fwhm else DEFAULT_FWHM
    return make_grid(plan.channel_shape, typical, size_factor=settings.size_factor, min_size=settings.min_size,
                     max_divisor=settings.max_divisor, overlap=settings.overlap), typical


def tile_overlap(plan: CanvasPlan, grid: TileGrid, frames: tuple[Frame, ...]) -> NDArray[np.float64]:
    """Share (N, ty, tx) of each tile that each frame covers."""
    offsets = (np.arange(OVERLAP_SAMPLES) + 0.5) / OVERLAP_SAMPLES
    height, width = min(grid.size, grid.shape[0]), min(grid.size, grid.shape[1])
    y = (np.asarray(grid.starts_y)[:, None] + offsets * height).ravel()
    x = (np.asarray(grid.starts_x)[:, None] + offsets * width).ravel()
    xx, yy = np.meshgrid(x, y)
    shares = []
    for frame in frames:
        u, v = plan.positions_in_frame(frame, xx, yy)
        inside = (u >= 0) & (v >= 0) & (u <= frame.shape[1] - 1) & (v <= frame.shape[0] - 1)
        shares.append(inside.reshape(grid.n_y, OVERLAP_SAMPLES, grid.n_x, OVERLAP_SAMPLES).mean(axis=(1, 3)))
    return np.array(shares)


def tile_fields(plan: CanvasPlan, grid: TileGrid, frames: tuple[Frame, ...], measurements: tuple[FrameMeasurement, ...], *,
                local: bool) -> TileFields:
    """The fields of ``frames``. Without ``local`` the FWHM and noise of a frame are the same in all its tiles."""
    centers = grid.centers()
    y, x = centers[..., 0].ravel(), centers[..., 1].ravel()
    shape = (grid.n_y, grid.n_x)
    sampled = [_sample(plan, f, m, x, y, shape) for f, m in zip(frames, measurements, strict=True)]
    # Single precision, because with thousands of frames these are the largest arrays of a run.
    noise, background, energy = (np.array([s[k] for s in sampled], np.float32).swapaxes(0, 1) for k in range(3))
    fwhm, error, roundness = (np.array([s[k] for s in sampled], np.float32) for k in (3, 4, 5))
    if local:
        fwhm = tile_weights.shrink(fwhm, error)
    else:
        fwhm[:] = np.median(fwhm, axis=(1, 2), keepdims=True)
        noise[:] = np.median(noise, axis=(2, 3), keepdims=True)
    stars = np.array([_stars_in_tiles(plan, grid, f, m) for f, m in zip(frames, measurements, strict=True)])
    return TileFields(noise, background, energy, fwhm, roundness, stars, np.array([m.psf.beta for m in measurements]))


def _sample(plan: CanvasPlan, frame: Frame, m: FrameMeasurement, x: NDArray[np.float64], y: NDArray[np.float64],
            shape: tuple[int, int]) -> tuple[FloatArray, ...]:
    """Noise, background, gradient energy (C, ty, tx), FWHM, its error, roundness (ty, tx) of a frame at the tile centres."""
    u, v = plan.positions_in_frame(frame, x, y)
    height, width = frame.pixels.shape[-2:]
    u, v = np.clip(u, 0, width - 1), np.clip(v, 0, height - 1)
    meshes = [sample_mesh(mesh, m.mesh_centers, u, v) for mesh in (m.noise_mesh, m.background_mesh, m.gradient_mesh)]
    maps = [noise_by_channel(plan, meshes[0]), by_channel(plan, meshes[1]), by_channel(plan, meshes[2])]
    # In canvas pixels; the noise is that of white noise of the same power, because interpolation spreads it.
    scale = frame.scale
    maps[0] = maps[0] * scale
    fields = (m.psf.fwhm(u, v) * scale, m.psf.fwhm_error(u, v) * scale, m.psf.roundness(u, v))
    return (*(a.reshape(-1, *shape) for a in maps), *(a.reshape(shape) for a in fields))


def _stars_in_tiles(plan: CanvasPlan, grid: TileGrid, frame: Frame, m: FrameMeasurement) -> NDArray[np.int64]:
    matrix = plan.to_channel(frame)
    u, v, w = matrix @ np.stack([m.stars["x"], m.stars["y"], np.ones(len(m.stars))])
    x, y = u / w, v / w
    in_y = (y >= np.asarray(grid.starts_y)[:, None]) & (y < np.asarray(grid.starts_y)[:, None] + grid.size)
    in_x = (x >= np.asarray(grid.starts_x)[:, None]) & (x < np.asarray(grid.starts_x)[:, None] + grid.size)
    return np.asarray(in_y.astype(int) @ in_x.astype(int).T)


def local_quality(fields: TileFields, least_stars: int) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Q (C, N, ty, tx) of the tiles, and a mask (ty, tx) of the star tiles: those with a median of at least ``least_stars``
    stars, the same for all frames."""
    star_tiles = np.asarray(np.median(fields.stars, axis=0) >= least_stars)
    return np.array([
        np.where(star_tiles, tile_weights.local_quality_star(fields.fwhm, fields.roundness, energy / noise**2),
                 tile_weights.local_quality_structure(energy / noise, background))
        for noise, background, energy in zip(fields.noise, fields.background, fields.energy, strict=True)]), star_tiles


def weigh(settings: Weights, *, transparency: FloatArray, noise: FloatArray, area: FloatArray, global_weight: FloatArray,
          quality: FloatArray, overlap: FloatArray) -> tuple[NDArray[np.float32], dict[str, object]]:
    """The weights (C, N, ty, tx), and details for the log: the exponent, and the number of tiles with fallback weights."""
    result: list[FloatArray] = []
    details: dict[str, object] = {}
    for c in range(len(noise)):
        found = tile_weights.tile_weights(
            settings.mode, tile_weights.TileMeasurements(
                transparency=transparency[c], noise=noise[c], area=area, global_weight=global_weight[c], local_quality=quality[c],
                valid=overlap > 0), settings.min_information)
        result.append(found.weights.astype(np.float32))
        details = {"exponent": found.exponent, "fallback_tiles": int(found.fallback.sum())}
    return np.array(result), details
