"""The part that runs in this program's own Python, driven over pipes by the script inside Siril (launcher.py).

The messages are those of orchestrator/io/worker_protocol.py. The worker sends ``hello`` (once), ``log``, ``progress``, ``script``
(commands that Siril shall execute, answered by ``done`` and ``why``) and ``end`` (the outcome). A ``start`` message contains a
request. The end of the input means that Siril has ended or has stopped the script.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestrator import RunResult, SettingsSources, __version__, run, run_project
from orchestrator.config.load import load_config, preset_names
from orchestrator.errors import Cancelled, ConfigError, ExitCode, OrchestrateError
from orchestrator.io.worker_protocol import Message, WorkerChannel
from orchestrator.project.files import PROJECT_FILE
from orchestrator.runtime.run_progress import RunProgress
from orchestrator.tools.siril.running_instance import working_inside

__all__ = ["PROTOCOL", "Worker", "main"]

# Increased whenever an older launcher would misunderstand this worker.
PROTOCOL = 1


class Worker:
    """Fulfils the requests that arrive on a channel, one after another, and reports on it."""

    def __init__(self, channel: WorkerChannel) -> None:
        self._channel = channel
        self.text, self.version = "the running Siril", (1, 4)
        self._progress = RunProgress()

    def serve(self) -> None:
        """Work until the input ends."""
        self._channel.send(hello=PROTOCOL, version=__version__, presets=preset_names())
        for request in self._channel.tasks():
            self._channel.send(end=self._fulfil(request))

    def execute(self, folder: Path, commands: Sequence[str]) -> tuple[int, str]:
        """Let Siril execute commands; see :class:`orchestrator.tools.siril.running_instance.RunningSiril`."""
        answer = self._channel.request(script=list(commands), folder=str(folder))
        if answer is None:
            raise Cancelled("Siril has ended, or has stopped the script.")
        return int(answer["done"]), str(answer["why"])

    def _fulfil(self, request: Message) -> Message:
        session, self._progress = Path(request["session"]), RunProgress()
        self.text = str(request["siril"])
        try:
            check_session(session)
            with working_inside(self):
                result = self._stack(session, request)
        except OrchestrateError as error:
            result = RunResult("failed", error.exit_code, Path(), error=error)
        return describe(result)

    def _stack(self, session: Path, request: Message) -> RunResult:
        """Stack a folder: the nights of its project if it has one, else the session."""
        files, runs = [Path(f) for f in request["config"]], request["runs_dir"]
        if (session / PROJECT_FILE).is_file():
            return run_project(session, SettingsSources(files, request["preset"], request["set"]), runs_dir=runs,
                               run_id=request["run_id"], listeners=(self._listen,), cancel=self._channel.cancelled)
        return run(session, load_config(files, request["preset"], request["set"]), runs_dir=runs or default_runs(session),
                   run_id=request["run_id"], listeners=(self._listen,), cancel=self._channel.cancelled)

    def _listen(self, event: Message) -> None:
        name, phase = event["event"], event.get("phase", "")
        self._progress.listen(event)
        if name == "run_start":
            self._log(f"run directory {event['directory']}")
        elif name == "field_start":
            self._log(f"field {event['field']} ({event['number']} of {event['total']})", "green")
        elif name == "channel_start":
            self._log(f"filter {event['filter']} ({event['number']} of {event['total']})", "green")
        elif name == "note":
            self._log(event["message"])
        elif name == "warning":
            self._log(event["message"], "salmon")
        elif name == "phase_start":
            self._channel.send(progress=phase, share=self._progress.fraction)
        elif name == "phase_progress":
            text = f"{phase}: {event['message']}" if event.get("message") else phase
            self._channel.send(progress=text, share=self._progress.fraction)
        elif name in ("phase_end", "phase_kept"):
            why = event["summary"].get("why", "") if event["status"] == "skipped" else ""
            seconds = f" {event['seconds']:.1f} s" if "seconds" in event else ""
            self._log(f"{phase} {event['status']}{seconds} {why}".rstrip())

    def _log(self, text: str, colour: str = "default") -> None:
        self._channel.send(log=text, colour=colour)


def default_runs(session: Path) -> Path:
    """The folder ``runs`` next to the session; nothing is written to a folder of raw frames."""
    return session.absolute().parent / "runs"


def check_session(session: Path) -> None:
    """Refuse folders that can only be a mistake, before they are searched for frames.

    Raises
    ------
    ConfigError : Siril's working directory is the home folder or the root of a disk.
    """
    resolved = session.resolve()
    if resolved == resolved.parent or resolved == Path.home().resolve():
        raise ConfigError(f"Siril's working directory is {session}, which is not a session.",
                          "Choose the folder that contains lights/ as the working directory (the house button).")


def describe(result: RunResult) -> Message:
    """The outcome as the launcher needs it. ``picture`` is the image to load."""
    # The final image of a project comes first; of several filters that are not combined, the stack of the first one.
    # Of several fields it is the largest one.
    parts = sorted(result.single_runs, key=lambda r: -(r.statistics.frames_used or 0)) if result.statistics.fields else ()
    pictures = (p for r in (result, *parts, *result.channels.values())
                for p in (r.products.get("final_pcc"), r.products.get("final"), r.stack))
    picture = next((str(p) for p in pictures if p is not None), None)
    shown = result.error is None or result.status == "incomplete"
    report = result.directory / "artifacts" / "report.html"
    error = result.error
    return {
        "status": result.status, "code": int(result.exit_code), "picture": picture if shown else None,
        "directory": str(result.directory) if result.directory != Path() else None,
        "report": str(report) if report.is_file() else None,
        "error": error.message if error else None, "remedy": error.remedy if error else None,
        "cancelled": result.exit_code == ExitCode.CANCELLED}


def main() -> None:
    """Serve on the standard streams."""
    Worker(WorkerChannel.on_standard_streams()).serve()


if __name__ == "__main__":
    main()
