"""The page Results: the runs, their measurements and reports, and the picture of one of them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from orchestrator import OrchestrateError, RunEntry, list_runs, statistics_rows, used_of_found
from orchestrator.gui.background import Background
from orchestrator.gui.document import Document
from orchestrator.gui.picture_pane import PicturePane
from orchestrator.gui.style import PAGE
from orchestrator.gui.translation import Translated

__all__ = ["ResultsPage"]

# Device-independent pixels: the lists beside the picture, the least width of their columns, and that of the measurements' names.
TREE_WIDTH, LEAST_COLUMN, LABEL_WIDTH = 280, 46, 140


def runs_in(folder: Path) -> list[RunEntry]:
    """The runs in a folder, newest first, those of fields and filters after the one above them; none if there is no such
    folder."""
    try:
        entries = {entry.name: entry for entry in list_runs(folder)[::-1]}
    except OrchestrateError:
        return []
    parts = {run for entry in entries.values() for run in entry.combines}

    def with_parts(entry: RunEntry) -> list[RunEntry]:
        return [entry, *(one for run in entry.combines if run in entries for one in with_parts(entries[run]))]

    return [one for name, entry in entries.items() if name not in parts for one in with_parts(entry)]


class Wrapping(QStyledItemDelegate):
    """Makes the rows of a tree as high as their text needs in the width of its column, which Qt does for tables only."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        tree = self.parent()
        assert isinstance(tree, QTreeWidget)
        narrow = QStyleOptionViewItem(option)
        narrow.rect = QRect(0, 0, tree.columnWidth(index.column()), 1)
        return super().sizeHint(narrow, index)


class ResultsPage(Translated):
    """The list of runs; the picture is shown by :class:`PicturePane`."""

    resume_requested = Signal(object)

    def __init__(self, document: Document, background: Background, scratch: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._background = document, background
        self._awaited = ""  # the run to select when the runs are listed
        self.runs = self._list(4)
        self.runs.currentItemChanged.connect(lambda _now, _before: self._show_run())
        self.facts = self._list(2)
        self.facts.setWordWrap(True)
        self.facts.setItemDelegate(Wrapping(self.facts))
        self.facts.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.facts.header().resizeSection(0, LABEL_WIDTH)
        self.facts.header().sectionResized.connect(lambda *_: self.facts.scheduleDelayedItemsLayout())
        self.picture = PicturePane(background, scratch, self)
        self.picture.run_changed.connect(self._reload)
        self.report, self.folder, self.refresh, self.resume = (QPushButton(self) for _ in range(4))
        self.report.clicked.connect(lambda: self._open("artifacts/report.html"))
        self.folder.clicked.connect(lambda: self._open(""))
        self.refresh.clicked.connect(lambda: self.read())
        self.resume.clicked.connect(lambda: self.resume_requested.emit(self.directory))
        self._lay_out()
        self._entries: dict[str, RunEntry] = {}
        self._shown = ("", "")
        self.retranslate()
        self._show_run()

    def _list(self, columns: int) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setColumnCount(columns)
        tree.setRootIsDecorated(False)
        tree.setAlternatingRowColors(True)
        header = tree.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(LEAST_COLUMN)
        # The text that may be long takes what the figures leave: names of runs, values of measurements.
        header.setSectionResizeMode(0 if columns > 2 else 1, QHeaderView.ResizeMode.Stretch)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setMinimumWidth(TREE_WIDTH)
        return tree

    def _lay_out(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.runs, 1)
        column.addWidget(self.facts, 3)
        for pair in ((self.report, self.folder), (self.resume, self.refresh)):
            row = QHBoxLayout()
            for button in pair:
                row.addWidget(button)
            column.addLayout(row)
        split = QSplitter(self)
        split.addWidget(left)
        split.addWidget(self.picture)
        split.setSizes([320, 900])
        split.setCollapsible(0, False)
        split.setStretchFactor(1, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PAGE, PAGE, PAGE, PAGE)
        outer.addWidget(split)

    @property
    def directory(self) -> Path | None:
        item = self.runs.currentItem()
        return Path(item.data(0, Qt.ItemDataRole.UserRole)) if item is not None else None

    def read(self, choose: str = "") -> None:
        """List the runs again; ``choose``: the directory of the one to show."""
        self._awaited = chosen = choose or str(self.directory or self._awaited)
        folder = self._document.runs_dir
        self._background.do(lambda: runs_in(folder), lambda found: self._listed(found, chosen))

    def _listed(self, entries: list[RunEntry], chosen: str) -> None:
        self.runs.blockSignals(True)
        self.runs.clear()
        self._entries = {str(entry.directory): entry for entry in entries}
        for path, entry in self._entries.items():
            figures = entry.statistics
            frames = used_of_found(figures.frames_used, figures.lights_found)
            item = QTreeWidgetItem(self.runs, [entry.name, self._status(entry.status), frames,
                                               f"{figures.fwhm_px:.2f}" if figures.fwhm_px else ""])
            item.setData(0, Qt.ItemDataRole.UserRole, path)
            item.setToolTip(0, path)
            if path == chosen or Path(path).resolve() == Path(chosen).resolve():
                self.runs.setCurrentItem(item)
        self.runs.blockSignals(False)
        if self.runs.currentItem() is None and self.runs.topLevelItemCount():
            self.runs.setCurrentIndex(self.runs.model().index(0, 0))
        elif self._shown != self._now():
            self._show_run()

    def _reload(self, directory: str) -> None:
        """The images of a run have changed."""
        self._shown = ("", "")
        self.read(directory)

    def _now(self) -> tuple[str, str]:
        """The selected run and its state; while both stay the same, the page need not be updated."""
        entry = self._entries.get(str(self.directory))
        return (str(entry.directory), entry.status) if entry is not None else ("", "")

    def _status(self, status: str) -> str:
        states = {"ok": self.tr("finished"), "validation_failed": self.tr("finished, threshold missed"),
                  "failed": self.tr("failed"), "aborted": self.tr("aborted"), "running": self.tr("running"),
                  "unfinished": self.tr("unfinished"), "incomplete": self.tr("finished, a filter is missing")}
        return states.get(status, status)

    def _show_run(self) -> None:
        directory = self.directory
        entry = self._entries.get(str(directory))
        self._shown = self._now()
        self.facts.clear()
        if directory is not None and entry is not None:
            for label, text in statistics_rows(entry.statistics):
                item = QTreeWidgetItem(self.facts, [label, text])
                item.setToolTip(1, text)
                for column in (0, 1):
                    item.setTextAlignment(column, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.report.setEnabled(directory is not None and (directory / "artifacts" / "report.html").is_file())
        self.folder.setEnabled(directory is not None)
        self.resume.setEnabled(entry is not None and entry.status in ("failed", "aborted", "unfinished", "incomplete"))
        self.picture.show_run(directory, entry)

    def shut(self) -> None:
        """End workers and threads: the window closes."""
        self.picture.shut()

    def _open(self, name: str) -> None:
        if self.directory is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.directory / name)))

    def retranslate(self) -> None:
        self.runs.setHeaderLabels([self.tr("Run"), self.tr("State"), self.tr("Frames"), self.tr("FWHM (px)")])
        self.runs.setAccessibleName(self.tr("Runs"))
        self.facts.setHeaderLabels([self.tr("Measurement"), self.tr("Value")])
        self.facts.setAccessibleName(self.tr("Measurements of the run"))
        self.report.setText(self.tr("Open r&eport"))
        self.folder.setText(self.tr("Open fo&lder"))
        self.refresh.setText(self.tr("Refre&sh"))
        self.resume.setText(self.tr("Res&ume this run"))
        for number in range(self.runs.topLevelItemCount()):
            item = self.runs.topLevelItem(number)
            entry = self._entries.get(str(item.data(0, Qt.ItemDataRole.UserRole))) if item is not None else None
            if item is not None and entry is not None:
                item.setText(1, self._status(entry.status))
