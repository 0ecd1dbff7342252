"""The process that works for the window: one job, read as a line of JSON, its events written as lines of JSON.

Standard input: the job, then the line ``cancel`` to stop it. When the input ends, so has the window, and the job stops too:
what a run has finished is kept. Standard output: events; the last one is ``done`` (with ``result``) or ``refused``.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orchestrator

__all__ = ["main"]

Event = dict[str, Any]
Emit = Callable[[Event], None]
Job = dict[str, Any]


def look(job: Job, emit: Emit, cancel: threading.Event) -> Any:
    """What each night of a project holds, what becomes of its filters, and what is wrong with the project."""
    project = orchestrator.Project.model_validate({**job["content"], "root": Path(job["root"])})
    filters = orchestrator.SessionFilters(())
    try:
        nights = orchestrator.scan_project(project)
        filters = orchestrator.project_filters(project)
    except orchestrator.OrchestrateError:  # told among the findings
        nights = []
    return {"nights": [_night(night, filters) for night in nights], "filters": filters.to_dict(),
            "findings": [asdict(f) for f in orchestrator.validate_project(project)]}


def _night(night: orchestrator.Night, filters: orchestrator.SessionFilters) -> dict[str, Any]:
    found: dict[str, Any] = {"name": night.name, "path": str(night.path)}
    if night.problem is not None:
        found |= {"refused": night.problem.message, "remedy": night.problem.remedy}
    session = filters.night(night.name) if filters.several and night.use else None
    if (session := session or night.session) is not None:
        found |= {**orchestrator.ScanReport(session).to_dict(), "notes": list(session.notes)}
    return found


def survey(job: Job, emit: Emit, cancel: threading.Event) -> Any:
    """Measure the lights of a night, one event ``look`` each; the scores, among those of a filter, come at the end."""
    config = orchestrator.RunConfig.model_validate(job["settings"])
    filters = orchestrator.look_at_filters([Path(job["path"])], config)
    reports = [f.report for f in filters.stacked if f.report] or [orchestrator.scan([Path(job["path"])], config)]
    lights = [info for report in reports for info in report.session.lights]
    looks: dict[str | None, list[orchestrator.FrameLook]] = {}
    for number, info in enumerate(lights):
        if cancel.is_set():
            break
        look = orchestrator.look_at(info)
        row = {"path": str(look.path), "stars": look.stars, "fwhm": look.fwhm, "roundness": look.roundness,
               "background": look.background, "noise": look.noise, "trouble": look.trouble}
        if look.picture is not None:
            path = Path(job["folder"]) / f"{job['name']}_{number}.png"
            orchestrator.write_png(path, look.picture)
            row["picture"] = str(path)
        emit({"event": "look", "done": number + 1, "total": len(lights), **row})
        looks.setdefault(info.filter, []).append(look)
    return {str(look.path): look.score for of_filter in looks.values() for look in orchestrator.scores(of_filter)}


def run(job: Job, emit: Emit, cancel: threading.Event) -> Any:
    return orchestrator.run_project(job["project"], runs_dir=job["runs_dir"], run_id=job["run_id"], listeners=(emit,),
                                    cancel=cancel).to_dict()


def resume(job: Job, emit: Emit, cancel: threading.Event) -> Any:
    """Go on with a run; as one of the project's where it is."""
    directory, project = Path(job["directory"]), job["project"]
    if project is None:
        return orchestrator.resume(directory, listeners=(emit,), cancel=cancel).to_dict()
    return orchestrator.resume_project(project, runs_dir=directory.parent, run_id=directory.name, listeners=(emit,),
                                       cancel=cancel).to_dict()


def scripts(job: Job, emit: Emit, cancel: threading.Event) -> Any:
    """Siril scripts of a project, in a folder: their files."""
    project = orchestrator.Project.model_validate({**job["content"], "root": Path(job["root"])})
    return [str(path) for path in orchestrator.write_project_scripts(project, Path(job["folder"]))]


def compare(job: Job, emit: Emit, cancel: threading.Event) -> Any:
    """Before and after, as two pictures in the job's folder."""
    before, after, note = orchestrator.before_and_after(Path(job["directory"]), job.get("frame"))
    paths = [Path(job["folder"]) / f"{job['name']}_{which}.png" for which in ("before", "after")]
    for path, pixels in zip(paths, (before, after), strict=True):
        orchestrator.write_png(path, pixels)
    return {"before": str(paths[0]), "after": str(paths[1]), "note": note}


def picture(job: Job, emit: Emit, cancel: threading.Event) -> Any:
    """A FITS image as a picture in the job's folder."""
    target = Path(job["folder"]) / f"{job['name']}.png"
    orchestrator.write_png(target, orchestrator.picture_of(Path(job["path"])))
    return {"picture": str(target)}


JOBS = {"look": look, "survey": survey, "run": run, "resume": resume, "scripts": scripts, "compare": compare, "picture": picture}


def main() -> int:
    # What libraries print must not fall among the events.
    events = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")
    os.dup2(2, 1)
    lock = threading.Lock()

    def emit(event: Event) -> None:
        with lock:
            events.write(json.dumps(event, default=str) + "\n")
            events.flush()

    job = json.loads(sys.stdin.readline() or "{}")
    cancel = threading.Event()
    threading.Thread(target=_wait_for_cancel, args=(cancel,), daemon=True).start()
    try:
        emit({"event": "done", "result": JOBS[job["job"]](job, emit, cancel)})
    except orchestrator.OrchestrateError as error:
        emit({"event": "refused", "message": error.message, "remedy": error.remedy})
        return int(error.exit_code)
    except OSError as error:
        emit({"event": "refused", "message": f"{error.filename or 'A file'}: {error.strerror or error}.",
              "remedy": "Check that it exists, that you may read and write there, and that the disk is not full."})
        return int(orchestrator.ExitCode.FAILED)
    return 0


def _wait_for_cancel(cancel: threading.Event) -> None:
    sys.stdin.readline()
    cancel.set()


if __name__ == "__main__":
    sys.exit(main())
