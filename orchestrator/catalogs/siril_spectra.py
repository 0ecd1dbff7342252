"""Writes and reads the sampled spectra of Siril's spcc (``core.catalogue_gaia_photo``): Gaia spectra in 48 chunks of the sky.

A chunk is little-endian: the header of :mod:`orchestrator.catalogs.siril`, cumulative counts of its HEALPix pixels, packed
records of 701 bytes. A flux is a half-precision number divided by 10 to the power of its star's exponent.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.catalogs.healpix import healpix, pixels_in
from orchestrator.catalogs.siril import HEAD, HEADER, LEVEL, SCALE, temperature
from orchestrator.catalogs.stars import SAMPLES, StarTable
from orchestrator.errors import InputError
from orchestrator.io.atomic import whole_file

__all__ = ["WAVELENGTHS", "Chunk", "black_bodies", "chunk_name", "chunks_in", "chunks_needed", "write_spectra"]

# Second radiation constant h c / k in nm K.
C2 = 1.4387769e7
# Of the samples, in nm.
WAVELENGTHS = 336.0 + 2 * np.arange(SAMPLES)
# Wavelength of V in nm, and the flux in W m^-2 nm^-1 there of a star with V = 0.
V_WAVELENGTH = 550
V_ZERO = 3.63e-11
# HEALPix level of the chunks, and the bits that a pixel number has beyond the number of its chunk.
CHUNK_LEVEL = 1
SHIFT = 2 * (LEVEL - CHUNK_LEVEL)
# Somewhat below the largest half-precision number.
LARGEST = 60000.0
# Titles of the files.
MEASURED = b"star spectra written by orchestrate"
SYNTHETIC = b"black bodies of star colours, by orchestrate"
_RECORD = np.dtype([("ra", "<i4"), ("dec", "<i4"), ("pmra", "<i2"), ("pmdec", "<i2"), ("mag", "<i2"), ("exponent", "u1"),
                    ("flux", "<f2", SAMPLES)])
_NAME = re.compile(rf"siril_cat{CHUNK_LEVEL}_healpix{LEVEL}_xpsamp_(\d+)\.dat")

Spectra = NDArray[np.float32]


@dataclass(frozen=True)
class Chunk:
    """One file: its number of stars, and whether its spectra are only black bodies of the stars' colours."""

    path: Path
    stars: int
    synthetic: bool


def chunk_name(number: int) -> str:
    """File name of a chunk."""
    return f"siril_cat{CHUNK_LEVEL}_healpix{LEVEL}_xpsamp_{number}.dat"


def chunks_in(folder: Path) -> dict[int, Chunk]:
    """The chunks of a folder by number.

    Raises
    ------
    InputError : one of them is incomplete.
    """
    found = {int(m[1]): path for path in (folder.iterdir() if folder.is_dir() else ()) if (m := _NAME.fullmatch(path.name))}
    return {number: _read_chunk(path) for number, path in sorted(found.items())}


def _read_chunk(path: Path) -> Chunk:
    size = path.stat().st_size
    with path.open("rb") as stream:
        raw, counts = stream.read(HEADER), stream.read(4 << SHIFT)
    if len(counts) == 4 << SHIFT:
        head, stars = np.frombuffer(raw, HEAD, 1)[0], int.from_bytes(counts[-4:], "little")
        if head["chunked"] and head["level"] == LEVEL and size >= HEADER + len(counts) + stars * _RECORD.itemsize:
            return Chunk(path, stars, bool(head["title"] == SYNTHETIC))
    raise InputError(f"{path} is not a complete chunk of spectra for Siril.", "Download it again, and unpack it (.bz2).")


def chunks_needed(ra: float, dec: float, radius: float) -> list[int]:
    """Numbers of the chunks that a circle on the sky (degrees) touches."""
    return sorted({int(n) for n in pixels_in(ra, dec, radius, LEVEL) >> SHIFT})


def black_bodies(stars: StarTable) -> Spectra:
    """Spectra of black bodies with the B-V and magnitude (taken as V) of each star, NaN without a colour. For trials only."""
    kelvin = temperature(stars.bv)
    kelvin = np.where(kelvin > 0, kelvin, np.nan)[:, None]
    shape = (V_WAVELENGTH / WAVELENGTHS) ** 5 * np.expm1(C2 / (V_WAVELENGTH * kelvin)) / np.expm1(C2 / (WAVELENGTHS * kelvin))
    return np.asarray(V_ZERO * 10 ** (-0.4 * stars.mag[:, None]) * shape, np.float32)


def write_spectra(stars: StarTable, folder: Path, *, synthetic: bool = False) -> int:
    """Write the chunks that have stars with a spectrum, and return the number of these stars.

    Parameters
    ----------
    synthetic : write black bodies of the stars' colours instead of spectra; the title of the files shows this.
    """
    spectra: Callable[[StarTable], Spectra] = black_bodies if synthetic else _measured
    pixel = healpix(stars.ra, stars.dec, LEVEL)
    chunk, written = pixel >> SHIFT, 0
    for number in np.unique(chunk):
        here = np.flatnonzero(chunk == number)
        here = here[np.argsort(pixel[here], kind="stable")]
        flux = spectra(stars[here])
        good = np.isfinite(flux).all(axis=1) & (flux.max(axis=1) > 0)
        if good.any():
            _write_chunk(stars[here[good]], pixel[here[good]], flux[good], int(number), folder, synthetic)
            written += int(good.sum())
    return written


def _measured(stars: StarTable) -> Spectra:
    if stars.flux is None:
        raise ValueError("the stars have no spectra")
    return stars.flux


def _write_chunk(stars: StarTable, pixel: NDArray[np.int64], flux: Spectra, number: int, folder: Path, synthetic: bool) -> None:
    records, limit = np.zeros(len(stars), _RECORD), np.iinfo(np.int16)
    for name, values in (("ra", stars.ra * SCALE), ("dec", stars.dec * SCALE), ("pmra", stars.pmra), ("pmdec", stars.pmdec),
                         ("mag", stars.mag * 1000)):
        records[name] = np.rint(values if name in ("ra", "dec") else np.clip(values, limit.min, limit.max))
    exponent = np.floor(np.log10(LARGEST / np.abs(flux).max(axis=1).astype(np.float64))).clip(0, 255)
    records["exponent"], records["flux"] = exponent, flux * 10.0 ** exponent[:, None]
    first = number << SHIFT
    head = np.zeros((), HEAD)
    head["title"], head["gaia"], head["level"], head["type"] = SYNTHETIC if synthetic else MEASURED, 3, LEVEL, 2
    head["chunked"], head["chunk_level"], head["chunk"] = 1, CHUNK_LEVEL, (number, first, first + (1 << SHIFT) - 1)
    counts = np.cumsum(np.bincount(pixel - first, minlength=1 << SHIFT)).astype("<u4")
    folder.mkdir(parents=True, exist_ok=True)
    with whole_file(folder / chunk_name(number)) as stream:
        for part in (head, counts, records):
            stream.write(part.tobytes())
