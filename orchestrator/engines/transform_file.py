"""Transforms read from the registration of another run instead of matching stars."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import CalibrationResult, Frame, FrameSet, saturation_of
from orchestrator.errors import ConfigError
from orchestrator.message import Message
from orchestrator.session.model import FrameInfo, Session
from tilecore.register.lens import Lens

__all__ = ["lens_row", "register_given"]

KEY = "registration.transforms"
# Smallest determinant of a transform that can be inverted.
LEAST_DETERMINANT = 1e-6
# A frame of a mosaic is not farther from the reference than this multiple of its larger side.
MOST_FRAMES_AWAY = 100
# Terms of the polynomial of a lens along each axis.
MOST_TERMS = 12
# Characters of the reason that a message shows.
LONGEST_REASON = 200


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
        raise ConfigError(Message("{key}: the reference {reference} of {file} is not a usable light of this session.", key=KEY,
                                  reference=reference, file=file),
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
        raise ConfigError(Message("{key}: {file} cannot be read: {strerror}.", key=KEY, file=file,
                                  strerror=error.strerror), "Correct the path.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigError(Message("{key}: {file} contains no transforms ({error}).", key=KEY, file=file,
                                  error=repr(error)[:LONGEST_REASON]),
                          "Give artifacts/registration.json of a run, or a file written by `run --save-transforms`.") from error


def _frame(index: int, info: FrameInfo, calibrated: CalibrationResult, row: dict[str, Any] | None, file: Path) -> Frame:
    reader = calibrated.readers[index]
    if reader is None:
        return Frame(index, info, None, reason=calibrated.reasons.get(index, "it cannot be read"))
    if row is None:
        return Frame(index, info, reader, reason=Message("{file} has no transform for it", file=file.name))
    if not row.get("used") or row.get("matrix") is None:
        return Frame(index, info, reader, reason=str(row.get("reason") or "it was not registered"))
    try:
        matrix = np.array(row["matrix"], np.float64)
        good = matrix.shape == (3, 3) and bool(np.isfinite(matrix).all()) and abs(np.linalg.det(matrix)) > LEAST_DETERMINANT
    except (TypeError, ValueError, OverflowError):
        good = False
    if not good:
        raise ConfigError(Message("{key}: the transform of {info} in {file} is not an invertible 3x3 matrix.", key=KEY,
                                  info=info.path.name, file=file),
                          "Correct the file.")
    if (distance := _farthest(matrix, info.shape[-2:])) > MOST_FRAMES_AWAY * max(info.shape[-2:]):
        raise ConfigError(Message("{key}: the transform of {info} in {file} moves it by {distance:.3g} px, more than "
                                  "{most_frames_away} times its size.", key=KEY, info=info.path.name, file=file,
                                  distance=distance, most_frames_away=MOST_FRAMES_AWAY), "Correct the file.")
    return Frame(index, info, reader, matrix, "", _number(row.get("residual_px")), int(_number(row.get("matched_stars"), 0)),
                 f"given by {file.name}", saturation_of(reader), _lens(row.get("lens"), info, file))


def lens_row(lens: Lens | None) -> dict[str, Any] | None:
    """The lens of a frame as it is written to the file."""
    return None if lens is None else {"centre": list(lens.centre), "radius": lens.radius, "terms": lens.terms.tolist()}


def _lens(row: Any, info: FrameInfo, file: Path) -> Lens | None:
    if row is None:
        return None
    try:
        (x, y), radius, terms = row["centre"], float(row["radius"]), np.array(row["terms"], np.float64)
        values = np.array([x, y, radius], np.float64)
        good = terms.ndim == 3 and terms.shape == (2, terms.shape[1], terms.shape[1]) and terms.shape[1] <= MOST_TERMS
        good = good and bool(np.isfinite(values).all() and np.isfinite(terms).all()) and radius > 0
    except (KeyError, TypeError, ValueError, OverflowError):
        good = False
    if not good:
        raise ConfigError(Message("{key}: the lens of {info} in {file} has not the finite centre, radius and terms of a "
                                  "polynomial.", key=KEY, info=info.path.name,
                                  file=file), "Correct the file, or remove the lens from it.")
    return Lens((float(x), float(y)), radius, terms)


def _farthest(matrix: NDArray[np.float64], shape: tuple[int, ...]) -> float:
    """The largest coordinate of a corner of the frame on the canvas, in pixels; infinite if a corner has no position."""
    rows, columns = shape
    corners = matrix @ np.array([[0, columns - 1, 0, columns - 1], [0, 0, rows - 1, rows - 1], [1, 1, 1, 1]], np.float64)
    if not (np.isfinite(corners).all() and (corners[2] > 0).all()):
        return float("inf")
    return float(np.abs(corners[:2] / corners[2]).max())


def _number(value: Any, missing: float = float("nan")) -> float:
    """A number of the file, ``missing`` if it is not one."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return missing
    return number if np.isfinite(number) else missing
