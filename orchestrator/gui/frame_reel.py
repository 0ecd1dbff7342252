"""Going from light to light: the next and the previous one, and blinking."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from orchestrator.gui.frame_model import FrameModel
from orchestrator.gui.frame_pictures import FramePictures
from orchestrator.gui.frame_table import FrameTable

__all__ = ["BLINK_SPEED", "BLINK_SPEEDS", "FrameReel"]

# Frames per second when blinking.
BLINK_SPEEDS = (1, 30)
BLINK_SPEED = 4
# Pictures that are requested before they are shown.
AHEAD = 4


class FrameReel(QObject):
    """Goes through the selected lights if there are several, else through all lights of the table."""

    def __init__(self, table: FrameTable, pictures: FramePictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table, self._pictures = table, pictures
        self._model: FrameModel = table.frames
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._blink)
        self.set_speed(BLINK_SPEED)

    def set_speed(self, speed: int) -> None:
        """Set the frames per second."""
        self._timer.setInterval(1000 // speed)

    def run(self, on: bool) -> None:
        """Start or stop blinking."""
        self._timer.start() if on else self._timer.stop()

    def step(self, by: int) -> None:
        """Go to the next light (1) or the previous one (-1), and request the pictures of those after it."""
        following = self._following(by)
        if following:
            self._go_to(following[0])
            self._request(following[1:AHEAD])

    def _blink(self) -> None:
        """Go to the next light as soon as its picture is there."""
        following = self._following(1)
        if following and self._request(following[:AHEAD])[0]:
            self._go_to(following[0])

    def _go_to(self, position: int) -> None:
        self._table.go_to(position, keep_selection=len(self._table.selected_rows()) > 1)

    def _request(self, positions: list[int]) -> list[bool]:
        """Whether the pictures at these positions are there; the others are requested."""
        rows = [self._model.rows[self._model.shown[position]] for position in positions]
        return [self._pictures.get(str(row.path)) is not None for row in rows]

    def _following(self, by: int) -> list[int]:
        """The positions of the lights from the one after (or before) the current one on, all around."""
        selected = self._table.selected_rows()
        positions = self._model.positions_of(selected) if len(selected) > 1 else range(len(self._model.shown))
        rows = ((position, self._model.rows[self._model.shown[position]]) for position in positions)
        lights = [position for position, row in rows if row.role == "light" and not row.facts.get("trouble")]
        now = self._table.currentIndex().row()
        before, after = [p for p in lights if p < now], [p for p in lights if p > now]
        return after + [p for p in lights if p <= now] if by > 0 else [*reversed(before), *reversed(after)]
