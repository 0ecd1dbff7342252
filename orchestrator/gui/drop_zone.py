"""Where folders are dropped: large in an empty window, a strip below the nights afterwards."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from orchestrator.gui.icons import IconLabel, icon
from orchestrator.gui.style import CARD, GAP, PAGE, card, dim, heading, primary
from orchestrator.gui.translation import Translated

__all__ = ["DropZone"]

LARGE_ICON, SMALL_ICON = 56, 24
# Device-independent pixels.
HINT_WIDTH = 460


class DropZone(Translated):
    """States what may be dropped, with a button for those who choose in a dialogue. The window itself takes what is dropped."""

    open_folder = Signal()
    open_project = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = QFrame(self)
        card(self._frame)
        self._picture = IconLabel("folder", LARGE_ICON, "accent", self._frame)
        self.words, self.hint = QLabel(self._frame), QLabel(self._frame)
        self.hint.setWordWrap(True)
        self.hint.setFixedWidth(HINT_WIDTH)
        dim(self.hint)
        heading(self.words)
        self.folder, self.project = QPushButton(self._frame), QPushButton(self._frame)
        self.folder.setIcon(icon("folder"))
        self.project.setIcon(icon("open"))
        self.folder.clicked.connect(self.open_folder)
        self.project.clicked.connect(self.open_project)
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._frame)
        self._layout.setSpacing(GAP)
        self._layout.addStretch(0)
        for widget in (self._picture, self.words, self.hint):
            self._layout.addWidget(widget)
        buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        buttons.setSpacing(GAP)
        buttons.addStretch(1)
        buttons.addWidget(self.folder)
        buttons.addWidget(self.project)
        buttons.addStretch(1)
        self._layout.addLayout(buttons)
        self._layout.addStretch(0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._frame)
        self._large = True
        self.set_large(True)
        self.retranslate()

    def set_large(self, large: bool) -> None:
        """Large if the project has no nights: then it is what the page is about."""
        self._large = large
        centre = Qt.AlignmentFlag.AlignCenter
        self._layout.setDirection(QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight)
        margin = PAGE * 2 if large else CARD
        self._layout.setContentsMargins(margin, margin, margin, margin)
        self._picture.show_icon("folder", LARGE_ICON if large else SMALL_ICON, "accent")
        for label in (self._picture, self.words, self.hint):
            label.setAlignment(centre if large else Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            self._layout.setAlignment(label, centre if large else Qt.AlignmentFlag(0))
        self._layout.setStretchFactor(self.words, 0 if large else 1)
        for end in (0, self._layout.count() - 1):  # in the middle of a large zone
            self._layout.setStretch(end, int(large))
        self.hint.setVisible(large)
        self.project.setVisible(large)
        primary(self.folder, on=large)
        self.folder.setIcon(icon("folder", "accent_text" if large else "text"))
        self.retranslate()

    def retranslate(self) -> None:
        self.words.setText(self.tr("Drop a folder of raw frames here") if self._large else self.tr("Drop more nights here"))
        self.hint.setText(self.tr("A night with its lights, darks, flats and biases, or a folder of nights. Files are sorted by "
                                  "their headers and folder names; raw files are never changed."))
        self.hint.setMinimumHeight(self.hint.heightForWidth(HINT_WIDTH))
        self.folder.setText(self.tr("&Open folder …"))
        self.project.setText(self.tr("Open pro&ject …"))
