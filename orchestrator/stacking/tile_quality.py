"""Quality of the frames in each tile of the grid, and the weights derived from it (METHODS 2-6). N frames, C channels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import Metrics, Tiles, Weights
from orchestrator.engines.base import Frame
from orchestrator.engines.no_data import has_data
from orchestrator.runtime.serialization import storable
from orchestrator.session.watch import Watch, unwatched
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.channels import by_channel, noise_by_channel
from orchestrator.stacking.regions import are_dense, footprints
from tilecore.detect.metrics import FrameMeasurement, sample_mesh
from tilecore.detect.psf import effective_area
from tilecore.numerics.statistics import median_of_known
from tilecore.stack import weights as tile_weights
from tilecore.stack.grid import TileGrid, make_grid
from tilecore.stack.tile_slots import TileSlots

__all__ = ["TileFields", "frame_levels", "frame_quality", "local_quality", "tile_fields", "tile_grid", "tile_overlap",
           "tile_slots", "weigh"]

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
    """At the centres of the tiles, in the K slots of the frames (:class:`tilecore.stack.tile_slots.TileSlots`): ``noise``,
    ``background``, gradient ``energy`` (C, K, ty, tx); ``fwhm`` in canvas pixels, ``roundness`` (K, ty, tx), NaN where there is
    no frame. ``stars`` (K, ty, tx) is their number in a tile, -1 where there is no frame; ``beta`` (N,) is the exponent of the
    PSF."""

    noise: NDArray[np.float32]
    background: NDArray[np.float32]
    energy: NDArray[np.float32]
    fwhm: FloatArray
    roundness: NDArray[np.float32]
    stars: NDArray[np.int32]
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


def tile_slots(plan: CanvasPlan, grid: TileGrid, frames: tuple[Frame, ...]) -> TileSlots:
    """Which frames reach which tiles: each frame all of them, unless the canvas is sparse."""
    boxes = footprints(plan, frames)
    if are_dense(boxes, plan.channel_shape):
        return TileSlots.full(len(frames), (grid.n_y, grid.n_x))
    return TileSlots.of_boxes(boxes, grid)


def tile_overlap(plan: CanvasPlan, grid: TileGrid, frames: tuple[Frame, ...], watch: Watch = unwatched,
                 slots: TileSlots | None = None) -> NDArray[np.float64]:
    """Share (K, ty, tx) of each tile that each frame covers, in its slot; by default (N, ty, tx)."""
    slots = slots or TileSlots.full(len(frames), (grid.n_y, grid.n_x))
    offsets = (np.arange(OVERLAP_SAMPLES) + 0.5) / OVERLAP_SAMPLES
    height, width = min(grid.size, grid.shape[0]), min(grid.size, grid.shape[1])
    shares = np.zeros(slots.values_shape)
    for done, frame in enumerate(frames):
        watch(done, len(frames), "overlap")
        rows, columns = slots.window(done)
        y = (np.asarray(grid.starts_y)[rows, None] + offsets * height).ravel()
        x = (np.asarray(grid.starts_x)[columns, None] + offsets * width).ravel()
        u, v = plan.positions_in_frame(frame, *np.meshgrid(x, y))
        inside = (u >= 0) & (v >= 0) & (u <= frame.shape[1] - 1) & (v <= frame.shape[0] - 1)
        inside &= frame.reader is None or has_data(frame.reader, u, v)
        samples = (len(y) // OVERLAP_SAMPLES, OVERLAP_SAMPLES, len(x) // OVERLAP_SAMPLES, OVERLAP_SAMPLES)
        slots.put(shares, done, inside.reshape(samples).mean(axis=(1, 3)))
    return shares


def tile_fields(plan: CanvasPlan, grid: TileGrid, frames: tuple[Frame, ...], measurements: tuple[FrameMeasurement, ...],
                watch: Watch = unwatched, *, local: bool, slots: TileSlots | None = None) -> TileFields:
    """The fields of ``frames`` in their slots. Without ``local`` the FWHM and noise of a frame are the same in all its tiles."""
    slots = slots or TileSlots.full(len(frames), (grid.n_y, grid.n_x))
    shape = slots.values_shape
    # Single precision, because with thousands of frames these are the largest arrays of a run.
    noise, background, energy = (np.full((len(plan.channels), *shape), np.nan, np.float32) for _ in range(3))
    fwhm, roundness = (np.full(shape, np.nan, np.float32) for _ in range(2))
    stars = np.full(shape, -1, np.int32)
    centers = grid.centers()
    for done, (frame, measured) in enumerate(zip(frames, measurements, strict=True)):
        watch(done, len(frames), "quality of the tiles")
        rows, columns = slots.window(done)
        places = centers[rows, columns]
        own = [np.asarray(a, np.float32) for a in _sample(plan, frame, measured, places[..., 1].ravel(), places[..., 0].ravel(),
                                                          places.shape[:2])]
        if local:
            own[3] = np.asarray(tile_weights.shrink(own[3][None], own[4][None])[0], np.float32)
        elif places.size:
            own[3][:] = np.median(own[3])
            own[0][:] = np.median(own[0], axis=(1, 2), keepdims=True)
        for values, found in zip((noise, background, energy, fwhm, roundness), (*own[:4], own[5]), strict=True):
            slots.put(values, done, found)
        slots.put(stars, done, _stars_in_tiles(plan, grid, frame, measured)[rows, columns])
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
    scale = plan.scale_of(frame)
    maps[0] = maps[0] * scale
    fields = (m.psf.fwhm(u, v) * scale, m.psf.fwhm_error(u, v) * scale, m.psf.roundness(u, v))
    return (*(a.reshape(-1, *shape) for a in maps), *(a.reshape(shape) for a in fields))


def _stars_in_tiles(plan: CanvasPlan, grid: TileGrid, frame: Frame, m: FrameMeasurement) -> NDArray[np.int64]:
    x, y = plan.on_channel(frame, np.stack([m.stars["x"], m.stars["y"]], axis=1)).T
    in_y = (y >= np.asarray(grid.starts_y)[:, None]) & (y < np.asarray(grid.starts_y)[:, None] + grid.size)
    in_x = (x >= np.asarray(grid.starts_x)[:, None]) & (x < np.asarray(grid.starts_x)[:, None] + grid.size)
    return np.asarray(in_y.astype(int) @ in_x.astype(int).T)


def local_quality(fields: TileFields, least_stars: int) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Q (C, K, ty, tx) of the tiles, and a mask (ty, tx) of the star tiles: those with a median of at least ``least_stars``
    stars, the same for all frames."""
    star_tiles = np.asarray(median_of_known(fields.stars.astype(np.float64), fields.stars >= 0) >= least_stars)
    return np.array([
        np.where(star_tiles, tile_weights.local_quality_star(fields.fwhm, fields.roundness, energy / noise**2),
                 tile_weights.local_quality_structure(energy / noise, background))
        for noise, background, energy in zip(fields.noise, fields.background, fields.energy, strict=True)]), star_tiles


def weigh(settings: Weights, *, transparency: FloatArray, noise: FloatArray, area: FloatArray, global_weight: FloatArray,
          quality: FloatArray, overlap: FloatArray) -> tuple[NDArray[np.float32], dict[str, object]]:
    """The weights (C, N, ty, tx), and details for the log: the exponent, and the number of tiles with fallback weights.

    ``noise`` is credible (:func:`tilecore.stack.weights.credible_noise`). ``transparency`` and ``global_weight`` are (C, N), or
    (C, N, ty, tx) where a place along the axis of the frames is not that of one frame in all tiles.
    """
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
