"""Siril's sequence files, read and written, its star lists, and their transforms in this project's convention.

Siril counts rows from the top of the displayed picture: y = height - 1 - row of the file. With ``F`` the reversal of the
rows, ``M = F_ref^-1 H F_frame`` maps pixels of the file to pixels of the reference file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import ToolError
from orchestrator.message import Message

__all__ = ["SeqImage", "Sequence", "file_matrix", "format_seq", "parse_seq", "read_seq", "read_stars"]

# Versions of the .seq format that can be read.
VERSIONS = range(4, 8)
# The version that is written, and the digits of the numbers in the names of images.
VERSION, DIGITS = 6, 5


@dataclass(frozen=True)
class SeqImage:
    """One image of a sequence. ``matrix`` is Siril's H (display rows), None when the image is not registered."""

    number: int
    included: bool
    matrix: NDArray[np.float64] | None = None
    fwhm: float = 0.0
    stars: int = 0
    size: tuple[int, int] | None = None


@dataclass(frozen=True)
class Sequence:
    """A .seq file. ``reference`` is the index of the reference image, -1 when none was chosen."""

    name: str
    reference: int
    images: tuple[SeqImage, ...]


def read_seq(path: Path) -> Sequence:
    """Read a .seq file.

    Raises
    ------
    ToolError : the file is missing, or not in the format of Siril 1.4.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ToolError(Message("Siril's sequence file {path} cannot be read: {error}.", path=path,
                                error=error), tool="siril-cli") from error
    try:
        return parse_seq(text)
    except (ValueError, IndexError) as error:
        raise ToolError(Message("Siril's sequence file {path} is damaged: {error}.", path=path,
                                error=error), tool="siril-cli") from error


def parse_seq(text: str) -> Sequence:
    """Parse the text of a .seq file of version 4 to 7.

    Raises
    ------
    ValueError, IndexError : the text is not in that format.
    """
    header: list[str] = []
    name = ""
    frames: list[tuple[int, bool, tuple[int, int] | None]] = []
    layers: dict[str, list[list[str]]] = {}
    for line in text.splitlines():
        if line.startswith("S "):
            _, name, rest = line.split("'", 2)
            header = rest.split()
        elif line.startswith("I "):
            frames.append(_image(line))
        elif line.startswith("R") and line[1:2].isdigit():
            key, *fields = line.split()
            layers.setdefault(key, []).append(fields)
    if len(header) < 6:
        raise ValueError("no line S")
    count, reference, version = int(header[1]), int(header[4]), int(header[5])
    if version not in VERSIONS:
        raise ValueError(f"version {version} is unknown")
    if len(frames) != count:
        raise ValueError(f"{len(frames)} of {count} images are listed")
    rows = _registered_layer(layers, count)
    images = tuple(
        SeqImage(number, included, *_registration(row), size)
        for (number, included, size), row in zip(frames, rows, strict=True)
    )
    if not -1 <= reference < count:
        raise ValueError(f"the reference {reference} is not one of {count} images")
    return Sequence(name, reference, images)


def format_seq(sequence: Sequence, channels: int = 1) -> str:
    """The text of a .seq file, for images of one size with 1 or 3 ``channels``: Siril registers on green, or on the only one."""
    images, layer = sequence.images, 1 if channels == 3 else 0
    selected = sum(image.included for image in images)
    lines = ["#Siril sequence file. Contains list of images, selection, registration data and statistics",
             "#S 'sequence_name' start_index nb_images nb_selected fixed_len reference_image version variable_size fz_flag "
             "drizzle",
             f"S '{sequence.name}' {images[0].number if images else 1} {len(images)} {selected} {DIGITS} {sequence.reference} "
             f"{VERSION} 0 0 0", f"L {channels}"]
    lines += [f"I {image.number} {int(image.included)}" for image in images]
    for image in images:
        matrix = np.zeros(9) if image.matrix is None else image.matrix.ravel()
        lines.append(f"R{layer} {image.fwhm:g} {image.fwhm:g} 0 0 0 {image.stars} H " + " ".join(f"{v:.10g}" for v in matrix))
    return "\n".join(lines) + "\n"


def _image(line: str) -> tuple[int, bool, tuple[int, int] | None]:
    """(number, included, (rows, columns) or None) of one I line."""
    fields = line.replace(",", " ").split()
    size = (int(fields[4]), int(fields[3])) if len(fields) >= 5 else None
    return int(fields[1]), fields[2] == "1", size


def _registered_layer(layers: dict[str, list[list[str]]], count: int) -> list[list[str]]:
    """The registration lines of the layer with the most transforms (Siril registers on one layer: green, or the only one)."""
    if not layers:
        return [[] for _ in range(count)]
    best = max(layers.values(), key=lambda rows: sum(_registration(row)[0] is not None for row in rows))
    if len(best) != count:
        raise ValueError(f"{len(best)} registration lines for {count} images")
    return best


def _registration(fields: list[str]) -> tuple[NDArray[np.float64] | None, float, int]:
    """(H or None, FWHM, stars) of one R line. Siril writes an H of zeros for an image that it could not register."""
    if not fields:
        return None, 0.0, 0
    mark = fields.index("H")
    matrix = np.array([float(value) for value in fields[mark + 1 : mark + 10]]).reshape(3, 3)
    usable = bool(np.any(matrix)) and bool(np.all(np.isfinite(matrix)))
    return (matrix if usable else None), float(fields[0]), int(float(fields[5]))


def file_matrix(
    matrix: NDArray[np.float64], height: int, reference_height: int | None = None
) -> NDArray[np.float64]:
    """Siril's H as a map from file pixels (row 0 first in the file) to file pixels of the reference, (3, 3) float64.

    ``M = F_ref^-1 H F`` with ``F = [[1, 0, 0], [0, -1, height - 1], [0, 0, 1]]``, which is its own inverse.
    """
    reference_height = height if reference_height is None else reference_height
    result = _flip(reference_height) @ matrix @ _flip(height)
    return np.asarray(result / result[2, 2], dtype=np.float64)


def _flip(height: int) -> NDArray[np.float64]:
    return np.array([[1.0, 0.0, 0.0], [0.0, -1.0, height - 1.0], [0.0, 0.0, 1.0]])


def read_stars(path: Path, height: int) -> NDArray[np.float64]:
    """Positions of the stars in one of Siril's ``.lst`` files as file pixels, (n, 2) float64 columns x, y.

    In the list, pixel centres are at .5 and rows count from the top: x = X - 0.5, y = height - 0.5 - Y.
    A missing or empty list gives an empty array.
    """
    found: list[tuple[float, float]] = []
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return np.empty((0, 2))
    for line in text.splitlines():
        fields = line.split("\t")
        if line.startswith("#") or len(fields) < 7:
            continue
        found.append((float(fields[5]) - 0.5, height - 0.5 - float(fields[6])))
    return np.array(found, dtype=np.float64).reshape(-1, 2)
