"""The plate solvers behind one interface: which can be used, and one search by each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.astrometry.picture import Picture, write_private_copy
from orchestrator.catalogs import astap as astap_catalog
from orchestrator.catalogs import siril as siril_catalog
from orchestrator.catalogs.astap import AstapDatabase
from orchestrator.catalogs.astrometry_net import index_stars
from orchestrator.catalogs.installed import ASTAP_FOLDER, INDEX_FOLDER, own_folder, siril_catalogs
from orchestrator.catalogs.stars import StarTable, cone
from orchestrator.config.postprocessing import Astrometry
from orchestrator.errors import OrchestrateError, ToolMissing
from orchestrator.message import Message
from orchestrator.tools import astap, astrometry_net, python_solvers
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.probe import FoundTool
from orchestrator.tools.siril.cli import SirilProgram, find_siril
from orchestrator.tools.siril.platesolve import platesolve
from orchestrator.tools.solving import SearchArea, SolveRequest, StarList

__all__ = ["AvailableSolvers", "Found", "Job", "Solver", "find_solvers", "why_none"]

# Numbers of image stars for ASTAP's option -s. With less than about 60 it makes more figures of each star.
LEAST_STARS = 12
FEW_STARS = 30
MANY_FIGURES = 57
# Stars to use, as a factor of those that the database has in the field.
STARS_PER_CATALOG_STAR = 1.3
# Part of the widest field of a database of ASTAP that is searched at once.
WIDEST = 0.9
# Smallest radius in degrees in which stars of a database are counted.
LEAST_RADIUS = 1.0
# Brightest stars that astrometry.net gets: its indexes hold bright stars only.
MOST_LISTED = 200


@dataclass(frozen=True)
class Job:
    """One attempt with a solver.

    Parameters
    ----------
    picture : the image to solve.
    copy : the private copy of the image, in ``folder``.
    folder : scratch for this attempt.
    settings : of plate solving.
    environment : logs, scripts and the event that cancels.
    templates : folder with custom templates of Siril scripts.
    """

    picture: Picture
    copy: Path
    folder: Path
    settings: Astrometry
    environment: ToolEnvironment
    templates: Path | None = None

    def request(self, area: SearchArea, name: str) -> SolveRequest:
        """A search of ``area`` that logs under ``name``."""
        return SolveRequest(area, self.environment.logs / f"{name}.log", self.settings.sip, self.settings.timeout,
                            self.environment.cancel)


@dataclass(frozen=True)
class Found:
    """The solution of a solver, and the catalog stars that it reports: (n, 2) ra, dec in degrees."""

    header: fits.Header
    stars: NDArray[np.float64] | None = None


class Solver(Protocol):
    """A plate solver.

    Parameters
    ----------
    name : the value of astrometry.solver.
    family : solvers of one family search the same stars in the same way.
    program : the program whose instances are limited.
    blind : whether it can search the whole sky.
    needs_scale : whether a search without a scale would take minutes.
    """

    name: ClassVar[str]
    family: ClassVar[str]
    program: ClassVar[str]
    blind: ClassVar[bool]
    needs_scale: ClassVar[bool]

    def search(self, job: Job, area: SearchArea) -> Found | None:
        """One search; None if there is no match. Raises ToolError."""
        ...

    def catalog(self, ra: float, dec: float, radius: float) -> StarTable | None:
        """Stars of its catalog around a position, None if they cannot be read."""
        ...


@dataclass(frozen=True)
class Astap:
    """ASTAP; ``database`` is the name of the database to use, None for the most suitable one."""

    astap: FoundTool
    databases: list[AstapDatabase]
    database: str | None = None
    name: ClassVar[str] = "astap"
    family: ClassVar[str] = "astap"
    program: ClassVar[str] = "astap"
    blind: ClassVar[bool] = True
    needs_scale: ClassVar[bool] = True

    def search(self, job: Job, area: SearchArea) -> Found | None:
        height = job.picture.shape[0] * area.scale / 3600 if area.scale else None
        database = astap.choose_database(self.databases, height, self.database)
        first, job = _middle(job, area, WIDEST * database.layout.widest_field)
        height = job.picture.shape[0] * area.scale / 3600 if area.scale else None
        for stars in _star_counts(database, area, job.picture.shape):
            header = self.attempt(job, area, database, height, stars)
            if header is not None:
                for axis in (1, 2):
                    header[f"CRPIX{axis}"] += first[axis - 1]
                return Found(header)
        return None

    def attempt(self, job: Job, area: SearchArea, database: AstapDatabase, height: float | None,
                stars: int) -> fits.Header | None:
        """One search with the brightest ``stars`` of the image; ``height`` of the field in degrees."""
        s = job.settings
        options = astap.AstapOptions(height, s.downsample, thorough=s.radius < area.radius <= s.max_radius, max_stars=stars)
        return astap.solve_astap(self.astap, job.copy, database, job.request(area, "astap"), options)

    def catalog(self, ra: float, dec: float, radius: float) -> StarTable | None:
        return astap_catalog.read_cone(astap.choose_database(self.databases, 2 * radius, self.database), ra, dec, radius)


@dataclass(frozen=True)
class FasterAstap(Astap):
    """The package faster-astap, with the same databases; ``astap`` is not used."""

    name: ClassVar[str] = "faster_astap"
    program: ClassVar[str] = "faster_astap"

    def attempt(self, job: Job, area: SearchArea, database: AstapDatabase, height: float | None,
                stars: int) -> fits.Header | None:
        if height is None:
            return None
        return python_solvers.solve_faster_astap(job.copy, database, job.request(area, "faster_astap"), height, stars)


def _middle(job: Job, area: SearchArea, widest: float) -> tuple[tuple[int, int], Job]:
    """The job with the middle of the image alone if that is wider than ``widest`` degrees, and its first (column, row) in the
    image: ASTAP finds no field that is larger than what it reads of a database."""
    rows, columns = job.picture.shape
    size = int(widest * 3600 / area.scale) if area.scale else max(rows, columns)
    if max(rows, columns) <= size:
        return (0, 0), job
    top, left = max(rows - size, 0) // 2, max(columns - size, 0) // 2
    part = job.picture.image[top: top + min(rows, size), left: left + min(columns, size)]
    inside = replace(job, picture=replace(job.picture, image=np.ascontiguousarray(part)), copy=job.folder / "middle.fit")
    write_private_copy(inside.picture, inside.copy)
    return (left, top), inside


def _star_counts(database: AstapDatabase, area: SearchArea, shape: tuple[int, int]) -> list[int]:
    """How many of the brightest stars of the image to use, in the order of trial.

    ASTAP makes figures of neighbouring stars; with many more stars in the image than in the database no figure has a match.
    With a shallow database the trials use as many stars as it has in such a field, and fewer, of which ASTAP makes more
    figures each.
    """
    if area.scale is None:
        return [astap.MAX_STARS]
    field = shape[0] * shape[1] * (area.scale / 3600) ** 2
    if area.blind:
        density = database.mean_density()
    else:
        radius = max(np.sqrt(field), LEAST_RADIUS)
        density = len(astap_catalog.read_cone(database, area.ra, area.dec, radius)) / (np.pi * radius**2)
    expected = STARS_PER_CATALOG_STAR * density * field
    if expected >= astap.MAX_STARS:
        return [astap.MAX_STARS]
    counts = (min(expected, MANY_FIGURES), expected, FEW_STARS, MANY_FIGURES, astap.MAX_STARS)
    return list(dict.fromkeys(int(max(n, LEAST_STARS)) for n in counts))


@dataclass(frozen=True)
class Siril:
    """The plate solver of Siril; ``file`` is its Gaia catalog."""

    siril: SirilProgram
    file: Path
    name: ClassVar[str] = "siril"
    family: ClassVar[str] = "siril"
    program: ClassVar[str] = "siril"
    blind: ClassVar[bool] = False
    needs_scale: ClassVar[bool] = True

    def search(self, job: Job, area: SearchArea) -> Found | None:
        if area.scale is None:
            return None
        header = platesolve(self.siril, job.copy, self.file, job.request(area, "siril"), job.environment.scripts, job.templates)
        return None if header is None else Found(header)

    def catalog(self, ra: float, dec: float, radius: float) -> StarTable | None:
        return siril_catalog.read_cone(self.file, ra, dec, radius)


@dataclass(frozen=True)
class AstrometryNet:
    """solve-field of astrometry.net; ``folders`` hold its index files."""

    solve_field: FoundTool
    folders: list[Path]
    name: ClassVar[str] = "astrometry_net"
    family: ClassVar[str] = "astrometry"
    program: ClassVar[str] = "solve-field"
    blind: ClassVar[bool] = True
    needs_scale: ClassVar[bool] = False

    def search(self, job: Job, area: SearchArea) -> Found | None:
        answer = astrometry_net.solve_field(self.solve_field, _star_list(job.picture), job.folder, self.folders,
                                            job.request(area, "astrometry_net"))
        if answer is None:
            return None
        header, table = answer
        return Found(header, np.column_stack([np.asarray(table[c], np.float64) for c in ("index_ra", "index_dec")]))

    def catalog(self, ra: float, dec: float, radius: float) -> StarTable | None:
        return _index_cone(self.folders, ra, dec, radius)


@dataclass(frozen=True)
class AstrometryPackage:
    """The Python package astrometry; ``folders`` hold its index files."""

    folders: list[Path]
    name: ClassVar[str] = "astrometry"
    family: ClassVar[str] = "astrometry"
    program: ClassVar[str] = "astrometry"
    blind: ClassVar[bool] = True
    needs_scale: ClassVar[bool] = False

    def search(self, job: Job, area: SearchArea) -> Found | None:
        files = [f for folder in self.folders for f in astrometry_net.index_files(folder)]
        answer = python_solvers.solve_astrometry(_star_list(job.picture), job.folder, files, job.request(area, "astrometry"))
        return None if answer is None else Found(*answer)

    def catalog(self, ra: float, dec: float, radius: float) -> StarTable | None:
        return _index_cone(self.folders, ra, dec, radius)


def _index_cone(folders: list[Path], ra: float, dec: float, radius: float) -> StarTable | None:
    """Stars of the index that has the most, the one with the smallest quads; None if all indexes cover a part of the sky only."""
    files = [f for folder in folders for f in astrometry_net.index_files(folder)]
    whole = [f for f in files if fits.getheader(f).get("HEALPIX", -1) == -1]
    if not whole:
        return None
    right, declination, mag = index_stars(max(whole, key=lambda f: int(fits.getheader(f)["NSTARS"])))
    return cone(StarTable.make(right, declination, np.zeros(len(right)) if mag is None else mag), ra, dec, radius)


def _star_list(picture: Picture) -> StarList:
    x, y, flux = (np.asarray(picture.stars[c][:MOST_LISTED], np.float64) for c in ("x", "y", "flux"))
    return StarList(x, y, flux, picture.shape)


@dataclass
class AvailableSolvers:
    """The solvers that can be used, in the order of trial, and by name why the others cannot."""

    solvers: list[Solver] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)


def find_solvers(settings: Astrometry, siril: Path | None = None) -> AvailableSolvers:
    """The solvers that the settings allow and that have star data; a program is started only if there are star data for it.

    Parameters
    ----------
    siril : the configured path of siril-cli.
    """
    makers: dict[str, Callable[[Astrometry], Solver]] = {
        "astap": _astap, "faster_astap": _faster_astap, "siril": lambda s: _siril(s, siril),
        "astrometry_net": _astrometry_net, "astrometry": _astrometry}
    wanted = list(makers) if settings.solver == "auto" else [settings.solver]
    available = AvailableSolvers()
    for name in wanted:
        try:
            available.solvers.append(makers[name](settings))
        except OrchestrateError as error:
            available.missing[name] = str(error)
    return available


def why_none(missing: Mapping[str, str]) -> str:
    """One sentence for each reason, with the solvers that it concerns."""
    names: dict[str, list[str]] = {}
    for name, why in missing.items():
        names.setdefault(why, []).append(name)
    return "no solver can be used. " + " ".join(f"{', '.join(n)}: {why}" for why, n in names.items())


def _holding(folder: Path | None, inside: str) -> Path | None:
    """The configured folder of star data. A folder given to `catalog write --folder` has them in the folder ``inside`` it."""
    return folder / inside if folder is not None and (folder / inside).is_dir() else folder


def _databases(settings: Astrometry, program: Path | None) -> list[AstapDatabase]:
    folder = _holding(settings.astap_data, ASTAP_FOLDER)
    databases = astap.astap_databases(astap.data_folders(program, folder, own=own_folder() / ASTAP_FOLDER))
    if folder is not None and not databases:
        raise ToolMissing(Message("{folder} (astrometry.astap_data) has no star database of ASTAP: no files *.1476 or *.290.",
                                  folder=folder),
                          "Set the folder that holds these files, or remove the setting.", tool="astap")
    astap.choose_database(databases, None, settings.astap_database)
    return databases


def _astap(settings: Astrometry) -> Solver:
    found = astap.find_astap(settings.astap)
    return Astap(found, _databases(settings, found.path), settings.astap_database)


def _faster_astap(settings: Astrometry) -> Solver:
    python_solvers.require_package("faster_astap")
    return FasterAstap(FoundTool(Path()), _databases(settings, None), settings.astap_database)


def _siril(settings: Astrometry, program: Path | None) -> Solver:
    catalogs = siril_catalogs(settings.siril_catalog)
    if not catalogs:
        raise ToolMissing("No Gaia catalog for Siril was found.", "Install it in Siril, or write one with "
                          "`orchestrate catalog write`.", tool="siril-cli")  # fmt: skip
    return Siril(find_siril(program), catalogs[0])


def _index_folders(settings: Astrometry) -> list[Path]:
    folder = _holding(settings.index_dir, INDEX_FOLDER)
    folders = astrometry_net.index_folders(folder, own_folder() / INDEX_FOLDER)
    if folder is not None and not folders:
        raise ToolMissing(Message("{folder} (astrometry.index_dir) has no index files of astrometry.net (index*.fits).",
                                  folder=folder),
                          "Set the folder that holds these files, or remove the setting.", tool="solve-field")
    if not folders:
        raise ToolMissing("No index files of astrometry.net were found.", "Install some (Debian: astrometry-data-tycho2), or "
                          "set their folder with astrometry.index_dir.", tool="solve-field")  # fmt: skip
    return folders


def _astrometry_net(settings: Astrometry) -> Solver:
    folders = _index_folders(settings)
    return AstrometryNet(astrometry_net.find_solve_field(settings.solve_field), folders)


def _astrometry(settings: Astrometry) -> Solver:
    python_solvers.require_package("astrometry")
    return AstrometryPackage(_index_folders(settings))
