"""The controls of a picture: stretch, levels, colours. They hold a recipe and compute nothing."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from orchestrator import PictureRecipe
from orchestrator.gui.histogram import Histogram
from orchestrator.gui.style import GAP, SMALL_GAP
from orchestrator.gui.translation import Translated

__all__ = ["RecipePanel"]

STRETCHES = ("natural", "midtones", "asinh", "ghs", "linear")
BACKGROUNDS = ("neutral", "picked", "keep")
# Settings with a slider: name, smallest and largest value of the slider, decimals, and the stretches that use it ((): all).
NUMBERS: tuple[tuple[str, float, float, int, tuple[str, ...]], ...] = (
    ("strength", 0, 15, 2, ("asinh", "ghs")), ("focus", -5, 15, 1, ("ghs",)), ("symmetry", 0, 0.5, 4, ("ghs",)),
    ("shadows", 0, 1, 3, ("ghs",)), ("highlights", 0, 1, 3, ("ghs",)), ("scnr", 0, 1, 2, ()), ("saturation", 0, 3, 2, ()))
# Settings that are found from the image if they are not given.
AUTOMATIC = ("strength", "symmetry")
STEPS = 1000
# A curve for the slider: small levels need fine steps.
FINE = {"symmetry": 3.0}


class _Number:
    """Label, slider and box of one number; for some a check box that leaves the value to the program."""

    def __init__(self, panel: RecipePanel, name: str, low: float, high: float, decimals: int) -> None:
        self.name, self.low, self.high, self.power = name, low, high, FINE.get(name, 1.0)
        self.label, self.slider, self.box = QLabel(panel), QSlider(Qt.Orientation.Horizontal, panel), QDoubleSpinBox(panel)
        self.auto = QCheckBox(panel) if name in AUTOMATIC else None
        self.slider.setRange(0, STEPS)
        self.box.setRange(low, high)
        self.box.setDecimals(decimals)
        self.box.setSingleStep((high - low) / 100)
        self.box.setKeyboardTracking(False)
        self.label.setBuddy(self.box)
        self.slider.valueChanged.connect(self._slid)
        self.box.valueChanged.connect(lambda value: self._typed(value, panel))
        if self.auto is not None:
            self.auto.toggled.connect(lambda _on: panel.emit_change())
            self.auto.toggled.connect(lambda on: self._enable(not on))

    def _slid(self, step: int) -> None:
        self.box.setValue(self.low + (self.high - self.low) * (step / STEPS) ** self.power)

    def _typed(self, value: float, panel: RecipePanel) -> None:
        self._place(value)
        panel.emit_change()

    def _place(self, value: float) -> None:
        share = max((value - self.low) / (self.high - self.low), 0.0)
        self.slider.blockSignals(True)
        self.slider.setValue(round(STEPS * math.pow(share, 1 / self.power)))
        self.slider.blockSignals(False)

    def _enable(self, on: bool) -> None:
        self.slider.setEnabled(on)
        self.box.setEnabled(on)

    def set(self, value: float | None) -> None:
        if self.auto is not None:
            self.auto.setChecked(value is None)
            self._enable(value is not None)
        if value is not None:
            self.box.setValue(value)
            self._place(value)

    def value(self) -> float | None:
        return None if self.auto is not None and self.auto.isChecked() else self.box.value()

    def show(self, on: bool) -> None:
        for widget in (self.label, self.slider, self.box, self.auto):
            if widget is not None:
                widget.setVisible(on)


class RecipePanel(Translated):
    """Emits ``changed`` with the recipe whenever a control is moved; ``pick_requested`` asks for a place of the background."""

    changed = Signal(object)
    pick_requested = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self._default = PictureRecipe()
        self._picked: tuple[float, float, float] | None = None
        self.histogram = Histogram(self)
        self.stretch, self.background = QComboBox(self), QComboBox(self)
        for combo, values in ((self.stretch, STRETCHES), (self.background, BACKGROUNDS)):
            for value in values:
                combo.addItem("", value)
            combo.currentIndexChanged.connect(lambda _index: self.emit_change())
        self._labels = {name: QLabel(self) for name in ("stretch", "background")}
        self._labels["stretch"].setBuddy(self.stretch)
        self._labels["background"].setBuddy(self.background)
        self.linked, self.level_sky = QCheckBox(self), QCheckBox(self)
        for box in (self.linked, self.level_sky):
            box.toggled.connect(lambda _on: self.emit_change())
        self.numbers = {name: _Number(self, name, low, high, decimals) for name, low, high, decimals, _ in NUMBERS}
        self.pick, self.reset = QPushButton(self), QPushButton(self)
        self.pick.setCheckable(True)
        self.pick.toggled.connect(self.pick_requested)
        self.reset.clicked.connect(lambda: self.show_recipe(self._default, emit=True))
        self.histogram.changed.connect(lambda _black, _middle, _white: self.emit_change())
        self._lay_out()
        self.retranslate()
        self.show_recipe(PictureRecipe())

    def _lay_out(self) -> None:
        column, grid = QVBoxLayout(self), QGridLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.histogram)
        column.addLayout(grid)
        grid.setVerticalSpacing(SMALL_GAP)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._labels["stretch"], 0, 0)
        grid.addWidget(self.stretch, 0, 1, 1, 2)
        grid.addWidget(self.linked, 1, 0, 1, 3)
        grid.addWidget(self.level_sky, 2, 0, 1, 3)
        row = 3
        for name, number in self.numbers.items():
            if name == "scnr":
                grid.addWidget(self._labels["background"], row, 0)
                grid.addWidget(self.background, row, 1)
                grid.addWidget(self.pick, row, 2)
                row += 1
            grid.addWidget(number.label, row, 0)
            grid.addWidget(number.slider, row, 1)
            grid.addWidget(number.box, row, 2)
            row += 1
            if number.auto is not None:
                grid.addWidget(number.auto, row, 1, 1, 2)
                row += 1
        grid.addWidget(self.reset, row, 0, 1, 3)

    def set_default(self, recipe: PictureRecipe) -> None:
        """Show the recipe of an image that was opened; Reset returns to it."""
        self._default = recipe
        self.show_recipe(recipe)

    def set_colour(self, *, on: bool) -> None:
        """Show the controls of colours, for an image that has them."""
        for widget in (self.linked, self._labels["background"], self.background, self.pick):
            widget.setVisible(on)
        for name in ("scnr", "saturation"):
            self.numbers[name].show(on)

    def show_recipe(self, recipe: PictureRecipe, *, emit: bool = False) -> None:
        """Set all controls."""
        self._quiet = True
        self.stretch.setCurrentIndex(STRETCHES.index(recipe.stretch))
        self.background.setCurrentIndex(BACKGROUNDS.index(recipe.background))
        self._picked = recipe.background_levels
        self.linked.setChecked(recipe.linked)
        self.level_sky.setChecked(recipe.level_sky)
        for name, number in self.numbers.items():
            number.set(getattr(recipe, name))
        self.histogram.set_levels(recipe.black, recipe.middle, recipe.white)
        self._quiet = False
        self._show_needed()
        if emit:
            self.changed.emit(self.recipe())

    def pick_background(self, levels: tuple[float, ...]) -> None:
        """Make the place with these levels grey."""
        self.pick.setChecked(False)
        if len(levels) == 3:
            self._picked = (levels[0], levels[1], levels[2])
            self._quiet = True
            self.background.setCurrentIndex(BACKGROUNDS.index("picked"))
            self._quiet = False
            self.emit_change()

    def recipe(self) -> PictureRecipe:
        """The recipe of the controls. Values that do not fit together are adapted: shadows <= symmetry <= highlights."""
        values: dict[str, Any] = {name: number.value() for name, number in self.numbers.items()}
        values["highlights"] = max(values["highlights"], values["shadows"])
        if values["symmetry"] is not None:
            values["symmetry"] = min(max(values["symmetry"], values["shadows"]), values["highlights"])
        background = self.background.currentData()
        if background == "picked" and self._picked is None:
            background = "neutral"
        h = self.histogram
        return PictureRecipe(
            stretch=self.stretch.currentData(), linked=self.linked.isChecked(), level_sky=self.level_sky.isChecked(),
            background=background, background_levels=self._picked if background == "picked" else None,
            black=h.black, middle=h.middle, white=h.white, **values)

    def emit_change(self) -> None:
        if self._quiet:
            return
        if self.background.currentData() == "picked" and self._picked is None:
            self.pick.setChecked(True)  # a place must be chosen first
        self._show_needed()
        self.changed.emit(self.recipe())

    def _show_needed(self) -> None:
        """Show the controls that the stretch uses."""
        stretch = self.stretch.currentData()
        for name, *_, used in NUMBERS:
            if used:
                self.numbers[name].show(stretch in used)
        self.level_sky.setVisible(stretch == "natural")

    def retranslate(self) -> None:
        names = {"natural": self.tr("Natural"), "midtones": self.tr("Midtones (autostretch)"), "asinh": self.tr("Asinh"),
                 "ghs": self.tr("Generalised hyperbolic (GHS)"), "linear": self.tr("Linear"),
                 "neutral": self.tr("Neutral"), "picked": self.tr("Picked place"), "keep": self.tr("As it is")}
        for combo in (self.stretch, self.background):
            for index in range(combo.count()):
                combo.setItemText(index, names[combo.itemData(index)])
        numbers = {"strength": (self.tr("Strengt&h:"), self.tr("0 does not stretch; ln(D + 1)")),
                   "focus": (self.tr("Foc&us:"), self.tr("Contrast near the symmetry point (b)")),
                   "symmetry": (self.tr("S&ymmetry:"), self.tr("Level with the most contrast (SP)")),
                   "shadows": (self.tr("S&hadows:"), self.tr("Below this level the curve is straight (LP)")),
                   "highlights": (self.tr("Hi&ghlights:"), self.tr("Above this level the curve is straight (HP)")),
                   "scnr": (self.tr("&Green noise:"), self.tr("Remove green above the mean of red and blue")),
                   "saturation": (self.tr("Satur&ation:"), self.tr("1 keeps the colours, 0 is grey"))}
        for name, (text, tip) in numbers.items():
            number = self.numbers[name]
            number.label.setText(text)
            for widget in (number.slider, number.box):
                widget.setToolTip(tip)
                widget.setAccessibleName(text.replace("&", "").rstrip(":"))
            if number.auto is not None:
                number.auto.setText(self.tr("From the image"))
                number.auto.setAccessibleName(self.tr("{0} from the image").format(text.replace("&", "").rstrip(":")))
        self._labels["stretch"].setText(self.tr("Stre&tch:"))
        self._labels["background"].setText(self.tr("&Background:"))
        self.linked.setText(self.tr("Same curve for all &colours"))
        self.level_sky.setText(self.tr("Le&vel the sky"))
        self.pick.setText(self.tr("&Pick"))
        self.pick.setToolTip(self.tr("Then click on a place of the sky in the image"))
        self.reset.setText(self.tr("Reset pict&ure"))
        self.histogram.setAccessibleName(self.tr("Histogram with handles for black, middle and white"))
        self.histogram.setToolTip(self.tr("Drag the handles; double-click to reset. Keys: 1, 2, 3 choose, arrows move"))
