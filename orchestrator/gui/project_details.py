"""The details of a project that the start page does not show: name, file, folder for runs, channels, palette, final images."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from orchestrator import check_project, project_settings
from orchestrator.gui.document import Document, with_values
from orchestrator.gui.fields import SettingField
from orchestrator.gui.style import GAP, PAGE

__all__ = ["ProjectDetails"]


class ProjectDetails(QDialog):
    """Edits the document at once; an invalid value is shown with its error, and the last valid one stays."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._name_label, self.name = QLabel(self), QLineEdit(self)
        self._file_label, self.file = QLabel(self), QLabel(self)
        self.file.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._runs_label, self.runs = QLabel(self), QLineEdit(self)
        self._browse = QPushButton(self)
        self._name_label.setBuddy(self.name)
        self._runs_label.setBuddy(self.runs)
        self.name.textEdited.connect(document.rename)
        self.runs.textEdited.connect(self._type_runs)
        self._browse.clicked.connect(self._choose_runs)
        self._invalid: dict[str, str] = {}
        self.fields = {setting.key: SettingField(setting, self) for setting in project_settings()}
        for field in self.fields.values():
            field.edited.connect(self.edit)
            field.unreadable.connect(self._show_problem)
            field.undone.connect(lambda key: self.edit(key, self.fields[key].setting.default))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self._buttons.rejected.connect(self.close)
        self._lay_out()
        document.changed.connect(self._show)
        self.retranslate()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(self._name_label, self.name)
        form.addRow(self._file_label, self.file)
        runs = QHBoxLayout()
        runs.addWidget(self.runs, 1)
        runs.addWidget(self._browse)
        form.addRow(self._runs_label, runs)
        inside = QWidget(self)
        fields = QVBoxLayout(inside)
        for field in self.fields.values():
            fields.addWidget(field)
        fields.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE, PAGE, PAGE, PAGE)
        layout.setSpacing(GAP)
        layout.addLayout(form)
        layout.addWidget(area, 1)
        layout.addWidget(self._buttons)
        self.resize(720, 640)

    def edit(self, key: str, value: object) -> None:
        """Store a valid value in the project; show an error message for an invalid one."""
        content = with_values(self._document.to_task()["content"], {key: value})
        message = next(iter(check_project(content).values()), "")
        self._show_problem(key, message)
        if not message:
            self._document.set_project_values({key: value})

    def _show_problem(self, key: str, message: str) -> None:
        self._invalid = {k: v for k, v in {**self._invalid, key: message}.items() if v}
        self.fields[key].show_problem(message)

    def _choose_runs(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose the folder for runs"), str(self._document.runs_dir))
        if chosen:
            self._document.set_runs_dir(Path(chosen))

    def _type_runs(self, text: str) -> None:
        self._document.set_runs_dir(Path(text.strip()).expanduser() if text.strip() else None)

    def _show(self) -> None:
        document = self._document
        if self.name.text() != document.name:
            self.name.setText(document.name)
        if Path(self.runs.text()).expanduser() != document.runs_dir:
            self.runs.setText(str(document.runs_dir))
        self.file.setText(str(document.path) if document.path else self.tr("not saved yet"))
        for key, field in self.fields.items():
            if key not in self._invalid:
                value = document.project_value(key)
                field.show_value(value, changed=value != field.setting.default)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Project details"))
        self._name_label.setText(self.tr("Na&me:"))
        self._file_label.setText(self.tr("File:"))
        self._runs_label.setText(self.tr("Folder for r&uns:"))
        self._browse.setText(self.tr("&Choose …"))
        self._show()
