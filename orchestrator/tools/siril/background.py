"""Background extraction of one image by Siril (``subsky``)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.postprocessing import Bge
from orchestrator.errors import ToolError
from orchestrator.io import fits as fits_io
from orchestrator.message import Message
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.siril.cli import Expected, ScriptJob, SirilProgram, run_script
from orchestrator.tools.siril.script import render, write_script

__all__ = ["subsky"]

# Options of subsky, at the defaults of Siril: samples per line, tolerance in MAD, smoothing of radial basis functions.
SAMPLES = 20
TOLERANCE = 1.0
SMOOTH = 0.5


def subsky(siril: SirilProgram, image: NDArray[np.float32], settings: Bge, environment: ToolEnvironment,
           templates: Path | None = None) -> NDArray[np.float32]:
    """An image, (h, w) or (3, h, w), from which Siril has subtracted its background model.

    Parameters
    ----------
    settings : order, radial basis functions and time limit.
    templates : folder with custom script templates.

    Raises
    ------
    ToolError : Siril failed, for example because it found no sky to sample.
    """
    folder, log = environment.work, environment.logs / "siril_subsky.log"
    folder.mkdir(parents=True, exist_ok=True)
    pixels = np.ascontiguousarray(image, np.float32)
    fits_io.write(folder / "image.fit", pixels)
    text = render("subsky.ssf.j2", templates, order=settings.order, rbf=settings.siril_rbf, samples=SAMPLES, tolerance=TOLERANCE,
                  smooth=SMOOTH, threads=environment.threads, memory_gb=environment.memory_gb)
    script = write_script(environment.scripts / "subsky.ssf", text)
    result = folder / "result.fit"
    job = ScriptJob(script, folder, log, [Expected(result, pixels.nbytes, image=True)], lambda: result.unlink(missing_ok=True))
    run_script(siril, job, timeout=settings.timeout, cancel=environment.cancel)
    found = fits_io.image_layout(result).read()
    if found.shape != image.shape:
        raise ToolError(Message("Siril made an image of {shape} from one of {shape2}.", shape=found.shape,
                                shape2=image.shape), Message("See {log}.", log=log), tool="siril-cli",
                        log=log)
    return found
