"""Star databases of ASTAP, formats .1476 and .290. Description: https://www.hnsky.org/astap.htm#database_format

The sky is cut into rings of declination and cells of right ascension; each cell is a file of 110 bytes of header and
records of 5 bytes (6 with a colour), ordered by magnitude in steps of 0.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.catalogs.stars import BV_SLOPE, BV_ZERO, StarTable, cone
from orchestrator.errors import ConfigError, InputError
from orchestrator.io.atomic import whole_file

__all__ = ["FORMATS", "AstapDatabase", "find_databases", "read_cone", "write_database"]

# Bytes of a file's header.
HEADER = 110
# Bytes of a record without and with a colour.
PLAIN_RECORD = 5
COLOUR_RECORD = 6
# Area of the sky in square degrees.
SKY = 41252.96
# Files of a database from which its density is estimated.
SAMPLED_FILES = 40
# Steps of right ascension (24 bits) around the sky and of declination (23 bits) from the equator to a pole.
RA_STEPS = 2**24 - 1
DEC_STEPS = 2**23 - 1
# B-V that is written for stars without a known colour.
UNKNOWN_BV = 0.7
_NAME = re.compile(r"^([a-z]\d\d)_0101\.(1476|290)$", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """Rings from the south pole: ``bounds`` in degrees, (rings + 1,); ``cells`` in each ring; ``widest_field`` in degrees."""

    bounds: NDArray[np.float64]
    cells: tuple[int, ...]
    widest_field: float


def _mirrored(north: list[float]) -> NDArray[np.float64]:
    return np.array([-b for b in reversed(north)] + [0.0] + north)


_CELLS_1476 = (1, 3, 9, 15, 21, 27, 33, 38, 43, 48, 52, 56, 60, 63, 65, 67, 68, 69)
_CELLS_290 = (1, 4, 8, 12, 16, 20, 24, 28, 32)
FORMATS = {
    "1476": Layout(_mirrored([90 / 17.5 * k for k in range(1, 18)] + [90.0]), _CELLS_1476 + _CELLS_1476[::-1], 5.14),
    "290": Layout(_mirrored([float(np.degrees(np.arcsin(1 - k / 289))) for k in (225, 169, 121, 81, 49, 25, 9, 1)] + [90.0]),
                  _CELLS_290 + _CELLS_290[::-1], 9.53),
}


@dataclass(frozen=True)
class AstapDatabase:
    """An installed database."""

    folder: Path
    name: str
    format: str

    @property
    def density(self) -> int:
        """Stars per square degree according to its name."""
        return int(self.name[1:]) * 100

    @property
    def layout(self) -> Layout:
        return FORMATS[self.format]

    def mean_density(self) -> float:
        """Stars per square degree in the cells that have any, from the sizes of its files and the contents of some."""
        files = sorted(self.folder.glob(f"{self.name}_*.{self.format}"))
        sizes = [(f, size) for f in files if (size := f.stat().st_size - HEADER) > 0]
        if not sizes:
            return 0.0
        sample = sizes[:: max(1, len(sizes) // SAMPLED_FILES)]
        per_byte = sum(len(_decode(f)) for f, _ in sample) / sum(size for _, size in sample)
        return sum(size for _, size in sizes) * per_byte / (SKY * len(sizes) / len(files))

    def is_complete(self) -> bool:
        """Whether it has all cells: ASTAP ends with an error at the first missing one."""
        present = {p.name.lower() for p in self.folder.iterdir()}
        return all(f"{self.name}_{ring:02d}{cell:02d}.{self.format}" in present
                   for ring, count in enumerate(self.layout.cells, 1) for cell in range(1, count + 1))


def find_databases(folder: Path) -> list[AstapDatabase]:
    """The databases in a folder, deepest first."""
    try:
        matches = [m for p in folder.iterdir() if (m := _NAME.match(p.name))]
    except OSError:
        return []
    return sorted((AstapDatabase(folder, m[1].lower(), m[2]) for m in matches), key=lambda d: (-d.density, d.layout.widest_field))


def write_database(stars: StarTable, folder: Path, name: str, kind: str = "1476") -> AstapDatabase:
    """Write all cells of a database, also empty ones, since ASTAP stops at a missing one.

    Parameters
    ----------
    name : a letter and two digits; the digits times 100 are the stars per square degree that ASTAP expects. A name that
        starts with v has colours.
    kind : "1476" (fields up to 5 degrees) or "290" (up to 9.5 degrees).

    Raises
    ------
    ConfigError : the name or the format does not exist.
    """
    if not re.fullmatch(r"[a-z]\d\d", name) or name[1:] == "00" or kind not in FORMATS:
        raise ConfigError(f"{name!r} in format {kind!r} is not an ASTAP database.", "Use a name such as d05 and 1476 or 290.")
    layout = FORMATS[kind]
    folder.mkdir(parents=True, exist_ok=True)
    ring = np.clip(np.searchsorted(layout.bounds, stars.dec, side="left") - 1, 0, len(layout.cells) - 1)
    cells = np.array(layout.cells)
    cell = np.minimum((stars.ra * cells[ring] / 360).astype(int), cells[ring] - 1)
    first = np.concatenate([[0], np.cumsum(cells)])
    order = np.argsort(first[ring] + cell, kind="stable")
    edges = np.searchsorted((first[ring] + cell)[order], np.arange(first[-1] + 1))
    size = COLOUR_RECORD if name.startswith("v") else PLAIN_RECORD
    text = f"{name.upper()} star database written by orchestrate, {len(stars)} stars to magnitude {stars.mag[-1]:.1f}"
    header = text.encode("ascii")[: HEADER - 1].ljust(HEADER - 1) + bytes([size])
    for number in range(first[-1]):
        r = int(np.searchsorted(first, number, side="right")) - 1
        records = _encode(stars[order[edges[number]: edges[number + 1]]], size)
        path = folder / f"{name}_{r + 1:02d}{number - first[r] + 1:02d}.{kind}"
        with whole_file(path, durable=False) as stream:
            stream.write(header + records.tobytes())
    return AstapDatabase(folder, name, kind)


def _encode(stars: StarTable, size: int) -> NDArray[np.uint8]:
    """Records (n, size): a section header FF FF FF, high byte of dec + 128, mag * 10 + 16, before the stars that share both."""
    ra = np.minimum(np.rint(stars.ra / 360 * RA_STEPS).astype(np.int64), RA_STEPS - 1)  # FFFFFF marks a header
    dec = np.rint(stars.dec / 90 * DEC_STEPS).astype(np.int64)
    high, mag = dec >> 16, np.clip(np.rint(stars.mag * 10).astype(np.int64), -16, 238)
    order = np.lexsort((high, mag))
    ra, dec, high, mag = ra[order], dec[order], high[order], mag[order]
    new = np.ones(len(ra), bool)
    new[1:] = (np.diff(high) != 0) | (np.diff(mag) != 0)
    place = np.arange(len(ra)) + np.cumsum(new)
    out = np.zeros((len(ra) + int(new.sum()), size), np.uint8)
    star = [ra & 255, ra >> 8 & 255, ra >> 16, dec & 255, dec >> 8 & 255]
    if size == COLOUR_RECORD:
        bp_rp = (np.nan_to_num(stars.bv[order], nan=UNKNOWN_BV) - BV_ZERO) / BV_SLOPE
        star.append(np.clip(np.rint(bp_rp * 10), -127, 127).astype(np.int64) & 255)
    out[place] = np.stack(star, axis=1)
    head = [np.full(new.sum(), 255)] * 3 + [high[new] + 128, mag[new] + 16]
    out[place[new] - 1, :5] = np.stack(head, axis=1)
    return out


def _decode(path: Path) -> StarTable:
    raw = path.read_bytes()
    size = raw[HEADER - 1] if len(raw) >= HEADER else 0
    if size not in (PLAIN_RECORD, COLOUR_RECORD):
        raise InputError(f"{path} has records of {size} bytes; only 5 and 6 bytes are supported.", "Install a newer database.")
    data = np.frombuffer(raw, np.uint8, offset=HEADER)
    data = data[: len(data) // size * size].reshape(-1, size).astype(np.int64)
    head = (data[:, :3] == 255).all(axis=1)
    section = np.cumsum(head) - 1
    heads, stars, section = data[head], data[~head], section[~head]
    dec = ((heads[section, 3] - 128) << 16) + (stars[:, 4] << 8) + stars[:, 3]
    ra = stars[:, 0] + (stars[:, 1] << 8) + (stars[:, 2] << 16)
    bv = None
    if size == COLOUR_RECORD:
        bv = BV_SLOPE * ((stars[:, 5] + 128) % 256 - 128) / 10 + BV_ZERO
    return StarTable.make(ra * 360 / RA_STEPS, dec * 90 / DEC_STEPS, (heads[section, 4] - 16) / 10, bv)


def read_cone(database: AstapDatabase, ra: float, dec: float, radius: float) -> StarTable:
    """Stars within ``radius`` degrees of a position, from the cells that the circle touches.

    Raises
    ------
    InputError : a cell is missing or cannot be read.
    """
    layout = database.layout
    tables = []
    for ring, count in enumerate(layout.cells):
        if dec + radius < layout.bounds[ring] or dec - radius > layout.bounds[ring + 1]:
            continue
        # Half width of the circle in right ascension: sin(radius) / cos(dec), the whole ring if the circle contains a pole.
        ratio = np.sin(np.radians(min(radius, 90))) / max(np.cos(np.radians(dec)), 1e-9)
        half = 180.0 if abs(dec) + radius >= 90 or ratio >= 1 else float(np.degrees(np.arcsin(ratio)))
        low, high = int(np.floor((ra - half) * count / 360)), int(np.floor((ra + half) * count / 360))
        for cell in sorted({c % count for c in range(low, min(high, low + count - 1) + 1)}):
            path = database.folder / f"{database.name}_{ring + 1:02d}{cell + 1:02d}.{database.format}"
            try:
                tables.append(_decode(path))
            except OSError as error:
                raise InputError(f"{path}: {error.strerror}.", "Install the star database again.") from error
    columns = [np.concatenate([getattr(t, f) for t in tables]) for f in ("ra", "dec", "mag", "bv")]
    return cone(StarTable.make(*columns), ra, dec, radius)
