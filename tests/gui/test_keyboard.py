"""Everything in the window is reached and operated by Tab, the arrow keys and Enter, without a mouse and without shortcuts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

try:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QAbstractButton, QApplication, QRadioButton, QScrollArea, QTabBar, QWidget

    from orchestrator.gui.window import Window
    from tests.gui.test_accessibility import filled  # noqa: F401
except ImportError:  # conftest.py skips the tests
    pass

# More than there are controls on a page.
STEPS = 400


def reachable(widget: QWidget) -> bool:
    """Whether a widget is seen and can be operated."""
    return widget.isVisible() and widget.isEnabled()


def controls(window: Window) -> set[QWidget]:
    """What can be operated on the page that is shown; of radio buttons, one stands for its group."""
    found = {w for w in window.tabs.currentWidget().findChildren(QWidget)
             if reachable(w) and w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.focusProxy() is None
             and not isinstance(w, QScrollArea)}
    return {w for w in found if not (isinstance(w, QRadioButton) and not w.isChecked())
            and not (w.parentWidget() in found and w.metaObject().className() in ("QLineEdit", "QWidget", "QScrollBar"))}


def walk(qtbot: Any, window: Window, key: Any) -> list[QWidget]:
    """The widgets that have the focus one after the other, from the bar of pages back to it."""
    bar = window.tabs.tabBar()
    bar.setFocus()
    found: list[QWidget] = []
    for _ in range(STEPS):
        now = QApplication.focusWidget()
        qtbot.keyClick(now, key)
        now = QApplication.focusWidget()
        if now is bar:
            return found
        found.append(now)
    raise AssertionError(f"the focus does not come back: {found[-5:]}")


def test_tab_reaches_every_control_of_every_page_and_goes_round(qtbot, filled: Window) -> None:
    filled.activateWindow()
    qtbot.waitUntil(filled.isActiveWindow)
    bar = filled.tabs.tabBar()
    for number in range(filled.tabs.count()):
        bar.setFocus()
        while filled.tabs.currentIndex() != number:
            qtbot.keyClick(bar, Qt.Key.Key_Right if filled.tabs.currentIndex() < number else Qt.Key.Key_Left)
        qtbot.wait(20)
        wanted = controls(filled)
        walked = walk(qtbot, filled, Qt.Key.Key_Tab)
        missed = [(type(w).__name__, w.accessibleName() or getattr(w, "text", lambda: "")()) for w in wanted - set(walked)]
        assert wanted and not missed, (filled.tabs.tabText(number), missed)
        hidden = [w for w in walked if not reachable(w)]
        assert not hidden, (filled.tabs.tabText(number), hidden)
        assert isinstance(bar, QTabBar) and set(walk(qtbot, filled, Qt.Key.Key_Backtab)) >= wanted


def test_from_the_goal_to_the_run_by_keys_alone(qtbot, window: Window, tmp_path: Path) -> None:
    (tmp_path / "night").mkdir()
    window.document.add_nights([tmp_path / "night"])
    window.frames._drop_workers()
    window.start.show_scan({"overviews": [], "findings": [], "forecast": None})
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    begun: list[Any] = []
    window.run._launch = begun.append  # type: ignore[method-assign]
    window.tabs.tabBar().setFocus()

    def go_to(name: str) -> QWidget:
        for _ in range(STEPS):
            now = QApplication.focusWidget()
            if isinstance(now, QAbstractButton) and now.text().replace("&", "") == name:
                return now
            qtbot.keyClick(now, Qt.Key.Key_Tab)
        raise AssertionError(name)

    qtbot.keyClick(go_to("Best picture"), Qt.Key.Key_Down)
    assert window.document.goal == "quick"
    qtbot.keyClick(go_to("Stack"), Qt.Key.Key_Return)
    assert begun and window.tabs.currentWidget() is window.run
