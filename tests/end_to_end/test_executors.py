"""The same bytes from every executor, and from a Dask cluster that loses a worker."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import RunConfig, run
from orchestrator.errors import ConfigError
from orchestrator.runtime.executor import DaskWork, ProcessWork, SerialWork, ThreadWork, make_executor
from orchestrator.simulation import SimulationConfig, simulate
from tilecore.resample import steep_cores

# A start of processes or of a cluster takes seconds: each goes with some of the methods.
PAIRS = (("serial", "mean"), *(pytest.param(*pair, marks=pytest.mark.slow) for pair in (
    ("serial", "proper"), ("serial", "drizzle"), ("processes", "mean"), ("processes", "drizzle"), ("dask", "proper"))))

# Groups of eight frames and a small budget: two groups, and blocks to share out. Nothing after the stack is compared.
QUICK = {"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "stacking": {"group_size": 8}, "bge": {"enabled": False},
         "output": {"report": False, "preview": False}}
FRAMES = 10


def pixels(finished, folder: Path, method: str, executor: str) -> dict[str, np.ndarray]:
    result = finished(folder, {
        **QUICK, "reconstruction": {"method": method},
        "runtime": {"workers": 2, "memory_budget": "64 MiB", "executor": executor}})
    return {name: fits.getdata(result.products[name]) for name in ("stacked_rgb", "variance", "coverage")}


@pytest.mark.parametrize(("executor", "method"), PAIRS)
def test_the_bytes_do_not_depend_on_the_executor(simulated, finished, executor: str, method: str) -> None:
    folder, _ = simulated("tiny_osc", n_frames=FRAMES)
    threads = pixels(finished, folder, method, "threads")
    other = pixels(finished, folder, method, executor)
    for name, data in threads.items():
        assert data.tobytes() == other[name].tobytes(), name


@pytest.mark.parametrize("executor", ["serial", pytest.param("processes", marks=pytest.mark.slow)])
def test_the_bytes_of_steep_cores_do_not_depend_on_the_executor(tmp_path: Path, monkeypatch, executor: str) -> None:
    """Undersampled stars, in blocks of other sizes with two workers than with one."""
    sharp = SimulationConfig(width=320, height=240, n_frames=8, n_stars=60, flux_min=30_000.0, flux_max=250_000.0, psf="gaussian",
                             seeing_min=1.2, seeing_max=1.9, dither=4.0, rotation=0.6, seed=11)
    simulate(sharp, tmp_path / "session")
    found, counts, add = {}, [], steep_cores.add_cores
    monkeypatch.setattr(steep_cores, "add_cores", lambda image, cores, *rest: (counts.append(len(cores.peak)),
                                                                               add(image, cores, *rest)))
    for name, workers in (("threads", 2), (executor, 2), ("threads", 1)):
        config = RunConfig.model_validate({
            "engine": {"name": "native"}, "astrometry": {"solver": "none"}, "output": {"report": False, "preview": False},
            "runtime": {"workers": workers, "memory_budget": "64 MiB", "executor": name}})
        result = run(tmp_path / "session", config, runs_dir=tmp_path / f"{name}{workers}")
        assert result.error is None, result.error
        found[name, workers] = fits.getdata(result.products["stacked"]).tobytes()
    assert sum(counts) > 100 and len(set(found.values())) == 1


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.mark.slow
def test_a_worker_that_is_killed_midway_costs_nothing_but_time(simulated, finished, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_osc", n_frames=FRAMES)
    wanted = pixels(finished, folder, "mean", "threads")
    address = f"tcp://127.0.0.1:{free_port()}"
    environment = {**os.environ, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "5"}
    start = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", address.rpartition(":")[2], "--host", "127.0.0.1",
             "--no-dashboard"]
    processes = [subprocess.Popen(start, env=environment, stderr=subprocess.DEVNULL)]
    try:
        for i in range(2):
            processes.append(subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                 "--local-directory", str(tmp_path / f"worker{i}")], env=environment, stderr=subprocess.DEVNULL))
        wait_for_workers(address, 2)
        seen: list[str] = []

        def kill_one() -> None:
            while not seen:
                time.sleep(0.02)
            processes[1].send_signal(signal.SIGKILL)

        killer = threading.Thread(target=kill_one, daemon=True)
        killer.start()
        config = RunConfig.model_validate({**QUICK, "runtime": {"memory_budget": "64 MiB", "executor": "dask",
                                                                "scheduler": address}})
        # The first measured frame is the sign: most of the work is still to come.
        result = run(folder, config, runs_dir=tmp_path, listeners=(
            lambda event: seen.append("x") if "finding" in str(event) else None,))
        assert result.error is None, result.error
        killer.join(10)
        assert processes[1].wait(10) == -signal.SIGKILL, "no worker was killed"
        for name, data in wanted.items():
            assert data.tobytes() == fits.getdata(result.products[name]).tobytes(), name
    finally:
        for process in processes[::-1]:
            process.terminate()
            process.wait(20)


def wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    end = time.monotonic() + 60
    while True:
        try:
            with Client(address, timeout=5) as client:
                client.wait_for_workers(count, timeout=30)
                return
        except OSError:
            assert time.monotonic() < end, "the scheduler did not start"
            time.sleep(0.5)


def test_executors_are_made_as_asked_for() -> None:
    assert isinstance(make_executor("serial", 4), SerialWork)
    assert isinstance(make_executor("threads", 1), SerialWork)
    assert isinstance(make_executor("threads", 2), ThreadWork)
    assert isinstance(make_executor("processes", 2), ProcessWork)
    with pytest.raises(ConfigError, match="executor"):
        make_executor("threads", 2, "tcp://localhost:8786")
    with pytest.raises(ConfigError, match="does not answer"):
        DaskWork(f"tcp://127.0.0.1:{free_port()}", 1, timeout=2)


def test_results_come_in_order_and_the_rest_is_given_up_after_an_error() -> None:
    done: list[int] = []

    def work(shared: int, item: int, threads: int) -> int:
        if item == 3:
            raise ValueError("three")
        done.append(item)
        return shared * item

    pool = ThreadWork(2)
    assert list(pool.frames(work, 10, [0, 1, 2])) == [0, 10, 20]
    done.clear()
    with pytest.raises(ValueError, match="three"):
        list(pool.frames(work, 10, list(range(50))))
    assert len(done) < 20
