"""What an external program needs from whoever runs it on one image."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from orchestrator.runtime.context import RunContext

__all__ = ["Surroundings"]


@dataclass(frozen=True)
class Surroundings:
    """Where an external program may write: scratch ``work``, its rendered ``scripts``, its ``logs``; and its resources."""

    work: Path
    scripts: Path
    logs: Path
    cancel: threading.Event = field(default_factory=threading.Event)
    threads: int = 1
    memory_gb: float = 2.0

    @classmethod
    def of(cls, context: RunContext, name: str) -> Surroundings:
        """Those of a phase of a run."""
        usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        # Siril refuses more threads than it may use, and takes no less memory than a tenth of a GB.
        return cls(context.work / name, context.scripts, context.logs, context.cancel, max(1, min(context.workers, usable)),
                   max(0.1, context.memory_budget / 2**30))
