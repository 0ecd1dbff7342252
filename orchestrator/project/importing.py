"""Import of projects of other tools, stored as JSON. Unknown keys are kept unchanged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from orchestrator.errors import ConfigError
from orchestrator.message import Message
from orchestrator.session.folders import role_of_folder
from orchestrator.session.model import Role

__all__ = ["from_json"]

# Synonyms of each key; case, spaces, '-' and '_' are ignored.
NAMES = ("name", "projectname", "project", "title", "target", "object")
NIGHTS = ("nights", "sessions", "sessionfolders", "nightfolders", "folders")
PATHS = ("path", "folder", "dir", "directory", "root", "location")
NIGHT_NAMES = ("name", "label", "title", "id", "date")
USED = ("use", "enabled", "active", "selected", "checked")
MASTERS = {"dark": "dark_master", "darks": "dark_master", "masterdark": "dark_master", "flat": "flat_master",
           "flats": "flat_master", "masterflat": "flat_master", "bias": "bias_master", "biases": "bias_master",
           "masterbias": "bias_master", "darkflat": "darkflat_master", "darkflats": "darkflat_master"}
LIGHTS = ("lights", "light", "lightfolder")
# Keys at the top level or in one of GROUPS -> section and key of the setting.
SETTINGS: dict[str, tuple[str, str]] = {
    "sigmalow": ("stacking", "sigma_low"), "lowsigma": ("stacking", "sigma_low"), "sigmahigh": ("stacking", "sigma_high"),
    "highsigma": ("stacking", "sigma_high"), "rejection": ("stacking", "rejection"),
    "drizzlescale": ("reconstruction", "scale"), "pixfrac": ("reconstruction", "pixfrac"),
    "drizzlepixfrac": ("reconstruction", "pixfrac"), "drizzlekernel": ("reconstruction", "kernel"), "filter": ("input", "filter"),
}
GROUPS = ("settings", "options", "parameters", "processing", "stacking")


def _plain(key: str) -> str:
    return "".join(c for c in key.lower() if c.isalnum())


def _take(content: dict[str, Any], names: tuple[str, ...]) -> Any:
    """Remove and return the first value whose key is one of ``names``; None if there is none."""
    for key in list(content):
        if _plain(key) in names:
            return content.pop(key)
    return None


def from_json(text: str, file: Path) -> dict[str, Any]:
    """Convert a JSON project to the content of a project file; unknown keys are kept.

    Raises
    ------
    ConfigError : it is not a JSON object, or contains no nights.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(Message("{file} is not JSON: {error}.", file=file,
                                  error=error), "Give the project file written by the other tool.") from error
    if not isinstance(content, dict):
        raise ConfigError(Message("{file} is not a project: its JSON is a {name}, not an object.", file=file,
                                  name=type(content).__name__),
                          "Give the project file written by the other tool.")
    if "nights" in content and "version" in content and isinstance(content["version"], int):
        return content  # already a project file, written as JSON
    rest = dict(content)
    nights = _take(rest, NIGHTS)
    if isinstance(nights, dict):
        nights = [{"name": k, **v} if isinstance(v, dict) else {"name": k, "path": v} for k, v in nights.items()]
    if not isinstance(nights, list):
        raise ConfigError(Message("{file} contains no nights (expected one of: {nights}).", file=file,
                                  nights=", ".join(NIGHTS)),
                          "Create a new project: orchestrate project new FOLDER.")
    found: dict[str, Any] = {"version": 2, "name": str(_take(rest, NAMES) or file.parent.name),
                             "nights": [_night(n, file) for n in nights]}
    settings: dict[str, dict[str, Any]] = {}
    _take_settings(rest, settings)
    for key in list(rest):
        if _plain(key) in GROUPS and isinstance(rest[key], dict):
            _take_settings(rest[key], settings)
    mirror = _take(rest, ("mirror", "mirrorx", "bottomup", "finalmirror"))
    channels = _take(rest, ("channels", "filters"))
    if isinstance(channels, dict) and all(isinstance(v, str) for v in channels.values()):
        found["channels"] = channels
    elif channels is not None:
        rest["filters"] = channels
    if mirror:
        found["final"] = {"mirror": "bottomup"}
    for key in ("version", "settings"):  # the other tool uses these keys with another meaning
        if rest.get(key):
            rest[f"imported_{key}"] = rest.pop(key)
        rest.pop(key, None)
    return {**found, "settings": settings, **{k: v for k, v in rest.items() if k not in found}}


def _take_settings(content: dict[str, Any], into: dict[str, dict[str, Any]]) -> None:
    for key in list(content):
        known = SETTINGS.get(_plain(key))
        if known is not None and not isinstance(content[key], dict | list):
            into.setdefault(known[0], {})[known[1]] = content.pop(key)
        elif _plain(key) in ("drizzle", "usedrizzle", "drizzleenabled") and content[key] in (True, False) and content.pop(key):
            into.setdefault("reconstruction", {})["method"] = "drizzle"


def _night(entry: Any, file: Path) -> dict[str, Any]:
    if isinstance(entry, str):
        return {"path": Path(entry.replace("\\", "/")).as_posix()}
    if not isinstance(entry, dict):
        raise ConfigError(Message("{file}: the night {entry!r} is neither a folder nor an object.", file=file,
                                  entry=entry), "Correct the file.")
    rest = dict(entry)
    lights, path, name, used = (_take(rest, names) for names in (LIGHTS, PATHS, NIGHT_NAMES, USED))
    masters = {ours: str(v) for key, ours in MASTERS.items() if isinstance(v := _take(rest, (key,)), str) and v}
    if path is None and isinstance(lights, str):
        folder = Path(lights.replace("\\", "/"))
        path = folder.parent.as_posix() if role_of_folder(folder.name) is Role.LIGHT else folder.as_posix()
    if not isinstance(path, str):
        raise ConfigError(Message("{file}: the night {name!r} has no folder (expected one of: {value}).", file=file,
                                  name=name or entry, value=", ".join((*PATHS, *LIGHTS))),
                          "Add \"path\" to it.")
    night: dict[str, Any] = {"path": path.replace("\\", "/"), "name": str(name or ""), "use": used is not False}
    if masters:
        night["settings"] = {"calibration": masters}
    return {**night, **{k: v for k, v in rest.items() if k not in night}}
