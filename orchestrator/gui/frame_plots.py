"""Plots of the frames over time, one below the other; a rectangle drawn with the mouse selects frames."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from orchestrator.gui.frame_words import FrameWords
from orchestrator.gui.style import colour

__all__ = ["PLOTTED", "STATES", "FramePlots", "PlottedFrames", "times_without_gaps"]

PLOTTED = ("fwhm", "background", "stars", "roundness", "transparency")
# How a light is drawn, by colours of the style: used, with remarks, excluded.
STATES = ("accent", "warning", "secondary")
# Seconds between two frames that are drawn at most, and from which another night begins: nights are far apart.
LONGEST_GAP, NEW_NIGHT, MINUTE = 600.0, 4 * 3600.0, 60.0
# Pixels: margins around the plots and between them, the diameter of points, and how far from a point the mouse hits it.
LEFT, RIGHT, TOP, BOTTOM, BETWEEN = 64, 10, 18, 18, 4
POINT, HIT = 5.0, 8.0
# Shares of a plot that stay free above and below, and labels on the axis of time.
FREE, LABELS = 0.08, 6
# A movement of the mouse (px) that is still a click.
CLICK = 3


@dataclass(frozen=True)
class PlottedFrames:
    """Lights: their rows in the model, file names, ISO times ("" if unknown), values (NaN if unknown) and :data:`STATES`."""

    rows: NDArray[np.int64]
    names: list[str]
    times: list[str]
    values: dict[str, NDArray[np.float64]]
    states: NDArray[np.int8]


NOTHING = PlottedFrames(np.zeros(0, np.int64), [], [], {name: np.zeros(0) for name in PLOTTED}, np.zeros(0, np.int8))


class FramePlots(QWidget):
    """Emits ``brushed`` with the rows in a rectangle and whether they are added to the selection, and ``clicked`` with a row."""

    brushed = Signal(list, bool)
    clicked = Signal(int)

    def __init__(self, words: FrameWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._frames = NOTHING
        self._order: NDArray[np.int64] = np.zeros(0, np.int64)  # of the frames, by time
        self._x = np.zeros(0)
        self._nights: list[int] = []  # first frame of each night, in the order of time
        self._minutes = True  # whether the labels of the axis differ by minutes
        self._ranges: dict[str, tuple[float, float]] = {}
        self._selected: frozenset[int] = frozenset()
        self._picture: QPixmap | None = None
        self._from: QPointF | None = None
        self._to: QPointF | None = None
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumHeight(220)

    def sizeHint(self) -> QSize:
        return QSize(480, 420)

    def show_frames(self, frames: PlottedFrames) -> None:
        """Plot lights in the order of their times; those without a time follow in their own order."""
        times = frames.times
        order = sorted(range(len(times)), key=lambda n: (not times[n], times[n]))
        x, self._nights = times_without_gaps([times[n] for n in order])
        self._frames, self._order = frames, np.array(order, np.int64)
        self._x = np.zeros(len(times))
        self._x[self._order] = x
        self._minutes = self._x.max(initial=0) >= LABELS * MINUTE
        self._ranges = {name: _range(frames.values[name]) for name in PLOTTED}
        self._redraw()

    def select(self, rows: frozenset[int]) -> None:
        """Mark the rows that are selected in the table."""
        if rows != self._selected:
            self._selected = rows
            self._redraw()

    def place_of(self, row: int, name: str) -> QPointF | None:
        """Where a light is drawn in the plot of a quantity; None if its value is unknown."""
        x, y = self._places(name)
        found = np.flatnonzero((self._frames.rows == row) & np.isfinite(y))
        return QPointF(x[found[0]], y[found[0]]) if found.size else None

    def _redraw(self) -> None:
        self._picture = None
        self.update()

    def _areas(self) -> dict[str, QRectF]:
        height = (self.height() - BOTTOM) / len(PLOTTED)
        return {name: QRectF(LEFT, n * height + TOP, max(self.width() - LEFT - RIGHT, 1), max(height - TOP - BETWEEN, 1))
                for n, name in enumerate(PLOTTED)}

    def _places(self, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where the frames are drawn: x, y (frames,) in pixels; y is NaN for unknown values."""
        area, (low, high) = self._areas()[name], self._ranges[name]
        return self._columns(self._x), area.bottom() - area.height() / (high - low) * (self._frames.values[name] - low)

    def _columns(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        width = self.width() - LEFT - RIGHT - 2 * POINT
        return LEFT + POINT + width * seconds / max(float(self._x.max(initial=0)), 1e-9)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._frames.names:
            painter.setPen(colour("secondary"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("No light has been measured yet."))
            return
        if self._picture is None:
            self._picture = self._draw()
        painter.drawPixmap(0, 0, self._picture)
        if self._from is not None and self._to is not None:
            fill = QColor(colour("accent"))
            fill.setAlpha(40)
            painter.setPen(QPen(colour("accent"), 1))
            painter.setBrush(fill)
            painter.drawRect(QRectF(self._from, self._to).normalized())

    def _draw(self) -> QPixmap:
        """All plots as a picture, which is drawn again only when something has changed."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap((QSize(self.width(), self.height()).toSizeF() * ratio).toSize())
        picture.setDevicePixelRatio(ratio)
        picture.fill(colour("base"))
        painter = QPainter(picture)
        for name, area in self._areas().items():
            self._draw_axes(painter, name, area)
        painter.drawImage(0, 0, self._dots(picture.width(), picture.height(), ratio))
        painter.end()
        return picture

    def _dots(self, width: int, height: int, ratio: float) -> QImage:
        """The points, drawn with numpy: thousands of calls of Qt would take too long."""
        pixels = np.zeros((height, width), np.uint32)
        selected = np.isin(self._frames.rows, np.fromiter(self._selected, np.int64, len(self._selected)))
        for number, state in enumerate((*STATES, "text")):  # the unusual and the selected ones on top
            chosen = selected if state == "text" else (self._frames.states == number) & ~selected
            radius = (POINT / 2 + (state == "text")) * ratio
            dots = [(dx, dy) for dx in range(-9, 10) for dy in range(-9, 10) if dx * dx + dy * dy <= radius * radius]
            for name in PLOTTED:
                x, y = self._places(name)
                known = chosen & np.isfinite(y)
                column, line = (np.rint(v[known] * ratio).astype(int) for v in (x, y))
                for dx, dy in dots:
                    pixels[np.clip(line + dy, 0, height - 1), np.clip(column + dx, 0, width - 1)] = colour(state).rgba()
        image = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32).copy()
        image.setDevicePixelRatio(ratio)
        return image

    def _draw_axes(self, painter: QPainter, name: str, area: QRectF) -> None:
        low, high = self._ranges[name]
        painter.setPen(QPen(colour("line"), 1))
        painter.drawRect(area)
        for first in self._nights[1:]:
            x = float(self._columns(self._x[self._order[first]])) - POINT
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setPen(colour("secondary"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        digits = 2 if high - low < 5 else 0
        known = bool(np.isfinite(self._frames.values[name]).any())
        for value, y in ((high, area.top()), (low, area.bottom())) if known else ():
            painter.drawText(QRectF(0, y - 8, LEFT - 6, 16), right, f"{value:.{digits}f}")
        painter.setPen(colour("text"))
        above = QRectF(LEFT, area.top() - TOP + 1, area.width(), TOP - 2)
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft, self._words.title(name))
        if name == PLOTTED[-1]:
            self._draw_times(painter, area)

    def _draw_times(self, painter: QPainter, area: QRectF) -> None:
        """Times below the last plot: the beginning of each night, or hours of the only one."""
        count = len(self._order)
        numbers = self._nights if len(self._nights) > 1 else sorted({round(k * (count - 1) / LABELS) for k in range(LABELS + 1)})
        painter.setPen(colour("secondary"))
        end = -1e9
        for number in numbers:
            frame = self._order[number]
            time = self._frames.times[frame]
            text = time[:10] if len(self._nights) > 1 else time[11:16] if self._minutes else time[11:19]
            width = painter.fontMetrics().horizontalAdvance(text)
            x = min(max(float(self._columns(self._x[frame])) - width / 2, area.left()), area.right() - width)
            if x > end:
                painter.drawText(QPointF(x, area.bottom() + painter.fontMetrics().ascent() + 2), text)
                end = x + width + 8

    def _at(self, place: QPointF) -> int | None:
        """The frame whose point is below the mouse, as a number among those shown."""
        best, nearest = None, HIT
        for name in PLOTTED if self._frames.names else ():
            x, y = self._places(name)
            far = np.where(np.isfinite(y), np.abs(x - place.x()) + np.abs(y - place.y()), np.inf)
            number = int(np.argmin(far))
            if far[number] < nearest:
                best, nearest = number, float(far[number])
        return best

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._frames.names:
            self._from = self._to = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._to = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is None or event.button() != Qt.MouseButton.LeftButton:
            return
        start, self._from, self._to = self._from, None, None
        self.update()
        if (event.position() - start).manhattanLength() <= CLICK:
            number = self._at(event.position())
            if number is not None:
                self.clicked.emit(int(self._frames.rows[number]))
            return
        self.brushed.emit(self._inside(QRectF(start, event.position()).normalized()),
                          bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def _inside(self, brush: QRectF) -> list[int]:
        """The rows of the lights that have a point inside a rectangle."""
        inside = np.zeros(len(self._frames.names), np.bool_)
        for name in PLOTTED:
            x, y = self._places(name)
            inside |= (x >= brush.left()) & (x <= brush.right()) & (y >= brush.top()) & (y <= brush.bottom())
        return [int(row) for row in self._frames.rows[inside]]

    def _describe(self, number: int) -> str:
        values = {self._words.title(name): self._frames.values[name][number] for name in PLOTTED}
        return "\n".join([self._frames.names[number], *(f"{k}: {v:.4g}" for k, v in values.items() if np.isfinite(v))])

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            number = self._at(QPointF(event.pos()))  # type: ignore[attr-defined]
            if number is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self._describe(number), self, QRect())  # type: ignore[attr-defined]
            return True
        if event.type() == QEvent.Type.PaletteChange:
            self._redraw()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._redraw()


def times_without_gaps(times: list[str]) -> tuple[list[float], list[int]]:
    """Seconds since the first of sorted ISO times, with gaps of :data:`LONGEST_GAP` at most, and the first index of each night.

    Frames without a time follow in steps of one minute.
    """
    x, nights, before, at = [], [0] if times else [], None, 0.0
    for number, text in enumerate(times):
        now = datetime.fromisoformat(text).timestamp() if text else None
        step = 0.0 if number == 0 else 60.0 if now is None or before is None else now - before
        if step > NEW_NIGHT:
            nights.append(number)
        at += min(step, LONGEST_GAP)
        x.append(at)
        before = now
    return x, nights


def _range(values: NDArray[np.float64]) -> tuple[float, float]:
    """The range of an axis."""
    known = values[np.isfinite(values)]
    if not known.size:
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    free = FREE * (high - low) or FREE * abs(high) or 0.5
    return low - free, high + free
