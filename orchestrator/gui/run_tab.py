"""The tab Run: start, abort, resume; phases, progress and log of the run."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from orchestrator import OrchestrateError, phase_names
from orchestrator.gui.document import Document
from orchestrator.gui.style import bad, good, set_level
from orchestrator.gui.translation import Translated
from orchestrator.gui.worker_client import WorkerClient

__all__ = ["RunTab"]

# Lines of the log that are kept.
LOG_LINES = 5000
# Milliseconds between two updates of the elapsed time.
CLOCK = 500


class RunTab(Translated):
    """One run at a time, in a separate process."""

    finished = Signal(str)  # run directory
    running_changed = Signal(bool)
    show_setting_requested = Signal()

    def __init__(self, document: Document, scratch: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._scratch = document, scratch
        self.worker: WorkerClient | None = None
        self._problems = self._errors = 0
        self._began = 0.0
        self._stopping, self._first = False, True
        self._outcome: tuple[str, ...] = ()
        self.directory: Path | None = None
        self.project: Path | None = None
        self.states: dict[str, str] = {}
        self._filters: dict[str, Any] = {}
        self._channel: tuple[str, int, int] | None = None  # current filter, its number, number of filters
        self.start, self.abort, self.resume, self.scripts = (QPushButton(self) for _ in range(4))
        self.start.clicked.connect(self.begin)
        self.abort.clicked.connect(self.stop)
        self.resume.clicked.connect(lambda: self.resume_run())
        self._name_label, self.name = QLabel(self), QLineEdit(self)
        self._name_label.setBuddy(self.name)
        self.show_invalid = QPushButton(self)
        self.show_invalid.setFlat(True)
        self.show_invalid.clicked.connect(self.show_setting_requested)
        self.status = QLabel(self)
        self.status.setWordWrap(True)
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.run_progress, self.phase_progress = QProgressBar(self), QProgressBar(self)
        self.run_progress.setRange(0, len(phase_names()))
        self.elapsed = QLabel(self)
        self.phases = QTreeWidget(self)
        self.phases.setRootIsDecorated(False)
        self.phases.setColumnWidth(0, 190)
        self.phases.setColumnWidth(1, 110)
        self.log = QPlainTextEdit(self)
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(LOG_LINES)
        self.log.setTabChangesFocus(True)
        self.warnings_only = QCheckBox(self)
        self.warnings_only.toggled.connect(self._write_log)
        self._lines: list[tuple[bool, str]] = []
        self._clock = QTimer(self)
        self._clock.setInterval(CLOCK)
        self._clock.timeout.connect(self._tick)
        self._items = {name: QTreeWidgetItem(self.phases, [name]) for name in phase_names()}
        self._lay_out()
        document.changed.connect(self._show)
        self.retranslate()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for widget in (self.start, self.abort, self.resume, self.scripts, self._name_label):
            row.addWidget(widget)
        row.addWidget(self.name, 1)
        row.addWidget(self.elapsed)
        split = QSplitter(self)
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.log, 1)
        column.addWidget(self.warnings_only)
        split.addWidget(self.phases)
        split.addWidget(right)
        split.setSizes([420, 560])
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        for other in (self.show_invalid, self.status, self.run_progress, self.phase_progress):
            layout.addWidget(other)
        layout.addWidget(split, 1)

    @property
    def running(self) -> bool:
        return self.worker is not None and self.worker.running

    def set_problems(self, count: int) -> None:
        """Set the number of invalid settings; a run cannot start while there are any."""
        self._problems = count
        self._show()

    def show_findings(self, found: list[dict[str, Any]]) -> None:
        """Take note of the findings of the scan; a run cannot start while one of them is an error."""
        self._errors = sum(f["level"] == "error" for f in found)
        self._show()

    def begin(self) -> None:
        """Stack the nights in use. A project that has a file is saved first; one without a file need not be saved."""
        if not self.start.isEnabled():
            return
        try:
            if self._document.path is None:
                self.project = self._document.copy_to(self._scratch / "project")
            else:
                self._document.save(self._document.path)
                self.project = self._document.path
        except OrchestrateError as error:
            self._outcome = ("failed", str(error))
            self._show()
            return
        self._launch({"task": "run", "project": str(self.project), "runs_dir": str(self._document.runs_dir),
                      "run_id": self.name.text().strip() or None})

    def resume_run(self, directory: Path | None = None) -> None:
        """Resume a run; default: the last run of this window."""
        directory = directory or self.directory
        if directory is not None and not self.running:
            self.directory = directory
            project = self._document.path or self.project
            self._launch({"task": "resume", "directory": str(directory), "project": str(project) if project else None})

    def _launch(self, task: dict[str, Any]) -> None:
        self._lines.clear()
        self.log.clear()
        self._clear_phases()
        self._channel, self._first = None, True
        self.run_progress.setMaximum(len(self._items))
        self.run_progress.setValue(0)
        self._outcome, self._stopping, self._began = (), False, time.monotonic()
        self.worker = WorkerClient(task, self)
        self.worker.reported.connect(self._handle_event)
        self.worker.done.connect(self._end)
        self.worker.failed.connect(self._fail)
        self.worker.ended.connect(self._ended)
        self._clock.start()
        self.phase_progress.setRange(0, 0)
        self.phase_progress.setFormat("")
        self._show()
        self.running_changed.emit(True)

    def _clear_phases(self) -> None:
        self.states.clear()
        for item in self._items.values():
            for column in (1, 2, 3):
                item.setText(column, "")

    def stop(self) -> None:
        """Request the run to stop; the second time, end it at once."""
        if self.worker is None or not self.running:
            return
        if self._stopping:
            self.worker.kill()
            return
        self._stopping = True
        self.worker.cancel()
        self._show()

    def shut(self) -> None:
        """End the run: the window closes. Completed phases are kept."""
        if self.worker is not None and self.running:
            self.worker.end()

    def _handle_event(self, event: dict[str, Any]) -> None:
        kind, phase = event.get("event"), str(event.get("phase", ""))
        if kind == "run_start":
            if self._first:  # the combination's directory; the runs of its filters follow
                self.directory, self._first = Path(event["directory"]), False
            self._log(self.tr("Run {0}").format(event["directory"]))
        elif kind in ("field_start", "channel_start"):
            self._begin_part(event)
        elif kind == "note":
            self._log(event["message"])
        elif phase == "REPORT" and kind in ("phase_start", "phase_end"):
            self.phase_progress.setFormat(phase)  # not a phase: it is not counted
        elif kind == "phase_start":
            self._mark(phase, "running")
            self.phase_progress.setRange(0, 0)
            self.phase_progress.setFormat(phase)
        elif kind == "phase_progress":
            self.phase_progress.setRange(0, event["total"])
            self.phase_progress.setValue(event["done"])
            self.phase_progress.setFormat(f"{phase}: {event.get('message') or ''} %v / %m")
        elif kind in ("phase_end", "phase_kept"):
            self._phase_ended(phase, event)
        elif kind in ("warning", "error"):
            text = f"{event['message']} {event.get('remedy', '')}".strip()
            self._log(f"⚠ {phase}: {text}" if phase else f"⚠ {text}", warning=True)

    def _begin_part(self, event: dict[str, Any]) -> None:
        number, total = int(event["number"]), int(event["total"])
        self._channel = (str(event.get("field") or event.get("filter")), number, total)
        self._clear_phases()
        self.run_progress.setMaximum(total * len(phase_names()) + 1)
        self.run_progress.setValue((number - 1) * len(phase_names()))
        text = self.tr("Field {0} ({1} of {2})") if "field" in event else self.tr("Filter {0} ({1} of {2})")
        self._log(text.format(*self._channel))
        self._show()

    def _phase_ended(self, phase: str, event: dict[str, Any]) -> None:
        status = "kept" if event["event"] == "phase_kept" else str(event["status"])
        self._mark(phase, status)
        item, summary = self._items.get(phase), event.get("summary") or {}
        if item is not None:
            item.setText(2, f"{event['seconds']:.1f}" if "seconds" in event else "")
            item.setText(3, str(summary.get("why", "")) if status == "skipped" else "")
        self.run_progress.setValue(self.run_progress.value() + 1)
        seconds = f" {event['seconds']:.1f} s" if "seconds" in event else ""
        self._log(f"{phase} {self._state_names().get(status, status)}{seconds}")

    def _mark(self, phase: str, state: str) -> None:
        self.states[phase] = state
        item = self._items.get(phase)
        if item is None:
            item = self._items[phase] = QTreeWidgetItem(self.phases, [phase])
            self.run_progress.setMaximum(max(self.run_progress.maximum(), len(self._items)))
        item.setText(1, self._state_names().get(state, state))
        if state == "ok":
            item.setForeground(1, good())
        elif state not in ("running", "skipped", "kept"):
            item.setForeground(1, bad())
        else:
            item.setForeground(1, self.palette().text())
        self.phases.scrollToItem(item)

    def _end(self, result: dict[str, Any]) -> None:
        self._outcome = (result["status"], result.get("error") or str(result["products"].get("final", "")))
        self.directory = Path(result["directory"])

    def _fail(self, message: str, remedy: str) -> None:
        self._outcome = ("failed", f"{message} {remedy}".strip())

    def _ended(self) -> None:
        self._clock.stop()
        self.phase_progress.setRange(0, 1)
        self.phase_progress.setFormat("")
        for phase, state in self.states.items():
            if state == "running":
                self._mark(phase, "aborted" if self._stopping else "failed")
        if not self._outcome:
            self._outcome = ("aborted", "")
        self._log(self._outcome_text(), warning=self._outcome[0] not in ("ok", "aborted"))
        self._show()
        self.running_changed.emit(False)
        if self.directory is not None and self.directory.is_dir():
            self.finished.emit(str(self.directory))

    def _log(self, text: str, *, warning: bool = False) -> None:
        line = f"{time.strftime('%H:%M:%S')}  {text}"
        self._lines = [*self._lines[-LOG_LINES:], (warning, line)]
        if warning or not self.warnings_only.isChecked():
            self.log.appendPlainText(line)

    def _write_log(self) -> None:
        only = self.warnings_only.isChecked()
        self.log.setPlainText("\n".join(line for warning, line in self._lines if warning or not only))

    def _tick(self) -> None:
        seconds = int(time.monotonic() - self._began)
        self.elapsed.setText(f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}")

    def _state_names(self) -> dict[str, str]:
        return {"running": self.tr("running …"), "ok": self.tr("done"), "skipped": self.tr("skipped"), "kept": self.tr("kept"),
                "failed": self.tr("failed"), "aborted": self.tr("aborted")}

    def _outcome_text(self) -> str:
        status, error = (*self._outcome, "", "")[:2]
        texts = {"ok": self.tr("Finished."),
                 "aborted": self.tr("Aborted. Completed phases are kept; Resume continues from there."),
                 "validation_failed": self.tr("Finished, but a validation threshold was missed: see the report."),
                 "failed": self.tr("Failed:"), "incomplete": self.tr("Finished, but a filter is missing:")}
        return f"{texts.get(status, status)} {error if status != 'aborted' else ''}".strip()

    def show_filters(self, found: dict[str, Any]) -> None:
        """Show the filters of the lights, and how they will be stacked and combined."""
        self._filters = found
        self._show()

    def _filter_lines(self) -> list[str]:
        channels = self._filters.get("channels", [])
        stacked = [c for c in channels if not c["problem"]]
        if len(stacked) < 2:
            return []
        names = ", ".join(f"{c['filter']} ({c['lights']})" for c in stacked)
        palette = self._filters["palette"]
        text = self.tr("Lights by filter: {0}. Each filter is stacked; the stacks are not combined.")
        if palette:
            text = self.tr("Lights by filter: {0}. Each filter is stacked on the same pixels; the stacks are combined as {1}.")
        return [text.format(names, palette), *(self.tr("{0} is not stacked: {1}").format(c["filter"], c["problem"])
                                               for c in channels if c["problem"])]

    def _show(self) -> None:
        running, used = self.running, len(self._document.used)
        self.start.setEnabled(not running and used > 0 and not self._problems and not self._errors)
        self.abort.setEnabled(running)
        self.abort.setText(self.tr("End now") if self._stopping and running else self.tr("&Abort"))
        self.resume.setEnabled(not running and self.directory is not None and bool(self._outcome)
                               and self._outcome[0] in ("aborted", "failed", "incomplete"))
        self.name.setEnabled(not running)
        self.run_progress.setVisible(running or bool(self._outcome))
        self.phase_progress.setVisible(running)
        self.show_invalid.setVisible(bool(self._problems))
        self.show_invalid.setText(self.tr("Show %n invalid setting(s)", "", self._problems))
        failed = bool(self._outcome) and self._outcome[0] not in ("ok", "aborted") and not running
        set_level(self.status, "error" if failed else "")
        if running:
            at = " " + self.tr("Filter {0} ({1} of {2})").format(*self._channel) if self._channel is not None else ""
            self.status.setText((self.tr("Stopping …") if self._stopping else self.tr("Running …")) + at)
        elif self._outcome:
            self.status.setText(self._outcome_text())
        elif not used:
            self.status.setText(self.tr("Add a folder of raw frames on the page Start."))
        else:
            ready = self.tr("%n night(s) will be stacked to {0}", "", used).format(self._document.runs_dir)
            self.status.setText("\n".join([ready, *self._filter_lines()]))

    def retranslate(self) -> None:
        self.start.setText(self.tr("Stac&k"))
        self.resume.setText(self.tr("Res&ume"))
        self.scripts.setText(self.tr("Siril s&cripts …"))
        self._name_label.setText(self.tr("Na&me:"))
        self.name.setPlaceholderText(self.tr("name of the run; default: time and session"))
        self.phases.setHeaderLabels([self.tr("Phase"), self.tr("State"), self.tr("Seconds"), self.tr("Reason")])
        self.phases.setAccessibleName(self.tr("Phases"))
        self.log.setAccessibleName(self.tr("Log"))
        self.warnings_only.setText(self.tr("&Warnings only"))
        self.run_progress.setAccessibleName(self.tr("Progress of the run"))
        self.phase_progress.setAccessibleName(self.tr("Progress of the phase"))
        for phase, state in self.states.items():
            self._items[phase].setText(1, self._state_names().get(state, state))
        self._show()
