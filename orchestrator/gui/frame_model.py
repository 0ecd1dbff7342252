"""The table of a night's frames: the files found, their measurements, and which lights are excluded by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPixmap

from orchestrator.gui.style import bad

__all__ = ["SORT_ROLE", "FrameModel", "FrameRow"]

Index: TypeAlias = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole
ROOT = QModelIndex()


@dataclass
class FrameRow:
    """A file. ``key``: its name in ``stacking.exclude``; ``facts``: values by column; ``refused``: why it is not used."""

    path: Path
    role: str
    key: str
    facts: dict[str, Any]
    refused: str = ""
    picture: str = ""
    thumbnail: QPixmap | None = None


class FrameModel(QAbstractTableModel):
    """Emits ``used_changed`` when the check box of a light changes."""

    used_changed = Signal(str, bool)
    COLUMNS: Final = ("file", "role", "score", "fwhm", "stars", "roundness", "background", "noise", "exposure", "gain",
                      "temperature", "filter", "time", "note")
    DIGITS: Final = MappingProxyType({"score": 0, "fwhm": 2, "roundness": 2, "background": 0, "noise": 1, "exposure": 2,
                                      "gain": 0, "temperature": 1})

    def __init__(self, is_excluded: Callable[[str], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_excluded = is_excluded
        self.rows: list[FrameRow] = []
        self._of_path: dict[str, int] = {}

    def fill(self, rows: list[FrameRow]) -> None:
        self.beginResetModel()
        self.rows = rows
        self._of_path = {str(row.path): number for number, row in enumerate(rows)}
        self.endResetModel()

    def update_facts(self, path: str, facts: dict[str, Any], picture: str = "") -> FrameRow | None:
        """Add the measurements of a frame."""
        number = self._of_path.get(path)
        if number is None:
            return None
        row = self.rows[number]
        row.facts.update(facts)
        row.picture = picture or row.picture
        self._changed(number)
        return row

    def put_thumbnail(self, path: str, image: QImage) -> None:
        number = self._of_path.get(path)
        if number is not None and not image.isNull():
            self.rows[number].thumbnail = QPixmap.fromImage(image)
            self._changed(number)

    def refresh(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.COLUMNS) - 1))

    def _changed(self, number: int) -> None:
        self.dataChanged.emit(self.index(number, 0), self.index(number, len(self.COLUMNS) - 1))

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.title(self.COLUMNS[section])
        return None

    def title(self, column: str) -> str:
        return {"file": self.tr("File"), "role": self.tr("Kind"), "score": self.tr("Score (%)"), "fwhm": self.tr("FWHM (px)"),
                "stars": self.tr("Stars"), "roundness": self.tr("Roundness"), "background": self.tr("Sky (ADU)"),
                "noise": self.tr("Noise (ADU)"), "exposure": self.tr("Exposure (s)"), "gain": self.tr("Gain"),
                "temperature": self.tr("Temp. (°C)"), "filter": self.tr("Filter"), "time": self.tr("Time (UTC)"),
                "note": self.tr("Note")}[column]

    def kind(self, role: str) -> str:
        return {"light": self.tr("light"), "dark": self.tr("dark"), "flat": self.tr("flat"), "bias": self.tr("bias"),
                "darkflat": self.tr("dark-flat"), "refused": self.tr("not used")}.get(role, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], self.COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == SORT_ROLE:
            value = self._value(row, column)
            return value if value is not None else (-1e9 if column in self.DIGITS or column == "stars" else "")
        if role == Qt.ItemDataRole.DecorationRole and column == "file":
            return row.thumbnail
        if role == Qt.ItemDataRole.CheckStateRole and column == "file" and row.role == "light":
            return Qt.CheckState.Unchecked if self._is_excluded(row.key) else Qt.CheckState.Checked
        if role == Qt.ItemDataRole.TextAlignmentRole and (column in self.DIGITS or column == "stars"):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.refused or str(row.path)
        return self._colour(row) if role == Qt.ItemDataRole.ForegroundRole else None

    @staticmethod
    def _colour(row: FrameRow) -> QColor | None:
        return bad() if row.refused or row.facts.get("trouble") else None

    def _value(self, row: FrameRow, column: str) -> Any:
        if column == "file":
            return row.path.name
        if column == "role":
            return self.kind(row.role)
        if column == "note":
            return row.refused or row.facts.get("trouble") or ""
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
        self.used_changed.emit(self.rows[index.row()].key, Qt.CheckState(value) == Qt.CheckState.Checked)
        self._changed(index.row())
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.COLUMNS[index.column()] == "file" and self.rows[index.row()].role == "light":
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags


def rows_of(report: dict[str, Any], night: Path) -> list[FrameRow]:
    """The rows of a scan's report, lights first."""
    rows = []
    for role, frames in report["frames"].items():
        for frame in frames:
            path = Path(frame["path"])
            facts = {k: v for k, v in frame.items() if k != "path"}
            rows.append(FrameRow(path, role, key_of(path, night), facts))
    for item in report["excluded"]:
        path = Path(item["path"])
        rows.append(FrameRow(path, "refused", path.name, {}, f"{item['reason']}. {item['remedy']}".strip()))
    return rows


def key_of(path: Path, night: Path) -> str:
    """The path of a light relative to the folder above the night, which is unique."""
    return (Path(night.name) / path.relative_to(night)).as_posix() if path.is_relative_to(night) else path.name
