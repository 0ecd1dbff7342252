"""Solvers that are Python packages, run in a process of their own: a crash or an endless search there ends nothing here.

faster-astap: https://pypi.org/project/faster-astap, astrometry: https://pypi.org/project/astrometry
"""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.catalogs.astap import AstapDatabase
from orchestrator.errors import ToolError, ToolMissing
from orchestrator.tools.astrometry_net import without_linear_sip
from orchestrator.tools.process import run_process

__all__ = ["need", "solve_astrometry", "solve_faster_astap"]

_PACKAGES = {"faster_astap": "faster-astap", "astrometry": "astrometry"}


def need(module: str) -> None:
    """Raise ToolMissing when the package is not installed."""
    if importlib.util.find_spec(module) is None:
        raise ToolMissing(f"The package {_PACKAGES[module]} is not installed.", f"pip install {_PACKAGES[module]}", tool=module)


def solve_faster_astap(image: Path, database: AstapDatabase, *, log: Path, ra: float, dec: float, radius: float, height: float,
                       max_stars: int = 500, timeout: float | None = None,
                       cancel: threading.Event | None = None) -> fits.Header | None:
    """WCS cards of a 16-bit FITS, None when there is no match. Angles in degrees; ``height`` is that of the image."""
    job = {"image": str(image), "folder": str(database.folder), "database": database.name, "ra": ra, "dec": dec,
           "radius": radius, "height": height, "max_stars": max_stars}
    answer = _run("faster_astap", job, image.parent, log, timeout, cancel)
    return fits.Header(list(answer["cards"].items())) if answer else None


def solve_astrometry(folder: Path, x: NDArray[np.float64], y: NDArray[np.float64], indexes: Sequence[Path], *, log: Path,
                     ra: float, dec: float, radius: float, scale: tuple[float, float], sip_order: int = 0,
                     timeout: float | None = None, cancel: threading.Event | None = None,
                     ) -> tuple[fits.Header, NDArray[np.float64]] | None:
    """WCS cards and the index's stars in the field, (n, 2) ra, dec; None when there is no match.

    ``x``, ``y``: 0-based star positions, brightest first; ``scale``: least and largest, arcsec a pixel.
    """
    job = {"x": x.tolist(), "y": y.tolist(), "indexes": [str(i) for i in indexes], "ra": ra, "dec": dec, "radius": radius,
           "scale": scale, "sip_order": max(sip_order, 1)}
    answer = _run("astrometry", job, folder, log, timeout, cancel)
    if not answer:
        return None
    header = fits.Header(list(answer["cards"].items()))
    return header if sip_order > 1 else without_linear_sip(header), np.array(answer["stars"], np.float64).reshape(-1, 2)


def _run(name: str, job: dict[str, Any], folder: Path, log: Path, timeout: float | None,
         cancel: threading.Event | None) -> dict[str, Any]:
    asked, answer = folder / "job.json", folder / "answer.json"
    asked.write_text(json.dumps(job), "utf-8")
    answer.unlink(missing_ok=True)
    command: list[str | Path] = [sys.executable, "-m", "orchestrator.tools.python_solvers", name, asked, answer]
    done = run_process(command, log=log, tool=name, timeout=timeout, cancel=cancel)
    try:
        return dict(json.loads(answer.read_text("utf-8")))
    except (OSError, ValueError):
        raise ToolError(f"{name} ended without an answer (exit status {done.returncode}).", f"See {log}.", tool=name, log=log,
                        last_lines=done.last_lines, returncode=done.returncode) from None


def _faster_astap(job: dict[str, Any]) -> dict[str, Any]:
    from faster_astap import SpiralSolver

    data = fits.getdata(job["image"]).astype(np.float32)
    solver = SpiralSolver(database_path=job["folder"], database=job["database"]).load()
    ra, dec = np.radians([job["ra"], job["dec"]])  # degrees would be taken for radians, and crash the next call
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
        near = job["radius"] < 180
        position = astrometry.PositionHint(job["ra"], job["dec"], job["radius"]) if near else None
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
