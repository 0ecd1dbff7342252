"""The event log: one JSON line per event, passed on to listeners such as the terminal."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestrator.io.visible import visible
from orchestrator.message import Message, packed_texts

__all__ = ["PROGRESS_INTERVAL", "Event", "EventLog"]

logger = logging.getLogger(__name__)

Event = dict[str, Any]
Listener = Callable[[Event], None]

# Shortest time (s) between two progress events, so that thousands of frames do not write thousands of lines.
PROGRESS_INTERVAL = 0.5
# Texts of events that may contain names of files and values of headers.
SHOWN = ("message", "remedy")
# Events whose message is logged too.
LOG_LEVELS = {"note": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class EventLog:
    """Writes ``run_events.jsonl`` and passes each event on to the listeners.

    Events: run_start, phase_start, phase_progress, phase_end, phase_kept (from a checkpoint), expected_time, warning, error,
    run_end; ``texts`` has the messages among the texts of an event, packed for
    translation. With runtime.growing_picture also
    frames_measured and growing_picture. The report is a step like a phase: REPORT.
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
        """Write an event, and pass it on to the listeners."""
        record: Event = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
        if self.phase:
            record["phase"] = self.phase
        texts = {k: shown(payload[k]) for k in SHOWN if isinstance(payload.get(k), str)}
        payload |= texts
        record.update(payload)
        if messages := packed_texts(**texts):
            record["texts"] = messages
        line = json.dumps(record, default=str, ensure_ascii=False)
        if event in LOG_LEVELS:
            logger.log(LOG_LEVELS[event], " ".join(filter(None, (f"{self.phase}:" if self.phase else "", "%s", "%s"))),
                       payload["message"], payload.get("remedy", ""))
        with self._lock:
            if self._path is not None:
                with self._path.open("a", encoding="utf-8", errors="backslashreplace") as stream:
                    stream.write(line + "\n")
            for listener in self._listeners:
                listener(record)

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Emit a progress event, at most one per PROGRESS_INTERVAL; the last one is always emitted."""
        now = time.monotonic()
        if done < total and now - self._last_progress < PROGRESS_INTERVAL:
            return
        self._last_progress = now
        self.emit("phase_progress", done=done, total=total, message=message)

    def warning(self, message: str, **payload: Any) -> None:
        """Emit a warning, and keep its message."""
        message = shown(message)
        self.warnings.append(message)
        self.emit("warning", message=message, **payload)


def shown(text: str) -> str:
    """The text without control characters; a message stays one."""
    return text.each(visible) if isinstance(text, Message) else visible(text)


def _end_last_line(path: Path) -> None:
    """End an incomplete last line, which a killed run may have left, so that new events start on a new line."""
    if path.exists() and path.stat().st_size:
        with path.open("rb+") as stream:
            stream.seek(-1, os.SEEK_END)
            if stream.read(1) != b"\n":
                stream.write(b"\n")
