"""Transparency from fluxes and robust surfaces."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from tilecore.normalize import PolynomialSurface, evaluate_surface, fit_surface, match_fluxes, surface_terms, transparency
from tilecore.stars import STAR_DTYPE


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


def test_a_surface_gives_the_same_in_any_blocks_and_after_pickling() -> None:
    y, x = np.mgrid[0:40:5, 0:60:5].astype(float)
    values = 0.1 + 1e-3 * x - 2e-3 * y + 1e-5 * x * y
    surface = PolynomialSurface.fit(x.ravel(), y.ravel(), values.ravel(), 2, (40, 60))
    assert surface.evaluate(x, y) == pytest.approx(values, abs=1e-9)
    whole = surface.evaluate_block(0, 40, 0, 60)
    copy = pickle.loads(pickle.dumps(surface))
    blocks = np.concatenate([copy.evaluate_block(k, k + 8, 0, 60) for k in range(0, 40, 8)])
    assert whole.dtype == np.float32 and whole.tobytes() == blocks.tobytes()


def test_fluxes_are_matched_through_the_transform_without_saturated_stars() -> None:
    rng = np.random.default_rng(3)
    reference = np.zeros(40, STAR_DTYPE)
    reference["x"], reference["y"] = rng.uniform(0, 1000, (2, 40))
    reference["flux"], reference["snr"] = np.arange(1, 41), 50
    frame = reference.copy()
    frame["x"] -= 7
    frame["flux"] *= 0.5
    frame["saturated"][3] = True
    matrix = np.array([[1, 0, 7.0], [0, 1, 0], [0, 0, 1]])
    flux, base, snr = match_fluxes(frame[::-1], matrix, reference)
    assert len(flux) == 39 and 4 not in base
    assert flux == pytest.approx(0.5 * base) and (snr == 50).all()
    assert len(match_fluxes(frame[:0], matrix, reference)[0]) == 0
