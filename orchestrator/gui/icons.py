"""What the window draws of its own: from the palette of the platform, so that light and dark both work."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

__all__ = ["APPEARANCES", "bad", "dim", "good", "set_appearance", "show_error"]

APPEARANCES = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}


def set_appearance(name: str) -> None:
    """"system", "light" or "dark"."""
    wanted = APPEARANCES.get(name, Qt.ColorScheme.Unknown)
    hints = QGuiApplication.styleHints()
    hints.setColorScheme(wanted)
    # A platform without colour schemes of its own: the palette does it, in the style that follows palettes throughout.
    by_hand = wanted == Qt.ColorScheme.Dark and hints.colorScheme() != wanted
    QApplication.setPalette(_dark_palette() if by_hand else QPalette())
    if by_hand:
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
    return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def bad() -> QColor:
    """For what is wrong; 4.5:1 against the window."""
    return QColor("#ff8a80" if _is_dark() else "#b3261e")


def good() -> QColor:
    """For what is finished well."""
    return QColor("#81c995" if _is_dark() else "#1e7a34")


def dim(widget: QWidget) -> None:
    """Text of second rank."""
    widget.setForegroundRole(QPalette.ColorRole.PlaceholderText)


def show_error(label: QWidget) -> None:
    """The colour of an error on its label."""
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, bad())
    label.setPalette(palette)
