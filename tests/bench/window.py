"""How long the event loop of the window is blocked, with 5000 frames and a picture of 60 megapixels.

    python tests/bench/window.py [FOLDER]      FOLDER for the picture (1 GB), which is made if it is not there

A thread watches the event loop. Of each step it prints the longest time (ms) between two turns as on a clock, the longest CPU
time of the window's own thread in one turn, and where that thread was when the clock passed LIMIT. The clock depends on what else
the machine does; CPU time does not.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from astropy.io import fits
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from orchestrator import run_images
from orchestrator.gui.app import spare_collector
from orchestrator.gui.style import set_appearance
from orchestrator.gui.window import Window, application
from tests.gui.test_frames_page import column, fake_scan

ROWS, COLUMNS = 6336, 9504
FRAMES, AT_ONCE = 5000, 200
LIMIT, WATCH = 0.1, 0.01
# Seconds that the window is observed after a step, and after which a step has failed.
AFTER, PATIENCE = 1.5, 120


class Watch:
    """The longest pause of the event loop since ``begin``."""

    def __init__(self) -> None:
        self.main, self.worst, self.cpu, self.where = threading.get_ident(), 0.0, 0.0, ""
        self._last, self._last_cpu = time.monotonic(), time.thread_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self.turn)
        self._timer.start(5)
        self._ended = False
        self._thread = threading.Thread(target=self._observe)
        self._thread.start()

    def turn(self) -> None:
        now, cpu = time.monotonic(), time.thread_time()
        self.worst, self.cpu = max(self.worst, now - self._last), max(self.cpu, cpu - self._last_cpu)
        self._last, self._last_cpu = now, cpu

    def _observe(self) -> None:
        while not self._ended:
            time.sleep(WATCH)
            if time.monotonic() - self._last > LIMIT and not self.where:
                stack = traceback.extract_stack(sys._current_frames()[self.main])
                ours = [f"{Path(s.filename).name}:{s.lineno}" for s in stack if "orchestrator" in s.filename]
                self.where = " > ".join(ours[-3:])

    def end(self) -> None:
        self._ended = True
        self._thread.join()
        self._timer.stop()

    def begin(self) -> None:
        QApplication.processEvents()
        self.turn()
        self.worst, self.cpu, self.where = 0.0, 0.0, ""


class Bench:
    def __init__(self, app: QApplication) -> None:
        self.app, self.watch, self.cpu = app, Watch(), 0.0

    def step(self, name: str, do: Callable[[], object], until: Callable[[], bool] = lambda: True) -> None:
        """Do something and let the window work until it is done, and a little longer."""
        self.watch.begin()
        # Called by the event loop, as a click or a report of a worker is.
        QTimer.singleShot(0, do)
        begin = time.monotonic()
        while time.monotonic() - begin < AFTER or not until():
            self.app.processEvents()
            time.sleep(0.001)
            assert time.monotonic() - begin < PATIENCE, name
        self.watch.turn()  # a step longer than all that ends the loop before its next turn
        self.cpu = max(self.cpu, self.watch.cpu)
        late = f"   {self.watch.where}" if self.watch.worst > LIMIT else ""
        print(f"{name:44} {1000 * self.watch.worst:6.0f} ms, CPU {1000 * self.watch.cpu:6.0f} ms{late}", flush=True)


def made_run(folder: Path) -> Path:
    """A run directory with a colour image of 60 megapixels and its preview."""
    outputs = folder / "runs" / "one" / "outputs"
    if not (outputs / "preview.png").is_file():
        outputs.mkdir(parents=True, exist_ok=True)
        (outputs.parent / "config.yaml").write_text("bge: {enabled: false}\n")
        rng = np.random.default_rng(1)
        plane = rng.normal(0.02, 3e-4, (ROWS, COLUMNS)).astype(np.float32)
        plane[::97, ::89] = 0.5
        fits.writeto(outputs / "stacked_rgb.fits", np.stack([plane, plane * 1.1, plane * 0.9]), overwrite=True)
        Image.fromarray(rng.integers(0, 255, (ROWS, COLUMNS, 3), np.uint8)).save(outputs / "preview.png", compress_level=1)
    return outputs.parent


def frames_page(bench: Bench, window: Window) -> None:
    page: Any = window.frames
    page._measure = lambda: None
    rng = np.random.default_rng(1)
    found = {**fake_scan(FRAMES), "overviews": [], "forecast": None}
    names = [f"/n/lights/light_{n:05d}.fit" for n in range(FRAMES)]
    window.tabs.setCurrentWidget(page)
    bench.step("frames: 5000 are listed", lambda: page._scanned(found))

    def measured(start: int) -> dict[str, Any]:
        frames = [{"path": p, "stars": 100, "fwhm": float(rng.normal(3, 0.2)), "roundness": 0.9, "noise": 20.0, "trouble": "",
                   "background": float(rng.normal(500, 9)), "thumbnail": ""} for p in names[start : start + AT_ONCE]]
        return {"event": "measured", "done": start + AT_ONCE, "total": FRAMES, "frames": frames}

    for start in range(0, FRAMES - AT_ONCE, AT_ONCE):
        QTimer.singleShot(start // 2, partial(page._reported, measured(start)))
    bench.step("frames: 4800 are measured", lambda: None)
    last = measured(FRAMES - AT_ONCE)
    assessed = {"event": "assessed", "frames": {p: {"score": 50.0, "transparency": 90.0, "remarks": []} for p in names[:AT_ONCE]}}
    for name, do in (("the last are measured", lambda: page._reported(last)),
                     ("200 are assessed", lambda: page._reported(assessed)),
                     ("all are measured", lambda: page._reported({"event": "measured_all"})),
                     ("sorted by FWHM", lambda: page.table.horizontalHeader().setSortIndicator(
                         column("fwhm"), Qt.SortOrder.AscendingOrder)),
                     ("all are selected", page.table.selectAll),
                     ("every other is selected", lambda: page.table.select_rows(range(0, FRAMES, 2))),
                     ("2500 are rejected", lambda: page.grade("reject")), ("undone", lambda: page.grade("undo")),
                     ("blink", lambda: page.reel.step(1)), ("scrolled", page.table.scrollToBottom),
                     ("another language", lambda: window.set_language("de")), ("dark", lambda: set_appearance("dark")),
                     ("light", lambda: set_appearance("light"))):
        bench.step(f"frames: {name}", do)


def run_page(bench: Bench, window: Window, preview: Path) -> None:
    page: Any = window.run
    page._outcome = ("aborted", "", 0)
    window.tabs.setCurrentWidget(page)
    page._show()
    events = [{"event": "frames_measured", "total": FRAMES, "frames": [
        {"number": first + i, "file": "a.fit", "stars": 9, "fwhm_px": 2.0 + i / 500, "noise": 0.01, "background": 0.1,
         "information": 1.0 + i} for i in range(AT_ONCE)]} for first in range(0, FRAMES, AT_ONCE)]
    for number, event in enumerate(events):
        QTimer.singleShot(20 * number, lambda e=event: page._handle_event(e))
    bench.step("run: 5000 frames arrive", lambda: None)
    bench.step("run: a preview of 60 MP", lambda: page._read_picture(preview, (4, 8)), lambda: page.view.has_picture)
    bench.step("run: the window becomes smaller", lambda: window.resize(1200, 760))


def results_page(bench: Bench, window: Window, run: Path) -> None:
    page: Any = window.results
    pane = page.picture
    window.tabs.setCurrentWidget(page)
    pane.directory = run
    for image in run_images(run):
        pane.product.addItem(image.name, image)

    def zoom() -> None:
        at = QPointF(pane.view.viewport().rect().center())
        pane.view.wheelEvent(QWheelEvent(at, pane.view.mapToGlobal(at), QPoint(), QPoint(0, 360), Qt.MouseButton.NoButton,
                                         Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False))

    bench.step("results: 60 MP are opened", pane.show_product, lambda: pane.view.has_picture and not pane.note.text())
    for n in range(4):
        bench.step(f"results: zoom {n + 1}", zoom)
    bench.step("results: 1:1", lambda: pane.view.set_zoom(1.0))
    bench.step("results: moved", lambda: pane.view.horizontalScrollBar().setValue(3000))
    bench.step("results: fitted", pane.view.fit)
    for n in range(30):
        QTimer.singleShot(30 * n, lambda n=n: (pane.recipe.histogram.set_levels(0, 0.5 - n / 100, 1),
                                              pane.recipe.emit_change()))
    bench.step("results: a handle is dragged", lambda: None, lambda: not pane.painter._painting)
    other = pane.product.findText("preview.png")
    bench.step("results: the preview of 60 MP", lambda: pane.product.setCurrentIndex(other), lambda: pane.view.has_picture)
    bench.step("results: zoomed", lambda: pane.view.set_zoom(1.0))


def main() -> None:
    with TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch)
        run = made_run(folder)
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, scratch)
        app = application()
        set_appearance("light")
        window = Window()
        window.set_language("en")
        window.resize(1280, 800)
        window.show()
        spare_collector()
        bench = Bench(app)
        bench.step("empty", lambda: None)
        frames_page(bench, window)
        run_page(bench, window, run / "outputs" / "preview.png")
        results_page(bench, window, run)
        print(f"longest CPU time of a turn: {1000 * bench.cpu:.0f} ms; load of the machine: {os.getloadavg()[0]:.1f}")
        bench.watch.end()
        window.document.clear()
        window.shut()


if __name__ == "__main__":
    main()
