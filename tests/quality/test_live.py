"""The live stack: what must not be in the picture, measured as for runs."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import median_filter

from orchestrator import RunConfig, WatchOptions, watch
from orchestrator.io.fits import image_layout, write
from orchestrator.live.state import load
from orchestrator.simulation import PRESETS, simulate
from orchestrator.simulation.camera import make_camera
from orchestrator.simulation.simulator import frame_header
from tests.quality.test_clean_sky import CLEAN, SIDE, along
from tests.quality.test_no_darks import SESSION, WINDOW, along_arcs


def live(folder: Path, runs: Path, name: str, **calibration: object) -> tuple[np.ndarray, int]:
    """The live stack of a session in ADU, and the number of its reference."""
    config = RunConfig.model_validate({"engine": {"name": "native"}, "calibration": calibration})
    for k, path in enumerate(sorted((folder / "lights").iterdir())):
        os.utime(path, (1e9 + k, 1e9 + k))  # they come in the order of their names
    result = watch(folder, config, WatchOptions(every=1000, poll=0.05, idle=0.1), runs_dir=runs, run_id=name)
    lights = sorted(p.name for p in (folder / "lights").iterdir())
    assert result.statistics.frames_stacked == len(lights)
    return image_layout(result.products["stacked"]).read() * 65535, lights.index(str(result.statistics.reference))


@pytest.mark.slow
def test_no_trail_is_left(tmp_path: Path) -> None:
    config = replace(PRESETS["mono_seeing"], n_frames=10, trails=4, trail_brightness=60.0, **CLEAN)
    truth = simulate(config, tmp_path / "with")
    simulate(replace(config, trails=0), tmp_path / "without")
    (image, reference), (plain, same) = (live(tmp_path / name, tmp_path, f"live_{name}", cosmetic=False)
                                         for name in ("with", "without"))
    assert reference == same
    blank = plain[:, 1:] < np.percentile(plain, 60)
    noise = np.std(np.diff(plain, axis=1)[blank]) / np.sqrt(2)
    means = [along(t, truth, reference, image - plain).mean() / (noise / SIDE) for t in truth.trails]
    assert len(means) == 4 and np.abs(means).max() < 1, means


@pytest.mark.slow
def test_without_darks_no_arcs_are_left(tmp_path: Path) -> None:
    session = tmp_path / "session"
    truth = simulate(replace(SESSION, n_frames=33), session)
    camera = make_camera(truth)
    dark = (camera.bias + camera.dark * SESSION.exposure / SESSION.gain) / 65535
    write(tmp_path / "dark.fits", dark.astype(np.float32), frame_header(SESSION, "dark", 0, SESSION.exposure))
    (true, reference), (image, same) = (live(session, tmp_path, name, **settings) for name, settings in (
        ("dark", {"dark_master": str(tmp_path / "dark.fits")}), ("none", {})))
    assert reference == same and load(tmp_path / "none").cleaned == 32
    noise = true - median_filter(true, 5)
    sigma = 1.4826 * float(np.median(np.abs(noise))) / np.sqrt(WINDOW)
    difference = image - true
    # As the lights are: 222.
    rest = np.abs(along_arcs(truth, difference - median_filter(difference, 41), truth.hot, reference)) / sigma
    assert np.sqrt((rest**2).mean()) < 1.5 and np.quantile(rest, 0.98) < 4
    assert np.median(np.abs(image - median_filter(image, 5))) < 1.04 * np.median(np.abs(noise))
