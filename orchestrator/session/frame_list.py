"""Frame lists: one file name a line, with as many folders before it as it takes; a line that begins
with # is a comment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestrator.errors import ConfigError, InputError
from orchestrator.io.atomic import whole_file
from orchestrator.session.model import Exclusion, FrameInfo

__all__ = ["listed", "read_list", "write_list"]


def read_list(path: Path) -> list[str]:
    """The names in a list.

    Raises
    ------
    ConfigError : the file cannot be read, or names nothing.
    """
    try:
        lines = Path(path).expanduser().read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigError(f"selection.frames: {path} cannot be read: {error.strerror}.", "Correct the path.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"selection.frames: {path} is no text (byte {error.start}).", "Give one file name a line.") from error
    names = [name for line in lines if (name := line.strip().removeprefix("./")) and not name.startswith("#")]
    if not names:
        raise ConfigError(f"selection.frames: {path} names no frame.", "Give one file name a line.")
    return names


def write_list(path: Path, names: Sequence[str], comment: str = "") -> None:
    """Write a list; the file appears when it is whole."""
    with whole_file(path) as stream:
        stream.write("".join([f"# {comment}\n"] * bool(comment) + [f"{name}\n" for name in names]).encode("utf-8"))


def listed(lights: list[FrameInfo], path: Path | None, excluded: list[Exclusion]) -> list[FrameInfo]:
    """The lights that a list names; the others are excluded.

    Raises
    ------
    InputError : the list names a frame that is not there.
    """
    if path is None:
        return lights
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
            excluded.append(Exclusion(info.path, f"it is not in the frame list {path}"))
    if missing := sorted(ends - met):
        told = ", ".join(m.lstrip("/") for m in missing[:3]) + (" ..." if len(missing) > 3 else "")
        raise InputError(f"selection.frames: {path} names {len(missing)} frames that are no lights of the session: {told}.",
                         "Take them out of the list, or name the session that has them.")
    return kept
