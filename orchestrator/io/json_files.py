"""Writes the artifacts of a phase: JSON and arrays that appear only when they are complete."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from orchestrator.io.atomic import whole_file

__all__ = ["as_text", "plain", "write_array", "write_json"]

# Of the artifacts; under the key "schema".
SCHEMA_VERSION = 1
# Levels of a file that have lines of their own.
LINES_DEPTH = 3


def plain(value: Any) -> Any:
    """Convert numpy values, paths and non-finite numbers to JSON types (NaN becomes null)."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        numbers = value.dtype.kind in "biu" or (value.dtype.kind == "f" and bool(np.isfinite(value).all()))
        return value.tolist() if numbers else plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Path):
        return str(value)
    return value


def as_text(value: Any, depth: int = LINES_DEPTH, indent: str = "\n ") -> str:
    """JSON text of what :func:`plain` returns, with a line for each item down to ``depth``. Python's own indentation takes twenty
    times as long, because it is not compiled."""
    def joined(items: Iterable[str], ends: str) -> str:
        return f"{ends[0]}{indent}{f',{indent}'.join(items)}{indent[:-1]}{ends[1]}"

    if depth and value and isinstance(value, dict):
        keys = (json.dumps(str(k), ensure_ascii=False) for k in value)
        return joined((f"{k}: {as_text(v, depth - 1, indent + ' ')}" for k, v in zip(keys, value.values(), strict=True)), "{}")
    if depth and value and isinstance(value, list) and isinstance(value[0], dict | list):
        return joined((as_text(v, depth - 1, indent + " ") for v in value), "[]")
    return json.dumps(value, ensure_ascii=False, default=str)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write ``content``; the file appears only when it is complete."""
    text = as_text(plain({"schema": SCHEMA_VERSION, **content}))
    with whole_file(path) as stream:
        stream.write(text.encode("utf-8", "backslashreplace"))


def write_array(path: Path, array: np.ndarray) -> None:
    """Write ``array`` as .npy; the file appears only when it is complete."""
    with whole_file(path) as stream:
        np.save(stream, array)
