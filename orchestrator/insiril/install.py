"""Putting the script where Siril looks for scripts, and taking it away again.

Siril keeps its script folders in ``script_path`` of its preferences; while that is empty (and in siril-cli until the window
was opened once) its window looks into fixed folders.
"""

from __future__ import annotations

import configparser
import os
import re
import sys
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from orchestrator.errors import ConfigError, OrchestrateError, RunError, ToolMissing
from orchestrator.io.atomic import whole_file
from orchestrator.tools.siril.cli import find_siril

__all__ = ["NAME", "install", "is_ours", "script_folder", "script_text", "settings_file", "uninstall"]

NAME = "orchestrate.py"
# What only our script says.
MARK = "from orchestrator.insiril.worker import main"
_VERSION = re.compile(r"config\.(\d+)\.(\d+)\.ini")


def settings_file(environ: Mapping[str, str] | None = None) -> Path | None:
    """The preferences of the newest Siril that was ever started, None when there are none."""
    folders = _settings_folders(os.environ if environ is None else environ)
    found = [file for folder in folders for file in folder.glob("config.*.ini") if _VERSION.fullmatch(file.name)]
    return max(found, key=lambda f: (_numbers(f), f.stat().st_mtime), default=None)


def _numbers(file: Path) -> tuple[int, ...]:
    match = _VERSION.fullmatch(file.name)
    return tuple(int(n) for n in match.groups()) if match else ()


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())


def _settings_folders(environ: Mapping[str, str]) -> list[Path]:
    home = _home(environ)
    if sys.platform == "win32":
        return [Path(environ.get("LOCALAPPDATA") or home / "AppData/Local") / "siril"]
    folders = [Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "siril"]
    if sys.platform == "darwin":
        folders.insert(0, home / "Library/Application Support/org.siril.Siril/siril")
    return [*folders, home / ".var/app/org.siril.Siril/config/siril"]


def script_folders(settings: Path | None) -> list[Path]:
    """``script_path`` of the preferences."""
    if settings is None:
        return []
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read(settings, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as error:
        raise ConfigError(f"Siril's preferences {settings} cannot be read: {error}.", "Name the folder with --folder.") from error
    listed = parser.get("gui", "script_path", fallback="")
    return [Path(p.strip()) for p in listed.split(";") if p.strip()]


def script_folder(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> Path:
    """Where the script belongs: as told, else a folder from Siril's preferences that may be written, else Siril's own default.

    Raises
    ------
    ToolMissing : there is no Siril, as far as one can see. ConfigError : its preferences cannot be read.
    """
    environ = os.environ if environ is None else environ
    if explicit is not None:
        return explicit.expanduser().absolute()
    settings, home = settings_file(environ), _home(environ)
    if settings is None:
        try:
            find_siril(environ=environ)
        except ToolMissing as error:
            raise ToolMissing(f"{error.message} No preferences of Siril were found either.",
                              "Install Siril 1.4 or newer, or name its script folder with --folder.", tool="siril") from error
    listed = script_folders(settings)
    usable = [f for f in listed if os.access(_there(f), os.W_OK)]
    if usable:
        return next((f for f in usable if f.is_relative_to(home)), usable[0])
    if sys.platform == "win32":
        return Path(environ.get("APPDATA") or home / "AppData/Roaming") / "siril" / "scripts"
    return next((f for f in (home / ".siril/scripts", home / "siril/scripts") if f.is_dir()), home / ".siril/scripts")


def _there(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next((f for f in (folder, *folder.parents) if f.exists()), folder)


def is_ours(file: Path) -> bool:
    """Whether a file is our script, of whatever version."""
    try:
        return MARK in file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def script_text(python: Path | None = None) -> str:
    """The script with the place of ``python`` (this one when None) and of this package written into it."""
    text = (resources.files("orchestrator.insiril") / "launcher.py").read_text(encoding="utf-8")
    packages = Path(__file__).resolve().parents[2]
    for name, value in (("PYTHON", str(python or sys.executable)), ("PACKAGES", str(packages))):
        text, count = re.subn(rf'^{name} = ""$', lambda _: f"{name} = {value!r}", text, flags=re.MULTILINE)  # noqa: B023
        if count != 1:
            raise OrchestrateError(f"The script for Siril has {count} places for {name}.", "Install the package again.")
    return text


def install(folder: Path, python: Path | None = None) -> Path:
    """Write the script into ``folder``, in place of an older one of ours; its path. ``python`` has this program.

    Raises
    ------
    RunError : another's file has its name, or the folder cannot be written.
    """
    target = folder / NAME
    if os.path.lexists(target) and not is_ours(target):
        raise RunError(f"{target} is not a script of this program and is left as it is.",
                       "Move it away, or choose another folder with --folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as stream:
            stream.write(script_text(python).encode("utf-8"))
    except OSError as error:
        raise RunError(f"{target} cannot be written: {error.strerror}.", "Choose another folder with --folder.") from error
    return target


def uninstall(folder: Path) -> Path | None:
    """Take the script away; its path, or None when there was none.

    Raises
    ------
    RunError : the file there is not ours, or cannot be removed.
    """
    target = folder / NAME
    if not os.path.lexists(target):
        return None
    if not is_ours(target):
        raise RunError(f"{target} is not a script of this program and is left as it is.", "Remove it by hand if you wish.")
    try:
        target.unlink()
    except OSError as error:
        raise RunError(f"{target} cannot be removed: {error.strerror}.", "Check its permissions.") from error
    return target
