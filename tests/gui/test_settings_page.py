"""The page Settings: usual and all settings, presets with what they change."""

from __future__ import annotations

from typing import Any

try:
    from PySide6.QtCore import Qt

    from orchestrator.gui.document import Document
    from orchestrator.gui.settings_page import BASIC, SettingsPage
except ImportError:  # conftest.py skips the tests
    pass


def shown(page: Any) -> set[str]:
    return {key for key, field in page.fields.items() if not field.isHidden()}


def test_usual_settings_come_first_and_a_preset_shows_what_it_changes(qtbot) -> None:  # type: ignore[no-untyped-def]
    document = Document()
    page: Any = SettingsPage(document)
    qtbot.addWidget(page)
    page.show()
    assert shown(page) == set(BASIC) and len(BASIC) == 12 and page.list.isHidden()
    qtbot.mouseClick(page.expert, Qt.MouseButton.LeftButton, pos=page.expert.rect().center() * 0.2)
    assert page.expert.isChecked() and page.list.isVisible() and "input.min_frames" in shown(page)
    page.expert.setChecked(False)
    qtbot.keyClicks(page.search, "satellite")
    assert "stacking.trails" in shown(page), "the search finds all settings"
    page.search.clear()
    document.set_values({"stacking.sigma_low": 5.0, "stacking.exclude": [{"frame": "a.fit"}]})
    page.only_changed.setChecked(True)
    assert shown(page) == {"stacking.sigma_low", "stacking.exclude"}
    page.only_changed.setChecked(False)
    # A preset replaces the settings; each change is listed, and all are taken back together.
    before = document.settings
    page.preset.setCurrentText("quick")
    qtbot.mouseClick(page._apply, Qt.MouseButton.LeftButton)
    rows = [[page.changes.topLevelItem(k).text(c) for c in range(3)] for k in range(page.changes.topLevelItemCount())]
    assert ["stacking.sigma_low", "5", "4"] in rows and len(rows) > 2 and not page.changes.isHidden()
    assert document.value("stacking.exclude") == [{"frame": "a.fit"}], "lights that were rejected stay rejected"
    assert page.fields["stacking.sigma_low"].editor.text() == "4"
    qtbot.mouseClick(page.undo, Qt.MouseButton.LeftButton)
    assert document.settings == before and page.changes.isHidden() and page.fields["stacking.sigma_low"].editor.text() == "5"
    # A setting that is asked for is shown, also one for experts.
    page.show_setting("input.min_frames")
    assert page.expert.isChecked() and "input.min_frames" in shown(page)
