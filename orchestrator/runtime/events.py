"""The event log: one JSON line an event, and a listener for the terminal."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["Event", "EventLog"]

Event = dict[str, Any]
Listener = Callable[[Event], None]

# Progress is told at most so often (seconds): a run of thousands of frames must not write thousands of lines.
PROGRESS_INTERVAL = 0.5


class EventLog:
    """Writes ``run_events.jsonl`` and passes each event on to the listeners.

    Events: run_start, phase_start, phase_progress, phase_end, phase_kept (from a checkpoint), warning, error, run_end.
    """

    def __init__(self, path: Path | None, listeners: tuple[Listener, ...] = ()) -> None:
        self._path = path
        self._listeners = listeners
        self._lock = threading.Lock()
        self._last_progress = 0.0
        self.phase = ""
        self.warnings: list[str] = []
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            _end_last_line(path)

    def emit(self, event: str, **payload: Any) -> None:
        record: Event = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
        if self.phase:
            record["phase"] = self.phase
        record.update(payload)
        line = json.dumps(record, default=str, ensure_ascii=False)
        with self._lock:
            if self._path is not None:
                with self._path.open("a", encoding="utf-8", errors="backslashreplace") as stream:
                    stream.write(line + "\n")
            for listener in self._listeners:
                listener(record)

    def progress(self, done: int, total: int, message: str = "") -> None:
        now = time.monotonic()
        if done < total and now - self._last_progress < PROGRESS_INTERVAL:
            return
        self._last_progress = now
        self.emit("phase_progress", done=done, total=total, message=message)

    def warning(self, message: str, **payload: Any) -> None:
        self.warnings.append(message)
        self.emit("warning", message=message, **payload)


def _end_last_line(path: Path) -> None:
    """A run that was killed may have left half a line; what follows must not be written onto it."""
    if path.exists() and path.stat().st_size:
        with path.open("rb+") as stream:
            stream.seek(-1, os.SEEK_END)
            if stream.read(1) != b"\n":
                stream.write(b"\n")
