"""A pixel is bad where it spoils a light, not where it is warm; what replaces it counts next to nothing on stars."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.config.settings import RunConfig
from orchestrator.engines.bad_pixels import write_bad_pixels
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.engines.native.engine import NativeEngine
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.session.discovery import scan
from orchestrator.session.model import FrameInfo, Role
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.canvas import Mode, canvas_of
from orchestrator.stacking.frame_reading import FrameNormalization, read_block
from tilecore.calibrate import masters as calibrate
from tilecore.calibrate import repaired_pixels as replaced
from tilecore.resample.warp import Slot

RANDOM = np.random.default_rng(3)
NOISE = 20.0
SHAPE = (60, 80)


def dark_of(levels: np.ndarray) -> np.ndarray:
    """Excess of a master dark of 16 frames, whose 400 warm pixels have these levels."""
    dark = RANDOM.normal(500, 0.75, (200, 200)).astype(np.float32)
    dark.ravel()[PLACES] += levels.astype(np.float32)
    return calibrate.local_excess(dark, cfa=False)


PLACES = RANDOM.choice(200 * 200, 400, replace=False)
LEVELS = np.concatenate([np.full(380, 60.0), np.full(20, 2000.0)])


def test_a_warm_pixel_is_not_bad_and_a_hot_one_is() -> None:
    excess = dark_of(LEVELS)
    bad = calibrate.bad_pixel_map(excess, NOISE, 5, 5).ravel()
    assert bad[PLACES[380:]].all() and bad.sum() == 20
    # It stays so when the lights have no information; pixels below all others are bad as well.
    assert calibrate.bad_pixel_map(excess, 0.0, 5, 5).ravel()[PLACES].all()
    excess.ravel()[PLACES[0]] = -150
    assert calibrate.bad_pixel_map(excess, NOISE, 5, 5).ravel()[PLACES[0]]


@pytest.mark.parametrize("share", [0.0, 0.2, -0.2])
def test_a_dark_that_does_not_fit_makes_warm_pixels_bad(share: float) -> None:
    excess = dark_of(np.geomspace(20, 800, 400))
    rows, columns = calibrate.hot_pixels(excess / 65535)
    left = share * excess[rows, columns] + RANDOM.normal(0, 0.6 * NOISE, len(rows))
    found = calibrate.dark_misfit(excess[rows, columns], left, NOISE)
    assert found == pytest.approx(share, abs=0.03)
    bad = calibrate.bad_pixel_map(excess, NOISE, 5, 5, misfit=found)
    # A quarter of the noise may stay.
    limit = 100 if not share else 0.25 * NOISE / abs(found)
    assert (bad > 0).sum() == pytest.approx((np.geomspace(20, 800, 400) > limit).sum(), abs=12)


def test_unstable_pixels_are_found_in_the_darks_and_a_cosmic_ray_is_not() -> None:
    darks = RANDOM.normal(500, 3, (16, 60, 80)).astype(np.float32)
    darks[::3, 20, 30] += 150
    darks[5, 40, 50] += 3000
    found = calibrate.unstable_pixels(calibrate.dark_spread(darks), NOISE, cfa=False)
    assert np.argwhere(found).tolist() == [[20, 30]]
    # Under a bright sky the same jumps are lost in the noise.
    assert not calibrate.unstable_pixels(calibrate.dark_spread(darks), 10 * NOISE, cfa=False).any()


def test_a_pixel_that_sees_half_of_the_flat_is_weak_and_dust_is_not() -> None:
    y, x = np.mgrid[:60, :80]
    flat = (20000 * (1 - 0.6 * np.exp(-((x - 40) ** 2 + (y - 30) ** 2) / 60)) + RANDOM.normal(0, 50, SHAPE)).astype(np.float32)
    flat[1::2] *= 0.4  # the rows of another colour
    flat[10, 10] *= 0.03
    flat[11, 40] *= 0.45
    flat[50, 60] *= 0.6
    assert np.argwhere(calibrate.weak_pixels(flat, cfa=True)).tolist() == [[10, 10], [11, 40]]


def test_replaced_values_are_doubted_on_a_star_and_not_on_the_sky() -> None:
    y, x = np.mgrid[:60, :80]
    image = (RANDOM.normal(0, NOISE, SHAPE) + 4000 * np.exp(-((x - 30) ** 2 + (y - 20) ** 2) / 4)).astype(np.float32)
    rows, columns = np.array([20, 50, 0, 59]), np.array([31, 60, 0, 79])
    assert replaced.on_steep_gradient(image, rows, columns, 1, NOISE).tolist() == [True, False, False, False]
    rows, columns = (RANDOM.integers(35, 60, 2000) for _ in range(2))
    assert replaced.on_steep_gradient(image, rows, columns, 2, NOISE).mean() < 0.01


@dataclass(frozen=True)
class Reader:
    """A star, one of whose pixels was replaced."""

    bad: Path
    shape: tuple[int, int] = SHAPE

    def read(self, row_start: int = 0, row_stop: int | None = None) -> np.ndarray:
        y, x = np.mgrid[:60, :80]
        image = 4000 * np.exp(-((x - 40) ** 2 + (y - 30) ** 2) / 8)
        return image[row_start:row_stop].astype(np.float32)


@pytest.mark.parametrize(("mode", "cfa"), [("mono", None), ("first", "RGGB"), ("last", "RGGB"), ("superpixel", "RGGB")])
def test_the_canvas_believes_little_around_a_replaced_pixel_wherever_blocks_end(mode: Mode, cfa: str | None,
                                                                                tmp_path: Path) -> None:
    mask = np.zeros(SHAPE, np.uint8)
    row, column = 31, 39
    mask[row, column] = mask[5, 5] = 1
    write_bad_pixels(tmp_path / "bad.fit", mask, NOISE)
    matrix = np.array([[0, -1, 70.0], [1, 0, -5.0], [0, 0, 1]])  # a quarter turn: (x, y) -> (70 - y, x - 5)
    frame = Frame(0, FrameInfo(tmp_path / "light.fit", Role.LIGHT, SHAPE), Reader(tmp_path / "bad.fit"), matrix)
    plan = canvas_of(FrameSet((frame,), 0, SHAPE, cfa, 1, "native"), mode, (0, 0), SHAPE, 0, "lanczos4")
    channels, (h, w) = len(plan.channels), plan.channel_shape
    whole = np.zeros((h, w), np.float32)
    for cut in (h, 7):
        parts = []
        for first in range(0, h, cut):
            block = Block(first, min(first + cut, h), 0, w)
            cube, valid = np.empty((channels, 1, *block.shape), np.float32), np.empty((1, *block.shape), np.float32)
            unchanged = FrameNormalization(np.ones(channels, np.float32), np.zeros((channels, 1, 1)))
            read_block(plan, frame, block, unchanged, Slot(cube, valid, 0))
            parts.append(valid[0])
        before, whole = whole, np.concatenate(parts)
    np.testing.assert_array_equal(before, whole)
    doubtful = np.argwhere((whole > 0) & (whole < 0.5))
    centre = doubtful.mean(axis=0) * plan.step
    expected = np.array([column - 5, 70 - row])
    assert 1 <= len(doubtful) <= 21 and np.abs(centre - expected).max() <= plan.step and (whole[doubtful.T[0], doubtful.T[1]]
                                                                                       == np.float32(0.01)).all()


def test_darks_of_another_temperature_are_the_only_cause_that_is_named(simulated: Any, tmp_path: Path) -> None:
    """Half of the pixels are warm, and the darks have twice the current of the lights."""
    warm = {"n_dark": 8, "warm_pixels": 16_000, "warm_median": 60.0, "hot_pixels": 20}
    source, truth = simulated("tiny_mono", **warm)
    other, _ = simulated("tiny_mono", **warm | {"exposure": 60.0, "warm_median": 120.0})
    folder = tmp_path / "session"
    shutil.copytree(source, folder)
    for dark in (other / "darks").iterdir():
        with fits.open(dark) as file:
            file[0].header["EXPTIME"] = 30.0
            file.writeto(folder / "darks" / dark.name, overwrite=True)
    config = RunConfig()
    session = scan([folder], config).session
    assert session is not None
    result = NativeEngine().calibrate(session, RunContext(config, tmp_path / "run", EventLog(None), 2**30, 2))
    dark_current = [w for w in result.warnings if "less dark current than their darks" in w]
    assert len(dark_current) == 1 and not any("look bad" in w for w in result.warnings), result.warnings
    bad = fits.getdata(result.masters["bad_pixels"]) > 0
    hottest = truth.hot[truth.hot[:, 2] > 2000].astype(int)
    assert bad.mean() < 0.05 and bad[hottest[:, 1], hottest[:, 0]].all()
