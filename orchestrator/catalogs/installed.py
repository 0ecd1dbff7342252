"""Finds the installed star catalogs."""

from __future__ import annotations

import configparser
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestrator.catalogs import siril, siril_sensors
from orchestrator.catalogs.siril_spectra import chunk_name, chunks_in
from orchestrator.errors import InputError

__all__ = ["Installed", "own_folder", "sensor_database", "siril_catalogs", "siril_spectra"]

logger = logging.getLogger(__name__)

# Names of the catalogs that this program writes, in the folder of all of them.
ASTAP_FOLDER = "astap"
INDEX_FOLDER = "astrometry_net"
SIRIL_FILE = "siril_gaia_astro.dat"
SPECTRA_FOLDER = "siril_spectra"
# Names that Siril's installer of catalogs uses, the oldest last.
_SIRIL_NAMES = ("siril_cat_healpix8_astro.dat", "gaia_astrometric.dat")
_SPECTRA_NAMES = ("siril_cat1_healpix8_xpsamp",)


@dataclass(frozen=True)
class Installed:
    """A catalog: its kind, its path, a description (``what``), its uses (``allows``), and whether it is usable (``ok``)."""

    kind: str
    path: Path
    what: str
    allows: str
    ok: bool = True


def own_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The folder of `orchestrate catalog write`: ORCHESTRATE_CATALOGS, else in the user's data folder."""
    environ = os.environ if environ is None else environ
    if environ.get("ORCHESTRATE_CATALOGS"):
        return Path(environ["ORCHESTRATE_CATALOGS"]).expanduser()
    return _data_home(environ) / "orchestrate" / "catalogs"


def _data_home(environ: Mapping[str, str]) -> Path:
    home = Path(environ.get("HOME") or Path.home())
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData/Local")
    if sys.platform == "darwin":
        return home / "Library/Application Support"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local/share")


def siril_catalogs(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> list[Path]:
    """Files that Siril's plate solver can use: the configured one alone, else those set in Siril, in its usual folder, and
    written by this program."""
    environ = os.environ if environ is None else environ
    if explicit is not None:
        siril.read_level(explicit)
        return [explicit]
    data = _data_home(environ) / "siril"
    found = [*_set_in_siril(environ, "catalogue_gaia_astro"), *(data / n for n in _SIRIL_NAMES), own_folder(environ) / SIRIL_FILE]
    catalogs = [path for path in dict.fromkeys(found) if _is_catalog(path)]
    logger.info("Star catalogs of Siril found: %s", ", ".join(map(str, catalogs)) or "none")
    return catalogs


def siril_spectra(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> list[Path]:
    """Folders of spectra that Siril's spcc can use, in the same order.

    Raises
    ------
    InputError : the configured folder has no chunk.
    """
    environ = os.environ if environ is None else environ
    if explicit is not None:
        if not chunks_in(explicit):
            raise InputError(f"{explicit} has no spectra for Siril.", f"The files are named {chunk_name(0)} to ..._47.dat.")
        return [explicit]
    data = _data_home(environ) / "siril"
    found = [*_set_in_siril(environ, "catalogue_gaia_photo"), *(data / n for n in _SPECTRA_NAMES),
             own_folder(environ) / SPECTRA_FOLDER]
    folders = [path for path in dict.fromkeys(found) if path.is_dir() and any(path.glob(chunk_name(0).replace("_0.", "_*.")))]
    logger.info("Spectra of Siril found: %s", ", ".join(map(str, folders)) or "none")
    return folders


def sensor_database(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> Path | None:
    """The folder of Siril's sensor database: as configured, else in the data folders of Siril; None if there is none.

    Raises
    ------
    InputError : the configured folder does not exist.
    """
    environ = os.environ if environ is None else environ
    if explicit is not None:
        if not explicit.is_dir():
            raise InputError(f"The sensor database {explicit} does not exist.", "Correct pcc.spcc.database.")
        return explicit
    home = Path(environ.get("HOME") or Path.home())
    places = (_data_home(environ), home / ".var/app/org.siril.Siril/data", home / "Library/Application Support/org.siril.Siril")
    return next((p for place in places if (p := place / siril_sensors.FOLDER).is_dir()), None)


def _is_catalog(path: Path) -> bool:
    try:
        return path.is_file() and siril.read_level(path) > 0
    except InputError:
        return False


def _set_in_siril(environ: Mapping[str, str], key: str) -> list[Path]:
    """Paths under ``key`` in the section ``core`` of the user's Siril settings, the newest version first."""
    home = Path(environ.get("HOME") or Path.home())
    folders = [Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "siril", home / "Library/Application Support/siril"]
    if environ.get("LOCALAPPDATA"):
        folders.append(Path(environ["LOCALAPPDATA"]) / "siril")
    paths = []
    for file in sorted((f for folder in folders for f in folder.glob("config.1.*.ini")), reverse=True):
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        value = parser.get("core", key, fallback="").strip()
        paths += [Path(value)] if value else []
    return paths
