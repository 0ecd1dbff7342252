"""The solvers behind one interface: which are installed, and one search by each."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.astrometry.hints import Guess
from orchestrator.astrometry.picture import Picture
from orchestrator.catalogs import astap as astap_catalog
from orchestrator.catalogs import siril as siril_catalog
from orchestrator.catalogs.astap import AstapDatabase
from orchestrator.catalogs.astrometry_net import index_stars
from orchestrator.catalogs.installed import own_folder, siril_catalogs
from orchestrator.catalogs.stars import StarTable, cone
from orchestrator.config.postprocessing import Astrometry
from orchestrator.errors import OrchestrateError, ToolMissing
from orchestrator.tools import astap, astrometry_net, python_solvers
from orchestrator.tools.astap import AstapProbe
from orchestrator.tools.astrometry_net import SolveFieldProbe
from orchestrator.tools.siril.cli import SirilProbe, find_siril
from orchestrator.tools.siril.platesolve import platesolve

__all__ = ["Found", "Job", "Solver", "find_solvers"]

SIP_ORDER = 3
# Of ASTAP's option -s. 500 is its default; with less than about 60 it makes more figures a star.
LEAST_STARS, FEW_STARS, MANY_FIGURES, MAX_STARS = 12, 30, 57, 500
SCALE_RANGE = (0.75, 1.33)  # about an expected scale
ANY_SCALE = (0.3, 60.0)  # arcsec a pixel, from a long telescope to a photographic lens
MOST_LISTED = 200  # brightest stars for astrometry.net, whose indexes hold bright ones only


@dataclass(frozen=True)
class Job:
    """What a search needs: the picture, its private copy, scratch ``folder``, ``logs``, where scripts stay, and
    a person's own templates for them."""

    picture: Picture
    copy: Path
    folder: Path
    logs: Path
    settings: Astrometry
    cancel: threading.Event | None = None
    scripts: Path | None = None
    templates: Path | None = None


@dataclass(frozen=True)
class Found:
    """A solver's answer, and the catalog stars that it tells of: (n, 2) ra, dec in degrees."""

    header: fits.Header
    stars: NDArray[np.float64] | None = None


class Solver(Protocol):
    """``program`` is what the cap on instances counts; ``blind``: it can search the whole sky.

    Solvers of one ``family`` search the same stars in the same way. ``needs_scale``: without one it would take minutes.
    """

    name: ClassVar[str]
    family: ClassVar[str]
    program: ClassVar[str]
    blind: ClassVar[bool]
    needs_scale: ClassVar[bool]

    def search(self, job: Job, guess: Guess) -> Found | None:
        """One search; None when nothing was found. Raises ToolError."""
        ...

    def catalog(self, ra: float, dec: float, radius: float) -> StarTable | None:
        """Its own stars around a position, None when they cannot be read."""
        ...


@dataclass(frozen=True)
class Astap:
    probe: AstapProbe
    databases: list[AstapDatabase]
    named: str | None = None
    name: ClassVar[str] = "astap"
    family: ClassVar[str] = "astap"
    program: ClassVar[str] = "astap"
    blind: ClassVar[bool] = True
    needs_scale: ClassVar[bool] = True

    def search(self, job: Job, guess: Guess) -> Found | None:
        height = job.picture.shape[0] * guess.scale / 3600 if guess.scale else None
        database = astap.choose_database(self.databases, height, self.named)
        tried = (self.attempt(job, guess, database, height, n) for n in _star_counts(database, guess, job.picture.shape))
        return next((Found(header) for header in tried if header is not None), None)

    def attempt(self, job: Job, guess: Guess, database: AstapDatabase, height: float | None, stars: int) -> fits.Header | None:
        """One search with so many of the picture's stars; ``height`` of the field in degrees."""
        s = job.settings
        return astap.solve_astap(
            self.probe, job.copy, database, log=job.logs / "astap.log", ra=guess.ra, dec=guess.dec, radius=guess.radius,
            height=height, downsample=s.downsample, sip=s.sip, thorough=s.radius < guess.radius <= s.max_radius,
            max_stars=stars, timeout=s.timeout, cancel=job.cancel)

    def catalog(self, ra: float, dec: float, radius: float) -> StarTable | None:
        return astap_catalog.read_cone(astap.choose_database(self.databases, 2 * radius, self.named), ra, dec, radius)


@dataclass(frozen=True)
class FasterAstap(Astap):
    """The same databases; ``probe`` is not used."""

    name: ClassVar[str] = "faster_astap"
    program: ClassVar[str] = "faster_astap"

    def attempt(self, job: Job, guess: Guess, database: AstapDatabase, height: float | None, stars: int) -> fits.Header | None:
        if height is None:
            return None
        return python_solvers.solve_faster_astap(
            job.copy, database, log=job.logs / "faster_astap.log", ra=guess.ra, dec=guess.dec, radius=guess.radius,
            height=height, max_stars=stars, timeout=job.settings.timeout, cancel=job.cancel)


def _star_counts(database: AstapDatabase, guess: Guess, shape: tuple[int, int]) -> list[int]:
    """How many of the picture's brightest stars to use, in the order of trial.

    ASTAP makes figures of neighbouring stars; with many more stars in the picture than in the database none are alike. So
    with a shallow database: as many as it has in such a field, and so few that ASTAP makes more figures of each.
    """
    if guess.scale is None:
        return [MAX_STARS]
    area = shape[0] * shape[1] * (guess.scale / 3600) ** 2
    if guess.blind:
        density = database.mean_density()
    else:
        radius = max(np.sqrt(area), 1.0)
        density = len(astap_catalog.read_cone(database, guess.ra, guess.dec, radius)) / (np.pi * radius**2)
    expected = 1.3 * density * area
    if expected >= MAX_STARS:
        return [MAX_STARS]
    counts = (min(expected, MANY_FIGURES), expected, FEW_STARS, MANY_FIGURES, MAX_STARS)
    return list(dict.fromkeys(int(max(n, LEAST_STARS)) for n in counts))


@dataclass(frozen=True)
class Siril:
    probe: SirilProbe
    file: Path
    name: ClassVar[str] = "siril"
    family: ClassVar[str] = "siril"
    program: ClassVar[str] = "siril"
    blind: ClassVar[bool] = False
    needs_scale: ClassVar[bool] = True

    def search(self, job: Job, guess: Guess) -> Found | None:
        if guess.scale is None:
            return None
        header = platesolve(
            self.probe, job.copy, self.file, log=job.logs / "siril.log", ra=guess.ra, dec=guess.dec, radius=guess.radius,
            scale=guess.scale, sip_order=SIP_ORDER if job.settings.sip else 1, scripts=job.scripts,
            templates=job.templates, timeout=job.settings.timeout, cancel=job.cancel)
        return None if header is None else Found(header)

    def catalog(self, ra: float, dec: float, radius: float) -> StarTable | None:
        return siril_catalog.read_cone(self.file, ra, dec, radius)


@dataclass(frozen=True)
class AstrometryNet:
    probe: SolveFieldProbe
    folders: list[Path]
    name: ClassVar[str] = "astrometry_net"
    family: ClassVar[str] = "astrometry"
    program: ClassVar[str] = "solve-field"
    blind: ClassVar[bool] = True
    needs_scale: ClassVar[bool] = False

    def search(self, job: Job, guess: Guess) -> Found | None:
        x, y, flux = _star_list(job.picture)
        answer = astrometry_net.solve_field(
            self.probe, job.folder, x, y, flux, job.picture.shape, self.folders, log=job.logs / "astrometry_net.log",
            ra=guess.ra, dec=guess.dec, radius=guess.radius, scale=_scale_range(guess),
            sip_order=SIP_ORDER if job.settings.sip else 0, timeout=job.settings.timeout, cancel=job.cancel)
        if answer is None:
            return None
        header, table = answer
        return Found(header, np.column_stack([np.asarray(table[c], np.float64) for c in ("index_ra", "index_dec")]))

    def catalog(self, ra: float, dec: float, radius: float) -> StarTable | None:
        return _index_cone(self.folders, ra, dec, radius)


@dataclass(frozen=True)
class AstrometryPackage:
    folders: list[Path]
    name: ClassVar[str] = "astrometry"
    family: ClassVar[str] = "astrometry"
    program: ClassVar[str] = "astrometry"
    blind: ClassVar[bool] = True
    needs_scale: ClassVar[bool] = False

    def search(self, job: Job, guess: Guess) -> Found | None:
        x, y, _ = _star_list(job.picture)
        files = [f for folder in self.folders for f in astrometry_net.index_files(folder)]
        answer = python_solvers.solve_astrometry(
            job.folder, x, y, files, log=job.logs / "astrometry.log", ra=guess.ra, dec=guess.dec, radius=guess.radius,
            scale=_scale_range(guess), sip_order=SIP_ORDER if job.settings.sip else 0, timeout=job.settings.timeout,
            cancel=job.cancel)
        return None if answer is None else Found(*answer)

    def catalog(self, ra: float, dec: float, radius: float) -> StarTable | None:
        return _index_cone(self.folders, ra, dec, radius)


def _index_cone(folders: list[Path], ra: float, dec: float, radius: float) -> StarTable | None:
    """Stars of the index with the smallest quads, which has the most stars; None when it covers a part of the sky only."""
    files = [f for folder in folders for f in astrometry_net.index_files(folder)]
    whole = [f for f in files if fits.getheader(f).get("HEALPIX", -1) == -1]
    if not whole:
        return None
    right, declination, mag = index_stars(max(whole, key=lambda f: int(fits.getheader(f)["NSTARS"])))
    return cone(StarTable.make(right, declination, np.zeros(len(right)) if mag is None else mag), ra, dec, radius)


def _star_list(picture: Picture) -> tuple[NDArray[np.float64], ...]:
    return tuple(np.asarray(picture.stars[c][:MOST_LISTED], np.float64) for c in ("x", "y", "flux"))


def _scale_range(guess: Guess) -> tuple[float, float]:
    return (guess.scale * SCALE_RANGE[0], guess.scale * SCALE_RANGE[1]) if guess.scale else ANY_SCALE


@dataclass
class Search:
    """Solvers that can be used, in the order of trial, and why others cannot."""

    solvers: list[Solver] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)


def find_solvers(settings: Astrometry, siril: Path | None = None) -> Search:
    """The solvers that the settings allow. One without star data is not one; programs are started only when they have some.

    ``siril`` is the path of siril-cli as configured.
    """
    makers = {"astap": _astap, "faster_astap": _faster_astap, "siril": lambda s: _siril(s, siril),
              "astrometry_net": _astrometry_net, "astrometry": _astrometry}
    wanted = list(makers) if settings.solver == "auto" else [settings.solver]
    search = Search()
    for name in wanted:
        try:
            search.solvers.append(makers[name](settings))
        except OrchestrateError as error:
            search.missing[name] = str(error)
    return search


def _databases(settings: Astrometry, program: Path | None) -> list[AstapDatabase]:
    own = own_folder() / "astap"
    databases = astap.astap_databases(astap.data_folders(program, settings.astap_data, own=own))
    astap.choose_database(databases, None, settings.astap_database)
    return databases


def _astap(settings: Astrometry) -> Solver:
    probe = astap.find_astap(settings.astap)
    return Astap(probe, _databases(settings, probe.path), settings.astap_database)


def _faster_astap(settings: Astrometry) -> Solver:
    python_solvers.need("faster_astap")
    return FasterAstap(AstapProbe(Path(), (), ""), _databases(settings, None), settings.astap_database)


def _siril(settings: Astrometry, program: Path | None) -> Solver:
    catalogs = siril_catalogs(settings.siril_catalog)
    if not catalogs:
        raise ToolMissing("No Gaia catalog for Siril was found.", "Install it in Siril, or write one with "
                          "`orchestrate catalog write`.", tool="siril-cli")  # fmt: skip
    return Siril(find_siril(program), catalogs[0])


def _index_folders(settings: Astrometry) -> list[Path]:
    folders = astrometry_net.index_folders(settings.index_dir, own_folder() / "astrometry_net")
    if not folders:
        raise ToolMissing("No index files of astrometry.net were found.", "Install some (Debian: astrometry-data-tycho2), or "
                          "name their folder with astrometry.index_dir.", tool="solve-field")  # fmt: skip
    return folders


def _astrometry_net(settings: Astrometry) -> Solver:
    folders = _index_folders(settings)
    return AstrometryNet(astrometry_net.find_solve_field(settings.solve_field), folders)


def _astrometry(settings: Astrometry) -> Solver:
    python_solvers.need("astrometry")
    return AstrometryPackage(_index_folders(settings))
