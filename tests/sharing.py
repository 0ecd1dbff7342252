"""Work that the processes of a test run do once for all: sessions, runs, and the compilation of numba's functions."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock

__all__ = ["apart", "changed", "compile_in_turn", "digest", "made_once", "shares_fixtures"]


def digest(*values: object) -> str:
    """A short name for what is made from these values."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:10]


def made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """``folder``, filled by ``make(folder)`` in the first process that needs it; the others wait. Nobody may change it."""
    done = _mark(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of an attempt that failed
            folder.mkdir()
            make(folder)
            done.write_text(json.dumps(_listing(folder)), encoding="utf-8")
    return folder


def changed(folder: Path) -> list[str]:
    """The files of such a folder that were added, removed or written to since it was made."""
    before, now = {tuple(entry) for entry in json.loads(_mark(folder).read_text(encoding="utf-8"))}, set(_listing(folder))
    return sorted({str(entry[0]) for entry in before ^ now})


def _mark(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.done")


def _listing(folder: Path) -> list[tuple[str, int, int]]:
    return [(p.relative_to(folder).as_posix(), p.stat().st_size, p.stat().st_mtime_ns) for p in sorted(folder.rglob("*"))
            if p.is_file()]


@cache
def shares_fixtures(file: Path) -> bool:
    """Whether tests of a file share what a fixture of the file makes once."""
    return re.search(r'scope="(?:module|session|class|package)"', file.read_text(encoding="utf-8")) is not None


def apart(names: list[str]) -> list[int]:
    """An order (indices) of tests, given as ``FILE::TEST``, in which neighbours are of different files, one of each in turn."""
    turn: Counter[str] = Counter()
    turns = []
    for name in names:
        file = name.partition("::")[0]
        turns.append(turn[file])
        turn[file] += 1
    return sorted(range(len(names)), key=turns.__getitem__)


def compile_in_turn(locks: Path) -> None:
    """Let one worker compile a function of numba while the others that need it wait, and then read it from numba's cache.

    Callers come before the functions that they call, and there is no recursion between functions: no deadlock.
    """
    from numba.core.compiler_lock import global_compiler_lock
    from numba.core.dispatcher import Dispatcher

    compile_now = Dispatcher.compile
    held: dict[str, FileLock] = {}

    def compile_or_read(self: Any, sig: Any) -> Any:
        folder = self._cache.cache_path
        if folder is None:  # a function without a cache
            return compile_now(self, sig)
        name = digest(folder, self.py_func.__qualname__)
        with global_compiler_lock, held.setdefault(name, FileLock(locks / f"{name}.lock")):
            return compile_now(self, sig)

    locks.mkdir(parents=True, exist_ok=True)
    Dispatcher.compile = compile_or_read
