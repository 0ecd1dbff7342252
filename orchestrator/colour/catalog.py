"""Star catalogs with colours: a table that the user has, or Gaia DR3 over the network."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.celestial import separation
from orchestrator.errors import InputError, ToolError, ToolMissing
from tilecore.colour import SYSTEMS

__all__ = ["StarCatalog", "gaia", "has_astroquery", "read_catalog"]

FloatArray = NDArray[np.float64]

_ALIASES: dict[str, tuple[str, ...]] = {
    "ra": ("ra", "ra_deg", "ra_degrees", "radeg", "raj2000", "_raj2000", "ra_icrs", "ra_j2000", "alpha_j2000"),
    "dec": ("dec", "dec_deg", "dec_degrees", "decdeg", "dedeg", "dej2000", "_dej2000", "de_icrs", "dec_icrs", "dec_j2000",
            "delta_j2000"),
    "pmra": ("pmra", "pm_ra", "ra_mas_per_year"), "pmdec": ("pmdec", "pm_dec", "pmde", "dec_mas_per_year"),
    "B": ("b", "bmag", "b_mag", "mag_b", "bjmag", "johnson_mag_b"), "V": ("v", "vmag", "v_mag", "mag_v", "johnson_mag_v"),
    "BT": ("bt", "btmag", "bt_mag"), "VT": ("vt", "vtmag", "vt_mag"),
    "BP": ("bp", "bpmag", "bp_mag", "phot_bp_mean_mag"), "RP": ("rp", "rpmag", "rp_mag", "phot_rp_mean_mag"),
    "g": ("g", "gmag", "g_mag", "sloan_g", "mag_g", "g'mag"), "r": ("r", "rmag", "r_mag", "sloan_r", "mag_r", "r'mag"),
    "R": ("rc", "rcmag", "r_johnson"), "I": ("ic", "icmag", "i_johnson"),
    "magnitude": ("magnitude", "mag", "vmag", "v", "v_mag", "vtmag", "phot_g_mean_mag", "gmag", "g_mag"),
    "B-V": ("b-v", "bv", "b_v"), "BP-RP": ("bp-rp", "bp_rp", "bprp"), "BT-VT": ("bt-vt", "bt_vt"), "g-r": ("g-r", "g_r"),
    "V-R": ("v-r", "v_r"), "V-I": ("v-i", "v_i"),
}  # fmt: skip


@dataclass(frozen=True)
class StarCatalog:
    """Stars with a colour: ``ra``, ``dec`` (n,) in degrees (ICRS), ``magnitude`` (n,), ``colour`` (n,) of index ``system``."""

    ra: FloatArray
    dec: FloatArray
    magnitude: FloatArray
    colour: FloatArray
    system: str
    source: str

    def __len__(self) -> int:
        return len(self.ra)

    def within(self, ra: float, dec: float, radius: float) -> StarCatalog:
        """The stars less than ``radius`` degrees from a position, brightest first."""
        near = np.flatnonzero(separation(ra, dec, self.ra, self.dec) < radius)
        near = near[np.argsort(self.magnitude[near], kind="stable")]
        return StarCatalog(self.ra[near], self.dec[near], self.magnitude[near], self.colour[near], self.system, self.source)


def read_catalog(path: Path, columns: Mapping[str, str] | None = None, year: float | None = None) -> StarCatalog:
    """Read CSV, ECSV, FITS or parquet: ra, dec in degrees and two magnitudes, or one magnitude and a colour index.

    Columns are found by their usual names; ``columns`` names others (``{"ra": "RA_deg", "B": "blue", "V": "visual"}``).
    With ``year``, proper motions in mas/yr (from J2000, that of RA times cos dec) are applied where there are any.

    Raises
    ------
    InputError : the file cannot be read, or a column is missing; it names those that were found.
    """
    if not path.is_file():
        raise InputError(f"The star catalog {path} does not exist.", "Correct pcc.catalog.")
    names = _names(path)
    lower = {name.lower(): name for name in names}
    chosen = dict(columns or {})
    for name, column in chosen.items():
        if column not in names:
            raise InputError(f"{path} has no column {column!r} (pcc.columns.{name}).", f"It has: {', '.join(names)}.")

    def find(name: str) -> str | None:
        return chosen.get(name) or next((lower[a] for a in _ALIASES[name] if a in lower), None)

    ra, dec = find("ra"), find("dec")
    if ra is None or dec is None:
        raise InputError(f"{path} has no columns for ra and dec.", f"It has: {', '.join(names)}. Name them with pcc.columns.")
    system, first, second = _bands(path, names, find)
    motion = [find("pmra"), find("pmdec")] if year is not None else [None, None]
    table = _load(path, [c for c in (ra, dec, first, second, *motion) if c is not None])
    values = {name: np.asarray(np.ma.filled(np.ma.asarray(table[name], np.float64), np.nan), np.float64) for name in table}
    colour = values[first] if find(system) == first else values[first] - values[second]
    magnitude = values[second]
    position = values[ra], values[dec]
    if motion[0] and motion[1] and year is not None:
        years = year - 2000.0
        shift = [np.nan_to_num(values[str(m)]) * years / 3.6e6 for m in motion]
        position = position[0] + shift[0] / np.maximum(np.cos(np.radians(position[1])), 1e-6), position[1] + shift[1]
    good = np.isfinite(position[0]) & np.isfinite(position[1]) & np.isfinite(colour) & np.isfinite(magnitude)
    if not good.any():
        raise InputError(f"No star of {path} has a position, a magnitude and a colour.", "Give another catalog.")
    return StarCatalog(position[0][good] % 360, position[1][good], magnitude[good], colour[good], system, path.name)


def _bands(path: Path, names: Sequence[str], find: Callable[[str], str | None]) -> tuple[str, str, str]:
    """The colour system with its two columns: (index, magnitude) or (bluer, redder magnitude)."""
    for system in SYSTEMS:
        index, magnitude = find(system), find("magnitude")
        if index and magnitude:
            return system, index, magnitude
        first, second = (find(b) for b in system.split("-"))
        if first and second:
            return system, first, second
    raise InputError(f"{path} has no two magnitudes of one system.",
                     f"One of {', '.join(SYSTEMS)} is needed; it has: {', '.join(names)}. Name them with pcc.columns.")


def _names(path: Path) -> list[str]:
    if path.suffix == ".parquet":
        return list(_parquet(path).schema.names)
    return [str(n) for n in _table(path).colnames]


def _load(path: Path, names: list[str]) -> dict[str, Any]:
    if path.suffix == ".parquet":
        table = _parquet(path).read(columns=names)
        return {name: table[name].to_numpy(zero_copy_only=False) for name in names}
    table = _table(path)
    return {name: table[name] for name in names}


def _parquet(path: Path) -> Any:
    if importlib.util.find_spec("pyarrow") is None:
        raise InputError(f"{path} is parquet, which needs pyarrow.", "pip install pyarrow, or convert the catalog to CSV.")
    import pyarrow.parquet

    try:
        return pyarrow.parquet.ParquetFile(path)
    except Exception as error:  # pyarrow has errors of its own
        raise InputError(f"{path} cannot be read as parquet: {error}.", "Copy it again.") from error


def _table(path: Path) -> Any:
    from astropy.table import Table

    kinds = {".csv": "ascii.csv", ".ecsv": "ascii.ecsv", ".fits": "fits", ".fit": "fits"}
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise InputError(f"{path} is no catalog that can be read.", f"Give one of {', '.join(kinds)}, .parquet.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Table.read(path, format=kind)
    except Exception as error:  # astropy's readers raise anything
        raise InputError(f"{path} cannot be read as a table: {error}.", "Copy it again, or convert it to CSV.") from error


def has_astroquery() -> bool:
    return importlib.util.find_spec("astroquery") is not None


def gaia(ra: float, dec: float, radius: float, *, limit: int = 2000, faintest: float = 17.0,
         timeout: float = 60.0) -> StarCatalog:
    """Gaia DR3 around a position (degrees) from VizieR, the brightest ``limit`` stars.

    Raises
    ------
    ToolMissing : astroquery is not installed. ToolError : the network or the service fails.
    """
    if not has_astroquery():
        raise ToolMissing("astroquery is not installed.", "pip install astroquery, or give pcc.catalog.", tool="astroquery")
    from astropy import units
    from astropy.coordinates import SkyCoord
    from astroquery.vizier import Vizier

    service = Vizier(columns=["RA_ICRS", "DE_ICRS", "Gmag", "BPmag", "RPmag", "+Gmag"], row_limit=limit,
                     column_filters={"Gmag": f"<{faintest}"}, timeout=timeout)
    try:
        found = service.query_region(SkyCoord(ra, dec, unit="deg"), radius=radius * units.deg, catalog="I/355/gaiadr3")
        table = found[0]
    except Exception as error:  # requests, VOTable, an empty answer
        raise ToolError(f"Gaia DR3 cannot be asked: {error!r}.", "Check the network, or give pcc.catalog.",
                        tool="astroquery") from error
    values = [np.asarray(np.ma.filled(np.ma.asarray(table[n], np.float64), np.nan)) for n in
              ("RA_ICRS", "DE_ICRS", "Gmag", "BPmag", "RPmag")]
    good = np.isfinite(values).all(axis=0)
    return StarCatalog(values[0][good], values[1][good], values[2][good], (values[3] - values[4])[good], "BP-RP", "Gaia DR3")
