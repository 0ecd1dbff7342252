"""Transparency from fluxes and robust surfaces."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.numerics.robust_surface import evaluate_surface, fit_surface, surface_order, surface_terms
from tilecore.sky.normalize import mean_shape, residual_clouds, transparency


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_transparency_is_found_among_variable_and_blended_stars(share: float) -> None:
    rng = np.random.default_rng(0)
    reference = rng.pareto(1, 200) + 1
    flux = 0.73 * reference * rng.normal(1, 0.02, 200)
    flux[: int(200 * share)] *= 1.8
    a, used, scatter = transparency(flux, reference)
    assert a == pytest.approx(0.73, rel=0.005)
    assert used >= 200 * (1 - share) * 0.9 and scatter < 0.04


def test_faint_stars_do_not_spoil_what_bright_ones_tell() -> None:
    rng = np.random.default_rng(1)
    reference = np.concatenate([np.full(20, 100.0), np.full(180, 1.0)])
    snr = np.concatenate([np.full(20, 100.0), np.full(180, 3.0)])
    errors = []
    for _ in range(30):
        flux = 0.9 * reference * rng.normal(1, 1 / snr)
        errors.append(transparency(flux, reference, snr)[0] / 0.9 - 1)
    assert np.sqrt(np.mean(np.square(errors))) < 0.006


def test_stars_that_were_not_measured_do_not_count() -> None:
    flux, reference = np.array([np.nan, 2.0, 4.0, -1.0]), np.array([1.0, 4.0, 8.0, 3.0])
    assert transparency(flux, reference)[:2] == (pytest.approx(0.5), 2)
    a, used, scatter = transparency(np.array([np.nan]), np.array([1.0]))
    assert (a, used) == (1.0, 0) and np.isnan(scatter)


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_a_polynomial_is_recovered_among_outliers(order: int) -> None:
    rng = np.random.default_rng(order)
    x, y = rng.uniform(-1, 1, (2, 300))
    truth = rng.normal(0, 1, len(surface_terms(order)))
    values = evaluate_surface(truth, x, y) + rng.normal(0, 0.01, 300)
    values[:45] += 5
    assert fit_surface(x, y, values, order) == pytest.approx(truth, abs=0.02)


def test_the_polynomial_is_the_sum_of_its_terms() -> None:
    coefficients = np.arange(1.0, 7.0)
    x, y = np.array([0.3, -2.0]), np.array([1.5, 0.7])
    terms = list(zip(surface_terms(2), coefficients, strict=True))
    slow = [sum(c * a**i * b**j for (i, j), c in terms) for a, b in zip(x, y, strict=True)]
    assert evaluate_surface(coefficients, x, y) == pytest.approx(slow)


def test_few_samples_lower_the_order() -> None:
    x = np.linspace(0, 1, 6)
    assert len(fit_surface(x, x**2, 1 + x, 2)) == 1


def test_the_order_of_a_surface_follows_from_its_number_of_terms() -> None:
    assert [surface_order(len(surface_terms(order))) for order in range(6)] == [0, 1, 2, 3, 4, 5]


def test_clouds_are_taken_off_the_frames_that_have_them_whichever_is_the_reference() -> None:
    rng = np.random.default_rng(4)
    sky = rng.normal(0, 0.02, (9, 16, 16))
    cloud = np.zeros((16, 16))
    cloud[3:9, 4:12] = 5.0
    sky[2] += cloud
    sky[2, :, 15] = np.nan  # beyond the frame
    noise = np.ones(9)
    scene = np.full((16, 16), 300.0)
    found = residual_clouds(sky, noise, scene)
    assert not found[[0, 1, 3, 4, 5, 6, 7, 8]].any()
    np.testing.assert_allclose(found[2, :, :15], cloud[:, :15], atol=0.1)
    as_reference = residual_clouds(sky - sky[2], noise, scene)  # all others lack its cloud then
    assert not as_reference[[0, 1, 3, 4, 5, 6, 7, 8]].any()
    np.testing.assert_allclose(as_reference[2, :, :15], cloud[:, :15], atol=0.1)


def test_a_few_bright_stars_under_the_samples_are_no_clouds() -> None:
    sky = np.random.default_rng(5).normal(0, 0.02, (5, 16, 16))
    sky[1, 2, 3] = sky[1, 12, 9] = 4.0
    assert not residual_clouds(sky, np.ones(5), np.zeros((16, 16))).any()


def test_a_nebula_that_frames_see_at_other_places_is_no_cloud() -> None:
    y, x = np.mgrid[:16, :16]
    nebula = 60 * np.exp(-((x - 7) ** 2 + (y - 8) ** 2) / 8)
    sky = np.stack([0.15 * np.roll(nebula, shift, axis=1) - 0.15 * nebula for shift in (0, 1, -1, 1, 0)])
    assert np.abs(sky).max() > 2
    assert not residual_clouds(sky, np.ones(5), nebula).any()


def test_the_errors_of_the_sky_of_the_reference_do_not_enter_the_stack() -> None:
    rng = np.random.default_rng(3)
    y, x = (a.ravel() for a in np.mgrid[0:1:16j, 0:1:16j])
    shared = 0.0
    for _ in range(20):
        errors = rng.normal(0, 1, (24, 256))
        surfaces = np.array([fit_surface(x, y, sky - errors[0], 2) for sky in errors])
        stacks = [errors - np.array([evaluate_surface(s - mean, x, y) for s in surfaces])
                  for mean in (np.zeros(6), mean_shape(surfaces, np.ones(24), x, y))]
        of_one, of_all = (np.var(evaluate_surface(fit_surface(x, y, stack.mean(axis=0), 2), x, y)) for stack in stacks)
        shared += of_all / of_one / 20
        assert stacks[0].mean() == pytest.approx(stacks[1].mean(), abs=1e-9)
    assert shared < 0.15
