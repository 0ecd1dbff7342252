"""Solve one image: every solver that is installed, from the likely to the laborious, each answer verified."""

from __future__ import annotations

import itertools
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from astropy.wcs import WCS

from orchestrator.astrometry.hints import Guess, Hints, guesses, read_hints, scale_of
from orchestrator.astrometry.picture import Picture, load_picture, write_private_copy
from orchestrator.astrometry.refine import refine
from orchestrator.astrometry.solvers import Found, Job, Solver, find_solvers
from orchestrator.astrometry.verify import Verification, field_circle, plausible, same_field, verify
from orchestrator.astrometry.wcs import describe
from orchestrator.catalogs.stars import StarTable, cone, read_stars
from orchestrator.config.postprocessing import Astrometry
from orchestrator.errors import Cancelled, ConfigError, InputError, OrchestrateError, ToolError, ToolMissing, ToolTimeout
from orchestrator.io.wcs_header import read_wcs, separation
from orchestrator.tools.slots import slot

__all__ = ["Outcome", "solve"]

NO_MATCH = "no match was found"
AGREE = 3.0  # pixels: solvers that agree so well see the same field


@dataclass
class Outcome:
    """How it went. ``wcs`` is None when the image was not solved, and ``why`` says why not."""

    wcs: WCS | None = None
    solver: str = ""
    why: str = ""
    verification: Verification | None = None
    summary: dict[str, Any] = field(default_factory=dict)
    attempts: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def solve(image: Path, settings: Astrometry, folder: Path, logs: Path, *, siril: Path | None = None,
          templates: Path | None = None, scripts: Path | None = None, cancel: threading.Event | None = None,
          tell: Callable[[str], None] = lambda _: None) -> Outcome:
    """Find the WCS of an image. The image is only read.

    Parameters
    ----------
    folder : scratch for this call alone. logs : for what the solvers print. scripts : where Siril's scripts stay.
    siril : siril-cli as configured. templates : a person's own, for its scripts. tell : hears what is being tried.

    Raises
    ------
    InputError : the image, or the catalog given for verification, cannot be read. Cancelled.
    A solver that fails is no error: the next one is tried, and ``attempts`` tells.
    """
    if settings.solver == "none":
        return Outcome(why="no solver is wanted (astrometry.solver: none)")
    search = find_solvers(settings, siril)
    if not search.solvers:
        return Outcome(why="no solver can be used. " + " ".join(f"{n}: {w}" for n, w in search.missing.items()))
    folder.mkdir(parents=True, exist_ok=True)
    picture = load_picture(image, folder)
    hints = read_hints(picture.header, picture.shape, settings)
    outcome = Outcome(summary={"stars": len(picture.stars), "hints": _told(hints), "missing": search.missing})
    if len(picture.stars) < settings.min_stars:
        outcome.why = f"only {len(picture.stars)} stars were detected, {settings.min_stars} are needed"
        return outcome
    catalog = read_stars(settings.catalog) if settings.catalog else None
    solvers = search.solvers
    if not hints.scales:  # without a scale those that take any are far quicker
        solvers = sorted(solvers, key=lambda s: not s.name.startswith("astrometry"))
    asked = guesses(hints, settings)
    work = _Work(outcome, picture, settings, folder, logs, scripts, templates, cancel, tell, solvers, catalog)
    began = time.monotonic()
    for blind, solver in itertools.product((False, True), solvers):
        for guess in (g for g in asked if g.blind == blind):
            if time.monotonic() - began > settings.budget:
                outcome.attempts.append({"solver": solver.name, "result": f"not begun after {settings.budget:g} s (budget)"})
                break
            if work.accept(solver, guess):
                _finish(outcome, picture, hints)
                return outcome
    reasons = {a["solver"]: a["result"] for a in outcome.attempts}
    outcome.why = "not solved. " + " ".join(f"{name}: {why.rstrip('.')}." for name, why in reasons.items())
    if not asked or not reasons:
        outcome.why = "not solved: neither position nor scale is known. Give them with astrometry.ra, dec and scale."
    return outcome


@dataclass
class _Work:
    """One image's searches."""

    outcome: Outcome
    picture: Picture
    settings: Astrometry
    folder: Path
    logs: Path
    scripts: Path | None
    templates: Path | None
    cancel: threading.Event | None
    tell: Callable[[str], None]
    solvers: list[Solver]
    given: StarTable | None
    broken: set[str] = field(default_factory=set)
    searched: set[tuple[str, Guess]] = field(default_factory=set)  # in vain, by one solver of a family
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def accept(self, solver: Solver, guess: Guess) -> bool:
        """Whether this search gave a solution that stands the test; it is in the outcome then."""
        chosen = self.settings.solver != "auto"
        if solver.name in self.broken or (guess.blind and not solver.blind) or (solver.family, guess) in self.searched:
            return False
        if guess.scale is None and solver.needs_scale and not chosen:
            return False
        where = "the whole sky" if guess.blind else f"within {guess.radius:g} deg"
        self.tell(f"{solver.name}: {where}")
        found, why = self._search(solver, guess)
        if why == NO_MATCH:
            self.searched.add((solver.family, guess))
        if found is not None:
            wcs = read_wcs(found.header)
            why = "its WCS is not whole" if wcs is None else plausible(wcs, guess, self.picture.shape)
            if wcs is not None and not why:
                wcs, checked = self._verify(wcs, found, solver)
                why = checked.why if checked.decided else ""
                if not why:
                    self.outcome.wcs, self.outcome.solver, self.outcome.verification = wcs, solver.name, checked
                    if not checked.ok:
                        self.outcome.warnings.append(f"The solution by {solver.name} could not be verified: {checked.why}.")
            why = f"a solution was refused: {why}" if why else "solved"
        self.outcome.attempts.append({"solver": solver.name, "search": where, "scale": guess.scale, "result": why})
        return self.outcome.wcs is not None

    def _search(self, solver: Solver, guess: Guess) -> tuple[Found | None, str]:
        """The answer, or why there is none. A crash is tried again after a pause, a time-out ends this solver's work."""
        pause = self.settings.backoff
        why = ""
        for attempt in range(self.settings.attempts):
            if attempt and (self.cancel or threading.Event()).wait(pause * 2 ** (attempt - 1)):
                raise Cancelled("Plate solving was cancelled.")
            folder = self.folder / f"{solver.name}-{next(self.numbers)}"
            try:
                folder.mkdir()
                copy = folder / "field.fit"
                job = Job(self.picture, copy, folder, self.logs, self.settings, self.cancel, self.scripts,
                          self.templates)
                write_private_copy(self.picture, copy)
                with slot(solver.program, self.settings.max_instances, interval=self.settings.min_interval,
                          cancel=self.cancel):
                    found = solver.search(job, guess)
                return found, "" if found else NO_MATCH
            except Cancelled:
                raise
            except ToolTimeout as error:
                self.broken.add(solver.name)
                self.searched.add((solver.family, guess))
                if guess.scale is None:  # a long search, not a fault of the program: its kin would take as long
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
        """Against the first catalog that has enough stars, the solver's own matches, or another solver.

        The WCS comes back refined where there are stars enough.
        """
        ra, dec, radius = field_circle(wcs, self.picture.shape)
        checked = Verification(False, "", "no catalog and no other solver is there to compare with", decided=False)
        for stars, name in self._catalogs(found, solver, ra, dec, 1.1 * radius):
            checked = verify(wcs, self.picture, stars, name, self.settings.max_rms)
            better = refine(wcs, self.picture, stars, self.settings.sip)
            again = verify(better, self.picture, stars, name, self.settings.max_rms)
            if again.ok and (not checked.ok or again.rms_px < checked.rms_px):
                return better, again
            if checked.decided:
                return wcs, checked
        return wcs, self._ask_another(wcs, solver, ra, dec) or checked

    def _catalogs(self, found: Found, solver: Solver, ra: float, dec: float,
                    radius: float) -> Iterator[tuple[StarTable, str]]:
        if self.given is not None:
            yield cone(self.given, ra, dec, radius), "the catalog given"
        for source in sorted(self.solvers, key=lambda s: s.name == solver.name):  # another's stars first
            try:
                stars = source.catalog(ra, dec, radius)
            except OrchestrateError:
                continue
            if stars is not None:
                yield stars, f"stars of {source.name}"
        if found.stars is not None and len(found.stars):
            right, declination = found.stars.T
            yield StarTable.make(right, declination, np.zeros(len(right))), f"matches of {solver.name}"

    def _ask_another(self, wcs: WCS, solver: Solver, ra: float, dec: float) -> Verification | None:
        scale = scale_of(wcs)
        for other in self.solvers:
            if other.name == solver.name or other.name in self.broken:
                continue
            found, _ = self._search(other, Guess(ra, dec, 1.0, scale))
            theirs = read_wcs(found.header) if found else None
            if theirs is None:
                continue
            apart = same_field(wcs, theirs, self.picture.shape)
            why = "" if apart <= AGREE else f"{other.name} puts the field {apart:.1f} px away"
            return Verification(not why, other.name, why, rms_px=apart)
        return None


def _told(hints: Hints) -> dict[str, Any]:
    return {"ra": hints.ra, "dec": hints.dec, "position_from": hints.position_from or None, "scales": list(hints.scales),
            "scale_from": hints.scale_from or None}


def _finish(outcome: Outcome, picture: Picture, hints: Hints) -> None:
    assert outcome.wcs is not None and outcome.verification is not None
    checked = outcome.verification
    outcome.summary |= {"solver": outcome.solver, **describe(outcome.wcs, picture.shape)}
    outcome.summary["verification"] = {
        "ok": checked.ok, "against": checked.against, "matched": checked.matched, "catalogd": checked.catalogd,
        "by_chance": checked.by_chance, "rms_px": checked.rms_px}
    if hints.ra is not None and hints.dec is not None:
        found = describe(outcome.wcs, picture.shape)
        ra, dec = np.array([found["ra_deg"]]), np.array([found["dec_deg"]])
        outcome.summary["hint_off_deg"] = float(separation(hints.ra, hints.dec, ra, dec)[0])
