"""The project that the window edits, with its nights and settings. The pages share it and are notified of changes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from orchestrator import (
    InputError,
    Project,
    ProjectNight,
    add_nights,
    find_nights,
    goal_of,
    load_project,
    move_project,
    save_project,
    with_goal,
)
from orchestrator.gui.worker_client import SirilOutside

__all__ = ["Document", "value_in", "with_values"]

Settings = dict[str, Any]
# Folder for runs of a project that has not been saved; final images are written next to it.
HOME = Path.home() / "orchestrate" / "runs"


class Document(QObject):
    """The open project, saved or not."""

    nights_changed = Signal()
    settings_changed = Signal(str)  # dotted key, "" for several
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.siril: SirilOutside | None = None  # from which the window was opened
        self.project = Project(name="")
        self._runs_dir: Path | None = None
        self._saved = self._content()

    def _content(self) -> dict[str, Any]:
        return self.project.model_dump(mode="json")

    @property
    def name(self) -> str:
        return self.project.name

    @property
    def nights(self) -> list[ProjectNight]:
        return self.project.nights

    @property
    def used(self) -> list[ProjectNight]:
        return self.project.used

    @property
    def runs_dir(self) -> Path:
        """The folder chosen in the window, else ``runs`` in the project's folder."""
        return self._runs_dir or (self.project.root / "runs" if self.path else HOME)

    @property
    def scripts_dir(self) -> Path:
        """The proposed folder for Siril scripts: ``scripts`` in the project's folder, as on the command line."""
        name = self.name.replace("/", "_") or "project"
        return self.project.root / "scripts" if self.path else HOME.parent / "scripts" / name

    @property
    def settings(self) -> Settings:
        """A copy of the settings that differ from the defaults, as in a configuration file."""
        return copy.deepcopy(self.project.settings)

    @property
    def modified(self) -> bool:
        return self._content() != self._saved

    def to_task(self) -> dict[str, Any]:
        """The project in the form in which a worker process receives it."""
        return {"content": self._content(), "root": str(self.project.root), "runs_dir": str(self.runs_dir)}

    def accept_as_saved(self) -> None:
        """Take the current content as unchanged: it was not edited by the user."""
        self._saved = self._content()
        self.changed.emit()

    def clear(self) -> None:
        """An empty project."""
        self._open(Project(name=""), None)

    def load(self, path: Path) -> None:
        """Open a project's file or folder. Raises ConfigError if it is not valid."""
        project = load_project(path)
        imported = path.suffix.lower() == ".json"
        self._open(project, None if imported else path if path.is_file() else path / "project.yaml")

    def _open(self, project: Project, path: Path | None) -> None:
        self.project, self.path, self._runs_dir = project, path, None
        self._saved = self._content()
        self.nights_changed.emit()
        self.settings_changed.emit("")
        self.changed.emit()

    def proposed_path(self) -> Path:
        """The proposed file for a project that has not been saved: next to its nights."""
        nights = [self.project.folder(n) for n in self.nights]
        return (nights[0].parent if nights else Path.home()) / "project.yaml"

    def save(self, path: Path) -> None:
        """Write the project's file. Raises RunError if that fails."""
        project = self.project.model_copy(deep=True)
        move_project(project, path.absolute().parent)
        self.path = save_project(project, path)
        self.project = project
        self._saved = self._content()
        self.changed.emit()

    def copy_to(self, folder: Path) -> Path:
        """Save a copy of the project, with its current changes, in another folder."""
        project = self.project.model_copy(deep=True)
        move_project(project, folder)
        return save_project(project)

    def _change(self, change: Callable[[], object], *, nights: bool = False) -> None:
        change()
        if nights:
            self.nights_changed.emit()
        self.changed.emit()

    def rename(self, name: str) -> None:
        self._change(lambda: setattr(self.project, "name", name))

    def set_runs_dir(self, folder: Path | None) -> None:
        self._change(lambda: setattr(self, "_runs_dir", folder))

    def add_nights(self, folders: list[Path]) -> int:
        """Add folders that the project does not have yet (of a folder of nights, its nights); the number of nights added."""
        added, before = 0, len(self.nights)
        for folder in (night for given in folders for night in find_nights(given) or [given]):
            try:
                added += len(add_nights(self.project, [folder]))
            except InputError:  # already in the project, or missing
                continue
        if added and not self.project.name:
            several = len(folders) == 1 and len(self.nights) - before > 1
            self.project.name = folders[0].name if several else self.nights[0].name
        if added:
            self._change(lambda: None, nights=True)
        return added

    def remove_nights(self, rows: list[int]) -> None:
        kept = [n for i, n in enumerate(self.nights) if i not in rows]
        self._change(lambda: setattr(self.project, "nights", kept), nights=True)

    def use_night(self, row: int, use: bool) -> None:
        self._change(lambda: setattr(self.nights[row], "use", use), nights=True)

    def set_night_value(self, name: str, key: str, value: Any) -> None:
        """Set a setting of one night, "section.name" of the sections input and calibration."""
        night = next(n for n in self.nights if n.name == name)
        self._change(lambda: setattr(night, "settings", with_values(night.settings, {key: value})), nights=True)

    def set_goal(self, goal: str) -> None:
        """Replace the settings of the other goals by those of ``goal``; the rest stays."""
        self.set_settings(with_goal(self.project.settings, goal))

    @property
    def goal(self) -> str:
        """The goal that the settings pursue, "" if some of its values were changed by hand."""
        return goal_of(self.project.settings)

    def set_project_values(self, values: dict[str, Any]) -> None:
        """Set checked values of the project other than nights and settings, by dotted keys."""
        content = with_values(self._content(), values)
        project = Project.model_validate({**content, "root": self.project.root})
        self._change(lambda: setattr(self, "project", project))

    def project_value(self, key: str) -> Any:
        found: Any = self._content()
        for part in key.split("."):
            found = found[part]
        return found

    def value(self, key: str, default: Any = None) -> Any:
        """The value of a dotted setting, ``default`` if it is not set."""
        return value_in(self.project.settings, key, default)

    def is_set(self, key: str) -> bool:
        missing = object()
        return self.value(key, missing) is not missing

    def set_values(self, values: dict[str, Any]) -> None:
        """Set dotted settings."""
        settings = with_values(self.project.settings, values)
        if settings != self.project.settings:
            self._change(lambda: setattr(self.project, "settings", settings))
            self.settings_changed.emit(next(iter(values)) if len(values) == 1 else "")

    def reset_value(self, key: str) -> None:
        """Reset a setting to its default."""
        if self.is_set(key):
            settings = without(self.project.settings, key.split("."))
            self._change(lambda: setattr(self.project, "settings", settings))
            self.settings_changed.emit(key)

    def set_settings(self, settings: Settings) -> None:
        """Replace all settings, for example by a preset."""
        self._change(lambda: setattr(self.project, "settings", copy.deepcopy(settings)))
        self.settings_changed.emit("")

    @property
    def excluded_frames(self) -> frozenset[str]:
        """The frames that are excluded from the whole stack by hand."""
        return frozenset(e["frame"] for e in self.value("stacking.exclude", []) if e.get("frame") and not e.get("box"))

    def exclude(self, frames: Collection[str], out: bool) -> None:
        """Exclude frames from the stack, or include them again."""
        chosen, before = set(frames), self.value("stacking.exclude", [])
        entries = [e for e in before if e.get("frame") not in chosen or e.get("box")]
        if out:
            kept = self.excluded_frames
            entries = before + [{"frame": frame} for frame in frames if frame not in kept]
        if entries:
            self.set_values({"stacking.exclude": entries})
        else:
            self.reset_value("stacking.exclude")


def with_values(settings: Settings, values: dict[str, Any]) -> Settings:
    """A copy of nested settings with dotted keys set."""
    found = copy.deepcopy(settings)
    for key, value in values.items():
        *sections, name = key.split(".")
        place = found
        for section in sections:
            if not isinstance(place.get(section), dict):
                place[section] = {}
            place = place[section]
        place[name] = value
    return found


def without(settings: Settings, keys: list[str]) -> Settings:
    """A copy of nested settings without one of them, and without sections that become empty."""
    found = copy.deepcopy(settings)
    if len(keys) == 1:
        found.pop(keys[0], None)
    elif isinstance(found.get(keys[0]), dict):
        found[keys[0]] = without(found[keys[0]], keys[1:])
        if not found[keys[0]]:
            del found[keys[0]]
    return found


def value_in(settings: Settings, key: str, default: Any) -> Any:
    """The value of a dotted key in nested settings."""
    place: Any = settings
    for part in key.split("."):
        if not isinstance(place, dict) or part not in place:
            return default
        place = place[part]
    return place
