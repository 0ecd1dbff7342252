"""Runs and resumes sessions in processes that are killed at a point of a phase, as by a power cut: python -m tests.faults.killed

Reads a JSON list of jobs from standard input: {"session" or "run": DIRECTORY, "runs": DIRECTORY, "settings": {}, "phase": PHASE,
"point": POINT}. Jobs with a session run it as "killed" in the folder "runs"; the others resume "run". POINT: "start" of the
phase; "progress", at its first report of progress; "end", when all its files are written but its checkpoint is not. Prints for
each job the signal that ended its process, 0 if none did. Each process is forked before any thread is started, so that the
imports are paid once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

import orchestrator.report.write  # noqa: F401 - imported once, not in each process
from orchestrator import RunConfig, resume, run
from orchestrator.pipeline.checkpoint import Checkpoints


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def work(job: dict[str, Any]) -> None:
    phase, point = job["phase"], job["point"]

    def listen(event: dict[str, Any]) -> None:
        if event["event"] == f"phase_{point}" and event["phase"] == phase:
            die()

    # "phase_end" comes after the checkpoint is written.
    save = Checkpoints.save

    def unsaved(self: Checkpoints, done: Any, *args: Any) -> Any:
        if point == "end" and done.name == phase:
            die()
        return save(self, done, *args)

    Checkpoints.save = unsaved  # type: ignore[method-assign]
    if "session" in job:
        config = RunConfig.model_validate(job["settings"])
        run(job["session"], config, runs_dir=job["runs"], run_id="killed", listeners=(listen,))
    else:
        resume(job["run"], listeners=(listen,))


def ended_by(job: dict[str, Any]) -> int:
    """The signal that ended a process that did this job."""
    child = os.fork()
    if child == 0:
        try:
            work(job)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


if __name__ == "__main__":
    for one in json.load(sys.stdin):
        print(ended_by(one), flush=True)
