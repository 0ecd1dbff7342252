"""Demosaicing of one mosaic by Siril, with its preferred algorithm (RCD)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import SirilEngine
from orchestrator.errors import ToolError
from orchestrator.io import fits as fits_io
from orchestrator.message import Message
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.siril.cli import Expected, ScriptJob, SirilProgram, run_script
from orchestrator.tools.siril.script import render, write_script

__all__ = ["debayer"]

# Numbers of the patterns in Siril's setting debayer.pattern.
PATTERNS = {"RGGB": 0, "BGGR": 1, "GBRG": 2, "GRBG": 3}


def debayer(siril: SirilProgram, mosaic: NDArray[np.float32], pattern: str, environment: ToolEnvironment,
            settings: SirilEngine) -> NDArray[np.float32]:
    """Colour image (3, h, w) of a mosaic (h, w).

    Parameters
    ----------
    pattern : of the mosaic as it is in memory.
    settings : time limit, and the folder with custom script templates.

    Raises
    ------
    ToolError : Siril failed, or made no image of that size.
    """
    folder, log = environment.work, environment.logs / "siril_debayer.log"
    folder.mkdir(parents=True, exist_ok=True)
    # Without ROWORDER in the header Siril takes the first row as the top, as the script sets it.
    pixels = np.ascontiguousarray(mosaic, np.float32)
    fits_io.write(folder / "mosaic.fit", pixels)
    text = render("debayer.ssf.j2", settings.templates, pattern=PATTERNS[pattern], threads=environment.threads,
                  memory_gb=environment.memory_gb)
    script = write_script(environment.scripts / "debayer.ssf", text)
    result = folder / "rgb_mosaic.fit"
    job = ScriptJob(script, folder, log, [Expected(result, 3 * pixels.nbytes, image=True)],
                    lambda: result.unlink(missing_ok=True))
    run_script(siril, job, timeout=settings.timeout, cancel=environment.cancel)
    found = fits_io.image_layout(result).read()
    if found.shape != (3, *mosaic.shape):
        raise ToolError(Message("Siril made an image of {shape} from a mosaic of {shape2}.", shape=found.shape,
                                shape2=mosaic.shape), Message("See {log}.", log=log),
                        tool="siril-cli", log=log)
    return found
