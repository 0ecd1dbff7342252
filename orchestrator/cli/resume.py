"""`orchestrate resume`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestrator.cli.follow import follow
from orchestrator.cli.verbs import Verb, progress_option, trust_option

if TYPE_CHECKING:
    from orchestrator import Plan

__all__ = ["resume", "show_plan"]


@click.command(cls=Verb)
@click.argument("directory", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--from-phase", metavar="PHASE", help="Repeat PHASE (such as BGE) and the phases that use its result.")
@click.option("--set", "overrides", multiple=True, metavar="SECTION.KEY=VALUE",
              help="Change a setting of the run; only phases that depend on it are repeated. May be repeated.")
@click.option("--session", multiple=True, type=click.Path(path_type=Path), metavar="FOLDER",
              help="The new location of the frames if they were moved; for a run of several folders, once for each, in order.")
@click.option("--extend", is_flag=True, help="Add lights that are new in the session to the stack instead of stacking all again "
              "(the same as --set stacking.extend=true).")
@trust_option
@click.option("--explain", is_flag=True, help="Show which phases would be kept and repeated, and why; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on standard output.")
@progress_option
def resume(directory: Path, from_phase: str | None, overrides: tuple[str, ...], session: tuple[Path, ...], extend: bool,
           explain: bool, as_json: bool) -> int:
    """Continue an interrupted RUN, or repeat a part of it with other settings. RUN is a run directory."""
    phase = from_phase.upper() if from_phase else None
    overrides = (*overrides, "stacking.extend=true") if extend else overrides
    if explain and session:
        raise click.UsageError("--explain changes nothing, but --session does: give --session first, in a call of its own.")
    if explain:
        from orchestrator import plan_resume

        show_plan(plan_resume(directory, from_phase=phase, overrides=overrides), as_json=as_json)
        return 0
    from orchestrator import resume as resume_run

    return follow(lambda listen, cancel: resume_run(directory, from_phase=phase, overrides=overrides, session=session,
                                                    listeners=(listen,), cancel=cancel), as_json=as_json)


def show_plan(plan: Plan, *, as_json: bool) -> None:
    """Print which phases would be kept and repeated, and why."""
    rows = plan.explain()
    if as_json:
        click.echo(json.dumps([{"phase": name, "action": action, "why": why} for name, action, why in rows], indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    from orchestrator.cli.markup import add_columns, escape

    console = Console(soft_wrap=True)
    table = Table(show_header=False, box=None)
    add_columns(table, "", "", "")
    for name, action, why in rows:
        table.add_row(name, f"[green]{action}[/green]" if action == "kept" else f"[yellow]{action}[/yellow]", escape(why))
    console.print(table)
    if all(action == "kept" for _, action, _ in rows):
        console.print("All phases are finished, and nothing has changed.")
