"""The tab Nights: the files of each folder, the quality of the frames, and blinking."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QSize, QSortFilterProxyModel, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSlider,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from orchestrator.gui.background import Background, read_picture
from orchestrator.gui.document import Document
from orchestrator.gui.frame_model import SORT_ROLE, FrameModel, FrameRow, rows_of
from orchestrator.gui.image_view import ImageView
from orchestrator.gui.translation import Translated
from orchestrator.gui.worker_client import WorkerClient

__all__ = ["NightsTab"]

THUMBNAIL = QSize(72, 54)
# Milliseconds without a keystroke after which a changed setting is applied to the scan.
PAUSE = 400
# Decoded images of frames that are kept in memory for blinking.
KEPT_PICTURES = 60
# Frames per second when blinking.
BLINK_SPEEDS = (1, 20)
BLINK_SPEED = 4


class NightsTab(Translated):
    """Shows one night at a time; scanning and measuring run in worker processes."""

    findings_changed = Signal(list)
    filters_changed = Signal(dict)
    scan_started = Signal()
    scanned = Signal(dict)  # the result of the task scan_nights
    scan_failed = Signal(str, str)

    def __init__(self, document: Document, background: Background, scratch: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._background, self._scratch = document, background, scratch
        self._scan: WorkerClient | None = None
        self._found: dict[str, dict[str, Any]] = {}
        self._measurement: WorkerClient | None = None
        self._number = 0
        self._images: dict[str, QImage] = {}
        self._nights: list[tuple[str, str, bool]] = []
        self._filters: list[Any] = []  # settings of the filters
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PAUSE)
        self._later.timeout.connect(self._show_nights)
        self._known: dict[str, dict[str, Any]] = {}  # measurements of each frame, by its path
        self.night = QComboBox(self)
        self.night.currentIndexChanged.connect(lambda _index: self._show_night())
        self.kind = QComboBox(self)
        self.rescan, self.stop = QPushButton(self), QPushButton(self)
        self.rescan.clicked.connect(self.scan_again)
        self.stop.clicked.connect(self._stop)
        self.progress = QProgressBar(self)
        self.message = QLabel(self)
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.model = FrameModel(document.is_excluded, self)
        self.model.used_changed.connect(lambda key, used: document.exclude(key, not used))
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(self.model)
        self.sorted.setSortRole(SORT_ROLE)
        self.sorted.setFilterKeyColumn(FrameModel.COLUMNS.index("role"))
        self.kind.currentIndexChanged.connect(self._filter)
        self.table = self._table()
        self.view = ImageView(self)
        self.caption = QLabel(self)
        self.blink, self.speed = QPushButton(self), QSlider(Qt.Orientation.Horizontal, self)
        self._speed_label, self._night_label, self._kind_label = QLabel(self), QLabel(self), QLabel(self)
        self._timer = QTimer(self)
        self._set_up_blink()
        self._lay_out()
        document.nights_changed.connect(self._show_nights)
        document.settings_changed.connect(lambda _key: self.model.refresh())
        document.changed.connect(self._later.start)
        self.retranslate()
        self._show_nights()

    def _table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.sorted)
        table.setSortingEnabled(True)
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setIconSize(THUMBNAIL)
        table.setTabKeyNavigation(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().setDefaultSectionSize(THUMBNAIL.height() + 6)
        table.verticalHeader().hide()
        table.horizontalHeader().setStretchLastSection(True)
        table.setColumnWidth(0, 250)
        table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_current())
        return table

    def _set_up_blink(self) -> None:
        self.blink.setCheckable(True)
        self.blink.toggled.connect(self._set_blinking)
        self.speed.setRange(*BLINK_SPEEDS)
        self.speed.setValue(BLINK_SPEED)
        self.speed.setMaximumWidth(140)
        self.speed.valueChanged.connect(lambda value: self._timer.setInterval(1000 // value))
        self._timer.setInterval(1000 // BLINK_SPEED)
        self._timer.timeout.connect(lambda: self.step(1))
        QShortcut(QKeySequence("Ctrl+B"), self, self.blink.toggle)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for label, widget in ((self._night_label, self.night), (self._kind_label, self.kind)):
            label.setBuddy(widget)
            top.addWidget(label)
            top.addWidget(widget, 2 if widget is self.night else 0)
        top.addStretch(1)
        for other in (self.progress, self.stop, self.rescan):
            top.addWidget(other)
        self.progress.setMaximumWidth(180)
        beside = QWidget(self)
        right = QVBoxLayout(beside)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.view, 1)
        right.addWidget(self.caption)
        row = QHBoxLayout()
        self._speed_label.setBuddy(self.speed)
        for part in (self.blink, self._speed_label, self.speed):
            row.addWidget(part)
        row.addStretch(1)
        right.addLayout(row)
        split = QSplitter(self)
        split.addWidget(self.table)
        split.addWidget(beside)
        split.setSizes([640, 420])
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.message)
        layout.addWidget(split, 1)

    def _show_nights(self) -> None:
        """Follow the document: if its nights, or the settings of the filters, have changed, scan all nights."""
        project = self._document.project
        nights = [(night.name, str(project.folder(night)), night.use) for night in project.nights]
        filters = [project.channels, project.palette, [night.settings for night in project.nights], str(self._document.runs_dir),
                   *map(self._document.value, ("input", "calibration", "output.palette", "reconstruction", "selection"))]
        if (nights, filters) == (self._nights, self._filters):
            return
        current = self.night.currentData()
        self._nights, self._filters = nights, filters
        self.night.blockSignals(True)
        self.night.clear()
        for name, path, _use in nights:
            self.night.addItem(name, path)
        self.night.setCurrentIndex(max(self.night.findData(current), 0 if nights else -1))
        self.night.blockSignals(False)
        self.scan()

    def scan(self) -> None:
        """Scan all nights, then measure the lights of the selected one."""
        self._drop_workers()
        self._found = {}
        self._show_night()
        self.findings_changed.emit([])
        self.filters_changed.emit({})
        self.scan_started.emit()
        if not self._nights:
            self._show_busy()
            return
        self.progress.setRange(0, 0)
        self._scan = WorkerClient({"task": "scan_nights", **self._document.to_task()}, self)
        self._scan.done.connect(self._scanned)
        self._scan.failed.connect(lambda message, remedy: self._show_message(message, remedy))
        self._scan.failed.connect(self.scan_failed)
        self._scan.ended.connect(self._show_busy)
        self._show_busy()

    def scan_again(self) -> None:
        """Scan all nights and measure all frames again."""
        self._known.clear()
        self.scan()

    def _scanned(self, found: dict[str, Any]) -> None:
        self._found = {night["path"]: night for night in found["nights"]}
        self.findings_changed.emit(found["findings"])
        self.filters_changed.emit(found["filters"])
        self.scanned.emit(found)
        self._show_night()

    def _show_night(self) -> None:
        """Show the frames of the selected night, if it has been scanned."""
        if self._measurement is not None and self._measurement.running:
            self._measurement.drop()
        self._measurement = None
        self.blink.setChecked(False)
        self._images.clear()
        self.model.fill([])
        self.view.clear()
        self.caption.clear()
        self._show_message()
        night = self._found.get(self.night.currentData() or "")
        if night is None:
            return
        refused = [f"{night['refused']} {night['remedy']}"] if "refused" in night else []
        self._show_message(*(f"⚠ {text}" for text in (*refused, *night.get("warnings", []), *night.get("notes", []))))
        if "frames" in night:
            self.model.fill(rows_of(night, Path(night["path"])))
            self.table.selectRow(0)
            lights = [row for row in self.model.rows if row.role == "light"]
            for row in lights:
                self._put(str(row.path))
            if any(str(row.path) not in self._known for row in lights):
                self._measure(night["path"])

    def _measure(self, night: str) -> None:
        self._number += 1
        self._measurement = WorkerClient({"task": "measure_lights", "path": night, "settings": self._document.settings,
                                          "name": f"night{self._number}", "folder": str(self._scratch)}, self)
        self._measurement.reported.connect(self._measured)
        self._measurement.done.connect(self._scored)
        self._measurement.failed.connect(lambda message, remedy: self._show_message(message, remedy))
        self._measurement.ended.connect(self._show_busy)
        self._show_busy()

    def _scored(self, scores: dict[str, float | None]) -> None:
        for path, score in scores.items():
            self._known[path]["score"] = score
            self.model.update_facts(path, {"score": score})

    def _measured(self, event: dict[str, Any]) -> None:
        self.progress.setRange(0, event["total"])
        self.progress.setValue(event["done"])
        names = ("stars", "fwhm", "roundness", "background", "noise", "trouble")
        self._known[event["path"]] = {**{n: event[n] for n in names}, "picture": event.get("picture", "")}
        self._put(event["path"])

    def _put(self, path: str) -> None:
        """Show the measurements of a frame in its row."""
        known = self._known.get(path)
        if known is None:
            return
        picture = str(known["picture"])
        row = self.model.update_facts(path, {k: v for k, v in known.items() if k != "picture"}, picture)
        if row is None or not picture:
            return
        self._background.do(lambda: read_picture(picture, THUMBNAIL), lambda image: self.model.put_thumbnail(path, image))
        if self._current() is row:
            self._show_current()

    def _stop(self) -> None:
        for worker in (self._scan, self._measurement):
            if worker is not None:
                worker.cancel()

    def _drop_workers(self) -> None:
        for worker in (self._scan, self._measurement):
            if worker is not None and worker.running:
                worker.drop()
        self._scan = self._measurement = None

    def shut(self) -> None:
        """End the workers: the window closes."""
        self._timer.stop()
        self._later.stop()
        for worker in (self._scan, self._measurement):
            if worker is not None and worker.running:
                worker.end()

    def _show_busy(self) -> None:
        busy = any(worker is not None and worker.running for worker in (self._scan, self._measurement))
        self.progress.setVisible(busy)
        self.stop.setVisible(busy)
        self.rescan.setEnabled(not busy and self.night.count() > 0)

    def _show_message(self, *lines: str) -> None:
        self.message.setText("\n".join(line for line in lines if line))
        self.message.setVisible(bool(self.message.text()))

    def _filter(self) -> None:
        kind = self.kind.currentData()
        self.sorted.setFilterFixedString(self.model.kind(kind) if kind else "")

    def _current(self) -> FrameRow | None:
        index = self.sorted.mapToSource(self.table.currentIndex())
        return self.model.rows[index.row()] if index.isValid() else None

    def _show_current(self) -> None:
        row = self._current()
        if row is None:
            return
        self.caption.setText(f"{row.path.name}   " + (self.tr("FWHM {0} px, {1} stars").format(
            f"{row.facts['fwhm']:.2f}", row.facts["stars"]) if row.facts.get("fwhm") else ""))
        if row.picture in self._images:
            self.view.show_picture(self._images[row.picture])
        elif row.picture:
            picture = row.picture
            self._background.do(lambda: read_picture(picture), lambda image: self._decoded(picture, image))
        else:
            self.view.clear()

    def _decoded(self, path: str, image: QImage) -> None:
        while len(self._images) >= KEPT_PICTURES:
            del self._images[next(iter(self._images))]
        self._images[path] = image
        row = self._current()
        if row is not None and row.picture == path:
            self.view.show_picture(image)

    def _set_blinking(self, on: bool) -> None:
        if on:
            self._timer.start()
        else:
            self._timer.stop()

    def step(self, by: int) -> None:
        """Go to the next frame that has an image: among the selected ones if there are several, else among all."""
        selected = sorted(i.row() for i in self.table.selectionModel().selectedRows())
        rows = selected if len(selected) > 1 else list(range(self.sorted.rowCount()))
        rows = [r for r in rows if self.model.rows[self.sorted.mapToSource(self.sorted.index(r, 0)).row()].picture]
        if not rows:
            return
        now = self.table.currentIndex().row()
        later = [r for r in rows if r > now] if by > 0 else [r for r in reversed(rows) if r < now]
        target = self.sorted.index(later[0] if later else rows[0 if by > 0 else -1], 0)
        flag = QItemSelectionModel.SelectionFlag
        several = len(selected) > 1
        self.table.selectionModel().setCurrentIndex(target, flag.NoUpdate if several else flag.ClearAndSelect | flag.Rows)

    def retranslate(self) -> None:
        self._night_label.setText(self.tr("Ni&ght:"))
        self._kind_label.setText(self.tr("&Kind:"))
        self.rescan.setText(self.tr("Scan &again"))
        self.stop.setText(self.tr("S&top"))
        self.blink.setText(self.tr("&Blink"))
        self.blink.setToolTip(self.tr("Show the selected frames, or all, one after another (Ctrl+B)"))
        self._speed_label.setText(self.tr("Sp&eed:"))
        self.speed.setAccessibleName(self.tr("Frames per second"))
        self.table.setAccessibleName(self.tr("Frames of the night"))
        self.view.setAccessibleName(self.tr("Image of the frame"))
        self.progress.setAccessibleName(self.tr("Measuring frames"))
        chosen = max(self.kind.currentIndex(), 0)
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItem(self.tr("all"), "")
        for role in ("light", "dark", "flat", "bias", "darkflat", "refused"):
            self.kind.addItem(self.model.kind(role), role)
        self.kind.setCurrentIndex(chosen)
        self.kind.blockSignals(False)
        self._filter()
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(FrameModel.COLUMNS) - 1)
        self.model.refresh()
        self._show_current()
        self._show_busy()
