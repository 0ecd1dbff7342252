"""Make the pictures of docs/WINDOW.md: real pages of the window, of a simulated session, without a screen.

    python scripts/window_pictures.py        writes docs/images/window_*.png, each below 60 kB
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
from orchestrator.simulation import PRESETS, simulate_filters

PLACE = Path(__file__).parents[1] / "docs" / "images"
SIZE, WIDTH = (1280, 800), 860
# Colours of the palette, the first number with which the file is small enough.
COLOURS, MOST_BYTES = (64, 32, 16, 8), 60_000
# Seconds after which a step of the window has failed.
PATIENCE = 240


def wait(app: QApplication, until: Callable[[], bool] = lambda: False, seconds: float = PATIENCE) -> None:
    """Let the window work until a condition holds, or for some seconds."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds and not until():
        app.processEvents()
        time.sleep(0.01)


def save(window: Window, name: str) -> None:
    """The window as a small PNG with a palette."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")
    with Image.open(io.BytesIO(bytes(buffer.data().data()))) as shown:
        small = shown.convert("RGB").resize((WIDTH, WIDTH * shown.height // shown.width), Image.Resampling.LANCZOS)
        for colours in COLOURS:
            written = io.BytesIO()
            small.quantize(colours, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
            if written.tell() < MOST_BYTES:
                break
        (PLACE / f"window_{name}.png").write_bytes(written.getvalue())


def session(folder: Path) -> Path:
    """Two nights through H-alpha and [O III], both without darks."""
    config = PRESETS["tiny_mono"]
    for number, name in enumerate(("2025-07-01", "2025-07-03")):
        simulate_filters(replace(config, n_frames=5, seed=config.seed + number), {"Ha": {}, "OIII": {}}, folder / name)
        shutil.rmtree(folder / name / "darks")
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
        wait(app, lambda: window.run._channel is not None and window.run._channel[1] == 2 and window.run._picture_frames[0] > 3)
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
