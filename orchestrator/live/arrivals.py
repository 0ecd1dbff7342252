"""New files of a folder that is looked at again and again, also over a network, where nobody tells of changes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from orchestrator.config.settings import RunConfig
from orchestrator.session.folders import input_files

__all__ = ["Arrivals", "Stamp"]

# Size, and time of change in ns.
Stamp = tuple[int, int]


class Arrivals:
    """Files that are ready to be read: the same size and time at two looks in a row.

    A file that is dealt with comes again only after it has changed.
    """

    def __init__(self, root: Path, config: RunConfig, done: Iterable[tuple[str, Stamp]] = ()) -> None:
        self._root, self._config = root, config
        self._done: dict[str, Stamp] = dict(done)
        self._before: dict[str, Stamp] = {}
        self._looks: dict[str, int] = {}

    def look(self) -> tuple[list[tuple[Path, Stamp, int]], bool]:
        """Files that are ready, by time: path, stamp, and for how many looks they have been so; and whether others may follow."""
        now = input_files([self._root], self._config)
        ready, growing = [], False
        for path, stamp in now.items():
            if self._done.get(path) == stamp or stamp[0] < 0:
                continue
            if self._before.get(path) == stamp:
                self._looks[path] = self._looks.get(path, 0) + 1
                ready.append((Path(path), stamp, self._looks[path]))
            else:
                self._looks[path] = 0
                growing = True
        self._before = now
        return sorted(ready, key=lambda r: (r[1][1], str(r[0]))), growing

    def dealt_with(self, path: Path, stamp: Stamp) -> None:
        self._done[str(path)] = stamp
        self._looks.pop(str(path), None)
