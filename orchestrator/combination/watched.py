"""The progress of the scans before a run."""

from __future__ import annotations

import threading
import time

from orchestrator.errors import Cancelled
from orchestrator.phases.scan_input import ScanInput
from orchestrator.runtime.events import PROGRESS_INTERVAL, EventLog, Listener
from orchestrator.session.watch import Watch

__all__ = ["watched"]


def watched(listeners: tuple[Listener, ...], cancel: threading.Event | None) -> Watch:
    """Reports the progress of a scan to the listeners of a run, and raises :class:`Cancelled` when it is to stop."""
    events, began = EventLog(None, listeners), time.monotonic()
    events.phase = ScanInput.name

    def watch(done: int, total: int, message: str) -> None:
        if cancel is not None and cancel.is_set():
            raise Cancelled("The run was cancelled.")
        if time.monotonic() - began > PROGRESS_INTERVAL:  # short scans need no report
            events.progress(done, total, message)

    return watch
