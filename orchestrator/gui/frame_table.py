"""The view of the table of frames: sorting that keeps the selection, and grading by keys."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from orchestrator.gui.frame_model import FrameModel

__all__ = ["THUMBNAIL", "FrameTable"]

THUMBNAIL = QSize(72, 54)
WIDTHS = {"file": 250, "note": 260}
USUAL_WIDTH = 84
Flag = QItemSelectionModel.SelectionFlag
KEYS = {Qt.Key.Key_A: "accept", Qt.Key.Key_X: "reject", Qt.Key.Key_U: "undo", Qt.Key.Key_Right: "next",
        Qt.Key.Key_Left: "previous"}


class FrameTable(QTableView):
    """Emits ``graded`` with "accept", "reject", "undo", "next" or "previous" for the keys A, X, U, right and left."""

    graded = Signal(str)
    chosen = Signal()  # the selection or the current frame has changed

    def __init__(self, model: FrameModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frames = model
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setIconSize(THUMBNAIL)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.verticalHeader().setDefaultSectionSize(THUMBNAIL.height() + 6)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        self.fit_columns()
        # The header would ask for every cell of the table whether it is selected.
        header.setSelectionModel(QItemSelectionModel(model, header))
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._sort)
        self.selectionModel().selectionChanged.connect(lambda _now, _before: self.chosen.emit())
        self.selectionModel().currentRowChanged.connect(lambda _now, _before: self.chosen.emit())

    def fit_columns(self) -> None:
        """Make each column as wide as its content needs usually, and its title in the language of the window."""
        for number, column in enumerate(FrameModel.COLUMNS):
            self.setColumnWidth(number, max(WIDTHS.get(column, USUAL_WIDTH), self.horizontalHeader().sectionSizeHint(number)))

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        with_selection = self.selected_rows(), self.current_row()
        self.frames.order_by(column, order == Qt.SortOrder.DescendingOrder)
        self.restore(*with_selection)

    def arrange(self) -> None:
        """Sort again after values have changed; the selection stays."""
        with_selection = self.selected_rows(), self.current_row()
        self.frames.rearrange()
        self.restore(*with_selection)

    def restore(self, rows: Iterable[int], current: int | None) -> None:
        """Select rows of the model that were selected before."""
        self.select_rows(rows)
        positions = self.frames.positions_of([] if current is None else [current])
        if positions:
            index = self.frames.index(positions[0], 0)
            self.selectionModel().setCurrentIndex(index, Flag.NoUpdate)
            self.scrollTo(index)

    def selected_rows(self) -> list[int]:
        """The selected rows of the model, from top to bottom."""
        selection = self.selectionModel().selection()
        parts = [selection.at(k) for k in range(selection.count())]
        positions = sorted({p for part in parts for p in range(part.top(), part.bottom() + 1)})
        return [self.frames.shown[p] for p in positions]

    def current_row(self) -> int | None:
        """The row of the model that has the focus."""
        position = self.currentIndex().row()
        return self.frames.shown[position] if 0 <= position < len(self.frames.shown) else None

    def select_rows(self, rows: Iterable[int], *, add: bool = False) -> None:
        """Select rows of the model; the first one becomes the current one."""
        positions, last = self.frames.positions_of(rows), len(FrameModel.COLUMNS) - 1
        selection, start = QItemSelection(), 0
        for k in range(1, len(positions) + 1):  # one range for neighbours
            if k == len(positions) or positions[k] != positions[k - 1] + 1:
                selection.append(QItemSelectionRange(
                    self.frames.index(positions[start], 0), self.frames.index(positions[k - 1], last)))
                start = k
        self.selectionModel().select(selection, Flag.Select if add else Flag.ClearAndSelect)
        if positions and not add:
            self.selectionModel().setCurrentIndex(self.frames.index(positions[0], 0), Flag.NoUpdate)
            self.scrollTo(self.frames.index(positions[0], 0))

    def go_to(self, position: int, *, keep_selection: bool) -> None:
        """Make a row of the table the current one."""
        flags = Flag.NoUpdate if keep_selection else Flag.ClearAndSelect | Flag.Rows
        self.selectionModel().setCurrentIndex(self.frames.index(position, 0), flags)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = KEYS.get(Qt.Key(event.key()))
        if action is not None and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            self.graded.emit(action)
        else:
            super().keyPressEvent(event)
