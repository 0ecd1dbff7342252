"""Transforms read from the registration of another run instead of matching stars."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from orchestrator.engines.base import CalibrationResult, Frame, FrameSet
from orchestrator.errors import ConfigError
from orchestrator.session.model import FrameInfo, Session

__all__ = ["register_given"]

KEY = "registration.transforms"


def register_given(file: Path, session: Session, calibrated: CalibrationResult, engine: str) -> FrameSet:
    """The lights with their transforms in ``file`` (``artifacts/registration.json`` of a run), matched by path, else by name.

    Raises
    ------
    ConfigError : the file cannot be used, or its reference is not among the lights.
    """
    rows, reference, path = _read(file)
    names = Counter(Path(path).name for path in rows)
    by_name = {Path(path).name: row for path, row in rows.items() if names[Path(path).name] == 1}
    frames = []
    for index, info in enumerate(session.lights):
        row = rows.get(str(info.path.absolute())) or rows.get(str(info.path)) or by_name.get(info.path.name)
        frames.append(_frame(index, info, calibrated, row, file))
    named = [f for f in frames if f.info.path.name == reference and f.matrix is not None]
    chosen = next((f.index for f in named if str(f.info.path) == path), named[0].index if named else None)
    if chosen is None:
        raise ConfigError(f"{KEY}: the reference {reference} of {file} is not a usable light of this session.",
                          "Give the transforms of a session with the same reference, or leave the setting out.")
    shape = (int(session.shape[-2]), int(session.shape[-1]))
    channels = 3 if len(session.shape) == 3 else 1
    return FrameSet(tuple(frames), chosen, shape, session.cfa if channels == 1 else None, channels, engine)


def _read(file: Path) -> tuple[dict[str, dict[str, Any]], str, str]:
    """The rows of the file by the light's path, the name of the reference, and its path."""
    try:
        data = json.loads(file.expanduser().read_bytes())
        return {str(row["file"]): row for row in data["frames"]}, str(data["reference"]), str(data.get("reference_file"))
    except OSError as error:
        raise ConfigError(f"{KEY}: {file} cannot be read: {error.strerror}.", "Correct the path.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{KEY}: {file} contains no transforms ({error!r}).",
                          "Give artifacts/registration.json of a run, or a file written by `run --save-transforms`.") from error


def _frame(index: int, info: FrameInfo, calibrated: CalibrationResult, row: dict[str, Any] | None, file: Path) -> Frame:
    reader = calibrated.readers[index]
    if reader is None:
        return Frame(index, info, None, reason=calibrated.reasons.get(index, "it cannot be read"))
    if row is None:
        return Frame(index, info, reader, reason=f"{file.name} has no transform for it")
    if not row.get("used") or row.get("matrix") is None:
        return Frame(index, info, reader, reason=str(row.get("reason") or "it was not registered"))
    try:
        matrix = np.array(row["matrix"], np.float64)
        good = matrix.shape == (3, 3) and bool(np.isfinite(matrix).all()) and abs(np.linalg.det(matrix)) > 1e-6
    except (TypeError, ValueError):
        good = False
    if not good:
        raise ConfigError(f"{KEY}: the transform of {info.path.name} in {file} is not an invertible 3x3 matrix.",
                          "Correct the file.")
    residual = row.get("residual_px")
    return Frame(index, info, reader, matrix, "", float("nan") if residual is None else float(residual),
                 int(row.get("matched_stars") or 0), f"given by {file.name}")
