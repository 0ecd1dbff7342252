"""Pixels without data: borders, corners, rows and columns are found, single pixels that were clipped at 0 are data."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.calibrate.no_data import clipped_share, no_data_mask

SHAPE = (240, 300)


def noise(level: float = 300.0) -> np.ndarray:
    return np.round(np.clip(np.random.default_rng(1).normal(level, 20, SHAPE), 1, None)).astype(np.float32)


def region(name: str) -> np.ndarray:
    """The pixels without data."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    regions: dict[str, np.ndarray] = {
        "none": np.zeros(SHAPE, bool), "border": (y < 23) | (x >= 290), "all sides": (y < 7) | (x < 9) | (y > 230) | (x > 280),
        "turned": (x + 0.3 * y < 60) | (0.3 * x - y < -200), "row": y == 100, "column": x == 3, "outer row": y == 239,
        "rows inside": (y >= 100) & (y < 112)}
    return regions[name]


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
@pytest.mark.parametrize("name", ["none", "border", "all sides", "turned", "row", "column", "outer row", "rows inside"])
def test_areas_without_data_are_found(name: str, value: float) -> None:
    image, truth = noise(), region(name)
    image[truth] = value
    assert np.array_equal(no_data_mask(image), truth)


@pytest.mark.parametrize("share", [0.001, 0.065, 0.3, 0.6, 0.9])
def test_clipped_pixels_are_data(share: float) -> None:
    image = noise()
    image[np.random.default_rng(2).random(SHAPE) < share] = 0
    mask = no_data_mask(image)
    assert not mask.any()
    assert clipped_share(image, mask) == pytest.approx(share, rel=0.1)


def test_a_border_is_found_beside_clipped_pixels() -> None:
    image, truth = noise(), region("border")
    image[np.random.default_rng(2).random(SHAPE) < 0.3] = 0
    image[truth] = 0
    mask = no_data_mask(image)
    assert mask[truth].all()
    assert (mask & ~truth).sum() < 0.1 * truth.sum()  # single zeros that touch the border
    assert clipped_share(image, mask) == pytest.approx(0.3, rel=0.05)


def test_a_colour_of_a_mosaic_that_is_clipped_everywhere_is_data() -> None:
    image = noise()
    image[::2, ::2] = 0
    assert not no_data_mask(image).any()


def test_integers_and_three_planes() -> None:
    truth = region("border")
    image = np.where(truth, 0, noise()).astype(np.uint16)
    assert np.array_equal(no_data_mask(image), truth)
    planes = np.stack([image, image, image])
    planes[0, 120:140, 100:120] = 0  # one colour of three is dark, not missing
    assert np.array_equal(no_data_mask(planes), truth)


def test_a_frame_without_any_value_has_no_data() -> None:
    assert no_data_mask(np.zeros((40, 50), np.float32)).all()
