"""Run a session in its own process and print time and peak memory as JSON: measured_run.py SESSION RUNS ID [KEY=VALUE ...]"""

from __future__ import annotations

import json
import resource
import sys
import threading
from contextlib import suppress
from pathlib import Path

from orchestrator import run
from orchestrator.config.load import load_config


def peak_kib() -> int:
    """Most memory that this process has held. getrusage also counts the parent that it was forked from."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    session, runs, name, *overrides = sys.argv[1:]
    work, scratch, stop = Path(runs) / name / "work", [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.05):
            with suppress(OSError):
                scratch[0] = max(scratch[0], sum(p.stat().st_size for p in work.rglob("*") if p.is_file()))

    threading.Thread(target=watch, daemon=True).start()
    config = load_config((), None, ("engine.name=native", "runtime.memory_budget=512 MiB", *overrides))
    result = run(session, config, runs_dir=runs, run_id=name)
    stop.set()
    assert result.error is None, result.error
    manifest = json.loads((result.directory / "manifest.json").read_text())
    print(json.dumps({"kib": peak_kib(), "scratch": scratch[0],
                      "seconds": {p["phase"]: p["seconds"] for p in manifest["phases"]}}))


if __name__ == "__main__":
    main()
