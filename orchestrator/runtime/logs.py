"""Log handlers: none is installed by an import; the command line adds one for standard error, a run one for its log file.

Modules log to ``logging.getLogger(__name__)``. The reports of a run to the user are in its event log (runtime/events.py); its
notes, warnings and errors are logged as well.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

__all__ = ["LOG_FILE", "log_to_stderr", "run_log"]

# The loggers of the program; those of its modules are below them.
PACKAGES = ("orchestrator", "tilecore")
LOG_FILE = "orchestrate.log"
# Its warnings and errors are displayed by the command line.
EVENT_LOG = "orchestrator.runtime.events"


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to the current ``sys.stderr``, which a progress display replaces for its duration."""

    def __init__(self, level: int) -> None:
        logging.Handler.__init__(self, level)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


class _RunLogFile(logging.FileHandler):
    """A log file; a full disk ends the log and harms nothing else."""

    def handleError(self, record: logging.LogRecord) -> None:
        self.setLevel(logging.CRITICAL + 1)


class _Threshold(logging.Filter):
    """Keeps records of this program below ``level`` from a handler of the application around it."""

    def __init__(self, level: int) -> None:
        super().__init__()
        self._level = level

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= self._level or record.name.partition(".")[0] not in PACKAGES


_lock = threading.Lock()
_handlers: list[logging.Handler] = []
# Restores levels and filters when the last handler is removed.
_restore = contextlib.ExitStack()


@contextlib.contextmanager
def log_to_stderr(verbosity: int) -> Iterator[None]:
    """Log to standard error: errors (-1), warnings (0), INFO (1) or DEBUG (2 and above).

    The records of the event log are left out: the command line displays them itself.
    """
    level = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}.get(verbosity, logging.DEBUG)
    handler = _Stderr(level)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    handler.addFilter(lambda record: record.name != EVENT_LOG)
    with _attached(handler):
        yield


@contextlib.contextmanager
def run_log(logs: Path) -> Iterator[None]:
    """Append to the log file in a folder: INFO and above, or DEBUG if the program's loggers have that level.

    Runs made at the same time in one process share their records. There is no log if its file cannot be opened.
    """
    try:
        logs.mkdir(parents=True, exist_ok=True)
        handler = _RunLogFile(logs / LOG_FILE, encoding="utf-8", errors="backslashreplace")
    except OSError:
        yield
        return
    handler.setLevel(logging.DEBUG if logging.getLogger(PACKAGES[0]).isEnabledFor(logging.DEBUG) else logging.INFO)
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    try:
        with _attached(handler):
            yield
    finally:
        with contextlib.suppress(OSError):  # a full disk: the last records are lost, the result of the run is not
            handler.close()


@contextlib.contextmanager
def _attached(handler: logging.Handler) -> Iterator[None]:
    """Attach a handler to the loggers of the program, and lower their level for it without a change for other handlers."""
    with _lock:
        if not _handlers:
            _begin()
        _handlers.append(handler)
        for logger in map(logging.getLogger, PACKAGES):
            logger.addHandler(handler)
            logger.setLevel(min(logger.getEffectiveLevel(), handler.level))
    try:
        yield
    finally:
        with _lock:
            for logger in map(logging.getLogger, PACKAGES):
                logger.removeHandler(handler)
            _handlers.remove(handler)
            if not _handlers:
                _restore.close()


def _begin() -> None:
    """Note the levels of the loggers, and put a threshold on the handlers that exist."""
    for logger in map(logging.getLogger, PACKAGES):
        _restore.callback(logger.setLevel, logger.level)
        threshold = _Threshold(logger.getEffectiveLevel())
        above: logging.Logger | None = logger
        while above is not None:
            for handler in above.handlers:
                handler.addFilter(threshold)
                _restore.callback(handler.removeFilter, threshold)
            above = above.parent if above.propagate else None
