"""Channel gains from Siril's colour calibrations. Their data are checked first, since Siril dies if some are missing."""

from __future__ import annotations

import difflib
from typing import Any

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray

from orchestrator.astrometry.verify import field_circle
from orchestrator.catalogs.installed import sensor_database, siril_catalogs, siril_spectra
from orchestrator.catalogs.siril_sensors import KINDS, SensorDatabase, read_sensors
from orchestrator.catalogs.siril_spectra import chunk_name, chunks_in, chunks_needed
from orchestrator.colour.result import Declined
from orchestrator.config.postprocessing import Spcc
from orchestrator.config.settings import RunConfig
from orchestrator.io.wcs_header import read_wcs
from orchestrator.message import Message
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.siril.cli import find_siril
from orchestrator.tools.siril.colour import SirilGains, SpccData, pcc_gains, spcc_gains

__all__ = ["siril_gains", "spcc_options"]

# Repository of the sensor database.
SOURCE = "https://gitlab.com/free-astro/siril-spcc-database"
# Names that a message lists.
MOST_LISTED = 12
# Similar names that a message lists, and how similar they must be (0 to 1).
MOST_SIMILAR = 3
LEAST_SIMILARITY = 0.5


def siril_gains(image: NDArray[np.float32], header: fits.Header, config: RunConfig, environment: ToolEnvironment,
                report: dict[str, Any]) -> tuple[float, float, float]:
    """Gains of red, green (1) and blue with ``pcc.method`` siril_pcc or siril_spcc; figures are added to the report.

    Raises
    ------
    Declined : data are missing, or too few stars were used.
    ToolError : Siril failed.
    """
    wcs = read_wcs(header)
    if wcs is None:
        raise Declined("the image has no WCS")
    found, facts = (_pcc(image, header, config, environment) if config.pcc.method == "siril_pcc"
                    else _spcc(image, header, wcs, config, environment))
    report.update(facts, stars_used=found.stars, gains=list(found.gains))
    if found.stars < config.pcc.min_stars:
        raise Declined(Message("Siril used only {stars} stars, {min_stars} are needed", stars=found.stars,
                               min_stars=config.pcc.min_stars))
    return found.gains


def _pcc(image: NDArray[np.float32], header: fits.Header, config: RunConfig,
         environment: ToolEnvironment) -> tuple[SirilGains, dict[str, Any]]:
    """By pcc, whose white reference is built in."""
    catalog = config.pcc.siril_catalog or next(iter(siril_catalogs()), None)
    if catalog is None:
        raise Declined("no catalog for Siril was found; set pcc.siril_catalog, or see `orchestrate catalog write`")
    if not catalog.is_file():
        raise Declined(Message("Siril's catalog {catalog} does not exist (pcc.siril_catalog)", catalog=catalog))
    siril = config.engine.siril
    found = pcc_gains(find_siril(siril.executable, read_output=True), image, header, catalog, environment, config.pcc.timeout,
                      siril.templates)
    return found, {"source": "siril_pcc", "catalog": str(catalog), "white_reference": "Siril's own"}


def _spcc(image: NDArray[np.float32], header: fits.Header, wcs: WCS, config: RunConfig,
          environment: ToolEnvironment) -> tuple[SirilGains, dict[str, Any]]:
    settings = config.pcc.spcc
    folder = next(iter(siril_spectra(settings.catalog)), None)
    if folder is None:
        raise Declined("no star spectra for Siril's spcc were found; install its SPCC catalog in Siril, or set the folder in "
                       "pcc.spcc.catalog")
    chunks = chunks_in(folder)
    needed = chunks_needed(*field_circle(wcs, (image.shape[1], image.shape[2])))
    if missing := [chunk_name(n) for n in needed if n not in chunks]:
        raise Declined(Message("{folder} lacks the spectra of this field: {missing}", folder=folder,
                               missing=" and ".join(missing)))
    database = sensor_database(settings.database)
    if database is None:
        raise Declined(Message("Siril's database of sensors was not found; enable it in Siril's preferences, or `git clone "
                               "{source}` and set the folder in pcc.spcc.database", source=SOURCE))
    options = spcc_options(settings, read_sensors(database), str(header.get("INSTRUME", "")))
    siril = config.engine.siril
    found = spcc_gains(find_siril(siril.executable, read_output=True), image, header, SpccData(folder, database, options),
                       environment, config.pcc.timeout, siril.templates)
    synthetic = any(chunks[n].synthetic for n in needed)
    ratios = {f"{c}/G": dict(zip(("zero", "slope", "sigma"), fit, strict=True)) for c, fit in found.fits.items()}
    return found, {"source": "siril_spcc_black_bodies" if synthetic else "siril_spcc", "catalog": str(folder),
                   "synthetic_spectra": synthetic, "database": str(database), "named": list(options),
                   "white_reference": settings.white_reference, "flux_ratios": ratios}


def spcc_options(settings: Spcc, database: SensorDatabase, camera: str = "") -> tuple[str, ...]:
    """Options of spcc that name sensor, filters, bands and white reference.

    Parameters
    ----------
    camera : the camera named in the header.

    Raises
    ------
    Declined : a name is not in the database, or a setting is missing.
    """
    sensor = settings.sensor or _camera(camera, database)
    mono = sensor in database.names["monosensor"] and (settings.filters is not None or sensor not in database.names["oscsensor"])
    named: list[tuple[str, str, str]] = [("monosensor" if mono else "oscsensor", sensor, "sensor")]
    if mono and settings.filters:
        named += [(f"{c}filter", name, "filters") for c, name in zip("rgb", settings.filters, strict=True)]
    elif mono and settings.narrowband:  # Siril requires filters, but does not use them
        named += [(f"{c}filter", min(database.names[f"{c}filter"], default=""), "filters") for c in "rgb"]
    elif mono:
        raise Declined(Message("{sensor} is a mono sensor: set its filters in pcc.spcc.filters", sensor=sensor))
    else:
        named.append(("oscfilter", settings.filter, "filter"))
        if sensor in database.dslr and settings.lowpass is None:
            raise Declined(Message("{sensor} needs a low-pass filter; set pcc.spcc.lowpass to one of {osclpf}", sensor=sensor,
                                   osclpf=_listed(database.names["osclpf"])))
        if settings.lowpass is not None:
            named.append(("osclpf", settings.lowpass, "lowpass"))
    named.append(("whiteref", settings.white_reference, "white_reference"))
    for kind, name, setting in named:
        _check(kind, name, setting, database)
    options = [f"-{kind}={name}" for kind, name, _ in named]
    if settings.narrowband:
        options.append("-narrowband")
        for c, (wavelength, width) in zip("rgb", settings.narrowband, strict=True):
            options += [f"-{c}wl={wavelength:g}", f"-{c}bw={width:g}"]
    return tuple(options)


def _camera(camera: str, database: SensorDatabase) -> str:
    """The sensor with the name of the camera."""
    for name in sorted(database.names["oscsensor"] | database.names["monosensor"]):
        if camera.strip() and name.lower() == camera.strip().lower():
            return name
    reason = Message("the camera {camera!r} of the header is not in Siril's sensor database",
                     camera=camera) if camera else "the header names no camera"
    raise Declined(Message("{reason}: set pcc.spcc.sensor to one of {oscsensor}", reason=reason,
                           oscsensor=_listed(database.names["oscsensor"])))


def _check(kind: str, name: str, setting: str, database: SensorDatabase) -> None:
    known = database.names[kind]
    if name not in known:
        similar = difflib.get_close_matches(name, known, MOST_SIMILAR, LEAST_SIMILARITY)
        raise Declined(Message("{name!r} (pcc.spcc.{setting}) is not a {kinds} in {folder}; {similar}: {similar2}", name=name,
                               setting=setting, kinds=KINDS[kind], folder=database.folder,
                               similar=Message("similar names") if similar else Message("it has"),
                               similar2=_listed(similar or known)))


def _listed(names: frozenset[str] | list[str]) -> str:
    listed = sorted(names)
    more = Message(" and {count} more", count=len(listed) - MOST_LISTED) if len(listed) > MOST_LISTED else ""
    return ", ".join(listed[:MOST_LISTED]) + more or "none"
