"""Peak memory does not grow with the number of frames, and nothing of the frames' size is left on the disk."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

MEASURE = """
import json, resource, sys, threading, time
from pathlib import Path
from orchestrator import RunConfig, run
work = Path(sys.argv[2]) / sys.argv[3] / "work"
most, stop = [0], threading.Event()
def watch():
    while not stop.wait(0.05):
        try:
            most[0] = max(most[0], sum(p.stat().st_size for p in work.rglob("*") if p.is_file()))
        except OSError:
            pass
threading.Thread(target=watch, daemon=True).start()
config = RunConfig.model_validate({"engine": {"name": "native"}, "runtime": {"memory_budget": "192 MiB"}})
result = run(sys.argv[1], config, runs_dir=sys.argv[2], run_id=sys.argv[3])
stop.set()
assert result.error is None, result.error
print(json.dumps({"kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "scratch": most[0]}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="resource usage is read the POSIX way")
def test_peak_memory_is_level_from_20_to_80_frames(simulated, tmp_path: Path) -> None:
    peaks = {}
    for count in (20, 80):
        folder, _ = simulated("tiny_osc", n_frames=count, width=640, height=480, n_stars=300)
        done = subprocess.run([sys.executable, "-c", MEASURE, str(folder), str(tmp_path), str(count)], capture_output=True,
                              text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        peaks[count] = json.loads(done.stdout.strip().splitlines()[-1])
    assert peaks[80]["kib"] < 1.15 * peaks[20]["kib"], peaks
    assert peaks[80]["scratch"] <= 80 * 640 * 480 * 2, "more scratch than one copy of the raw frames"
