"""Trust in files of settings: programs and script templates that they name are used only if the user trusts the file.

Settings may come from someone else: a project, a configuration, a run directory. A setting that starts a program, or that decides
which commands Siril executes, is accepted from the command line, from files in the user's own configuration folder, and from
files that the user has trusted (--trust). Trust is stored as a hash of the file and of the programs and templates that it names:
after a change it has to be given again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestrator.errors import ConfigError, RunError

__all__ = ["PROGRAM_SETTINGS", "config_folder", "is_trusted", "programs_in", "refuse_untrusted", "remember", "state_file"]

# Settings that start a program, name templates of the scripts that Siril executes, or connect to a computer that executes code.
PROGRAM_SETTINGS = ("engine.siril.executable", "engine.siril.templates", "astrometry.astap", "astrometry.solve_field",
                    "bge.graxpert", "runtime.scheduler")
# Hashes that are remembered; the oldest are forgotten.
MOST_REMEMBERED = 2000
# Bytes of a folder of templates that are hashed; there are no larger ones.
MOST_TEMPLATES = 1 << 24
# Permission bits of a file that others can change.
OTHERS_WRITE = 0o002


def config_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The user's configuration folder of this program; the files in it are trusted."""
    environ = os.environ if environ is None else environ
    home = Path(environ.get("HOME") or Path.home())
    if sys.platform == "win32":
        return Path(environ.get("APPDATA") or home / "AppData/Roaming") / "orchestrate"
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "orchestrate"


def state_file(environ: Mapping[str, str] | None = None) -> Path:
    """The file that remembers what the user trusts."""
    environ = os.environ if environ is None else environ
    home = Path(environ.get("HOME") or Path.home())
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData/Local") / "orchestrate" / "trusted.json"
    return Path(environ.get("XDG_STATE_HOME") or home / ".local/state") / "orchestrate" / "trusted.json"


def programs_in(settings: Mapping[str, Any]) -> dict[str, str]:
    """The settings of :data:`PROGRAM_SETTINGS` that are given, with their values."""
    found = {}
    for name in PROGRAM_SETTINGS:
        value: Any = settings
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if value not in (None, ""):
            found[name] = str(value)
    return found


def refuse_untrusted(file: Path, settings: Mapping[str, Any], base: Path | None = None) -> None:
    """Raise ConfigError if ``file`` names a program or templates and is not trusted.

    Parameters
    ----------
    settings : the content of the file.
    base : the folder to which its paths are relative; the current one if None.
    """
    programs = programs_in(settings)
    if not programs or is_trusted(file, programs, base):
        return
    names = "; ".join(f"{name} is {value}" for name, value in programs.items())
    raise ConfigError(f"{file} decides which programs are started ({names}), and it is not trusted.",
                      "Check these settings. If you know and trust the file, repeat the command with --trust, or run "
                      f"`orchestrate config trust {file}`; otherwise remove them: programs on PATH are used then.")


def is_trusted(file: Path, programs: Mapping[str, str], base: Path | None = None) -> bool:
    """Whether a file is the user's own, or was trusted and has not changed since then, nor have its programs and templates."""
    return _is_own(file) or _hash(file, programs, base) in _remembered()


def remember(file: Path, settings: Mapping[str, Any], base: Path | None = None) -> None:
    """Trust a file as it is now. Nothing is stored for a file that names no program.

    Raises
    ------
    RunError : the hash cannot be stored.
    """
    programs = programs_in(settings)
    if not programs or _is_own(file):
        return
    new, target = _hash(file, programs, base), state_file()
    known = [*(k for k in _remembered() if k != new), new][-MOST_REMEMBERED:]
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = target.with_name(f"{target.name}.{os.getpid()}")
        part.write_text(json.dumps({"trusted": known}, indent=1), encoding="ascii")
        part.replace(target)
    except OSError as error:
        raise RunError(f"{target} cannot be written: {error.strerror or error}.", "Check its permissions.") from error


def _is_own(file: Path) -> bool:
    """Whether a file is in the user's configuration folder, and only the user can write it."""
    real = Path(os.path.realpath(file))
    if not real.is_relative_to(os.path.realpath(config_folder())):
        return False
    with contextlib.suppress(OSError):
        status = real.stat()
        return not hasattr(os, "getuid") or (status.st_uid in (0, os.getuid()) and not status.st_mode & OTHERS_WRITE)
    return False


def _remembered() -> list[str]:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return [str(k) for k in json.loads(state_file().read_bytes())["trusted"]]
    return []


def _hash(file: Path, programs: Mapping[str, str], base: Path | None) -> str:
    """A hash of the file, its place, and the programs and templates that it names."""
    digest = hashlib.sha256()
    _add(digest, Path(os.path.realpath(file)))
    for name, value in sorted(programs.items()):
        digest.update(f"\n{name}={value}\n".encode("utf-8", "surrogateescape"))
        if name != "runtime.scheduler":
            _add(digest, Path(os.path.realpath((base or Path.cwd()) / Path(value).expanduser())))
    return digest.hexdigest()


def _add(digest: Any, path: Path) -> None:
    """Add the place and the content of a file, or of the files of a folder."""
    left = MOST_TEMPLATES
    for part in sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]:
        digest.update(f"\n{part}\n".encode("utf-8", "surrogateescape"))
        with contextlib.suppress(OSError), part.open("rb") as stream:
            if path.is_dir():
                digest.update(stream.read(left))
                left = max(left - part.stat().st_size, 0)
            else:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
