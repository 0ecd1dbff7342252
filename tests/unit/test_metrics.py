"""Measurements of single frames against what was put into them."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from numpy.typing import NDArray

from orchestrator.simulation.psf import add_stars
from tilecore.detect.metrics import measure, sample_mesh

SHAPE, NOISE = (384, 512), 0.0004


def frame(fwhm: float | NDArray[np.float64] = 3.0, *, slope: float = 0.0, count: int = 120, noise: float = NOISE,
          transparency: float = 1.0, seed: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(12, SHAPE[1] - 12, count), rng.uniform(12, SHAPE[0] - 12, count)
    width = np.full(count, fwhm) if np.isscalar(fwhm) else np.interp(x, [0, SHAPE[1]], np.asarray(fwhm))
    image = np.zeros(SHAPE)
    add_stars(image, x, y, transparency * np.exp(rng.uniform(np.log(0.03), 0, count)), width)
    image += 0.02 * (1 + slope * np.linspace(-0.5, 0.5, SHAPE[1]))
    return (image + np.random.default_rng(seed + 100).normal(0, noise, SHAPE)).astype(np.float32)


@pytest.mark.parametrize("slope", [0.0, 0.5])
def test_noise_counts_neither_stars_nor_gradients(slope: float) -> None:
    m = measure(frame(slope=slope), None)
    assert m.noise[0] == pytest.approx(NOISE, rel=0.03)
    assert np.abs(m.noise_mesh / NOISE - 1).max() < 0.25


def test_the_background_mesh_follows_the_sky_below_the_stars() -> None:
    m = measure(frame(slope=0.5), None)
    x, y = m.mesh_centers[1], m.mesh_centers[0]
    sky = 0.02 * (1 + 0.5 * (x / (SHAPE[1] - 1) - 0.5))
    assert np.abs(m.background_mesh[0] - sky).max() < 3e-4
    assert len(y) == m.background_mesh.shape[1] and y[0] > 0 and y[-1] < SHAPE[0]


def test_planes_of_a_mosaic_are_measured_apart_and_in_order_of_memory() -> None:
    levels, noises = np.array([0.01, 0.02, 0.03, 0.04]), np.array([2e-4, 4e-4, 6e-4, 8e-4])
    rng = np.random.default_rng(1)
    mosaic = np.zeros(SHAPE, np.float32)
    for k in range(4):
        part = mosaic[k // 2:: 2, k % 2:: 2]
        part[:] = levels[k] + rng.normal(0, noises[k], part.shape)
    m = measure(mosaic, "RGGB")
    assert m.background == pytest.approx(levels, rel=0.01)
    assert m.noise == pytest.approx(noises, rel=0.05)
    assert m.mesh_centers[1][-1] > SHAPE[1] / 2


def test_three_colours_give_three_planes() -> None:
    m = measure(np.stack([frame(), frame() + 0.01, frame() + 0.02]), None)
    assert m.background == pytest.approx([0.02, 0.03, 0.04], rel=0.03)
    assert m.star_count > 60


def test_a_uniform_field_has_a_flat_fwhm_surface_within_three_percent() -> None:
    m = measure(frame(3.2), None)
    y, x = np.mgrid[0: SHAPE[0]: 6j, 0: SHAPE[1]: 6j]
    assert np.abs(m.psf.fwhm(x, y) / 3.2 - 1).max() < 0.03
    assert m.fwhm == pytest.approx(3.2, rel=0.03)
    assert (m.psf.fwhm_error(x, y) < 0.2).all() and (m.psf.fwhm_error(x, y) > 0).all()


def test_seeing_that_grows_across_the_field_is_followed() -> None:
    m = measure(frame(np.array([2.4, 4.0])), None)
    x, y = np.array([60.0, 256.0, 450.0]), np.full(3, 190.0)
    assert m.psf.fwhm(x, y) == pytest.approx(np.interp(x, [0, SHAPE[1]], [2.4, 4.0]), rel=0.04)


def test_sharper_frames_have_more_gradient_energy_and_cloudy_ones_fewer_stars() -> None:
    sharp, soft, cloudy = measure(frame(2.2), None), measure(frame(4.5), None), measure(frame(2.2, transparency=0.15), None)
    assert sharp.gradient_mesh.sum() > 1.5 * soft.gradient_mesh.sum()
    assert cloudy.star_count < 0.9 * sharp.star_count
    assert soft.wfwhm > sharp.wfwhm


def test_a_frame_without_stars_is_measured_all_the_same() -> None:
    m = measure(frame(count=0), None)
    assert m.star_count <= 1 and m.background[0] == pytest.approx(0.02, rel=0.01)
    assert np.isfinite(m.psf.fwhm(np.array([10.0]), np.array([10.0]))).all()


def test_a_measurement_survives_pickling_and_is_the_same_each_time() -> None:
    first, second = measure(frame(), None), measure(frame(), None)
    assert pickle.loads(pickle.dumps(first)).stars.tobytes() == second.stars.tobytes()
    assert first.noise_mesh.tobytes() == second.noise_mesh.tobytes()


def test_meshes_are_sampled_bilinearly_and_constant_beyond_their_centres() -> None:
    centers = (np.array([10.0, 30.0, 50.0]), np.array([5.0, 25.0]))
    mesh = (centers[0][:, None] + 2 * centers[1][None, :])[None]
    x, y = np.array([5.0, 12.0, 25.0, 100.0]), np.array([10.0, 41.0, 50.0, -7.0])
    expected = np.clip(y, 10, 50) + 2 * np.clip(x, 5, 25)
    assert sample_mesh(mesh, centers, x, y)[0] == pytest.approx(expected)
