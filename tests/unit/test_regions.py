"""Regions of a sparse canvas, compared with what brute force finds."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from orchestrator.engines.base import Frame, FrameReader, FrameSet
from orchestrator.session.model import FrameInfo
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.canvas import canvas_of
from orchestrator.stacking.regions import footprints, plan_regions
from tilecore.stack.grid import axis_windows, make_grid

# REACH (px): that of the widest kernel of interpolation.
SHAPE, HALO, REACH = (140, 200), 10, 4


def scattered(seed: int, count: int = 25, canvas: tuple[int, int] = (1500, 2000)) -> tuple[tuple[Frame, ...], tuple[int, int]]:
    """Frames turned and placed at random, some of them beside the canvas."""
    random = np.random.default_rng(seed)
    info = cast(FrameInfo, SimpleNamespace(shape=SHAPE, path=Path("light.fit")))
    frames = []
    for k in range(count):
        angle, (x, y) = random.uniform(0, 2 * np.pi), random.uniform(-200, np.array(canvas[::-1]) + 100)
        matrix = np.array([[np.cos(angle), -np.sin(angle), x], [np.sin(angle), np.cos(angle), y], [0, 0, 1]])
        frames.append(Frame(k, info, cast(FrameReader, SimpleNamespace(shape=SHAPE)), matrix))
    return tuple(frames), canvas


@pytest.mark.parametrize("seed", range(4))
def test_each_pixel_is_in_the_one_region_of_the_frames_that_reach_it(seed: int) -> None:
    frames, canvas = scattered(seed)
    plan = canvas_of(FrameSet(frames, 0, SHAPE, None, 1, "native"), "mono", (0, 0), canvas, 0.0, "lanczos4")
    regions = plan_regions(footprints(plan, frames), canvas, HALO)
    assert len(regions) > 5
    taken = np.zeros(canvas, np.int64)
    for number, region in enumerate(regions, 1):
        b = region.block
        assert not taken[b.y0: b.y1, b.x0: b.x1].any(), "regions do not overlap"
        taken[b.y0: b.y1, b.x0: b.x1] = number
        assert (np.diff(region.frames) > 0).all()
    y, x = np.mgrid[0: canvas[0]: 5, 0: canvas[1]: 5]
    empty = taken == 0
    for k, frame in enumerate(frames):
        u, v = plan.positions_in_frame(frame, x.astype(float), y.astype(float))
        inside = (u > -REACH) & (v > -REACH) & (u < SHAPE[1] - 1 + REACH) & (v < SHAPE[0] - 1 + REACH)
        assert not empty[y[inside], x[inside]].any(), "no frame is lost"
        for region in regions:
            padded = region.block.padded(HALO, canvas)
            near = inside & (y >= padded.y0) & (y < padded.y1) & (x >= padded.x0) & (x < padded.x1)
            assert not near.any() or k in region.frames
    assert empty.any(), "what no frame reaches costs nothing"


def test_frames_that_share_the_field_are_one_region() -> None:
    boxes = np.array([[0, 900, 0, 1000], [20, 1000, 5, 1200], [0, 1000, 100, 1200]])
    (region,) = plan_regions(boxes, (1000, 1200), HALO)
    assert region.block == Block(0, 1000, 0, 1200) and region.frames.tolist() == [0, 1, 2]


def test_the_number_of_regions_grows_with_the_area_that_is_covered_not_with_the_canvas() -> None:
    """Along a diagonal of panels."""
    counts = {}
    for panels in (10, 40):
        corner = np.repeat(np.arange(panels) * 400, 3)
        boxes = np.stack([corner, corner + 500, corner, corner + 500], 1)
        regions = plan_regions(boxes, (int(corner.max()) + 500,) * 2, HALO)
        counts[panels] = len(regions)
        assert max(len(r.frames) for r in regions) <= 6
    assert counts[40] < 4.5 * counts[10]


@pytest.mark.parametrize("length", [33, 64, 150, 151, 400])
def test_windows_of_tiles_are_those_of_all_tiles(length: int) -> None:
    """Hann windows computed for every pixel and tile, and the part of a block."""
    grid = make_grid((length, 2 * length), 3.0, size_factor=8, min_size=16, max_divisor=2, overlap=0.4)
    windows = axis_windows(grid)
    offset = np.arange(length)[:, None] - np.asarray(grid.starts_y)
    full = np.where((offset >= 0) & (offset < grid.size), np.sin(np.pi * (offset + 0.5) / grid.size) ** 2, 0)
    full /= full.sum(axis=1, keepdims=True)
    found = np.zeros_like(full)
    np.put_along_axis(found, windows.index_y.astype(np.int64), windows.weight_y, 1)
    np.testing.assert_allclose(found, full, atol=1e-7)
    rows, columns = slice(length // 3, length // 2), slice(5, 20)
    part, (down, across) = windows.part(rows, columns)
    assert (down[part.index_y] == windows.index_y[rows]).all() and (across[part.index_x] == windows.index_x[columns]).all()
    assert (np.diff(down) == 1).all() and len(across) <= grid.n_x
