"""The session cache next to the runs: results per frame, stored under a hash of its pixels and of everything they depend on.

One file per entry, which ends with its SHA-256. Damaged entries are deleted and named, unknown ones ignored.
The total size is limited: the least recently used go first.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
import os
import shutil
import struct
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO, Any

import numpy as np

from orchestrator.io.atomic import whole_file
from orchestrator.io.fits import ImageLayout
from orchestrator.io.package_data import templates
from orchestrator.runtime.serialization import Arrays, decode, encode
from orchestrator.runtime.stored_arrays import StoredArrays, write_arrays

__all__ = ["DAMAGED", "KINDS", "PRESENTATION", "Cache", "hash_of_code", "key_of", "pixels_id", "stack_arrays"]

logger = logging.getLogger(__name__)

# Folder of the cache in the folder of the runs.
FOLDER = ".session-cache"
# Age (s) after which a temporary file belongs to a process that was killed.
STALE_AFTER = 3600.0
# Bytes read or copied at once.
CHUNK = 1 << 20
KINDS = ("scores", "transforms", "masters")
# Packages that present results and never change them; all other packages, including future ones, are part of the cache key.
PRESENTATION = frozenset(f"orchestrator/{name}" for name in ("cli", "gui", "insiril", "report", "scripting", "_templates"))
CODE_ENDINGS = (".py", ".yaml", ".json", ".j2")
# Exceptions raised by reading a file that is missing or damaged.
DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, LookupError, ArithmeticError, MemoryError,
           RuntimeError, SyntaxError, struct.error, zlib.error, zipfile.BadZipFile)


class Cache:
    """Entries of all sessions whose runs are in one folder.

    Parameters
    ----------
    runs : the folder of the runs; the cache is a folder in it.
    refresh : return no entries, so that everything is computed and stored again.
    """

    def __init__(self, runs: Path, *, refresh: bool = False) -> None:
        self.folder = runs / FOLDER
        self._refresh = refresh
        self._lock = threading.Lock()
        self.damaged: list[Path] = []
        self._touched: set[str] = set()
        self.hits: dict[str, int] = dict.fromkeys(KINDS, 0)
        self.misses: dict[str, int] = dict.fromkeys(KINDS, 0)

    def get(self, kind: str, key: str) -> Any:
        """The value stored under a key, None if there is none."""
        path = self._path(kind, key, ".npz")
        found = None
        if not self._refresh:
            with contextlib.suppress(*DAMAGED):
                arrays = StoredArrays(self._read(path))
                found = decode(json.loads(arrays["json"].tobytes()), arrays, path.parent)
        return self._counted(kind, path, found)

    def put(self, kind: str, key: str, value: Any) -> None:
        """Store a value. If it cannot be written, for example on a full disk, nothing is stored and no error is raised."""
        arrays: Arrays = {}
        path = self._path(kind, key, ".npz")
        text = json.dumps(encode(value, arrays, path.parent))
        arrays["json"] = np.frombuffer(text.encode("ascii"), np.uint8)
        self._write(path, lambda stream: write_arrays(stream, arrays))

    def get_file(self, kind: str, key: str, target: Path) -> bool:
        """Copy a stored file to ``target``; False if there is none."""
        path = self._path(kind, key, target.suffix)
        part = target.with_name(target.name + ".part")
        found = None
        if not self._refresh:
            with contextlib.suppress(FileNotFoundError):
                with part.open("wb") as stream:
                    self._copy(path, stream)
                found = part.replace(target)
            if found is None:
                part.unlink(missing_ok=True)
        return self._counted(kind, path, found) is not None

    def put_file(self, kind: str, key: str, source: Path) -> None:
        """Store a copy of a file; as with :meth:`put` a write error is ignored."""
        def copy(stream: IO[bytes]) -> None:
            with source.open("rb") as file:
                shutil.copyfileobj(file, stream, CHUNK)

        self._write(self._path(kind, key, source.suffix), copy)

    def record_session(self, roots: Iterable[Path]) -> None:
        """Remember which entries the session in the folders ``roots`` has used; as with :meth:`put` errors are ignored."""
        path = self._session_file(roots)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            entries = sorted(name for name in self._touched | self._of_session(path) if (self.folder / name).is_file())
            with whole_file(path, durable=False, guarded=False) as stream:
                stream.write(json.dumps({"roots": [str(r) for r in roots], "entries": entries}).encode())

    def _session_file(self, roots: Iterable[Path]) -> Path:
        names = "\n".join(sorted(str(Path(root).expanduser().absolute()) for root in roots))
        return self.folder / "sessions" / f"{hashlib.sha256(names.encode('utf-8', 'surrogateescape')).hexdigest()[:40]}.json"

    @staticmethod
    def _of_session(path: Path) -> set[str]:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            return set(map(str, json.loads(path.read_text("utf-8"))["entries"]))
        return set()

    def sizes(self, roots: Iterable[Path] = ()) -> dict[str, tuple[int, int]]:
        """Number of entries and their total bytes, by kind; only of those that the session in ``roots`` has used, if given."""
        found = {}
        for kind in KINDS:
            entries = [e.stat().st_size for e in self._chosen((kind,), roots)]
            found[kind] = (len(entries), sum(entries))
        return found

    def _chosen(self, kinds: Iterable[str], roots: Iterable[Path]) -> list[Path]:
        """The entries of some kinds, of all sessions or of one."""
        folders = tuple(roots)
        used = self._of_session(self._session_file(folders)) if folders else None
        return [p for p in self._entries(kinds) if used is None or p.relative_to(self.folder).as_posix() in used]

    def clear(self, kinds: Iterable[str] = KINDS, roots: Iterable[Path] = ()) -> int:
        """Delete the entries of some kinds, of all sessions or of the one in ``roots``; returns their total bytes."""
        freed = 0
        for path in self._chosen(kinds, roots):
            freed += path.stat().st_size
            path.unlink(missing_ok=True)
        return freed

    def trim(self, most: int) -> int:
        """Delete the least recently used entries until at most ``most`` bytes are left; returns the bytes deleted."""
        for path in self.folder.glob("tmp*"):  # of a process that was killed
            if (status := _stat(path)) is not None and time.time() - status.st_mtime > STALE_AFTER:
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
        with self._lock:
            self._touched.add(f"{kind}/{key}{suffix}")
        return self.folder / kind / f"{key}{suffix}"

    def _counted(self, kind: str, path: Path, found: Any) -> Any:
        """Count a hit or a miss, and return what was found."""
        with self._lock:
            (self.hits if found is not None else self.misses)[kind] += 1
        logger.debug("%s %s: %s", kind, path.name, "hit" if found is not None else "miss")
        if found is not None:
            with contextlib.suppress(OSError):
                os.utime(path)  # the modification time is the time of last use
        return found

    def _read(self, path: Path) -> IO[bytes]:
        """The content of an entry; FileNotFoundError if there is none or it is damaged."""
        found = io.BytesIO()
        self._copy(path, found)
        found.seek(0)
        return found

    def _copy(self, path: Path, target: IO[bytes]) -> None:
        """Copy an entry without its checksum; a damaged one is deleted, and remembered in ``damaged``."""
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            left = os.fstat(stream.fileno()).st_size - digest.digest_size
            while left > 0 and (chunk := stream.read(min(left, CHUNK))):
                digest.update(chunk)
                target.write(chunk)
                left -= len(chunk)
            if left == 0 and stream.read() == digest.digest():
                return
        path.unlink(missing_ok=True)
        with self._lock:
            self.damaged.append(path)
        logger.warning("Session cache: %s is damaged and was deleted", path)
        raise FileNotFoundError(path)

    def _write(self, path: Path, write: Any) -> None:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=self.folder)
            try:
                with os.fdopen(number, "w+b") as stream:
                    write(stream)
                    stream.write(_digest(stream))
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise


def _digest(stream: IO[bytes]) -> bytes:
    """SHA-256 of what was written to a stream."""
    stream.flush()
    stream.seek(0)
    digest = hashlib.file_digest(stream, "sha256").digest()  # type: ignore[arg-type]
    stream.seek(0, os.SEEK_END)
    return digest


def key_of(*parts: object) -> str:
    """The key of a result: a hash of everything it depends on, including the program's own code."""
    return hashlib.sha256(repr((_code(), *parts)).encode("utf-8", "surrogateescape")).hexdigest()[:40]


def pixels_id(layout: ImageLayout) -> str:
    """Hash of a frame's pixels and their scaling, independent of the file's location and the rest of its header."""
    digest = hashlib.sha256(repr((layout.shape, layout.bitpix, layout.bscale, layout.bzero, layout.unit, layout.blank,
                                  layout.flipped, layout.wrapped, layout.sample, layout.channels,
                                  layout.trimmed)).encode("ascii"))
    with layout.path.open("rb") as stream:
        stream.seek(layout.data_offset)
        left = layout.stored_bytes
        while left > 0 and (chunk := stream.read(min(left, CHUNK))):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _code() -> str:
    """Hash of the program's files that can change a result: another version may compute other values."""
    return hash_of_code({"tilecore": resources.files("tilecore"), "orchestrator": resources.files("orchestrator"),
                         "templates": templates()})


def hash_of_code(folders: Mapping[str, Traversable]) -> str:
    """SHA-256 of the modules and data files in ``folders`` (name -> folder) at any depth, except :data:`PRESENTATION`."""
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
    """The files with full-size arrays in the checkpoints of the runs in a folder."""
    return sorted(runs.glob("*/checkpoints/**/*.large.npz"))


def _stat(path: Path) -> os.stat_result | None:
    with contextlib.suppress(OSError):
        return path.stat()
    return None
