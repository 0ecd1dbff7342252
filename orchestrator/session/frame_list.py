"""Frame lists: one file name per line, preceded by folders where needed to make it unique; lines that begin with # are
comments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestrator.errors import ConfigError, InputError
from orchestrator.io.atomic import whole_file
from orchestrator.message import Message
from orchestrator.session.model import Exclusion, FrameInfo
from orchestrator.session.stack_plan import is_plan, select_planned

__all__ = ["read_list", "select_listed", "write_list"]


def read_list(path: Path) -> list[str]:
    """Read the names in a list.

    Raises
    ------
    ConfigError : the file cannot be read, or names no frame.
    """
    try:
        lines = Path(path).expanduser().read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigError(Message("selection.frames: {path} cannot be read: {strerror}.", path=path,
                                  strerror=error.strerror), "Correct the path.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(Message("selection.frames: {path} is not a text file (byte {start}).", path=path, start=error.start),
                          "Give one file name per line.") from error
    names = [name for line in lines if (name := line.strip().removeprefix("./")) and not name.startswith("#")]
    if not names:
        raise ConfigError(Message("selection.frames: {path} names no frame.", path=path), "Give one file name per line.")
    return names


def write_list(path: Path, names: Sequence[str], comment: str = "") -> None:
    """Write a list; the file appears only when it is complete."""
    with whole_file(path) as stream:
        stream.write("".join([f"# {comment}\n"] * bool(comment) + [f"{name}\n" for name in names]).encode("utf-8"))


def select_listed(lights: list[FrameInfo], path: Path | None, excluded: list[Exclusion]) -> list[FrameInfo]:
    """The lights that a list, or a stack plan, names; the others are added to ``excluded``.

    Raises
    ------
    InputError : the list names a frame that is not a light of the session.
    """
    if path is None:
        return lights
    if is_plan(path):
        return select_planned(lights, path, excluded)
    names = read_list(path)
    kept, met = [], set()
    ends = {f"/{name.lstrip('/')}" for name in names}
    for info in lights:
        posix = "/" + info.path.absolute().as_posix().lstrip("/")
        parts = posix.split("/")
        found = {e for k in range(1, len(parts)) if (e := "/" + "/".join(parts[-k:])) in ends}
        met |= found
        if found:
            kept.append(info)
        else:
            excluded.append(Exclusion(info.path, Message("it is not in the frame list {path}", path=path)))
    if missing := sorted(ends - met):
        names_missing = ", ".join(m.lstrip("/") for m in missing[:3]) + (" ..." if len(missing) > 3 else "")
        raise InputError(Message("selection.frames: {path} names {count} frames that are not lights of the session: "
                                 "{names_missing}.", path=path, count=len(missing),
                                 names_missing=names_missing), "Remove them from the list, or name the session that has them.")
    return kept
