"""What the stack is for, what it will need, and the button that starts it."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QLabel, QPushButton, QRadioButton, QVBoxLayout, QWidget

from orchestrator import GOALS
from orchestrator.gui.formats import duration, size_of
from orchestrator.gui.icons import icon
from orchestrator.gui.style import CARD, GAP, SMALL_GAP, card, dim, heading, primary, set_level
from orchestrator.gui.translation import Translated

__all__ = ["GoalPanel"]


class GoalPanel(Translated):
    """One choice, three figures, one button."""

    goal_chosen = Signal(str)
    stack_requested = Signal()
    problem_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = QFrame(self)
        card(self._frame)
        self._goal_title, self._need_title = QLabel(self._frame), QLabel(self._frame)
        heading(self._goal_title)
        heading(self._need_title)
        self.goals = {goal: QRadioButton(self._frame) for goal in GOALS}
        self._notes = {goal: QLabel(self._frame) for goal in GOALS}
        self._group = QButtonGroup(self)
        for goal, button in self.goals.items():
            self._group.addButton(button)
            button.toggled.connect(partial(self._toggled, goal))
            self._notes[goal].setWordWrap(True)
            self._notes[goal].setIndent(button.iconSize().width() + GAP)
            dim(self._notes[goal])
        self.own = QLabel(self._frame)
        self.own.setWordWrap(True)
        set_level(self.own, "secondary")
        self._names = {name: QLabel(self._frame) for name in ("time", "memory", "disk")}
        self.values = {name: QLabel(self._frame) for name in self._names}
        self.shortage = QLabel(self._frame)
        self.shortage.setWordWrap(True)
        set_level(self.shortage, "warning")
        self.stack = QPushButton(self._frame)
        primary(self.stack)
        self.stack.setIcon(icon("run", "accent_text"))
        self.stack.clicked.connect(self.stack_requested)
        self.reason = QPushButton(self._frame)
        self.reason.setFlat(True)
        self.reason.setIcon(icon("error", "error"))
        self.reason.clicked.connect(self.problem_requested)
        self._forecast: dict[str, Any] | None = None
        self._lay_out()
        self.show_goal("default")
        self.show_forecast(None)
        self.show_reason("")
        self.retranslate()

    def _toggled(self, goal: str, on: bool) -> None:
        if on:
            self.goal_chosen.emit(goal)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(CARD, CARD, CARD, CARD)
        column.setSpacing(SMALL_GAP)
        column.addWidget(self._goal_title)
        for goal, button in self.goals.items():
            column.addSpacing(SMALL_GAP)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            column.addWidget(self._notes[goal])
        column.addWidget(self.own)
        column.addSpacing(GAP)
        column.addWidget(self._need_title)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for row, (name, label) in enumerate(self._names.items()):
            grid.addWidget(label, row, 0)
            grid.addWidget(self.values[name], row, 1, Qt.AlignmentFlag.AlignRight)
        column.addLayout(grid)
        column.addWidget(self.shortage)
        column.addStretch(1)
        column.addSpacing(GAP)
        column.addWidget(self.reason)
        column.addWidget(self.stack)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._frame)

    def show_goal(self, goal: str) -> None:
        """Mark the goal that the settings pursue; none for settings that were changed by hand."""
        self._group.setExclusive(False)
        for name, button in self.goals.items():
            button.blockSignals(True)
            button.setChecked(name == goal)
            button.blockSignals(False)
        self._group.setExclusive(True)
        self.own.setVisible(not goal)

    def show_forecast(self, forecast: dict[str, Any] | None) -> None:
        """Show the expected time, memory and disk (orchestrator.RunResult.forecast)."""
        self._forecast = forecast
        if forecast is None:
            for label in self.values.values():
                label.setText("–")
            self.shortage.hide()
            return
        self.values["time"].setText(self.tr("about {0}").format(duration(forecast["total_seconds"])))
        self.values["memory"].setText(size_of(forecast["memory_needed_bytes"]))
        self.values["disk"].setText(self.tr("{0} of {1} free").format(size_of(forecast["disk_needed_bytes"]),
                                                                        size_of(forecast["disk_free_bytes"])))
        short = []
        if forecast["disk_needed_bytes"] > forecast["disk_free_bytes"]:
            short.append(self.tr("The disk of the folder for runs is too full: choose another in the project details."))
        if forecast["memory_needed_bytes"] > forecast["memory_budget_bytes"]:
            short.append(self.tr("Little memory is free: close other programs, or the run will be slow."))
        self.shortage.setText(" ".join(short))
        self.shortage.setVisible(bool(short))

    def show_reason(self, reason: str, *, hint: bool = False) -> None:
        """Show why a run cannot start; the button leads there. "" if it can; ``hint``: nothing is wrong, it is the first step."""
        self.reason.setIcon(icon("note", "secondary") if hint else icon("error", "error"))
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        self.stack.setEnabled(not reason)

    def retranslate(self) -> None:
        names = {"default": self.tr("&Best picture"), "quick": self.tr("&Quick look"), "science": self.tr("S&cience"),
                 "mosaic": self.tr("M&osaic")}
        notes = {"default": self.tr("The most detail and the least noise."),
                 "quick": self.tr("Half size, in a fraction of the time."),
                 "science": self.tr("Linear pixels with their variance; the sky is not subtracted."),
                 "mosaic": self.tr("All panels on one canvas.")}
        for goal, button in self.goals.items():
            button.setText(names[goal])
            self._notes[goal].setText(notes[goal])
            button.setAccessibleDescription(notes[goal])
        self._goal_title.setText(self.tr("What is it for?"))
        self._need_title.setText(self.tr("What it takes"))
        self.own.setText(self.tr("Your own settings (page Settings). A goal replaces only its own."))
        for name, text in (("time", self.tr("Time")), ("memory", self.tr("Memory")), ("disk", self.tr("Disk"))):
            self._names[name].setText(text)
        self.stack.setText(self.tr("Stac&k"))
        self.show_forecast(self._forecast)
