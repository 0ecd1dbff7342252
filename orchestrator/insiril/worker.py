"""The part that runs in this program's own Python, driven over pipes by the script inside Siril (launcher.py).

Lines of JSON. From here: ``hello`` (once), ``log``, ``progress``, ``script`` (to be carried out by Siril, answered by
``done``), ``end`` (what came out). To here: ``start`` (an order), ``done``, ``cancel``. The end of the input cancels: it
means that Siril has ended or has stopped the script.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from orchestrator import RunResult, __version__, run, run_project
from orchestrator.config.load import load_config, preset_names
from orchestrator.errors import Cancelled, ConfigError, ExitCode, OrchestrateError
from orchestrator.pipeline.registry import PHASES
from orchestrator.project.files import PROJECT_FILE
from orchestrator.tools.siril.running_instance import working_inside

__all__ = ["PROTOCOL", "Worker", "main"]

# Changed whenever an older launcher would misunderstand this worker.
PROTOCOL = 1

Message = dict[str, Any]


class Worker:
    """Carries out orders from ``source``, one after another; tells of them on ``sink``."""

    def __init__(self, source: IO[str], sink: IO[str]) -> None:
        self._source, self._sink = source, sink
        self._writing = threading.Lock()
        self._orders: queue.Queue[Message | None] = queue.Queue()
        self._answers: queue.Queue[Message | None] = queue.Queue()
        self._cancel, self._ended = threading.Event(), False
        self.text, self.version = "the running Siril", (1, 4)
        self._channel = (1, 1)  # the filter at work, of how many

    def serve(self) -> None:
        """Work until the input ends."""
        threading.Thread(target=self._read, daemon=True).start()
        self.tell(hello=PROTOCOL, version=__version__, presets=preset_names())
        while (order := self._orders.get()) is not None:
            self._cancel.clear()
            if self._ended:
                break
            self.tell(end=self._carry_out_order(order))

    def tell(self, **message: Any) -> None:
        """One line to the launcher; in vain when it has gone."""
        with self._writing:
            try:
                self._sink.write(json.dumps(message, default=str) + "\n")
                self._sink.flush()
            except (OSError, ValueError):
                self._cancel.set()

    def carry_out(self, folder: Path, commands: Sequence[str]) -> tuple[int, str]:
        """Let Siril carry out commands; see :class:`orchestrator.tools.siril.running_instance.RunningSiril`."""
        self.tell(script=list(commands), folder=str(folder))
        answer = self._answers.get()
        if answer is None:
            self._answers.put(None)
            raise Cancelled("Siril has ended, or has stopped the script.")
        return int(answer["done"]), str(answer["why"])

    def _read(self) -> None:
        for line in self._source:
            message = json.loads(line)
            if "start" in message:
                self._orders.put(message["start"])
            elif "done" in message:
                self._answers.put(message)
            elif "cancel" in message:
                self._cancel.set()
        self._ended = True
        self._cancel.set()
        self._answers.put(None)
        self._orders.put(None)

    def _carry_out_order(self, order: Message) -> Message:
        session, self._channel = Path(order["session"]), (1, 1)
        self.text = str(order["siril"])
        try:
            check_session(session)
            with working_inside(self):
                result = self._stack(session, order)
        except OrchestrateError as error:
            result = RunResult("failed", error.exit_code, Path(), error=error)
        return describe(result)

    def _stack(self, session: Path, order: Message) -> RunResult:
        """Stack a folder: the nights of the project where there is one, else the session."""
        files, runs = [Path(f) for f in order["config"]], order["runs_dir"]
        if (session / PROJECT_FILE).is_file():
            return run_project(session, runs_dir=runs, run_id=order["run_id"], files=files, preset=order["preset"],
                               overrides=order["set"], listeners=(self._listen,), cancel=self._cancel)
        return run(session, load_config(files, order["preset"], order["set"]), runs_dir=runs or default_runs(session),
                   run_id=order["run_id"], listeners=(self._listen,), cancel=self._cancel)

    def _listen(self, event: Message) -> None:
        name, phase = event["event"], event.get("phase", "")
        if name == "run_start":
            self.tell(log=f"run folder {event['directory']}", colour="default")
        elif name == "channel_start":
            self._channel = (event["number"], event["total"])
            self.tell(log=f"filter {event['filter']} ({event['number']} of {event['total']})", colour="green")
        elif name == "note":
            self.tell(log=event["message"], colour="default")
        elif name == "warning":
            self.tell(log=event["message"], colour="salmon")
        elif name == "phase_start":
            self.tell(progress=phase, share=self._share(phase))
        elif name == "phase_progress":
            told = f"{phase}: {event['message']}" if event.get("message") else phase
            self.tell(progress=told, share=self._share(phase, event["done"] / max(1, event["total"])))
        elif name in ("phase_end", "phase_kept"):
            why = event["summary"].get("why", "") if event["status"] == "skipped" else ""
            seconds = f" {event['seconds']:.1f} s" if "seconds" in event else ""
            self.tell(log=f"{phase} {event['status']}{seconds} {why}".rstrip(), colour="default")


    def _share(self, phase: str, done: float = 0.0) -> float:
        """How much of the whole lies behind, by phases and filters."""
        names = [p.name for p in PHASES]
        if phase not in names:  # what is made of all filters comes last
            return 1.0 if self._channel[1] > 1 else 0.0
        number, total = self._channel
        return (number - 1 + (names.index(phase) + min(done, 1.0)) / len(names)) / total


def default_runs(session: Path) -> Path:
    """Beside the session, never in it: a folder of raw frames is not written to."""
    return session.absolute().parent / "runs"


def check_session(session: Path) -> None:
    """Refuse folders that can only be a mistake, before the whole of them is searched for frames.

    Raises
    ------
    ConfigError : Siril's working directory is the home folder or the top of a disk.
    """
    resolved = session.resolve()
    if resolved == resolved.parent or resolved == Path.home().resolve():
        raise ConfigError(f"Siril's working directory is {session}, which is no session.",
                          "Choose the folder that holds lights/ as the working directory (the house button).")


def describe(result: RunResult) -> Message:
    """What the launcher must know of a result."""
    # That of a project comes first; of several filters that are not combined, that of the first one.
    pictures = (p for r in (result, *result.channels.values())
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
    """Serve on the standard streams; whatever else is printed goes to standard error."""
    sink = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    Worker(sys.stdin, sink).serve()


if __name__ == "__main__":
    main()
