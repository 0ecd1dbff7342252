"""Siril's plate solver, over a local Gaia catalog. Manual: https://siril.readthedocs.io/en/stable/astrometry/platesolving.html"""

from __future__ import annotations

import threading
from pathlib import Path

from astropy.io import fits

from orchestrator.errors import ToolError
from orchestrator.io import fits as fits_io
from orchestrator.tools.siril.cli import Expected, SirilProbe, run_script
from orchestrator.tools.siril.script import render, write_script

__all__ = ["platesolve"]

SOLVED = "solved.fit"
# Siril wants a focal length and a pixel size; only their ratio matters.
PIXEL = 4.0
ARCSEC_MM_PER_UM = 206.264806


def platesolve(probe: SirilProbe, image: Path, catalog: Path, *, log: Path, ra: float, dec: float, radius: float,
               scale: float, sip_order: int = 1, scripts: Path | None = None, templates: Path | None = None,
               timeout: float | None = None, cancel: threading.Event | None = None) -> fits.Header | None:
    """Header of the solved image, None when Siril finds no match.

    Parameters
    ----------
    image : FITS in a folder of its own, which becomes Siril's. catalog : file of ``core.catalogue_gaia_astro``.
    ra, dec, radius : where to search, degrees; Siril does not solve blind. scale : arcsec a pixel, good to 20 %.
    scripts : folder where the script stays; that of the image when None. templates : a person's own.

    Raises
    ------
    ToolError : Siril failed otherwise.
    """
    folder = image.parent
    text = render("platesolve.ssf.j2", templates, threads=1, memory_gb=1.0, catalog=catalog, image=image.stem, ra=ra, dec=dec,
                  radius=radius, focal=ARCSEC_MM_PER_UM * PIXEL / scale, pixel=PIXEL, order=sip_order, out=Path(SOLVED).stem)
    script = write_script((scripts or folder) / "platesolve.ssf", text)
    (folder / SOLVED).unlink(missing_ok=True)
    try:
        run_script(probe, script, folder, log, expected=[Expected(folder / SOLVED, 2880)], timeout=timeout, cancel=cancel)
    except ToolError as error:
        if error.returncode == 1 and any("Plate solving failed" in line for line in error.last_lines):
            return None
        raise
    return fits_io.read_header(folder / SOLVED)
