"""The window Siril scripts: write the scripts of the project to a folder, check them, and run them with Siril."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from orchestrator import script_settings
from orchestrator.gui.document import Document
from orchestrator.gui.fields import SettingField
from orchestrator.gui.formats import in_language
from orchestrator.gui.icons import icon
from orchestrator.gui.style import GAP, PAGE, bad, dim, set_level
from orchestrator.gui.translation import Translated
from orchestrator.gui.worker_client import WorkerClient

__all__ = ["ScriptsWindow"]

# The script that processes all nights.
MAIN_SCRIPT = "run_project.ssf"
# Steps of the progress bar.
STEPS = 1000


class ScriptsWindow(Translated):
    """One task at a time: writing, checking or running. It stays open beside the main window."""

    image_written = Signal(str)  # the image that the scripts have made

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.Window)
        self._document = document
        self._worker: WorkerClient | None = None
        self._task, self._failed, self._stopping = "", False, False
        self._chosen_folder, self._project = False, document.path
        self.values: dict[str, Any] = {}  # options that differ from their defaults
        self._hint, self._folder_label, self.folder = QLabel(self), QLabel(self), QLineEdit(self)
        self._hint.setWordWrap(True)
        dim(self._hint)
        self._folder_label.setBuddy(self.folder)
        self.folder.textEdited.connect(self._folder_typed)
        self.browse, self.write, self.check, self.run, self.abort, self.show_folder = (QPushButton(self) for _ in range(6))
        for button, do in ((self.browse, self._choose_folder), (self.write, self.write_scripts), (self.check, self.check_scripts),
                           (self.run, self.run_scripts), (self.abort, self.stop), (self.show_folder, self._open_folder)):
            button.clicked.connect(do)
        for button, name in ((self.browse, "folder"), (self.write, "save"), (self.check, "ok"), (self.run, "run"),
                             (self.abort, "stop"), (self.show_folder, "open")):
            button.setIcon(icon(name))
        self.fields = {setting.key: SettingField(setting, self) for setting in script_settings()}
        for field in self.fields.values():
            field.edited.connect(self._edited)
            field.undone.connect(lambda key: self._edited(key, self.fields[key].setting.default))
        self.status = QLabel(self)
        self.status.setWordWrap(True)
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.progress = QProgressBar(self)
        self.files = QTreeWidget(self)
        self.files.setRootIsDecorated(False)
        self.files.setWordWrap(True)
        self.files.setColumnCount(3)
        self.files.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.files.header().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.files.itemActivated.connect(self._open_file)
        self._lay_out()
        document.changed.connect(self._propose_folder)
        document.changed.connect(self._show)
        self._propose_folder()
        for key, field in self.fields.items():
            field.show_value(self.fields[key].setting.default, changed=False)
        self.retranslate()
        self.resize(960, 600)

    def _lay_out(self) -> None:
        top, buttons, split = QHBoxLayout(), QHBoxLayout(), QSplitter(self)
        for widget, stretch in ((self._folder_label, 0), (self.folder, 1), (self.browse, 0), (self.show_folder, 0)):
            top.addWidget(widget, stretch)
        for button in (self.write, self.check, self.run, self.abort):
            buttons.addWidget(button)
        buttons.addStretch(1)
        options, area = QWidget(self), QScrollArea(self)
        column = QVBoxLayout(options)
        for field in self.fields.values():
            column.addWidget(field)
        column.addStretch(1)
        area.setWidget(options)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        split.addWidget(area)
        split.addWidget(self.files)
        split.setStretchFactor(1, 1)
        split.setSizes([360, 580])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE, PAGE, PAGE, PAGE)
        layout.setSpacing(GAP)
        layout.addWidget(self._hint)
        layout.addLayout(top)
        layout.addLayout(buttons)
        layout.addWidget(self.status)
        layout.addWidget(self.progress)
        layout.addWidget(split, 1)

    @property
    def running(self) -> bool:
        """Whether a task is in progress."""
        return self._worker is not None and self._worker.running

    @property
    def path(self) -> Path:
        return Path(self.folder.text().strip()).expanduser()

    def open(self) -> None:
        """Show the window, in front of others."""
        self._show()
        self.show()
        self.raise_()
        self.activateWindow()

    def write_scripts(self) -> None:
        """Write the scripts of the nights in use."""
        self._begin({"task": "write_scripts", "options": self.values})

    def check_scripts(self) -> None:
        """Check the scripts that are in the folder."""
        self._begin({"task": "check_scripts"})

    def run_scripts(self) -> None:
        """Run the scripts that are in the folder with Siril."""
        self._begin({"task": "run_scripts"})

    def stop(self) -> None:
        """Stop Siril."""
        if self._worker is not None:
            self._stopping = True
            self._worker.cancel()
            self._show()

    def shut(self) -> None:
        """End the task: the main window closes."""
        if self._worker is not None and self._worker.running:
            self._worker.end()
        self.close()

    def _begin(self, task: dict[str, Any]) -> None:
        if self.running:
            return
        self._task, self._failed, self._stopping = task["task"], False, False
        self.files.clear()
        self.progress.setRange(0, 0)
        siril = self._document.siril if self._task == "run_scripts" else None
        self._worker = WorkerClient({**task, **self._document.to_task(), "folder": str(self.path)}, self, siril)
        self._worker.reported.connect(self._reported)
        self._worker.done.connect(self._done)
        self._worker.failed.connect(self._fail)
        self._worker.ended.connect(self._show)
        self._say({"write_scripts": self.tr("Writing …"), "check_scripts": self.tr("Checking …"),
                   "run_scripts": self.tr("Siril is running the scripts …")}[self._task])
        self._show()

    def _reported(self, event: dict[str, Any]) -> None:
        if event.get("event") == "siril":
            self.progress.setRange(0, STEPS)
            self.progress.setValue(round(STEPS * event["share"]))
            self._say(event["message"] or self.status.text())

    def _done(self, result: list[Any]) -> None:
        if self._task == "check_scripts":
            self._show_findings(result)
            return
        for path in result:
            item = QTreeWidgetItem(self.files, [Path(path).name, "", str(path)])
            item.setData(0, Qt.ItemDataRole.UserRole, path)
        if self._task == "write_scripts":
            self._say(self.tr("%n script(s) written.", "", len(result)))
        else:
            self._say(self.tr("Siril has finished. %n image(s) written.", "", len(result)))
            final = [path for path in result if path.endswith("_final.fit")]
            if final:
                self.image_written.emit(final[0])

    def _show_findings(self, found: list[dict[str, str]]) -> None:
        levels = {"error": self.tr("error"), "warning": self.tr("warning"), "note": self.tr("note")}
        for finding in found:
            file, _, line = finding["where"].rpartition(":")
            item = QTreeWidgetItem(self.files, [f"{Path(file).name}:{line}", levels[finding["level"]],
                                                f"{in_language(finding, 'message')} {in_language(finding, 'remedy')}".strip()])
            item.setData(0, Qt.ItemDataRole.UserRole, file)
            item.setToolTip(2, item.text(2))
            if finding["level"] == "error":
                item.setForeground(1, bad())
        errors = sum(finding["level"] == "error" for finding in found)
        self._failed = bool(errors)
        self._say(self.tr("%n error(s) found. Siril would stop there, or ignore the line.", "", errors) if errors
                  else self.tr("No errors were found."))

    def _fail(self, message: str, remedy: str) -> None:
        self._failed = not self._stopping
        self._say(self.tr("Aborted.") if self._stopping else f"{message} {remedy}".strip())

    def _say(self, text: str) -> None:
        self.status.setText(text)

    def _edited(self, key: str, value: Any) -> None:
        default = self.fields[key].setting.default
        self.values = {k: v for k, v in {**self.values, key: value}.items() if k != key or value != default}
        self.fields[key].show_value(value, changed=value != default)

    def _propose_folder(self) -> None:
        """Follow the project with the folder, until the user chooses one for this project."""
        if self._document.path != self._project:
            self._project, self._chosen_folder = self._document.path, False
        if not self._chosen_folder and self.path != self._document.scripts_dir:
            self.folder.setText(str(self._document.scripts_dir))

    def _folder_typed(self, text: str) -> None:
        self._chosen_folder = bool(text.strip())
        self._show()

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder for the scripts"), str(self.path.parent))
        if chosen:
            self.folder.setText(chosen)
            self._folder_typed(chosen)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path)))

    def _open_file(self, item: QTreeWidgetItem) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(item.data(0, Qt.ItemDataRole.UserRole)))

    def _show(self) -> None:
        running, used = self.running, len(self._document.used)
        written = bool(self.folder.text().strip()) and (self.path / MAIN_SCRIPT).is_file()
        self.write.setEnabled(not running and used > 0 and bool(self.folder.text().strip()))
        self.check.setEnabled(not running and written)
        self.run.setEnabled(not running and written)
        self.abort.setEnabled(running and self._task == "run_scripts" and not self._stopping)
        self.show_folder.setEnabled(written)
        self.progress.setVisible(running)
        for field in self.fields.values():
            field.setEnabled(not running)
        set_level(self.status, "error" if self._failed else "")
        if not running and not self._task:
            self._say(self.tr("%n night(s) in use.", "", used) if used else
                      self.tr("There is no night in use: add a folder of raw frames to the project first."))

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Siril scripts"))
        self._hint.setText(self.tr(
            "The scripts calibrate, register and stack the nights in use with Siril alone. They follow the settings of the "
            "project, as far as Siril has an equivalent, and these options."))
        self._folder_label.setText(self.tr("&Folder:"))
        self.browse.setText(self.tr("&Choose …"))
        self.show_folder.setText(self.tr("&Open folder"))
        self.write.setText(self.tr("&Write"))
        self.check.setText(self.tr("Chec&k"))
        self.run.setText(self.tr("&Run with Siril"))
        self.abort.setText(self.tr("&Abort"))
        self.files.setHeaderLabels([self.tr("File"), self.tr("Level"), self.tr("Message")])
        self.files.setAccessibleName(self.tr("Scripts, images and problems"))
        self.progress.setAccessibleName(self.tr("Progress of Siril"))
        self._show()
