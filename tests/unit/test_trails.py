"""Trails are found where they are, faint ones too, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.simulation.psf import add_stars
from tilecore.detect.stars import detect, empty_stars
from tilecore.detect.trails import find_trails, recurring, trail_mask

SHAPE = (480, 640)
NOISE = 4e-4


def scene(seed: int = 0, nebula: float = 0.0) -> np.ndarray:
    r = np.random.default_rng(seed)
    image = np.zeros(SHAPE)
    n = 150
    add_stars(image, r.uniform(0, 640, n), r.uniform(0, 480, n), r.pareto(1.2, n) * 0.01, np.full(n, 3.0))
    yy, xx = np.mgrid[: SHAPE[0], : SHAPE[1]]
    image += nebula * np.exp(-((yy - 200) ** 2 + (xx - 300) ** 2) / (2 * 120**2)) * (1 + 0.3 * np.sin(xx / 30))
    return image + 0.01 + r.normal(0, NOISE, SHAPE)


def drawn(image: np.ndarray, x0: float, y0: float, x1: float, y1: float, peak: float, width: float = 1.3) -> np.ndarray:
    yy, xx = np.mgrid[: SHAPE[0], : SHAPE[1]]
    length = np.hypot(x1 - x0, y1 - y0)
    across = ((x1 - x0) * (yy - y0) - (y1 - y0) * (xx - x0)) / length
    return image + peak * (1 + (across / (2.2 * width)) ** 2) ** -2.5


def found(image: np.ndarray) -> np.ndarray:
    image = image.astype(np.float32)
    return find_trails(image, 0.01, NOISE, detect(image))


LINES = [(0, 100, 639, 300), (50, 0, 300, 479), (0, 250, 639, 251), (320, 0, 322, 479), (0, 479, 639, 0), (600, 0, 639, 479)]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("brightness", [1.0, 4.0, 40.0])  # in sigma of a pixel
def test_a_trail_is_found_and_covered(line: tuple[float, ...], brightness: float) -> None:
    x0, y0, x1, y1 = line
    trails = found(drawn(scene(), x0, y0, x1, y1, brightness * NOISE))
    assert len(trails) == 1
    mask = trail_mask(trails, 0, SHAPE[0], 0, SHAPE[1])
    light = drawn(np.zeros(SHAPE), x0, y0, x1, y1, brightness)
    assert light[~mask].max() < max(0.25, 0.02 * brightness), "light of more than a quarter of the noise stays"
    assert mask.mean() < 0.12


@pytest.mark.parametrize("seed", range(6))
def test_stars_noise_and_nebulae_are_no_trails(seed: int) -> None:
    assert len(found(scene(seed))) == 0
    assert len(found(scene(seed, nebula=0.005))) == 0


def test_two_trails_that_cross_are_both_found() -> None:
    image = drawn(drawn(scene(), 0, 100, 639, 300, 5 * NOISE), 100, 479, 500, 0, 3 * NOISE)
    trails = found(image)
    assert len(trails) == 2
    mask = trail_mask(trails, 0, SHAPE[0], 0, SHAPE[1])
    assert mask[100:103, 0:4].any() and mask[470:479, 90:120].any()


def test_small_and_silent_frames_are_taken_as_they_are() -> None:
    assert find_trails(np.zeros((20, 20), np.float32), 0.0, 1e-4, empty_stars()).shape == (0, 5)
    assert find_trails(np.zeros(SHAPE, np.float32), 0.0, 0.0, empty_stars()).shape == (0, 5)
    assert find_trails(np.zeros(SHAPE, np.float32), 0.0, 1e-4, empty_stars()).shape == (0, 5)


def test_a_line_that_comes_back_belongs_to_the_scene() -> None:
    r = np.random.default_rng(0)
    spike = np.array([0.0, 100, 640, 110, 5])
    frames = [np.array([spike + np.append(r.normal(0, 1, 4), 0)]) for _ in range(10)]
    frames[3] = np.vstack([frames[3], [300, 0, 310, 480, 6]])
    scene_lines = recurring(frames, SHAPE)
    assert all(s[0] for s in scene_lines) and not scene_lines[3][1]
    assert [len(s) for s in recurring([np.zeros((0, 5))] * 4, SHAPE)] == [0] * 4
    # A satellite through three of forty frames is none.
    few = [np.array([spike]) if i < 2 else np.zeros((0, 5)) for i in range(40)]
    assert not any(s.any() for s in recurring(few, SHAPE))


def test_the_direction_in_which_a_line_is_drawn_does_not_matter() -> None:
    line = np.array([[0.0, 240, 640, 241, 5]])
    back = line[:, [2, 3, 0, 1, 4]]
    tilted = np.array([[0.0, 241, 640, 240, 5]])
    assert all(s.all() for s in recurring([line, back, tilted, back], SHAPE))
    assert np.array_equal(trail_mask(line, 0, 480, 0, 640), trail_mask(back, 0, 480, 0, 640))


def test_a_block_of_the_mask_is_a_cutting_of_the_whole() -> None:
    line = np.array([[0.0, 10, 640, 400, 7], [100, 0, 90, 480, 3]])
    whole = trail_mask(line, 0, 480, 0, 640)
    assert np.array_equal(trail_mask(line, 100, 200, 50, 300), whole[100:200, 50:300])
