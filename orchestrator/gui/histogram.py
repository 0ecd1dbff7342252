"""The histogram of a picture, with handles for black, middle and white."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from orchestrator.gui.style import colour

__all__ = ["Histogram"]

# Height of the strip with the handles, and half the width of a handle, in device-independent pixels.
STRIP, HANDLE = 16, 7
# Least distance of black and white, and the step of a key.
LEAST, KEY_STEP = 0.01, 0.005
CHANNELS = (QColor(224, 82, 82), QColor(82, 184, 96), QColor(88, 140, 240))


class Histogram(QWidget):
    """Drag a handle; or choose one with Tab or 1, 2, 3 and move it with the arrow keys."""

    changed = Signal(float, float, float)  # black, middle (as part of the way), white

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: NDArray[np.int64] = np.zeros((0, 256), np.int64)
        self.black, self.middle, self.white = 0.0, 0.5, 1.0
        self._chosen, self._dragged = 0, False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(260, 130)

    def set_counts(self, counts: NDArray[np.int64]) -> None:
        """Counts (C, 256) of the picture before its levels."""
        self._counts = counts
        self.update()

    def set_levels(self, black: float, middle: float, white: float) -> None:
        """Place the handles; ``changed`` is not emitted."""
        self.black, self.middle, self.white = black, middle, white
        self.update()

    def places(self) -> tuple[float, float, float]:
        """Places of the handles, 0 to 1."""
        return self.black, self.black + self.middle * (self.white - self.black), self.white

    def _x(self, value: float) -> float:
        return HANDLE + value * (self.width() - 2 * HANDLE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(HANDLE, 1, self.width() - 2 * HANDLE, self.height() - STRIP - 2)
        painter.fillRect(area, colour("base"))
        counts: NDArray[np.float64] = np.log1p(self._counts)
        top = max(float(counts.max(initial=0)), 1e-9)
        for k, channel in enumerate(counts):
            x = area.left() + (np.arange(len(channel)) + 0.5) / len(channel) * area.width()
            y = area.bottom() - channel / top * (area.height() - 3)
            line = QPolygonF([QPointF(float(a), float(b)) for a, b in zip(x, y, strict=True)])
            painter.setPen(QPen(CHANNELS[k] if len(counts) == 3 else colour("secondary"), 1.4))
            painter.drawPolyline(line)
        painter.setPen(colour("line"))
        painter.drawRect(area)
        for k, (place, fill) in enumerate(zip(self.places(), ("#000000", "#808080", "#ffffff"), strict=True)):
            at = self._x(place)
            painter.setPen(QPen(colour("secondary"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
            chosen = self.hasFocus() and k == self._chosen
            painter.setPen(QPen(colour("accent") if chosen else colour("text"), 2.5 if chosen else 1.2))
            painter.setBrush(QColor(fill))
            painter.drawPolygon(QPolygonF([QPointF(at, area.bottom()), QPointF(at - HANDLE + 1, self.height() - 2),
                                           QPointF(at + HANDLE - 1, self.height() - 2)]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        places = self.places()
        distances = [abs(event.position().x() - self._x(p)) for p in places]
        self._chosen = int(np.argmin(distances))
        if self._chosen == 1 and self.white - self.black < 3 * LEAST:  # handles that meet: the outer ones are needed first
            self._chosen = 0 if event.position().x() < self._x(places[1]) else 2
        self._dragged = True
        self._move(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged:
            self._move(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.set_levels(0.0, 0.5, 1.0)
        self.changed.emit(0.0, 0.5, 1.0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
            self._chosen = int(key) - int(Qt.Key.Key_1)
            self.update()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = KEY_STEP * (1 if key == Qt.Key.Key_Right else -1)
            self._set(self.places()[self._chosen] + step)
        else:
            super().keyPressEvent(event)

    def _move(self, x: float) -> None:
        self._set((x - HANDLE) / max(self.width() - 2 * HANDLE, 1))

    def _set(self, place: float) -> None:
        """Move the chosen handle; the middle one keeps its part of the way when the others move."""
        if self._chosen == 0:
            self.black = min(max(place, 0.0), self.white - LEAST)
        elif self._chosen == 2:
            self.white = max(min(place, 1.0), self.black + LEAST)
        else:
            self.middle = min(max((place - self.black) / (self.white - self.black), 0.01), 0.99)
        self.update()
        self.changed.emit(self.black, self.middle, self.white)
