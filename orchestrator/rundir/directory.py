"""The run directory: its name, its lock, its manifest."""

from __future__ import annotations

import contextlib
import hashlib
import platform
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from orchestrator.errors import ConfigError, RunError
from orchestrator.io.raw_guard import refuse_folder
from orchestrator.version import __version__

__all__ = ["check_new", "create", "file_hash", "forget_unbegun", "is_unbegun", "lock", "new_run_id", "remove", "remove_work",
           "versions"]

PACKAGES = ("numpy", "scipy", "numba", "astropy", "opencv-python-headless", "sep", "pydantic")
# Files whose hashes are remembered.
HASHES_KEPT = 256
# What a run makes in its directory before it records its start.
BEFORE_RECORD = {".lock", "logs", "checkpoints", "config.yaml"}


def new_run_id(name: str, runs: Path) -> str:
    """Time and session name, with a number if two runs begin in the same second."""
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in name)[:40] or "session"
    stem = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{safe}"
    return next(name for name in (stem, *(f"{stem}-{i}" for i in range(2, 1000))) if not (runs / name).exists())


def create(runs: Path, run_id: str, roots: tuple[Path, ...]) -> Path:
    """Make the directory of a new run.

    Raises
    ------
    ConfigError : it would be inside a folder of raw frames, or it already exists. RunError : it cannot be made.
    """
    directory = check_new(runs, run_id, roots)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"The run directory {directory} cannot be made: {error.strerror}.",
                       "Choose another folder with --runs-dir.") from error
    return directory


def check_new(runs: Path, run_id: str, roots: tuple[Path, ...]) -> Path:
    """The directory of a new run, which is not made. Raises what :func:`create` raises, except that it cannot be made."""
    if not run_id or Path(run_id).name != run_id or run_id in (".", ".."):
        raise ConfigError(f"--run-id {run_id!r} is not a plain folder name.", "Use letters, digits, '-' and '_'.")
    directory = (runs / run_id).resolve()
    for root in roots:
        if directory.is_relative_to(root.resolve()):
            raise ConfigError(f"The run directory {directory} would be inside the session {root}.",
                              "Nothing is written to folders of raw frames: choose another folder with --runs-dir.")
    refuse_folder(directory)
    # An existing file or link may belong to another program or point elsewhere.
    if directory.exists() and not (directory.is_dir() and is_unbegun(directory)):
        raise ConfigError(f"The run {directory} already exists.",
                          "Continue it with `orchestrate resume`, choose another --run-id, or remove that folder.")
    return directory


def is_unbegun(directory: Path) -> bool:
    """Whether a run directory is empty, or that of a run that was killed before it had recorded anything."""
    try:
        names = {p.name for p in directory.iterdir()}
        return not names or (".lock" in names and names <= BEFORE_RECORD and not any(
            p.name.endswith(".json") for p in (directory / "checkpoints").glob("*")))
    except OSError as error:
        raise RunError(f"The run directory {directory} cannot be read: {error.strerror}.",
                       "Choose another --runs-dir.") from error


def forget_unbegun(directory: Path) -> None:
    """Remove the directory of a run that ended before it had written anything but its lock."""
    if directory.is_dir() and {p.name for p in directory.iterdir()} <= {".lock"}:
        with lock(directory):
            pass
        (directory / ".lock").unlink(missing_ok=True)
        directory.rmdir()


@contextlib.contextmanager
def lock(directory: Path) -> Iterator[None]:
    """Lock a run directory. The operating system releases the lock of a process that dies.

    Raises
    ------
    RunError : another process holds it, or the directory cannot be written.
    """
    held = FileLock(directory / ".lock")
    try:
        held.acquire(timeout=0)
    except Timeout as error:
        raise RunError(f"Another process works in {directory}.", "Wait for it, or choose another --run-id.") from error
    except OSError as error:
        raise RunError(f"The run directory {directory} cannot be written: {error.strerror or error}.",
                       "Check its permissions and the disk, or choose another --runs-dir.") from error
    try:
        yield
    finally:
        held.release()


def remove(directory: Path) -> None:
    """Delete a run directory."""
    shutil.rmtree(directory, ignore_errors=True)


def remove_work(directory: Path) -> None:
    """Delete the scratch folder of a run."""
    shutil.rmtree(directory / "work", ignore_errors=True)


def file_hash(path: Path) -> str:
    """SHA-256 of a file. One that has not been written since is not read again."""
    status = path.stat()
    return _content_hash(path.resolve(), (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))


@lru_cache(maxsize=HASHES_KEPT)
def _content_hash(path: Path, stamp: tuple[int, ...]) -> str:
    """SHA-256 of a file that has the ``stamp``."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def versions() -> dict[str, Any]:
    """Versions of everything that can affect a result."""
    found: dict[str, Any] = {"python": sys.version.split()[0], "platform": platform.platform(), "orchestrate": __version__}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    return found
