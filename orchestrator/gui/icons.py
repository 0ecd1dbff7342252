"""Colours and appearance of the window, from the palette of the platform, so that light and dark both work."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

__all__ = ["APPEARANCES", "bad", "dim", "good", "set_appearance", "show_error"]

# Windows of a lower lightness (of 255) count as dark.
MIDDLE_LIGHTNESS = 128
APPEARANCES = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}


def set_appearance(name: str) -> None:
    """Set the appearance: "system", "light" or "dark"."""
    wanted = APPEARANCES.get(name, Qt.ColorScheme.Unknown)
    hints = QGuiApplication.styleHints()
    hints.setColorScheme(wanted)
    # On a platform without colour schemes a dark palette is set, with a style that uses palettes everywhere.
    own_palette = wanted == Qt.ColorScheme.Dark and hints.colorScheme() != wanted
    QApplication.setPalette(_dark_palette() if own_palette else QPalette())
    if own_palette:
        QApplication.setStyle("fusion")


def _dark_palette() -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette(QColor("#3d4147"), QColor("#2f3237"))
    for which, colour in ((role.Base, "#1d1f22"), (role.AlternateBase, "#27292d"), (role.Text, "#e8e8e8"),
                          (role.WindowText, "#e8e8e8"), (role.ButtonText, "#e8e8e8"), (role.PlaceholderText, "#a3a7ad"),
                          (role.Highlight, "#2a6db0"), (role.HighlightedText, "#ffffff"), (role.Link, "#7ab7ff"),
                          (role.ToolTipBase, "#3a3d42"), (role.ToolTipText, "#e8e8e8")):
        palette.setColor(which, QColor(colour))
    for which in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(group.Disabled, which, QColor("#7d8188"))
    return palette


def _is_dark() -> bool:
    return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < MIDDLE_LIGHTNESS


def bad() -> QColor:
    """Colour for errors; contrast 4.5:1 against the window."""
    return QColor("#ff8a80" if _is_dark() else "#b3261e")


def good() -> QColor:
    """Colour for success."""
    return QColor("#81c995" if _is_dark() else "#1e7a34")


def dim(widget: QWidget) -> None:
    """Show secondary text in a weaker colour."""
    widget.setForegroundRole(QPalette.ColorRole.PlaceholderText)


def show_error(label: QWidget) -> None:
    """Show a label in the colour of errors."""
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, bad())
    label.setPalette(palette)
