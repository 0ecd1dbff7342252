"""A table of stars, read from the file formats of public catalogs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.catalogs.columns import StarFile
from orchestrator.errors import InputError
from orchestrator.io.wcs_header import separation

__all__ = ["SAMPLES", "StarTable", "cone", "read_stars"]

Array = NDArray[np.float64]

# Points of a sampled spectrum of Gaia: 336 to 1020 nm in steps of 2.
SAMPLES = 343
# Milliarcseconds in a degree.
MAS_PER_DEGREE = 3.6e6
# Smallest cosine of a declination by which a proper motion is divided.
LEAST_COSINE = 1e-4
# B-V from BP-RP: slope and zero point (Gaia EDR3 documentation, table 5.9).
BV_SLOPE = 0.813
BV_ZERO = -0.019
# B-V from BT-VT (ESA 1997, SP-1200).
BT_VT_SLOPE = 0.85


@dataclass(frozen=True)
class StarTable:
    """Stars, brightest first; all arrays have shape (n,).

    ``ra``, ``dec`` in degrees (ICRS); ``mag`` in the band of the catalog; ``bv`` is B-V, NaN if unknown;
    ``pmra`` (times cos dec) and ``pmdec`` in mas/yr, 0 if unknown. ``flux`` (n, :data:`SAMPLES`) are sampled spectra in
    W m^-2 nm^-1, NaN for stars without one, or None.
    """

    ra: Array
    dec: Array
    mag: Array
    bv: Array
    pmra: Array
    pmdec: Array
    flux: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.ra)

    def __getitem__(self, which: NDArray[np.bool_] | NDArray[np.intp] | slice) -> StarTable:
        return StarTable(self.ra[which], self.dec[which], self.mag[which], self.bv[which], self.pmra[which], self.pmdec[which],
                         None if self.flux is None else self.flux[which])

    @classmethod
    def make(cls, ra: Array, dec: Array, mag: Array, bv: Array | None = None, pmra: Array | None = None,
             pmdec: Array | None = None, flux: NDArray[np.float32] | None = None) -> StarTable:
        """A table from the columns given; rows without a position or magnitude are dropped, the others sorted by magnitude."""
        n = len(ra)
        ra, dec, mag, bv, pmra, pmdec = (np.asarray(a, np.float64) for a in (
            np.mod(ra, 360.0), dec, mag, np.full(n, np.nan) if bv is None else bv,
            np.zeros(n) if pmra is None else np.nan_to_num(pmra), np.zeros(n) if pmdec is None else np.nan_to_num(pmdec)))
        table = cls(ra, dec, mag, bv, pmra, pmdec, flux)
        good = np.isfinite(table.ra) & (np.abs(table.dec) <= 90) & np.isfinite(table.mag)
        return table[np.flatnonzero(good)[np.argsort(table.mag[good], kind="stable")]]

    def at_epoch(self, years: float) -> StarTable:
        """The stars, moved by ``years`` of proper motion."""
        degrees = years / MAS_PER_DEGREE
        cosine = np.maximum(np.cos(np.radians(self.dec)), LEAST_COSINE)
        dec = np.clip(self.dec + self.pmdec * degrees, -90, 90)
        return replace(self, ra=np.mod(self.ra + self.pmra * degrees / cosine, 360), dec=dec)


def cone(stars: StarTable, ra: float, dec: float, radius: float) -> StarTable:
    """The stars within ``radius`` degrees of a position."""
    return stars[separation(ra, dec, stars.ra, stars.dec) <= radius]


def read_stars(path: Path, columns: Mapping[str, str] | None = None, *, spectra: bool = False) -> StarTable:
    """Read the stars of a catalog file, see :class:`orchestrator.catalogs.columns.StarFile`.

    Parameters
    ----------
    columns : names of columns that are not recognised, by quantity.
    spectra : whether to read sampled spectra too.

    Raises
    ------
    InputError : the file cannot be read, or has no position or magnitude.
    """
    file = StarFile(path, columns)
    ra, dec, mag = (file.get(what) for what in ("ra", "dec", "mag"))
    if ra is None or dec is None or mag is None:
        missing = [what for what in ("ra", "dec", "mag") if not file.has(what)]
        raise InputError(f"{path}: no column for {', '.join(missing)} was recognised among {', '.join(file.names)}.",
                         "Name it, e.g. --column mag=Vmag.")
    stars = StarTable.make(ra, dec, mag, _bv(file), file.get("pmra"), file.get("pmdec"),
                           file.spectra(SAMPLES) if spectra else None)
    if not len(stars):
        raise InputError(f"{path} has no star with position and magnitude.", "Choose another catalog.")
    return stars


def _bv(file: StarFile) -> Array | None:
    """B-V from the first colour that the file has."""
    if (bv := file.get("B-V")) is not None:
        return bv
    if (bp_rp := file.get("BP-RP")) is not None:
        return bv_from_bp_rp(bp_rp)
    for first, second, slope in (("B", "V", 1.0), ("BT", "VT", BT_VT_SLOPE)):
        one, other = file.get(first), file.get(second)
        if one is not None and other is not None:
            return slope * (one - other)
    return None


def bv_from_bp_rp(bp_rp: Array) -> Array:
    """B-V from BP-RP of Gaia: a line through table 5.9 of the Gaia EDR3 documentation (good to 0.05 mag for -0.3 < B-V < 1.5)."""
    return np.asarray(BV_SLOPE * bp_rp + BV_ZERO)
