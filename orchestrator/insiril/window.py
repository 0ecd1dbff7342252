"""The desktop window, opened from Siril: the running Siril executes the scripts of its runs and loads their results."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from orchestrator import OrchestrateError
from orchestrator.config.load import load_config
from orchestrator.errors import ExitCode
from orchestrator.gui.app import opened_window
from orchestrator.gui.window import Window, application
from orchestrator.insiril.console import SirilConsole
from orchestrator.insiril.working_directory import check_session, default_runs
from orchestrator.io.worker_protocol import Message, WorkerChannel
from orchestrator.project.files import PROJECT_FILE

__all__ = ["SirilLink", "show_window"]

# Milliseconds between two checks whether Siril has ended.
CHECK = 200


class SirilLink(QObject):
    """The running Siril as the window's tasks use it. Its answers are awaited in a thread: commands take minutes."""

    _answered = Signal(object, int, str)

    def __init__(self, channel: WorkerChannel, text: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._channel, self.text = channel, text
        self._console = SirilConsole(channel)
        self._scripts: queue.Queue[tuple[str, list[str], Callable[[int, str], None]]] = queue.Queue()
        self._answered.connect(lambda answer, done, why: answer(done, why))
        threading.Thread(target=self._work, daemon=True).start()

    def execute(self, folder: str, commands: list[str], answer: Callable[[int, str], None]) -> None:
        """Execute commands in a folder; ``answer`` is called by the event loop."""
        self._scripts.put((folder, commands, answer))

    def load(self, path: Path) -> None:
        """Load an image in Siril."""
        self.execute(str(path.parent), [f'load "{path}"'], lambda _done, why: self._console.log(why, "red") if why else None)

    def stop(self) -> None:
        """Execute no further command of the current script."""
        self._channel.send(stop=True)

    def listen(self, event: dict[str, Any]) -> None:
        """Show an event of a run in Siril's console, or the progress of a script."""
        if event["event"] == "siril":
            self._channel.send(progress=event["message"], share=event["share"])
        else:
            self._console.listen(event)

    def ended(self, result: Any, message: str) -> None:
        """Report the end of a run (its result) or of scripts (their images), so that the image is loaded."""
        self._console = SirilConsole(self._channel)
        if isinstance(result, list):
            result = {"status": "ok", "picture": next((p for p in result if p.endswith("_final.fit")), None)}
        result = result or {"status": "failed", "exit_code": ExitCode.FAILED, "error": message}
        directory = result.get("directory")
        report = Path(directory) / "artifacts" / "report.html" if directory else None
        self._channel.send(end={
            "status": result["status"], "code": int(result.get("exit_code", 0)), "picture": result.get("picture"),
            "directory": directory, "report": str(report) if report and report.is_file() else None, "error": result.get("error"),
            "remedy": None, "cancelled": result.get("exit_code") == ExitCode.CANCELLED})

    def _work(self) -> None:
        while True:
            folder, commands, answer = self._scripts.get()
            found = self._channel.request(script=commands, folder=folder)
            if found is None:
                return
            self._answered.emit(answer, int(found["done"]), str(found["why"]))


def show_window(channel: WorkerChannel, request: Message) -> None:
    """Show the window for Siril's working directory until it is closed, or until Siril ends."""
    app = application()
    window = opened_window()
    link = SirilLink(channel, str(request["siril"]), window)
    window.document.siril = link
    window.results.picture.load_in_siril = link.load
    _open(window, request)
    watch = QTimer(window)
    watch.timeout.connect(lambda: _end(window) if channel.cancelled.is_set() else None)
    watch.start(CHECK)
    app.exec()


def _open(window: Window, request: Message) -> None:
    """Open Siril's working directory: its project, or itself as a night or a folder of nights. Apply the request's settings."""
    session = Path(request["session"])
    try:
        check_session(session)
        window.open_paths([session])
        if request["preset"] or request["config"] or request["set"]:
            chosen = load_config([Path(f) for f in request["config"]], request["preset"], request["set"])
            window.document.set_settings(chosen.model_dump(mode="json", exclude_defaults=True))
    except OrchestrateError as error:
        window.statusBar().showMessage(f"{error.message} {error.remedy}")
    if request["runs_dir"] or not (session / PROJECT_FILE).is_file():
        window.document.set_runs_dir(Path(request["runs_dir"] or default_runs(session)))
    window.document.accept_as_saved()


def _end(window: Window) -> None:
    """Siril has ended: end the tasks, and close without questions."""
    window.shut()
    application().quit()
