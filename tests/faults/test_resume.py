"""Whatever interrupts a run, resume() gives the bytes of a run that was never interrupted. Real kills, real full disks."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orchestrator import RunConfig, RunResult, plan_resume, resume, run
from orchestrator.cli.trusting import trust_file
from orchestrator.pipeline.registry import PHASES
from tests.faults.helpers import kill

ALL = tuple(p.name for p in PHASES)
# Every phase leaves something: a cluster needs many frames, so the threshold is low.
SETTINGS: dict[str, Any] = {
    "astrometry": {"solver": "none"}, "engine": {"name": "native"}, "clustering": {"enabled": True},
    "input": {"min_frames_clustering": 6}, "runtime": {"workers": 2, "cache": False}}


def hashes(run_folder: Path) -> dict[str, str]:
    """SHA-256 of every product, and of every artifact without times and places."""
    found = {}
    for path in sorted((*(run_folder / "outputs").rglob("*"), *(run_folder / "artifacts").rglob("*.npy"))):
        if path.is_file():
            found[str(path.relative_to(run_folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    for path in sorted((run_folder / "artifacts").glob("*.json")):
        if path.name == "resources.json":
            continue
        content = json.loads(path.read_text(encoding="utf-8"))
        if path.name == "report.json":  # its other parts hold times, disks and warnings
            content = {k: content[k] for k in ("frames", "channels")}
        found[path.name] = json.dumps(_timeless(content), sort_keys=True)
    return found


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _timeless(v) for k, v in value.items() if "seconds" not in k and "memory" not in k}
    if isinstance(value, list):
        return [_timeless(v) for v in value]
    return Path(value).name if isinstance(value, str) and os.sep in value else value


def killed_in_phases(folder: Path, runs: Path, settings: dict[str, Any], whole: RunResult, names: tuple[str, ...] = ALL) -> None:
    """One run, killed once in each of these phases and resumed each time: everything passes through every checkpoint. ``whole``
    is a run that was not killed."""
    first = {"session": folder, "runs": runs, "settings": settings}
    ended = kill([{**({"run": runs / "killed"} if i else first), "phase": name, "point": "end"} for i, name in enumerate(names)])
    assert ended == [signal.SIGKILL] * len(names), dict(zip(names, ended, strict=True))
    result = resume(runs / "killed")
    last = ALL.index(names[-1])
    assert result.status == whole.status and result.ran == ALL[last:], (result.error, result.ran)
    assert hashes(runs / "killed") == hashes(whole.directory)
    others = str(whole.directory.parent)
    assert [w for w in result.warnings if str(runs) not in w] == [w for w in whole.warnings if others not in w]
    ours, theirs = (_timeless(r.statistics.to_dict()) for r in (result, whole))
    assert ours == theirs and isinstance(ours, dict) and list(ours) == list(theirs)
    assert {k: p.name for k, p in result.products.items()} == {k: p.name for k, p in whole.products.items()}
    manifest = json.loads((runs / "killed" / "manifest.json").read_text(encoding="utf-8"))
    assert [a["status"] for a in manifest["attempts"]] == ["interrupted"] * len(names) + [whole.status]
    assert [p["checkpoint"] for p in manifest["phases"]] == [True] * last + [False] * (len(ALL) - last)
    assert not (runs / "killed" / "leftovers").exists() and not (runs / "killed" / "work").exists()
    assert not list((runs / "killed").rglob("*.part"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_a_native_run_killed_in_every_phase_ends_with_the_same_bytes(simulated, finished, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_osc")
    killed_in_phases(folder, tmp_path, SETTINGS, finished(folder, SETTINGS))


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize(("output", "names"), [
    pytest.param("transforms", ALL, marks=pytest.mark.slow),
    ("frames", ("CALIBRATION", "REGISTRATION", "TILE_RECONSTRUCTION", "BGE"))])
@pytest.mark.slow
def test_a_siril_run_killed_in_its_phases_ends_with_the_same_bytes(simulated, finished, tmp_path: Path, siril: Path, output: str,
                                                                  names: tuple[str, ...]) -> None:
    folder, _ = simulated("tiny_osc")
    settings = with_siril(siril, output)
    killed_in_phases(folder, tmp_path, settings, finished(folder, settings), names)


def with_siril(siril: Path, output: str) -> dict[str, Any]:
    return SETTINGS | {"engine": {"name": "siril", "siril": {"executable": str(siril), "output": output, "fallback": False}}}


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize("phase", ["REGISTRATION", pytest.param("CALIBRATION", marks=pytest.mark.slow)])
def test_a_siril_that_outlives_a_killed_run_is_ended(simulated, finished, tmp_path: Path, siril: Path, phase: str) -> None:
    """The kill comes while Siril works; the next attempt must not share its scratch folder with it."""
    folder, _ = simulated("tiny_mono")
    settings = {"engine": {"name": "siril", "siril": {"executable": str(siril), "fallback": False}},
                "astrometry": {"solver": "none"}, "runtime": {"cache": False}}
    whole = finished(folder, settings)
    job = {"session": folder, "runs": tmp_path, "settings": settings, "phase": phase, "point": "progress"}
    assert kill([job]) == [signal.SIGKILL]
    assert list((tmp_path / "killed" / "logs").glob("*.pid"))
    result = resume(tmp_path / "killed")
    assert result.error is None and "SCAN_INPUT" not in result.ran
    assert not list((tmp_path / "killed" / "logs").glob("*.pid"))
    assert hashes(whole.directory) == hashes(result.directory)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="a small disk can be mounted by root only")
def test_a_run_that_filled_the_disk_goes_on_when_there_is_room(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    disk = tmp_path / "disk"
    disk.mkdir()
    config = RunConfig.model_validate(SETTINGS | {"clustering": {"enabled": False}})
    whole = run(folder, config, runs_dir=tmp_path, run_id="whole")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1700k", "tmpfs", str(disk)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let a small disk be mounted")
    try:
        for size in ("2200k", "2800k", "20m"):
            first = not (disk / "full").exists()
            result = run(folder, config, runs_dir=disk, run_id="full") if first else resume(disk / "full")
            assert result.status == "failed" and "disk" in str(result.error), result
            subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)
        result = resume(disk / "full")
        assert result.error is None and len(result.ran) < len(PHASES)
        assert hashes(disk / "full") == hashes(whole.directory)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize(("output", "ran"), [
    pytest.param("transforms", ("CALIBRATION",), marks=pytest.mark.slow), ("frames", ("CALIBRATION", "REGISTRATION"))])
@pytest.mark.slow
def test_frames_of_siril_that_are_gone_are_made_again_when_pixels_are_needed(simulated, finished, tmp_path: Path, siril: Path,
                                                                            output: str, ran: tuple[str, ...]) -> None:
    folder, _ = simulated("tiny_osc")
    settings = with_siril(siril, output)
    done = Path(shutil.copytree(finished(folder, settings).directory, tmp_path / "one"))
    assert not (done / "work").exists()
    trust_file(done / "config.yaml")  # a copy names a program, and is not trusted of itself
    told = plan_resume(done, overrides=["stacking.sigma_high=3"]).repeated
    assert "are missing, TILE_RECONSTRUCTION reads them" in told["CALIBRATION"]
    result = resume(done, overrides=["stacking.sigma_high=3"])
    assert result.ran[: len(ran) + 1] == (*ran, "TILE_RECONSTRUCTION")
    whole = run(folder, RunConfig.model_validate(settings | {"stacking": {"sigma_high": 3}}), runs_dir=tmp_path, run_id="whole")
    assert hashes(done) == hashes(whole.directory)


def _spoil(path: Path, number: int) -> None:
    """One of the ways in which a file of a run is lost or changed."""
    raw, status = path.read_bytes(), path.stat()
    if number % 5 == 0:
        path.unlink()
    elif number % 5 == 1:
        path.write_bytes(raw[: len(raw) // 2])
    elif number % 5 == 2:
        path.write_bytes(b"")
    else:  # one bit, the second time with the time of the file as it was
        path.write_bytes(raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 1]) + raw[len(raw) // 2 + 1:])
        if number % 5 == 4:
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("shift", [0, pytest.param(2, marks=pytest.mark.slow)])
def test_lost_and_changed_files_of_a_finished_run_are_made_again(begun, tmp_path: Path, shift: int) -> None:
    run = begun("whole", tmp_path)
    assert resume(run).ran == ()
    reports = [run / name for name in ("manifest.json", "artifacts/report.json", "artifacts/report.html", "artifacts/report.md")]
    files = sorted(p for folder in ("outputs", "artifacts") for p in (run / folder).rglob("*") if p.is_file())
    before = hashes(run)
    for number, path in enumerate((*files, run / "manifest.json")):
        _spoil(path, number + shift)
    result = resume(run)
    assert result.status == "ok" and result.error is None
    assert hashes(run) == before
    assert all(path.is_file() for path in files) and all(path.stat().st_size > 100 for path in reports)
    again = resume(run)
    assert again.ran == () and again.restored == ()
