"""Solves a single file, outside of a run."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from orchestrator.astrometry.solve import Outcome, solve
from orchestrator.astrometry.wcs import wcs_cards, write_wcs
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError, InputError, RunError
from orchestrator.io import fits as fits_io
from orchestrator.io.atomic import whole_file
from orchestrator.io.raw_guard import refuse_raw
from orchestrator.message import Message
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.slots import image_lock

__all__ = ["solve_file"]


def solve_file(image: Path, config: RunConfig, *, output: Path | None = None, write: bool = True,
               cancel: threading.Event | None = None, notify: Callable[[str], None] = lambda _: None) -> Outcome:
    """Solve an image and write the WCS into it, or into a copy.

    Parameters
    ----------
    output : the copy; the image itself then stays unchanged.
    write : False only solves.
    cancel : when set, the search stops.
    notify : called with a description of each search.

    Raises
    ------
    InputError : the image cannot be read.
    ConfigError : the image is compressed and ``output`` is missing; the file to write is a raw frame.
    RunError : a file cannot be written.
    """
    if not image.is_file():
        raise InputError(Message("{image} is not a file.", image=image), "Name a FITS image.")
    if write and output is None and fits_io.is_compressed(image):
        raise ConfigError(Message("{image} is compressed: its header cannot be changed in place.",
                                  image=image), "Give --output FILE.")
    if write:
        refuse_raw(output or image, replaces=output is None)
    with tempfile.TemporaryDirectory(prefix="orchestrate-solve-") as scratch, image_lock(image, cancel):
        folder = Path(scratch)
        environment = ToolEnvironment(folder / "work", folder, folder, cancel or threading.Event())
        outcome = solve(image, config.astrometry, environment, siril=config.engine.siril, notify=notify)
        if outcome.wcs is None or not write:
            return outcome
        if output is not None:
            try:
                plain = fits_io.decompress(image, folder / "plain") if fits_io.is_compressed(image) else image
                with plain.open("rb") as source, whole_file(output) as target:
                    shutil.copyfileobj(source, target)
            except OSError as error:
                raise RunError(Message("{output} could not be written: {strerror}.", output=output,
                                       strerror=error.strerror or error), "Choose another file.") from error
        write_wcs([output or image], wcs_cards(outcome.wcs, outcome.solver))
    return outcome
