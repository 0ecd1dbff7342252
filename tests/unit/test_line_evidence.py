"""What forms lines in a frame but is not a trail, and trails that are unusual."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import erf

from tests.unit.test_trails import NOISE, SHAPE, drawn, found, scene
from tilecore.detect.trails import recurring, trail_mask

Y, X = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(float)


def star(image: np.ndarray, x: float, y: float, flux: float) -> np.ndarray:
    """A bright star with a halo; it saturates at 1."""
    r2 = (X - x) ** 2 + (Y - y) ** 2
    return np.asarray(np.minimum(image + flux * (1 + r2 / 5.8) ** -3 / 9 + 2e-4 * flux * np.exp(-r2 / 800), 1.0))


def spike(image: np.ndarray, x: float, y: float, amplitude: float, angle: float) -> np.ndarray:
    """Light that decreases with the square of the distance, in both directions."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    along, across = (X - x) * c + (Y - y) * s, (Y - y) * c - (X - x) * s
    return np.asarray(image + amplitude * NOISE * (np.maximum(abs(along), 3) / 8) ** -2 * np.exp(-across**2 / 3))


def part(image: np.ndarray, ends: tuple[float, float, float, float], peak: float, dots: float = 0.0,
         flare: bool = False) -> np.ndarray:
    """A trail that begins and ends; dotted, or brightest in its middle."""
    x0, y0, x1, y1 = ends
    length = np.hypot(x1 - x0, y1 - y0)
    along = ((x1 - x0) * (X - x0) + (y1 - y0) * (Y - y0)) / length
    light = (drawn(np.zeros(SHAPE), *ends, peak * NOISE)) * 0.5 * (erf(along / 2) - erf((along - length) / 2))
    if dots:
        light *= 0.15 + 3 * ((along / dots) % 1 < 0.2)
    if flare:
        light *= np.sin(np.pi * np.clip(along / length, 0, 1)) ** 0.8
    return np.asarray(image + light)


@pytest.mark.parametrize("angle", [0, 20, 45])
@pytest.mark.parametrize(("flux", "amplitude"), [(5, 40), (50, 10), (50, 40), (500, 200)])
def test_spikes_of_stars_are_no_trails(angle: float, flux: float, amplitude: float) -> None:
    assert len(found(spike(star(scene(), 320, 240, flux), 320, 240, amplitude, angle))) == 0


@pytest.mark.parametrize("height", [5, 50, 300])  # sigma of a pixel
def test_rings_discs_and_clipped_cores_are_no_trails(height: float) -> None:
    r = np.hypot(X - 400, Y - 200)
    for shape in ((r < 18) & (r > 6), (r < 60) & (r > 45), (r < 90) & (r > 87), r < 60):
        assert len(found(scene() + height * NOISE * shape)) == 0
    assert len(found(np.minimum(scene() + 10 * height * NOISE * np.exp(-r * r / 1800), 1))) == 0


def test_borders_dead_areas_and_glow_are_no_trails() -> None:
    empty, filled, dark, column, rows = (scene() for _ in range(5))
    empty[290:] = 0
    filled[290:] = 0.01
    dark[:, 620:] -= 5 * NOISE
    column[:, :3] += 30 * NOISE
    rows[:4] += 30 * NOISE
    glow = scene() + 20 * NOISE * np.exp(-(640 - X) / 40 - Y / 60)
    roof = scene() + 10 * NOISE * (X > Y + 100)
    soft = scene() + 10 * NOISE / (1 + np.exp(-(X - Y - 100) / 3))
    assert [len(found(image)) for image in (empty, filled, dark, column, rows, glow, roof, soft)] == [0] * 8


@pytest.mark.parametrize("peak", [1.0, 4.0, 40.0])
def test_trails_beside_and_across_bright_stars_are_found(peak: float) -> None:
    bright = spike(star(scene(), 320, 240, 50), 320, 240, 30, 0)
    for ends in ((-20, 130, 660, 380), (-20, 330, 660, 280)):
        trails = found(part(bright, ends, peak))
        assert len(trails) == 1 and trail_mask(trails, 0, SHAPE[0], 0, SHAPE[1]).mean() < 0.08
    assert len(found(part(star(scene(), 320, 240, 50), (-20, 140, 660, 340), peak))) == 1, "through the star"


@pytest.mark.parametrize("peak", [1.0, 4.0, 40.0])
def test_aircraft_meteors_and_several_satellites_are_found(peak: float) -> None:
    assert len(found(part(part(scene(), (-20, 140, 660, 340), peak, dots=37), (-20, 190, 660, 390), peak, dots=37))) == 2
    assert len(found(part(part(scene(), (-20, 140, 660, 340), peak), (-20, 440, 660, 40), 2 * peak))) == 2
    assert len(found(part(scene(), (100, 140, 480, 310), peak, flare=True))) == 1


@pytest.mark.parametrize(("ends", "peak"), [
    ((300, 140, 420, 176), 15.0), ((300, 140, 550, 215), 15.0), ((300, 140, 700, 310), 8.0)])
def test_only_the_part_with_light_is_left_out(ends: tuple[float, float, float, float], peak: float) -> None:
    """Satellites of a short exposure, and one that the shutter cut."""
    trails = found(part(scene(), ends, peak))
    assert len(trails) == 1
    mask = trail_mask(trails, 0, SHAPE[0], 0, SHAPE[1])
    light = part(np.zeros(SHAPE), ends, peak) / NOISE
    assert light[~mask].max() < 0.4
    columns = np.flatnonzero(mask.any(axis=0))
    assert columns[0] > ends[0] - 40 and columns[-1] < max(ends[2] + 40, SHAPE[1]), "the rest of the line is kept"


def test_satellites_that_follow_each_other_on_one_line_are_not_of_the_scene() -> None:
    """Geostationary ones, frame by frame further along the same declination."""
    follow = [np.array([[60.0 * i, 100 + i, 60.0 * i + 50, 101 + i, 5]]) for i in range(10)]
    assert not any(s.any() for s in recurring(follow, SHAPE))
    assert all(s.all() for s in recurring([follow[0]] * 10, SHAPE))


@pytest.mark.parametrize("peak", [2.5, 8.0])
def test_a_trail_over_a_nebula_is_found_once_and_is_not_wider_than_it_is(peak: float) -> None:
    """The light of the nebula beside the trail is not that of the trail."""
    nebula = scene(nebula=0.005)
    trails = found(part(nebula, (-20, 60, 660, 330), peak))
    assert len(trails) == 1 and trails[0, 4] <= 12
    assert trail_mask(trails, 0, SHAPE[0], 0, SHAPE[1])[:, [5, -5]].any(axis=0).all(), "from border to border"
