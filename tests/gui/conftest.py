"""A window that tests operate as a user does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

try:
    from PySide6.QtCore import QSettings, QTimer
    from PySide6.QtWidgets import QApplication, QMessageBox

    from orchestrator.gui.translation import set_language
    from orchestrator.gui.window import Window
except ImportError as error:
    MISSING = str(error)
else:
    MISSING = ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Qt these tests are skipped with the reason; they fail if tools are required."""
    if not MISSING:
        return
    for item in items:
        if "gui" in item.path.parts and os.environ.get("ORCHESTRATE_REQUIRE_TOOLS") != "1":
            item.add_marker(pytest.mark.skip(reason=f"the window needs PySide6 and its libraries: {MISSING}"))


if not MISSING:

    @pytest.fixture(autouse=True)
    def english(qapp: QApplication) -> None:
        """A test before may have left another language."""
        set_language("en")


@pytest.fixture
def window(qtbot, tmp_path: Path) -> Iterator[Window]:  # type: ignore[no-untyped-def]
    """An empty window with separate stored settings."""
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "memory"))
    made = Window()
    made.set_language("en")
    made.show()
    yield made
    made.run.shut()
    made.document.clear()
    made.close()
    made.deleteLater()


@pytest.fixture
def answers() -> Callable[[QMessageBox.StandardButton], list[str]]:
    """answers(button): click this button of the next question; returns a list to which the text of the question is added."""

    def prepare(button: QMessageBox.StandardButton) -> list[str]:
        asked: list[str] = []

        def answer() -> None:
            box = QApplication.activeModalWidget()
            if isinstance(box, QMessageBox):
                asked.append(box.text())
                box.button(button).click()
            else:
                QTimer.singleShot(20, answer)

        QTimer.singleShot(20, answer)
        return asked

    return prepare
