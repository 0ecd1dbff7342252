"""A live stack: frames that arrive slowly, in halves, damaged, twice; a program that is killed and started again."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import RunConfig, WatchOptions, run, watch
from orchestrator.errors import ConfigError
from orchestrator.io.fits import image_layout
from orchestrator.live import fixed_pattern as pattern
from orchestrator.live.add_frame import MeasuredLight, add_next
from orchestrator.live.arrivals import Arrivals
from orchestrator.live.state import LiveState, load
from orchestrator.runtime.cache import Cache
from orchestrator.runtime.context import RunContext
from orchestrator.simulation import PRESETS, simulate_filters

FRAMES = 12
SETTINGS = {"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "output": {"report": False, "preview": False}}


@pytest.fixture
def session(simulated, tmp_path: Path) -> tuple[Path, list[Path]]:  # type: ignore[no-untyped-def]
    """A session that has its calibration frames and no light yet, and the lights that will come."""
    source, _ = simulated("tiny_mono", n_frames=FRAMES, trails=2, trail_brightness=3000.0, cosmic_rays=3, seeing_min=2.2,
                          seeing_max=4.5, seeing_field_variation=0.25, transparency_min=0.6)
    folder = tmp_path / "M 1"
    for name in ("darks", "flats", "biases"):
        shutil.copytree(source / name, folder / name)
    (folder / "lights").mkdir()
    return folder, sorted((source / "lights").iterdir())


def arrive(folder: Path, lights: list[Path], pause: float) -> None:
    """Frames come as capture programs write them: one in two halves, one compressed, one cut off for good, one of clouds, one
    twice."""
    for k, light in enumerate(lights):
        target, data = folder / "lights" / light.name, light.read_bytes()
        if k == 7:
            with target.open("wb") as stream:
                stream.write(data[: len(data) // 2])
                stream.flush()
                time.sleep(5 * pause)
                stream.write(data[len(data) // 2:])
        elif k == 5:
            target.with_name(target.name + ".gz").write_bytes(gzip.compress(data, 1))
        else:
            target.write_bytes(data)
        if k == 8:
            (folder / "lights" / "cut.fit").write_bytes(data[:20_000])
            (folder / "lights" / "again.fit").write_bytes(data)
            with fits.open(light) as file:
                file[0].data = np.random.default_rng(0).normal(900, 12, file[0].data.shape).astype(np.uint16)
                file.writeto(folder / "lights" / "clouds.fit")
        time.sleep(pause)


def test_frames_that_arrive_are_stacked_and_the_bad_ones_told(session: tuple[Path, list[Path]], tmp_path: Path) -> None:
    folder, lights = session
    arrive(folder, lights[:1], 0)
    writer = threading.Thread(target=arrive, args=(folder, lights, 0.2))
    writer.start()
    told: list[dict[str, object]] = []
    config = RunConfig.model_validate(SETTINGS)
    result = watch(folder, config, WatchOptions(every=4, poll=0.3, idle=3), runs_dir=tmp_path / "runs", listeners=(told.append,))
    writer.join()
    state = load(result.directory)
    reasons = {Path(f.path).name: f.reason for f in state.frames if f.reason}
    assert len(state.stacked) == FRAMES == result.statistics.frames_stacked
    assert len(reasons) == 3
    assert "clouds" in reasons.pop("clouds.fit") and "cannot be read" in reasons.pop("cut.fit")
    assert "same pixels" in next(iter(reasons.values()))
    assert sorted(p.name for p in folder.iterdir()) == ["biases", "darks", "flats", "lights"]
    assert len(list((folder / "lights").iterdir())) == FRAMES + 3
    assert not [p for p in (result.directory / "work").rglob("*") if p.is_file()]
    page = (result.directory / "artifacts" / "live.html").read_text(encoding="utf-8")
    assert 'http-equiv="refresh"' in page and "cut.fit" in page
    assert (result.directory / "outputs" / "preview.png").stat().st_size > 1000
    # The full run of the same frames, to the same reference: it agrees to a part of the noise, its measurements are kept.
    (folder / "lights" / "again.fit").unlink()
    measured = Cache(tmp_path / "runs").sizes()["scores"]
    config.registration.reference = str(result.statistics.reference)
    batch = run(folder, config, runs_dir=tmp_path / "runs", run_id="batch")
    assert batch.error is None
    live, whole = (image_layout(r.products["stacked"]).read()[8:-8, 8:-8] for r in (result, batch))
    noise = np.sqrt(np.nanmedian(image_layout(batch.products["variance"]).read()))
    difference = live - whole
    variances = [np.nanmedian(image_layout(r.products["variance"]).read(keep_nan=True)) for r in (result, batch)]
    assert variances[0] == pytest.approx(variances[1], rel=0.05)
    # With one weight a frame, wherever its seeing is good, a fifth of the noise.
    assert abs(np.median(difference)) < 0.05 * noise
    assert 1.4826 * np.median(np.abs(difference - np.median(difference))) < 0.06 * noise
    # Neither satellites nor cosmic rays; the cores of stars differ with the seeing of the frames that count most.
    assert np.quantile(np.abs(difference[whole < np.median(whole) + 10 * noise]), 0.999) < 2 * noise
    assert Cache(tmp_path / "runs").sizes()["scores"] == measured


@pytest.mark.slow
def test_a_watch_that_is_killed_goes_on_and_counts_no_frame_twice(session: tuple[Path, list[Path]], tmp_path: Path) -> None:
    folder, lights = session
    clock = time.time() - 1000

    def come(some: list[Path]) -> None:
        for light in some:
            target = folder / "lights" / light.name
            shutil.copyfile(light, target)
            os.utime(target, (clock + lights.index(light), clock + lights.index(light)))

    come(lights[:9])
    runs = tmp_path / "runs"
    command = [sys.executable, "-m", "orchestrator", "watch", str(folder), "--runs-dir", str(runs), "--run-id", "live",
               "--every", "2", "--poll", "0.2", "--set", "engine.name=native", "--set", "runtime.cache=false"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("9 stacked"):
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    # A file of which only the time changes is still the same frame.
    os.utime(folder / "lights" / lights[2].name, (clock + 2.5, clock + 2.5))
    kept = load(runs / "live")
    assert 6 <= len(kept.stacked) < 9
    come(lights[9:])
    done = subprocess.run([*command, "--idle", "0.5", "--json"], capture_output=True, text=True, timeout=120, check=True)
    assert json.loads(done.stdout)["statistics"]["frames_stacked"] == FRAMES
    state = load(runs / "live")
    assert len({f.id for f in state.stacked}) == len(state.stacked) == FRAMES
    assert state.stack is not None
    assert int((state.stack.count + state.stack.rejected).max()) == FRAMES
    config = RunConfig.model_validate({"engine": {"name": "native"}, "runtime": {"cache": False}})
    whole = watch(folder, config, WatchOptions(poll=0.1, idle=0.3), runs_dir=runs, run_id="whole")
    other = load(whole.directory)
    assert other.stack is not None
    np.testing.assert_allclose(state.stack.mean, other.stack.mean, atol=1e-7)
    np.testing.assert_array_equal(state.stack.count, other.stack.count)
    with pytest.raises(ConfigError, match=r"calibration\.dark_scaling"):
        watch(folder, RunConfig.model_validate({"calibration": {"dark_scaling": True}}), WatchOptions(idle=0), runs_dir=runs,
              run_id="live")


@pytest.mark.slow
def test_without_darks_the_lights_are_stacked_anew_and_a_kill_or_a_lost_file_costs_nothing(
        simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    source, _ = simulated("tiny_mono", n_frames=18, n_dark=0, n_flat=0, n_bias=0, hot_pixels=100, warm_pixels=400)
    folder, runs = tmp_path / "session", tmp_path / "runs"
    shutil.copytree(source / "lights", folder / "lights")
    lights = sorted((folder / "lights").iterdir())
    for k, light in enumerate(lights):
        os.utime(light, (1e9 + k, 1e9 + k))

    def killed(state: LiveState, context: RunContext, light: MeasuredLight) -> None:
        if len(state.frames) == 10:  # what a kill would leave
            for name in ("killed", "losing", "lost"):
                shutil.copytree(runs / "whole", runs / name)
        add_next(state, context, light)

    def losing(state: LiveState, context: RunContext, light: MeasuredLight) -> None:
        lights[12].unlink(missing_ok=True)
        add_next(state, context, light)

    def watched(name: str) -> tuple[LiveState, list[str]]:
        result = watch(folder, RunConfig.model_validate(SETTINGS), WatchOptions(every=5, poll=0.1, idle=0.2), runs_dir=runs,
                       run_id=name)
        return load(result.directory), result.warnings

    monkeypatch.setattr(pattern, "add_next", killed)
    whole, _ = watched("whole")
    monkeypatch.undo()
    left = load(runs / "killed")
    assert left.cleaned == 0 and len(left.stacked) == 16 and left.base is not None and left.base.bad is not None
    assert whole.cleaned == 16 and len(whole.stacked) == 18 and whole.base is not None and whole.stack is not None
    assert [p.name for p in (runs / "whole" / "outputs" / "calibration").glob("from_*")] == ["from_16_lights"]
    again, _ = watched("killed")
    assert again.cleaned == 16 and again.stack is not None
    np.testing.assert_array_equal(again.stack.mean, whole.stack.mean)
    np.testing.assert_array_equal(again.stack.count, whole.stack.count)
    monkeypatch.setattr(pattern, "add_next", losing)
    for name, found in (("losing", 16), ("lost", 15)):
        kept, warnings = watched(name)
        assert any("were removed from the folder or changed" in w for w in warnings)
        assert kept.stack is not None and int((kept.stack.count + kept.stack.rejected).max()) == len(kept.stacked) == 18
        assert kept.cleaned == 16 and kept.base is not None and kept.base.bad is not None
        assert kept.base.bad.parent.name == f"from_{found}_lights"
    # A stack of before frames were weighed tile by tile.
    mark = runs / "lost" / "watch.json"
    content = json.loads(mark.read_text())
    del content["format"]
    mark.write_text(json.dumps(content))
    with pytest.raises(ConfigError, match="another version"):
        watched("lost")


def test_one_filter_is_shown_and_finish_ends_with_a_full_run_of_all(tmp_path: Path) -> None:
    folder, runs = tmp_path / "M 8", tmp_path / "runs"
    simulate_filters(replace(PRESETS["tiny_mono"], n_frames=4, n_bias=2, n_dark=2, n_flat=2), {"Ha": {}, "OIII": {}}, folder)
    for k, light in enumerate(sorted((folder / "lights").iterdir(), key=lambda p: p.stem[-1])):  # Ha, OIII, Ha, ...
        os.utime(light, (1e9 + k, 1e9 + k))
    result = watch(folder, RunConfig.model_validate(SETTINGS), WatchOptions(show="OIII", poll=0.1, finish=True), runs_dir=runs)
    assert result.error is None and list(result.channels) == ["H", "O"] and result.statistics.combined_as == "HOO"
    events = [json.loads(line) for line in (result.directory / "logs" / "run_events.jsonl").read_text().splitlines()]
    assert any(e["event"] == "run_end" for e in events)
    live = json.loads((runs / "live-M 8" / "artifacts" / "live.json").read_text())
    assert (live["stacked"], live["left_out"], live["filter"], live["other_filters"]) == (4, 0, "OIII", {"Ha": 4})
    assert fits.getheader(runs / "live-M 8" / "outputs" / "stacked.fits")["FILTER"] == "OIII"
    page = (runs / "live-M 8" / "artifacts" / "live.html").read_text(encoding="utf-8")
    assert "kept for the full run" in page and "4 frames of OIII" in page
    told = [json.loads(line) for line in (runs / "live-M 8" / "logs" / "watch_events.jsonl").read_text().splitlines()]
    assert [e["message"] for e in told if e["event"] == "warning"] == [
        "The live stack shows the filter OIII; lights of Ha are kept for the full run."]
    state = load(runs / "live-M 8")
    assert state.base is not None and state.base.template.flat is not None
    flats = [fits.getdata(p) for p in (runs / "live-M 8" / "outputs" / "calibration").glob("master_flat*")]
    of_filter = {c: fits.getdata(r.products["master_flat"]) for c, r in result.channels.items()}
    assert len(flats) == 1 and np.array_equal(flats[0], of_filter["O"]) and not np.array_equal(flats[0], of_filter["H"])
    with pytest.raises(ConfigError, match="shows the filter OIII, not Ha"):
        watch(folder, RunConfig.model_validate(SETTINGS), WatchOptions(show="Ha", idle=0), runs_dir=runs)


def test_a_file_is_ready_when_it_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.fit"
    path.write_bytes(b"1" * 10)
    arrivals = Arrivals(tmp_path, RunConfig())
    assert arrivals.scan() == ([], True)
    path.write_bytes(b"1" * 20)
    assert arrivals.scan() == ([], True)
    ready, growing = arrivals.scan()
    assert [r[0].name for r in ready] == ["a.fit"] and not growing
    arrivals.mark_processed(*ready[0][:2])
    assert arrivals.scan() == ([], False)
    path.write_bytes(b"1" * 30)
    assert arrivals.scan()[1] and arrivals.scan()[0]


def test_the_reference_of_a_live_stack_is_clear(simulated, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder, truth = simulated("tiny_mono", n_frames=6, transparency_min=0.97, seeing_min=2.4, seeing_max=3.6, clouded=(0, 1, 5),
                              cloud_light=0.7)
    sharpest = int(np.argmin(truth.fwhm))
    assert sharpest in (0, 1, 5)
    result = watch(folder, RunConfig.model_validate(SETTINGS), WatchOptions(poll=0.05, idle=0.1), runs_dir=tmp_path)
    assert truth.transparency[truth.lights.index(str(result.statistics.reference))] > 0.95
