"""The picture of a run: which image, compared with what, developed how; export, Siril."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QProcess, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from orchestrator import (
    OrchestrateError,
    PictureRecipe,
    RunEntry,
    RunImage,
    recipe_beside,
    run_images,
    save_recipe,
    siril_stacks,
    siril_window,
)
from orchestrator.gui.background import Background, read_picture
from orchestrator.gui.closer_panel import CloserPanel
from orchestrator.gui.icons import icon
from orchestrator.gui.image_view import ImageView
from orchestrator.gui.picture_painter import PicturePainter
from orchestrator.gui.recipe_panel import RecipePanel
from orchestrator.gui.style import GAP, primary
from orchestrator.gui.translation import Translated
from orchestrator.gui.wide_area import WideArea
from orchestrator.gui.worker_client import WorkerClient

__all__ = ["PicturePane"]

# Values of the comparisons that are not frames.
MEAN, OTHER = "/mean", "/other"
# Characters of the names of images that are seen at least.
NAME_LENGTH = 12
# Milliseconds after the last change of the recipe until a comparison is made again.
COMPARE_AFTER = 600

# Suffix and colour space of the kinds of pictures in the dialogue.
KINDS = tuple((suffix, space) for suffix in (".png", ".jpg", ".tif") for space in ("srgb", "display-p3"))


class PicturePane(Translated):
    """Reads image files in threads; worker processes convert maps, compare and export."""

    exported = Signal(str)
    run_changed = Signal(str)

    def __init__(self, background: Background, scratch: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background, self._scratch = background, scratch
        self._worker: WorkerClient | None = None
        self._exporter: WorkerClient | None = None
        self._number = 0
        self._requested = ""  # the image to show
        self._before: tuple[dict[str, Any], str] | None = None  # what is compared, and its label
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(COMPARE_AFTER)
        self._later.timeout.connect(lambda: self.compare_with(*self._before) if self._before is not None else None)
        self.directory: Path | None = None
        self.painter = PicturePainter(self)
        self.view = ImageView(self)
        self.view.set_painter(self.painter)
        self.product, self.against = QComboBox(self), QComboBox(self)
        self.product.activated.connect(lambda _index: self.show_product())
        self.against.activated.connect(lambda _index: self._compare())
        self._product_label, self._against_label = QLabel(self), QLabel(self)
        self._product_label.setBuddy(self.product)
        self._against_label.setBuddy(self.against)
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
        self.note.setMinimumHeight(self.note.fontMetrics().lineSpacing())  # the image keeps its size when a note appears
        self.recipe = RecipePanel(self)
        self.load_in_siril: Callable[[Path], None] | None = None  # the Siril from which the window was opened
        self.closer = CloserPanel(self.view, background, scratch, self)
        self.closer.noted.connect(self.note.setText)
        self.closer.run_changed.connect(self.run_changed)
        self.save, self.export, self.siril = (QPushButton(self) for _ in range(3))
        primary(self.export)
        self.export.setIcon(icon("export", "accent_text"))
        self.save.clicked.connect(self._save_recipe)
        self.export.clicked.connect(self.choose_and_export)
        self.siril.clicked.connect(self._open_in_siril)
        self._connect_painter()
        self._lay_out()
        self.retranslate()
        self.show_product()

    def _connect_painter(self) -> None:
        self.painter.opened.connect(self._opened)
        self.painter.refused.connect(self.note.setText)
        self.painter.overview_ready.connect(self._painted)
        self.recipe.changed.connect(self.painter.set_recipe)
        self.recipe.changed.connect(lambda _recipe: self._later.start() if self._before is not None else None)
        self.recipe.pick_requested.connect(lambda on: self.view.aim(on=on))
        self.view.clicked.connect(self._clicked)

    def _lay_out(self) -> None:
        middle, controls = QWidget(self), QWidget(self)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        for widget in (self._product_label, self.product, self._against_label, self.against):
            top.addWidget(widget, 1 if isinstance(widget, QComboBox) else 0)
            if isinstance(widget, QComboBox):  # names of files may be long: the window must not become wider than the screen
                widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                widget.setMinimumContentsLength(NAME_LENGTH)
        for part in (self.fit, self.one_to_one, self.zoom, self._divider_label):
            bottom.addWidget(part)
        bottom.addWidget(self.divider, 1)
        bottom.addStretch(0)
        pictures = QVBoxLayout(middle)
        pictures.setContentsMargins(0, 0, 0, 0)
        pictures.addLayout(top)
        pictures.addWidget(self.view, 1)
        pictures.addWidget(self.note)
        pictures.addLayout(bottom)
        column = QVBoxLayout(controls)
        column.setSpacing(GAP)
        column.addWidget(self.recipe)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addWidget(self.siril)
        column.addLayout(row)
        column.addWidget(self.export)
        column.addStretch(1)
        self.controls = QTabWidget(self)
        self.controls.setDocumentMode(True)
        self.controls.addTab(WideArea(controls, self), "")
        self.controls.addTab(self.closer, "")
        split = QSplitter(self)
        split.addWidget(middle)
        split.addWidget(self.controls)
        split.setStretchFactor(0, 1)
        split.setCollapsible(0, False)
        split.setSizes([600, 340])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(split)

    @property
    def image(self) -> Path | None:
        """The linear image whose picture is shown."""
        chosen = self.product.currentData()
        return chosen.path if chosen is not None and chosen.linear else None

    def show_run(self, directory: Path | None, entry: RunEntry | None) -> None:
        """List the images of a run and show the first."""
        self.directory = directory
        finished = entry is not None and entry.status in ("ok", "validation_failed") and bool(entry.lights)
        self.closer.show_run(directory, finished=finished)
        for combo in (self.product, self.against):
            combo.clear()
        if directory is not None and entry is not None:
            images = run_images(directory)
            for run in entry.combines:
                file = directory.with_name(run) / "outputs" / "preview.png"
                if file.is_file():
                    images.append(RunImage(f"{run}: {file.name}", file, False))
            for image in images:
                self.product.addItem(image.name, image)
            if finished:  # a combination has no lights
                for value in ("", MEAN, OTHER):
                    self.against.addItem("", value)
                for made in siril_stacks(directory):
                    self.against.addItem("", made)
                for frame in entry.lights:
                    self.against.addItem(frame, frame)
                self._name_comparisons()
        self.show_product()

    def show_product(self) -> None:
        """Show the image that is selected."""
        self._before = None
        self._drop_worker()
        self.against.setCurrentIndex(0 if self.against.count() else -1)
        self.against.setEnabled(self.against.count() > 0)  # nothing is compared with a combination
        self.note.clear()
        self._show_divider(on=False)
        chosen: RunImage | None = self.product.currentData()
        self._requested = str(chosen.path) if chosen is not None else ""
        linear = chosen is not None and chosen.linear
        self.closer.show_image(None)
        for widget in (self.recipe, self.save, self.export, self.siril):
            widget.setEnabled(linear)
        self.siril.setEnabled(chosen is not None and chosen.path.suffix == ".fits")
        if chosen is None:
            self.painter.close()
            self.view.clear()
            return
        path = str(chosen.path)
        if linear:
            self.note.setText(self.tr("Preparing the image …"))
            self.painter.open(path)
            return
        self.painter.close()
        if path.endswith(".png"):
            self._read(path, lambda image: self._put(path, image))
        else:
            self._start({"task": "stretch_image", "path": path},
                        lambda made: self._read(made["picture"], lambda image: self._put(path, image)))

    def _opened(self, recipe: PictureRecipe) -> None:
        self.note.clear()
        picture = self.painter.picture
        self.recipe.set_default(recipe)
        if picture is not None:
            self.recipe.set_colour(on=picture.colour)
            self.closer.show_image(picture.path, picture.shape, top_down=picture.top_down)

    def _painted(self, image: QImage, counts: Any) -> None:
        self.recipe.histogram.set_counts(counts)
        if self.against.currentIndex() <= 0:
            self.view.show_painted(image)

    def _read(self, path: str, then: Callable[[QImage], object]) -> None:
        self._background.do(lambda: read_picture(path), then)

    def _put(self, requested: str, image: QImage) -> None:
        if requested != self._requested:
            return
        if image.isNull():
            self.note.setText(self.tr("{0} cannot be shown.").format(requested))
        self.view.show_picture(image)

    def _compare(self) -> None:
        chosen = self.against.currentData()
        if chosen == OTHER:
            chosen = QFileDialog.getOpenFileName(self, self.tr("Compare with an image of the same field"),
                                                 str(self.directory.parent if self.directory is not None else ""))[0]
            if chosen:
                self.compare_with({"other": chosen}, Path(chosen).name)
                return
        if isinstance(chosen, Path):
            self.compare_with({"other": str(chosen)}, self.against.currentText())
        elif chosen:
            self.compare_with({"frame": None if chosen == MEAN else chosen}, self.against.currentText())
        else:
            self.show_product()

    def compare_with(self, before: dict[str, Any], label: str) -> None:
        """Show the plain mean ({"frame": None}), a frame or another image ({"other": path}) left of the divider."""
        self._drop_worker()
        self._before = (before, label)
        self._requested = f"{self.directory} {before}"
        self._start({"task": "compare", "directory": str(self.directory), "recipe": self.recipe.recipe().model_dump(mode="json"),
                     **before},
                    lambda made, wanted=self._requested: self._compared(wanted, made, label))

    def _compared(self, wanted: str, made: dict[str, Any], label: str) -> None:
        self.note.setText(made["note"])
        self._show_divider(on=True)
        labels = (label, self.tr("the stack"))

        def with_before(before: QImage) -> None:
            def with_after(after: QImage) -> None:
                if wanted == self._requested:
                    self.view.show_picture(after, size=self.painter.size or None)
                    self.view.show_before(before, labels)

            self._read(made["after"], with_after)

        self._read(made["before"], with_before)

    def _show_divider(self, *, on: bool) -> None:
        self.divider.setVisible(on)
        self._divider_label.setVisible(on)

    def _clicked(self, x: float, y: float) -> None:
        if self.recipe.pick.isChecked() and self.painter.picture is not None:
            self.recipe.pick_background(self.painter.picture.pick(x, y))
        elif self.controls.currentWidget() is self.closer:
            self.closer.click(x, y)

    def _save_recipe(self) -> None:
        if self.image is not None:
            try:
                save_recipe(self.recipe.recipe(), recipe_beside(self.image))
            except OrchestrateError as error:
                self.note.setText(str(error))
                return
            self.note.setText(self.tr("The recipe was saved: {0}").format(recipe_beside(self.image)))

    def choose_and_export(self) -> None:
        """Ask for a file and its kind, and write the picture."""
        if self.image is None or self.directory is None:
            return
        names = {".png": self.tr("PNG, 8 bits"), ".jpg": self.tr("JPEG"), ".tif": self.tr("TIFF, 16 bits")}
        spaces = {"srgb": "sRGB", "display-p3": "Display P3"}
        filters = [f"{names[suffix]}, {spaces[space]} (*{suffix})" for suffix, space in KINDS]
        proposed = self.directory.parent / f"{self.directory.name}.png"
        chosen, kind = QFileDialog.getSaveFileName(self, self.tr("Export the picture"), str(proposed), ";;".join(filters),
                                                   filters[0])
        if chosen:
            suffix, space = KINDS[filters.index(kind)] if kind in filters else KINDS[0]
            target = Path(chosen)
            known = target.suffix.lower() in {s for s, _ in KINDS} | {".jpeg", ".tiff"}
            self.export_to(target if known else target.with_name(target.name + suffix), space)

    def export_to(self, target: Path, space: str) -> None:
        """Write the picture in a worker process."""
        if self.image is None or (self._exporter is not None and self._exporter.running):
            return
        self.export.setEnabled(False)
        self.note.setText(self.tr("Writing {0} …").format(target))
        self._exporter = WorkerClient({"task": "export_picture", "path": str(self.image), "target": str(target), "space": space,
                                       "recipe": self.recipe.recipe().model_dump(mode="json")}, self)
        self._exporter.done.connect(lambda made: self._written(str(made)))
        self._exporter.failed.connect(lambda message, remedy: self.note.setText(f"{message} {remedy}"))
        self._exporter.ended.connect(lambda: self.export.setEnabled(self.image is not None))

    def _written(self, path: str) -> None:
        self.note.setText(self.tr("The picture was written: {0}").format(path))
        self.exported.emit(path)

    def _open_in_siril(self) -> None:
        chosen = self.product.currentData()
        if chosen is None:
            return
        if self.load_in_siril is not None:
            self.load_in_siril(chosen.path)
            return
        try:
            program, *words = siril_window(chosen.path)
        except OrchestrateError as error:
            self.note.setText(str(error))
            return
        if not QProcess.startDetached(program, words)[0]:
            self.note.setText(self.tr("The program {0} could not be started.").format(program))

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
        """End the workers and threads: the window closes."""
        for worker in (self._worker, self._exporter):
            if worker is not None and worker.running:
                worker.end()
        self.closer.shut()
        self.painter.shut()

    def _name_comparisons(self) -> None:
        if self.against.count():
            self.against.setItemText(0, self.tr("none"))
            self.against.setItemText(1, self.tr("the plain mean"))
            self.against.setItemText(2, self.tr("another image, such as a stack by Siril …"))
            for index in range(3, self.against.count()):
                what = self.against.itemData(index)
                text = self.tr("Siril's stack {0}") if isinstance(what, Path) else self.tr("the frame {0}")
                self.against.setItemText(index, text.format(Path(what).name))

    def retranslate(self) -> None:
        self._product_label.setText(self.tr("&Image:"))
        self._against_label.setText(self.tr("&Compare with:"))
        self._divider_label.setText(self.tr("&Divider:"))
        self.divider.setAccessibleName(self.tr("Divider between before and after"))
        self.view.setAccessibleName(self.tr("Image of the result"))
        self.view.setToolTip(self.tr("Wheel or + and -: zoom; drag: move; F: fit to the view; 1: 1:1"))
        self.fit.setText(self.tr("&Fit"))
        self.one_to_one.setText(self.tr("&1:1"))
        self.save.setText(self.tr("Sa&ve recipe"))
        self.save.setToolTip(self.tr("Keep these settings beside the image, for this page and for `orchestrate develop`"))
        self.export.setText(self.tr("E&xport picture …"))
        self.siril.setText(self.tr("Ope&n in Siril"))
        self.controls.setTabText(0, self.tr("Picture"))
        self.controls.setTabText(1, self.tr("Look closer"))
        self._name_comparisons()
