"""Plate solves calibrated lights of a mosaic before they are registered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import count

import numpy as np
from astropy.io import fits
from astropy.wcs import NoConvergence
from numpy.typing import NDArray

from orchestrator.astrometry.solve import Outcome, solve
from orchestrator.astrometry.solvers import find_solvers
from orchestrator.config.postprocessing import SOLVER_LIMITS, SOLVER_SETTINGS, Astrometry
from orchestrator.config.settings import SirilEngine
from orchestrator.errors import OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.runtime.context import RunContext
from orchestrator.tools.environment import ToolEnvironment
from tilecore.register.catalog_frame import PlateSolution

__all__ = ["light_settings", "light_solver"]

logger = logging.getLogger(__name__)

# Time (s) after which no further search for one light is started.
BUDGET = 60.0
# Points along each axis of a light at which its solution is read.
GRID = 7


def light_solver(context: RunContext) -> Callable[[NDArray[np.float32], tuple[float, float] | None, float | None],
                                                  PlateSolution | None] | None:
    """A function that plate solves an image (rows, columns), given its position (RA, Dec in degrees) and scale (arcsec per px),
    each None if unknown. It may be called by several threads at once. None if no solver with a star catalog is installed, or
    plate solving is disabled."""
    settings = light_settings(context.config.astrometry)
    siril = SirilEngine(executable=context.config.engine.siril.executable)
    if settings.solver == "none" or not find_solvers(settings, siril.executable).solvers:
        return None
    numbers = count()

    def solved(image: NDArray[np.float32], position: tuple[float, float] | None, scale: float | None) -> PlateSolution | None:
        environment = ToolEnvironment.of(context, f"anchors/{next(numbers)}")
        environment.work.mkdir(parents=True, exist_ok=True)
        path = environment.work / "light.fits"
        fits_io.write(path, image, fits.Header())
        ra, dec = position or (None, None)
        hints = settings.model_copy(update={"ra": ra, "dec": dec, "scale": scale})
        try:
            outcome = solve(path, hints, environment, siril=siril)
        except OrchestrateError as error:
            context.check()
            logger.info("A light could not be plate solved: %s", error)
            return None
        finally:
            path.unlink(missing_ok=True)
        return _solution(outcome, image.shape[0], image.shape[1])

    return solved


def light_settings(given: Astrometry, *, sip: bool = True) -> Astrometry:
    """The settings of plate solving for a light: the solvers, their catalogs and limits of their use are those of the stack, its
    position, scale and search are not. ``sip``: whether to fit a distortion."""
    kept = {name: getattr(given, name) for name in ("solver", *SOLVER_SETTINGS, *SOLVER_LIMITS)}
    return Astrometry(**kept, budget=BUDGET, sip=sip)


def _solution(outcome: Outcome, rows: int, columns: int) -> PlateSolution | None:
    """The solution, if a catalog has confirmed it."""
    checked = outcome.verification
    if outcome.wcs is None or outcome.stars is None or checked is None or not checked.ok:
        logger.info("A light is not used as an anchor: %s", outcome.why or (checked.why if checked else ""))
        return None
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, columns - 1, GRID), np.linspace(0, rows - 1, GRID)))
    points = np.stack([x, y], axis=1)
    try:
        places = outcome.wcs.all_world2pix(outcome.stars.ra, outcome.stars.dec, 0, quiet=True)
    except (NoConvergence, ValueError):
        return None
    return PlateSolution(points, _vectors(*outcome.wcs.all_pix2world(x, y, 0)), _vectors(outcome.stars.ra, outcome.stars.dec),
                         np.stack(places, axis=1))


def _vectors(ra: NDArray[np.float64], dec: NDArray[np.float64]) -> NDArray[np.float64]:
    a, d = np.radians(ra), np.radians(dec)
    return np.stack([np.cos(d) * np.cos(a), np.cos(d) * np.sin(a), np.sin(d)], axis=1)
