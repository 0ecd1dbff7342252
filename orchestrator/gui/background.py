"""Short tasks in threads: reading image files, listing folders. Longer tasks run in processes (worker_client.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader

__all__ = ["Background", "read_picture"]

# Megabytes that one decoded image may occupy: 250 megapixels in colour.
DECODED_LIMIT = 1024
THREADS = 2


class Background(QObject):
    """Calls functions in threads and passes their results to the window's thread."""

    _returned = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(THREADS)
        self._then: dict[int, Callable[[Any], object]] = {}
        self._number = 0
        self._returned.connect(self._hand_over)

    def do(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """``then(work())``: ``work`` in a thread, ``then`` by the event loop. ``work`` must not raise."""
        self._number += 1
        number = self._number
        self._then[number] = then
        self._pool.start(lambda: self._returned.emit(number, work()))

    def _hand_over(self, number: int, result: Any) -> None:
        then = self._then.pop(number, None)
        if then is not None:
            then(result)

    def shut(self) -> None:
        """Discard pending results, and wait for the threads to finish."""
        self._then.clear()
        self._pool.clear()
        self._pool.waitForDone()


def read_picture(path: str, size: QSize | None = None) -> QImage:
    """Read an image file, scaled to fit ``size`` if given; a null image if it cannot be read."""
    QImageReader.setAllocationLimit(DECODED_LIMIT)
    image = QImageReader(path).read()
    if size is not None and not image.isNull():
        return image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return image
