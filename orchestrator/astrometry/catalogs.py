"""Star catalogs that are installed, and writing them from a table."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from orchestrator.catalogs import astap as astap_format
from orchestrator.catalogs import siril as siril_format
from orchestrator.catalogs.installed import (
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
from orchestrator.tools.astap import astap_databases, data_folders, find_astap
from orchestrator.tools.astrometry_net import build_index, find_index_builder, index_files, index_folders

__all__ = ["installed", "write_catalogs"]


def installed() -> list[Installed]:
    """All catalogs that are found where the solvers would find them."""
    try:
        program = find_astap().path
    except ToolError:
        program = None
    own = own_folder()
    found = []
    for database in astap_databases(data_folders(program, own=own / "astap")):
        whole = database.whole()
        what = f"{database.name} (.{database.format}), up to {database.density} stars per square degree"
        allows = f"ASTAP and faster-astap, fields up to {database.layout.widest_field:g} deg"
        found.append(Installed("ASTAP", database.folder, what if whole else what + ", cells are missing", allows, whole))
    for path in siril_catalogs():
        stars = siril_format.count(path)
        found.append(Installed("Siril", path, f"Gaia format, {stars} stars", "Siril platesolve and pcc, no blind solving"))
    found += [_spectra(folder) for folder in siril_spectra()]
    if (folder := sensor_database()) is not None:
        names = read_sensors(folder).names
        what = f"{len(names['oscsensor'])} colour and {len(names['monosensor'])} mono sensors, {len(names['whiteref'])} whites"
        found.append(Installed("Siril sensors", folder, what, "Siril spcc"))
    for folder in index_folders(own=own / "astrometry_net"):
        files = index_files(folder)
        size = sum(f.stat().st_size for f in files) / 2**20
        what = f"{len(files)} index files, {size:.0f} MiB"
        found.append(Installed("astrometry.net", folder, what, "solve-field and the package astrometry, also blind"))
    return found


def _spectra(folder: Path) -> Installed:
    try:
        chunks = chunks_in(folder).values()
    except InputError as error:
        return Installed("Siril spectra", folder, error.message, "", False)
    synthetic = any(c.synthetic for c in chunks)
    what = f"{len(chunks)} of 48 chunks of the sky, {sum(c.stars for c in chunks)} stars"
    return Installed("Siril spectra", folder, what + ", black bodies of star colours" * synthetic,
                     "trials of Siril spcc" if synthetic else "Siril spcc")


def write_catalogs(table: Path, kinds: Sequence[str], folder: Path | None = None, *, name: str = "d05",
                     limit: float | None = None, years: float = 0.0, columns: dict[str, str] | None = None,
                     presets: Sequence[int] = (4, 6, 8), synthetic: bool = False) -> list[tuple[str, Path]]:
    """Write a table of stars in the formats named: astap (.1476), astap-wide (.290), siril, siril-spectra, astrometry.net.

    ``synthetic``: siril-spectra from the stars' colours, where the table has no spectra.

    Returns
    -------
    what was written, and where.

    Raises
    ------
    InputError, ConfigError, ToolError, RunError : with the remedy.
    """
    if "astrometry.net" in kinds:
        find_index_builder()  # before minutes of other work
    spectra = "siril-spectra" in kinds
    stars = read_stars(table, columns, spectra=spectra and not synthetic)
    if spectra:
        _check_spectra(table, stars, synthetic)
    if limit is not None:
        stars = stars[stars.mag <= limit]
        if not len(stars):
            raise InputError(f"{table} has no star to magnitude {limit:g}.", "Raise --limit.")
    if years:
        stars = stars.at_epoch(years)
    target = (folder or own_folder()).expanduser()
    told = f"{len(stars)} stars to magnitude {stars.mag[-1]:.1f}"
    made = []
    try:
        if "astap" in kinds:
            astap_format.write_database(stars, target / "astap", name, "1476")
            made.append((f"ASTAP {name}.1476, {told}", target / "astap"))
        if "astap-wide" in kinds:
            wide = "g" + name[1:]
            astap_format.write_database(stars, target / "astap", wide, "290")
            made.append((f"ASTAP {wide}.290, {told}", target / "astap"))
        if "siril" in kinds:
            siril_format.write_catalog(stars, target / SIRIL_FILE)
            made.append((f"Siril, {told}", target / SIRIL_FILE))
        if spectra:
            number = write_spectra(stars, target / SPECTRA_FOLDER, synthetic=synthetic)
            kind = "black bodies of the colours, for trials only" if synthetic else "spectra"
            made.append((f"Siril, {kind} of {number} stars", target / SPECTRA_FOLDER))
        if "astrometry.net" in kinds:
            with tempfile.TemporaryDirectory(prefix="orchestrate-index-") as scratch:
                for preset in presets:
                    path = target / "astrometry_net" / f"index-{9000 + preset}.fits"
                    build_index(stars, path, preset, log=Path(scratch) / "build.log")
                    made.append((f"astrometry.net, quads of {2 * 2 ** (preset / 2):.0f} arcmin", path))
    except OSError as error:
        raise RunError(f"{error.filename or target} could not be written: {error.strerror or error}.",
                       "Choose another --folder, or free some space.") from error
    return made


def _check_spectra(table: Path, stars: StarTable, synthetic: bool) -> None:
    if synthetic and not np.isfinite(stars.bv).any():
        raise InputError(f"{table} has no colours to make black bodies of.", "Name a column, e.g. --column B-V=colour.")
    if not synthetic and (stars.flux is None or not np.isfinite(stars.flux).all(axis=1).any()):
        raise InputError(f"{table} has no sampled spectra: a column flux with {SAMPLES} values a star (336 to 1020 nm, "
                         "W m-2 nm-1), as Gaia's archive has.", "For trials, --synthetic makes black bodies of the colours.")
