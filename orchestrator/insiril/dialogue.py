# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog of the script inside Siril; runs in Siril's own Python (3.9 or newer) with Qt and the standard library."""

from __future__ import annotations

import shlex
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

try:
    from PyQt6 import QtCore, QtGui, QtWidgets
except ImportError:
    from PySide6 import QtCore, QtGui, QtWidgets

__all__ = ["Window", "show_dialog"]

# (siril, program, request) -> outcome; see launcher.work
Work = Callable[[Any, Any, "dict[str, Any]"], "dict[str, Any]"]
# Steps of the progress bar, and milliseconds between two updates of the window.
STEPS = 1000
REFRESH = 100


def show_dialog(siril: Any, program: Any, request: dict[str, Any], work: Work) -> dict[str, Any] | None:
    """Ask for the settings, run, show the progress; the outcome of the last run, None without one."""
    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(sys.argv[:1])
    window = Window(siril, program, request, work)
    window.show()
    app.exec()
    if window.error is not None:
        raise window.error
    return window.end


class Window(QtWidgets.QWidget):  # type: ignore[misc]  # Any where PyQt6 is not installed
    """Settings, Start, Stop, progress and log. Only the working thread calls Siril."""

    def __init__(self, siril: Any, program: Any, request: dict[str, Any], work: Work) -> None:
        super().__init__()
        self.siril, self.program, self.request, self.work = siril, program, request, work
        self.end: dict[str, Any] | None = None
        self.error: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._messages: list[tuple[str, str, Any]] = []
        self.setWindowTitle(f"Orchestrate {program.hello['version']}")
        self.resize(640, 480)
        box = QtWidgets.QVBoxLayout(self)
        box.addLayout(self._form())
        self.bar, self.log = QtWidgets.QProgressBar(), QtWidgets.QPlainTextEdit()
        self.bar.setRange(0, STEPS)
        self.log.setReadOnly(True)
        box.addWidget(self.bar)
        box.addWidget(self.log)
        box.addLayout(self._buttons())
        siril.listeners.append(lambda *message: self._messages.append(message))
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self._refresh)
        self._timer.start(REFRESH)

    def begin(self) -> None:
        """Start a run with the current settings."""
        try:
            chosen = shlex.split(self.settings.text())
        except ValueError as error:
            self.log.appendPlainText(f"Settings: {error}")
            return
        folder = self.runs.text().strip()
        request = dict(self.request, preset=self.preset.currentData(), set=chosen,
                       runs_dir=str(Path(self.siril.home) / Path(folder).expanduser()) if folder else None)
        self.start.setEnabled(False)
        self.stop.setEnabled(True)
        self._thread = threading.Thread(target=self._run, args=(request,), daemon=True)
        self._thread.start()

    def halt(self) -> None:
        """Stop after Siril's current command."""
        self.stop.setEnabled(False)
        self.log.appendPlainText("Stopping after the current Siril command ...")
        self.program.stop()

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """Closing the dialog during a run stops the run; the dialog stays open until it has stopped."""
        if self._thread is None:
            event.accept()
            return
        event.ignore()
        if self.stop.isEnabled():
            self.halt()

    def _form(self) -> QtWidgets.QFormLayout:
        form = QtWidgets.QFormLayout()
        self.preset = QtWidgets.QComboBox()
        self.preset.addItem("(defaults)", None)
        for name, meaning in self.program.hello["presets"].items():
            self.preset.addItem(f"{name}: {meaning}", name)
        self.preset.setCurrentIndex(max(0, self.preset.findData(self.request["preset"])))
        self.runs = QtWidgets.QLineEdit(self.request["runs_dir"] or "")
        self.runs.setPlaceholderText(str(Path(self.siril.home).parent / "runs"))
        self.settings = QtWidgets.QLineEdit(" ".join(shlex.quote(s) for s in self.request["set"]))
        self.settings.setPlaceholderText("section.key=value ...")
        form.addRow("Session", QtWidgets.QLabel(self.siril.home))
        form.addRow("&Preset", self.preset)
        form.addRow("&Folder for runs", self.runs)
        form.addRow("S&ettings", self.settings)
        return form

    def _buttons(self) -> QtWidgets.QHBoxLayout:
        buttons = QtWidgets.QHBoxLayout()
        self.start, self.stop = QtWidgets.QPushButton("&Start"), QtWidgets.QPushButton("S&top")
        close = QtWidgets.QPushButton("&Close")
        for button, act in ((self.start, self.begin), (self.stop, self.halt), (close, self.close)):
            button.clicked.connect(act)
            buttons.addWidget(button)
        self.stop.setEnabled(False)
        return buttons

    def _refresh(self) -> None:
        messages, self._messages[:] = list(self._messages), []
        for kind, text, value in messages:
            if kind == "log":
                self.log.appendPlainText(text)
            else:
                self.bar.setFormat(text)
                self.bar.setValue(int(STEPS * value))
        if self._thread is not None and not self._thread.is_alive():
            self._thread = None
            self.stop.setEnabled(False)
            self.start.setEnabled(True)
            if self.error is not None:
                self.close()

    def _run(self, request: dict[str, Any]) -> None:
        try:
            self.end = self.work(self.siril, self.program, request)
        except BaseException as error:  # shown in Siril's console by the caller
            self.error = error
