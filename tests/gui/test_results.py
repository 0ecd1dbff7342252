"""The page Results: a picture with controls, its recipe, its export."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from astropy.io import fits
from PIL import Image

from orchestrator import PictureRecipe, default_recipe, export_picture, load_recipe, recipe_beside, run_images, siril_window
from orchestrator.api import picture_tiles
from orchestrator.errors import ToolMissing

try:
    from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
    from PySide6.QtGui import QImage
    from PySide6.QtTest import QTest

    from orchestrator.gui.background import Background
    from orchestrator.gui.picture_pane import PicturePane
except ImportError:  # conftest.py skips the tests
    pass

WAIT = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    """A folder with the products of a run: 1500 x 1100 pixels in colour, a map, a preview."""
    outputs = tmp_path / "runs" / "one" / "outputs"
    outputs.mkdir(parents=True)
    (outputs.parent / "config.yaml").write_text("bge: {enabled: false}\n")
    v, u = np.mgrid[:1100, :1500]
    light = 0.3 * np.exp(-0.5 * ((u - 400) ** 2 + (v - 300) ** 2) / 60**2)
    sky = np.array([0.012, 0.02, 0.016])[:, None, None]
    image = (sky + light * np.array([1, 0.4, 0.5])[:, None, None]).astype(np.float32)
    image += np.random.default_rng(2).normal(0, 3e-4, image.shape).astype(np.float32)
    fits.writeto(outputs / "stacked_rgb_pcc.fits", image, fits.Header({"ROWORDER": "BOTTOM-UP"}))
    fits.writeto(outputs / "coverage.fits", np.full((1100, 1500), 8, np.float32))
    Image.fromarray(np.full((11, 15), 90, np.uint8)).save(outputs / "preview.png")
    return outputs.parent


@pytest.fixture
def pane(qtbot, tmp_path: Path, run_folder: Path, monkeypatch: pytest.MonkeyPatch  # type: ignore[no-untyped-def]
         ) -> Iterator[PicturePane]:
    monkeypatch.setattr(picture_tiles, "OVERVIEW", 256)
    background = Background()
    made = PicturePane(background, tmp_path)
    made.resize(1100, 700)
    made.show()
    made.directory = run_folder
    for image in run_images(run_folder):
        made.product.addItem(image.name, image)
    made.show_product()
    qtbot.waitUntil(lambda: made.view.has_picture, timeout=WAIT)
    yield made
    made.shut()
    background.shut()
    made.deleteLater()


def shown(pane: PicturePane) -> np.ndarray:
    """The pixels of the view, (h, w, 3)."""
    image = pane.view.viewport().grab().toImage().convertToFormat(pane.view.viewport().grab().toImage().Format.Format_RGB888)
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return data[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(int)


def test_the_images_of_a_run_are_listed_with_its_stack_first(run_folder: Path) -> None:
    assert [(i.name, i.linear) for i in run_images(run_folder)] == [
        ("stacked_rgb_pcc.fits", True), ("preview.png", False), ("coverage.fits", False)]
    assert default_recipe(run_images(run_folder)[0].path) == PictureRecipe(linked=True, level_sky=False)


def test_controls_change_the_picture_and_the_export_is_what_was_seen(qtbot, pane: PicturePane, tmp_path: Path) -> None:
    pane.recipe.stretch.setCurrentIndex(pane.recipe.stretch.findData("midtones"))
    qtbot.waitUntil(lambda: pane.painter.recipe.stretch == "midtones" and not pane.painter._painting, timeout=WAIT)
    before = shown(pane)
    histogram = pane.recipe.histogram
    start = QPoint(round(histogram._x(0)), histogram.height() - 5)
    QTest.mousePress(histogram, LEFT, pos=start)
    QTest.mouseMove(histogram, QPoint(round(histogram._x(0.2)), start.y()))
    QTest.mouseRelease(histogram, LEFT, pos=QPoint(round(histogram._x(0.2)), start.y()))
    assert pane.recipe.recipe().black == pytest.approx(0.2, abs=0.01)
    qtbot.waitUntil(lambda: shown(pane).mean() < before.mean() - 10, timeout=WAIT)
    pane.recipe.numbers["saturation"].box.setValue(2.0)
    pane.view.set_zoom(1.0)  # tiles of the image itself
    pane.view.centerOn(400, 1100 - 300)
    painter = pane.painter

    def ready() -> bool:
        # The third column is out of sight, where tiles may be of an earlier recipe.
        seen = [recipe for (level, _, column), (recipe, _) in painter._tiles.items() if level == 0 and column < 2]
        return bool(seen) and not painter._painting and not painter._asked and all(r == pane.recipe.recipe() for r in seen)

    qtbot.waitUntil(ready, timeout=WAIT)
    qtbot.wait(100)
    seen = shown(pane)
    with qtbot.waitSignal(pane.exported, timeout=WAIT):
        pane.export_to(tmp_path / "a.png", "srgb")
    with Image.open(tmp_path / "a.png") as picture:
        exported = np.asarray(picture).astype(int)
    corner = pane.view.mapToScene(0, 0)
    x, y = round(corner.x()), round(corner.y())
    assert np.abs(exported[y: y + seen.shape[0], x: x + seen.shape[1]] - seen).max() <= 2
    assert pane.recipe.recipe().saturation == 2


def test_a_recipe_is_saved_and_reset_returns_to_that_of_the_image(qtbot, pane: PicturePane) -> None:
    panel = pane.recipe
    panel.stretch.setCurrentIndex(panel.stretch.findData("ghs"))
    assert panel.numbers["focus"].slider.isVisible() and panel.numbers["strength"].value() is None
    panel.numbers["strength"].auto.setChecked(False)
    panel.numbers["strength"].box.setValue(4.5)
    panel.numbers["shadows"].box.setValue(0.4)
    panel.numbers["highlights"].box.setValue(0.2)  # adapted: not below shadows
    qtbot.mouseClick(pane.save, LEFT)
    saved = load_recipe(recipe_beside(pane.image))
    assert saved == panel.recipe() and (saved.stretch, saved.strength, saved.shadows) == ("ghs", 4.5, 0.4)
    qtbot.mouseClick(panel.reset, LEFT)
    assert panel.recipe() == PictureRecipe() and not panel.numbers["focus"].slider.isVisible()
    pane.show_product()  # opened again: the saved recipe
    qtbot.waitUntil(lambda: panel.recipe() == saved, timeout=WAIT)
    panel.histogram.setFocus()
    qtbot.keyClick(panel.histogram, Qt.Key.Key_3)
    qtbot.keyClick(panel.histogram, Qt.Key.Key_Left)
    assert panel.recipe().white == pytest.approx(0.995)


def test_a_place_of_the_background_is_picked_by_a_click(qtbot, pane: PicturePane) -> None:
    qtbot.mouseClick(pane.recipe.pick, LEFT)
    place = pane.view.mapFromScene(400, 1100 - 300)
    qtbot.mouseClick(pane.view.viewport(), LEFT, pos=place)
    found = pane.recipe.recipe()
    assert found.background == "picked" and found.background_levels == pytest.approx([0.312, 0.14, 0.166], rel=0.05)
    assert not pane.recipe.pick.isChecked()


def test_maps_have_no_controls_and_messages_name_the_cause(qtbot, pane: PicturePane, tmp_path: Path) -> None:
    pane.product.setCurrentIndex(pane.product.findText("coverage.fits"))
    pane.show_product()
    assert not pane.recipe.isEnabled() and not pane.export.isEnabled()
    qtbot.waitUntil(lambda: not pane.note.text() and pane.view.has_picture, timeout=WAIT)
    pane.product.setCurrentIndex(0)
    pane.image.write_bytes(b"no image")
    pane.show_product()
    qtbot.waitUntil(lambda: "stacked_rgb_pcc.fits" in pane.note.text() and "FITS" in pane.note.text(), timeout=WAIT)


def test_an_export_that_fails_is_reported(qtbot, pane: PicturePane, tmp_path: Path) -> None:
    pane.export_to(tmp_path / "missing" / "a.png", "srgb")
    qtbot.waitUntil(lambda: "could not be written" in pane.note.text() and pane.export.isEnabled(), timeout=WAIT)
    with pytest.raises(Exception, match="does not end with"):
        export_picture(pane.image, tmp_path / "a.gif", PictureRecipe())


class Answers:
    """In place of worker processes: the tasks that were asked, and what to answer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: dict[str, object], module: str = "closer_panel") -> None:
        self.tasks: list[dict[str, object]] = []
        asked = self.tasks

        class Client(QObject):
            reported, done, failed, ended = Signal(dict), Signal(object), Signal(str, str), Signal()
            running = False

            def __init__(self, task: dict[str, object], parent: QObject) -> None:
                super().__init__(parent)
                asked.append(task)
                QTimer.singleShot(0, self, lambda: (self.done.emit(answers.get(task["task"])), self.ended.emit()))

        monkeypatch.setattr(f"orchestrator.gui.{module}.WorkerClient", Client)


def test_a_click_shows_the_star_and_its_place_is_that_of_the_stored_image(qtbot, pane: PicturePane,
                                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    star = {"x": 400.2, "y": 300.4, "fwhm_px": 3.21, "fwhm_arcsec": 6.5, "roundness": 0.97, "fluxes": [100.0, 200.0, 300.0],
            "peak": 99.0, "snr": 55.0, "saturated": False, "frames": 8, "rejected": 1, "position": None}
    asked = Answers(monkeypatch, {"star": star}).tasks
    pane.controls.setCurrentWidget(pane.closer)
    qtbot.mouseClick(pane.view.viewport(), LEFT, pos=pane.view.mapFromScene(402, 1100 - 300))
    table = pane.closer.table
    qtbot.waitUntil(lambda: table.topLevelItemCount() > 5, timeout=WAIT)
    # Stored bottom up: the row is counted from the lower border.
    assert (asked[0]["x"], asked[0]["y"]) == (pytest.approx(401.5, abs=2), pytest.approx(299.5, abs=2))
    shown = {table.topLevelItem(i).text(0): table.topLevelItem(i).text(1) for i in range(table.topLevelItemCount())}
    assert shown["FWHM"] == "3.21 px = 6.50″" and shown["Frames"] == "8" and "Coordinates" not in shown
    assert pane.view._item.marks[0].y() == pytest.approx(1100 - 1 - 300.4 + 0.5)


def test_frames_of_a_flaw_are_ranked_and_excluded_there(qtbot, pane: PicturePane, run_folder: Path,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [{"file": f"/night/light_{k}.fit", "share": 0.1, "adds": 5.0 - k, "mean": 1.0, "deviation": 9.0 - k, "rejected": 0.0}
              for k in range(3)]
    made = {"rank_frames": frames, "exclude_frames": str(run_folder), "repeat_phase": str(run_folder)}
    asked = Answers(monkeypatch, made).tasks
    closer = pane.closer
    closer._directory, closer._finished = run_folder, True
    pane.controls.setCurrentWidget(closer)
    closer.subject.setCurrentIndex(1)
    pane.view.setFocus()
    qtbot.keyClick(pane.view, Qt.Key.Key_Return)  # the middle of the view, without a mouse
    qtbot.waitUntil(lambda: closer.table.topLevelItemCount() == 3, timeout=WAIT)
    x0, y0, x1, y1 = asked[0]["box"]
    near = 1 / pane.view.zoom + 1  # a pixel of the screen, and rounding
    assert (x1 - x0, y1 - y0) == (25, 25) and abs(x0 + 12 - 750) <= near and abs(y0 + 12 - 550) <= near
    assert not closer.here.isEnabled()
    closer.table.setCurrentItem(closer.table.topLevelItem(0))
    with qtbot.waitSignal(pane.run_changed, timeout=WAIT):
        qtbot.mouseClick(closer.here, LEFT)
    assert asked[1]["frames"] == ["light_0.fit"] and asked[1]["box"] == (x0, y0, x1, y1) and not asked[1]["undo"]
    with qtbot.waitSignal(pane.run_changed, timeout=WAIT):
        qtbot.mouseClick(closer.astrometry, LEFT)
    assert asked[2]["phase"] == "ASTROMETRY" and asked[2]["directory"] == str(run_folder)


def test_maps_are_drawn_over_the_picture(qtbot, pane: PicturePane, run_folder: Path) -> None:
    closer = pane.closer
    closer.show_run(run_folder)
    closer.show_image(pane.image, (1100, 1500), top_down=False)
    assert [closer.map.itemData(i) for i in range(closer.map.count())] == ["", "coverage"]
    before = shown(pane)[50:500, 50:600]
    closer.map.setCurrentIndex(1)
    closer.map.activated.emit(1)
    qtbot.waitUntil(lambda: "frames" in closer.legend.text() and not pane.view._item.map.isNull(), timeout=WAIT)
    assert np.abs(shown(pane)[50:500, 50:600] - before).mean() > 10
    closer.map.setCurrentIndex(0)
    closer.map.activated.emit(0)
    assert pane.view._item.map.isNull()
    closer.grid.setChecked(True)  # the image is not solved
    qtbot.waitUntil(lambda: "no coordinates" in pane.note.text(), timeout=WAIT)
    pane.view.show_lines([{"points": [[0, 550], [1500, 550]], "label": "+41d", "at": [200, 540], "is_object": False}])
    assert np.abs(shown(pane)[50:500, 50:600] - before).max() > 60


def test_the_divider_has_labels(qtbot, pane: PicturePane) -> None:
    pane.view.show_before(QImage(150, 110, QImage.Format.Format_RGB888), ("one frame", "the stack"))
    assert pane.view.is_compared and pane.view._labels == ("one frame", "the stack")
    left, right = shown(pane)[12:30, 12:90], shown(pane)[12:30, -90:-12]
    assert left.max() > 200 and right.max() > 200  # white letters on both sides
    pane.view.show_before(None)
    assert not pane.view.is_compared


def test_a_stack_by_siril_beside_the_frames_can_be_chosen_at_once(qtbot, pane: PicturePane, run_folder: Path, tmp_path: Path,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    found = tmp_path / "r_pp_light_stacked.fit"
    monkeypatch.setattr("orchestrator.gui.picture_pane.siril_stacks", lambda directory: [found])
    asked: list[tuple[dict[str, str], str]] = []
    monkeypatch.setattr(PicturePane, "compare_with", lambda self, before, label: asked.append((before, label)))
    pane.show_run(run_folder, SimpleNamespace(status="ok", lights=("l_1.fit",), combines=()))
    pane.against.setCurrentIndex(pane.against.findText("Siril's stack r_pp_light_stacked.fit"))
    pane.against.activated.emit(pane.against.currentIndex())
    assert asked == [({"other": str(found)}, "Siril's stack r_pp_light_stacked.fit")]


def test_a_comparison_is_made_again_when_the_recipe_changes(qtbot, pane: PicturePane, run_folder: Path, tmp_path: Path,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    paths = {which: str(tmp_path / f"{which}.png") for which in ("before", "after")}
    for path in paths.values():
        Image.fromarray(np.full((110, 150, 3), 80, np.uint8)).save(path)
    asked = Answers(monkeypatch, {"compare": {**paths, "note": "a note"}}, "picture_pane").tasks
    pane.compare_with({"other": "siril.fits"}, "siril.fits")
    qtbot.waitUntil(lambda: pane.view.is_compared and pane.divider.isVisible(), timeout=WAIT)
    assert pane.note.text() == "a note" and pane.view._labels == ("siril.fits", "the stack")
    assert pane.view._item.size.width() == 1500  # drawn in the size of the stack: position and zoom stay
    pane.recipe.stretch.setCurrentIndex(pane.recipe.stretch.findData("asinh"))
    qtbot.waitUntil(lambda: len(asked) == 2, timeout=WAIT)
    assert [task["recipe"]["stretch"] for task in asked] == ["natural", "asinh"] and asked[1]["other"] == "siril.fits"
    pane.show_product()
    pane.recipe.stretch.setCurrentIndex(0)
    qtbot.wait(800)
    assert len(asked) == 2


def test_the_window_of_siril_is_found_on_path_or_beside_siril_cli(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="window of Siril"):
        siril_window(Path("a.fits"), {"PATH": str(tmp_path), "HOME": str(tmp_path), "SIRIL_CLI": str(tmp_path / "none")})
    for name in ("siril-cli", "siril"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    wanted = [str(tmp_path / "bin" / "siril"), "a.fits"]
    assert siril_window(Path("a.fits"), {"PATH": str(tmp_path / "bin")}) == wanted
    assert siril_window(Path("a.fits"), {"PATH": "", "SIRIL_CLI": str(tmp_path / "bin" / "siril-cli")}) == wanted
