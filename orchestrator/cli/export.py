"""`orchestrate export`."""

from __future__ import annotations

from pathlib import Path

import click

from orchestrator.cli.verbs import Verb, note

__all__ = ["export"]


@click.command(cls=Verb)
@click.argument("source", type=click.Path(path_type=Path), metavar="RUN|FILE")
@click.option("--product", metavar="NAME", help="Product of the run, such as stacked.fits; the most finished stack if not given.")
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE",
              help="File to write: FITS, or by its suffix compressed FITS (.fits.fz), XISF (.xisf) or float TIFF (.tif).")
@click.option("--bits", type=click.Choice(["16", "32"]), default="16", show_default=True,
              help="16: integers in ADU; 32: floating point, 1.0 = 65535 ADU.")
@click.option("--axes", type=click.Choice(["first", "last"]), default="first", show_default=True,
              help="Where the colours are: first (3, rows, columns) or last (rows, columns, 3), as numpy reads the file.")
@click.option("--layers", type=click.Path(path_type=Path), metavar="FILE",
              help="Write the stack of RUN with variance, coverage, rejected frames and PSF to one FITS file.")
@click.option("--astrobin", type=click.Path(path_type=Path), metavar="FILE",
              help="Write a table (CSV) of the exposures of RUN for AstroBin.")
@click.option("--pixinsight", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Write the linear stacks of RUN, its masters and frames (output.calibrated, output.registered) as XISF.")
@click.option("--hips", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Write a HiPS of FITS tiles for sky atlases; needs a WCS and `pip install orchestrate-astro[hips]`.")
@click.option("--take-out", "folder", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Write all of it: FITS for Siril, XISF for PixInsight, layers, the table for AstroBin, a paragraph on the "
              "methods with versions, and CITATION.cff.")
def export(source: Path, product: str | None, output: Path | None, bits: str, axes: str, layers: Path | None,
           astrobin: Path | None, pixinsight: Path | None, hips: Path | None, folder: Path | None) -> int:
    """Write a product of RUN, or the image FILE, for other programs: as a FITS file (--output) or a HiPS (--hips).

    With a suffix .xisf or .tif, --output writes 32-bit floating point with row 0 at the top.
    """
    if not any((output, hips, layers, astrobin, pixinsight, folder)):
        raise click.UsageError("Give --output FILE, --layers FILE, --astrobin FILE, --pixinsight FOLDER, --hips FOLDER or "
                               "--take-out FOLDER.")
    from orchestrator.api.export import product_of
    from orchestrator.api.export_formats import WRITERS, export_acquisition, export_folder, export_layers
    from orchestrator.io.fits_export import export_fits
    from orchestrator.io.hips_export import export_hips
    from orchestrator.io.raw_guard import refuse_sessions
    from orchestrator.rundir.record import session_folders

    refuse_sessions(session_folders(source), (layers, astrobin))
    if layers is not None:
        export_layers(source, layers)
        click.echo(f"{layers}  the layers of the stack of {source}")
    if astrobin is not None:
        export_acquisition(source, astrobin)
        click.echo(f"{astrobin}  the exposures of {source}")
    if pixinsight is not None:
        click.echo(f"{pixinsight}  {len(export_folder(source, pixinsight))} XISF files of {source}")
    if folder is not None:
        from orchestrator.api.take_out import take_out

        click.echo(f"{folder}  {len(take_out(source, folder))} files of {source}")
    if output is None and hips is None:
        return 0
    image = product_of(source, product)
    if output is not None and (writer := WRITERS.get(output.suffix.lower())) is not None:
        writer(image, output)
        click.echo(f"{output}  32 bits, from {image.name}")
    elif output is not None:
        made = export_fits(image, output, "uint16" if bits == "16" else "float32", "last" if axes == "last" else "first")
        for text in made.warnings:
            note(f"! {text}")
        click.echo(f"{made.path}  {' x '.join(map(str, made.shape))}, {bits} bits, from {image.name}")
    if hips is not None:
        click.echo(f"{hips}  {export_hips(image, hips)} tiles, from {image.name}")
    return 0
