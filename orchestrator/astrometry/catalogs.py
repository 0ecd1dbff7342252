"""Lists the installed star catalogs, and writes catalogs from a table of stars."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from orchestrator.catalogs import astap as astap_format
from orchestrator.catalogs import siril as siril_format
from orchestrator.catalogs.installed import (
    ASTAP_FOLDER,
    INDEX_FOLDER,
    SIRIL_FILE,
    SPECTRA_FOLDER,
    Installed,
    own_folder,
    sensor_database,
    siril_catalogs,
    siril_spectra,
)
from orchestrator.catalogs.siril_sensors import read_sensors
from orchestrator.catalogs.siril_spectra import chunks_in, write_spectra
from orchestrator.catalogs.stars import SAMPLES, StarTable, read_stars
from orchestrator.errors import InputError, RunError, ToolError
from orchestrator.io.raw_guard import refuse_folder
from orchestrator.message import Message
from orchestrator.tools.astap import astap_databases, data_folders, find_astap
from orchestrator.tools.astrometry_net import build_index, find_index_builder, index_files, index_folders

__all__ = ["CatalogOptions", "installed", "write_catalogs"]

# Chunks of Siril's spectra that cover the whole sky.
ALL_CHUNKS = 48


@dataclass(frozen=True)
class CatalogOptions:
    """Options for writing catalogs.

    Parameters
    ----------
    name : of the ASTAP database, such as d05; its digits times 100 are the stars per square degree that ASTAP expects.
    limit : faintest magnitude.
    years : of proper motion by which the stars are moved.
    columns : names of columns that are not recognised, by what they hold.
    presets : of the astrometry.net indexes: quads of 2 * sqrt(2)**preset arcmin.
    synthetic : black bodies of the stars' colours, if the table has no spectra.
    """

    name: str = "d05"
    limit: float | None = None
    years: float = 0.0
    columns: Mapping[str, str] = field(default_factory=dict)
    presets: Sequence[int] = (4, 6, 8)
    synthetic: bool = False


def installed() -> list[Installed]:
    """All catalogs in the folders in which the solvers search."""
    try:
        program = find_astap().path
    except ToolError:
        program = None
    own = own_folder()
    found = []
    for database in astap_databases(data_folders(program, own=own / ASTAP_FOLDER)):
        complete = database.is_complete()
        what = Message("{database} (.{format}), up to {density} stars per square degree", database=database.name,
                       format=database.format, density=database.density)
        allows = Message("ASTAP and faster-astap, fields up to {widest_field:g} deg", widest_field=database.layout.widest_field)
        found.append(Installed("ASTAP", database.folder, what if complete else what + ", cells are missing", allows, complete))
    for path in siril_catalogs():
        stars = siril_format.count(path)
        found.append(Installed("Siril", path, Message("Gaia format, {stars} stars",
                                                      stars=stars), "Siril platesolve and pcc, no blind solving"))
    found += [_spectra(folder) for folder in siril_spectra()]
    if (folder := sensor_database()) is not None:
        names = read_sensors(folder).names
        what = Message("{count} colour and {count2} mono sensors, {count3} whites", count=len(names["oscsensor"]),
                       count2=len(names["monosensor"]), count3=len(names["whiteref"]))
        found.append(Installed("Siril sensors", folder, what, "Siril spcc"))
    for folder in index_folders(own=own / INDEX_FOLDER):
        files = index_files(folder)
        size = sum(f.stat().st_size for f in files) / 2**20
        what = Message("{count} index files, {size:.0f} MiB", count=len(files), size=size)
        found.append(Installed("astrometry.net", folder, what, "solve-field and the package astrometry, also blind"))
    return found


def _spectra(folder: Path) -> Installed:
    try:
        chunks = chunks_in(folder).values()
    except InputError as error:
        return Installed("Siril spectra", folder, error.message, "", False)
    synthetic = any(c.synthetic for c in chunks)
    what = Message("{count} of {all_chunks} chunks of the sky, {value} stars", count=len(chunks), all_chunks=ALL_CHUNKS,
                   value=sum(c.stars for c in chunks))
    return Installed("Siril spectra", folder, what + ", black bodies of star colours" * synthetic,
                     "trials of Siril spcc" if synthetic else "Siril spcc")


def write_catalogs(table: Path, kinds: Sequence[str], folder: Path | None = None,
                   options: CatalogOptions | None = None) -> list[tuple[str, Path]]:
    """Write a table of stars as star catalogs.

    Parameters
    ----------
    table : a file that :func:`orchestrator.catalogs.stars.read_stars` reads.
    kinds : formats: astap (.1476), astap-wide (.290), siril, siril-spectra, astrometry.net.
    folder : where to write; the folder of this program's catalogs by default.

    Returns
    -------
    a description and the path of each catalog.

    Raises
    ------
    InputError, ConfigError, ToolError, RunError : with the remedy.
    """
    options = options or CatalogOptions()
    target = (folder or own_folder()).expanduser()
    refuse_folder(target)
    name, limit, synthetic = options.name, options.limit, options.synthetic
    if "astrometry.net" in kinds:
        find_index_builder()  # before minutes of other work
    spectra = "siril-spectra" in kinds
    stars = read_stars(table, options.columns, spectra=spectra and not synthetic)
    if spectra:
        _check_spectra(table, stars, synthetic)
    if limit is not None:
        stars = stars[stars.mag <= limit]
        if not len(stars):
            raise InputError(Message("{table} has no star to magnitude {limit:g}.", table=table, limit=limit), "Raise --limit.")
    if options.years:
        stars = stars.at_epoch(options.years)
    contents = Message("{count} stars to magnitude {mag:.1f}", count=len(stars), mag=stars.mag[-1])
    written = []
    try:
        if "astap" in kinds:
            astap_format.write_database(stars, target / ASTAP_FOLDER, name, "1476")
            written.append((f"ASTAP {name}.1476, {contents}", target / ASTAP_FOLDER))
        if "astap-wide" in kinds:
            wide = "g" + name[1:]
            astap_format.write_database(stars, target / ASTAP_FOLDER, wide, "290")
            written.append((f"ASTAP {wide}.290, {contents}", target / ASTAP_FOLDER))
        if "siril" in kinds:
            siril_format.write_catalog(stars, target / SIRIL_FILE)
            written.append((f"Siril, {contents}", target / SIRIL_FILE))
        if spectra:
            number = write_spectra(stars, target / SPECTRA_FOLDER, synthetic=synthetic)
            kind = "black bodies of the colours, for trials only" if synthetic else "spectra"
            written.append((Message("Siril, {kind} of {number} stars", kind=kind, number=number), target / SPECTRA_FOLDER))
        if "astrometry.net" in kinds:
            with tempfile.TemporaryDirectory(prefix="orchestrate-index-") as scratch:
                for preset in options.presets:
                    path = target / INDEX_FOLDER / f"index-{9000 + preset}.fits"
                    build_index(stars, path, preset, log=Path(scratch) / "build.log")
                    written.append((Message("astrometry.net, quads of {preset:.0f} arcmin",
                                            preset=2 * 2 ** (preset / 2)), path))
    except OSError as error:
        raise RunError(Message("{filename} could not be written: {strerror}.", filename=error.filename or target,
                               strerror=error.strerror or error),
                       "Choose another --folder, or free some space.") from error
    return written


def _check_spectra(table: Path, stars: StarTable, synthetic: bool) -> None:
    if synthetic and not np.isfinite(stars.bv).any():
        raise InputError(Message("{table} has no colours for black bodies.",
                                 table=table), "Name a column, e.g. --column B-V=colour.")
    if not synthetic and (stars.flux is None or not np.isfinite(stars.flux).all(axis=1).any()):
        raise InputError(Message("{table} has no sampled spectra: a column flux with {samples} values per star (336 to 1020 "
                                 "nm, W m-2 nm-1), as in the Gaia archive.", table=table,
                                 samples=SAMPLES), "For trials, --synthetic uses black bodies of the colours.")
