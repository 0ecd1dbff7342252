"""`orchestrate catalog`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestrator.errors import ConfigError

__all__ = ["catalog"]


@click.group()
def catalog() -> None:
    """Star catalogs for plate solving and colour calibration without a network."""


@catalog.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_catalogs(as_json: bool) -> int:
    """Show which star catalogs are installed, and what each allows."""
    from orchestrator.astrometry.catalogs import installed

    found = installed()
    if as_json:
        import json

        click.echo(json.dumps([{**vars(c), "path": str(c.path)} for c in found], indent=1))
        return 0
    table = Table()
    for column in ("", "for", "what", "allows", "where"):
        table.add_column(column, overflow="fold")
    for c in found:
        table.add_row("[green]ok[/green]" if c.ok else "[yellow]--[/yellow]", c.kind, escape(c.what), escape(c.allows),
                      escape(str(c.path)))
    if found:
        Console().print(table)
    else:
        click.echo("No star catalog is installed. `orchestrate catalog write TABLE` makes them from one that you have.")
    return 0


@catalog.command()
@click.argument("table", type=click.Path(path_type=Path), metavar="TABLE")
@click.option("--to", "kinds", multiple=True,
              type=click.Choice(["astap", "astap-wide", "siril", "siril-spectra", "astrometry.net"]),
              help="Which format; the first three by default. May be repeated.")
@click.option("--folder", type=click.Path(path_type=Path), metavar="DIR", help="Where; the user's data folder by default.")
@click.option("--name", default="d05", show_default=True,
              help="Name of the ASTAP database; its digits times 100 are the stars per square degree ASTAP expects.")
@click.option("--column", "columns", multiple=True, metavar="WHAT=NAME",
              help="A column that is not recognised: ra, dec, mag, B-V, BP-RP, pmra, flux and so on. May be repeated.")
@click.option("--limit", type=float, metavar="MAG", help="Leave out fainter stars.")
@click.option("--years", type=float, default=0.0, metavar="N", help="Move stars by N years of proper motion.")
@click.option("--scale", "presets", multiple=True, type=click.IntRange(0, 19), default=(4, 6, 8), show_default=True,
              help="astrometry.net: quads of 2*sqrt(2)^N arcmin. May be repeated.")
@click.option("--synthetic", is_flag=True, help="siril-spectra of a table without spectra: black bodies of the stars' colours. "
              "For trials only.")
def write(table: Path, kinds: tuple[str, ...], folder: Path | None, name: str, columns: tuple[str, ...], limit: float | None,
          years: float, presets: tuple[int, ...], synthetic: bool) -> int:
    """Write a star catalog TABLE (Parquet, CSV, ECSV, FITS) in the formats of ASTAP, Siril, astrometry.net."""
    from orchestrator.astrometry.catalogs import write_catalogs
    from orchestrator.catalogs.columns import COLUMNS

    pairs = [c.partition("=") for c in columns]
    wrong = next((c for c, (what, _, value) in zip(columns, pairs, strict=True) if what not in COLUMNS or not value), None)
    if wrong is not None:
        raise ConfigError(f"--column {wrong!r} is not WHAT=NAME.", f"WHAT is one of {', '.join(COLUMNS)}.")
    made = write_catalogs(table, kinds or ("astap", "astap-wide", "siril"), folder, name=name, limit=limit, years=years,
                            columns={what: value for what, _, value in pairs}, presets=presets, synthetic=synthetic)
    for what, path in made:
        click.echo(f"{what}: {path}")
    return 0
