"""The context passed to every phase: configuration, folders, events, cancellation. There is no global state."""

from __future__ import annotations

import math
import mmap
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import RunConfig
from orchestrator.errors import Cancelled
from orchestrator.io import fits as fits_io
from orchestrator.io.fits import ImageLayout
from orchestrator.io.mapped import mapping_of, release_mapping
from orchestrator.runtime.cache import Cache
from orchestrator.runtime.events import EventLog
from orchestrator.runtime.executor import Executor, ThreadWork
from orchestrator.runtime.memory import PROGRAM, RELEASE_ABOVE, MemoryWatch, resident, trim

__all__ = ["RunContext", "folder_name"]

# Arrays of the size of the products that a stack holds at once.
PICTURES_HELD = 6
# Rows of a product that are read at once.
ROWS_READ = 256
# Arrays of the size of a frame that measuring it holds at once.
FRAMES_HELD = 6
# Blocks get at least the memory budget divided by this, whatever the process holds already.
MIN_BLOCK_DIVISOR = 8


@dataclass
class RunContext:
    """The context of a run.

    ``directory`` is the run directory. ``memory_budget`` is in bytes, for all that the process holds. ``events`` writes the
    event log and informs the user; ``cancel`` is set from another thread or a signal handler. ``cache`` stores results per frame,
    None if it is switched off.
    ``previous`` returns a field of the state as the current phase produced it in its previous run from the same pixels, None if
    unknown; ``earlier`` the same from whatever frames it was made, if the settings are the same. ``mapped`` are the pictures on
    disk. ``night`` and ``group`` name the subfolders of masters and scratch files while one of several nights or calibration
    groups is calibrated. ``memory`` watches the memory of the process. ``measured`` is called with each measured frame: its
    reader, its measurement, and the CFA pattern of the frames.
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
    earlier: Callable[[str], Any] = field(default=lambda name: None)
    night: str = ""
    mapped: list[weakref.ref[mmap.mmap]] = field(default_factory=list)
    group: str = ""
    measured: Callable[[Any, Any, str | None], None] = field(default=lambda reader, found, cfa: None)
    memory: MemoryWatch = field(init=False)

    def __post_init__(self) -> None:
        self.memory = MemoryWatch(self.memory_budget, lambda: self.events.phase, self.release_mapped)

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
        return self.folder("/".join(p for p in ("outputs/calibration", self.night, self.group) if p))

    @property
    def artifacts(self) -> Path:
        return self.folder("artifacts")

    @property
    def work(self) -> Path:
        return self.folder("/".join(p for p in ("work", self.night, self.group) if p))

    @property
    def room(self) -> int:
        """Bytes of the budget that the process does not hold; 0 if it holds more than the budget."""
        self.release_memory()
        return max(self.memory_budget - max(resident().resident, PROGRAM), 0)

    @property
    def block_budget(self) -> int:
        """Bytes for each block that is in memory at once: what is left of the budget, but at least an eighth of it."""
        return max(self.room, self.memory_budget // MIN_BLOCK_DIVISOR) // self.executor.blocks

    @property
    def masters_budget(self) -> int:
        """Bytes of the masters that stay in memory."""
        return max(self.memory_budget - PROGRAM, 0) // MIN_BLOCK_DIVISOR

    @property
    def band_budget(self) -> int:
        """Bytes for the bands of rows of several frames that are in memory at once: half of what is left of the budget."""
        return max(self.room // 2, self.memory_budget // (2 * MIN_BLOCK_DIVISOR))

    def folder(self, name: str) -> Path:
        """A folder of the run, created if necessary."""
        path = self.directory / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def frames_at_once(self, shape: tuple[int, ...]) -> int:
        """How many frames of ``shape`` can be read as a whole at once within the budget."""
        return max(1, self.room // (FRAMES_HELD * 4 * math.prod(shape)))

    def on_disk(self, shape: tuple[int, ...]) -> bool:
        """Whether products of ``shape`` are on disk: those of a stack would need more than half of the memory for them."""
        return PICTURES_HELD * 4 * math.prod(shape) > max(self.memory_budget - PROGRAM, 0) // 2

    def picture(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Zeros for a product, in memory or on disk."""
        if not self.on_disk(shape):
            return np.zeros(shape, np.float32)
        array = fits_io.array_on_disk(self.work, shape)
        if (mapping := mapping_of(array)) is not None:
            self.mapped.append(weakref.ref(mapping))
        return array

    def read_picture(self, layout: ImageLayout) -> NDArray[np.float32]:
        """The pixels of a product; a copy on disk if they are large."""
        if not self.on_disk(layout.shape):
            return layout.read()
        array = self.picture(layout.shape)
        for first in range(0, layout.shape[-2], ROWS_READ):
            array[..., first: first + ROWS_READ, :] = layout.read(first, first + ROWS_READ)
        return array

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Report the progress of the current phase; raises :class:`Cancelled` if the run is to stop."""
        self.check()
        if self.mapped and resident().resident > RELEASE_ABOVE * self.memory_budget:
            self.release_mapped()
        self.events.progress(done, total, message)

    def release_mapped(self) -> None:
        """Release the pages of pictures on disk, which would count as memory until the system needs them."""
        for reference in list(self.mapped):
            if (mapping := reference()) is not None:
                release_mapping(mapping)

    def release_memory(self) -> None:
        """Give back what the run does not need: pages of pictures on disk, and freed memory. Any thread may call it at any time:
        the content of the pictures stays."""
        self.release_mapped()
        trim()

    def for_night(self, name: str) -> RunContext:
        """The same context with separate folders for the masters and scratch files of a night."""
        return replace(self, night=folder_name(name))

    def for_group(self, name: str) -> RunContext:
        """The same context with separate folders for the masters and scratch files of a calibration group."""
        return replace(self, group=folder_name(name))

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
