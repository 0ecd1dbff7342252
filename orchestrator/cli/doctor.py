"""`orchestrate doctor`."""

from __future__ import annotations

import click

from orchestrator.cli.verbs import Verb

__all__ = ["doctor"]


@click.command(cls=Verb)
def doctor() -> int:
    """Check which external programs are installed, and how to get the missing ones."""
    from rich.console import Console
    from rich.table import Table

    from orchestrator.cli.markup import escape
    from orchestrator.tools.doctor import report

    table = Table(show_lines=False)
    for column in ("", "program", "version", "path", "remark"):
        table.add_column(column, overflow="fold")
    for item in report():
        table.add_row("[green]ok[/green]" if item.ok else "[yellow]--[/yellow]", item.name, escape(str(item.version or "")),
                      escape(str(item.path or "")), escape(f"{item.message} {item.remedy}".strip()))
    Console().print(table)
    return 0
