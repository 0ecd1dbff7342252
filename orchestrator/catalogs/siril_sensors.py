"""Reads the database of sensors, filters and white references of Siril's spcc: JSON files in a copy of a git repository.

Format: https://gitlab.com/free-astro/siril-spcc-database
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "KINDS", "SensorDatabase", "read_sensors"]

# Name of the folder in the user's data folder.
FOLDER = "siril-spcc-database"
# Options of spcc, and what each selects.
KINDS = {"oscsensor": "colour sensor", "oscfilter": "filter of a colour sensor", "osclpf": "low-pass filter",
         "monosensor": "mono sensor", "rfilter": "red filter", "gfilter": "green filter", "bfilter": "blue filter",
         "whiteref": "white reference"}
_TYPES = {"OSC_SENSOR": "oscsensor", "OSC_FILTER": "oscfilter", "OSC_LPF": "osclpf", "MONO_SENSOR": "monosensor",
          "WB_REF": "whiteref"}
_CHANNELS = {"RED": "rfilter", "GREEN": "gfilter", "BLUE": "bfilter"}


@dataclass(frozen=True)
class SensorDatabase:
    """The names for each option of spcc (:data:`KINDS`); ``dslr`` are sensors that need a low-pass filter."""

    folder: Path
    names: dict[str, frozenset[str]]
    dslr: frozenset[str]


def read_sensors(folder: Path) -> SensorDatabase:
    """Read all definitions below a folder; other files are ignored, as Siril does."""
    names: dict[str, set[str]] = {kind: set() for kind in KINDS}
    dslr = set()
    for entry in _entries(folder):
        kind = str(entry.get("type"))
        # A colour sensor is identified by its model, and its entries are its channels; everything else by name.
        name = str(entry.get("model" if kind == "OSC_SENSOR" else "name"))
        if kind == "MONO_FILTER":
            channels = str(entry.get("channel", "")).upper()
            for channel, option in _CHANNELS.items():
                if channel in channels.split() or channels == "ALL":
                    names[option].add(name)
        elif kind in _TYPES:
            names[_TYPES[kind]].add(name)
            if entry.get("is_dslr"):
                dslr.add(name)
    return SensorDatabase(folder, {kind: frozenset(found) for kind, found in names.items()}, frozenset(dslr))


def _entries(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("*.json")):
        if "schema" in path.name or ".git" in path.relative_to(folder).parts:
            continue
        try:
            found = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        yield from (entry for entry in (found if isinstance(found, list) else []) if isinstance(entry, dict))
