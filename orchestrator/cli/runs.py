"""`orchestrate runs` and `orchestrate compare`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from orchestrator.report.model import Table as Content

__all__ = ["compare", "runs"]

COLOURS = {"ok": "green", "validation_failed": "yellow", "incomplete": "yellow", "running": "cyan"}
runs_dir = click.option("--runs-dir", default="runs", show_default=True, type=click.Path(path_type=Path),
                        help="Where runs are kept.")


@click.group()
def runs() -> None:
    """List runs, show one, take away what is not needed."""


@runs.command("list")
@runs_dir
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_(runs_dir: Path, as_json: bool) -> int:
    """The runs, oldest first."""
    from orchestrator.rundir.listing import list_runs

    entries = list_runs(runs_dir)
    if as_json:
        click.echo(json.dumps([e.to_dict() for e in entries], indent=1, ensure_ascii=False))
        return 0
    table = Table()
    for column in ("run", "begun (UTC)", "status", "frames", "FWHM (px)", "size"):
        table.add_column(column, justify="right" if column in ("frames", "FWHM (px)", "size") else "left", overflow="fold")
    for e in entries:
        colour = COLOURS.get(e.status, "red")
        table.add_row(escape(e.name), e.started[:16].replace("T", " "), f"[{colour}]{escape(e.status)}[/{colour}]", e.frames,
                      f"{e.fwhm:.2f}" if e.fwhm is not None else "–", _bytes(e.size))
    Console().print(table if entries else f"{runs_dir} holds no runs.")
    return 0


@runs.command()
@click.argument("run", metavar="RUN")
@runs_dir
def show(run: str, runs_dir: Path) -> int:
    """What a RUN (its name, or its folder) measured and decided, in short."""
    from orchestrator.report.collect import collect

    folder = runs_dir / run if (runs_dir / run).is_dir() else Path(run)
    report = collect(folder)
    console = Console(soft_wrap=True)
    for section in report.sections:
        if section.id not in ("summary", "channels", "combination", "validation", "growth"):
            continue
        table = Table(title=section.title, title_justify="left", show_header=False)
        for fact in section.facts:
            table.add_row(escape(fact.label), escape(fact.value), escape(fact.note))
        if section.facts or section.missing:
            console.print(table if section.facts else f"{section.title}: {escape(section.missing)}", highlight=False)
        for extra in section.tables if section.id in ("channels", "combination") else ():
            _show_table(console, extra)
        for extra in section.tables if section.id == "summary" else ():
            for row in extra.rows:
                console.print(f"[red]-[/red] {escape(row[0])}: {escape(row[1])}", highlight=False)
    for warning in report.warnings:
        console.print(f"[yellow]! {escape(warning)}[/yellow]", highlight=False)
    page = folder / "artifacts" / "report.html"
    click.echo(f"Report:  {page}" if page.is_file() else f"Report:  none yet (orchestrate report {folder})")
    return 0


@runs.command()
@click.argument("names", nargs=-1, metavar="[RUN...]")
@runs_dir
@click.option("--keep-failed", is_flag=True, help="Scratch folders only; failed, cancelled and unfinished runs stay.")
@click.option("--dry-run", is_flag=True, help="Tell what would be removed, and remove nothing.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
def clean(names: tuple[str, ...], runs_dir: Path, keep_failed: bool, dry_run: bool, yes: bool) -> int:
    """Remove scratch folders, and runs that failed, were cancelled or never ended. Tells what, then asks.

    A run that is under way is left alone. Raw frames are never touched.
    """
    from orchestrator.rundir.listing import leftovers, remove

    found = leftovers(runs_dir, names, failed=not keep_failed)
    if not found:
        click.echo("There is nothing to remove.")
        return 0
    for item in found:
        click.echo(f"{_bytes(item.size):>10}  {item.why:<15}  {item.path}")
    click.echo(f"{_bytes(sum(i.size for i in found)):>10}  in all")
    if dry_run:
        return 0
    if not yes and not click.confirm("Remove them?"):
        return 0
    for item in found:
        remove(item, runs_dir)
    click.echo(f"Removed {len(found)}.")
    return 0


@click.command()
@click.argument("run_a", type=click.Path(path_type=Path), metavar="RUN_A")
@click.argument("run_b", type=click.Path(path_type=Path), metavar="RUN_B")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
              help="The page; compare_with_NAME.html in RUN_B's artifacts by default.")
def compare(run_a: Path, run_b: Path, output: Path | None) -> int:
    """Two runs (their folders) side by side: a page to blink between the pictures, and a table."""
    from orchestrator.report.compare import compare as compare_runs
    from orchestrator.report.compare import write_comparison

    found = compare_runs(run_a, run_b)
    console = Console(soft_wrap=True)
    for content in (found.measures, found.settings, found.frames):
        if not content.rows:
            console.print(f"{content.title}: none")
            continue
        _show_table(console, content)
    target = output or run_b / "artifacts" / f"compare_with_{run_a.resolve().name}.html"
    click.echo(f"Page:    {write_comparison(found, target)}")
    return 0


def _show_table(console: Console, content: Content) -> None:
    table = Table(title=content.title, title_justify="left")
    for name in content.head:
        table.add_column(escape(name))
    for row in content.rows:
        table.add_row(*map(escape, row))
    console.print(table)


def _bytes(size: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
