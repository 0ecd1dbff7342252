"""Install the script in a folder where Siril finds it, and remove it.

Siril stores its script folders in ``script_path`` of its preferences; while that is empty (and in siril-cli until the window has
been opened once) its window searches fixed folders.
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
from orchestrator.io.raw_guard import refuse_folder
from orchestrator.tools.siril.cli import find_siril
from orchestrator.version import __version__

__all__ = ["NAME", "install", "is_ours", "script_folder", "script_text", "settings_file", "uninstall"]

NAME = "orchestrate.py"
# A line that only this script contains.
MARK = "from orchestrator.insiril.worker import main"
_SETTINGS_FILE = re.compile(r"config\.(\d+)\.(\d+)\.ini")


def settings_file(environ: Mapping[str, str] | None = None) -> Path | None:
    """The preferences of the newest Siril that has been started; None without any."""
    folders = _settings_folders(os.environ if environ is None else environ)
    found = [file for folder in folders for file in folder.glob("config.*.ini") if _SETTINGS_FILE.fullmatch(file.name)]
    return max(found, key=lambda f: (_numbers(f), f.stat().st_mtime), default=None)


def _numbers(file: Path) -> tuple[int, ...]:
    match = _SETTINGS_FILE.fullmatch(file.name)
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
    """The folder for the script: ``explicit``, else a writable folder from Siril's preferences, else Siril's default.

    Raises
    ------
    ToolMissing : Siril was not found. ConfigError : its preferences cannot be read.
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
    usable = [f for f in listed if os.access(_nearest_existing(f), os.W_OK)]
    if usable:
        return next((f for f in usable if f.is_relative_to(home)), usable[0])
    if sys.platform == "win32":
        return Path(environ.get("APPDATA") or home / "AppData/Roaming") / "siril" / "scripts"
    return next((f for f in (home / ".siril/scripts", home / "siril/scripts") if f.is_dir()), home / ".siril/scripts")


def _nearest_existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next((f for f in (folder, *folder.parents) if f.exists()), folder)


def is_ours(file: Path) -> bool:
    """Whether a file is this script, of any version."""
    try:
        return MARK in file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def script_text(python: Path | None = None) -> str:
    """The script with the path of ``python`` (the running one if None), of this package, and its version filled in."""
    text = (resources.files("orchestrator.insiril") / "launcher.py").read_text(encoding="utf-8")
    packages = Path(__file__).resolve().parents[2]
    lines = {'PYTHON = ""': f"PYTHON = {str(python or sys.executable)!r}", 'PACKAGES = ""': f"PACKAGES = {str(packages)!r}",
             "Version: not installed": f"Version: {__version__}"}
    for line, filled in lines.items():
        if text.count(f"\n{line}\n") != 1:
            raise OrchestrateError(f"The script for Siril does not contain the line {line!r} once.", "Reinstall the package.")
        text = text.replace(f"\n{line}\n", f"\n{filled}\n")
    return text


def install(folder: Path, python: Path | None = None) -> Path:
    """Write the script into ``folder``, replacing an older version; its path. ``python`` must have this program installed.

    Raises
    ------
    RunError : another file has its name, or the folder cannot be written.
    """
    target = folder / NAME
    if os.path.lexists(target) and not is_ours(target):
        raise RunError(f"{target} was not written by this program and is left unchanged.",
                       "Move it, or choose another folder with --folder.")
    refuse_folder(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as stream:
            stream.write(script_text(python).encode("utf-8"))
    except OSError as error:
        raise RunError(f"{target} cannot be written: {error.strerror}.", "Choose another folder with --folder.") from error
    return target


def uninstall(folder: Path) -> Path | None:
    """Remove the script; its path, or None if it is not installed.

    Raises
    ------
    RunError : the file was not written by this program, or cannot be removed.
    """
    target = folder / NAME
    if not os.path.lexists(target):
        return None
    if not is_ours(target):
        raise RunError(f"{target} was not written by this program and is left unchanged.",
                       "Remove it by hand if you do not need it.")
    try:
        target.unlink()
    except OSError as error:
        raise RunError(f"{target} cannot be removed: {error.strerror}.", "Check its permissions.") from error
    return target
