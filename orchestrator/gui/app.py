"""Start of the window."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from orchestrator.gui.style import set_appearance
from orchestrator.gui.translation import LANGUAGES, system_language
from orchestrator.gui.window import Window, application

__all__ = ["main", "opened_window", "spare_collector"]


def spare_collector() -> None:
    """What exists now stays until the end: the garbage collector, which would stop the window for 0.2 s, need not look at it."""
    gc.collect()
    gc.freeze()


def main(arguments: list[str] | None = None) -> int:
    """Open the window, with a project or with folders of raw frames; return when it is closed."""
    parser = argparse.ArgumentParser(prog="orchestrate gui", description="Open the desktop window.")
    parser.add_argument("paths", nargs="*", type=Path, help="a project, or folders of raw frames")
    parser.add_argument("--language", choices=list(LANGUAGES), help="language; default: that of the desktop")
    given = parser.parse_args(arguments)
    app = application()
    window = opened_window(given.language)
    if given.paths:
        window.open_paths(given.paths)
    else:
        window.offer_tour()
    return app.exec()


def opened_window(language: str | None = None) -> Window:
    """The window on the screen, in the appearance that was chosen before, and in ``language`` or the one chosen before."""
    window = Window()
    set_appearance(str(window.memory.value("appearance", "system")))
    remembered = str(window.memory.value("language", ""))
    window.set_language(language or (remembered if remembered in LANGUAGES else system_language()))
    # As the system, while the window is open.
    QGuiApplication.styleHints().colorSchemeChanged.connect(
        lambda _scheme: set_appearance(str(window.memory.value("appearance", "system"))))
    window.show()
    spare_collector()
    return window
