"""GraXpert's command line. Manual: https://github.com/Steffenhir/GraXpert#command-line-usage"""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import InputError, ToolError, ToolMissing
from orchestrator.io import fits as fits_io
from orchestrator.tools.process import run_process

__all__ = ["extract_background", "find_graxpert"]

NAMES = ("graxpert", "GraXpert", "GraXpert-linux", "GraXpert.exe", "GraXpert-win64.exe")


def find_graxpert(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> Path:
    """The program: as configured, GRAXPERT, PATH, the usual folders.

    Raises
    ------
    ToolMissing : there is none.
    """
    environ = os.environ if environ is None else environ
    chosen = explicit or (Path(environ["GRAXPERT"]) if environ.get("GRAXPERT") else None)
    if chosen is not None:
        if chosen.is_file() and os.access(chosen, os.X_OK):
            return chosen
        raise ToolMissing(f"{chosen} is no program.", "Correct bge.graxpert.", tool="graxpert")
    found = [shutil.which(name, path=environ.get("PATH", "")) for name in NAMES]
    usual = {"win32": "C:/Program Files/GraXpert", "darwin": "/Applications/GraXpert.app/Contents/MacOS"}
    folder = Path(usual.get(sys.platform, "/opt/GraXpert"))
    paths = [Path(p) for p in found if p] + [folder / name for name in NAMES]
    for path in paths:
        if path.is_file() and os.access(path, os.X_OK):
            return path
    raise ToolMissing("GraXpert was not found (GRAXPERT, PATH, usual folders).",
                      "Install it from https://graxpert.com, or choose bge.method=polynomial.", tool="graxpert")


def extract_background(program: Path, image: NDArray[np.float32], folder: Path, log: Path, *, smoothing: float = 0.5,
                       timeout: float | None = None, cancel: threading.Event | None = None) -> NDArray[np.float32]:
    """``image``, (h, w) or (3, h, w), less GraXpert's model (subtraction); ``folder`` is scratch.

    Raises
    ------
    ToolError : GraXpert failed, or left no image of that size.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source, stem = folder / "image.fits", folder / "graxpert"
    fits_io.write(source, np.ascontiguousarray(image, np.float32))
    for old in folder.glob("graxpert.fit*"):
        old.unlink()
    done = run_process([program, "-cli", "-cmd", "background-extraction", source, "-output", stem, "-correction", "Subtraction",
                        "-smoothing", f"{min(max(smoothing, 0), 1):g}"], log=log, tool="graxpert", cwd=folder, timeout=timeout,
                       cancel=cancel)  # fmt: skip
    made = sorted(folder.glob("graxpert.fit*"))
    if done.returncode != 0 or not made:
        raise ToolError(f"GraXpert failed (exit status {done.returncode}, {len(made)} images).",
                        f"See {log}; its model is downloaded when it runs for the first time.", tool="graxpert", log=log,
                        last_lines=done.last_lines, returncode=done.returncode)  # fmt: skip
    try:
        found = fits_io.image_layout(made[0]).read()
    except InputError as error:
        raise ToolError(f"GraXpert left no usable image: {error.message}", f"See {log}.", tool="graxpert", log=log) from error
    if found.shape != image.shape:
        raise ToolError(f"GraXpert made an image of {found.shape} from one of {image.shape}.", f"See {log}.", tool="graxpert",
                        log=log)  # fmt: skip
    return found
