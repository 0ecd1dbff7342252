"""The residual flat of dithered lights: dust and vignetting are found to the stated error, nebulae are refused."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit

from tilecore.sky.residual_flat import ResidualFlat, binned, over_plane, residual_flat, smoothed, whole_flat

FloatArray = NDArray[np.float64]
H, W, LIGHTS = 90, 110, 24
SKY, NOISE = 500.0, 12.0
Y, X = np.mgrid[:H, :W].astype(float)


def pattern() -> FloatArray:
    """Vignetting of 20 % in the corners and three spots of dust."""
    flat = 1 - 0.2 * ((X - W / 2) ** 2 + (Y - H / 2) ** 2) / ((W / 2) ** 2 + (H / 2) ** 2)
    for x, y, r, depth in ((30, 25, 9, 0.1), (80, 60, 12, 0.06), (50, 70, 7, 0.12)):
        flat *= 1 - depth * expit((r - np.hypot(X - x, Y - y)) / 0.8)
    return np.asarray(flat)


def measured(rng: np.random.Generator, flat: FloatArray, nebula: float) -> tuple[ResidualFlat, NDArray[np.float32]]:
    shifts = rng.uniform(-7, 7, (LIGHTS, 2))
    clouds = [(rng.uniform(0, W), rng.uniform(0, H), rng.uniform(10, 20)) for _ in range(12)]
    frames = []
    for dx, dy in shifts:
        light = SKY * (1 + 0.05 * X / W * rng.uniform(-1, 1)) + sum(
            nebula * np.exp(-((X - x - dx) ** 2 + (Y - y - dy) ** 2) / (2 * s**2)) for x, y, s in clouds)
        objects = rng.random((H, W)) < 0.1
        frames.append(over_plane((light * flat + rng.normal(0, NOISE, (H, W))).astype(np.float32), objects))
    return residual_flat(np.array(frames), shifts), np.array(frames)


def without_plane(image: FloatArray) -> FloatArray:
    design = np.stack([np.ones(H * W), X.ravel(), Y.ravel()], 1)
    return image / (design @ np.linalg.lstsq(design, image.ravel(), rcond=None)[0]).reshape(H, W)


@pytest.mark.parametrize("seed", [1, 2])
def test_dust_and_vignetting_are_found_to_the_stated_error(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found, _ = measured(rng, pattern(), 0.0)
    rest = without_plane(found.smooth.astype(float)) / without_plane(pattern()) - 1
    noise = NOISE / SKY * 1.2533 / np.sqrt(0.9 * LIGHTS)
    assert np.median(found.error) == pytest.approx(noise, rel=0.25)
    assert rest.std() < 1.2 * noise and np.std(without_plane(pattern())) > 6 * rest.std()
    assert found.moving < 0.1 * found.smooth.std() and abs(found.on_sky) < 0.05
    left = found.halves[0] / smoothed(found.halves[1], found.error * np.float32(np.sqrt(2)))
    assert np.nanstd(left) < 0.5 * np.nanstd(found.halves[0])


def test_nebulae_are_not_taken_for_a_pattern_of_the_sensor() -> None:
    found, _ = measured(np.random.default_rng(3), pattern(), 60.0)
    assert found.on_sky > 0.1 or found.moving > 0.25 * found.smooth.std()


def test_a_good_flat_leaves_nothing() -> None:
    found, frames = measured(np.random.default_rng(4), np.ones((H, W)), 0.0)
    error = float(np.median(found.error))
    assert np.abs(found.smooth - 1).max() < 4 * error and np.nanstd(found.raw) < 1.3 * error
    frames[:, : H // 2 + 5] = np.nan
    with pytest.raises(ValueError, match="of the cells show sky"):
        residual_flat(frames, np.random.default_rng(4).uniform(-7, 7, (LIGHTS, 2)))


def test_cells_and_the_whole_sensor() -> None:
    image = np.arange(63, dtype=np.float32).reshape(7, 9)
    assert binned(image, 2).shape == (3, 4) and binned(image, 2)[0, 0] == pytest.approx(5.0)
    whole = whole_flat(np.full((3, 4), 0.9, np.float32), 2, (7, 9))
    assert whole.shape == (7, 9) and whole == pytest.approx(0.9)
    assert np.isnan(over_plane(image, np.ones(image.shape, bool))).all()
