"""Frames on a canvas with larger pixels: all of their light counts, and what is finer than the pixels leaves no pattern."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from orchestrator.engines.base import Frame, FrameSet
from orchestrator.session.model import FrameInfo, Role
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.canvas import Mode, canvas_of
from orchestrator.stacking.frame_reading import FrameNormalization, read_block
from tilecore.resample.area_mean import area_mean, area_reach
from tilecore.resample.warp import Slot

SHAPE = (420, 560)


@dataclass(frozen=True)
class Pixels:
    data: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape

    def read(self, row_start: int = 0, row_stop: int | None = None) -> np.ndarray:
        return self.data[..., row_start:row_stop, :]


def on_canvas(data: np.ndarray, scale: float, mode: Mode = "mono", rows: tuple[int, int] | None = None) -> np.ndarray:
    """The first channel of a frame whose pixels are ``scale`` px of the canvas wide, in some rows of its grid."""
    matrix = np.diag([scale, scale, 1.0])
    matrix[:2, 2] = 0.3, 0.2
    frame = Frame(0, FrameInfo(Path("a.fit"), Role.LIGHT, SHAPE), Pixels(data.astype(np.float32)), matrix)
    cfa = None if mode == "mono" else "RGGB"
    plan = canvas_of(FrameSet((frame,), 0, SHAPE, cfa, 1, "native"), mode, (0, 0),
                     (int(SHAPE[0] * scale) // 2 * 2, int(SHAPE[1] * scale) // 2 * 2), 0.0, "lanczos4", "")
    height, width = plan.channel_shape
    first, stop = rows or (0, height)
    count = len(plan.channels)
    cube, valid = np.zeros((count, 1, stop - first, width), np.float32), np.zeros((1, stop - first, width), np.float32)
    read_block(plan, frame, Block(first, stop, 0, width), FrameNormalization(np.ones(count), np.zeros((count, 1, 1))),
               Slot(cube, valid, 0))
    return cube[0, 0]


@pytest.mark.parametrize("mode", ["mono", "first", "last"])
@pytest.mark.parametrize("scale", [0.5, 0.37])
def test_the_noise_of_large_pixels_is_that_of_their_area(scale: float, mode: Mode) -> None:
    noise = on_canvas(np.random.default_rng(1).normal(0, 1, SHAPE), scale, mode)[12:-12, 12:-12]
    # Squares of 4 px: interpolation has no effect on them. Red has one pixel in four.
    squares = noise[: len(noise) // 4 * 4, : noise.shape[1] // 4 * 4].reshape(len(noise) // 4, 4, -1, 4).mean(axis=(1, 3))
    of_red = 2 if mode == "first" else 1
    assert 4 * squares.std() == pytest.approx(of_red * scale, rel=0.2)


def test_patterns_finer_than_the_pixels_vanish_and_light_stays() -> None:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    stripes = np.sin(2 * np.pi * x / 2.2)
    assert np.abs(on_canvas(stripes, 0.5)[10:-10, 10:-10]).max() < 0.25, "interpolated they are stripes as strong as before"
    star = np.exp(-((x - 121.3) ** 2 + (y - 90.6) ** 2) / (2 * 1.3**2))
    assert on_canvas(star, 0.5).sum() / 0.25 == pytest.approx(star.sum(), rel=0.01)


@pytest.mark.parametrize("mode", ["mono", "first", "last"])
def test_blocks_are_parts_of_the_whole(mode: Mode) -> None:
    data = np.random.default_rng(2).normal(0, 1, SHAPE)
    whole = on_canvas(data, 0.37, mode)
    middle = len(whole) // 2
    parts = [on_canvas(data, 0.37, mode, rows) for rows in ((0, middle), (middle, len(whole)))]
    assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_a_mean_over_parts_of_pixels_has_their_weights() -> None:
    data = np.zeros((1, 9, 9), np.float32)
    data[0, 4, 4] = 1
    found = area_mean(data, 2.6)[0]
    assert area_reach(2.6) == 1 and area_reach(3.0) == 1 and area_reach(3.1) == 2 and area_reach(0.8) == 0
    assert found[4, 3:6] * 2.6**2 == pytest.approx([0.8, 1, 0.8], rel=1e-5) and found.sum() == pytest.approx(1, rel=1e-5)
    assert area_mean(data, 1.0) is data
