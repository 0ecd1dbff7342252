"""Project files: made, loaded, saved, migrated; JSON projects of other tools are imported."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from orchestrator.config.load import explained, parse_yaml
from orchestrator.errors import ConfigError, InputError, RunError
from orchestrator.io.atomic import whole_file
from orchestrator.project.discovery import find_nights
from orchestrator.project.importing import from_json
from orchestrator.project.model import VERSION, Project, ProjectNight

__all__ = ["PROJECT_FILE", "add_nights", "load_project", "move_project", "new_project", "save_project"]

PROJECT_FILE = "project.yaml"
HEAD = """# A project of `orchestrate`: nights that are stacked together. Paths are relative to this file's
# folder, which can be moved.
# `orchestrate project show` explains it; docs/PROJECTS.md describes every key. Other keys are kept, comments are not.
"""
# Folders of an empty night, as Siril's scripts name them.
FOLDERS = ("LIGHTS", "DARKS", "FLATS", "BIASES")


def _file_of(path: str | Path) -> Path:
    given = Path(path).expanduser().absolute()
    if given.is_dir():
        for name in (PROJECT_FILE, "project.yml", "project.json"):
            if (given / name).is_file():
                return given / name
        raise ConfigError(f"{given} is no project: it has no {PROJECT_FILE}.",
                          f"Make one: orchestrate project new {given}")
    if not given.is_file():
        raise ConfigError(f"The project {given} does not exist.", "Name the project's folder or its file.")
    return given


def load_project(path: str | Path) -> Project:
    """The project in a folder, or of a project file (YAML, or JSON of another tool).

    Raises
    ------
    ConfigError : there is none, it is of a newer version, or something in it is wrong (told with file and line).
    """
    file = _file_of(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}.", "Check its permissions.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from error
    if file.suffix.lower() == ".json":
        content, places = from_json(text, file), dict[tuple[str, ...], str]()
    else:
        content, places = parse_yaml(text, str(file))
    content = _migrated(content, file)
    content.setdefault("name", file.parent.name)
    try:
        return Project.model_validate({**content, "root": file.parent})
    except ValidationError as error:
        raise explained(error, places or {(str(k),): str(file) for k in content}) from None


def _migrated(content: dict[str, Any], file: Path) -> dict[str, Any]:
    version = content.get("version", 1)
    if not isinstance(version, int) or version < 1:
        raise ConfigError(f"{file}: version is {version!r}.", f"This program writes version {VERSION}.")
    if version > VERSION:
        raise ConfigError(f"{file} is a project of version {version}; this program knows version {VERSION} and older.",
                          "Open it with a newer version of orchestrate.")
    for step in range(version, VERSION):
        content = MIGRATIONS[step](content)
    return {**content, "version": VERSION}


def _from_1(content: dict[str, Any]) -> dict[str, Any]:
    """Version 1 called the nights ``sessions`` and the settings ``config``; ``mirror: true`` stood at the top."""
    renamed = {{"sessions": "nights", "config": "settings"}.get(k, k): v for k, v in content.items()}
    if isinstance(renamed.get("mirror"), bool):
        mirror = renamed.pop("mirror")
        renamed["final"] = {**(renamed.get("final") or {}), "mirror": "bottomup" if mirror else "none"}
    return renamed


MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _from_1}


def save_project(project: Project, path: str | Path | None = None) -> Path:
    """Write the project into its folder (or to ``path``: a folder or a .yaml file); paths inside are kept as they are.

    Returns the file. Raises RunError when it cannot be written.
    """
    target = Path(path).expanduser().absolute() if path is not None else project.root / PROJECT_FILE
    if target.suffix.lower() not in (".yaml", ".yml"):
        target = target / PROJECT_FILE
    changed = project.model_dump(mode="json", exclude_defaults=True)
    content = {"version": project.version, "name": project.name, "nights": []} | changed
    plain = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as stream:
            stream.write((HEAD + plain).encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise RunError(f"{target} cannot be written: {error.strerror or error}.",
                       "The project's folder must be writable; its nights need not be. Make the project elsewhere and add the "
                       "nights to it: orchestrate project add PROJECT FOLDER.") from error
    return target


def move_project(project: Project, root: str | Path) -> None:
    """Give the project another folder; its nights stay where they are. Changes the project, not the disk."""
    folder = Path(root).expanduser().absolute()
    places = [project.folder(night) for night in project.nights]
    for night, place in zip(project.nights, places, strict=True):
        night.path = _relative(place, folder)
    project.root = folder


def new_project(root: str | Path, name: str = "", *, nights: int = 0, source: str | Path | None = None) -> Project:
    """Make a project of a folder and write its file: the nights that lie in it are found by themselves.

    ``nights``: make so many empty ones (``Session 1/LIGHTS`` ...). ``source``: a project file of another tool to import.

    Raises
    ------
    ConfigError : the folder is a project already. RunError : it cannot be written.
    """
    folder = Path(root).expanduser().absolute()
    if (folder / PROJECT_FILE).exists():
        raise ConfigError(f"{folder} is a project already.", f"Look at it: orchestrate project show {folder}")
    try:
        for number in range(1, nights + 1):
            for kind in FOLDERS:
                (folder / f"Session {number}" / kind).mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"{folder} cannot be made: {error.strerror}.", "Choose another place.") from error
    if source is not None:
        project = load_project(source)
        for night in project.nights:
            night.path = _relative(project.folder(night), folder)
        project.root = folder
        project.name = name or project.name
    elif find_nights(folder) == [folder]:
        raise ConfigError(f"{folder} is a night itself: it holds a folder of lights.",
                          "Make the project in the folder above it, or make an empty one elsewhere and add this night to it.")
    else:
        project = Project(name=name or folder.name, root=folder)
        known: set[str] = set()
        for path in find_nights(folder):
            project.nights.append(ProjectNight(path=_relative(path, folder), name=_free(path, folder, known)))
    save_project(project)
    return project


def add_nights(project: Project, folders: Sequence[str | Path], name: str = "") -> list[ProjectNight]:
    """Add folders as nights; the project is changed, not saved.

    Raises
    ------
    InputError : a folder does not exist, or is a night of the project already. ConfigError : a name that is taken.
    """
    added = []
    for given in folders:
        folder = Path(given).expanduser().absolute()
        if not folder.is_dir():
            raise InputError(f"The folder {folder} does not exist." if not folder.exists() else f"{folder} is not a folder.",
                             "Name the folder of a night: the one that holds lights/.")
        same = next((n for n in project.nights if project.folder(n).resolve() == folder.resolve()), None)
        if same is not None:
            raise InputError(f"{folder} is in the project already: the night {same.name}.", "Nothing is to be done.")
        taken = {n.name for n in project.nights}
        if name and name in taken:
            raise ConfigError(f"A night is named {name!r} already.", "Give another --name.")
        night = ProjectNight(path=_relative(folder, project.root), name=name or _free(folder, project.root, taken))
        project.nights.append(night)
        added.append(night)
    return added


def _free(path: Path, root: Path, taken: set[str]) -> str:
    """The folder's name, with those above it where another night has that name."""
    parts = path.parts[len(root.parts):] if path.is_relative_to(root) else path.parts[1:]
    names = [" ".join(parts[-n:]) for n in range(1, len(parts) + 1)] or [path.name]
    names += [f"{path.name} {i}" for i in range(2, 1000)]
    chosen = next(n for n in names if n not in taken)
    taken.add(chosen)
    return chosen


def _relative(path: Path, root: Path) -> str:
    """As it is kept in the file: relative below the project's folder, else absolute."""
    return path.relative_to(root).as_posix() or "." if path.is_relative_to(root) else os.fspath(path)
