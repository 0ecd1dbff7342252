"""A display of its own (Xvfb) with the real window on it, which is operated by the mouse and the keyboard of that display."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

__all__ = ["DisplayedWindow", "missing"]

ROOT = Path(__file__).parents[2]
# Seconds after which the window counts as hung.
ANSWER = 30


def missing() -> str:
    """The programs that are not installed."""
    return ", ".join(name for name in ("Xvfb", "xdotool") if shutil.which(name) is None)


class DisplayedWindow:
    """The window in another process. ``home`` is its home folder, in which it finds nothing from before."""

    def __init__(self, home: Path, *paths: Path, size: str = "1280x800", **environment: str) -> None:
        reader, writer = os.pipe()
        self._server = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
                                        pass_fds=(writer,), stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as announced:
            number = announced.readline().strip()
        (home / ".config").mkdir(parents=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "XDG_", "WAYLAND_"))}
        self._environment = {**kept, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "HOME": str(home), "LANG": "C.UTF-8",
                             "XDG_CONFIG_HOME": str(home / ".config"), "PYTHONPATH": str(ROOT), **environment}
        self._process = subprocess.Popen([sys.executable, "-m", "tests.gui.observed_window", *map(str, paths)], cwd=ROOT,
                                         env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def widgets(self, kind: str = "", text: str = "") -> list[dict[str, Any]]:
        """The visible widgets of a class (or derived from it) whose text contains ``text``."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"class": kind, "text": text}) + "\n")
        self._process.stdin.flush()
        assert select.select([self._process.stdout], [], [], ANSWER)[0], "the window does not answer"
        found: list[dict[str, Any]] = json.loads(self._process.stdout.readline())
        return found

    def wait_for(self, kind: str, text: str = "", seconds: float = 30) -> dict[str, Any]:
        """The first such widget that is enabled."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for found in self.widgets(kind, text):
                if found["enabled"]:
                    return found
            time.sleep(0.1)
        raise AssertionError(f"no {kind} {text!r} in {seconds} s; labels: {[w['text'] for w in self.widgets('QLabel')]}")

    def mouse(self, *words: str | int) -> None:
        """What xdotool is to do, such as ``mousemove 10 20 click 1``."""
        subprocess.run(["xdotool", *map(str, words)], env=self._environment, check=True, timeout=ANSWER)

    def click(self, kind: str, text: str = "", seconds: float = 30) -> None:
        """Click the middle of the first such widget."""
        x, y, width, height = self.wait_for(kind, text, seconds)["box"]
        self.mouse("mousemove", x + width // 2, y + height // 2, "click", 1)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        middle = [(a + b) // 2 for a, b in zip(start, end, strict=True)]
        self.mouse("mousemove", *start, "mousedown", 1, "mousemove", *middle, "mousemove", *end, "mouseup", 1)

    def keys(self, *names: str) -> None:
        """Press keys, such as "Return" or "ctrl+s"."""
        self.mouse("key", *names)

    def type(self, text: str) -> None:
        self.mouse("type", "--delay", 2, text)

    def picture(self, target: Path) -> None:
        """The screen as an image (needs ImageMagick)."""
        subprocess.run(["import", "-window", "root", str(target)], env=self._environment, check=True)

    def close(self) -> None:
        """End the window and its display."""
        for process in (self._process, self._server):
            process.terminate()
        for process in (self._process, self._server):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
