"""An image that can be zoomed and moved, and compared with another one by a divider."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsItem, QGraphicsScene, QGraphicsView, QStyleOptionGraphicsItem, QWidget

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
# Distance from the divider within which the mouse drags it, in screen pixels.
GRIP = 8


class _Compared(QGraphicsItem):
    """One image, and another one drawn over it to the left of the divider."""

    def __init__(self) -> None:
        super().__init__()
        self.after, self.before = QPixmap(), QPixmap()
        self.split = 0.5

    def boundingRect(self) -> QRectF:
        return QRectF(self.after.rect())

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        area = self.boundingRect()
        scale = painter.worldTransform().m11()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < SMOOTH_BELOW)
        painter.drawPixmap(area, self.after, QRectF(self.after.rect()))
        if self.before.isNull():
            return
        x = area.width() * self.split
        painter.save()
        painter.setClipRect(QRectF(0, 0, x, area.height()))
        painter.drawPixmap(area, self.before, QRectF(self.before.rect()))
        painter.restore()
        for colour, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(255, 255, 255, 220), 1.0)):
            pen = QPen(colour, width)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLine(QPointF(x, 0), QPointF(x, area.height()))


class ImageView(QGraphicsView):
    """Wheel, + and - zoom; dragging and the arrow keys move; F fits the image to the view; 1 shows it at 1:1."""

    zoomed = Signal(float)
    divided = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item = _Compared()
        scene = QGraphicsScene(self)
        scene.addItem(self._item)
        self.setScene(scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundBrush(QColor(24, 24, 24))
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 150)
        self._fits, self._grabbed = True, False

    @property
    def has_picture(self) -> bool:
        return not self._item.after.isNull()

    @property
    def is_compared(self) -> bool:
        return not self._item.before.isNull()

    @property
    def zoom(self) -> float:
        """Screen pixels per image pixel."""
        return self.transform().m11()

    def show_picture(self, after: QImage, before: QImage | None = None) -> None:
        """Show an image; position and zoom are kept if it has the size of the previous one."""
        same = after.size() == self._item.after.size()
        self._item.prepareGeometryChange()
        self._item.after = QPixmap.fromImage(after)
        self._item.before = QPixmap.fromImage(before) if before is not None else QPixmap()
        self.scene().setSceneRect(self._item.boundingRect())
        self._item.update()
        if not same:
            self.fit()

    def clear(self) -> None:
        self.show_picture(QImage())

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
            case _:
                super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._fits:
            self.set_zoom(1.0)
        else:
            self.fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grabbed = self._near_divider(event.position())
        if not self._grabbed:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed:
            share = self.mapToScene(event.position().toPoint()).x() / max(self._item.boundingRect().width(), 1)
            self.set_split(share)
            self.divided.emit(self._item.split)
            return
        if event.buttons() == Qt.MouseButton.NoButton:
            near = self._near_divider(event.position())
            self.viewport().setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.OpenHandCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grabbed:
            self._grabbed = False
        else:
            super().mouseReleaseEvent(event)

    def _near_divider(self, at: QPointF) -> bool:
        if not self.is_compared:
            return False
        x = self.mapFromScene(QPointF(self._item.boundingRect().width() * self._item.split, 0)).x()
        return abs(at.x() - x) <= GRIP
