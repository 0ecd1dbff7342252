"""The share of the information of the lights that a stack keeps, with the truth of the simulation.

Stacks of all programs are measured in the same way: scale, unit and orientation are found by their stars.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.io import fits as fits_io
from orchestrator.simulation.truth import SimulationTruth, transform_points
from tilecore.detect.detection import flatten
from tilecore.detect.stars import STAR_DTYPE, detect
from tilecore.register.align import AlignmentError, apply, match, positions
from tilecore.stack.information import PointSources, measure_information
from tilecore.stack.sky_steps import StarLight

__all__ = ["information_of"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Side (px) of the middle of a stack that is measured.
MIDDLE = 1600
# Side (px) of a PSF of a frame.
STAMP = 33
# Largest distance (px) at which a star of the stack is one of the truth.
MATCH_RADIUS = 1.5
# Light of the neighbours within this many px that a star may have, as a share of its own.
NEIGHBOURS = (12.0, 0.02)


def information_of(path: Path, truth: SimulationTruth) -> float | None:
    """sum_k |P|^2 / N of the middle of a stack over sum_f a_f^2 / (sigma_f^2 A_f) of the lights; of green, if it has colours.

    P is the spectrum of the PSF, N the power of the noise, a, sigma and A are transparency, noise and effective area of each
    light (Zackay & Ofek 2017, ApJ 836:187). None if the stack has too few stars, or cannot be matched with the truth.
    """
    channel = 0 if truth.config.pattern is None else 1
    image = _middle(path, channel)
    found = _placed(image, truth, channel)
    if found is None:
        return None
    image, matrix, stars = found
    middle = truth.n_frames // 2
    x, y = (np.asarray(p, np.float64) for p in apply(matrix, np.column_stack(truth.stars_in(middle))).T)
    flux = truth.star_flux[:, channel].copy()
    sources = PointSources(x, y, flux, _alone(x, y, flux) & ~truth.saturated() & _seen(x, y, stars))
    light = StarLight(image.shape, _as_stars(x, y, flux, truth, channel))
    measured = measure_information(image, image, sources, light)
    if not len(measured.value):
        return None
    inverse = np.asarray(np.linalg.inv(matrix), np.float64)
    u, v = apply(inverse, np.column_stack([measured.x, measured.y])).T
    # Pixels of the stack may be larger or smaller than those of the lights.
    area = abs(float(np.linalg.det(inverse[:2, :2])))
    kept = measured.value / _available(truth, middle, u, v, channel) / area
    return float(np.mean(kept))


def _middle(path: Path, channel: int) -> FloatImage:
    """The middle of a stack, without its background."""
    layout = fits_io.image_layout(path)
    planes = np.asarray(layout.read(), np.float32)
    image = planes if planes.ndim == 2 else planes[channel]
    top, left = (max(side - MIDDLE, 0) // 2 for side in image.shape)
    return flatten(np.ascontiguousarray(image[top: top + MIDDLE, left: left + MIDDLE]))[0]


def _placed(image: FloatImage, truth: SimulationTruth, channel: int) -> tuple[FloatImage, FloatArray, NDArray[np.void]] | None:
    """The image, its rows reversed if it is upside down, the transform of the middle light to it, and its stars."""
    x, y = truth.stars_in(truth.n_frames // 2)
    config = truth.config
    near = (np.abs(x - config.width / 2) < MIDDLE / 2 + 50) & (np.abs(y - config.height / 2) < MIDDLE / 2 + 50)
    known = _as_stars(x[near], y[near], truth.star_flux[near, channel], truth, channel)
    for turned in (image, np.ascontiguousarray(image[::-1])):
        stars = detect(turned)
        try:
            return turned, match(known, stars, "similarity").matrix, stars
        except AlignmentError:
            continue
    return None


def _as_stars(x: FloatArray, y: FloatArray, flux: FloatArray, truth: SimulationTruth, channel: int) -> NDArray[np.void]:
    """A table of stars of the truth, brightest first; FWHM and signal-to-noise ratio are about those in the stack."""
    stars = np.zeros(len(x), STAR_DTYPE)
    fwhm = float(truth.fwhm.mean())
    noise = float(truth.frame_sigma(truth.n_frames // 2, *truth.config.centre, channel)) / np.sqrt(truth.n_frames)
    for name, values in (("x", x), ("y", y), ("flux", flux), ("snr", flux / (2 * noise * fwhm))):
        stars[name] = values
    stars["fwhm"], stars["roundness"] = fwhm, 1
    return stars[np.argsort(-stars["flux"], kind="stable")]


def _seen(x: FloatArray, y: FloatArray, stars: NDArray[np.void]) -> NDArray[np.bool_]:
    """Stars of the truth that were detected in the stack."""
    distance, _ = cKDTree(positions(stars)).query(np.column_stack([x, y]))
    return np.asarray(distance < MATCH_RADIUS)


def _alone(x: FloatArray, y: FloatArray, flux: FloatArray) -> NDArray[np.bool_]:
    """Stars without bright neighbours."""
    reach, share = NEIGHBOURS
    result = np.ones(len(x), bool)
    for i, j in cKDTree(np.column_stack([x, y])).query_pairs(reach):
        result[i] &= flux[j] < share * flux[i]
        result[j] &= flux[i] < share * flux[j]
    return result


def _available(truth: SimulationTruth, reference: int, x: FloatArray, y: FloatArray, channel: int) -> FloatArray:
    """Information of all lights for a star of unit flux at positions in the light ``reference``."""
    config = truth.config
    total = np.zeros(len(x))
    for i in range(truth.n_frames):
        u, v = transform_points(truth.matrix(reference, i), x, y)
        inside = (u >= 0) & (v >= 0) & (u <= config.width - 1) & (v <= config.height - 1)
        for s in np.flatnonzero(inside):
            psf = truth.frame_psf(i, float(u[s]), float(v[s]), STAMP)
            sigma = float(truth.frame_sigma(i, u[s], v[s], channel))
            total[s] += (truth.transparency[i] / sigma) ** 2 * float(np.sum(psf**2))
    return total if config.pattern is None else total * config.pattern.count("RGB"[channel]) / 4
