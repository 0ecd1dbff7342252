"""The session cache beside the runs: what was found of frames, kept under a hash of their pixels and of all that counts.

One file an entry. A damaged or unknown entry is as good as none. Sizes are capped: what was used longest ago goes first.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO, Any

import numpy as np

from orchestrator.io.fits import ImageLayout
from orchestrator.io.package_data import templates
from orchestrator.runtime.serialization import Arrays, decode, encode

__all__ = ["DAMAGED", "KINDS", "PRESENTATION", "Cache", "hash_of_code", "key_of", "pixels_id", "stack_arrays"]

FOLDER = ".session-cache"
HOUR = 3600.0
KINDS = ("scores", "transforms", "masters")
# Packages that show results and never change one; every other package counts, those of the future too.
PRESENTATION = frozenset(f"orchestrator/{name}" for name in ("cli", "gui", "insiril", "report", "scripting", "_templates"))
CODE_ENDINGS = (".py", ".yaml", ".json", ".j2")
# What reading a file that is missing or damaged raises.
DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile)


class Cache:
    """Entries of all sessions whose runs lie in one folder.

    Parameters
    ----------
    runs : the folder of the runs; the cache is a folder in it.
    refresh : find nothing, so that everything is made and kept anew.
    """

    def __init__(self, runs: Path, *, refresh: bool = False) -> None:
        self.folder = runs / FOLDER
        self._refresh = refresh
        self._lock = threading.Lock()
        self.hits: dict[str, int] = dict.fromkeys(KINDS, 0)
        self.misses: dict[str, int] = dict.fromkeys(KINDS, 0)

    def get(self, kind: str, key: str) -> Any:
        """The value kept under a key, None when there is none."""
        path = self._path(kind, key, ".npz")
        found = None
        if not self._refresh:
            with contextlib.suppress(*DAMAGED), np.load(path, allow_pickle=False) as file:
                found = decode(json.loads(file["json"].tobytes()), {k: file[k] for k in file.files}, path.parent)
        return self._told(kind, path, found)

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a value; a full disk keeps nothing and harms nothing."""
        arrays: Arrays = {}
        path = self._path(kind, key, ".npz")
        text = json.dumps(encode(value, arrays, path.parent))
        arrays["json"] = np.frombuffer(text.encode("ascii"), np.uint8)
        self._write(path, lambda stream: np.savez(stream, **arrays))  # type: ignore[arg-type]

    def get_file(self, kind: str, key: str, target: Path) -> bool:
        """Copy a file that is kept to ``target``; False when there is none."""
        path = self._path(kind, key, target.suffix)
        part = target.with_name(target.name + ".part")
        found = None
        if not self._refresh:
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(path, part)
                found = part.replace(target)
        return self._told(kind, path, found) is not None

    def put_file(self, kind: str, key: str, source: Path) -> None:
        def copy(stream: IO[bytes]) -> None:
            with source.open("rb") as file:
                shutil.copyfileobj(file, stream, 1 << 20)

        self._write(self._path(kind, key, source.suffix), copy)

    def sizes(self) -> dict[str, tuple[int, int]]:
        """For each kind the number of entries and their bytes."""
        found = {}
        for kind in KINDS:
            entries = [e.stat().st_size for e in self._entries((kind,))]
            found[kind] = (len(entries), sum(entries))
        return found

    def clear(self, kinds: Iterable[str] = KINDS) -> int:
        """Take entries away; returns their bytes."""
        freed = 0
        for path in self._entries(kinds):
            freed += path.stat().st_size
            path.unlink(missing_ok=True)
        return freed

    def trim(self, most: int) -> int:
        """Take away what was used longest ago until at most ``most`` bytes are left; returns the bytes taken away."""
        for path in self.folder.glob("tmp*"):  # of a process that was killed
            if (status := _stat(path)) is not None and time.time() - status.st_mtime > HOUR:
                path.unlink(missing_ok=True)
        entries = sorted((s.st_mtime_ns, s.st_size, p) for p in self._entries(KINDS) if (s := _stat(p)) is not None)
        total, freed = sum(size for _, size, _ in entries), 0
        for _, size, path in entries:
            if total - freed <= most:
                break
            path.unlink(missing_ok=True)
            freed += size
        return freed

    def _entries(self, kinds: Iterable[str]) -> list[Path]:
        return [p for kind in kinds for p in (self.folder / kind).glob("*") if p.is_file()]

    def _path(self, kind: str, key: str, suffix: str) -> Path:
        return self.folder / kind / f"{key}{suffix}"

    def _told(self, kind: str, path: Path, found: Any) -> Any:
        with self._lock:
            (self.hits if found is not None else self.misses)[kind] += 1
        if found is not None:
            with contextlib.suppress(OSError):
                os.utime(path)  # the clock of what was used last
        return found

    def _write(self, path: Path, write: Any) -> None:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=self.folder)
            try:
                with os.fdopen(number, "wb") as stream:
                    write(stream)
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise


def key_of(*parts: object) -> str:
    """A name for all that a result depends on; the program's own code counts too."""
    return hashlib.sha256(repr((_code(), *parts)).encode("utf-8", "surrogateescape")).hexdigest()[:40]


def pixels_id(layout: ImageLayout) -> str:
    """Content and meaning of a frame's pixels, wherever the file lies and whatever else its header tells."""
    digest = hashlib.sha256(repr((layout.shape, layout.bitpix, layout.bscale, layout.bzero, layout.unit)).encode("ascii"))
    with layout.path.open("rb") as stream:
        stream.seek(layout.data_offset)
        left = int(np.prod(layout.shape)) * abs(layout.bitpix) // 8
        while left > 0 and (chunk := stream.read(min(left, 1 << 20))):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _code() -> str:
    """Hash of the program's own files that can change a result: another version may find other values."""
    return hash_of_code({"tilecore": resources.files("tilecore"), "orchestrator": resources.files("orchestrator"),
                         "templates": templates()})


def hash_of_code(folders: Mapping[str, Traversable]) -> str:
    """SHA-256 of the modules and data files in ``folders`` (name -> folder) at any depth, without those of :data:`PRESENTATION`."""
    digest = hashlib.sha256()
    for name, folder in sorted(folders.items()):
        for path, content in _code_files(folder, name):
            digest.update(f"{path} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def _code_files(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        path = f"{name}/{entry.name}"
        if entry.is_dir() and path not in PRESENTATION:
            yield from _code_files(entry, path)
        elif entry.name.endswith(CODE_ENDINGS):
            yield path, entry.read_bytes()


def stack_arrays(runs: Path) -> list[Path]:
    """The arrays of whole pictures in the checkpoints of the runs in a folder."""
    return sorted(runs.glob("*/checkpoints/**/*.large.npz"))


def _stat(path: Path) -> os.stat_result | None:
    with contextlib.suppress(OSError):
        return path.stat()
    return None
