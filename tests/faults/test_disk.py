"""A disk that is full, read-only or limited at every point of a run: a clear word, whole files, nothing lost."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator import RunConfig, RunResult, resume, run
from orchestrator.errors import ExitCode, OrchestrateError
from orchestrator.pipeline.registry import PHASES
from tests.faults.helpers import assert_whole, snapshot

CONFIG = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}})
ROOT = Path(__file__).parents[2]
Fault = Callable[[Path], None]


def run_with_fault(directory: Path, phase: str, fault: Fault) -> RunResult:
    """Continue a run from ``phase``; its disk gets ``fault`` at the start of it."""
    def listen(event: dict[str, object]) -> None:
        if event["event"] == "phase_start" and event.get("phase") == phase:
            fault(directory.parent)

    return resume(directory, listeners=(listen,))


def fill(disk: Path) -> None:
    """Take all of a disk."""
    with (disk / "ballast").open("wb", buffering=0) as stream:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while stream.write(b"x" * size):
                    pass
            except OSError:
                continue


@pytest.mark.parametrize("phase", [p.name for p in PHASES])
def test_a_disk_that_fills_up_in_any_phase_is_told_and_nothing_is_broken(simulated, begun, small_disk, tmp_path: Path,
                                                                         phase: str) -> None:
    session, _ = simulated("tiny_mono")
    disk, before = small_disk("32m"), snapshot(session)
    made: dict[str, str] = {}

    def full(where: Path) -> None:
        fill(where)
        made.update(snapshot(where / "one" / "outputs"))

    result = run_with_fault(begun(phase, disk), phase, full)
    assert result.status == "failed" and result.exit_code is ExitCode.FAILED
    message = str(result.error)
    assert "Internal" not in message and ("full" in message or "space" in message) and str(disk) in message, message
    assert not list(disk.rglob("*.part"))
    assert_whole(disk / "one")
    left = snapshot(disk / "one" / "outputs")
    assert {name: left.get(name) for name in made} == made, "what was finished before is kept"
    assert snapshot(session) == before
    (disk / "ballast").unlink()
    assert resume(disk / "one").status == "ok"
    assert snapshot(disk / "one" / "outputs") == snapshot(begun("whole", tmp_path) / "outputs")


def test_a_new_run_works_on_a_disk_that_was_full(session: Path, small_disk) -> None:
    disk = small_disk("32m")

    def listen(event: dict[str, object]) -> None:
        if event["event"] == "phase_start" and event.get("phase") == "CALIBRATION":
            fill(disk)

    assert run(session, CONFIG, runs_dir=disk, run_id="one", listeners=(listen,)).status == "failed"
    (disk / "ballast").unlink()
    assert run(session, CONFIG, runs_dir=disk, run_id="two").status == "ok"


@pytest.mark.parametrize(("phase", "folder"), [("CALIBRATION", "outputs/calibration"), ("LOCAL_METRICS", "artifacts"),
                                               ("STACKING", "outputs"), ("BGE", "artifacts"), ("VALIDATION", "artifacts")])
def test_a_folder_that_turns_read_only_midway_is_told(begun, small_disk, phase: str, folder: str) -> None:
    """What happens to a file system with errors, a memory card with its lock pushed, a share that becomes read-only."""
    disk = small_disk("32m")

    def read_only(where: Path) -> None:
        target = where / "one" / folder
        target.mkdir(parents=True, exist_ok=True)
        small_disk("16k", target, "ro")

    result = run_with_fault(begun(phase, disk), phase, read_only)
    assert result.status == "failed" and result.exit_code is ExitCode.FAILED
    assert "Read-only" in str(result.error) and folder in str(result.error) and "Internal" not in str(result.error)
    assert json.loads((disk / "one" / "manifest.json").read_text())["status"] == "failed"


@pytest.mark.parametrize("kilobytes", [0, 40, 128, *(pytest.param(k, marks=pytest.mark.slow) for k in (5, 20, 100))])
def test_a_limit_to_the_size_of_files_is_told(session: Path, tmp_path: Path, kilobytes: int) -> None:
    """A quota, as the system gives it to any user: the log, the settings, a picture or the preview cannot be written."""
    command = [sys.executable, "-m", "orchestrator", "run", str(session), "--engine", "native", "--set", "astrometry.solver=none",
               "--runs-dir", str(tmp_path / "runs"), "--run-id", "one", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10)))
    assert done.returncode == ExitCode.FAILED, done.stderr
    assert "Traceback" not in done.stderr and "Internal" not in done.stderr
    told = json.loads(done.stdout)
    assert told["status"] == "failed" and str(tmp_path / "runs") in told["error"] and told["exit_code"] == 1
    assert_whole(tmp_path / "runs" / "one")
    assert not list((tmp_path / "runs").rglob("*.part"))


def test_a_disk_too_small_from_the_start_is_told_before_anything_is_computed(session: Path, small_disk) -> None:
    for size in ("4k", "16k", "100k", "700k"):
        disk = small_disk(size)
        try:
            result = run(session, CONFIG, runs_dir=disk)
            error = result.error
        except OrchestrateError as caught:
            error = caught
        assert error is not None and error.exit_code is ExitCode.FAILED
        assert str(disk) in str(error) and ("free" in str(error) or "disk" in str(error)), str(error)
        assert not list(disk.rglob("*.part"))
