"""Random draw of the truth of a session from its seed, and its nebula."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from orchestrator.simulation.config import SimulationConfig
from orchestrator.simulation.sky import project, real_stars, sky_field
from orchestrator.simulation.truth import SimulationTruth, field_terms

__all__ = ["Nebula", "make_nebula", "plan", "sample_nebula"]

Array = NDArray[np.float64]
SUN_BV = 0.65  # B-V of the Sun, in magnitudes
# Streams of random numbers, one per purpose.
MOTION = 1
STARS = 2
SEEING = 3
TRAILS = 4
BAD_PIXELS = 5
CONDITIONS = 6
NEBULA = 7
WARM_PIXELS = 8
CLOUDS = 9
Nebula = tuple[NDArray[np.float32], float]  # (channels, rows, columns) on scene pixels, and its margin


def _rng(config: SimulationConfig, purpose: int) -> np.random.Generator:
    """A separate generator for each purpose, so that adding trails does not move the stars; and for each night, for quantities
    that differ between nights."""
    night = [config.night] if config.night and purpose in (MOTION, SEEING, TRAILS, CONDITIONS) else []
    return np.random.default_rng([config.seed, purpose, *night])


def scene_margin(config: SimulationConfig) -> float:
    """Return how far beyond the frame the scene must reach."""
    turn = np.radians(abs(config.rotation)) / 2 * max(config.width, config.height) / 2
    away = max((abs(v) for panel in config.panels for v in panel), default=0.0)
    return float(np.ceil(abs(config.drift) / 2 + config.dither + away + turn + 16))


def _motion(config: SimulationConfig) -> Array:
    """Matrices frame -> scene: rotation about the centre and drift, both linear over the session, dither and panels."""
    rng = _rng(config, MOTION)
    n = config.n_frames
    phase = np.linspace(-0.5, 0.5, n) if n > 1 else np.zeros(1)
    direction = rng.uniform(0, 2 * np.pi)
    shift = phase[:, None] * config.drift * np.array([np.cos(direction), np.sin(direction)])
    shift = shift + rng.uniform(-1, 1, (n, 2)) * config.dither
    if config.panels:
        shift = shift + np.array(config.panels)[np.arange(n) * len(config.panels) // n]
    cx, cy = config.centre
    matrices = np.zeros((n, 3, 3))
    for i in range(n):
        angle = np.radians(config.rotation * phase[i] + config.turn)
        c, s = np.cos(angle), np.sin(angle)
        tx, ty = cx - c * cx + s * cy + shift[i, 0], cy - s * cx - c * cy + shift[i, 1]
        matrices[i] = [[c, -s, tx], [s, c, ty], [0, 0, 1]]
    return matrices


def _stars(config: SimulationConfig) -> tuple[Array, Array, Array]:
    rng = _rng(config, STARS)
    margin = scene_margin(config)
    width, height = config.width + 2 * margin, config.height + 2 * margin
    count = round(config.n_stars * width * height / (config.width * config.height))
    x, y = rng.uniform(-margin, config.width + margin, count), rng.uniform(-margin, config.height + margin, count)
    a = config.flux_slope
    low, high = config.flux_max**-a, config.flux_min**-a
    flux = rng.uniform(low, high, count) ** (-1 / a)
    colour = rng.normal(0, config.star_colours, count)
    if config.real_stars:
        real = _real_stars(config, margin)
        x, y, flux, colour = (np.concatenate(pair) for pair in zip((x, y, flux, colour), real, strict=True))
    if config.n_channels == 1:
        return x, y, (config.filter_response * flux * np.exp(config.filter_slope * colour))[:, None]
    tint = np.exp(0.5 * np.stack([colour, np.zeros_like(colour), -colour], axis=1))
    return x, y, flux[:, None] * tint * np.array(config.channel_response)


def _real_stars(config: SimulationConfig, margin: float) -> tuple[Array, Array, Array, Array]:
    """Positions, fluxes and logarithms of the red/blue ratio of catalog stars on the scene.

    B-V spans 445 to 551 nm; a camera's blue and red are about 1.5 times as far apart.
    """
    ra, dec, v, bv = real_stars()
    x, y, _ = project(sky_field(config), ra, dec)
    cx, cy = config.centre
    seen = (np.abs(x - cx) < config.width / 2 + margin) & (np.abs(y - cy) < config.height / 2 + margin)
    colour = 0.4 * np.log(10) * 1.5 * (np.nan_to_num(bv[seen], nan=SUN_BV) - SUN_BV)
    return x[seen], y[seen], config.flux_real * 10 ** (-0.4 * (v[seen] - 11)), colour


def _fwhm_terms(config: SimulationConfig) -> Array:
    """Smooth random relative change of the FWHM per frame, scaled so that it spans +-seeing_field_variation."""
    rng = _rng(config, SEEING)
    terms = np.zeros((config.n_frames, 6))
    u, v = np.meshgrid(np.linspace(0, config.width - 1, 25), np.linspace(0, config.height - 1, 25))
    grid = field_terms(u, v, config.width, config.height)
    for i in range(config.n_frames):
        coefficients = rng.normal(0, [1, 1, 0.5, 0.7, 0.7])
        field = grid @ coefficients
        middle, half = (field.max() + field.min()) / 2, (field.max() - field.min()) / 2
        terms[i, 0], terms[i, 1:] = -middle / half, coefficients / half
    return terms * config.seeing_field_variation


def _trails(config: SimulationConfig) -> Array:
    """Straight trails through the frame: (frame, x0, y0, x1, y1, peak)."""
    rng = _rng(config, TRAILS)
    frames = rng.permutation(config.n_frames)[: config.trails]
    trails = np.zeros((config.trails, 6))
    reach = float(np.hypot(config.width, config.height))
    for k, frame in enumerate(sorted(frames)):
        angle = rng.uniform(0, np.pi)
        x, y = rng.uniform(0.25, 0.75) * config.width, rng.uniform(0.25, 0.75) * config.height
        dx, dy = reach * np.cos(angle), reach * np.sin(angle)
        trails[k] = [frame, x - dx, y - dy, x + dx, y + dy, config.trail_brightness * rng.uniform(0.7, 1.3)]
    return trails


def _bad_pixels(config: SimulationConfig) -> tuple[Array, Array]:
    rng = _rng(config, BAD_PIXELS)
    places = rng.choice(config.width * config.height, config.hot_pixels + config.cold_pixels, replace=False)
    x, y = (places % config.width).astype(float), (places // config.width).astype(float)
    h = config.hot_pixels
    level = np.exp(rng.uniform(np.log(500), np.log(30_000), h))
    return np.stack([x[:h], y[:h], level], 1), np.stack([x[h:], y[h:], rng.uniform(0.05, 0.6, config.cold_pixels)], 1)


def _warm_pixels(config: SimulationConfig) -> Array:
    rng = _rng(config, WARM_PIXELS)
    places = rng.choice(config.width * config.height, config.warm_pixels, replace=False)
    level = config.warm_median * np.exp(rng.normal(0, 0.8, config.warm_pixels))
    return np.stack([(places % config.width).astype(float), (places // config.width).astype(float), level], 1)


def plan(config: SimulationConfig) -> SimulationTruth:
    """Draw all random quantities of a session except noise; writes nothing."""
    rng = _rng(config, CONDITIONS)
    n = config.n_frames

    def ranged(low: float, high: float) -> Array:
        return rng.uniform(low, high, n)

    fwhm = ranged(config.seeing_min, config.seeing_max)
    transparency = ranged(config.transparency_min, config.transparency_max)
    for i in config.clouded:
        transparency[i] *= config.cloud_light * np.random.default_rng([config.seed, CLOUDS, i]).uniform(0.7, 1.3)
    sky = ranged(config.sky_min, config.sky_max)
    direction = rng.uniform(0, 2 * np.pi) + rng.normal(0, 0.2, n)
    slope = config.sky_gradient / 2 * np.stack([np.cos(direction), np.sin(direction)], 1)
    psf_angle = rng.uniform(0, np.pi, n)
    x, y, flux = _stars(config)
    hot, cold = _bad_pixels(config)
    return SimulationTruth(
        config=config, matrices=_motion(config), transparency=transparency, sky=sky, sky_slope=slope, fwhm=fwhm,
        fwhm_terms=_fwhm_terms(config), psf_angle=psf_angle, star_x=x, star_y=y, star_flux=flux,
        trails=_trails(config), hot=hot, cold=cold, lights=tuple(f"light_{i + 1:05d}.fit" for i in range(n)),
        warm=_warm_pixels(config),
    )  # fmt: skip


def make_nebula(config: SimulationConfig) -> Nebula:
    """Return the nebula in ADU on a scene grid with a margin: filtered noise, red and blue-green parts.

    Its finest structure is a Gaussian of ``nebula_scale`` pixels, wider than the seeing, so that all frames show the same.
    """
    margin = scene_margin(config) + 4
    shape = (int(config.height + 2 * margin), int(config.width + 2 * margin))
    if config.nebula <= 0:
        return np.zeros((config.n_channels, 4, 4), np.float32), margin
    rng = _rng(config, NEBULA)

    def cloud() -> Array:
        field = np.zeros(shape)
        for octave, strength in ((4.0, 1.0), (2.0, 0.35), (1.0, 0.12)):
            layer = gaussian_filter(rng.normal(size=shape), config.nebula_scale * octave, mode="wrap")
            field += strength * layer / layer.std()
        threshold, top = np.quantile(field, 1 - config.nebula_fill), field.max()
        return np.asarray(np.clip((field - threshold) / (top - threshold), 0, None) ** 1.5)

    red, teal = cloud(), cloud()
    if config.n_channels == 1:
        parts = [red + 0.5 * teal]
    else:
        parts = [red + 0.05 * teal, 0.2 * red + 0.5 * teal, 0.25 * red + 0.45 * teal]
    nebula = np.stack(parts)
    return (config.nebula * nebula / nebula.max()).astype(np.float32), margin


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _cubic(t: float) -> tuple[float, float, float, float]:
    return (
        ((-0.5 * t + 1.0) * t - 0.5) * t,
        (1.5 * t - 2.5) * t * t + 1.0,
        ((-1.5 * t + 2.0) * t + 0.5) * t,
        (0.5 * t - 0.5) * t * t,
    )


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _sample(
    nebula: NDArray[np.float32], margin: float, matrix: Array, colours: NDArray[np.int64], out: Array, scale: float
) -> None:
    rows, columns = nebula.shape[1:]
    for j in range(out.shape[0]):
        for i in range(out.shape[1]):
            x = matrix[0, 0] * i + matrix[0, 1] * j + matrix[0, 2] + margin
            y = matrix[1, 0] * i + matrix[1, 1] * j + matrix[1, 2] + margin
            x0, y0 = int(np.floor(x)), int(np.floor(y))
            if x0 < 1 or y0 < 1 or x0 > columns - 3 or y0 > rows - 3:
                continue
            wx, wy = _cubic(x - x0), _cubic(y - y0)
            c = colours[j & 1, i & 1]
            total = 0.0
            for b in range(4):
                row = 0.0
                for a in range(4):
                    row += wx[a] * nebula[c, y0 - 1 + b, x0 - 1 + a]
                total += wy[b] * row
            out[j, i] += scale * total


def sample_nebula(image: Array, nebula: Nebula, matrix: Array, colours: NDArray[np.int64], scale: float) -> None:
    """Add the nebula, sampled through a frame -> scene similarity and the colours of the CFA, to ``image`` in place."""
    values, margin = nebula
    if values.shape[1] > 4:
        _sample(values, float(margin), np.ascontiguousarray(matrix), colours, image, float(scale))
