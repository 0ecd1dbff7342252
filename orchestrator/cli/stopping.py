"""Ctrl-C: a run is asked to stop, and the process is ended if it does not stop in time."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

import click

from orchestrator.errors import ExitCode

__all__ = ["PATIENCE", "Stopping"]

# Seconds until work that does not check for cancellation (a compiler, a library) is ended with the process.
PATIENCE = 10.0


# Signals that stop a run: Ctrl-C, kill, and a terminal that was closed.
SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Stopping:
    """While it is entered, SIGINT, SIGTERM and SIGHUP set ``cancel``; ``PATIENCE`` seconds later, or at a second signal, the
    process ends.

    A run can be ended at any moment: a checkpoint is complete or absent, and the programs that the run started end with it.
    ``before_exit`` is then called with the reason.
    """

    def __init__(self, cancel: threading.Event, before_exit: Callable[[str], None]) -> None:
        self._cancel, self._before_exit = cancel, before_exit
        self._timer = threading.Timer(PATIENCE, self._end, [f"did not stop within {PATIENCE:g} s"])
        self._timer.daemon = True
        self._previous: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Stopping:
        # A run that was started with nohup ignores SIGHUP.
        self._previous = {s: signal.signal(s, self._handle) for s in SIGNALS if signal.getsignal(s) is not signal.SIG_IGN}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._timer.cancel()
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._cancel.is_set():
            self._end("was interrupted twice")
        self._cancel.set()
        self._timer.start()
        with contextlib.suppress(OSError):  # the terminal may be gone
            click.echo("Stopping ... (again to stop at once)", err=True)

    def _end(self, why: str) -> None:
        try:
            with contextlib.suppress(OSError):
                if sys.stderr.isatty():
                    click.echo("\x1b[?25h", err=True, nl=False)  # the cursor, which a progress bar hides
                self._before_exit(why)
                sys.stdout.flush()
                sys.stderr.flush()
        finally:
            os._exit(ExitCode.CANCELLED)
