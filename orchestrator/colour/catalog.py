"""Star catalogs with colours: a table of the user, or Gaia DR3 over the network."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.catalogs.columns import StarFile
from orchestrator.errors import InputError, ToolError, ToolMissing
from orchestrator.io.wcs_header import separation
from orchestrator.message import Message
from orchestrator.version import install_command
from tilecore.colour import SYSTEMS

__all__ = ["StarCatalog", "gaia", "has_astroquery", "read_catalog"]

FloatArray = NDArray[np.float64]

# Epoch of the positions of a catalog.
EPOCH = 2000.0
# Milliarcseconds in a degree.
MAS_PER_DEGREE = 3.6e6
# Smallest cosine of a declination by which a proper motion is divided.
LEAST_COSINE = 1e-6


@dataclass(frozen=True)
class StarCatalog:
    """Stars with a colour: ``ra``, ``dec`` (n,) in degrees (ICRS), ``magnitude`` (n,) in ``band``, ``colour`` (n,) as index
    ``system``."""

    ra: FloatArray
    dec: FloatArray
    magnitude: FloatArray
    colour: FloatArray
    system: str
    source: str
    band: str = "catalog"

    def __len__(self) -> int:
        return len(self.ra)

    def within(self, ra: float, dec: float, radius: float) -> StarCatalog:
        """The stars within ``radius`` degrees of a position, brightest first."""
        near = np.flatnonzero(separation(ra, dec, self.ra, self.dec) < radius)
        near = near[np.argsort(self.magnitude[near], kind="stable")]
        return StarCatalog(self.ra[near], self.dec[near], self.magnitude[near], self.colour[near], self.system, self.source,
                           self.band)


def read_catalog(path: Path, columns: Mapping[str, str] | None = None, year: float | None = None) -> StarCatalog:
    """Read a catalog file: ra, dec in degrees and two magnitudes, or one magnitude and a colour index.

    Columns are recognised by name (:data:`orchestrator.catalogs.columns.COLUMNS`).

    Parameters
    ----------
    columns : names of columns that are not recognised (``{"ra": "RA_deg", "B": "blue", "V": "visual"}``).
    year : epoch to which proper motions in mas/yr (from J2000, that of RA times cos dec) are applied, if the file has them.

    Raises
    ------
    InputError : the file cannot be read, or a column is missing; the message names the columns of the file.
    """
    file = StarFile(path, columns)
    ra, dec = file.get("ra"), file.get("dec")
    if ra is None or dec is None:
        raise InputError(Message("{path} has no columns for ra and dec.", path=path),
                         Message("Its columns: {names}. Set pcc.columns.", names=", ".join(file.names)))
    system, colour, magnitude, band = _colours(file)
    pmra, pmdec = file.get("pmra"), file.get("pmdec")
    if pmra is not None and pmdec is not None and year is not None:
        years = (year - EPOCH) / MAS_PER_DEGREE
        ra = ra + np.nan_to_num(pmra) * years / np.maximum(np.cos(np.radians(dec)), LEAST_COSINE)
        dec = dec + np.nan_to_num(pmdec) * years
    good = np.isfinite(ra) & np.isfinite(dec) & np.isfinite(colour) & np.isfinite(magnitude)
    if not good.any():
        raise InputError(Message("No star of {path} has a position, a magnitude and a colour.",
                                 path=path), "Give another catalog.")
    return StarCatalog(ra[good] % 360, dec[good], magnitude[good], colour[good], system, path.name, band)


def _colours(file: StarFile) -> tuple[str, FloatArray, FloatArray, str]:
    """The colour system, its index and a magnitude, (n,) each, and the band of that."""
    for system in SYSTEMS:
        index, magnitude = file.get(system), file.get("mag")
        if index is not None and magnitude is not None:
            return system, index, magnitude, "catalog"
        first, second = (file.get(band) for band in system.split("-"))
        if first is not None and second is not None:
            return system, first - second, second, system.split("-")[1]
    raise InputError(Message("{file} has no two magnitudes of one colour system.", file=file.path),
                     Message("One of {systems} is needed. Its columns: {names}. Set pcc.columns.", systems=", ".join(SYSTEMS),
                             names=", ".join(file.names)))


def has_astroquery() -> bool:
    """Whether the package for queries over the network is installed."""
    return importlib.util.find_spec("astroquery") is not None


def gaia(ra: float, dec: float, radius: float, *, limit: int = 2000, faintest: float = 17.0,
         timeout: float = 60.0) -> StarCatalog:
    """Gaia DR3 around a position (degrees) from VizieR, the brightest ``limit`` stars.

    Raises
    ------
    ToolMissing : astroquery is not installed.
    ToolError : the network or the service fails.
    """
    if not has_astroquery():
        raise ToolMissing("astroquery is not installed.", Message("{value}, or give pcc.catalog.",
                                                                  value=install_command("astroquery")),
                          tool="astroquery")
    from astropy import units
    from astropy.coordinates import SkyCoord
    from astroquery.vizier import Vizier

    service = Vizier(columns=["RA_ICRS", "DE_ICRS", "Gmag", "BPmag", "RPmag", "+Gmag"], row_limit=limit,
                     column_filters={"Gmag": f"<{faintest}"}, timeout=timeout)
    try:
        found = service.query_region(SkyCoord(ra, dec, unit="deg"), radius=radius * units.deg, catalog="I/355/gaiadr3")
        table = found[0]
    except Exception as error:  # requests, VOTable, an empty answer
        raise ToolError(Message("The query of Gaia DR3 failed: {error!r}.",
                                error=error), "Check the network, or give pcc.catalog.",
                        tool="astroquery") from error
    values = [np.asarray(np.ma.filled(np.ma.asarray(table[n], np.float64), np.nan)) for n in
              ("RA_ICRS", "DE_ICRS", "Gmag", "BPmag", "RPmag")]
    good = np.isfinite(values).all(axis=0)
    return StarCatalog(values[0][good], values[1][good], values[2][good], (values[3] - values[4])[good], "BP-RP", "Gaia DR3", "G")
