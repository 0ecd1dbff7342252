"""The memory of a run: what is measured, what is given back, and what is left of the budget."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from orchestrator.config.settings import RunConfig
from orchestrator.report.wording import statistics_rows
from orchestrator.rundir.statistics import RunStatistics
from orchestrator.runtime import memory
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.runtime.memory import PROGRAM, MemoryWatch, resident, trim

MIB = 2**20
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is counted the way of Linux")


def watch(budget: int, released: list[str], phase: list[str]) -> MemoryWatch:
    return MemoryWatch(budget, lambda: phase[0], lambda: released.append(phase[0]))


@LINUX
def test_the_peak_of_each_phase_is_found_while_it_runs() -> None:
    phase, released = ["A"], list[str]()
    found = watch(2**40, released, phase)
    trim()  # memory that is kept for reuse does not count as new
    before = resident().resident
    with found.running():
        held = np.ones(60 * MIB, np.uint8)
        time.sleep(0.2)
        del held
        time.sleep(0.2)
        first = found.phase_ended()
        trim()  # as after each phase
        phase[0] = "B"
        time.sleep(0.2)
        second = found.phase_ended()
    assert first.resident > before + 50 * MIB and first.resident > second.resident + 50 * MIB
    assert found.largest() == ("A", first) and 0 < first.mapped < first.resident
    assert not released, "the budget is far away"


@LINUX
def test_a_peak_between_two_samples_is_found() -> None:
    trim()
    found = watch(2**40, [], ["A"])
    found.sample()
    before = found.peaks["A"].resident
    status = Path("/proc/self/status").read_text().splitlines()
    largest = next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM"))
    held = np.ones(largest - before + 40 * MIB, np.uint8)
    del held
    assert found.phase_ended().resident > largest + 30 * MIB


def test_memory_is_given_back_near_the_budget() -> None:
    released: list[str] = []
    found = watch(resident().resident, released, ["A"])
    found.sample()
    assert released == ["A"]
    far = watch(2 * resident().resident, released, ["B"])
    far.sample()
    assert released == ["A"], "half of the budget is left"


@LINUX
def test_freed_memory_is_returned_to_the_system() -> None:
    trim()
    before = resident().resident
    pieces = [np.ones(50_000, np.uint8) for _ in range(1200)]  # small: from the heap
    guard = np.ones(50_000, np.uint8)
    del pieces
    trim()
    assert resident().resident - before < 10 * MIB and guard.all()


def test_what_is_left_of_the_budget_counts_the_program(tmp_path: Path) -> None:
    small = RunContext(RunConfig(), tmp_path, EventLog(None), 64 * MIB, 2, threading.Event())
    assert small.room == 0 and small.frames_at_once((4000, 6000)) == 1 and small.block_budget == 8 * MIB
    large = RunContext(RunConfig(), tmp_path, EventLog(None), resident().resident + PROGRAM + 1200 * MIB, 2, threading.Event())
    assert 1100 * MIB < large.room <= 1200 * MIB + PROGRAM
    assert large.frames_at_once((4000, 6000)) == large.room // (6 * 96_000_000) >= 2


def test_the_statistics_state_peak_parts_phase_and_budget() -> None:
    found = RunStatistics()
    found.set_memory(512 * MIB, "BGE", 480 * MIB, 130 * MIB)
    text = "480 MiB (350 anonymous, 130 mapped files) in BGE; the budget is 512 MiB"
    assert statistics_rows(found) == [("memory at most", text)]
    found.set_memory(512 * MIB, "BGE", 480 * MIB, 0)
    assert statistics_rows(found)[0][1] == "480 MiB in BGE; the budget is 512 MiB", "systems that do not report the parts"


@pytest.mark.skipif(memory._mallopt is None, reason="the allocator is not that of glibc")
def test_an_array_that_is_freed_is_memory_for_the_next_one() -> None:
    code = ("import resource, numpy as np; from orchestrator.runtime.memory import {0}; {0}({1})\n"
            "def faults():\n"
            "    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
            "    np.empty(48 << 20, np.uint8)[::4096] = 1\n"
            "    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before\n"
            "faults(); print(faults())")
    kept, given_back = (int(subprocess.run([sys.executable, "-c", code.format("keep_freed_memory", budget)], check=True,
                                           capture_output=True, text=True).stdout) for budget in (2**30, 2**28))
    assert kept <= 2 < 10 < given_back
