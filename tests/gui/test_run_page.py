"""The page Run, from the events of a run: what it shows, and what its buttons do."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator import ExitCode

try:
    from PySide6.QtCore import QObject, Signal
    from PySide6.QtGui import QImage

    from orchestrator.gui import run_page
    from orchestrator.gui.window import Window
    from tests.gui.test_window import click
except ImportError:  # conftest.py skips the tests
    QObject, Signal = object, lambda *_: None  # type: ignore[assignment,misc]


class Worker(QObject):
    """Stands for the process of a run; the test emits its events."""

    reported, done, failed, ended = Signal(dict), Signal(object), Signal(str, str), Signal()

    def __init__(self, task: dict, parent: QObject | None = None, siril: object = None) -> None:
        super().__init__(parent)
        self.task, self.running, self.exit_code = task, True, 0

    def finish(self) -> None:
        self.running = False
        self.ended.emit()

    def cancel(self) -> None:
        self.running = False


@pytest.fixture
def started(window: Window, tmp_path: Path, monkeypatch, qtbot) -> Window:
    """A window in which a run has begun."""
    monkeypatch.setattr(run_page, "WorkerClient", Worker)
    (tmp_path / "night").mkdir()
    window.document.add_nights([tmp_path / "night"])
    window.frames._drop_workers()
    window.frames.findings_changed.emit([])
    window.document.set_runs_dir(tmp_path / "runs")
    click(qtbot, window.start.panel.stack) if window.start.panel.stack.isEnabled() else window._stack()
    yield window
    window.run.worker.running = False


def frame(number: int, fwhm: float | None, information: float | None) -> dict:
    return {"number": number, "file": f"/x/light_{number}.fit", "stars": 100, "fwhm_px": fwhm, "noise": 0.01, "background": 0.1,
            "information": information}


def test_a_run_shows_its_step_in_words_time_left_frames_and_the_growing_picture(qtbot, started: Window, tmp_path: Path) -> None:
    page, worker = started.run, started.run.worker
    assert worker.task["task"] == "run" and started.tabs.currentWidget() is page and page.abort.isVisible()
    phases = ["SCAN_INPUT", "REGISTRATION"]
    worker.reported.emit({"event": "run_start", "directory": str(tmp_path / "runs" / "a"), "phases": phases})
    worker.reported.emit({"event": "expected_time", "seconds": {"SCAN_INPUT": 1.0, "REGISTRATION": 99.0}})
    worker.reported.emit({"event": "phase_start", "phase": "REGISTRATION"})
    worker.reported.emit({"event": "phase_progress", "phase": "REGISTRATION", "done": 5, "total": 10, "message": ""})
    assert page.status.text() == "Aligning the frames (5 / 10) …"
    assert 300 < page.run_progress.value() < 600 and "left" in page.run_progress.text()
    frames = [frame(1, 2.0, 4.0), frame(2, None, None), frame(3, 3.0, 1.0)]
    worker.reported.emit({"event": "frames_measured", "total": 10, "frames": frames})
    assert page.plot.values(0) == [(1, 100.0), (3, 25.0)] and page.plot.values(1) == [(1, 2.0), (3, 3.0)]
    assert "median FWHM 2.50 px, last 3.00 px" in page.plot.accessibleDescription()
    picture = QImage(30, 20, QImage.Format.Format_Grayscale8)
    picture.fill(90)
    picture.save(str(tmp_path / "growing.png"))
    worker.reported.emit({"event": "growing_picture", "path": str(tmp_path / "growing.png"), "frames": 3, "total": 10})
    qtbot.waitUntil(lambda: page.view.has_picture and page.caption.text() == "Mean of 3 frames of 10 so far")
    shown = page.plot.grab().toImage()
    assert len({shown.pixel(x, y) for x in range(0, shown.width(), 2) for y in range(0, shown.height(), 2)}) > 3


@pytest.mark.parametrize(("code", "button", "then"), [
    (ExitCode.INPUT_REFUSED, "Show the nights", "start"), (ExitCode.USAGE, "Show the settings", "settings"),
    (ExitCode.TOOL_FAILED, "Use the native engine", "run"), (ExitCode.FAILED, "Try again", "run")])
def test_an_error_is_a_card_with_a_button_that_resolves_it(qtbot, started: Window, tmp_path: Path, code: int, button: str,
                                                         then: str) -> None:
    page, worker = started.run, started.run.worker
    worker.reported.emit({"event": "run_start", "directory": str(tmp_path / "runs" / "a"), "phases": []})
    worker.reported.emit({"event": "phase_start", "phase": "CALIBRATION"})
    worker.exit_code = int(code)
    worker.failed.emit("The disk is full.", "Delete files.")
    worker.finish()
    assert page.error.isVisible() and page.error.text.text() == "The disk is full. Delete files."
    assert page.error.button.text() == button and page.states["CALIBRATION"] == "failed" and page.start.isEnabled()
    click(qtbot, page.error.button)
    assert started.tabs.currentWidget() is getattr(started, then)
    if then == "run":
        assert page.running and page.worker is not worker and not page.error.isVisible()
        expected = ("native", "run") if code == ExitCode.TOOL_FAILED else (None, "resume")
        assert (started.document.value("engine.name"), page.worker.task["task"]) == expected


def test_a_second_run_cannot_start_while_one_is_running_or_an_error_stands(qtbot, started: Window) -> None:
    start = started.start
    assert not start.panel.stack.isEnabled() and "in progress" in start.panel.reason.text() and not started.run.start.isVisible()
    click(qtbot, started.run.abort)
    started.run.worker.finish()
    assert "Aborted" in started.run.status.text() and not started.run.error.isVisible()
    error = {"level": "error", "where": "nights", "message": "x", "remedy": "", "key": "x", "about": "", "texts": {}}
    start.show_scan({"overviews": [], "findings": [error], "forecast": None})
    started.frames.findings_changed.emit([error])
    assert not start.panel.stack.isEnabled() and not started.run.start.isEnabled()
    started.run.begin()
    assert not started.run.running


def test_the_details_show_every_phase_in_words_and_the_log(qtbot, started: Window) -> None:
    page, details = started.run, started.run.details
    assert not details.isVisible()
    click(qtbot, page.more)
    assert details.isVisible() and details.phases.topLevelItem(1).text(0) == "Calibrating"
    page.worker.reported.emit({"event": "phase_end", "phase": "CALIBRATION", "status": "ok", "seconds": 1.5, "summary": {}})
    page.worker.reported.emit({"event": "warning", "phase": "BGE", "message": "Nothing was subtracted."})
    assert details.phases.topLevelItem(1).text(1) == "done" and "Calibrating: done 1.5 s" in details.log.toPlainText()
    click(qtbot, details.warnings_only)
    assert details.log.toPlainText().endswith("⚠ Removing the gradient: Nothing was subtracted.")
    assert "Calibrating" not in details.log.toPlainText()
