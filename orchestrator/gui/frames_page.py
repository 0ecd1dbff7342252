"""The page Frames: the files of all nights, the quality of the lights over time, blinking, and grading by keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSlider, QSplitter, QVBoxLayout, QWidget

from orchestrator.gui.background import Background, read_picture
from orchestrator.gui.document import Document
from orchestrator.gui.formats import translated_text
from orchestrator.gui.frame_model import FrameModel, FrameRow, rows_of
from orchestrator.gui.frame_pictures import FramePictures
from orchestrator.gui.frame_plots import PLOTTED, STATES, FramePlots, PlottedFrames
from orchestrator.gui.frame_reel import BLINK_SPEED, BLINK_SPEEDS, FrameReel
from orchestrator.gui.frame_table import THUMBNAIL, FrameTable
from orchestrator.gui.icons import icon
from orchestrator.gui.image_view import ImageView
from orchestrator.gui.style import GAP, PAGE
from orchestrator.gui.translation import Translated
from orchestrator.gui.worker_client import WorkerClient

__all__ = ["FramesPage"]

# Milliseconds without a keystroke after which a changed setting is applied to the scan.
PAUSE = 400
# Milliseconds between two updates of the plots while frames are measured.
PLOT_PAUSE = 500


class FramesPage(Translated):
    """Scanning, measuring and drawing run in worker processes; the page shows what they report."""

    findings_changed = Signal(list)
    filters_changed = Signal(dict)
    scan_started = Signal()
    scanned = Signal(dict)  # the result of the task scan_nights
    scan_failed = Signal(str, str)

    def __init__(self, document: Document, background: Background, scratch: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._background, self._scratch = document, background, scratch
        self._scan: WorkerClient | None = None
        self._measurement: WorkerClient | None = None
        self._measuring, self._fresh, self._number = False, False, 0
        self._found: list[dict[str, Any]] = []
        self._nights: list[tuple[str, str, bool]] = []
        self._filters: list[Any] = []  # settings of the filters
        self._grades: list[dict[str, bool]] = []  # what each grading has changed: whether frames were excluded before
        self._later, self._plot_later = QTimer(self), QTimer(self)
        for timer, pause, do in ((self._later, PAUSE, self._show_nights), (self._plot_later, PLOT_PAUSE, self._show_plots)):
            timer.setSingleShot(True)
            timer.setInterval(pause)
            timer.timeout.connect(do)
        self.night, self.kind = QComboBox(self), QComboBox(self)
        self.rescan, self.stop = QPushButton(icon("undo"), "", self), QPushButton(icon("stop"), "", self)
        self.accept, self.reject, self.undo, self.unusual, self.blink = (QPushButton(self) for _ in range(5))
        self.progress, self.speed = QProgressBar(self), QSlider(Qt.Orientation.Horizontal, self)
        self.message, self.summary, self.caption = QLabel(self), QLabel(self), QLabel(self)
        self._speed_label, self._night_label, self._kind_label = QLabel(self), QLabel(self), QLabel(self)
        self.model = FrameModel(self)
        self.table, self.view, self.plots = FrameTable(self.model, self), ImageView(self), FramePlots(self.model.words, self)
        self.pictures = FramePictures(background, self)
        self.reel = FrameReel(self.table, self.pictures, self)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._show_nights()

    def _lay_out(self) -> None:
        top, grading, row = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for label, box in ((self._night_label, self.night), (self._kind_label, self.kind)):
            label.setBuddy(box)
            top.addWidget(label)
            top.addWidget(box)
        top.addWidget(self.summary, 1)
        for other in (self.progress, self.stop, self.rescan):
            top.addWidget(other)
        self.progress.setMaximumWidth(180)
        for button, name in ((self.accept, "ok"), (self.reject, "remove"), (self.undo, "undo"), (self.unusual, "warning")):
            button.setIcon(icon(name))
            grading.addWidget(button)
        grading.addStretch(1)
        self.blink.setIcon(icon("run"))
        self.blink.setCheckable(True)
        self.speed.setRange(*BLINK_SPEEDS)
        self.speed.setValue(BLINK_SPEED)
        self.speed.setMaximumWidth(140)
        self._speed_label.setBuddy(self.speed)
        for part in (self.blink, self._speed_label, self.speed):
            row.addWidget(part)
        row.addStretch(1)
        self.caption.setWordWrap(True)
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        left, above, split, right = QWidget(self), QWidget(self), QSplitter(self), QSplitter(Qt.Orientation.Vertical, self)
        for widget, parts in ((left, (self.table, grading)), (above, (self.view, self.caption, row))):
            column = QVBoxLayout(widget)
            column.setContentsMargins(0, 0, 0, 0)
            for item in parts:
                column.addLayout(item) if isinstance(item, QHBoxLayout) else column.addWidget(
                    item, 0 if item is self.caption else 1)
        right.addWidget(above)
        right.addWidget(self.plots)
        right.setSizes([380, 380])
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([680, 520])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE, PAGE, PAGE, PAGE)
        layout.setSpacing(GAP)
        layout.addLayout(top)
        layout.addWidget(self.message)
        layout.addWidget(split, 1)

    def _connect(self) -> None:
        document = self._document
        self.night.currentIndexChanged.connect(lambda _index: self._show_part())
        self.kind.currentIndexChanged.connect(lambda _index: self._show_part())
        self.rescan.clicked.connect(self.scan_again)
        self.stop.clicked.connect(self._stop)
        for button, action in ((self.accept, "accept"), (self.reject, "reject"), (self.undo, "undo")):
            button.clicked.connect(lambda _checked=False, a=action: self.grade(a))
        self.unusual.clicked.connect(self.select_unusual)
        self.model.used_changed.connect(lambda key, used: self._exclude([key], not used))
        self.model.thumbnail_wanted.connect(self._read_thumbnail)
        self.table.graded.connect(self.grade)
        self.table.chosen.connect(self._show_current)
        self.pictures.ready.connect(self._picture_ready)
        self.plots.brushed.connect(lambda rows, add: self.table.select_rows(rows, add=add))
        self.plots.clicked.connect(lambda row: self.table.select_rows([row]))
        self.blink.toggled.connect(self.reel.run)
        self.speed.valueChanged.connect(self.reel.set_speed)
        QShortcut(QKeySequence("Ctrl+B"), self, self.blink.toggle)
        document.nights_changed.connect(self._show_nights)
        document.settings_changed.connect(lambda _key: self._show_excluded())
        document.changed.connect(self._later.start)

    def _show_nights(self) -> None:
        """Follow the document: if its nights, or the settings of the filters, have changed, scan all nights."""
        project = self._document.project
        nights = [(night.name, str(project.folder(night)), night.use) for night in project.nights]
        filters = [project.channels, project.palette, [night.settings for night in project.nights], str(self._document.runs_dir),
                   *map(self._document.value, ("input", "calibration", "output.palette", "reconstruction", "selection"))]
        if (nights, filters) == (self._nights, self._filters):
            return
        self._nights, self._filters = nights, filters
        self._fill_nights()
        self.scan()

    def _fill_nights(self) -> None:
        chosen = self.night.currentData() or ""
        self.night.blockSignals(True)
        self.night.clear()
        self.night.addItem(self.tr("all"), "")
        for name, _path, _use in self._nights:
            self.night.addItem(name, name)
        self.night.setCurrentIndex(max(self.night.findData(chosen), 0))
        self.night.blockSignals(False)

    def scan(self) -> None:
        """Scan all nights, then measure their lights."""
        self._drop_workers()
        self._found = []
        self._show_frames()
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
        self._fresh = True
        self.scan()

    def _scanned(self, found: dict[str, Any]) -> None:
        self._found = found["nights"]
        self.findings_changed.emit(found["findings"])
        self.filters_changed.emit(found["filters"])
        self.scanned.emit(found)
        self._show_frames()
        if any(row.role == "light" for row in self.model.rows):
            self._measure()

    def _show_frames(self) -> None:
        """Show the frames of all nights that have been scanned."""
        self.blink.setChecked(False)
        self.pictures.clear()
        self._grades.clear()
        self.model.fill([row for night in self._found if "frames" in night
                         for row in rows_of(night, night["path"], night["name"])])
        self.view.clear()
        self._show_part()
        self._show_excluded()
        if self.model.shown:
            self.table.selectRow(0)

    def _show_part(self) -> None:
        """Show the chosen night and kind of frames, and what the scan reports about the night."""
        self.model.show_part(self.night.currentData() or "", self.kind.currentData() or "")
        one_night = len(self._nights) < 2 or bool(self.night.currentData())
        for name, hidden in (("night", one_night), ("role", bool(self.kind.currentData()))):  # the same in all rows
            self.table.setColumnHidden(FrameModel.COLUMNS.index(name), hidden)
        of_night = [n for n in self._found if self.night.currentData() == n["name"] or len(self._found) == 1]
        texts = [f"{translated_text(n['refused'])} {translated_text(n['remedy'])}" for n in of_night if "refused" in n]
        texts += [translated_text(text) for n in of_night for text in (*n.get("warnings", []), *n.get("notes", []))]
        self._show_message(*texts)
        self._show_plots()
        self._show_current()

    def _measure(self) -> None:
        self._number += 1
        task = {"task": "measure_lights", **self._document.to_task(), "folder": str(self._scratch),
                "name": f"frames{self._number}", "fresh": self._fresh}
        self._fresh, self._measuring = False, True
        self._measurement = WorkerClient(task, self)
        self._measurement.reported.connect(self._reported)
        self._measurement.failed.connect(lambda message, remedy: self._show_message(message, remedy))
        self._measurement.ended.connect(self._measurement_ended)
        self.pictures.serve_from(self._measurement)
        self._show_busy()

    def _reported(self, event: dict[str, Any]) -> None:
        kind = event["event"]
        if kind == "picture":
            self.pictures.drawn(event["path"], event["picture"])
        elif kind == "measured":
            self.progress.setRange(0, event["total"])
            self.progress.setValue(event["done"])
            for frame in event["frames"]:
                self.model.update_facts(frame["path"], frame, frame["thumbnail"])
            self._plot_soon()
        elif kind == "assessed":
            for path, facts in event["frames"].items():
                self.model.update_facts(path, facts)
            self._plot_soon()
        elif kind == "measured_all":
            self._measuring = False
            self.table.arrange()
            self._show_plots()
            self._show_current()
            self._show_busy()

    def _measurement_ended(self) -> None:
        self._measuring = False
        self.pictures.serve_from(None)
        self._show_busy()

    def _plot_soon(self) -> None:
        if not self._plot_later.isActive():
            self._plot_later.start()

    def _read_thumbnail(self, path: str, file: str) -> None:
        self._background.do(lambda: read_picture(file, THUMBNAIL), lambda image: self.model.put_thumbnail(path, image))

    def _stop(self) -> None:
        if self._scan is not None:
            self._scan.cancel()
        if self._measurement is not None:
            self._measurement.send(stop=True)

    def _drop_workers(self) -> None:
        for worker in (self._scan, self._measurement):
            if worker is not None and worker.running:
                worker.drop()
        self._scan = self._measurement = None
        self._measuring = False
        self.pictures.serve_from(None)

    def shut(self) -> None:
        """End the workers: the window closes."""
        self.reel.run(False)
        for timer in (self._later, self._plot_later):
            timer.stop()
        for worker in (self._scan, self._measurement):
            if worker is not None and worker.running:
                worker.end()

    def _show_busy(self) -> None:
        busy = self._measuring or (self._scan is not None and self._scan.running)
        self.progress.setVisible(busy)
        self.stop.setVisible(busy)
        self.rescan.setEnabled(not busy and bool(self._nights))

    def _show_message(self, *lines: str) -> None:
        self.message.setText("\n".join(line for line in lines if line))
        self.message.setVisible(bool(self.message.text()))

    def _show_excluded(self) -> None:
        self.model.set_excluded(self._document.excluded_frames)
        self._show_plots()

    def _show_plots(self) -> None:
        """Plot the lights that the table shows, and count them."""
        numbers = [number for number in self.model.shown if self.model.rows[number].role == "light"]
        lights = [self.model.rows[number] for number in numbers]
        excluded = np.array([row.key in self.model.excluded for row in lights], np.bool_)
        unusual = np.array([bool(row.remarks) for row in lights], np.bool_)
        states = np.where(excluded, STATES.index("secondary"), np.where(unusual, STATES.index("warning"), 0)).astype(np.int8)
        values = {name: np.array([row.facts.get(name) for row in lights], np.float64) for name in PLOTTED}  # None becomes NaN
        self.plots.show_frames(PlottedFrames(np.array(numbers, np.int64), [row.name for row in lights],
                                             [row.facts.get("time") or "" for row in lights], values, states))
        self.summary.setText(self.tr("%n light(s), {0} excluded, {1} with remarks", "", len(lights)).format(
            np.count_nonzero(excluded), np.count_nonzero(unusual)))
        self.unusual.setEnabled(bool(unusual.any()))
        self.undo.setEnabled(bool(self._grades))

    def _current(self) -> FrameRow | None:
        return self.model.row_at(self.table.currentIndex().row())

    def _show_current(self) -> None:
        self.plots.select(frozenset(self.table.selected_rows()))
        row = self._current()
        for button in (self.accept, self.reject):
            button.setEnabled(row is not None)
        if row is None or row.role != "light":
            self.view.clear()
            self.caption.setText("" if row is None else row.name)
            return
        parts = [row.name]
        if row.facts.get("fwhm"):
            parts.append(self.tr("FWHM {0} px, {1} stars").format(f"{row.facts['fwhm']:.2f}", row.facts["stars"]))
        self.caption.setText("   ".join([*parts, self.model.words.remarks(row.remarks)]).strip())
        image = self.pictures.get(str(row.path))
        if image is not None and not image.isNull():
            self.view.show_picture(image)
        elif image is not None:
            self.view.clear()

    def _picture_ready(self, path: str) -> None:
        row = self._current()
        if row is not None and str(row.path) == path:
            self._show_current()

    def grade(self, action: str) -> None:
        """Accept or reject the selected lights, undo the last grading, or go to the next or previous light."""
        if action in ("next", "previous"):
            self.reel.step(1 if action == "next" else -1)
        elif action == "undo":
            self._undo()
        else:
            rows = [self.model.rows[number] for number in self.table.selected_rows()]
            self._exclude([row.key for row in rows if row.role == "light"], action == "reject")
            if len(rows) == 1:
                self.reel.step(1)

    def _exclude(self, keys: list[str], out: bool) -> None:
        changed = {key: not out for key in keys if (key in self.model.excluded) != out}
        if changed:
            self._grades.append(changed)
            self._document.exclude(list(changed), out)

    def _undo(self) -> None:
        if self._grades:
            before = self._grades.pop()
            for out in (True, False):
                if keys := [key for key, excluded in before.items() if excluded == out]:
                    self._document.exclude(keys, out)
            self._show_plots()

    def select_unusual(self) -> None:
        """Select the lights with remarks that are not excluded."""
        self.table.select_rows([number for number in self.model.shown if self.model.rows[number].remarks
                                and self.model.rows[number].key not in self.model.excluded])
        self.table.setFocus()

    def retranslate(self) -> None:
        self._night_label.setText(self.tr("Ni&ght:"))
        self._kind_label.setText(self.tr("&Kind:"))
        self.rescan.setText(self.tr("Scan &again"))
        self.stop.setText(self.tr("S&top"))
        self.accept.setText(self.tr("Accept (A)"))
        self.reject.setText(self.tr("Reject (X)"))
        self.undo.setText(self.tr("Undo (U)"))
        self.unusual.setText(self.tr("Select with re&marks"))
        self.blink.setText(self.tr("&Blink"))
        self.blink.setToolTip(self.tr("Show the selected frames, or all, one after another (Ctrl+B)"))
        self._speed_label.setText(self.tr("Sp&eed:"))
        self.speed.setAccessibleName(self.tr("Frames per second"))
        self.table.setAccessibleName(self.tr("Frames of the night"))
        self.view.setAccessibleName(self.tr("Image of the frame"))
        self.plots.setAccessibleName(self.tr("Quality of the lights over time; drag a rectangle to select frames"))
        self.progress.setAccessibleName(self.tr("Measuring frames"))
        chosen = self.kind.currentIndex() if self.kind.count() else 1
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItem(self.tr("all"), "")
        for role in ("light", "dark", "flat", "bias", "darkflat", "refused"):
            self.kind.addItem(self.model.words.kind(role), role)
        self.kind.setCurrentIndex(chosen)
        self.kind.blockSignals(False)
        self._fill_nights()
        self._show_part()
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(FrameModel.COLUMNS) - 1)
        self.table.fit_columns()
        self.model.refresh()
        self._show_busy()
