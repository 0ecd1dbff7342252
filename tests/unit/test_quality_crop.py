"""The quality crop: noisy rims go, gradients and nebulae stay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tilecore.stack.quality_crop import CropRule, Rectangle, noise_of_squares, quality_crop

HEIGHT, WIDTH = 400, 520


def picture(seed: int = 0, noise: float = 10.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(300, noise, (HEIGHT, WIDTH)).astype(np.float32)


def everywhere() -> np.ndarray:
    return np.ones((HEIGHT, WIDTH), bool)


def test_a_noisy_rim_is_cut_off_with_its_band_and_the_margin() -> None:
    image = picture()
    image[:40] += np.random.default_rng(1).normal(0, 20, (40, WIDTH)).astype(np.float32)  # fewer frames: twice the noise
    image[:, -70:] += np.random.default_rng(2).normal(0, 20, (HEIGHT, 70)).astype(np.float32)
    assert quality_crop(image, everywhere(), CropRule(margin=0)) == Rectangle(64, HEIGHT, 0, 448)
    assert quality_crop(image, everywhere(), CropRule(margin=8)) == Rectangle(72, HEIGHT - 8, 8, 440)


def test_gradients_nebulae_and_stars_are_not_noise() -> None:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    image = picture() + (2 * y).astype(np.float32) + (800 * np.exp(-((x - 30) ** 2 + (y - 200) ** 2) / 5000)).astype(np.float32)
    image[5:8, ::40] += 20_000
    assert quality_crop(image, everywhere(), CropRule(margin=0)) == Rectangle(0, HEIGHT, 0, WIDTH)


def test_a_good_band_between_poor_ones_does_not_end_the_rim() -> None:
    image = picture()
    for band in (0, 2):
        rows = slice(32 * band, 32 * band + 32)
        image[rows] += np.random.default_rng(band).normal(0, 30, (32, WIDTH)).astype(np.float32)
    assert quality_crop(image, everywhere(), CropRule(margin=0, run=1)).y0 == 32
    assert quality_crop(image, everywhere(), CropRule(margin=0, run=2)).y0 == 96


def test_rows_without_data_are_cut_off_and_corners_alone_are_not() -> None:
    known = everywhere()
    known[:, :50] = False
    assert quality_crop(picture(), known, CropRule(margin=0)) == Rectangle(0, HEIGHT, 64, WIDTH)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    turned = x + y > 90  # as of a field that has turned
    assert quality_crop(picture(), turned, CropRule(margin=0)) == Rectangle(0, HEIGHT, 0, WIDTH)


def test_a_picture_without_any_data_is_left_alone() -> None:
    assert quality_crop(picture(), ~everywhere(), CropRule()) == Rectangle(0, HEIGHT, 0, WIDTH)


@given(st.integers(0, 2**32 - 1), st.integers(8, 200), st.floats(0.1, 5), st.integers(1, 4), st.integers(0, 300))
@example(seed=62295, band=8, sigma=0.25, run=3, margin=0)  # the remainder of the side went with the last band
def test_half_of_each_side_is_always_left_before_the_margin(seed: int, band: int, sigma: float, run: int, margin: int) -> None:
    noise = np.random.default_rng(seed)
    image = (noise.normal(0, 1, (90, 130)) * noise.uniform(0, 9, (90, 1))).astype(np.float32)
    y0, y1, x0, x1 = quality_crop(image, noise.random((90, 130)) < 0.9, CropRule(band, sigma, run, 0))
    assert 0 <= y0 < y1 <= 90 and 0 <= x0 < x1 <= 130 and y1 - y0 >= 45 and x1 - x0 >= 65
    cut = quality_crop(image, np.ones((90, 130), bool), CropRule(band, sigma, run, margin))
    assert cut.y1 > cut.y0 and cut.x1 > cut.x0


def test_the_noise_of_a_square_is_that_of_the_pixels() -> None:
    found = noise_of_squares(picture(noise=7.0), everywhere(), 32)
    assert found.shape == (HEIGHT // 32, WIDTH // 32) and np.median(found) == pytest.approx(7.0, rel=0.02)
