"""The page Frames: measuring, sorting, plots, grading and blinking, by clicks and keys."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

try:
    from PySide6.QtCore import QPoint, Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from orchestrator.gui.document import Document
    from orchestrator.gui.frame_model import FrameModel
    from orchestrator.gui.frame_plots import LONGEST_GAP, times_without_gaps
    from orchestrator.gui.frames_page import FramesPage
    from orchestrator.gui.window import Window
except ImportError:  # conftest.py skips the tests
    pass

MEASURED = 60_000
# Seconds that the event loop may be busy at once; the goal of 0.1 s allows for a machine that is busy with other tests.
BLOCKED = 0.1 * 3


def column(name: str) -> int:
    return FrameModel.COLUMNS.index(name)


def texts(page: FramesPage, name: str) -> list[str]:
    return [page.model.index(i, column(name)).data() for i in range(page.model.rowCount())]


def excluded(page: FramesPage) -> set[str]:
    return {Path(e["frame"]).name for e in page._document.value("stacking.exclude", [])}


@pytest.fixture
def clouds(simulated, tmp_path: Path) -> Path:
    """A night of 8 lights in which clouds dim the third one to a half."""
    folder, _ = simulated("tiny_mono")
    night = tmp_path / "night"
    (night / "lights").mkdir(parents=True)
    for path in sorted((folder / "lights").iterdir()):
        with fits.open(path) as hdus:
            if path.stem.endswith("3"):
                data = hdus[0].data.astype(np.float64)
                sky = np.median(data)
                hdus[0].data = np.rint(sky + (data - sky) * 0.5).astype(np.uint16)
            hdus.writeto(night / "lights" / path.name)
    return night


def test_lights_are_measured_sorted_plotted_graded_and_blinked(qtbot, window: Window, clouds: Path) -> None:
    window.document.add_nights([clouds])
    window.tabs.setCurrentWidget(window.frames)
    page: Any = window.frames
    qtbot.waitUntil(lambda: page.stop.isVisible())
    qtbot.waitUntil(lambda: page.model.rowCount() == 8 and not page.stop.isVisible(), timeout=MEASURED)
    # Sorting keeps the selection; the dimmed frame is last, and has a remark in words.
    page.table.select_rows([4])
    page.table.horizontalHeader().setSortIndicator(column("transparency"), Qt.SortOrder.DescendingOrder)
    shares = [float(t) for t in texts(page, "transparency")]
    assert shares == sorted(shares, reverse=True) and 40 < shares[-1] < 60 and page.table.selected_rows() == [4]
    assert "3.fit" in texts(page, "file")[-1] and "Clouds or haze" in texts(page, "note")[-1]
    assert page.model.rows[2].pixmap is not None or page.model.rows[2].thumbnail
    # A rectangle around its point in the plot selects it; X rejects it, U takes that back.
    assert "8 lights, 0 excluded" in page.summary.text()
    place = page.plots.place_of(2, "transparency").toPoint()
    qtbot.mousePress(page.plots, Qt.MouseButton.LeftButton, pos=place - QPoint(4, 4))
    qtbot.mouseMove(page.plots, place)
    qtbot.mouseRelease(page.plots, Qt.MouseButton.LeftButton, pos=place + QPoint(4, 4))
    assert page.table.selected_rows() == [2]
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_X)
    assert {Path(n).stem[-1] for n in excluded(page)} == {"3"} and "1 excluded" in page.summary.text()
    qtbot.keyClick(page.table, Qt.Key.Key_U)
    assert not excluded(page) and window.document.settings == {}
    qtbot.mouseClick(page.unusual, Qt.MouseButton.LeftButton)
    assert 2 in page.table.selected_rows()
    # Grading moves to the next frame; arrows move forward and back.
    page.table.select_rows([page.model.shown[0]])
    qtbot.keyClick(page.table, Qt.Key.Key_X)
    qtbot.keyClick(page.table, Qt.Key.Key_X)
    assert len(excluded(page)) == 2 and page.table.currentIndex().row() == 2
    qtbot.keyClick(page.table, Qt.Key.Key_Left)
    qtbot.keyClick(page.table, Qt.Key.Key_A)
    assert len(excluded(page)) == 1 and page.table.currentIndex().row() == 2
    qtbot.keyClick(page.table, Qt.Key.Key_Left)
    qtbot.keyClick(page.table, Qt.Key.Key_Space)  # the check box
    assert len(excluded(page)) == 2
    # Blinking goes through the selected frames, whose pictures the worker draws.
    page.table.select_rows([1, 3, 5])
    seen: set[str] = set()
    page.table.chosen.connect(lambda: seen.add(page.caption.text().partition(".fit")[0][-1:]))
    page.speed.setValue(30)
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: seen >= {"2", "4", "6"} and "3" not in seen and page.view.has_picture, timeout=20_000)
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    # Measurements are kept when the nights change.
    before = page.model.rows[0].facts["fwhm"]
    page.scan()
    qtbot.waitUntil(lambda: page.model.rowCount() == 8 and not page.stop.isVisible(), timeout=MEASURED)
    assert page.model.rows[0].facts["fwhm"] == before
    assert len((page._scratch / "measured.jsonl").read_text().splitlines()) == 8


@contextmanager
def longest_block() -> Iterator[list[float]]:
    """The longest CPU time (s) of this process between two turns of the event loop."""
    longest, last = [0.0], [time.thread_time()]

    def turn() -> None:
        now = time.thread_time()
        longest[0], last[0] = max(longest[0], now - last[0]), now

    timer = QTimer()
    timer.timeout.connect(turn)
    timer.start(0)
    yield longest
    turn()


def fake_scan(count: int) -> dict[str, Any]:
    times = np.datetime64("2025-01-15T20:00:00") + np.arange(count) * np.timedelta64(31, "s")
    lights = [{"path": f"/n/lights/light_{n:05d}.fit", "exposure": 30.0, "gain": 100.0, "filter": None, "time": str(t)}
              for n, t in enumerate(times)]
    return {"nights": [{"name": "n", "path": "/n", "frames": {"light": lights}, "excluded": []}], "findings": [], "filters": {}}


def test_five_thousand_frames_do_not_block_the_window(qtbot, tmp_path: Path) -> None:
    from orchestrator.gui.background import Background

    page: Any = FramesPage(Document(), Background(), tmp_path)
    qtbot.addWidget(page)
    page._measure = lambda: None
    page.resize(1200, 800)
    page.show()
    qtbot.wait(50)  # drawn once
    rng = np.random.default_rng(1)
    found, reports = fake_scan(5000), []
    for start in range(0, 5000, 200):
        frames = [{"path": f"/n/lights/light_{n:05d}.fit", "stars": 100, "fwhm": float(rng.normal(3, 0.2)), "roundness": 0.9,
                   "background": float(rng.normal(500, 9)), "noise": 20.0, "trouble": "", "thumbnail": ""}
                  for n in range(start, start + 200)]
        reports.append({"event": "measured", "done": start + 200, "total": 5000, "frames": frames})
    assessed = {f["path"]: {"score": 50.0, "transparency": 90.0, "remarks": []} for r in reports for f in r["frames"]}
    steps = [lambda: page._scanned(found), *(lambda r=r: page._reported(r) for r in reports),
             lambda: page._reported({"event": "assessed", "frames": dict(list(assessed.items())[:200])}),
             lambda: page._reported({"event": "measured_all"}),
             lambda: page.table.horizontalHeader().setSortIndicator(column("fwhm"), Qt.SortOrder.AscendingOrder),
             page.table.selectAll, lambda: page.table.select_rows(range(0, 5000, 2)), lambda: page.grade("reject"),
             lambda: page.grade("undo"), lambda: page.reel.step(1), lambda: page.table.scrollToBottom()]
    gc.collect()
    gc.freeze()  # the objects of other tests are not collected at the cost of this one
    with longest_block() as longest:
        blocks = []
        for step in steps:
            longest[0] = 0.0
            step()
            qtbot.wait(1)
            QApplication.processEvents()
            blocks.append(longest[0])
    print("longest block of the event loop, ms:", round(1000 * max(blocks), 1), [round(1000 * b) for b in blocks])
    assert page.model.rowCount() == 5000 and max(blocks) < BLOCKED
    gc.unfreeze()
    page.shut()


def test_time_axes_leave_the_day_between_nights_out() -> None:
    x, nights = times_without_gaps(["2025-01-15T20:00:00", "2025-01-15T20:01:00", "2025-01-16T20:00:00", "2025-01-16T20:00:30"])
    assert x == [0, 60, 60 + LONGEST_GAP, 90 + LONGEST_GAP] and nights == [0, 2]
    assert times_without_gaps(["", ""]) == ([0, 60], [0]) and times_without_gaps([]) == ([], [])
