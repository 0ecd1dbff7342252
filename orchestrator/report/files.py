"""Tolerant reading of the files of a run: a run that failed has only some of them."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from orchestrator.errors import InputError, OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.message import unpacked
from orchestrator.rundir.format import REPORT
from orchestrator.rundir.statistics import RunStatistics
from tilecore.stack.tile_slots import TileSlots

__all__ = ["NOT_REACHED", "RunFiles"]

# Status of a phase that never started.
NOT_REACHED = "not reached"


class RunFiles:
    """The files of one run. A missing or damaged file is None or empty; ``notes`` lists damaged ones."""

    def __init__(self, directory: Path) -> None:
        """Raises InputError if the folder is not a run directory."""
        self.directory = directory
        self.notes: list[str] = []
        if not directory.is_dir():
            raise InputError(f"{directory} is not a folder.", "Give a run directory, such as runs/NAME.")
        if not any((directory / name).exists() for name in ("manifest.json", "config.yaml", "logs/run_events.jsonl")):
            raise InputError(f"{directory} is not a run directory: manifest.json and config.yaml are missing.",
                             "Give a run directory, such as runs/NAME (see orchestrate runs list).")

    def json(self, name: str) -> dict[str, Any]:
        """An artifact such as "registration"; empty if there is none."""
        return self._json(self.directory / "artifacts" / f"{name}.json")

    def _json(self, path: Path) -> dict[str, Any]:
        if not path.is_file():
            return {}
        try:
            found = json.loads(path.read_text(encoding="utf-8", errors="replace"))
        except (OSError, ValueError) as error:
            self.notes.append(f"{path.name} cannot be read: {error}")
            return {}
        return found if isinstance(found, dict) else {}

    def array(self, name: str, ndim: int) -> NDArray[Any] | None:
        """An array artifact such as "tile_weights", mapped from disk, if it has ``ndim`` axes and is not empty."""
        path = self.directory / "artifacts" / f"{name}.npy"
        if not path.is_file():
            return None
        try:
            found: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            self.notes.append(f"{path.name} cannot be read: {error}")
            return None
        return found if found.ndim == ndim and found.size else None

    def slots(self, values: NDArray[Any]) -> TileSlots:
        """The slots of the frames in an array artifact (..., K, ty, tx)."""
        frames, windows = self.array("tile_slots", 3), self.array("tile_windows", 2)
        if frames is None or windows is None or frames.shape != values.shape[-3:]:
            return TileSlots.full(values.shape[-3], (values.shape[-2], values.shape[-1]))
        return TileSlots(np.asarray(frames), np.asarray(windows), (frames.shape[1], frames.shape[2]))

    def output(self, name: str) -> Path | None:
        """A file of outputs/, or None."""
        path = self.directory / "outputs" / name
        return path if path.is_file() else None

    def image(self, name: str) -> fits_io.ImageLayout | None:
        """Layout of the pixels of a FITS product, or None."""
        path = self.output(name)
        if path is None:
            return None
        try:
            return fits_io.image_layout(path)
        except OrchestrateError as error:
            self.notes.append(error.message)
            return None

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return self._json(self.directory / "manifest.json")

    @cached_property
    def statistics(self) -> RunStatistics:
        """The figures of the run. Raises ConfigError for a run of version 0.1."""
        return RunStatistics.of_manifest(self.manifest, self.directory)

    @cached_property
    def config(self) -> dict[str, Any]:
        """The effective configuration, as written by the run."""
        path = self.directory / "config.yaml"
        try:
            found = yaml.load(path.read_text(encoding="utf-8", errors="replace"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except (OSError, yaml.YAMLError) as error:
            if path.exists():
                self.notes.append(f"config.yaml cannot be read: {error}")
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """The event log, without incomplete lines."""
        found: list[dict[str, Any]] = []
        try:
            lines = (self.directory / "logs" / "run_events.jsonl").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return found
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict) and "event" in event:
                found.append(event)
        return found

    @property
    def warnings(self) -> list[str]:
        """Warnings of the run without duplicates: from the manifest, else from the event log."""
        told = self.manifest.get("warning_texts") or self.manifest.get("warnings")
        logged = [e.get("texts", {}).get("message") or e.get("message", "") for e in self.events if e["event"] == "warning"]
        try:
            return list(dict.fromkeys(map(unpacked, told or logged)))
        except (KeyError, ValueError, AttributeError, TypeError):  # of another version
            return [str(w) for w in self.manifest.get("warnings") or ()]

    def phase(self, name: str) -> dict[str, Any]:
        """Status, seconds, memory and summary of a phase; the status is :data:`NOT_REACHED` if it never started."""
        return next((p for p in self.phases if p["phase"] == name), {"phase": name, "status": NOT_REACHED, "summary": {}})

    @cached_property
    def phases(self) -> list[dict[str, Any]]:
        """Phases in order, with their start times; from the event log, which also exists for a killed run."""
        found: dict[str, dict[str, Any]] = {}
        for event in self.events:
            name = str(event.get("phase", ""))
            if name == REPORT:
                continue
            if event["event"] == "phase_start":
                found[name] = {"phase": name, "status": "unfinished", "seconds": None, "summary": {}, "began": event.get("time")}
            elif event["event"] == "phase_end" and name in found:
                summary = event.get("summary")
                found[name] |= {"status": event.get("status"), "seconds": event.get("seconds"),
                                "memory_mib": event.get("memory_mib"), "summary": summary if isinstance(summary, dict) else {}}
        return list(found.values())
