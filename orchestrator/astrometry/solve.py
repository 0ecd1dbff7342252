"""Solves one image: tries every installed solver, from the fastest searches to the slowest, and verifies each solution."""

from __future__ import annotations

import itertools
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from astropy.wcs import WCS

from orchestrator.astrometry.hints import Hints, read_hints, scale_of, search_areas
from orchestrator.astrometry.picture import Picture, load_picture, write_private_copy
from orchestrator.astrometry.refine import refine
from orchestrator.astrometry.solvers import Found, Job, Solver, find_solvers, why_none
from orchestrator.astrometry.verify import (
    Verification,
    beyond_doubt,
    field_circle,
    other_scale,
    plausible,
    same_field,
    verify,
)
from orchestrator.astrometry.wcs import describe
from orchestrator.catalogs.stars import StarTable, cone, read_stars
from orchestrator.config.postprocessing import Astrometry
from orchestrator.config.settings import SirilEngine
from orchestrator.errors import Cancelled, ConfigError, InputError, OrchestrateError, ToolError, ToolMissing, ToolTimeout
from orchestrator.io.wcs_header import read_wcs, separation
from orchestrator.message import Message
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.slots import slot
from orchestrator.tools.solving import SearchArea

__all__ = ["Outcome", "check_wcs", "solve"]

logger = logging.getLogger(__name__)

NO_MATCH = "no match was found"
# Solutions that differ by less than this in pixels are of the same field.
AGREEMENT = 3.0
# Catalog stars are read in a circle that is larger than the image by this factor.
CATALOG_MARGIN = 1.1
# Radius in degrees in which a second solver searches around the first one's solution.
CONFIRMATION_RADIUS = 1.0


@dataclass
class Outcome:
    """The result of plate solving.

    Parameters
    ----------
    wcs : None if the image was not solved.
    solver : name of the solver that found it.
    why : why the image was not solved.
    verification : how the solution was checked.
    summary : figures for artifacts and reports.
    attempts : each search with its result.
    warnings : messages for the user.
    stars : catalog stars of the field that the solution was compared with, None if there are none.
    """

    wcs: WCS | None = None
    solver: str = ""
    why: str = ""
    verification: Verification | None = None
    summary: dict[str, Any] = field(default_factory=dict)
    attempts: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stars: StarTable | None = None


def solve(image: Path, settings: Astrometry, environment: ToolEnvironment, *, siril: SirilEngine | None = None,
          notify: Callable[[str], None] = lambda _: None) -> Outcome:
    """Find the WCS of an image. The image is only read.

    A solver that fails raises nothing: the next one is tried, and ``attempts`` holds the reason.

    Parameters
    ----------
    environment : its ``work`` is scratch for this call alone.
    siril : path of siril-cli and custom templates of its scripts.
    notify : called with a description of each search.

    Raises
    ------
    InputError : the image, or the catalog given for verification, cannot be read.
    Cancelled : the environment's event was set.
    """
    siril = siril or SirilEngine()
    folder = environment.work
    if settings.solver == "none":
        return Outcome(why="plate solving is disabled (astrometry.solver: none)")
    available = find_solvers(settings, siril.executable)
    if not available.solvers:
        return Outcome(why=why_none(available.missing))
    folder.mkdir(parents=True, exist_ok=True)
    picture = load_picture(image, folder)
    hints = read_hints(picture.header, picture.shape, settings)
    logger.info("%s: %d stars detected, position from: %s, scale from: %s", image, len(picture.stars),
                hints.position_from or "unknown", hints.scale_from or "unknown")
    outcome = Outcome(summary={"stars": len(picture.stars), "hints": _hint_summary(hints), "missing": available.missing})
    if len(picture.stars) < settings.min_stars:
        outcome.why = Message("only {count} stars were detected, {min_stars} are needed", count=len(picture.stars),
                              min_stars=settings.min_stars)
        return outcome
    catalog = read_stars(settings.catalog) if settings.catalog else None
    solvers = available.solvers
    if not hints.scales:  # without a scale, solvers that need none are much faster
        solvers = sorted(solvers, key=lambda s: not s.name.startswith("astrometry"))
    areas = search_areas(hints, settings)
    searches = _Searches(outcome, picture, settings, environment, siril.templates, notify, solvers, catalog,
                         hints.scale_from)
    started = time.monotonic()
    for blind, solver in itertools.product((False, True), solvers):
        for area in (a for a in areas if a.blind == blind):
            if time.monotonic() - started > settings.budget:
                outcome.attempts.append({"solver": solver.name, "result": Message("not started after {budget:g} s (budget)",
                                                                                  budget=settings.budget)})
                break
            if searches.accept(solver, area):
                _finish(outcome, picture, hints)
                return outcome
    reasons = {a["solver"]: a["result"] for a in outcome.attempts}
    outcome.why = " ".join(f"{name}: {why.rstrip('.')}." for name, why in reasons.items())
    if searches.other_scale is not None:
        outcome.why += Message(" If that scale is right, use --scale {other_scale:.3g} (astrometry.scale).",
                               other_scale=searches.other_scale)
    if not areas or not reasons:
        outcome.why = unknown(hints, solvers)
    return outcome


def unknown(hints: Hints, solvers: list[Solver]) -> str:
    """What must be known before a search can start."""
    names = " and ".join(s.name for s in solvers)
    if hints.ra is None and not hints.scales:
        return "neither position nor scale is known. Set astrometry.ra, dec and scale."
    if hints.ra is None:
        return Message("the position is not known (scale from: {scale_from}). Set astrometry.ra and dec, or astrometry.blind.",
                       scale_from=hints.scale_from)
    return Message("the position is known ({position_from}) but not the scale, which {names} would search for minutes. Set "
                   "astrometry.scale (--scale, arcsec per pixel), or focal_length and pixel_size.",
                   position_from=hints.position_from, names=names)


@dataclass
class _Searches:
    """The searches for one image.

    ``scale_from`` is the source of the expected scale, ``other_scale`` that of a solution refused for its scale;
    ``broken`` holds solvers that are not started again, ``searched`` the areas without a match for a family of solvers;
    ``compared`` are the catalog stars with which the last solution was compared.
    """

    outcome: Outcome
    picture: Picture
    settings: Astrometry
    environment: ToolEnvironment
    templates: Path | None
    notify: Callable[[str], None]
    solvers: list[Solver]
    user_catalog: StarTable | None
    scale_from: str = "settings"
    other_scale: float | None = None
    broken: set[str] = field(default_factory=set)
    searched: set[tuple[str, SearchArea]] = field(default_factory=set)
    numbers: itertools.count[int] = field(default_factory=itertools.count)
    compared: StarTable | None = None

    def accept(self, solver: Solver, area: SearchArea) -> bool:
        """Whether this search gave a solution that passes the checks; the solution is then in the outcome."""
        chosen = self.settings.solver != "auto"
        if solver.name in self.broken or (area.blind and not solver.blind) or (solver.family, area) in self.searched:
            return False
        if area.scale is None and solver.needs_scale and not chosen:
            return False
        where = "the whole sky" if area.blind else Message("within {radius:g} deg", radius=area.radius)
        self.notify(f"{solver.name}: {where}")
        found, why = self._search(solver, area)
        if why == NO_MATCH:
            self.searched.add((solver.family, area))
        if found is not None:
            wcs = read_wcs(found.header)
            why = "its WCS is incomplete" if wcs is None else plausible(wcs)
            if wcs is not None and not why:
                why = self.take(*self._verify(wcs, found, solver), solver, area)
            why = Message("a solution was refused: {why}", why=why) if why else "solved"
        self.outcome.attempts.append({"solver": solver.name, "search": where, "scale": area.scale, "result": why})
        logger.info("%s, %s: %s", solver.name, where, why)
        return self.outcome.wcs is not None

    def take(self, wcs: WCS, checked: Verification, solver: Solver, area: SearchArea) -> str:
        """Put a solution into the outcome; or why it is refused."""
        if checked.decided and checked.why:
            return checked.why
        if other_scale(wcs, area.scale):
            found = Message("{wcs:.3f} arcsec/px, {scale:.3f} was expected ({scale_from})", wcs=scale_of(wcs),
                            scale=area.scale, scale_from=self.scale_from)
            if not beyond_doubt(checked):
                self.other_scale = scale_of(wcs)
                return Message("its scale is {found}, and only {matched} stars confirm it", found=found,
                               matched=checked.matched)
            self.outcome.warnings.append(Message("The scale is {found}: {matched} of {catalog_stars} catalog stars match the "
                                                 "image, so the expected scale is wrong. Correct the focal length or pixel "
                                                 "size, or set astrometry.scale: {wcs:.3g}.", found=found,
                                                 matched=checked.matched, catalog_stars=checked.catalog_stars,
                                                 wcs=scale_of(wcs)))
        self.outcome.wcs, self.outcome.solver, self.outcome.verification = wcs, solver.name, checked
        self.outcome.stars = self.compared
        if not checked.ok:
            self.outcome.warnings.append(Message("The solution by {solver} could not be verified: {why}.", solver=solver.name,
                                                 why=checked.why))
        return ""

    def _search(self, solver: Solver, area: SearchArea) -> tuple[Found | None, str]:
        """The solution, or why there is none. After a crash the search is repeated after a pause; a solver that exceeds its
        time limit is not started again."""
        pause = self.settings.backoff
        why = ""
        for attempt in range(self.settings.attempts):
            if attempt and self.environment.cancel.wait(pause * 2 ** (attempt - 1)):
                raise Cancelled("Plate solving was cancelled.")
            folder = self.environment.work / f"{solver.name}-{next(self.numbers)}"
            try:
                folder.mkdir()
                copy = folder / "field.fit"
                job = Job(self.picture, copy, folder, self.settings, self.environment, self.templates)
                write_private_copy(self.picture, copy)
                with slot(solver.program, self.settings.max_instances, interval=self.settings.min_interval,
                          cancel=self.environment.cancel):
                    found = solver.search(job, area)
                return found, "" if found else NO_MATCH
            except Cancelled:
                raise
            except ToolTimeout as error:
                self.broken.add(solver.name)
                self.searched.add((solver.family, area))
                if area.scale is None:  # a long search, not a fault of the program: its family would take as long
                    self.broken |= {s.name for s in self.solvers if s.family == solver.family}
                return None, str(error)
            except (ToolMissing, InputError, ConfigError) as error:
                self.broken.add(solver.name)
                return None, str(error)
            except ToolError as error:
                why = str(error)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        self.broken.add(solver.name)
        return None, why

    def _verify(self, wcs: WCS, found: Found, solver: Solver) -> tuple[WCS, Verification]:
        """Check a WCS against the first catalog with enough stars, the solver's own matches, or another solver.

        The WCS is returned refined if there are enough stars.
        """
        ra, dec, radius = field_circle(wcs, self.picture.shape)
        checked = Verification(False, "", "there is no catalog and no other solver to compare with", decided=False)
        self.compared = None
        for stars, name in self._catalogs(found, solver, ra, dec, CATALOG_MARGIN * radius):
            self.compared = stars
            checked = verify(wcs, self.picture, stars, name, self.settings.max_rms)
            better = refine(wcs, self.picture, stars, self.settings.sip)
            again = verify(better, self.picture, stars, name, self.settings.max_rms)
            if again.ok and (not checked.ok or again.rms_px < checked.rms_px):
                return better, again
            if checked.decided:
                return wcs, checked
        return wcs, self._compare_with_another(wcs, solver, ra, dec) or checked

    def _catalogs(self, found: Found, solver: Solver, ra: float, dec: float,
                  radius: float) -> Iterator[tuple[StarTable, str]]:
        others_first = sorted(self.solvers, key=lambda s: s.name == solver.name)
        yield from _catalog_stars(self.user_catalog, others_first, (ra, dec, radius))
        if found.stars is not None and len(found.stars):
            right, declination = found.stars.T
            yield StarTable.make(right, declination, np.zeros(len(right))), Message("matches of {solver}", solver=solver.name)

    def _compare_with_another(self, wcs: WCS, solver: Solver, ra: float, dec: float) -> Verification | None:
        scale = scale_of(wcs)
        for other in self.solvers:
            if other.name == solver.name or other.name in self.broken:
                continue
            found, _ = self._search(other, SearchArea(ra, dec, CONFIRMATION_RADIUS, scale))
            theirs = read_wcs(found.header) if found else None
            if theirs is None:
                continue
            apart = same_field(wcs, theirs, self.picture.shape)
            why = "" if apart <= AGREEMENT else Message("{other} puts the field {apart:.1f} px away", other=other.name,
                                                        apart=apart)
            return Verification(not why, other.name, why, rms_px=apart)
        return None


def _catalog_stars(user_catalog: StarTable | None, sources: list[Solver],
                   circle: tuple[float, float, float]) -> Iterator[tuple[StarTable, str]]:
    """The stars in a circle (RA, Dec, radius in degrees) of each catalog that can be read, with its name."""
    if user_catalog is not None:
        yield cone(user_catalog, *circle), "the catalog given"
    for source in sources:
        try:
            stars = source.catalog(*circle)
        except OrchestrateError:
            continue
        if stars is not None:
            yield stars, Message("stars of {source}", source=source.name)


def check_wcs(image: Path, wcs: WCS, settings: Astrometry, folder: Path, siril: SirilEngine | None = None) -> Verification:
    """Compare the stars of an image with those of a catalog at the places that its WCS gives them.

    Parameters
    ----------
    folder : scratch; need not exist.
    siril : path of siril-cli.

    Raises
    ------
    InputError : the image, or the catalog given for verification, cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    picture = load_picture(image, folder)
    sources = find_solvers(settings, (siril or SirilEngine()).executable).solvers
    catalog = read_stars(settings.catalog) if settings.catalog else None
    ra, dec, radius = field_circle(wcs, picture.shape)
    checked = Verification(False, "", "there is no catalog to compare with", decided=False)
    for stars, name in _catalog_stars(catalog, sources, (ra, dec, CATALOG_MARGIN * radius)):
        checked = verify(wcs, picture, stars, name, settings.max_rms)
        if checked.decided:
            break
    return checked


def _hint_summary(hints: Hints) -> dict[str, Any]:
    return {"ra": hints.ra, "dec": hints.dec, "position_from": hints.position_from or None, "scales": list(hints.scales),
            "scale_from": hints.scale_from or None}


def _finish(outcome: Outcome, picture: Picture, hints: Hints) -> None:
    """Fill the summary of a solution."""
    checked = outcome.verification
    if outcome.wcs is None or checked is None:
        return
    outcome.summary |= {"solver": outcome.solver, **describe(outcome.wcs, picture.shape)}
    outcome.summary["verification"] = {
        "ok": checked.ok, "against": checked.against, "matched": checked.matched, "catalog_stars": checked.catalog_stars,
        "by_chance": checked.by_chance, "rms_px": checked.rms_px}
    if hints.ra is not None and hints.dec is not None:
        found = describe(outcome.wcs, picture.shape)
        ra, dec = np.array([found["ra_deg"]]), np.array([found["dec_deg"]])
        outcome.summary["hint_off_deg"] = float(separation(hints.ra, hints.dec, ra, dec)[0])
