"""New files in a folder, found by repeated scans, which also works on network drives without change notifications."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from orchestrator.config.settings import RunConfig
from orchestrator.session.folders import input_files

__all__ = ["Arrivals", "Stamp"]

# Size in bytes, modification time in ns.
Stamp = tuple[int, int]


class Arrivals:
    """Files that are ready to be read: same size and time in two consecutive scans.

    A processed file is returned again only after it has changed.
    """

    def __init__(self, root: Path, config: RunConfig, processed: Iterable[tuple[str, Stamp]] = ()) -> None:
        self._root, self._config = root, config
        self._processed: dict[str, Stamp] = dict(processed)
        self._previous: dict[str, Stamp] = {}
        self._unchanged: dict[str, int] = {}

    def scan(self) -> tuple[list[tuple[Path, Stamp, int]], bool]:
        """Files that are ready, by time (path, stamp, number of unchanged scans), and whether others are still changing."""
        now = input_files([self._root], self._config)
        ready, growing = [], False
        for path, stamp in now.items():
            if self._processed.get(path) == stamp or stamp[0] < 0:
                continue
            if self._previous.get(path) == stamp:
                self._unchanged[path] = self._unchanged.get(path, 0) + 1
                ready.append((Path(path), stamp, self._unchanged[path]))
            else:
                self._unchanged[path] = 0
                growing = True
        self._previous = now
        return sorted(ready, key=lambda r: (r[1][1], str(r[0]))), growing

    def mark_processed(self, path: Path, stamp: Stamp) -> None:
        self._processed[str(path)] = stamp
        self._unchanged.pop(str(path), None)
