"""Everything that the result of a phase depends on, as one hash: settings, input files, fingerprints of earlier phases."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from orchestrator.config.no_effect import NO_EFFECT
from orchestrator.config.settings import RunConfig
from orchestrator.message import Message
from orchestrator.pipeline.registry import PHASES, needs

__all__ = ["Basis", "Inputs", "bases", "differences"]

# Path of every input file -> (size in bytes, modification time in ns).
Inputs = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Basis:
    """The dependencies of a phase: ``settings`` by dotted key, ``before`` phase -> fingerprint, ``inputs`` of the first phase."""

    phase: str
    settings: dict[str, Any]
    before: dict[str, str]
    inputs: Inputs = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Basis:
        inputs = {str(k): (int(size), int(time)) for k, (size, time) in data["inputs"].items()}
        return cls(str(data["phase"]), dict(data["settings"]), dict(data["before"]), inputs)


def bases(config: RunConfig, inputs: Inputs) -> dict[str, Basis]:
    """The basis of every phase, in the order in which they run."""
    found: dict[str, Basis] = {}
    for phase in PHASES:
        settings: dict[str, Any] = {}
        for key in phase.settings:
            value: Any = config
            for name in key.split("."):
                value = getattr(value, name)
            _flatten(key, value, settings)
        before = {name: found[name].fingerprint for name in needs(phase)}
        found[phase.name] = Basis(phase.name, settings, before, {} if before else inputs)
    return found


def _flatten(key: str, value: Any, into: dict[str, Any]) -> None:
    """Settings below a key; the path of a file counts with its size and modification time."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            _flatten(f"{key}.{name}", getattr(value, name), into)
    elif key in NO_EFFECT:
        return
    elif isinstance(value, Path):
        path = value.expanduser().absolute()
        into[key] = [str(path), path.stat().st_size, path.stat().st_mtime_ns] if path.is_file() else str(path)
        if key == "engine.siril.templates" and path.is_dir():  # the contents of the templates count
            into[key] = [str(path), *(f"{p.relative_to(path)} {p.stat().st_mtime_ns}" for p in sorted(path.rglob("*.j2")))]
    else:
        into[key] = to_jsonable_python(value)


def differences(old: Basis, new: Basis) -> list[str]:
    """Descriptions of changed settings and input files, without changes of earlier phases."""
    changes = []
    for key in sorted(old.settings.keys() | new.settings.keys()):
        before, after = old.settings.get(key), new.settings.get(key)
        if before != after:
            same_file = _shown(before) == _shown(after)
            changes.append(Message("{key}: the file has changed",
                                   key=key) if same_file else f"{key} {_shown(before)} -> {_shown(after)}")
    gone, new_files = sorted(old.inputs.keys() - new.inputs.keys()), sorted(new.inputs.keys() - old.inputs.keys())
    changed = sorted(k for k in old.inputs.keys() & new.inputs.keys() if old.inputs[k] != new.inputs[k])
    for kind, names in (("changed", changed), ("missing", gone), ("new", new_files)):
        if names:
            more = Message(" and {count} more", count=len(names) - 1) if len(names) > 1 else ""
            changes.append(Message("{kind} in the session: {names}{more}", kind=kind, names=names[0], more=more))
    return changes


def _shown(value: Any) -> str:
    named = isinstance(value, list) and len(value) == 3 and isinstance(value[0], str) and isinstance(value[1], int)
    return str(value[0]) if named else json.dumps(value)
