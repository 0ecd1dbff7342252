"""A sample of stars measured with the same apertures in the stack, in some calibrated frames and in the raw files of these.

These measurements are independent; the fits of fluxes and positions on which the stack rests are not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.checks.field_cells import cell_of
from orchestrator.checks.mean_sky import mean_sky_flux
from orchestrator.engines.base import Frame
from orchestrator.engines.calibrate_groups import masters_of_light
from orchestrator.engines.native.kept_masters import master_pixels, master_rows, strips
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.channels import by_channel, green_channel
from orchestrator.stacking.field_geometry import panels_of
from orchestrator.stacking.pixel_area import area_of, shows_brightness
from orchestrator.stacking.scale_check import FramePlanes
from orchestrator.stacking.state import RunState
from tilecore.detect.psf import aperture_share
from tilecore.detect.stars import plane_radius, sky_ring
from tilecore.numerics.parts import Pixels, parts
from tilecore.stack.sky_steps import StarLight

__all__ = ["StarSample", "covered_pixels", "median_over_frames", "sample_stars", "share_in_mean"]

FloatArray = NDArray[np.float64]

# Frames in which the stars are measured: this number, and up to MOST_FRAMES to have one of each panel, night and exposure.
FRAMES = 5
MOST_FRAMES = 12
# The brightest stars of each cell of a grid of CELLS x CELLS over the field.
CELLS = 4
STARS_PER_CELL = 10
# Radius of the apertures in units of the largest FWHM, its least and largest value (px of the frames).
APERTURE_FWHM = 2.2
LEAST_APERTURE = 3.5
MOST_APERTURE = 14.0
# Least signal-to-noise ratio of a star in the stack.
LEAST_SNR = 30.0
# Share of the saturation level above which a star is not measured.
NOT_CLIPPED = 0.75
# Flux of a neighbour in the aperture or the sky ring, as a share of the star's, that excludes it.
NEIGHBOUR = 0.1
# Radius of the core of a star in units of the FWHM, and its least value (px): few pixels, so that hot pixels of the raw frame,
# which calibration replaces, are rarely in it.
CORE_FWHM = 0.6
LEAST_CORE = 1.5
# Side (px) of the square in which the peak of a star is looked up.
PEAK_BOX = 5
# Least value of a flat by which raw pixels are divided.
LEAST_FLAT = 1e-3
# FWHM (px) that is assumed where none was measured.
DEFAULT_FWHM = 3.0


@dataclass(frozen=True)
class StarSample:
    """n stars in C channels and K frames.

    Attributes
    ----------
    x, y : (n,) positions on the canvas (full resolution).
    stack : (C, n) flux in the stack.
    frames : (K, C, n) flux in calibrated frames, in units of the stack; NaN where a frame does not show a star well.
    raw : (K, C, n) the same from raw pixels, less the dark and divided by the flat but otherwise as read; NaN where not known.
    cores : (K, C, n) light of the cores in the calibrated frame relative to that in ``raw``, NaN where there is none.
    positions : (K,) positions of the frames among the usable ones.
    finer : pixels of the stack per pixel of the channel grid, along a side.
    radius : of the apertures, px of the canvas.
    detected : stars of the stack (:data:`tilecore.detect.stars.STAR_DTYPE`) in the green or only channel, and that channel.
    light : (h, w) pixels of the stack whose light is that of stars, in parts (:class:`tilecore.stack.sky_steps.StarLight`).
    flat_level : whether ``raw`` is exact; otherwise one factor for each channel is not known, that of the flat.
    """

    plan: CanvasPlan
    finer: float
    x: FloatArray
    y: FloatArray
    stack: FloatArray
    frames: FloatArray
    raw: FloatArray
    cores: FloatArray
    positions: NDArray[np.int64]
    flat_level: bool
    radius: float
    detected: NDArray[np.void]
    channel: int
    light: Pixels

    def on_channel(self, channel: int) -> tuple[FloatArray, FloatArray]:
        """Positions in pixels of a channel of the stack."""
        x, y = ((p - center) / self.plan.step for p, center in zip((self.x, self.y), self.plan.centers[channel], strict=True))
        return (x + 0.5) * self.finer - 0.5, (y + 0.5) * self.finer - 0.5

    @property
    def radius_on_channel(self) -> float:
        """Radius of the apertures in pixels of a channel of the stack."""
        return self.radius * self.finer / self.plan.step

    @property
    def expected(self) -> FloatArray:
        """(C, n) median flux over the calibrated frames."""
        return median_over_frames(self.frames)


def median_over_frames(values: FloatArray) -> FloatArray:
    """Median along the first axis of what is known; NaN where nothing is."""
    known = np.isfinite(values).any(axis=0)
    result = np.full(values.shape[1:], np.nan)
    if known.any():
        result[known] = np.nanmedian(values[:, known], axis=0)
    return result


def covered_pixels(count: NDArray[np.float32]) -> int:
    """Number of pixels of (h, w) that a frame covers."""
    return sum(int(np.count_nonzero(count[part.inside])) for part in parts(count.shape))


def sample_stars(context: RunContext, state: RunState, detected: NDArray[np.void], inside: NDArray[np.bool_]) -> StarSample:
    """Measure stars of ``state.stack``. The sample is empty if there are no suitable stars.

    ``detected`` are the stars of its green or only channel; ``inside`` (N,) marks the usable frames that are in the stack.
    """
    plan = state.plan
    positions = _choose_frames(state, inside)
    usable = state.frames.usable
    green = green_channel(plan.channels)
    x, y, fwhm = _choose_stars(state, positions, detected, green)
    # Of full-resolution pixels, those of a mosaic are measured on planes with half as many rows and columns.
    widths = [state.measurements[int(p)].fwhm * plan.scale_of(usable[int(p)]) for p in positions]
    widest = float(np.nanmax([w for w in widths if np.isfinite(w)] or [DEFAULT_FWHM]))
    radius = float(np.clip(APERTURE_FWHM * widest, LEAST_APERTURE, MOST_APERTURE))
    if state.frames.cfa is not None:
        radius = 2 * plane_radius(radius)
    finer = state.stack.mean.shape[1] / plan.channel_shape[0]
    frames, raw, cores, exact = [], [], [], True
    for p in positions:
        context.check()
        seen = _in_frame(plan, state, usable[int(p)], int(p), x, y, radius)
        frames.append(seen.calibrated)
        raw.append(seen.raw)
        cores.append(seen.cores)
        exact &= seen.exact
    shape = (len(positions), len(plan.channels), len(x))
    sample = StarSample(plan, finer, x, y, np.empty(shape[1:]), np.array(frames).reshape(shape), np.array(raw).reshape(shape),
                        np.array(cores).reshape(shape), positions, exact, radius, detected, green,
                        StarLight(state.stack.mean.shape[1:], detected))
    share = _share_in_stack(context, state, inside, fwhm, radius)
    for c, mean in enumerate(state.stack.mean):
        flux = mean_sky_flux(mean, *sample.on_channel(c), sample.radius_on_channel) / finer**2
        sample.stack[c] = flux / share
    return sample


def _beta(state: RunState) -> float:
    return float(np.median([m.psf.beta for m in state.measurements]))


def _share_in_stack(context: RunContext, state: RunState, inside: NDArray[np.bool_], fwhm: float, radius: float) -> float:
    """Share of the light of a star of the stack inside the apertures; ``fwhm`` (px) of the stack."""
    measured = np.array([m.fwhm * state.plan.scale_of(f) for f, m in zip(state.frames.usable, state.measurements, strict=True)])
    used = inside & np.isfinite(measured)
    # Co-addition with the PSF of each frame gives the stars of the stack a profile of its own.
    if context.config.reconstruction.method == "proper" or not used.any():
        return share_in_mean(np.array([fwhm]), np.ones(1), _beta(state), radius)
    weight = np.nan_to_num(state.slots.sums(state.weights.sum(axis=0)))
    return share_in_mean(measured[used], weight[used], _beta(state), radius)


def share_in_mean(fwhm: FloatArray, weight: FloatArray, beta: float, radius: float) -> float:
    """Share of the light of a star inside an aperture in the mean of frames with these FWHM (px) and weights.

    The wings of the mean are the mean of the wings. Demosaicing, resampling and residual offsets widen only the core, within the
    aperture: a profile with the FWHM of the stack would have wings that no frame has.
    """
    share = aperture_share(fwhm, beta, radius, sky_ring(radius))
    return float(np.average(share, weights=weight if weight.sum() > 0 else None))


def _choose_frames(state: RunState, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Frames spread over the session, at least one of each panel, night, exposure and gain."""
    frames = state.frames
    inside = np.flatnonzero(kept)
    nights, panels = state.nights, panels_of(frames)
    kinds: dict[tuple[object, ...], list[int]] = {}
    for i in inside.tolist():
        info = frames.usable[i].info
        kinds.setdefault((int(panels[i]), nights[i], info.exposure, info.gain), []).append(i)
    chosen = dict.fromkeys([members[len(members) // 2] for members in kinds.values()][:MOST_FRAMES])
    for i in inside[np.unique(np.linspace(0, len(inside) - 1, min(FRAMES, len(inside))).round().astype(int))]:
        if len(chosen) < max(FRAMES, min(len(kinds), MOST_FRAMES)):
            chosen[int(i)] = None
    return np.array(sorted(chosen), np.int64)


def _choose_stars(state: RunState, positions: NDArray[np.int64], found: NDArray[np.void],
                  green: int) -> tuple[FloatArray, FloatArray, float]:
    """Positions on the canvas of bright isolated stars of the stack or of the frames, and the FWHM of the stack there (px).

    Stars of the frames that the stack does not show are part of the sample: their light may have been lost.
    """
    plan, stack = state.plan, state.stack
    finer = stack.mean.shape[1] / plan.channel_shape[0]
    sharp = found[(found["snr"] > LEAST_SNR) & ~found["saturated"]]
    unit = plan.step / finer
    fwhm = float(np.median(sharp["fwhm"])) * unit if len(sharp) else DEFAULT_FWHM
    x, y = (((found[k] + 0.5) / finer - 0.5) * plan.step + center for k, center in zip("xy", plan.centers[green], strict=True))
    flux, good = found["flux"] / finer**2, (found["snr"] > LEAST_SNR) & ~found["saturated"]
    for p in positions:
        frame, stars = state.frames.usable[int(p)], state.measurements[int(p)].stars
        bright = stars[(stars["snr"] > LEAST_SNR) & ~stars["saturated"]]
        if not len(bright):
            continue
        place = plan.on_canvas(frame, np.column_stack([bright["x"], bright["y"]]))
        near = cKDTree(np.column_stack([x, y])).query(place)[0] if len(x) else np.full(len(place), np.inf)
        new = near > max(fwhm, 2.0)
        x, y = np.append(x, place[new, 0]), np.append(y, place[new, 1])
        flux, good = np.append(flux, bright["flux"][new]), np.append(good, np.ones(new.sum(), bool))
    chosen = _isolated_bright(x, y, flux, good, plan.shape, sky_ring(APERTURE_FWHM * fwhm)[1])
    return x[chosen], y[chosen], fwhm


def _isolated_bright(x: FloatArray, y: FloatArray, flux: FloatArray, good: NDArray[np.bool_], shape: tuple[int, int],
                     reach: float) -> NDArray[np.int64]:
    """The brightest isolated stars of each cell of the field."""
    if not len(x):
        return np.zeros(0, np.int64)
    tree = cKDTree(np.column_stack([x, y]))
    chosen: list[int] = []
    cell = cell_of(x, y, shape, CELLS)
    for k in np.unique(cell):
        members = np.flatnonzero((cell == k) & good)
        count = 0
        for i in members[np.argsort(-flux[members])]:
            near = [j for j in tree.query_ball_point([x[i], y[i]], reach) if j != i]
            if count < STARS_PER_CELL and np.sum(flux[near]) < NEIGHBOUR * flux[i]:
                chosen.append(int(i))
                count += 1
    return np.array(chosen, np.int64)


class _Seen(NamedTuple):
    """Stars in one frame, see :class:`StarSample`; ``exact``: the level of the flat is known."""

    calibrated: FloatArray
    raw: FloatArray
    cores: FloatArray
    exact: bool


def _in_frame(plan: CanvasPlan, state: RunState, frame: Frame, position: int, x: FloatArray, y: FloatArray,
              radius: float) -> _Seen:
    """Fluxes (C, n) in units of the stack in the calibrated frame and in its raw file."""
    u, v = plan.in_frame(frame, np.column_stack([x, y])).T
    data = frame.pixels.read()
    m = state.measurements[position]
    to_stack = plan.scale_of(frame)**2 / state.transparency[:, position][:, None]
    if shows_brightness(state, frame):
        to_stack = to_stack * area_of(frame, np.column_stack([u, v]))

    def by_channels(found: FloatArray) -> FloatArray:
        return found if plan.mode == "rgb" else by_channel(plan, found)

    core = max(CORE_FWHM * m.fwhm, LEAST_CORE) if np.isfinite(m.fwhm) else LEAST_CORE
    own = radius / plan.scale_of(frame)

    def cores_of(pixels: FramePlanes) -> FloatArray:
        return by_channels(pixels.fluxes(u, v, core))

    def fluxes(pixels: FramePlanes) -> FloatArray:
        # The loss in the wings depends on the FWHM of the frame.
        width = np.array([m.fwhm if np.isfinite(m.fwhm) else DEFAULT_FWHM])
        channels = (by_channels(pixels.fluxes(u, v, own, mean_sky_flux))
                    / share_in_mean(width, np.ones(1), _beta(state), own))
        # A plane of a mosaic has a quarter of the pixels of a full-resolution channel.
        return np.asarray(channels * to_stack * (4 if plan.mode == "first" else 1))

    planes = FramePlanes.of(data, state.frames.cfa)
    calibrated = np.where(_peaks(data, u, v) < NOT_CLIPPED * frame.saturation, fluxes(planes), np.nan)
    unknown = np.full_like(calibrated, np.nan)
    raw, exact = (None, True) if plan.registered_pixels else _flat_fielded(state, frame, data.shape)
    if raw is None:
        return _Seen(calibrated, unknown, unknown, True)
    with np.errstate(invalid="ignore", divide="ignore"):
        raw_planes = FramePlanes.of(raw, state.frames.cfa)
        cores = cores_of(planes) / cores_of(raw_planes)
    known = np.isfinite(calibrated)
    return _Seen(calibrated, np.where(known, fluxes(raw_planes), np.nan), np.where(known, cores, np.nan), exact)


def _peaks(data: NDArray[np.float32], u: FloatArray, v: FloatArray) -> FloatArray:
    """Largest pixel near each position, infinite outside of the frame."""
    image = data.max(axis=0) if data.ndim == 3 else data
    h, w = image.shape
    reach = np.arange(PEAK_BOX) - PEAK_BOX // 2
    column, row = np.rint(u).astype(int), np.rint(v).astype(int)
    inside = (column >= PEAK_BOX) & (row >= PEAK_BOX) & (column < w - PEAK_BOX) & (row < h - PEAK_BOX)
    result = np.full(len(u), np.inf)
    rows, columns = row[inside][:, None, None] + reach[:, None], column[inside][:, None, None] + reach
    peaks = image[rows, columns].reshape(-1, PEAK_BOX**2).max(axis=1)
    result[inside] = np.where(np.isfinite(peaks), peaks, np.inf)
    return result


def _flat_fielded(state: RunState, frame: Frame, shape: tuple[int, ...]) -> tuple[NDArray[np.float32] | None, bool]:
    """Raw pixels less the dark, whose hot pixels are not stars, divided by the flat, and nothing else; None if they cannot be
    read. And whether the level of the flat is known."""
    layout = getattr(frame.pixels, "layout", None) if state.frames.engine == "native" else None
    try:
        if layout is None:
            if frame_files.is_packed(frame.info.path):
                return None, True
            layout = frame_files.image_layout(frame.info.path)
        raw = np.asarray(layout.read(), np.float32)
    except (InputError, OSError):
        return None, True
    if raw.shape != shape:
        return None, True
    masters = masters_of_light(state.session, state.calibrated.masters, frame.index)
    dark: Path | None = getattr(frame.pixels, "dark", None)
    divisor: Path | None = getattr(frame.pixels, "flat", None)
    subtracted = (master_pixels(dark) if dark is not None else
                  fits_io.image_layout(masters["dark"]).read() if "dark" in masters else None)
    if subtracted is not None and subtracted.shape == raw.shape:
        raw -= subtracted
    del subtracted
    if divisor is not None:
        for first, last in strips(raw.shape, 0, raw.shape[-2]):
            raw[..., first:last, :] /= np.maximum(master_rows(divisor, first, last), LEAST_FLAT)
        return raw, True
    master = masters.get("flat")
    if master is None:
        return raw, True
    flat = fits_io.image_layout(master).read()
    if flat.shape[-2:] != raw.shape[-2:]:
        return None, True
    return np.asarray(raw / np.maximum(flat / np.median(flat), LEAST_FLAT), np.float32), False
