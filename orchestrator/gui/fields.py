"""One setting in the window: name, editor, help, default, and the error message for invalid input."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from orchestrator import Setting, read_value
from orchestrator.gui.style import dim, show_error
from orchestrator.gui.translation import Translated, help_of

__all__ = ["SettingField", "as_text"]

# Pixels; editors of numbers, choices and switches.
EDITOR_WIDTH = 240


class SettingField(Translated):
    """Emits ``edited`` with each keystroke, ``unreadable`` for text that is not a value, ``undone`` to reset to the default."""

    edited = Signal(str, object)
    unreadable = Signal(str, str)
    undone = Signal(str)

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self._typed_as: tuple[str, Any] = ("", None)  # the last text that was typed, and its value
        self._title = QLabel(self)
        font = QFont(self._title.font())
        font.setBold(True)
        self._title.setFont(font)
        self.help = QLabel(self)
        self.help.setWordWrap(True)
        dim(self.help)
        self.error = QLabel(self)
        self.error.setWordWrap(True)
        self.error.hide()
        self.reset = QToolButton(self)
        self.reset.clicked.connect(lambda: self.undone.emit(setting.key))
        self.editor: QWidget
        row = QHBoxLayout()
        if setting.kind == "bool":
            self.editor = self._check_box()
        elif setting.kind == "choice":
            self.editor = self._choice()
        else:
            self.editor = self._line()
        self._title.setBuddy(self.editor)
        row.addWidget(self.editor)
        if setting.kind == "path":
            row.addWidget(self._browse())
        row.addWidget(self.reset)
        if setting.kind in ("int", "float", "choice", "bool"):
            self.editor.setFixedWidth(EDITOR_WIDTH)
            row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 10)
        layout.setSpacing(3)
        layout.addWidget(self._title)
        layout.addLayout(row)
        layout.addWidget(self.error)
        layout.addWidget(self.help)
        self.retranslate()

    def _check_box(self) -> QCheckBox:
        box = QCheckBox(self)
        box.toggled.connect(lambda on: self.edited.emit(self.setting.key, on))
        return box

    def _choice(self) -> QComboBox:
        box = QComboBox(self)
        box.addItems(list(self.setting.choices))
        box.textActivated.connect(lambda text: self.edited.emit(self.setting.key, text))
        return box

    def _line(self) -> QLineEdit:
        line = QLineEdit(self)
        line.textEdited.connect(self._typed)
        return line

    def _browse(self) -> QToolButton:
        button = QToolButton(self)
        button.setText("…")
        button.setObjectName("browse")
        button.clicked.connect(self._choose_file)
        return button

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, self.setting.key)
        if chosen:
            self.edited.emit(self.setting.key, chosen)

    def _typed(self, text: str) -> None:
        try:
            value = read_value(text, self.setting)
        except ValueError as error:
            self.unreadable.emit(self.setting.key, str(error))
            return
        self._typed_as = (text, value)
        self.edited.emit(self.setting.key, value)

    def show_value(self, value: Any, *, changed: bool) -> None:
        """Show a value in the editor, unless its text already means that value: the cursor must not jump while the user types."""
        if isinstance(self.editor, QCheckBox):
            self.editor.blockSignals(True)
            self.editor.setChecked(bool(value))
            self.editor.blockSignals(False)
        elif isinstance(self.editor, QComboBox):
            self.editor.setCurrentText(str(value))
        elif isinstance(self.editor, QLineEdit) and not self._shows(value):
            self.editor.setText(as_text(value))
        self.reset.setEnabled(changed)

    def _shows(self, value: Any) -> bool:
        assert isinstance(self.editor, QLineEdit)
        text = self.editor.text()
        return text == as_text(value) or (bool(text) and self._typed_as == (text, value))

    def show_problem(self, message: str) -> None:
        """Show an error message for the value, "" for none."""
        self.error.setText(message)
        self.error.setVisible(bool(message))
        show_error(self.error)
        self.editor.setAccessibleDescription(message or help_of(self.setting.help))
        self.reset.setEnabled(self.reset.isEnabled() or bool(message))

    def matches(self, words: list[str]) -> bool:
        """Whether all words occur in the name, the help or effect (English or translated), or a choice."""
        one = self.setting
        text = " ".join((one.key, one.help, help_of(one.help), one.effect, help_of(one.effect), *one.choices)).lower()
        return all(word in text for word in words)

    def retranslate(self) -> None:
        default = as_text(self.setting.default) if self.setting.default is not None else self.tr("none")
        self._title.setText(self.setting.key)
        shown = self.tr("Default: {0}").format(default)
        effect = self.setting.effect
        told = "<br>" + escape(self.tr("Effect: {0}").format(help_of(effect))) if effect else ""
        self.help.setText(f"{escape(help_of(self.setting.help))} <i>{escape(shown)}</i>{told}")
        self.reset.setText(self.tr("Default"))
        self.reset.setAccessibleName(self.tr("Default of {0}").format(self.setting.key))
        self.reset.setToolTip(self.tr("Reset to {0}").format(default))
        self.editor.setAccessibleName(self.setting.key)
        self.editor.setAccessibleDescription(help_of(self.setting.help))
        if isinstance(self.editor, QCheckBox):
            self.editor.setText(self.tr("on"))
        if isinstance(self.editor, QLineEdit) and self.setting.optional:
            self.editor.setPlaceholderText(self.tr("not set"))
        browse = self.findChild(QToolButton, "browse")
        if browse is not None:
            browse.setAccessibleName(self.tr("Choose a file for {0}").format(self.setting.key))


def as_text(value: Any) -> str:
    """A value as text that the editor accepts."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
