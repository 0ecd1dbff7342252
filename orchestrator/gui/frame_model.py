"""The table of the frames of a project: the files found, their measurements, and which lights are excluded by hand.

The model sorts and filters itself: a proxy model would call it for each comparison, which is too slow for thousands of frames.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPixmap

from orchestrator.gui.formats import translated_text
from orchestrator.gui.frame_words import FrameWords
from orchestrator.gui.style import colour

__all__ = ["FrameModel", "FrameRow", "rows_of"]

Index: TypeAlias = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
PLAIN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
CHECKABLE = PLAIN | Qt.ItemFlag.ItemIsUserCheckable
# Thumbnails that are kept in memory.
KEPT_THUMBNAILS = 600


@dataclass
class FrameRow:
    """A file. ``key``: its name in ``stacking.exclude``; ``facts``: values by column; ``refused``: why it is not used."""

    path: Path
    name: str
    role: str
    key: str
    night: str
    facts: dict[str, Any]
    refused: str = ""
    remarks: list[dict[str, Any]] = field(default_factory=list)
    thumbnail: str = ""
    pixmap: QPixmap | None = None
    asked: bool = False


class FrameModel(QAbstractTableModel):
    """``rows`` are all frames; the table shows those of the chosen night and kind in the chosen order."""

    used_changed = Signal(str, bool)  # the check box of a light: key, whether it is used
    thumbnail_wanted = Signal(str, str)  # path of the frame, file of its thumbnail
    COLUMNS: Final = ("file", "night", "role", "score", "fwhm", "stars", "roundness", "background", "noise", "transparency",
                      "note", "filter", "time", "exposure", "gain", "temperature")
    DIGITS: Final = MappingProxyType({"score": 0, "fwhm": 2, "stars": 0, "roundness": 2, "background": 0, "noise": 1,
                                      "transparency": 0, "exposure": 2, "gain": 0, "temperature": 1})

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.words = FrameWords(self)
        self.rows: list[FrameRow] = []
        self.excluded: frozenset[str] = frozenset()
        self.shown: list[int] = []
        self._row_of: dict[str, int] = {}  # row by path
        self._position: dict[int, int] = {}  # position in the table by row
        self._night, self._role, self._column, self._descending = "", "", -1, False
        self._with_thumbnail: list[int] = []

    def fill(self, rows: list[FrameRow]) -> None:
        """Replace all frames."""
        self.beginResetModel()
        self.rows, self._with_thumbnail = rows, []
        self._row_of = {str(row.path): number for number, row in enumerate(rows)}
        self._arrange()
        self.endResetModel()

    def show_part(self, night: str, role: str) -> None:
        """Show the frames of one night ("" for all) and of one kind ("" for all)."""
        if (night, role) != (self._night, self._role):
            self._night, self._role = night, role
            self.rearrange()

    def order_by(self, column: int, descending: bool) -> None:
        """Sort by a column; -1 for the order of the files."""
        self._column, self._descending = column, descending
        self.rearrange()

    def rearrange(self) -> None:
        """Sort and filter again, after values have changed."""
        self.beginResetModel()
        self._arrange()
        self.endResetModel()

    def _arrange(self) -> None:
        found = [n for n, row in enumerate(self.rows) if self._night in ("", row.night) and self._role in ("", row.role)]
        if self._column >= 0:
            column = self.COLUMNS[self._column]
            values = {n: self._value(self.rows[n], column) for n in found}
            known = [n for n in found if values[n] is not None]
            known.sort(key=lambda n: values[n], reverse=self._descending)
            found = known + [n for n in found if values[n] is None]  # unknown values are last in both directions
        self.shown = found
        self._position = {row: position for position, row in enumerate(found)}

    def row_at(self, position: int) -> FrameRow | None:
        return self.rows[self.shown[position]] if 0 <= position < len(self.shown) else None

    def positions_of(self, rows: Iterable[int]) -> list[int]:
        """Where rows are in the table, sorted; rows that are not shown are left out."""
        return sorted(self._position[row] for row in rows if row in self._position)

    def number_of(self, path: str) -> int | None:
        return self._row_of.get(path)

    def update_facts(self, path: str, facts: dict[str, Any], thumbnail: str = "") -> None:
        """Add measurements of a frame; ``remarks`` among them are what is unusual about it."""
        number = self._row_of.get(path)
        if number is None:
            return
        row = self.rows[number]
        row.remarks = facts.get("remarks", row.remarks)
        row.facts.update({name: value for name, value in facts.items() if name not in ("remarks", "path", "thumbnail")})
        row.thumbnail = thumbnail or row.thumbnail
        self._changed(number)

    def put_thumbnail(self, path: str, image: QImage) -> None:
        number = self._row_of.get(path)
        if number is None or image.isNull():
            return
        self.rows[number].pixmap = QPixmap.fromImage(image)
        self._with_thumbnail.append(number)
        if len(self._with_thumbnail) > KEPT_THUMBNAILS:
            oldest = self.rows[self._with_thumbnail.pop(0)]
            oldest.pixmap, oldest.asked = None, False
        self._changed(number)

    def set_excluded(self, frames: frozenset[str]) -> None:
        """Show which frames are excluded by hand."""
        if frames != self.excluded:
            self.excluded = frames
            self.refresh()

    def refresh(self) -> None:
        if self.shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.shown) - 1, len(self.COLUMNS) - 1))

    def _changed(self, number: int) -> None:
        position = self._position.get(number)
        if position is not None:
            self.dataChanged.emit(self.index(position, 0), self.index(position, len(self.COLUMNS) - 1))

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.words.title(self.COLUMNS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[self.shown[index.row()]], self.COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if column == "file":
            if role == Qt.ItemDataRole.DecorationRole:
                return self._thumbnail(row)
            if role == Qt.ItemDataRole.CheckStateRole and row.role == "light":
                return Qt.CheckState.Unchecked if row.key in self.excluded else Qt.CheckState.Checked
        if role == Qt.ItemDataRole.TextAlignmentRole and column in self.DIGITS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._value(row, "note") or str(row.path)
        return self._colour(row, column) if role == Qt.ItemDataRole.ForegroundRole else None

    def _thumbnail(self, row: FrameRow) -> QPixmap | None:
        """The thumbnail of a row that is visible; it is read when it is needed first."""
        if row.pixmap is None and row.thumbnail and not row.asked:
            row.asked = True
            self.thumbnail_wanted.emit(str(row.path), row.thumbnail)
        return row.pixmap

    def _colour(self, row: FrameRow, column: str) -> QColor | None:
        if row.refused or row.facts.get("trouble"):
            return colour("error")
        if row.key in self.excluded:
            return colour("secondary")
        return colour("warning") if row.remarks and column == "note" else None

    def _value(self, row: FrameRow, column: str) -> Any:
        if column == "file":
            return row.name
        if column == "night":
            return row.night
        if column == "role":
            return self.words.kind(row.role)
        if column == "note":
            return row.refused or row.facts.get("trouble") or self.words.remarks(row.remarks) or None
        return row.facts.get(column)

    def _text(self, row: FrameRow, column: str) -> str:
        value = self._value(row, column)
        if value is None:
            return ""
        if column == "time":
            return str(value).replace("T", " ")[:19]
        return f"{value:.{self.DIGITS[column]}f}" if column in self.DIGITS and isinstance(value, int | float) else str(value)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.used_changed.emit(self.rows[self.shown[index.row()]].key, Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        checkable = self.COLUMNS[index.column()] == "file" and self.rows[self.shown[index.row()]].role == "light"
        return CHECKABLE if checkable else PLAIN


def rows_of(report: dict[str, Any], night: str, name: str) -> list[FrameRow]:
    """The rows of a scan's report of the folder ``night``, lights first, in order of time."""
    rows = []
    for role, frames in report["frames"].items():
        for frame in sorted(frames, key=lambda f: (str(f.get("time") or ""), f["path"])):
            path = Path(frame["path"])
            facts = {k: v for k, v in frame.items() if k != "path"}
            rows.append(FrameRow(path, path.name, role, key_of(frame["path"], night), name, facts))
    for item in report["excluded"]:
        path = Path(item["path"])
        why = f"{translated_text(item['reason'])}. {translated_text(item['remedy'])}".strip()
        rows.append(FrameRow(path, path.name, "refused", path.name, name, {}, why))
    return rows


def key_of(path: str, night: str) -> str:
    """The path of a light relative to the folder above the night, which is unique. As text: there are thousands of them."""
    inside = path.removeprefix(night + os.sep)
    return f"{Path(night).name}/{inside.replace(os.sep, '/')}" if inside != path else Path(path).name
