"""Blocks one below the other share rows: each row of a frame is calibrated and warped once."""

from __future__ import annotations

import pickle
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from orchestrator.stacking.blocks import Block, BlockMemory, plan_blocks
from orchestrator.stacking.weighted_mean import _read_below

SHAPE, FRAMES, HALO = (90, 12), 3, 7


class Read(SimpleNamespace):
    """A job whose pixels are their place; it records the rows that are read of each frame."""

    def __init__(self, **more: Any) -> None:
        super().__init__(plan=SimpleNamespace(channels=("R", "B")), frames=tuple(range(FRAMES)), halo=HALO, memory=BlockMemory(),
                         rows={k: [] for k in range(FRAMES)}, **more)

    def stop_if_asked(self) -> None:
        pass

    def read(self, index: int, block: Block, cube: Any, valid: Any, position: int) -> None:
        y, x = np.mgrid[block.y0: block.y1, block.x0: block.x1]
        cube[:, position] = np.stack([y * 100 + x, -(y * 100 + x)]) + index * 10_000
        valid[position] = (y + x + index) % 3
        self.rows[index] += range(block.y0, block.y1)


def whole(job: Read) -> tuple[Any, Any]:
    cube, valid = np.empty((2, FRAMES, *SHAPE), np.float32), np.empty((FRAMES, *SHAPE), np.float32)
    for k in range(FRAMES):
        job.read(k, Block(0, SHAPE[0], 0, SHAPE[1]), cube, valid, k)
    return cube, valid


@pytest.mark.parametrize("height", [30, 45, 90, 5])
@pytest.mark.parametrize("threads", [1, 2])
def test_blocks_are_what_they_are_alone_and_rows_are_read_once(height: int, threads: int) -> None:
    job: Any = Read()
    cube, valid = whole(Read())
    for y in range(0, SHAPE[0], height):
        padded = Block(y, y + height, 0, SHAPE[1]).padded(HALO, SHAPE)
        pixels, good = _read_below(job, np.arange(FRAMES), padded, threads)
        assert np.array_equal(pixels, cube[:, :, padded.y0: padded.y1]) and np.array_equal(good, valid[:, padded.y0: padded.y1])
        good[:] = 0  # what happens to a block later does not change the next one
    counts = [len(rows) for rows in job.rows.values()]
    assert height == 5 or counts == [SHAPE[0]] * FRAMES
    assert all(set(rows) == set(range(SHAPE[0])) for rows in job.rows.values())


def test_rows_of_other_places_are_not_taken() -> None:
    memory = BlockMemory()
    memory.keep(14, Block(0, 37, 0, 12), np.zeros((2, 3, 37, 12), np.float32), np.zeros((3, 37, 12), np.float32))
    assert memory.above(Block(23, 60, 0, 12)) == 14
    assert memory.above(Block(30, 60, 0, 12)) == 7
    for block in (Block(23, 60, 0, 11), Block(22, 60, 0, 12), Block(37, 60, 0, 12), Block(23, 30, 0, 12), Block(0, 37, 0, 12)):
        assert memory.above(block) == 0
    assert pickle.loads(pickle.dumps(memory)).block is None


def test_blocks_of_a_region_are_of_equal_height() -> None:
    plan: Any = SimpleNamespace(channels=("L",))
    blocks = plan_blocks(Block(10, 110, 0, 100), plan, (), 3 * 86 * 45 * 100, 1)
    assert [b.shape for b in blocks] == [(34, 100), (34, 100), (32, 100)] and blocks[-1].y1 == 110
