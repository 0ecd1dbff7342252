"""What the window edits: nights, settings and where the runs go. The tabs share it, and hear when it changes."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

__all__ = ["Document", "Night"]

Settings = dict[str, Any]


@dataclass(frozen=True)
class Night:
    """A folder of raw frames; ``use``: it goes into the stack."""

    path: Path
    name: str
    use: bool = True


@dataclass(frozen=True)
class Content:
    name: str = ""
    nights: tuple[Night, ...] = ()
    settings: Settings = field(default_factory=dict)
    runs_dir: Path = field(default_factory=lambda: Path.home() / "orchestrate-runs")


class Document(QObject):
    """The project that is open, saved or not."""

    nights_changed = Signal()
    settings_changed = Signal(str)  # dotted key, "" for many
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self._content = Content()
        self._saved = self._content

    @property
    def name(self) -> str:
        return self._content.name

    @property
    def nights(self) -> tuple[Night, ...]:
        return self._content.nights

    @property
    def used(self) -> list[Night]:
        return [night for night in self.nights if night.use]

    @property
    def runs_dir(self) -> Path:
        return self._content.runs_dir

    @property
    def settings(self) -> Settings:
        """A copy of what is set, as in a configuration file."""
        return copy.deepcopy(self._content.settings)

    @property
    def modified(self) -> bool:
        return self._content != self._saved

    def _put(self, **parts: Any) -> None:
        self._content = replace(self._content, **parts)
        if "nights" in parts:
            self.nights_changed.emit()
        self.changed.emit()

    def clear(self) -> None:
        """An empty project."""
        self._open(Content(), None)

    def _open(self, content: Content, path: Path | None) -> None:
        self.path, self._content, self._saved = path, content, content
        self.nights_changed.emit()
        self.settings_changed.emit("")
        self.changed.emit()

    def rename(self, name: str) -> None:
        self._put(name=name)

    def set_runs_dir(self, folder: Path) -> None:
        self._put(runs_dir=folder)

    def add_nights(self, folders: list[Path]) -> int:
        """Add folders that are not there yet; returns how many."""
        known = {night.path for night in self.nights}
        new = [Night(f, f.name) for f in dict.fromkeys(p.absolute() for p in folders) if f not in known]
        if new:
            named = {} if self.name else {"name": new[0].name}
            self._put(nights=(*self.nights, *new), **named)
        return len(new)

    def remove_nights(self, rows: list[int]) -> None:
        self._put(nights=tuple(n for i, n in enumerate(self.nights) if i not in rows))

    def use_night(self, row: int, use: bool) -> None:
        self._put(nights=tuple(replace(n, use=use) if i == row else n for i, n in enumerate(self.nights)))

    def value(self, key: str, default: Any = None) -> Any:
        """The value of a dotted setting, ``default`` where it is not set."""
        place: Any = self._content.settings
        for part in key.split("."):
            if not isinstance(place, dict) or part not in place:
                return default
            place = place[part]
        return place

    def is_set(self, key: str) -> bool:
        missing = object()
        return self.value(key, missing) is not missing

    def set_values(self, values: dict[str, Any]) -> None:
        """Set dotted settings."""
        settings = with_values(self._content.settings, values)
        if settings != self._content.settings:
            self._put(settings=settings)
            self.settings_changed.emit(next(iter(values)) if len(values) == 1 else "")

    def reset_value(self, key: str) -> None:
        """Take a setting back to its default."""
        if self.is_set(key):
            self._put(settings=without(self._content.settings, key.split(".")))
            self.settings_changed.emit(key)

    def set_settings(self, settings: Settings) -> None:
        """All settings at once, as of a preset."""
        self._put(settings=copy.deepcopy(settings))
        self.settings_changed.emit("")

    def is_left_out(self, frame: str) -> bool:
        """Whether a frame is left out everywhere by hand."""
        return any(e.get("frame") == frame and not e.get("box") for e in self.value("stacking.exclude", []))

    def leave_out(self, frame: str, out: bool) -> None:
        others = [e for e in self.value("stacking.exclude", []) if e.get("frame") != frame or e.get("box")]
        entries = [*others, {"frame": frame}] if out else others
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
    """A copy of nested settings without one, nor sections that are empty then."""
    found = copy.deepcopy(settings)
    if len(keys) == 1:
        found.pop(keys[0], None)
    elif isinstance(found.get(keys[0]), dict):
        found[keys[0]] = without(found[keys[0]], keys[1:])
        if not found[keys[0]]:
            del found[keys[0]]
    return found
