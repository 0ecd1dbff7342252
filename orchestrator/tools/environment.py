"""The environment of an external program that works on one image."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from orchestrator.runtime.context import RunContext

__all__ = ["ToolEnvironment"]

# The smallest memory limit that Siril accepts, GiB.
LEAST_MEMORY = 0.1


@dataclass(frozen=True)
class ToolEnvironment:
    """The folders and resources of an external program.

    Parameters
    ----------
    work : scratch folder; need not exist.
    scripts : folder in which rendered scripts are kept.
    logs : folder for the output of the program.
    cancel : when set, the program is stopped.
    threads, memory_gb : limits for programs that accept them.
    """

    work: Path
    scripts: Path
    logs: Path
    cancel: threading.Event = field(default_factory=threading.Event)
    threads: int = 1
    memory_gb: float = 2.0

    @classmethod
    def of(cls, context: RunContext, name: str) -> ToolEnvironment:
        """The environment for a phase of a run; ``name`` is that of its scratch folder."""
        usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        threads = max(1, min(context.workers, usable))  # Siril refuses more threads than it may use
        return cls(context.work / name, context.scripts, context.logs, context.cancel, threads,
                   max(LEAST_MEMORY, context.memory_budget / 2**30))
