"""Tasks of the worker process that make pictures of finished runs; see orchestrator/gui/worker_process.py."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orchestrator

__all__ = ["PICTURE_TASKS"]

Task = dict[str, Any]
Report = Callable[[dict[str, Any]], None]


def compare(task: Task, report: Report, cancel: threading.Event) -> Any:
    """Before and after, as two PNG files in the task's folder."""
    before, after, note = orchestrator.before_and_after(Path(task["directory"]), task.get("frame"))
    paths = [Path(task["folder"]) / f"{task['name']}_{which}.png" for which in ("before", "after")]
    for path, pixels in zip(paths, (before, after), strict=True):
        orchestrator.write_png(path, pixels)
    return {"before": str(paths[0]), "after": str(paths[1]), "note": note}


def stretch_image(task: Task, report: Report, cancel: threading.Event) -> Any:
    """A FITS image, stretched, as a PNG file in the task's folder."""
    target = Path(task["folder"]) / f"{task['name']}.png"
    orchestrator.write_png(target, orchestrator.picture_of(Path(task["path"])))
    return {"picture": str(target)}


def export_picture(task: Task, report: Report, cancel: threading.Event) -> Any:
    """Write the picture of a linear image; the result is its path. The dialogue has asked before a file is replaced."""
    recipe = orchestrator.PictureRecipe.model_validate(task["recipe"])
    return str(orchestrator.export_picture(Path(task["path"]), Path(task["target"]), recipe, space=task["space"], replace=True))


PICTURE_TASKS = {task.__name__: task for task in (compare, stretch_image, export_picture)}
