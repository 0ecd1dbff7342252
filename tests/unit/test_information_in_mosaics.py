"""The information that frames have where their number and their pixel scale differ, against stacks that lose nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from orchestrator.checks import information
from orchestrator.checks.information import _in_regions
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.session.model import FrameInfo, Role
from orchestrator.simulation.psf import StarProfile, add_stars
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.canvas import canvas_of
from orchestrator.stacking.frame_reading import FrameNormalization, read_block
from orchestrator.stacking.state import RunState
from tests.unit.test_run_checks import SHAPE, info
from tilecore.resample.warp import Slot
from tilecore.stack.grid import make_grid
from tilecore.stack.information import PointSources, measure_information
from tilecore.stack.tile_slots import TileSlots

FWHM, BETA, SIGMA, FLUX = 3.0, 3.5, 2e-3, 3.0
PROFILE = StarProfile(beta=BETA)


class Image:
    """A frame in memory."""

    def __init__(self, data: np.ndarray) -> None:
        self.data = data.astype(np.float32)
        self.shape = data.shape

    def read(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        return self.data[..., start:stop, :]


def state_of(frames: list[Frame], shape: tuple[int, int]) -> RunState:
    """The state of a run of equal frames that are as clear as the reference, with the noise as the tiles have it."""
    plan = canvas_of(FrameSet(tuple(frames), 0, SHAPE, None, 1, "native"), "mono", (0, 0), shape, 0.0, "lanczos4")
    grid = make_grid(shape, FWHM, size_factor=24, min_size=64, max_divisor=4, overlap=0.5)
    psf = SimpleNamespace(fwhm=lambda x, y: np.full(np.shape(x), FWHM), beta=BETA)
    noise = np.array([[np.full((grid.n_y, grid.n_x), SIGMA * f.scale) for f in frames]])
    # Fluxes of the canvas are those of a frame times the area of its pixels.
    return cast(RunState, SimpleNamespace(
        plan=plan, grid=grid, noise=noise, slots=TileSlots.full(len(frames), (grid.n_y, grid.n_x)),
        transparency=np.ones((1, len(frames))),
        measurements=[SimpleNamespace(psf=psf)] * len(frames), frames=SimpleNamespace(usable=frames)))


def frame(k: int, matrix: np.ndarray, image: np.ndarray) -> Frame:
    return Frame(k, FrameInfo(info(f"{k}.fit").path, Role.LIGHT, image.shape), cast(Any, Image(image)), matrix)


def warped(state: RunState, one: Frame, shape: tuple[int, int]) -> np.ndarray:
    cube, valid = np.zeros((1, 1, *shape), np.float32), np.zeros((1, *shape), np.float32)
    unchanged = FrameNormalization(np.ones(1, np.float32), np.zeros((1, 1, 1)))
    read_block(state.plan, one, Block(0, shape[0], 0, shape[1]), unchanged, Slot(cube, valid, 0))
    return cube[0, 0]


@pytest.mark.parametrize(("scale", "kept"), [(1.0, 1.05), (1.43, 1.05), (0.7, 0.97), (0.5, 1.0)])
def test_frames_of_other_pixel_scales_have_the_information_of_their_own_pixels(scale: float, kept: float) -> None:
    """Interpolation to finer pixels keeps all of it, and to slightly coarser ones almost all, because noise is folded to
    frequencies that stars do not have. For pixels twice as large the samples of their area are averaged."""
    r = np.random.default_rng(4)
    own = (round(SHAPE[0] / scale) + 1, round(SHAPE[1] / scale) + 1)
    x, y = (a.ravel() + 0.3 for a in np.meshgrid(np.arange(40.0, 300, 50), np.arange(40.0, 220, 50)))
    stars, noise = SIGMA * r.standard_normal(own), SIGMA * r.standard_normal(own)
    add_stars(stars, x / scale, y / scale, np.full(len(x), FLUX / scale**2), np.full(len(x), FWHM), profile=PROFILE)
    matrix = np.diag([scale, scale, 1.0])
    state = state_of([frame(0, matrix, stars)], SHAPE)
    found = measure_information(warped(state, frame(0, matrix, stars), SHAPE), warped(state, frame(0, matrix, noise), SHAPE),
                                PointSources(x, y, np.full(len(x), FLUX), np.ones(len(x), bool)), np.zeros(SHAPE, bool))
    share = found.value / _in_regions(state, 0, found.boxes.astype(float))
    assert np.mean(share) == pytest.approx(kept, rel=0.05)


def test_a_region_in_which_the_number_of_frames_changes_keeps_all() -> None:
    """One frame over all of the canvas, three more on a half of it, each place with the best weights: nothing is lost."""
    r = np.random.default_rng(5)
    shape = (300, 310)
    x, y = (a.ravel() + 0.3 for a in np.meshgrid(np.arange(40.0, 300, 46), np.arange(40.0, 280, 46)))
    depth = np.where(np.arange(shape[1]) < 0.45 * shape[1], 2.5, 1.5)
    image, noise = (SIGMA / np.sqrt(depth) * r.standard_normal(shape) for _ in range(2))
    add_stars(image, x, y, np.full(len(x), FLUX), np.full(len(x), FWHM), profile=PROFILE)
    left = np.array([[1, 0, 0.45 * shape[1] - shape[1]], [0, 1, 0], [0, 0, 1.0]])
    state = state_of([frame(k, np.eye(3) if k < 3 else left, np.zeros(shape)) for k in range(5)], shape)
    state.noise[:] *= np.sqrt(2)  # three frames of half the information, two more on the left
    found = measure_information(image.astype(np.float32), noise.astype(np.float32),
                                PointSources(x, y, np.full(len(x), FLUX), np.ones(len(x), bool)), np.zeros(shape, bool))
    boxes = found.boxes.astype(float)
    assert found.value / _in_regions(state, 0, boxes) == pytest.approx(1, rel=0.06)
    middle = information._available(state, 0, found.x, found.y)
    assert abs(float(found.value[0] / middle[0]) - 1) > 0.1
