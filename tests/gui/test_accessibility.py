"""Everyone can read and reach the window: names, contrast in both appearances, the tour, and an event loop that never waits."""

from __future__ import annotations

import gc
import time
from collections import Counter
from pathlib import Path

import pytest

from orchestrator import ProjectNight

try:
    from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
    from PySide6.QtGui import QAccessible, QColor, QImage
    from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QProgressBar, QTreeWidgetItem, QWidget

    from orchestrator.gui import style
    from orchestrator.gui.app import spare_collector
    from orchestrator.gui.icons import ICONS, icon
    from orchestrator.gui.window import Window
    from tests.gui.test_start_page import finding, night
    from tests.gui.test_window import click
except ImportError:  # conftest.py skips the tests
    pass

# WCAG 2.1, 1.4.3 and 1.4.11: least contrast of text, and of lines and icons.
TEXT, OTHER = 4.5, 3.0


def luminance(colour: QColor) -> float:
    """Relative luminance (WCAG 2.1)."""
    shares = (colour.redF(), colour.greenF(), colour.blueF())
    parts = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in shares]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", ["LIGHT", "DARK"])
def test_every_text_colour_is_readable_on_every_ground(colours: str) -> None:
    palette = {name: QColor(value) for name, value in getattr(style, colours).items()}
    for text in ("text", "secondary", "error", "warning", "ok"):
        for ground in ("window", "base", "alternate"):
            assert contrast(palette[text], palette[ground]) >= TEXT, (text, ground)
    assert contrast(palette["text"], palette["button"]) >= TEXT and contrast(palette["text"], palette["bar"]) >= TEXT
    for ground in ("accent", "accent_hover"):
        assert contrast(palette["accent_text"], palette[ground]) >= TEXT
    assert contrast(palette["plot"], palette["window"]) >= OTHER


@pytest.fixture
def filled(qtbot, window: Window, tmp_path: Path):  # type: ignore[no-untyped-def]
    """A window with a night, findings of every level, and a run that has failed, in any appearance."""
    (tmp_path / "night").mkdir()
    window.resize(1280, 800)
    window.document.add_nights([tmp_path / "night"])
    window.frames._drop_workers()
    dark = {"role": "dark", "count": 3, "master": False, "origin": "night", "exposures": [30.0], "gains": [100.0],
            "temperatures": [-10.0], "filters": [], "ratio": 1.0}
    found = [finding("no_flat", "night"), finding("refused", "night", "error"), finding("", "night", "note")]
    window.start.show_scan({"overviews": [night("night", tmp_path / "night", calibration=[dark])], "findings": found,
                            "forecast": None})
    window.run._outcome = ("failed", "The disk is full.", 1)
    window.run.directory = tmp_path
    window.run.more.setChecked(True)
    window.run._show()
    yield window
    style.set_appearance("light")
    QApplication.instance().setStyleSheet("")


def picture_of(window: Window) -> QImage:
    image = QImage(window.size() * 2, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2)
    window.render(image)
    return image


def text_of(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        return widget.text()
    return widget.text() if isinstance(widget, QProgressBar) and widget.isTextVisible() else ""


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_every_text_on_every_page_has_contrast(qtbot, filled: Window, appearance: str) -> None:
    style.set_appearance(appearance)
    poor, seen = [], 0
    for number in range(filled.tabs.count()):
        filled.tabs.setCurrentIndex(number)
        qtbot.wait(30)
        image = picture_of(filled)
        for widget in filled.findChildren(QWidget):
            if not text_of(widget) or not widget.isVisible() or not widget.isEnabled() or widget.visibleRegion().isEmpty():
                continue
            shown = widget.visibleRegion().boundingRect()
            if shown.size() != widget.size():
                continue  # partly scrolled out of sight
            corner = widget.mapTo(filled, QPoint(0, 0))
            area = QRect(corner * 2, widget.size() * 2).adjusted(6, 6, -6, -6).intersected(image.rect())
            part = image.copy(area)
            colours = Counter(part.pixel(x, y) for x in range(part.width()) for y in range(0, part.height(), 2))
            if len(colours) < 2:
                continue
            ground = QColor(colours.most_common(1)[0][0])
            best = max(contrast(QColor(c), ground) for c in colours)
            seen += 1
            if best < TEXT:
                poor.append((filled.tabs.tabText(number), type(widget).__name__, text_of(widget), round(best, 2)))
    assert seen > 60 and not poor, poor


def cut_texts(window: Window) -> list[str]:
    """The texts on the page that is shown which have less room than they need, or are cut at a side."""
    found = []
    for widget in window.tabs.currentWidget().findChildren(QWidget):
        if not isinstance(widget, QLabel | QAbstractButton) or not widget.isVisible() or not text_of(widget):
            continue
        wrapped = isinstance(widget, QLabel) and widget.wordWrap()
        needed = widget.heightForWidth(widget.width()) if wrapped else widget.minimumSizeHint().width()
        right, seen = widget.mapTo(window, QPoint(widget.width(), 0)).x(), widget.visibleRegion().boundingRect()
        if (widget.height() if wrapped else widget.width()) < needed or right > window.width() or (
                not seen.isEmpty() and seen.width() < widget.width()):
            found.append(text_of(widget))
    return found


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_nothing_is_cut_at_1280_by_800(qtbot, filled: Window, language: str) -> None:
    filled.set_language(language)
    facts = filled.results.facts
    QTreeWidgetItem(facts, ["mount", "the field turns by 2.5 degrees during the night, which is more than usual"])
    QTreeWidgetItem(facts, ["engine", "native"])
    for number in range(filled.tabs.count()):
        filled.tabs.setCurrentIndex(number)
        qtbot.waitUntil(lambda: not cut_texts(filled), timeout=3000)
        assert filled.size() == QSize(1280, 800), "no page makes the window larger"
    rows = [facts.visualItemRect(facts.topLevelItem(k)).height() for k in range(2)]
    assert rows[0] > 1.5 * rows[1], "long values are wrapped"


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_icons_follow_the_appearance(window: Window, appearance: str) -> None:
    style.set_appearance(appearance)
    for name in ICONS:
        drawn = icon(name).pixmap(24, 24).toImage()
        strokes = [QColor(drawn.pixel(x, y)) for x in range(24) for y in range(24) if drawn.pixelColor(x, y).alpha() > 200]
        assert strokes and max(contrast(c, style.colour("window")) for c in strokes) >= OTHER, name
    QApplication.instance().setStyleSheet("")


def test_every_widget_that_takes_the_focus_has_a_name(qtbot, filled: Window) -> None:
    filled.details.show()
    filled.tour.begin()
    for number in range(filled.tabs.count()):
        filled.tabs.setCurrentIndex(number)
        for widget in (*filled.findChildren(QWidget), *filled.details.findChildren(QWidget)):
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus \
                    and widget.focusProxy() is None:
                name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
                assert name, (number, widget.metaObject().className(), widget.parent())


def test_the_tour_has_four_steps_can_be_skipped_and_is_shown_once(qtbot, window: Window) -> None:
    tour, pages = window.tour, []
    window.offer_tour()
    for _ in range(4):
        pages.append((window.tabs.currentIndex(), tour.title.text()))
        assert tour.isVisible() and window.rect().contains(tour.geometry())
        qtbot.keyClick(tour.next, Qt.Key.Key_Space)
    assert [p for p, _ in pages] == [0, 0, 3, 4] and len({t for _, t in pages}) == 4
    assert not tour.isVisible() and window.tabs.currentIndex() == 0
    window.offer_tour()
    assert not tour.isVisible(), "it was seen"
    window._actions["tour"].trigger()
    click(qtbot, tour.skip)
    assert not tour.isVisible()


def test_the_event_loop_does_not_wait_for_a_project_of_5000_frames(qtbot, window: Window, tmp_path: Path) -> None:
    """The longest CPU time of one turn of the event loop, while 100 nights are added and scanned, and 5000 frames arrive."""
    names = [f"night {n:03}" for n in range(100)]
    for name in names:
        (tmp_path / name).mkdir()
    qtbot.wait(300)  # windows of tests before are deleted, and this one is drawn
    spare_collector()
    longest, last = (0.0, 0, 0, 0), time.process_time()

    def turn() -> None:
        nonlocal longest, last
        now, page = time.process_time(), window.start
        longest, last = max(longest, (now - last, len(page.cards), len(page._unfilled), len(window.run.plot.frames))), now

    timer = QTimer()
    timer.timeout.connect(turn)
    timer.start(0)
    window.document.project.nights = [ProjectNight(path=str(tmp_path / n)) for n in names]
    window.start._show_nights()
    qtbot.waitUntil(lambda: len(window.start.cards) == 100, timeout=60_000)
    nights = [night(n, tmp_path / n) for n in names]
    found = [finding("no_flat", n) for n in names]
    window.start.show_scan({"overviews": nights, "findings": found, "forecast": None})
    qtbot.waitUntil(lambda: not window.start._unfilled, timeout=60_000)
    window.run._outcome = ("ok", "", 0)
    window.tabs.setCurrentWidget(window.run)
    window.run._show()
    for first in range(0, 5000, 200):
        window.run._handle_event({"event": "frames_measured", "total": 5000, "frames": [
            {"number": first + i, "file": "a.fit", "stars": 9, "fwhm_px": 2.0 + i / 500, "noise": 0.01, "background": 0.1,
             "information": 1.0 + i} for i in range(200)]})
        qtbot.wait(5)
    frames = [f"light_{n:05}.fit" for n in range(2500)]
    for out in (True, False):  # the page Settings shows them too
        window.document.exclude(frames, out)
        qtbot.wait(5)
    timer.stop()
    assert len(window.run.plot.frames) == 5000
    assert longest[0] < 0.25, longest  # below 0.1 s on an idle machine
    gc.unfreeze()
