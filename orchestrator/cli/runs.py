"""`orchestrate runs` and `orchestrate compare`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestrator.cli.options import runs_dir_option
from orchestrator.cli.verbs import Verb, VerbGroup

if TYPE_CHECKING:
    from rich.console import Console

    from orchestrator.report.model import Table as Content

__all__ = ["compare", "runs"]

COLOURS = {"ok": "green", "validation_failed": "yellow", "incomplete": "yellow", "running": "cyan"}


@click.group(cls=VerbGroup)
def runs() -> None:
    """List, show or delete runs."""


@runs.command("list")
@runs_dir_option()
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_(runs_dir: Path, as_json: bool) -> int:
    """List the runs, oldest first."""
    from orchestrator.rundir.listing import list_runs

    entries = list_runs(runs_dir)
    if as_json:
        click.echo(json.dumps([e.to_dict() for e in entries], indent=1, ensure_ascii=False))
        return 0
    from rich.console import Console
    from rich.table import Table

    from orchestrator.cli.markup import escape
    from orchestrator.report.wording import used_of_found

    table = Table()
    for column in ("run", "begun (UTC)", "status", "frames", "FWHM (px)", "size"):
        table.add_column(column, justify="right" if column in ("frames", "FWHM (px)", "size") else "left", overflow="fold")
    for e in entries:
        colour = COLOURS.get(e.status, "red")
        frames, fwhm = used_of_found(e.statistics.frames_used, e.statistics.lights_found), e.statistics.fwhm_px
        table.add_row(escape(e.name), e.started[:16].replace("T", " "), f"[{colour}]{escape(e.status)}[/{colour}]", frames,
                      f"{fwhm:.2f}" if fwhm is not None else "–", _bytes(e.size))
    Console().print(table if entries else f"There are no runs in {runs_dir}.")
    for version, count in sorted(Counter(e.unreadable for e in entries if e.unreadable).items()):
        click.echo(f"{count} {'run was' if count == 1 else 'runs were'} made by version {version}; this version cannot read "
                   f"{'its' if count == 1 else 'their'} statistics.")
    return 0


@runs.command()
@click.argument("run", metavar="RUN")
@runs_dir_option()
def show(run: str, runs_dir: Path) -> int:
    """Show the main measurements and decisions of a RUN (its name or its directory)."""
    from rich.console import Console
    from rich.table import Table

    from orchestrator.cli.markup import add_columns, escape
    from orchestrator.report.collect import collect

    folder = runs_dir / run if (runs_dir / run).is_dir() else Path(run)
    report = collect(folder)
    console = Console(soft_wrap=True)
    for section in report.sections:
        if section.id not in ("summary", "channels", "combination", "validation", "growth"):
            continue
        table = Table(title=section.title, title_justify="left", show_header=False)
        add_columns(table, "", "", "")
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
@runs_dir_option()
@click.option("--keep-failed", is_flag=True, help="Delete only scratch folders; keep failed, cancelled and unfinished runs.")
@click.option("--dry-run", is_flag=True, help="Show what would be deleted; delete nothing.")
@click.option("--yes", is_flag=True, help="Delete without confirmation.")
def clean(names: tuple[str, ...], runs_dir: Path, keep_failed: bool, dry_run: bool, yes: bool) -> int:
    """Delete scratch folders, and runs that failed, were cancelled or never ended. Lists them and asks for confirmation.

    Active runs are kept. Raw frames are never touched.
    """
    from orchestrator.rundir.listing import leftovers, remove

    found = leftovers(runs_dir, names, failed=not keep_failed)
    if not found:
        click.echo("There is nothing to delete.")
        return 0
    for item in found:
        click.echo(f"{_bytes(item.size):>10}  {item.why:<15}  {item.path}")
    click.echo(f"{_bytes(sum(i.size for i in found)):>10}  in total")
    if dry_run:
        return 0
    if not yes and not click.confirm("Delete them?"):
        return 0
    for item in found:
        remove(item, runs_dir)
    click.echo(f"Deleted {len(found)}.")
    return 0


@click.command(cls=Verb)
@click.argument("run_a", type=click.Path(path_type=Path), metavar="RUN_A")
@click.argument("run_b", type=click.Path(path_type=Path), metavar="RUN_B")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
              help="The page; compare_with_NAME.html in RUN_B's artifacts by default.")
def compare(run_a: Path, run_b: Path, output: Path | None) -> int:
    """Compare two runs in a table, and on a page that blinks between their images. RUN_A and RUN_B are run directories."""
    from rich.console import Console

    from orchestrator.io.raw_guard import refuse_sessions
    from orchestrator.report.compare import compare as compare_runs
    from orchestrator.report.compare import write_comparison
    from orchestrator.rundir.record import session_folders

    refuse_sessions([*session_folders(run_a), *session_folders(run_b)], (output,))
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
    from rich.table import Table

    from orchestrator.cli.markup import add_columns, escape

    table = Table(title=content.title, title_justify="left")
    add_columns(table, *map(escape, content.head))
    for row in content.rows:
        table.add_row(*map(escape, row))
    console.print(table)


def _bytes(size: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
