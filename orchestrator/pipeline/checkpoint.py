"""Checkpoints: what each finished phase left in the state and on the disk, whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import ConfigError
from orchestrator.io.atomic import sync_folder, whole_file
from orchestrator.io.json_files import plain
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.pipeline.fingerprints import Basis
from orchestrator.pipeline.registry import MAKERS
from orchestrator.rundir.output_files import FOLDERS, Made, Stamp, note_made, snapshot
from orchestrator.runtime.cache import DAMAGED
from orchestrator.runtime.serialization import KIND, Arrays, decode, encode
from orchestrator.stacking.state import RunState

__all__ = ["Checkpoint", "Checkpoints", "Damaged", "Mark"]

SCHEMA = 1
FOLDER = "checkpoints"
# Where a phase that takes over from its earlier result finds that while it is repeated.
EARLIER = "checkpoints/earlier"
# Arrays of a whole picture: kept apart, since they may be taken away when a run is finished.
LARGE = ("reconstruction", "uniform", "synthetic", "stack")


class Damaged(Exception):
    """A checkpoint that cannot be read; ``phase`` has to be repeated."""

    def __init__(self, phase: str, why: str) -> None:
        super().__init__(f"the checkpoint of {phase} is damaged: {why}")
        self.phase = phase


@dataclass(frozen=True)
class Mark:
    """The state and the disk when a phase begins, so that what it adds can be told."""

    products: dict[str, Path]
    statistics: dict[str, Any]
    warnings: int
    files: dict[str, Stamp]


@dataclass(frozen=True)
class Checkpoint:
    """A finished phase. ``fields`` are encoded, see :mod:`orchestrator.runtime.serialization`; the rest is what the phase added."""

    phase: str
    fingerprint: str
    basis: Basis
    result: PhaseResult
    seconds: float
    products: dict[str, str]
    statistics: dict[str, Any]
    warnings: list[str]
    made: list[Made]
    fields: dict[str, Any] = field(default_factory=dict)


class Checkpoints:
    """The checkpoints of one run directory."""

    def __init__(self, run: Path, folder: str = FOLDER) -> None:
        self.run = run
        self.folder = run / folder

    def mark(self, phase: str, state: RunState, warnings: list[str]) -> Mark:
        """Note how things are when ``phase`` begins, on the disk too: what an interruption leaves can then be told."""
        files = snapshot(self.run)
        self.folder.mkdir(exist_ok=True)
        self._begun.write_text(json.dumps({"phase": phase, "files": sorted(files)}), encoding="ascii")
        return Mark(dict(state.products), dict(state.statistics), len(warnings), files)

    def clear_begun(self, known: set[str]) -> None:
        """Put aside, into ``leftovers``, the files that a phase made before it was interrupted."""
        try:
            before = set(json.loads(self._begun.read_bytes())["files"])
        except (OSError, ValueError, KeyError, TypeError):
            return
        for name in snapshot(self.run).keys() - before - known:
            target = self.run / "leftovers" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.run / name).replace(target)
        self._begun.unlink(missing_ok=True)

    def save(self, phase: Phase, basis: Basis, mark: Mark, state: RunState, warnings: list[str], result: PhaseResult,
             seconds: float) -> Checkpoint:
        """Write the checkpoint of a phase that has just ended; it counts from the moment its .json is there."""
        self.folder.mkdir(exist_ok=True)
        small: Arrays = {}
        large: Arrays = {}
        content = {}
        for name in phase.makes:
            same = next((k for k in MAKERS if k not in phase.makes and getattr(state, name) is not None
                         and k in LARGE and getattr(state, k) is getattr(state, name)), None)
            content[name] = {KIND: "field", "value": same} if same else encode(
                getattr(state, name), large if name in LARGE else small, self.run)
        for arrays, path in ((small, self._arrays(phase.name)), (large, self._large(phase.name))):
            path.unlink(missing_ok=True)
            if arrays:
                # The archive has checksums: damage is noticed, and costs the phase.
                with whole_file(path, durable=False) as stream:
                    np.savez(stream, **arrays)  # type: ignore[arg-type]
        checkpoint = Checkpoint(
            phase.name, basis.fingerprint, basis, PhaseResult(result.status, plain(result.summary)), seconds,
            {k: v.relative_to(self.run).as_posix() for k, v in state.products.items() if mark.products.get(k) != v},
            {k: v for k, v in state.statistics.items() if k not in mark.statistics or mark.statistics[k] != v},
            warnings[mark.warnings:], note_made(self.run, mark.files, self.folder / phase.name), content)
        with whole_file(self._json(phase.name)) as stream:
            stream.write(json.dumps(_to_json(checkpoint)).encode("ascii"))
        self._begun.unlink(missing_ok=True)
        sync_folder(self.folder)
        return checkpoint

    def read(self, phase: str) -> Checkpoint | None:
        """The checkpoint of a phase without its arrays, None when there is none that can be used."""
        try:
            return _from_json(json.loads(self._json(phase).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @staticmethod
    def same_as(checkpoint: Checkpoint, name: str) -> str:
        """The earlier field whose very object a field is, "" for one of its own."""
        value = checkpoint.fields[name]
        return str(value["value"]) if isinstance(value, dict) and value.get(KIND) == "field" else ""

    def has(self, checkpoint: Checkpoint, name: str) -> bool:
        """Whether the arrays of a field of its own are still there."""
        return name not in LARGE or not _has_arrays(checkpoint.fields[name]) or self._large(checkpoint.phase).exists()

    def known(self, roots: tuple[Path, ...], names: Iterable[str]) -> RunState:
        """A state with some fields that the run has found, whichever phases made them.

        Raises
        ------
        Damaged : one is missing or cannot be read.
        """
        state = RunState(roots)
        for name in names:
            self._load_made(state, name)
        return state

    def _load_made(self, state: RunState, name: str) -> None:
        maker = self.read(MAKERS[name])
        if maker is None:
            raise Damaged(MAKERS[name], "it is missing")
        self.load(maker, state, [name])

    def load(self, checkpoint: Checkpoint, state: RunState, names: Iterable[str]) -> None:
        """Put fields of a finished phase into the state.

        Raises
        ------
        Damaged : they cannot be read.
        """
        for name in names:
            value = checkpoint.fields[name]
            if other := self.same_as(checkpoint, name):
                if getattr(state, other) is None:
                    self._load_made(state, other)
                setattr(state, name, getattr(state, other))
                continue
            try:
                path = self._large(checkpoint.phase) if name in LARGE else self._arrays(checkpoint.phase)
                setattr(state, name, decode(value, _Lazy(path), self.run))
            except DAMAGED as error:
                raise Damaged(checkpoint.phase, str(error)) from error

    def replay(self, checkpoint: Checkpoint, state: RunState, warnings: list[str]) -> None:
        """Add to the state what a finished phase added."""
        state.products.update({k: self.run / v for k, v in checkpoint.products.items()})
        state.statistics.update(checkpoint.statistics)
        warnings += checkpoint.warnings

    def drop(self, phase: str) -> None:
        """Forget a phase that is to run anew; its .json goes first, since it makes the others count."""
        self._json(phase).unlink(missing_ok=True)
        self._arrays(phase).unlink(missing_ok=True)
        self._large(phase).unlink(missing_ok=True)
        shutil.rmtree(self.folder / phase, ignore_errors=True)

    def put_aside(self, phase: str) -> None:
        """As :meth:`drop`, but :meth:`earlier` still finds what the phase had made."""
        if self._json(phase).exists():  # else it was interrupted, and what it made before that is aside already
            aside = Checkpoints(self.run, EARLIER)
            aside.drop(phase)
            aside.folder.mkdir(exist_ok=True)
            for path in (self._json(phase), self._arrays(phase), self._large(phase)):
                if path.exists():
                    path.replace(aside.folder / path.name)
        self.drop(phase)

    def earlier(self, phase: str, basis: Basis, name: str) -> Any:
        """A field as a phase made it from the same pixels before it was put aside; None when it is not known."""
        aside = Checkpoints(self.run, EARLIER)
        found, frames = aside.read(phase), MAKERS["frames"]
        if found is None or name not in found.fields or found.basis.before.get(frames) != basis.before.get(frames):
            return None
        state = RunState(())
        try:
            aside.load(found, state, [name])
        except Damaged:
            return None
        return getattr(state, name)

    def clear_earlier(self) -> None:
        """Forget what was put aside."""
        shutil.rmtree(self.run / EARLIER, ignore_errors=True)

    def clear_leftovers(self) -> None:
        """At the end of a run: forget what was put aside and has been made anew; what has not stays."""
        folder = self.run / "leftovers"
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_file() and (self.run / path.relative_to(folder)).exists():
                path.unlink()
        for path in (*sorted(folder.rglob("*"), reverse=True), folder):
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()

    def drop_large(self) -> int:
        """Take the arrays of whole pictures away; returns their bytes. They are made anew when they are needed."""
        freed = 0
        for path in self.folder.glob("*.large.npz"):
            freed += path.stat().st_size
            path.unlink()
        return freed

    @property
    def _begun(self) -> Path:
        return self.folder / "begun"

    def _json(self, phase: str) -> Path:
        return self.folder / f"{phase}.json"

    def _arrays(self, phase: str) -> Path:
        return self.folder / f"{phase}.npz"

    def _large(self, phase: str) -> Path:
        return self.folder / f"{phase}.large.npz"


class _Lazy(dict[str, NDArray[Any]]):
    """Arrays of an .npz file, read when they are asked for; zip's checksums tell damage."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: Any = None

    def __missing__(self, key: str) -> NDArray[Any]:
        if self._file is None:
            self._file = np.load(self._path, allow_pickle=False)
        array: NDArray[Any] = self._file[key]
        return array


def _has_arrays(value: Any) -> bool:
    if isinstance(value, dict):
        return "array" in value or any(_has_arrays(v) for v in value.values())
    return isinstance(value, list) and any(_has_arrays(v) for v in value)


def _to_json(checkpoint: Checkpoint) -> dict[str, Any]:
    return {"schema": SCHEMA, "phase": checkpoint.phase, "fingerprint": checkpoint.fingerprint,
            "basis": checkpoint.basis.to_dict(), "status": checkpoint.result.status, "summary": checkpoint.result.summary,
            "seconds": checkpoint.seconds, "products": checkpoint.products, "statistics": plain(checkpoint.statistics),
            "warnings": checkpoint.warnings, "made": [m.to_dict() for m in checkpoint.made], "fields": checkpoint.fields}


def _from_json(data: dict[str, Any]) -> Checkpoint:
    if data["schema"] > SCHEMA:
        raise ConfigError(f"The checkpoint of {data['phase']} is of schema {data['schema']}, this program knows {SCHEMA}.",
                          "Resume with the newer version of orchestrate that began the run.")
    made = [Made(**m) for m in data["made"]]
    for name in (m.path for m in made):
        parts = PurePosixPath(name).parts
        if parts[0] not in FOLDERS or ".." in parts:
            raise ValueError(f"{name} is no file of a run")
    return Checkpoint(data["phase"], data["fingerprint"], Basis.from_dict(data["basis"]),
                      PhaseResult(data["status"], data["summary"]), data["seconds"], data["products"], data["statistics"],
                      data["warnings"], made, data["fields"])
