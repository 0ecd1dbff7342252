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
from orchestrator.tools.process import run_process

__all__ = ["need", "solve_astrometry", "solve_faster_astap"]

_PACKAGES = {"faster_astap": "faster-astap", "astrometry": "astrometry"}


def need(module: str) -> None:
    """Raise ToolMissing when the package is not installed."""
    if importlib.util.find_spec(module) is None:
        raise ToolMissing(f"The package {_PACKAGES[module]} is not installed.", f"pip install {_PACKAGES[module]}", tool=module)


def solve_faster_astap(image: Path, database: AstapDatabase, *, log: Path, ra: float, dec: float, radius: float, height: float,
                       timeout: float | None = None, cancel: threading.Event | None = None) -> fits.Header | None:
    """WCS cards of a 16-bit FITS, None when there is no match. Angles in degrees; ``height`` is that of the image."""
    job = {"image": str(image), "database": str(database.folder), "ra": ra, "dec": dec, "radius": radius, "height": height}
    return _run("faster_astap", job, image.parent, log, timeout, cancel)


def solve_astrometry(folder: Path, x: NDArray[np.float64], y: NDArray[np.float64], indexes: Sequence[Path], *, log: Path,
                     ra: float, dec: float, radius: float, scale: tuple[float, float], timeout: float | None = None,
                     cancel: threading.Event | None = None) -> fits.Header | None:
    """WCS cards from 0-based star positions, brightest first; None when there is no match. ``scale`` in arcsec a pixel."""
    job = {"x": x.tolist(), "y": y.tolist(), "indexes": [str(i) for i in indexes], "ra": ra, "dec": dec, "radius": radius,
           "scale": scale}
    return _run("astrometry", job, folder, log, timeout, cancel)


def _run(name: str, job: dict[str, Any], folder: Path, log: Path, timeout: float | None,
         cancel: threading.Event | None) -> fits.Header | None:
    asked, answer = folder / "job.json", folder / "answer.json"
    asked.write_text(json.dumps(job), "utf-8")
    answer.unlink(missing_ok=True)
    command = [sys.executable, "-m", __name__, name, asked, answer]
    done = run_process(command, log=log, tool=name, timeout=timeout, cancel=cancel)
    try:
        cards = json.loads(answer.read_text("utf-8"))
    except (OSError, ValueError):
        raise ToolError(f"{name} ended without an answer (exit status {done.returncode}).", f"See {log}.", tool=name, log=log,
                        last_lines=done.last_lines, returncode=done.returncode) from None
    return fits.Header(list(cards.items())) if cards else None


def _faster_astap(job: dict[str, Any]) -> dict[str, Any]:
    from faster_astap import SpiralSolver

    data = fits.getdata(job["image"]).astype(np.float32)
    solver = SpiralSolver(database_path=job["database"]).load()
    ra, dec = np.radians([job["ra"], job["dec"]])  # degrees would be taken for radians, and crash the next call
    found = solver.solve(data, ra=ra, dec=dec, fov=job["height"], radius=job["radius"])
    print(found)
    return _cards(found)


def _cards(found: Any) -> dict[str, Any]:
    raise NotImplementedError


def _astrometry(job: dict[str, Any]) -> dict[str, Any]:
    import astrometry

    with astrometry.Solver([Path(i) for i in job["indexes"]]) as solver:
        size = astrometry.SizeHint(*job["scale"])
        near = job["radius"] < 180
        position = astrometry.PositionHint(job["ra"], job["dec"], job["radius"]) if near else None
        parameters = astrometry.SolutionParameters(logodds_callback=lambda _: astrometry.Action.STOP)
        found = solver.solve(stars=list(zip(job["x"], job["y"], strict=True)), size_hint=size, position_hint=position,
                             solution_parameters=parameters)
    if not found.has_match():
        return {}
    cards = found.best_match().wcs_fields
    return {k: v[0] if isinstance(v, tuple | list) else v for k, v in cards.items()}


if __name__ == "__main__":
    solvers = {"faster_astap": _faster_astap, "astrometry": _astrometry}
    result = solvers[sys.argv[1]](json.loads(Path(sys.argv[2]).read_text("utf-8")))
    Path(sys.argv[3]).write_text(json.dumps(result), "utf-8")
