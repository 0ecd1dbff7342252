"""Writes the artifacts of a phase: JSON and arrays that appear only when they are complete."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from orchestrator.io.atomic import whole_file

__all__ = ["plain", "write_array", "write_json"]

# Of the artifacts; under the key "schema".
SCHEMA_VERSION = 1


def plain(value: Any) -> Any:
    """Convert numpy values, paths and non-finite numbers to JSON types (NaN becomes null)."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Path):
        return str(value)
    return value


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write ``content``; the file appears only when it is complete."""
    text = json.dumps(plain({"schema": SCHEMA_VERSION, **content}), indent=1, ensure_ascii=False, default=str)
    with whole_file(path) as stream:
        stream.write(text.encode("utf-8", "backslashreplace"))


def write_array(path: Path, array: np.ndarray) -> None:
    """Write ``array`` as .npy; the file appears only when it is complete."""
    with whole_file(path) as stream:
        np.save(stream, array)
