"""Project files: creating, loading, saving and migrating them, and importing JSON projects of other tools."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from orchestrator.config.load import explained, parse_yaml
from orchestrator.config.trust import is_trusted, programs_in, remember
from orchestrator.errors import ConfigError, InputError, RunError
from orchestrator.io.atomic import whole_file
from orchestrator.io.raw_guard import refuse_folder, refuse_raw
from orchestrator.message import Message
from orchestrator.project.discovery import find_nights
from orchestrator.project.importing import from_json
from orchestrator.project.model import VERSION, Project, ProjectNight

__all__ = ["PROJECT_FILE", "add_nights", "is_project", "load_project", "move_project", "new_project", "save_project"]

PROJECT_FILE = "project.yaml"
# Names of the file of a project, in the order in which they are looked for.
FILES = (PROJECT_FILE, "project.yml", "project.json")
HEAD = """# A project of `orchestrate`: nights that are stacked together. Paths are relative to the folder of
# this file, which can be moved.
# See `orchestrate project show` and docs/PROJECTS.md for all keys. Unknown keys are kept, comments are not.
"""
# Folders of an empty night, named as in the scripts of Siril.
FOLDERS = ("LIGHTS", "DARKS", "FLATS", "BIASES")


def is_project(folder: Path) -> bool:
    """Whether a folder has the file of a project."""
    return any((folder / name).is_file() for name in FILES)


def _file_of(path: str | Path) -> Path:
    given = Path(path).expanduser().absolute()
    if given.is_dir():
        for name in FILES:
            if (given / name).is_file():
                return given / name
        raise InputError(Message("{given} is not a project: {project_file} is missing.", given=given,
                                 project_file=PROJECT_FILE),
                         Message("Create one: orchestrate project new {given}", given=given))
    if not given.is_file():
        raise InputError(Message("The project {given} does not exist.",
                                 given=given), "Give the folder or the file of the project.")
    return given


def load_project(path: str | Path) -> Project:
    """Load a project from its folder or file (YAML, or JSON of another tool).

    Raises
    ------
    ConfigError : there is no project, it has a newer version, or it is invalid (the message gives file and line).
    """
    file = _file_of(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(Message("{file} cannot be read: {strerror}.", file=file,
                                  strerror=error.strerror), "Check its permissions.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(Message("{file} is not UTF-8 text (byte {start}).", file=file,
                                  start=error.start), "Save it as UTF-8.") from error
    if file.suffix.lower() == ".json":
        content, places = from_json(text, file), dict[tuple[str, ...], str]()
    else:
        content, places = parse_yaml(text, str(file))
    content = _migrated(content, file)
    content.setdefault("name", file.parent.name)
    try:
        project = Project.model_validate({**content, "root": file.parent, "file_name": file.name})
    except ValidationError as error:
        raise explained(error, places or {(str(k),): str(file) for k in content}) from None
    programs = programs_in(project.settings)
    project._untrusted = {} if is_trusted(file, programs, project.root) else programs
    return project


def _migrated(content: dict[str, Any], file: Path) -> dict[str, Any]:
    version = content.get("version", 1)
    if not isinstance(version, int) or version < 1:
        raise ConfigError(Message("{file}: version is {version!r}.", file=file,
                                  version=version), Message("This program writes version {version}.",
                                                                      version=VERSION))
    if version > VERSION:
        raise ConfigError(Message("{file} is a project of version {version}; this program supports version {version2} and "
                                  "older.", file=file, version=version, version2=VERSION),
                          "Open it with a newer version of orchestrate.")
    for step in range(version, VERSION):
        content = MIGRATIONS[step](content)
    return {**content, "version": VERSION}


def _from_1(content: dict[str, Any]) -> dict[str, Any]:
    """Version 1 called the nights ``sessions`` and the settings ``config``; ``mirror: true`` was a top-level key."""
    renamed = {{"sessions": "nights", "config": "settings"}.get(k, k): v for k, v in content.items()}
    if isinstance(renamed.get("mirror"), bool):
        mirror = renamed.pop("mirror")
        renamed["final"] = {**(renamed.get("final") or {}), "mirror": "bottomup" if mirror else "none"}
    return renamed


MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _from_1}


def save_project(project: Project, path: str | Path | None = None) -> Path:
    """Write the project to its folder (or to ``path``: a folder or a .yaml file); the paths in it are not changed.

    Returns the file. Raises RunError when it cannot be written.
    """
    target = Path(path).expanduser().absolute() if path is not None else project.root / PROJECT_FILE
    if target.suffix.lower() not in (".yaml", ".yml"):
        target = target / PROJECT_FILE
    changed = project.model_dump(mode="json", exclude_defaults=True)
    content = {"version": project.version, "name": project.name, "nights": []} | changed
    plain = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
    refuse_raw(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as stream:
            stream.write((HEAD + plain).encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise RunError(Message("{target} cannot be written: {strerror}.", target=target, strerror=error.strerror or error),
                       "The project folder must be writable; its nights need not be. Create the project elsewhere and add the "
                       "nights: orchestrate project add PROJECT FOLDER.") from error
    if not programs_in(project.settings).items() & project._untrusted.items():  # the user chose the programs
        remember(target, project.settings, target.parent)
    return target


def move_project(project: Project, root: str | Path) -> None:
    """Set another project folder; the nights keep their locations. Changes the object, not the disk."""
    folder = Path(root).expanduser().absolute()
    places = [project.folder(night) for night in project.nights]
    for night, place in zip(project.nights, places, strict=True):
        night.path = _relative(place, folder)
    project.root = folder


def new_project(root: str | Path, name: str = "", *, nights: int = 0, source: str | Path | None = None) -> Project:
    """Create a project in a folder and write its file; the nights in the folder are found automatically.

    ``nights``: number of empty nights to create (``Session 1/LIGHTS`` ...). ``source``: a project file of another tool to import.

    Raises
    ------
    ConfigError : the folder is already a project. RunError : it cannot be written.
    """
    folder = Path(root).expanduser().absolute()
    if (folder / PROJECT_FILE).exists():
        raise ConfigError(Message("{folder} is already a project.",
                                  folder=folder), Message("Show it: orchestrate project show {folder}",
                                                                     folder=folder))
    refuse_folder(folder)
    try:
        for number in range(1, nights + 1):
            for kind in FOLDERS:
                (folder / f"Session {number}" / kind).mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(Message("{folder} cannot be created: {strerror}.", folder=folder,
                               strerror=error.strerror), "Choose another location.") from error
    if source is not None:
        project = load_project(source)
        for night in project.nights:
            night.path = _relative(project.folder(night), folder)
        project.root = folder
        project.name = name or project.name
    elif find_nights(folder) == [folder]:
        raise ConfigError(Message("{folder} is a night itself: it contains a folder of lights.", folder=folder),
                          "Create the project in the folder above it, or create an empty one elsewhere and add this night.")
    else:
        project = Project(name=name or folder.name, root=folder)
        known: set[str] = set()
        for path in find_nights(folder):
            project.nights.append(ProjectNight(path=_relative(path, folder), name=_unused_name(path, folder, known)))
    save_project(project)
    return project


def add_nights(project: Project, folders: Sequence[str | Path], name: str = "") -> list[ProjectNight]:
    """Add folders as nights; the project is changed, but not saved.

    Raises
    ------
    InputError : a folder does not exist, or is already a night of the project. ConfigError : the name is in use.
    """
    added = []
    for given in folders:
        folder = Path(given).expanduser().absolute()
        if not folder.is_dir():
            raise InputError(Message("The folder {folder} does not exist.",
                                     folder=folder) if not folder.exists() else Message("{folder} is not a "
                                                                                                        "folder.",
                                                                                                        folder=folder),
                             "Give the folder of a night, which contains lights/.")
        same = next((n for n in project.nights if project.folder(n).resolve() == folder.resolve()), None)
        if same is not None:
            raise InputError(Message("{folder} is already in the project, as night {same}.", folder=folder,
                                     same=same.name), "There is nothing to do.")
        taken = {n.name for n in project.nights}
        if name and name in taken:
            raise ConfigError(Message("There is already a night named {name!r}.", name=name), "Choose another --name.")
        night = ProjectNight(path=_relative(folder, project.root), name=name or _unused_name(folder, project.root, taken))
        project.nights.append(night)
        added.append(night)
    return added


def _unused_name(path: Path, root: Path, taken: set[str]) -> str:
    """The name of the folder, preceded by those of its parents if another night has that name."""
    parts = path.parts[len(root.parts):] if path.is_relative_to(root) else path.parts[1:]
    names = [" ".join(parts[-n:]) for n in range(1, len(parts) + 1)] or [path.name]
    names += [f"{path.name} {i}" for i in range(2, 1000)]
    chosen = next(n for n in names if n not in taken)
    taken.add(chosen)
    return chosen


def _relative(path: Path, root: Path) -> str:
    """The path as stored in the file: relative if it is below the project folder, else absolute."""
    return path.relative_to(root).as_posix() or "." if path.is_relative_to(root) else os.fspath(path)
