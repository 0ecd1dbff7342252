"""Project: its name, its nights, and where the runs go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from orchestrator.gui.document import Document
from orchestrator.gui.words import Translated

__all__ = ["ProjectTab"]


class ProjectTab(Translated):
    """Edits the document; folders are added by a dialogue here, or dragged into the window."""

    new_asked = Signal()
    open_asked = Signal()
    save_asked = Signal()

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
        self.runs.textEdited.connect(lambda text: document.set_runs_dir(Path(text).expanduser()) if text.strip() else None)
        self._browse.clicked.connect(self._choose_runs)
        self.new, self.open, self.save, self.add, self.remove = (QPushButton(self) for _ in range(5))
        self.new.clicked.connect(self.new_asked)
        self.open.clicked.connect(self.open_asked)
        self.save.clicked.connect(self.save_asked)
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
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addLayout(form)
        layout.addWidget(self._nights_label)
        layout.addWidget(self.nights, 1)
        layout.addWidget(self._hint)
        layout.addLayout(buttons)

    def choose_folder(self) -> None:
        """Ask for a folder of raw frames."""
        chosen = QFileDialog.getExistingDirectory(self, self.tr("A folder with lights, darks, flats and biases"))
        if chosen:
            self._document.add_nights([Path(chosen)])

    def _choose_runs(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Where runs are kept"), str(self._document.runs_dir))
        if chosen:
            self._document.set_runs_dir(Path(chosen))

    def _remove(self) -> None:
        rows = [self.nights.indexOfTopLevelItem(item) for item in self.nights.selectedItems()]
        if rows:
            self._document.remove_nights(rows)

    def _ticked(self, item: QTreeWidgetItem, column: int) -> None:
        if column == 0:
            self._document.use_night(self.nights.indexOfTopLevelItem(item), item.checkState(0) == Qt.CheckState.Checked)

    def _show(self) -> None:
        document = self._document
        for line, text in ((self.name, document.name), (self.runs, str(document.runs_dir))):
            if not line.hasFocus() and line.text() != text:
                line.setText(text)
        self.file.setText(str(document.path) if document.path else self.tr("not saved yet"))
        self.save.setEnabled(document.modified)
        self._show_nights()

    def _show_nights(self) -> None:
        selected = {self.nights.indexOfTopLevelItem(i) for i in self.nights.selectedItems()}
        self.nights.blockSignals(True)
        self.nights.clear()
        for number, night in enumerate(self._document.nights):
            item = QTreeWidgetItem(self.nights, [night.name, str(night.path)])
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, Qt.CheckState.Checked if night.use else Qt.CheckState.Unchecked)
            item.setSelected(number in selected)
        self.nights.blockSignals(False)
        self.remove.setEnabled(bool(self._document.nights))

    def retranslate(self) -> None:
        self._name_label.setText(self.tr("Na&me:"))
        self._file_label.setText(self.tr("File:"))
        self._runs_label.setText(self.tr("R&uns go to:"))
        self._browse.setText(self.tr("&Choose …"))
        self.new.setText(self.tr("Ne&w"))
        self.open.setText(self.tr("Op&en …"))
        self.save.setText(self.tr("&Save"))
        self.add.setText(self.tr("&Add folder …"))
        self.remove.setText(self.tr("Remo&ve"))
        self._nights_label.setText(self.tr("N&ights:"))
        self.nights.setHeaderLabels([self.tr("Night"), self.tr("Folder")])
        self._hint.setText(self.tr("Drag folders of raw frames into the window, or add them. Nothing is ever written there."))
        self._show()
