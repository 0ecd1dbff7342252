"""Light curves of stars in images with different PSFs and transparencies, and what is new in some of them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from orchestrator.derived.series import nights_of
from orchestrator.derived.transients import TransientSearch
from orchestrator.simulation.psf import add_stars
from tilecore.detect.light_curves import LightCurves, changes_of, light_curves, star_weights
from tilecore.detect.stars import detect

SKY = 400.0
IMAGES, SIDE, STARS = 40, 120, 16


def observed(seed: int, amplitude: float, new: float) -> tuple[LightCurves, NDArray[np.float64], list[object], int]:
    """Light curves of a variable among constant stars, its true magnitudes, transients, and the number of the variable."""
    rng = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(np.arange(4), np.arange(4)), -1).reshape(-1, 2) * 22.0 + 26
    x, y = (grid + rng.uniform(-2, 2, grid.shape)).T
    flux = np.exp(rng.uniform(np.log(5000), np.log(60_000), STARS))
    true = amplitude * np.sin(np.arange(IMAGES) / 3)
    images, widths, clear = [], rng.uniform(2.5, 3.4, IMAGES), rng.uniform(0.7, 1, IMAGES)
    for k in range(IMAGES):
        image, now = np.zeros((SIDE, SIDE)), flux.copy()
        now[5] *= 10 ** (-0.4 * true[k])
        add_stars(image, x, y, now, np.full(STARS, widths[k]))
        if 10 <= k < 14 and new:
            add_stars(image, np.array([37.3]), np.array([58.6]), np.array([new]), np.array([widths[k]]))
        noisy = rng.poisson(clear[k] * image + SKY) - SKY
        images.append((noisy / clear[k] * rng.normal(1, 0.003)).astype(np.float32))  # the scale of a frame has an error
    deep = np.mean(images, axis=0).astype(np.float32)
    stars = detect(deep)
    weights = star_weights(deep, stars["x"], stars["y"], 2.9, 3.5)
    search, found = TransientSearch(deep, stars, 2.9), []
    for image, c in zip(images, clear, strict=True):
        variance = ((np.maximum(deep, 0) * c + SKY) / c**2).astype(np.float32)
        found.append(changes_of(image, deep, variance, weights))
        search.add(image, variance)
    ratio, error = (np.stack([f[i] for f in found], 1) for i in range(2))
    light = np.array([w.light if w is not None else 0 for w in weights])
    star = int(np.argmin(np.hypot(stars["x"] - x[5], stars["y"] - y[5])))
    return light_curves(ratio, error, light, widths), true, list(search.found()), star


def test_a_variable_is_measured_to_its_photon_noise_and_a_transient_is_found() -> None:
    curves, true, transients, star = observed(1, 0.1, 3000.0)
    rest = curves.magnitude[star] - true
    assert curves.variable[star] and curves.variable.sum() == 1
    assert np.std(rest) < 1.3 * np.median(curves.error[star])
    assert len(transients) == 1 and (transients[0].first, transients[0].last) == (10, 13)  # type: ignore[attr-defined]
    assert np.hypot(transients[0].x - 37.3, transients[0].y - 58.6) < 0.5  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(2, 8))
def test_constant_stars_are_no_variables_and_their_errors_are_right(seed: int) -> None:
    curves, _, transients, _ = observed(seed, 0.0, 0.0)
    assert not curves.variable.any() and not transients
    assert np.nanmedian(curves.scatter / np.nanmedian(curves.error, axis=1)) == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("dusk", [0.5, 6.0, 10.2, 18.0, 23.5])  # UTC, from the far east to the far west
def test_nights_are_found_wherever_the_telescope_is(dusk: float) -> None:
    rng = np.random.default_rng(int(dusk))
    nights = np.repeat([0, 1, 4], [40, 5, 30])
    hours = dusk + 24 * nights + rng.uniform(0, 11, nights.size)
    hours[:2] = dusk, dusk + 11  # a whole night, across midnight or not
    mixed = rng.permutation(nights.size)
    assert (nights_of(hours[mixed] - hours.mean()) == np.array([0, 1, 1, 1, 2])[nights[mixed]]).all()
    assert not nights_of(hours[nights == 0]).any() and nights_of(np.array([3.0])).tolist() == [0]
