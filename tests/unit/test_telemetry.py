"""The record of resources: what is counted, that it stays small, and what the report shows of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.report.files import RunFiles
from orchestrator.report.resources import resource_figures, resource_table
from orchestrator.rundir.resource_samples import CSV_NAME, ResourceSample, read_samples, thinned
from orchestrator.runtime import telemetry
from orchestrator.runtime.telemetry import ResourceLog

MIB = 2**20
WORK = ("import os, sys, time; held = bytearray(80 << 20); end = time.process_time() + 0.5\n"
        "while time.process_time() < end: pass\n"
        "print('ready', flush=True); sys.stdin.readline()")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="transfers are counted the way of Linux")


@LINUX
def test_time_memory_and_transfers_of_the_run_and_its_programs_are_counted(tmp_path: Path) -> None:
    phase = ["A"]
    log = ResourceLog(tmp_path, lambda: phase[0])
    log.sample(now=True)
    others = log.samples[-1].programs_bytes  # programs of other tests
    before = time.process_time()
    end = before + 0.3
    while time.process_time() < end:
        pass
    with (tmp_path / "data").open("wb") as stream:
        stream.write(os.urandom(6 * MIB))
        stream.flush()
        os.fsync(stream.fileno())
    log.sample(now=True)
    own = time.process_time() - before
    assert log.by_phase["A"].cpu == pytest.approx(own, abs=0.1) and log.samples[-1].programs_bytes < others + 10 * MIB
    assert 6 * MIB <= log.by_phase["A"].written < 12 * MIB
    phase[0] = "B"
    program = subprocess.Popen([sys.executable, "-c", WORK], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert program.stdout is not None
    program.stdout.readline()
    log.sample(now=True)
    program.communicate(b"\n")
    assert log.by_phase["B"].cpu > 0.45 and log.samples[-1].programs_bytes > others + 70 * MIB
    log.sample(now=True)
    assert log.samples[-1].programs_bytes < others + 10 * MIB
    totals = [s.cpu_s for s in log.samples]
    assert totals == sorted(totals), "a program that has ended does not take its time with it"


def test_a_program_that_runs_before_the_run_counts_from_the_beginning_of_the_run(tmp_path: Path) -> None:
    program = subprocess.Popen([sys.executable, "-c", WORK], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert program.stdout is not None
    program.stdout.readline()
    log = ResourceLog(tmp_path, lambda: "A")
    log.sample(now=True)
    program.communicate(b"\n")
    assert log.by_phase["A"].cpu < 0.3 and log.samples[-1].programs_bytes > 80 * MIB


def test_samples_stay_bounded_and_keep_the_extremes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "MOST", 8)
    log = ResourceLog(tmp_path, lambda: "A")
    for _ in range(50):
        log.sample(now=True)
        assert len(log.samples) <= 8
    assert log.interval > telemetry.INTERVAL
    log.sample()
    count = len(log.samples)
    log.sample()
    assert len(log.samples) == count, "not due yet"


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=40))
def test_thinning_keeps_the_end_and_the_largest_memory_of_each_attempt(rows: list[tuple[int, int, int]]) -> None:
    samples = [_sample(attempt, float(k), memory, free) for k, (attempt, memory, free) in enumerate(sorted(rows))]
    kept = thinned(samples)
    assert kept[-1].seconds == samples[-1].seconds and len(kept) <= (len(samples) + 1) // 2 + 2
    for attempt in {s.attempt for s in samples}:
        of = [[s for s in some if s.attempt == attempt] for some in (samples, kept)]
        assert len({max(s.memory_bytes for s in some) for some in of}) == 1
        assert len({min(s.free_disk_bytes for s in some) for some in of}) == 1


def test_earlier_attempts_stay_in_the_file_and_a_damaged_line_costs_that_line(tmp_path: Path) -> None:
    for attempt in (1, 2):
        log = ResourceLog(tmp_path, lambda: "A", attempt)
        log.sample(now=True)
        log.write(tmp_path)
    found = read_samples(tmp_path / CSV_NAME)
    assert [s.attempt for s in found] == [1, 1, 2, 2]
    lines = (tmp_path / CSV_NAME).read_text().splitlines()
    (tmp_path / CSV_NAME).write_text("\n".join([*lines[:2], "2,x,A", *lines[3:]]))
    assert len(read_samples(tmp_path / CSV_NAME)) == 3
    assert read_samples(tmp_path / "missing.csv") == []


def test_the_report_shows_the_last_attempt(tmp_path: Path) -> None:
    artifacts = tmp_path / "artifacts"
    artifacts.mkdir()
    (tmp_path / "config.yaml").write_text("{}")
    assert resource_figures(RunFiles(tmp_path)) == () and resource_table(RunFiles(tmp_path)) == ()
    log = ResourceLog(tmp_path, lambda: "STACKING", 2)
    log.samples = [_sample(1, 0.0, 7 * 2**30, 0), *(_sample(2, float(k), k * 2**30, 5 * 2**30, cpu=1.5 * k) for k in range(4))]
    log.write(artifacts)
    processor, memory, disk = resource_figures(RunFiles(tmp_path))
    assert processor.data["lines"][0]["y"][:3] == [1.5, 1.5, 1.5] and "1.5" in processor.alt
    assert memory.data["lines"][0]["y"][:4] == [0, 1, 2, 3]
    assert [line["name"] for line in disk.data["lines"]] == ["read", "written"]
    (table,) = resource_table(RunFiles(tmp_path))
    assert table.rows[0][0] == "STACKING"


def _sample(attempt: int, seconds: float, memory: int, free: int, cpu: float = 0.0) -> ResourceSample:
    return ResourceSample(attempt, seconds, "STACKING", cpu, memory, 0, 2**33, 0, 0, free)
