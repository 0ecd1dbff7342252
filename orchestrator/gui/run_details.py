"""What a run does, in full: its phases with state and time, and its log."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QSplitter, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from orchestrator import phase_names
from orchestrator.gui.formats import phase_text
from orchestrator.gui.style import SMALL_GAP, bad, good
from orchestrator.gui.translation import Translated

__all__ = ["RunDetails"]

# Lines of the log that are kept.
LOG_LINES = 5000


class RunDetails(Translated):
    """Follows the events of a run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.states: dict[str, str] = {}
        self.phases = QTreeWidget(self)
        self.phases.setRootIsDecorated(False)
        self.phases.setColumnWidth(0, 210)
        self.phases.setColumnWidth(1, 90)
        self.phases.setColumnWidth(2, 70)
        self.log = QPlainTextEdit(self)
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(LOG_LINES)
        self.log.setTabChangesFocus(True)
        self.warnings_only = QCheckBox(self)
        self.warnings_only.toggled.connect(self._write_log)
        self._lines: list[tuple[bool, str]] = []
        self._items = {name: QTreeWidgetItem(self.phases, [name]) for name in phase_names()}
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        column.addWidget(self.log, 1)
        column.addWidget(self.warnings_only, 0, Qt.AlignmentFlag.AlignLeft)
        split = QSplitter(self)
        split.addWidget(self.phases)
        split.addWidget(right)
        split.setSizes([460, 620])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        self.retranslate()

    def clear(self) -> None:
        """A new run begins."""
        self._lines.clear()
        self.log.clear()
        self.clear_phases()

    def clear_phases(self) -> None:
        """The next filter or field begins."""
        self.states.clear()
        for item in self._items.values():
            for column in (1, 2, 3):
                item.setText(column, "")

    def begin_phase(self, phase: str) -> None:
        self._mark(phase, "running")

    def end_phase(self, phase: str, event: dict[str, Any]) -> None:
        """Show how a phase ended (events phase_end and phase_kept)."""
        status = "kept" if event["event"] == "phase_kept" else str(event["status"])
        self._mark(phase, status)
        item, summary = self._items[phase], event.get("summary") or {}
        item.setText(2, f"{event['seconds']:.1f}" if "seconds" in event else "")
        item.setText(3, str(summary.get("why", "")) if status == "skipped" else "")
        seconds = f" {event['seconds']:.1f} s" if "seconds" in event else ""
        self.write(f"{phase_text(phase)}: {self._state_names().get(status, status)}{seconds}")

    def end(self, state: str) -> None:
        """The run has ended: mark the phase that was running as "failed" or "aborted"."""
        for phase, now in list(self.states.items()):
            if now == "running":
                self._mark(phase, state)

    def _mark(self, phase: str, state: str) -> None:
        self.states[phase] = state
        item = self._items.get(phase)
        if item is None:
            item = self._items[phase] = QTreeWidgetItem(self.phases, [phase_text(phase)])
        item.setText(1, self._state_names().get(state, state))
        if state == "ok":
            item.setForeground(1, good())
        elif state not in ("running", "skipped", "kept"):
            item.setForeground(1, bad())
        else:
            item.setForeground(1, self.palette().text())
        self.phases.scrollToItem(item)

    def write(self, text: str, *, warning: bool = False) -> None:
        """Add a line to the log."""
        line = f"{time.strftime('%H:%M:%S')}  {text}"
        self._lines = [*self._lines[-LOG_LINES:], (warning, line)]
        if warning or not self.warnings_only.isChecked():
            self.log.appendPlainText(line)

    def _write_log(self) -> None:
        only = self.warnings_only.isChecked()
        self.log.setPlainText("\n".join(line for warning, line in self._lines if warning or not only))

    def _state_names(self) -> dict[str, str]:
        return {"running": self.tr("running …"), "ok": self.tr("done"), "skipped": self.tr("skipped"), "kept": self.tr("kept"),
                "failed": self.tr("failed"), "aborted": self.tr("aborted")}

    def retranslate(self) -> None:
        self.phases.setHeaderLabels([self.tr("Step"), self.tr("State"), self.tr("Seconds"), self.tr("Reason")])
        self.phases.setAccessibleName(self.tr("Steps"))
        self.log.setAccessibleName(self.tr("Log"))
        self.warnings_only.setText(self.tr("&Warnings only"))
        for phase, item in self._items.items():
            item.setText(0, phase_text(phase))
            item.setToolTip(0, phase)
            if phase in self.states:
                item.setText(1, self._state_names().get(self.states[phase], self.states[phase]))
