"""The page Start, by clicks and keys: from an empty window to a run, and the buttons that resolve what was found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestrator import new_project

try:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QFileDialog

    from orchestrator.gui.night_card import FoundRow
    from orchestrator.gui.window import Window
    from tests.gui.test_window import click, drop
except ImportError:  # conftest.py skips the tests
    pass

SCAN = 60_000


def scanned(window: Window) -> bool:
    return window.start._found is not None and not window.start._waiting


def finding(key: str, where: str, level: str = "warning", about: str = "") -> dict[str, object]:
    return {"level": level, "where": where, "message": f"What is wrong ({key}).", "remedy": "Do this.", "key": key,
            "about": about, "texts": {}}


def night(name: str, path: Path, **values: object) -> dict[str, object]:
    return {"name": name, "path": str(path), "use": True, "filters": [["L", 20, 1200.0]], "device": "", "camera": "", "cfa": "",
            "shape": [100, 200], "calibration": [], "fields": [], "sample": "", "problem": "", "remedy": "", **values}


def with_nights(window: Window, root: Path, *names: str) -> None:
    """A project of empty folders, whose scan is replaced by ``show_scan`` of the test."""
    for name in names:
        (root / name).mkdir()
    window.document.add_nights([root / name for name in names])
    window.frames._drop_workers()


def test_from_an_empty_window_to_a_run_it_takes_a_folder_and_a_click(qtbot, window: Window, simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    page = window.start
    assert not page.panel.stack.isEnabled() and page.drop.project.isVisible() and "Add a night" in page.panel.reason.text()
    drop(window, folder)
    qtbot.waitUntil(lambda: scanned(window) and bool(page._pictures), timeout=SCAN)
    card = page.cards[0]
    qtbot.waitUntil(lambda: card.picture.pixmap().width() > 60)
    assert card.title.text() == folder.name and "8 lights" in card.lights.text() and "mono" in card.device.text()
    values = page.panel.values
    assert page.panel.stack.isEnabled() and "about" in values["time"].text() and "B" in values["disk"].text()
    window.document.set_runs_dir(tmp_path / "runs")
    begun: list[bool] = []
    window.run._launch = begun.append  # the run itself is tested elsewhere
    click(qtbot, page.panel.stack)
    assert begun and window.tabs.currentWidget() is window.run


def test_a_goal_in_words_changes_the_settings_and_own_settings_are_named(qtbot, window: Window) -> None:
    panel = window.start.panel
    assert panel.goals["default"].isChecked()
    panel.goals["default"].setFocus()
    qtbot.keyClick(panel.goals["default"], Qt.Key.Key_Down)
    assert window.document.settings["debayer"] == {"stage": "superpixel"} and panel.goals["quick"].isChecked()
    window.document.set_values({"weights.local": True})
    assert panel.own.isVisible() and not any(b.isChecked() for b in panel.goals.values())
    click(qtbot, panel.goals["default"])
    assert window.document.settings == {} and not panel.own.isVisible()


def test_findings_have_buttons_that_resolve_them(qtbot, window: Window, tmp_path: Path, monkeypatch) -> None:
    with_nights(window, tmp_path, "a", "b", "c")
    page, document = window.start, window.document
    qtbot.waitUntil(lambda: len(page.cards) == 3)
    found = [finding("refused", "a", "error"), finding("no_dark", "b"), finding("objects", "c"), finding("new_night", "nights",
             "note", str(tmp_path / "d")), finding("few_lights", "nights", "error"), finding("", "b", "note")]
    nights = [night(n, tmp_path / n, fields=[["M 31", 30], ["M 42", 10]]) for n in "abc"]
    page.show_scan({"overviews": nights, "findings": found, "forecast": None})
    window.frames.findings_changed.emit(found)
    assert not page.panel.stack.isEnabled() and not window.run.start.isEnabled() and "2 problems" in page.panel.reason.text()
    click(qtbot, page.panel.reason)
    rows = {(r.where, r.text.text()): r for r in page.findChildren(FoundRow)}

    def button(key: str, where: str) -> object:
        return rows[where, f"What is wrong ({key})."].button

    assert button("few_lights", "nights").hasFocus(), "the first error is shown, with its remedy in reach of a key"
    assert rows["b", "What is wrong (). Do this."].button is None, "without a button the remedy is in words"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "darks"))
    click(qtbot, button("no_dark", "b"))
    assert document.nights[1].settings == {"calibration": {"dark_master": str(tmp_path / "darks")}}
    click(qtbot, button("refused", "a"))
    assert [n.use for n in document.nights] == [False, True, True] and not page.cards[0].use.isChecked()
    button("objects", "c").menu().actions()[1].trigger()
    assert document.nights[2].settings == {"input": {"field": "M 42"}}
    click(qtbot, button("few_lights", "nights"))
    assert document.value("input.allow_emergency_mode") is True
    (tmp_path / "d").mkdir()
    click(qtbot, button("new_night", "nights"))
    assert [n.name for n in document.nights] == ["a", "b", "c", "d"]


def test_missing_flats_are_replaced_by_a_chosen_folder_and_the_scan_agrees(qtbot, window: Window, simulated, tmp_path: Path,
                                                                         monkeypatch) -> None:
    folder, _ = simulated("tiny_mono")
    shutil.copytree(folder, tmp_path / "night")
    shutil.move(tmp_path / "night" / "flats", tmp_path / "elsewhere")
    window.document.add_nights([tmp_path / "night"])
    page = window.start
    qtbot.waitUntil(lambda: scanned(window) and bool(page.cards), timeout=SCAN)
    row = next(r for r in page.cards[0].findChildren(FoundRow) if "flats" in r.text.text())
    assert row.level == "warning" and row.button is not None
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "elsewhere"))
    click(qtbot, row.button)
    assert page._found is None, "the nights are scanned again"
    qtbot.waitUntil(lambda: scanned(window), timeout=SCAN)
    assert not [f for f in page._found["findings"] if f["key"] == "no_flat"]


@pytest.mark.parametrize("how", ["dropped", "clicked"])
def test_a_project_is_opened_from_the_page(qtbot, window: Window, tmp_path: Path, how: str) -> None:
    new_project(tmp_path / "M31", "Andromeda", nights=1)
    if how == "dropped":
        drop(window, tmp_path / "M31")
    else:
        window._remember(tmp_path / "M31" / "project.yaml")
        button = window.start._recent.itemAt(0).widget()
        qtbot.waitUntil(button.isVisible)
        click(qtbot, button)
    assert window.document.name == "Andromeda" and window.start.title.text() == "Andromeda"
    assert not window.start._recent_title.isVisible(), "recent projects are shown in an empty window"
