"""Writes and reads the local Gaia catalog of Siril (``core.catalogue_gaia_astro``).

Little-endian: a header of 128 bytes, 12 * 4**level cumulative counts by nested HEALPix pixel, records of 16 bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.catalogs.healpix import healpix, pixels_in
from orchestrator.catalogs.stars import StarTable, cone
from orchestrator.errors import InputError
from orchestrator.io.atomic import whole_file

__all__ = ["HEAD", "LEVEL", "SCALE", "count", "read_cone", "read_level", "temperature", "write_catalog"]

# HEALPix level: pixels of 0.23 degrees, as in the file that Siril's installer downloads.
LEVEL = 8
# Bytes of the header.
HEADER = 128
# Units of a stored angle in a degree.
SCALE = (2**31 - 1) / 360
# Bluest B-V for which a temperature is known, and the limits of temperatures in K.
BLUEST = -0.4
COLDEST = 1500
HOTTEST = 50000
_RECORD = np.dtype([("ra", "<i4"), ("dec", "<i4"), ("pmra", "<i2"), ("pmdec", "<i2"), ("teff", "<u2"), ("mag", "<i2")])
HEAD = np.dtype([("title", "S48"), ("gaia", "u1"), ("level", "u1"), ("type", "u1"), ("chunked", "u1"), ("chunk_level", "u1"),
                  ("chunk", "<u4", 3), ("spare", "V63")])

Array = NDArray[np.float64]


def temperature(bv: Array) -> Array:
    """Effective temperature in K from B-V (Ballesteros 2012, EPL 97, 34008), 0 if unknown."""
    t = 4600 * (1 / (0.92 * bv + 1.7) + 1 / (0.92 * bv + 0.62))
    return np.where(np.isfinite(t) & (bv > BLUEST), np.clip(t, COLDEST, HOTTEST), 0)


def write_catalog(stars: StarTable, path: Path, level: int = LEVEL) -> None:
    """Write the file; it appears under its name only when it is complete."""
    pixel = healpix(stars.ra, stars.dec, level)
    order = np.argsort(pixel, kind="stable")
    records = np.zeros(len(stars), _RECORD)
    limit = np.iinfo(np.int16)
    for field, values in (("ra", stars.ra * SCALE), ("dec", stars.dec * SCALE),
                          ("pmra", np.clip(stars.pmra, limit.min, limit.max)),
                          ("pmdec", np.clip(stars.pmdec, limit.min, limit.max)),
                          ("teff", temperature(stars.bv)), ("mag", np.clip(stars.mag * 1000, limit.min, limit.max))):
        records[field] = np.rint(values[order])
    head = np.zeros((), HEAD)
    head["title"], head["gaia"], head["level"], head["type"] = b"star catalog written by orchestrate", 3, level, 1
    counts = np.cumsum(np.bincount(pixel, minlength=12 << (2 * level))).astype("<u4")
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as stream:
        for part in (head, counts, records):
            stream.write(part.tobytes())


def read_level(path: Path) -> int:
    """HEALPix level of a catalog of positions.

    Raises
    ------
    InputError : it is none.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(HEADER)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}.", "Correct its path.") from error
    head = np.frombuffer(raw, HEAD, 1)[0] if len(raw) == HEADER else None
    if head is None or head["type"] != 1 or not 1 <= head["level"] <= 12 or head["chunked"]:
        raise InputError(f"{path} is not a complete Siril catalog of positions.", "Use Siril's catalog installer.")
    return int(head["level"])


def count(path: Path) -> int:
    """Number of stars, the last of the cumulative counts."""
    level = read_level(path)
    with path.open("rb") as stream:
        stream.seek(HEADER + 4 * ((12 << (2 * level)) - 1))
        return int.from_bytes(stream.read(4), "little")


def read_cone(path: Path, ra: float, dec: float, radius: float) -> StarTable:
    """Stars within ``radius`` degrees of a position, from the pixels that the circle touches."""
    level = read_level(path)
    pixels = pixels_in(ra, dec, radius, level)
    counts = np.memmap(path, "<u4", "r", HEADER, (12 << (2 * level),))
    records = np.memmap(path, _RECORD, "r", HEADER + counts.nbytes, (int(counts[-1]),))
    parts = [records[int(counts[p - 1]) if p else 0: int(counts[p])] for p in pixels]
    found = np.concatenate(parts) if parts else records[:0]
    teff = found["teff"].astype(np.float64)
    stars = StarTable.make(found["ra"] / SCALE, np.clip(found["dec"] / SCALE, -90, 90), found["mag"] / 1000, _bv(teff),
                           found["pmra"].astype(np.float64), found["pmdec"].astype(np.float64))
    return cone(stars, ra, dec, radius)


def _bv(teff: Array) -> Array:
    """The inverse of :func:`temperature`."""
    grid = np.linspace(-0.39, 2.5, 300)
    t = temperature(grid)
    return np.where(teff > 0, np.interp(teff, t[::-1], grid[::-1]), np.nan)
