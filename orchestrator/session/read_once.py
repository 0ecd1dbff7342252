"""Within a run the headers of a session are read once: for its fields, its filters and the phase SCAN_INPUT alike."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["headers_read_once", "remembered", "stamps"]

Result = TypeVar("Result")

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("headers of this run", default=None)


@contextmanager
def headers_read_once() -> Iterator[None]:
    """Inside of it what was found is found again without reading the files, unless they changed."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def remembered(key: Hashable, find: Callable[[], Result]) -> Result:
    """The result of ``find``; the one of before for the same ``key`` within :func:`headers_read_once`. It must not be changed."""
    known = _known.get()
    if known is None:
        return find()
    if key not in known:
        known[key] = find()
    result: Result = known[key]
    return result


def stamps(paths: Sequence[Path]) -> tuple[Hashable, ...]:
    """What differs if one of the files is another one or was written to; files that cannot be read have a stamp too."""
    return tuple((str(p), *_stamp(p)) for p in paths)


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
