"""The task of a worker process that measures the lights of a project, and meanwhile draws the pictures that the window needs."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orchestrator
from orchestrator import FrameLook, WorkerChannel

__all__ = ["FrameTask"]

# Longest side (px) of the pictures in the table and for blinking.
THUMBNAIL_SIDE, PICTURE_SIDE = 144, 1200
# Frames in one message: the window must not be busy with a message for long.
BATCH = 200
# The frames are assessed when this many are measured, and whenever their number has doubled.
FIRST_ASSESSMENT = 16
MEASURED = ("stars", "fwhm", "roundness", "background", "noise", "trouble")
# Of a light: filter, exposure and binning; frames that share them are compared.
Group = tuple[Any, ...]


class FrameTask:
    """Measures the lights of a project one by one.

    Reports ``measured`` (``done``, ``total``, ``frames``: values and the file of a thumbnail), ``assessed`` (``frames``: score,
    transparency and remarks by path), ``measured_all``, and ``picture`` for each request ``{"picture": path}``. The request
    ``{"stop": true}`` ends the measurement; the task then serves pictures until it is cancelled. Measurements are kept in the
    folder, so that a later task measures new frames only, unless it is ``fresh``.
    """

    def __init__(self, task: dict[str, Any], channel: WorkerChannel) -> None:
        self._channel, self._folder, self._name = channel, Path(task["folder"]), str(task["name"])
        self._lights = {str(info.path): info for info in _lights_of(
            orchestrator.Project.model_validate({**task["content"], "root": Path(task["root"])}))}
        self._looks: dict[Group, list[FrameLook]] = {}
        self._stopped, self._drawn = False, 0
        self._record = self._folder / "measured.jsonl"
        if task.get("fresh"):
            self._record.unlink(missing_ok=True)

    def work(self, cancel: threading.Event) -> None:
        """Measure, then serve pictures until ``cancel`` is set."""
        known = self._report_known()
        next_assessment = FIRST_ASSESSMENT
        with self._record.open("a", encoding="utf-8") as record:
            for path in (path for path in self._lights if path not in known):
                while (request := self._channel.receive(0)) is not None:
                    self._serve(request)
                if cancel.is_set() or self._stopped:
                    break
                known[path] = self._measure(path)
                record.write(json.dumps(known[path]) + "\n")
                record.flush()
                self._report([known[path]], len(known))
                if len(known) >= next_assessment:
                    self._assess()
                    next_assessment = 2 * len(known)
        self._assess()
        self._channel.send(event="measured_all")
        while not cancel.is_set() and (request := self._channel.receive(None)) is not None:
            self._serve(request)

    def _report_known(self) -> dict[str, dict[str, Any]]:
        """Report the lights that an earlier task has measured, if their files have not changed."""
        lines = self._record.read_text("utf-8").splitlines() if self._record.is_file() else []
        known = {entry["path"]: entry for entry in map(json.loads, lines)
                 if entry["path"] in self._lights and entry["stamp"] == _stamp(entry["path"])}
        for entry in known.values():
            self._keep(entry)
        done = 0
        for part in batches(list(known.values())):
            done += len(part)
            self._report(part, done)
        if known:
            self._assess()
        return known

    def _measure(self, path: str) -> dict[str, Any]:
        look = orchestrator.look_at(self._lights[path], THUMBNAIL_SIDE)
        thumbnail = ""
        if look.picture is not None:
            thumbnail = str(self._folder / f"{self._name}_{len(self._lights)}_{sum(map(len, self._looks.values()))}.png")
            orchestrator.write_png(Path(thumbnail), look.picture)
        entry = {"path": path, "stamp": _stamp(path), "thumbnail": thumbnail, "rates": look.rates,
                 **{name: getattr(look, name) for name in MEASURED}}
        self._keep(entry)
        return entry

    def _keep(self, entry: dict[str, Any]) -> None:
        """Remember a measurement for the comparison of frames."""
        info = self._lights[entry["path"]]
        look = FrameLook(info.path, rates=tuple(entry["rates"]), **{name: entry[name] for name in MEASURED})
        self._looks.setdefault((info.filter, info.exposure, info.binning), []).append(look)

    def _report(self, entries: list[dict[str, Any]], done: int) -> None:
        frames = [{name: value for name, value in entry.items() if name not in ("stamp", "rates")} for entry in entries]
        self._channel.send(event="measured", done=done, total=len(self._lights), frames=frames)

    def _serve(self, request: dict[str, Any]) -> None:
        self._stopped |= bool(request.get("stop"))
        path = str(request.get("picture", ""))
        info = self._lights.get(path)
        if info is None:
            return
        file = self._folder / f"{self._name}_picture_{self._drawn}.png"
        self._drawn += 1
        try:
            orchestrator.write_png(file, orchestrator.picture_of_light(info, PICTURE_SIDE))
        except (orchestrator.OrchestrateError, OSError):  # its row has the reason
            self._channel.send(event="picture", path=path, picture="")
            return
        self._channel.send(event="picture", path=path, picture=str(file))

    def _assess(self) -> None:
        found: dict[str, dict[str, Any]] = {}
        for looks in self._looks.values():
            light = orchestrator.transparencies(looks)
            for look, clear, remarks in zip(orchestrator.scores(looks), light, orchestrator.frame_remarks(looks, light),
                                            strict=True):
                percent = None if clear is None else 100 * clear
                found[str(look.path)] = {"score": look.score, "transparency": percent, "remarks": [asdict(r) for r in remarks]}
        for part in batches(list(found.items())):
            self._channel.send(event="assessed", frames=dict(part))


def _lights_of(project: orchestrator.Project) -> list[Any]:
    """The lights that would be stacked, night by night, in order of time; nights that cannot be used have none."""
    filters, nights, lights = orchestrator.SessionFilters(()), [], []
    with contextlib.suppress(orchestrator.OrchestrateError):  # the scan has reported it
        nights = orchestrator.scan_project(project)
        filters = orchestrator.project_filters(project)
    for night in nights:
        session = (filters.night(night.name) if filters.several and night.use else None) or night.session
        lights += sorted(session.lights, key=lambda info: (str(info.time or ""), info.path.name)) if session else []
    return lights


def _stamp(path: str) -> list[int]:
    """Size and time of a file: its content has changed if they have."""
    try:
        found = Path(path).stat()
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns]


def batches(items: list[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """Parts of a list with at most ``size`` items."""
    return (items[start : start + size] for start in range(0, len(items), size))


