# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialogue of the script inside Siril; runs in Siril's own Python (3.9 or newer) with Qt and the standard library."""

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

__all__ = ["Window", "ask"]

# (siril, program, order) -> what came out; see launcher.work
Work = Callable[[Any, Any, "dict[str, Any]"], "dict[str, Any]"]


def ask(siril: Any, program: Any, order: dict[str, Any], work: Work) -> dict[str, Any] | None:
    """Ask for the settings, run, show how it goes; what came out last, None when nothing was run."""
    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(sys.argv[:1])
    window = Window(siril, program, order, work)
    window.show()
    app.exec()
    if window.error is not None:
        raise window.error
    return window.end


class Window(QtWidgets.QWidget):
    """Settings, Start, Stop, progress and log. Siril is spoken to from the working thread only."""

    def __init__(self, siril: Any, program: Any, order: dict[str, Any], work: Work) -> None:
        super().__init__()
        self.siril, self.program, self.order, self.work = siril, program, order, work
        self.end: dict[str, Any] | None = None
        self.error: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._told: list[tuple[str, str, Any]] = []
        self.setWindowTitle(f"Orchestrate {program.hello['version']}")
        self.resize(640, 480)
        box = QtWidgets.QVBoxLayout(self)
        box.addLayout(self._form())
        self.bar, self.log = QtWidgets.QProgressBar(), QtWidgets.QPlainTextEdit()
        self.bar.setRange(0, 1000)
        self.log.setReadOnly(True)
        box.addWidget(self.bar)
        box.addWidget(self.log)
        box.addLayout(self._buttons())
        siril.listeners.append(lambda *told: self._told.append(told))
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self._refresh)
        self._timer.start(100)

    def begin(self) -> None:
        """Start the work with the settings as they are."""
        try:
            chosen = shlex.split(self.settings.text())
        except ValueError as error:
            self.log.appendPlainText(f"Settings: {error}")
            return
        folder = self.runs.text().strip()
        order = dict(self.order, preset=self.preset.currentData(), set=chosen,
                     runs_dir=str(Path(self.siril.home) / Path(folder).expanduser()) if folder else None)
        self.start.setEnabled(False)
        self.stop.setEnabled(True)
        self._thread = threading.Thread(target=self._run, args=(order,), daemon=True)
        self._thread.start()

    def halt(self) -> None:
        """Stop as soon as Siril can."""
        self.stop.setEnabled(False)
        self.log.appendPlainText("Stopping as soon as Siril has finished its present command ...")
        self.program.stop()

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """Closing while it works stops the work; the window stays until that is done."""
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
        self.preset.setCurrentIndex(max(0, self.preset.findData(self.order["preset"])))
        self.runs = QtWidgets.QLineEdit(self.order["runs_dir"] or "")
        self.runs.setPlaceholderText(str(Path(self.siril.home).parent / "runs"))
        self.settings = QtWidgets.QLineEdit(" ".join(shlex.quote(s) for s in self.order["set"]))
        self.settings.setPlaceholderText("section.key=value ...")
        form.addRow("Session", QtWidgets.QLabel(self.siril.home))
        form.addRow("&Preset", self.preset)
        form.addRow("&Runs are kept in", self.runs)
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
        told, self._told[:] = list(self._told), []
        for kind, text, value in told:
            if kind == "say":
                self.log.appendPlainText(text)
            else:
                self.bar.setFormat(text)
                self.bar.setValue(int(1000 * value))
        if self._thread is not None and not self._thread.is_alive():
            self._thread = None
            self.stop.setEnabled(False)
            self.start.setEnabled(True)
            if self.error is not None:
                self.close()

    def _run(self, order: dict[str, Any]) -> None:
        try:
            self.end = self.work(self.siril, self.program, order)
        except BaseException as error:  # told in Siril's console by the caller
            self.error = error
