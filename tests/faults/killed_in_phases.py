"""Runs of one session, each killed (SIGKILL) at the start of one phase: python -m tests.faults.killed_in_phases SESSION RUNS

Each run is a process of its own, forked before any thread is started, so that the imports are paid once.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from orchestrator import RunConfig, run
from orchestrator.pipeline.registry import PHASES


def killed_at(phase: str, session: Path, runs: Path) -> int:
    """The signal that ended a run of ``session`` in ``runs/phase``."""
    child = os.fork()
    if child == 0:
        def listen(event: dict[str, object]) -> None:
            if event["event"] == "phase_start" and event.get("phase") == phase:
                os.kill(os.getpid(), signal.SIGKILL)

        config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}})
        run(session, config, runs_dir=runs, run_id=phase, listeners=(listen,))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


if __name__ == "__main__":
    for one in PHASES:
        print(one.name, killed_at(one.name, Path(sys.argv[1]), Path(sys.argv[2])), flush=True)
