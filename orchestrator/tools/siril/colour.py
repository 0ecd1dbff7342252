"""Siril's colour calibration (``pcc``, ``spcc``) of one image that has a WCS.

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
from orchestrator.tools.environment import Surroundings
from orchestrator.tools.siril.cli import Expected, SirilProbe, run_script
from orchestrator.tools.siril.script import render, write_script

__all__ = ["SirilGains", "pcc_gains", "spcc_gains"]

_FACTOR = re.compile(r"K([012]):\s*([0-9.]+)")
_STARS = re.compile(r"using (\d+) stars")
_FIT = re.compile(r"Image ([RB])/G = (\S+) \+ (\S+) \* Catalog [RB]/G \(sigma: ([0-9.eE+-]+)\)")

Image = NDArray[np.float32]


@dataclass(frozen=True)
class SirilGains:
    """Gains of red, green (1) and blue, the number of stars, Siril's fits of flux ratios (zero, slope, sigma) by channel."""

    gains: tuple[float, float, float]
    stars: int
    fits: dict[str, tuple[float, float, float]]


def pcc_gains(probe: SirilProbe, image: Image, header: fits.Header, catalog: Path, where: Surroundings,
              timeout: float | None = None, templates: Path | None = None) -> SirilGains:
    """By the temperatures of stars; ``image`` is (3, h, w), ``catalog`` Siril's Gaia file, ``templates`` a person's own folder.

    Raises
    ------
    ToolError : Siril failed, or names no factors.
    """
    text = render("pcc.ssf.j2", templates, catalog=catalog.absolute(), threads=where.threads, memory_gb=where.memory_gb)
    return _gains("pcc", text, probe, image, header, where, timeout)


def spcc_gains(probe: SirilProbe, image: Image, header: fits.Header, spectra: Path, database: Path, names: Sequence[str],
               where: Surroundings, timeout: float | None = None, templates: Path | None = None) -> SirilGains:
    """By the spectra of stars; ``spectra`` is the folder of chunks, ``database`` that of sensors.

    Siril dies when a name is not in the database or no chunk is there: the caller looks first.

    Parameters
    ----------
    names : options that name sensor, filters, bands and white reference, such as ``-whiteref=Average Spiral Galaxy``.

    Raises
    ------
    ToolError : Siril failed, or names no factors.
    """
    text = render("spcc.ssf.j2", templates, spectra=spectra.absolute(), names=names, threads=where.threads,
                  memory_gb=where.memory_gb)
    return _gains("spcc", text, probe, image, header, where, timeout, database)


def _gains(command: str, text: str, probe: SirilProbe, image: Image, header: fits.Header, where: Surroundings,
           timeout: float | None, database: Path | None = None) -> SirilGains:
    where.work.mkdir(parents=True, exist_ok=True)
    fits_io.write(where.work / "image.fit", np.ascontiguousarray(image, np.float32), header)
    script, log = where.scripts / f"{command}.ssf", where.logs / f"siril_{command}.log"
    write_script(script, text)
    result = where.work / "result.fit"
    done = run_script(probe, script, where.work, log, expected=[Expected(result, image.size * 4, image=True)], timeout=timeout,
                      cancel=where.cancel, fresh=lambda: result.unlink(missing_ok=True), sensors=database)
    # The last three are those that were applied.
    factors = {int(m[1]): float(m[2]) for line in done.lines if (m := _FACTOR.search(line))}
    stars = [int(m[1]) for line in done.lines if (m := _STARS.search(line))]
    found = {m[1]: (float(m[2]), float(m[3]), float(m[4])) for line in done.lines if (m := _FIT.search(line))}
    if sorted(factors) != [0, 1, 2] or min(factors.values()) <= 0:
        raise ToolError(f"Siril's {command} names no factors.", f"See {log}.", tool="siril-cli", log=log)
    return SirilGains((factors[0] / factors[1], 1.0, factors[2] / factors[1]), stars[-1] if stars else 0, found)
