"""Run: start, abort, go on; phases, progress and log while it works."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
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
from orchestrator.gui.icons import bad, good, show_error
from orchestrator.gui.translation import Translated
from orchestrator.gui.worker_client import Job

__all__ = ["RunTab"]

LOG_LINES = 5000


class RunTab(Translated):
    """One run at a time, in a process of its own."""

    finished = Signal(str)  # the run's folder
    running_changed = Signal(bool)
    wrong_setting_asked = Signal()

    def __init__(self, document: Document, scratch: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._scratch = document, scratch
        self.job: Job | None = None
        self._writing: Job | None = None
        self._problems = 0
        self._began = 0.0
        self._stopping, self._first = False, True
        self._outcome: tuple[str, ...] = ()
        self.directory: Path | None = None
        self.project: Path | None = None
        self.states: dict[str, str] = {}
        self._filters: dict[str, Any] = {}
        self._channel: tuple[str, int, int] | None = None  # filter at work, its number, of how many
        self.start, self.abort, self.resume, self.scripts = (QPushButton(self) for _ in range(4))
        self.scripts.clicked.connect(self.choose_and_write_scripts)
        self.start.clicked.connect(self.begin)
        self.abort.clicked.connect(self.stop)
        self.resume.clicked.connect(lambda: self.go_on())
        self._name_label, self.name = QLabel(self), QLineEdit(self)
        self._name_label.setBuddy(self.name)
        self.wrong = QPushButton(self)
        self.wrong.setFlat(True)
        self.wrong.clicked.connect(self.wrong_setting_asked)
        self.status = QLabel(self)
        self.status.setWordWrap(True)
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.whole, self.part = QProgressBar(self), QProgressBar(self)
        self.whole.setRange(0, len(phase_names()))
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
        self._clock.setInterval(500)
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
        for other in (self.wrong, self.status, self.whole, self.part):
            layout.addWidget(other)
        layout.addWidget(split, 1)

    @property
    def running(self) -> bool:
        return self.job is not None and self.job.running

    def set_problems(self, count: int) -> None:
        """How many settings are wrong: with any, no run begins."""
        self._problems = count
        self._show()

    def begin(self) -> None:
        """Stack the nights that are used. A project with a file is saved first; one without is not asked for one."""
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
        self._launch({"job": "run", "project": str(self.project), "runs_dir": str(self._document.runs_dir),
                      "run_id": self.name.text().strip() or None})

    def go_on(self, directory: Path | None = None) -> None:
        """Resume a run: the last one of this window unless another is named."""
        directory = directory or self.directory
        if directory is not None and not self.running:
            self.directory = directory
            project = self._document.path or self.project
            self._launch({"job": "resume", "directory": str(directory), "project": str(project) if project else None})

    def choose_and_write_scripts(self) -> None:
        """Ask for a folder, and write the project's Siril scripts there."""
        if self.scripts.isEnabled():
            chosen = QFileDialog.getExistingDirectory(self, self.tr("A folder for the scripts"))
            if chosen:
                self.write_scripts(Path(chosen))

    def write_scripts(self, folder: Path) -> None:
        """Write Siril scripts that do the like of a run without this program."""
        self._writing = Job({"job": "scripts", **self._document.as_job(), "folder": str(folder)}, self)
        self._writing.done.connect(lambda files: self._say(self.tr("Scripts written: {0}").format(", ".join(files))))
        self._writing.failed.connect(lambda message, remedy: self._say(f"⚠ {message} {remedy}", warning=True))
        self._writing.ended.connect(self._show)
        self._show()

    def _launch(self, job: dict[str, Any]) -> None:
        self._lines.clear()
        self.log.clear()
        self._clear_phases()
        self._channel, self._first = None, True
        self.whole.setMaximum(len(self._items))
        self.whole.setValue(0)
        self._outcome, self._stopping, self._began = (), False, time.monotonic()
        self.job = Job(job, self)
        self.job.told.connect(self._take)
        self.job.done.connect(self._end)
        self.job.failed.connect(self._fail)
        self.job.ended.connect(self._ended)
        self._clock.start()
        self.part.setRange(0, 0)
        self.part.setFormat("")
        self._show()
        self.running_changed.emit(True)

    def _clear_phases(self) -> None:
        self.states.clear()
        for item in self._items.values():
            for column in (1, 2, 3):
                item.setText(column, "")

    def stop(self) -> None:
        """The first time the run is asked to stop, the second time it is ended at once."""
        if self.job is None or not self.running:
            return
        if self._stopping:
            self.job.kill()
            return
        self._stopping = True
        self.job.cancel()
        self._show()

    def shut(self) -> None:
        """End what is under way: the window closes. What a run has finished is kept."""
        for job in (self.job, self._writing):
            if job is not None and job.running:
                job.end()

    def _take(self, event: dict[str, Any]) -> None:
        kind, phase = event.get("event"), str(event.get("phase", ""))
        if kind == "run_start":
            if self._first:  # that of the whole, where several filters have runs of their own
                self.directory, self._first = Path(event["directory"]), False
            self._say(self.tr("Run {0}").format(event["directory"]))
        elif kind == "channel_start":
            self._begin_channel(event["filter"], event["number"], event["total"])
        elif kind == "note":
            self._say(event["message"])
        elif kind == "phase_start":
            self._mark(phase, "running")
            self.part.setRange(0, 0)
            self.part.setFormat(phase)
        elif kind == "phase_progress":
            self.part.setRange(0, event["total"])
            self.part.setValue(event["done"])
            self.part.setFormat(f"{phase}: {event.get('message') or ''} %v / %m")
        elif kind in ("phase_end", "phase_kept"):
            self._phase_ended(phase, event)
        elif kind in ("warning", "error"):
            text = f"{event['message']} {event.get('remedy', '')}".strip()
            self._say(f"⚠ {phase}: {text}" if phase else f"⚠ {text}", warning=True)

    def _begin_channel(self, name: str, number: int, total: int) -> None:
        self._channel = (name, number, total)
        self._clear_phases()
        self.whole.setMaximum(total * len(phase_names()) + 1)
        self.whole.setValue((number - 1) * len(phase_names()))
        self._say(self.tr("Filter {0} ({1} of {2})").format(*self._channel))
        self._show()

    def _phase_ended(self, phase: str, event: dict[str, Any]) -> None:
        status = "kept" if event["event"] == "phase_kept" else str(event["status"])
        self._mark(phase, status)
        item, summary = self._items.get(phase), event.get("summary") or {}
        if item is not None:
            item.setText(2, f"{event['seconds']:.1f}" if "seconds" in event else "")
            item.setText(3, str(summary.get("why", "")) if status == "skipped" else "")
        self.whole.setValue(self.whole.value() + 1)
        seconds = f" {event['seconds']:.1f} s" if "seconds" in event else ""
        self._say(f"{phase} {self._state_words().get(status, status)}{seconds}")

    def _mark(self, phase: str, state: str) -> None:
        self.states[phase] = state
        item = self._items.get(phase)
        if item is None:
            item = self._items[phase] = QTreeWidgetItem(self.phases, [phase])
            self.whole.setMaximum(max(self.whole.maximum(), len(self._items)))
        item.setText(1, self._state_words().get(state, state))
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
        self.part.setRange(0, 1)
        self.part.setFormat("")
        for phase, state in self.states.items():
            if state == "running":
                self._mark(phase, "aborted" if self._stopping else "failed")
        if not self._outcome:
            self._outcome = ("aborted", "")
        self._say(self._outcome_words(), warning=self._outcome[0] not in ("ok", "aborted"))
        self._show()
        self.running_changed.emit(False)
        if self.directory is not None and self.directory.is_dir():
            self.finished.emit(str(self.directory))

    def _say(self, text: str, *, warning: bool = False) -> None:
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

    def _state_words(self) -> dict[str, str]:
        return {"running": self.tr("running …"), "ok": self.tr("done"), "skipped": self.tr("left out"), "kept": self.tr("kept"),
                "failed": self.tr("failed"), "aborted": self.tr("aborted")}

    def _outcome_words(self) -> str:
        status, error = (*self._outcome, "", "")[:2]
        words = {"ok": self.tr("Finished."), "aborted": self.tr("Aborted. What is finished is kept; Resume goes on from there."),
                 "validation_failed": self.tr("Finished, but a validation threshold was missed: see the report."),
                 "failed": self.tr("Failed:"), "incomplete": self.tr("Finished, but a filter is missing:")}
        return f"{words.get(status, status)} {error if status != 'aborted' else ''}".strip()

    def show_filters(self, found: dict[str, Any]) -> None:
        """Which filters the lights have, and what will become of them."""
        self._filters = found
        self._show()

    def _filter_words(self) -> list[str]:
        channels = self._filters.get("channels", [])
        stacked = [c for c in channels if not c["problem"]]
        if len(stacked) < 2:
            return []
        names = ", ".join(f"{c['filter']} ({c['lights']})" for c in stacked)
        palette = self._filters["palette"]
        made = (self.tr("Lights by filter: {0}. Each is stacked on the same pixels, and they are combined as {1}.") if palette
                else self.tr("Lights by filter: {0}. Each is stacked; they are not combined."))
        return [made.format(names, palette), *(self.tr("{0} is not stacked: {1}").format(c["filter"], c["problem"])
                                               for c in channels if c["problem"])]

    def _show(self) -> None:
        running, used = self.running, len(self._document.used)
        self.start.setEnabled(not running and used > 0 and not self._problems)
        self.scripts.setEnabled(used > 0 and not self._problems and not (self._writing is not None and self._writing.running))
        self.abort.setEnabled(running)
        self.abort.setText(self.tr("End at once") if self._stopping and running else self.tr("&Abort"))
        self.resume.setEnabled(not running and self.directory is not None and bool(self._outcome)
                               and self._outcome[0] in ("aborted", "failed", "incomplete"))
        self.name.setEnabled(not running)
        self.whole.setVisible(running or bool(self._outcome))
        self.part.setVisible(running)
        self.wrong.setVisible(bool(self._problems))
        self.wrong.setText(self.tr("%n setting(s) wrong. Show", "", self._problems))
        show_error(self.status) if self._outcome and self._outcome[0] not in ("ok", "aborted") and not running \
            else self.status.setPalette(self.palette())
        if running:
            at = " " + self.tr("Filter {0} ({1} of {2})").format(*self._channel) if self._channel is not None else ""
            self.status.setText((self.tr("Stopping …") if self._stopping else self.tr("Running …")) + at)
        elif self._outcome:
            self.status.setText(self._outcome_words())
        elif not used:
            self.status.setText(self.tr("Add a folder with frames in the tab Project."))
        else:
            told = self.tr("%n night(s) will be stacked into {0}", "", used).format(self._document.runs_dir)
            self.status.setText("\n".join([told, *self._filter_words()]))

    def retranslate(self) -> None:
        self.start.setText(self.tr("&Start"))
        self.resume.setText(self.tr("Res&ume"))
        self.scripts.setText(self.tr("Write Siril s&cripts …"))
        self._name_label.setText(self.tr("Na&me:"))
        self.name.setPlaceholderText(self.tr("of the run; made from time and session by default"))
        self.phases.setHeaderLabels([self.tr("Phase"), self.tr("State"), self.tr("Seconds"), self.tr("Why")])
        self.phases.setAccessibleName(self.tr("Phases"))
        self.log.setAccessibleName(self.tr("Log"))
        self.warnings_only.setText(self.tr("&Warnings only"))
        self.whole.setAccessibleName(self.tr("Progress of the run"))
        self.part.setAccessibleName(self.tr("Progress of the phase"))
        for phase, state in self.states.items():
            self._items[phase].setText(1, self._state_words().get(state, state))
        self._show()
