"""The process that works for the window: one task, read from standard input; its reports are written to standard output.

The messages are those of orchestrator/io/worker_protocol.py. ``end`` contains ``result``, or ``message`` and ``remedy`` after an
error. When the window ends, the task is cancelled; completed phases of a run are kept.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orchestrator
from orchestrator.gui.frame_worker import FrameTask
from orchestrator.gui.worker_pictures import PICTURE_TASKS

__all__ = ["main"]

Task = dict[str, Any]
Report = Callable[[dict[str, Any]], None]


def scan_nights(task: Task, report: Report, cancel: threading.Event) -> Any:
    """What a project would stack: its nights with their frames, what happens to its filters, what was found, and what the run
    will need."""
    project = _project(task)
    found = orchestrator.project_overview(project, Path(task["runs_dir"]))
    return {"nights": [_night(night, found.filters) for night in found.scans], "filters": found.filters.to_dict(),
            "overviews": [asdict(night) for night in found.nights], "findings": [_finding(f) for f in found.findings],
            "forecast": None if found.forecast is None else found.forecast.to_dict()}


def draw_samples(task: Task, report: Report, cancel: threading.Event) -> Any:
    """A picture of one light of each night, one event ``sample`` each."""
    project = _project(task)
    config = orchestrator.project_config(project)
    for number, (night, sample) in enumerate(task["samples"]):
        picture = orchestrator.sample_picture(Path(sample), Path(night), config, task["side"])
        if cancel.is_set():
            break
        if picture is not None:
            path = Path(task["folder"]) / f"{task['name']}_{number}.png"
            orchestrator.write_png(path, picture)
            report({"event": "sample", "night": night, "picture": str(path)})
    return None


def _finding(found: orchestrator.Finding) -> dict[str, Any]:
    """A finding, with the messages that can be translated."""
    return {**asdict(found), "texts": orchestrator.packed_texts(message=found.message, remedy=found.remedy)}


def _night(night: orchestrator.Night, filters: orchestrator.SessionFilters) -> dict[str, Any]:
    found: dict[str, Any] = {"name": night.name, "path": str(night.path)}
    if night.problem is not None:
        found |= {"refused": orchestrator.packed(night.problem.message), "remedy": orchestrator.packed(night.problem.remedy)}
    session = filters.night(night.name) if filters.several and night.use else None
    if (session := session or night.session) is not None:
        excluded = [{"path": str(e.path), "reason": orchestrator.packed(e.reason), "remedy": orchestrator.packed(e.remedy)}
                    for e in session.excluded]
        found |= {**orchestrator.ScanReport(session).to_dict(), "notes": [orchestrator.packed(n) for n in session.notes],
                  "warnings": [orchestrator.packed(w) for w in session.warnings], "excluded": excluded}
    return found


def run(task: Task, report: Report, cancel: threading.Event) -> Any:
    """Stack the nights of a project, with a picture that grows."""
    shown = orchestrator.SettingsSources(overrides=["runtime.growing_picture=true"])
    return _described(orchestrator.run_project(task["project"], shown, runs_dir=task["runs_dir"], run_id=task["run_id"],
                                               listeners=(report,), cancel=cancel))


def resume(task: Task, report: Report, cancel: threading.Event) -> Any:
    """Resume a run, as one of the project's runs if a project is given."""
    directory, project = Path(task["directory"]), task["project"]
    if project is None:
        return _described(orchestrator.resume(directory, listeners=(report,), cancel=cancel))
    return _described(orchestrator.resume_project(project, runs_dir=directory.parent, run_id=directory.name, listeners=(report,),
                                                  cancel=cancel))


def _described(result: orchestrator.RunResult) -> dict[str, Any]:
    return {**result.to_dict(), "picture": str(result.picture) if result.picture else None}


def write_scripts(task: Task, report: Report, cancel: threading.Event) -> Any:
    """Write the Siril scripts of a project to a folder; the result is their paths."""
    written = orchestrator.write_project_scripts(_project(task), Path(task["folder"]), **task["options"])
    return [str(path) for path in written]


def check_scripts(task: Task, report: Report, cancel: threading.Event) -> Any:
    """The problems of the scripts in a folder."""
    return [_finding(f) for f in orchestrator.check_written_scripts(Path(task["folder"]), _siril_of(task))]


def run_scripts(task: Task, report: Report, cancel: threading.Event) -> Any:
    """Run the scripts in a folder with Siril, one event ``siril`` for each step of its progress; the images that were written."""
    def progress(message: str, share: float) -> None:
        report({"event": "siril", "message": message, "share": share})

    made = orchestrator.run_written_scripts(Path(task["folder"]), _siril_of(task), cancel=cancel, on_progress=progress)
    return [str(path) for path in made]


def _project(task: Task) -> orchestrator.Project:
    return orchestrator.Project.model_validate({**task["content"], "root": Path(task["root"])})


def _siril_of(task: Task) -> Path | None:
    """The siril-cli that the project names, if it is trusted."""
    return orchestrator.trusted_config(_project(task)).engine.siril.executable


OWN_TASKS = (scan_nights, draw_samples, run, resume, write_scripts, check_scripts, run_scripts)
TASKS = {task.__name__: task for task in OWN_TASKS} | PICTURE_TASKS


def main() -> int:
    channel = orchestrator.WorkerChannel.on_standard_streams()

    def report(event: dict[str, Any]) -> None:
        channel.send(**event)

    for task in channel.tasks():
        try:
            if task["task"] == "measure_lights":  # reads further messages
                result: Any = None
                FrameTask(task, channel).work(channel.cancelled)
            else:
                outside = orchestrator.ChannelSiril(channel, task["siril"]) if "siril" in task else None
                with orchestrator.working_inside(outside) if outside else contextlib.nullcontext():
                    result = TASKS[task["task"]](task, report, channel.cancelled)
        except orchestrator.OrchestrateError as error:
            channel.send(end={"message": error.message, "remedy": error.remedy, "exit_code": int(error.exit_code),
                              "texts": orchestrator.packed_texts(message=error.message, remedy=error.remedy)})
            return int(error.exit_code)
        except OSError as error:
            channel.send(end={"message": f"{error.filename or 'A file'}: {error.strerror or error}.",
                              "remedy": "Check that it exists, that you may read and write it, and that the disk is not full."})
            return int(orchestrator.ExitCode.FAILED)
        channel.send(end={"result": result})
        return 0  # one task per process
    return 0


if __name__ == "__main__":
    sys.exit(main())
