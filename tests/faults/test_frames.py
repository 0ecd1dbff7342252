"""Frames that are damaged, odd, or change while they are used; clocks that jump; too little memory."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import RunConfig, RunResult, resume, run
from orchestrator.engines import measure_frames as measuring
from orchestrator.errors import ExitCode, InputError
from orchestrator.rundir import directory as run_directory
from orchestrator.session.discovery import scan
from orchestrator.session.model import Role
from orchestrator.simulation.faults import corrupt
from orchestrator.stacking.blocks import plan_blocks
from tests.faults.helpers import assert_whole, snapshot

NATIVE = {"engine": {"name": "native"}, "astrometry": {"solver": "none"}}
CONFIG = RunConfig.model_validate(NATIVE)


ROLES = {"darks": Role.DARK, "flats": Role.FLAT, "biases": Role.BIAS}


def read(path: Path) -> tuple[np.ndarray, fits.Header]:
    data, header = fits.getdata(path, header=True)
    for key in ("BZERO", "BSCALE"):
        header.remove(key, ignore_missing=True)
    return data, header


def card(path: Path, key: str, text: str) -> None:
    raw = bytearray(path.read_bytes())
    at = raw.index(key.ljust(8).encode() + b"=")
    raw[at: at + 80] = text.ljust(80).encode()
    path.write_bytes(raw)


def all_nan(path: Path) -> None:
    data, header = read(path)
    fits.writeto(path, np.full(data.shape, np.nan, np.float32), header, overwrite=True)


def without_end(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[:raw.index(b"END     ")] + b" " * 8 + raw[raw.index(b"END     ") + 8:].replace(b"END     ", b" " * 8))


def damaged_fz(path: Path) -> None:
    data, header = read(path)
    packed = path.with_name(f"{path.stem}.fits.fz")
    fits.CompImageHDU(data.astype(np.int32), header, compression_type="RICE_1").writeto(packed)
    path.unlink()
    raw = bytearray(packed.read_bytes())
    raw[-20000:-8000] = os.urandom(12000)
    packed.write_bytes(raw)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "truncated": lambda p: os.truncate(p, int(0.7 * p.stat().st_size)),
    "zeros": lambda p: fits.writeto(p, np.zeros_like(read(p)[0]), read(p)[1], overwrite=True),
    "nan": all_nan,
    "bitpix": lambda p: card(p, "BITPIX", "BITPIX  =                  -64"),
    "no_end": without_end,
    "packed": damaged_fz,
    "gigantic": lambda p: card(p, "NAXIS1", "NAXIS1  =        2000000000000"),
    "empty": lambda p: p.write_bytes(b"") and None,
}


def test_a_fifth_of_the_frames_corrupt_in_every_way_costs_these_alone(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono", n_frames=40)
    session = tmp_path / "session"
    shutil.copytree(folder, session)
    lights = sorted((session / "lights").iterdir())
    for path, damage in zip(lights[2::5], DAMAGE.values(), strict=True):
        damage(path)
    before = snapshot(session)
    result = run(session, CONFIG, runs_dir=tmp_path / "runs")
    assert result.status == "ok", (result.error, result.warnings)
    assert result.statistics.frames_used == 32
    told = " ".join(result.warnings)
    for path in lights[2::5]:
        assert path.stem in told, f"{path.name} is not named in {told}"
    assert snapshot(session) == before


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("kind", sorted(DAMAGE))
def test_a_damaged_calibration_frame_is_left_out_and_named(session: Path, role: str, kind: str) -> None:
    bad = sorted((session / role).iterdir())[1]
    whole = len(list((session / role).iterdir())) - 1
    DAMAGE[kind](bad)
    if kind == "packed":  # its pixels are seen when it is unpacked
        result = run(session, CONFIG, runs_dir=session.parent / "runs")
        assert result.status == "ok" and any(bad.stem in w for w in result.warnings), result.warnings
        return
    report = scan((session,), CONFIG)
    assert [e.path for e in report.exclusions] == [bad] and report.exclusions[0].remedy
    assert len(report.session.frames[ROLES[role]]) == whole


def test_masters_are_the_same_without_the_frame_and_with_it_damaged(session: Path, tmp_path: Path) -> None:
    last = sorted((session / "darks").iterdir())[-1]
    kept = last.read_bytes()
    last.unlink()
    without = run(session, CONFIG, runs_dir=tmp_path / "runs", run_id="without")
    last.write_bytes(kept)
    data, header = read(last)
    data[data.shape[0] // 2:] = 0  # the rest of an interrupted copy
    fits.writeto(last, data, header, overwrite=True)
    damaged = run(session, CONFIG, runs_dir=tmp_path / "runs", run_id="damaged")
    assert any(last.name in w and "rows" in w for w in damaged.warnings)
    assert np.array_equal(fits.getdata(without.products["master_dark"]), fits.getdata(damaged.products["master_dark"]))


def test_a_given_master_of_no_numbers_is_refused(session: Path, tmp_path: Path) -> None:
    master = tmp_path / "master_dark.fit"
    fits.writeto(master, np.full((160, 200), np.nan, np.float32))
    config = RunConfig.model_validate({**NATIVE, "calibration": {"dark_master": master}})
    with pytest.raises(InputError, match=r"calibration\.dark_master.*master_dark\.fit.*not numbers"):
        scan((session,), config)


def at_start(phase: str, fault: Callable[[], Any]) -> Callable[[dict[str, Any]], None]:
    """A listener that provokes a fault at the start of a phase."""
    def listen(event: dict[str, Any]) -> None:
        if event["event"] == "phase_start" and event.get("phase") == phase:
            fault()

    return listen


def faulty_run(session: Path, runs: Path, phase: str, fault: Callable[[], Any], **changes: Any) -> RunResult:
    config = RunConfig.model_validate({**NATIVE, **changes})
    return run(session, config, runs_dir=runs, run_id="one", listeners=(at_start(phase, fault),))


@pytest.mark.parametrize("phase", ["CALIBRATION", "REGISTRATION"])
@pytest.mark.parametrize("fault", ["deleted", "changed", "truncated"])
def test_a_light_that_goes_before_it_is_measured_is_left_out(session: Path, tmp_path: Path, phase: str, fault: str) -> None:
    light = sorted((session / "lights").iterdir())[3]
    result = faulty_run(session, tmp_path / "runs", phase, lambda: spoil(light, fault))
    assert result.status == "ok", result.error
    assert result.statistics.frames_used == 7
    assert any(light.name in w for w in result.warnings), result.warnings


BEFORE_THE_STACK = ("PREWARP", "CHANNEL_SPLIT", "NORMALIZATION", "GLOBAL_METRICS", "TILE_GRID", "COMMON_OVERLAP", "LOCAL_METRICS",
                    "TILE_RECONSTRUCTION")
AFTER_THE_STACK = ("STATE_CLUSTERING", "SYNTHETIC_FRAMES", "STACKING", "DEBAYER", "ASTROMETRY", "BGE", "PCC", "PREVIEW",
                   "VALIDATION")


@pytest.mark.parametrize(("fault", "phase"), [*(("deleted", p) for p in BEFORE_THE_STACK), ("changed", "NORMALIZATION"),
                                              ("truncated", "NORMALIZATION"), ("changed", "TILE_RECONSTRUCTION")])
def test_a_light_that_goes_before_it_is_stacked_ends_the_run_by_name(session: Path, begun, tmp_path: Path, fault: str,
                                                                     phase: str) -> None:
    """A stack half with a frame and half with another would be neither: the run stops and names the file."""
    light = sorted((session / "lights").iterdir())[3]
    directory = begun(phase, tmp_path / "runs")
    result = resume(directory, session=[session], listeners=(at_start(phase, lambda: spoil(light, fault)),))
    assert result.status == "failed" and result.exit_code is ExitCode.INPUT_REFUSED
    assert light.name in str(result.error) and "again" in str(result.error)
    assert result.products["master_dark"].exists()
    assert_whole(tmp_path / "runs" / "one")


@pytest.mark.parametrize("phase", AFTER_THE_STACK)
def test_a_light_that_goes_when_it_is_stacked_changes_nothing(session: Path, begun, tmp_path: Path, phase: str) -> None:
    light = sorted((session / "lights").iterdir())[3]
    directory = begun(phase, tmp_path / "runs")
    result = resume(directory, session=[session], listeners=(at_start(phase, lambda: spoil(light, "deleted")),))
    assert result.ran[0] == phase and result.status == "ok" and result.statistics.frames_used == 8


def spoil(path: Path, fault: str) -> None:
    if fault == "deleted":
        path.unlink()
    elif fault == "truncated":
        os.truncate(path, path.stat().st_size // 2)
    else:
        data, header = read(path)
        fits.writeto(path, data[::-1].copy(), header, overwrite=True)


def test_a_master_that_goes_midway_ends_the_run_by_name(session: Path, tmp_path: Path) -> None:
    master = tmp_path / "runs" / "one" / "outputs" / "calibration" / "master_dark.fit"
    result = faulty_run(session, tmp_path / "runs", "REGISTRATION", master.unlink)
    assert result.status in ("ok", "failed")
    assert result.status == "ok" or "master_dark.fit" in str(result.error)


@pytest.mark.parametrize("jump", [-86400, 86400])
def test_a_clock_that_jumps_changes_nothing(session: Path, begun, tmp_path: Path, jump: int) -> None:
    """The clock of the computer is set while a run is in progress: by a day, forward or backward."""
    plain = begun("whole", tmp_path / "runs")
    real, started = time.time, time.monotonic()

    class Jumping(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(seconds=jump if time.monotonic() - started > 0.5 else 0)

    def jumped() -> float:
        return real() + (jump if time.monotonic() - started > 0.5 else 0)

    with mock.patch("time.time", jumped), mock.patch("orchestrator.runtime.events.datetime", Jumping), \
            mock.patch("orchestrator.rundir.record.datetime", Jumping):
        result = run(session, CONFIG, runs_dir=tmp_path / "others", run_id="jumped")
    assert result.status == "ok" and 0 <= result.statistics.seconds < 300
    assert np.array_equal(fits.getdata(plain / "outputs" / "stacked.fits"), fits.getdata(result.products["stacked"]))


def test_two_runs_never_share_a_name_however_the_clock_stands(tmp_path: Path) -> None:
    class Still(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime(2020, 1, 1, tzinfo=UTC)

    names = set()
    with mock.patch("orchestrator.rundir.directory.datetime", Still):
        for _ in range(5):
            name = run_directory.new_run_id("m31", tmp_path)
            (tmp_path / name).mkdir()
            names.add(name)
    assert len(names) == 5


@pytest.mark.parametrize("when", ["1858-11-17T00:00:00", "2199-01-01T00:00:00", "0001-01-01T00:00:00+14:00",
                                  "2025-02-30T25:61:61"])
def test_frames_of_any_time_are_frames(session: Path, tmp_path: Path, when: str) -> None:
    fits.setval(sorted((session / "lights").iterdir())[2], "DATE-OBS", value=when)
    assert len(scan((session,), CONFIG).session.lights) == 8


def test_a_budget_too_small_for_one_row_makes_blocks_smaller(simulated, begun, tmp_path: Path) -> None:
    """One row of all frames does not fit: parts of rows are taken, and the picture is the same to the last bit."""
    session, _ = simulated("tiny_mono")
    plain = begun("whole", tmp_path / "runs")
    sizes = []

    def starved(region: Any, plan: Any, frames: Any, budget: int, group: int) -> Any:
        blocks = plan_blocks(region, plan, frames, 80_000, group)
        sizes.append(max(b.shape[0] * b.shape[1] for b in blocks))
        return blocks

    with mock.patch("orchestrator.stacking.weighted_mean.plan_blocks", starved):
        small = run(session, CONFIG, runs_dir=tmp_path / "runs", run_id="small")
    assert sizes and max(sizes) < 200
    assert np.array_equal(fits.getdata(plain / "outputs" / "stacked.fits"), fits.getdata(small.products["stacked"]))


@pytest.mark.parametrize("budget", ["64 MiB", "1 MiB", "nonsense", "-4 GiB", ""])
def test_a_budget_is_kept_or_refused_in_words(session: Path, tmp_path: Path, budget: str) -> None:
    config = RunConfig.model_validate({**NATIVE, "runtime": {"memory_budget": budget}})
    if budget == "64 MiB":
        assert run(session, config, runs_dir=tmp_path / "runs").status == "ok"
        return
    with pytest.raises(Exception, match=r"runtime\.memory_budget") as error:
        run(session, config, runs_dir=tmp_path / "runs")
    assert error.value.exit_code is ExitCode.USAGE  # type: ignore[attr-defined]


def test_a_session_that_is_stretched_throughout_is_told(session: Path) -> None:
    for index in range(8):
        corrupt(session, "stretched", index)
    report = scan((session,), CONFIG)
    assert any("stretched" in w and "0.25" in w for w in report.warnings), report.warnings


def test_one_warm_light_is_told_by_name(session: Path) -> None:
    odd = corrupt(session, "other_temperature", 4)
    told = [w for w in scan((session,), CONFIG).warnings if odd.name in w]
    assert len(told) == 1 and "10 C" in told[0] and "-10 C" in told[0], told


def test_a_frame_that_breaks_the_measuring_costs_that_frame_only(session: Path, tmp_path: Path) -> None:
    real, odd = measuring.measure, sorted((session / "lights").iterdir())[5]
    count = iter(range(8))

    def measure(*args: Any, **kwargs: Any) -> Any:
        if next(count) == 5:
            raise ValueError("internal pixel buffer full")
        return real(*args, **kwargs)

    config = RunConfig.model_validate({**NATIVE, "runtime": {"executor": "serial"}})
    with mock.patch.object(measuring, "measure", measure):
        result = run(session, config, runs_dir=tmp_path / "runs")
    assert result.status == "ok" and result.statistics.frames_used == 7
    assert any(odd.name in w and "pixel buffer" in w for w in result.warnings)
