"""Plate solving by Siril with a local Gaia catalog.

Manual: https://siril.readthedocs.io/en/stable/astrometry/platesolving.html
"""

from __future__ import annotations

from pathlib import Path

from astropy.io import fits

from orchestrator.errors import ToolError
from orchestrator.io import fits as fits_io
from orchestrator.tools.siril.cli import Expected, ScriptJob, SirilProgram, run_script
from orchestrator.tools.siril.script import render, write_script
from orchestrator.tools.solving import SIP_ORDER, SolveRequest

__all__ = ["platesolve"]

SOLVED = "solved.fit"
# Siril needs a focal length and a pixel size (um), but only their ratio matters.
PIXEL_SIZE = 4.0
ARCSEC_MM_PER_UM = 206.264806
# A search needs little of the machine.
THREADS = 1
MEMORY_GB = 1.0


def platesolve(siril: SirilProgram, image: Path, catalog: Path, request: SolveRequest, scripts: Path,
               templates: Path | None = None) -> fits.Header | None:
    """Header of the solved image, None if Siril finds no match.

    Parameters
    ----------
    image : FITS in its own folder, which becomes the working directory of Siril.
    catalog : file of ``core.catalogue_gaia_astro``.
    request : needs a scale, good to 20 %; Siril does not search the whole sky.
    scripts : folder in which the script is kept.
    templates : folder with custom script templates.

    Raises
    ------
    ToolError : Siril failed for another reason.
    """
    folder, area = image.parent, request.area
    if area.scale is None:
        raise ValueError("Siril needs a scale")
    text = render("platesolve.ssf.j2", templates, threads=THREADS, memory_gb=MEMORY_GB, catalog=catalog, image=image.stem,
                  ra=area.ra, dec=area.dec, radius=area.radius, focal=ARCSEC_MM_PER_UM * PIXEL_SIZE / area.scale,
                  pixel=PIXEL_SIZE, order=SIP_ORDER if request.sip else 1, out=Path(SOLVED).stem)
    script = write_script(scripts / "platesolve.ssf", text)
    (folder / SOLVED).unlink(missing_ok=True)
    job = ScriptJob(script, folder, request.log, [Expected(folder / SOLVED, fits_io.BLOCK)])
    try:
        run_script(siril, job, timeout=request.timeout, cancel=request.cancel)
    except ToolError as error:
        if error.returncode == 1 and any("Plate solving failed" in line for line in error.last_lines):
            return None
        raise
    return fits_io.read_header(folder / SOLVED)
