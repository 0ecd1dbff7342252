"""Siril's local Gaia catalog (``core.catalogue_gaia_astro``), written and read.

Little-endian: a header of 128 bytes, 12 * 4**level cumulative counts by nested HEALPix pixel, records of 16 bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.catalogs.stars import StarTable, cone
from orchestrator.errors import InputError
from orchestrator.files import whole_file

__all__ = ["LEVEL", "count", "healpix", "read_cone", "read_level", "write_catalog"]

LEVEL = 8  # pixels of 0.23 degrees, as in the file that Siril's installer fetches
HEADER = 128
_SCALE = (2**31 - 1) / 360
_RECORD = np.dtype([("ra", "<i4"), ("dec", "<i4"), ("pmra", "<i2"), ("pmdec", "<i2"), ("teff", "<u2"), ("mag", "<i2")])
_HEAD = np.dtype([("title", "S48"), ("gaia", "u1"), ("level", "u1"), ("type", "u1"), ("chunked", "u1"), ("chunk_level", "u1"),
                  ("chunk", "<u4", 3), ("spare", "V63")])

Array = NDArray[np.float64]


def healpix(ra: Array, dec: Array, level: int) -> NDArray[np.int64]:
    """Nested HEALPix pixel of positions in degrees (Gorski et al. 2005, ApJ 622, 759)."""
    nside = 1 << level
    z = np.sin(np.radians(dec))
    tt = np.mod(np.asarray(ra) / 90, 4)
    # Equatorial belt: lines of constant jp and jm are the diagonals.
    up, down = nside * (0.5 + tt - 0.75 * z), nside * (0.5 + tt + 0.75 * z)
    jp, jm = up.astype(np.int64), down.astype(np.int64)
    fp, fm = jp >> level, jm >> level
    face = np.where(fp == fm, fp % 4 + 4, np.where(fp < fm, fp % 4, fm % 4 + 8))
    ix, iy = jm & (nside - 1), nside - 1 - (jp & (nside - 1))
    # Polar caps; sqrt(3 (1 - |z|)) without the cancellation near the poles.
    quarter = np.minimum(tt.astype(np.int64), 3)
    t = tt - quarter
    root = nside * np.sqrt(6.0) * np.sin(np.radians(90 - np.abs(dec)) / 2)
    cp = np.minimum((t * root).astype(np.int64), nside - 1)
    cm = np.minimum(((1 - t) * root).astype(np.int64), nside - 1)
    cap, north = np.abs(z) > 2 / 3, z > 0
    face = np.where(cap, np.where(north, quarter, quarter + 8), face)
    ix = np.where(cap, np.where(north, nside - 1 - cm, cp), ix)
    iy = np.where(cap, np.where(north, nside - 1 - cp, cm), iy)
    return np.asarray(face * nside * nside + _spread(ix) + 2 * _spread(iy))


def _spread(v: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bits moved to the even places."""
    for shift, mask in ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
                        (2, 0x3333333333333333), (1, 0x5555555555555555)):
        v = (v | (v << shift)) & mask
    return v


def temperature(bv: Array) -> Array:
    """Effective temperature in K from B-V (Ballesteros 2012, EPL 97, 34008), 0 where unknown."""
    t = 4600 * (1 / (0.92 * bv + 1.7) + 1 / (0.92 * bv + 0.62))
    return np.where(np.isfinite(t) & (bv > -0.4), np.clip(t, 1500, 50000), 0)


def write_catalog(stars: StarTable, path: Path, level: int = LEVEL) -> None:
    """Write the file; it appears under its name only when it is whole."""
    pixel = healpix(stars.ra, stars.dec, level)
    order = np.argsort(pixel, kind="stable")
    records = np.zeros(len(stars), _RECORD)
    limit = np.iinfo(np.int16)
    for field, values in (("ra", stars.ra * _SCALE), ("dec", stars.dec * _SCALE),
                          ("pmra", np.clip(stars.pmra, limit.min, limit.max)),
                          ("pmdec", np.clip(stars.pmdec, limit.min, limit.max)),
                          ("teff", temperature(stars.bv)), ("mag", np.clip(stars.mag * 1000, limit.min, limit.max))):
        records[field] = np.rint(values[order])
    head = np.zeros((), _HEAD)
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
    head = np.frombuffer(raw, _HEAD, 1)[0] if len(raw) == HEADER else None
    if head is None or head["type"] != 1 or not 1 <= head["level"] <= 12 or head["chunked"]:
        raise InputError(f"{path} is no whole Siril catalog of positions.", "Use Siril's catalog installer.")
    return int(head["level"])


def count(path: Path) -> int:
    """Number of stars: the last of the cumulative counts."""
    level = read_level(path)
    with path.open("rb") as stream:
        stream.seek(HEADER + 4 * ((12 << (2 * level)) - 1))
        return int.from_bytes(stream.read(4), "little")


def read_cone(path: Path, ra: float, dec: float, radius: float) -> StarTable:
    """Stars within ``radius`` degrees of a position, from the pixels that the circle touches."""
    level = read_level(path)
    pixels = _pixels_in(ra, dec, radius, level)
    counts = np.memmap(path, "<u4", "r", HEADER, (12 << (2 * level),))
    records = np.memmap(path, _RECORD, "r", HEADER + counts.nbytes, (int(counts[-1]),))
    parts = [records[int(counts[p - 1]) if p else 0: int(counts[p])] for p in pixels]
    found = np.concatenate(parts) if parts else records[:0]
    teff = found["teff"].astype(np.float64)
    stars = StarTable.make(found["ra"] / _SCALE, np.clip(found["dec"] / _SCALE, -90, 90), found["mag"] / 1000, _bv(teff),
                           found["pmra"].astype(np.float64), found["pmdec"].astype(np.float64))
    return cone(stars, ra, dec, radius)


def _bv(teff: Array) -> Array:
    """The inverse of :func:`temperature`."""
    grid = np.linspace(-0.39, 2.5, 300)
    t = temperature(grid)
    return np.where(teff > 0, np.interp(teff, t[::-1], grid[::-1]), np.nan)


def _pixels_in(ra: float, dec: float, radius: float, level: int) -> NDArray[np.int64]:
    """Pixels that a circle touches, found by sampling it at a quarter of their size."""
    step = 58.6 / (1 << level) / 4
    n = int(np.ceil((radius + 4 * step) / step))
    u, v = np.meshgrid(np.arange(-n, n + 1) * step, np.arange(-n, n + 1) * step)
    x, y, d = np.radians(u.ravel()), np.radians(v.ravel()), np.radians(dec)
    # Gnomonic plane about the centre, back to the sphere.
    a = np.radians(ra) + np.arctan2(x, np.cos(d) - y * np.sin(d))
    b = np.arctan2(np.sin(d) + y * np.cos(d), np.hypot(x, np.cos(d) - y * np.sin(d)))
    return np.unique(healpix(np.mod(np.degrees(a), 360), np.degrees(b), level))
