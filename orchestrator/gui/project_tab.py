"""The tab Project: its name, its nights, and the folder for runs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from orchestrator import check_project, project_settings
from orchestrator.gui.document import Document, with_values
from orchestrator.gui.fields import SettingField
from orchestrator.gui.style import bad
from orchestrator.gui.translation import Translated

__all__ = ["ProjectTab"]


class ProjectTab(Translated):
    """Edits the document; folders are added by a dialog, or dragged into the window."""

    new_requested = Signal()
    open_requested = Signal()
    save_requested = Signal()

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
        self.new, self.open, self.save, self.add, self.remove = (QPushButton(self) for _ in range(5))
        self.new.clicked.connect(self.new_requested)
        self.open.clicked.connect(self.open_requested)
        self.save.clicked.connect(self.save_requested)
        self.add.clicked.connect(self.choose_folder)
        self.remove.clicked.connect(self._remove)
        self._nights_label, self._hint = QLabel(self), QLabel(self)
        self.nights = QTreeWidget(self)
        self._nights_label.setBuddy(self.nights)
        self.nights.setRootIsDecorated(False)
        self.nights.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.nights.setColumnWidth(0, 260)
        self.nights.itemChanged.connect(self._ticked)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.nights, self._remove,
                  context=Qt.ShortcutContext.WidgetShortcut)
        self._findings_label, self.findings = QLabel(self), QTreeWidget(self)
        self._findings_label.setBuddy(self.findings)
        self.findings.setRootIsDecorated(False)
        self.findings.setWordWrap(True)
        self.findings.setColumnCount(3)
        self.findings.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.findings.header().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.detail = QLabel(self)
        self.detail.setWordWrap(True)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.findings.currentItemChanged.connect(lambda item, _before: self.detail.setText(item.text(2) if item else ""))
        self._found: list[dict[str, str]] = []
        self._invalid: dict[str, str] = {}
        self.fields = {setting.key: SettingField(setting, self) for setting in project_settings()}
        for field in self.fields.values():
            field.edited.connect(self._edited)
            field.unreadable.connect(self._show_problem)
            field.undone.connect(lambda key: self._edited(key, self.fields[key].setting.default))
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
        top, buttons = QHBoxLayout(), QHBoxLayout()
        for widget in (self.new, self.open, self.save):
            top.addWidget(widget)
        top.addStretch(1)
        for widget in (self.add, self.remove):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        left, right = QWidget(self), QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._nights_label)
        column.addWidget(self.nights, 3)
        column.addWidget(self._hint)
        column.addLayout(buttons)
        column.addWidget(self._findings_label)
        column.addWidget(self.findings, 2)
        column.addWidget(self.detail)
        fields = QVBoxLayout(right)
        for field in self.fields.values():
            fields.addWidget(field)
        fields.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(right)
        split = QSplitter(self)
        split.addWidget(left)
        split.addWidget(area)
        split.setSizes([700, 440])
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addLayout(form)
        layout.addWidget(split, 1)

    def _edited(self, key: str, value: object) -> None:
        """Store a valid value in the project; show an error message for an invalid one."""
        content = with_values(self._document.to_task()["content"], {key: value})
        message = next(iter(check_project(content).values()), "")
        self._show_problem(key, message)
        if not message:
            self._document.set_project_values({key: value})

    def _show_problem(self, key: str, message: str) -> None:
        self._invalid = {k: v for k, v in {**self._invalid, key: message}.items() if v}
        self.fields[key].show_problem(message)

    def show_findings(self, found: list[dict[str, str]]) -> None:
        """Show the problems of the project, and remarks."""
        self._found = found
        self.findings.clear()
        levels = {"error": self.tr("error"), "warning": self.tr("warning"), "note": self.tr("note")}
        for one in found:
            text = f"{one['message']} {one['remedy']}".strip()
            item = QTreeWidgetItem(self.findings, [levels[one["level"]], one["where"], text])
            item.setToolTip(2, item.text(2))
            if one["level"] == "error":
                item.setForeground(0, bad())
        if not found:
            QTreeWidgetItem(self.findings, ["", "", self.tr("none")])
        elif found[0]["level"] == "error":
            self.findings.setCurrentIndex(self.findings.model().index(0, 0))

    def choose_folder(self) -> None:
        """Let the user choose a folder of raw frames."""
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder with lights, darks, flats and biases"))
        if chosen:
            self._document.add_nights([Path(chosen)])

    def _choose_runs(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose the folder for runs"), str(self._document.runs_dir))
        if chosen:
            self._document.set_runs_dir(Path(chosen))

    def _type_runs(self, text: str) -> None:
        self._document.set_runs_dir(Path(text.strip()).expanduser() if text.strip() else None)

    def _remove(self) -> None:
        rows = [self.nights.indexOfTopLevelItem(item) for item in self.nights.selectedItems()]
        if rows:
            self._document.remove_nights(rows)

    def _ticked(self, item: QTreeWidgetItem, column: int) -> None:
        if column == 0:
            self._document.use_night(self.nights.indexOfTopLevelItem(item), item.checkState(0) == Qt.CheckState.Checked)

    def _show(self) -> None:
        document = self._document
        if self.name.text() != document.name:
            self.name.setText(document.name)
        if Path(self.runs.text()).expanduser() != document.runs_dir:
            self.runs.setText(str(document.runs_dir))
        self.file.setText(str(document.path) if document.path else self.tr("not saved yet"))
        self.save.setEnabled(document.modified)
        for key, field in self.fields.items():
            if key not in self._invalid:
                value = document.project_value(key)
                field.show_value(value, changed=value != field.setting.default)
        self._show_nights()

    def _show_nights(self) -> None:
        selected = {self.nights.indexOfTopLevelItem(i) for i in self.nights.selectedItems()}
        self.nights.blockSignals(True)
        self.nights.clear()
        for number, night in enumerate(self._document.nights):
            item = QTreeWidgetItem(self.nights, [night.name, str(self._document.project.folder(night))])
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, Qt.CheckState.Checked if night.use else Qt.CheckState.Unchecked)
            item.setSelected(number in selected)
        self.nights.blockSignals(False)
        self.remove.setEnabled(bool(self._document.nights))

    def retranslate(self) -> None:
        self._name_label.setText(self.tr("Na&me:"))
        self._file_label.setText(self.tr("File:"))
        self._runs_label.setText(self.tr("Folder for r&uns:"))
        self._browse.setText(self.tr("&Choose …"))
        self.new.setText(self.tr("Ne&w"))
        self.open.setText(self.tr("Op&en …"))
        self.save.setText(self.tr("&Save"))
        self.add.setText(self.tr("&Add folder …"))
        self.remove.setText(self.tr("Remo&ve"))
        self._nights_label.setText(self.tr("N&ights:"))
        self.nights.setHeaderLabels([self.tr("Night"), self.tr("Folder")])
        self._findings_label.setText(self.tr("Prob&lems and remarks:"))
        self.findings.setHeaderLabels([self.tr("Level"), self.tr("Location"), self.tr("Message")])
        self.show_findings(self._found)
        self._hint.setText(self.tr("Drag folders of raw frames into the window, or add them. Raw folders are never modified."))
        self._show()
