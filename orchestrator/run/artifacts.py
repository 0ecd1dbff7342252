"""Artifacts of a phase: JSON that appears whole or not at all."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.files import whole_file

__all__ = ["plain", "write_array", "write_json"]

SCHEMA_VERSION = 1


def plain(value: Any) -> Any:
    """Numpy, paths and non-finite numbers as JSON knows them (NaN becomes null)."""
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
    """Write ``content`` under its final name only when it is whole."""
    with whole_file(path) as part, part.open("w", encoding="utf-8", errors="backslashreplace") as stream:
        json.dump(plain({"schema": SCHEMA_VERSION, **content}), stream, indent=1, ensure_ascii=False, default=str)


def write_array(path: Path, array: NDArray[np.generic]) -> None:
    """Write a .npy file under its final name only when it is whole."""
    with whole_file(path) as part, part.open("wb") as stream:
        np.save(stream, array)
