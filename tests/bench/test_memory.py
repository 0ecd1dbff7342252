"""Peak memory stays below the budget, whatever the number of frames, and nothing of their size is left on the disk."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

MEASURED = Path(__file__).with_name("measured_run.py")


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
    assert peaks[80]["kib"] < 1.15 * peaks[20]["kib"], peaks
    assert peaks[80]["scratch"] <= 80 * 640 * 480 * 2, "more scratch than one copy of the raw frames"
