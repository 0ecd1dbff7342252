"""Registration of simulated and real sessions by the native engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import FrameSet
from orchestrator.engines.native.engine import NativeEngine
from orchestrator.errors import ConfigError
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.session.discovery import scan
from tilecore.detect.metrics import FrameMeasurement
from tilecore.register.align import apply


def register(folder: Path, tmp_path: Path, **config: Any) -> tuple[FrameSet, list[FrameMeasurement | None]]:
    settings = RunConfig.model_validate(config)
    context = RunContext(settings, tmp_path, EventLog(None), 2**30, config.get("runtime", {}).get("workers", 2))
    session = scan([folder], settings).session
    assert session is not None
    engine = NativeEngine()
    frames = engine.register(session, engine.calibrate(session, context), context)
    assert engine.measurements is not None
    return frames, engine.measurements


def errors(frames: FrameSet, truth: Any) -> list[float]:
    """Rms over the field, in pixels, of each transform against the truth."""
    h, w = frames.shape
    grid = np.stack(np.meshgrid(np.linspace(0, w - 1, 10), np.linspace(0, h - 1, 10)), -1).reshape(-1, 2)
    place = [truth.lights.index(f.info.path.name) for f in frames.frames]
    result = []
    for frame in frames.usable:
        exact = truth.matrix(place[frame.index], place[frames.reference])
        assert frame.matrix is not None
        result.append(float(np.sqrt(((apply(frame.matrix, grid) - apply(exact, grid)) ** 2).sum(1).mean())))
    return result


@pytest.mark.parametrize("preset", ["tiny_mono", "tiny_osc", "osc_rotated", pytest.param("mono_seeing", marks=pytest.mark.slow)])
def test_all_frames_are_registered_to_a_twentieth_of_a_pixel(simulated: Any, tmp_path: Path, preset: str) -> None:
    folder, truth = simulated(preset)
    frames, measurements = register(folder, tmp_path)
    assert len(frames.usable) == len(frames.frames)
    assert max(errors(frames, truth)) <= 0.05
    assert np.array_equal(frames.frames[frames.reference].matrix, np.eye(3))  # type: ignore[arg-type]
    for frame, m in zip(frames.frames, measurements, strict=True):
        assert m is not None
        i = truth.lights.index(frame.info.path.name)
        h, w = frames.shape
        x, y = (a.ravel() for a in np.meshgrid(np.linspace(20, w - 20, 6), np.linspace(20, h - 20, 6)))
        assert np.median(m.psf.fwhm(x, y) / truth.frame_fwhm(i, x, y)) == pytest.approx(1, abs=0.04)


def test_a_frame_of_another_field_and_a_blank_one_are_left_out_with_the_reason(tmp_path: Path) -> None:
    from dataclasses import replace

    from orchestrator.simulation import PRESETS, simulate

    truth = simulate(PRESETS["tiny_mono"], tmp_path / "session")
    simulate(replace(PRESETS["tiny_mono"], seed=977, n_frames=3), tmp_path / "other")
    lights = sorted((tmp_path / "session" / "lights").iterdir())
    strangers = sorted((tmp_path / "other" / "lights").iterdir())
    lights[2].write_bytes(strangers[0].read_bytes())
    with fits.open(lights[5], mode="update") as file:
        shape = file[0].data.shape
        file[0].data = np.random.default_rng(0).normal(1000, 25, shape).astype(np.uint16)
    frames, _ = register(tmp_path / "session", tmp_path / "run")
    left_out = {f.info.path.name: f.reason for f in frames.frames if f.matrix is None}
    assert set(left_out) == {lights[2].name, lights[5].name}
    assert all("star" in reason for reason in left_out.values())
    assert len(frames.usable) == 6 and max(errors(frames, truth)) <= 0.05


def test_the_reference_is_the_one_asked_for_and_a_wrong_name_is_told(simulated: Any, tmp_path: Path) -> None:
    folder, truth = simulated("tiny_mono")
    name = truth.lights[-1]
    frames, _ = register(folder, tmp_path / "right", registration={"reference": name})
    assert frames.frames[frames.reference].info.path.name == name
    frames, _ = register(folder, tmp_path / "first", registration={"reference": "first"})
    assert frames.reference == 0
    with pytest.raises(ConfigError, match=r"nothing\.fit"):
        register(folder, tmp_path / "wrong", registration={"reference": "nothing.fit"})


def test_the_reference_lies_in_the_middle_of_a_drifting_session(simulated: Any, tmp_path: Path) -> None:
    folder, truth = simulated("tiny_mono", drift=70.0, seeing_min=2.8, seeing_max=2.9, transparency_min=0.98)
    frames, _ = register(folder, tmp_path)
    assert 1 <= frames.reference <= len(frames.frames) - 2
    assert len(frames.usable) == len(frames.frames) and max(errors(frames, truth)) <= 0.1


def test_the_number_of_workers_changes_nothing(simulated: Any, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_osc")
    one, _ = register(folder, tmp_path / "a", runtime={"workers": 1})
    four, _ = register(folder, tmp_path / "b", runtime={"workers": 4})
    assert one.reference == four.reference
    for a, b in zip(one.frames, four.frames, strict=True):
        assert a.matrix is not None and b.matrix is not None and a.matrix.tobytes() == b.matrix.tobytes()


@pytest.mark.slow
def test_real_frames_are_registered_and_the_stray_one_is_refused(real_data: Path, tmp_path: Path) -> None:
    frames, _ = register(real_data / "mono_lrgb_m8", tmp_path / "m8", input={"filter": "L"})
    assert [f.info.path.name for f in frames.frames if f.matrix is None] == ["L_12.fit"]
    assert max(f.residual for f in frames.usable) < 0.2
    for name in ("seestar_s50_m94", "osc_asi224_m27"):
        frames, _ = register(real_data / name, tmp_path / name)
        assert len(frames.usable) == len(frames.frames)
        assert max(f.residual for f in frames.usable) < 0.5
