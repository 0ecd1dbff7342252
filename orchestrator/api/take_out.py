"""Everything of a run for other programs and for a publication, in one folder: ``orchestrate export RUN --take-out FOLDER``."""

from __future__ import annotations

from pathlib import Path

from orchestrator.api.export import product_of
from orchestrator.api.export_formats import export_acquisition, export_folder, export_layers
from orchestrator.errors import RunError
from orchestrator.io.fits_export import export_fits
from orchestrator.io.raw_guard import refuse_folder
from orchestrator.report.files import RunFiles
from orchestrator.report.methods_text import CITATION, methods_text
from orchestrator.report.write import write_text

__all__ = ["take_out"]


def take_out(run: Path, folder: Path) -> list[Path]:
    """Write a new folder: ``siril/`` (32-bit FITS), ``pixinsight/`` (XISF of stacks, masters and frames), ``layers.fits``,
    ``astrobin.csv``, ``methods.txt`` (a paragraph on the methods and the versions) and ``CITATION.cff``.

    Raises
    ------
    InputError : the folder is not a run, or has no stack. RunError : the folder exists, or cannot be written.
    """
    image = product_of(run)
    if folder.exists():
        raise RunError(f"{folder} exists already.", "Give a folder that does not exist.")
    refuse_folder(folder)
    siril = folder / "siril" / image.name
    siril.parent.mkdir(parents=True)
    export_fits(image, siril, "float32", "first")
    made = [siril, *export_folder(run, folder / "pixinsight")]
    export_layers(run, folder / "layers.fits")
    export_acquisition(run, folder / "astrobin.csv")
    write_text(folder / "methods.txt", methods_text(RunFiles(run)))
    write_text(folder / "CITATION.cff", CITATION)
    return [*made, *(folder / name for name in ("layers.fits", "astrobin.csv", "methods.txt", "CITATION.cff"))]
