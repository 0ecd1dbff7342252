"""The context passed to every phase: configuration, folders, events, cancellation. There is no global state."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from orchestrator.config.settings import RunConfig
from orchestrator.errors import Cancelled
from orchestrator.io import fits as fits_io
from orchestrator.runtime.cache import Cache
from orchestrator.runtime.events import EventLog
from orchestrator.runtime.executor import Executor, ThreadWork

__all__ = ["RunContext", "folder_name"]

# Arrays of the size of the products that a stack holds at once.
PICTURES_HELD = 6
# Arrays of the size of a frame that measuring it holds at once.
FRAMES_HELD = 6
# Blocks get at least the memory budget divided by this, whatever the process holds already.
MIN_BLOCK_DIVISOR = 8


@dataclass
class RunContext:
    """The context of a run.

    ``directory`` is the run directory. ``memory_budget`` is in bytes. ``events`` writes the event log and informs the user;
    ``cancel`` is set from another thread or a signal handler. ``cache`` stores results per frame, None if it is switched off.
    ``previous`` returns a field of the state as the current phase produced it in its previous run from the same pixels, None if
    unknown. ``night`` names the subfolders of masters and scratch files while one of several nights is calibrated.
    """

    config: RunConfig
    directory: Path
    events: EventLog
    memory_budget: int
    workers: int
    cancel: threading.Event = field(default_factory=threading.Event)
    device: str = "cpu"
    executor: Executor = field(default_factory=lambda: ThreadWork(1))
    cache: Cache | None = None
    previous: Callable[[str], Any] = field(default=lambda name: None)
    night: str = ""

    @property
    def logs(self) -> Path:
        return self.folder("logs")

    @property
    def scripts(self) -> Path:
        return self.folder("scripts")

    @property
    def outputs(self) -> Path:
        return self.folder("outputs")

    @property
    def calibration(self) -> Path:
        return self.folder(f"outputs/calibration/{self.night}".rstrip("/"))

    @property
    def artifacts(self) -> Path:
        return self.folder("artifacts")

    @property
    def work(self) -> Path:
        return self.folder(f"work/{self.night}".rstrip("/"))

    @property
    def block_budget(self) -> int:
        """Bytes for each block that is in memory at once: the budget less the memory that this process holds already, but at
        least an eighth of the budget."""
        memory = psutil.Process().memory_info()
        held: int = memory.rss - getattr(memory, "shared", 0)  # file-backed pages can be released
        return max(self.memory_budget - held, self.memory_budget // MIN_BLOCK_DIVISOR) // self.executor.blocks

    def folder(self, name: str) -> Path:
        """A folder of the run, created if necessary."""
        path = self.directory / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def frames_at_once(self, shape: tuple[int, ...]) -> int:
        """How many frames of ``shape`` can be read as a whole at once within the budget."""
        return max(1, self.memory_budget // (FRAMES_HELD * 4 * math.prod(shape)))

    def picture(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Zeros for a product; on disk if the products of a stack together would need more than half of the budget."""
        if PICTURES_HELD * 4 * math.prod(shape) > self.memory_budget // 2:
            return fits_io.array_on_disk(self.work, shape)
        return np.zeros(shape, np.float32)

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Report the progress of the current phase; raises :class:`Cancelled` if the run is to stop."""
        self.check()
        self.events.progress(done, total, message)

    def for_night(self, name: str) -> RunContext:
        """The same context with separate folders for the masters and scratch files of a night."""
        return replace(self, night=folder_name(name))

    def check(self) -> None:
        """Raise :class:`Cancelled` if the user has cancelled the run."""
        if self.cancel.is_set():
            raise Cancelled("The run was cancelled.")

    def warn(self, message: str, **payload: Any) -> None:
        """Write a warning to the event log."""
        self.events.warning(message, **payload)


def folder_name(name: str) -> str:
    """A night's name as a file name that is valid on all systems."""
    return "".join(c if c.isalnum() or c in "-_+." else "_" for c in name).strip(".") or "night"
