"""The part that runs in this program's own Python, driven over pipes by the script inside Siril (launcher.py).

The messages are those of orchestrator/io/worker_protocol.py. The worker sends ``hello`` (once), ``log``, ``progress``, ``script``
(commands that Siril shall execute, answered by ``done`` and ``why``) and ``end`` (the outcome). A ``start`` message contains a
request; with ``window`` it opens the desktop window, each of whose runs ends with an ``end`` message, and the last one has
``closed``. ``stop`` asks the launcher to execute no further command of a script.

The end of the input means that Siril has ended or has stopped the script.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from orchestrator import RunResult, SettingsSources, __version__, run, run_project
from orchestrator.config.load import load_config, preset_names
from orchestrator.errors import ExitCode, OrchestrateError
from orchestrator.gui.__main__ import what_is_missing
from orchestrator.insiril.console import SirilConsole
from orchestrator.insiril.working_directory import check_session, default_runs
from orchestrator.io.worker_protocol import Message, WorkerChannel
from orchestrator.project.files import PROJECT_FILE
from orchestrator.tools.siril.running_instance import ChannelSiril, working_inside

__all__ = ["PROTOCOL", "Worker", "main"]

# Increased whenever an older launcher would misunderstand this worker.
PROTOCOL = 2


class Worker:
    """Fulfils the requests that arrive on a channel, one after another, and reports on it."""

    def __init__(self, channel: WorkerChannel) -> None:
        self._channel = channel

    def serve(self) -> None:
        """Work until the input ends."""
        window = importlib.util.find_spec("PySide6") is not None
        self._channel.send(hello=PROTOCOL, version=__version__, presets=preset_names(), window=window)
        for request in self._channel.tasks():
            self._channel.send(end=self._show_window(request) if request.get("window") else self._fulfil(request))

    def _show_window(self, request: Message) -> Message:
        """Open the desktop window until it is closed. ``problem``: why it could not be opened."""
        problem = what_is_missing()
        if not problem:
            from orchestrator.insiril.window import show_window

            show_window(self._channel, request)
        return {"closed": True, "problem": problem}

    def _fulfil(self, request: Message) -> Message:
        session = Path(request["session"])
        try:
            check_session(session)
            with working_inside(ChannelSiril(self._channel, str(request["siril"]))):
                result = self._stack(session, request)
        except OrchestrateError as error:
            result = RunResult("failed", error.exit_code, Path(), error=error)
        return describe(result)

    def _stack(self, session: Path, request: Message) -> RunResult:
        """Stack a folder: the nights of its project if it has one, else the session."""
        files, runs = [Path(f) for f in request["config"]], request["runs_dir"]
        listeners = (SirilConsole(self._channel).listen,)
        if (session / PROJECT_FILE).is_file():
            return run_project(session, SettingsSources(files, request["preset"], request["set"]), runs_dir=runs,
                               run_id=request["run_id"], listeners=listeners, cancel=self._channel.cancelled)
        return run(session, load_config(files, request["preset"], request["set"]), runs_dir=runs or default_runs(session),
                   run_id=request["run_id"], listeners=listeners, cancel=self._channel.cancelled)


def describe(result: RunResult) -> Message:
    """The outcome as the launcher needs it. ``picture`` is the image to load."""
    report = result.directory / "artifacts" / "report.html"
    error = result.error
    return {
        "status": result.status, "code": int(result.exit_code), "picture": str(result.picture) if result.picture else None,
        "directory": str(result.directory) if result.directory != Path() else None,
        "report": str(report) if report.is_file() else None,
        "error": error.message if error else None, "remedy": error.remedy if error else None,
        "cancelled": result.exit_code == ExitCode.CANCELLED}


def main() -> None:
    """Serve on the standard streams."""
    Worker(WorkerChannel.on_standard_streams()).serve()


if __name__ == "__main__":
    main()
