"""The page Start: the nights as cards, what the stack is for, and the button that makes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from orchestrator.gui.background import Background, read_picture
from orchestrator.gui.document import Document
from orchestrator.gui.drop_zone import DropZone
from orchestrator.gui.goal_panel import GoalPanel
from orchestrator.gui.icons import icon
from orchestrator.gui.night_card import SAMPLE, FoundRow, NightCard
from orchestrator.gui.style import GAP, PAGE, dim, heading, title
from orchestrator.gui.translation import Translated
from orchestrator.gui.worker_client import WorkerClient

__all__ = ["StartPage"]

# Width of the column with goal and button, in device-independent pixels.
PANEL_WIDTH = 330
# Cards made in one turn of the event loop: a project of many nights must not stop the window.
CARDS_AT_ONCE = 4
# Share of the free height that the drop zone takes in an empty window, of itself and the rest.
DROP_STRETCH = 2
# Longest side (px) of the picture of a light: sharp on screens with two pixels per device-independent one.
SAMPLE_SIDE = 2 * SAMPLE.width()


class StartPage(Translated):
    """Follows the document and the scan of its nights; edits the document."""

    stack_requested = Signal()
    project_requested = Signal()  # choose a project to open
    recent_requested = Signal(str)
    details_requested = Signal()
    settings_requested = Signal()

    def __init__(self, document: Document, background: Background, scratch: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._background, self._scratch = document, background, scratch
        self._painter: WorkerClient | None = None
        self._number = 0
        self._found: dict[str, Any] | None = None
        self._reading, self._invalid, self._running = False, 0, False
        self._pictures: dict[str, str] = {}
        self.cards: list[NightCard] = []
        self._waiting: list[int] = []
        self._unfilled: list[NightCard] = []
        self._maker = QTimer(self)
        self._maker.setInterval(0)
        self._maker.timeout.connect(self._work)
        self.title, self.subtitle = QLabel(self), QLabel(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        title(self.title)
        dim(self.subtitle)
        self.details = QPushButton(self)
        self.details.setIcon(icon("settings"))
        self.details.clicked.connect(self.details_requested)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(6)
        self.drop = DropZone(self)
        self.drop.open_folder.connect(self.choose_folder)
        self.drop.open_project.connect(self.project_requested)
        self.panel = GoalPanel(self)
        self.panel.setFixedWidth(PANEL_WIDTH)
        self.panel.goal_chosen.connect(document.set_goal)
        self.panel.stack_requested.connect(self.stack_requested)
        self.panel.problem_requested.connect(self._show_problem)
        self._inside = QWidget(self)
        self._cards, self._findings, self._recent = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._recent_title = QLabel(self)
        heading(self._recent_title)
        self.rows: list[FoundRow] = []
        self._lay_out()
        document.changed.connect(self._show)
        document.nights_changed.connect(self._show_nights)
        self.retranslate()
        self._show_nights()

    def _lay_out(self) -> None:
        top, texts = QHBoxLayout(), QVBoxLayout()
        top.setContentsMargins(0, 0, GAP, 0)  # as the cards below, which leave room for the scroll bar
        texts.addWidget(self.title)
        texts.addWidget(self.subtitle)
        top.addLayout(texts, 1)
        top.addWidget(self.details, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, GAP, 0)
        column.setSpacing(GAP)
        column.addLayout(self._findings)
        column.addLayout(self._cards)
        column.addWidget(self.drop)
        column.addSpacing(GAP)
        column.addWidget(self._recent_title)
        column.addLayout(self._recent)
        column.addStretch(1)
        self._column = column
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._inside)
        left = QVBoxLayout()
        left.setSpacing(GAP)
        left.addLayout(top)
        left.addWidget(self.progress)
        left.addWidget(self._area, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(PAGE, PAGE, PAGE, PAGE)
        row.setSpacing(PAGE)
        row.addLayout(left, 1)
        row.addWidget(self.panel)

    def choose_folder(self) -> None:
        """Let the user choose a folder of raw frames."""
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose a night, or a folder of nights"))
        if chosen:
            self._document.add_nights([Path(chosen)])

    def show_recent(self, paths: list[str]) -> None:
        """List projects that were open before."""
        while (item := self._recent.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for path in paths:
            button = QPushButton(f"{Path(path).parent.name}  –  {path}", self._inside)
            button.setFlat(True)
            button.setAutoDefault(True)
            button.setIcon(icon("open"))
            button.setStyleSheet("text-align: left; padding: 4px;")
            button.clicked.connect(lambda _checked=False, p=path: self.recent_requested.emit(p))
            self._recent.addWidget(button)
        self._show()

    def set_problems(self, count: int) -> None:
        """Set the number of invalid settings."""
        self._invalid = count
        self._show()

    def set_running(self, running: bool) -> None:
        self._running = running
        self._show()

    def scan_started(self) -> None:
        self._found, self._reading = None, bool(self._document.nights)
        for card in self.cards:
            card.show_reading()
        self._show()

    def scan_failed(self, message: str, remedy: str) -> None:
        self.show_scan({"overviews": [], "forecast": None,
                        "findings": [{"level": "error", "where": "", "message": message, "remedy": remedy}]})

    def show_scan(self, found: dict[str, Any]) -> None:
        """Show the result of the task scan_nights."""
        self._found, self._reading = found, False
        self._fill()
        self.panel.show_forecast(found["forecast"])
        self._draw_samples()
        self._show()

    def _show_nights(self) -> None:
        """One card a night, made a few at a time."""
        nights = self._document.nights
        paths = [str(self._document.project.folder(n)) for n in nights]
        kept = {card.path: card for card in self.cards}
        for card in self.cards:
            if card.path not in paths or card.name != nights[paths.index(card.path)].name:
                kept.pop(card.path)
                card.hide()
                card.deleteLater()
        self.cards = [kept[p] for p in paths if p in kept]
        self._waiting = [i for i, p in enumerate(paths) if p not in kept]
        if self._waiting:
            self._maker.start()
        for card in self.cards:
            card.show_use(nights[paths.index(card.path)].use)
        self._show()

    def _make_cards(self) -> None:
        now, self._waiting = self._waiting[:CARDS_AT_ONCE], self._waiting[CARDS_AT_ONCE:]
        for number in now:
            night = self._document.nights[number]
            card = NightCard(night.name, str(self._document.project.folder(night)), self._inside)
            card.used.connect(lambda name, on: self._document.use_night(self._row_of(name), on))
            card.removed.connect(lambda name: self._document.remove_nights([self._row_of(name)]))
            card.resolved.connect(self.resolve)
            card.retranslate()
            card.show_use(night.use)
            card.show_reading()
            self._cards.insertWidget(number, card)
            self.cards.insert(number, card)
            self._show_picture(card)
            self._fill_card(card)

    def _row_of(self, name: str) -> int:
        return next(i for i, n in enumerate(self._document.nights) if n.name == name)

    def _fill(self) -> None:
        """Show what the scan has found: in the cards, and above them what concerns no single night."""
        names = {n.name for n in self._document.nights}
        for row in self.rows:
            self._findings.removeWidget(row)
            row.deleteLater()
        self.rows = []
        for found in (self._found or {}).get("findings", []):
            if found["where"] not in names and found["key"] not in ("no_nights", "library", "read_only_project"):
                row = FoundRow(found, [], self._inside)
                row.resolved.connect(self.resolve)
                self._findings.addWidget(row)
                self.rows.append(row)
        self._unfilled = list(self.cards)
        self._work()
        if self._unfilled:
            self._maker.start()

    def _work(self) -> None:
        """Make or fill some cards; the rest follows in the next turns of the event loop."""
        if self._waiting:
            self._make_cards()
        elif self._unfilled:
            now, self._unfilled = self._unfilled[:CARDS_AT_ONCE], self._unfilled[CARDS_AT_ONCE:]
            for card in now:
                if card in self.cards:
                    self._fill_card(card)
        if not (self._waiting or self._unfilled):
            self._maker.stop()

    def _fill_card(self, card: NightCard) -> None:
        if self._found is not None:
            night = next((n for n in self._found["overviews"] if n["path"] == card.path), None)
            if night is not None:
                card.show_night(night, [f for f in self._found["findings"] if f["where"] == card.name])

    def _draw_samples(self) -> None:
        """Have a picture made of one light of each night that has none yet."""
        samples = [[n["path"], n["sample"]] for n in (self._found or {}).get("overviews", [])
                   if n["sample"] and n["path"] not in self._pictures]
        self._drop_painter()
        if samples:
            self._number += 1
            self._painter = WorkerClient({
                "task": "draw_samples", **self._document.to_task(), "samples": samples, "side": SAMPLE_SIDE,
                "folder": str(self._scratch), "name": f"sample{self._number}"}, self)
            self._painter.reported.connect(self._sampled)

    def _sampled(self, event: dict[str, Any]) -> None:
        self._pictures[event["night"]] = event["picture"]
        for card in self.cards:
            if card.path == event["night"]:
                self._show_picture(card)

    def _show_picture(self, card: NightCard) -> None:
        path = self._pictures.get(card.path)
        if path is not None:
            size = QSize(SAMPLE_SIDE, SAMPLE_SIDE)
            self._background.do(lambda: read_picture(path, size), lambda image: self._sample_read(path, image))

    def _sample_read(self, path: str, image: QImage) -> None:
        for card in self.cards:
            if self._pictures.get(card.path) == path:
                card.show_sample(image)

    def resolve(self, key: str, where: str, about: str) -> None:
        """Do what the button of a finding offers."""
        if key in ("refused", "apart"):
            self._document.use_night(self._row_of(where), False)
        elif key in ("no_dark", "no_flat"):
            text = self.tr("Choose the folder of darks") if key == "no_dark" else self.tr("Choose the folder of flats")
            chosen = QFileDialog.getExistingDirectory(self, text)
            if chosen:
                role = key.removeprefix("no_")
                self._document.set_night_value(where, f"calibration.{role}_master", chosen)
        elif key == "objects":
            self._document.set_night_value(where, "input.field", about)
        elif key == "new_night":
            self._document.add_nights([Path(about)])
        elif key == "few_lights":
            self._document.set_values({"input.allow_emergency_mode": True})
        elif key == "channels":
            self._document.set_project_values({"channels": {}})
        elif key == "settings":
            self.settings_requested.emit()

    def _show_problem(self) -> None:
        """Go to what keeps the run from starting: an invalid setting, or the card with an error."""
        if self._invalid:
            self.settings_requested.emit()
            return
        wrong = next((r for r in (*self.rows, *self.findChildren(FoundRow)) if r.level == "error"), None)
        if wrong is not None:
            self._area.ensureWidgetVisible(wrong)
            if wrong.button is not None:
                wrong.button.setFocus()

    def errors(self) -> int:
        """Number of findings that prevent a run."""
        return sum(f["level"] == "error" for f in (self._found or {}).get("findings", []))

    def _reason(self) -> str:
        """Why a run cannot start now, "" if it can."""
        if not self._document.nights:
            return self.tr("Add a night first")
        if not self._document.used:
            return self.tr("No night is in use")
        if self._invalid:
            return self.tr("%n invalid setting(s)", "", self._invalid)
        if self._running:
            return self.tr("A run is in progress")
        if (count := self.errors()):
            return self.tr("%n problem(s) to solve", "", count)
        return ""

    def _show(self) -> None:
        document = self._document
        empty = not document.nights
        self.title.setText(document.name or self.tr("What shall be stacked?"))
        self.subtitle.setText(
            self.tr("From raw frames to a picture: open a folder, choose what it is for, press Stack.") if empty
            else self.tr("%n night(s) of {0} in use", "", len(document.used)).format(len(document.nights)))
        self.progress.setVisible(self._reading)
        self.drop.set_large(empty)
        self._column.setStretchFactor(self.drop, DROP_STRETCH if empty else 0)
        self._recent_title.setVisible(empty and self._recent.count() > 0)
        for index in range(self._recent.count()):
            item = self._recent.itemAt(index)
            if item is not None and (button := item.widget()) is not None:
                button.setVisible(empty)
        if empty:
            self.panel.show_forecast(None)
        self.panel.show_goal(document.goal)
        self.panel.show_reason(self._reason(), hint=empty)
        self.details.setVisible(not empty)

    def _drop_painter(self) -> None:
        if self._painter is not None and self._painter.running:
            self._painter.drop()
        self._painter = None

    def shut(self) -> None:
        """End the worker: the window closes."""
        self._maker.stop()
        if self._painter is not None and self._painter.running:
            self._painter.end()

    def retranslate(self) -> None:
        self.details.setText(self.tr("Project &details …"))
        self._recent_title.setText(self.tr("Recent projects"))
        self.progress.setAccessibleName(self.tr("Reading the headers"))
        for card in self.cards:
            card.retranslate()
        if self._found is not None:
            self._fill()
        self._show()
