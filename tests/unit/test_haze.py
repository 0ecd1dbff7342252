"""Haze over parts of frames: found from the fluxes of stars where it is, and nowhere else; and corrected."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.stacking.blocks import Block
from orchestrator.stacking.sky_correction import Clouds, SkyCorrection, noise_under_haze, sky_corrections
from tilecore.sky.haze import lost_light
from tilecore.stack.grid import make_grid

WIDTH, HEIGHT = 1920.0, 1080.0
PLACES = np.stack([a.ravel() for a in np.meshgrid((np.arange(16) + 0.5) * WIDTH / 16, (np.arange(16) + 0.5) * HEIGHT / 16)], 1)


def bank(places: np.ndarray, x: float, y: float, depth: float = 0.4) -> np.ndarray:
    """ln of what a bank of haze about x, y takes."""
    return np.asarray(depth * np.exp(-(((places - [x, y]) / 300) ** 2).sum(axis=1) / 2))


def session(seed: int, frames: int = 12, stars: int = 120, error: float = 0.02) -> tuple[np.ndarray, np.ndarray]:
    """Fluxes (frames, stars) over the transparency, and where the stars are."""
    random = np.random.default_rng(seed)
    at = random.uniform(0, 1, (stars, 2)) * [WIDTH, HEIGHT]
    return random.lognormal(7, 1, stars) * np.exp(random.normal(0, error, (frames, stars))), at


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_bank_of_haze_is_found_where_it_is(seed: int) -> None:
    flux, at = session(seed)
    true = np.zeros((len(flux), len(PLACES)))
    for frame, (x, y) in {3: (500, 400), 4: (900, 500), 7: (1500, 800)}.items():
        flux[frame] *= np.exp(-bank(at, x, y))
        true[frame] = bank(PLACES, x, y)
    flux[3, 5] *= 3  # a variable star, one crossed by a trail, some not measured
    flux[7, 8] *= 0.2
    flux[:, 11] = np.nan
    flux[5, ::3] = np.nan
    found = lost_light(flux, at, PLACES, WIDTH)
    assert np.flatnonzero(found.any(axis=1)).tolist() == [3, 4, 7]
    assert np.sqrt(np.mean((found - true)[[3, 4, 7]] ** 2)) < 0.02
    assert np.abs(found - true).max() < 0.1


@pytest.mark.parametrize("seed", range(5))
def test_clear_frames_are_left_as_they_are(seed: int) -> None:
    flux, at = session(seed, error=0.05)
    flux *= np.exp(np.random.default_rng(seed).normal(0, 0.01, (len(flux), 1)))
    flux[2, 7] *= 2
    assert not lost_light(flux, at, PLACES, WIDTH).any()
    assert not lost_light(flux[:3], at, PLACES, WIDTH).any()
    assert not lost_light(np.full((8, 0), np.nan), at[:0], PLACES, WIDTH).any()
    assert not lost_light(np.full_like(flux, np.nan), at, PLACES, WIDTH).any()


def test_what_is_lost_is_made_up_for_above_the_clear_sky() -> None:
    """Stars become what they were, the sky stays; where there is no data nothing is done."""
    y, x = (np.arange(90) + 0.5)[:, None] / 90, (np.arange(120) + 0.5)[None] / 120
    sky, star = 500 + 100 * x + 0 * y, np.zeros((90, 120))
    star[40, 70] = 2000
    mesh_y, mesh_x = (np.arange(16) + 0.5)[:, None] / 16, (np.arange(16) + 0.5)[None] / 16
    lost, added = 0.5 * mesh_x + 0 * mesh_y, 40 * mesh_y + 0 * mesh_x
    [correction, none] = sky_corrections((Clouds(added[None].astype(np.float32)), None),
                         np.stack([lost, np.zeros((16, 16))]).astype(np.float32),
                         (500 + 100 * mesh_x + 0 * mesh_y)[None].astype(np.float32))
    assert none == SkyCorrection()
    seen = (sky + star * np.exp(-0.5 * x) + 40 * y)[None].astype(np.float32)
    valid = np.ones((90, 120), np.float32)
    valid[:5] = 0
    before = seen.copy()
    correction.apply(Block(0, 90, 0, 120), (90, 120), seen, valid)
    assert (seen[:, :5] == before[:, :5]).all()
    np.testing.assert_allclose(seen[0, 8:-8, 8:-8], (sky + star)[8:-8, 8:-8], atol=8)
    part = before[:, 30:60, 50:90].copy()
    correction.apply(Block(30, 60, 50, 90), (90, 120), part, valid[30:60, 50:90])
    assert (part == seen[:, 30:60, 50:90]).all()
    grid = make_grid((90, 120), 2.0, size_factor=8, min_size=16, max_divisor=4, overlap=0.5)
    noise = noise_under_haze(np.ones((1, 2, grid.n_y, grid.n_x)), [correction, none], grid)
    assert (noise[0, 1] == 1).all()
    assert np.log(noise[0, 0].max()) == pytest.approx(0.5 * grid.centers()[..., 1].max() / 120, abs=0.03)


def test_a_mesh_is_met_at_its_middles_linear_between_and_level_at_the_rim() -> None:
    mesh = np.random.default_rng(6).normal(size=(1, 4, 5)).astype(np.float32)
    correction, dark = SkyCorrection(mesh), np.zeros((1, 1, 1), np.float32)
    middles_y, middles_x = (np.arange(4)[:, None] + 0.5) / 4, (np.arange(5)[None] + 0.5) / 5
    added = correction.corrected(np.zeros((1, 4, 5), np.float32), middles_y, middles_x, slice(None))
    np.testing.assert_allclose(added, -mesh, atol=1e-6)
    between = correction.corrected(dark, np.full((1, 1), 0.25), np.full((1, 1), 0.2), slice(None))
    assert between.item() == pytest.approx(-mesh[0, :2, :2].mean(), abs=1e-6)
    rim = correction.corrected(dark, np.zeros((1, 1)), np.ones((1, 1)), slice(None))
    assert rim.item() == pytest.approx(-mesh[0, 0, -1], abs=1e-6)
