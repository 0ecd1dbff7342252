"""What every phase is handed: configuration, folders, events, cancellation. Passed, never found."""

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

# Pictures of the products' size that a stack holds at once, and copies of a frame while it is measured.
PICTURES_HELD, FRAMES_HELD = 6, 6


@dataclass
class RunContext:
    """The surroundings of a run.

    ``directory`` is the run's folder. ``memory_budget`` is in bytes. ``events`` writes the event log and tells the
    person; ``cancel`` is set from another thread or a signal handler. ``cache`` keeps what was found of frames, None when
    it is not wanted. ``earlier`` gives fields of the state as the phase that runs made them before it was to be repeated,
    from the same pixels; None for what is not known. ``night`` names the folders of masters and scratch while one of several
    nights is calibrated.
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
    earlier: Callable[[str], Any] = field(default=lambda name: None)
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
        """Bytes for each block that is in memory at once: what the budget leaves beside what this process holds already, but
        an eighth of it at least."""
        memory = psutil.Process().memory_info()
        held = memory.rss - getattr(memory, "shared", 0)  # pages of files can be given up
        return max(self.memory_budget - held, self.memory_budget // 8) // self.executor.blocks

    def folder(self, name: str) -> Path:
        """A folder of the run, made when needed."""
        path = self.directory / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def frames_at_once(self, shape: tuple[int, ...]) -> int:
        """How many frames the budget holds while they are read as a whole."""
        return max(1, self.memory_budget // (FRAMES_HELD * 4 * math.prod(shape)))

    def picture(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Zeros for a product; on disk where the products of a stack together would take more than half of the budget."""
        if PICTURES_HELD * 4 * math.prod(shape) > self.memory_budget // 2:
            return fits_io.picture_on_disk(self.work, shape)
        return np.zeros(shape, np.float32)

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Tell how far the current phase is, and stop here when asked to."""
        self.check()
        self.events.progress(done, total, message)

    def for_night(self, name: str) -> RunContext:
        """The same surroundings, with places of its own for the masters and the scratch of a night."""
        return replace(self, night=folder_name(name))

    def check(self) -> None:
        """Raise :class:`Cancelled` when the person asked to stop."""
        if self.cancel.is_set():
            raise Cancelled("The run was cancelled.")

    def warn(self, message: str, **payload: Any) -> None:
        self.events.warning(message, **payload)


def folder_name(name: str) -> str:
    """A night's name as a file or folder can bear it everywhere."""
    return "".join(c if c.isalnum() or c in "-_+." else "_" for c in name).strip(".") or "night"


