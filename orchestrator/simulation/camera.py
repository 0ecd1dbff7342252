"""The simulated camera: converts a noise-free signal to electrons, noise and 16-bit values, also for calibration frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from orchestrator.io.fits import FULL_SCALE
from orchestrator.simulation.config import SimulationConfig, pattern_index
from orchestrator.simulation.psf import StarProfile, add_stars
from orchestrator.simulation.scene import Nebula, sample_nebula
from orchestrator.simulation.truth import SimulationTruth, transform_points, vignette

__all__ = ["Camera", "add_cosmic_rays", "expose", "light_signal", "make_camera"]

Array = NDArray[np.float64]
LONGEST_STEP = 0.4  # pixels that an object moves between two of the places at which it is drawn
COMA_BETA = 1.6  # profile of a coma, whose light falls more slowly than that of a star
FLAT_COLOUR = (0.8, 1.0, 0.7)  # the flat lamp is not white


@dataclass(frozen=True, eq=False)
class Camera:
    """Fixed properties of the sensor, all (rows, columns): illumination, bias (ADU), dark current (e-/s)."""

    response: Array
    bias: Array
    dark: Array
    flat_colour: Array
    colours: NDArray[np.int64]


def _grid(config: SimulationConfig) -> tuple[Array, Array]:
    y, x = np.mgrid[: config.height, : config.width].astype(np.float64)
    return x, y


def make_camera(truth: SimulationTruth) -> Camera:
    """Return the sensor of a session; it is identical for twins."""
    config = truth.config
    rng = np.random.default_rng([config.seed, 11])
    x, y = _grid(config)
    response = vignette(x, y, config)
    spots = np.random.default_rng([config.seed, 11, config.night + 1]) if config.other_dust else rng
    for _ in range(config.dust):
        cx, cy = spots.uniform(0, config.width), spots.uniform(0, config.height)
        outer, depth = spots.uniform(8, 25), spots.uniform(0.04, 0.15)
        r = np.hypot(x - cx, y - cy)
        ring = expit((outer - r) / 1.2) - 0.5 * expit((0.4 * outer - r) / 1.2)
        response *= 1 - depth * ring
    for px, py, sensitivity in truth.cold:
        response[int(py), int(px)] *= sensitivity
    bias = config.bias + config.bias_structure * rng.normal(size=config.width)[None, :] + np.zeros_like(x)
    bias += config.row_structure * rng.normal(size=config.height)[:, None]
    dark = np.full(x.shape, config.dark_current)
    if config.amp_glow > 0:
        reach = 0.15 * np.hypot(config.width, config.height)
        dark += config.amp_glow * np.exp(-np.hypot(x - config.width, y - config.height / 2) / reach)
    for px, py, level in np.concatenate([truth.hot, truth.warm]):
        dark[int(py), int(px)] += level * config.gain / config.exposure
    colours = np.array(pattern_index(config.pattern), np.int64)
    lamp = np.array(FLAT_COLOUR if config.pattern else (1.0,))[colours]
    tiles = (config.height // 2 + 1, config.width // 2 + 1)
    return Camera(response, bias, dark, np.tile(lamp, tiles)[: config.height, : config.width], colours)


def light_signal(truth: SimulationTruth, i: int, nebula: Nebula, *, trails: bool = True) -> Array:
    """Return frame ``i`` without noise, vignetting, dark or bias: sky, nebula, stars and trails in ADU (CFA)."""
    config = truth.config
    colours = np.array(pattern_index(config.pattern), np.int64)
    x, y = _grid(config)
    image = truth.frame_sky(i, x, y)
    for row in range(2):
        for column in range(2):
            pixels = np.s_[row::2, column::2]
            image[pixels] = truth.frame_sky(i, x[pixels], y[pixels], int(colours[row, column]))
    sample_nebula(image, nebula, truth.matrices[i], colours, float(truth.transparency[i]))
    px, py = truth.stars_in(i)
    reach = 30 * truth.fwhm[i]
    seen = (px > -reach) & (py > -reach) & (px < config.width + reach) & (py < config.height + reach)
    px, py = px[seen], py[seen]
    add_stars(image, px, py, truth.light_of_stars(i)[seen] * truth.transparency[i], truth.frame_fwhm(i, px, py),
              colours=colours, profile=truth.profile(i))
    _add_changes(image, truth, i, colours)
    if trails:
        for frame, x0, y0, x1, y1, peak in truth.trails:
            if int(frame) == i:
                length = np.hypot(x1 - x0, y1 - y0)
                across = ((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length
                image += peak * np.exp(-0.5 * (across / (truth.fwhm[i] / 2.3548)) ** 2)
    return image


def _add_changes(image: Array, truth: SimulationTruth, i: int, colours: NDArray[np.int64]) -> None:
    """Add moving objects, which move during the exposure, and transients to frame ``i``, in place."""
    config = truth.config
    light = np.array(config.channel_response if config.n_channels == 3 else (1.0,)) * truth.transparency[i]
    into = np.linalg.inv(truth.matrices[i])

    def add(places: Array, flux: Array, fwhm: float | None, profile: StarProfile) -> None:
        x, y = transform_points(into, places[:, 0], places[:, 1])
        width = truth.frame_fwhm(i, x, y) if fwhm is None else np.full(x.shape, fwhm)
        add_stars(image, x, y, flux[:, None] * light, width, colours=colours, profile=profile)

    rows = np.array(config.moving, np.float64).reshape(-1, 6)
    coma = StarProfile(beta=COMA_BETA, radius=4 * config.coma_fwhm)
    for row, track in zip(rows, np.stack([truth.moving_at(i, 0.0), truth.moving_at(i, 1.0)], 1), strict=True):
        steps = int(np.hypot(*(track[1] - track[0])) / LONGEST_STEP) + 1
        places = track[0] + (track[1] - track[0]) * (np.arange(steps)[:, None] + 0.5) / steps
        for flux, fwhm, profile in ((row[4], None, truth.profile(i)), (row[5], config.coma_fwhm, coma)):
            if flux > 0:
                add(places, np.full(steps, flux / steps), fwhm, profile)
    for x, y, flux, first, stop in config.transients:
        if first <= i < stop:
            add(np.array([[x, y]]), np.array([flux]), None, truth.profile(i))


def add_cosmic_rays(electrons: Array, config: SimulationConfig, i: int) -> None:
    """Add short bright tracks to a light, in place; they depend on the seed of the scene, so that twins share them."""
    rng = np.random.default_rng([config.seed, 12, i])
    for _ in range(config.cosmic_rays):
        x, y = rng.uniform(0, config.width), rng.uniform(0, config.height)
        angle, length = rng.uniform(0, 2 * np.pi), int(rng.integers(1, 6))
        level = np.exp(rng.uniform(np.log(800), np.log(30_000))) * config.gain
        for step in range(length):
            column, row = int(x + step * np.cos(angle)), int(y + step * np.sin(angle))
            if 0 <= column < config.width and 0 <= row < config.height:
                electrons[row, column] += level


def expose(
    camera: Camera, config: SimulationConfig, signal: Array | None, exposure: float, rng: np.random.Generator,
    extra: Array | None = None,
) -> NDArray[np.uint16]:  # fmt: skip
    """Return one raw frame: photon noise of ``signal`` (ADU, None for a closed shutter) and dark, read noise, bias.

    ``extra`` are electrons added without photon noise (cosmic rays).
    """
    mean = camera.dark * exposure
    if signal is not None:
        mean = mean + config.gain * camera.response * signal
    electrons = rng.poisson(mean).astype(np.float64)
    if extra is not None:
        electrons += extra
    electrons += config.read_noise * rng.standard_normal(mean.shape)
    return np.clip(np.rint(camera.bias + electrons / config.gain), 0, FULL_SCALE).astype(np.uint16)
