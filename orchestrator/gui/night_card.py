"""A night on the start page: what it holds, how it is calibrated, and what was found, with a button that resolves it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from orchestrator.gui.formats import duration, in_language
from orchestrator.gui.icons import IconLabel, icon
from orchestrator.gui.style import CARD, GAP, SMALL_GAP, answer_enter, card, dim, heading, set_level

__all__ = ["SAMPLE", "FoundRow", "NightCard"]

# Size of the picture of a light in device-independent pixels.
SAMPLE = QSize(176, 118)
ICON, NO_SAMPLE = 18, 40


class FoundRow(QWidget):
    """A finding: an icon of its level, its text, and a button that resolves it if there is one."""

    resolved = Signal(str, str, str)  # what to do, the night or other place, with what

    def __init__(self, found: dict[str, Any], fields: list[list[Any]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.level, self.where = str(found["level"]), str(found["where"])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SMALL_GAP, 0, 0)
        row.setSpacing(GAP)
        mark = IconLabel(self.level, ICON, self.level if self.level != "note" else "secondary", self)
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        self.button: QPushButton | None = None
        words = in_language(found, "message")
        remedy = self._remedies().get(str(found.get("key", "")))
        if remedy is None:
            words = f"{words} {in_language(found, 'remedy')}".strip()
        else:
            self.button = QPushButton(remedy, self)
            self._connect(str(found["key"]), str(found.get("about", "")), fields)
            row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
            answer_enter(self)
        self.text.setText(words)
        set_level(self.text, {"error": "error", "warning": "warning"}.get(self.level, "secondary"))

    def _remedies(self) -> dict[str, str]:
        return {"no_dark": self.tr("Use these darks …"), "no_flat": self.tr("Use these flats …"),
                "refused": self.tr("Leave this night out"), "apart": self.tr("Leave this night out"),
                "objects": self.tr("Choose the object"), "new_night": self.tr("Add this night"),
                "few_lights": self.tr("Stack them anyway"), "settings": self.tr("Show the settings"),
                "channels": self.tr("Use all filters")}

    def _connect(self, key: str, about: str, fields: list[list[Any]]) -> None:
        assert self.button is not None
        if key != "objects":
            self.button.clicked.connect(lambda: self.resolved.emit(key, self.where, about))
            return
        menu = QMenu(self.button)
        for name, count in fields:
            action = menu.addAction(self.tr("{0}: %n light(s)", "", int(count)).format(name))
            action.triggered.connect(lambda _checked=False, n=str(name): self.resolved.emit(key, self.where, n))
        self.button.setMenu(menu)
        self.button.setEnabled(bool(fields))


class NightCard(QFrame):
    """One night of the project. The parts are filled when the scan has read its headers."""

    used = Signal(str, bool)
    removed = Signal(str)
    resolved = Signal(str, str, str)

    def __init__(self, name: str, path: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.path = name, path
        card(self)
        self.picture = IconLabel("camera", NO_SAMPLE, "secondary", self)
        self.picture.setFixedSize(SAMPLE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title, self.lights, self.device = QLabel(name, self), QLabel(self), QLabel(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setToolTip(path)
        heading(self.title)
        dim(self.device)
        self.use, self.remove = QCheckBox(self), QPushButton(self)
        self.use.toggled.connect(lambda on: self.used.emit(self.name, on))
        self.remove.setIcon(icon("remove"))
        self.remove.setFlat(True)
        self.remove.clicked.connect(lambda: self.removed.emit(self.name))
        for label in (self.lights, self.device):
            label.setWordWrap(True)
        self._calibration, self._found = QGridLayout(), QVBoxLayout()
        self._calibration.setHorizontalSpacing(GAP)
        self._calibration.setColumnStretch(1, 1)
        self._rows: list[QWidget] = []
        self._lay_out()
        answer_enter(self)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.use)
        top.addWidget(self.remove)
        column = QVBoxLayout()
        column.setSpacing(SMALL_GAP)
        column.addLayout(top)
        column.addWidget(self.lights)
        column.addWidget(self.device)
        column.addLayout(self._calibration)
        column.addLayout(self._found)
        column.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(CARD, CARD, CARD, CARD)
        layout.setSpacing(CARD)
        layout.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column, 1)

    def show_use(self, use: bool) -> None:
        self.use.blockSignals(True)
        self.use.setChecked(use)
        self.use.blockSignals(False)

    def show_reading(self) -> None:
        """Show that the headers are being read, unless the night is known already."""
        if not self.lights.text():
            self.lights.setText(self.tr("Reading the headers …"))

    def show_sample(self, picture: QImage) -> None:
        """Show a picture of one of its lights."""
        ratio = self.devicePixelRatioF()
        scaled = picture.scaled(SAMPLE * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        scaled.setDevicePixelRatio(ratio)
        self.picture.show_picture(QPixmap.fromImage(scaled))

    def show_night(self, night: dict[str, Any], findings: list[dict[str, Any]]) -> None:
        """Show the overview of the night (orchestrator.NightOverview) and what was found in it."""
        self._clear()
        self.lights.setText(self._lights(night["filters"]))
        size = " × ".join(map(str, reversed(night["shape"])))
        kind = night["cfa"] or self.tr("mono")
        known = night["device"] or (self.tr("{0}, a device without an entry").format(night["camera"]) if night["camera"]
                                    else self.tr("Device not recognised"))
        self.device.setText(f"{known} · {size}, {kind}" if size else "")
        self.device.setVisible(bool(size))
        stated = {f.get("key") for f in findings}
        for row, found in enumerate(night["calibration"]):
            if f"no_{found['role']}" not in stated:
                self._show_calibration(row, found)
        for one in findings:
            found_row = FoundRow(one, night["fields"], self)
            found_row.resolved.connect(self.resolved)
            self._found.addWidget(found_row)
            self._rows.append(found_row)
        set_level(self, "error" if any(f["level"] == "error" for f in findings) else "")

    def _clear(self) -> None:
        for row in self._rows:
            row.setParent(None)
            row.deleteLater()
        self._rows = []

    def _lights(self, filters: list[list[Any]]) -> str:
        if not filters:
            return self.tr("No lights")
        count_of_all, seconds_of_all = sum(count for _, count, _ in filters), sum(seconds for *_, seconds in filters)
        total = self.tr("%n light(s), {0}", "", count_of_all).format(duration(seconds_of_all))
        parts = [self.tr("{0}: {1} ({2})").format(name or self.tr("no filter name"), count, duration(seconds))
                 for name, count, seconds in filters]
        return f"{total}  –  {',  '.join(parts)}" if len(parts) > 1 or filters[0][0] else total

    def _show_calibration(self, row: int, found: dict[str, Any]) -> None:
        text = QLabel(self)
        mark = IconLabel(*(("ok", ICON, "ok") if found["count"] else ("warning", ICON, "warning")), self)
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setText(self._calibration_text(found))
        if not found["count"]:
            set_level(text, "secondary")
        self._calibration.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
        self._calibration.addWidget(text, row, 1)
        self._rows += [mark, text]

    def _calibration_text(self, found: dict[str, Any]) -> str:
        names = {"dark": self.tr("Darks"), "flat": self.tr("Flats"), "bias": self.tr("Biases"), "darkflat": self.tr("Dark-flats")}
        name, count = names[found["role"]], found["count"]
        if not count:
            return self.tr("{0}: none found").format(name)
        how = [_span(found["exposures"], " s") if found["role"] in ("dark", "darkflat") else "",
               self.tr("gain {0}").format(_span(found["gains"], "")) if found["gains"] and found["role"] != "flat" else "",
               _span(found["temperatures"], " °C") if found["role"] == "dark" else "",
               ", ".join(found["filters"]) if found["role"] == "flat" else ""]
        number = self.tr("%n master(s)", "", count) if found["master"] else str(count)
        matched = ", ".join(h for h in how if h)
        text = self.tr("{0}: {1}").format(name, number) + (f" ({matched})" if matched else "")
        if found["ratio"] != 1:
            text += ", " + self.tr("scaled to {0} times their exposure").format(f"{found['ratio']:.2g}")
        if found["origin"] != "night":
            text += ", " + self.tr("from {0}").format(Path(found["origin"]).name)
        return text

    def retranslate(self) -> None:
        self.use.setText(self.tr("Use this night"))
        self.use.setAccessibleName(self.tr("Use the night {0}").format(self.name))
        self.remove.setToolTip(self.tr("Remove this night from the project; its files stay"))
        self.remove.setAccessibleName(self.tr("Remove the night {0}").format(self.name))
        self.picture.setAccessibleName(self.tr("One light of {0}").format(self.name))


def _span(values: list[float], unit: str) -> str:
    """One value, or the range of several."""
    if not values:
        return ""
    return f"{values[0]:g}{unit}" if len(values) == 1 else f"{values[0]:g} … {values[-1]:g}{unit}"
