"""The whole-array operations against the compiled kernels; on a GPU too, where there is one."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import RunConfig, run
from tilecore.detect.psf import otf_table
from tilecore.resample import array_backend as arrays
from tilecore.resample import warp
from tilecore.stack.grid import axis_windows, make_grid
from tilecore.stack.proper_coadd import Band, common_target, make_layout
from tilecore.stack.weighted_mean import TileMean

# numpy under another name: what is not numpy itself takes the way of a GPU.
OTHER: Any = SimpleNamespace(**{name: getattr(np, name) for name in dir(np)})


def modules() -> list[Any]:
    found, _ = arrays.array_module("gpu")
    return [OTHER] if found is np else [OTHER, found]


@pytest.mark.parametrize("xp", modules())
@pytest.mark.parametrize("kernel", list(warp.KERNELS))
@pytest.mark.parametrize("matrix", [[[0.998, -0.06, 3.3], [0.06, 0.998, -2.7], [1e-6, -2e-6, 1]],
                                    [[1.002, -0.02, 3.3], [0.019, 0.998, -2.7], [0, 0, 1]],
                                    [[-0.998, -0.02, 84.3], [0.019, -1.002, 66.7], [0, 0, 1]]])
def test_the_warp(xp: Any, kernel: str, matrix: Any) -> None:
    r = np.random.default_rng(0)
    source = r.random((3, 70, 90)).astype(np.float32)
    matrix = np.array(matrix)
    scale, surface = np.array([1.0, 2, 0.5], np.float32), r.normal(0, 0.1, (3, 3, 3))
    out, valid = np.empty((3, 1, 60, 80), np.float32), np.empty((1, 60, 80), np.float32)
    rows, sampling = warp.FrameRows(source, (70, 90)), warp.Sampling(kernel, 8)
    normalization = warp.Normalization(scale, surface, (70, 90))
    warp.warp_planes(rows, matrix, (5, 2), warp.Slot(out, valid, 0), sampling, normalization)
    pixels, good = arrays.warp_block(xp, rows, matrix, warp.Window(5, 2, 60, 80), sampling, normalization)
    assert np.abs(arrays.to_numpy(pixels) - out[:, 0]).max() < 2e-5
    assert np.abs(arrays.to_numpy(good) - valid[0]).max() < 1e-6


@pytest.mark.parametrize("xp", modules())
def test_the_weighted_mean(xp: Any) -> None:
    r = np.random.default_rng(0)
    grid = make_grid((50, 70), 2.0, size_factor=10, min_size=16, max_divisor=2, overlap=0.5)
    cube = r.normal(0.01, 1e-3, (9, 50, 70)).astype(np.float32)
    cube[2, 5:9] = np.nan
    valid = np.clip(r.uniform(-0.2, 2, cube.shape), 0, 1).astype(np.float32)
    mask = (r.random(cube.shape) < 0.1).astype(np.uint8)
    mask[:, 20, 20] = 1
    weights, second = r.uniform(0, 1, (9, grid.n_y, grid.n_x)), np.arange(9) % 2 == 1
    results = []
    for module in (np, xp):
        mean = TileMean(axis_windows(grid), module)
        mean.add(cube[:5], valid[:5], mask[:5], weights[:5], weights[:5], second[:5])
        mean.add(cube[5:], valid[5:], mask[5:], weights[5:], weights[5:], second[5:])
        results.append(mean.result())
    for name, expected in vars(results[0]).items():
        assert np.allclose(getattr(results[1], name), expected, rtol=1e-6, atol=1e-9, equal_nan=True), name


@pytest.mark.parametrize("xp", modules())
def test_proper_coaddition(xp: Any) -> None:
    r = np.random.default_rng(0)
    layout = make_layout((150, 180), 3.0)
    rows, columns = len(layout.starts_y), len(layout.starts_x)
    tensor = np.broadcast_to(np.array([[9.0, 1.0], [1.0, 7.0]]), (rows * columns, 2, 2))
    top, bottom = Band.rows_of(layout, 0, rows)
    width = layout.starts_x[-1] + layout.core + 2 * layout.pad
    results = []
    weight = np.full(rows * columns, 1e6)
    weight[0] = 0
    target = common_target(np.array([tensor, 1.4 * tensor]), np.array([weight, weight]), np.array([3.5, 3.0]), 0.25)
    for module in (np, xp):
        r = np.random.default_rng(1)
        band = Band(layout, 0, rows, 1.0, module)
        for factor in (1.0, 1.4):
            band.add(r.normal(0.01, 1e-3, (bottom - top, width)).astype(np.float32), weight, factor * tensor, otf_table(3.5),
                     second=factor > 1)
        results.append(band.finish(target))
    for ours, theirs in zip(results[0][:2], results[1][:2], strict=True):
        assert np.abs(ours - theirs).max() < 1e-6
    assert results[1][2] == pytest.approx(results[0][2])


@pytest.mark.parametrize("method", ["mean", pytest.param("proper", marks=pytest.mark.slow)])
def test_a_whole_run_gives_the_same_picture(simulated: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    folder, _ = simulated("tiny_osc")
    settings = {"engine": {"name": "native"}, "reconstruction": {"method": method}}
    plain = run(folder, RunConfig.model_validate(settings), runs_dir=tmp_path)
    for module in ("orchestrator.pipeline.runner", "orchestrator.stacking.weighted_mean"):
        monkeypatch.setattr(sys.modules[module], "array_module", lambda device: (np if device == "cpu" else modules()[-1], ""))
    other = run(folder, RunConfig.model_validate({**settings, "runtime": {"device": "gpu"}}), runs_dir=tmp_path)
    assert other.error is None, other.error
    one, two = (fits.getdata(result.products["stacked_rgb"]) for result in (plain, other))
    # A pixel at the edge of rejection may fall to the other side.
    assert np.percentile(np.abs(one - two), 99.9) < 2e-6


def test_without_a_gpu_the_processor_does_it_and_a_word_is_said(simulated: Any, tmp_path: Path) -> None:
    module, reason = arrays.array_module("gpu")
    folder, _ = simulated("tiny_mono")
    config = RunConfig.model_validate({"engine": {"name": "native"}, "runtime": {"device": "gpu"}})
    result = run(folder, config, runs_dir=tmp_path)
    assert result.error is None
    if module is np:
        assert any(reason in w for w in result.warnings)
    assert arrays.array_module("cpu") == (np, "")
