"""Results: the runs, their pictures, before and after, and the way to the report."""

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

from orchestrator import OrchestrateError, RunEntry, list_runs
from orchestrator.gui.background import Background, read_picture
from orchestrator.gui.document import Document
from orchestrator.gui.image_view import ImageView
from orchestrator.gui.translation import Translated
from orchestrator.gui.worker_client import Job

__all__ = ["ResultsTab"]


def runs_in(folder: Path) -> list[RunEntry]:
    """The runs in a folder, newest first, those of filters after what combines them; none where there is no such folder."""
    try:
        entries = {entry.name: entry for entry in list_runs(folder)[::-1]}
    except OrchestrateError:
        return []
    parts = {run for entry in entries.values() for run in entry.combines}
    return [one for name, entry in entries.items() if name not in parts
            for one in (entry, *(entries[run] for run in entry.combines if run in entries))]


class ResultsTab(Translated):
    """Pictures of a run are read in threads, those of FITS files and of before and after are made by jobs."""

    resume_asked = Signal(object)

    def __init__(self, document: Document, background: Background, scratch: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._background, self._scratch = document, background, scratch
        self._job: Job | None = None
        self._number = 0
        self._wanted = self._awaited = ""  # the picture to show; the run to choose when the runs are listed
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
        self.fit, self.real, self.zoom = QPushButton(self), QPushButton(self), QLabel(self)
        self.fit.clicked.connect(self.view.fit)
        self.real.clicked.connect(lambda: self.view.set_zoom(1.0))
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
        self.report, self.folder, self.again, self.resume = (QPushButton(self) for _ in range(4))
        self.report.clicked.connect(lambda: self._open("artifacts/report.html"))
        self.folder.clicked.connect(lambda: self._open(""))
        self.again.clicked.connect(lambda: self.read())
        self.resume.clicked.connect(lambda: self.resume_asked.emit(self.directory))
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
        for pair in ((self.report, self.folder), (self.resume, self.again)):
            row = QHBoxLayout()
            for button in pair:
                row.addWidget(button)
            column.addLayout(row)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        for widget in (self._product_label, self.product, self._against_label, self.against):
            top.addWidget(widget, 1 if isinstance(widget, QComboBox) else 0)
        for part in (self.fit, self.real, self.zoom, self._divider_label):
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
        """List the runs anew; ``choose``: the folder of the one to show."""
        self._awaited = chosen = choose or str(self.directory or self._awaited)
        folder = self._document.runs_dir
        self._background.do(lambda: runs_in(folder), lambda found: self._listed(found, chosen))

    def _listed(self, entries: list[RunEntry], chosen: str) -> None:
        self.runs.blockSignals(True)
        self.runs.clear()
        self._entries = {str(entry.directory): entry for entry in entries}
        for path, entry in self._entries.items():
            item = QTreeWidgetItem(self.runs, [entry.name, self._status(entry.status), entry.frames,
                                               f"{entry.fwhm:.2f}" if entry.fwhm else ""])
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
        """The run that is chosen and its state: what is shown need not be shown anew while both stay."""
        entry = self._entries.get(str(self.directory))
        return (str(entry.directory), entry.status) if entry is not None else ("", "")

    def _status(self, status: str) -> str:
        words = {"ok": self.tr("finished"), "validation_failed": self.tr("finished, threshold missed"),
                 "failed": self.tr("failed"), "aborted": self.tr("aborted"), "running": self.tr("running"),
                 "unfinished": self.tr("unfinished"), "incomplete": self.tr("finished, a filter is missing")}
        return words.get(status, status)

    def _show_run(self) -> None:
        directory = self.directory
        entry = self._entries.get(str(directory))
        self._shown = self._now()
        self._drop_job()
        self.facts.clear()
        for combo in (self.product, self.against):
            combo.clear()
        if directory is not None and entry is not None:
            for name, value in entry.statistics.items():
                item = QTreeWidgetItem(self.facts, [name, str(value)])
                item.setToolTip(1, str(value))
            files = sorted((directory / "outputs").glob("*.png")) + sorted((directory / "outputs").glob("*.fits"))
            for file in files:
                self.product.addItem(file.name, str(file))
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
        if entry.status not in ("ok", "validation_failed") or not entry.lights:  # of several filters: their runs have them
            return
        self.against.addItem(self.tr("nothing"), "")
        self.against.addItem(self.tr("the plain mean"), "mean")
        for frame in entry.lights:
            self.against.addItem(self.tr("the frame {0}").format(frame), frame)

    def _show_product(self) -> None:
        self._drop_job()
        self.against.setCurrentIndex(0 if self.against.count() else -1)
        self.note.clear()
        self._show_divider(on=False)
        path = self.product.currentData()
        self._wanted = path or ""
        if path is None:
            self.view.clear()
            return
        if path.endswith(".png"):
            self._read(path, lambda image: self._put(path, image))
            return
        self._start({"job": "picture", "path": path},
                    lambda made: self._read(made["picture"], lambda image: self._put(path, image)))

    def _read(self, path: str, then: Callable[[QImage], object]) -> None:
        self._background.do(lambda: read_picture(path), then)

    def _put(self, wanted: str, image: QImage, before: QImage | None = None) -> None:
        if wanted != self._wanted:
            return
        if image.isNull():
            self.note.setText(self.tr("{0} cannot be shown.").format(wanted))
        self.view.show_picture(image, before)

    def _compare(self) -> None:
        frame = self.against.currentData()
        if not frame:
            self._show_product()
            return
        self._drop_job()
        self._wanted = f"{self.directory} {frame}"
        self._start({"job": "compare", "directory": str(self.directory), "frame": None if frame == "mean" else frame},
                    lambda made, wanted=self._wanted: self._compared(wanted, made))

    def _compared(self, wanted: str, made: dict[str, str]) -> None:
        self.note.setText(made["note"])
        self._show_divider(on=True)

        def with_before(before: QImage) -> None:
            self._read(made["after"], lambda after: self._put(wanted, after, before))

        self._read(made["before"], with_before)

    def _show_divider(self, *, on: bool) -> None:
        self.divider.setVisible(on)
        self._divider_label.setVisible(on)

    def _start(self, job: dict[str, Any], then: Any) -> None:
        self._number += 1
        self.note.setText(self.tr("Making the picture …"))
        self._job = Job({**job, "folder": str(self._scratch), "name": f"result{self._number}"}, self)
        self._job.done.connect(lambda _made: self.note.clear())
        self._job.done.connect(then)
        self._job.failed.connect(lambda message, remedy: self.note.setText(f"{message} {remedy}"))

    def _drop_job(self) -> None:
        if self._job is not None and self._job.running:
            self._job.drop()
        self._job = None

    def shut(self) -> None:
        """End what is under way: the window closes."""
        if self._job is not None and self._job.running:
            self._job.end()

    def _open(self, name: str) -> None:
        if self.directory is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.directory / name)))

    def retranslate(self) -> None:
        self.runs.setHeaderLabels([self.tr("Run"), self.tr("State"), self.tr("Frames"), self.tr("FWHM (px)")])
        self.runs.setAccessibleName(self.tr("Runs"))
        self.facts.setHeaderLabels([self.tr("Measured"), self.tr("Value")])
        self.facts.setAccessibleName(self.tr("What the run found"))
        self._product_label.setText(self.tr("P&icture:"))
        self._against_label.setText(self.tr("&Compared with:"))
        self._divider_label.setText(self.tr("&Divider:"))
        self.divider.setAccessibleName(self.tr("Divider between before and after"))
        self.view.setAccessibleName(self.tr("Picture of the result"))
        self.view.setToolTip(self.tr("Wheel or + and -: zoom; drag: move; F: fit; 1: one to one"))
        self.fit.setText(self.tr("&Fit"))
        self.real.setText(self.tr("&1:1"))
        self.report.setText(self.tr("Open r&eport"))
        self.folder.setText(self.tr("Open fo&lder"))
        self.again.setText(self.tr("Read &again"))
        self.resume.setText(self.tr("Res&ume this run"))
        for number in range(self.runs.topLevelItemCount()):
            item = self.runs.topLevelItem(number)
            entry = self._entries.get(str(item.data(0, Qt.ItemDataRole.UserRole))) if item is not None else None
            if item is not None and entry is not None:
                item.setText(1, self._status(entry.status))
        if self.against.count():
            self.against.setItemText(0, self.tr("nothing"))
            self.against.setItemText(1, self.tr("the plain mean"))
