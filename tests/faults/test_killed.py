"""kill -9 of the orchestrator in every phase and in the middle of every program: what is left, and what can be resumed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from orchestrator import RunConfig, resume, run
from orchestrator.pipeline.registry import PHASES
from tests.faults.helpers import Snapshot, assert_whole, kill, processes_naming, snapshot, wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
IMITATIONS = Path(__file__).parent / "imitations"
ROOT = Path(__file__).parents[2]
Killed = tuple[dict[str, int], Path, Path, Snapshot]


@pytest.fixture(scope="module")
def killed(simulated, begun, tmp_path_factory: pytest.TempPathFactory) -> Killed:
    """Signal by phase, the session, the folder of the runs, and what the session held before."""
    session, _ = simulated("tiny_mono")
    runs, before = tmp_path_factory.mktemp("killed"), snapshot(session)
    names = [p.name for p in PHASES]
    ended = kill([{"run": begun(name, runs / name), "phase": name, "point": "start"} for name in names])
    return dict(zip(names, ended, strict=True)), session, runs, before


@pytest.mark.parametrize("phase", [p.name for p in PHASES])
def test_a_kill_in_any_phase_leaves_whole_files_and_the_raw_folder_as_it_was(killed: Killed, phase: str) -> None:
    ended, session, runs, before = killed
    assert ended[phase] == signal.SIGKILL
    assert_whole(runs / phase / "one")
    assert snapshot(session) == before
    assert not processes_naming((str(runs / phase),))
    # The lock went with the process: the folder is not in use for ever.
    assert (runs / phase / "one" / "config.yaml").stat().st_size > 0
    events = (runs / phase / "one" / "logs" / "run_events.jsonl").read_text(encoding="utf-8").splitlines()
    last = json.loads(events[-1])
    assert (last["event"], last["phase"]) == ("phase_start", phase)
    assert sum(json.loads(line)["event"] == "run_start" for line in events) == 2, "the process that was killed had begun"


@pytest.mark.parametrize("phase", [p.name for p in PHASES])
def test_a_run_cancelled_in_any_phase_keeps_what_is_finished(simulated, begun, tmp_path: Path, phase: str) -> None:
    session, _ = simulated("tiny_mono")
    before, cancel = snapshot(session), threading.Event()

    def listen(event: dict[str, object]) -> None:
        if event["event"] == "phase_start" and event.get("phase") == phase:
            cancel.set()

    result = resume(begun(phase, tmp_path), listeners=(listen,), cancel=cancel)
    assert result.status == "aborted"
    assert json.loads((tmp_path / "one" / "manifest.json").read_text())["status"] == result.status
    assert all(path.exists() for path in result.products.values())
    assert_whole(tmp_path / "one")
    assert not list(tmp_path.rglob("*.part"))
    assert snapshot(session) == before


def test_another_run_after_the_kills_is_as_good_as_ever(killed: Killed) -> None:
    _, session, runs, _ = killed
    result = run(session, RunConfig.model_validate({"engine": {"name": "native"}}), runs_dir=runs, run_id="after")
    assert result.status == "ok", result.error


def orphans_after_kill(command: list[str], imitation: Path) -> int:
    """Kill a command as soon as it has started ``imitation`` and this a child; processes of it that are still there."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    pids: list[int] = []

    def begun() -> bool:
        found = processes_naming((str(imitation),))
        pids[:] = [p.pid for p in found if p.pid != process.pid and p.ppid() == process.pid]
        return process.poll() is not None or bool(pids and child_file(imitation).exists()
                                                     and child_file(imitation).read_text().endswith("\n"))

    assert wait_until(begun, 60) and process.poll() is None, "the program was never started"
    child = int(child_file(imitation).read_text())
    process.kill()
    process.wait()

    def left() -> int:
        return len(processes_naming((str(imitation),))) + alive(child)

    wait_until(lambda: left() == 0, 5)
    number = left()
    if number:
        for pid in (*pids, child):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
    return number


def alive(pid: int) -> bool:
    try:
        return "sleep" in Path(f"/proc/{pid}/cmdline").read_text() if Path("/proc").is_dir() else os.kill(pid, 0) is None
    except OSError:
        return False


def child_file(imitation: Path) -> Path:
    return imitation.with_name("child")


def hanging(folder: Path, name: str, version: str) -> Path:
    """A program that hangs and has started another."""
    path = folder / name
    path.write_text(f"""#!/bin/sh
case "$*" in *-h*|*--version*) case "$*" in *-s*) ;; *) echo "{version}"; exit 0 ;; esac ;; esac
/bin/sleep 600 & echo $! > {child_file(path)}
wait
""", "utf-8")
    path.chmod(0o755)
    return path


def test_siril_dies_with_the_orchestrator(simulated, tmp_path: Path) -> None:
    session, _ = simulated("tiny_mono")
    siril = hanging(tmp_path, "siril-cli", "siril 1.4.2")
    command = [sys.executable, "-m", "orchestrator", "run", str(session), "--engine", "siril", "--set",
               f"engine.siril.executable={siril}", "--runs-dir", str(tmp_path / "runs")]
    assert orphans_after_kill(command, siril) == 0


def test_astap_dies_with_the_orchestrator(tmp_path: Path) -> None:
    astap = hanging(tmp_path, "astap_cli", "ASTAP astrometric solver version CLI-2025.09.29")
    script = f"""
from pathlib import Path
from types import SimpleNamespace
from orchestrator.tools.astap import AstapOptions, solve_astap
from orchestrator.tools.probe import FoundTool
from orchestrator.tools.solving import SearchArea, SolveRequest
folder = Path({str(tmp_path)!r})
solve_astap(FoundTool(Path({str(astap)!r})), folder / "image.fits", SimpleNamespace(folder=folder, name="d50"),
            SolveRequest(SearchArea(1.0, 2.0, 3.0, None), folder / "log"), AstapOptions())
"""
    assert orphans_after_kill([sys.executable, "-c", script], astap) == 0


def test_worker_processes_die_with_the_orchestrator(simulated, tmp_path: Path) -> None:
    session, _ = simulated("tiny_mono")
    log = tmp_path / "runs" / "one" / "logs" / "run_events.jsonl"
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestrator", "run", str(session), "--engine", "native", "--set", "runtime.executor=processes",
         "--set", "runtime.workers=2", "--runs-dir", str(tmp_path / "runs"), "--run-id", "one"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def workers() -> list[psutil.Process]:
        """Its own, not those of tests beside this one."""
        return [p for p in psutil.Process(process.pid).children() if p in processes_naming(("multiprocessing",))]

    def left() -> list[psutil.Process]:
        there = {p.pid for p in processes_naming(("multiprocessing",))}
        return [p for p in started if p.pid in there and p.is_running()]

    assert wait_until(lambda: len(workers()) >= 2 and log.exists() and '"REGISTRATION"' in log.read_text(), 60)
    started = workers()
    process.kill()
    process.wait()
    ended = wait_until(lambda: not left(), 10)
    for worker in left():
        worker.kill()
    assert ended, "workers wait for ever"
