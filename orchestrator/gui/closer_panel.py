"""A closer look at a picture: the star or the frames at a place, maps and coordinates over it, and steps to repeat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from orchestrator import maps_of
from orchestrator.gui.background import Background, read_picture
from orchestrator.gui.image_view import ImageView
from orchestrator.gui.style import GAP, dim
from orchestrator.gui.translation import Translated
from orchestrator.gui.worker_client import WorkerClient

__all__ = ["CloserPanel"]

STAR, FRAMES = "star", "frames"
# Half side (px) of the box whose frames are ranked, and frames that are listed.
HALF, LISTED = 12, 20
# Characters of the choices that are seen at least.
NAME_LENGTH = 12
# Device-independent pixels.
FILE_WIDTH = 110


class CloserPanel(Translated):
    """Everything is computed by worker processes, one at a time for each kind of question."""

    noted = Signal(str)
    run_changed = Signal(str)  # a run directory whose images are new

    def __init__(self, view: ImageView, background: Background, scratch: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view, self._background, self._scratch = view, background, scratch
        self._workers: dict[str, WorkerClient] = {}
        self._number = 0
        self._directory: Path | None = None
        self._image: Path | None = None
        self._rows, self._columns, self._top_down = 0, 0, True
        self._box: tuple[int, int, int, int] | None = None
        self.subject, self.map = QComboBox(self), QComboBox(self)
        for value in (STAR, FRAMES):
            self.subject.addItem("", value)
        self.subject.currentIndexChanged.connect(lambda _index: self._clear())
        self.map.activated.connect(lambda _index: self._show_map())
        self._subject_label, self._map_label, self._again_label, self.legend = (QLabel(self) for _ in range(4))
        self._subject_label.setBuddy(self.subject)
        self._map_label.setBuddy(self.map)
        self.legend.setWordWrap(True)
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        dim(self.hint)
        self.grid = QCheckBox(self)
        self.grid.toggled.connect(lambda _on: self._show_grid())
        self.table = QTreeWidget(self)
        self.table.setRootIsDecorated(False)
        self.table.setAlternatingRowColors(True)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.header().setStretchLastSection(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.itemSelectionChanged.connect(self._enable)
        self.here, self.everywhere, self.undo, self.astrometry, self.colours, self.stop = (QPushButton(self) for _ in range(6))
        self.here.clicked.connect(lambda: self._exclude(self._box))
        self.everywhere.clicked.connect(lambda: self._exclude(None))
        self.undo.clicked.connect(lambda: self._exclude(None, undo=True))
        self.astrometry.clicked.connect(lambda: self._repeat("ASTROMETRY"))
        self.colours.clicked.connect(lambda: self._repeat("PCC"))
        self.stop.clicked.connect(self._cancel)
        self._lay_out()
        self.retranslate()
        self.show_run(None)

    def _lay_out(self) -> None:
        column, grid, excluding, again = QVBoxLayout(self), QGridLayout(), QGridLayout(), QHBoxLayout()
        column.setSpacing(GAP)
        grid.setColumnStretch(1, 1)
        for combo in (self.map, self.subject):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(NAME_LENGTH)
        grid.addWidget(self._map_label, 0, 0)
        grid.addWidget(self.map, 0, 1)
        grid.addWidget(self.legend, 1, 0, 1, 2)
        grid.addWidget(self.grid, 2, 0, 1, 2)
        grid.addWidget(self._subject_label, 3, 0)
        grid.addWidget(self.subject, 3, 1)
        excluding.addWidget(self.here, 0, 0)
        excluding.addWidget(self.everywhere, 0, 1)
        excluding.addWidget(self.undo, 1, 0, 1, 2)
        for button in (self.astrometry, self.colours, self.stop):
            again.addWidget(button)
        column.addLayout(grid)
        column.addWidget(self.hint)
        column.addWidget(self.table, 1)
        column.addLayout(excluding)
        column.addWidget(self._again_label)
        column.addLayout(again)

    def show_run(self, directory: Path | None, *, finished: bool = False) -> None:
        """Questions are about this run; those that change it need a finished one."""
        if self._directory != directory:
            self._drop()
        self._directory, self._finished = directory, finished
        self.map.clear()
        self.map.addItem("", "")
        for name in maps_of(directory) if directory is not None else []:
            self.map.addItem("", name)
        self.retranslate()
        self.show_image(None)

    def show_image(self, image: Path | None, shape: tuple[int, int] = (0, 0), *, top_down: bool = True) -> None:
        """Places are those of this image of ``shape`` (rows, columns); None for an image that is not a stack."""
        self._image, self._top_down = image, top_down
        self._rows, self._columns = shape
        self.map.setCurrentIndex(0)
        self._show_legend("")
        self.grid.blockSignals(True)
        self.grid.setChecked(False)
        self.grid.blockSignals(False)
        self._clear()

    def _clear(self) -> None:
        self._box = None
        self.table.clear()
        self._view.mark([])
        self._name_columns()
        self._enable()

    def _name_columns(self) -> None:
        star = self.subject.currentData() == STAR
        names = [self.tr("Measurement"), self.tr("Value")] if star else [
            self.tr("Frame"), self.tr("Adds (ADU)"), self.tr("Weight"), self.tr("Deviation"), self.tr("Rejected")]
        self.table.setColumnCount(len(names))
        self.table.setHeaderLabels(names)
        header, modes = self.table.header(), QHeaderView.ResizeMode
        for column in range(len(names)):
            header.setSectionResizeMode(column, modes.Stretch if star and column == 1 else modes.ResizeToContents)
        if not star:  # names of files may be long
            header.setSectionResizeMode(0, modes.Interactive)
            header.resizeSection(0, FILE_WIDTH)

    def _enable(self) -> None:
        working = self._busy("change")
        chosen = bool(self.table.selectedItems()) and self.subject.currentData() == FRAMES
        for button in (self.here, self.everywhere, self.undo):
            button.setEnabled(chosen and self._finished and not working)
            button.setVisible(self.subject.currentData() == FRAMES)
        for button in (self.astrometry, self.colours):
            button.setEnabled(self._finished and not working)
        self.stop.setVisible(working)
        for widget in (self.map, self.grid, self.subject):
            widget.setEnabled(self._image is not None)
        self.hint.setVisible(self._image is not None and not self.table.topLevelItemCount())

    def click(self, x: float, y: float) -> None:
        """Answer for the pixel x, y of the picture, which is upright."""
        if self._image is None:
            return
        row = y if self._top_down else self._rows - 1 - y
        self._clear()
        self._view.mark([(x + 0.5, y + 0.5)])
        if self.subject.currentData() == STAR:
            self._ask("place", {"task": "star", "path": str(self._image), "x": x, "y": row}, self._show_star)
            return
        column, row_number = round(x), round(row)
        box = (max(column - HALF, 0), max(row_number - HALF, 0), min(column + HALF + 1, self._columns),
               min(row_number + HALF + 1, self._rows))
        self._ask("place", {"task": "rank_frames", "directory": str(self._directory), "box": box},
                  lambda rows: self._show_frames(rows, box))

    def _show_star(self, found: dict[str, Any] | None) -> None:
        if found is None:
            self.noted.emit(self.tr("There is no star at this place."))
            return
        y = found["y"] if self._top_down else self._rows - 1 - found["y"]
        self._view.mark([(found["x"] + 0.5, y + 0.5)])
        arcsec = f" = {found['fwhm_arcsec']:.2f}″" if found["fwhm_arcsec"] is not None else ""
        rows = [(self.tr("Place (column, row)"), f"{found['x']:.1f}, {found['y']:.1f}"),
                (self.tr("Coordinates"), found["position"]),
                (self.tr("FWHM"), f"{found['fwhm_px']:.2f} px{arcsec}"),
                (self.tr("Roundness"), f"{found['roundness']:.2f}"),
                (self.tr("Flux (ADU)"), " / ".join(f"{f:.0f}" for f in found["fluxes"])),
                (self.tr("Brightest pixel (ADU)"), f"{found['peak']:.0f}"),
                (self.tr("Saturated"), self.tr("yes") if found["saturated"] else None),
                (self.tr("Magnitude, {0}").format(found.get("magnitude_band")),
                 None if found.get("magnitude") is None else f"{found['magnitude']:.2f} ± {found['magnitude_error']:.2f}"),
                (self.tr("Signal-to-noise"), f"{found['snr']:.0f}"),
                (self.tr("Frames"), found["frames"]), (self.tr("Rejected there"), found["rejected"])]
        for label, text in rows:
            if text is not None:
                QTreeWidgetItem(self.table, [label, str(text)]).setToolTip(1, str(text))
        self._enable()

    def _show_frames(self, frames: list[dict[str, Any]], box: tuple[int, int, int, int]) -> None:
        self._box = box
        for found in frames[:LISTED]:
            item = QTreeWidgetItem(self.table, [
                Path(found["file"]).name, f"{found['adds']:.3g}", f"{100 * found['share']:.1f} %", f"{found['deviation']:.1f} σ",
                f"{100 * found['rejected']:.0f} %"])
            item.setToolTip(0, found["file"])
        self._enable()

    def _exclude(self, box: tuple[int, int, int, int] | None, *, undo: bool = False) -> None:
        frames = [item.text(0) for item in self.table.selectedItems()]
        if frames:
            self._change({"task": "exclude_frames", "directory": str(self._directory), "frames": frames, "box": box,
                          "undo": undo})

    def _repeat(self, phase: str) -> None:
        self._change({"task": "repeat_phase", "directory": str(self._directory), "phase": phase})

    def _change(self, task: dict[str, Any]) -> None:
        """Change the run; its images are shown again at the end."""
        self._ask("change", task, lambda directory: self.run_changed.emit(directory))
        self._workers["change"].reported.connect(self._show_progress)
        self._workers["change"].ended.connect(self._enable)
        self._enable()

    def _show_progress(self, event: dict[str, Any]) -> None:
        if event.get("event") == "phase_start":
            self.noted.emit(self.tr("Working: {0} …").format(event.get("phase", "")))

    def _cancel(self) -> None:
        if self._busy("change"):
            self._workers["change"].cancel()

    def _show_map(self) -> None:
        self._view.show_map(None)
        self._show_legend("")
        name = self.map.currentData()
        if not name:
            return

        def then(made: dict[str, Any]) -> None:
            if self.map.currentData() == name:
                self._read(made["picture"])
                self._show_legend(self.tr("Dark blue {0}, yellow {1} {2}").format(f"{made['low']:.4g}", f"{made['high']:.4g}",
                                                                                  made["unit"]))

        self._ask("map", {"task": "overlay", "map": name, "directory": str(self._directory)}, then)

    def _show_legend(self, text: str) -> None:
        self.legend.setText(text)
        self.legend.setVisible(bool(text))

    def _show_grid(self) -> None:
        self._view.show_lines([])
        image = self._image
        if self.grid.isChecked():
            self._ask("grid", {"task": "coordinates", "path": str(image)}, lambda made: self._view.show_lines(
                made if self.grid.isChecked() and image == self._image else []))

    def _read(self, path: str) -> None:
        image_then = self._image

        def then(layer: QImage) -> None:
            if image_then == self._image:
                self._view.show_map(layer)

        self._background.do(lambda: read_picture(path), then)

    def _busy(self, kind: str) -> bool:
        return kind in self._workers and self._workers[kind].running

    def _ask(self, kind: str, task: dict[str, Any], then: Any) -> None:
        """Start a worker; an earlier one of the same kind is no longer needed."""
        if self._busy(kind):
            self._workers[kind].drop()
        self._number += 1
        self.noted.emit(self.tr("Measuring …"))
        worker = WorkerClient({**task, "folder": str(self._scratch), "name": f"closer{self._number}"}, self)
        self._workers[kind] = worker
        worker.done.connect(lambda _made: self.noted.emit(""))
        worker.done.connect(then)
        worker.failed.connect(lambda message, remedy: self.noted.emit(f"{message} {remedy}"))

    def _drop(self) -> None:
        for kind, worker in self._workers.items():
            if worker.running and kind != "change":
                worker.drop()

    def shut(self) -> None:
        """End the workers: the window closes. A change of a run ends in an orderly way, as an abort does."""
        for worker in self._workers.values():
            if worker.running:
                worker.end()

    def retranslate(self) -> None:
        self.hint.setText(self.tr("Click on the image, or press Enter there for the middle of the view."))
        self.subject.setItemText(0, self.tr("the star"))
        self.subject.setItemText(1, self.tr("the frames, ranked by what they add"))
        names = {"": self.tr("none"), "coverage": self.tr("frames at each place"), "weights": self.tr("weights"),
                 "rejected": self.tr("rejected frames"), "noise": self.tr("noise"),
                 "background": self.tr("background subtracted"), "residuals": self.tr("stack minus plain mean")}
        for index in range(self.map.count()):
            self.map.setItemText(index, names[self.map.itemData(index)])
        self._name_columns()
        self._subject_label.setText(self.tr("A c&lick shows:"))
        self._map_label.setText(self.tr("&Map:"))
        self.grid.setText(self.tr("Gri&d and objects"))
        self.grid.setToolTip(self.tr("Right ascension, declination and names of objects; needs a plate solution"))
        self.here.setText(self.tr("E&xclude here"))
        self.here.setToolTip(self.tr("Exclude the selected frames from the tiles at this place; only these are stacked again"))
        self.everywhere.setText(self.tr("Exclude every&where"))
        self.undo.setText(self.tr("Include a&gain"))
        self._again_label.setText(self.tr("Repeat for the finished stack:"))
        self.astrometry.setText(self.tr("Astr&ometry"))
        self.colours.setText(self.tr("C&olours"))
        self.stop.setText(self.tr("Sto&p"))
        self.table.setAccessibleName(self.tr("What is at the place that was clicked"))
        self.legend.setAccessibleName(self.tr("Colours of the map"))
