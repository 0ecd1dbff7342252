"""Tasks of the worker process that make pictures of finished runs; see orchestrator/gui/worker_process.py."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orchestrator

__all__ = ["PICTURE_TASKS"]

Task = dict[str, Any]
Report = Callable[[dict[str, Any]], None]


def compare(task: Task, report: Report, cancel: threading.Event) -> Any:
    """Before and after, as two PNG files in the task's folder."""
    other = Path(task["other"]) if task.get("other") else None
    recipe = orchestrator.PictureRecipe.model_validate(task["recipe"])
    before, after, note = orchestrator.before_and_after(Path(task["directory"]), task.get("frame"), other=other, recipe=recipe)
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


def star(task: Task, report: Report, cancel: threading.Event) -> Any:
    """The star at a place of an image; None if there is none."""
    found = orchestrator.star_at(Path(task["path"]), task["x"], task["y"])
    return asdict(found) if found is not None else None


def rank_frames(task: Task, report: Report, cancel: threading.Event) -> Any:
    """The frames of a run in order of their contribution to a box."""
    found = orchestrator.inspect(Path(task["directory"]), tuple(task["box"]))
    return [frame.to_dict() for frame in found.frames]


def exclude_frames(task: Task, report: Report, cancel: threading.Event) -> Any:
    """Exclude frames from a run, in a box or everywhere, or include them again; the result is the directory."""
    box = tuple(task["box"]) if task["box"] else None
    return str(orchestrator.exclude(Path(task["directory"]), task["frames"], box=box, undo=task["undo"], listeners=(report,),
                                    cancel=cancel).directory)


def repeat_phase(task: Task, report: Report, cancel: threading.Event) -> Any:
    """Repeat a phase of a finished run and those that use its result; the result is the directory."""
    return str(orchestrator.resume(Path(task["directory"]), from_phase=task["phase"], listeners=(report,),
                                   cancel=cancel).directory)


def overlay(task: Task, report: Report, cancel: threading.Event) -> Any:
    """A map of a run, as a PNG file with transparency."""
    target = Path(task["folder"]) / f"{task['name']}.png"
    found = orchestrator.map_overlay(Path(task["directory"]), task["map"])
    orchestrator.write_png(target, found.pixels)
    return {"picture": str(target), "low": found.low, "high": found.high, "unit": found.unit}


def coordinates(task: Task, report: Report, cancel: threading.Event) -> Any:
    """Grid and objects of an image, as lines and labels."""
    return [{"points": line.points.round(2).tolist(), "label": line.label, "at": line.at, "is_object": line.is_object}
            for line in orchestrator.sky_lines_of(Path(task["path"]))]


PICTURE_TASKS = {task.__name__: task for task in (compare, stretch_image, export_picture, star, rank_frames, exclude_frames,
                                                  repeat_phase, overlay, coordinates)}
