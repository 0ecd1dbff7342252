"""Colour calibration by Siril (``pcc``, ``spcc``) of one image that has a WCS.

Manual: https://siril.readthedocs.io/en/stable/processing/color-calibration/spcc.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.errors import ToolError
from orchestrator.io import fits as fits_io
from orchestrator.message import Message
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.siril.cli import Expected, ScriptJob, SirilProgram, run_script
from orchestrator.tools.siril.script import render, write_script

__all__ = ["SirilGains", "SpccData", "pcc_gains", "spcc_gains"]

_FACTOR = re.compile(r"K([012]):\s*([0-9.]+)")
_STARS = re.compile(r"using (\d+) stars")
_FIT = re.compile(r"Image ([RB])/G = (\S+) \+ (\S+) \* Catalog [RB]/G \(sigma: ([0-9.eE+-]+)\)")

Image = NDArray[np.float32]


@dataclass(frozen=True)
class SirilGains:
    """Gains of red, green (1) and blue, the number of stars, and Siril's fits of flux ratios (zero, slope, sigma) by channel."""

    gains: tuple[float, float, float]
    stars: int
    fits: dict[str, tuple[float, float, float]]


@dataclass(frozen=True)
class SpccData:
    """The data that ``spcc`` needs.

    Parameters
    ----------
    spectra : folder of star spectra, in chunks of the sky.
    sensors : folder of the sensor database.
    options : name sensor, filters, bands and white reference, such as ``-whiteref=Average Spiral Galaxy``.
    """

    spectra: Path
    sensors: Path
    options: Sequence[str]


def pcc_gains(siril: SirilProgram, image: Image, header: fits.Header, catalog: Path, environment: ToolEnvironment,
              timeout: float | None = None, templates: Path | None = None) -> SirilGains:
    """Gains from the temperatures of stars.

    Parameters
    ----------
    image : (3, h, w).
    header : with a WCS.
    catalog : Siril's Gaia file.
    timeout : seconds.
    templates : folder with custom script templates.

    Raises
    ------
    ToolError : Siril failed, or prints no factors.
    """
    text = render("pcc.ssf.j2", templates, catalog=catalog.absolute(), threads=environment.threads,
                  memory_gb=environment.memory_gb)
    return _gains("pcc", text, siril, image, header, environment, timeout)


def spcc_gains(siril: SirilProgram, image: Image, header: fits.Header, data: SpccData, environment: ToolEnvironment,
               timeout: float | None = None, templates: Path | None = None) -> SirilGains:
    """Gains from the spectra of stars; parameters and errors as for :func:`pcc_gains`.

    Siril dies if a name is not in the database or no chunk exists: the caller checks this first.
    """
    text = render("spcc.ssf.j2", templates, spectra=data.spectra.absolute(), names=data.options, threads=environment.threads,
                  memory_gb=environment.memory_gb)
    return _gains("spcc", text, siril, image, header, environment, timeout, data.sensors)


def _gains(command: str, text: str, siril: SirilProgram, image: Image, header: fits.Header, environment: ToolEnvironment,
           timeout: float | None, sensors: Path | None = None) -> SirilGains:
    folder = environment.work
    folder.mkdir(parents=True, exist_ok=True)
    pixels = np.ascontiguousarray(image, np.float32)
    fits_io.write(folder / "image.fit", pixels, header)
    log = environment.logs / f"siril_{command}.log"
    script = write_script(environment.scripts / f"{command}.ssf", text)
    result = folder / "result.fit"
    job = ScriptJob(script, folder, log, [Expected(result, pixels.nbytes, image=True)], lambda: result.unlink(missing_ok=True),
                    sensors)
    done = run_script(siril, job, timeout=timeout, cancel=environment.cancel)
    # Siril prints factors more than once; the last three are those that were applied.
    factors = {int(m[1]): float(m[2]) for line in done.lines if (m := _FACTOR.search(line))}
    stars = [int(m[1]) for line in done.lines if (m := _STARS.search(line))]
    found = {m[1]: (float(m[2]), float(m[3]), float(m[4])) for line in done.lines if (m := _FIT.search(line))}
    if sorted(factors) != [0, 1, 2] or min(factors.values()) <= 0:
        raise ToolError(Message("{command} of Siril printed no factors.",
                                command=command), Message("See {log}.", log=log), tool="siril-cli", log=log)
    return SirilGains((factors[0] / factors[1], 1.0, factors[2] / factors[1]), stars[-1] if stars else 0, found)
