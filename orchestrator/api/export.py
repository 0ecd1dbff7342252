"""The product of a run that is exported."""

from __future__ import annotations

from pathlib import Path

from orchestrator.errors import InputError
from orchestrator.rundir.output_files import STAGES

__all__ = ["product_of"]


def product_of(source: Path, name: str | None = None) -> Path:
    """The image to export: ``source`` itself if it is a file, else a product of the run directory: the one called ``name``, such
    as stacked.fits or master_tiles/tile_001.fits, or the most finished stack.

    Raises
    ------
    InputError : there is no such file.
    """
    source = source.expanduser()
    if source.is_file():
        return source
    outputs = source / "outputs"
    if name is not None:
        found = outputs / name
        if found.is_file():
            return found
        known = ", ".join(p.relative_to(outputs).as_posix() for p in sorted(outputs.rglob("*.fits")))
        raise InputError(f"{source} has no product {name}.", f"There are: {known or 'none'}.")
    made = [path for stage in STAGES if (path := outputs / f"{stage}.fits").is_file()]
    if not made:
        raise InputError(f"{source} is neither a FITS file nor the directory of a run with a stack.",
                         "Give a file, or a run directory such as runs/NAME.")
    return made[0]
