"""``python -m orchestrator.gui``, the same as ``orchestrate gui``."""

import importlib
import os
import sys

from orchestrator import install_command

__all__ = ["start", "what_is_missing"]


def what_is_missing() -> str:
    """Why the window cannot be opened, with the remedy on lines of its own; "" if it can."""
    if sys.platform.startswith("linux") and not any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        return ("there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set.\n"
                "Start the window on a desktop, or use the command line, which has the same functions (orchestrate --help).")
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ModuleNotFoundError:
        return f"the window needs PySide6, which is not installed.\n{install_command('PySide6-Essentials!=6.12.0')}"
    except ImportError as error:
        return (f"PySide6 cannot be loaded: {error}.\n"
                "A system library is missing; on Debian and Ubuntu: apt install libegl1 libgl1 libxkbcommon-x11-0 "
                "libfontconfig1 libdbus-1-3 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-xkb1")
    return ""


def start() -> int:
    """Open the window, or report what is missing for it."""
    missing = what_is_missing()
    if missing:
        print("Error: " + missing.replace("\n", "\n       "), file=sys.stderr)
        return 1
    from orchestrator.gui.app import main

    return main()


if __name__ == "__main__":
    sys.exit(start())
