"""The images of a run, and the one that is exported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orchestrator.errors import InputError
from orchestrator.rundir.output_files import STAGES

__all__ = ["RunImage", "product_of", "run_images"]


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


@dataclass(frozen=True)
class RunImage:
    """An image in the outputs of a run. ``linear``: a stack, to be developed; others are shown as they are."""

    name: str
    path: Path
    linear: bool


def run_images(directory: Path) -> list[RunImage]:
    """The images of a run: its stacks, the most finished one first, then pictures, then all other FITS images."""
    outputs = directory / "outputs"
    stacks = [outputs / f"{stage}.fits" for stage in STAGES]
    found = [RunImage(p.name, p, True) for p in (*stacks, *sorted(outputs.glob("stacked_hoo.fits"))) if p.is_file()]
    found += [RunImage(p.name, p, False) for p in sorted(outputs.glob("*.png"))]
    known = {image.path for image in found}
    found += [RunImage(p.name, p, False) for p in sorted(outputs.glob("*.fits")) if p not in known]
    found += [RunImage(p.relative_to(outputs).as_posix(), p, True) for p in sorted(outputs.glob("master_tiles/*.fits"))]
    return found
