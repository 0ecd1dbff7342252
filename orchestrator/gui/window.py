"""The main window: menus, pages, and the connections between them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, QTimer
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QMenu, QMessageBox, QTabWidget, QWidget

from orchestrator import OrchestrateError, __version__, is_project
from orchestrator.gui.background import Background
from orchestrator.gui.document import Document
from orchestrator.gui.frames_page import FramesPage
from orchestrator.gui.icons import icon
from orchestrator.gui.project_details import ProjectDetails
from orchestrator.gui.results_page import ResultsPage
from orchestrator.gui.run_page import RunPage
from orchestrator.gui.scripts_window import ScriptsWindow
from orchestrator.gui.settings_page import SettingsPage
from orchestrator.gui.start_page import StartPage
from orchestrator.gui.style import APPEARANCES, answer_enter, set_appearance
from orchestrator.gui.tour import Tour
from orchestrator.gui.translation import LANGUAGES, set_language

__all__ = ["Window"]

# Entries of the menu Open recent.
RECENT = 8
# Milliseconds that messages stay in the status bar.
MESSAGE_TIME = 6000
RESULT_MESSAGE_TIME = 10000
# Size of the window at its first start in device-independent pixels, and the largest part of a small screen.
SIZE, PART_OF_SCREEN = QSize(1440, 900), 0.94
# The pages in order, by the names of their icons.
PAGES = ("start", "frames", "settings", "run", "results")
Button = QMessageBox.StandardButton


class Window(QMainWindow):
    """Shows one project; long tasks run in other processes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.memory = QSettings("orchestrate", "orchestrate")
        # Images for the screen; removed when the window closes.
        self._scratch = tempfile.TemporaryDirectory(prefix="orchestrate-window-")
        scratch = Path(self._scratch.name)
        self._leaving = False
        self.document, self._background = Document(self), Background(self)
        self.start = StartPage(self.document, self._background, scratch, self)
        self.details = ProjectDetails(self.document, self)
        self.frames = FramesPage(self.document, self._background, scratch, self)
        self.settings = SettingsPage(self.document, self)
        self.run = RunPage(self.document, self._background, scratch, self)
        self.scripts = ScriptsWindow(self.document, self)
        self.results = ResultsPage(self.document, self._background, scratch, self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        for name, page in zip(PAGES, (self.start, self.frames, self.settings, self.run, self.results), strict=True):
            self.tabs.addTab(page, icon(name), "")
        self.setCentralWidget(self.tabs)
        self.tour = Tour(self.tabs.setCurrentIndex, self)
        answer_enter(self)
        self.tour.ended.connect(lambda: self.memory.setValue("toured", True))
        self.setAcceptDrops(True)
        self.resize(SIZE.boundedTo(self.screen().availableSize() * PART_OF_SCREEN))
        self._actions: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {}
        self._make_menus()
        self._connect()
        self.start.show_recent(self._recent())
        self.retranslate()
        geometry = self.memory.value("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)

    def _connect(self) -> None:
        self.document.changed.connect(self._show_title)
        start = self.start
        start.stack_requested.connect(self._stack)
        start.project_requested.connect(self.choose_and_open)
        start.recent_requested.connect(lambda path: self.open(Path(path)))
        start.details_requested.connect(self.show_details)
        start.settings_requested.connect(self._show_invalid_setting)
        self.frames.scan_started.connect(start.scan_started)
        self.frames.scanned.connect(start.show_scan)
        self.frames.scan_failed.connect(start.scan_failed)
        self.frames.findings_changed.connect(self.run.show_findings)
        self.frames.filters_changed.connect(self.run.show_filters)
        self.settings.problems_changed.connect(self._count_problems)
        self.run.show_setting_requested.connect(self._show_invalid_setting)
        self.run.remedy_requested.connect(self._show_page)
        self.run.running_changed.connect(self._show_running)
        self.run.finished.connect(self._show_result)
        self.run.scripts.clicked.connect(self.scripts.open)
        self.results.resume_requested.connect(self._resume)
        self.tabs.currentChanged.connect(lambda _index: self._tab_chosen())

    def _make_menus(self) -> None:
        bar = self.menuBar()
        for name in ("file", "run", "view", "help"):
            self._menus[name] = bar.addMenu("")
        key = QKeySequence.StandardKey
        self._action("file", "new", self.new, key.New)
        self._action("file", "open", self.choose_and_open, key.Open)
        self._menus["recent"] = self._menus["file"].addMenu("")
        self._menus["recent"].aboutToShow.connect(self._fill_recent)
        self._action("file", "save", self.save, key.Save)
        self._action("file", "save_as", self.save_as, "Ctrl+Shift+S")
        self._menus["file"].addSeparator()
        self._action("file", "add", self.start.choose_folder, "Ctrl+D")
        self._action("file", "details", self.show_details, "Ctrl+I")
        self._menus["file"].addSeparator()
        self._action("file", "quit", self.close, "Ctrl+Q")
        self._action("run", "start", self._stack, "Ctrl+R")
        self._action("run", "scripts", self.scripts.open, "Ctrl+L")
        self._action("run", "abort", self.run.stop, "Ctrl+.")
        for number in range(self.tabs.count()):
            self._action("view", f"tab{number}", partial(self.tabs.setCurrentIndex, number), f"Ctrl+{number + 1}")
        self._action("view", "search", self._search, key.Find)
        self._menus["view"].addSeparator()
        self._choices("appearance", list(APPEARANCES), str(self.memory.value("appearance", "system")), self._appear)
        self._choices("language", list(LANGUAGES), str(self.memory.value("language", "")), self.set_language)
        self._action("help", "tour", self.tour.begin)
        self._action("help", "about", self._about)

    def _action(self, menu: str, name: str, do: Callable[[], object], shortcut: QKeySequence.StandardKey | str = "") -> None:
        action = QAction(self)
        action.triggered.connect(lambda _checked=False: do())
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        self._menus[menu].addAction(action)
        self._actions[name] = action

    def _choices(self, name: str, values: list[str], chosen: str, do: Callable[[str], None]) -> None:
        self._menus[name] = self._menus["view"].addMenu("")
        group = QActionGroup(self)
        for value in values:
            action = QAction(self)
            action.setCheckable(True)
            action.setChecked(value == chosen)
            action.triggered.connect(lambda _checked=False, v=value: do(v))
            group.addAction(action)
            self._menus[name].addAction(action)
            self._actions[f"{name}_{value}"] = action

    def new(self) -> None:
        """Create an empty project, after asking to save the current one."""
        if self._may_leave_run() and self._may_leave():
            self.document.clear()

    def offer_tour(self) -> None:
        """Begin the tour if it was never shown."""
        if not self.memory.value("toured", False, type=bool):
            self.tour.begin()

    def show_details(self) -> None:
        """Show name, folder for runs, channels, palette and final images of the project."""
        self.details.show()
        self.details.raise_()
        self.details.activateWindow()

    def _stack(self) -> None:
        """Start a run and show it."""
        if self.run.start.isEnabled():
            self.tabs.setCurrentWidget(self.run)
            self.run.begin()

    def _show_page(self, name: str) -> None:
        """Show the page that resolves an error."""
        pages: dict[str, QWidget] = {"nights": self.start, "settings": self.settings, "results": self.results}
        self.tabs.setCurrentWidget(pages[name])

    def _count_problems(self) -> None:
        count = len(self.settings.problems)
        self.run.set_problems(count)
        self.start.set_problems(count)

    def choose_and_open(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Open a project"), "", self.tr("Projects (*.yaml *.yml *.json)"))
        if chosen:
            self.open(Path(chosen))

    def open(self, path: Path) -> None:
        """Open a project's file or folder, after asking to save the current one."""
        if not (self._may_leave_run() and self._may_leave()):
            return
        try:
            self.document.load(path)
        except OrchestrateError as error:
            self._refuse(error)
            return
        self._remember(self.document.path)
        self.results.read()

    def save(self) -> bool:
        return self._save(self.document.path) if self.document.path else self.save_as()

    def save_as(self) -> bool:
        start = self.document.proposed_path()
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save the project"), str(start), self.tr("Projects (*.yaml)"))
        return bool(chosen) and self._save(Path(chosen))

    def _save(self, path: Path) -> bool:
        try:
            self.document.save(path)
        except OrchestrateError as error:
            self._refuse(error)
            return False
        self._remember(self.document.path)
        invalid = len(self.settings.problems)
        self.statusBar().showMessage(self.tr("Saved. %n invalid setting(s) keep the last valid value.", "", invalid) if invalid
                                     else self.tr("Saved."), MESSAGE_TIME)
        return True

    def _refuse(self, error: OrchestrateError) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, self.tr("Not possible"), error.message, Button.Ok, self)
        box.setInformativeText(error.remedy)
        box.exec()

    def _may_leave(self) -> bool:
        """Whether the document may be closed; asks if it has unsaved changes."""
        if not self.document.modified:
            return True
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Unsaved changes"),
                          self.tr("Save the changes to {0}?").format(self.document.name or self.tr("the project")),
                          Button.Save | Button.Discard | Button.Cancel, self)
        box.setDefaultButton(Button.Save)
        answer = box.exec()
        return self.save() if answer == Button.Save else answer == Button.Discard

    def _may_leave_run(self) -> bool:
        """Whether the current run may be ended; asks, and requests the run to stop."""
        if not self.run.running:
            return True
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("A run is in progress"),
                          self.tr("Abort the run? Completed phases are kept, and it can be resumed."),
                          Button.Yes | Button.No, self)
        box.setDefaultButton(Button.No)
        if box.exec() != Button.Yes:
            return False
        self.run.stop()
        return True

    def closeEvent(self, event: QCloseEvent) -> None:
        # A run is given time to stop in an orderly way; closing again ends it at once.
        if self.run.running:
            if self._leaving:
                self.run.stop()
            self._leaving = self._leaving or self._may_leave_run()
            if self.run.running:
                event.ignore()
                return
        self._leaving = False
        if not self._may_leave():
            event.ignore()
            return
        self.memory.setValue("geometry", self.saveGeometry())
        self.shut()
        event.accept()

    def shut(self) -> None:
        """End all tasks at once, and remove temporary files."""
        for part in (self.start, self.run, self.frames, self.scripts, self.results):
            part.shut()
        self._background.shut()
        self._scratch.cleanup()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.open_paths(paths)

    def open_paths(self, paths: list[Path]) -> None:
        """Add folders as nights (of a frame, its folder), or open a project: its file, or in an empty window its folder."""
        empty = self.document.path is None and not self.document.nights
        projects = [p for p in paths if (p.is_file() and p.suffix.lower() in (".yaml", ".yml", ".json"))
                    or (empty and is_project(p))]
        if projects:
            self.open(projects[0])
            return
        folders = [p if p.is_dir() else p.parent for p in paths]
        if folders:
            added = self.document.add_nights(folders)
            self.statusBar().showMessage(self.tr("%n night(s) added.", "", added), MESSAGE_TIME)

    def _remember(self, path: Path | None) -> None:
        kept = [p for p in self._recent() if p != str(path)]
        self.memory.setValue("recent", [str(path), *kept][:RECENT])
        self.start.show_recent(self._recent())

    def _recent(self) -> list[str]:
        found = self.memory.value("recent", [])
        return [found] if isinstance(found, str) else [str(p) for p in found] if isinstance(found, list) else []

    def _fill_recent(self) -> None:
        menu = self._menus["recent"]
        menu.clear()
        for path in self._recent():
            menu.addAction(path, partial(self.open, Path(path)))
        if menu.isEmpty():
            menu.addAction(self.tr("none")).setEnabled(False)

    def _search(self) -> None:
        self.tabs.setCurrentWidget(self.settings)
        self.settings.search.setFocus()
        self.settings.search.selectAll()

    def _show_invalid_setting(self) -> None:
        self.tabs.setCurrentWidget(self.settings)
        self.settings.show_setting(next(iter(self.settings.problems), "input"))

    def _show_running(self, running: bool) -> None:
        self.start.set_running(running)
        self._actions["abort"].setEnabled(running)
        self._show_title()
        if self._leaving and not running:
            QTimer.singleShot(0, self.close)

    def _show_result(self, directory: str) -> None:
        self.results.read(directory)
        self.statusBar().showMessage(self.tr("The run has ended: {0}").format(directory), RESULT_MESSAGE_TIME)

    def _resume(self, directory: Path) -> None:
        self.tabs.setCurrentWidget(self.run)
        self.run.resume_run(directory)

    def _tab_chosen(self) -> None:
        if self.tabs.currentWidget() is self.results and not self.run.running:
            self.results.read()

    def _appear(self, name: str) -> None:
        self.memory.setValue("appearance", name)
        set_appearance(name)

    def set_language(self, language: str) -> None:
        """Change the language of the open window."""
        self.memory.setValue("language", language)
        self._actions[f"language_{language}"].setChecked(True)
        set_language(language)
        self.retranslate()

    def _about(self) -> None:
        QMessageBox.about(self, self.tr("About orchestrate"), self.tr(
            "orchestrate {0}\n\nStacks raw astronomical frames with local quality weights.").format(__version__))

    def _show_title(self) -> None:
        running = self.tr(" – running") if self.run.running else ""
        name = self.document.name or self.tr("New project")
        self.setWindowTitle(f"{name}[*] – orchestrate{running}")
        self.setWindowModified(self.document.modified)

    def retranslate(self) -> None:
        menus = {"file": self.tr("&File"), "run": self.tr("&Run"), "view": self.tr("&View"), "help": self.tr("&Help"),
                 "recent": self.tr("Open &recent"), "appearance": self.tr("&Appearance"), "language": self.tr("&Language")}
        actions = {"new": self.tr("&New"), "open": self.tr("&Open …"), "save": self.tr("&Save"), "save_as": self.tr("Save &as …"),
                   "add": self.tr("Add &folder …"), "details": self.tr("Project &details …"), "quit": self.tr("&Quit"),
                   "start": self.tr("&Stack"),
                   "abort": self.tr("&Abort"), "scripts": self.tr("Siril s&cripts …"),
                   "search": self.tr("&Find a setting"), "tour": self.tr("&Tour"), "about": self.tr("&About"),
                   "appearance_system": self.tr("As &system"), "appearance_light": self.tr("&Light"),
                   "appearance_dark": self.tr("&Dark"), **{f"language_{k}": v for k, v in LANGUAGES.items()}}
        tabs = (self.tr("&Start"), self.tr("Fra&mes"), self.tr("S&ettings"), self.tr("R&un"), self.tr("Resul&ts"))
        for number, title in enumerate(tabs):
            self.tabs.setTabText(number, title)
            actions[f"tab{number}"] = title
        for name, text in menus.items():
            self._menus[name].setTitle(text)
        for name, text in actions.items():
            self._actions[name].setText(text)
        self._show_title()


def application() -> QApplication:
    """The application object, with its name and version."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["orchestrate"])
    app.setApplicationName("orchestrate")
    app.setApplicationVersion(__version__)
    return app
