"""The stretch of previews that look like pictures: sky, colours, cores."""

from __future__ import annotations

import numpy as np

from orchestrator.report.preview import Look, autostretch, develop

H, W = 240, 320
V, U = np.mgrid[:H, :W].astype(np.float64)


def scene(light: np.ndarray, sky: tuple[float, float, float] = (0.01, 0.02, 0.015), noise: float = 5e-4) -> np.ndarray:
    """(3, h, w): a sky that is not grey, and light (3, h, w) or (h, w) above it."""
    rng = np.random.default_rng(2)
    return (np.array(sky)[:, None, None] + light + rng.normal(0, noise, (3, H, W))).astype(np.float32)


def spot(x: float, y: float, sigma: float) -> np.ndarray:
    return np.asarray(np.exp(-0.5 * ((U - x) ** 2 + (V - y) ** 2) / sigma**2))


def colour_noise(picture: np.ndarray) -> float:
    return float((picture[0] - picture[2])[20:100, 20:100].std())


def test_the_sky_is_dark_neutral_and_without_colour_noise() -> None:
    image = scene(0.1 * spot(220, 160, 20))
    before = image.copy()
    picture, usual = develop(image, Look("natural")), autostretch(image)
    assert np.array_equal(image, before)
    sky = np.median(picture[:, 20:100, 20:100].reshape(3, -1), axis=1)
    assert np.abs(sky - 0.10).max() < 0.02 and np.ptp(sky) < 0.005
    assert colour_noise(picture) < 0.15 * colour_noise(usual)
    # Only colours are smoothed: the noise of the mean of the channels stays, relative to the level of the sky.
    mean, other = (p.mean(axis=0)[20:100, 20:100] for p in (picture, usual))
    assert mean.std() / mean.mean() > 0.5 * other.std() / other.mean()


def test_stars_keep_their_colours_and_have_no_coloured_rims() -> None:
    red, blue = 0.2 * spot(80, 120, 2.0), 0.2 * spot(240, 120, 2.0)
    picture = develop(scene(np.stack([red + 0.4 * blue, 0.6 * (red + blue), 0.4 * red + blue])), Look("natural", linked=True))
    assert picture[0, 120, 80] > 1.3 * picture[2, 120, 80] and picture[2, 120, 240] > 1.3 * picture[0, 120, 240]
    radius = np.hypot(U - 80, V - 120)
    ring = picture[:, (radius > 10) & (radius < 14)].mean(axis=1)
    assert np.ptp(ring) < 0.01


def test_cores_are_not_clipped_and_saturated_ones_are_white() -> None:
    core = 0.8 * spot(160, 120, 12) ** 0.5
    picture = develop(scene(core), Look("natural", linked=True))
    along = picture[1, 120, 160:200:8]
    assert picture.max() < 1 and (np.diff(along) < 0).all()
    full = np.minimum(scene(np.stack([2 * core, 2 * core, core])), [[[1.0]], [[1.0]], [[0.6]]]).astype(np.float32)
    assert np.ptp(develop(full, Look("natural", linked=True))[:, 120, 160]) < 0.02


def test_a_red_nebula_keeps_its_gradations() -> None:
    """Bright light of one colour does not end at full red: it becomes brighter towards its middle everywhere."""
    nebula = spot(160, 120, 40)
    picture = develop(scene(np.stack([0.1 * nebula, 0.02 * nebula, 0.02 * nebula])), Look("natural", linked=True))
    along = np.array([np.median(picture[0, 115:126, x - 5: x + 6]) for x in range(160, 280, 20)])
    assert picture.max() < 1 and (np.diff(along) < -0.005).all() and (picture[1] < picture[0])[120, 160]


def test_a_background_that_stays_in_the_image_is_levelled_in_the_picture() -> None:
    image = scene(0.02 * (U / W + V / H) * np.array([1, 0.5, 0.8])[:, None, None] + 0.05 * spot(160, 120, 15))
    sides = {}
    for level in (False, True):
        picture = develop(image, Look("natural", level_sky=level)).mean(axis=0)
        sides[level] = picture[-40:, -40:].mean() - picture[:40, :40].mean()
        assert picture[120, 160] > picture[60, 60] + 0.2
    assert sides[False] > 0.2 and abs(sides[True]) < 0.03


def test_dark_clouds_below_the_sky_are_dark_and_have_no_colour() -> None:
    image = scene(np.array([-0.8, -0.1, -0.8])[:, None, None] * 0.01 * spot(160, 120, 12))
    picture = develop(image, Look("natural", linked=True))[:, 110:130, 150:170]
    assert picture.max() < 0.15
