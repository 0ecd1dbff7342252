"""An image that can be zoomed and moved, with layers over it, and compared with another one by a divider."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsItem, QGraphicsScene, QGraphicsView, QStyleOptionGraphicsItem, QWidget

from orchestrator import TILE
from orchestrator.gui.picture_painter import PicturePainter

__all__ = ["ImageView"]

# Factor of one step of the zoom.
STEP = 1.25
# Range of the zoom, screen pixels per image pixel.
ZOOM_MAX = 32.0
ZOOM_MIN = 0.02
# Largest zoom when the image is fitted to the view.
FIT_MAX = 4.0
# Below this zoom pixels are smoothed.
SMOOTH_BELOW = 2.0
# Units of a mouse wheel per notch (Qt: eighths of a degree).
WHEEL_NOTCH = 120
# Distance from the divider within which the mouse drags it, and that of a drag from a click, in screen pixels.
GRIP, CLICK = 8, 4
# Colours of coordinates and of objects.
GRID, OBJECT = QColor(120, 165, 210), QColor(255, 214, 90)
# Labels beside the divider: distance from the border, and padding, in screen pixels.
LABEL_AT, LABEL_PAD = 10, 6


class _Layers(QGraphicsItem):
    """An image, or the tiles of a painter over its overview; another image left of the divider; layers over all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.base, self.before = QPixmap(), QPixmap()
        self.size = QSizeF()
        self.painter: PicturePainter | None = None
        self.map = QPixmap()
        self.lines: list[tuple[QPolygonF, bool]] = []
        self.marks: list[QPointF] = []
        self.split = 0.5
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QRectF:
        return QRectF(QPointF(), self.size)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        area = self.boundingRect()
        zoom = painter.worldTransform().m11()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < SMOOTH_BELOW)
        painter.drawPixmap(area, self.base, QRectF(self.base.rect()))
        if self.painter is not None and self.painter.picture is not None:
            self._paint_tiles(painter, self.painter, zoom, option.exposedRect.intersected(area))
        x = area.width() * self.split
        if not self.before.isNull():
            painter.save()
            painter.setClipRect(QRectF(0, 0, x, area.height()))
            painter.drawPixmap(area, self.before, QRectF(self.before.rect()))
            painter.restore()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawPixmap(area, self.map, QRectF(self.map.rect()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(area)
        for line, is_object in self.lines:
            painter.setPen(_cosmetic(OBJECT if is_object else GRID, 1.0))
            painter.drawPolyline(line)
        painter.restore()
        if not self.before.isNull():
            for colour, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(255, 255, 255, 220), 1.0)):
                painter.setPen(_cosmetic(colour, width))
                painter.drawLine(QPointF(x, 0), QPointF(x, area.height()))
        for mark in self.marks:
            radius = 14 / max(zoom, 1e-3)
            for colour, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(255, 214, 90), 1.5)):
                painter.setPen(_cosmetic(colour, width))
                painter.drawEllipse(mark, radius, radius)

    def _paint_tiles(self, painter: QPainter, source: PicturePainter, zoom: float, seen: QRectF) -> None:
        picture = source.picture
        assert picture is not None
        level = picture.level_for(zoom)
        if level == picture.levels - 1:
            return  # the overview is this level
        side = TILE << level
        rows, columns = (-(-n // TILE) for n in picture.level_shape(level))
        for row in range(max(int(seen.top() // side), 0), min(int(seen.bottom() // side) + 1, rows)):
            for column in range(max(int(seen.left() // side), 0), min(int(seen.right() // side) + 1, columns)):
                tile = source.tile((level, row, column))
                if tile is not None:
                    painter.drawPixmap(QRectF(column * side, row * side, tile.width() << level, tile.height() << level), tile,
                                       QRectF(tile.rect()))


def _cosmetic(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen


class ImageView(QGraphicsView):
    """Wheel, + and - zoom; dragging and the arrow keys move; F fits the image to the view; 1 shows it at 1:1."""

    zoomed = Signal(float)
    divided = Signal(float)
    clicked = Signal(float, float)  # x, y in pixels of the image

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item = _Layers()
        scene = QGraphicsScene(self)
        scene.addItem(self._item)
        self.setScene(scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundBrush(QColor(24, 24, 24))
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 150)
        self._fits, self._grabbed, self._aims = True, False, False
        self._pressed = QPoint()
        self._labels = ("", "")
        self._names: list[tuple[str, QPointF, bool]] = []

    @property
    def has_picture(self) -> bool:
        return not self._item.base.isNull()

    @property
    def is_compared(self) -> bool:
        return not self._item.before.isNull()

    @property
    def zoom(self) -> float:
        """Screen pixels per image pixel."""
        return self.transform().m11()

    def set_painter(self, painter: PicturePainter) -> None:
        """Tiles come from this painter while :meth:`show_painted` was called last."""
        self._painter = painter
        painter.tile_ready.connect(self._item.update)

    def show_picture(self, image: QImage, before: QImage | None = None, size: QSize | None = None) -> None:
        """Show an image, drawn in ``size`` if it is reduced; position and zoom are kept if the size is as before."""
        self._show(image, before, size if size is not None else image.size(), None)

    def show_painted(self, overview: QImage, before: QImage | None = None) -> None:
        """Show the overview of the painter's picture, and its tiles when they are seen."""
        self._show(overview, before, self._painter.size, self._painter)

    def _show(self, base: QImage, before: QImage | None, size: QSize, painter: PicturePainter | None) -> None:
        item, size_f = self._item, QSizeF(size)
        same = size_f == item.size
        item.prepareGeometryChange()
        item.base, item.painter, item.size = QPixmap.fromImage(base), painter, size_f
        item.before = QPixmap.fromImage(before) if before is not None else QPixmap()
        self.scene().setSceneRect(item.boundingRect())
        item.update()
        self.viewport().update()
        if not same:
            self._without_layers()
            self.fit()

    def show_before(self, before: QImage | None, labels: tuple[str, str] = ("", "")) -> None:
        """Show another image left of the divider, or none; ``labels`` name what is left and right."""
        self._item.before = QPixmap.fromImage(before) if before is not None else QPixmap()
        self._labels = labels
        self._item.update()
        self.viewport().update()

    def show_map(self, layer: QImage | None) -> None:
        """Show a transparent image of the whole picture over it, or remove it."""
        self._item.map = QPixmap.fromImage(layer) if layer is not None else QPixmap()
        self._item.update()

    def show_lines(self, lines: list[dict[str, Any]]) -> None:
        """Show the lines and labels of the sky, as the task ``coordinates`` returns them; none removes them."""
        # The centre of a pixel has integer coordinates, its left border is half a pixel before it.
        self._item.lines = [(QPolygonF([QPointF(x + 0.5, y + 0.5) for x, y in line["points"]]), line["is_object"])
                            for line in lines if line["points"]]
        self._names = [(line["label"], QPointF(*line["at"]), line["is_object"]) for line in lines if line["label"]]
        self._item.update()
        self.viewport().update()

    def _without_layers(self) -> None:
        self._item.marks = []
        self.show_map(None)
        self.show_lines([])

    def mark(self, places: list[tuple[float, float]]) -> None:
        """Circles at places of the image."""
        self._item.marks = [QPointF(x, y) for x, y in places]
        self._item.update()

    def clear(self) -> None:
        self._without_layers()
        self.show_picture(QImage())

    def aim(self, *, on: bool) -> None:
        """Show a cross as the cursor: the next click selects a place."""
        self._aims = on
        self.viewport().setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.OpenHandCursor)

    def fit(self) -> None:
        """Fit the whole image to the view, enlarged at most FIT_MAX times."""
        self._fits = True
        area = self._item.boundingRect()
        if area.isEmpty() or self.viewport().width() < 2:
            return
        self.fitInView(area, Qt.AspectRatioMode.KeepAspectRatio)
        if self.zoom > FIT_MAX:
            self.setTransform(QTransform.fromScale(FIT_MAX, FIT_MAX))
        self.zoomed.emit(self.zoom)

    def set_zoom(self, zoom: float) -> None:
        self._fits = False
        zoom = min(max(zoom, ZOOM_MIN), ZOOM_MAX)
        self.scale(zoom / self.zoom, zoom / self.zoom)
        self.zoomed.emit(self.zoom)

    def set_split(self, share: float) -> None:
        """Set the position of the divider: 0 shows only the image, 1 only the other one."""
        self._item.split = min(max(share, 0.0), 1.0)
        self._item.update()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if not self.is_compared and not self._names:
            return
        painter.save()
        painter.resetTransform()
        metrics = painter.fontMetrics()
        for text, at, is_object in self._names:
            place = self.mapFromScene(at)
            x = min(max(place.x(), 2), self.viewport().width() - metrics.horizontalAdvance(text) - 2)
            painter.setPen(QColor(0, 0, 0))
            for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
                painter.drawText(x + dx, place.y() + dy, text)
            painter.setPen(OBJECT if is_object else GRID)
            painter.drawText(x, place.y(), text)
        if not self.is_compared:
            painter.restore()
            return
        for text, right in zip(self._labels, (False, True), strict=True):
            if text:
                width = metrics.horizontalAdvance(text) + 2 * LABEL_PAD
                x = self.viewport().width() - width - LABEL_AT if right else LABEL_AT
                box = QRectF(x, LABEL_AT, width, metrics.height() + LABEL_PAD)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(0, 0, 0, 170))
                painter.drawRoundedRect(box, 4, 4)
                painter.setPen(QColor(255, 255, 255))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if self.is_compared or self._names:
            self.viewport().update()  # the labels do not move with the image

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.has_picture and event.angleDelta().y():
            self.set_zoom(self.zoom * STEP ** (event.angleDelta().y() / WHEEL_NOTCH))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match Qt.Key(event.key()):
            case Qt.Key.Key_Plus:
                self.set_zoom(self.zoom * STEP)
            case Qt.Key.Key_Minus:
                self.set_zoom(self.zoom / STEP)
            case Qt.Key.Key_F | Qt.Key.Key_0:
                self.fit()
            case Qt.Key.Key_1:
                self.set_zoom(1.0)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:  # selects what is in the middle of the view
                self._click(QPointF(self.viewport().rect().center()))
            case _:
                super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._fits:
            self.set_zoom(1.0)
        else:
            self.fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        self._grabbed = self._near_divider(event.position())
        if not self._grabbed:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed:
            share = self.mapToScene(event.position().toPoint()).x() / max(self._item.boundingRect().width(), 1)
            self.set_split(share)
            self.divided.emit(self._item.split)
            return
        if event.buttons() == Qt.MouseButton.NoButton and not self._aims:
            near = self._near_divider(event.position())
            self.viewport().setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.OpenHandCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grabbed:
            self._grabbed = False
            return
        super().mouseReleaseEvent(event)
        moved = (event.position().toPoint() - self._pressed).manhattanLength()
        if event.button() == Qt.MouseButton.LeftButton and moved < CLICK:
            self._click(event.position())
        if self._aims:
            self.viewport().setCursor(Qt.CursorShape.CrossCursor)

    def _click(self, at: QPointF) -> None:
        place = self.mapToScene(at.toPoint())
        if self.has_picture and self._item.boundingRect().contains(place):
            # The centre of a pixel has integer coordinates, its left border is half a pixel before it.
            self.clicked.emit(place.x() - 0.5, place.y() - 0.5)

    def _near_divider(self, at: QPointF) -> bool:
        if not self.is_compared:
            return False
        x = self.mapFromScene(QPointF(self._item.boundingRect().width() * self._item.split, 0)).x()
        return abs(at.x() - x) <= GRIP
