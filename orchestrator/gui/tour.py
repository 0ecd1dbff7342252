"""The tour of the first start: four steps over the pages, which can be skipped and is shown once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from orchestrator.gui.style import CARD, GAP, PAGE, card, dim, heading, primary, set_level

__all__ = ["Tour"]

# Device-independent pixels.
WIDTH = 420


class Tour(QFrame):
    """A card over the window. ``show_page`` shows the page of a step by its number."""

    ended = Signal()

    def __init__(self, show_page: Callable[[int], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._show_page, self.step = show_page, 0
        card(self)
        set_level(self, "tour")
        self.setFixedWidth(WIDTH)
        self.title, self.text, self.count = QLabel(self), QLabel(self), QLabel(self)
        heading(self.title)
        self.text.setWordWrap(True)
        dim(self.count)
        self.skip, self.next = QPushButton(self), QPushButton(self)
        primary(self.next)
        self.skip.clicked.connect(self.end)
        self.next.clicked.connect(self.advance)
        row = QHBoxLayout()
        row.addWidget(self.count, 1)
        row.addWidget(self.skip)
        row.addWidget(self.next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(CARD, CARD, CARD, CARD)
        layout.setSpacing(GAP)
        for widget in (self.title, self.text):
            layout.addWidget(widget)
        layout.addLayout(row)
        QShortcut(QKeySequence("Escape"), self, self.end, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        parent.installEventFilter(self)
        self.hide()

    def begin(self) -> None:
        """Show the first step."""
        self.step = 0
        self._show_step()
        self.show()
        self.raise_()
        self.next.setFocus()

    def advance(self) -> None:
        """Show the next step; after the last one the tour ends."""
        if self.step + 1 == len(self._steps()):
            self.end()
            return
        self.step += 1
        self._show_step()

    def end(self) -> None:
        self.hide()
        self._show_page(0)
        self.ended.emit()

    def _steps(self) -> list[tuple[int, str, str]]:
        """Page, title and text of each step."""
        return [
            (0, self.tr("Open your night"), self.tr("Drop a folder of raw frames into the window. Lights, darks, flats and "
                                                    "biases are recognised. What is missing has a button that resolves it.")),
            (0, self.tr("Press Stack"), self.tr("Choose what the picture is for, and press Stack. Everything else has a sensible "
                                                "value; the page Settings has all of them.")),
            (3, self.tr("Watch it grow"), self.tr("The page Run shows the picture as it grows, the quality of each frame and the "
                                                  "time left. You can abort and resume at any time.")),
            (4, self.tr("Make it shine"), self.tr("The page Results develops the picture, compares it with a single frame, and "
                                                  "exports it. Nothing is changed in the linear stack."))]

    def _show_step(self) -> None:
        page, title, text = self._steps()[self.step]
        self._show_page(page)
        self.title.setText(title)
        self.text.setText(text)
        self.count.setText(self.tr("{0} of {1}").format(self.step + 1, len(self._steps())))
        self.skip.setText(self.tr("Skip"))
        self.next.setText(self.tr("Done") if self.step + 1 == len(self._steps()) else self.tr("Next"))
        self.setAccessibleName(self.tr("Tour: {0}").format(title))
        self._place()

    def _place(self) -> None:
        """In the lower left corner, where no page has its main button."""
        self.adjustSize()
        self.move(PAGE * 2, self.window().height() - self.height() - PAGE * 3)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and self.isVisible():
            self._show_step()
        super().changeEvent(event)
