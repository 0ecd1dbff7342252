"""Lights and calibration frames with areas without data: no weight there, and no effect on what is measured beside them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.api.export_formats import export_xisf
from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.engines.native.engine import CalibratedReader, with_no_data
from orchestrator.engines.native.master_rows import mark_no_data
from orchestrator.engines.no_data import has_data, near_no_data, no_data_of_lights, no_data_warnings
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo, Role
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.canvas import canvas_of
from orchestrator.stacking.frame_reading import FrameNormalization, read_block
from orchestrator.stacking.tile_quality import tile_overlap
from tests.conftest import stacked_natively
from tilecore.calibrate.masters import combine_masters
from tilecore.calibrate.no_data import fill_from_others, with_noise
from tilecore.detect.metrics import measure, without_stars_at
from tilecore.resample.warp import Slot
from tilecore.stack.grid import make_grid

SHAPE = (120, 160)
BORDER = np.s_[:17, :]
LEVEL = 400.0


def image(seed: int = 1, value: float = np.nan) -> NDArray[np.float32]:
    data = np.random.default_rng(seed).normal(LEVEL, 10, SHAPE).astype(np.float32)
    data[BORDER] = value
    return data


def context(folder: Path, workflow: str = "auto") -> RunContext:
    return cast("RunContext", SimpleNamespace(work=folder, check=lambda: None, workers=2, frames_at_once=lambda _: 2,
                                              config=RunConfig.model_validate({"input": {"workflow": workflow}})))


def reader(folder: Path, data: NDArray[Any], dtype: str = "f4", cfa: bool = False) -> CalibratedReader:
    path = folder / "light.fits"
    fits.writeto(path, data.astype(dtype), overwrite=True)
    return with_no_data(CalibratedReader(fits_io.image_layout(path), None, None, None, cfa), context(folder))


@pytest.mark.parametrize("value", [0.0, np.nan, -np.inf])
def test_missing_rows_have_the_level_of_their_surroundings_however_they_are_read(tmp_path: Path, value: float) -> None:
    found = reader(tmp_path, image(value=value))
    whole = found.read() * 65535
    assert np.allclose(whole[BORDER], LEVEL, atol=6)
    assert np.array_equal(found.read(9, 31) * 65535, whole[9:31])


@pytest.mark.parametrize("mode", ["mono", "last", "first", "superpixel"])
def test_missing_pixels_have_no_weight_and_leave_no_trace(tmp_path: Path, mode: Any) -> None:
    data = image()
    data[17:, :] += np.where(np.arange(SHAPE[1]) % 2, 0, 100 if mode != "mono" else 0)
    one = reader(tmp_path, data, cfa=mode != "mono")
    info = FrameInfo(tmp_path / "light.fits", Role.LIGHT, SHAPE)
    matrix = np.array([[1, 0, 0.4], [0, 1, 0.3], [0, 0, 1]])
    frames = FrameSet((Frame(0, info, one, matrix),), 0, SHAPE, None if mode == "mono" else "RGGB", 1, "native")
    plan = canvas_of(frames, mode, (0, 0), SHAPE, 0.0, "lanczos4")
    height, width = plan.channel_shape
    cube = np.zeros((len(plan.channels), 1, height, width), np.float32)
    valid = np.zeros((1, height, width), np.float32)
    channels = len(plan.channels)
    plain = FrameNormalization(np.ones(channels, np.float32), np.zeros((channels, 1, 1)))
    read_block(plan, frames.frames[0], Block(0, height, 0, width), plain, Slot(cube, valid, 0))
    first = 17 // plan.step
    assert (valid[0, :first] == 0).all()
    assert (valid[0, first + 8: -4, 4:-4] > 0).all()
    seen = cube[:, 0][:, valid[0] > 0] * 65535
    assert (np.abs(seen - np.median(seen, axis=1, keepdims=True)) < 60 + (mode == "first") * 200).all()
    parts = np.zeros_like(cube), np.zeros_like(valid)
    for y0 in range(0, height, 13):
        block = Block(y0, min(y0 + 13, height), 0, width)
        some, good = np.zeros((channels, 1, *block.shape), np.float32), np.zeros((1, *block.shape), np.float32)
        read_block(plan, frames.frames[0], block, plain, Slot(some, good, 0))
        parts[0][:, :, y0: block.y1], parts[1][:, y0: block.y1] = some, good
    assert np.array_equal(parts[1], valid)
    grid = make_grid(plan.channel_shape, 3.0, size_factor=4, min_size=24 // plan.step, max_divisor=1, overlap=0.0)
    assert tile_overlap(plan, grid, frames.frames)[0, 0].max() <= 0.5


def test_positions_are_looked_up_in_the_mask(tmp_path: Path) -> None:
    one = reader(tmp_path, image())
    x, y = np.array([3.0, 80.0, 80.0, -5.0]), np.array([5.0, 16.0, 17.0, 50.0])
    assert has_data(one, x, y).tolist() == [False, False, True, True]
    distance = near_no_data(one, x[None, 1:3], y[None, 1:3], 3.0)
    assert distance is not None
    assert distance[0].tolist() == [0.0, 1.0]


def test_an_area_without_data_does_not_lower_the_measured_noise() -> None:
    clean = (np.random.default_rng(3).normal(LEVEL, 10, SHAPE) / 65535).astype(np.float32)
    missing = np.zeros(SHAPE, bool)
    missing[:60] = True
    holed = clean.copy()
    holed[missing] = LEVEL / 65535
    filled = with_noise(holed, missing)
    assert np.array_equal(filled[~missing], clean[~missing])
    assert np.array_equal(filled, with_noise(holed, missing))
    reference, found = (measure(a, None, trails=False, mesh=24).noise_mesh for a in (clean, filled))
    assert np.allclose(found, reference, rtol=0.3)


def test_stars_that_are_cut_do_not_count() -> None:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    data = np.random.default_rng(3).normal(LEVEL, 5, SHAPE)
    for cy, cx in ((22, 40), (70, 40), (80, 120)):
        data += 9000 * np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / 6)
    missing = np.zeros(SHAPE, bool)
    missing[:20] = True
    found = measure((data / 65535).astype(np.float32), None, trails=False)
    assert found.star_count == 3
    assert without_stars_at(found, missing).star_count == 2


def test_lights_are_named_with_what_they_lack(tmp_path: Path) -> None:
    layouts: list[fits_io.ImageLayout | None] = []
    for name, data in (("whole", np.full(SHAPE, LEVEL) + np.arange(SHAPE[1])), ("border", image()), ("empty", np.zeros(SHAPE))):
        fits.writeto(tmp_path / f"{name}.fits", data.astype("f4"))
        layouts.append(fits_io.image_layout(tmp_path / f"{name}.fits"))
    found, reasons = no_data_of_lights([*layouts, None], context(tmp_path))
    assert [n and n.path is not None for n in found] == [False, True, None, None]
    assert list(reasons) == [2]
    [warning] = no_data_warnings([*layouts, None], found)
    assert "Lights with areas without data" in warning and ": 1, border.fits" in warning
    assert "border.fits (14 %)" in warning


def test_clipped_values_are_reported_and_stay(tmp_path: Path) -> None:
    data = np.round(np.random.default_rng(1).normal(30, 20, SHAPE)).clip(0)
    one = reader(tmp_path, data, "u2")
    assert one.blank is None
    found, _ = no_data_of_lights([one.layout], context(tmp_path))
    [warning] = no_data_warnings([one.layout], found)
    assert f"{100 * (data == 0).mean():.1f} % of the pixels" in warning


def test_masters_leave_out_pixels_without_data(tmp_path: Path) -> None:
    layouts = []
    for k in range(5):
        path = tmp_path / f"{k}.fits"
        data = image(k, value=LEVEL)
        data[BORDER] += np.random.default_rng(k).normal(0, 10, data[BORDER].shape)
        if k == 0:
            data[BORDER] = 0
            data[60, 70] = np.nan
        fits.writeto(path, data)
        layouts.append(fits_io.image_layout(path))
    stack = np.stack([layout.read(10, 80, keep_nan=True) for layout in layouts])
    others = stack[1:].mean(axis=0)
    mark_no_data(stack, layouts, 10, {})
    fill_from_others(stack)
    master = combine_masters(stack) * 65535
    assert np.abs(master[:7] - others[:7] * 65535).max() < 20
    assert abs(master[50, 0] - LEVEL) < 30


@pytest.mark.slow()
def test_a_stack_of_registered_frames_is_right_up_to_the_border(tmp_path: Path) -> None:
    """Frames that another program registered: borders of 0 and NaN on all sides."""
    shape, random = (200, 260), np.random.default_rng(5)
    y, x = np.mgrid[: shape[0], : shape[1]]
    sky = np.full(shape, 300.0)
    for cy, cx in random.uniform(12, 188, (40, 2)):
        sky += 4000 * np.exp(-((y - cy) ** 2 + (x - 1.3 * cx) ** 2) / 4)
    depth = np.zeros(shape)
    (tmp_path / "s/lights").mkdir(parents=True)
    for k in range(8):
        frame = random.poisson(sky) + random.normal(0, 3, shape)
        border = np.zeros(shape, bool)
        size = int(random.integers(5, 30))
        for side, part in enumerate((border[:size], border[-size:], border[:, :size], border[:, -size:])):
            part[:] |= side == k % 4
        frame[border] = np.nan if k % 2 else 0
        depth += ~border
        fits.writeto(tmp_path / f"s/lights/{k}.fits", frame.astype("f4"), fits.Header({"EXPTIME": 60.0}))
    result = stacked_natively(tmp_path / "s", tmp_path / "runs")
    assert result.status == "ok"
    stack = fits.getdata(result.directory / "outputs/stacked.fits") * 65535
    coverage = fits.getdata(result.directory / "outputs/coverage.fits")
    assert (coverage <= depth + 1e-3).all()
    for edge in (np.s_[1:5, 40:220], np.s_[-5:-1, 40:220], np.s_[40:160, 1:5], np.s_[40:160, -5:-1]):
        clear = sky[edge] < 302
        assert np.median(stack[edge][clear]) == pytest.approx(300, abs=4)


def test_the_rims_of_a_master_tile_hold_no_data_unless_they_were_cut_off_before(tmp_path: Path) -> None:
    noise = np.random.default_rng(3)
    data = noise.normal(LEVEL, 5, (320, 400)).astype(np.float32)
    data[:60] += noise.normal(0, 20, (60, 400)).astype(np.float32)
    for name, cropped in (("tile", False), ("cropped", True)):
        fits.writeto(tmp_path / f"{name}.fits", data, fits.Header({"TILECROP": cropped, "ROWORDER": "TOP-DOWN"}))
        export_xisf(tmp_path / f"{name}.fits", tmp_path / f"{name}.xisf")
    y, x = (a.ravel().astype(float) for a in np.mgrid[:320, :400])
    seen = {}
    for name, workflow in (("tile.fits", "master_tiles"), ("tile.xisf", "master_tiles"), ("tile.fits", "auto"),
                           ("cropped.fits", "master_tiles"), ("cropped.xisf", "master_tiles")):
        plain = CalibratedReader(frame_files.image_layout(tmp_path / name), None, None, None, cfa=False)
        seen[name, workflow] = has_data(with_no_data(plain, context(tmp_path, workflow)), x, y).reshape(320, 400)
    for suffix in ("fits", "xisf"):
        rows, columns = np.nonzero(seen[f"tile.{suffix}", "master_tiles"])
        assert (rows.min(), rows.max(), columns.min(), columns.max()) == (64 + 8, 320 - 9, 8, 400 - 9)
        assert seen["tile.fits", "auto"].all() and seen[f"cropped.{suffix}", "master_tiles"].all()
