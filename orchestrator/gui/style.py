"""The looks of the window: spacing, fonts, and two palettes (light and dark) from which every colour is taken.

Widgets state what they are (:func:`card`, :func:`primary`, :func:`heading`, :func:`set_level`), and the sheet below gives them
their colours from the palette in use, so that a change of the appearance reaches all of them. Painters take :func:`colour`.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QWidget

__all__ = ["APPEARANCES", "CARD", "GAP", "PAGE", "SMALL_GAP", "answer_enter", "bad", "card", "colour", "dim", "good", "heading",
           "primary", "set_appearance", "set_level", "show_error", "title"]

# Spacing in device-independent pixels, which Qt scales on screens of high resolution: between the parts of one thing, between
# things, within a card, and around a page.
SMALL_GAP, GAP, CARD, PAGE = 4, 8, 14, 18
# Sizes of fonts relative to that of the platform.
TITLE_SIZE, HEADING_SIZE = 1.6, 1.15
APPEARANCES = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}

# Text in each of "text" to "ok" has a contrast of at least 4.5:1 against window and base (WCAG 2.1, 1.4.3), white against accent.
LIGHT = {"window": "#f4f5f7", "base": "#ffffff", "alternate": "#f0f2f5", "button": "#e8eaee", "line": "#c9cdd4",
         "text": "#1b1d21", "secondary": "#575e6a", "disabled": "#8a909a", "accent": "#1f5fae", "accent_hover": "#174c8d",
         "accent_text": "#ffffff", "bar": "#a9cbf2", "plot": "#1f5fae", "error": "#b3261e", "warning": "#835000", "ok": "#1b7031"}
DARK = {"window": "#24262b", "base": "#1a1c20", "alternate": "#202328", "button": "#363a42", "line": "#4a4f58",
        "text": "#e8e8e8", "secondary": "#aab0ba", "disabled": "#7d838d", "accent": "#2a6db0", "accent_hover": "#3579bd",
        "accent_text": "#ffffff", "bar": "#2a5c92", "plot": "#7ab7ff", "error": "#ff8a80", "warning": "#ffb95c", "ok": "#81c995"}
PICTURES = Path(__file__).parent

SHEET = """
QLabel[level="secondary"] {{ color: {secondary}; }}
QLabel[level="error"] {{ color: {error}; }}
QLabel[level="warning"] {{ color: {warning}; }}
QLabel[level="ok"] {{ color: {ok}; }}
QFrame[card="true"] {{ background: {base}; border: 1px solid {line}; border-radius: 8px; }}
QFrame[card="true"][level="error"] {{ border: 2px solid {error}; }}
QFrame[card="true"][level="over"] {{ border: 2px dashed {accent}; }}
QFrame[card="true"][level="tour"] {{ border: 2px solid {accent}; }}
QPushButton {{ background: {button}; color: {text}; border: 1px solid {line}; border-radius: 5px; padding: 4px 12px; }}
QPushButton:hover, QPushButton:pressed {{ background: {line}; }}
QPushButton:focus {{ border-color: {accent}; }}
QPushButton:checked {{ background: {accent}; border-color: {accent}; color: {accent_text}; }}
QPushButton:disabled {{ background: {window}; color: {disabled}; }}
QPushButton:flat {{ background: transparent; border: 1px solid transparent; padding: 4px; }}
QPushButton:flat:hover {{ background: {button}; }}
QPushButton:flat:focus {{ border-color: {accent}; }}
QToolButton[autoRaise="false"] {{ background: {button}; color: {text}; border: 1px solid {line};
    border-radius: 5px; padding: 3px 8px; }}
QToolButton[autoRaise="false"]:hover {{ background: {line}; }}
QToolButton[autoRaise="false"]:focus {{ border-color: {accent}; }}
QToolButton[autoRaise="false"]:disabled {{ background: {window}; color: {disabled}; }}
QSplitter::handle:horizontal {{ width: 10px; }}
QSplitter::handle:vertical {{ height: 10px; }}
QComboBox {{ background: {base}; color: {text}; border: 1px solid {line}; border-radius: 4px; padding: 3px 4px 3px 7px; }}
QComboBox:focus, QComboBox:on {{ border-color: {accent}; }}
QComboBox:disabled {{ background: {window}; color: {disabled}; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ image: url("{pictures}/down.svg"); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {base}; color: {text}; border: 1px solid {line};
    selection-background-color: {accent}; selection-color: {accent_text}; }}
QPushButton[primary="true"] {{ background: {accent}; color: {accent_text}; border: 2px solid {accent}; border-radius: 6px;
    padding: 8px 28px; font-weight: bold; }}
QPushButton[primary="true"]:hover {{ background: {accent_hover}; border-color: {accent_hover}; }}
QPushButton[primary="true"]:focus {{ border-color: {text}; }}
QPushButton[primary="true"]:disabled {{ background: {button}; border-color: {line}; color: {disabled}; }}
QTabBar::tab {{ padding: 9px 18px 7px 18px; border: none; border-bottom: 3px solid transparent; color: {secondary}; }}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar::tab:selected {{ color: {text}; border-bottom-color: {accent}; }}
QTabBar::tab:selected:focus {{ background: {button}; }}
QLineEdit {{ background: {base}; border: 1px solid {line}; border-radius: 4px; padding: 3px 5px; }}
QLineEdit {{ placeholder-text-color: {secondary}; }}
QLineEdit:focus {{ border-color: {accent}; }}
QLineEdit:disabled {{ color: {disabled}; }}
QTreeView, QListView, QTableView, QPlainTextEdit, QGraphicsView {{ border: 1px solid {line}; border-radius: 4px; }}
QTreeView:focus, QListView:focus, QTableView:focus, QPlainTextEdit:focus, QGraphicsView:focus {{ border-color: {accent}; }}
QCheckBox::indicator, QAbstractItemView::indicator {{ width: 15px; height: 15px; background: {base};
    border: 1px solid {secondary}; border-radius: 3px; }}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{ background: {accent}; border-color: {accent};
    image: url("{pictures}/check.svg"); }}
QAbstractItemView::indicator:checked {{ border-color: {base}; }}
QRadioButton::indicator {{ width: 14px; height: 14px; background: {base}; border: 1px solid {secondary}; border-radius: 8px; }}
QRadioButton::indicator:checked {{ border: 5px solid {accent}; width: 6px; height: 6px; }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border: 2px solid {accent_hover}; }}
QCheckBox::indicator:disabled {{ border-color: {line}; }}
QProgressBar {{ border: 1px solid {line}; border-radius: 5px; background: {base}; color: {text}; text-align: center; }}
QProgressBar::chunk {{ background: {bar}; border-radius: 4px; }}
QToolTip {{ color: {text}; background: {base}; border: 1px solid {line}; }}
"""


def set_appearance(name: str) -> None:
    """Set the appearance: "system", "light" or "dark". The system's is followed while the window is open."""
    hints = QGuiApplication.styleHints()
    wanted = APPEARANCES.get(name, Qt.ColorScheme.Unknown)
    hints.setColorScheme(wanted)
    dark = (hints.colorScheme() if wanted == Qt.ColorScheme.Unknown else wanted) == Qt.ColorScheme.Dark
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    colours = DARK if dark else LIGHT
    if not app.styleSheet():
        app.setStyle("fusion")  # the same on every platform, and drawn from the palette alone
    app.setPalette(_palette(colours))
    app.setStyleSheet(SHEET.format(**colours, pictures=PICTURES.as_posix()))


def _palette(colours: dict[str, str]) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette(QColor(colours["button"]), QColor(colours["window"]))
    for which, name in ((role.Base, "base"), (role.AlternateBase, "alternate"), (role.Text, "text"), (role.WindowText, "text"),
                        (role.ButtonText, "text"), (role.PlaceholderText, "secondary"), (role.Highlight, "accent"),
                        (role.HighlightedText, "accent_text"), (role.Accent, "accent"), (role.ToolTipBase, "base"),
                        (role.ToolTipText, "text"), (role.Mid, "line")):
        palette.setColor(which, QColor(colours[name]))
    palette.setColor(role.Link, QColor("#7ab7ff" if colours is DARK else colours["accent"]))
    for which in (role.Text, role.WindowText, role.ButtonText, role.HighlightedText):
        palette.setColor(group.Disabled, which, QColor(colours["disabled"]))
    return palette


def colour(name: str) -> QColor:
    """A colour of the palette in use for painting: a name of ``LIGHT``, such as "text", "line", "accent" or "error"."""
    dark = QGuiApplication.palette().color(QPalette.ColorRole.Window) == QColor(DARK["window"])
    return QColor((DARK if dark else LIGHT)[name])


def bad() -> QColor:
    """Colour for errors in tables and lists."""
    return colour("error")


def good() -> QColor:
    """Colour for success in tables and lists."""
    return colour("ok")


def set_level(widget: QWidget, level: str) -> None:
    """Show a label as "secondary", "error", "warning" or "ok" text, "" for plain text."""
    _mark(widget, "level", level)


def dim(widget: QWidget) -> None:
    """Show secondary text in a weaker colour."""
    set_level(widget, "secondary")


def show_error(label: QWidget) -> None:
    """Show a label in the colour of errors."""
    set_level(label, "error")


def card(frame: QFrame) -> None:
    """Show a frame as a card: one thing with its own border."""
    _mark(frame, "card", "true")


def primary(button: QPushButton, *, on: bool = True) -> None:
    """Show a button as the one that a page is about; one a page."""
    _mark(button, "primary", "true" if on else "")


def answer_enter(part: QWidget) -> None:
    """Let Enter press the buttons within ``part``, as in dialogues; Qt's windows know the space bar only."""
    for button in part.findChildren(QPushButton):
        button.setAutoDefault(True)


def heading(label: QLabel) -> None:
    """Show a label as the heading of a part of a page."""
    _enlarge(label, HEADING_SIZE)


def title(label: QLabel) -> None:
    """Show a label as the title of a page."""
    _enlarge(label, TITLE_SIZE)


def _enlarge(label: QLabel, factor: float) -> None:
    font = QFont(QApplication.font())
    font.setPointSizeF(font.pointSizeF() * factor)
    font.setBold(True)
    label.setFont(font)


def _mark(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the sheet selects by, and apply the sheet again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
