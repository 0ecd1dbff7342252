"""Runs or resumes a session in a process of its own, which is killed at a point of a phase, as by a power cut.

python killed.py {run|resume} DIRECTORY(session or run) RUNS PHASE POINT SETTINGS

POINT: "start" of the phase; "progress", at its first word of progress; "end", when all its files are written but its
checkpoint is not.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from orchestrator import RunConfig, resume, run
from orchestrator.pipeline.checkpoint import Checkpoints


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(what: str, folder: str, runs: str, phase: str, point: str, settings: str) -> int:
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
    if what == "run":
        config = RunConfig.model_validate_json(settings)
        result = run(folder, config, runs_dir=runs, run_id="killed", listeners=(listen,))
    else:
        result = resume(Path(runs) / "killed", listeners=(listen,))
    print(result.status, len(result.ran))
    return int(result.exit_code)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
