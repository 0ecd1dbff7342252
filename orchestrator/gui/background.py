"""Small work beside the window, in threads: reading picture files, listing folders. Anything longer is a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader

__all__ = ["Background", "read_picture"]

# Megabytes that one picture may take when decoded: 250 megapixels in colour.
LARGEST = 1024


class Background(QObject):
    """Calls functions in threads, and hands what they return to the window's own thread."""

    _returned = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self._then: dict[int, Callable[[Any], object]] = {}
        self._number = 0
        self._returned.connect(self._hand_over)

    def do(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """``then(work())``, the outer call by the event loop; ``work`` must not raise."""
        self._number += 1
        number = self._number
        self._then[number] = then
        self._pool.start(lambda: self._returned.emit(number, work()))

    def _hand_over(self, number: int, result: Any) -> None:
        then = self._then.pop(number, None)
        if then is not None:
            then(result)

    def shut(self) -> None:
        """No answer is wanted any more; returns when no thread works."""
        self._then.clear()
        self._pool.clear()
        self._pool.waitForDone()


def read_picture(path: str, size: QSize | None = None) -> QImage:
    """A picture file, shrunk into ``size`` where that is given; a null image when it cannot be read."""
    QImageReader.setAllocationLimit(LARGEST)
    image = QImageReader(path).read()
    if size is not None and not image.isNull():
        return image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return image
