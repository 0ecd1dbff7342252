"""A job in a process of its own, as the window sees it: signals in, nothing that waits."""

from __future__ import annotations

import json
import sys
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

__all__ = ["Job"]

# What is kept of the words of a process that fails.
LAST_WORDS = 4000


class Job(QObject):
    """Starts ``orchestrator.gui.worker_process`` with a job and passes its events on."""

    told = Signal(dict)
    done = Signal(object)
    failed = Signal(str, str)  # message, remedy
    ended = Signal()

    def __init__(self, job: dict[str, Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rest, self._words, self._answered = b"", "", False
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._hear)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._not_started)
        self._process.start(sys.executable, ["-m", "orchestrator.gui.worker_process"])
        self._process.write(json.dumps(job, default=str).encode() + b"\n")

    @property
    def running(self) -> bool:
        return self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def process_id(self) -> int:
        return int(self._process.processId())

    def cancel(self) -> None:
        """Ask the job to stop; it ends when it has put its things in order."""
        if self.running:
            self._process.write(b"cancel\n")

    def kill(self) -> None:
        """End the job at once. What a run has finished is kept all the same."""
        self._answered = True
        self._process.kill()

    def drop(self) -> None:
        """The answer is not wanted any more."""
        self.blockSignals(True)
        self._process.finished.connect(self.deleteLater)
        self.kill()

    def end(self) -> None:
        """As :meth:`drop`, and wait until the process is gone: the window closes."""
        self.blockSignals(True)
        self.kill()
        self._process.waitForFinished(2000)

    def _read(self) -> None:
        lines = (self._rest + bytes(self._process.readAllStandardOutput().data())).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            self._take(event)

    def _take(self, event: dict[str, Any]) -> None:
        if event.get("event") == "done":
            self._answered = True
            self.done.emit(event["result"])
        elif event.get("event") == "refused":
            self._answered = True
            self.failed.emit(event["message"], event["remedy"])
        else:
            self.told.emit(event)

    def _hear(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        self._words = (self._words + text)[-LAST_WORDS:]

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._answered = True
            self.failed.emit(self.tr("The program {0} could not be started.").format(sys.executable),
                             self.tr("Install it anew."))
            self.ended.emit()

    def _finished(self) -> None:
        self._read()
        if not self._answered:
            words = self.tr("The process ended without an answer. Its last words: {0}").format(self._words.strip()[-600:])
            self.failed.emit(words, self.tr("What was finished is kept; resume the run."))
        self.ended.emit()
