"""Peak memory stays below the budget, whatever the number of frames, and nothing of their size is left on the disk."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.io import fits as fits_io
from orchestrator.runtime.memory import PROGRAM
from orchestrator.runtime.memory_estimate import HELD

MEASURED = Path(__file__).with_name("measured_run.py")
SMALL = Path(__file__).with_name("small_budget.py")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is counted the way of Linux")


@pytest.mark.skipif(sys.platform == "win32", reason="resource usage is read the POSIX way")
@pytest.mark.slow
def test_peak_memory_is_level_from_20_to_80_frames(simulated, tmp_path: Path) -> None:
    peaks = {}
    for count in (20, 80):
        folder, _ = simulated("tiny_osc", n_frames=count, width=640, height=480, n_stars=300)
        done = subprocess.run([sys.executable, str(MEASURED), str(folder), str(tmp_path), str(count)], capture_output=True,
                              text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        peaks[count] = json.loads(done.stdout.strip().splitlines()[-1])
    assert peaks[80]["kib"] < 512 * 1024, "more than the budget"
    assert peaks[80]["kib"] < 1.3 * peaks[20]["kib"], peaks
    assert peaks[80]["scratch"] <= 80 * 640 * 480 * 2, "more scratch than one copy of the raw frames"


@LINUX
@pytest.mark.parametrize(("preset", "channels"), [("tiny_mono", 1), pytest.param("tiny_osc", 3, marks=pytest.mark.slow)])
def test_a_run_stays_within_the_least_budget(simulated, tmp_path: Path, preset: str, channels: int) -> None:
    width, height, mib = 2000, 1400, 2**20
    folder, _ = simulated(preset, n_frames=4, width=width, height=height, n_stars=600)
    room = HELD[channels] * 4 * width * height
    budget = -(-(PROGRAM + room) // mib)
    done = subprocess.run([sys.executable, str(SMALL), str(folder), str(tmp_path), str(budget)], capture_output=True, text=True,
                          timeout=500)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.strip().splitlines()[-1])
    # Memory is given back when samples are taken, so that short peaks are higher on a busy machine; without a budget the same
    # run takes more than three times the room.
    assert found["peak"] - found["before"] < 1.6 * room, f"{(found['peak'] - found['before']) / mib:.0f} of {room / mib:.0f} MiB"
    assert abs(found["memory_peak_mib"] - found["peak"] / mib) < 30 and found["memory_budget_mib"] == budget
    assert 0 < found["memory_peak_mapped_mib"] < found["memory_peak_mib"] and found["memory_peak_phase"]
    products = sorted(p.name for p in (tmp_path / "large" / "outputs").glob("*.fits"))
    assert {"variance.fits", "coverage.fits"} < set(products)
    for name in products:
        one, other = (fits_io.image_layout(tmp_path / run / "outputs" / name).read() for run in ("large", "small"))
        assert one.tobytes() == other.tobytes(), name
