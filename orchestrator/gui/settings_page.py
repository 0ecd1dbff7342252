"""The page Settings: the usual settings or all of them, with help and default, searchable, checked while the user types."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from orchestrator import SettingSection, check_settings, preset_names, preset_settings, setting_sections
from orchestrator.gui.document import Document, value_in, with_values
from orchestrator.gui.fields import SettingField, as_text
from orchestrator.gui.icons import icon
from orchestrator.gui.style import GAP, PAGE, show_error
from orchestrator.gui.translation import Translated, help_of

__all__ = ["BASIC", "SettingsPage"]

# The settings that most people change; the others are for experts.
BASIC = ("selection.keep_fraction", "registration.mount", "debayer.stage", "canvas.crop", "reconstruction.method",
         "stacking.rejection", "stacking.trails", "bge.enabled", "pcc.enabled", "output.palette", "astrometry.solver",
         "engine.name")
# Rows of the list of changes that are visible at once.
VISIBLE_CHANGES = 6


class SettingsPage(Translated):
    """Valid values are stored in the document at once; invalid ones are kept here and shown with an error message."""

    problems_changed = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._pending: dict[str, Any] = {}
        self._unreadable: dict[str, str] = {}
        self.problems: dict[str, str] = {}
        self._sections = setting_sections()
        self.fields: dict[str, SettingField] = {}
        self._titles: dict[str, QLabel] = {}
        self.search = QLineEdit(self)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter_from_top)
        self.only_changed = QCheckBox(self)
        self.only_changed.toggled.connect(self._filter_from_top)
        self.expert = QCheckBox(self)
        self.expert.toggled.connect(self._filter_from_top)
        self._before: dict[str, Any] | None = None  # the settings before a preset was applied
        self.change_title, self.changes, self.undo = QLabel(self), QTreeWidget(self), QPushButton(icon("undo"), "", self)
        self.changes.setRootIsDecorated(False)
        self.undo.clicked.connect(self._undo_preset)
        self._preset_label, self.preset = QLabel(self), QComboBox(self)
        self.preset.addItems(list(preset_names()))
        self._preset_label.setBuddy(self.preset)
        self._apply = QPushButton(self)
        self._apply.clicked.connect(self._take_preset)
        self.summary = QLabel(self)
        self.list = QListWidget(self)
        self.list.addItems([section.key for section in self._sections])
        self.list.currentRowChanged.connect(self._filter_from_top)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._all_fields())
        self._lay_out()
        document.settings_changed.connect(self._show_values)
        self._show_values()
        self.list.setCurrentRow(0)
        self.retranslate()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        for widget in (self.expert, self.only_changed, self._preset_label, self.preset, self._apply):
            top.addWidget(widget)
        above = QHBoxLayout()
        above.addWidget(self.change_title, 1)
        above.addWidget(self.undo)
        split = QSplitter(self)
        split.addWidget(self.list)
        split.addWidget(self._area)
        split.setStretchFactor(1, 1)
        split.setSizes([180, 700])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE, PAGE, PAGE, PAGE)
        layout.setSpacing(GAP)
        layout.addLayout(top)
        layout.addWidget(self.summary)
        layout.addLayout(above)
        layout.addWidget(self.changes)
        self._show_changes([])
        layout.addWidget(split, 1)

    def _all_fields(self) -> QWidget:
        content = QWidget(self)
        layout = QVBoxLayout(content)
        for section in self._sections:
            layout.addWidget(self._title(section))
            for setting in section.settings:
                field = SettingField(setting, content)
                field.edited.connect(self._edited)
                field.unreadable.connect(self._not_read)
                field.undone.connect(self._undone)
                self.fields[setting.key] = field
                layout.addWidget(field)
        layout.addStretch(1)
        return content

    def _title(self, section: SettingSection) -> QLabel:
        title = QLabel(self)
        font = QFont(title.font())
        font.setPointSizeF(font.pointSizeF() * 1.25)
        title.setFont(font)
        title.setWordWrap(True)
        self._titles[section.key] = title
        return title

    def _edited(self, key: str, value: Any) -> None:
        self._unreadable.pop(key, None)
        self._pending[key] = value
        self._check()

    def _not_read(self, key: str, message: str) -> None:
        self._unreadable[key] = message
        self._pending.pop(key, None)
        self._check()

    def _undone(self, key: str) -> None:
        self._unreadable.pop(key, None)
        self._pending.pop(key, None)
        self._document.reset_value(key)
        self._check()
        self._show_values()

    def _check(self) -> None:
        """Store the valid values in the document; values that are invalid only in combination wait for each other."""
        found = check_settings(with_values(self._document.settings, self._pending))
        valid = {k: v for k, v in self._pending.items() if not any(concerns(p, k) for p in found)}
        self._pending = {k: v for k, v in self._pending.items() if k not in valid}
        self.problems = {**found, **self._unreadable}
        if valid:
            self._document.set_values(valid)
        self._show_problems()
        self.problems_changed.emit()

    def _show_values(self, changed: str = "") -> None:
        for key, field in self.fields.items() if changed not in self.fields else [(changed, self.fields[changed])]:
            if key not in self._pending and key not in self._unreadable:
                field.show_value(self._document.value(key, field.setting.default), changed=self._document.is_set(key))
        self._filter()

    def _show_problems(self) -> None:
        for key, field in self.fields.items():
            section = self.problems.get(key.partition(".")[0], "") if key in self._pending else ""
            field.show_problem(self.problems.get(key) or section)
        self._show_summary()

    def _show_summary(self) -> None:
        count = len(self.problems)
        self.summary.setVisible(bool(count))
        self.summary.setText(self.tr("%n invalid setting(s): {0}. The last valid value is used.", "", count).format(
            ", ".join(self.problems)))
        show_error(self.summary)

    def _filter_from_top(self) -> None:
        self._filter()
        self._area.verticalScrollBar().setValue(0)

    def _filter(self) -> None:
        """Apply the search to all settings; without search words show the usual settings, or the selected section of all."""
        words = self.search.text().lower().split()
        everywhere = bool(words) or self.only_changed.isChecked()
        row = self.list.currentRow()
        current = self._sections[row].key if 0 <= row < len(self._sections) else ""
        self.list.setVisible(self.expert.isChecked() and not everywhere)
        for section in self._sections:
            shown = 0
            for setting in section.settings:
                field = self.fields[setting.key]
                chosen = section.key == current if self.expert.isChecked() else setting.key in BASIC
                visible = (everywhere or chosen) and field.matches(words) and not (
                    self.only_changed.isChecked() and not self._document.is_set(setting.key))
                field.setVisible(visible)
                shown += visible
            self._titles[section.key].setVisible(bool(shown))

    def show_setting(self, key: str) -> None:
        """Show a setting."""
        self.search.clear()
        self.only_changed.setChecked(False)
        self.expert.setChecked(self.expert.isChecked() or key not in BASIC)
        self.list.setCurrentRow([s.key for s in self._sections].index(key.partition(".")[0]))
        if key in self.fields:
            self._area.ensureWidgetVisible(self.fields[key])
            self.fields[key].editor.setFocus()

    def _take_preset(self) -> None:
        self._pending.clear()
        self._unreadable.clear()
        before = self._document.settings
        keep = self._document.value("stacking.exclude")
        settings = preset_settings(self.preset.currentText())
        self._replace(with_values(settings, {"stacking.exclude": keep}) if keep else settings)
        self._before = before
        self._show_changes(self._differences(before))

    def _undo_preset(self) -> None:
        if self._before is not None:
            self._replace(self._before)
        self._before = None
        self._show_changes([])

    def _replace(self, settings: dict[str, Any]) -> None:
        self._document.set_settings(settings)
        self._check()
        self._show_values()

    def _differences(self, before: dict[str, Any]) -> list[tuple[str, str, str]]:
        """The settings that differ from ``before``: key, value before, value now."""
        found = []
        for key, field in self.fields.items():
            old, new = (value_in(settings, key, field.setting.default) for settings in (before, self._document.settings))
            if old != new:
                found.append((key, as_text(old), as_text(new)))
        return found

    def _show_changes(self, found: list[tuple[str, str, str]]) -> None:
        """List what a preset has changed, with a button that takes it back."""
        self.changes.clear()
        for change in found:
            QTreeWidgetItem(self.changes, list(change))
        rows = min(len(found), VISIBLE_CHANGES) + 1
        self.changes.setFixedHeight(rows * (self.changes.fontMetrics().height() + 8) + 4)
        for column in range(3):
            self.changes.resizeColumnToContents(column)
        self.changes.setVisible(bool(found))
        for widget in (self.change_title, self.undo):
            widget.setVisible(self._before is not None)
        self.change_title.setText(self.tr("%n setting(s) changed by the preset:", "", len(found)))

    def retranslate(self) -> None:
        self.search.setPlaceholderText(self.tr("Search all settings and their help"))
        self.search.setAccessibleName(self.tr("Search settings"))
        self.only_changed.setText(self.tr("&Different from the default"))
        self.expert.setText(self.tr("&All settings"))
        self.undo.setText(self.tr("&Undo the preset"))
        self.changes.setHeaderLabels([self.tr("Setting"), self.tr("Before"), self.tr("Now")])
        self.changes.setAccessibleName(self.tr("Settings that the preset has changed"))
        self._preset_label.setText(self.tr("Pre&set:"))
        self._apply.setText(self.tr("App&ly"))
        self.list.setAccessibleName(self.tr("Sections"))
        for section in self._sections:
            self._titles[section.key].setText(f"{section.key} – {help_of(section.help)}")
        for number, (name, description) in enumerate(preset_names().items()):
            self.preset.setItemData(number, help_of(description), Qt.ItemDataRole.ToolTipRole)
            self.preset.setItemText(number, name)
        self._show_summary()


def concerns(problem: str, key: str) -> bool:
    """Whether the problem of a setting, or of a whole section, concerns this key."""
    return problem in ("", key) or key.startswith(f"{problem}.")
