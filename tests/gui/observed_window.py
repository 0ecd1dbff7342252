"""The real window in a process of its own, which answers where its widgets are. It is operated through the display alone.

    python -m tests.gui.observed_window [PATH ...]

A line on standard input asks for the visible widgets with a text: {"text": "Stack"}, optionally of a class: {"class":
"Histogram"}, {"class": "QLineEdit", "text": ""} (any text). The answer is one line: a list of {"class", "text", "enabled", "box"}
with the box (x, y, width, height) in pixels of the screen.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from PySide6.QtCore import QPoint, QSocketNotifier
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QTabBar, QWidget

from orchestrator.gui.app import main
from orchestrator.gui.window import application


def described(text: str) -> str:
    """A text without the mark of its key."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def name_of(widget: QWidget) -> str:
    """The name for screen readers: that of buttons and labels is their text."""
    found = QAccessible.queryAccessibleInterface(widget)
    return described(found.text(QAccessible.Text.Name)) if found is not None else ""


def described_box(widget: QWidget, x: int, y: int, width: int, height: int) -> list[int]:
    corner, ratio = widget.mapToGlobal(QPoint(x, y)), widget.devicePixelRatio()
    return [round(v * ratio) for v in (corner.x(), corner.y(), width, height)]


def found_widgets(asked: dict[str, str]) -> list[dict[str, Any]]:
    """The widgets that are asked for, those of the active window or dialogue first."""
    top = QApplication.activeModalWidget() or QApplication.activeWindow()
    found: list[dict[str, Any]] = []
    for widget in QApplication.allWidgets():
        if not widget.isVisible() or (top is not None and widget.window() is not top):
            continue
        kinds = [kind.__name__ for kind in type(widget).__mro__]
        if isinstance(widget, QTabBar):
            for index in range(widget.count()):
                area = widget.tabRect(index)
                found.append({"class": ["Tab"], "text": described(widget.tabText(index)), "enabled": widget.isTabEnabled(index),
                              "box": described_box(widget, area.x(), area.y(), area.width(), area.height())})
        else:
            found.append({"class": kinds, "text": name_of(widget), "enabled": widget.isEnabled(), "focus": widget.hasFocus(),
                          "box": described_box(widget, 0, 0, widget.width(), widget.height())})
    return [one for one in found if asked.get("class", "") in ("", *one["class"])
            and asked.get("text", "").lower() in one["text"].lower()]


def answer() -> None:
    line = os.read(0, 65536).decode()
    if not line:
        QApplication.exit(0)
    for asked in line.splitlines():
        print(json.dumps(found_widgets(json.loads(asked))), flush=True)


if __name__ == "__main__":
    app = application()
    listener = QSocketNotifier(0, QSocketNotifier.Type.Read, app)
    listener.activated.connect(lambda *_: answer())
    sys.exit(main(sys.argv[1:]))
