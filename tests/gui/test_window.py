"""The window, by clicks and keys."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from astropy.io import fits

from orchestrator import new_project
from orchestrator.report.wording import label
from orchestrator.simulation import PRESETS, simulate_filters

try:
    from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
    from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent, QWheelEvent
    from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

    from orchestrator import gui
    from orchestrator.gui.window import Window
except ImportError:  # conftest.py skips the tests
    pass

SCAN, RUN = 60_000, 240_000
# Seconds without an update after which the window counts as frozen; generous, because the run keeps the machine busy.
FROZEN = 1.5


def drop(window: Window, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(p)) for p in paths])
    rest = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(50, 50), *rest)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), *rest))


def click(qtbot, widget: QWidget) -> None:  # type: ignore[no-untyped-def]
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def type_into(qtbot, window: Window, key: str, text: str) -> None:  # type: ignore[no-untyped-def]
    window.settings.show_setting(key)
    editor = window.settings.fields[key].editor
    editor.selectAll()
    qtbot.keyClicks(editor, text)


@contextmanager
def longest_pause() -> Iterator[list[float]]:
    """The longest time between two turns of the event loop in seconds, in a list."""
    found, last = [0.0], [time.monotonic()]

    def turn() -> None:
        now = time.monotonic()
        found[0], last[0] = max(found[0], now - last[0]), now

    timer = QTimer()
    timer.timeout.connect(turn)
    timer.start(10)
    yield found
    timer.stop()


def measured(window: Window) -> bool:
    lights = [r for r in window.frames.model.rows if r.role == "light"]
    return bool(lights) and all(r.facts.get("score") and r.thumbnail for r in lights)


def test_settings_are_checked_while_typing_and_can_be_reset_to_their_defaults(qtbot, window: Window, simulated) -> None:
    folder, _ = simulated("tiny_mono")
    window.tabs.setCurrentWidget(window.settings)
    page, low = window.settings, window.settings.fields["stacking.sigma_low"]
    drop(window, folder)
    type_into(qtbot, window, "stacking.sigma_low", "-3")
    assert "greater than 0" in low.error.text() and low.error.isVisible()
    assert not window.run.start.isEnabled() and window.document.settings == {}
    type_into(qtbot, window, "stacking.sigma_low", "5.5")
    assert window.document.settings == {"stacking": {"sigma_low": 5.5}} and window.run.start.isEnabled() and not page.problems
    # Values that are valid only in combination wait for each other.
    type_into(qtbot, window, "metrics.background_weight", "0.5")
    assert "must be 1" in page.problems["metrics"]
    type_into(qtbot, window, "metrics.noise_weight", "0.2")
    assert window.document.settings["metrics"] == {"background_weight": 0.5, "noise_weight": 0.2} and not page.problems
    click(qtbot, low.reset)
    assert "stacking" not in window.document.settings and low.editor.text() == "4"
    qtbot.keyClicks(page.search, "satellite")
    visible = [key for key, field in page.fields.items() if field.isVisible()]
    assert "stacking.trails" in visible and len(visible) < 5
    qtbot.keyClick(page.fields["stacking.trails"].editor, Qt.Key.Key_Space)
    assert window.document.settings["stacking"] == {"trails": False}


def test_the_window_responds_during_a_run_and_shows_its_result(qtbot, window: Window, simulated,
                                                               tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    window.document.add_nights([folder])
    window.document.set_values({"engine.name": "native", "astrometry.solver": "none", "runtime.workers": 1})
    window.document.save(tmp_path / "project.yaml")
    window.tabs.setCurrentWidget(window.run)
    qtbot.waitUntil(lambda: measured(window), timeout=SCAN)
    with longest_pause() as pause:
        click(qtbot, window.run.start)
        qtbot.waitUntil(lambda: "REGISTRATION" in window.run.states, timeout=RUN)
        for number in (0, 2, 4, 3):  # the user looks at other pages meanwhile
            window.tabs.setCurrentIndex(number)
            qtbot.wait(50)
        qtbot.waitUntil(lambda: not window.run.running, timeout=RUN)
    assert pause[0] < FROZEN
    assert window.run.states["VALIDATION"] == "ok" and "Finished" in window.run.status.text(), window.run.log.toPlainText()
    results = window.results
    window.tabs.setCurrentWidget(results)
    qtbot.waitUntil(lambda: results.picture.view.has_picture, timeout=20_000)
    assert results.report.isEnabled() and results.directory.parent == tmp_path / "runs"
    statistics = {results.facts.topLevelItem(i).text(0) for i in range(results.facts.topLevelItemCount())}
    assert label("fwhm_px") in statistics
    zoom = results.picture.view.zoom
    middle = QPointF(results.picture.view.viewport().rect().center())
    QApplication.sendEvent(results.picture.view.viewport(), QWheelEvent(
        middle, results.picture.view.viewport().mapToGlobal(middle), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False))
    assert results.picture.view.zoom > zoom
    click(qtbot, results.picture.one_to_one)
    assert results.picture.view.zoom == pytest.approx(1)
    for row in (1, 3):  # the plain mean, then a frame; between them is an image of another program, which opens a dialogue
        results.picture.against.setCurrentIndex(row)
        results.picture.against.activated.emit(row)
        assert not results.picture.view.is_compared or row == 3
        qtbot.waitUntil(lambda: results.picture.view.is_compared and results.picture.divider.isVisible(), timeout=SCAN)
    results.picture.product.setCurrentIndex(results.picture.product.findText("stacked.fits"))
    results.picture.product.activated.emit(results.picture.product.currentIndex())
    shown = results.picture
    qtbot.waitUntil(lambda: shown.view.has_picture and not shown.view.is_compared and not shown.note.text(), timeout=SCAN)


@pytest.mark.slow
def test_a_folder_of_several_filters_is_stacked_filter_by_filter_and_resumed(qtbot, window: Window, tmp_path: Path) -> None:
    folder = tmp_path / "M 8"
    simulate_filters(replace(PRESETS["tiny_mono"], n_frames=4, n_bias=3, n_dark=3, n_flat=3), {"Ha": {}, "OIII": {}}, folder)
    stray = folder / "lights" / "stray.fit"
    shutil.copy(folder / "lights" / "light_Ha_00001.fit", stray)
    fits.setval(stray, "FILTER", value="R")
    window.document.set_runs_dir(tmp_path / "runs")
    window.document.set_values({"engine.name": "native", "astrometry.solver": "none", "bge.enabled": False})
    drop(window, folder)
    page = window.run
    window.tabs.setCurrentWidget(page)
    qtbot.waitUntil(lambda: "Ha (4), OIII (4)" in page.status.text(), timeout=SCAN)
    assert "combined as HOO" in page.status.text() and "R is not stacked" in page.status.text()
    assert sum(r.role == "light" for r in window.frames.model.rows) == 8, "lights of every filter are shown as used"
    type_into(qtbot, window, "output.palette", "none")
    qtbot.waitUntil(lambda: "the stacks are not combined" in page.status.text(), timeout=SCAN)
    click(qtbot, window.settings.fields["output.palette"].reset)
    qtbot.waitUntil(lambda: "combined as HOO" in page.status.text(), timeout=SCAN)
    page.name.setText("a")
    click(qtbot, page.start)
    qtbot.waitUntil(lambda: "Filter OIII (2 of 2)" in page.status.text() and "LOCAL_METRICS" in page.states, timeout=RUN)
    assert page.run_progress.value() > page.run_progress.maximum() / 2
    click(qtbot, page.abort)
    qtbot.waitUntil(lambda: not page.running, timeout=RUN)
    assert page.directory == tmp_path / "runs" / "a" and "Aborted" in page.status.text(), page.log.toPlainText()
    first = (tmp_path / "runs" / "a-H" / "outputs" / "stacked.fits").stat().st_mtime_ns
    click(qtbot, page.resume)
    qtbot.waitUntil(lambda: not page.running, timeout=RUN)
    assert "Finished" in page.status.text() and page.states["COMBINATION"] == "ok", page.log.toPlainText()
    assert (tmp_path / "runs" / "a-H" / "outputs" / "stacked.fits").stat().st_mtime_ns == first
    assert {p.stem for p in (tmp_path / "runs" / "results").glob("*.fit")} == {"M_8_H", "M_8_O", "M_8_final"}
    window.tabs.setCurrentWidget(window.results)
    rows = window.results.runs
    picture = window.results.picture
    qtbot.waitUntil(lambda: picture.product.findText("stacked_rgb.fits") >= 0 and picture.view.has_picture,
                    timeout=20_000)
    assert [rows.topLevelItem(i).text(0) for i in range(rows.topLevelItemCount())] == ["a", "a-H", "a-O"]
    assert window.results.directory == tmp_path / "runs" / "a"
    shown = [window.results.picture.product.itemText(i) for i in range(window.results.picture.product.count())]
    assert shown[-2:] == ["a-H: preview.png", "a-O: preview.png"]
    window.results.runs.setCurrentItem(window.results.runs.findItems("a-O", Qt.MatchFlag.MatchExactly)[0])
    assert window.results.picture.product.findText("stacked.fits") >= 0 and window.results.picture.against.count()


@pytest.mark.slow
def test_closing_asks_during_a_run_and_an_aborted_run_can_be_resumed(qtbot, window: Window, simulated, tmp_path: Path,
                                                                     answers) -> None:
    folder, _ = simulated("tiny_mono")
    window.document.add_nights([folder])
    window.document.set_values({"engine.name": "native", "astrometry.solver": "none"})
    window.document.save(tmp_path / "project.yaml")
    window.tabs.setCurrentWidget(window.run)
    click(qtbot, window.run.start)
    qtbot.waitUntil(lambda: "SCAN_INPUT" in window.run.states, timeout=RUN)
    asked = answers(QMessageBox.StandardButton.No)
    assert not window.close() and window.isVisible() and "Abort the run" in asked[0]
    click(qtbot, window.run.abort)
    qtbot.waitUntil(lambda: not window.run.running, timeout=RUN)
    assert "Aborted" in window.run.status.text() and window.run.resume.isEnabled()
    manifest = window.run.directory / "manifest.json"
    assert '"aborted"' in manifest.read_text()
    click(qtbot, window.run.resume)
    qtbot.waitUntil(lambda: not window.run.running, timeout=RUN)
    assert "Finished" in window.run.status.text(), window.run.log.toPlainText()
    assert '"ok"' in manifest.read_text()


def test_a_crash_is_reported_and_closing_ends_a_run_in_an_orderly_way(qtbot, window: Window, simulated, tmp_path: Path,
                                                                      answers) -> None:
    folder, _ = simulated("tiny_mono")
    window.document.add_nights([folder])
    window.document.save(tmp_path / "project.yaml")
    click(qtbot, window.run.start)
    qtbot.waitUntil(lambda: window.run.running and window.run.worker.process_id > 0, timeout=10_000)
    window.run.worker._process.kill()
    qtbot.waitUntil(lambda: not window.run.running, timeout=10_000)
    assert "ended unexpectedly" in window.run.error.text.text() and window.run.start.isEnabled()
    click(qtbot, window.run.start)
    qtbot.waitUntil(lambda: "SCAN_INPUT" in window.run.states, timeout=RUN)
    directory = window.run.directory
    answers(QMessageBox.StandardButton.Yes)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=RUN)
    assert '"aborted"' in (directory / "manifest.json").read_text()


def test_a_project_is_saved_and_opened_and_changes_are_not_lost(qtbot, window: Window, simulated, tmp_path: Path,
                                                                answers) -> None:
    folder, _ = simulated("tiny_mono")
    file = tmp_path / "m31" / "project.yaml"
    window.document.add_nights([folder])
    qtbot.keyClicks(window.details.name, " M31")
    assert window.isWindowModified() and window.document.name == f"{folder.name} M31"
    window.document.set_values({"stacking.sigma_low": 5.0})
    window.details.edit("channels", {"R": "Red"})
    window.document.save(file)
    content = yaml.safe_load(file.read_text())
    assert content["settings"] == {"stacking": {"sigma_low": 5.0}} and content["channels"] == {"R": "Red"}
    assert not window.isWindowModified()
    for number in (1, 2):
        (tmp_path / "m31" / f"Session {number}" / "LIGHTS").mkdir(parents=True)
    drop(window, tmp_path / "m31")
    assert [n.name for n in window.document.nights] == [folder.name, "Session 1", "Session 2"]
    qtbot.waitUntil(lambda: len(window.start.cards) == 3)
    for card in window.start.cards[1:]:
        click(qtbot, card.remove)
    click(qtbot, window.start.cards[0].use)
    asked = answers(QMessageBox.StandardButton.Cancel)
    window._actions["new"].trigger()
    assert "Save the changes" in asked[0] and window.document.nights
    answers(QMessageBox.StandardButton.Save)
    window._actions["new"].trigger()
    assert not window.document.nights and yaml.safe_load(file.read_text())["nights"][0]["use"] is False
    window.open(file)
    assert [n.use for n in window.document.nights] == [False] and str(file) in window._recent()
    assert window.settings.fields["stacking.sigma_low"].editor.text() == "5"
    file.write_text("version: 99\nname: x\n")
    asked = answers(QMessageBox.StandardButton.Ok)
    window.open(file)
    assert "version 99" in asked[0] and window.document.nights


def test_a_folder_with_a_project_opens_the_project(window: Window, tmp_path: Path) -> None:
    new_project(tmp_path / "M31", "Andromeda", nights=2)
    window.open_paths([tmp_path / "M31"])
    assert window.document.project.name == "Andromeda" and window.document.path == tmp_path / "M31" / "project.yaml"


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_every_tab_can_be_reached_and_read_without_a_mouse(qtbot, window: Window, language: str) -> None:
    window.set_language(language)
    menus = [a.text() for a in window.menuBar().actions()]
    tabs = [window.tabs.tabText(i) for i in range(5)]
    letters = [t[t.index("&") + 1].lower() for t in menus + tabs]
    assert len(set(letters)) == len(letters), letters
    for number in range(5):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1 + number), Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda n=number: window.tabs.currentIndex() == n, timeout=2000)
        page = window.tabs.widget(number)
        for widget in page.findChildren(QWidget):
            own = widget.focusProxy() is None and widget.isVisible() and widget.isEnabled()
            if own and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
                assert name, (number, widget.metaObject().className(), widget.parent())


def test_texts_change_with_the_language_while_the_window_is_open(qtbot, window: Window) -> None:  # type: ignore[no-untyped-def]
    window.set_language("de")
    qtbot.waitUntil(lambda: window.tabs.tabText(1) == "Auf&nahmen" and window.run.start.text() == "Stac&ken", timeout=5000)
    window.set_language("fr")
    low = window.settings.fields["stacking.sigma_low"]
    qtbot.waitUntil(lambda: window.tabs.tabText(4) == "&Résultats" and "Seuil" in low.help.text(), timeout=5000)
    window.set_language("en")
    qtbot.waitUntil(lambda: window.run.start.text() == "Stac&k", timeout=5000)


def fields(text: str) -> set[str]:
    return set(re.findall(r"\{[\w:]+\}|%n", text))


@pytest.mark.parametrize("language", ["fr", "de"])
def test_every_text_of_the_window_is_translated_with_its_placeholders(language: str) -> None:
    file = Path(gui.__file__).parent / "i18n" / f"orchestrate_{language}.ts"
    for context in ElementTree.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            source, translation = message.findtext("source"), message.find("translation")
            if context.findtext("name") == "settings" and translation.get("type") == "unfinished":
                continue  # the help of a new setting is shown in English
            texts = [f.text for f in translation.iter("numerusform")] or [translation.text]
            assert all(texts) and translation.get("type") is None, source
            assert all(fields(t) == fields(source) for t in texts), source


def test_translation_files_contain_every_text_of_the_sources(tmp_path: Path) -> None:
    """scripts/translations.py has been run since texts were added."""
    folder = Path(gui.__file__).parent
    fresh = tmp_path / "fresh.ts"
    lupdate = Path(sys.executable).parent / "pyside6-lupdate"
    subprocess.run([str(lupdate), "-silent", "-no-obsolete", "-locations", "none", *map(str, sorted(folder.glob("*.py"))), "-ts",
                    str(fresh)], check=True, timeout=60)
    here = ElementTree.parse(folder / "i18n" / "orchestrate_fr.ts").getroot()
    known = {(c.findtext("name"), m.findtext("source")) for c in here.iter("context") for m in c.iter("message")}
    assert {(c.findtext("name"), m.findtext("source")) for c in ElementTree.parse(fresh).getroot().iter("context")
            for m in c.iter("message")} <= known


@pytest.mark.parametrize(("prepare", "words"), [
    ("sys.modules['PySide6'] = None; os.environ['QT_QPA_PLATFORM'] = 'offscreen'", "pip install"),
    ("[os.environ.pop(n, None) for n in ('DISPLAY', 'WAYLAND_DISPLAY', 'QT_QPA_PLATFORM')]", "no display")])
def test_what_the_window_lacks_is_reported(prepare: str, words: str) -> None:
    if "display" in words and not sys.platform.startswith("linux"):
        pytest.skip("only on Linux there may be no display")
    script = f"import os, sys, runpy; {prepare}; runpy.run_module('orchestrator.gui', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr
