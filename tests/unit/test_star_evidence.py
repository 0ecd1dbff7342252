"""Which stars a frame does not show, and which parts of it are blocked."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.stack.grid import make_grid
from tilecore.stack.star_evidence import blocked, lost_stars
from tilecore.stack.weights import TileMeasurements, credible_noise, tile_weights

FRAMES, SIDE = 14, 400.0


def field(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Positions (n, 2) and fluxes (n,) of stars; the noise of a flux is 100."""
    r = np.random.default_rng(seed)
    return r.uniform(0, SIDE, (n, 2)), np.exp(r.uniform(np.log(2000), np.log(80000), n))


def measured(true: np.ndarray, scale: np.ndarray | float = 1.0, seed: int = 2) -> np.ndarray:
    """Fluxes (FRAMES, n): ``scale`` (FRAMES, n) of the true ones, with errors of 3 % and of the noise."""
    r = np.random.default_rng(seed)
    flux = np.broadcast_to(true * scale, (FRAMES, len(true)))
    return np.asarray(flux * r.normal(1, 0.03, flux.shape) + r.normal(0, 100, flux.shape))


def corner(places: np.ndarray) -> np.ndarray:
    return np.asarray(places.sum(axis=1) > 1.4 * SIDE)


def found(flux: np.ndarray, places: np.ndarray) -> np.ndarray:
    return lost_stars(flux, np.full(len(flux), 100.0), places)


@pytest.mark.parametrize(("covered", "stars", "least"), [(1, 25, 0.97), (5, 25, 0.97), (9, 25, 0.45), (1, 120, 0.97),
                                                         (5, 120, 0.97), (9, 120, 0.97)])
def test_a_roof_over_a_corner_is_found_in_few_and_in_most_frames(covered: int, stars: int, least: float) -> None:
    places, true = field(stars)
    scale = np.ones((FRAMES, stars))
    scale[:covered, corner(places)] = 0
    lost = found(measured(true, scale), places)
    assert corner(places).sum() >= 3
    grid = np.stack(np.meshgrid(np.arange(5, SIDE, 10), np.arange(5, SIDE, 10)), -1).reshape(-1, 2)
    for own in lost[:covered]:
        out = blocked(own, places, grid)
        assert out[corner(grid - 15)].mean() > least and out[~corner(grid + 45)].mean() < 0.02
    assert not (lost[covered:] == 1).any()


@pytest.mark.parametrize("exposure", [1.0, 0.1])
def test_the_transparency_of_whole_frames_and_haze_are_no_loss(exposure: float) -> None:
    places, true = field(120)
    scale = np.linspace(0.3, 1, FRAMES)[:, None] * (1 - 0.35 * places[:, 0] / SIDE)
    scale[:4] *= exposure
    assert not (found(measured(true, scale), places) == 1).any()


def test_a_frame_that_is_covered_for_the_most_part_keeps_the_rest() -> None:
    places, true = field(120)
    scale = np.ones((FRAMES, 120))
    far = places[:, 0] > 0.3 * SIDE
    scale[3, far] = 0
    lost = found(measured(true, scale), places)
    assert (lost[3, far] == 1).mean() > 0.95 and not (lost[3, ~far] == 1).any()


def test_light_at_a_wrong_place_makes_the_frames_with_it_wrong() -> None:
    places, true = field(60)
    ghosts = places + np.array([37, 0])  # three frames show the lower part shifted
    lower = places[:, 1] > 0.5 * SIDE
    both, light = np.concatenate([places, ghosts[lower]]), np.concatenate([true, true[lower]])
    scale = np.ones((FRAMES, len(both)))
    scale[:, 60:] = 0
    scale[:3, :60] = np.where(lower, 0, 1)
    scale[:3, 60:] = 1
    lost = found(measured(light, scale), both)
    assert (lost[:3, :60][:, lower] == 1).mean() > 0.9
    assert not (lost[3:] == 1).any()


def test_a_single_variable_or_crossed_star_is_no_loss() -> None:
    places, true = field(120)
    scale = np.ones((FRAMES, 120))
    scale[2, 10], scale[5, 30], scale[:5, 50] = 0.2, 6.0, 3.0
    assert not (found(measured(true, scale), places) == 1).any()


def test_a_bright_trail_over_many_stars_makes_no_other_star_lost() -> None:
    places, true = field(60)
    scale = np.ones((FRAMES, 60))
    scale[4, np.argsort(places[:, 0])[20:36]] += 20
    assert not (found(measured(true, scale), places) == 1).any()


def test_a_lonely_star_in_a_corner_is_enough_if_it_is_bright() -> None:
    places, true = field(12, seed=3)
    places[0], places[1:] = (390, 390), places[1:] * 0.5
    true[0] = 20000
    scale = np.ones((FRAMES, 12))
    scale[4, 0] = 0
    lost = found(measured(true, scale), places)
    assert np.argwhere(lost == 1).tolist() == [[4, 0]]


def test_few_frames_or_stars_show_nothing() -> None:
    places, true = field(3)
    assert (found(measured(true), places) == -1).all()
    assert (lost_stars(np.ones((2, 9)), np.ones(2), np.zeros((9, 2))) == -1).all()


def test_places_nearer_to_lost_stars_are_blocked() -> None:
    stars = np.array([[0.0, 0.0], [100.0, 0.0]])
    places = np.stack([np.arange(0, 140, 10.0), np.zeros(14)], 1)
    lost = np.array([0, 1], np.int8)
    assert blocked(lost, stars, places).tolist() == [x >= 50 for x in range(0, 140, 10)]
    assert not blocked(np.zeros(2, np.int8), stars, places).any()
    assert blocked(np.array([-1, 1], np.int8), stars, places).all()


def test_missing_noise_does_not_raise_a_weight() -> None:
    grid = make_grid((400, 400), 3.0, size_factor=20, min_size=32, max_divisor=6, overlap=0.5)
    shape = (FRAMES, grid.n_y, grid.n_x)
    noise = np.full((1, *shape), 10.0, np.float32)
    noise[:, :, 0] *= 0.5  # vignetting without flats: less noise at a border in all frames
    noise[0, 3, -2:] = 0.01
    overlap = np.ones(shape, bool)
    made = credible_noise(noise, overlap)
    assert np.array_equal(made[0, :3], noise[0, :3]) and made[0, 3, -1, 0] == pytest.approx(7)
    ones = np.ones(shape)
    weights = tile_weights("best", TileMeasurements(np.ones(FRAMES), made[0], ones, np.ones(FRAMES), ones, overlap), 0.9).weights
    assert weights[3, -1].max() <= 1 / 0.7**2 * weights[4, -1].max() * 1.001
