"""An error with its remedy, as a card with a button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from orchestrator import ExitCode
from orchestrator.gui.icons import IconLabel
from orchestrator.gui.style import CARD, GAP, card, set_level

__all__ = ["ErrorCard"]


class ErrorCard(QFrame):
    """Shown in place of what failed; hidden otherwise."""

    resolved = Signal(str)  # "nights", "settings", "native", "results", "resume"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card(self)
        set_level(self, "error")
        self.text, self.button = QLabel(self), QPushButton(self)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._remedy = ""
        self.button.clicked.connect(lambda: self.resolved.emit(self._remedy))
        row = QHBoxLayout(self)
        row.setContentsMargins(CARD, CARD, CARD, CARD)
        row.setSpacing(GAP)
        row.addWidget(IconLabel("error", 24, "error", self), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_error(self, text: str, exit_code: int, *, resumable: bool) -> None:
        """Show an error of this exit code of the program; "" hides the card."""
        self._remedy = {ExitCode.INPUT_REFUSED: "nights", ExitCode.USAGE: "settings", ExitCode.TOOL_FAILED: "native",
                        ExitCode.VALIDATION_FAILED: "results"}.get(ExitCode(exit_code), "resume") if text else ""
        words = {"nights": self.tr("Show the nights"), "settings": self.tr("Show the settings"),
                 "native": self.tr("Use the native engine"), "results": self.tr("Show the result"),
                 "resume": self.tr("Try again")}
        self.text.setText(text)
        self.button.setText(words.get(self._remedy, ""))
        self.button.setVisible(self._remedy != "resume" or resumable)
        self.setVisible(bool(text))
