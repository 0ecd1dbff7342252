"""Icons drawn as lines in the colours of the palette, so that they are sharp at any size and visible in light and dark."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel, QWidget

from orchestrator.gui.style import colour

__all__ = ["ICONS", "IconLabel", "icon"]

# The strokes of each icon in a square of 24 units.
ICONS = {
    "start": "M12 3l2.6 5.8 6.4.7-4.8 4.2 1.4 6.3-5.6-3.3-5.6 3.3 1.4-6.3L3 9.5l6.4-.7z",
    "frames": "M4 4h7v7H4z M13 4h7v7h-7z M4 13h7v7H4z M13 13h7v7h-7z",
    "settings": "M4 6h9 M17 6h3 M15 4v4 M4 12h3 M11 12h9 M9 10v4 M4 18h9 M17 18h3 M15 16v4",
    "run": "M7 4l12 8-12 8z",
    "results": "M4 5h16v14H4z M4 16l5-5 4 4 3-3 4 4 M15.5 9h.01",
    "folder": "M3 6h6l2 2h10v11H3z",
    "add": "M12 5v14 M5 12h14",
    "open": "M3 7h6l2 2h8v3 M3 7v12h15l3-7H7l-3 7",
    "save": "M5 4h11l3 3v13H5z M8 4v5h7V4 M8 20v-6h8v6",
    "remove": "M6 6l12 12 M18 6L6 18",
    "stop": "M6 6h12v12H6z",
    "resume": "M5 5v14 M9 5l11 7-11 7z",
    "error": "M12 3a9 9 0 100 18 9 9 0 000-18z M9 9l6 6 M15 9l-6 6",
    "warning": "M12 4L2.5 20h19z M12 10v5 M12 17.5v.01",
    "note": "M12 3a9 9 0 100 18 9 9 0 000-18z M12 11v6 M12 7.5v.01",
    "ok": "M12 3a9 9 0 100 18 9 9 0 000-18z M8 12l3 3 5-6",
    "camera": "M4 8h4l2-3h4l2 3h4v11H4z M12 10a3.5 3.5 0 100 7 3.5 3.5 0 000-7z",
    "search": "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13z M15.5 15.5L21 21",
    "zoom_in": "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13z M15.5 15.5L21 21 M10.5 7.5v6 M7.5 10.5h6",
    "zoom_out": "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13z M15.5 15.5L21 21 M7.5 10.5h6",
    "fit": "M4 9V4h5 M15 4h5v5 M20 15v5h-5 M9 20H4v-5",
    "export": "M12 15V4 M8 8l4-4 4 4 M4 14v6h16v-6",
    "compare": "M12 3v18 M4 6h5v12H4z M15 6h5v12h-5z",
    "undo": "M8 5L4 9l4 4 M4 9h10a6 6 0 010 12h-3",
}
SVG = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="{path}" fill="none" stroke="{colour}" '
       'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>')


class _Strokes(QIconEngine):
    """Draws an icon in a colour of the palette in use at the time, so that it follows the appearance."""

    def __init__(self, name: str, shown_in: str) -> None:
        super().__init__()
        self._name, self._colour = name, shown_in

    def clone(self) -> QIconEngine:
        return _Strokes(self._name, self._colour)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        drawn_in = colour("disabled" if mode == QIcon.Mode.Disabled else self._colour)
        drawn = SVG.format(path=ICONS[self._name], colour=drawn_in.name())
        QSvgRenderer(QByteArray(drawn.encode())).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return drawn


@lru_cache(maxsize=128)
def icon(name: str, shown_in: str = "text") -> QIcon:
    """The icon of this name (a key of ``ICONS``) in a colour of the palette, such as "text", "accent_text" or "error"."""
    if name not in ICONS:
        raise KeyError(f"no icon {name!r}; there are {', '.join(ICONS)}")
    return QIcon(_Strokes(name, shown_in))


class IconLabel(QLabel):
    """An icon on its own. Screen readers skip it: the text beside it states the same."""

    def __init__(self, name: str, side: int, shown_in: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._side, self._colour = name, side, shown_in
        self._draw()

    def show_icon(self, name: str, side: int, shown_in: str = "text") -> None:
        """Show another icon, of ``side`` device-independent pixels."""
        self._name, self._side, self._colour = name, side, shown_in
        self._draw()

    def show_picture(self, picture: QPixmap) -> None:
        """Show a picture instead of the icon."""
        self._name = ""
        self.setPixmap(picture)

    def _draw(self) -> None:
        if self._name:
            self.setPixmap(icon(self._name, self._colour).pixmap(QSize(self._side, self._side), self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange):
            self._draw()
        super().changeEvent(event)
