"""The judge gives the figures that closed forms give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, shift

from fixtures.judge import (
    field_drift_mmag,
    fit_stars,
    flux_scatter_mmag,
    fwhm,
    good_stars,
    information_kept,
    noise_power,
    positions_rms,
    radial_profile,
    star_photometry,
)
from orchestrator.simulation import PRESETS, SimulationConfig, SimulationTruth
from orchestrator.simulation.camera import light_signal
from orchestrator.simulation.psf import GAUSSIAN, StarProfile, add_stars
from orchestrator.simulation.scene import make_nebula, plan

EQUAL = SimulationConfig(
    width=480, height=360, n_frames=4, n_stars=200, psf="gaussian", seeing_min=3.0, seeing_max=3.0,
    transparency_min=1.0, transparency_max=1.0, sky_min=500.0, sky_max=500.0, dark_current=0.0,
)  # fmt: skip
UNEQUAL = replace(EQUAL, n_frames=6, seeing_min=2.2, seeing_max=4.5, transparency_min=0.6, sky_min=300.0, sky_max=900.0)


def clean_mean(truth: SimulationTruth) -> np.ndarray:
    nebula = make_nebula(truth.config)
    frames = [light_signal(truth, i, nebula) - truth.sky[i] for i in range(truth.n_frames)]
    return np.mean(frames, axis=0)


def weighted_mean(truth: SimulationTruth, weights: np.ndarray, seed: int) -> np.ndarray:
    """Mean of unshifted frames with photon, read and digitisation noise: nothing is interpolated."""
    rng = np.random.default_rng(seed)
    config, nebula = truth.config, make_nebula(truth.config)
    total = np.zeros((config.height, config.width))
    for i in range(truth.n_frames):
        signal = light_signal(truth, i, nebula)
        noise = np.hypot(config.read_noise / config.gain, np.sqrt(1 / 12))
        frame = rng.poisson(signal * config.gain) / config.gain + rng.normal(0, noise, signal.shape)
        total += weights[i] * (frame - truth.sky[i])
    return total / weights.sum()


def twins(truth: SimulationTruth, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return weighted_mean(truth, weights, 10), weighted_mean(truth, weights, 20)


def closed_form(truth: SimulationTruth, weights: np.ndarray) -> float:
    """eta of a weighted mean of unshifted frames with white noise, from the truth alone."""
    n, (x, y) = truth.n_frames, truth.config.centre
    psfs = [truth.frame_psf(i, x, y, 48) for i in range(n)]
    sigma = np.array([float(truth.frame_sigma(i, x, y)) for i in range(n)])
    products = np.array([[np.sum(p * q) for q in psfs] for p in psfs])
    signal = weights * truth.transparency
    kept = signal @ products @ signal / np.sum(weights**2 * sigma**2)
    return float(kept / np.sum((truth.transparency / sigma) ** 2 * np.diag(products)))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_plain_mean_of_equal_frames_keeps_everything(seed):
    truth = plan(replace(EQUAL, seed=seed))
    kept = information_kept(*twins(truth, np.ones(4)), truth)
    assert kept.eta == pytest.approx(1, abs=0.03)
    assert kept.stars >= 5


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", ["plain", "inverse_variance", "sharp"])
def test_a_mean_of_unequal_frames_keeps_what_the_closed_form_says(seed, name):
    truth = plan(replace(UNEQUAL, seed=seed))
    x, y = truth.config.centre
    variance = np.array([float(truth.frame_sigma(i, x, y)) for i in range(6)]) ** 2
    weights = {
        "plain": np.ones(6),
        "inverse_variance": truth.transparency / variance,
        "sharp": np.exp(-2 * (truth.fwhm - 3)),
    }[name]
    kept = information_kept(*twins(truth, weights), truth)
    assert kept.eta == pytest.approx(closed_form(truth, weights), rel=0.03)


@pytest.mark.parametrize("seed", [1, 2])
def test_blurring_or_scaling_a_result_loses_no_information(seed):
    truth = plan(replace(UNEQUAL, seed=seed))
    a, b = twins(truth, np.ones(6))
    kept = information_kept(a, b, truth).eta
    for sigma in (0.7, 1.0):
        blurred = information_kept(gaussian_filter(a, sigma), gaussian_filter(b, sigma), truth).eta
        assert blurred == pytest.approx(kept, rel=0.03)
    scaled = information_kept((a / 65535).astype(np.float32), (b / 65535).astype(np.float32), truth).eta
    assert scaled == pytest.approx(kept, rel=1e-3)


def test_leaving_frames_out_loses_their_information():
    truth = plan(EQUAL)
    kept = information_kept(*twins(truth, np.array([1.0, 1.0, 1.0, 0.0])), truth)
    assert kept.eta == pytest.approx(0.75, abs=0.03)


def test_information_is_told_by_region_and_scale():
    truth = plan(EQUAL)
    a, b = twins(truth, np.ones(4))
    kept = information_kept(a, b, truth, regions=(2, 2))
    assert kept.regions.shape == (2, 2)
    assert kept.eta == pytest.approx(np.nanmean(kept.regions))
    assert kept.scales == pytest.approx((1, 1, 1), abs=0.1)


def test_a_grown_canvas_gives_the_same_information_through_its_offset():
    truth = plan(EQUAL)
    a, b = (np.pad(image, ((20, 4), (12, 8))) for image in twins(truth, np.ones(4)))
    kept = information_kept(a, b, truth, offset=(-12.0, -20.0), regions=(1, 1))
    assert kept.eta == pytest.approx(1, abs=0.03)


def test_information_refuses_images_that_do_not_match():
    with pytest.raises(ValueError, match="same shape"):
        information_kept(np.zeros((9, 9)), np.zeros((9, 8)), plan(EQUAL))


def test_white_noise_has_its_variance_at_every_frequency():
    rng = np.random.default_rng(1)
    scene = rng.uniform(0, 1000, (400, 400))
    a, b = (scene + rng.normal(0, 7, scene.shape) for _ in range(2))
    power = noise_power(a, b)
    assert power.mean() == pytest.approx(49, rel=0.02)
    assert power.std() < 0.06 * 49
    assert noise_power(a, b, smooth=False).mean() == pytest.approx(49, rel=0.02)


def test_filtered_noise_has_the_spectrum_of_its_filter():
    rng = np.random.default_rng(2)
    a, b = (gaussian_filter(rng.normal(0, 1, (500, 500)), 0.8, mode="wrap") for _ in range(2))
    k, power = radial_profile(noise_power(a, b))
    expected = np.exp(-((2 * np.pi * 0.8 * k) ** 2))
    assert power[1:11] == pytest.approx(expected[1:11], rel=0.08)


def test_noise_power_leaves_out_pixels_without_weight():
    rng = np.random.default_rng(3)
    a, b = rng.normal(0, 1, (2, 240, 240))
    a[100:112, 90:102] += 500
    weight = np.ones_like(a)
    weight[100:112, 90:102] = 0
    assert noise_power(a, b, weight=weight).mean() == pytest.approx(1, rel=0.03)


def test_photometry_measures_the_flux_above_the_sky():
    image = np.full((100, 100), 321.0)
    x, y = np.array([30.3, 66.8]), np.array([40.1, 59.5])
    add_stars(image, x, y, np.array([1000.0, 4000.0]), np.array([3.0, 3.0]), profile=StarProfile(GAUSSIAN))
    assert star_photometry(image, x, y, 8.0) == pytest.approx([1000, 4000], rel=1e-3)


def test_a_clean_mean_has_hardly_any_scatter_or_drift():
    truth = plan(replace(EQUAL, n_frames=2))
    image = clean_mean(truth) / 65535
    assert flux_scatter_mmag(image, truth) < 2
    assert field_drift_mmag(image, truth) < 2
    assert positions_rms(image, truth) < 0.005
    _, x, y = good_stars(truth)
    assert fwhm(image, x, y) == pytest.approx(3.0, abs=0.05)


def test_a_gain_that_varies_over_the_field_shows_as_drift():
    truth = plan(replace(EQUAL, n_frames=1))
    ramp = np.linspace(0.95, 1.05, 480)[None, :]
    image = clean_mean(truth) * ramp
    _, x, _ = good_stars(truth)
    expected = 1085.7 * np.ptp(np.log(np.interp(x, np.arange(480), ramp[0])))
    assert field_drift_mmag(image, truth) == pytest.approx(expected, rel=0.1)
    assert flux_scatter_mmag(image, truth) > 15


def test_random_flux_errors_show_as_scatter():
    truth = plan(replace(EQUAL, n_frames=1, seed=4))
    rng = np.random.default_rng(5)
    factors = np.exp(rng.normal(0, 0.05, truth.star_x.size))
    wrong = replace(truth, star_flux=truth.star_flux * factors[:, None])
    assert 30 < flux_scatter_mmag(clean_mean(wrong), truth) < 85


def test_a_displaced_result_shows_in_the_positions():
    truth = plan(replace(EQUAL, n_frames=1))
    moved = shift(clean_mean(truth), (0.3, -0.4), order=5)
    assert positions_rms(moved, truth) == pytest.approx(0.5, abs=0.01)


def test_good_stars_are_alone_unsaturated_and_on_every_frame():
    truth = plan(PRESETS["mono_seeing"])
    index, x, y = good_stars(truth, 20)
    assert 15 <= index.size <= 30
    assert not truth.saturated()[index].any()
    everyone = np.stack(truth.stars_in(20), 1)
    for s in range(index.size):
        near = np.hypot(everyone[:, 0] - x[s], everyone[:, 1] - y[s]) < 4.5 * truth.fwhm.mean()
        assert truth.star_flux[near].sum() <= 1.002 * truth.star_flux[index[s]].sum()


def test_fits_recover_position_flux_and_width_of_a_moffat_star():
    image = np.full((60, 60), 50.0)
    add_stars(image, np.array([30.27]), np.array([28.61]), np.array([9000.0]), np.array([3.7]), profile=StarProfile(beta=3.5))
    star = fit_stars(image, [30.0], [29.0], 3.0)[0]
    assert (star["x"], star["y"]) == pytest.approx((30.27, 28.61), abs=2e-3)
    assert star["flux"] == pytest.approx(9000, rel=5e-3)
    assert star["fwhm"] == pytest.approx(3.7, abs=0.01)
    assert star["background"] == pytest.approx(50, abs=0.3)
