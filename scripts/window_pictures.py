"""Make the pictures of docs/WINDOW.md: real pages of the window, of a simulated session, without a screen.

    python scripts/window_pictures.py        writes docs/images/window/*.jpg
"""

from __future__ import annotations

import io
import os
import shutil
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
# Of the JPEG files: text without visible blocks in less than 70 kB.
QUALITY = 82
# Seconds after which a step of the window has failed.
PATIENCE = 240


def wait(app: QApplication, until: Callable[[], bool] = lambda: False, seconds: float = PATIENCE) -> None:
    """Let the window work until a condition holds, or for some seconds."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds and not until():
        app.processEvents()
        time.sleep(0.01)


def save(window: Window, name: str) -> None:
    """The window as a small picture."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")
    with Image.open(io.BytesIO(bytes(buffer.data().data()))) as shown:
        small = shown.convert("RGB").resize((WIDTH, WIDTH * shown.height // shown.width), Image.Resampling.LANCZOS)
        small.save(PLACE / f"{name}.jpg", quality=QUALITY, optimize=True, subsampling=0)


def session(folder: Path) -> Path:
    """Two nights of a colour camera, the second without darks."""
    for number, name in enumerate(("2025-07-01", "2025-07-03")):
        config = PRESETS["demo"]
        simulate(replace(config, seed=config.seed + number), folder / name)
    shutil.rmtree(folder / "2025-07-03" / "darks")
    return folder


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, scratch)
        app = application()
        set_appearance("light")
        window = Window()
        window.set_language("en")
        window.resize(*SIZE)
        window.show()
        window.tour.begin()
        wait(app, seconds=0.3)
        save(window, "empty")
        window.tour.end()
        window.open_paths([session(Path(scratch) / "Crescent")])
        window.document.set_runs_dir(Path(scratch) / "runs")
        window.document.set_values({"engine.name": "native", "astrometry.solver": "none", "pcc.online": False})
        wait(app, lambda: len(window.start._pictures) == 2)
        wait(app, seconds=0.5)
        save(window, "start")
        set_appearance("dark")
        window.start.panel.stack.click()
        wait(app, lambda: window.run._picture_frames[0] > 8)
        wait(app, seconds=0.3)
        save(window, "run")
        wait(app, lambda: not window.run.running)
        window.tabs.setCurrentWidget(window.results)
        wait(app, lambda: window.results.picture.view.has_picture)
        wait(app, seconds=3)
        save(window, "results")
        window.document.clear()
        window.close()


if __name__ == "__main__":
    main()
