"""Solvers that are Python packages. Each runs in its own process, so that a crash or an endless search does no harm here.

faster-astap: https://pypi.org/project/faster-astap, astrometry: https://pypi.org/project/astrometry
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.catalogs.astap import AstapDatabase
from orchestrator.errors import ToolError, ToolMissing
from orchestrator.message import Message
from orchestrator.tools.astrometry_net import without_linear_sip
from orchestrator.tools.process import Command, run_process
from orchestrator.tools.python_process import python_environment, python_module
from orchestrator.tools.solving import SIP_ORDER, SolveRequest, StarList
from orchestrator.version import install_command

__all__ = ["require_package", "solve_astrometry", "solve_faster_astap"]

_PACKAGES = {"faster_astap": "faster-astap", "astrometry": "astrometry"}


def require_package(module: str) -> None:
    """Raise ToolMissing if the package is not installed."""
    if importlib.util.find_spec(module) is None:
        raise ToolMissing(Message("The package {packages} is not installed.",
                                  packages=_PACKAGES[module]), install_command(_PACKAGES[module]), tool=module)


def solve_faster_astap(image: Path, database: AstapDatabase, request: SolveRequest, height: float,
                       max_stars: int) -> fits.Header | None:
    """WCS cards of a 16-bit FITS image, None if there is no match.

    Parameters
    ----------
    height : of the image in degrees.
    max_stars : brightest stars of the image to use.

    Raises
    ------
    ToolError : the solver ended without a result.
    """
    area = request.area
    job = {"image": str(image), "folder": str(database.folder), "database": database.name, "ra": area.ra, "dec": area.dec,
           "radius": area.radius, "height": height, "max_stars": max_stars}
    answer = _run("faster_astap", job, image.parent, request)
    return fits.Header(list(answer["cards"].items())) if answer else None


def solve_astrometry(stars: StarList, folder: Path, indexes: Sequence[Path],
                     request: SolveRequest) -> tuple[fits.Header, NDArray[np.float64]] | None:
    """WCS cards and the stars of the index in the field, (n, 2) ra, dec in degrees; None if there is no match.

    Parameters
    ----------
    folder : scratch, for this search alone.
    indexes : index files.

    Raises
    ------
    ToolError : the solver ended without a result.
    """
    area = request.area
    job = {"x": stars.x.tolist(), "y": stars.y.tolist(), "indexes": [str(i) for i in indexes], "ra": area.ra, "dec": area.dec,
           "radius": None if area.blind else area.radius, "scale": area.scale_range, "sip_order": SIP_ORDER if request.sip else 1}
    answer = _run("astrometry", job, folder, request)
    if not answer:
        return None
    header = fits.Header(list(answer["cards"].items()))
    return header if request.sip else without_linear_sip(header), np.array(answer["stars"], np.float64).reshape(-1, 2)


def _run(name: str, job: dict[str, Any], folder: Path, request: SolveRequest) -> dict[str, Any]:
    """Run this module in another process; the job and the answer are files in ``folder``. An empty answer means no match."""
    question, answer, log = folder / "job.json", folder / "answer.json", request.log
    question.write_text(json.dumps(job), "utf-8")
    answer.unlink(missing_ok=True)
    command = Command(python_module("orchestrator.tools.python_solvers", name, question, answer), env=python_environment())
    done = run_process(command, log=log, tool=name, timeout=request.timeout, cancel=request.cancel)
    try:
        return dict(json.loads(answer.read_text("utf-8")))
    except (OSError, ValueError):
        raise ToolError(Message("{name} ended without a result (exit status {returncode}).", name=name,
                                returncode=done.returncode), Message("See {log}.", log=log), tool=name, log=log,
                        last_lines=done.last_lines, returncode=done.returncode) from None


def _faster_astap(job: dict[str, Any]) -> dict[str, Any]:
    from faster_astap import SpiralSolver

    data = fits.getdata(job["image"]).astype(np.float32)
    solver = SpiralSolver(database_path=job["folder"], database=job["database"]).load()
    ra, dec = np.radians([job["ra"], job["dec"]])  # radians: degrees would crash the next call
    found = solver.solve(data, ra=ra, dec=dec, fov=job["height"], radius=job["radius"],
                         max_stars=job["max_stars"])
    print(found)
    if not found.solved:
        return {}
    cards = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": found.ra_deg, "CRVAL2": found.dec_deg,
             "CRPIX1": found.crpix1, "CRPIX2": found.crpix2}
    return {"cards": cards | dict(zip(("CD1_1", "CD1_2", "CD2_1", "CD2_2"), map(float, found.cd), strict=True))}


def _astrometry(job: dict[str, Any]) -> dict[str, Any]:
    import astrometry

    with astrometry.Solver([Path(i) for i in job["indexes"]]) as solver:
        radius = job["radius"]
        position = None if radius is None else astrometry.PositionHint(job["ra"], job["dec"], radius)
        parameters = astrometry.SolutionParameters(sip_order=job["sip_order"], sip_inverse_order=job["sip_order"],
                                                   logodds_callback=lambda _: astrometry.Action.STOP)
        stars = [(x + 1, y + 1) for x, y in zip(job["x"], job["y"], strict=True)]  # FITS counts pixels from 1
        found = solver.solve(stars=stars, size_hint=astrometry.SizeHint(*job["scale"]), position_hint=position,
                             solution_parameters=parameters)
    if not found.has_match():
        return {}
    match = found.best_match()
    return {"cards": {k: value for k, (value, _) in match.wcs_fields.items()},
            "stars": [(s.ra_deg, s.dec_deg) for s in match.stars]}


if __name__ == "__main__":
    solvers = {"faster_astap": _faster_astap, "astrometry": _astrometry}
    result = solvers[sys.argv[1]](json.loads(Path(sys.argv[2]).read_text("utf-8")))
    Path(sys.argv[3]).write_text(json.dumps(result), "utf-8")
