"""What a person wants from a stack, each a preset that can be chosen and changed without losing other settings."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from orchestrator.config.load import preset_settings

__all__ = ["GOALS", "goal_of", "with_goal"]

# Presets among which the start page lets a person choose, the usual one first.
GOALS = ("default", "quick", "science", "mosaic")

Settings = dict[str, Any]


def _values(settings: Mapping[str, Any], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _values(value, (*prefix, key))
        else:
            yield (*prefix, key), value


def _keys_of_goals() -> set[tuple[str, ...]]:
    return {key for goal in GOALS for key, _ in _values(preset_settings(goal))}


def goal_of(settings: Mapping[str, Any]) -> str:
    """The goal that ``settings`` (those that differ from the defaults) pursue; "" if some of its values were changed by hand."""
    keys = _keys_of_goals()
    held = {key: value for key, value in _values(settings) if key in keys}
    return next((goal for goal in GOALS if dict(_values(preset_settings(goal))) == held), "")


def with_goal(settings: Mapping[str, Any], goal: str) -> Settings:
    """``settings`` with those of a goal in place of those of the other goals; all others stay. ConfigError if there is no such
    preset."""
    wanted = dict(_values(preset_settings(goal)))
    found: Settings = copy.deepcopy(dict(settings))
    for key in _keys_of_goals():
        _remove(found, key)
    for key, value in wanted.items():
        place = found
        for section in key[:-1]:
            place = place.setdefault(section, {})
        place[key[-1]] = value
    return found


def _remove(settings: Settings, key: tuple[str, ...]) -> None:
    """Remove a value, and the sections that become empty."""
    if len(key) == 1:
        settings.pop(key[0], None)
    elif isinstance(section := settings.get(key[0]), dict):
        _remove(section, key[1:])
        if not section:
            del settings[key[0]]
