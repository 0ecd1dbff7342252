"""Gains from Siril's own calibrations: what they need is looked for first, since Siril dies of what is missing."""

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
from orchestrator.tools.environment import Surroundings
from orchestrator.tools.siril.cli import find_siril
from orchestrator.tools.siril.colour import SirilGains, pcc_gains, spcc_gains

__all__ = ["siril_gains", "spcc_names"]

SOURCE = "https://gitlab.com/free-astro/siril-spcc-database"


def siril_gains(image: NDArray[np.float32], header: fits.Header, config: RunConfig, where: Surroundings,
                report: dict[str, Any]) -> tuple[float, float, float]:
    """Gains of red, green (1) and blue by ``pcc.method`` siril_pcc or siril_spcc; figures go to the report.

    Raises
    ------
    Declined : something is missing, or too few stars were used. ToolError : Siril failed.
    """
    wcs = read_wcs(header)
    if wcs is None:
        raise Declined("the image has no WCS")
    found, facts = (_pcc(image, header, config, where) if config.pcc.method == "siril_pcc"
                    else _spcc(image, header, wcs, config, where))
    report.update(facts, stars_used=found.stars, gains=list(found.gains))
    if found.stars < config.pcc.min_stars:
        raise Declined(f"Siril used only {found.stars} stars, {config.pcc.min_stars} are needed")
    return found.gains


def _pcc(image: NDArray[np.float32], header: fits.Header, config: RunConfig,
         where: Surroundings) -> tuple[SirilGains, dict[str, Any]]:
    """Siril's pcc judges white by a reference of its own."""
    catalog = config.pcc.siril_catalog or next(iter(siril_catalogs()), None)
    if catalog is None:
        raise Declined("no catalog of Siril's was found; name one in pcc.siril_catalog, or see `orchestrate catalog write`")
    if not catalog.is_file():
        raise Declined(f"Siril's catalog {catalog} does not exist (pcc.siril_catalog)")
    siril = config.engine.siril
    found = pcc_gains(find_siril(siril.executable, words=True), image, header, catalog, where, config.pcc.timeout,
                      siril.templates)
    return found, {"source": "Siril's pcc", "catalog": str(catalog), "white_reference": "Siril's own"}


def _spcc(image: NDArray[np.float32], header: fits.Header, wcs: WCS, config: RunConfig,
          where: Surroundings) -> tuple[SirilGains, dict[str, Any]]:
    settings = config.pcc.spcc
    folder = next(iter(siril_spectra(settings.catalog)), None)
    if folder is None:
        raise Declined("no star spectra for Siril's spcc were found; install its SPCC catalog in Siril, or name the folder in "
                       "pcc.spcc.catalog")
    chunks = chunks_in(folder)
    needed = chunks_needed(*field_circle(wcs, (image.shape[1], image.shape[2])))
    if missing := [chunk_name(n) for n in needed if n not in chunks]:
        raise Declined(f"{folder} has not the spectra of this field: {' and '.join(missing)} must be there")
    database = sensor_database(settings.database)
    if database is None:
        raise Declined("Siril's database of sensors was not found; enable it in Siril's preferences, or "
                       f"`git clone {SOURCE}` and name the folder in pcc.spcc.database")
    names = spcc_names(settings, read_sensors(database), str(header.get("INSTRUME", "")))
    siril = config.engine.siril
    found = spcc_gains(find_siril(siril.executable, words=True), image, header, folder, database, names, where,
                       config.pcc.timeout, siril.templates)
    synthetic = any(chunks[n].synthetic for n in needed)
    ratios = {f"{c}/G": dict(zip(("zero", "slope", "sigma"), fit, strict=True)) for c, fit in found.fits.items()}
    return found, {"source": "Siril's spcc" + " with black bodies for spectra" * synthetic, "catalog": str(folder),
                   "synthetic_spectra": synthetic, "database": str(database), "named": list(names),
                   "white_reference": settings.white_reference, "flux_ratios": ratios}


def spcc_names(settings: Spcc, database: SensorDatabase, camera: str = "") -> tuple[str, ...]:
    """The options of spcc that name sensor, filters, bands and white reference; ``camera`` is that of the header.

    Raises
    ------
    Declined : a name is not in the database, or one is needed that was not given.
    """
    sensor = settings.sensor or _camera(camera, database)
    mono = sensor in database.names["monosensor"] and (settings.filters is not None or sensor not in database.names["oscsensor"])
    named: list[tuple[str, str, str]] = [("monosensor" if mono else "oscsensor", sensor, "sensor")]
    if mono and settings.filters:
        named += [(f"{c}filter", name, "filters") for c, name in zip("rgb", settings.filters, strict=True)]
    elif mono and settings.narrowband:  # Siril wants some, and does not use them
        named += [(f"{c}filter", min(database.names[f"{c}filter"], default=""), "filters") for c in "rgb"]
    elif mono:
        raise Declined(f"{sensor} is a mono sensor: its filters must be named in pcc.spcc.filters")
    else:
        named.append(("oscfilter", settings.filter, "filter"))
        if sensor in database.dslr and settings.lowpass is None:
            raise Declined(f"{sensor} needs its low-pass filter in pcc.spcc.lowpass: {_listed(database.names['osclpf'])}")
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
    """The sensor that bears the name of the camera."""
    for name in sorted(database.names["oscsensor"] | database.names["monosensor"]):
        if camera.strip() and name.lower() == camera.strip().lower():
            return name
    told = f"the camera {camera!r} of the header is none of Siril's sensors" if camera else "the header names no camera"
    raise Declined(f"{told}: name the sensor in pcc.spcc.sensor, one of {_listed(database.names['oscsensor'])}")


def _check(kind: str, name: str, setting: str, database: SensorDatabase) -> None:
    known = database.names[kind]
    if name not in known:
        near = difflib.get_close_matches(name, known, 3, 0.5)
        raise Declined(f"{name!r} (pcc.spcc.{setting}) is no {KINDS[kind]} of {database.folder}; "
                       f"{'like it are' if near else 'it has'} {_listed(near or known)}")


def _listed(names: frozenset[str] | list[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:12]) + (f" and {len(listed) - 12} more" if len(listed) > 12 else "") or "none"
