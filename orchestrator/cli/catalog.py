"""`orchestrate catalog`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from orchestrator.cli.verbs import VerbGroup, is_quiet, note
from orchestrator.errors import ConfigError

__all__ = ["catalog"]


@click.group(cls=VerbGroup)
def catalog() -> None:
    """List, fetch or write star catalogs for plate solving and colour calibration offline."""


@catalog.command("get")
@click.argument("name", required=False, metavar="[NAME]")
@click.option("--mirror", default="", metavar="URL", help="Address of the folder of the file on another server.")
@click.option("--sha256", default="", metavar="SUM", help="SHA-256 of the file, instead of the known one.")
@click.option("--folder", type=click.Path(path_type=Path), metavar="DIR",
              help="Target folder; the program's data folder of the user by default.")
def get(name: str | None, mirror: str, sha256: str, folder: Path | None) -> int:
    """Fetch the star catalog NAME; without a NAME, list those that can be fetched. An interrupted download is continued."""
    from orchestrator.catalogs.download import SOURCES, fetch
    from orchestrator.catalogs.installed import own_folder
    from orchestrator.io.raw_guard import refuse_folder

    if name is None:
        for key, source in SOURCES.items():
            click.echo(f"{key:<8}{source.size / 1e6:>6.0f} MB, {source.unpacked / 1e6:.0f} MB on disk: {source.what}")
        return 0
    if name not in SOURCES:
        raise ConfigError(f"There is no catalog {name!r} to fetch.", f"Known are {', '.join(SOURCES)}.")
    source = SOURCES[name]
    target = folder or (own_folder() / "astap" if source.kind == "deb" else own_folder())
    refuse_folder(target)
    note(f"{source.what}: {source.size / 1e6:.0f} MB to download, {source.unpacked / 1e6:.0f} MB on disk in {target}")
    written = fetch(source, target, mirror=mirror, sha256=sha256, progress=_Download())
    click.echo(f"{len(written)} file{'s' * (len(written) != 1)} in {target}")
    return 0


class _Download:
    """Prints the progress of a download on standard error: one line that is renewed on a terminal, else a line for each tenth."""

    def __init__(self) -> None:
        self._tenths = -1

    def __call__(self, done: int, total: int) -> None:
        terminal = sys.stderr.isatty()
        tenths = 10 * done // max(total, 1)
        if is_quiet() or (not terminal and tenths == self._tenths):
            return
        self._tenths = tenths
        text = f"{100 * done // max(total, 1):3d} %  {done / 1e6:.0f} of {total / 1e6:.0f} MB"
        click.echo(f"\r{text}" if terminal and done < total else f"\r{text}\n" if terminal else text, err=True, nl=not terminal)


@catalog.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_catalogs(as_json: bool) -> int:
    """List the installed star catalogs, and their uses."""
    from orchestrator.astrometry.catalogs import installed

    found = installed()
    if as_json:
        import json

        click.echo(json.dumps([{**vars(c), "path": str(c.path)} for c in found], indent=1))
        return 0
    from rich.console import Console
    from rich.table import Table

    from orchestrator.cli.markup import escape

    table = Table()
    for column in ("", "for", "catalog", "allows", "path"):
        table.add_column(column, overflow="fold")
    for c in found:
        table.add_row("[green]ok[/green]" if c.ok else "[yellow]--[/yellow]", c.kind, escape(c.what), escape(c.allows),
                      escape(str(c.path)))
    if found:
        Console().print(table)
    else:
        click.echo("No star catalog is installed. `orchestrate catalog write TABLE` makes them from a table of stars.")
    return 0


@catalog.command()
@click.argument("table", type=click.Path(path_type=Path), metavar="TABLE")
@click.option("--to", "kinds", multiple=True,
              type=click.Choice(["astap", "astap-wide", "siril", "siril-spectra", "astrometry.net"]),
              help="Format to write; the first three by default. May be repeated.")
@click.option("--folder", type=click.Path(path_type=Path), metavar="DIR",
              help="Target folder; the program's data folder of the user by default.")
@click.option("--name", default="d05", show_default=True, metavar="NAME",
              help="Name of the ASTAP database; its digits times 100 are the stars per square degree that ASTAP expects.")
@click.option("--column", "columns", multiple=True, metavar="QUANTITY=NAME",
              help="Name of a column that is not recognised; QUANTITY is ra, dec, mag, B-V, BP-RP, pmra, flux, ... "
              "May be repeated.")
@click.option("--limit", type=float, metavar="MAG", help="Omit stars fainter than MAG.")
@click.option("--years", type=float, default=0.0, metavar="N", help="Apply N years of proper motion.")
@click.option("--scale", "presets", multiple=True, type=click.IntRange(0, 19), default=(4, 6, 8), show_default=True, metavar="N",
              help="astrometry.net: quads of 2*sqrt(2)^N arcmin. May be repeated.")
@click.option("--synthetic", is_flag=True, help="siril-spectra from a table without spectra: black bodies of the stars' colours. "
              "For tests only.")
def write(table: Path, kinds: tuple[str, ...], folder: Path | None, name: str, columns: tuple[str, ...], limit: float | None,
          years: float, presets: tuple[int, ...], synthetic: bool) -> int:
    """Write a star catalog TABLE (Parquet, CSV, ECSV, FITS) in the formats of ASTAP, Siril and astrometry.net."""
    from orchestrator.astrometry.catalogs import CatalogOptions, write_catalogs
    from orchestrator.catalogs.columns import COLUMNS

    pairs = [c.partition("=") for c in columns]
    wrong = next((c for c, (quantity, _, value) in zip(columns, pairs, strict=True) if quantity not in COLUMNS or not value),
                 None)
    if wrong is not None:
        raise ConfigError(f"--column {wrong!r} is not QUANTITY=NAME.", f"QUANTITY is one of {', '.join(COLUMNS)}.")
    options = CatalogOptions(name, limit, years, {quantity: value for quantity, _, value in pairs}, presets, synthetic)
    written = write_catalogs(table, kinds or ("astap", "astap-wide", "siril"), folder, options)
    for kind, path in written:
        click.echo(f"{kind}: {path}")
    return 0
