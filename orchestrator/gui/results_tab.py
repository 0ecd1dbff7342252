"""The tab Results: the runs, their images, a comparison before/after, and a link to the report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSlider,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from orchestrator import OrchestrateError, RunEntry, list_runs, statistics_rows, used_of_found
from orchestrator.gui.background import Background, read_picture
from orchestrator.gui.document import Document
from orchestrator.gui.image_view import ImageView
from orchestrator.gui.translation import Translated
from orchestrator.gui.worker_client import WorkerClient

__all__ = ["ResultsTab"]


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


class ResultsTab(Translated):
    """Reads image files in threads; worker processes convert FITS files and make the comparison before/after."""

    resume_requested = Signal(object)

    def __init__(self, document: Document, background: Background, scratch: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._background, self._scratch = document, background, scratch
        self._worker: WorkerClient | None = None
        self._number = 0
        self._requested = self._awaited = ""  # the image to show; the run to select when the runs are listed
        self.runs = self._list(4)
        self.runs.currentItemChanged.connect(lambda _now, _before: self._show_run())
        self.facts = self._list(2)
        self.product, self.against = QComboBox(self), QComboBox(self)
        self.product.activated.connect(lambda _index: self._show_product())
        self.against.activated.connect(lambda _index: self._compare())
        self._product_label, self._against_label = QLabel(self), QLabel(self)
        self._product_label.setBuddy(self.product)
        self._against_label.setBuddy(self.against)
        self.view = ImageView(self)
        self.fit, self.one_to_one, self.zoom = QPushButton(self), QPushButton(self), QLabel(self)
        self.fit.clicked.connect(self.view.fit)
        self.one_to_one.clicked.connect(lambda: self.view.set_zoom(1.0))
        self.view.zoomed.connect(lambda zoom: self.zoom.setText(f"{100 * zoom:.0f} %"))
        self.divider = QSlider(Qt.Orientation.Horizontal, self)
        self.divider.setRange(0, 100)
        self.divider.setValue(50)
        self.divider.valueChanged.connect(lambda value: self.view.set_split(value / 100))
        self.view.divided.connect(lambda share: self.divider.setValue(round(100 * share)))
        self._divider_label = QLabel(self)
        self._divider_label.setBuddy(self.divider)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
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
        tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        return tree

    def _lay_out(self) -> None:
        left, right = QWidget(self), QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.runs, 2)
        column.addWidget(self.facts, 3)
        for pair in ((self.report, self.folder), (self.resume, self.refresh)):
            row = QHBoxLayout()
            for button in pair:
                row.addWidget(button)
            column.addLayout(row)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        for widget in (self._product_label, self.product, self._against_label, self.against):
            top.addWidget(widget, 1 if isinstance(widget, QComboBox) else 0)
        for part in (self.fit, self.one_to_one, self.zoom, self._divider_label):
            bottom.addWidget(part)
        bottom.addWidget(self.divider, 1)
        pictures = QVBoxLayout(right)
        pictures.setContentsMargins(0, 0, 0, 0)
        pictures.addLayout(top)
        pictures.addWidget(self.view, 1)
        pictures.addWidget(self.note)
        pictures.addLayout(bottom)
        split = QSplitter(self)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([380, 640])
        QVBoxLayout(self).addWidget(split)

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

    def _now(self) -> tuple[str, str]:
        """The selected run and its state; while both stay the same, the tab need not be updated."""
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
        self._drop_worker()
        self.facts.clear()
        for combo in (self.product, self.against):
            combo.clear()
        if directory is not None and entry is not None:
            for label, text in statistics_rows(entry.statistics):
                item = QTreeWidgetItem(self.facts, [label, text])
                item.setToolTip(1, text)
            outputs = directory / "outputs"
            for file in (f for pattern in ("*.png", "*.fits", "master_tiles/*.fits") for f in sorted(outputs.glob(pattern))):
                self.product.addItem(file.relative_to(outputs).as_posix(), str(file))
            for run in entry.combines:
                file = directory.with_name(run) / "outputs" / "preview.png"
                if file.is_file():
                    self.product.addItem(f"{run}: {file.name}", str(file))
            self._fill_against(entry)
        self.report.setEnabled(directory is not None and (directory / "artifacts" / "report.html").is_file())
        self.folder.setEnabled(directory is not None)
        self.resume.setEnabled(entry is not None and entry.status in ("failed", "aborted", "unfinished", "incomplete"))
        self._show_product()

    def _fill_against(self, entry: RunEntry) -> None:
        if entry.status not in ("ok", "validation_failed") or not entry.lights:  # a combination has no lights
            return
        self.against.addItem(self.tr("none"), "")
        self.against.addItem(self.tr("the plain mean"), "mean")
        for frame in entry.lights:
            self.against.addItem(self.tr("the frame {0}").format(frame), frame)

    def _show_product(self) -> None:
        self._drop_worker()
        self.against.setCurrentIndex(0 if self.against.count() else -1)
        self.note.clear()
        self._show_divider(on=False)
        path = self.product.currentData()
        self._requested = path or ""
        if path is None:
            self.view.clear()
            return
        if path.endswith(".png"):
            self._read(path, lambda image: self._put(path, image))
            return
        self._start({"task": "stretch_image", "path": path},
                    lambda made: self._read(made["picture"], lambda image: self._put(path, image)))

    def _read(self, path: str, then: Callable[[QImage], object]) -> None:
        self._background.do(lambda: read_picture(path), then)

    def _put(self, requested: str, image: QImage, before: QImage | None = None) -> None:
        if requested != self._requested:
            return
        if image.isNull():
            self.note.setText(self.tr("{0} cannot be shown.").format(requested))
        self.view.show_picture(image, before)

    def _compare(self) -> None:
        frame = self.against.currentData()
        if not frame:
            self._show_product()
            return
        self._drop_worker()
        self._requested = f"{self.directory} {frame}"
        self._start({"task": "compare", "directory": str(self.directory), "frame": None if frame == "mean" else frame},
                    lambda made, wanted=self._requested: self._compared(wanted, made))

    def _compared(self, wanted: str, made: dict[str, str]) -> None:
        self.note.setText(made["note"])
        self._show_divider(on=True)

        def with_before(before: QImage) -> None:
            self._read(made["after"], lambda after: self._put(wanted, after, before))

        self._read(made["before"], with_before)

    def _show_divider(self, *, on: bool) -> None:
        self.divider.setVisible(on)
        self._divider_label.setVisible(on)

    def _start(self, task: dict[str, Any], then: Any) -> None:
        self._number += 1
        self.note.setText(self.tr("Preparing the image …"))
        self._worker = WorkerClient({**task, "folder": str(self._scratch), "name": f"result{self._number}"}, self)
        self._worker.done.connect(lambda _made: self.note.clear())
        self._worker.done.connect(then)
        self._worker.failed.connect(lambda message, remedy: self.note.setText(f"{message} {remedy}"))

    def _drop_worker(self) -> None:
        if self._worker is not None and self._worker.running:
            self._worker.drop()
        self._worker = None

    def shut(self) -> None:
        """End the worker: the window closes."""
        if self._worker is not None and self._worker.running:
            self._worker.end()

    def _open(self, name: str) -> None:
        if self.directory is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.directory / name)))

    def retranslate(self) -> None:
        self.runs.setHeaderLabels([self.tr("Run"), self.tr("State"), self.tr("Frames"), self.tr("FWHM (px)")])
        self.runs.setAccessibleName(self.tr("Runs"))
        self.facts.setHeaderLabels([self.tr("Measurement"), self.tr("Value")])
        self.facts.setAccessibleName(self.tr("Measurements of the run"))
        self._product_label.setText(self.tr("&Image:"))
        self._against_label.setText(self.tr("&Compare with:"))
        self._divider_label.setText(self.tr("&Divider:"))
        self.divider.setAccessibleName(self.tr("Divider between before and after"))
        self.view.setAccessibleName(self.tr("Image of the result"))
        self.view.setToolTip(self.tr("Wheel or + and -: zoom; drag: move; F: fit to the view; 1: 1:1"))
        self.fit.setText(self.tr("&Fit"))
        self.one_to_one.setText(self.tr("&1:1"))
        self.report.setText(self.tr("Open r&eport"))
        self.folder.setText(self.tr("Open fo&lder"))
        self.refresh.setText(self.tr("Refre&sh"))
        self.resume.setText(self.tr("Res&ume this run"))
        for number in range(self.runs.topLevelItemCount()):
            item = self.runs.topLevelItem(number)
            entry = self._entries.get(str(item.data(0, Qt.ItemDataRole.UserRole))) if item is not None else None
            if item is not None and entry is not None:
                item.setText(1, self._status(entry.status))
        if self.against.count():
            self.against.setItemText(0, self.tr("none"))
            self.against.setItemText(1, self.tr("the plain mean"))
