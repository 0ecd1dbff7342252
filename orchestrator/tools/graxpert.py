"""The command line of GraXpert. Manual: https://github.com/Steffenhir/GraXpert#command-line-usage"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import InputError, ToolError
from orchestrator.io import fits as fits_io
from orchestrator.message import Message
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.probe import FoundTool, ToolProbe
from orchestrator.tools.process import Command, run_process

__all__ = ["extract_background", "find_graxpert"]


def _usual_places(environ: Mapping[str, str]) -> list[Path]:
    folders = {"win32": "C:/Program Files/GraXpert", "darwin": "/Applications/GraXpert.app/Contents/MacOS"}
    return [Path(folders.get(sys.platform, "/opt/GraXpert"))]


# GraXpert is not asked for its version: any version is accepted.
PROBE = ToolProbe(
    name="GraXpert",
    tool="graxpert",
    executables=("graxpert", "GraXpert", "GraXpert-linux", "GraXpert.exe", "GraXpert-win64.exe"),
    remedy="Install it from https://graxpert.com, correct its path (bge.graxpert), or choose bge.method=polynomial.",
    variables=("GRAXPERT",),
    places=_usual_places,
)


def find_graxpert(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> FoundTool:
    """GraXpert as configured, GRAXPERT, PATH, the usual folders.

    Raises
    ------
    ToolMissing : there is none.
    """
    return PROBE.find(explicit, environ)


def extract_background(graxpert: FoundTool, image: NDArray[np.float32], environment: ToolEnvironment, *, smoothing: float = 0.5,
                       timeout: float | None = None) -> NDArray[np.float32]:
    """An image, (h, w) or (3, h, w), from which GraXpert has subtracted its background model.

    Parameters
    ----------
    smoothing : 0 to 1; values outside are clipped.
    timeout : seconds.

    Raises
    ------
    ToolError : GraXpert failed, or left no image of that size.
    """
    folder, log = environment.work, environment.logs / "graxpert.log"
    folder.mkdir(parents=True, exist_ok=True)
    source, stem = folder / "image.fits", folder / "graxpert"
    fits_io.write(source, np.ascontiguousarray(image, np.float32))
    for old in folder.glob("graxpert.fit*"):
        old.unlink()
    command: list[str | Path] = [graxpert.path, "-cli", "-cmd", "background-extraction", source, "-output", stem,
                                 "-correction", "Subtraction", "-smoothing", f"{min(max(smoothing, 0), 1):g}"]
    done = run_process(Command(command, folder), log=log, tool="graxpert", timeout=timeout, cancel=environment.cancel)
    made = sorted(folder.glob("graxpert.fit*"))
    if done.returncode != 0 or not made:
        raise ToolError(Message("GraXpert failed (exit status {returncode}, {count} images).", returncode=done.returncode,
                                count=len(made)),
                        Message("See {log}. GraXpert downloads its model when it runs for the first time.",
                                log=log), tool="graxpert", log=log,
                        last_lines=done.last_lines, returncode=done.returncode)  # fmt: skip
    try:
        found = fits_io.image_layout(made[0]).read()
    except InputError as error:
        raise ToolError(Message("GraXpert left no usable image: {error}",
                                error=error.message), Message("See {log}.", log=log), tool="graxpert", log=log) from error
    if found.shape != image.shape:
        raise ToolError(Message("GraXpert made an image of {shape} from one of {shape2}.", shape=found.shape,
                                shape2=image.shape), Message("See {log}.", log=log), tool="graxpert",
                        log=log)  # fmt: skip
    return found
