"""Masters: kept in memory where they fit, else read from their files a few rows at a time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.io import fits as fits_io
from orchestrator.io.fits import ImageLayout

__all__ = ["keep_masters", "master_pixels", "master_rows", "strips", "typical_level"]

# Most masters in memory.
MOST = 8
# Bytes of the rows that are calibrated at once: they stay in the cache of a core.
STRIP_BYTES = 4 * 2**20
# Rows from which the level of a master is measured.
MIDDLE_ROWS = 64


@dataclass
class _Kept:
    """Masters by file and time of change, oldest first; together at most ``limit`` bytes, None for no limit."""

    limit: int | None = None
    masters: dict[tuple[Path, int], NDArray[np.float32]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, path: Path, changed: int) -> NDArray[np.float32] | None:
        """A master, read if it is not there; None if it does not fit."""
        with self.lock:
            found = self.masters.get((path, changed))
            if found is not None:
                return found
            layout = _layout(path, changed)
            held = sum(m.nbytes for m in self.masters.values())
            if self.limit is not None and held + 4 * int(np.prod(layout.shape)) > self.limit:
                return None
            while len(self.masters) >= MOST:
                self.masters.pop(next(iter(self.masters)))
            found = self.masters[path, changed] = layout.read()
            return found


_kept = _Kept()


def keep_masters(limit: int | None) -> None:
    """Let masters of at most ``limit`` bytes together stay in the memory of this process; those of earlier runs are dropped."""
    with _kept.lock:
        _kept.limit = limit
        _kept.masters.clear()


def master_pixels(path: Path) -> NDArray[np.float32]:
    """A whole master; read once per process, unless the file changes or memory is too small to keep it."""
    changed = path.stat().st_mtime_ns
    found = _kept.get(path, changed)
    return _layout(path, changed).read() if found is None else found


def master_rows(path: Path, first: int, last: int) -> NDArray[np.float32]:
    """Rows ``first:last`` of every plane of a master."""
    changed = path.stat().st_mtime_ns
    found = _kept.get(path, changed)
    return _layout(path, changed).read(first, last) if found is None else found[..., first:last, :]


def typical_level(path: Path) -> float:
    """Median of the rows in the middle of a master."""
    rows = _layout(path, path.stat().st_mtime_ns).shape[-2]
    first = max(rows - MIDDLE_ROWS, 0) // 2
    return float(np.median(master_rows(path, first, first + MIDDLE_ROWS)))


def strips(shape: tuple[int, ...], first: int, last: int) -> list[tuple[int, int]]:
    """The rows ``first:last`` of frames of ``shape`` in strips."""
    rows = max(STRIP_BYTES // (4 * int(np.prod(shape)) // shape[-2]), 1)
    return [(a, min(a + rows, last)) for a in range(first, last, rows)]


@lru_cache(maxsize=4 * MOST)
def _layout(path: Path, changed: int) -> ImageLayout:
    # Files of the run have the unit 1.0; a hot pixel of a flat must not make its values look like ADU.
    return replace(fits_io.image_layout(path), unit=1.0)
