"""Start of the window."""

from __future__ import annotations

import argparse
from pathlib import Path

from orchestrator.gui.style import set_appearance
from orchestrator.gui.translation import LANGUAGES, system_language
from orchestrator.gui.window import Window, application

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Open the window, with a project or with folders of raw frames; return when it is closed."""
    parser = argparse.ArgumentParser(prog="orchestrate gui", description="Open the desktop window.")
    parser.add_argument("paths", nargs="*", type=Path, help="a project, or folders of raw frames")
    parser.add_argument("--language", choices=list(LANGUAGES), help="language; default: that of the desktop")
    given = parser.parse_args(arguments)
    app = application()
    window = Window()
    set_appearance(str(window.memory.value("appearance", "system")))
    remembered = str(window.memory.value("language", ""))
    window.set_language(given.language or (remembered if remembered in LANGUAGES else system_language()))
    window.show()
    if given.paths:
        window.open_paths(given.paths)
    return app.exec()
