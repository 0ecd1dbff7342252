"""Score and FWHM of the frames of a run, as they arrive."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from orchestrator.gui.style import GAP, SMALL_GAP, colour
from orchestrator.gui.translation import Translated

__all__ = ["FramePlot"]

# Width of a point and of the ring around the latest one, in device-independent pixels.
POINT, RING = 6, 11
# Height of one of the two plots, at least.
PLOT_HEIGHT = 110


class FramePlot(Translated):
    """Two plots over the number of the frame: the score in per cent of the best frame so far, and the FWHM in px."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frames: list[dict[str, Any]] = []
        self.total = 0
        self._titles = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.retranslate()

    def sizeHint(self) -> QSize:
        return QSize(320, 2 * PLOT_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 2 * PLOT_HEIGHT)

    def clear(self) -> None:
        self.frames, self.total = [], 0
        self.update()

    def add(self, frames: list[dict[str, Any]], total: int) -> None:
        """Add measured frames, as in the event ``frames_measured``; ``total`` is the number of frames of the run."""
        self.frames += frames
        self.total = max(total, self.total)
        self._describe()
        self.update()

    def values(self, which: int) -> list[tuple[int, float]]:
        """(number of the frame, value) of the scores (0) or of the FWHM (1), without frames that have none."""
        if which == 1:
            return [(i, float(f["fwhm_px"])) for i, f in enumerate(self.frames, 1) if f["fwhm_px"] is not None]
        known = [(i, float(f["information"])) for i, f in enumerate(self.frames, 1) if f["information"] is not None]
        best = max((value for _, value in known), default=1.0)
        return [(i, 100 * value / best) for i, value in known]

    def _describe(self) -> None:
        sharp = [value for _, value in self.values(1)]
        if sharp:
            self.setAccessibleDescription(self.tr("%n frame(s), median FWHM {0} px, last {1} px", "", len(self.frames)).format(
                f"{median(sharp):.2f}", f"{sharp[-1]:.2f}"))

    def _area(self, which: int) -> QRectF:
        """The rectangle of a plot without its title and the numbers of its axis."""
        metrics = QFontMetrics(self.font())
        height = self.height() / 2
        left, top = metrics.horizontalAdvance("00.00") + GAP, which * height + metrics.height() + SMALL_GAP
        return QRectF(left, top, self.width() - left - GAP, (which + 1) * height - top - metrics.height() - SMALL_GAP)

    def _points(self, which: int) -> list[QPointF]:
        area, values = self._area(which).adjusted(POINT, POINT, -POINT, -POINT), self.values(which)
        low, high = _range([value for _, value in values], which)
        last = max(self.total, len(self.frames), 2)
        return [QPointF(area.left() + (i - 1) / (last - 1) * area.width(),
                        area.bottom() - (value - low) / (high - low) * area.height()) for i, value in values]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(self.font())
        for which in (0, 1):
            area = self._area(which)
            values = [value for _, value in self.values(which)]
            low, high = _range(values, which)
            painter.setPen(QPen(colour("line"), 1))
            painter.drawRect(area)
            painter.setPen(colour("text"))
            painter.drawText(QPointF(area.left(), area.top() - SMALL_GAP), self._titles[which])
            painter.setPen(colour("secondary"))
            for value, y in ((high, area.top() + metrics.ascent()), (low, area.bottom())):
                text = f"{value:.0f}" if which == 0 else f"{value:.1f}"
                painter.drawText(QPointF(area.left() - metrics.horizontalAdvance(text) - SMALL_GAP, y), text)
            if not values:
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tr("No frame has been measured yet"))
                continue
            points = self._points(which)
            pen = QPen(colour("plot"), POINT)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints(points)
            painter.setPen(QPen(colour("text"), 1.5))
            painter.drawEllipse(points[-1], RING / 2, RING / 2)
        painter.setPen(colour("secondary"))
        text = self.tr("frame {0} of {1}").format(len(self.frames), max(self.total, len(self.frames)))
        below = self._area(1)
        painter.drawText(QPointF(below.right() - metrics.horizontalAdvance(text), below.bottom() + metrics.height()), text)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            where = next((w for w in (0, 1) if self._area(w).contains(QPointF(event.pos()))), None)
            points = self._points(where) if where is not None else []
            near = min(range(len(points)), key=lambda i: abs(points[i].x() - event.pos().x()), default=None)
            if near is not None and where is not None:
                number, value = self.values(where)[near]
                name = Path(self.frames[number - 1]["file"]).name
                unit = " %" if where == 0 else " px"
                QToolTip.showText(event.globalPos(), f"{number}: {name}  {value:.0f}{unit}" if where == 0
                                  else f"{number}: {name}  {value:.2f}{unit}", self)
            return True
        return super().event(event)

    def retranslate(self) -> None:
        self._titles = (self.tr("Score (% of the best frame)"), self.tr("FWHM (px)"))
        self.setAccessibleName(self.tr("Score and FWHM of the frames"))
        self._describe()
        self.update()


def _range(values: list[float], which: int) -> tuple[float, float]:
    """The limits of the vertical axis."""
    if which == 0:
        return 0.0, 100.0
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = max(0.1 * (high - low), 0.05)
    return max(low - margin, 0.0), high + margin
