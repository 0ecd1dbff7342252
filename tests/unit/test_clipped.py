"""Clipped samples of long exposures have no weight where a shorter one records the light."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.engines.reference_exposure import unclipped_candidates
from tilecore.stack.clipped import REACH, wrong_samples
from tilecore.stack.reject import reject

SKY, NOISE = 0.01, 0.0005


def core(height: float, sigma: float = 6.0, side: int = 60) -> np.ndarray:
    y, x = np.mgrid[:side, :side] - side // 2
    return SKY + height * np.exp(-(y**2 + x**2) / (2 * sigma**2))


def exposures(light: np.ndarray, short: int, long: int, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Normalised frames, of which the ``long`` last ones clip at ``level``, and where they do."""
    r = np.random.default_rng(1)
    spread = np.where(np.arange(short + long) < short, 5, 1)[:, None, None]
    cube = light + r.normal(0, NOISE, (short + long, *light.shape)) * spread
    cube[short:] = np.minimum(cube[short:], level)
    return cube.astype(np.float32), cube >= 0.85 * np.where(np.arange(short + long) < short, np.inf, level)[:, None, None]


@pytest.mark.parametrize(("short", "long"), [(10, 14), (2, 20), (20, 3)])
def test_the_short_exposures_alone_make_the_core(short: int, long: int) -> None:
    light = core(0.4)
    cube, near = exposures(light, short, long, 0.08)
    valid = np.ones_like(cube)
    wrong = wrong_samples(cube, valid, near, SKY)
    assert wrong is not None and not wrong[:short].any()
    inside = light > 0.085
    assert wrong[short:, inside].all()
    y, x = np.mgrid[:60, :60] - 30
    far = np.hypot(y, x) > np.hypot(y, x)[inside].max() + REACH + 1
    assert not wrong[:, far].any()
    valid[wrong] = 0
    mask = reject(cube, valid, np.where(np.arange(short + long) < short, 5 * NOISE, NOISE).astype(np.float32))
    kept = (valid > 0) & (mask == 0)
    mean = np.where(kept, cube, 0).sum(axis=0) / kept.sum(axis=0)
    assert np.abs(mean[inside] / light[inside] - 1).max() < 0.05  # 0.2 of the light without this, all short frames rejected


def test_where_all_are_clipped_or_others_are_not_brighter_nothing_changes() -> None:
    light = core(0.4)
    cube, near = exposures(light, 0, 12, 0.08)
    assert wrong_samples(cube, np.ones_like(cube), near, SKY) is None
    # Blurred frames of the same exposure are below the level, and no proof against the clipped ones.
    cube[:5] = core(0.07, 8.0)
    near[:5] = False
    assert wrong_samples(cube, np.ones_like(cube), near, SKY) is None


def test_where_short_exposures_exist_blurred_long_ones_prove_nothing_and_do_not_stay_alone() -> None:
    """Of the long frames the sharp ones are clipped: without these the core would be that of the blurred ones."""
    light = core(0.3)
    cube, near = exposures(light, 4, 8, 0.25)
    cube[4:8], near[4:8] = core(0.22, 5.0), False
    levels = np.repeat([25.0, 0.25], (4, 8))
    wrong = wrong_samples(cube, np.ones_like(cube), near, SKY, levels)
    assert wrong is not None and not wrong[:4].any()
    middle = np.unravel_index(light.argmax(), light.shape)
    assert wrong[4:, middle[0], middle[1]].all()


def test_samples_without_data_prove_nothing() -> None:
    light = core(0.4)
    cube, near = exposures(light, 5, 10, 0.08)
    valid = np.ones_like(cube)
    valid[:5] = 0
    assert wrong_samples(cube, valid, near, SKY) is None


@pytest.mark.parametrize(("clipped", "stars", "chosen"), [
    ((0, 30, 400), (60, 90, 120), 5.0), ((20, 25, 400), (60, 90, 120), 30.0), ((3, 4, 6), (60, 90, 120), 120.0),
    ((0, 30, 400), (4, 90, 120), 30.0), ((0, 30, 400), (4, 5, 6), None)])
def test_the_reference_has_an_exposure_that_clips_little(clipped: tuple[int, ...], stars: tuple[int, ...],
                                                         chosen: float | None) -> None:
    exposure = np.repeat([5.0, 30.0, 120.0], 4)
    found = unclipped_candidates(exposure, np.repeat(clipped, 4), np.repeat(stars, 4))
    assert (exposure[found] == chosen).all() if chosen else found.all()
    assert unclipped_candidates(np.full(12, 60.0), np.repeat(clipped, 4), np.repeat(stars, 4)).all()
    assert unclipped_candidates(np.full(12, np.nan), np.repeat(clipped, 4), np.repeat(stars, 4)).all()
