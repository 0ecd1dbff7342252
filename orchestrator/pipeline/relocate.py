"""Update the paths of a run whose session was moved, so that it keeps all its results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from orchestrator.errors import ConfigError, InputError
from orchestrator.io.atomic import whole_file
from orchestrator.io.fits import ImageLayout
from orchestrator.message import Message
from orchestrator.pipeline.checkpoint import Checkpoints, Damaged, opened, sealed
from orchestrator.pipeline.fingerprints import Basis, Inputs
from orchestrator.pipeline.registry import MAKERS, PHASES
from orchestrator.rundir.record import RunRecord
from orchestrator.runtime.serialization import KIND, encode
from orchestrator.session.folders import check_roots, content_of

__all__ = ["relocate"]

SCANNED = MAKERS["session"]
NIGHTS = "input.nights"


def relocate(record: RunRecord, roots: Sequence[Path]) -> None:
    """Make the run read its session from ``roots``, one for each of its folders, in their order.

    Every input file of the run must be there with the same content (size, beginning, middle and end).

    Raises
    ------
    ConfigError : wrong number of folders. InputError : a folder or file is missing, or a file has other content.
    """
    new = [Path(r).expanduser().absolute() for r in roots]
    if len(new) != len(record.roots):
        raise ConfigError(Message("{directory} was made of {count} folders, {count2} are given.",
                                  directory=record.directory.name, count=len(record.roots), count2=len(new)),
                          Message("Give one --session for each of: {roots}.", roots=", ".join(map(str, record.roots))))
    check_roots(new)
    moved = _Moved(list(record.roots), new)
    store = Checkpoints(record.directory)
    first = store.read(SCANNED)
    if first is not None:  # else the session has not been scanned yet
        inputs = _compared(first.basis.inputs, _contents(store), moved)
        _rewrite(store, moved, inputs)
    record.roots = tuple(new)
    record.write()


class _Moved:
    """Maps paths of the old session to the new one; other paths are unchanged."""

    def __init__(self, old: list[Path], new: list[Path]) -> None:
        self._pairs = list(zip(old, new, strict=True))

    def __call__(self, path: str) -> str:
        for old, new in self._pairs:
            if Path(path).is_relative_to(old):
                return str(new / Path(path).relative_to(old))
        return path


def _contents(store: Checkpoints) -> dict[str, str]:
    """Digests of the files when they were scanned."""
    try:
        return store.state_with((), ["contents"]).contents
    except Damaged:
        return {}


def _compared(inputs: Inputs, contents: dict[str, str], moved: Callable[[str], str]) -> Inputs:
    """The same files at their new location."""
    found: Inputs = {}
    for old, stamp in inputs.items():
        path = Path(moved(old))
        if str(path) == old:
            found[old] = stamp
            continue
        try:
            status = path.stat()
            same = status.st_size == stamp[0] and (content_of(path) == contents[old] if old in contents
                                                   else status.st_mtime_ns == stamp[1])
        except OSError as error:
            raise InputError(Message("{path}, which was {old}, cannot be read: {strerror}.", path=path, old=old,
                                     strerror=error.strerror or error),
                             "Give the folder with all frames of the run, or stack it with `orchestrate run`.") from error
        if not same:
            raise InputError(Message("{path} is not the file that was {old}.", path=path, old=old),
                             "Give the folder with the same frames, or stack these with `orchestrate run`.")
        found[str(path)] = (status.st_size, status.st_mtime_ns)
    return found


def _rewrite(store: Checkpoints, moved: Callable[[str], str], inputs: Inputs) -> None:
    """Write the new paths into the checkpoints, and the fingerprints that follow from them."""
    old: dict[str, str] = {}
    new: dict[str, str] = {}
    for phase in PHASES:
        path = store.folder / f"{phase.name}.json"
        if store.read(phase.name) is None:
            continue
        data = opened(path.read_bytes())
        basis = Basis.from_dict(data["basis"])
        old[phase.name] = basis.fingerprint
        before = {k: new[k] if k in new and old[k] == v else v for k, v in basis.before.items()}
        settings = {k: _nights(v, moved) if k == NIGHTS else v for k, v in basis.settings.items()}
        basis = replace(basis, settings=settings, before=before, inputs=inputs if basis.inputs else basis.inputs)
        new[phase.name] = basis.fingerprint
        data |= {"basis": basis.to_dict(), "fingerprint": basis.fingerprint, "fields": _paths(data["fields"], moved, inputs)}
        with whole_file(path) as stream:
            stream.write(sealed(data))


def _nights(nights: list[dict[str, Any]], moved: Callable[[str], str]) -> list[dict[str, Any]]:
    """The setting input.nights with the new folders."""
    return [{**night, "path": moved(night["path"])} for night in nights]


def _paths(value: Any, moved: Callable[[str], str], inputs: Inputs) -> Any:
    """Encoded fields (:mod:`orchestrator.runtime.serialization`) with new paths, and the stamps of the files there."""
    if isinstance(value, list):
        return [_paths(v, moved, inputs) for v in value]
    if not isinstance(value, dict):
        return value
    if value.get(KIND) == "path" and not value["run"]:
        return {**value, "value": moved(value["value"])}
    changed = {k: _paths(v, moved, inputs) for k, v in value.items()}
    if value.get(KIND) == ImageLayout.__name__ and value["fields"]["stamp"] is not None:
        stamp = inputs.get(changed["fields"]["path"]["value"])
        changed["fields"]["stamp"] = encode(stamp, {}, Path()) if stamp else value["fields"]["stamp"]
    return changed
