"""Checkpoints: the outputs of each finished phase in the state and on disk, written completely or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from orchestrator.errors import ConfigError
from orchestrator.io.atomic import sync_folder, whole_file
from orchestrator.io.json_files import plain
from orchestrator.message import Message, packed, unpacked
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.pipeline.fingerprints import Basis
from orchestrator.pipeline.registry import MAKERS
from orchestrator.rundir.output_files import FOLDERS, OutputFile, Stamp, record_outputs, snapshot
from orchestrator.rundir.statistics import RunStatistics
from orchestrator.runtime.cache import DAMAGED
from orchestrator.runtime.serialization import KIND, Arrays, decode, encode
from orchestrator.runtime.stored_arrays import StoredArrays, write_arrays
from orchestrator.stacking.state import RunState

__all__ = ["Checkpoint", "Checkpoints", "Damaged", "Mark", "opened", "sealed"]

# Format of the files; 2 has typed statistics, 3 joined arrays, 4 values of frames in their slots of the tiles.
SCHEMA = 4
FOLDER = "checkpoints"
# Key of the checksum of a checkpoint.
SEAL = "sha256"
# Previous results of phases that reuse them while they are repeated.
PREVIOUS = "checkpoints/previous"
# Files of a phase that was interrupted.
LEFTOVERS = "leftovers"
# Fields with arrays of the size of the stack: stored separately, since they may be deleted when a run is finished.
LARGE = ("reconstruction", "uniform", "synthetic", "stack")


class Damaged(Exception):
    """A checkpoint that cannot be read; ``phase`` has to be repeated."""

    def __init__(self, phase: str, reason: str) -> None:
        super().__init__(f"the checkpoint of {phase} is damaged: {reason}")
        self.phase = phase


@dataclass(frozen=True)
class Mark:
    """The state and the disk when a phase begins, to find what it adds. ``statistics`` as a dictionary."""

    products: dict[str, Path]
    statistics: dict[str, Any]
    warnings: int
    files: dict[str, Stamp]


@dataclass(frozen=True)
class Checkpoint:
    """A finished phase: its outputs in ``fields``, encoded as in :mod:`orchestrator.runtime.serialization`, and what it added to
    products (name -> path), statistics, warnings and files."""

    phase: str
    fingerprint: str
    basis: Basis
    result: PhaseResult
    seconds: float
    products: dict[str, str]
    statistics: dict[str, Any]
    warnings: list[str]
    files: list[OutputFile]
    fields: dict[str, Any] = field(default_factory=dict)


class Checkpoints:
    """The checkpoints of one run directory."""

    def __init__(self, run: Path, folder: str = FOLDER) -> None:
        self.run = run
        self.folder = run / folder

    def mark(self, phase: str, state: RunState, warnings: list[str]) -> Mark:
        """Record the state when ``phase`` begins, on disk too: the files of an interrupted phase can then be identified."""
        files = snapshot(self.run)
        self.folder.mkdir(exist_ok=True)
        self._begun.write_text(json.dumps({"phase": phase, "files": sorted(files)}), encoding="ascii")
        return Mark(dict(state.products), state.statistics.to_dict(), len(warnings), files)

    def recover_interrupted(self, known: set[str]) -> None:
        """Move the files of an interrupted phase into the folder ``leftovers``. ``known``: files of finished phases."""
        try:
            before = set(json.loads(self._begun.read_bytes())["files"])
        except (OSError, ValueError, KeyError, TypeError):
            return
        for name in snapshot(self.run).keys() - before - known:
            target = self.run / LEFTOVERS / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.run / name).replace(target)
        self._begun.unlink(missing_ok=True)

    def save(self, phase: Phase, basis: Basis, mark: Mark, state: RunState, warnings: list[str], result: PhaseResult,
             seconds: float) -> Checkpoint:
        """Write the checkpoint of a phase that has just ended. It is valid once its .json file exists.

        Raises
        ------
        MissingOutput : the phase did not set a field that it declares.
        """
        self.folder.mkdir(exist_ok=True)
        small: Arrays = {}
        large: Arrays = {}
        content = {}
        for name in phase.makes:
            value = getattr(state, name)
            same = next((other for other in LARGE if other not in phase.makes and state.has(other)
                         and getattr(state, other) is value), None)
            content[name] = {KIND: "field", "value": same} if same else encode(value, large if name in LARGE else small, self.run)
        for arrays, path in ((small, self._arrays(phase.name)), (large, self._large(phase.name))):
            path.unlink(missing_ok=True)
            if arrays:
                # The archive has checksums: damage is detected, and the phase repeated.
                with whole_file(path, durable=False) as stream:
                    write_arrays(stream, arrays)
        checkpoint = Checkpoint(
            phase.name, basis.fingerprint, basis, PhaseResult(result.status, plain(result.summary)), seconds,
            {k: v.relative_to(self.run).as_posix() for k, v in state.products.items() if mark.products.get(k) != v},
            {k: v for k, v in state.statistics.to_dict().items() if k not in mark.statistics or mark.statistics[k] != v},
            warnings[mark.warnings:], record_outputs(self.run, mark.files, self.folder / phase.name), content)
        with whole_file(self._json(phase.name)) as stream:
            stream.write(sealed(_to_json(checkpoint)))
        self._begun.unlink(missing_ok=True)
        sync_folder(self.folder)
        return checkpoint

    def read(self, phase: str) -> Checkpoint | None:
        """The checkpoint of a phase without its arrays, None if there is no usable one.

        Raises
        ------
        ConfigError : it was made by a version of the program with another format.
        """
        try:
            return _from_json(opened(self._json(phase).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @staticmethod
    def same_as(checkpoint: Checkpoint, name: str) -> str:
        """The field of an earlier phase that is the same object as ``name``, "" if there is none."""
        value = checkpoint.fields[name]
        return str(value["value"]) if isinstance(value, dict) and value.get(KIND) == "field" else ""

    def has(self, checkpoint: Checkpoint, name: str) -> bool:
        """Whether the arrays of a field still exist."""
        return name not in LARGE or not _has_arrays(checkpoint.fields[name]) or self._large(checkpoint.phase).exists()

    def state_with(self, roots: tuple[Path, ...], names: Iterable[str]) -> RunState:
        """A state with some fields of the run, whichever phases made them.

        Raises
        ------
        Damaged : one is missing or cannot be read.
        """
        state = RunState(roots)
        for name in names:
            self._load_field(state, name)
        return state

    def _load_field(self, state: RunState, name: str) -> None:
        maker = self.read(MAKERS[name])
        if maker is None:
            raise Damaged(MAKERS[name], "it is missing")
        self.load(maker, state, [name])

    def load(self, checkpoint: Checkpoint, state: RunState, names: Iterable[str]) -> None:
        """Load fields of a finished phase into the state.

        Raises
        ------
        Damaged : they cannot be read.
        """
        for name in names:
            value = checkpoint.fields[name]
            if other := self.same_as(checkpoint, name):
                if not state.has(other):
                    self._load_field(state, other)
                setattr(state, name, getattr(state, other))
                continue
            try:
                path = self._large(checkpoint.phase) if name in LARGE else self._arrays(checkpoint.phase)
                setattr(state, name, decode(value, StoredArrays(path), self.run))
            except DAMAGED as error:
                raise Damaged(checkpoint.phase, str(error)) from error

    def replay(self, checkpoint: Checkpoint, state: RunState, warnings: list[str]) -> None:
        """Add the products, statistics and warnings of a finished phase to the state."""
        state.products.update({k: self.run / v for k, v in checkpoint.products.items()})
        state.statistics.update(checkpoint.statistics)
        warnings += checkpoint.warnings

    def drop(self, phase: str) -> None:
        """Delete the checkpoint of a phase; its .json file first, as the others depend on it."""
        self._json(phase).unlink(missing_ok=True)
        self._arrays(phase).unlink(missing_ok=True)
        self._large(phase).unlink(missing_ok=True)
        shutil.rmtree(self.folder / phase, ignore_errors=True)

    def archive(self, phase: str) -> None:
        """As :meth:`drop`, but :meth:`previous` can still read the fields of the phase."""
        if self._json(phase).exists():  # else the phase was interrupted, and its result before that is archived already
            archive = Checkpoints(self.run, PREVIOUS)
            archive.drop(phase)
            archive.folder.mkdir(exist_ok=True)
            for path in (self._json(phase), self._arrays(phase), self._large(phase)):
                if path.exists():
                    path.replace(archive.folder / path.name)
        self.drop(phase)

    def previous(self, phase: str, basis: Basis, name: str) -> Any:
        """A field from the archived result of a phase, if it was made from the same pixels; else None."""
        found, frames = Checkpoints(self.run, PREVIOUS).read(phase), MAKERS["frames"]
        if found is None or found.basis.before.get(frames) != basis.before.get(frames):
            return None
        return self._archived(found, name)

    def earlier(self, phase: str, basis: Basis, name: str) -> Any:
        """A field from the archived result of a phase, if it was made with the same settings; else None."""
        found = Checkpoints(self.run, PREVIOUS).read(phase)
        if found is None or _other_settings(found.basis, basis):
            return None
        return self._archived(found, name)

    def _archived(self, found: Checkpoint, name: str) -> Any:
        state = RunState(())
        if name not in found.fields:
            return None
        try:
            Checkpoints(self.run, PREVIOUS).load(found, state, [name])
        except Damaged:
            return None
        return getattr(state, name)

    def clear_previous(self) -> None:
        """Delete archived results."""
        shutil.rmtree(self.run / PREVIOUS, ignore_errors=True)

    def clear_leftovers(self) -> None:
        """At the end of a run: delete files of interrupted phases that have been written again, and keep the others."""
        folder = self.run / LEFTOVERS
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_file() and (self.run / path.relative_to(folder)).exists():
                path.unlink()
        for path in (*sorted(folder.rglob("*"), reverse=True), folder):
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()

    def drop_large(self) -> int:
        """Delete the arrays of the size of the stack; returns their bytes. The phases repeat if they are needed again."""
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


def _other_settings(before: Basis, now: Basis) -> bool:
    """Whether settings differ, besides the one that asks for an extension."""
    return any(before.settings.get(k) != now.settings.get(k) for k in before.settings.keys() | now.settings.keys()
               if k != "stacking.extend")


def _has_arrays(value: Any) -> bool:
    if isinstance(value, dict):
        return "array" in value or any(_has_arrays(v) for v in value.values())
    return isinstance(value, list) and any(_has_arrays(v) for v in value)


def sealed(content: dict[str, Any]) -> bytes:
    """The content as JSON with its SHA-256: a flipped bit in a number would not be noticed otherwise."""
    text = json.dumps(content)
    return json.dumps({SEAL: hashlib.sha256(text.encode("ascii")).hexdigest(), **content}).encode("ascii")


def opened(raw: bytes) -> dict[str, Any]:
    """The content that :func:`sealed` wrote. ValueError if it was changed."""
    content = dict(json.loads(raw))
    seal = content.pop(SEAL, None)
    known = content.get("schema") == SCHEMA  # others are refused by name
    if known and seal is not None and seal != hashlib.sha256(json.dumps(content).encode("ascii")).hexdigest():
        raise ValueError("its checksum is wrong")
    return content


def _to_json(checkpoint: Checkpoint) -> dict[str, Any]:
    return {"schema": SCHEMA, "phase": checkpoint.phase, "fingerprint": checkpoint.fingerprint,
            "basis": checkpoint.basis.to_dict(), "status": checkpoint.result.status, "summary": checkpoint.result.summary,
            "seconds": checkpoint.seconds, "products": checkpoint.products, "statistics": checkpoint.statistics,
            "warnings": [packed(w) for w in checkpoint.warnings], "files": [f.to_dict() for f in checkpoint.files],
            "fields": checkpoint.fields}


def _from_json(data: dict[str, Any]) -> Checkpoint:
    if data["schema"] > SCHEMA:
        raise ConfigError(Message("The checkpoint of {phase} has the format {schema}; this program reads {schema2}.",
                                  phase=data["phase"], schema=data["schema"], schema2=SCHEMA),
                          "Resume with the newer version of orchestrate that began the run.")
    if data["schema"] < SCHEMA:
        raise ConfigError(Message("The checkpoint of {phase} was made by an earlier version of orchestrate (format {schema}, "
                                  "this program reads {schema2}).", phase=data["phase"], schema=data["schema"],
                                  schema2=SCHEMA), "Run the session again with `orchestrate run`.")
    files = [OutputFile(**f) for f in data["files"]]
    for name in (f.path for f in files):
        parts = PurePosixPath(name).parts
        if parts[0] not in FOLDERS or ".." in parts:
            raise ValueError(f"{name} is not a file of a run")
    RunStatistics().update(data["statistics"])  # ValueError if a field is unknown or has another type
    return Checkpoint(data["phase"], data["fingerprint"], Basis.from_dict(data["basis"]),
                      PhaseResult(data["status"], data["summary"]), data["seconds"], data["products"], data["statistics"],
                      [unpacked(w) for w in data["warnings"]], files, data["fields"])
