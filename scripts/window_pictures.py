"""Make the pictures of docs/WINDOW.md: real pages of the window, of a simulated session, without a screen.

    python scripts/window_pictures.py                       writes docs/images/window/*.jpg
    python scripts/window_pictures.py FOLDER 1920x1080      writes every page there as PNG files, in this size; QT_SCALE_FACTOR=2
                                                            in the environment: as on a screen of high resolution
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QSettings
from PySide6.QtWidgets import QApplication

from orchestrator.gui.style import set_appearance
from orchestrator.gui.window import Window, application
from orchestrator.simulation import PRESETS, simulate

PLACE = Path(__file__).parents[1] / "docs" / "images" / "window"
SIZE, WIDTH = (1280, 800), 860
# Quality of the JPEG files: the best with which a file is not larger than this (bytes).
QUALITIES, LARGEST = (82, 76, 70, 64, 58, 50), 60_000
# Seconds after which a step of the window has failed.
PATIENCE = 240
# What each picture of the documentation shows it in; of the pages, light and dark, English and German.
LIGHT_EN, DARK_DE, DARK_EN, LIGHT_DE = ("light", "en"), ("dark", "de"), ("dark", "en"), ("light", "de")
LOOKS = {"empty": (LIGHT_EN,), "start": (LIGHT_EN, DARK_DE), "error": (DARK_EN,), "frames": (DARK_EN, LIGHT_DE),
         "settings": (LIGHT_EN, DARK_DE), "run": (DARK_EN,), "run_end": (LIGHT_DE,), "results": (DARK_EN,), "closer": (LIGHT_DE,)}


class Photographer:
    """Shows the window in an appearance and a language, and saves it."""

    def __init__(self, app: QApplication, window: Window, folder: Path | None) -> None:
        self.app, self.window, self.folder = app, window, folder

    def wait(self, until: Callable[[], bool] = lambda: False, seconds: float = PATIENCE) -> None:
        """Let the window work until a condition holds, or for some seconds."""
        begin = time.monotonic()
        while time.monotonic() - begin < seconds and not until():
            self.app.processEvents()
            time.sleep(0.01)

    def take(self, name: str) -> None:
        """Save what the window shows, in each of its looks."""
        for appearance, language in LOOKS[name]:
            set_appearance(appearance)
            self.window.set_language(language)
            self.window.statusBar().clearMessage()  # in the language of before
            self.wait(seconds=0.4)
            several = len(LOOKS[name]) > 1
            self._save(f"{name}_{language}" if several and language != "en" else name)

    def _save(self, name: str) -> None:
        buffer = QBuffer()
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        self.window.grab().save(buffer, "PNG")
        content = bytes(buffer.data().data())
        if self.folder is not None:
            (self.folder / f"{name}.png").write_bytes(content)
            return
        with Image.open(io.BytesIO(content)) as shown:
            small = shown.convert("RGB").resize((WIDTH, WIDTH * shown.height // shown.width), Image.Resampling.LANCZOS)
            for quality in QUALITIES:
                small.save(PLACE / f"{name}.jpg", quality=quality, optimize=True, subsampling=0)
                if (PLACE / f"{name}.jpg").stat().st_size <= LARGEST:
                    break


def session(folder: Path) -> Path:
    """Two nights of a colour camera of the same field, the second without darks."""
    config = PRESETS["demo"]
    for number, name in enumerate(("2025-07-01", "2025-07-03")):
        simulate(replace(config, night=2 * number, noise_seed=config.noise_seed + number), folder / name)
    shutil.rmtree(folder / "2025-07-03" / "darks")
    return folder


def take_all(window: Window, camera: Photographer, scratch: Path) -> None:
    """All pictures, in the order in which a person sees the pages."""
    document, results = window.document, window.results
    window.tour.begin()
    camera.take("empty")
    window.tour.end()
    (scratch / "empty folder").mkdir()
    window.open_paths([scratch / "empty folder"])
    camera.wait(lambda: window.start.errors() > 0)
    camera.take("error")
    document.remove_nights([0])
    document.rename("")
    window.open_paths([session(scratch / "Crescent")])
    document.set_runs_dir(scratch / "runs")
    document.set_values({"engine.name": "native", "astrometry.solver": "none", "pcc.online": False})
    camera.wait(lambda: len(window.start._pictures) == 2)
    camera.take("start")
    window.tabs.setCurrentWidget(window.frames)
    camera.wait(lambda: not window.frames.stop.isVisible())
    window.frames.table.selectRow(2)
    camera.wait(lambda: window.frames.view.has_picture)
    camera.take("frames")
    window.tabs.setCurrentWidget(window.settings)
    camera.take("settings")
    window.start.panel.stack.click()
    camera.wait(lambda: window.run._picture_frames[0] > 8)
    camera.take("run")
    camera.wait(lambda: not window.run.running)
    camera.take("run_end")
    window.tabs.setCurrentWidget(results)
    camera.wait(lambda: results.picture.view.has_picture and not results.picture.note.text())
    camera.wait(seconds=2)
    camera.take("results")
    results.picture.controls.setCurrentWidget(results.picture.closer)
    rows, columns = results.picture.painter.picture.shape[:2] if results.picture.painter.picture is not None else (0, 0)
    results.picture.closer.subject.setCurrentIndex(1)
    results.picture.closer.click(columns / 2, rows / 2)
    camera.wait(lambda: results.picture.closer.table.topLevelItemCount() > 0)
    camera.take("closer")
    document.clear()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    width, height = map(int, sys.argv[2].split("x")) if len(sys.argv) > 2 else SIZE
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, scratch)
        app = application()
        set_appearance("light")
        window = Window()
        window.resize(width, height)
        window.show()
        take_all(window, Photographer(app, window, folder), Path(scratch))
        window.close()


if __name__ == "__main__":
    main()
