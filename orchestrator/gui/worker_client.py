"""A task in a separate process, as the window sees it: signals only, nothing blocks."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

import orchestrator
from orchestrator import MessageDecoder, encode_message
from orchestrator.gui.formats import in_language

__all__ = ["SirilOutside", "WorkerClient"]

# Characters of the process's standard error that are kept, and how many of them are shown if it fails.
STDERR_KEPT = 4000
STDERR_SHOWN = 600
# Milliseconds to wait for a killed process when the window closes.
KILL_WAIT = 2000


class SirilOutside(Protocol):
    """The Siril from which the window was opened; it executes the commands of the tasks that are given it."""

    text: str

    def execute(self, folder: str, commands: list[str], answer: Callable[[int, str], None]) -> None:
        """Execute commands; ``answer`` gets how many succeeded and why the next one failed."""

    def stop(self) -> None:
        """Execute no further command of the current script."""

    def listen(self, event: dict[str, Any]) -> None:
        """Show an event of the task."""

    def ended(self, result: Any, message: str) -> None:
        """The task has ended with a result, or with the message of an error."""


class WorkerClient(QObject):
    """Starts ``orchestrator.gui.worker_process`` with a task and emits its messages as signals. ``siril`` runs its scripts."""

    reported = Signal(dict)
    done = Signal(object)
    failed = Signal(str, str)  # message, remedy
    ended = Signal()

    def __init__(self, task: dict[str, Any], parent: QObject | None = None, siril: SirilOutside | None = None) -> None:
        super().__init__(parent)
        self._siril = siril
        self._decoder, self._stderr, self._answered = MessageDecoder(), "", False
        self.exit_code = 0  # of the error that ended the task, 0 if it is not known
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        # Nothing is imported from the current folder, which may be the folder of a session of someone else.
        packages = str(Path(orchestrator.__file__).resolve().parents[1])
        others = [p for p in environment.value("PYTHONPATH").split(os.pathsep) if Path(p).is_absolute() and p != packages]
        environment.insert("PYTHONPATH", os.pathsep.join([packages, *others]))
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_stderr)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._not_started)
        self._process.start(sys.executable, ["-P", "-m", "orchestrator.gui.worker_process"])
        self._send(start=task if siril is None else {**task, "siril": siril.text})

    @property
    def running(self) -> bool:
        return self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def process_id(self) -> int:
        return int(self._process.processId())

    def cancel(self) -> None:
        """Request the task to stop; the process ends when it has left everything in order."""
        if self.running:
            self._send(cancel=True)
            if self._siril is not None:
                self._siril.stop()

    def send(self, **message: Any) -> None:
        """Send a message to a task that reads messages."""
        if self.running:
            self._send(**message)

    def kill(self) -> None:
        """End the process at once. Completed phases of a run are kept."""
        self._answered = True
        self._process.kill()

    def drop(self) -> None:
        """End the process at once and emit nothing more: the result is no longer needed."""
        self.blockSignals(True)
        self._process.finished.connect(self.deleteLater)
        self.kill()

    def end(self) -> None:
        """As :meth:`drop`, and wait for the process to end: the window closes."""
        self.blockSignals(True)
        self.kill()
        self._process.waitForFinished(KILL_WAIT)

    def _send(self, **message: Any) -> None:
        self._process.write(encode_message(message))

    def _read(self) -> None:
        for message in self._decoder.feed(bytes(self._process.readAllStandardOutput().data())):
            end = message.get("end")
            if "script" in message and self._siril is not None:
                self._siril.execute(message["folder"], message["script"], lambda done, why: self.send(done=done, why=why))
                continue
            if end is None:
                if self._siril is not None and "event" in message:
                    self._siril.listen(message)
                self.reported.emit(message)
                continue
            self._answered = True
            if self._siril is not None:
                self._siril.ended(end.get("result"), f"{end.get('message', '')} {end.get('remedy', '')}".strip())
            if "result" in end:
                self.done.emit(end["result"])
            else:
                self.exit_code = int(end.get("exit_code", 0))
                self.failed.emit(in_language(end, "message"), in_language(end, "remedy"))

    def _read_stderr(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        self._stderr = (self._stderr + text)[-STDERR_KEPT:]

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._answered = True
            self.failed.emit(self.tr("The program {0} could not be started.").format(sys.executable), self.tr("Reinstall it."))
            self.ended.emit()

    def _finished(self) -> None:
        self._read()
        if not self._answered:
            shown = self._stderr.strip()[-STDERR_SHOWN:]
            if self._siril is not None:
                self._siril.ended(None, shown)
            self.failed.emit(self.tr("The process ended unexpectedly. Its last output: {0}").format(shown),
                             self.tr("Completed phases are kept; resume the run."))
        self.ended.emit()
